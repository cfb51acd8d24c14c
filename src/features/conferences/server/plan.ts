// Making, changing and taking away a conference and its programme.

import type { z } from 'zod'
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import { type Actor, holds } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { campaignById, countOn, placeOfCampaign } from '../../campaigns/server/index.ts'
import type { SessionInput } from '../contract.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { approvalProblems, sessionFault } from '../rules.ts'
import * as store from './store.ts'

/** A draft conference with its sessions; for the operation below, and for make-ups that come with a file. */
export async function makeConference(
  tx: Db | Tx,
  { actor, now, input }: { actor: Actor; now: Date; input: z.output<typeof contract.createConference.input> },
): Promise<{ conferenceId: string; code: string; sessionIds: string[] }> {
  const it = contract.createConference
  const campaign = await campaignById(tx, input.campaignId)
  if (!campaign) refuse(it, 'notFound')
  const unit = await store.unitIn(tx, campaign.campaignId, input.unitId)
  if (!unit) refuse(it, 'unknownUnit')
  if (!(await store.isInScope(tx, campaign.campaignId, unit.unitId))) refuse(it, 'outsideScope')
  // A make-up has a deadline of its own, long after the plans are closed.
  const { unitsBelowUntil } = campaign
  if (unitsBelowUntil && now > unitsBelowUntil && input.purpose !== 'makeup') {
    const place = await placeOfCampaign(tx, campaign.campaignId)
    if (!holds(actor, ['organiser'], place)) refuse(it, 'afterCutOff', { until: unitsBelowUntil.toISOString() })
  }
  if (input.parentId && !(await liesUnder(tx, campaign.campaignId, unit, input.parentId))) refuse(it, 'unknownParent')
  const fault = faultIn(input.sessions)
  if (fault) refuse(it, fault.because, { session: fault.session })
  const conferenceId = input.conferenceId ?? newId(now)
  const made = await store.insertConference(tx, {
    conferenceId,
    campaignId: campaign.campaignId,
    unitId: unit.unitId,
    parentId: input.parentId,
    code: input.code,
    name: input.name,
    purpose: input.purpose,
    classified: input.classified,
    ownDevice: input.ownDevice && !input.classified,
    documents: input.documents,
    contact: input.contact,
    by: actor.name,
    at: now,
  })
  if (!made) refuse(it, 'codeTaken', { code: input.code })
  const conference = (await store.conferenceById(tx, conferenceId))!
  const sessionIds = await writeSessions(tx, conference, input.sessions)
  if (!sessionIds) refuse(it, 'unknownSession')
  return { conferenceId, code: input.code, sessionIds }
}

/** May the conference hang under this one: same campaign, held by a unit further up. */
async function liesUnder(db: Db | Tx, campaignId: string, unit: store.Unit, parentId: string): Promise<boolean> {
  const parent = await store.conferenceById(db, parentId)
  return parent?.campaignId === campaignId && parent.unitId !== unit.unitId && unit.path.includes(parent.unitId)
}
const withTimes = <Given extends { startsAt: string; endsAt: string }>(sessions: readonly Given[]) =>
  sessions.map((session) => ({
    ...session,
    startsAt: new Date(session.startsAt),
    endsAt: new Date(session.endsAt),
  }))
const faultIn = (sessions: readonly SessionInput[]) => sessionFault(withTimes(sessions))

/** Answers the sessions' ids, or undefined when a session named is not this conference's, or relays none of its parent's. */
async function writeSessions(
  tx: Db | Tx,
  conference: store.Conference,
  sessions: readonly SessionInput[],
): Promise<string[] | undefined> {
  const relayable = conference.parentId ? await store.sessionsOf(tx, conference.parentId) : []
  const known = new Set(relayable.map(({ sessionId }) => sessionId))
  if (sessions.some(({ relaysId }) => relaysId && !known.has(relaysId))) return undefined
  const ids = await store.replaceSessions(tx, conference.conferenceId, sessions)
  if (conference.purpose === 'study' && sessions.length > 0) {
    const first = Math.min(...sessions.map(({ startsAt }) => Date.parse(startsAt)))
    await countOn(tx, conference.campaignId, dayOf(new Date(first)))
  }
  return ids
}

