import { byRole, either, type PolicyFor, signedIn } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const planners = ['organiser'] as const

/** A unit plans its own conferences inside the campaign; those above it may too. What is held when is no secret inside the campaign. */
export const policy = {
  createConference: either(
    byRole(planners, 'unit', (i) => i.unitId),
    byRole(planners, 'campaign', (i) => i.campaignId),
  ),
  updateConference: byRole(planners, 'conference', (i) => i.conferenceId),
  arrangeSessions: byRole(planners, 'conference', (i) => i.conferenceId),
  removeConference: byRole(planners, 'conference', (i) => i.conferenceId),
  moveState: byRole(planners, 'conference', (i) => i.conferenceId),
  setClassified: byRole(planners, 'conference', (i) => i.conferenceId),
  listConferences: signedIn,
  getConference: signedIn,
  getProgramme: signedIn,
  programmeFile: signedIn,
} satisfies PolicyFor<typeof contract>
