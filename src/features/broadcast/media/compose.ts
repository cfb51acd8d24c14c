// The programme's clock: twenty-five pictures a second with their sound, whatever comes or does not come. It runs a fifth of a second
// behind what arrives, so that a stumble of the line or of this machine is made up before anybody sees or hears it.
import { frozenAfterMs, picture, sampleRate } from '../rules.ts'
import { type Film, openFilm } from './film.ts'
import { fit, pictureBytes } from './frame.ts'
import type { Clock, OpenRoom } from './room.ts'
import { openMixer } from './sound.ts'
import { drawSlate, type Slate } from './stills.ts'

/** What is on air, told from outside: by the database in the programme process, by hand in a test. */
export type Cut = {
  source: CutSource
  /** Identities whose microphone is heard. */
  voices: readonly string[]
  /** Pictures that may be taken next: they are received already, so that a cut is at once. */
  ready: readonly { identity: string; screen: boolean }[]
}
export type CutSource =
  | { kind: 'part'; identity: string; screen: boolean; name: string }
  /** `key` names the picture: the same one is not drawn again. */
  | { kind: 'still'; key: string; draw: () => Promise<Uint8Array> | Uint8Array }
  | { kind: 'film'; key: string; file: string; fromSeconds: number }

export type Condition = 'well' | 'frozen' | 'noStage'
/** One picture and its 40 ms of sound, with the moment they were taken. The picture may be kept until `done`. */
export type Sink = (frame: Uint8Array, sound: Buffer, takenAt: Date, done: () => void) => void
export type Composer = {
  cut: (cut: Cut) => void
  condition: () => Condition
  /** After the machine slept or stood still for seconds, pictures were left out: whoever counts them begins anew. */
  onLeap: (leapt: () => void) => void
  stop: () => void
}

const frameMs = 1000 / picture.perSecond
const frameSamples = sampleRate / picture.perSecond
const behindMs = 200
const tickMs = 15
// What is due at once after a stall; past that the clock leaps and says so.
const mostAtOnce = 10 * picture.perSecond
// An old picture stands for a new source that has not come yet; then words do.
const heldForMs = 1_500
const lostAfterMs = 2_000

export const wallClock: Clock = { now: () => performance.now() }
const wallOf = (at: number) => new Date(performance.timeOrigin + at)

export function openComposer(
  by: { room: OpenRoom; ffmpeg: string; foot: string; clock?: Clock; log: (line: string) => void },
  sink: Sink,
): Composer {
  const { room, ffmpeg, foot, log, clock = wallClock } = by
  const mixer = openMixer()
  const pool = openPool()
  const begin = Math.ceil(clock.now() / frameMs) * frameMs
  let made = 0
  let leap = () => {}
  const coming: { cut: Cut; at: number }[] = []
  let now: Cut = { source: slateSource({ title: foot, lines: [], foot }), voices: [], ready: [] }
  let cutAt = begin
  let shown = pool.still(drawSlate({ title: foot, lines: [], foot }))
  let shownOf = ''
  let condition: Condition = 'well'
  let film: (Film & { key: string }) | undefined
  /** Which source was seen last, and when: one that had a picture and has none any more stands still too. */
  let seenOf = { key: '', at: Number.NEGATIVE_INFINITY }
  const stills = openStills(log)

  function produce(at: number) {
    while (coming[0] && coming[0].at <= at) {
      now = coming.shift()!.cut
      cutAt = at
    }
    pick(at)
    const from = Math.round((at * sampleRate) / 1000)
    for (const { identity, lane } of room.lanes()) lane.open(now.voices.includes(identity))
    film?.lane.open(now.source.kind === 'film')
    const lanes = [...[...room.lanes()].map(({ lane }) => lane), ...(film ? [film.lane] : [])]
    const sound = mixer.block(lanes, from, frameSamples)
    const picked = shown
    picked.uses++
    sink(picked.data, sound, wallOf(at), () => pool.free(picked))
  }
  function show(next: Pooled, of: string) {
    if (next === shown) return
    const former = shown
    shown = next
    shownOf = of
    shown.uses++
    pool.free(former)
  }

  function pick(at: number) {
    const { source } = now
    if (source.kind === 'still') {
      const data = stills.of(source)
      if (data && shownOf !== source.key) show(pool.still(data), source.key)
      condition = 'well'
      return
    }
    const key = keyOf(source)
    const feed = source.kind === 'film' ? film?.feed : room.feed(source.identity, source.screen)
    const seen = feed?.upTo(at)
    if (feed && seen) {
      seenOf = { key, at }
      if (shownOf !== `${key} ${seen.at}`)
        show(
          pool.picture((into) => fit(seen.frame, seen.turns, into)),
          `${key} ${seen.at}`,
        )
      const still = at - feed.lastAt() > frozenAfterMs
      condition = still && source.kind === 'part' ? 'frozen' : 'well'
      return
    }
    // Nothing of it yet, or no more: what was shown stays for a moment.
    const isHeld = at - cutAt < heldForMs || (shownOf.startsWith(`${key} `) && at - lastSeen(shownOf) < lostAfterMs)
    const isGone = source.kind === 'part' && seenOf.key === key && at - seenOf.at > frozenAfterMs
    condition = isGone ? 'frozen' : 'well'
    if (isHeld) return
    const words =
      source.kind === 'part' ? waitingFor(source.name, room.isThere(), foot) : { title: foot, lines: [], foot }
    const slate = slateSource(words)
    const data = stills.of(slate)
    if (data && shownOf !== slate.key) show(pool.still(data), slate.key)
  }

  const timer = setInterval(() => {
    const due = Math.floor((clock.now() - behindMs - begin) / frameMs)
    if (due - made > mostAtOnce) {
      log(`${due - made} pictures late: the clock leaps`)
      made = due - 1
      leap()
    }
    for (; made < due; made++) produce(begin + made * frameMs)
  }, tickMs)

  return {
    cut(next) {
      coming.push({ cut: next, at: clock.now() })
      room.want({
        pictures: [
          ...(next.source.kind === 'part' ? [{ identity: next.source.identity, screen: next.source.screen }] : []),
          ...next.ready,
        ],
        voices: next.voices,
      })
      if (next.source.kind === 'still') void stills.of(next.source)
      const wanted = next.source.kind === 'film' ? next.source : undefined
      if (film?.key !== wanted?.key) {
        film?.stop()
        film = wanted && { ...openFilm(ffmpeg, wanted.file, wanted.fromSeconds, clock, log), key: wanted.key }
      }
    },
    // Nobody is seen or heard while the room is away, whatever stands on air.
    condition: () => (!room.isThere() && (now.source.kind === 'part' || now.voices.length > 0) ? 'noStage' : condition),
    onLeap: (leapt) => {
      leap = leapt
    },
    stop: () => {
      clearInterval(timer)
      film?.stop()
    },
  }
}
const keyOf = (source: CutSource) =>
  source.kind === 'part' ? `${source.identity}${source.screen ? ' screen' : ''}` : source.key
