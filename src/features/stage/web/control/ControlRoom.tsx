import { Trans, useLingui } from '@lingui/react/macro'
import { type MouseEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'
import { newId } from '../../../../kernel/id.ts'
import { useAnswer } from '../../../../platform/web/answers.ts'
import { call } from '../../../../platform/web/client.ts'
import { useNow, useTopic } from '../../../../platform/web/live.ts'
import { Button, ButtonLink, Dialog, ErrorSentence, say, Toasts } from '../../../../platform/web/ui/light/index.ts'
import type { Alarm, Hand, WallSite } from '../../contract.ts'
import * as contract from '../../contract.ts'
import {
  findSites,
  groupsOf,
  headsOf,
  inOrder,
  isAudible,
  isOpen,
  lookOf,
  needsAttention,
  pageOf,
  pagesOf,
  stepIn,
  tilesAPage,
  unreportedSites,
} from '../../wall.ts'
import type { Gives, RoomPerson, Wants } from '../media/room.ts'
import { Sounds } from '../media/Tracks.tsx'
import { useStageRoom } from '../media/useStageRoom.ts'
import type { Programme as ProgrammePlayer } from '../programme.ts'
import look from './ControlRoom.module.css'
import { clock, clockWithSeconds } from './clock.ts'
import { keptChoice, useDarkRoom } from './darkRoom.ts'
import { Key } from './Key.tsx'
import { useRoomKeys } from './keys.ts'
import { Monitors, type Primary, type ProgrammeNews, sameSource, useSoundOnce } from './Monitors.tsx'
import { placeName, groupName as shortGroupName, shortName } from './names.ts'
import { AddCaller, Messages, Parts } from './Parts.tsx'
import { Rail } from './Rail.tsx'
import { RunOfShow } from './RunOfShow.tsx'
import { SessionDialog, TopicDialog } from './SessionDialog.tsx'
import { Alarms, alarmKeys, Queue, Screens, useAlarmWords } from './Side.tsx'
import { SiteDialog } from './SiteDialog.tsx'
import { Phones, SiteTable } from './SiteTable.tsx'
import { SourcesDialog, turn } from './SourcesDialog.tsx'
import { Tile, type TileFacts } from './Tile.tsx'
import { soundAlarm } from './tone.ts'
import { type Director, partSource, useDirector } from './useDirector.ts'
import { useWatchedTiles } from './useWatchedTiles.ts'
import { says, stageNotReady } from './words.ts'

type Show = 'group' | 'attention' | 'hands' | 'search' | 'list' | 'phones'
type Opened =
  | { what: 'keys' | 'sources' | 'parts' | 'messages' | 'session' | 'onAir' }
  | { what: 'site'; siteId: string }
  | { what: 'topic'; topicId: string }

const soundKept = keptChoice('sound')
const lettersKept = keptChoice('letters')

/** One dark screen for 236 halls. `Programme` plays what viewers get; `programme` tells how it fares. Both are lent by the application. */
export function ControlRoom({
  session,
  Programme,
  programme,
}: {
  session: string
  Programme?: ProgrammePlayer | undefined
  programme?: ProgrammeNews | undefined
}) {
  useDarkRoom()
  const director = useDirector(session)
  const { view, wall } = director
  if (view.refused !== undefined && wall === undefined) return <NoRoom refused={view.refused} />
  if (wall === undefined) return <Opening sessionId={session} />
  return <Room director={director} wall={wall} Programme={Programme} programme={programme} />
}

function Room({
  director,
  wall,
  Programme,
  programme,
}: {
  director: Director
  wall: NonNullable<Director['wall']>
  Programme: ProgrammePlayer | undefined
  programme: ProgrammeNews | undefined
}) {
  const { t, i18n } = useLingui()
  const { sessionId, act, pick, choose, undo, userId, cutSince } = director
  const { state } = wall
  const [groupId, setGroupId] = useState<string>()
  const [page, setPage] = useState(0)
  const [show, setShow] = useState<Show>('group')
  const [typed, setTyped] = useState('')
  const [cursor, setCursor] = useState<string>()
  const [opened, setOpened] = useState<Opened>()
  const [sound, setSound] = useState(() => soundKept.read(true))
  const [letters, setLetters] = useState(() => lettersKept.read(true))
  const [listening, setListening] = useState<'programme' | 'preview'>()
  const [loud, setLoud] = useState('')
  const [polite, setPolite] = useState('')
  const tiles = useRef<HTMLDivElement>(null)
  const close = useCallback(() => setOpened(undefined), [])
  const showView = useTopic(contract.show, { sessionId: sessionId as never })
  const breakUntil = showView.snapshot?.breakUntil
  const ready = useAnswer(contract.stageReady, state === 'closed' && {}, { everyMs: 10_000 })

  // ── the wall ───────────────────────────────────────────────────────────────
  const { sites, alarms } = wall
  // biome-ignore lint/correctness/useExhaustiveDependencies: groups are made of these alone
  const groups = useMemo(() => groupsOf(wall), [sites, alarms, wall.groups, state])
  const names = useMemo(() => new Map(wall.groups.map((one) => [one.groupId, shortGroupName(one.name)])), [wall.groups])
  const groupName = useCallback((id: string) => names.get(id) ?? '', [names])
  const byId = useMemo(() => new Map(sites.map((site) => [site.siteId, site])), [sites])
  const siteGroup = useCallback(
    (id: string | undefined) => groupName(byId.get(id ?? '')?.groupId ?? ''),
    [byId, groupName],
  )
  const unreported = useMemo(() => unreportedSites(alarms), [alarms])
  const group = groups.find((one) => one.groupId === groupId) ?? groups[0]
  const listed = useMemo<readonly WallSite[]>(() => {
    if (show === 'attention') return sites.filter((site) => needsAttention(site, unreported, state))
    if (show === 'hands') return sites.filter((site) => site.handAt !== undefined)
    if (show === 'search') return findSites(sites, groupName, typed)
    return group?.sites ?? []
  }, [show, sites, unreported, state, groupName, typed, group])
  const pages = pagesOf(listed.length)
  const at = Math.min(page, pages - 1)
  const shown = pageOf(listed, at)
  const onAirSite = wall.shown?.source.kind === 'part' ? wall.shown.source.partId : undefined
  const picked = useMemo(
    () =>
      new Map(
        wall.previews.flatMap(({ by, userId: whose, shown: { source } }) =>
          whose !== userId && source.kind === 'part' ? [[source.partId as string, by]] : [],
        ),
      ),
    [wall.previews, userId],
  )
  const attention = useMemo(
    () => sites.filter((site) => needsAttention(site, unreported, state)).length,
    [sites, unreported, state],
  )
  const handsUp = useMemo(() => sites.filter((site) => site.handAt !== undefined).length, [sites])

  // ── pictures: only what is on the screen is received ──────────────────────
  const onScreen = useMemo(
    () => (show === 'list' || show === 'phones' ? [] : shown.filter((site) => site.picture).map((site) => site.siteId)),
    [show, shown],
  )
  useWatchedTiles(sessionId, onScreen, cutSince === undefined && state !== 'closed' && state !== 'ended')
  const pickedPart = pick?.source?.kind === 'part' ? pick.source : undefined
  const shownPart = wall.shown?.source.kind === 'part' ? wall.shown.source : undefined
  const wants: Wants = {
    hear: (who) => listening === 'preview' && who.partId === pickedPart?.partId,
    see: (who, source) => {
      const of = (part: typeof pickedPart) => part?.partId === who.partId && (source === 'screen') === part.screen
      return (
        of(pickedPart) ||
        of(shownPart) ||
        (source === 'camera' && who.siteId !== undefined && onScreen.includes(who.siteId))
      )
    },
  }
  const [talking, setTalking] = useState<string>()
  const talkTo = useRef<string | undefined>(undefined)
  // The device is opened with the first word and kept: the second time nobody waits for it.
  const [hasTalked, setHasTalked] = useState(false)
  const talkIdentity =
    talking === undefined ? undefined : wall.parts.find((part) => part.partId === talkTo.current)?.identity
  const gives: Gives = {
    camera: 'off',
    microphone: hasTalked,
    screen: false,
    // The hall's console, nobody else.
    onlyTo: talkIdentity === undefined ? [] : [talkIdentity],
  }
  const isOpenStage = state !== 'closed' && state !== 'ended'
  const stage = useStageRoom(isOpenStage ? { sessionId, as: 'director' } : undefined, { wants, gives })
  const people: readonly RoomPerson[] = stage.people
  const pictures = useMemo(
    () =>
      new Map(
        people.flatMap((who) =>
          who.siteId && who.tracks.camera?.track ? [[who.siteId, who.tracks.camera.track]] : [],
        ),
      ),
    [people],
  )
  const { soundBlocked, startSound } = stage
  useEffect(() => {
    if (soundBlocked && listening === 'preview') startSound()
  }, [soundBlocked, listening, startSound])

  // ── what is in preview, and the one action ────────────────────────────────
  const pickSite = pick?.siteId ? byId.get(pick.siteId) : undefined
  const pickPart = wall.parts.find((part) => part.partId === pickedPart?.partId)
  const page1 = wall.slide?.page
  const pickName = !pick
    ? ''
    : pickSite
      ? placeName(pickSite.name)
      : pickPart
        ? pickedPart?.screen
          ? t`Màn hình của ${pickPart.name}`
          : pickPart.name
        : pick.source?.kind === 'slides'
          ? page1
            ? t`Trang chiếu ${page1}`
            : t`Trang chiếu`
          : pick.source?.kind === 'slate'
            ? pick.source.words || t`Bảng chờ`
            : (wall.previews.find((one) => one.userId === userId)?.shown.name ?? t`Phim`)
  const pickDetail = pickSite ? groupName(pickSite.groupId) : (pickPart?.unit ?? '')
  const pickedHand = wall.hands.find(
    (hand) => hand.state !== 'done' && hand.siteId !== undefined && hand.siteId === pick?.siteId,
  )
  const waitsUntil = pickedHand && wall.topic?.phase === 'deliver' ? clock(wall.topic.questionsAt) : undefined
  const cut = cutSince !== undefined
  const cutWhy = cut ? t`Phòng điều khiển đang mất mạng, chưa đổi hình được.` : ''
  const [doing, setDoing] = useState(false)
  const doOnce = async (deed: () => Promise<unknown>) => {
    setDoing(true)
    await deed()
    setDoing(false)
  }
  const notReady =
    state === 'closed' && ready.value && !ready.value.ready ? i18n._(stageNotReady[ready.value.because]) : ''
  const short = shortName(pickName)
  const primary: Primary | undefined =
    state === 'ended'
      ? undefined
      : state === 'closed'
        ? {
            words: t`Mở sân khấu`,
            why: cutWhy || notReady,
            doing,
            run: () => void doOnce(() => act(contract.openStage, { sessionId }, says.openStage)),
          }
        : state === 'backstage'
          ? { words: t`Bắt đầu phát`, why: cutWhy, doing, run: () => setOpened({ what: 'onAir' }) }
          : state === 'break'
            ? {
                words: t`Phát tiếp`,
                why: cutWhy,
                doing,
                run: () => void doOnce(() => act(contract.goOnAir, { sessionId }, says.goOnAir)),
              }
            : pick && !pick.source
              ? {
                  words: t`Mời ${short} vào`,
                  why: cutWhy,
                  doing,
                  run: () =>
                    void doOnce(() =>
                      act(contract.callSite, { sessionId, siteId: pick.siteId, handId: newId() }, says.callSite),
                    ),
                }
              : {
                  words: t`Đưa lên phát`,
                  doing: director.taking,
                  why:
                    cutWhy ||
                    (!pick
                      ? t`Chưa chọn nguồn để xem trước.`
                      : sameSource(pick.source, wall.shown?.source)
                        ? t`Nguồn này đang phát.`
                        : pickPart && !pickPart.connected && pickPart.kind !== 'telephone'
                          ? t`Nơi này chưa nối vào sân khấu.`
                          : ''),
                  plain: !cut && (!pick || sameSource(pick.source, wall.shown?.source)),
                  run: () => pick?.source && void director.take(pick.source, pickName),
                }

  // ── talk-back ──────────────────────────────────────────────────────────────
  const talkWhy = cut
    ? cutWhy
    : !pickedPart
      ? t`Chọn một nơi đã vào sân khấu để nói riêng.`
      : pickPart && !pickPart.connected
        ? t`Nơi này chưa nối vào sân khấu.`
        : ''
  const told = useRef<Promise<unknown>>(Promise.resolve())
  const hold = (down: boolean) => {
    const partId = down ? pickedPart?.partId : undefined
    if (down ? talkWhy !== '' || partId === undefined : talkTo.current === undefined) return
    talkTo.current = partId
    setTalking(down ? pickName : undefined)
    if (down) setHasTalked(true)
    // One after the other, so that letting go never overtakes pressing.
    told.current = told.current.then(async () => {
      const done = await act(contract.talkBack, { sessionId, partId: (partId ?? null) as never }, says.talkBack)
      if (!done && down) {
        talkTo.current = undefined
        setTalking(undefined)
      }
    })
  }
  const by = wall.talkBack?.by ?? ''
  const talkingElse = wall.talkBack !== undefined && talking === undefined

  // ── alarms ─────────────────────────────────────────────────────────────────
  const alarmWords = useAlarmWords()
  const watched = useMemo(() => {
    const of = (partId: string | undefined) =>
      sites.find((site) => site.partId !== undefined && site.partId === partId)?.siteId
    return new Set([of(onAirSite), of(pickedPart?.partId), pick?.siteId].filter((id): id is string => id !== undefined))
  }, [sites, onAirSite, pickedPart?.partId, pick?.siteId])
  const audible = alarms.filter((alarm) => isAudible(alarm, watched)).map((alarm) => alarm.key)
  useSoundOnce(audible, soundAlarm, sound)
  const announced = useRef<Set<string> | undefined>(undefined)
  useEffect(() => {
    const before = announced.current
    announced.current = new Set(alarms.filter(isOpen).map((alarm) => alarm.key))
    if (before === undefined) return
    const fresh = alarms.filter((alarm) => isOpen(alarm) && !before.has(alarm.key))
    const sentence = (alarm: Alarm) =>
      `${alarmWords(alarm, new Date())}: ${alarm.sites.map((site) => site.name).join(', ')}.`
    const loudOnes = fresh.filter((alarm) => isAudible(alarm, watched))
    if (loudOnes.length > 0) setLoud(loudOnes.map(sentence).join(' '))
    const quiet = fresh.filter((alarm) => !loudOnes.includes(alarm))
    if (quiet.length > 0) setPolite(quiet.map(sentence).join(' '))
  }, [alarms, alarmWords, watched])
  const lastTake = useRef(wall.takeNo)
  useEffect(() => {
    if (wall.takeNo === lastTake.current) return
    lastTake.current = wall.takeNo
    const name = wall.shown?.name
    if (name) setPolite(t`Đang phát ${name}`)
  }, [wall.takeNo, wall.shown?.name, t])

  // ── going about ────────────────────────────────────────────────────────────
  const goTo = useCallback((id: string) => {
    setGroupId(id)
    setShow('group')
    setPage(0)
    setCursor(undefined)
  }, [])
  const goToSite = useCallback(
    (siteId: string) => {
      const site = byId.get(siteId)
      if (!site) return
      const inGroup = sites.filter((one) => one.groupId === site.groupId)
      setGroupId(site.groupId)
      setShow('group')
      setPage(Math.floor(inGroup.indexOf(site) / tilesAPage))
      setCursor(siteId)
    },
    [byId, sites],
  )
  const pickTile = useCallback(
    (siteId: string) => {
      setCursor(siteId)
      const site = byId.get(siteId)
      choose(site?.partId ? { siteId, source: partSource(site.partId) } : { siteId })
    },
    [byId, choose],
  )
  const pickHand = useCallback(
    (hand: Hand) => {
      if (hand.siteId) {
        goToSite(hand.siteId)
        pickTile(hand.siteId)
      } else if (hand.partId) choose({ source: partSource(hand.partId) })
    },
    [goToSite, pickTile, choose],
  )
  const callHand = useCallback(
    (hand: Hand) => void act(contract.callHand, { sessionId, handId: hand.handId }, says.callHand),
    [act, sessionId],
  )
  const pressAlarm = useCallback(
    (alarm: Alarm) => {
      const first = alarm.sites[0]?.siteId
      if (!alarm.takenBy) void act(contract.takeAlarm, { sessionId, alarmKey: alarm.key, taken: true }, says.takeAlarm)
      if (alarm.kind === 'unreported' && !alarm.takenBy) {
        const count = alarm.sites.length
        // A reminder is one line on the console of each; a hundred halls are reminded a few at a time.
        void inTurns(alarm.sites, (site) =>
          call(contract.sendMessage, { sessionId, to: 'site', siteId: site.siteId, words: t`Đề nghị báo quân số` }),
        ).then(() => say(t`Đã nhắc ${count} điểm cầu báo quân số`))
        return
      }
      if (!first) return
      goToSite(first)
      if (alarm.sites.length === 1) setOpened({ what: 'site', siteId: first })
    },
    [act, sessionId, goToSite, t],
  )
  const muteAll = async () => {
    const done = await act(contract.muteHalls, { sessionId }, says.muteHalls)
    if (!done) return
    const count = done.muted
    say(count === 0 ? t`Không có micrô hội trường nào đang mở` : t`Đã tắt micrô của ${count} nơi`)
  }
  const openSite = useCallback((siteId: string) => setOpened({ what: 'site', siteId }), [])
  const openTopic = useCallback((topicId: string) => setOpened({ what: 'topic', topicId }), [])

  const current = shown.find((site) => site.siteId === cursor) ?? shown[0]
  const focusTile = (siteId: string) =>
    tiles.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(siteId)}"]`)?.focus({ preventScroll: false })
  const columns = () => (tiles.current ? getComputedStyle(tiles.current).gridTemplateColumns.split(' ').length : 6)
  const stepGroup = (by: number) => {
    const from = groups.findIndex((one) => one.groupId === group?.groupId)
    const to = groups[(from + by + groups.length) % groups.length]
    if (to) goTo(to.groupId)
  }
  const press = ({ key }: { key: string }): boolean => {
    const keyed = groups.find((one) => one.key === key)
    if (keyed) {
      goTo(keyed.groupId)
      return true
    }
    const alarmAt = (alarmKeys as readonly string[]).indexOf(key)
    if (alarmAt >= 0) {
      const alarm = inOrder(alarms)[alarmAt]
      if (alarm && isOpen(alarm)) pressAlarm(alarm)
      return true
    }
    if (key.startsWith('Arrow')) {
      if (show === 'list' || show === 'phones' || !current) return false
      const index = shown.indexOf(current)
      // The first arrow only puts the hand on a tile.
      const to = document.activeElement?.closest('[data-tile]') ? stepIn(shown.length, columns(), index, key) : index
      const site = shown[to]
      if (site) {
        setCursor(site.siteId)
        focusTile(site.siteId)
      }
      return true
    }
    const deeds = new Map<string, () => void>([
      ['[', () => stepGroup(-1)],
      [']', () => stepGroup(1)],
      ['PageDown', () => setPage(Math.min(pages - 1, at + 1))],
      ['PageUp', () => setPage(Math.max(0, at - 1))],
      ['P', () => current && pickTile(current.siteId)],
      ['Enter', () => primary?.why === '' && !primary.doing && primary.run()],
      ['Backspace', () => undo && void director.undoTake()],
      ['M', () => !cut && isOpenStage && void muteAll()],
      ['A', () => filter('attention')],
      ['H', () => filter('hands')],
      ['L', () => filter('list')],
      ['D', () => filter('phones')],
      ['S', () => setOpened({ what: 'sources' })],
      ['V', () => setOpened({ what: 'parts' })],
      ['N', () => setOpened({ what: 'messages' })],
      ['B', () => setOpened({ what: 'session' })],
      ['I', () => current && openSite(current.siteId)],
      ['/', () => setShow('search')],
      ['?', () => setOpened({ what: 'keys' })],
      [',', () => wall.slide && void act(contract.showSlide, turn(sessionId, wall.slide, -1), says.showSlide)],
      ['.', () => wall.slide && void act(contract.showSlide, turn(sessionId, wall.slide, 1), says.showSlide)],
      [
        'Escape',
        () => {
          if (show !== 'group') filter(show)
        },
      ],
    ])
    const deed = deeds.get(key)
    deed?.()
    return deed !== undefined
  }
  function filter(to: Show) {
    setPage(0)
    setTyped('')
    setShow(show === to ? 'group' : to)
  }
  useRoomKeys(press, hold, { letters })
  // After the mouse has pressed a button the keys belong to the room again: Enter puts on air, it does not press that button twice.
  const backToRoom = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target.closest('button') : null
    if (event.detail === 0 || !target || target.closest('dialog')) return
    requestAnimationFrame(() => {
      if (document.activeElement === target) target.blur()
    })
  }
  // The telephone list opens by itself when the room is cut off, and goes when it is back.
  useEffect(() => setShow((before) => (cut ? 'phones' : before === 'phones' ? 'group' : before)), [cut])

  const heads = state === 'closed' || state === 'backstage' ? undefined : wall.headcount
  const everyone = heads !== undefined && heads.reported === heads.sites
  const withPicture = formatCount(wall.screens.full + wall.screens.slow)
  const siteCount = formatCount(sites.length)
  const readyCount = formatCount(sites.filter((site) => site.ready).length)
  const present = formatCount(heads?.present ?? 0)
  const summoned = formatCount(heads?.summoned ?? 0)
  const reported = formatCount(heads?.reported ?? 0)
  const opening = opened?.what
  const openedSite = opened?.what === 'site' ? byId.get(opened.siteId) : undefined
  const cutAt = cutSince ? clock(cutSince.getTime()) : ''
  const listedCount = formatCount(listed.length)
  const question = director.question
  const questionName = question?.name ?? ''
  const nowShown = question?.shown || wall.shown?.name || ''
  const tookBy = question?.by || wall.tookBy || ''
  const tookAt = clock(question?.at ?? wall.tookAt)
  const facts = (site: WallSite): TileFacts => ({
    site,
    look: lookOf(site, unreported, state),
    state,
    group: show === 'group' ? undefined : groupName(site.groupId),
    onAir: site.partId !== undefined && site.partId === onAirSite,
    mine: pick?.siteId === site.siteId,
    pickedBy: site.partId === undefined ? undefined : picked.get(site.partId),
    unreported: unreported.has(site.siteId),
    track: site.picture || site.partId === onAirSite ? pictures.get(site.siteId) : undefined,
  })

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys of the room are heard by the window
    // biome-ignore lint/a11y/noStaticElementInteractions: this only gives the focus back after a click
    <div className={`${look.room} ${cut ? look.cut : ''}`} onClick={backToRoom}>
      <header className={look.top}>
        <a className={look.mark} href="/dieu-khien">
          Điểm Cầu
        </a>
        <h1 className={look.title} title={wall.conference.name}>
          <Trans>Phòng điều khiển</Trans>, {wall.conference.name}
        </h1>
        {heads ? (
          <>
            <span className={look.fact}>
              <b>{withPicture}</b>/{siteCount} <Trans>điểm cầu có hình</Trans>
            </span>
            <span className={look.fact}>
              <b>{present}</b>{' '}
              {everyone ? (
                <Trans>có mặt / {summoned} triệu tập</Trans>
              ) : (
                <Trans>
                  có mặt / {summoned} triệu tập ở {reported} điểm cầu đã báo
                </Trans>
              )}
            </span>
          </>
        ) : (
          <span className={look.fact}>
            <b>{readyCount}</b>/{siteCount} <Trans>điểm cầu đã sẵn sàng</Trans>
          </span>
        )}
        <span className={look.tools}>
          <Tool letter="V" onPress={() => setOpened({ what: 'parts' })}>
            <Trans>Sân khấu</Trans>
          </Tool>
          <Tool letter="N" onPress={() => setOpened({ what: 'messages' })}>
            <Trans>Nhắn</Trans>
          </Tool>
          <Tool letter="B" onPress={() => setOpened({ what: 'session' })}>
            <Trans>Buổi họp</Trans>
          </Tool>
        </span>
        <Clock />
      </header>
      <div className={look.strips}>
        {cut && (
          <div className={look.strip} data-tone="cut" role="alert">
            <Trans>Phòng điều khiển mất mạng từ {cutAt}; chương trình vẫn phát. Hình và số là của lúc đó.</Trans>
            <button type="button" onClick={() => setShow('phones')}>
              <Trans>Danh bạ điểm cầu</Trans>
            </button>
          </div>
        )}
        {director.trouble && (
          <div className={look.strip}>
            <ErrorSentence refused={director.trouble.refusal} words={director.trouble.words} />
            <button type="button" onClick={director.forgetTrouble}>
              <Trans>Đã rõ</Trans>
            </button>
          </div>
        )}
        {isOpenStage && stage.line === 'elsewhere' && (
          <div className={look.strip} data-tone="plain" role="status">
            <Trans>Hình và tiếng của đồng chí đang nối ở máy khác. Bấm phím ở đây vẫn có tác dụng.</Trans>
            <button type="button" onClick={stage.again}>
              <Trans>Nối ở máy này</Trans>
            </button>
          </div>
        )}
        {talkingElse && (
          <div className={look.strip} data-tone="plain" role="status">
            <Trans>{by} đang nói riêng với một nơi.</Trans>
          </div>
        )}
      </div>
      <Rail groups={groups} chosen={show === 'group' ? group?.groupId : undefined} onChoose={goTo} />
      <main className={look.wall} aria-label={t`Điểm cầu`}>
        <div className={look.wallHead}>
          {show === 'search' ? (
            <input
              className={look.search}
              type="search"
              aria-label={t`Tìm điểm cầu`}
              placeholder={t`Tên điểm cầu hoặc khối`}
              value={typed}
              // biome-ignore lint/a11y/noAutofocus: the key / asks for this very field
              autoFocus
              onChange={(event) => {
                setTyped(event.target.value)
                setPage(0)
              }}
              onKeyDown={(event) => {
                if (event.key === 'Escape') filter('search')
                if ((event.key === 'Enter' || event.key === 'ArrowDown') && shown[0]) {
                  event.preventDefault()
                  setCursor(shown[0].siteId)
                  focusTile(shown[0].siteId)
                }
              }}
            />
          ) : null}
          <h2 className={show === 'search' ? 'sr' : undefined}>
            {show === 'group' ? (
              groupName(group?.groupId ?? '')
            ) : show === 'attention' ? (
              <Trans>Cần chú ý</Trans>
            ) : show === 'hands' ? (
              <Trans>Giơ tay</Trans>
            ) : show === 'list' ? (
              <Trans>Danh sách đầy đủ</Trans>
            ) : show === 'phones' ? (
              <Trans>Danh bạ điểm cầu</Trans>
            ) : (
              <Trans>Tìm điểm cầu</Trans>
            )}
          </h2>
          {show === 'group' && group ? (
            <GroupWords sites={group.sites} before={heads === undefined} />
          ) : (
            <p role="status">
              {show === 'search' && typed === '' ? (
                ''
              ) : (
                <Trans>{show === 'list' || show === 'phones' ? siteCount : listedCount} điểm cầu</Trans>
              )}
            </p>
          )}
          <div className={look.filters}>
            {pages > 1 && show !== 'list' && show !== 'phones' && <Pager page={at} pages={pages} onPage={setPage} />}
            <Filter on={show === 'group'} onPress={() => setShow('group')}>
              <Trans>Cả khối</Trans>
            </Filter>
            <Filter on={show === 'attention'} letter="A" onPress={() => filter('attention')}>
              <Trans>Cần chú ý</Trans> {attention > 0 && formatCount(attention)}
            </Filter>
            <Filter on={show === 'hands'} letter="H" onPress={() => filter('hands')}>
              <Trans>Giơ tay</Trans> {handsUp > 0 && formatCount(handsUp)}
            </Filter>
          </div>
        </div>
        {show === 'list' ? (
          <SiteTable sites={sites} groupName={groupName} state={state} onOpen={openSite} />
        ) : show === 'phones' ? (
          <Phones sites={sites} groupName={groupName} />
        ) : (
          <div
            className={look.tiles}
            ref={tiles}
            role="listbox"
            aria-label={t`Các điểm cầu đang hiện`}
            aria-orientation="horizontal"
          >
            {shown.map((site, index) => (
              <TileOf
                key={site.siteId}
                facts={facts(site)}
                focusable={site === current}
                at={at * tilesAPage + index}
                of={listed.length}
                onPick={pickTile}
              />
            ))}
            {shown.length === 0 && <EmptyWall show={show} typed={typed} />}
          </div>
        )}
      </main>
      <aside className={look.side} aria-label={t`Phát và cảnh báo`}>
        <Monitors
          sessionId={sessionId}
          wall={wall}
          people={people}
          pick={pick}
          pickName={pickName}
          pickDetail={pickDetail}
          waitsUntil={waitsUntil}
          breakUntil={breakUntil}
          primary={primary}
          talk={{
            words: talking ? t`Đang nói với ${shortName(talking)}` : short ? t`Gọi ${short}` : t`Gọi`,
            why: talkWhy,
            talking: talking !== undefined,
            hold,
          }}
          undo={undo}
          onUndo={() => void director.undoTake()}
          listening={listening}
          onListen={(which) => setListening(listening === which ? undefined : which)}
          onSources={() => setOpened({ what: 'sources' })}
          onParts={() => setOpened({ what: 'parts' })}
          Programme={Programme}
          programme={programme}
        />
        <Alarms alarms={alarms} groupName={groupName} onPress={pressAlarm} />
        <Queue hands={wall.hands} topic={wall.topic} siteGroup={siteGroup} onPick={pickHand} onCall={callHand} />
        <Screens screens={wall.screens} slide={wall.slide} sites={sites.length} />
      </aside>
      <RunOfShow run={wall.run} topic={wall.topic} onTopic={openTopic} />
      <footer className={look.keys}>
        <Hint keys={['1', '–', '0', 'T']}>
          <Trans>chọn khối</Trans>
        </Hint>
        <Hint keys={['←', '↑', '↓', '→']}>
          <Trans>chọn điểm cầu</Trans>
        </Hint>
        <Hint keys={['P']}>
          <Trans>xem trước</Trans>
        </Hint>
        <Hint keys={['Enter']}>
          <Trans>đưa lên phát</Trans>
        </Hint>
        <Hint keys={['Space']}>
          <Trans>giữ để gọi</Trans>
        </Hint>
        <Hint keys={['M']}>
          <Trans>tắt tiếng hội trường</Trans>
        </Hint>
        <button type="button" aria-keyshortcuts="/" onClick={() => filter('search')}>
          <Key>/</Key> <Trans>tìm điểm cầu</Trans>
        </button>
        <button type="button" aria-keyshortcuts="L" aria-pressed={show === 'list'} onClick={() => filter('list')}>
          <Key>L</Key> <Trans>bảng đầy đủ</Trans>
        </button>
        <button type="button" onClick={() => setOpened({ what: 'keys' })}>
          <Key>?</Key> <Trans>mọi phím tắt</Trans>
        </button>
      </footer>
      {listening === 'preview' && <Sounds people={people.filter((who) => who.partId === pickedPart?.partId)} />}
      <p className="sr" role="alert">
        {loud}
      </p>
      <p className="sr" role="status">
        {polite}
      </p>
      <Toasts />

      <KeysDialog
        open={opening === 'keys'}
        onClose={close}
        sound={sound}
        onSound={(on) => {
          soundKept.write(on)
          setSound(on)
          if (on) soundAlarm()
        }}
        letters={letters}
        onLetters={(on) => {
          lettersKept.write(on)
          setLetters(on)
        }}
      />
      <SourcesDialog
        open={opening === 'sources'}
        onClose={close}
        sessionId={sessionId}
        wall={wall}
        people={people}
        act={act}
        onChoose={(source) => choose({ source })}
      />
      <Dialog
        open={opening === 'parts'}
        onClose={close}
        title={<Trans>Trên sân khấu</Trans>}
        actions={
          <>
            <Button onClick={muteAll}>
              <Trans>Tắt micrô mọi hội trường</Trans>
            </Button>
            <Button onClick={close}>
              <Trans>Đóng</Trans>
            </Button>
          </>
        }
      >
        <Parts
          sessionId={sessionId}
          parts={wall.parts}
          act={act}
          onPreview={(part) => {
            if (part.siteId) pickTile(part.siteId)
            else choose({ source: partSource(part.partId) })
            close()
          }}
        />
        <AddCaller sessionId={sessionId} act={act} />
      </Dialog>
      <Dialog
        open={opening === 'messages'}
        onClose={close}
        title={<Trans>Nhắn</Trans>}
        actions={
          <Button onClick={close}>
            <Trans>Đóng</Trans>
          </Button>
        }
      >
        <Messages
          sessionId={sessionId}
          messages={wall.messages}
          site={pickSite ? { siteId: pickSite.siteId, name: pickSite.name } : undefined}
          act={act}
        />
      </Dialog>
      <SessionDialog
        open={opening === 'session'}
        onClose={close}
        sessionId={sessionId}
        wall={wall}
        breakUntil={breakUntil}
        programme={programme}
        act={act}
      />
      <TopicDialog
        topicId={opened?.what === 'topic' ? opened.topicId : undefined}
        onClose={close}
        sessionId={sessionId}
        run={wall.run}
        act={act}
      />
      <SiteDialog
        site={openedSite}
        onClose={close}
        sessionId={sessionId}
        wall={wall}
        groupName={groupName}
        act={act}
        onPreview={pickTile}
      />
      <Dialog
        open={opening === 'onAir'}
        onClose={close}
        title={<Trans>Bắt đầu phát</Trans>}
        actions={
          <>
            <Button onClick={close}>
              <Trans>Quay lại</Trans>
            </Button>
            <Button
              look="go"
              doing={doing}
              onClick={() =>
                doOnce(async () => {
                  close()
                  await act(contract.goOnAir, { sessionId }, says.goOnAir)
                })
              }
            >
              <Trans>Bắt đầu phát</Trans>
            </Button>
          </>
        }
      >
        <p>
          <Trans>
            Từ lúc này mọi điểm cầu và người xem thấy nguồn đồng chí đưa lên. Hình của hội trường gửi về tắt đi.
          </Trans>
        </p>
        <p>
          <Trans>
            {readyCount}/{siteCount} điểm cầu đã sẵn sàng.
          </Trans>
        </p>
      </Dialog>
      <Dialog
        open={question !== undefined}
        onClose={director.forgetQuestion}
        title={<Trans>Vẫn đưa {questionName} lên phát?</Trans>}
        actions={
          <>
            <Button onClick={director.forgetQuestion}>
              <Trans>Để nguyên {nowShown}</Trans>
            </Button>
            <Button
              look="go"
              doing={director.taking}
              onClick={() => question && director.take(question.source, question.name, question.takeNo)}
            >
              <Trans>Vẫn đưa {questionName} lên</Trans>
            </Button>
          </>
        }
      >
        <p>
          <Trans>
            {tookBy} vừa đưa {nowShown} lên phát lúc {tookAt}, ngay trước lúc đồng chí bấm.
          </Trans>
        </p>
      </Dialog>
    </div>
  )
}

