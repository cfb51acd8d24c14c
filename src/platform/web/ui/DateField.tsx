import { useLingui } from '@lingui/react/macro'
import { Popover } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { useEffect, useState } from 'react'
import { atVietnam, dayOf, formatClock, formatDay } from '../../../kernel/time.ts'
import { readClock, readDay } from '../../typed.ts'
import { Field, type FieldWords } from './light/Field.tsx'
import { Icon } from './light/Icon.tsx'

type Limits = { min?: string | undefined; max?: string | undefined; disabled?: boolean }

/** A calendar day, typed dd/mm/yyyy or picked. `value` and `onChange` speak «2021-01-14». */
export function DateField({
  value,
  onChange,
  min,
  max,
  disabled,
  error,
  ...words
}: FieldWords & Limits & { value: string | undefined; onChange: (day: string | undefined) => void }) {
  const { t, i18n } = useLingui()
  const [typed, setTyped] = useState(value ? formatDay(value) : '')
  const [wrong, setWrong] = useState(false)
  const [open, setOpen] = useState(false)
  useEffect(() => {
    setTyped(value ? formatDay(value) : '')
    setWrong(false)
  }, [value])
  const take = (text: string) => {
    const day = readDay(text)
    const fits = day !== undefined && (min === undefined || day >= min) && (max === undefined || day <= max)
    setWrong(text !== '' && !fits)
    if (text === '') onChange(undefined)
    else if (fits) onChange(day)
  }
  const range =
    min && max
      ? t`Cần một ngày từ ${formatDay(min)} đến ${formatDay(max)}, ghi ngày/tháng/năm.`
      : min
        ? t`Cần một ngày từ ${formatDay(min)}, ghi ngày/tháng/năm.`
        : max
          ? t`Cần một ngày đến hết ${formatDay(max)}, ghi ngày/tháng/năm.`
          : t`Ngày này chưa đúng. Ghi ngày/tháng/năm, ví dụ 14/01/2021.`
  return (
    <Field {...words} error={error ?? (wrong ? range : undefined)}>
      {(worn) => (
        <div className="date-field">
          <input
            {...worn}
            className="input num"
            inputMode="numeric"
            autoComplete="off"
            placeholder={t`ngày/tháng/năm`}
            disabled={disabled}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value)
              if (wrong) take(event.target.value)
            }}
            onBlur={() => take(typed)}
            onKeyDown={(event) => event.key === 'Enter' && take(typed)}
          />
          <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus>
            <Popover.Target>
              <button
                type="button"
                className="btn"
                aria-label={t`Mở lịch`}
                disabled={disabled}
                onClick={() => setOpen(!open)}
              >
                <Icon name="calendar" />
              </button>
            </Popover.Target>
            <Popover.Dropdown>
              <DatePicker
                value={value ?? null}
                {...(min ? { minDate: min } : {})}
                {...(max ? { maxDate: max } : {})}
                {...(value ? { defaultDate: value } : {})}
                locale={i18n.locale}
                monthLabelFormat={i18n.locale === 'vi' ? '[Tháng] M, YYYY' : 'MMMM YYYY'}
                monthsListFormat={i18n.locale === 'vi' ? '[Th] M' : 'MMM'}
                ariaLabels={{
                  previousMonth: t`Tháng trước`,
                  nextMonth: t`Tháng sau`,
                  previousYear: t`Năm trước`,
                  nextYear: t`Năm sau`,
                  previousDecade: t`Mười năm trước`,
                  nextDecade: t`Mười năm sau`,
                  monthLevelControl: t`Chọn tháng`,
                  yearLevelControl: t`Chọn năm`,
                }}
                getDayProps={(day) => ({ 'aria-label': formatDay(day) })}
                onChange={(day) => {
                  setOpen(false)
                  onChange(day ?? undefined)
                }}
              />
            </Popover.Dropdown>
          </Popover>
        </div>
      )}
    </Field>
  )
}

/** A wall-clock time in Vietnam, «07:30». Also takes «730» and «7h30». */
export function ClockField({
  value,
  onChange,
  error,
  disabled,
  ...words
}: FieldWords & { value: string | undefined; onChange: (clock: string | undefined) => void; disabled?: boolean }) {
  const { t } = useLingui()
  const [typed, setTyped] = useState(value ?? '')
  const [wrong, setWrong] = useState(false)
  useEffect(() => setTyped(value?.replace(/^0(\d)/, '$1') ?? ''), [value])
  const take = (text: string) => {
    const clock = readClock(text)
    setWrong(text !== '' && clock === undefined)
    if (text === '') onChange(undefined)
    else if (clock !== undefined) onChange(clock)
  }
  return (
    <Field {...words} error={error ?? (wrong ? t`Giờ này chưa đúng. Ghi giờ:phút, ví dụ 7:30.` : undefined)}>
      {(worn) => (
        <input
          {...worn}
          className="input num"
          style={{ width: '5rem' }}
          inputMode="numeric"
          autoComplete="off"
          placeholder="7:30"
          disabled={disabled}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            if (wrong) take(event.target.value)
          }}
          onBlur={() => take(typed)}
        />
      )}
    </Field>
  )
}

/** An instant by Vietnam's clock. `value` and `onChange` speak ISO in UTC. Until both halves are known it is `undefined`. */
export function DateTimeField({
  label,
  value,
  onChange,
  error,
  hint,
  min,
  max,
  disabled,
}: FieldWords & Limits & { value: string | undefined; onChange: (moment: string | undefined) => void }) {
  const { t } = useLingui()
  const at = value === undefined ? undefined : new Date(value)
  const [day, setDay] = useState(at && dayOf(at))
  const [clock, setClock] = useState(at && formatClock(at).padStart(5, '0'))
  useEffect(() => {
    if (value === undefined) return
    setDay(dayOf(new Date(value)))
    setClock(formatClock(new Date(value)).padStart(5, '0'))
  }, [value])
  const give = (nextDay: string | undefined, nextClock: string | undefined) => {
    setDay(nextDay)
    setClock(nextClock)
    onChange(nextDay && nextClock ? atVietnam(nextDay, nextClock).toISOString() : undefined)
  }
  return (
    <fieldset className="field" disabled={disabled}>
      <legend className="field-label">{label}</legend>
      {hint && <div className="field-hint">{hint}</div>}
      <div className="row date-time">
        <ClockField label={t`Giờ`} hideLabel value={clock} onChange={(next) => give(day, next)} />
        <DateField label={t`Ngày`} hideLabel min={min} max={max} value={day} onChange={(next) => give(next, clock)} />
      </div>
      {error && (
        <div className="field-error" role="alert">
          {error}
        </div>
      )}
    </fieldset>
  )
}
