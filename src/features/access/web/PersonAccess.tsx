import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatDay } from '../../../kernel/time.ts'
import { useOperation } from '../../../platform/web/answers.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ConfirmDialog,
  CopyButton,
  ErrorSentence,
  Note,
  say,
  TextField,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'

const notInUnit = msg`Người này không còn sinh hoạt ở đơn vị đang mở. Đồng chí tải lại danh sách.`
const sayCopy = {
  notInUnit,
  tooManyLinks: msg`Đã lấy quá nhiều đường dẫn trong một giờ. Đường dẫn chỉ gửi riêng từng người, không lấy hàng loạt.`,
} satisfies WordsFor<typeof contract.copyEntryLink>
const sayReset = { notInUnit } satisfies WordsFor<typeof contract.resetPin>
const sayFace = {
  wrongCode: msg`Không có đảng viên nào của chi bộ đang hiện mã này. Đồng chí xem lại mã; mã dùng được mười phút.`,
  tooManyTries: msg({ message: 'Đã gõ sai quá nhiều lần. Đồng chí chờ {minutes} phút rồi thử lại.' }),
} satisfies WordsFor<typeof contract.confirmFaceToFace>

type About = { unitId: string; personId: string; name: string; campaignId: string | undefined }

/**
 * What an officer or a cell secretary does for one person's entry: one link, an end to old ones, a PIN to be set anew.
 * `may` are verbs of access («copyEntryLink», «resetPin»); what the reader may not do is not shown.
 */
export function PersonAccess({ unitId, personId, name, campaignId, may }: About & { may: readonly string[] }) {
  const { t } = useLingui()
  const copy = useOperation(contract.copyEntryLink, { refresh: [] })
  const revoke = useOperation(contract.revokeEntryLinks, {
    refresh: [],
    done: () => say(t`Đã thu đường dẫn của ${name}`),
  })
  const reset = useOperation(contract.resetPin, { refresh: [], done: () => say(t`Đã bỏ mã PIN của ${name}`) })
  const [asking, setAsking] = useState<'revoke' | 'reset'>()
  const one = { unitId: unitId, personId: personId }
  const inCampaign = campaignId ? { ...one, campaignId: campaignId } : undefined
  const until = copy.value ? formatDay(new Date(copy.value.until)) : ''
  return (
    <div className="stack">
      {copy.value ? (
        <Note tone="ok">
          <div className="stack" data-gap="s">
            <p>
              <Trans>
                Đường dẫn riêng của {name}, dùng đến khi đợt kết thúc (muộn nhất {until}). Gửi cho đúng người; trang này
                chỉ hiện nó bây giờ.
              </Trans>
            </p>
            <p style={{ overflowWrap: 'anywhere' }}>
              <code>{copy.value.link}</code>
            </p>
            <p>
              <CopyButton text={copy.value.link} />
            </p>
          </div>
        </Note>
      ) : (
        may.includes('copyEntryLink') &&
        inCampaign && (
          <p>
            <Button doing={copy.doing} onClick={() => void copy.run(inCampaign)}>
              <Trans>Lấy đường dẫn vào</Trans>
            </Button>
          </p>
        )
      )}
      <div className="row">
        {may.includes('revokeEntryLinks') && inCampaign && (
          <Button look="bare" onClick={() => setAsking('revoke')}>
            <Trans>Thu các đường dẫn</Trans>
          </Button>
        )}
        {may.includes('resetPin') && (
          <Button look="bare" onClick={() => setAsking('reset')}>
            <Trans>Đặt lại mã PIN</Trans>
          </Button>
        )}
      </div>
      <ErrorSentence refused={copy.refused} words={sayCopy} />
      <ErrorSentence refused={revoke.refused ?? reset.refused} words={sayReset} />
      <ConfirmDialog
        open={asking === 'revoke'}
        title={<Trans>Thu mọi đường dẫn của {name}?</Trans>}
        verb={<Trans>Thu đường dẫn</Trans>}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          setAsking(undefined)
          if (inCampaign) void revoke.run(inCampaign)
        }}
      >
        <p>
          <Trans>Máy nào đã vào bằng đường dẫn ấy đều bị đăng xuất. Muốn vào lại cần đường dẫn mới.</Trans>
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'reset'}
        title={<Trans>Đặt lại mã PIN của {name}?</Trans>}
        verb={<Trans>Đặt lại mã PIN</Trans>}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          setAsking(undefined)
          void reset.run(one)
        }}
      >
        <p>
          <Trans>Dùng khi người đó quên mã. Người đó bị đăng xuất, mở lại đường dẫn của mình và đặt mã mới.</Trans>
        </p>
      </ConfirmDialog>
    </div>
  )
}

/** The cell secretary types the code on the member's page while they stand before each other. */
export function FaceToFace({ unitId }: { unitId: string }) {
  const { t } = useLingui()
  const [code, setCode] = useState('')
  const confirm = useOperation(contract.confirmFaceToFace, {
    refresh: [],
    done: ({ name }) => {
      setCode('')
      say(t`Đã xác nhận ${name}`)
    },
  })
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void confirm.run({ unitId: unitId, code })
      }}
    >
      <TextField
        label={t`Mã trên trang của đảng viên`}
        hint={t`Nhìn tận mặt rồi mới nhập: mã này xác nhận đúng là người đó.`}
        inputMode="numeric"
        autoComplete="off"
        required
        value={code}
        onChange={(event) => setCode(event.target.value.replace(/\D/g, '').slice(0, 6))}
      />
      <ErrorSentence refused={confirm.refused} words={sayFace} />
      <p>
        <Button type="submit" doing={confirm.doing} disabled={code.length !== 6}>
          <Trans>Xác nhận trực tiếp</Trans>
        </Button>
      </p>
    </form>
  )
}