/** The moment at the end of a picture's name. */
const lastSeen = (name: string) => Number(name.slice(name.lastIndexOf(' ') + 1))

export const slateSource = (slate: Slate): Extract<CutSource, { kind: 'still' }> => ({
  kind: 'still',
  key: `slate ${JSON.stringify(slate)}`,
  draw: () => drawSlate(slate),
})
const waitingFor = (name: string, isThere: boolean, foot: string): Slate => ({
  title: name === '' ? foot : name,
  lines: [isThere ? 'Đang chờ hình.' : 'Đang nối lại với sân khấu.'],
  foot,
})

/** Stills, drawn once each; while one is being drawn, what is on air stays. */
function openStills(log: (line: string) => void) {
  const drawn = new Map<string, Uint8Array | Promise<void>>()
  const keeps = 12
  return {
    of({ key, draw }: Extract<CutSource, { kind: 'still' }>): Uint8Array | undefined {
      const known = drawn.get(key)
      if (known instanceof Uint8Array) return known
      if (known) return undefined
      if (drawn.size >= keeps) drawn.delete(drawn.keys().next().value!)
      const drawing = (async () => {
        try {
          drawn.set(key, await draw())
        } catch (error) {
          log(`a still could not be drawn: ${(error as Error).message}`)
          // Asked again in a while, not twenty-five times a second.
          setTimeout(() => drawn.delete(key), 2_000).unref()
        }
      })()
      if (!drawn.has(key)) drawn.set(key, drawing)
      const now = drawn.get(key)
      return now instanceof Uint8Array ? now : undefined
    },
  }
}

type Pooled = { data: Uint8Array; uses: number; isStill: boolean }
/** A picture is 1.4 MB: what the encoder has taken is written over by the next one. */
function openPool() {
  const idle: Uint8Array[] = []
  const stills = new WeakMap<Uint8Array, Pooled>()
  return {
    still(data: Uint8Array): Pooled {
      const known = stills.get(data) ?? { data, uses: 1, isStill: true }
      stills.set(data, known)
      return known
    },
    picture(paint: (into: Uint8Array) => void): Pooled {
      const data = idle.pop() ?? new Uint8Array(pictureBytes)
      paint(data)
      return { data, uses: 0, isStill: false }
    },
    free(one: Pooled) {
      one.uses--
      if (one.uses === 0 && !one.isStill && idle.length < 8) idle.push(one.data)
    },
  }
}
