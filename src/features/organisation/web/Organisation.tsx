import { Trans, useLingui } from '@lingui/react/macro'
import { formatCount } from '../../../kernel/figure.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import {
  ErrorSentence,
  Note,
  OrgFinder,
  PageHeading,
  useAddress,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { tops } from '../contract.ts'
import { FirstUnit } from './FirstUnit.tsx'
import look from './organisation.module.css'
import { Unit } from './Unit.tsx'
import { type UnitNode, unitSource } from './unitSource.ts'

/** The tree on the left, one unit on the right; on a phone one after the other. The unit is in the address. */
export function Organisation() {
  const { t } = useLingui()
  const [address, change] = useAddress()
  const { value, waiting, refused, again } = useAnswer(tops, {})
  const chosen = address['don-vi'] ?? value?.units[0]?.unitId
  if (waiting) return <WaitingLines label={t`Đang lấy cây tổ chức`} />
  if (!value) return <ErrorSentence refused={refused} again={again} />
  if (value.units.length === 0)
    return value.abilities.includes('addRegister') ? (
      <FirstUnit registers={value.registers} />
    ) : (
      <PageHeading under={<Trans>Nhờ người quản trị giao quyền trên đơn vị của đồng chí.</Trans>}>
        <Trans>Chưa có đơn vị nào được giao</Trans>
      </PageHeading>
    )
  return (
    <div className={look.split} data-chosen={address['don-vi'] ? '' : undefined}>
      <div className={`stack ${look.finder}`}>
        <OrgFinder
          source={unitSource}
          label={t`Cây tổ chức`}
          selected={chosen}
          onSelect={(unit) => change({ 'don-vi': unit.id, trang: undefined, xep: undefined }, { push: true })}
          side={(node) => {
            const { members } = node as UnitNode
            return members === undefined ? null : <span className="num second">{formatCount(members)}</span>
          }}
          height={620}
        />
        {value.registers.length > 1 && value.abilities.includes('addRegister') && (
          <Note tone="still">
            <Trans>
              Có {value.registers.length} sổ: {value.registers.map(({ name }) => name).join(' · ')}
            </Trans>
          </Note>
        )}
      </div>
      <div className="stack" data-gap="l">
        <p className={look.back}>
          <a href="/to-chuc">
            <Trans>‹ Cây tổ chức</Trans>
          </a>
        </p>
        {chosen && <Unit key={chosen} unitId={chosen} />}
      </div>
    </div>
  )
}
