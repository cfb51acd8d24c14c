import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { formatClock } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { call } from '../../../platform/web/client.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ButtonLink,
  Card,
  Choice,
  ErrorSentence,
  LightPage,
  Note,
  Section,
  TextField,
} from '../../../platform/web/ui/light/index.ts'
import { QrPicture } from '../../../platform/web/ui/light/QrPicture.tsx'
import * as contract from '../contract.ts'
import { Opening } from './Opening.tsx'
import { wayBack } from './wayBack.ts'

const tooMany = msg({
  message:
    'Đã sai quá số lần cho phép. Đồng chí chờ {minutes} phút rồi thử lại, hoặc nhờ người quản trị đặt lại mật khẩu.',
})
const saySignIn = {
  wrongPassword: msg`Tên đăng nhập hoặc mật khẩu chưa đúng. Đồng chí gõ lại.`,
  tooManyTries: tooMany,
} satisfies WordsFor<typeof contract.signIn>
const startAgain = msg`Bước này để lâu quá nên đã hết hạn. Đồng chí đăng nhập lại từ đầu.`
const sayTotp = {
  wrongCode: msg`Mã chưa đúng. Mã đổi mỗi 30 giây, đồng chí xem lại trên điện thoại.`,
  tooManyTries: tooMany,
  startAgain,
} satisfies WordsFor<typeof contract.signInTotp>
const sayEnrol = {
  wrongPassword: msg`Mật khẩu chưa đúng. Đồng chí gõ lại.`,
  tooManyTries: tooMany,
  alreadyEnrolled: msg`Tài khoản đã có mã xác thực. Đồng chí đăng xuất rồi đăng nhập lại để nhập mã.`,
  startAgain,
} satisfies WordsFor<typeof contract.enrolTotp>

const leave = (otherwise = '/') => location.assign(wayBack(location.search, otherwise))

/** The one page of signing in: password, code, and the enrolment of a code where it is still missing. */
export function SignIn() {
  const { value: me, waiting, again } = useAnswer(contract.me, {})
  const [step, setStep] = useState<'password' | 'totp'>('password')
  const entered = async () => {
    const answer = await call(contract.me, {})
    if (answer.ok && answer.value.needsTotp) again()
    else leave(answer.ok && answer.value.kind === 'member' ? '/toi' : '/')
  }
  return (
    <LightPage>
      {waiting ? (
        <Opening lines={4} />
      ) : me?.needsTotp ? (
        me.totpEnrolled ? (
          <OnceMore />
        ) : (
          <Enrol name={me.name} />
        )
      ) : (
        <>
          {me && me.kind !== 'nobody' && <Already name={me.name} href={me.kind === 'member' ? '/toi' : '/'} />}
          {me?.demo && <DemoPeople />}
          {step === 'totp' ? (
            <TotpStep done={entered} back={() => setStep('password')} />
          ) : (
            <PasswordStep
              folded={me?.demo === true || (me !== undefined && me.kind !== 'nobody')}
              done={(next) => (next === 'totp' ? setStep('totp') : void entered())}
            />
          )}
        </>
      )}
    </LightPage>
  )
}

function PasswordStep({ folded, done }: { folded: boolean; done: (next: 'done' | 'totp') => void }) {
  const { t } = useLingui()
  const signIn = useOperation(contract.signIn, { refresh: [] })
  const [userName, setUserName] = useState('')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [open, setOpen] = useState(!folded)
  if (!open)
    return (
      <p>
        <Button look="bare" onClick={() => setOpen(true)}>
          <Trans>Đăng nhập bằng tài khoản khác</Trans>
        </Button>
      </p>
    )
  const send = async () => {
    const answer = await signIn.run({ userName, password })
    if (answer.ok) done(answer.value.next)
  }
  return (
    <Form
      title={<Trans>Đăng nhập</Trans>}
      onSend={send}
      under={
        <Trans>
          Dành cho cán bộ tổ chức. Đảng viên vào bằng đường dẫn riêng do chi bộ gửi, hoặc quét mã trên phiếu kín, không
          cần mật khẩu.
        </Trans>
      }
    >
      <TextField
        label={t`Tên đăng nhập`}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={userName}
        onChange={(event) => setUserName(event.target.value)}
      />
      <TextField
        label={t`Mật khẩu`}
        name="password"
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Choice checked={shown} onChange={(event) => setShown(event.target.checked)}>
        <Trans>Hiện mật khẩu</Trans>
      </Choice>
      <ErrorSentence refused={signIn.refused} words={saySignIn} />
      <Button look="go" wide type="submit" doing={signIn.doing}>
        <Trans>Đăng nhập</Trans>
      </Button>
      <p className="second small">
        <Trans>Quên mật khẩu thì nhờ người quản trị gửi đường dẫn đặt lại.</Trans>
      </p>
    </Form>
  )
}

