import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useOperation } from '../../../platform/web/answers.ts'
import { Button, ButtonLink, ErrorSentence, PageHeading, Section, TextField } from '../../../platform/web/ui/index.ts'
import { addRegister, addUnit } from '../contract.ts'
import { sayAddUnit } from './words.ts'

/** An empty house: bring a file, or begin with one unit by hand. */
export function FirstUnit({ registers }: { registers: readonly { code: string; name: string }[] }) {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [code, setCode] = useState('')
  const register = useOperation(addRegister)
  const unit = useOperation(addUnit)
  const begin = async () => {
    const known = registers[0]?.code
    if (!known) {
      const made = await register.run({ code: 'so-1', name })
      if (!made.ok) return
    }
    await unit.run({ code, name, registerCode: known ?? 'so-1' })
  }
  return (
    <div className="stack" data-gap="l">
      <PageHeading
        under={<Trans>Nhập từ Excel là nhanh nhất: mã đơn vị, mã cấp trên, tên, loại.</Trans>}
        side={
          <ButtonLink look="go" href="/nhap-tep">
            <Trans>Nhập tệp đơn vị</Trans>
          </ButtonLink>
        }
      >
        <Trans>Chưa có đơn vị nào</Trans>
      </PageHeading>
      <Section title={t`Hoặc bắt đầu bằng tay`} aside={t`Đơn vị cao nhất của cơ quan đồng chí`}>
        <form
          className="stack"
          style={{ maxWidth: '32rem' }}
          onSubmit={(event) => {
            event.preventDefault()
            void begin()
          }}
        >
          <TextField label={t`Tên đơn vị`} value={name} onChange={(event) => setName(event.target.value)} required />
          <TextField
            label={t`Mã đơn vị`}
            hint={t`Mã riêng của cơ quan, ví dụ T hoặc X01`}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            required
          />
          <ErrorSentence refused={register.refused ?? unit.refused} words={sayAddUnit} />
          <div>
            <Button type="submit" doing={register.doing || unit.doing}>
              <Trans>Tạo đơn vị</Trans>
            </Button>
          </div>
        </form>
      </Section>
    </div>
  )
}
