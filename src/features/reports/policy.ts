import { byRole, either, type PolicyFor } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const readers = ['organiser', 'head', 'administrator', 'dataOfficer'] as const
type Where = { campaignId: string; unitId?: string | undefined }
/** A unit's own line of command reads its totals; whoever has the campaign reads all of them. */
const reads = either<Where>(
  byRole(readers, 'unit', (where) => where.unitId),
  byRole(readers, 'campaign', (where) => where.campaignId),
)

export const policy = {
  getFigures: reads,
  getReport: reads,
  paper: reads,
  freeze: byRole(['organiser'], 'campaign', (input) => input.campaignId),
  declareTotal: byRole(['organiser'], 'unit', (input) => input.unitId),
  removeDeclared: byRole(['organiser'], 'unit', (input) => input.unitId),
} satisfies PolicyFor<typeof contract>
