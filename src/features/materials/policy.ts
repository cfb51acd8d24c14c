// Who may, pure. Whoever holds a conference brings its materials; a speaker brings her own slides.
import { byRole, either, type PolicyFor, signedIn } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const bringers = ['organiser', 'director', 'moderator', 'speaker'] as const
const onConference = byRole<{ conferenceId: string }>(bringers, 'conference', (i) => i.conferenceId)

export const policy = {
  listMaterials: onConference,
  orderMaterials: byRole(['organiser', 'director', 'moderator'], 'conference', (i) => i.conferenceId),
  // The operations ask for the conference of the material itself.
  material: signedIn,
  renameMaterial: signedIn,
  removeMaterial: signedIn,
  tryAgain: signedIn,
  materialFile: signedIn,
  // And this one, whether she takes part in the conference.
  readable: signedIn,
} satisfies PolicyFor<typeof contract>
/** For uploads, which are no operation. */
export const mayBring = either<{ conferenceId: string }>(onConference)
