import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { z } from 'zod'
import { formatClock } from '../../../../kernel/time.ts'
import { useOperation } from '../../../../platform/web/answers.ts'
import { useNow, useTopic } from '../../../../platform/web/live.ts'
import { Go } from '../../../../platform/web/route.tsx'
import { Button, ErrorSentence, SkipLink, Toasts } from '../../../../platform/web/ui/light/index.ts'
import { skewMs } from '../../../attendance/web/index.ts'
import * as contract from '../../contract.ts'
import { formatLeft, lecternTime, pageHere } from '../../lecternTime.ts'
import { useAwake } from '../hall/kiosk.ts'
import { keepTold, readTold } from '../kept.ts'
import { useDeckAhead, useSlidePicture } from '../slidePicture.ts'
import { useClicks } from './clicks.ts'
import styles from './lectern.module.css'
import { OnStage } from './OnStage.tsx'
import { slideSays, topicSays } from './words.ts'

export type LecternTold = z.output<typeof contract.lectern.snapshot>
const endingSeconds = 120

/** Where a speaker stands: the time first, the page the halls see, the next one, and who waits to ask. */
export function Lectern({ session }: { session: string }) {
  const { t } = useLingui()
  const device = useNow()
  const now = useMemo(() => new Date(device.getTime() + skewMs()), [device])
  const live = useTopic(contract.lectern, { sessionId: session } as never)
  const told = useKeptTold(session, live.snapshot)
  const clicks = useClicks(session)
  const [chosen, setChosen] = useState<string>()
  const move = useOperation(contract.moveTopic, { refresh: [] })
  const hide = useOperation(contract.hideSlides, { refresh: [] })
  useAwake()

  const server = told && {
    slide: told.slide && { versionId: told.slide.versionId, page: told.slide.page },
    clickNo: told.clickNo,
  }
  const here = pageHere(server, clicks.own)
  const deck = told?.decks.find(({ versionId }) => versionId === (chosen ?? here?.versionId))
  const showing = here !== undefined && deck !== undefined && here.versionId === deck.versionId
  const page = showing ? here.page : 0
  useDeckAhead(deck, Math.max(1, page))
  const turnTo = useCallback(
    (to: number) => {
      if (!deck || to < 1 || to > deck.pages) return
      clicks.turn({ versionId: deck.versionId, page: to }, told && { clickNo: told.clickNo })
      setChosen(undefined)
    },
    [deck, clicks.turn, told],
  )

  const topic = told?.topic?.phase === 'ended' ? undefined : told?.topic
  const time = topic && lecternTime(topic, now)
  const next = told?.run.find(({ kind, realFrom, topicId }) => kind === 'deliver' && topicId && !realFrom)
  const go = (topicId: string, to: 'deliver' | 'questions' | 'ended') =>
    void move.run({ sessionId: session, topicId, to } as never)
  const toQuestions = useCallback(() => {
    if (topic?.phase === 'deliver')
      void move.run({ sessionId: session, topicId: topic.topicId, to: 'questions' } as never)
  }, [topic?.phase, topic?.topicId, move.run, session])

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return
      const at = event.target as HTMLElement | null
      if (at?.closest('input, select, textarea, dialog')) return
      const { key } = event
      const onControl = at?.closest('button, a') !== null && at?.closest('button, a') !== undefined
      if (key === 'PageDown' || key === 'ArrowRight' || (key === ' ' && !onControl)) turnTo(page + 1)
      else if (key === 'PageUp' || key === 'ArrowLeft') turnTo(page - 1)
      else if (key === 'q' || key === 'Q') toQuestions()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [turnTo, page, toQuestions])

  if (!told)
    return (
      <main id="noi-dung" className={styles.alone}>
        <h1>
          <Trans>Bục báo cáo viên</Trans>
        </h1>
        {live.refused ? (
          <ErrorSentence refused={live.refused} />
        ) : (
          <p className="second" role="status">
            {live.line === 'lost' ? <Trans>Chưa nối được máy chủ, đang thử lại.</Trans> : <Trans>Đang mở…</Trans>}
          </p>
        )}
        <p>
          <Go href="/buc">
            <Trans>Các buổi của tôi</Trans>
          </Go>
        </p>
      </main>
    )

  const lost = live.line === 'lost'
  const pagesLeft = showing && deck ? deck.pages - page : 0
  const minutesLeft = time && time.state === 'deliver' ? Math.floor(time.seconds / 60) : undefined
  const askNow =
    topic?.phase === 'deliver' &&
    time !== undefined &&
    (time.state !== 'deliver' || time.seconds <= endingSeconds || (showing && page === deck?.pages))
  return (
    <div className={styles.room} data-state={time?.state}>
      <SkipLink />
      <Time told={told} now={now} />
      <main id="noi-dung" className={styles.main} tabIndex={-1}>
        {told.message !== '' && (
          <p className={styles.message} role="status">
            <b>
              <Trans>Điều hành</Trans>
            </b>
            <span>{told.message}</span>
          </p>
        )}
        {(lost || clicks.waiting > 1) && (
          <p className={styles.message} role="status">
            <span>
              <Trans>Mất mạng: trang chiếu và đồng hồ chạy từ máy này.</Trans>{' '}
              {clicks.waiting > 0 && <Plural value={clicks.waiting} other="# lần lật trang sẽ gửi khi có mạng." />}
            </span>
          </p>
        )}
        <div className={styles.head}>
          <h1>
            {topic ? (
              <>
                <span className={styles.nth}>
                  <Trans>
                    Chuyên đề {topic.nth}/{topic.of}
                  </Trans>
                </span>
                {topic.title}
              </>
            ) : next ? (
              <>
                <span className={styles.nth}>
                  <Trans>Tiếp theo</Trans>
                </span>
                {next.title}
              </>
            ) : (
              <Trans>Bục báo cáo viên</Trans>
            )}
          </h1>
          {showing && deck && (
            <span className="second">
              <Trans>
                Trang {page}/{deck.pages}
              </Trans>
            </span>
          )}
        </div>
        {showing && deck ? (
          <Page
            deck={deck}
            page={page}
            className={styles.current}
            label={t`Trang chiếu ${page} trên ${deck.pages}`}
            big
          />
        ) : (
          <Decks
            told={told}
            chosen={deck?.versionId}
            onShow={(versionId, at) => {
              clicks.turn({ versionId, page: at }, { clickNo: told.clickNo })
              setChosen(undefined)
            }}
          />
        )}
        <ErrorSentence
          refused={clicks.refused ?? move.refused ?? hide.refused}
          words={{ ...slideSays, ...topicSays }}
        />
        <div className={styles.next}>
          {showing && deck && (
            <>
              <Button className={styles.back} disabled={page <= 1} onClick={() => turnTo(page - 1)}>
                <Trans>Trang trước</Trans>
              </Button>
              {page < deck.pages ? (
                <Page deck={deck} page={page + 1} className={styles.nextPage} label={t`Trang tiếp theo: ${page + 1}`} />
              ) : (
                <p className={styles.lastPage}>
                  <Trans>Đây là trang cuối</Trans>
                </p>
              )}
              {!askNow && (
                <p className={styles.pace}>
                  <span className="second">
                    <Trans>Tiếp theo</Trans>
                  </span>
                  <b>
                    <Plural value={pagesLeft} other="Còn # trang" />
                    {minutesLeft !== undefined && (
                      <>
                        , <Plural value={minutesLeft} other="# phút" />
                      </>
                    )}
                  </b>
                  <Button
                    look="bare"
                    small
                    doing={hide.doing}
                    onClick={() => {
                      clicks.forget()
                      void hide.run({ sessionId: session } as never)
                    }}
                  >
                    <Trans>Cất trang chiếu</Trans>
                  </Button>
                </p>
              )}
              <Button className={styles.forward} disabled={page >= deck.pages} onClick={() => turnTo(page + 1)}>
                <span>
                  <Trans>Trang sau</Trans>
                </span>
                <small>
                  <Trans>hoặc bấm bút</Trans>
                </small>
              </Button>
            </>
          )}
          {askNow && topic && (
            <Button
              look={time?.state === 'deliver' ? 'plain' : 'go'}
              className={styles.ask}
              doing={move.doing}
              onClick={toQuestions}
            >
              <Trans>Sang hỏi – đáp</Trans>
            </Button>
          )}
          {topic?.phase === 'questions' && (
            <Button className={styles.ask} doing={move.doing} onClick={() => go(topic.topicId, 'ended')}>
              <Trans>Kết thúc chuyên đề</Trans>
            </Button>
          )}
          {!topic && next?.topicId && (
            <Button className={styles.ask} doing={move.doing} onClick={() => go(next.topicId!, 'deliver')}>
              <Trans>Bắt đầu chuyên đề</Trans>
            </Button>
          )}
        </div>
      </main>
      <aside className={styles.aside}>
        <Questions told={told} />
        <OnStage session={session} told={told} />
      </aside>
      <Toasts />
    </div>
  )
}