/** Facts are a new object at every redraw; the tile is redrawn only when one of them is another. */
function TileOf({ facts, ...rest }: Parameters<typeof Tile>[0]) {
  const { site, look: seen, state, group, onAir, mine, pickedBy, unreported, track } = facts
  const steady = useMemo<TileFacts>(
    () => ({ site, look: seen, state, group, onAir, mine, pickedBy, unreported, track }),
    [site, seen, state, group, onAir, mine, pickedBy, unreported, track],
  )
  return <Tile facts={steady} {...rest} />
}

function GroupWords({ sites, before }: { sites: readonly WallSite[]; before: boolean }) {
  const heads = headsOf(sites)
  const all = formatCount(heads.sites)
  if (before) {
    const ready = formatCount(sites.filter((site) => site.ready).length)
    return (
      <p>
        <Trans>
          {ready}/{all} đã sẵn sàng
        </Trans>
      </p>
    )
  }
  const reported = formatCount(heads.reported)
  const present = formatCount(heads.present)
  const summoned = formatCount(heads.summoned)
  return (
    <p>
      <Trans>
        {reported}/{all} đã báo
      </Trans>
      <i className={look.rule} />
      <b>{present}</b> <Trans>có mặt / {summoned} triệu tập</Trans>
    </p>
  )
}

