// The door of sites: rooms, who sits where, and who is summoned how.
import type { Desk, Places } from '../../../platform/server/desk.ts'
import type { AnyImportKind } from '../../../platform/server/imports/index.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import { attachSite, attachSites, detachSite, listConferenceSites, reportReady } from './conferenceSites.ts'
import { siteFile } from './importSites.ts'
import { summonsFile } from './importSummons.ts'
import { listPapers, makePapers, paper, sealedSlip, seatingSheet, summonsSheet, workOnPapers } from './papers.ts'
import { addSite, changeSite, closeSite, listSites, setContact, setEquipment, site } from './register.ts'
import { confirmSeating, moveSeats, proposeSeating, seating, tryAddedSite, undoMove } from './seating.ts'
import { placeOfSite } from './store.ts'
import {
  excuse,
  listSummons,
  listUnsummoned,
  markUndeliverable,
  mySummons,
  register,
  substitute,
  summon,
  summonsCounts,
  withdrawSummons,
} from './summons.ts'

export {
  addSite,
  attachSite,
  attachSites,
  confirmSeating,
  excuse,
  moveSeats,
  proposeSeating,
  register,
  reportReady,
  setEquipment,
  substitute,
  summon,
  withdrawSummons,
}
export const operations: readonly AnyServed[] = [
  listSites,
  site,
  addSite,
  changeSite,
  setContact,
  setEquipment,
  closeSite,
  attachSites,
  attachSite,
  detachSite,
  reportReady,
  listConferenceSites,
  proposeSeating,
  seating,
  tryAddedSite,
  moveSeats,
  undoMove,
  confirmSeating,
  summonsCounts,
  listSummons,
  listUnsummoned,
  summon,
  register,
  withdrawSummons,
  substitute,
  excuse,
  markUndeliverable,
  mySummons,
  makePapers,
  listPapers,
  paper,
  sealedSlip,
  summonsSheet,
  seatingSheet,
]
export const places: Places = { site: placeOfSite }
/** «diem-cau» and «trieu-tap»; the secret makes the door codes of the latter. */
export const importKinds = (secret: Buffer): readonly AnyImportKind[] => [siteFile, summonsFile(secret)]
/** Summonses on paper are made wherever work is done. */
export const work = async (desk: Desk): Promise<void> => void (await workOnPapers(desk))

export { doorQr } from '../rules.ts'
export { aboutPerson } from './aboutPerson.ts'
export { attachNamed } from './conferenceSites.ts'
export type { Issued, ReadDoorCode } from './issue.ts'
export { book, bookEach, doorCodeOf, readDoorCode, summonAtDoor, withdraw } from './issue.ts'
export { makeNextPaper, workOnPapers } from './papers.ts'
export type { OnRoll, SeatsOfSite } from './store.ts'
export { placeOfSite, rollOfSite, seatsOf, summonedBySite, summonedByUnit } from './store.ts'
