import { call, type Refusal } from '../../../../platform/web/client.ts'
import { deviceId } from '../../../attendance/web/index.ts'
import * as contract from '../../contract.ts'
import { type Counters, countReports, noCounters, type Worth, worthBetween } from '../../measure.ts'
import { type DeviceProblem, problemOf } from './devices.ts'
import {
  bringLibrary,
  type Library,
  type LocalTrack,
  type RemoteParticipant,
  type RemoteTrack,
  type Room,
  signalAddress,
} from './livekit.ts'

// One seat in the room of a session, kept for as long as its screen is open. The library reconnects by itself for some seconds;
// after that, and whenever the server was started anew, this asks for a new pass and enters again, without end and with jitter.

/** `waiting`: the stage is not open or not ready yet; `elsewhere`: the same seat was taken by another device, and this one gives way. */
export type RoomLine =
  | 'off'
  | 'waiting'
  | 'connecting'
  | 'connected'
  | 'reconnecting'
  | 'lost'
  | 'elsewhere'
  | 'removed'
  | 'ended'
  | 'refused'
export type RoomSource = 'camera' | 'microphone' | 'screen' | 'screenAudio'
/** Who is in the room, as the pass says. `kind` is a PartKind; hidden ones are not seen. */
export type RoomPerson = {
  identity: string
  partId: string
  kind: string
  siteId: string | undefined
  name: string
  /** Speaks at this moment. */
  loud: boolean
  tracks: Partial<Record<RoomSource, { trackId: string; muted: boolean; track: RemoteTrack | undefined }>>
}
export type Wants = {
  hear: (who: RoomPerson) => boolean
  see: (who: RoomPerson, source: 'camera' | 'screen') => boolean
}
/** What this seat gives. `small`: a hall's picture at most 180 lines and one frame a second; `full`: for the stage. */
export type Gives = {
  camera: 'off' | 'small' | 'full'
  microphone: boolean
  screen: boolean
  cameraId?: string | undefined
  microphoneId?: string | undefined
  /** Identities that may receive what this seat gives; everybody when left out. */
  onlyTo?: readonly string[] | undefined
}
export type OwnSource = 'camera' | 'microphone' | 'screen'
export type OwnTrack = {
  track: MediaStreamTrack | undefined
  published: boolean
  /** Closed by the moderator; the device stays open here. */
  muted: boolean
  problem: DeviceProblem | undefined
}
export type RoomState = {
  line: RoomLine
  /** Since when the line is as it is, by this device's clock. */
  since: Date
  refused: Refusal | undefined
  identity: string | undefined
  partId: string | undefined
  /** What the server lets this seat give now. */
  allowed: readonly RoomSource[]
  people: readonly RoomPerson[]
  own: Record<OwnSource, OwnTrack>
  /** The browser plays no sound before somebody has touched the page. */
  soundBlocked: boolean
}
export type Seat = { sessionId: string; as: (typeof contract.joinRoles)[number]; siteId?: string | undefined }
export type StageRoom = {
  read: () => RoomState
  subscribe: (reader: () => void) => () => void
  want: (wants: Wants) => void
  give: (gives: Gives) => void
  /** Enters now: after «đang nối bằng máy khác», after a removal, or when a person does not like to wait. */
  again: () => void
  startSound: () => void
  /** What came in since the last time it was asked. */
  measure: () => Promise<Worth & { sends: boolean; expectsPicture: boolean }>
  close: () => void
}

const nothing: OwnTrack = { track: undefined, published: false, muted: false, problem: undefined }
export const offState: RoomState = {
  line: 'off',
  since: new Date(0),
  refused: undefined,
  identity: undefined,
  partId: undefined,
  allowed: [],
  people: [],
  own: { camera: nothing, microphone: nothing, screen: nothing },
  soundBlocked: false,
}
export const givesNothing: Gives = { camera: 'off', microphone: false, screen: false }

const longestPauseMs = 4_000
const waitForStageMs = 4_000
const waitForPlaceMs = 30_000
const libraryTries = 7
/** Between half and whole, so that 236 halls do not come back as one. */
const jitter = (ms: number) => ms * (0.5 + Math.random() / 2)

