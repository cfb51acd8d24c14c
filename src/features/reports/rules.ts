// How counts become Biểu 1, and what must hold before anything is frozen.
import { formatRatio } from '../../kernel/figure.ts'
import type { LedgerCount } from '../coverage/contract.ts'
import type { FigureSheet, Figures } from './contract.ts'

export type Held = { sites: number; makeupSessions: number }
const ratio = (n: number, d: number, base: string) => ({ n, d, base, text: formatRatio({ n, d }) })

export function figuresOf(unit: Figures['unit'], count: LedgerCount, held: Held): Figures {
  const attended = count.studiedAtSite + count.studiedOnDevice
  const covered = attended + count.madeUp
  return {
    unit,
    members: count.members,
    exempt: count.exempt,
    inScope: count.inScope,
    summoned: count.summoned,
    sites: held.sites,
    attended,
    attendedAtSites: count.studiedAtSite,
    attendedOnDevices: count.studiedOnDevice,
    makeupSessions: held.makeupSessions,
    madeUp: count.madeUp,
    covered,
    booked: count.booked,
    left: count.inScope - covered,
    reasons: count.reasons,
    ratios: {
      attendedOfSummoned: ratio(attended, count.summoned, 'summoned'),
      attendedOfInScope: ratio(attended, count.inScope, 'inScope'),
      coveredOfInScope: ratio(covered, count.inScope, 'inScope'),
    },
  }
}

const counted = [
  'members',
  'exempt',
  'inScope',
  'summoned',
  'sites',
  'attended',
  'attendedAtSites',
  'attendedOnDevices',
  'makeupSessions',
  'madeUp',
  'covered',
  'booked',
  'left',
] as const
/** Figures that differ between two sheets of the same unit. */
export const movedBetween = (now: Figures, before: Figures): number =>
  counted.filter((name) => now[name] !== before[name]).length

export type Check = {
  check: 'rowsAddUp' | 'attendedWithinSummoned' | 'leftAccounted' | 'ratiosFromCounts'
  holds: boolean
  where?: string
}
/** The sums that a report stands on. A sheet without rows below has only its own to hold. */
export function checksOf(sheet: Pick<FigureSheet, 'children'> & Figures): Check[] {
  const all = [sheet, ...sheet.children]
  const first = (bad: (one: Figures) => boolean) => all.find(bad)?.unit.name
  const broken = counted.find(
    (name) => sheet.children.length > 0 && sheet.children.reduce((sum, child) => sum + child[name], 0) !== sheet[name],
  )
  const beyond = first((one) => one.attended > one.summoned || one.summoned > one.inScope)
  const lost = first(
    (one) =>
      one.left !== one.booked + Object.values(one.reasons).reduce((sum, n) => sum + n, 0) ||
      one.members !== one.exempt + one.inScope,
  )
  const crooked = first((one) => Object.values(one.ratios).some((r) => formatRatio(r) !== r.text))
  const line = (check: Check['check'], where: string | undefined): Check =>
    where === undefined ? { check, holds: true } : { check, holds: false, where }
  return [
    line('rowsAddUp', broken),
    line('attendedWithinSummoned', beyond),
    line('leftAccounted', lost),
    line('ratiosFromCounts', crooked),
  ]
}