function EmptyWall({ show, typed }: { show: Show; typed: string }) {
  return (
    <p className={look.empty}>
      {show === 'attention' ? (
        <Trans>Không điểm cầu nào cần chú ý.</Trans>
      ) : show === 'hands' ? (
        <Trans>Chưa hội trường nào giơ tay.</Trans>
      ) : show === 'search' && typed !== '' ? (
        <Trans>Không có điểm cầu nào tên như vậy.</Trans>
      ) : show === 'search' ? (
        <Trans>Gõ tên điểm cầu, không cần dấu.</Trans>
      ) : (
        <Trans>Buổi này chưa có điểm cầu nào.</Trans>
      )}
    </p>
  )
}

const Clock = () => <span className={look.time}>{clockWithSeconds(useNow(500))}</span>
const Tool = ({ letter, onPress, children }: { letter: string; onPress: () => void; children: ReactNode }) => (
  <button type="button" className={look.tool} aria-keyshortcuts={letter} onClick={onPress}>
    {children} <Key>{letter}</Key>
  </button>
)
const Filter = ({
  on,
  letter,
  onPress,
  children,
}: {
  on: boolean
  letter?: string
  onPress: () => void
  children: ReactNode
}) => (
  <button type="button" className={look.filter} aria-pressed={on} aria-keyshortcuts={letter} onClick={onPress}>
    {children} {letter && <Key>{letter}</Key>}
  </button>
)
function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useLingui()
  const now = page + 1
  return (
    <span className={look.pager}>
      <button type="button" disabled={page === 0} aria-label={t`Trang trước`} onClick={() => onPage(page - 1)}>
        ‹
      </button>
      <Trans>
        trang {now}/{pages}
      </Trans>
      <button type="button" disabled={now === pages} aria-label={t`Trang sau`} onClick={() => onPage(page + 1)}>
        ›
      </button>
    </span>
  )
}
const Hint = ({ keys, children }: { keys: readonly string[]; children: ReactNode }) => (
  <span>
    {keys.map((key) => (key === '–' ? '–' : <kbd key={key}>{key}</kbd>))} {children}
  </span>
)

