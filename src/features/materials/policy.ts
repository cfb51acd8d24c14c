// Who may, pure. Whoever holds a conference brings its materials; a speaker brings her own slides.
import { byRole, type PolicyFor, signedIn } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

export const bringers = ['organiser', 'director', 'moderator', 'speaker'] as const
/** These may change what others brought; a speaker only her own. */
export const keepers = ['organiser', 'director', 'moderator'] as const
const onConference = byRole<{ conferenceId: string }>(bringers, 'conference', (i) => i.conferenceId)

export const policy = {
  bringFile: onConference,
  listMaterials: onConference,
  orderMaterials: byRole(keepers, 'conference', (i) => i.conferenceId),
  // The operations ask for the conference of the material itself.
  material: signedIn,
  renameMaterial: signedIn,
  removeMaterial: signedIn,
  tryAgain: signedIn,
  materialFile: signedIn,
  // And this one, whether she takes part in the conference.
  readable: signedIn,
} satisfies PolicyFor<typeof contract>
/** Asked before the bytes are taken in, and again when they are kept. */
export const mayBring = onConference
