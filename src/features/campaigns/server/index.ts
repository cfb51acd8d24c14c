// The door of campaigns.

import type { Place } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Places } from '../../../platform/server/desk.ts'
import type { AnyServed, Call } from '../../../platform/server/operate.ts'
import type { PresencePolicy } from '../contract.ts'
import { policyInForce as chooseVersion } from '../rules.ts'
import { amendRoll, confirmRollChanges, listRollChanges, proposeRollChanges, rollSummary } from './amendRoll.ts'
import { fixScope, previewScope } from './fixScope.ts'
import {
  approvePolicy,
  campaignFor,
  createCampaign,
  getCampaign,
  listCampaigns,
  listPolicies,
  placeOf,
  updateCampaign,
} from './plan.ts'
import { summariseRoll } from './present.ts'
import * as store from './store.ts'

export {
  amendRoll,
  approvePolicy,
  confirmRollChanges,
  createCampaign,
  fixScope,
  getCampaign,
  listCampaigns,
  listPolicies,
  listRollChanges,
  previewScope,
  proposeRollChanges,
  rollSummary,
  updateCampaign,
}
export const operations: AnyServed[] = [
  createCampaign,
  updateCampaign,
  listCampaigns,
  getCampaign,
  fixScope,
  previewScope,
  amendRoll,
  proposeRollChanges,
  confirmRollChanges,
  rollSummary,
  listRollChanges,
  approvePolicy,
  listPolicies,
]

export {
  defaultPolicy,
  describePolicy,
  evidenceWords,
  policyInForce as versionInForce,
  positionRank,
} from '../rules.ts'
export { aboutPerson } from './aboutPerson.ts'
export type { Campaign } from './store.ts'
export const { campaignByCode, campaignById } = store
export const places: Places = { campaign: placeOfCampaign }
export async function placeOfCampaign(db: Db | Tx, campaignId: string): Promise<Place | undefined> {
  const campaign = await store.campaignById(db, campaignId)
  return campaign && placeOf(campaign)
}

/** The campaign, if this reader has to do with it: a later feature's reading is guarded by the same rule. */
export const campaignKnownTo = (call: Pick<Call<unknown>, 'db' | 'desk' | 'actor'>, campaignId: string) =>
  campaignFor({ ...call, input: { campaignId } })

/** The policy that judges what happened at this moment, and its version. */
export async function policyInForce(
  db: Db | Tx,
  campaignId: string,
  at: Date,
): Promise<{ version: number; policy: PresencePolicy } | undefined> {
  const found = chooseVersion(await store.policiesOf(db, campaignId), at)
  return found && { version: found.version, policy: found.body }
}
/** Every version in order, for judging many moments at once with `versionInForce`. */
export const policyVersions = store.policiesOf

/** A and the exempt of a unit's subtree on the roll, and what moved since the fixing; undefined before the fixing. */
export async function rollOf(db: Db | Tx, campaignId: string, unitId?: string) {
  const campaign = await store.campaignById(db, campaignId)
  return campaign?.scopeFixedAt ? summariseRoll(db, campaign, unitId) : undefined
}
/** The first study session gives a campaign without a day its day; a day that was chosen stays. */
export async function countOn(tx: Db | Tx, campaignId: string, day: string): Promise<void> {
  const campaign = await store.campaignById(tx, campaignId)
  if (campaign && !campaign.countsOn) await store.updateCampaign(tx, campaignId, { counts_on: day })
}
