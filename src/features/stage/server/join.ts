// A short-lived pass into the room. What may be done there follows the part, and changes while it is connected.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { holds, type Role } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { placeAt } from '../../../platform/server/desk.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import type { PartKind } from '../contract.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { isOpen } from '../rules.ts'
import { identityOf, mediaServerOf, permitOf } from './mediaServer.ts'
import { placesNow } from './modes.ts'
import {
  ensureSitePart,
  heldSession,
  linesOf,
  lockStage,
  nameOf,
  type Part,
  partsOf,
  siteOnStage,
  userOf,
} from './store.ts'
import { talkingUsers, tell } from './tell.ts'

type Role_ = (typeof contract.joinRoles)[number]
const kindOf: Record<Exclude<Role_, 'site' | 'screen' | 'member'>, PartKind> = {
  speaker: 'speaker',
  chair: 'chair',
  moderator: 'moderator',
  director: 'technician',
}
const mayJoinAs: Record<keyof typeof kindOf, readonly Role[]> = {
  speaker: ['speaker', 'moderator', 'director'],
  chair: ['speaker', 'moderator', 'director'],
  moderator: ['moderator', 'director'],
  director: ['director'],
}

export const join = answer(contract.join, policy.join, async (call) => {
  const { db, desk, now, input, after, note } = call
  const it = contract.join
  const { sessionId, as } = input
  const held = (await heldSession(db, sessionId)) ?? refuse(it, 'notFound')
  if (held.classified) refuse(it, 'paperOnly')
  const stage = await lockStage(db, sessionId)
  if (stage?.state === 'ended') refuse(it, 'ended')
  if (!stage || !isOpen(stage.state)) refuse(it, 'notOpen')
  const part =
    as === 'site' || as === 'screen'
      ? await siteOf(call)
      : as === 'member'
        ? await memberOf(call)
        : await staffOf(call, as)
  if (part.state === 'removed') refuse(it, 'removed')
  const media = mediaServerOf(desk)
  const state = media?.state()
  if (!media || (state !== 'running' && state !== 'external'))
    refuse(it, 'stageNotReady', { because: state ?? 'missing' })
  const of = as === 'screen' ? 'screen' : 'console'
  const talking = part.kind === 'technician' && (await talkingUsers({ db }, sessionId)).has(part.userId ?? '')
  const identity = identityOf(part, of)
  const token = await media.token(
    {
      ...permitOf({ ...part, talking }, of),
      room: stage.room,
      identity,
      name: part.name,
      about: { kind: part.kind, partId: part.partId, ...(part.siteId ? { siteId: part.siteId } : {}) },
    },
    now,
  )
  note({ partId: part.partId, as })
  after(() => tell(desk, sessionId, { halls: [part.siteId] }))
  return {
    partId: part.partId,
    url: media.url,
    token,
    identity,
    iceServers: media.iceServers.map((one) => ({ ...one, urls: [...one.urls] })),
    state: part.state,
  }
})
type Joining = Call<{ sessionId: string; as: Role_; siteId?: string | undefined }>

async function siteOf({ db, desk, actor, input }: Joining): Promise<Part> {
  const it = contract.join
  if (!input.siteId) refuse(it, 'malformed')
  const site = (await siteOnStage(db, input.sessionId, input.siteId)) ?? refuse(it, 'otherConference')
  if (!holds(actor, ['siteManager', 'steward'], await placeAt(desk, db)('site', site.siteId))) refuse(it, 'notYours')
  const part = await ensureSitePart(db, input.sessionId, site, newId())
  if (input.as === 'screen' && part.state !== 'onAir' && part.state !== 'backstage') {
    // It was told to play the programme instead: the room is full, and it comes in when it is called.
    const lines = await linesOf(db, input.sessionId)
    const places = placesNow(desk)
    const own = lines.find(({ siteId }) => siteId === site.siteId)
    const inside = lines.filter(({ wanted }) => wanted === 'webrtc').length
    if (own?.wanted !== 'webrtc' && places !== undefined && inside >= places) refuse(it, 'nodeFull')
  }
  return part
}
async function memberOf({ db, actor, input }: Joining): Promise<Part> {
  const it = contract.join
  if (actor.personId === undefined) refuse(it, 'notCalled')
  // An entry link opens one campaign only.
  const held = actor.kind === 'member' ? await heldSession(db, input.sessionId) : undefined
  if (held && held.campaignId !== actor.campaignId) refuse(it, 'notYours')
  const part = (await partsOf(db, input.sessionId, sql`kind = 'member' and person_id = ${actor.personId}`))[0]
  if (!part || part.state === 'left') refuse(it, 'notCalled')
  return part
}
async function staffOf({ db, desk, actor, input }: Joining, as: keyof typeof kindOf): Promise<Part> {
  const { sessionId } = input
  if (!holds(actor, mayJoinAs[as], await placeAt(desk, db)('session', sessionId))) refuse(contract.join, 'notYours')
  const kind = kindOf[as]
  await sql`
    insert into stage_part (part_id, session_id, kind, user_id, name, unit, state)
    values (${newId()}, ${sessionId}, ${kind}, ${userOf(actor)}, ${await nameOf(db, actor)}, '', 'backstage')
    on conflict (session_id, user_id, kind) where user_id is not null
    do update set name = excluded.name, state = case when stage_part.state in ('invited', 'left') then 'backstage' else stage_part.state end`.execute(
    db,
  )
  return (await partsOf(db, sessionId, sql`kind = ${kind} and user_id = ${userOf(actor)}`))[0]!
}

