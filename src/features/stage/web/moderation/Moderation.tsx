import { Trans, useLingui } from '@lingui/react/macro'
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { useAnswer } from '../../../../platform/web/answers.ts'
import { useNow, useTopic } from '../../../../platform/web/live.ts'
import type { Words } from '../../../../platform/web/refusals.tsx'
import {
  Brand,
  Button,
  ButtonLink,
  ConfirmDialog,
  ErrorSentence,
  LiveLine,
  Note,
  OfflineBanner,
  Preferences,
  Section,
  Segments,
  SkipLink,
  Status,
  TextField,
  Toasts,
  WaitingLines,
} from '../../../../platform/web/ui/light/index.ts'
import type { Hand } from '../../contract.ts'
import * as contract from '../../contract.ts'
import { countdown, lateMinutes, moved } from '../../wall.ts'
import { clock, clockWithSeconds } from '../control/clock.ts'
import { AddCaller, Messages, Parts } from '../control/Parts.tsx'
import { useDeeds } from '../control/useDeeds.ts'
import { handKindWord, lineWord, says, stateWord } from '../control/words.ts'
import look from './Moderation.module.css'
import { OwnLine } from './OwnLine.tsx'

type Snapshot = z.output<typeof contract.queue.snapshot>
const turnMinutes = ['1', '2', '3', '5'] as const

/** One queue for halls, members and telephone: who comes next, who speaks, how long, and what is said to whom. */
export function Moderation({ session }: { session: string }) {
  const { t, i18n } = useLingui()
  const view = useTopic(contract.queue, { sessionId: session as never })
  const mine = useAnswer(contract.myStages, {}, { staleMs: 60_000 })
  const stage = mine.value?.stages.find((one) => one.sessionId === session)
  const { act, trouble, forgetTrouble } = useDeeds()
  const [minutes, setMinutes] = useState('3')
  const snapshot = view.snapshot
  if (view.refused !== undefined && snapshot === undefined)
    return (
      <main className={`${look.narrow} stack`}>
        <h1>
          <Trans>Chưa vào được phòng điều hành</Trans>
        </h1>
        <ErrorSentence refused={view.refused} />
        <p>
          <ButtonLink href="/dieu-hanh">
            <Trans>Về danh sách buổi họp</Trans>
          </ButtonLink>
        </p>
      </main>
    )
  return (
    <>
      <SkipLink />
      <OfflineBanner />
      <header className={look.bar}>
        <Brand href="/dieu-hanh" />
        <div className={look.barWords}>
          {stage && (
            <span className={look.session}>
              {stage.sessionName}, {stage.conferenceName}
            </span>
          )}
          {snapshot && (
            <Status tone={snapshot.state === 'onAir' ? 'ok' : snapshot.state === 'closed' ? 'off' : 'wait'}>
              {i18n._(stateWord[snapshot.state])}
            </Status>
          )}
          <Clock />
        </div>
      </header>
      <main id="noi-dung" className={look.page} tabIndex={-1}>
        <div className={look.head}>
          <h1>
            <Trans>Điều hành phát biểu</Trans>
          </h1>
          {view.line !== 'live' && <LiveLine view={view} />}
        </div>
        {trouble && (
          <div className="row">
            <ErrorSentence refused={trouble.refusal} words={trouble.words} />
            <Button small onClick={forgetTrouble}>
              <Trans>Đã rõ</Trans>
            </Button>
          </div>
        )}
        {snapshot === undefined ? (
          <WaitingLines lines={5} label={t`Đang lấy hàng chờ`} />
        ) : (
          <div className={look.columns}>
            <div className={look.side}>
              <Now snapshot={snapshot} sessionId={session} act={act} />
              <Speaking snapshot={snapshot} sessionId={session} act={act} />
            </div>
            <div className={look.queue}>
              <Section
                title={<Trans>Hàng chờ</Trans>}
                aside={
                  <Segments
                    label={t`Mỗi lượt`}
                    value={minutes}
                    onChange={setMinutes}
                    tabs={turnMinutes.map((key) => ({ key, label: t`${key} phút` }))}
                  />
                }
              >
                {snapshot.state === 'closed' && (
                  <Note tone="still">
                    <Trans>Sân khấu chưa mở. Khi đạo diễn mở sân khấu, các điểm cầu giơ tay được.</Trans>
                  </Note>
                )}
                <Waiting hands={snapshot.hands} seconds={Number(minutes) * 60} sessionId={session} act={act} />
              </Section>
              <Section title={<Trans>Thêm người gọi điện</Trans>}>
                <AddCaller sessionId={session} act={act} queue />
              </Section>
            </div>
            <div className={look.rest}>
              <OwnLine sessionId={session} open={snapshot.state !== 'closed' && snapshot.state !== 'ended'} />
              <Section title={<Trans>Trên sân khấu</Trans>}>
                <Parts sessionId={session} parts={snapshot.parts.filter((part) => part.state !== 'left')} act={act} />
              </Section>
              <Section title={<Trans>Nhắn</Trans>}>
                <Messages sessionId={session} messages={{ lectern: snapshot.message, halls: undefined }} act={act} />
              </Section>
            </div>
          </div>
        )}
      </main>
      <Preferences />
      <Toasts />
    </>
  )
}
type Act = ReturnType<typeof useDeeds>['act']
type Part = { snapshot: Snapshot; sessionId: string; act: Act }

