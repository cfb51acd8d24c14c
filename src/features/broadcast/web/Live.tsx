import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { formatClock, formatDay, formatMoment, minutesBetween } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { useNow, useOnline, useTopic } from '../../../platform/web/live.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Brand,
  ButtonLink,
  Card,
  ErrorSentence,
  LightPage,
  Note,
  Segments,
  WaitingLines,
} from '../../../platform/web/ui/light/index.ts'
import * as access from '../../access/contract.ts'
import { myPresence } from '../../attendance/contract.ts'
import { keep, kept, type loadPresence, skewMs, useKept } from '../../attendance/web/index.ts'
import { getProgramme } from '../../conferences/contract.ts'
import { MaterialsToRead } from '../../materials/web/index.ts'
import { mySummons } from '../../sites/contract.ts'
import { type Show, show as showTopic } from '../../stage/contract.ts'
import { programme as programmeTopic, type watch } from '../contract.ts'
import { megabytesAnHour } from '../line.ts'
import { Agenda } from './Agenda.tsx'
import { LivePlayer, savesData } from './LivePlayer.tsx'
import styles from './live.module.css'
import { MyHand, MyTurn, useMyHand } from './MyHand.tsx'
import { Slide } from './Slide.tsx'
import { useMoments } from './useMoments.ts'
import type { View } from './usePlayback.ts'
import { useWatched } from './useWatched.ts'

const watchSays = {
  paperOnly: msg`Hội nghị này chỉ họp trên giấy, không phát trên mạng.`,
  notSummoned: msg`Đồng chí không có tên trong buổi này. Nếu thuộc diện học bù, chi bộ sẽ báo lịch.`,
} satisfies WordsFor<typeof watch>
/** What sound alone takes, as the programme makes it; slides come on top. */
const soundBits = 32_000
const choiceKey = 'diem-cau.soundOnly'

type Presence = Awaited<ReturnType<typeof loadPresence>>

/** A member's page of a session: the one thing to do now, the picture or the sound, the slide that goes with it, and her own presence. */
export function Live({ session, presence: { MyPoint, MyPresenceAt } }: { session: string; presence: Presence }) {
  const { t } = useLingui()
  const me = useAnswer(access.me, {}, { staleMs: 60_000 })
  const who = useKept('me', me.value).value
  const signedIn = who !== undefined && who.kind !== 'nobody'
  const isMember = who?.kind === 'member'
  const stage = useTopic(showTopic, signedIn ? { sessionId: session as never } : undefined)
  const news = useTopic(programmeTopic, who && !signedIn ? { sessionId: session as never } : undefined)
  const show = stage.snapshot
  const nudge = show ? `${show.state}` : news.snapshot?.state
  const [unknownDeck, setUnknownDeck] = useState(false)
  const watched = useWatched(session, nudge === undefined ? undefined : `${nudge}${unknownDeck ? ' deck' : ''}`)
  const it = watched.value
  const askedSummons = useAnswer(mySummons, isMember && {}, { staleMs: 60_000 })
  const summons = useKept('summons', askedSummons.value).value
  const presence = useAnswer(myPresence, isMember && it && { conferenceId: it.conferenceId as never }, {
    staleMs: 30_000,
  })
  // What stands first is known before anything is drawn, so that nothing jumps under a thumb; but nobody waits long for it.
  const isLate = useLate(2_500)
  const isKnown = !isMember || isLate || (!askedSummons.waiting && !presence.waiting)
  const mine = summons?.conferences.find(({ conferenceId }) => conferenceId === it?.conferenceId)

  const isReady = it !== undefined && (who !== undefined || me.refused !== undefined) && isKnown
  return (
    <LightPage
      preferences={isReady || watched.refused !== undefined}
      bar={
        <>
          <Brand href={signedIn ? '/toi' : '/'} />
          {isMember ? (
            <a href="/toi">
              <Trans>Trang của tôi</Trans>
            </a>
          ) : (
            !signedIn && <a href={`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`}>{t`Đăng nhập`}</a>
          )}
        </>
      }
    >
      {!isReady ? (
        watched.refused && !it ? (
          <Refused refused={watched.refused} again={watched.again} />
        ) : (
          <WaitingLines label={t`Đang mở`} lines={8} />
        )
      ) : (
        <Session
          it={it}
          session={session}
          show={show}
          state={stateOf(show, it, news.snapshot?.state)}
          refused={watched.refused?.refused}
          nudge={nudge}
          personId={isMember ? who?.personId : undefined}
          inHall={mine?.summons?.site !== undefined}
          isSummoned={mine?.summons !== undefined}
          mayRegister={mine?.mayRegister === true}
          signedIn={signedIn}
          documents={mine?.documents ?? ''}
          onUnknownDeck={setUnknownDeck}
          MyPoint={MyPoint}
          MyPresenceAt={MyPresenceAt}
        />
      )}
    </LightPage>
  )
}