export const createConference = answer(
  contract.createConference,
  policy.createConference,
  async ({ db, actor, now, input, note }) => {
    const { conferenceId, code } = await makeConference(db, { actor, now, input })
    note({ conferenceId })
    return { conferenceId, code }
  },
)

async function lockedConference(
  tx: Db | Tx,
  it: { refusals: readonly string[] },
  conferenceId: string,
): Promise<store.Conference> {
  await store.lockConference(tx, conferenceId)
  const conference = await store.conferenceById(tx, conferenceId)
  if (!conference) refuse(it, 'notFound')
  return conference
}

export const updateConference = answer(contract.updateConference, policy.updateConference, async ({ db, input }) => {
  const it = contract.updateConference
  const conference = await lockedConference(db, it, input.conferenceId)
  if (conference.state === 'closed') refuse(it, 'closed')
  const { code, purpose, parentId } = input
  // What the plans of others hang on changes in draft only.
  const moved =
    (code !== undefined && code !== conference.code) ||
    (purpose !== undefined && purpose !== conference.purpose) ||
    (parentId !== undefined && (parentId ?? undefined) !== conference.parentId)
  if (moved && conference.state !== 'draft') refuse(it, 'onlyInDraft')
  if (input.ownDevice && conference.classified) refuse(it, 'classified')
  if (code && (await store.codeTaken(db, conference.campaignId, code, conference.conferenceId)))
    refuse(it, 'codeTaken', { code })
  if (parentId) {
    const unit = await store.unitIn(db, conference.campaignId, conference.unitId)
    if (!unit || !(await liesUnder(db, conference.campaignId, unit, parentId))) refuse(it, 'unknownParent')
  }
  const change = {
    ...(code === undefined ? {} : { code }),
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(input.ownDevice === undefined ? {} : { own_device: input.ownDevice }),
    ...(input.documents === undefined ? {} : { documents: input.documents }),
    ...(input.contact === undefined ? {} : { contact: input.contact }),
    ...(parentId === undefined ? {} : { parent_id: parentId }),
  }
  if (Object.keys(change).length > 0) await store.updateConference(db, conference.conferenceId, change)
  return { conferenceId: conference.conferenceId }
})

export const arrangeSessions = answer(contract.arrangeSessions, policy.arrangeSessions, async ({ db, input, note }) => {
  const it = contract.arrangeSessions
  const conference = await lockedConference(db, it, input.conferenceId)
  if (conference.state === 'closed') refuse(it, 'closed')
  const fault = faultIn(input.sessions)
  if (fault) refuse(it, fault.because, { session: fault.session })
  const sessionIds = await writeSessions(db, conference, input.sessions).catch(whileInUse(it, 'sessionInUse'))
  if (!sessionIds) refuse(it, 'unknownSession')
  // What was approved stays approvable: a session cannot lose its question minutes afterwards.
  if (conference.state !== 'draft') {
    const problems = approvalProblems(conference, await store.sessionsOf(db, conference.conferenceId))
    if (problems.length > 0) refuse(it, 'notApprovable', { problems })
  }
  note({ sessions: sessionIds.length })
  return { sessionIds }
})

export const removeConference = answer(contract.removeConference, policy.removeConference, async ({ db, input }) => {
  const it = contract.removeConference
  const conference = await lockedConference(db, it, input.conferenceId)
  if (conference.state !== 'draft') refuse(it, 'onlyInDraft')
  await store.deleteConference(db, conference.conferenceId).catch(whileInUse(it, 'inUse'))
  return { removed: true }
})
/** Something of a later feature stands on it: a checkpoint, a summons. The database knows; we need not. */
const whileInUse =
  <const R extends string>(it: { refusals: readonly R[] }, because: R) =>
  (error: unknown): never => {
    if ((error as { code?: string }).code === '23503') refuse(it, because)
    throw error
  }
