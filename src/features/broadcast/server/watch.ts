// Where and whether somebody may watch, and how the programme does.

import type { Actor } from '../../../platform/rights.ts'
import { holds, type Role } from '../../../platform/rights.ts'
import type { Db } from '../../../platform/server/db.ts'
import { type Desk, placeAt } from '../../../platform/server/desk.ts'
import { serveTopic } from '../../../platform/server/live.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { decksOf } from '../../materials/server/index.ts'
import { standsOnStage } from '../../stage/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { type ProgrammeRow, tellProgramme } from '../rules.ts'
import { programmePath } from './origin.ts'
import * as store from './store.ts'

/** Whoever has a task in the conference may see what the audience sees. */
const insiders: readonly Role[] = [
  'director',
  'moderator',
  'speaker',
  'organiser',
  'head',
  'siteManager',
  'steward',
  'cellSecretary',
]
const isOnAir = (stage: store.WatchedSession['stage']) => stage === 'onAir' || stage === 'break'

type Watched = {
  session: store.WatchedSession
  row: ProgrammeRow | undefined
  /** Of the session whose programme it is. */
  audience: 'public' | 'members' | 'internal'
  decks: Awaited<ReturnType<typeof decksOf>>
}
// At the opening hour tens of thousands ask for the same session within a second.
const sharedForMs = 1_000
const shared = new WeakMap<Desk, Map<string, { until: number; found: Promise<Watched | undefined> }>>()
function watched(desk: Desk, sessionId: string, now: Date): Promise<Watched | undefined> {
  const mine = shared.get(desk) ?? new Map()
  shared.set(desk, mine)
  const known = mine.get(sessionId)
  if (known && known.until > now.getTime() && known.until <= now.getTime() + sharedForMs) return known.found
  if (mine.size > 200) mine.clear()
  const found = readWatched(desk, sessionId, now)
  mine.set(sessionId, { until: now.getTime() + sharedForMs, found })
  found.catch(() => mine.delete(sessionId))
  return found
}
async function readWatched(desk: Desk, sessionId: string, now: Date): Promise<Watched | undefined> {
  const [session] = await store.watchedSessions(desk.db, { sessionIds: [sessionId] })
  if (!session) return undefined
  const [above = session] =
    session.programmeOf === sessionId
      ? [session]
      : await store.watchedSessions(desk.db, { sessionIds: [session.programmeOf] })
  const row = session.classified || above.classified ? undefined : await store.programmeOf(desk.db, session.programmeOf)
  return {
    session: { ...session, classified: session.classified || above.classified },
    row,
    audience: above.audience,
    decks: row?.beganAt ? await decksOf(desk.db, desk, above.conferenceId, now, above.audience) : [],
  }
}

export const watch = answer(contract.watch, policy.watch, async ({ desk, db, actor, now, input }) => {
  const found = (await watched(desk, input.sessionId, now)) ?? refuse(contract.watch, 'notFound')
  const { session, row, audience, decks } = found
  if (session.classified) refuse(contract.watch, 'paperOnly')
  await mustWatch(desk, db, actor, session)
  const told = tellProgramme(row, isOnAir(session.stage), now)
  return {
    ...told,
    ...(row?.beganAt ? pathsOf(desk, session.programmeOf, audience, row.state === 'ended', now) : {}),
    conferenceId: session.conferenceId,
    conferenceName: session.conferenceName,
    sessionName: session.sessionName,
    startsAt: session.startsAt.toISOString(),
    endsAt: session.endsAt.toISOString(),
    audience: session.audience,
    serverTime: now.toISOString(),
    decks: decks.map(({ versionId, prefix, pages, width, height }) => ({ versionId, prefix, pages, width, height })),
  }
})
/** Throws `signIn`, `notYours` or `notSummoned`. What is internal is for those who were summoned to it; members' is for the whole roll. */
async function mustWatch(desk: Desk, db: Db, actor: Actor, session: store.WatchedSession) {
  if (session.audience === 'public' || actor.kind === 'machine') return
  if (actor.kind === 'nobody') refuse(contract.watch, 'signIn')
  if (actor.kind === 'staff') {
    const place = await placeAt(desk, db)('session', session.sessionId)
    if (holds(actor, insiders, place)) return
    // A hall's screen plays the programme with the account of its keeper.
    const halls = actor.grants.flatMap(({ role, kind, scopeId }) =>
      kind === 'site' && scopeId && (role === 'siteManager' || role === 'steward') ? [scopeId] : [],
    )
    if (!(await standsOnStage(db, session.programmeOf, halls))) refuse(contract.watch, 'notYours')
    return
  }
  const isMine =
    actor.personId !== undefined &&
    (await store.takesPart(db, {
      personId: actor.personId,
      conferenceId: session.conferenceId,
      campaignId: session.audience === 'members' ? session.campaignId : undefined,
    }))
  if (!isMine) refuse(contract.watch, 'notSummoned')
}
function pathsOf(desk: Desk, sessionId: string, audience: Watched['audience'], hasEnded: boolean, now: Date) {
  const { prefix, until } = programmePath(desk, sessionId, audience, now)
  return {
    master: `${prefix}${hasEnded ? 'tu-dau' : 'master'}.m3u8`,
    fromStart: `${prefix}tu-dau.m3u8`,
    audio: `${prefix}${hasEnded ? 'tieng-tu-dau' : 'tieng'}.m3u8`,
    timeline: `${prefix}timeline.jsonl`,
    ...(until ? { pathUntil: until.toISOString() } : {}),
  }
}

export const programme = serveTopic(
  contract.programme,
  policy.programme,
  async (desk, { sessionId }) => {
    const now = new Date()
    const found = (await watched(desk, sessionId, now)) ?? refuse(contract.watch, 'notFound')
    // The state itself is read anew: it is what this is about.
    const row = found.session.classified ? undefined : await store.programmeOf(desk.db, found.session.programmeOf)
    return tellProgramme(row, isOnAir(found.session.stage), now)
  },
  {
    paceMs: 1_000,
    // That there is an internal session at all is nobody's business outside.
    also: async (desk, actor, { sessionId }) => {
      const found = await watched(desk, sessionId, new Date())
      return actor.kind === 'nobody' && found?.session.audience !== 'public' ? 'signIn' : 'yes'
    },
  },
)

const soonMs = 7 * 24 * 3_600_000
const lateMs = 12 * 3_600_000
export const myProgrammes = answer(contract.myProgrammes, policy.myProgrammes, async ({ db, actor, now }) => {
  const sessions = (await store.watchedSessions(db, { personId: actor.personId! })).filter(
    ({ startsAt, endsAt, classified, stage }) =>
      !classified &&
      (isOnAir(stage) || (endsAt.getTime() > now.getTime() - lateMs && startsAt.getTime() < now.getTime() + soonMs)),
  )
  const rows = await store.programmesOf(
    db,
    sessions.map(({ programmeOf }) => programmeOf),
  )
  return {
    sessions: sessions.map((session) => {
      const onAir = isOnAir(session.stage)
      return {
        sessionId: session.sessionId,
        conferenceId: session.conferenceId,
        conferenceName: session.conferenceName,
        sessionName: session.sessionName,
        startsAt: session.startsAt.toISOString(),
        endsAt: session.endsAt.toISOString(),
        onAir,
        state: tellProgramme(rows.get(session.programmeOf), onAir, now).state,
      }
    }),
  }
})
