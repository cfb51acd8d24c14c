// The only SQL of attendance besides `standing.ts`.
import { sql } from 'kysely'
import type pg from 'pg'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Evidence } from '../contract.ts'
import './tables.ts'

export type ArrivalRow = {
  arrivalId: string
  conferenceId: string
  checkpointId: string
  siteId: string | undefined
  personId: string
  evidence: Evidence
  by: string
  claimedAt: Date
  correctedAt: Date
  receivedAt: Date
  skewMs: number
  deviceId: string
}
export type Written = {
  isNew: boolean
  summoned: boolean
  /** She stood at this checkpoint already: here, or at another hall. */
  before: { at: Date; siteId: string | undefined; siteName: string | undefined } | undefined
}

/**
 * Writes a batch in one statement, durable when it answers. Evidence of a second hall is kept; the same hall's second
 * evidence is not, for it says nothing new. Order of answers = order of rows.
 */
export async function insertArrivals(pool: Pick<pg.Pool, 'query'>, rows: readonly ArrivalRow[]): Promise<Written[]> {
  const { rows: written } = await pool.query<{
    ord: string
    is_new: boolean
    summoned: boolean
    before_at: Date | null
    before_site: string | null
    before_name: string | null
  }>({
    name: 'attendance.insertArrivals',
    text: `
      with given as materialized (
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::int[], $12::uuid[])
          with ordinality as g (arrival_id, conference_id, checkpoint_id, site_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, skew_ms, device_id, ord)),
      before as materialized (
        select g.ord, b.arrival_id, b.site_id, b.corrected_at from given g cross join lateral (
          select a.arrival_id, a.site_id, a.corrected_at from arrival a
          where a.checkpoint_id = g.checkpoint_id and a.person_id = g.person_id and a.withdrawn_at is null
          order by a.corrected_at, a.arrival_id limit 1) b
        where b.arrival_id <> g.arrival_id),
      kept as (
        insert into arrival (arrival_id, conference_id, checkpoint_id, site_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, skew_ms, device_id)
        select distinct on (g.arrival_id) g.arrival_id, g.conference_id, g.checkpoint_id, g.site_id, g.person_id, g.evidence, g.by_actor, g.claimed_at, g.corrected_at, g.received_at, g.skew_ms, g.device_id
        from given g left join before b on b.ord = g.ord
        where b.ord is null or b.site_id is distinct from g.site_id
        order by g.arrival_id
        on conflict (arrival_id) do nothing returning arrival_id),
      told as (
        insert into event (id, name, body, at)
        select $13, 'attendance.arrived', jsonb_build_object('arrivalIds', (select jsonb_agg(arrival_id) from kept)), $14
        where exists (select 1 from kept))
      select g.ord, k.arrival_id is not null as is_new, m.person_id is not null as summoned, b.corrected_at as before_at, b.site_id as before_site, s.name as before_name
      from given g
      left join kept k on k.arrival_id = g.arrival_id
      left join before b on b.ord = g.ord
      left join site s on s.id = b.site_id
      left join summons m on m.conference_id = g.conference_id and m.person_id = g.person_id and m.withdrawn_at is null
      order by g.ord`,
    values: [
      rows.map((row) => row.arrivalId),
      rows.map((row) => row.conferenceId),
      rows.map((row) => row.checkpointId),
      rows.map((row) => row.siteId ?? null),
      rows.map((row) => row.personId),
      rows.map((row) => row.evidence),
      rows.map((row) => row.by),
      rows.map((row) => row.claimedAt.toISOString()),
      rows.map((row) => row.correctedAt.toISOString()),
      rows.map((row) => row.receivedAt.toISOString()),
      rows.map((row) => row.skewMs),
      rows.map((row) => row.deviceId),
      newId(),
      rows[0]!.receivedAt,
    ],
  })
  return written.map((row) => ({
    isNew: row.is_new,
    summoned: row.summoned,
    before: row.before_at
      ? { at: row.before_at, siteId: row.before_site ?? undefined, siteName: row.before_name ?? undefined }
      : undefined,
  }))
}
/** Names for the one at the door, by person; the unit is the one on the roll. */
export async function namesOf(
  pool: Pick<pg.Pool, 'query'>,
  people: readonly { personId: string; campaignId: string }[],
) {
  if (people.length === 0) return new Map<string, { name: string; unit: string }>()
  const { rows } = await pool.query<{ id: string; name: string; unit: string | null }>({
    name: 'attendance.namesOf',
    text: `select p.id, p.full_name as name, u.name as unit from unnest($1::uuid[], $2::uuid[]) as g (person_id, campaign_id)
      join person p on p.id = g.person_id
      left join roll r on r.campaign_id = g.campaign_id and r.person_id = g.person_id and r.to_at is null
      left join campaign_unit u on u.campaign_id = g.campaign_id and u.unit_id = r.unit_id`,
    values: [people.map((one) => one.personId), people.map((one) => one.campaignId)],
  })
  return new Map(rows.map((row) => [row.id, { name: row.name, unit: row.unit ?? '' }]))
}

export const conferenceOf = async (db: Db | Tx, conferenceId: string) =>
  (
    await sql<{
      id: string
      campaignId: string
      unitId: string
      code: string
      name: string
      state: string
      classified: boolean
      startsAt: Date | null
      endsAt: Date | null
    }>`
      select c.id, c.campaign_id as "campaignId", c.unit_id as "unitId", c.code, c.name, c.state, c.classified,
        (select min(starts_at) from conference_session where conference_id = c.id) as "startsAt",
        (select max(ends_at) from conference_session where conference_id = c.id) as "endsAt"
      from conference c where c.id = ${conferenceId}`.execute(db)
  ).rows[0]