function KeysDialog({
  open,
  onClose,
  sound,
  onSound,
  letters,
  onLetters,
}: {
  open: boolean
  onClose: () => void
  sound: boolean
  onSound: (on: boolean) => void
  letters: boolean
  onLetters: (on: boolean) => void
}) {
  const { t } = useLingui()
  const keys: [string, string][] = [
    ['1 – 0, T', t`chọn khối; [ và ] sang khối bên cạnh`],
    ['← ↑ ↓ →', t`chọn điểm cầu; PageUp, PageDown sang trang`],
    ['P', t`xem trước điểm cầu đang chọn`],
    ['Enter', t`đưa lên phát`],
    ['Backspace', t`hoàn lại trong 5 giây`],
    ['Space', t`giữ để nói riêng với nơi đang xem trước`],
    ['M', t`tắt micrô mọi hội trường`],
    ['F1 – F4', t`nhận và mở cảnh báo`],
    ['A, H', t`chỉ nơi cần chú ý; chỉ nơi giơ tay`],
    ['/', t`tìm điểm cầu, không cần dấu`],
    ['L, D', t`bảng đầy đủ; danh bạ điện thoại`],
    ['I', t`chi tiết điểm cầu đang chọn`],
    ['S', t`nguồn khác: người nói, màn hình, trang chiếu, phim, bảng chờ`],
    [', .', t`trang chiếu trước, trang chiếu sau`],
    ['V, N, B', t`sân khấu; nhắn; buổi họp`],
    ['Esc', t`trở về khối`],
  ]
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={<Trans>Mọi phím tắt</Trans>}
      actions={
        <Button onClick={onClose}>
          <Trans>Đóng</Trans>
        </Button>
      }
    >
      <dl className={`${look.keyList} ${look.dialogKeys}`}>
        {keys.map(([key, words]) => (
          <KeyLine key={key} letter={key} words={words} />
        ))}
      </dl>
      <label className="choice">
        <input type="checkbox" checked={sound} onChange={(event) => onSound(event.target.checked)} />
        <span>
          <Trans>Kêu khi nơi đang phát hoặc đang xem trước mất tín hiệu, mất tiếng</Trans>
        </span>
      </label>
      <label className="choice">
        <input type="checkbox" checked={letters} onChange={(event) => onLetters(event.target.checked)} />
        <span>
          <Trans>Dùng phím tắt bằng chữ và phím cách</Trans>
        </span>
      </label>
    </Dialog>
  )
}
const KeyLine = ({ letter, words }: { letter: string; words: string }) => (
  <>
    <dt>
      <kbd>{letter}</kbd>
    </dt>
    <dd>{words}</dd>
  </>
)

