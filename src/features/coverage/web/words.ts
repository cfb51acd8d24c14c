import { msg } from '@lingui/core/macro'
import type { Words } from '../../../platform/web/refusals.tsx'
import type { LedgerCount, Reason, State } from '../contract.ts'

export const stateWords: Record<State | 'exempt', Words> = {
  studiedAtSite: msg`Học tại điểm cầu`,
  studiedOnDevice: msg`Học trên thiết bị cá nhân`,
  madeUp: msg`Học bù`,
  booked: msg`Đã xếp học bù`,
  notYet: msg`Chưa học`,
  exempt: msg`Miễn sinh hoạt`,
}
export const reasonWords: Record<Reason, Words> = {
  awaiting: msg`Chờ hội nghị`,
  partly: msg`Dự một phần`,
  excused: msg`Vắng có lý do`,
  absent: msg`Vắng`,
  noContact: msg`Chưa liên hệ được`,
  neverSummoned: msg`Chưa được triệu tập`,
}

/** A number of the ledger that can be opened: what it counts, and what to ask the server for. */
export type Opening =
  | 'inScope'
  | 'summoned'
  | 'studiedAtSite'
  | 'studiedOnDevice'
  | 'madeUp'
  | 'covered'
  | 'left'
  | 'booked'
  | Reason
export const openingWords: Record<Opening, Words> = {
  ...reasonWords,
  inScope: msg`Thuộc diện`,
  summoned: msg`Được triệu tập`,
  studiedAtSite: stateWords.studiedAtSite,
  studiedOnDevice: stateWords.studiedOnDevice,
  madeUp: stateWords.madeUp,
  covered: msg`Đã học`,
  left: msg`Còn lại`,
  booked: stateWords.booked,
}
export const isReason = (opening: Opening): opening is Reason => opening in reasonWords

export const attended = (count: LedgerCount) => count.studiedAtSite + count.studiedOnDevice
export const covered = (count: LedgerCount) => attended(count) + count.madeUp
/** The number itself, of any unit. */
export function numberOf(count: LedgerCount, opening: Opening): number {
  if (isReason(opening)) return count.reasons[opening]
  if (opening === 'covered') return covered(count)
  if (opening === 'left') return count.booked + count.notYet
  return count[opening]
}
