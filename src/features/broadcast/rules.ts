// What is true of a programme, given the clock: its ladder of pictures, when to step down, when to try again, what viewers are told.
import type { Programme } from './contract.ts'

export const picture = { width: 1280, height: 720, perSecond: 25 } as const
export const sampleRate = 48_000
/** One length for every rung, and a picture group each: a player may change rungs between any two segments. */
export const segmentSeconds = 2
/** Segments in the live window: 20 seconds, so that a phone that was away for a moment goes on without a gap. */
export const windowSegments = 10
/** Players begin three segments back; one is still being made. */
const behindSeconds = 4 * segmentSeconds
/** No frame for so long while the source is on air: the audience is told that the picture stands still. */
export const frozenAfterMs = 5_000

/** `tieng` is the sound alone. Names are part of addresses, so they stay. */
export const rungNames = ['p720', 'p480', 'p240', 'tieng'] as const
export type RungName = (typeof rungNames)[number]
export type Rung = {
  name: RungName
  /** None: sound alone. */
  video?: { width: number; height: number; perSecond: number; kbit: number; level: string }
  audioKbit: number
}
const all: Record<RungName, Rung> = {
  p720: { name: 'p720', video: { width: 1280, height: 720, perSecond: 25, kbit: 1_800, level: '3.1' }, audioKbit: 96 },
  p480: { name: 'p480', video: { width: 854, height: 480, perSecond: 25, kbit: 700, level: '3.0' }, audioKbit: 48 },
  p240: { name: 'p240', video: { width: 426, height: 240, perSecond: 12.5, kbit: 200, level: '2.1' }, audioKbit: 48 },
  tieng: { name: 'tieng', audioKbit: 32 },
}
export type Ladder = 'full' | 'light'
export const ladders: Record<Ladder, readonly Rung[]> = {
  full: rungNames.map((name) => all[name]),
  // Half the work of the full one: what a machine makes that cannot keep up.
  light: (['p480', 'p240', 'tieng'] as const).map((name) => all[name]),
}
export const rungOf = (name: RungName): Rung => all[name]
/** What a rung is served from in a run that has not made it: the next smaller one. Then every list goes on in step. */
export const madeAs = (made: readonly RungName[], wanted: RungName): RungName =>
  made.includes(wanted)
    ? wanted
    : (rungNames.slice(rungNames.indexOf(wanted)).find((name) => made.includes(name)) ?? wanted)

/** Bits a second at the most and on average, as the master playlist promises; `measured` is the greatest segment so far. */
export function bandwidthOf({ video, audioKbit }: Rung, measured = 0): { peak: number; average: number } {
  const average = Math.round(((video?.kbit ?? 0) + audioKbit) * 1_000 * 1.06)
  return { average, peak: Math.max(Math.round(((video?.kbit ?? 0) * 1.45 + audioKbit * 1.2) * 1_060), measured) }
}

/**
 * Frames that wait before the encoder say whether the machine keeps up. One second of them for three seconds, or three seconds
 * of them at once: the ladder steps down. It does not step up again by itself: a picture that comes and goes is worse.
 */
export function judgeLag(now: {
  ladder: Ladder
  waitingFrames: number
  sinceMs: number
}): 'keep' | 'lighten' | 'begin again' {
  const behind = now.waitingFrames / picture.perSecond
  if (behind < 1 || (behind < 3 && now.sinceMs < 3_000)) return 'keep'
  if (now.ladder === 'full') return 'lighten'
  return behind < 6 ? 'keep' : 'begin again'
}

/** At once the first time, then slower; what ran for a minute counts as well again. */
export const againAfterMs = (failures: number): number => [0, 250, 1_000, 2_000, 5_000, 10_000][Math.min(failures, 5)]!
export const wellAfterMs = 60_000

/** A programme whose process has said nothing for so long is being brought back. */
export const silentAfterMs = 6_000

export type ProgrammeRow = {
  state: 'starting' | 'running' | 'waiting' | 'ended' | 'failed'
  because: Programme['because']
  beatAt: Date | undefined
  beganAt: Date | undefined
  endedAt: Date | undefined
}
/** What is told of a programme. `onAir`: the session is, whatever its programme does. */
export function tellProgramme(
  row: ProgrammeRow | undefined,
  onAir: boolean,
  now: Date,
): Pick<Programme, 'state' | 'because' | 'beganAt' | 'endedAt' | 'behindSeconds'> {
  const times = {
    ...(row?.beganAt ? { beganAt: row.beganAt.toISOString() } : {}),
    ...(row?.endedAt ? { endedAt: row.endedAt.toISOString() } : {}),
    behindSeconds,
  }
  if (!row) return { state: onAir ? 'starting' : 'off', because: onAir ? '' : 'notOnAir', ...times }
  const silent = row.beatAt === undefined || now.getTime() - row.beatAt.getTime() > silentAfterMs
  if (row.state === 'running' && silent) return { state: 'starting', because: '', ...times }
  return { state: row.state, because: row.because, ...times }
}
