import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ButtonLink,
  Choice,
  Choices,
  ErrorSentence,
  LightPage,
  TextField,
} from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { NewPassword, useNewPassword } from './NewPassword.tsx'
import { Opening } from './Opening.tsx'
import { Form } from './SignIn.tsx'

const says = {
  expiredLink: msg`Đường dẫn thiết lập đã dùng rồi hoặc đã quá 30 phút. Khởi động lại máy chủ thì có đường dẫn mới.`,
  needsHttps: msg`Thiết lập lần đầu chỉ làm trên chính máy chủ hoặc qua HTTPS, để mật khẩu không đi trần qua mạng.`,
  noDemo: msg`Máy này không mở được dữ liệu mẫu. Đồng chí chọn bắt đầu với đơn vị của mình.`,
} satisfies WordsFor<typeof contract.setUp>

/** The first administrator, and what to begin with. */
export function SetUp({ token }: { token: string }) {
  const { t } = useLingui()
  const { value: seen, refused, waiting } = useAnswer(contract.seeSetup, { token }, { staleMs: 600_000 })
  const setUp = useOperation(contract.setUp, { refresh: [] })
  const [name, setName] = useState('')
  const [userName, setUserName] = useState('')
  const [begin, setBegin] = useState<'own' | 'demo'>('own')
  const typed = useNewPassword()
  const odd = userName !== '' && !contract.userNamePattern.test(userName.trim().toLowerCase())
  if (setUp.value)
    return (
      <LightPage>
        <h1>
          <Trans>Đã tạo người quản trị</Trans>
        </h1>
        <p>
          {setUp.value.begin === 'demo' ? (
            <Trans>
              Điểm Cầu đang mở lại với dữ liệu mẫu Bắc Giang, ở thư mục riêng và chỉ trên máy này; mất chừng vài phút.
              Khi muốn dùng thật, đồng chí dừng máy chủ, chạy lại npm start rồi đăng nhập bằng tài khoản vừa tạo.
            </Trans>
          ) : (
            <Trans>
              Bước tiếp theo: đăng nhập, thêm mã xác thực trên điện thoại, rồi nhập tệp đơn vị và đảng viên của mình.
            </Trans>
          )}
        </p>
        <p>
          <ButtonLink look="go" href="/dang-nhap">
            <Trans>Đăng nhập</Trans>
          </ButtonLink>
        </p>
      </LightPage>
    )
  return (
    <LightPage>
      {waiting && <Opening />}
      {refused && (
        <>
          <h1>
            <Trans>Thiết lập lần đầu</Trans>
          </h1>
          <ErrorSentence refused={refused} words={says} />
        </>
      )}
      {seen && (
        <Form
          title={<Trans>Thiết lập lần đầu</Trans>}
          under={
            <Trans>
              Tạo người quản trị đầu tiên: người giao quyền, nhập dữ liệu và xem nhật ký. Người quản trị không xem được
              tên đảng viên nếu không có nhiệm vụ riêng.
            </Trans>
          }
          onSend={() => typed.good && !odd && void setUp.run({ token, name, userName, password: typed.good, begin })}
        >
          <TextField
            label={t`Họ và tên`}
            autoComplete="name"
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label={t`Tên đăng nhập`}
            hint={t`Chữ không dấu, số, dấu chấm; từ 3 đến 30 ký tự. Ví dụ: quan.tri`}
            error={odd ? t`Chỉ dùng chữ không dấu, số, dấu chấm, gạch ngang; từ 3 đến 30 ký tự.` : undefined}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={userName}
            onChange={(event) => setUserName(event.target.value)}
          />
          <NewPassword typed={typed} />
          {seen.offersDemo && (
            <Choices legend={<Trans>Bắt đầu bằng gì</Trans>}>
              <Choice type="radio" name="begin" boxed checked={begin === 'own'} onChange={() => setBegin('own')}>
                <b>
                  <Trans>Bắt đầu với đơn vị của tôi</Trans>
                </b>
                <br />
                <span className="second">
                  <Trans>Nhà trống. Nhập tệp đơn vị, điểm cầu, đảng viên từ Excel hoặc CSV.</Trans>
                </span>
              </Choice>
              <Choice type="radio" name="begin" boxed checked={begin === 'demo'} onChange={() => setBegin('demo')}>
                <b>
                  <Trans>Mở dữ liệu mẫu Bắc Giang</Trans>
                </b>
                <br />
                <span className="second">
                  <Trans>3.004 đơn vị, 236 điểm cầu, 97.319 người do máy dựng, để xem trước khi dùng thật.</Trans>
                </span>
              </Choice>
            </Choices>
          )}
          <ErrorSentence refused={setUp.refused} words={says} />
          <Button look="go" wide type="submit" doing={setUp.doing} disabled={!typed.good || odd}>
            <Trans>Tạo người quản trị</Trans>
          </Button>
        </Form>
      )}
    </LightPage>
  )
}
