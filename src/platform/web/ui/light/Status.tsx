import type { ReactNode } from 'react'

export type Tone = 'ok' | 'wait' | 'bad' | 'still' | 'off'

/** A dot and words, never a colour alone. `said` also colours the words of `wait`. */
export const Status = ({ tone, said, children }: { tone: Tone; said?: boolean; children: ReactNode }) => (
  <span className="status" data-tone={tone} data-said={said ? '' : undefined}>
    <span>{children}</span>
  </span>
)

/** A quiet box that says one thing. */
export const Note = ({ tone = 'wait', children }: { tone?: 'wait' | 'bad' | 'ok' | 'still'; children: ReactNode }) => (
  <div className="note" data-tone={tone}>
    {children}
  </div>
)
