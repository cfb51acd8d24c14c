import { byRole, either, type PolicyFor, signedIn } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const founders = ['organiser', 'administrator'] as const

/** Totals, policy and deadlines are for everyone who belongs to the campaign; which ones she is told of, the server decides by her unit. */
export const policy = {
  createCampaign: byRole(founders, 'unit', (i) => i.scopeUnitId),
  updateCampaign: byRole(founders, 'campaign', (i) => i.campaignId),
  listCampaigns: signedIn,
  getCampaign: signedIn,
  fixScope: byRole(founders, 'campaign', (i) => i.campaignId),
  previewScope: byRole(founders, 'campaign', (i) => i.campaignId),
  // Above the grassroots by counts; one by one also by the officer of the unit they are in.
  amendRoll: either(
    byRole(founders, 'campaign', (i) => i.campaignId),
    byRole(['organiser'], 'unit', (i) => i.unitId),
  ),
  proposeRollChanges: byRole(founders, 'campaign', (i) => i.campaignId),
  confirmRollChanges: byRole(founders, 'campaign', (i) => i.campaignId),
  rollSummary: either(
    byRole(['organiser', 'administrator', 'head'], 'campaign', (i) => i.campaignId),
    byRole(['organiser', 'administrator', 'head', 'cellSecretary'], 'unit', (i) => i.unitId),
  ),
  listRollChanges: byRole(['organiser', 'administrator', 'head'], 'campaign', (i) => i.campaignId),
  approvePolicy: byRole(['organiser'], 'campaign', (i) => i.campaignId),
  listPolicies: signedIn,
} satisfies PolicyFor<typeof contract>
