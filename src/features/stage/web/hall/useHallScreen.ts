import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useNow, useOnline, useTopic } from '../../../../platform/web/live.ts'
import { skewMs } from '../../../attendance/web/index.ts'
import * as contract from '../../contract.ts'
import {
  belongsToSession,
  type HallTold,
  lostAfterMs,
  type Mode,
  receiveBy,
  type ShowTold,
  type Slide,
  slideAt,
} from '../../hallScreen.ts'
import { useHallSession } from '../hallSession.ts'
import { keepTold, readTold } from '../kept.ts'
import { reportLine, useReports } from '../lineReport.ts'
import type { RoomPerson, Wants } from '../media/room.ts'
import { useStageRoom } from '../media/useStageRoom.ts'
import type { PlayerState } from '../programme.ts'
import { useSlidePicture } from '../slidePicture.ts'

// One hall's screen: what it was told (kept through a day without a line), how it receives, and what its line is worth.

type Told = {
  hall?: HallTold
  show?: ShowTold
  slides?: Slide[]
  lostSince?: string | undefined
}
const measureMs = 5_000
const backShownMs = 20_000
const slidesRemembered = 30

/** The server's hour, each second. */
const useServerNow = (everyMs = 1_000): Date => {
  const now = useNow(everyMs)
  return useMemo(() => new Date(now.getTime() + skewMs()), [now])
}

