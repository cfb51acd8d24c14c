import { evidenceKinds } from '../contract.ts'
import type { Policy } from '../rules.ts'

export const defaultPolicy: Policy = {
  presentAtLeast: { n: 2, d: 3 },
  onePerSession: true,
  lateGraceMinutes: 15,
  wrongHallCounts: true,
  lateAcceptedByManager: true,
  evidenceTaken: evidenceKinds,
  ownTickTakenMinutes: 10,
  ownTickTries: 5,
}