/** What was told last is kept on this device, so that a tablet that starts without a line goes on. */
function useKeptTold(sessionId: string, newest: LecternTold | undefined): LecternTold | undefined {
  const [kept, setKept] = useState<LecternTold>()
  const key = `lectern ${sessionId}`
  useEffect(() => {
    let over = false
    void readTold<LecternTold>(key).then((told) => !over && told && setKept((since) => since ?? told))
    return () => {
      over = true
    }
  }, [key])
  useEffect(() => {
    if (newest) void keepTold(key, newest)
  }, [key, newest])
  return newest ?? kept
}

const stateSays = (told: LecternTold) =>
  told.state === 'onAir' ? (
    <Trans>Đang phát</Trans>
  ) : told.state === 'break' ? (
    <Trans>Giải lao</Trans>
  ) : told.state === 'ended' ? (
    <Trans>Đã kết thúc</Trans>
  ) : told.state === 'backstage' ? (
    <Trans>Hậu trường, chưa phát</Trans>
  ) : (
    <Trans>Sân khấu chưa mở</Trans>
  )

function Time({ told, now }: { told: LecternTold; now: Date }) {
  const { t } = useLingui()
  const topic = told.topic?.phase === 'ended' ? undefined : told.topic
  const clock = (at: string) => formatClock(new Date(at))
  const side = (
    <p className={styles.clock}>
      <b className="num">{formatClock(now)}</b>
      <small data-air={told.state === 'onAir' ? '' : undefined}>{stateSays(told)}</small>
    </p>
  )
  if (!topic)
    return (
      <section className={styles.time} aria-label={t`Thời gian`}>
        <p className={styles.left}>{formatClock(now)}</p>
        <p className={styles.words}>
          {told.breakUntil ? (
            <Trans>Giải lao đến {clock(told.breakUntil)}</Trans>
          ) : (
            <Trans>Chưa bắt đầu chuyên đề nào</Trans>
          )}
        </p>
        {side}
      </section>
    )
  const time = lecternTime(topic, now)
  const reserved = Math.round((new Date(topic.endsAt).getTime() - new Date(topic.questionsAt).getTime()) / 60_000)
  const questionMinutes = Math.floor(time.questionSeconds / 60)
  const questionRest = time.questionSeconds % 60
  return (
    <section className={styles.time} aria-label={t`Thời gian`} data-state={time.state}>
      <p className={styles.left}>{formatLeft(time.seconds)}</p>
      <div className={styles.track}>
        <p className={styles.label}>
          <b>
            {time.state === 'deliver' ? (
              <Trans>còn trong phần truyền đạt</Trans>
            ) : time.state === 'over' ? (
              <Trans>đã lấn sang giờ hỏi – đáp</Trans>
            ) : time.state === 'questions' ? (
              <Trans>còn trong giờ hỏi – đáp</Trans>
            ) : (
              <Trans>đã quá giờ của chuyên đề</Trans>
            )}
          </b>
          <span>
            {time.state === 'deliver' ? (
              <Plural value={reserved} other="Hỏi – đáp giữ # phút" />
            ) : time.state === 'over' ? (
              <Trans>
                Hỏi – đáp còn {questionMinutes} phút {questionRest} giây
              </Trans>
            ) : null}
          </span>
        </p>
        <div
          className={styles.bar}
          aria-hidden="true"
          style={{
            gridTemplateColumns: `${Math.max(0.05, time.questionsAtShare)}fr ${Math.max(0.05, 1 - time.questionsAtShare)}fr`,
          }}
        >
          <i>
            <u style={{ width: `${time.usedOfDelivery * 100}%` }} />
          </i>
          <i className={styles.reserved}>
            <u style={{ width: `${time.usedOfQuestions * 100}%` }} />
          </i>
        </div>
        <p className={styles.scale}>
          <span className="num">{clock(topic.beganAt)}</span>
          <span style={{ left: `${Math.min(82, Math.max(18, time.questionsAtShare * 100))}%` }}>
            {time.state === 'deliver' ? (
              <>
                <span className="num">{clock(topic.questionsAt)}</span>{' '}
                <span className={styles.wide}>
                  <Trans>bắt đầu hỏi – đáp</Trans>
                </span>
              </>
            ) : (
              <span className="num">{clock(topic.questionsAt)}</span>
            )}
          </span>
          <span className="num">{clock(topic.endsAt)}</span>
        </p>
      </div>
      {side}
    </section>
  )
}

