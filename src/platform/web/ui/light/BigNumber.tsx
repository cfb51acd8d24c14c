import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useId } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'

/** One large number and what it is out of. `undefined` is «not known yet» and shows no zero. */
export const BigNumber = ({
  label,
  value,
  of,
}: {
  label: ReactNode
  value: number | string | undefined
  of?: ReactNode
}) => (
  <div className="big-number">
    <span>{label}</span>
    {value === undefined ? (
      <span className="waiting" aria-hidden="true" />
    ) : (
      <span className="big-number-value">{typeof value === 'number' ? formatCount(value) : value}</span>
    )}
    {of && <span className="big-number-of">{of}</span>}
  </div>
)

/** A number to be typed with the thumb: − value +. Empty is `undefined`, not zero. */
export function BigNumberInput({
  label,
  hint,
  value,
  onChange,
  min = 0,
  max = 99_999,
  invalid,
}: {
  label: ReactNode
  hint?: ReactNode
  value: number | undefined
  onChange: (value: number | undefined) => void
  min?: number
  max?: number
  invalid?: boolean
}) {
  const { t } = useLingui()
  const id = useId()
  const set = (next: number) => onChange(Math.min(max, Math.max(min, next)))
  return (
    <div className="big-number-input">
      <label htmlFor={id}>
        {label}
        {hint && (
          <span className="field-hint" style={{ display: 'block' }}>
            {hint}
          </span>
        )}
      </label>
      <button
        type="button"
        className="btn"
        aria-label={t`Bớt một`}
        aria-controls={id}
        onClick={() => set((value ?? 0) - 1)}
      >
        −
      </button>
      <input
        id={id}
        className="input"
        inputMode="numeric"
        autoComplete="off"
        aria-invalid={invalid || undefined}
        value={value ?? ''}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          const digits = event.target.value.replace(/\D/g, '')
          digits === '' ? onChange(undefined) : set(Number(digits))
        }}
      />
      <button
        type="button"
        className="btn"
        aria-label={t`Thêm một`}
        aria-controls={id}
        onClick={() => set((value ?? 0) + 1)}
      >
        +
      </button>
    </div>
  )
}
