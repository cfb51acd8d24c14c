// Pictures of one source as they come, until the programme's clock reaches them.
import type { Frame, Turns } from './frame.ts'

export type Seen = { frame: Frame; turns: Turns; at: number }
export type Feed = {
  /** `at`: milliseconds of the clock the programme runs by. */
  push: (seen: Seen) => void
  /** The newest picture not after this moment; the ones before it are let go. */
  upTo: (at: number) => Seen | undefined
  /** When the last one came. */
  lastAt: () => number
}
// The programme runs five pictures behind; one that is only about to be taken need not fill the memory.
const keeps = 10

export function openFeed(): Feed {
  const waiting: Seen[] = []
  let shown: Seen | undefined
  let last = Number.NEGATIVE_INFINITY
  return {
    push(seen) {
      last = seen.at
      waiting.push(seen)
      // Nobody looks at this source: only the newest ones matter.
      if (waiting.length > keeps) shown = waiting.shift()
    },
    upTo(at) {
      while (waiting[0] && waiting[0].at <= at) shown = waiting.shift()
      return shown
    },
    lastAt: () => last,
  }
}
