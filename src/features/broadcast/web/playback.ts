import type Hls from 'hls.js'
import type { ErrorData, LevelDetails } from 'hls.js'
import { call, type ValueOf } from '../../../platform/web/client.ts'
import type { PlayerState } from '../../stage/web/index.ts'
import { watch } from '../contract.ts'
import { backInMs, catchingUp, type Line, mannerFor } from '../line.ts'

// One programme in one media element, for as long as the page is open: it waits for what has not begun, comes back by itself after every
// error, goes over to a fresh path without a break, and gives up the picture before it gives up the sound.

export type Watched = ValueOf<typeof watch>
export type View = {
  state: PlayerState
  watched: Watched | undefined
  /** Of broadcast.watch, when the server will not show it. */
  refused: string | undefined
  paused: boolean
  /** How it receives now, and whether the line or the person decided that. */
  soundOnly: boolean
  byHand: boolean
  /** Of the rung on the screen, bits per second; 0 until known. */
  bitrate: number
  rungs: readonly { height: number; bitrate: number }[]
  /** Seconds behind the newest that may be shown; grows when she went back or paused. */
  behind: number
  /** The browser plays without sound until somebody touches the page. */
  silenced: boolean
}
export type Playback = {
  play: () => void
  pause: () => void
  setSoundOnly: (soundOnly: boolean, byHand?: boolean) => void
  seekBy: (seconds: number) => void
  toLive: () => void
  unsilence: () => void
  /** The news changed: ask the server now (a little apart from everybody else). */
  nudge: () => void
  close: () => void
}

const askAgainMs = 30_000
const refusedAgainMs = 60_000
const staleCodes = [401, 403, 404, 410]
const stallAfterMs = 700
const catchUpSeconds = 30
const stopWhenPausedMs = 30_000
/** Only what is worth a measurement: the sound's pieces are too small to say how wide a line is. */
const pieceBytes = 16_000
/** The lowest rung's piece is late after so long; a higher one's is first given up for a lower. */
const slowPieceMs = 3_000
const verySlowPieceMs = 5_000
const almostEmptySeconds = 3

const canBuffer = () => 'MediaSource' in globalThis || 'ManagedMediaSource' in globalThis