const Clock = () => <span className={look.clock}>{clockWithSeconds(useNow(500))}</span>

/** The topic that runs and its minutes; question minutes are reserved and stay so. */
function Now({ snapshot, sessionId, act }: Part) {
  const { t } = useLingui()
  const now = useNow(1_000)
  const { topic, run, state } = snapshot
  const late = lateMinutes(run, now) ?? 0
  const move = (topicId: string, to: 'deliver' | 'questions' | 'ended') =>
    void act(contract.moveTopic, { sessionId, topicId, to }, says.moveTopic)
  const next = run.find((item) => item.kind === 'deliver' && item.topicId && item.realFrom === undefined)
  const nextTitle = next?.title ?? ''
  const open = state === 'onAir' || state === 'break' || state === 'backstage'
  if (!topic || topic.phase === 'ended')
    return (
      <section className="card stack" data-gap="s" aria-label={t`Chuyên đề`}>
        <p className="second">
          {next ? (
            <Trans>Chưa có chuyên đề nào đang chạy. Tiếp theo: {nextTitle}</Trans>
          ) : (
            <Trans>Không còn chuyên đề nào.</Trans>
          )}
        </p>
        {next?.topicId && open && (
          <Button wide onClick={() => move(next.topicId!, 'deliver')}>
            <Trans>Bắt đầu chuyên đề</Trans>
          </Button>
        )}
      </section>
    )
  const due = Date.parse(topic.phase === 'deliver' ? topic.questionsAt : topic.endsAt)
  const over = due < now.getTime()
  const left = countdown(due, now).replace('−', '')
  const at = clock(due)
  const { nth, of, speaker } = topic
  return (
    <section className="card stack" data-gap="s" aria-label={t`Chuyên đề`}>
      <p className="second">
        <Trans>
          Chuyên đề {nth}/{of}
        </Trans>
        {late > 0 && (
          <span className="gold">
            {' '}
            <Trans>chậm {late} phút</Trans>
          </span>
        )}
      </p>
      <h2 className={look.topic}>{topic.title}</h2>
      <p>{speaker}</p>
      <p className={look.left} data-over={over ? '' : undefined}>
        <b>{left}</b>{' '}
        <span>
          {topic.phase === 'deliver' ? (
            over ? (
              <Trans>quá giờ, hỏi – đáp lẽ ra từ {at}</Trans>
            ) : (
              <Trans>đến hỏi – đáp lúc {at}</Trans>
            )
          ) : over ? (
            <Trans>quá giờ hỏi – đáp</Trans>
          ) : (
            <Trans>hỏi – đáp đến {at}</Trans>
          )}
        </span>
      </p>
      <div className="row">
        {topic.phase === 'deliver' && (
          <Button onClick={() => move(topic.topicId, 'questions')}>
            <Trans>Sang hỏi – đáp</Trans>
          </Button>
        )}
        <Button look="bare" onClick={() => move(topic.topicId, 'ended')}>
          <Trans>Kết thúc chuyên đề</Trans>
        </Button>
      </div>
    </section>
  )
}

