// The room, entered unseen: only what the programme needs is received, and a lost line is taken up again for as long as it takes.
import type { RemoteParticipant, RemoteTrackPublication, Room, Track } from '@livekit/rtc-node'
import { sampleRate } from '../rules.ts'
import { type Feed, openFeed } from './feed.ts'
import type { Turns } from './frame.ts'
import { type Lane, openLane } from './sound.ts'

/** What is wanted of the room: pictures on air or about to be, and every open microphone. */
export type Wanted = { pictures: readonly { identity: string; screen: boolean }[]; voices: readonly string[] }
export type Clock = {
  /** Milliseconds of the programme's clock. */
  now: () => number
}
export type OpenRoom = {
  want: (wanted: Wanted) => void
  feed: (identity: string, screen: boolean) => Feed | undefined
  /** One lane a microphone; a shared screen's own sound is a lane too. */
  lanes: () => Iterable<{ identity: string; lane: Lane }>
  isThere: () => boolean
  close: () => Promise<void>
}

const againAfterMs = [100, 300, 700, 1_500, 2_000]
// The library tries several times by itself before it gives up.
const connectLimitMs = 60_000
const closeLimitMs = 1_000

export async function openRoom(
  pass: () => Promise<{ url: string; token: string } | undefined>,
  clock: Clock,
  log: (line: string) => void,
): Promise<OpenRoom> {
  const rtc = await import('@livekit/rtc-node')
  let wanted: Wanted = { pictures: [], voices: [] }
  let room: Room | undefined
  let closed = false
  let wake = () => {}
  const feeds = new Map<string, { feed: Feed; stop: () => void; sid: string | undefined }>()
  const lanes = new Map<string, { identity: string; lane: Lane; stop: () => void; sid: string | undefined }>()
  const nameOf = (identity: string, source: number | undefined) => `${identity} ${source ?? 0}`

  const wants = (identity: string, { source }: RemoteTrackPublication): boolean => {
    const { TrackSource } = rtc
    if (source === TrackSource.SOURCE_CAMERA || source === TrackSource.SOURCE_SCREENSHARE)
      return wanted.pictures.some(
        (one) => one.identity === identity && one.screen === (source === TrackSource.SOURCE_SCREENSHARE),
      )
    if (source === TrackSource.SOURCE_MICROPHONE) return wanted.voices.includes(identity)
    return wanted.pictures.some((one) => one.identity === identity && one.screen)
  }
  const arrange = (who: RemoteParticipant) => {
    for (const publication of who.trackPublications.values()) {
      const wish = wants(who.identity, publication)
      if (publication.subscribed !== wish || (wish && !publication.track)) publication.setSubscribed(wish)
      if (!wish) drop(nameOf(who.identity, publication.source))
    }
  }
  const arrangeAll = () => {
    for (const who of room?.remoteParticipants.values() ?? []) arrange(who)
  }
  const drop = (name: string, sid?: string) => {
    for (const kept of [feeds, lanes]) {
      const one = kept.get(name)
      // A track that is gone may have been followed by another of the same name already.
      if (!one || (sid !== undefined && one.sid !== sid)) continue
      one.stop()
      kept.delete(name)
    }
  }

  function receive(track: Track, publication: RemoteTrackPublication, identity: string) {
    const name = nameOf(identity, publication.source)
    drop(name)
    if (track.kind === rtc.TrackKind.KIND_VIDEO) {
      const feed = openFeed()
      const reader = new rtc.VideoStream(track).getReader()
      feeds.set(name, { feed, stop: () => void reader.cancel().catch(() => {}), sid: publication.sid })
      void readAll(reader, ({ frame, rotation, timestampUs }) => {
        const plain = frame.type === rtc.VideoBufferType.I420 ? frame : frame.convert(rtc.VideoBufferType.I420)
        const at = momentOf(timestampUs, clock.now())
        feed.push({ frame: plain, turns: rotation as number as Turns, at })
      })
    } else {
      const lane = openLane()
      const reader = new rtc.AudioStream(track, sampleRate, 1).getReader()
      lanes.set(name, { identity, lane, stop: () => void reader.cancel().catch(() => {}), sid: publication.sid })
      void readAll(reader, ({ data }) => lane.push(data, (clock.now() * sampleRate) / 1000))
    }
  }
  async function readAll<T>(reader: ReadableStreamDefaultReader<T>, take: (value: T) => void) {
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) take(next.value)
    } catch (error) {
      log(`a track ended: ${(error as Error).message}`)
    }
  }

  function enter(fresh: Room) {
    const { RoomEvent } = rtc
    fresh.on(RoomEvent.TrackPublished, (_publication, who) => arrange(who))
    fresh.on(RoomEvent.ParticipantConnected, arrange)
    fresh.on(RoomEvent.TrackSubscribed, (track, publication, who) => receive(track, publication, who.identity))
    fresh.on(RoomEvent.TrackUnsubscribed, (_track, { source, sid }, who) => drop(nameOf(who.identity, source), sid))
    fresh.on(RoomEvent.Reconnected, arrangeAll)
    fresh.on(RoomEvent.Disconnected, (reason) => {
      if (room === fresh) room = undefined
      if (!closed) log(`the room is lost (${reason})`)
      wake()
    })
  }
  async function stay() {
    for (let tried = 0; !closed; tried++) {
      const fresh = new rtc.Room()
      try {
        const way = await pass()
        if (way) {
          enter(fresh)
          await connected(fresh, way)
          room = fresh
          tried = 0
          log('in the room')
          arrangeAll()
          while (!closed && room === fresh) await new Promise<void>((resolve) => (wake = resolve))
        }
      } catch (error) {
        if (tried % 20 === 0) log(`not in the room: ${(error as Error).message}`)
      }
      for (const name of [...feeds.keys(), ...lanes.keys()]) drop(name)
      if (room !== fresh) await atMost(closeLimitMs, fresh.disconnect())
      if (!closed) await pause(againAfterMs[Math.min(tried, againAfterMs.length - 1)]!)
    }
  }
  const staying = stay()
  return {
    want(next) {
      wanted = next
      arrangeAll()
    },
    feed: (identity, screen) =>
      feeds.get(nameOf(identity, screen ? rtc.TrackSource.SOURCE_SCREENSHARE : rtc.TrackSource.SOURCE_CAMERA))?.feed,
    lanes: () => lanes.values(),
    isThere: () => room !== undefined,
    async close() {
      closed = true
      const last = room
      room = undefined
      await atMost(closeLimitMs, last?.disconnect())
      wake()
      // One who is still knocking is not waited for: the process is about to end.
      await atMost(closeLimitMs, staying)
      await atMost(closeLimitMs, rtc.dispose())
    },
  }
}
/**
 * When a picture was meant to be seen, told by the machine's own steady clock: it holds also where we come late to read it.
 * A moment that cannot be is taken for now.
 */
function momentOf(timestampUs: bigint, now: number): number {
  const ago = Number(process.hrtime.bigint() / 1_000n - timestampUs) / 1_000
  return ago > -100 && ago < 500 ? now - ago : now
}
/** An answer that comes too late is sent away: under the same name it would put out the one that came in time. */
async function connected(room: Room, { url, token }: { url: string; token: string }): Promise<void> {
  let isLate = false
  const coming = room.connect(url, token, { autoSubscribe: false, dynacast: false })
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => {
      isLate = true
      reject(new Error('no answer from the media server'))
    }, connectLimitMs).unref(),
  )
  coming.then(
    () => void (isLate && room.disconnect().catch(() => {})),
    () => {},
  )
  await Promise.race([coming, late])
}
/** The library waits for the room's own farewell, which never comes from a room that is being lost at that moment. */
const atMost = (ms: number, work: Promise<unknown> | undefined) => Promise.race([work?.catch(() => {}), pause(ms)])
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