export const stageReady = answer(contract.stageReady, policy.stageReady, async ({ desk }) => {
  const because = mediaServerOf(desk)?.state() ?? 'missing'
  return { ready: because === 'running' || because === 'external', because }
})

const roomsOf = {
  director: ['control', 'moderation', 'lectern'],
  moderator: ['moderation', 'lectern'],
  speaker: ['lectern'],
} as const
const shownDaysBefore = 2
const shownDaysAfter = 60
export const myStages = answer(contract.myStages, policy.myStages, async ({ db, actor, now }) => {
  const roles = Object.keys(roomsOf) as (keyof typeof roomsOf)[]
  const from = new Date(now.getTime() - shownDaysBefore * 86_400_000)
  const to = new Date(now.getTime() + shownDaysAfter * 86_400_000)
  const grants = actor.grants.filter(({ role }) => (roles as string[]).includes(role))
  const scopes = (kind: string) =>
    grants.flatMap((grant) => (grant.kind === kind && grant.scopeId ? [grant.scopeId] : []))
  const everywhere = actor.kind === 'machine' || grants.some(({ kind }) => kind === 'installation')
  const rows =
    grants.length === 0 && !everywhere
      ? []
      : (
          await sql<StageRow & { unitPath: string[]; campaignId: string }>`
            select ${stageRow}, coalesce(n.path, array[c.unit_id]) as "unitPath", c.campaign_id as "campaignId"
            from conference_session s join conference c on c.id = s.conference_id left join unit_now n on n.unit_id = c.unit_id
              left join stage g on g.session_id = s.id
            where not c.classified and c.state <> 'draft' and s.relays_id is null and s.ends_at > ${from} and s.starts_at < ${to}
              and (${everywhere} or c.id = any(${scopes('conference')}::uuid[]) or c.campaign_id = any(${scopes('campaign')}::uuid[])
                or n.path && ${scopes('unit')}::uuid[])
            order by s.starts_at limit 100`.execute(db)
        ).rows
  return {
    stages: rows.map(({ unitPath, campaignId, ...row }) => {
      const place = { unitPath, campaignId, conferenceId: row.conferenceId }
      const rooms = roles.flatMap((role) => (holds(actor, [role], place) ? roomsOf[role] : []))
      return { ...presentStage(row), sites: row.sites, rooms: [...new Set(rooms)] }
    }),
    halls: await myHalls(db, actor.grants, from, to),
  }
})
type StageRow = {
  sessionId: string
  conferenceId: string
  conferenceName: string
  sessionName: string
  startsAt: Date
  endsAt: Date
  state: contract.StageState
  sites: number
}
const stageRow = sql`s.id as "sessionId", c.id as "conferenceId", c.name as "conferenceName", coalesce(nullif(s.name, ''), s.code) as "sessionName",
  s.starts_at as "startsAt", s.ends_at as "endsAt", coalesce(g.state, 'closed') as state,
  (select count(*)::int from conference_site k where k.conference_id = c.id) as sites`
const presentStage = ({ sites: _, startsAt, endsAt, ...row }: StageRow) => ({
  ...row,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
})
/** Halls I keep, each beside the session whose stage it watches. */
async function myHalls(db: Db | Tx, grants: Call<unknown>['actor']['grants'], from: Date, to: Date) {
  const siteIds = grants.flatMap(({ role, kind, scopeId }) =>
    kind === 'site' && scopeId && (role === 'siteManager' || role === 'steward') ? [scopeId] : [],
  )
  if (siteIds.length === 0) return []
  const { rows } = await sql<StageRow & { siteId: string; siteName: string; ownConferenceId: string }>`
    with recursive up as (
      select k.site_id, k.conference_id as own, o.id, o.relays_id from conference_site k
        join conference c on c.id = k.conference_id and not c.classified and c.state <> 'draft'
        join conference_session o on o.conference_id = k.conference_id and o.ends_at > ${from} and o.starts_at < ${to}
      where k.site_id = any(${siteIds}::uuid[])
      union all
      select up.site_id, up.own, o.id, o.relays_id from up join conference_session o on o.id = up.relays_id)
    select ${stageRow}, up.site_id as "siteId", h.name as "siteName", up.own as "ownConferenceId"
    from up join conference_session s on s.id = up.id and up.relays_id is null join conference c on c.id = s.conference_id
      join site h on h.id = up.site_id left join stage g on g.session_id = s.id
    order by s.starts_at limit 200`.execute(db)
  return rows.map(({ siteId, siteName, ownConferenceId, ...row }) => ({
    ...presentStage(row),
    conferenceId: ownConferenceId,
    siteId,
    siteName,
  }))
}
