import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { TextField } from '../../../platform/web/ui/light/index.ts'
import { passwordLeast } from '../contract.ts'

/** A password typed twice; `good` is it once both agree and it is long enough. */
export function useNewPassword() {
  const [once, setOnce] = useState('')
  const [twice, setTwice] = useState('')
  const good = once.length >= passwordLeast && once === twice ? once : undefined
  return { once, setOnce, twice, setTwice, good }
}
export function NewPassword({ typed }: { typed: ReturnType<typeof useNewPassword> }) {
  const { t } = useLingui()
  const { once, setOnce, twice, setTwice } = typed
  const differ = twice !== '' && once !== twice
  return (
    <>
      <TextField
        label={t`Mật khẩu`}
        hint={t`Từ ${passwordLeast} ký tự. Một câu ngắn dễ nhớ tốt hơn một từ khó nhớ.`}
        type="password"
        autoComplete="new-password"
        minLength={passwordLeast}
        required
        value={once}
        onChange={(event) => setOnce(event.target.value)}
      />
      <TextField
        label={t`Gõ lại mật khẩu`}
        error={differ ? t`Hai lần gõ chưa giống nhau.` : undefined}
        type="password"
        autoComplete="new-password"
        required
        value={twice}
        onChange={(event) => setTwice(event.target.value)}
      />
    </>
  )
}