export type CheckpointRow = {
  id: string
  conferenceId: string
  sessionId: string
  sessionCode: string
  code: string
  name: string
  opensAt: Date
  at: Date
  closesAt: Date
  spokenAt: Date | null
  spokenCode: string | null
}
export const checkpointsOf = async (db: Db | Tx, conferenceId: string) =>
  (
    await sql<CheckpointRow>`
      select p.id, p.conference_id as "conferenceId", p.session_id as "sessionId", s.code as "sessionCode", p.code, p.name,
        p.opens_at as "opensAt", p.at, p.closes_at as "closesAt", p.spoken_at as "spokenAt", p.spoken_code as "spokenCode"
      from checkpoint p join conference_session s on s.id = p.session_id
      where p.conference_id = ${conferenceId} order by p.at, p.position`.execute(db)
  ).rows
export const checkpointById = async (db: Db | Tx, checkpointId: string) =>
  db
    .selectFrom('checkpoint')
    .select(['id', 'conference_id as conferenceId', 'code', 'name', 'at'])
    .where('id', '=', checkpointId)
    .executeTakeFirst()
export const presentCheckpoint = (row: CheckpointRow) => ({
  checkpointId: row.id,
  sessionId: row.sessionId,
  sessionCode: row.sessionCode,
  code: row.code,
  name: row.name,
  opensAt: row.opensAt.toISOString(),
  at: row.at.toISOString(),
  closesAt: row.closesAt.toISOString(),
  ...(row.spokenAt ? { codeShownAt: row.spokenAt.toISOString() } : {}),
})

/** A hall of a conference with its roll; names, so the caller records the look. */
export const rollOf = async (db: Db | Tx, conferenceId: string, siteId: string) =>
  (
    await sql<{
      personId: string
      name: string
      birthYear: number | null
      unit: string
      doorCode: string
      origin: string
      excuse: string | null
    }>`
      select m.person_id as "personId", p.full_name as name, p.birth_year as "birthYear", coalesce(u.name, n.name, '') as unit, m.door_code as "doorCode", m.origin, m.excuse
      from summons m
      join conference c on c.id = m.conference_id
      join person p on p.id = m.person_id
      left join roll r on r.campaign_id = c.campaign_id and r.person_id = p.id and r.to_at is null
      left join campaign_unit u on u.campaign_id = c.campaign_id and u.unit_id = r.unit_id
      left join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
      left join unit_now n on n.unit_id = b.unit_id
      where m.conference_id = ${conferenceId} and m.site_id = ${siteId} and m.withdrawn_at is null
      order by p.sort_name, p.id`.execute(db)
  ).rows
export const siteAt = async (db: Db | Tx, conferenceId: string, siteId: string) =>
  (
    await sql<{ siteId: string; code: string; name: string; unit: string; seats: number }>`
      select s.id as "siteId", s.code, s.name, u.name as unit, coalesce(cs.seats, s.seats) as seats
      from site s left join conference_site cs on cs.site_id = s.id and cs.conference_id = ${conferenceId}
      join unit_now u on u.unit_id = s.unit_id where s.id = ${siteId}`.execute(db)
  ).rows[0]

/** A unit as the tree stands today. */
export async function unitNow(db: Db | Tx, unitId: string) {
  const { rows } = await sql<{ path: string[]; grassrootsId: string | null }>`
    select path, grassroots_id as "grassrootsId" from unit_now where unit_id = ${unitId}`.execute(db)
  return rows[0] && { path: rows[0].path, grassrootsId: rows[0].grassrootsId ?? undefined }
}

export const summonedAt = async (db: Db | Tx, conferenceId: string, siteId: string) =>
  (
    await sql<{
      n: number
    }>`select count(*)::int as n from summons where conference_id = ${conferenceId} and site_id = ${siteId} and withdrawn_at is null`.execute(
      db,
    )
  ).rows[0]!.n

/** How many are summoned to each site of a conference; `null` is own devices. */
export const summonedBySite = async (db: Db | Tx, conferenceId: string) =>
  (
    await sql<{ siteId: string | null; summoned: number }>`
      select site_id as "siteId", count(*)::int as summoned from summons where conference_id = ${conferenceId} and withdrawn_at is null group by site_id`.execute(
      db,
    )
  ).rows

/** The last headcount of each site at a checkpoint. */
export const headcountsAt = async (db: Db | Tx, checkpointId: string) =>
  (
    await sql<{ siteId: string; present: number; absentExcused: number; absentUnexcused: number; guests: number }>`
      select distinct on (site_id) site_id as "siteId", present, absent_excused as "absentExcused", absent_unexcused as "absentUnexcused", guests
      from headcount where checkpoint_id = ${checkpointId} order by site_id, received_at desc`.execute(db)
  ).rows

export const sitesOf = async (db: Db | Tx, conferenceId: string) =>
  (
    await sql<{
      siteId: string
      code: string
      name: string
      parentSiteId: string | null
      unitId: string
      seats: number
      interrupted: boolean
    }>`
      select s.id as "siteId", s.code, s.name, coalesce(cs.parent_site_id, s.parent_id) as "parentSiteId", s.unit_id as "unitId", cs.seats,
        exists (select 1 from interruption i where i.conference_id = cs.conference_id and i.site_id = s.id and i.to_at is null) as interrupted
      from conference_site cs join site s on s.id = cs.site_id where cs.conference_id = ${conferenceId} order by s.code`.execute(
      db,
    )
  ).rows