function useLate(ms: number) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(setLate, ms, true)
    return () => clearTimeout(timer)
  }, [ms])
  return late
}

type It = NonNullable<ReturnType<typeof useWatched>['value']>
type Phase = 'before' | 'on' | 'break' | 'after'
/** What the stage says; without it, what the programme says. */
function stateOf(show: Show | undefined, it: It, programme: It['state'] | undefined): Phase {
  if (show)
    return show.state === 'onAir'
      ? 'on'
      : show.state === 'break'
        ? 'break'
        : show.state === 'ended'
          ? 'after'
          : 'before'
  const state = programme ?? it.state
  return state === 'ended' ? 'after' : state === 'running' || state === 'waiting' ? 'on' : 'before'
}

function Refused({ refused, again }: { refused: { refused: string }; again: () => void }) {
  return (
    <>
      <h1>
        {refused.refused === 'notSummoned' ? (
          <Trans>Buổi này không có tên đồng chí</Trans>
        ) : (
          <Trans>Chưa xem được buổi này</Trans>
        )}
      </h1>
      <ErrorSentence refused={refused} words={watchSays} {...(refused.refused === 'notSummoned' ? {} : { again })} />
      <p>
        <a href="/toi">
          <Trans>Về trang của tôi</Trans>
        </a>
      </p>
    </>
  )
}

function Session({
  it,
  session,
  show,
  state,
  refused,
  nudge,
  personId,
  inHall,
  isSummoned,
  mayRegister,
  signedIn,
  documents,
  onUnknownDeck,
  MyPoint,
  MyPresenceAt,
}: Pick<Presence, 'MyPoint' | 'MyPresenceAt'> & {
  it: It
  session: string
  show: Show | undefined
  state: Phase
  refused: string | undefined
  nudge: string | undefined
  personId: string | undefined
  inHall: boolean
  isSummoned: boolean
  mayRegister: boolean
  signedIn: boolean
  documents: string
  onUnknownDeck: (unknown: boolean) => void
}) {
  const now = new Date(useNow(5_000).getTime() + skewMs())
  const plan = useAnswer(getProgramme, signedIn && { conferenceId: it.conferenceId as never }, { staleMs: 600_000 })
  const planned = useKept(`programme.${it.conferenceId}`, plan.value).value
  const day = planned?.sessions.find(({ sessionId }) => sessionId === session)
  const next = planned?.sessions.find(({ startsAt }) => new Date(startsAt) >= new Date(it.endsAt))
  const mayRaise = personId !== undefined && isSummoned
  const { hand, again } = useMyHand(session, mayRaise, show && `${show.hands} ${show.takeNo} ${show.speaking.length}`)
  const [topicOnScreen, setTopicOnScreen] = useState<string>()
  return (
    <div className={styles.live}>
      <header className={styles.head}>
        <p className="second">{it.conferenceName}</p>
        <h1>{it.sessionName}</h1>
      </header>
      <div className={styles.main}>
        {mayRaise && <MyTurn sessionId={session} hand={hand} />}
        {personId && (isSummoned || !mayRegister) && (
          <MyPoint conferenceId={it.conferenceId} personId={personId} inHall={inHall} />
        )}
        {state === 'before' && <Prefetch />}
        {state === 'before' && <Before it={it} now={now} documents={documents || planned?.documents || ''} />}
        {state === 'after' && <After it={it} next={next} />}
        {(state === 'on' || state === 'break') && (
          <>
            {state === 'break' && <Break words={show?.words ?? ''} until={show?.breakUntil} />}
            <Screen
              it={it}
              session={session}
              show={show}
              nudge={nudge}
              refused={refused}
              onTopic={setTopicOnScreen}
              onUnknownDeck={onUnknownDeck}
            />
          </>
        )}
        {mayRaise && (
          <MyHand sessionId={session} hand={hand} again={again} open={state === 'on' || state === 'break'} />
        )}
      </div>
      <div className={styles.side}>
        {personId && <MyPresenceAt conferenceId={it.conferenceId} />}
        {day && day.items.length > 0 && (
          <Agenda items={day.items} now={now} title={topicOnScreen} on={state === 'on' || state === 'break'} />
        )}
        {signedIn && <Reading conferenceId={it.conferenceId} />}
        {!signedIn && (
          <p className="second">
            <Trans>Buổi này phát công khai, ai cũng xem được. Xem ở đây không ghi lại gì về người xem.</Trans>
          </p>
        )}
      </div>
    </div>
  )
}