// ── before there is a wall ───────────────────────────────────────────────────
/** The frame at once, names when they are known; no number stands where none is known. */
function Opening({ sessionId }: { sessionId: string }) {
  const { t } = useLingui()
  const mine = useAnswer(contract.myStages, {}, { staleMs: 60_000 })
  const name = mine.value?.stages.find((one) => one.sessionId === sessionId)?.conferenceName
  const places = Array.from({ length: tilesAPage }, (_, at) => at)
  return (
    <div className={look.room} aria-busy="true">
      <header className={look.top}>
        <a className={look.mark} href="/dieu-khien">
          Điểm Cầu
        </a>
        <h1 className={look.title}>
          <Trans>Phòng điều khiển</Trans>
          {name && `, ${name}`}
        </h1>
        <span className={look.fact} role="status">
          <Trans>Đang lấy danh sách điểm cầu…</Trans>
        </span>
        <span className={look.tools} />
        <Clock />
      </header>
      <div className={look.strips} />
      <nav className={look.rail} aria-label={t`Khối điểm cầu`} />
      <main className={look.wall}>
        <div className={look.wallHead} />
        <div className={look.tiles} aria-hidden="true">
          {places.map((place) => (
            <div key={place} className={look.hollow}>
              …
            </div>
          ))}
        </div>
      </main>
      <aside className={look.side} />
      <section className={look.run} />
      <footer className={look.keys} />
    </div>
  )
}

function NoRoom({ refused }: { refused: string }) {
  return (
    <main className={`${look.refusal} stack`}>
      <h1>
        <Trans>Chưa vào được phòng điều khiển</Trans>
      </h1>
      <ErrorSentence refused={refused} />
      <p>
        <ButtonLink href="/dieu-khien">
          <Trans>Về danh sách buổi họp</Trans>
        </ButtonLink>
      </p>
    </main>
  )
}

/** Some at a time, each told once; what fails is seen on the tile, where the word does not come. */
async function inTurns<Item>(items: readonly Item[], tell: (item: Item) => Promise<unknown>) {
  for (let from = 0; from < items.length; from += 5) await Promise.all(items.slice(from, from + 5).map(tell))
}
