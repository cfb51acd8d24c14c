// Who may, pure.
import { anyone, byRole, herself, type PolicyFor } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

export const policy = {
  // A public session is anybody's; for others the operation asks whether she takes part.
  watch: anyone,
  programme: anyone,
  myProgrammes: herself('entered'),
  restartProgramme: byRole(['director'], 'session', (i) => i.sessionId),
  listRecordings: byRole(['organiser', 'director', 'head', 'administrator'], 'campaign', (i) => i.campaignId),
} satisfies PolicyFor<typeof contract>