function TotpStep({ done, back }: { done: () => void; back: () => void }) {
  const { t } = useLingui()
  const verify = useOperation(contract.signInTotp, { refresh: [] })
  const [code, setCode] = useState('')
  const [backup, setBackup] = useState(false)
  const send = async () => {
    const answer = await verify.run({ code: code.trim(), backup })
    if (answer.ok) done()
  }
  return (
    <Form title={<Trans>Nhập mã xác thực</Trans>} onSend={send}>
      <TextField
        key={backup ? 'paper' : 'phone'}
        label={backup ? t`Mã dự phòng` : t`Mã 6 số trên điện thoại`}
        hint={
          backup
            ? t`Một trong mười mã đã chép ra giấy. Mỗi mã dùng được một lần.`
            : t`Mở ứng dụng xác thực trên điện thoại để xem mã.`
        }
        inputMode={backup ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        autoFocus
        required
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <ErrorSentence refused={verify.refused} words={sayTotp} />
      <Button look="go" wide type="submit" doing={verify.doing}>
        <Trans>Tiếp tục</Trans>
      </Button>
      <div className="row" data-spread="">
        <Button look="bare" onClick={() => setBackup(!backup)}>
          {backup ? <Trans>Dùng mã trên điện thoại</Trans> : <Trans>Dùng mã dự phòng</Trans>}
        </Button>
        <Button look="bare" onClick={back}>
          <Trans>Đăng nhập lại từ đầu</Trans>
        </Button>
      </div>
    </Form>
  )
}

/** Her grants open much: before anything else she enrols a second factor. */
function Enrol({ name }: { name: string }) {
  const { t } = useLingui()
  const enrol = useOperation(contract.enrolTotp, { refresh: [] })
  const confirm = useOperation(contract.confirmTotp, { refresh: [] })
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [kept, setKept] = useState(false)
  const secret = enrol.value ? new URL(enrol.value.uri).searchParams.get('secret') : undefined
  if (!enrol.value)
    return (
      <Form
        title={<Trans>Thêm mã xác thực cho tài khoản</Trans>}
        onSend={() => void enrol.run({ password })}
        under={
          <Trans>
            {name} được giao việc xem hoặc sửa dữ liệu của nhiều người, nên ngoài mật khẩu cần một mã trên điện thoại.
            Việc này làm một lần, mất chừng hai phút.
          </Trans>
        }
      >
        <TextField
          label={t`Mật khẩu`}
          hint={t`Nhập lại để chắc đúng là đồng chí.`}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <ErrorSentence refused={enrol.refused} words={sayEnrol} />
        <Button look="go" wide type="submit" doing={enrol.doing}>
          <Trans>Bắt đầu</Trans>
        </Button>
        <SignOutLine />
      </Form>
    )
  const send = async () => {
    const answer = await confirm.run({ code: code.trim() })
    if (answer.ok) leave()
  }
  return (
    <Form title={<Trans>Thêm mã xác thực cho tài khoản</Trans>} onSend={send}>
      <Section title={<Trans>1. Quét mã bằng ứng dụng xác thực</Trans>}>
        <div className="stack">
          <p>
            <Trans>
              Mở ứng dụng xác thực trên điện thoại (loại nào cũng được), chọn thêm tài khoản rồi quét mã này.
            </Trans>
          </p>
          <div style={{ width: 208 }}>
            <QrPicture text={enrol.value.uri} label={t`Mã QR để thêm vào ứng dụng xác thực`} />
          </div>
          <p className="small second">
            <Trans>Không quét được thì gõ khoá này vào ứng dụng:</Trans>{' '}
            <code style={{ overflowWrap: 'anywhere' }}>{spaced(secret ?? '')}</code>
          </p>
        </div>
      </Section>
      <Section title={<Trans>2. Chép mã dự phòng ra giấy</Trans>}>
        <div className="stack">
          <p>
            <Trans>Mất điện thoại thì vào bằng các mã này, mỗi mã một lần. Trang này chỉ hiện chúng một lần.</Trans>
          </p>
          <ul className="plain-codes num" aria-label={t`Mã dự phòng`} style={{ columns: 2, margin: 0 }}>
            {enrol.value.backupCodes.map((one) => (
              <li key={one}>
                <code>{one}</code>
              </li>
            ))}
          </ul>
          <Choice boxed checked={kept} onChange={(event) => setKept(event.target.checked)}>
            <Trans>Tôi đã chép các mã này và cất riêng</Trans>
          </Choice>
        </div>
      </Section>
      <Section title={<Trans>3. Nhập mã đang hiện trên điện thoại</Trans>}>
        <div className="stack">
          <TextField
            label={t`Mã 6 số`}
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="\d{6}"
            maxLength={6}
            required
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
          <ErrorSentence
            refused={confirm.refused}
            words={
              { wrongCode: sayTotp.wrongCode, tooManyTries: tooMany, startAgain } satisfies WordsFor<
                typeof contract.confirmTotp
              >
            }
          />
          <Button look="go" wide type="submit" doing={confirm.doing} disabled={!kept}>
            <Trans>Hoàn tất</Trans>
          </Button>
        </div>
      </Section>
    </Form>
  )
}
const spaced = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')

/** A sign-in from before her code was enrolled: worth nothing any more. */
const OnceMore = () => (
  <Card>
    <div className="stack">
      <h1>
        <Trans>Đồng chí đăng nhập lại</Trans>
      </h1>
      <p>
        <Trans>
          Tài khoản đã có mã xác thực. Phiên trên máy này bắt đầu từ trước nên cần đăng nhập lại và nhập mã.
        </Trans>
      </p>
      <SignOutLine go />
    </div>
  </Card>
)
function SignOutLine({ go = false }: { go?: boolean }) {
  const out = useOperation(contract.signOut)
  return (
    <p>
      <Button
        look={go ? 'go' : 'bare'}
        doing={out.doing}
        onClick={() => void out.run({}).then(() => location.reload())}
      >
        {go ? <Trans>Đăng nhập lại</Trans> : <Trans>Đăng xuất</Trans>}
      </Button>
    </p>
  )
}
const Already = ({ name, href }: { name: string; href: string }) => (
  <Note tone="ok">
    <div className="row" data-spread="">
      <span>
        <Trans>Máy này đang đăng nhập với tên {name}.</Trans>
      </span>
      <ButtonLink small href={wayBack(location.search, href)}>
        <Trans>Làm tiếp</Trans>
      </ButtonLink>
    </div>
  </Note>
)

/** A demo lists its made-up people, one for each room, to be entered without a password. */
function DemoPeople() {
  const { value } = useAnswer(contract.demoPeople, {})
  const enter = useOperation(contract.enterAsDemo, { refresh: [], done: ({ path }) => location.assign(path) })
  if (!value || value.rows.length === 0) return null
  return (
    <section className="stack">
      <h1>
        <Trans>Bản trình diễn: xem với vai nào</Trans>
      </h1>
      <p className="second">
        <Trans>
          Mọi người và số liệu ở đây đều do máy dựng, trên tên đơn vị thật của Bắc Giang năm 2021. Không cần mật khẩu.
        </Trans>
      </p>
      <LiveNow live={value.live} onWatch={(key) => void enter.run({ key })} />
      <ErrorSentence refused={enter.refused} />
      <ul className="rows" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
        {value.rows.map(({ key, title, name }) => (
          <li key={key} className="row" data-spread="">
            <span>
              <b>{title}</b>
              <br />
              <span className="second">{name}</span>
            </span>
            <Button doing={enter.doing} onClick={() => void enter.run({ key })} aria-label={`${title}: ${name}`}>
              <Trans>Vào xem</Trans>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A session that is being played on this machine, or may be: then the rooms of a live conference have something to show. */
function LiveNow({
  live,
  onWatch,
}: {
  live: { offered: boolean; until?: string | undefined }
  onWatch: (key: string) => void
}) {
  const play = useOperation(contract.playLive, { refresh: [contract.demoPeople] })
  if (!live.offered) return null
  const until = live.until === undefined ? undefined : formatClock(new Date(live.until))
  return (
    <section className="card stack" data-gap="s">
      <h2>
        <Trans>Xem một buổi đang diễn ra</Trans>
      </h2>
      <p className="second">
        {until === undefined ? (
          <Trans>
            Máy này diễn trong 20 phút: báo cáo viên và vài hội trường có hình, có tiếng; 236 điểm cầu báo đường truyền;
            có giơ tay, có mất tín hiệu rồi nối lại. Hình người là hình vẽ. Máy bận khoảng một nhân xử lý.
          </Trans>
        ) : (
          <Trans>Đang diễn đến {until}. Đồng chí vào một phòng để xem, hoặc chọn vai bất kỳ ở dưới.</Trans>
        )}
      </p>
      <ErrorSentence refused={play.refused} />
      <div className="row">
        {until === undefined ? (
          <Button doing={play.doing} onClick={() => void play.run({ play: true })}>
            <Trans>Diễn ngay trên máy này</Trans>
          </Button>
        ) : (
          <>
            <Button onClick={() => onWatch('director')}>
              <Trans>Vào phòng điều khiển</Trans>
            </Button>
            <Button onClick={() => onWatch('viewer')}>
              <Trans>Xem như đảng viên</Trans>
            </Button>
            <Button look="bare" doing={play.doing} onClick={() => void play.run({ play: false })}>
              <Trans>Dừng diễn</Trans>
            </Button>
          </>
        )}
      </div>
    </section>
  )
}

export function Form({
  title,
  under,
  onSend,
  children,
}: {
  title: ReactNode
  under?: ReactNode
  onSend: () => void
  children: ReactNode
}) {
  return (
    <form
      className="stack"
      data-gap="l"
      onSubmit={(event) => {
        event.preventDefault()
        onSend()
      }}
    >
      <div className="stack" data-gap="s">
        <h1>{title}</h1>
        {under && <p className="second">{under}</p>}
      </div>
      <div className="stack">{children}</div>
    </form>
  )
}
