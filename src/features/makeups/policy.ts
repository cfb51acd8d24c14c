// Who may, pure. Below a conference's place each person's own unit is asked too: nobody books another's people.
import { byRole, either, type PolicyFor, type Role } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const planners: readonly Role[] = ['organiser']
const readers: readonly Role[] = ['organiser', 'head', 'administrator']

type Where = { campaignId: string; unitId?: string | undefined }
const reads = either<Where>(
  byRole([...readers, 'cellSecretary'], 'unit', (where) => where.unitId),
  byRole(readers, 'campaign', (where) => where.campaignId),
)
type Booking = { makeupId: string; unitIds: readonly string[]; unitId?: string | undefined }
/** The make-up's own organiser, or a unit's organiser or a cell's secretary for her people. */
const books = either<Booking>(
  byRole(planners, 'conference', (input) => input.makeupId),
  byRole([...planners, 'cellSecretary'], 'unit', (input) => input.unitId ?? input.unitIds[0]),
)

export const policy = {
  planMakeup: reads,
  createMakeup: byRole(planners, 'unit', (input) => input.unitId),
  bookMakeup: books,
  unbookMakeup: books,
  listMakeups: reads,
  openMakeups: byRole([...readers, 'cellSecretary'], 'unit', (input) => input.unitId),
  getMakeup: byRole([...readers, 'cellSecretary', 'siteManager'], 'conference', (input) => input.makeupId),
  roster: byRole([...planners, 'cellSecretary'], 'conference', (input) => input.makeupId),
  takeRoll: byRole(planners, 'conference', (input) => input.makeupId),
  recordOffer: byRole([...planners, 'cellSecretary'], 'unit', (input) => input.unitId),
  closeMakeup: byRole(planners, 'conference', (input) => input.makeupId),
} satisfies PolicyFor<typeof contract>
