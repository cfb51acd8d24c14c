// The door of attendance.

import type { AnyHot } from '../../../platform/server/hot.ts'
import type { AnyImportKind } from '../../../platform/server/imports/index.ts'
import type { AnyTopic } from '../../../platform/server/live.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import { siteBoard, tally, tallyByUnit } from './boards.ts'
import { checkIn } from './checkIn.ts'
import { declareCheckpoints, listCheckpoints, showCode } from './checkpoints.ts'
import {
  acceptArrivals,
  confirmSite,
  findAtDoor,
  hallCode,
  keepArrival,
  mySites,
  recordInterruption,
  reportHeadcount,
  siteRoll,
  waitingArrivals,
  withdrawArrival,
} from './hall.ts'
import { paperRoll } from './importPaperRoll.ts'
import { myPresence } from './myPresence.ts'
import { rollSheet } from './rollSheet.ts'

export { markOf } from '../rules.ts'
export { aboutPerson } from './aboutPerson.ts'
export { checkIn } from './checkIn.ts'
export { declareCheckpoints, showCode } from './checkpoints.ts'
export { confirmSite, recordInterruption, reportHeadcount } from './hall.ts'
export { closeInterruptions, interruptionsOf, openInterruptions, tellInterrupted } from './interruptions.ts'
export { addCheckpoints, arriveOnPaper, type NewCheckpoint, takeBackPaper } from './onPaper.ts'
export { countBySite, countByUnit, judgePresenceOf, presenceOf, standingArrivals, type Who } from './standing.ts'

/** «diem-danh». */
export const importKinds = (secret: Buffer): readonly AnyImportKind[] => [paperRoll(secret)]

export const operations: AnyServed[] = [
  declareCheckpoints,
  listCheckpoints,
  showCode,
  confirmSite,
  withdrawArrival,
  keepArrival,
  acceptArrivals,
  waitingArrivals,
  reportHeadcount,
  recordInterruption,
  siteRoll,
  findAtDoor,
  hallCode,
  mySites,
  myPresence,
  rollSheet,
]
export const hotOperations: AnyHot[] = [checkIn]
export const topics: AnyTopic[] = [tally, tallyByUnit, siteBoard]