/** Whoever waits for the beginning has the player by then; nobody who opens the page later pays for it before she presses play. */
function Prefetch() {
  useEffect(() => {
    if (savesData()) return
    const timer = setTimeout(
      () => void Promise.all([import('./playback.ts'), import('hls.js/light')]).catch(() => {}),
      8_000,
    )
    return () => clearTimeout(timer)
  }, [])
  return null
}
function Before({ it, now, documents }: { it: It; now: Date; documents: string }) {
  const startsAt = new Date(it.startsAt)
  const soundCost = megabytesAnHour(soundBits)
  const minutes = minutesBetween(now, startsAt)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  const days = Math.floor(hours / 24)
  const clock = formatClock(startsAt)
  const date = formatDay(startsAt)
  return (
    <Card now className="stack" data-gap="s">
      <h2>
        {minutes < 1 ? (
          <Trans>Sắp bắt đầu</Trans>
        ) : days > 1 ? (
          <Trans>Còn {days} ngày</Trans>
        ) : hours > 0 ? (
          <Trans>
            Còn {hours} giờ {rest} phút
          </Trans>
        ) : (
          <Trans>Còn {minutes} phút</Trans>
        )}
      </h2>
      <p>
        <Trans>
          Họp lúc {clock} ngày {date}. Đến giờ, hình tự hiện ở đây; đồng chí để trang này mở.
        </Trans>
      </p>
      {documents && (
        <p>
          <Trans>Mang theo: {documents}</Trans>
        </p>
      )}
      <p className="second">
        <Trans>Chỉ nghe tiếng tốn khoảng {soundCost} MB một giờ. Đồng chí cắm sạc và thử loa trước.</Trans>
      </p>
    </Card>
  )
}
function Break({ words, until }: { words: string; until: string | undefined }) {
  const clock = until ? formatClock(new Date(until)) : ''
  return (
    <Note tone="still">
      <p>
        <b>{clock ? <Trans>Đang nghỉ, họp lại lúc {clock}</Trans> : <Trans>Đang nghỉ</Trans>}</b>
      </p>
      {words && <p>{words}</p>}
    </Note>
  )
}
function After({
  it,
  next,
}: {
  it: It
  next: { sessionId: string; name: string; code: string; startsAt: string } | undefined
}) {
  const ended = formatClock(new Date(it.endedAt ?? it.endsAt))
  const name = next?.name || next?.code
  const when = next ? formatMoment(new Date(next.startsAt)) : ''
  return (
    <Card now className="stack" data-gap="s">
      <h2>
        <Trans>Buổi này đã xong lúc {ended}</Trans>
      </h2>
      <p>
        {next ? (
          <Trans>
            Tiếp theo: {name}, họp lúc {when}.
          </Trans>
        ) : (
          <Trans>Kết quả của đồng chí ở trang của tôi. Phút nào mất đường truyền không bị tính là vắng.</Trans>
        )}
      </p>
      <ButtonLink wide href={next ? `/toi/hop/${next.sessionId}` : '/toi'}>
        {next ? <Trans>Mở buổi tiếp theo</Trans> : <Trans>Về trang của tôi</Trans>}
      </ButtonLink>
    </Card>
  )
}

