// Who may, pure: the web hides what the server would refuse.
import { byRole, either, herself, type PolicyFor, self, signedIn } from '../../platform/rights.ts'
import * as contract from './contract.ts'

const door = ['siteManager', 'steward', 'organiser'] as const
const hall = ['siteManager', 'organiser'] as const
const watchers = ['organiser', 'head', 'siteManager', 'administrator'] as const

export const policy = {
  checkIn: either(
    self('entered', (arrival) => (contract.ownEvidence.includes(arrival.evidence) ? arrival.personId : 'other')),
    byRole(door, 'site', (arrival) => arrival.siteId),
  ),
  declareCheckpoints: byRole(['organiser'], 'conference', (input) => input.conferenceId),
  listCheckpoints: signedIn,
  showCode: byRole(['organiser'], 'conference', (input) => input.conferenceId),
  hallCode: byRole(['siteManager', 'steward', 'organiser'], 'site', (input) => input.siteId),
  confirmSite: byRole(door, 'site', (input) => input.siteId),
  withdrawArrival: byRole(hall, 'site', (input) => input.siteId),
  keepArrival: byRole(hall, 'site', (input) => input.siteId),
  acceptArrivals: either(
    byRole(hall, 'site', (input) => input.siteId),
    byRole(['cellSecretary'], 'unit', (input) => input.unitId),
  ),
  waitingArrivals: byRole(['cellSecretary', 'organiser'], 'unit', (input) => input.unitId),
  reportHeadcount: byRole(door, 'site', (input) => input.siteId),
  recordInterruption: byRole(door, 'site', (input) => input.siteId),
  siteRoll: byRole(['siteManager', 'steward'], 'site', (input) => input.siteId),
  findAtDoor: byRole(['siteManager', 'steward'], 'site', (input) => input.siteId),
  mySites: signedIn,
  site: byRole(['siteManager', 'steward', 'organiser'], 'site', (input) => input.siteId),
  tally: byRole(watchers, 'conference', (input) => input.conferenceId),
  tallyByUnit: byRole(watchers, 'unit', (input) => input.unitId),
  myPresence: herself('entered'),
  rollSheet: byRole(['siteManager', 'steward'], 'site', (input) => input.siteId),
} satisfies PolicyFor<typeof contract>
