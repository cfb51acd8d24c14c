import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { formatClock } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import { Go, goTo } from '../../../platform/web/route.tsx'
import { Button, Card, ErrorSentence, LightPage, Section, TextField } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { isWeakPin } from '../rules.ts'
import { Opening } from './Opening.tsx'
import { Form } from './SignIn.tsx'
import { wayBack } from './wayBack.ts'

const saySet = {
  pinAlreadySet: msg`Mã PIN đã được đặt trước đó. Đồng chí nhập mã ấy; quên thì nhờ bí thư chi bộ đặt lại.`,
  weakPin: msg`Mã này dễ đoán quá. Đồng chí chọn sáu số khác, đừng dùng dãy liền nhau hay lặp lại.`,
} satisfies WordsFor<typeof contract.setPin>
const sayPin = {
  wrongPin: msg`Mã PIN chưa đúng. Đồng chí gõ lại; sai năm lần thì phải chờ một giờ.`,
  noPin: msg`Đồng chí chưa đặt mã PIN. Đồng chí tải lại trang để đặt.`,
  tooManyTries: msg({
    message: 'Đã sai quá số lần cho phép. Đồng chí chờ {minutes} phút, hoặc nhờ bí thư chi bộ xác nhận trực tiếp.',
  }),
} satisfies WordsFor<typeof contract.confirmPin>

const leave = () => goTo(wayBack(location.search, '/toi'), { replace: true })

/** Makes an entered session a confirmed one: a PIN, or the cell secretary face to face. */
export function Confirm() {
  const [waitingForSecretary, setWaiting] = useState(false)
  // While the secretary types the code, the page asks whether she has.
  const {
    value: me,
    waiting,
    refused,
    again,
  } = useAnswer(contract.me, {}, waitingForSecretary ? { everyMs: 3_000 } : {})
  const confirmed = me?.assurance === 'confirmed'
  useEffect(() => {
    if (confirmed) leave()
  }, [confirmed])
  return (
    <LightPage>
      <p>
        <Go href="/toi">
          <Trans>‹ Trang của tôi</Trans>
        </Go>
      </p>
      {waiting && <Opening />}
      <ErrorSentence refused={refused} again={again} />
      {me && me.kind !== 'member' && (
        <p>
          <Trans>Trang này dành cho đảng viên vào bằng đường dẫn riêng. Đồng chí mở lại đường dẫn chi bộ đã gửi.</Trans>
        </p>
      )}
      {me?.kind === 'member' && !confirmed && (
        <>
          {me.pinSet ? <AskPin /> : <SetPin />}
          <FaceToFaceCode onShown={() => setWaiting(true)} />
        </>
      )}
    </LightPage>
  )
}

const digits = (typed: string) => typed.replace(/\D/g, '').slice(0, 6)

function SetPin() {
  const { t } = useLingui()
  const set = useOperation(contract.setPin, { done: leave })
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const weak = pin.length === 6 && isWeakPin(pin)
  const differ = again.length === 6 && again !== pin
  const good = pin.length === 6 && !weak && again === pin
  return (
    <Form
      title={<Trans>Đặt mã PIN của đồng chí</Trans>}
      under={
        <Trans>
          Sáu số, đặt một lần. Lần sau vào từ máy khác, trang sẽ hỏi mã này, để không ai khác đọc được dữ liệu và bài
          của đồng chí.
        </Trans>
      }
      onSend={() => good && void set.run({ pin })}
    >
      <TextField
        label={t`Mã PIN mới`}
        error={weak ? t`Mã này dễ đoán quá, đồng chí chọn sáu số khác.` : undefined}
        type="password"
        inputMode="numeric"
        autoComplete="new-password"
        required
        value={pin}
        onChange={(event) => setPin(digits(event.target.value))}
      />
      <TextField
        label={t`Gõ lại mã PIN`}
        error={differ ? t`Hai lần gõ chưa giống nhau.` : undefined}
        type="password"
        inputMode="numeric"
        autoComplete="new-password"
        required
        value={again}
        onChange={(event) => setAgain(digits(event.target.value))}
      />
      <ErrorSentence refused={set.refused} words={saySet} />
      <Button look="go" wide type="submit" doing={set.doing} disabled={!good}>
        <Trans>Đặt mã PIN</Trans>
      </Button>
    </Form>
  )
}

function AskPin() {
  const { t } = useLingui()
  const confirm = useOperation(contract.confirmPin, { done: leave })
  const [pin, setPin] = useState('')
  return (
    <Form
      title={<Trans>Nhập mã PIN</Trans>}
      under={<Trans>Máy này chưa được xác nhận. Đồng chí nhập mã sáu số đã đặt lần trước.</Trans>}
      onSend={() => void confirm.run({ pin })}
    >
      <TextField
        label={t`Mã PIN`}
        type="password"
        inputMode="numeric"
        autoComplete="current-password"
        required
        value={pin}
        onChange={(event) => setPin(digits(event.target.value))}
      />
      <ErrorSentence refused={confirm.refused} words={sayPin} />
      <Button look="go" wide type="submit" doing={confirm.doing} disabled={pin.length !== 6}>
        <Trans>Xác nhận</Trans>
      </Button>
    </Form>
  )
}

function FaceToFaceCode({ onShown }: { onShown: () => void }) {
  const ask = useOperation(contract.askFaceToFace, { refresh: [], done: onShown })
  const until = ask.value ? formatClock(new Date(ask.value.until)) : ''
  return (
    <Section title={<Trans>Hoặc gặp bí thư chi bộ</Trans>}>
      {ask.value ? (
        <Card now>
          <div className="stack" data-gap="s">
            <p>
              <Trans>Đồng chí đưa mã này cho bí thư chi bộ nhập. Trang tự mở khi xong. Mã dùng đến {until}.</Trans>
            </p>
            <p className="num" role="status" style={{ fontSize: '2.4rem', letterSpacing: '0.2em' }}>
              {ask.value.code}
            </p>
          </div>
        </Card>
      ) : (
        <div className="stack">
          <p>
            <Trans>Khi ngồi cùng bí thư chi bộ, đồng chí có thể nhờ xác nhận trực tiếp, không cần mã PIN.</Trans>
          </p>
          <ErrorSentence refused={ask.refused} />
          <p>
            <Button doing={ask.doing} onClick={() => void ask.run({})}>
              <Trans>Lấy mã đưa bí thư</Trans>
            </Button>
          </p>
        </div>
      )}
    </Section>
  )
}