/** What there is to read, fetched only when it is opened: a thin line is for the sound. */
function Reading({ conferenceId }: { conferenceId: string }) {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  return (
    <details className={styles.reading} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>
          <Trans>Tài liệu để đọc</Trans>
        </h2>
      </summary>
      {open && (
        <Suspense fallback={<WaitingLines label={t`Đang lấy tài liệu`} lines={3} />}>
          <MaterialsToRead conferenceId={conferenceId} />
        </Suspense>
      )}
    </details>
  )
}

/** Tells the page around what this part of it has found out. */
function useReport<Value>(tell: (value: Value) => void, value: Value) {
  useEffect(() => tell(value), [tell, value])
}

/** Picture or sound, with the slide that goes with it. */
function Screen({
  it,
  session,
  show,
  nudge,
  refused,
  onTopic,
  onUnknownDeck,
}: {
  it: It
  session: string
  show: Show | undefined
  nudge: string | undefined
  refused: string | undefined
  onTopic: (title: string | undefined) => void
  onUnknownDeck: (unknown: boolean) => void
}) {
  const { t } = useLingui()
  const online = useOnline()
  const thrifty = savesData()
  const [choice, setChoice] = useState(() => {
    const before = kept(choiceKey)
    const soundOnly = before === undefined ? thrifty : before === '1'
    return { soundOnly, byHand: soundOnly, asked: 0 }
  })
  const [view, setView] = useState<View>()
  const [second, setSecond] = useState<number>()
  const date = useMemo(() => (second === undefined ? undefined : new Date(second)), [second])
  // The slides need no more than whole seconds; the page is drawn anew only then.
  const onDate = useCallback((at: Date | undefined) => setSecond(at && Math.floor(+at / 1000) * 1000), [])
  const { page, topic, unknownDeck } = useMoments(show, view?.watched ?? it, view ? date : undefined)
  useReport(onTopic, topic?.title)
  useReport(onUnknownDeck, unknownDeck)
  const title = topic?.title ?? it.sessionName
  const speaking = show?.speaking[0]?.name
  const speaker = topic?.phase === 'questions' && speaking ? speaking : (topic?.speaker ?? speaking ?? '')
  const lockScreen = useMemo(
    () => ({ title, speaker, conference: it.conferenceName }),
    [title, speaker, it.conferenceName],
  )
  const soundOnly = view?.soundOnly ?? choice.soundOnly
  function choose(sound: boolean) {
    keep(choiceKey, sound ? '1' : '0')
    // A picture that she wants may still step down by itself; sound that she wants stays sound.
    setChoice(({ asked }) => ({ soundOnly: sound, byHand: sound, asked: asked + 1 }))
  }
  const soundCost = megabytesAnHour(soundBits)
  const pictureCost = view && !view.soundOnly && view.bitrate > 0 ? megabytesAnHour(view.bitrate) : undefined
  return (
    <div className={styles.screen}>
      {refused && refused !== 'offline' && refused !== 'busy' && <ErrorSentence refused={refused} words={watchSays} />}
      {!online && (
        <p className="second" role="status">
          <Trans>
            Mất mạng. Chương trình và trang chiếu cuối vẫn ở đây; mã có mặt đồng chí nhập được giữ lại và tự gửi.
          </Trans>
        </p>
      )}
      <LivePlayer
        sessionId={session}
        nudge={nudge}
        soundOnly={choice.soundOnly}
        byHand={choice.byHand}
        asked={choice.asked}
        now={lockScreen}
        onSoundOnly={choose}
        onView={setView}
        onDate={onDate}
      />
      <Slide page={page} small={soundOnly || thrifty} />
      <div className={styles.choice}>
        <Segments
          label={t`Cách xem`}
          tabs={[
            { key: 'picture', label: t`Hình và tiếng` },
            { key: 'sound', label: t`Chỉ tiếng` },
          ]}
          value={soundOnly ? 'sound' : 'picture'}
          onChange={(key) => choose(key === 'sound')}
        />
        <p className="second">
          {pictureCost === undefined ? (
            <Trans>Chỉ tiếng tốn khoảng {soundCost} MB một giờ, chưa kể trang chiếu. Mạng yếu máy tự chuyển.</Trans>
          ) : (
            <Trans>
              Hình và tiếng đang tốn khoảng {pictureCost} MB một giờ, chỉ tiếng khoảng {soundCost} MB. Mạng yếu máy tự
              chuyển.
            </Trans>
          )}
        </p>
      </div>
    </div>
  )
}
