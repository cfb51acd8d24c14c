import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'

export type FieldWords = { label: ReactNode; hint?: ReactNode; error?: ReactNode; hideLabel?: boolean }

/** Label above, hint under it, error last and tied to the control. `children` gets the ids to wear. */
export function Field({
  label,
  hint,
  error,
  hideLabel,
  children,
}: FieldWords & {
  children: (worn: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode
}) {
  const id = useId()
  const described = [hint ? `${id}-h` : '', error ? `${id}-e` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label className={hideLabel ? 'sr' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      {hint && (
        <div className="field-hint" id={`${id}-h`}>
          {hint}
        </div>
      )}
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {error && (
        <div className="field-error" id={`${id}-e`} role="alert">
          {error}
        </div>
      )}
    </div>
  )
}

export const TextField = ({
  label,
  hint,
  error,
  hideLabel,
  ...input
}: FieldWords & InputHTMLAttributes<HTMLInputElement>) => (
  <Field label={label} hint={hint} error={error} hideLabel={!!hideLabel}>
    {(worn) => <input {...input} {...worn} className={`input ${input.className ?? ''}`} />}
  </Field>
)
export const TextArea = ({
  label,
  hint,
  error,
  hideLabel,
  ...input
}: FieldWords & TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <Field label={label} hint={hint} error={error} hideLabel={!!hideLabel}>
    {(worn) => <textarea {...input} {...worn} className="input" />}
  </Field>
)
/** A short list of choices, by the device's own picker. For long ones the desk has a searching picker. */
export const SelectField = ({
  label,
  hint,
  error,
  hideLabel,
  options,
  ...input
}: FieldWords & SelectHTMLAttributes<HTMLSelectElement> & { options: readonly { value: string; label: string }[] }) => (
  <Field label={label} hint={hint} error={error} hideLabel={!!hideLabel}>
    {(worn) => (
      <select {...input} {...worn} className="input">
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )}
  </Field>
)

/** A checkbox or one of several radios, with its words beside it and 44 px to touch. */
export const Choice = ({
  type = 'checkbox',
  boxed,
  children,
  ...input
}: InputHTMLAttributes<HTMLInputElement> & { type?: 'checkbox' | 'radio'; boxed?: boolean; children: ReactNode }) => (
  <label className="choice" data-boxed={boxed ? '' : undefined}>
    <input type={type} {...input} />
    <span>{children}</span>
  </label>
)
/** Several choices under one question. */
export const Choices = ({ legend, error, children }: { legend: ReactNode; error?: ReactNode; children: ReactNode }) => (
  <fieldset className="stack" data-gap="s">
    <legend className="field-label">{legend}</legend>
    {children}
    {error && (
      <div className="field-error" role="alert">
        {error}
      </div>
    )}
  </fieldset>
)