/** Opens it. `hear` gets every change of the view, `onDate` the moment of the programme that is on the screen. */
export function openPlayback(
  media: HTMLMediaElement,
  {
    sessionId,
    soundOnly = false,
    byHand = false,
    thrifty = false,
    hear,
    onDate,
  }: {
    sessionId: string
    soundOnly?: boolean
    byHand?: boolean
    /** The reader's device asks to save data: never more dots than the box has. */
    thrifty?: boolean
    hear: (view: View) => void
    onDate: (date: Date | undefined) => void
  },
): Playback {
  let view: View = {
    state: 'waiting',
    watched: undefined,
    refused: undefined,
    paused: false,
    soundOnly,
    byHand,
    bitrate: 0,
    rungs: [],
    behind: 0,
    silenced: false,
  }
  let line: Line = { soundOnly, byHand, changedAt: performance.now(), stalls: [], lowest: 0, fallen: 0 }
  let hls: Hls | undefined
  let light: Promise<typeof import('hls.js/light')> | undefined
  let closed = false
  let wanted = true
  let tried = 0
  /** Where the playlist was first asked for, and where that place is now: a path lives a while, the programme longer. */
  let firstBase = ''
  let nowBase = ''
  let attached = ''
  let played = false
  let pieces = 0
  let piece: { since: number; level: number } | undefined
  let mendedAt = Number.NEGATIVE_INFINITY
  let resumeAt: Date | undefined
  let choseBehind = false
  let asking = false
  let movedAt = performance.now()
  let lastTime = -1
  const timers = { ask: 0, again: 0, paused: 0 }

  const show = (change: Partial<View>) => {
    const next = { ...view, ...change }
    if ((Object.keys(change) as (keyof View)[]).every((key) => view[key] === next[key])) return
    view = next
    hear(view)
  }
  const later = (timer: keyof typeof timers, ms: number, what: () => void) => {
    clearTimeout(timers[timer])
    timers[timer] = setTimeout(what, ms) as unknown as number
  }
  const spread = (ms: number) => ms * (0.75 + Math.random() / 2)

  // ── where it is ────────────────────────────────────────────────────────────
  async function ask() {
    if (asking || closed) return
    asking = true
    const answer = await call(watch, { sessionId: sessionId as never }, { tries: 1, timeoutMs: 15_000 })
    asking = false
    if (closed) return
    if (answer.ok) return take(answer.value)
    if (answer.refused === 'offline' || answer.refused === 'busy' || answer.refused === 'broken')
      return later('ask', backInMs(tried++), ask)
    show({ refused: answer.refused, ...(view.state === 'playing' ? {} : { state: 'failed' }) })
    later('ask', spread(refusedAgainMs), ask)
  }
  function take(watched: Watched) {
    show({ watched, refused: undefined })
    const source = sourceOf(watched)
    if (!source) {
      if (!attached) show({ state: watched.state === 'ended' ? 'ended' : 'waiting' })
      return later('ask', spread(askAgainMs), ask)
    }
    const untilMs = watched.pathUntil ? +new Date(watched.pathUntil) - +new Date(watched.serverTime) : 0
    if (untilMs > 0) later('ask', Math.max(10_000, spread(untilMs * 0.6)), ask)
    const base = baseOf(source)
    if (attached && hls) nowBase = base
    if (!attached || (!hls && base !== nowBase)) void attach(source)
  }
  const sourceOf = (watched = view.watched) =>
    view.soundOnly ? (watched?.audio ?? watched?.master) : (watched?.master ?? watched?.audio)

  async function attach(source = sourceOf()) {
    if (closed || !source) return
    const before = line.changedAt
    attached = source
    if (canBuffer()) {
      light ??= import('hls.js/light')
      const {
        default: Player,
        Events,
        ErrorTypes,
      } = await light.catch(() => {
        light = undefined
        return { default: undefined, Events: undefined, ErrorTypes: undefined } as never
      })
      // The player itself did not come: the line is gone for the moment.
      if (!Player) return later('again', backInMs(tried++), () => void attach())
      if (closed || attached !== source || before !== line.changedAt) return
      if (Player.isSupported()) return withPlayer(Player, Events, ErrorTypes, source)
    }
    withElement(source)
  }
  function detach() {
    hls?.destroy()
    hls = undefined
    attached = ''
    played = false
    pieces = 0
    piece = undefined
  }

  function withPlayer(
    Player: typeof Hls,
    Events: typeof import('hls.js').Events,
    ErrorTypes: typeof import('hls.js').ErrorTypes,
    source: string,
  ) {
    hls?.destroy()
    played = false
    pieces = 0
    firstBase = nowBase = baseOf(source)
    const mine = new Player({
      // From the lowest rung up: a first picture after a second, also where the line is thin.
      startLevel: 0,
      abrEwmaDefaultEstimate: 300_000,
      // Sound alone is for thin lines, where a slide takes the whole line for a while: more is kept in hand.
      liveSyncDurationCount: view.soundOnly ? 6 : 3,
      // How fast to catch up is decided below, together with what she chose herself.
      maxLiveSyncPlaybackRate: 1,
      backBufferLength: 60,
      maxBufferLength: 20,
      enableWorker: false,
      autoStartLoad: true,
      xhrSetup: (request, url) => {
        if (nowBase !== firstBase && url.startsWith(firstBase))
          request.open('GET', nowBase + url.slice(firstBase.length), true)
      },
    })
    hls = mine
    mine.on(Events.MANIFEST_PARSED, (_event, { levels }) => {
      const rungs = levels.map(({ height, bitrate, averageBitrate }) => ({
        height,
        bitrate: averageBitrate || bitrate,
      }))
      if (!view.soundOnly) line = { ...line, lowest: Math.min(...rungs.map(({ bitrate }) => bitrate)) }
      show({ rungs })
      cap()
    })
    mine.on(Events.LEVEL_UPDATED, (_event, { details }) => {
      const at = resumeAt && details.live ? positionOf(details, resumeAt) : undefined
      resumeAt = undefined
      if (at !== undefined) mine.startLoad(at)
    })
    mine.on(Events.LEVEL_SWITCHED, (_event, { level }) => show({ bitrate: view.rungs[level]?.bitrate ?? 0 }))
    mine.on(Events.FRAG_LOADING, (_event, { frag }) => {
      piece = { since: performance.now(), level: frag.level }
    })
    mine.on(Events.FRAG_BUFFERED, (_event, { stats }) => {
      tried = 0
      piece = undefined
      line = { ...line, lost: false }
      if (stats.total >= pieceBytes) pieces++
    })
    mine.on(Events.ERROR, (_event, data) => {
      if (hls === mine) fault(mine, data, ErrorTypes)
    })
    mine.loadSource(source)
    mine.attachMedia(media)
    void start()
  }
  function fault(mine: Hls, data: ErrorData, ErrorTypes: typeof import('hls.js').ErrorTypes) {
    const code = data.response?.code ?? 0
    if (data.type === ErrorTypes.NETWORK_ERROR && code === 0) line = { ...line, lost: true }
    const isList = /^(manifest|level)/.test(data.details)
    // The path is over, or was never good: a fresh one is asked for, and playing goes on from the buffer meanwhile.
    if (isList && staleCodes.includes(code)) {
      if (data.fatal) later('again', backInMs(tried++), () => void restart(mine))
      return later('ask', spread(300), ask)
    }
    if (!data.fatal) return
    if (data.type === ErrorTypes.MEDIA_ERROR && performance.now() - mendedAt > 5_000) {
      mendedAt = performance.now()
      return mine.recoverMediaError()
    }
    later('again', backInMs(tried++), () => void restart(mine))
  }
  /** Goes on with what is there when a playlist was ever read, else begins anew. */
  function restart(mine: Hls) {
    if (closed || hls !== mine) return
    if (mine.levels.length > 0 && performance.now() - mendedAt > 10_000) return mine.startLoad()
    detach()
    void attach()
  }

  // A browser that plays HLS by itself and lets nobody help it.
  function withElement(source: string) {
    hls = undefined
    firstBase = nowBase = baseOf(source)
    played = false
    media.src = source
    void start()
  }
  const onError = () => {
    if (hls || !attached || closed) return
    attached = ''
    later('ask', backInMs(tried++), ask)
  }

  async function start() {
    if (!wanted) return
    try {
      await media.play()
    } catch (error) {
      if (closed || (error as Error).name !== 'NotAllowedError') return
      // No one has touched the page yet: a picture without sound, and a button for it, is better than nothing.
      if (!media.muted) {
        media.muted = true
        show({ silenced: true })
        await media.play().catch(() => show({ paused: true }))
      } else show({ paused: true })
    }
  }

  // ── where it stands ────────────────────────────────────────────────────────
  const livePosition = (): number | undefined => {
    if (hls) return hls.liveSyncPosition ?? undefined
    const { seekable } = media
    return seekable.length > 0 && media.duration === Number.POSITIVE_INFINITY
      ? Math.max(seekable.start(0), seekable.end(seekable.length - 1) - 6)
      : undefined
  }
  const dateNow = (): Date | undefined => {
    if (hls) return hls.playingDate ?? undefined
    const began = (media as { getStartDate?: () => Date }).getStartDate?.()
    return began && Number.isFinite(+began) ? new Date(+began + media.currentTime * 1000) : undefined
  }
  const settled = (): PlayerState => (view.soundOnly ? 'soundOnly' : 'playing')

  function tick() {
    const now = performance.now()
    if (media.currentTime !== lastTime || media.paused || media.seeking) {
      lastTime = media.currentTime
      movedAt = now
    }
    const isFrozen = attached !== '' && !media.ended && !media.paused && now - movedAt > stallAfterMs
    if (!played && attached && !media.paused && line.stalledSince === undefined) line = { ...line, stalledSince: now }
    if (isFrozen && played && line.stalledSince === undefined)
      line = { ...line, stalledSince: now, stalls: [...line.stalls.slice(-9), now] }
    if (isFrozen && played) show({ state: 'stalled' })
    const live = livePosition()
    const behind = live === undefined || !played ? 0 : Math.max(0, Math.round(live - media.currentTime))
    show({ behind })
    if (choseBehind && behind < 2) choseBehind = false
    const rate = choseBehind || !played ? 1 : catchingUp(behind, hls?.mainForwardBufferInfo?.len ?? 0, view.soundOnly)
    if (media.playbackRate !== rate) media.playbackRate = rate
    if (!choseBehind && played && !media.paused && behind > catchUpSeconds) toLive()
    judge(now)
  }
  function judge(now: number) {
    if (!attached || media.paused || !view.watched?.audio || !view.watched.master) return
    const bandwidth = hls && !view.soundOnly && pieces >= 3 ? hls.bandwidthEstimate : undefined
    const starving =
      played &&
      piece !== undefined &&
      now - piece.since > (piece.level === 0 ? slowPieceMs : verySlowPieceMs) &&
      (hls?.mainForwardBufferInfo?.len ?? Number.POSITIVE_INFINITY) < almostEmptySeconds
    const manner = mannerFor({ ...line, bandwidth, starving }, now)
    if ((manner === 'sound') !== view.soundOnly) setSoundOnly(manner === 'sound', false)
  }
  const onPlaying = () => {
    played = true
    movedAt = performance.now()
    line = { ...line, stalledSince: undefined }
    show({ state: settled(), paused: false })
  }
  const onTime = () => {
    if (played && media.currentTime !== lastTime) {
      line = line.stalledSince === undefined ? line : { ...line, stalledSince: undefined }
      if (view.state === 'stalled') show({ state: settled() })
    }
    onDate(dateNow())
  }
  const onPause = () => {
    show({ paused: true })
    line = { ...line, stalledSince: undefined }
    // A browser may stop what is out of sight; nobody asked for that.
    if (wanted && document.hidden && !media.ended) void media.play().catch(() => {})
    else later('paused', stopWhenPausedMs, () => media.paused && hls?.stopLoad())
  }
  const onPlay = () => {
    clearTimeout(timers.paused)
    show({ paused: false })
    if (hls && !hls.loadingEnabled) hls.startLoad()
  }
  const onEnded = () => show({ state: 'ended' })

  /** Out of sight the lowest rung will do; in sight, no more dots than the box can show. */
  function cap() {
    if (!hls) return
    const inPicture = document.pictureInPictureElement === media
    const dots = media.clientWidth * (thrifty ? 1 : Math.min(2, devicePixelRatio || 1))
    hls.autoLevelCapping = document.hidden && !inPicture ? 0 : capFor(hls.levels, dots)
  }
  const onSeen = () => {
    cap()
    if (!document.hidden && wanted && media.paused && attached && !media.ended) void start()
  }
  const onLine = () => {
    tried = 0
    if (!attached) void ask()
    else if (hls) hls.startLoad()
  }

  // ── what a person may do ───────────────────────────────────────────────────
  function setSoundOnly(soundOnly: boolean, byHand = true) {
    line = { ...line, byHand }
    show({ byHand })
    if (soundOnly === view.soundOnly) return
    const now = performance.now()
    resumeAt = dateNow()
    line = {
      ...line,
      soundOnly,
      changedAt: now,
      stalledSince: undefined,
      fallen: byHand ? 0 : line.fallen + (soundOnly ? 1 : 0),
    }
    show({ soundOnly, bitrate: 0, ...(attached ? { state: 'stalled' } : {}) })
    if (!attached) return
    detach()
    void attach()
  }
  function seekBy(seconds: number) {
    const { seekable } = media
    if (seekable.length === 0) return
    const last = livePosition() ?? seekable.end(seekable.length - 1)
    const to = Math.min(last, Math.max(seekable.start(0) + 1, media.currentTime + seconds))
    choseBehind = last - to > 2
    media.currentTime = to
  }
  function toLive() {
    const live = livePosition()
    choseBehind = false
    if (live !== undefined) media.currentTime = live
    if (media.paused) play()
  }
  function play() {
    wanted = true
    void start()
  }
  function pause() {
    wanted = false
    choseBehind = true
    media.pause()
  }

  const heard = {
    playing: onPlaying,
    timeupdate: onTime,
    pause: onPause,
    play: onPlay,
    ended: onEnded,
    error: onError,
    resize: cap,
  } as const
  for (const [event, listener] of Object.entries(heard)) media.addEventListener(event, listener)
  document.addEventListener('visibilitychange', onSeen)
  addEventListener('online', onLine)
  const ticking = setInterval(tick, 500)
  void ask()
  if (canBuffer()) light = import('hls.js/light')
  light?.catch(() => {
    light = undefined
  })

  return {
    play,
    pause,
    setSoundOnly,
    seekBy,
    toLive,
    unsilence: () => {
      media.muted = false
      show({ silenced: false })
      play()
    },
    nudge: () => later('ask', 1_500 * Math.random(), ask),
    close: () => {
      closed = true
      for (const timer of Object.values(timers)) clearTimeout(timer)
      clearInterval(ticking)
      for (const [event, listener] of Object.entries(heard)) media.removeEventListener(event, listener)
      document.removeEventListener('visibilitychange', onSeen)
      removeEventListener('online', onLine)
      detach()
      media.removeAttribute('src')
      media.load()
    },
  }
}

/** «/phat/<sign>/<session>/master.m3u8» → with everything but the file's name. */
const baseOf = (address: string) => {
  const whole = new URL(address, location.href).href
  return whole.slice(0, whole.lastIndexOf('/') + 1)
}
/** Where in the playlist a moment of the programme lies, in seconds of the media element; not in the newest piece, which may not be there yet. */
function positionOf(details: Pick<LevelDetails, 'fragments'>, date: Date): number | undefined {
  const found = details.fragments.findLast(({ programDateTime }) => programDateTime && programDateTime <= +date)
  if (!found?.programDateTime || found === details.fragments.at(-1)) return undefined
  const into = (+date - found.programDateTime) / 1000
  return into < found.duration ? found.start + into : undefined
}
/** The smallest rung that fills so many dots; −1 when every one is allowed. */
function capFor(levels: readonly { width: number }[], dots: number): number {
  if (dots <= 0) return -1
  return levels.findIndex(({ width }) => width >= dots)
}
