import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { Button, ErrorSentence, Section, SelectField, TextField, WaitingLines } from '../../../platform/web/ui/index.ts'
import { tryAddedSite } from '../contract.ts'
import type { SeatingView } from './Seating.tsx'
import { sayTry } from './words.ts'

/** «Thêm một điểm cầu 200 chỗ ở xã X thì sao?»: the same rule is run with it, nothing is written. */
export function AddedSite({ conferenceId, view }: { conferenceId: string; view: SeatingView }) {
  const { t } = useLingui()
  const units = [...view.short, ...view.rows.filter(({ left, own }) => left > 0 && !own)].filter(
    ({ unitId }, at, all) => all.findIndex((one) => one.unitId === unitId) === at,
  )
  const [unitId, setUnitId] = useState(units[0]?.unitId ?? view.unit.unitId)
  const [typed, setTyped] = useState('200')
  const [asked, setAsked] = useState<{ unitId: string; seats: number }>()
  const seats = Number(typed)
  const { value, waiting, refused } = useAnswer(tryAddedSite, asked && { conferenceId, ...asked }, { keep: false })
  const label = t`Đang tính`
  return (
    <Section title={<Trans>Nếu thêm một điểm cầu</Trans>}>
      <div className="stack">
        <SelectField
          label={t`Ở đơn vị`}
          value={unitId}
          onChange={(event) => setUnitId(event.currentTarget.value)}
          options={[
            ...(units.some((unit) => unit.unitId === view.unit.unitId)
              ? []
              : [{ value: view.unit.unitId, label: view.unit.name }]),
            ...units.map((unit) => ({ value: unit.unitId, label: unit.name })),
          ]}
        />
        <TextField
          label={t`Số chỗ`}
          inputMode="numeric"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value.replace(/\D/g, ''))}
        />
        <Button wide disabled={!(seats >= 1 && seats <= 100_000)} onClick={() => setAsked({ unitId, seats })}>
          <Trans>Tính thử</Trans>
        </Button>
        <ErrorSentence refused={refused} words={sayTry} />
        {asked && waiting && <WaitingLines lines={2} label={label} />}
        {value && <Solved value={value} />}
      </div>
    </Section>
  )
}
function Solved({
  value,
}: {
  value: { leftBefore: number; leftAfter: number; leftInUnitBefore: number; leftInUnitAfter: number; nearer: number }
}) {
  const solved = formatCount(value.leftBefore - value.leftAfter)
  const here = formatCount(value.leftInUnitBefore - value.leftInUnitAfter)
  const left = formatCount(value.leftAfter)
  const nearer = formatCount(value.nearer)
  return (
    <p role="status">
      <Trans>
        Thêm {solved} người có chỗ, trong đó {here} người của đơn vị này. Còn {left} người chưa có.
      </Trans>{' '}
      {value.nearer > 0 && <Trans>{nearer} người được ngồi gần hơn.</Trans>}
    </p>
  )
}
