// The door of sites: rooms, who sits where, and who is summoned how.
import type { Places } from '../../../platform/server/desk.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import { attachSite, attachSites, detachSite, listConferenceSites, reportReady } from './conferenceSites.ts'
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
]
export const places: Places = { site: placeOfSite }

export type { Issued, ReadDoorCode } from './issue.ts'
export { book, doorCodeOf, readDoorCode, summonAtDoor } from './issue.ts'
export type { OnRoll, SeatsOfSite } from './store.ts'
export { placeOfSite, rollOfSite, seatsOf, summonedBySite, summonedByUnit } from './store.ts'
