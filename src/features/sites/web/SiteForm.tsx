import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useState } from 'react'
import { useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  Drawer,
  ErrorSentence,
  OrgTreePicker,
  SelectField,
  say,
  TextField,
} from '../../../platform/web/ui/index.ts'
import { unitSource } from '../../organisation/web/index.ts'
import { addSite, changeSite, type SiteKind, type site, siteKinds } from '../contract.ts'
import look from './sites.module.css'
import { kindWords, sayAdd, sayChange } from './words.ts'

type Typed = { code: string; name: string; kind: SiteKind; seats: string; address: string }

/** A new room, or what has changed about one. */
export function SiteForm({
  unit,
  conferenceId,
  of,
  onClose,
}: {
  unit: { id: string; name: string }
  conferenceId?: string | undefined
  of?: ValueOf<typeof site>
  onClose: () => void
}) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [at, setAt] = useState<{ id: string; name: string } | undefined>(unit)
  const [typed, setTyped] = useState<Typed>({
    code: of?.code ?? '',
    name: of?.name ?? '',
    kind: of?.kind ?? 'hall',
    seats: of ? String(of.seats) : '',
    address: of?.address ?? '',
  })
  const set = (change: Partial<Typed>) => setTyped((before) => ({ ...before, ...change }))
  const done = () => {
    onClose()
    say(t`Đã ghi điểm cầu`)
  }
  const add = useOperation(addSite, { done })
  const change = useOperation(changeSite, { done })
  const seats = Number(typed.seats)
  const complete =
    typed.name.trim() !== '' &&
    seats >= 1 &&
    seats <= 100_000 &&
    (of !== undefined || (typed.code.trim() !== '' && at !== undefined))
  const send = () => {
    const { name, kind, address } = typed
    if (of) void change.run({ siteId: of.siteId, name, kind, address, seats })
    else if (at)
      void add.run({
        unitId: at.id,
        code: typed.code,
        name,
        kind,
        address,
        seats,
        ...(conferenceId ? { conferenceId } : {}),
      })
  }
  return (
    <Drawer open onClose={onClose} title={of ? <Trans>Sửa điểm cầu</Trans> : <Trans>Thêm điểm cầu</Trans>}>
      <form
        className={look.form}
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        {!of && (
          <div className={look.whole}>
            <OrgTreePicker
              source={unitSource}
              label={t`Đơn vị`}
              value={at}
              onChange={(node) => setAt(node && { id: node.id, name: node.name })}
            />
          </div>
        )}
        <div className={look.whole}>
          <TextField
            label={t`Tên điểm cầu`}
            value={typed.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </div>
        {!of && (
          <TextField
            label={t`Mã điểm cầu`}
            value={typed.code}
            onChange={(event) => set({ code: event.currentTarget.value })}
          />
        )}
        <TextField
          label={t`Số chỗ`}
          inputMode="numeric"
          value={typed.seats}
          onChange={(event) => set({ seats: event.currentTarget.value.replace(/\D/g, '') })}
        />
        <SelectField
          label={t`Loại`}
          value={typed.kind}
          onChange={(event) => set({ kind: event.currentTarget.value as SiteKind })}
          options={siteKinds.map((kind) => ({ value: kind, label: _(kindWords[kind]) }))}
        />
        <div className={look.whole}>
          <TextField
            label={t`Địa chỉ`}
            value={typed.address}
            onChange={(event) => set({ address: event.currentTarget.value })}
          />
        </div>
        <div className={look.whole}>
          <ErrorSentence refused={add.refused} words={sayAdd} />
          <ErrorSentence refused={change.refused} words={sayChange} />
          <Button look="go" type="submit" wide doing={add.doing || change.doing} disabled={!complete}>
            <Trans>Ghi điểm cầu</Trans>
          </Button>
        </div>
      </form>
    </Drawer>
  )
}
