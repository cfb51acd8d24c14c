import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { newId } from '../../../kernel/id.ts'
import { formatClock } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ButtonLink,
  Card,
  ErrorSentence,
  Section,
  Status,
  TextField,
} from '../../../platform/web/ui/light/index.ts'
import { lowerMyHand, myHand, raiseMyHand } from '../../stage/contract.ts'
import { speakHref } from './paths.ts'

export type MyHandNow = NonNullable<ValueOf<typeof myHand>['hand']>
const raiseSays = {
  notOpen: msg`Lúc này chưa nhận giơ tay. Khi hội nghị đang họp, đồng chí giơ lại.`,
  notSummoned: msg`Đồng chí không có tên trong buổi này nên chưa giơ tay được.`,
  tooManyHands: msg`Đồng chí đã giơ tay rồi. Tay trước vẫn đang chờ.`,
} satisfies WordsFor<typeof raiseMyHand>
const isUp = (hand: MyHandNow | undefined) => hand !== undefined && ['waiting', 'called', 'onAir'].includes(hand.state)
const askAgainMs = 12_000

/** Where my hand stands. Only whoever has one up keeps asking; `news` is whatever moves when the queue does. */
export function useMyHand(sessionId: string, mayRaise: boolean, news: unknown) {
  const [up, setUp] = useState(false)
  const asked = useAnswer(
    myHand,
    mayRaise && { sessionId: sessionId as never },
    up ? { everyMs: askAgainMs, staleMs: 0 } : { staleMs: 60_000 },
  )
  const hand = asked.value?.hand
  useEffect(() => setUp(isUp(hand)), [hand])
  const { again } = asked
  // biome-ignore lint/correctness/useExhaustiveDependencies: the queue moved
  useEffect(() => {
    if (!up) return
    const timer = setTimeout(again, 1_000 * Math.random())
    return () => clearTimeout(timer)
  }, [news])
  return { hand, again }
}

/** She was called, or is on air: the one thing to do now. */
export function MyTurn({ sessionId, hand }: { sessionId: string; hand: MyHandNow | undefined }) {
  if (hand?.state !== 'called' && hand?.state !== 'onAir') return null
  return (
    <Card now role="status" className="stack" data-gap="s">
      <p className="gold">
        <Trans>Việc cần làm bây giờ</Trans>
      </p>
      <h2>{hand.state === 'onAir' ? <Trans>Đồng chí đang lên sóng</Trans> : <Trans>Mời đồng chí phát biểu</Trans>}</h2>
      <p>
        <Trans>
          Trang sau mở máy ảnh và micro của máy này. Đồng chí xem hình mình trước, người điều hành mở tiếng khi đến
          lượt.
        </Trans>
      </p>
      <ButtonLink look="go" big wide href={speakHref(sessionId)}>
        <Trans>Thử máy và vào phát biểu</Trans>
      </ButtonLink>
    </Card>
  )
}

/** Raising it, and its place in the queue. */
export function MyHand({
  sessionId,
  hand,
  open,
  again,
}: {
  sessionId: string
  hand: MyHandNow | undefined
  open: boolean
  again: () => void
}) {
  const { t } = useLingui()
  const [about, setAbout] = useState('')
  const raise = useOperation(raiseMyHand, { refresh: [myHand] })
  const lower = useOperation(lowerMyHand, { refresh: [myHand] })
  // One id until it is answered: a second press over a bad line is the same hand.
  const [handId, setHandId] = useState(() => newId())
  const place = hand?.place ?? 0
  const clock = hand ? formatClock(new Date(hand.raisedAt)) : ''
  const ended = hand?.state === 'declined' || hand?.state === 'done'
  async function up() {
    const answer = await raise.run({ sessionId: sessionId as never, handId: handId as never, about })
    if (!answer.ok) return
    setHandId(newId())
    setAbout('')
    again()
  }
  if (!open && !isUp(hand)) return null
  return (
    <Section title={<Trans>Xin phát biểu</Trans>} id="gio-tay">
      <div className="stack">
        {hand && isUp(hand) ? (
          <>
            <Status tone={hand.state === 'waiting' ? 'wait' : 'ok'} said>
              {hand.state === 'waiting' ? (
                <Trans>Đồng chí đang giơ tay, thứ {place} trong hàng</Trans>
              ) : hand.state === 'called' ? (
                <Trans>Đã mời đồng chí</Trans>
              ) : (
                <Trans>Đồng chí đang lên sóng</Trans>
              )}
            </Status>
            {hand.state === 'waiting' && (
              <>
                <p className="second">
                  <Trans>Giơ tay lúc {clock}. Đến lượt, lời mời hiện ở đầu trang này.</Trans>
                </p>
                <ErrorSentence refused={lower.refused} />
                <Button
                  doing={lower.doing}
                  onClick={() =>
                    void lower.run({ sessionId: sessionId as never, handId: hand.handId as never }).then(again)
                  }
                >
                  <Trans>Hạ tay</Trans>
                </Button>
              </>
            )}
          </>
        ) : (
          <>
            {ended && hand && (
              <Status tone="still">
                {hand.state === 'done' ? (
                  <Trans>Đồng chí đã phát biểu</Trans>
                ) : (
                  <Trans>Lần này chưa mời được đồng chí</Trans>
                )}
                {hand.words && <span className="second"> · {hand.words}</span>}
              </Status>
            )}
            <TextField
              label={t`Về việc gì (không bắt buộc)`}
              value={about}
              maxLength={200}
              onChange={(event) => setAbout(event.target.value)}
            />
            <p className="second">
              <Trans>
                Giơ tay thì người điều hành và đạo diễn thấy tên và đơn vị của đồng chí. Người xem không thấy.
              </Trans>
            </p>
            <ErrorSentence refused={raise.refused} words={raiseSays} />
            <div>
              <Button doing={raise.doing} onClick={() => void up()}>
                <Trans>Giơ tay</Trans>
              </Button>
            </div>
          </>
        )}
      </div>
    </Section>
  )
}
