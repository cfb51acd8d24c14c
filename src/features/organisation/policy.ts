// Who may do what to the tree and to people. Names are judged apart, by `seesNames`: a role higher up opens totals only.
import { byRole, type PolicyFor, type Role, roles, signedIn } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const keepers: readonly Role[] = ['administrator', 'dataOfficer']
const officers: readonly Role[] = ['dataOfficer', 'organiser', 'cellSecretary']
const onUnit = (wanted: readonly Role[]) => byRole<{ unitId: string }>(wanted, 'unit', (input) => input.unitId)

/** Whoever works with units; the rooms of a live conference have no business with the register. */
const ofTheTree = roles.filter((role) => !['director', 'moderator', 'speaker'].includes(role))

export const policy = {
  tops: signedIn,
  children: signedIn,
  findUnits: signedIn,
  levelSchemes: signedIn,
  unitPage: onUnit(ofTheTree),
  exportUnits: onUnit(ofTheTree),

  addRegister: byRole(['administrator'], 'installation', () => undefined),
  // A root has nothing above it that could be granted: the installation's administrator makes it.
  addUnit: byRole<{ parentId?: string | undefined }>(keepers, 'unit', (input) => input.parentId),
  renameUnit: onUnit(keepers),
  moveUnit: onUnit(keepers),
  closeUnit: onUnit(keepers),
  mergeUnits: onUnit(keepers),
  splitUnit: onUnit(keepers),

  // Someone with a dated task for names may hold no role there: the operations ask `seesNames`.
  people: signedIn,
  exportPeople: signedIn,
  personCard: signedIn,
  addPerson: onUnit(officers),
  correctPerson: onUnit(officers),
  transferPerson: onUnit(officers),
  exemptPerson: onUnit(officers),
  endExemption: onUnit(officers),
  endMembership: onUnit(officers),
  erasePerson: onUnit(['dataOfficer', 'organiser']),
} satisfies PolicyFor<typeof contract>
