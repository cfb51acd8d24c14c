// What make-ups read, and the only tables they write: how many seats, what came of an offer.
import { type RawBuilder, sql } from 'kysely'
import { fold } from '../../../kernel/fold.ts'
import type { Actor } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { presenceOf } from '../../attendance/server/index.ts'
import type { makeupStates } from '../contract.ts'
import './tables.ts'

export type Unit = {
  unitId: string
  code: string
  name: string
  path: string[]
  grassrootsId: string | null
  lft: number
  rgt: number
}
/** Units of the campaign's tree, of those asked for. */
export const unitsIn = async (db: Db | Tx, campaignId: string, unitIds: readonly string[]): Promise<Unit[]> =>
  (
    await sql<Unit>`
      select unit_id as "unitId", code, name, path, grassroots_id as "grassrootsId", lft, rgt from campaign_unit
      where campaign_id = ${campaignId} and unit_id = any(${unitIds as string[]}::uuid[]) order by lft`.execute(db)
  ).rows

export type Campaign = { campaignId: string; code: string; name: string; scopeUnitId: string; fixed: boolean }
export const campaignById = async (db: Db | Tx, campaignId: string): Promise<Campaign | undefined> =>
  (
    await sql<Campaign>`
      select id as "campaignId", code, name, scope_unit_id as "scopeUnitId", scope_fixed_at is not null as fixed
      from campaign where id = ${campaignId}`.execute(db)
  ).rows[0]

export type Makeup = {
  makeupId: string
  campaignId: string
  code: string
  name: string
  unitId: string
  unitCode: string
  unitName: string
  unitPath: string[]
  state: (typeof makeupStates)[number]
  classified: boolean
  startsAt: Date
  endsAt: Date
  sites: { siteId: string; name: string; seats: number }[]
  seats: number
  booked: number
  present: number
}
type Wanted = {
  campaignId?: string | undefined
  makeupId?: string | undefined
  within?: { lft: number; rgt: number } | undefined
  /** Beside those `within`, those held by one of these units. */
  orAbove?: readonly string[] | undefined
  which?: 'all' | 'coming' | 'closed' | undefined
  find?: string | undefined
  page: number
  size: number
}
const chosen = ({ campaignId, makeupId, within, orAbove = [], which = 'all', find = '' }: Wanted) => {
  const like = likeOf(find)
  const state = { all: sql`true`, coming: sql`c.state <> 'closed'`, closed: sql`c.state = 'closed'` }[which]
  return sql`
    from conference c join campaign_unit u on u.campaign_id = c.campaign_id and u.unit_id = c.unit_id
      cross join lateral (select min(starts_at) as starts_at, max(ends_at) as ends_at from conference_session where conference_id = c.id) s
    where c.purpose = 'makeup' and ${state} and s.starts_at is not null
      and ${campaignId ? sql`c.campaign_id = ${campaignId}` : sql`true`} and ${makeupId ? sql`c.id = ${makeupId}` : sql`true`}
      and ${within ? sql`(u.lft between ${within.lft} and ${within.rgt} or u.unit_id = any(${orAbove as string[]}::uuid[]))` : sql`true`}
      and (${find === ''} or fold(c.name) like ${like} or fold(c.code) like ${like} or u.name_folded like ${like})`
}
/** Make-ups with what is booked and who is judged present; those coming first, the next one first. */
export async function makeupsOf(db: Db | Tx, wanted: Wanted): Promise<Makeup[]> {
  const { rows } = await sql<Omit<Makeup, 'sites' | 'booked' | 'present' | 'seats'> & { roomSeats: number | null }>`
    select c.id as "makeupId", c.campaign_id as "campaignId", c.code, c.name, c.unit_id as "unitId", u.code as "unitCode", u.name as "unitName",
      u.path as "unitPath", c.state, c.classified, s.starts_at as "startsAt", s.ends_at as "endsAt",
      (select seats from makeup where conference_id = c.id) as "roomSeats"
    ${chosen(wanted)}
    order by (c.state = 'closed'), case when c.state = 'closed' then -extract(epoch from s.starts_at) else extract(epoch from s.starts_at) end, c.code
    limit ${wanted.size} offset ${(wanted.page - 1) * wanted.size}`.execute(db)
  const ids = rows.map(({ makeupId }) => makeupId)
  const counts = await countsOf(db, ids)
  const sites = await sql<{ makeupId: string; siteId: string; name: string; seats: number }>`
    select k.conference_id as "makeupId", s.id as "siteId", s.name, k.seats from conference_site k join site s on s.id = k.site_id
    where k.conference_id = any(${ids}::uuid[]) order by s.code`.execute(db)
  const sitesOf = Map.groupBy(sites.rows, ({ makeupId }) => makeupId)
  return rows.map(({ roomSeats, ...row }) => {
    const own = (sitesOf.get(row.makeupId) ?? []).map(({ siteId, name, seats }) => ({ siteId, name, seats }))
    const seats = own.length > 0 ? own.reduce((sum, one) => sum + one.seats, 0) : (roomSeats ?? 0)
    return { ...row, sites: own, seats, ...(counts.get(row.makeupId) ?? { booked: 0, present: 0 }) }
  })
}
export const makeupById = async (db: Db | Tx, makeupId: string): Promise<Makeup | undefined> =>
  (await makeupsOf(db, { makeupId, page: 1, size: 1 }))[0]

