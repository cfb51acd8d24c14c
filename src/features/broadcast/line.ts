// What a weak line is worth, decided without a browser: when picture gives way to sound and slides, and when it is tried again.

/** What one player has measured of its line since it was opened or last changed its way of receiving. Milliseconds of one clock. */
export type Line = {
  soundOnly: boolean
  /** She asked for it herself: then it is never changed behind her back. */
  byHand: boolean
  changedAt: number
  /** When each freeze began, the oldest first. */
  stalls: readonly number[]
  /** A freeze that still lasts. */
  stalledSince?: number | undefined
  /** Measured, bits per second; undefined until there is a measurement worth the name. */
  bandwidth?: number | undefined
  /** Nothing comes at all: that is no weak line but none, and giving up the picture would not help. */
  lost?: boolean
  /** Next to nothing is left to play and the next piece has been on its way for long. */
  starving?: boolean
  /** What the lowest rung with a picture needs, bits per second. */
  lowest: number
  /** How often this line has already been too weak for a picture. */
  fallen: number
}
export type Manner = 'picture' | 'sound'

export const stallWindowMs = 60_000
const stallsTooMany = 2
const longFreezeMs = 4_000
/** A new way of receiving is given time to show what it is worth. */
const settleMs = 6_000
const firstTrialMs = 120_000
const lastTrialMs = 900_000
/** While only sound comes, little is measured: so much more than the lowest rung is believed. */
const plenty = 2

/** How the session should be received from now on. She herself decides first; then the line does. */
export function mannerFor(line: Line, now: number): Manner {
  const current: Manner = line.soundOnly ? 'sound' : 'picture'
  if (line.byHand || line.lost || now - line.changedAt < settleMs) return current
  return line.soundOnly ? (isWorthATrial(line, now) ? 'picture' : 'sound') : isTooWeak(line, now) ? 'sound' : 'picture'
}
function isTooWeak({ stalls, stalledSince, starving, bandwidth, lowest, changedAt }: Line, now: number): boolean {
  const lately = stalls.filter((at) => at >= changedAt && at > now - stallWindowMs).length
  return (
    starving ||
    lately >= stallsTooMany ||
    (stalledSince !== undefined && now - Math.max(stalledSince, changedAt) >= longFreezeMs) ||
    (bandwidth !== undefined && bandwidth < lowest)
  )
}
function isWorthATrial({ stalls, stalledSince, bandwidth, lowest, changedAt, fallen }: Line, now: number): boolean {
  const quiet = stalledSince === undefined && !stalls.some((at) => at > now - stallWindowMs)
  if (!quiet || now - changedAt < stallWindowMs) return false
  const waitMs = Math.min(lastTrialMs, firstTrialMs * 2 ** Math.max(0, fallen - 1))
  return now - changedAt >= waitMs || (fallen <= 1 && bandwidth !== undefined && bandwidth >= lowest * plenty)
}

/** Megabytes of one hour at so many bits a second; playlists and headers come on top of the media. */
export const megabytesAnHour = (bitsPerSecond: number): number =>
  Math.max(1, Math.round((bitsPerSecond * 3_600) / 8 / 1_000_000 + 1))

/** Waits before the n-th try to be back: half a second, then twice as long each time, at most ten; never together. */
export const backInMs = (tried: number, random = Math.random()): number =>
  Math.min(10_000, 500 * 2 ** Math.min(tried, 6)) * (0.5 + random / 2)

/**
 * How fast to play so that what a freeze cost is made up for; never from an empty buffer. Sound alone comes over the thinnest lines, where a
 * slide takes the whole line for some seconds: it keeps more in hand.
 */
export const catchingUp = (behindSeconds: number, bufferedSeconds: number, soundOnly = false): number =>
  behindSeconds < 1.5 || bufferedSeconds < (soundOnly ? 10 : 3) ? 1 : behindSeconds < 6 ? 1.05 : 1.1
