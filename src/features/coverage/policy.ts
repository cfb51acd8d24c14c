import { byRole, either, herself, type PolicyFor } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const readers = ['organiser', 'head', 'administrator', 'dataOfficer'] as const

/** Totals are for the unit's own line of command; names for the cell's secretary and the unit's officer. */
export const policy = {
  ledger: either(
    byRole([...readers, 'cellSecretary'], 'unit', (input) => input.unitId),
    byRole(readers, 'campaign', (input) => input.campaignId),
  ),
  liveLedger: either(
    byRole([...readers, 'cellSecretary'], 'unit', (input) => input.unitId),
    byRole(readers, 'campaign', (input) => input.campaignId),
  ),
  peopleBehind: byRole(['cellSecretary', 'organiser'], 'unit', (input) => input.unitId),
  myState: herself('entered'),
} satisfies PolicyFor<typeof contract>
