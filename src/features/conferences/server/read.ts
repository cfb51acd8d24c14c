import type { z } from 'zod'
import { type Actor, abilitiesAt } from '../../../platform/rights.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import { campaignKnownTo } from '../../campaigns/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { approvalProblems, layOut, nextStates } from '../rules.ts'
import * as store from './store.ts'

/** Drafts are for those who plan; a member is told what is decided. */
const seesDrafts = (actor: Actor) => actor.kind === 'staff' || actor.kind === 'machine'

/** Whoever organises a unit this campaign has to do with may add to it; for which units, the creating asks. */
const plansSomewhere = (actor: Actor) =>
  actor.kind === 'machine' ||
  actor.grants.some(({ role, kind }) => role === 'organiser' && kind !== 'site' && kind !== 'conference')

/** The conference and its campaign, if this reader has to do with them. */
async function known(call: Call<{ conferenceId: string }>, it: { refusals: readonly string[] }) {
  const conference = await store.conferenceById(call.db, call.input.conferenceId)
  if (!conference || (conference.state === 'draft' && !seesDrafts(call.actor))) refuse(it, 'notFound')
  const campaign = await campaignKnownTo(call, conference.campaignId)
  const unit = campaign && (await store.unitIn(call.db, conference.campaignId, conference.unitId))
  if (!campaign || !unit) refuse(it, 'notFound')
  return { conference, campaign, unit }
}

export const listConferences = answer(contract.listConferences, policy.listConferences, async (call) => {
  const { db, actor, input } = call
  if (!(await campaignKnownTo(call, input.campaignId))) refuse(contract.listConferences, 'notFound')
  const shown = contract.states.filter(
    (state) => (state !== 'draft' || seesDrafts(actor)) && (!input.states || input.states.includes(state)),
  )
  const { rows, total } = await store.listConferences(db, { ...input, states: shown })
  return {
    rows: rows.map((row) => ({
      conferenceId: row.conferenceId,
      code: row.code,
      name: row.name,
      purpose: row.purpose,
      state: row.state,
      classified: row.classified,
      unit: { unitId: row.unitId, code: row.unitCode, name: row.unitName },
      parentId: row.parentId,
      sessions: row.sessions,
      startsAt: row.startsAt?.toISOString(),
      endsAt: row.endsAt?.toISOString(),
    })),
    total,
    page: input.page,
    size: input.size,
    abilities: plansSomewhere(actor) ? ['createConference' as const] : [],
  }
})

const shapeOf = (session: store.Session, codes: Map<string, string>): z.input<typeof contract.SessionShape> => ({
  sessionId: session.sessionId,
  code: session.code,
  name: session.name,
  startsAt: session.startsAt.toISOString(),
  endsAt: session.endsAt.toISOString(),
  mode: session.mode,
  relaysId: session.relaysId,
  relaysCode: session.relaysId && codes.get(session.relaysId),
  audience: session.audience,
  topics: session.topics,
})

export const getConference = answer(contract.getConference, policy.getConference, async (call) => {
  const { db, actor } = call
  const { conference, campaign, unit } = await known(call, contract.getConference)
  const sessions = await store.sessionsOf(db, conference.conferenceId)
  const parent = conference.parentId ? await store.conferenceById(db, conference.parentId) : undefined
  const parentSessions = parent ? await store.sessionsOf(db, parent.conferenceId) : []
  const codes = new Map(parentSessions.map(({ sessionId, code }) => [sessionId, code]))
  const place = {
    unitPath: unit.path,
    campaignId: campaign.campaignId,
    conferenceId: conference.conferenceId,
  }
  const starts = sessions.map(({ startsAt }) => +startsAt)
  const ends = sessions.map(({ endsAt }) => +endsAt)
  return {
    conferenceId: conference.conferenceId,
    code: conference.code,
    name: conference.name,
    purpose: conference.purpose,
    state: conference.state,
    classified: conference.classified,
    unit: { unitId: unit.unitId, code: unit.code, name: unit.name },
    campaign: { campaignId: campaign.campaignId, code: campaign.code, name: campaign.name },
    parentId: conference.parentId,
    parent: parent && { conferenceId: parent.conferenceId, code: parent.code, name: parent.name },
    parentSessions: parentSessions.map((session) => shapeOf(session, new Map())),
    ownDevice: conference.ownDevice,
    documents: conference.documents,
    contact: conference.contact,
    sessions: sessions.map((session) => shapeOf(session, codes)),
    startsAt: starts.length > 0 ? new Date(Math.min(...starts)).toISOString() : undefined,
    endsAt: ends.length > 0 ? new Date(Math.max(...ends)).toISOString() : undefined,
    problems: approvalProblems(conference, sessions),
    next: [...nextStates(conference.state)],
    approvedAt: conference.approvedAt?.toISOString(),
    openedAt: conference.openedAt?.toISOString(),
    liveAt: conference.liveAt?.toISOString(),
    closedAt: conference.closedAt?.toISOString(),
    abilities: abilitiesAt(actor, policy, place),
  }
})

/** The day as it is read out and printed: a relayed session shows the programme it relays. */
export async function programmeOf(call: Call<{ conferenceId: string }>, it: { refusals: readonly string[] }) {
  const { conference, campaign, unit } = await known(call, it)
  const sessions = await store.sessionsOf(call.db, conference.conferenceId)
  const sources = await store.sourcesOf(call.db, sessions)
  return {
    conference,
    campaign,
    unit,
    sessions: sessions.map((session) => {
      const source = sources.get(session.sessionId) ?? session
      return { ...session, source, items: source.topics.length > 0 ? layOut(source) : [] }
    }),
  }
}

export const getProgramme = answer(contract.getProgramme, policy.getProgramme, async (call) => {
  const { conference, campaign, unit, sessions } = await programmeOf(call, contract.getProgramme)
  return {
    conferenceId: conference.conferenceId,
    code: conference.code,
    name: conference.name,
    campaign: campaign.name,
    unit: unit.name,
    state: conference.state,
    classified: conference.classified,
    documents: conference.documents,
    contact: conference.contact,
    sessions: sessions.map((session) => ({
      sessionId: session.sessionId,
      code: session.code,
      name: session.name,
      startsAt: session.startsAt.toISOString(),
      endsAt: session.endsAt.toISOString(),
      mode: session.mode,
      audience: session.audience,
      items: session.items.map((item) => ({
        ...item,
        from: item.from.toISOString(),
        to: item.to.toISOString(),
      })),
    })),
  }
})