function Page({
  deck,
  page,
  className,
  label,
  big = false,
}: {
  deck: LecternTold['decks'][number]
  page: number
  className: string | undefined
  label: string
  big?: boolean
}) {
  const slide = useMemo(
    () => ({ versionId: deck.versionId, page, prefix: deck.prefix }),
    [deck.versionId, deck.prefix, page],
  )
  const picture = useSlidePicture(slide)
  const ratio = deck.width > 0 && deck.height > 0 ? `${deck.width} / ${deck.height}` : '16 / 9'
  return (
    <div className={className} style={{ aspectRatio: ratio }}>
      {picture ? (
        <img src={picture.url} alt={label} data-old={picture.page === page ? undefined : ''} />
      ) : (
        <p className="second">{big ? <Trans>Đang tải trang {page}…</Trans> : '…'}</p>
      )}
    </div>
  )
}

/** No page is shown: which deck, or a plain clock when there is none. */
function Decks({
  told,
  chosen,
  onShow,
}: {
  told: LecternTold
  chosen: string | undefined
  onShow: (versionId: string, page: number) => void
}) {
  const { t } = useLingui()
  const open = told.state === 'backstage' || told.state === 'onAir' || told.state === 'break'
  if (told.decks.length === 0)
    return (
      <div className={styles.none}>
        <p>
          <Trans>Chưa có tập trang chiếu nào. Đồng hồ vẫn chạy; ban tổ chức tải tài liệu lên thì tập hiện ở đây.</Trans>
        </p>
      </div>
    )
  return (
    <section className={styles.decks} aria-label={t`Tập trang chiếu`}>
      <p className="second">
        {open ? (
          <Trans>Chọn tập để chiếu từ trang một.</Trans>
        ) : (
          <Trans>Sân khấu chưa mở. Chọn tập được khi phòng điều khiển mở sân khấu.</Trans>
        )}
      </p>
      <ul>
        {told.decks.map((deck) => (
          <li key={deck.versionId}>
            <button
              type="button"
              disabled={!open}
              aria-current={deck.versionId === chosen || undefined}
              onClick={() => onShow(deck.versionId, 1)}
            >
              <Page deck={deck} page={1} className={styles.cover} label="" />
              <span>
                <b>{deck.title}</b>
                <span className="second">
                  <Plural value={deck.pages} other="# trang" />
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Who waits and who speaks. Written questions have their place here. */
function Questions({ told }: { told: LecternTold }) {
  const { topic } = told
  const opens = topic?.phase === 'deliver' ? formatClock(new Date(topic.questionsAt)) : undefined
  return (
    <section className={styles.questions}>
      <div className={styles.over}>
        <h2>
          <Trans>Câu hỏi</Trans>
        </h2>
        <span>
          {told.hands > 0 ? <Plural value={told.hands} other="# nơi giơ tay" /> : <Trans>chưa ai giơ tay</Trans>}
        </span>
      </div>
      {told.speaking.length > 0 && (
        <ul>
          {told.speaking.map(({ unit, until }) => (
            <li key={unit}>
              <span className={styles.nth}>
                <Trans>Đang hỏi trực tiếp</Trans>
              </span>
              <b>{unit}</b>
              {until && (
                <span className="second">
                  <Trans>đến {formatClock(new Date(until))}</Trans>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <p className="second">
        {opens ? (
          <Trans>Câu hỏi mở từ {opens}.</Trans>
        ) : topic?.phase === 'questions' ? (
          <Trans>Người điều hành mời từng nơi. Tiếng mở thì đồng chí nghe được.</Trans>
        ) : (
          <Trans>Câu hỏi mở khi chuyên đề sang phần hỏi – đáp.</Trans>
        )}
      </p>
    </section>
  )
}