/** Called or speaking: how long each still has, and what comes after. */
function Speaking({ snapshot, sessionId, act }: Part) {
  const { t } = useLingui()
  const now = useNow(1_000)
  const speaking = snapshot.hands.filter(({ state }) => state === 'onAir' || state === 'called')
  const finish = (hand: Hand, as: 'done' | 'waiting') =>
    void act(contract.finishHand, { sessionId, handId: hand.handId, as }, says.finishHand)
  return (
    <Section title={<Trans>Đang mời</Trans>}>
      {speaking.length === 0 && (
        <p className="second">
          <Trans>Chưa mời ai.</Trans>
        </p>
      )}
      <ul className="stack" data-gap="s">
        {speaking.map((hand) => {
          const part = snapshot.parts.find((one) => one.partId === hand.partId)
          const until = hand.until ?? part?.until
          const over = until !== undefined && Date.parse(until) < now.getTime()
          const left = until === undefined ? '' : countdown(Date.parse(until), now).replace('−', '')
          const name = hand.name
          return (
            <li key={hand.handId} className="card stack" data-gap="s">
              <div className={look.speaker}>
                <div>
                  <b>{hand.name}</b>
                  {hand.unit && <span className="second"> {hand.unit}</span>}
                  {hand.about && <p className="small">{hand.about}</p>}
                </div>
                {hand.state === 'onAir' && left && (
                  <span className={look.turn} data-over={over ? '' : undefined}>
                    <small>{over ? <Trans>quá</Trans> : <Trans>còn</Trans>}</small> {left}
                  </span>
                )}
              </div>
              <Status tone={hand.state === 'onAir' ? 'ok' : part?.connected ? 'wait' : 'off'}>
                {hand.state === 'onAir' ? (
                  <Trans>Đang phát</Trans>
                ) : part?.connected ? (
                  <Trans>Đã vào hậu trường, chờ đạo diễn đưa lên</Trans>
                ) : (
                  <Trans>Đang chuẩn bị, chưa nối</Trans>
                )}
              </Status>
              <div className="row">
                {hand.state === 'onAir' && (
                  <Button small onClick={() => finish(hand, 'done')} aria-label={t`Cảm ơn ${name}, hết lượt`}>
                    <Trans>Cảm ơn</Trans>
                  </Button>
                )}
                {hand.state === 'onAir' && part && (
                  <Button
                    small
                    aria-label={t`Thêm 1 phút cho ${name}`}
                    onClick={() =>
                      act(
                        contract.setMicrophone,
                        {
                          sessionId,
                          partId: part.partId,
                          open: true,
                          seconds: Math.max(
                            60,
                            60 + Math.round((Date.parse(until ?? now.toISOString()) - now.getTime()) / 1_000),
                          ),
                        },
                        says.setMicrophone,
                      )
                    }
                  >
                    <Trans>Thêm 1 phút</Trans>
                  </Button>
                )}
                <Button
                  small
                  look="bare"
                  onClick={() => finish(hand, 'waiting')}
                  aria-label={t`Để lại hàng chờ: ${name}`}
                >
                  <Trans>Để lại hàng chờ</Trans>
                </Button>
              </div>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

/** Those who wait. The order is changed by dragging the handle, by the arrows on it, or by the two buttons. */
function Waiting({
  hands,
  seconds,
  sessionId,
  act,
}: {
  hands: readonly Hand[]
  seconds: number
  sessionId: string
  act: Act
}) {
  const { t, i18n } = useLingui()
  const waiting = hands.filter(({ state }) => state === 'waiting')
  // My own order until the server's says the same, so that nothing jumps back under the finger.
  const [order, setOrder] = useState<readonly string[]>()
  const [dragged, setDragged] = useState<string>()
  const [told, setTold] = useState('')
  const [declining, setDeclining] = useState<Hand>()
  const [words, setWords] = useState('')
  const list = useRef<HTMLOListElement>(null)
  const server = waiting.map(({ handId }) => handId).join(' ')
  useEffect(() => {
    if (order === undefined || dragged !== undefined) return
    if (order.join(' ') === server) return setOrder(undefined)
    const timer = setTimeout(() => setOrder(undefined), 4_000)
    return () => clearTimeout(timer)
  }, [order, server, dragged])
  const rank = (handId: string) => {
    const at = order?.indexOf(handId) ?? -1
    return at < 0 ? 10_000 : at
  }
  const shown = order ? waiting.toSorted((a, b) => rank(a.handId) - rank(b.handId)) : waiting
  const send = useCallback(
    (handIds: readonly string[]) =>
      void act(contract.orderHands, { sessionId, handIds: [...handIds] }, says.orderHands),
    [act, sessionId],
  )
  const move = (from: number, to: number) => {
    const hand = shown[from]
    if (!hand || to < 0 || to >= shown.length || to === from) return
    const next = moved(shown, from, to).map(({ handId }) => handId)
    const place = to + 1
    const all = shown.length
    const name = hand.name
    setOrder(next)
    setTold(t`${name}: thứ ${place} trên ${all}`)
    send(next)
  }
  const onKey = (event: KeyboardEvent, from: number) => {
    const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: shown.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    move(from, to)
  }
  const onDrag = (event: PointerEvent, handId: string) => {
    if (dragged !== handId || !list.current) return
    const rows = [...list.current.children]
    const from = shown.findIndex((hand) => hand.handId === handId)
    const to = rows.findIndex((row) => {
      const box = row.getBoundingClientRect()
      return event.clientY >= box.top && event.clientY < box.bottom
    })
    if (to < 0 || to === from) return
    setOrder(moved(shown, from, to).map((hand) => hand.handId))
  }
  const drop = (handId: string) => {
    if (dragged !== handId) return
    setDragged(undefined)
    const place = shown.findIndex((hand) => hand.handId === handId) + 1
    const name = shown[place - 1]?.name ?? ''
    const all = shown.length
    setTold(t`${name}: thứ ${place} trên ${all}`)
    send(shown.map((hand) => hand.handId))
  }
  const decliningName = declining?.name ?? ''
  const line = (word: string | undefined) => {
    const words = (lineWord as Partial<Record<string, Words>>)[word ?? '']
    return words ? ` · ${t`đường truyền`} ${i18n._(words).toLowerCase()}` : ''
  }
  return (
    <>
      {shown.length === 0 && (
        <p className="second">
          <Trans>Chưa ai giơ tay.</Trans>
        </p>
      )}
      <ol className={look.hands} ref={list}>
        {shown.map((hand, at) => {
          const raised = clock(hand.raisedAt)
          const name = hand.name
          const place = at + 1
          return (
            <li key={hand.handId} data-dragged={dragged === hand.handId ? '' : undefined}>
              <button
                type="button"
                className={look.handle}
                aria-label={t`Đổi chỗ ${name}, đang thứ ${place}. Dùng phím mũi tên lên, xuống.`}
                onKeyDown={(event) => onKey(event, at)}
                onPointerDown={(event) => {
                  if (event.button !== 0) return
                  event.currentTarget.setPointerCapture(event.pointerId)
                  setDragged(hand.handId)
                }}
                onPointerMove={(event) => onDrag(event, hand.handId)}
                onPointerUp={() => drop(hand.handId)}
                onPointerCancel={() => {
                  setDragged(undefined)
                  setOrder(undefined)
                }}
              >
                <span aria-hidden="true">⠿</span>
                <b>{place}</b>
              </button>
              <div className={look.who}>
                <b>{name}</b>
                <span className="second small">
                  {i18n._(handKindWord[hand.kind])}
                  {hand.unit && ` · ${hand.unit}`} · <Trans>giơ tay {raised}</Trans>
                  {line(hand.line)}
                </span>
                {hand.about && <p>{hand.about}</p>}
              </div>
              <div className={look.verbs}>
                <span className={look.steps}>
                  <Button small disabled={at === 0} onClick={() => move(at, at - 1)} aria-label={t`Đưa ${name} lên`}>
                    ↑
                  </Button>
                  <Button
                    small
                    disabled={at === shown.length - 1}
                    onClick={() => move(at, at + 1)}
                    aria-label={t`Đưa ${name} xuống`}
                  >
                    ↓
                  </Button>
                </span>
                <Button
                  small
                  look="bare"
                  onClick={() => {
                    setWords('')
                    setDeclining(hand)
                  }}
                  aria-label={t`Chưa mời lúc này: ${name}`}
                >
                  <Trans>Chưa mời lúc này</Trans>
                </Button>
                <Button
                  small
                  look={at === 0 ? 'go' : 'plain'}
                  onClick={() => act(contract.callHand, { sessionId, handId: hand.handId, seconds }, says.callHand)}
                  aria-label={t`Mời ${name}`}
                >
                  <Trans>Mời</Trans>
                </Button>
              </div>
            </li>
          )
        })}
      </ol>
      <p className="sr" role="status">
        {told}
      </p>
      <ConfirmDialog
        open={declining !== undefined}
        title={<Trans>Chưa mời {decliningName}</Trans>}
        verb={<Trans>Gửi và cất lượt này</Trans>}
        onClose={() => setDeclining(undefined)}
        onConfirm={async () => {
          const handId = declining!.handId
          setDeclining(undefined)
          await act(contract.finishHand, { sessionId, handId, as: 'declined', words }, says.finishHand)
        }}
      >
        <p>
          <Trans>Nơi giơ tay đọc thấy câu này ngay.</Trans>
        </p>
        <TextField
          label={t`Lời nhắn`}
          maxLength={200}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <div className="row">
          {[t`Hết giờ hỏi, xin gửi câu hỏi bằng văn bản`, t`Câu này vừa được trả lời`, t`Xin mời ở chuyên đề sau`].map(
            (one) => (
              <Button small key={one} onClick={() => setWords(one)}>
                {one}
              </Button>
            ),
          )}
        </div>
      </ConfirmDialog>
    </>
  )
}
