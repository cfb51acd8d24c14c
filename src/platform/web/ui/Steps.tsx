import type { ReactNode } from 'react'
import { Status, type Tone } from './light/Status.tsx'

export type Step = {
  key: string
  label: ReactNode
  /** Where it stands, by a line and a dot and in words. */
  state: 'done' | 'now' | 'late' | 'next'
  words: ReactNode
  when?: ReactNode
  detail?: ReactNode
  href?: string
}
const tones: Record<Step['state'], Tone> = { done: 'ok', now: 'wait', late: 'bad', next: 'off' }

/** Where a campaign is: its steps from left to right, on a phone from top to bottom. */
export const Steps = ({ steps, label }: { steps: readonly Step[]; label: string }) => (
  <ol className="steps" aria-label={label}>
    {steps.map((step) => (
      <li key={step.key} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
        <div className="step-name">{step.href ? <a href={step.href}>{step.label}</a> : step.label}</div>
        {step.when && <div className="second small num">{step.when}</div>}
        {step.detail && <div>{step.detail}</div>}
        <div className="small">
          <Status tone={tones[step.state]} said>
            {step.words}
          </Status>
        </div>
      </li>
    ))}
  </ol>
)
