import { Trans, useLingui } from '@lingui/react/macro'
import { formatClock } from '../../../kernel/time.ts'
import { SelectField } from '../../../platform/web/ui/light/index.ts'
import styles from './console.module.css'
import type { Hall } from './useHall.ts'

/** Which checkpoint is being worked on; the day's own by itself. */
export function PointChoice({ hall }: { hall: Hall }) {
  const { t } = useLingui()
  const { points, point } = hall
  if (!point) return null
  const opens = formatClock(new Date(point.opensAt))
  const closes = formatClock(new Date(point.closesAt))
  return (
    <div className={styles.point}>
      {points.length > 1 ? (
        <SelectField
          label={t`Mốc`}
          hideLabel
          value={point.checkpointId}
          onChange={(event) => hall.choosePoint(event.target.value)}
          options={points.map((one) => ({
            value: one.checkpointId,
            label: `${one.name} · ${formatClock(new Date(one.at))}`,
          }))}
        />
      ) : (
        <b>{point.name}</b>
      )}
      <span className="second small num">
        <Trans>
          mở {opens}, đóng {closes}
        </Trans>
      </span>
    </div>
  )
}
