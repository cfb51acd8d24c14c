import { msg } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import { Button, ButtonLink, ErrorSentence, LightPage } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { NewPassword, useNewPassword } from './NewPassword.tsx'
import { Opening } from './Opening.tsx'
import { Form } from './SignIn.tsx'

const says = {
  expiredLink: msg`Đường dẫn này đã dùng rồi hoặc đã quá ba ngày. Đồng chí nhờ người quản trị gửi đường dẫn mới.`,
} satisfies WordsFor<typeof contract.choosePassword>

export function ChoosePassword({ token }: { token: string }) {
  const { value, refused, waiting } = useAnswer(contract.seePasswordLink, { token })
  const choose = useOperation(contract.choosePassword, { refresh: [] })
  const typed = useNewPassword()
  if (choose.value)
    return (
      <LightPage>
        <h1>
          <Trans>Đã đặt mật khẩu</Trans>
        </h1>
        <p>
          <Trans>
            Từ nay đồng chí đăng nhập bằng tên <b>{choose.value.userName}</b> và mật khẩu vừa đặt.
          </Trans>
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
            <Trans>Đặt mật khẩu</Trans>
          </h1>
          <ErrorSentence refused={refused} words={says} />
        </>
      )}
      {value && (
        <Form
          title={<Trans>Đặt mật khẩu</Trans>}
          under={
            <Trans>
              {value.name}, tên đăng nhập <b>{value.userName}</b>
            </Trans>
          }
          onSend={() => typed.good && void choose.run({ token, password: typed.good })}
        >
          <input type="hidden" name="username" autoComplete="username" value={value.userName} readOnly />
          <NewPassword typed={typed} />
          <ErrorSentence refused={choose.refused} words={says} />
          <Button look="go" wide type="submit" doing={choose.doing} disabled={!typed.good}>
            <Trans>Đặt mật khẩu</Trans>
          </Button>
        </Form>
      )}
    </LightPage>
  )
}
