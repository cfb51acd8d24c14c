import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { record } from '../../../platform/server/record.ts'
import type { State } from '../contract.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { approvalProblems, mayMove, nextStates } from '../rules.ts'
import * as store from './store.ts'

/** One step of a conference's life, told to later features; for the operation below, and for make-ups that come with a file. */
export async function moveConference(
  tx: Db | Tx,
  { conferenceId, to, now }: { conferenceId: string; to: State; now: Date },
): Promise<State> {
  const it = contract.moveState
  await store.lockConference(tx, conferenceId)
  const conference = await store.conferenceById(tx, conferenceId)
  if (!conference) refuse(it, 'notFound')
  const from = conference.state
  if (from === to) refuse(it, 'already', { state: to })
  if (!mayMove(from, to)) refuse(it, 'notNext', { state: from, next: nextStates(from) })
  if (to === 'approved') {
    const problems = approvalProblems(conference, await store.sessionsOf(tx, conferenceId))
    if (problems.length > 0) refuse(it, 'notApprovable', { problems })
  }
  await store.updateConference(tx, conferenceId, { state: to, ...momentOf(to, now) })
  await record(tx, contract.stateMoved, { campaignId: conference.campaignId, conferenceId, from, to }, now)
  return to
}
const momentOf = (to: State, now: Date) =>
  ({
    draft: { approved_at: null },
    approved: { approved_at: now },
    open: { opened_at: now },
    live: { live_at: now },
    closed: { closed_at: now },
  })[to]

export const moveState = answer(contract.moveState, policy.moveState, async ({ db, now, input, note }) => {
  const state = await moveConference(db, { conferenceId: input.conferenceId, to: input.to, now })
  note({ state })
  return { state }
})

export const setClassified = answer(contract.setClassified, policy.setClassified, async ({ db, input }) => {
  const it = contract.setClassified
  await store.lockConference(db, input.conferenceId)
  const conference = await store.conferenceById(db, input.conferenceId)
  if (!conference) refuse(it, 'notFound')
  const { classified } = input
  if (conference.classified === classified) refuse(it, 'already')
  if (conference.state === 'closed') refuse(it, 'closed')
  if (!classified && conference.state !== 'draft') refuse(it, 'onlyInDraft')
  await store.updateConference(db, conference.conferenceId, {
    classified,
    ...(classified ? { own_device: false } : {}),
  })
  if (classified) await store.closeAudience(db, conference.conferenceId)
  return { classified }
})
