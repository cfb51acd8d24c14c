import { msg } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { useOperation } from '../../../platform/web/answers.ts'
import { call, type Refusal } from '../../../platform/web/client.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import { Button, ErrorSentence } from '../../../platform/web/ui/index.ts'
import { copyEntryLink } from '../../access/contract.ts'
import { sealedSlip } from '../contract.ts'

const sayCopy = {
  notInUnit: msg`Người này không còn sinh hoạt ở đơn vị đang mở. Tải lại danh sách.`,
  tooManyLinks: msg`Đã lấy quá nhiều đường dẫn trong một giờ. Phiếu kín in từng người một.`,
} satisfies WordsFor<typeof copyEntryLink>

/** A new link of one person, straight onto a sheet to be folded: nobody needs to see it on a screen. */
export function SealedSlip({
  conferenceId,
  campaignId,
  unitId,
  personId,
}: {
  conferenceId: string
  campaignId: string
  unitId: string
  personId: string
}) {
  const copy = useOperation(copyEntryLink, { refresh: [] })
  const [refused, setRefused] = useState<Refusal>()
  const [doing, setDoing] = useState(false)
  const make = async () => {
    setDoing(true)
    setRefused(undefined)
    const copied = await copy.run({ unitId, personId, campaignId })
    if (copied.ok) {
      const made = await call(sealedSlip, { conferenceId, personId, ...copied.value })
      if (made.ok) save(made.value)
      else setRefused(made)
    }
    setDoing(false)
  }
  return (
    <div className="stack">
      <ErrorSentence refused={copy.refused} words={sayCopy} />
      <ErrorSentence refused={refused} />
      <Button doing={doing} onClick={() => void make()}>
        <Trans>In phiếu kín</Trans>
      </Button>
      <p className="second small">
        <Trans>Mỗi lần in là một đường dẫn mới, gấp lại thì đường dẫn nằm bên trong. Không in hàng loạt.</Trans>
      </p>
    </div>
  )
}

function save({ name, pdfBase64 }: { name: string; pdfBase64: string }) {
  const bytes = Uint8Array.from(atob(pdfBase64), (letter) => letter.charCodeAt(0))
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }))
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