export function useHallScreen(conferenceId: string, siteId: string) {
  const key = `${conferenceId} ${siteId}`
  const now = useServerNow()
  const online = useOnline()
  const [kept, setKept] = useState<Told>()
  useEffect(() => {
    let over = false
    void readTold<Told>(key).then((told) => !over && setKept((since) => ({ ...told, ...since })))
    return () => {
      over = true
    }
  }, [key])
  const remember = useCallback(
    (change: Told) =>
      setKept((before) => {
        const next = { ...before, ...change }
        void keepTold(key, next)
        return next
      }),
    [key],
  )

  const session = useHallSession(conferenceId, siteId, now)
  const { sessionId } = session

  const hallLive = useTopic(contract.hall, sessionId ? ({ sessionId, siteId } as never) : undefined)
  const showLive = useTopic(contract.show, sessionId ? ({ sessionId } as never) : undefined)
  const hall = hallLive.snapshot ?? kept?.hall
  const show = showLive.snapshot ?? kept?.show
  useEffect(() => {
    if (hallLive.snapshot) remember({ hall: hallLive.snapshot })
  }, [hallLive.snapshot, remember])
  useEffect(() => {
    const told = showLive.snapshot
    if (!told) return
    setKept((before) => {
      const slides = before?.slides ?? []
      const isNew = told.slide && slides.at(-1)?.shownAt !== told.slide.shownAt
      const next = {
        ...before,
        show: told,
        slides: isNew ? [...slides, told.slide!].slice(-slidesRemembered) : slides,
      }
      void keepTold(key, next)
      return next
    })
  }, [showLive.snapshot, key])

  // ── how it receives ────────────────────────────────────────────────────────
  const state = show?.state ?? hall?.state
  const [answered, setAnswered] = useState<Mode>()
  const asked: Mode = answered ?? hall?.mode ?? 'webrtc'
  const [roomFull, setRoomFull] = useState(false)
  // Whoever was called always finds a place, however full the room was a moment ago.
  const speaks = hall?.onAir === true || hall?.hand?.state === 'called' || hall?.hand?.state === 'onAir'
  const mode = receiveBy(asked === 'none' && state === 'onAir' ? 'hls' : asked, show, roomFull && !speaks)
  const open = state === 'onAir' || state === 'break' || state === 'backstage'
  const inRoom = open && mode === 'webrtc' && sessionId !== undefined
  const onAir = hall?.onAir ?? false
  const wants = useMemo(
    (): Wants => ({
      // The hall never hears itself. The director's own word to it is the console's alone: twice in one room would echo.
      hear: (who) =>
        state === 'onAir' && who.siteId !== siteId && who.kind !== 'technician' && belongsToSession(show, who.partId),
      see: (who, source) => state === 'onAir' && isShown(show, who, source),
    }),
    [state, siteId, show],
  )
  const room = useStageRoom(inRoom && sessionId ? { sessionId, as: 'screen', siteId } : undefined, { wants })
  useEffect(() => {
    if (room.refused?.refused === 'nodeFull') setRoomFull(true)
  }, [room.refused])
  useEffect(() => {
    if (!roomFull) return
    const timer = setTimeout(() => setRoomFull(false), 60_000)
    return () => clearTimeout(timer)
  }, [roomFull])
  const [player, setPlayer] = useState<PlayerState>('waiting')
  const [playing, setPlaying] = useState<Date>()
  const [starved, setStarved] = useState(false)
  const byProgramme = open && (mode === 'hls' || mode === 'audio')

  // ── what the line is worth ─────────────────────────────────────────────────
  const expects = state === 'onAir'
  // A programme that has not begun is not a lost line; that it is waited for is said in words.
  const waits = mode !== 'webrtc' && player === 'waiting' && hallLive.line !== 'lost' && hallLive.line !== 'connecting'
  const arrives = !online
    ? false
    : mode === 'webrtc'
      ? room.line === 'waiting' || (room.line === 'connected' && !starved)
      : mode === 'none' || waits || player === 'playing' || player === 'soundOnly' || player === 'ended'
  const lost = expects && !arrives && hall !== undefined
  const lostSince = kept?.lostSince ? new Date(kept.lostSince) : undefined
  const [back, setBack] = useState<{ at: Date; from: Date }>()
  useEffect(() => {
    if (kept === undefined) return
    if (lost && !kept.lostSince) remember({ lostSince: new Date(Date.now() + skewMs()).toISOString() })
    if (!lost && expects && kept.lostSince) {
      const from = new Date(kept.lostSince)
      const at = new Date(Date.now() + skewMs())
      remember({ lostSince: undefined })
      if (at.getTime() - from.getTime() >= lostAfterMs) setBack({ at, from })
    }
    if (!expects && state !== undefined && kept.lostSince) remember({ lostSince: undefined })
  }, [lost, expects, state, kept, remember])
  useEffect(() => {
    if (!back) return
    const timer = setTimeout(() => setBack(undefined), backShownMs)
    return () => clearTimeout(timer)
  }, [back])

  // ── the page that is shown ─────────────────────────────────────────────────
  const slides = kept?.slides ?? []
  const current = show?.slide ? (byProgramme && playing ? slideAt(slides, playing) : show.slide) : undefined
  const picture = useSlidePicture(current)

  // ── telling the centre ─────────────────────────────────────────────────────
  const sum = useRef({ frozen: 0, loss: 0, roundTrip: 0, hears: true, idle: 0, reportedAt: Date.now() })
  const stalledSince = useRef<number>(undefined)
  const { measure } = room
  useEffect(() => {
    if (!inRoom) return setStarved(false)
    const timer = setInterval(async () => {
      const worth = await measure()
      // A source that stands still is told by the centre; this hall's line is none the worse while the server answers over it.
      const starves = worth.expectsPicture && !worth.arrives && !worth.answers
      sum.current.idle = starves ? sum.current.idle + 1 : 0
      sum.current.frozen += starves ? measureMs / 1000 : worth.frozenSeconds
      sum.current.loss = Math.max(sum.current.loss, worth.lossPercent)
      sum.current.roundTrip = worth.roundTripMs
      sum.current.hears = worth.hears
      setStarved(sum.current.idle >= 2)
    }, measureMs)
    return () => clearInterval(timer)
  }, [inRoom, measure])
  useEffect(() => {
    if (!byProgramme || player === 'playing' || player === 'soundOnly' || player === 'waiting') {
      if (stalledSince.current) sum.current.frozen += (Date.now() - stalledSince.current) / 1000
      stalledSince.current = undefined
    } else stalledSince.current ??= Date.now()
  }, [byProgramme, player])
  const heardSomebody = room.people.some(({ tracks }) => tracks.microphone && !tracks.microphone.muted)
  const report = useCallback(async () => {
    if (!sessionId) return
    const askedAt = Date.now()
    const { loss, roundTrip, hears, reportedAt } = sum.current
    const frozen = lost ? (askedAt - reportedAt) / 1000 : sum.current.frozen
    sum.current = { ...sum.current, frozen: 0, loss: 0, reportedAt: askedAt }
    const answer = await reportLine({
      sessionId,
      siteId,
      from: 'screen',
      mode: mode === 'hls' && player === 'soundOnly' ? 'audio' : mode,
      frozenSeconds: Math.min(600, Math.round(frozen * 10) / 10),
      lossPercent: loss,
      roundTripMs: roundTrip,
      // One way only: the line stands, somebody speaks, and no sound comes in. A line that is lost says so by its freezing.
      hears: state !== 'onAir' || !arrives || mode !== 'webrtc' || hears || !heardSomebody,
      slidePage: current?.page ?? 0,
    })
    if (answer.ok) setAnswered(answer.value.mode)
  }, [sessionId, siteId, mode, player, lost, arrives, state, heardSomebody, current?.page])
  useReports(report, [sessionId, mode, lost, current?.page])
  // What the hall's topic says is newer than what was answered before.
  const hallMode = hallLive.snapshot?.mode
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the topic's word changes
  useEffect(() => setAnswered(undefined), [hallMode])

  return {
    now,
    hall,
    show,
    state,
    sessionId,
    /** No session of this conference is held here. */
    none: session.none,
    /** The screen has read what it kept, so that nothing is said about it too early. */
    ready: kept !== undefined,
    refused: hallLive.refused ?? (hall ? undefined : session.refused),
    channel: hallLive.line,
    mode,
    onAir,
    room,
    byProgramme,
    waits: waits && byProgramme && state === 'onAir',
    player,
    setPlayer,
    setPlaying,
    lostSince: lost ? lostSince : undefined,
    back,
    slide: current,
    picture,
    speaker: shownPerson(show, room.people),
  }
}

/** Who is to be seen: the part on air; with slides on air, whoever speaks and has a camera. */
function isShown(show: ShowTold | undefined, who: RoomPerson, source: 'camera' | 'screen'): boolean {
  const on = show?.shown?.source
  if (!on) return false
  if (on.kind === 'part') return who.partId === on.partId && (source === 'screen') === on.screen
  return on.kind === 'slides' && source === 'camera' && ['speaker', 'chair'].includes(who.kind)
}
function shownPerson(show: ShowTold | undefined, people: readonly RoomPerson[]) {
  const source = show?.shown?.source
  const screen = source?.kind === 'part' && source.screen
  const from = screen ? 'screen' : 'camera'
  const seen = people.filter((who) => isShown(show, who, from) && who.tracks[from]?.track && !who.tracks[from]?.muted)
  const person = seen.find(({ loud }) => loud) ?? seen[0]
  return person && { person, track: person.tracks[from]!.track!, screen: screen === true }
}
