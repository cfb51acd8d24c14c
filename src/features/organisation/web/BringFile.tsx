import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { form, type ImportOptions } from '../../../platform/imports.ts'
import { fileHref } from '../../../platform/web/client.ts'
import { Button, ButtonLink, Drawer, Icon } from '../../../platform/web/ui/index.ts'
import { StartImport } from './Imports.tsx'
import { kindWords } from './words.ts'

/** A button for a page that a file may fill: the empty form, and where to drop it. What follows is the preview. */
export function BringFile({ kind, options }: { kind: string; options: ImportOptions }) {
  const { _ } = useLingui()
  const [open, setOpen] = useState(false)
  const name = _(kindWords[kind]!)
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Trans>Nhập tệp</Trans>
      </Button>
      <Drawer open={open} onClose={() => setOpen(false)} title={<Trans>Nhập tệp: {name}</Trans>}>
        <div className="stack" data-gap="l">
          <p>
            <Trans>Excel hoặc CSV, thứ tự cột tuỳ ý. Xem trước từng dòng; xác nhận rồi mới ghi.</Trans>
          </p>
          <p>
            <ButtonLink small icon={<Icon name="download" />} href={fileHref(form, { kind })} download>
              <Trans>Tải mẫu trống</Trans>
            </ButtonLink>
          </p>
          <StartImport kind={kind} options={options} />
        </div>
      </Drawer>
    </>
  )
}
