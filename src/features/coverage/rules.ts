// One state for everyone in scope; counts go up the tree by adding, never by averaging.
import { type LedgerCount, type Reason, reasons, type State } from './contract.ts'

/** What is known of one person over all conferences of the campaign. */
export type Facts = {
  studiedAtSite: boolean
  studiedOnDevice: boolean
  madeUp: boolean
  /** In force to a make-up not yet closed. */
  booked: boolean
  /** Summoned to a study conference not yet closed. */
  awaiting: boolean
  /** Came to some checkpoints, or lost all of them to faults of the site. */
  partly: boolean
  /** Excused, or another came in her place. */
  excused: boolean
  absent: boolean
  noContact: boolean
}
/** The first that holds. The ledger's SQL says the same; a property test holds the two together. */
export function stateOf(facts: Facts): { state: Exclude<State, 'notYet'> } | { state: 'notYet'; reason: Reason } {
  if (facts.studiedAtSite) return { state: 'studiedAtSite' }
  if (facts.studiedOnDevice) return { state: 'studiedOnDevice' }
  if (facts.madeUp) return { state: 'madeUp' }
  if (facts.booked) return { state: 'booked' }
  const reason = (['awaiting', 'partly', 'excused', 'absent', 'noContact'] as const).find((one) => facts[one])
  return { state: 'notYet', reason: reason ?? 'neverSummoned' }
}

export const nothing = (): LedgerCount => ({
  members: 0,
  exempt: 0,
  inScope: 0,
  summoned: 0,
  studiedAtSite: 0,
  studiedOnDevice: 0,
  madeUp: 0,
  booked: 0,
  notYet: 0,
  reasons: { awaiting: 0, partly: 0, excused: 0, absent: 0, noContact: 0, neverSummoned: 0 },
})
export function addUp(counts: readonly LedgerCount[]): LedgerCount {
  const sum = nothing()
  for (const count of counts) {
    for (const name of [
      'members',
      'exempt',
      'inScope',
      'summoned',
      'studiedAtSite',
      'studiedOnDevice',
      'madeUp',
      'booked',
      'notYet',
    ] as const)
      sum[name] += count[name]
    for (const reason of reasons) sum.reasons[reason] += count.reasons[reason]
  }
  return sum
}
/** C: attended, each person once. E: covered. Left: A − E. */
export const attended = (count: LedgerCount): number => count.studiedAtSite + count.studiedOnDevice
export const covered = (count: LedgerCount): number => attended(count) + count.madeUp
export const left = (count: LedgerCount): number => count.inScope - covered(count)

export type Range = { unitId: string; lft: number; rgt: number }
/** Sums of each unit with all below it, from what hangs on each unit itself: a subtree is a range of the tree. */
export function rollUp<T>(
  units: readonly Range[],
  own: ReadonlyMap<string, T>,
  add: (parts: readonly T[]) => T,
): Map<string, T> {
  const inOrder = [...units].sort((a, b) => a.lft - b.lft)
  const sums = new Map<string, T>()
  // Children come after their parent in order; walking backwards, every child is summed before its parent needs it.
  const stack: { range: Range; sum: T }[] = []
  for (const range of inOrder.reverse()) {
    const below: T[] = []
    while (stack.length > 0 && stack.at(-1)!.range.rgt <= range.rgt && stack.at(-1)!.range.lft > range.lft)
      below.push(stack.pop()!.sum)
    const mine = own.get(range.unitId)
    const sum = add(mine === undefined ? below : [mine, ...below])
    sums.set(range.unitId, sum)
    stack.push({ range, sum })
  }
  return sums
}
