// Who may do what in access. A right to give rights is judged at the place the right is given on.
import type { z } from 'zod'
import {
  anyone,
  byRole,
  either,
  herself,
  type Needs,
  type PolicyFor,
  type Role,
  signedIn,
} from '../../platform/rights.ts'
import type * as contract from './contract.ts'

type Scope = { kind: string; scopeId?: string | undefined }
/** One of the roles, at the place the input names, whatever kind of place it is. */
const atScope = (roles: readonly Role[]): Needs<Scope> =>
  either<Scope>(
    byRole<Scope>(['administrator'], 'installation', () => undefined),
    ...(['unit', 'campaign', 'conference', 'site'] as const).map((kind) =>
      byRole<Scope>(roles, kind, (input) => (input.kind === kind ? input.scopeId : undefined)),
    ),
  )
const givers: readonly Role[] = ['administrator', 'organiser', 'siteManager']
const housekeeping = byRole<unknown>(['administrator'], 'installation', () => undefined)
const ownPeople = (roles: readonly Role[]) => byRole<{ unitId: string }>(roles, 'unit', (input) => input.unitId)

export const policy = {
  me: anyone,
  signIn: anyone,
  signInTotp: anyone,
  enrolTotp: signedIn,
  confirmTotp: signedIn,
  changePassword: signedIn,
  signOut: anyone,
  signOutEverywhere: signedIn,
  // Whoever holds the link: the link itself is the right.
  seeSetup: anyone,
  setUp: anyone,
  seePasswordLink: anyone,
  choosePassword: anyone,
  seeLink: anyone,
  enter: anyone,
  setPin: herself('entered'),
  confirmPin: herself('entered'),
  askFaceToFace: herself('entered'),
  confirmFaceToFace: ownPeople(['cellSecretary']),
  resetPin: ownPeople(['cellSecretary']),
  copyEntryLink: ownPeople(['organiser', 'cellSecretary']),
  forPeopleOf: ownPeople(['organiser', 'cellSecretary']),
  revokeEntryLinks: ownPeople(['organiser', 'cellSecretary']),
  grant: atScope(givers),
  revokeGrant: atScope(givers),
  listGrants: atScope([...givers, 'head']),
  giveNameTask: ownPeople(['administrator', 'organiser']),
  endNameTask: ownPeople(['administrator', 'organiser']),
  listNameTasks: ownPeople(['administrator', 'organiser']),
  findStaff: atScope(givers),
  listStaff: housekeeping,
  createStaff: housekeeping,
  renewPasswordLink: housekeeping,
  setStaffDisabled: housekeeping,
  resetTotp: housekeeping,
  linkPerson: housekeeping,
  log: housekeeping,
  exportLog: housekeeping,
  verifyLog: housekeeping,
  looksAtMe: herself('confirmed'),
  myData: herself('confirmed'),
  exportMyData: herself('confirmed'),
  demoPeople: anyone,
  playLive: anyone,
  enterAsDemo: anyone,
} satisfies PolicyFor<typeof contract>
export type Input<Word extends { input: z.ZodType }> = z.output<Word['input']>