export function openStageRoom(seat: Seat): StageRoom {
  let state: RoomState = { ...offState, since: new Date() }
  let wants: Wants = { hear: () => false, see: () => false }
  let gives = givesNothing
  let library: Library | undefined
  let room: Room | undefined
  let closed = false
  let tried = 0
  let counted: Counters = noCounters
  let sent = 0
  let wake: (() => void) | undefined
  const abort = new AbortController()
  const readers = new Set<() => void>()
  const local = new Map<OwnSource, { key: string; track: LocalTrack; extra?: LocalTrack | undefined }>()
  const problems = new Map<OwnSource, DeviceProblem>()

  const show = (change: Partial<RoomState>) => {
    if (closed) return
    const since = change.line !== undefined && change.line !== state.line ? new Date() : state.since
    state = { ...state, ...change, since }
    for (const reader of readers) reader()
  }
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const untilAsked = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })

  // ── entering, again and again ──────────────────────────────────────────────
  async function stay() {
    while (!closed) {
      if (state.line !== 'lost') show({ line: 'connecting', refused: undefined })
      const left = await visit()
      if (closed) return
      if (left.next === 'stop') {
        // Whoever gives way or was taken off the stage is not filmed on: the devices close here too.
        if (left.line !== 'waiting') closeDevices()
        show({ line: left.line, refused: left.refused, people: [], own: ownNow() })
        await (left.againMs === undefined ? untilAsked() : pause(jitter(left.againMs)))
      } else {
        if (state.line !== 'lost') show({ line: 'lost', refused: left.refused })
        tried += 1
        await pause(left.atOnce ? jitter(700) : jitter(Math.min(longestPauseMs, 500 * 2 ** Math.min(tried, 6))))
      }
    }
  }
  type Left =
    | { next: 'stop'; line: RoomLine; refused?: Refusal | undefined; againMs?: number }
    | { next: 'again'; atOnce?: boolean; refused?: Refusal | undefined }

  /** One stay in the room, from the pass to the end of the connection. */
  async function visit(): Promise<Left> {
    const pass = await call(contract.join, { ...seat, deviceId: deviceId() } as never, {
      tries: 1,
      timeoutMs: 15_000,
      signal: abort.signal,
    })
    if (closed) return { next: 'stop', line: 'off' }
    if (!pass.ok) return refusedPass(pass)
    try {
      library = await bringLibrary()
    } catch {
      return { next: 'again', refused: { refused: 'offline' } }
    }
    const entered = makeRoom(library)
    room = entered
    const gone = new Promise<number | undefined>((resolve) => {
      entered.once('disconnected', (reason) => resolve(reason))
    })
    listen(library, entered)
    try {
      await entered.connect(signalAddress(pass.value.url), pass.value.token, {
        autoSubscribe: false,
        // Only the servers of this installation: an empty list is one machine, never the library's own.
        rtcConfig: { iceServers: pass.value.iceServers as RTCIceServer[] },
        maxRetries: 1,
        websocketTimeout: 8_000,
        peerConnectionTimeout: 10_000,
      })
    } catch {
      await entered.disconnect(false).catch(() => {})
      room = undefined
      return { next: 'again' }
    }
    if (closed) {
      await entered.disconnect()
      return { next: 'stop', line: 'off' }
    }
    tried = 0
    counted = noCounters
    show({
      line: 'connected',
      refused: undefined,
      identity: pass.value.identity,
      partId: pass.value.partId,
      soundBlocked: !entered.canPlaybackAudio,
    })
    look()
    void bringOwn()
    const reason = await gone
    room = undefined
    show({ people: [], allowed: [], own: ownNow() })
    const why = library.DisconnectReason
    if (reason === why.DUPLICATE_IDENTITY) return { next: 'stop', line: 'elsewhere' }
    // The server says on the next asking whether it was a removal for good, the end, or only a change of its own.
    return { next: 'again', atOnce: true }
  }
  function refusedPass({ refused, detail }: { refused: string; detail?: Record<string, unknown> }): Left {
    const refusal = { refused, ...(detail ? { detail } : {}) }
    if (['offline', 'busy', 'broken', 'tooMany'].includes(refused)) return { next: 'again', refused: refusal }
    if (refused === 'notOpen' || refused === 'stageNotReady')
      return { next: 'stop', line: 'waiting', refused: refusal, againMs: waitForStageMs }
    if (refused === 'nodeFull') return { next: 'stop', line: 'refused', refused: refusal, againMs: waitForPlaceMs }
    const line = refused === 'ended' || refused === 'removed' ? refused : 'refused'
    return { next: 'stop', line, refused: refusal }
  }
  const makeRoom = (lib: Library): Room =>
    new lib.Room({
      adaptiveStream: true,
      dynacast: true,
      stopLocalTrackOnUnpublish: false,
      disconnectOnPageLeave: true,
      reconnectPolicy: {
        nextRetryDelayInMs: ({ retryCount }) =>
          retryCount >= libraryTries || closed ? null : jitter(Math.min(2_500, 300 * 2 ** retryCount)),
      },
      publishDefaults: { dtx: true, red: true, simulcast: true, audioPreset: lib.AudioPresets.speech },
    })

  // ── who is there, and what comes in ────────────────────────────────────────
  let looking = false
  function lookSoon() {
    if (looking) return
    looking = true
    queueMicrotask(() => {
      looking = false
      look()
    })
  }
  function look() {
    if (!room) return
    const people = [...room.remoteParticipants.values()].map(personOf)
    receive(people)
    show({ people, own: ownNow(), allowed: allowedNow(), soundBlocked: !room.canPlaybackAudio })
  }
  /** Takes in who is wanted and lets go of the rest; says nothing, so that a screen may ask on every turn. */
  function receive(people: readonly RoomPerson[]) {
    if (!room || !library) return
    for (const one of people)
      for (const source of ['camera', 'microphone', 'screen', 'screenAudio'] as const) {
        const publication = room.remoteParticipants.get(one.identity)?.getTrackPublication(sourceIn(library, source))
        if (!publication) continue
        const sound = source === 'microphone' || source === 'screenAudio'
        // A hall that is silent costs nothing; a speaker's microphone opens without losing a syllable.
        const quiet = publication.isMuted && (!sound || one.kind === 'site' || one.kind === 'member')
        const wanted = !quiet && (sound ? wants.hear(one) : wants.see(one, source))
        if (publication.isDesired !== wanted) publication.setSubscribed(wanted)
      }
  }
  const personOf = (participant: RemoteParticipant): RoomPerson => {
    const about = aboutIn(participant.metadata)
    const tracks: RoomPerson['tracks'] = {}
    for (const source of ['camera', 'microphone', 'screen', 'screenAudio'] as const) {
      const publication = participant.getTrackPublication(sourceIn(library!, source))
      if (publication)
        tracks[source] = {
          trackId: publication.trackSid,
          muted: publication.isMuted,
          track: (publication.track as RemoteTrack | undefined) ?? undefined,
        }
    }
    return {
      identity: participant.identity,
      partId: about.partId ?? participant.identity.split('.')[0]!,
      kind: about.kind ?? '',
      siteId: about.siteId,
      name: participant.name ?? '',
      loud: participant.isSpeaking,
      tracks,
    }
  }
  function listen(lib: Library, entered: Room) {
    const { RoomEvent } = lib
    for (const event of [
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.TrackPublished,
      RoomEvent.TrackUnpublished,
      RoomEvent.TrackSubscribed,
      RoomEvent.TrackUnsubscribed,
      RoomEvent.TrackMuted,
      RoomEvent.TrackUnmuted,
      RoomEvent.ActiveSpeakersChanged,
      RoomEvent.ParticipantMetadataChanged,
      RoomEvent.ParticipantNameChanged,
      RoomEvent.LocalTrackPublished,
      RoomEvent.AudioPlaybackStatusChanged,
    ] as const)
      entered.on(event, lookSoon)
    const lineGone = () => room === entered && show({ line: 'reconnecting' })
    entered.on(RoomEvent.SignalReconnecting, lineGone)
    entered.on(RoomEvent.Reconnecting, lineGone)
    entered.on(RoomEvent.Reconnected, () => {
      if (room !== entered) return
      show({ line: 'connected' })
      look()
      void bringOwn()
    })
    for (const event of [RoomEvent.ParticipantPermissionsChanged, RoomEvent.LocalTrackUnpublished] as const)
      entered.on(event, () => {
        lookSoon()
        void bringOwn()
      })
  }

  // ── what goes out ──────────────────────────────────────────────────────────
  function allowedNow(): RoomSource[] {
    const permissions = room?.localParticipant.permissions
    if (!library || !permissions?.canPublish) return []
    const all: RoomSource[] = ['camera', 'microphone', 'screen', 'screenAudio']
    if (permissions.canPublishSources.length === 0) return all
    // The protocol numbers its sources: 1 camera, 2 microphone, 3 screen, 4 its sound.
    return all.filter((_, at) => permissions.canPublishSources.some((source) => Number(source) === at + 1))
  }
  function ownNow(): RoomState['own'] {
    const of = (source: OwnSource): OwnTrack => {
      const publication =
        room && library ? room.localParticipant.getTrackPublication(sourceIn(library, source)) : undefined
      return {
        track: local.get(source)?.track.mediaStreamTrack,
        published: publication !== undefined,
        muted: publication?.isMuted ?? false,
        problem: problems.get(source),
      }
    }
    return { camera: of('camera'), microphone: of('microphone'), screen: of('screen') }
  }
  const keyOf = (source: OwnSource): string | undefined =>
    source === 'camera'
      ? gives.camera === 'off'
        ? undefined
        : `${gives.camera} ${gives.cameraId ?? ''}`
      : source === 'microphone'
        ? gives.microphone
          ? (gives.microphoneId ?? 'any')
          : undefined
        : gives.screen
          ? 'screen'
          : undefined

  let bringing = false
  let bringAnew = false
  let bringTimer: ReturnType<typeof setTimeout> | undefined
  /** Makes what is published what is given and allowed; asked again whenever either changes. */
  async function bringOwn() {
    if (bringing) {
      bringAnew = true
      return
    }
    bringing = true
    clearTimeout(bringTimer)
    let failed = false
    do {
      bringAnew = false
      failed = false
      for (const source of ['microphone', 'camera', 'screen'] as const)
        if (!(await bringOne(source).catch(() => false))) failed = true
    } while (bringAnew && !closed)
    bringing = false
    show({ own: ownNow(), allowed: allowedNow() })
    if (failed && !closed) bringTimer = setTimeout(() => void bringOwn(), jitter(4_000))
  }
  async function bringOne(source: OwnSource): Promise<boolean> {
    const key = keyOf(source)
    const held = local.get(source)
    if (held && held.key !== key) {
      local.delete(source)
      for (const track of [held.track, held.extra])
        if (track) {
          await room?.localParticipant.unpublishTrack(track, false).catch(() => {})
          track.stop()
        }
    }
    if (key === undefined) {
      problems.delete(source)
      return true
    }
    const entered = room
    const lib = library
    if (!entered || !lib || entered.state !== lib.ConnectionState.Connected) return true
    if (!allowedNow().includes(source)) return true
    if (entered.localParticipant.getTrackPublication(sourceIn(lib, source))) return true
    let mine = local.get(source)
    if (!mine) {
      try {
        mine = { key, ...(await openDevice(lib, source)) }
      } catch (error) {
        problems.set(source, problemOf(error))
        if (source === 'screen') gives = { ...gives, screen: false }
        // A device that is held by another program may be free in a moment; a «no» stays one until it is asked again.
        return problemOf(error) !== 'busy'
      }
      if (closed || keyOf(source) !== key) {
        mine.track.stop()
        mine.extra?.stop()
        return true
      }
      problems.delete(source)
      local.set(source, mine)
      watchEnd(source, mine.track)
    }
    letReceive()
    await entered.localParticipant.publishTrack(mine.track, publishManner(lib, source))
    if (mine.extra) await entered.localParticipant.publishTrack(mine.extra).catch(() => {})
    return true
  }
  /** Told before anything is published: a word to one hall never reaches another. */
  function letReceive() {
    if (gives.onlyTo === undefined) return
    const allowed = gives.onlyTo.map((participantIdentity) => ({ participantIdentity, allowAll: true }))
    room?.localParticipant.setTrackSubscriptionPermissions(false, allowed)
  }
  async function openDevice(lib: Library, source: OwnSource) {
    if (source === 'microphone') {
      const wanted = gives.microphoneId ? { deviceId: gives.microphoneId } : {}
      const options = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
      const track = await lib.createLocalAudioTrack({ ...options, ...wanted }).catch((error) => {
        // A microphone chosen last month may be in another room: any other is better than silence.
        if (gives.microphoneId && problemOf(error) === 'missing') return lib.createLocalAudioTrack(options)
        throw error
      })
      return { track: track as LocalTrack }
    }
    if (source === 'camera') {
      const small = gives.camera === 'small'
      const resolution = small
        ? { width: 320, height: 180, frameRate: 1 }
        : { ...lib.VideoPresets.h720.resolution, frameRate: 25 }
      const wanted = gives.cameraId ? { deviceId: gives.cameraId } : {}
      const track = await lib.createLocalVideoTrack({ resolution, ...wanted }).catch((error) => {
        if (gives.cameraId && problemOf(error) === 'missing') return lib.createLocalVideoTrack({ resolution })
        throw error
      })
      return { track: track as LocalTrack }
    }
    const tracks = await lib.createLocalScreenTracks({
      audio: true,
      resolution: lib.ScreenSharePresets.h1080fps15.resolution,
    })
    const picture = tracks.find(({ kind }) => kind === 'video')
    if (!picture) throw new DOMException('no picture', 'NotFoundError')
    return {
      track: picture as LocalTrack,
      extra: tracks.find(({ kind }) => kind === 'audio') as LocalTrack | undefined,
    }
  }
  const publishManner = (lib: Library, source: OwnSource) =>
    source === 'microphone'
      ? { source: lib.Track.Source.Microphone, dtx: true, stopMicTrackOnMute: false }
      : source === 'screen'
        ? {
            source: lib.Track.Source.ScreenShare,
            simulcast: false,
            screenShareEncoding: lib.ScreenSharePresets.h1080fps15.encoding,
          }
        : gives.camera === 'small'
          ? {
              source: lib.Track.Source.Camera,
              simulcast: false,
              videoEncoding: { maxBitrate: 60_000, maxFramerate: 1 },
            }
          : {
              source: lib.Track.Source.Camera,
              videoEncoding: { maxBitrate: 1_700_000, maxFramerate: 25 },
              videoSimulcastLayers: [lib.VideoPresets.h180, lib.VideoPresets.h360],
            }
  function watchEnd(source: OwnSource, track: LocalTrack) {
    track.once(
      'ended' as never,
      (() => {
        const held = local.get(source)
        if (held?.track !== track) return
        local.delete(source)
        // The sound of a shared screen goes with its picture.
        for (const one of [track, held.extra])
          if (one) {
            void room?.localParticipant.unpublishTrack(one, false).catch(() => {})
            one.stop()
          }
        problems.set(source, 'stopped')
        if (source === 'screen') gives = { ...gives, screen: false }
        show({ own: ownNow() })
        if (source !== 'screen') bringTimer = setTimeout(() => void bringOwn(), 2_000)
      }) as never,
    )
  }

  function closeDevices() {
    for (const { track, extra } of local.values()) {
      track.stop()
      extra?.stop()
    }
    local.clear()
  }

  // ── counting ───────────────────────────────────────────────────────────────
  async function measure() {
    const entered = room
    const tracks = entered
      ? [...entered.remoteParticipants.values()].flatMap((one) =>
          [...one.trackPublications.values()].flatMap(({ track }) => (track ? [track as RemoteTrack] : [])),
        )
      : []
    const reports = await Promise.all(tracks.map((track) => track.getRTCStatsReport().catch(() => undefined)))
    const now = countReports(reports.filter((one) => one !== undefined) as never)
    const worth = worthBetween(counted, now)
    counted = now
    const mine = local.get('microphone')?.track as { sender?: { getStats: () => Promise<RTCStatsReport> } } | undefined
    const before = sent
    sent = 0
    const report = await mine?.sender?.getStats().catch(() => undefined)
    report?.forEach((stat) => {
      if (stat.type === 'outbound-rtp') sent += Number(stat.bytesSent) || 0
    })
    return {
      ...worth,
      // Its source may stand still: only a picture the server holds back for our own line counts against it then.
      answers: worth.answers && !tracks.some(({ streamState }) => streamState === 'paused'),
      sends: sent > before,
      expectsPicture: tracks.some(({ kind, isMuted }) => kind === 'video' && !isMuted),
    }
  }

  const wakeUp = () => {
    if (state.line !== 'connected' && document.visibilityState === 'visible' && state.line === 'lost') wake?.()
  }
  addEventListener('online', wakeUp)
  document.addEventListener('visibilitychange', wakeUp)
  void stay()
  return {
    read: () => state,
    subscribe: (reader) => {
      readers.add(reader)
      return () => readers.delete(reader)
    },
    want: (next) => {
      wants = next
      receive(state.people)
    },
    give: (next) => {
      gives = next
      letReceive()
      void bringOwn()
    },
    again: () => wake?.(),
    startSound: () => void room?.startAudio().catch(() => {}),
    measure,
    close: () => {
      closed = true
      abort.abort()
      wake?.()
      clearTimeout(bringTimer)
      removeEventListener('online', wakeUp)
      document.removeEventListener('visibilitychange', wakeUp)
      closeDevices()
      void room?.disconnect().catch(() => {})
    },
  }
}

const sourceIn = (lib: Library, source: RoomSource) =>
  ({
    camera: lib.Track.Source.Camera,
    microphone: lib.Track.Source.Microphone,
    screen: lib.Track.Source.ScreenShare,
    screenAudio: lib.Track.Source.ScreenShareAudio,
  })[source]

/** The pass says who somebody is; anything unreadable says nothing. */
function aboutIn(metadata: string | undefined): { kind?: string; partId?: string; siteId?: string } {
  try {
    const said: unknown = JSON.parse(metadata ?? '')
    if (said === null || typeof said !== 'object') return {}
    const text = (key: string) =>
      key in said && typeof said[key as never] === 'string' ? { [key]: said[key as never] } : {}
    return { ...text('kind'), ...text('partId'), ...text('siteId') }
  } catch {
    return {}
  }
}