/** Of everyone booked (and whoever came is booked): how many, and how many of them are judged present. */
async function countsOf(db: Db | Tx, makeupIds: readonly string[]) {
  const { rows } = await sql<{ makeupId: string; booked: number; present: number }>`
    select conference_id as "makeupId", count(*)::int as booked, count(*) filter (where state = 'present')::int as present
    from ${presenceOf(sql`c.id = any(${makeupIds as string[]}::uuid[])`)} judged group by conference_id`.execute(db)
  return new Map(rows.map(({ makeupId, ...counts }) => [makeupId, counts]))
}
/** How many of a unit's people are booked, by make-up. */
export async function bookedOf(
  db: Db | Tx,
  campaignId: string,
  unit: { lft: number; rgt: number },
  makeupIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ makeupId: string; n: number }>`
    select m.conference_id as "makeupId", count(*)::int as n from summons m
      join roll r on r.campaign_id = ${campaignId} and r.person_id = m.person_id and r.to_at is null
      join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
    where m.conference_id = any(${makeupIds as string[]}::uuid[]) and m.withdrawn_at is null and u.lft between ${unit.lft} and ${unit.rgt}
    group by m.conference_id`.execute(db)
  return new Map(rows.map(({ makeupId, n }) => [makeupId, n]))
}
export async function totalsOf(db: Db | Tx, wanted: Wanted) {
  const { rows } = await sql<{ makeups: number; closed: number }>`
    select count(*)::int as makeups, count(*) filter (where c.state = 'closed')::int as closed ${chosen(wanted)}`.execute(
    db,
  )
  const people = await sql<{ booked: number; present: number }>`
    select count(*)::int as booked, count(*) filter (where state = 'present')::int as present
    from ${presenceOf(sql`c.id in (select c.id ${chosen(wanted)})`)} judged`.execute(db)
  return { ...rows[0]!, ...people.rows[0]! }
}
/** By the grassroots unit of those booked; people outside the roll are in none. */
export const unitsOfMakeup = async (db: Db | Tx, { makeupId, campaignId }: Makeup) =>
  (
    await sql<{ unitId: string; code: string; name: string; booked: number; present: number }>`
      select g.unit_id as "unitId", g.code, g.name, count(*)::int as booked, count(*) filter (where j.state = 'present')::int as present
      from ${presenceOf(sql`c.id = ${makeupId}`)} j
        join roll r on r.campaign_id = ${campaignId} and r.person_id = j.person_id and r.to_at is null
        join campaign_unit u on u.campaign_id = ${campaignId} and u.unit_id = r.unit_id
        join campaign_unit g on g.campaign_id = ${campaignId} and g.unit_id = coalesce(u.grassroots_id, u.unit_id)
      group by g.unit_id, g.code, g.name, g.lft order by g.lft`.execute(db)
  ).rows
export const checkpointsOf = async (db: Db | Tx, makeupId: string) =>
  (
    await sql<{ checkpointId: string; sessionId: string; code: string; name: string; opensAt: Date; at: Date }>`
      select id as "checkpointId", session_id as "sessionId", code, name, opens_at as "opensAt", at from checkpoint
      where conference_id = ${makeupId} order by at, position`.execute(db)
  ).rows

/**
 * Whose names this reader may open, as a condition on `u`, the person's unit in the campaign: the SQL of `rights.seesNames`.
 */
export const namesSeenBy = (actor: Actor): RawBuilder<unknown> => {
  if (actor.kind === 'machine') return sql`true`
  const near = actor.grants.flatMap(({ role, kind, scopeId }) =>
    (role === 'organiser' || role === 'cellSecretary') && kind === 'unit' && scopeId !== undefined ? [scopeId] : [],
  )
  const tasks = (actor.nameTasks ?? []).map(({ unitId }) => unitId)
  // From the grassroots unit down; where none keeps names, only the very unit.
  return sql`(u.path && ${tasks}::uuid[] or u.path[coalesce(array_position(u.path, u.grassroots_id), cardinality(u.path)):] && ${near}::uuid[])`
}

export async function takenCodes(db: Db | Tx, campaignId: string): Promise<Set<string>> {
  const { rows } = await sql<{ code: string }>`select code from conference where campaign_id = ${campaignId}`.execute(
    db,
  )
  return new Set(rows.map(({ code }) => code))
}
/** Of a room that is in no register. */
export async function setSeats(tx: Db | Tx, makeupId: string, seats: number): Promise<number> {
  await tx.insertInto('makeup').values({ conference_id: makeupId, seats }).execute()
  return seats
}
/** One booking of a make-up at a time: two officers do not share the last seat. */
export const lockMakeup = (tx: Db | Tx, makeupId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`seating ${makeupId}`}, 3))`.execute(tx)
/** One booking, or one new code, of a campaign's make-ups at a time. */
export const lockMakeups = (tx: Db | Tx, campaignId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`makeups ${campaignId}`}, 9))`.execute(tx)

/** What a person typed into a search box, for a folded column; `%` and `_` mean themselves. */
export const likeOf = (find: string) => `%${fold(find).replace(/[\\%_]/g, '\\$&')}%`
