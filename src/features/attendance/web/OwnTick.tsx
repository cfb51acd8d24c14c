import { Trans, useLingui } from '@lingui/react/macro'
import { type FormEvent, useId, useState } from 'react'
import { newId } from '../../../kernel/id.ts'
import { addMinutes, formatClock } from '../../../kernel/time.ts'
import { call, type Refusal, type ValueOf } from '../../../platform/web/client.ts'
import { Button, Card, ErrorSentence, Note } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { claim } from './clock.ts'
import styles from './member.module.css'
import { put, useOutbox } from './outbox.ts'
import { checkInSays } from './words.ts'

type Point = ValueOf<typeof contract.myPresence>['checkpoints'][number]
const digits = 6

/** The spoken code, typed once. Without a line it is kept with the moment it was typed, and sent later. */
export function OwnTick({
  point,
  personId,
  inHall,
  onDone,
}: {
  point: Point
  personId: string
  inHall: boolean
  onDone: () => void
}) {
  const [unfolded, setUnfolded] = useState(!inHall)
  const { waiting } = useOutbox()
  const until = formatClock(addMinutes(new Date(point.closesAt), 15))
  const isKept = waiting.some(({ kind, input }) => kind === 'checkIn' && input.checkpointId === point.checkpointId)
  if (isKept)
    return (
      <Note>
        <Trans>Mã của mốc «{point.name}» đang giữ trong máy. Có mạng là tự gửi, giờ tính là lúc đồng chí nhập.</Trans>
      </Note>
    )
  if (!unfolded)
    return (
      <Card now>
        <p className="gold">
          <Trans>Việc cần làm bây giờ</Trans>
        </p>
        <h2>
          <Trans>Đưa giấy vào cửa để quét</Trans>
        </h2>
        <p>
          <Trans>
            Mốc «{point.name}» đang mở, nhận đến {until}.
          </Trans>
        </p>
        <p>
          <Button look="bare" onClick={() => setUnfolded(true)}>
            <Trans>Không đến được, dự trên máy của mình</Trans>
          </Button>
        </p>
      </Card>
    )
  return (
    <Card now>
      <p className="gold">
        <Trans>Việc cần làm bây giờ</Trans>
      </p>
      <h2>
        <Trans>Nhập mã có mặt «{point.name}»</Trans>
      </h2>
      <p>
        <Trans>Mã sáu số được đọc và chiếu trong một phút. Mốc nhận đến {until}.</Trans>
      </p>
      <CodeForm point={point} personId={personId} onDone={onDone} />
    </Card>
  )
}

function CodeForm({ point, personId, onDone }: { point: Point; personId: string; onDone: () => void }) {
  const { t } = useLingui()
  const [code, setCode] = useState('')
  const [doing, setDoing] = useState(false)
  const [refused, setRefused] = useState<Refusal>()
  const id = useId()
  const left = refused?.refused === 'wrongCode' ? Number(refused.detail?.left ?? 0) : undefined
  async function send(event: FormEvent) {
    event.preventDefault()
    if (code.length < digits || doing) return
    const input = {
      arrivalId: newId(),
      checkpointId: point.checkpointId,
      personId,
      evidence: 'ownTick',
      proof: code,
      ...claim(),
    }
    setDoing(true)
    const answer = await call(contract.checkIn, input as never, { tries: 2, timeoutMs: 10_000 })
    setDoing(false)
    if (answer.ok) {
      setRefused(undefined)
      return onDone()
    }
    if (answer.refused === 'offline' || answer.refused === 'busy')
      return put('checkIn', input, t`Mã có mặt ${point.name}`, personId)
    setRefused(answer)
    setCode('')
  }
  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <div className={styles.code}>
        <label className="sr" htmlFor={id}>
          <Trans>Mã có mặt, sáu chữ số</Trans>
        </label>
        <input
          id={id}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          aria-invalid={refused !== undefined || undefined}
          onChange={(event) => setCode(event.target.value.replace(/\D/g, '').slice(0, digits))}
        />
        <span className={styles.boxes} aria-hidden="true">
          {Array.from({ length: digits }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the boxes are their places
            <span key={at} data-now={at === Math.min(code.length, digits - 1) ? '' : undefined}>
              {code[at] ?? ''}
            </span>
          ))}
        </span>
      </div>
      <ErrorSentence refused={refused} words={checkInSays} />
      {left !== undefined && left > 0 && (
        <p>
          <Trans>Còn {left} lần nhập ở mốc này.</Trans>
        </p>
      )}
      <Button type="submit" look="go" wide big doing={doing} disabled={code.length < digits}>
        <Trans>Xác nhận có mặt</Trans>
      </Button>
    </form>
  )
}
