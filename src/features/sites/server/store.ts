// What sites and seating read of a conference, its roll and its rooms.
import { type RawBuilder, sql } from 'kysely'
import { fold } from '../../../kernel/fold.ts'
import type { Place } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { CampaignSettings } from '../../campaigns/contract.ts'
import type { Hall, ToSeat } from '../rules.ts'
import './tables.ts'

/** What a person typed into a search box, for a folded column; `%` and `_` mean themselves. */
export const like = (search: string) => `%${fold(search).replace(/[\\%_]/g, '\\$&')}%`

export const placeOfSite = async (db: Db | Tx, siteId: string): Promise<Place | undefined> => {
  const { rows } = await sql<{ path: string[] | null; unit_id: string; name: string }>`
    select n.path, s.unit_id, s.name from site s left join unit_now n on n.unit_id = s.unit_id where s.id = ${siteId}`.execute(
    db,
  )
  return rows[0] && { unitPath: rows[0].path ?? [rows[0].unit_id], siteId, label: rows[0].name }
}

export type Held = {
  conferenceId: string
  campaignId: string
  code: string
  name: string
  purpose: string
  state: 'draft' | 'approved' | 'open' | 'live' | 'closed'
  classified: boolean
  ownDevice: boolean
  documents: string
  contact: string
  unitId: string
  unitPath: string[]
  /** Its unit's range in the campaign's tree; absent until the scope is fixed. */
  range: { lft: number; rgt: number } | undefined
  settings: CampaignSettings
  unitsBelowUntil: Date | undefined
  scopeFixed: boolean
}
/** A conference with what its campaign says of seats and deadlines. */
export async function heldConference(db: Db | Tx, conferenceId: string): Promise<Held | undefined> {
  const { rows } = await sql<
    Omit<Held, 'range' | 'settings' | 'unitsBelowUntil'> & {
      lft: number | null
      rgt: number | null
      settings: unknown
      unitsBelowUntil: Date | null
    }
  >`
    select c.id as "conferenceId", c.campaign_id as "campaignId", c.code, c.name, c.purpose, c.state, c.classified, c.own_device as "ownDevice",
      c.documents, c.contact, c.unit_id as "unitId", coalesce(u.path, n.path, array[c.unit_id]) as "unitPath", u.lft, u.rgt, g.settings,
      g.units_below_until as "unitsBelowUntil", g.scope_fixed_at is not null as "scopeFixed"
    from conference c join campaign g on g.id = c.campaign_id
      left join campaign_unit u on u.campaign_id = c.campaign_id and u.unit_id = c.unit_id
      left join unit_now n on n.unit_id = c.unit_id
    where c.id = ${conferenceId}`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  const { lft, rgt, settings, unitsBelowUntil, ...rest } = row
  return {
    ...rest,
    range: lft === null || rgt === null ? undefined : { lft, rgt },
    settings: CampaignSettings.parse(settings),
    unitsBelowUntil: unitsBelowUntil ?? undefined,
  }
}

/** One change of a conference's seats at a time. */
export const lockSeating = (tx: Db | Tx, conferenceId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`seating ${conferenceId}`}, 3))`.execute(tx)

export type CampaignUnit = {
  unitId: string
  code: string
  name: string
  path: string[]
  grassrootsId: string | undefined
  lft: number
  rgt: number
  children: number
}
export async function campaignUnit(db: Db | Tx, campaignId: string, unitId: string): Promise<CampaignUnit | undefined> {
  const { rows } = await sql<Omit<CampaignUnit, 'grassrootsId'> & { grassrootsId: string | null }>`
    select unit_id as "unitId", code, name, path, grassroots_id as "grassrootsId", lft, rgt, children
    from campaign_unit where campaign_id = ${campaignId} and unit_id = ${unitId}`.execute(db)
  return rows[0] && { ...rows[0], grassrootsId: rows[0].grassrootsId ?? undefined }
}
export const childUnits = async (db: Db | Tx, campaignId: string, unitId: string) =>
  (
    await sql<{ unitId: string; code: string; name: string; lft: number; rgt: number; children: number }>`
      select unit_id as "unitId", code, name, lft, rgt, children from campaign_unit
      where campaign_id = ${campaignId} and parent_id = ${unitId} order by lft`.execute(db)
  ).rows
/** From the conference's unit down to this one. */
export const unitTrail = async (db: Db | Tx, campaignId: string, path: readonly string[], fromUnitId: string) => {
  const shown = path.slice(Math.max(0, path.indexOf(fromUnitId)))
  const { rows } = await sql<{ unitId: string; name: string }>`
    select unit_id as "unitId", name from campaign_unit where campaign_id = ${campaignId} and unit_id = any(${shown as string[]}::uuid[]) order by lft`.execute(
    db,
  )
  return rows
}

/** The conference's people: in scope today, in its unit and below. */
export const scopeOf = ({ campaignId, range }: { campaignId: string; range: { lft: number; rgt: number } }) => sql`
  select r.person_id, r.unit_id, u.lft, u.grassroots_id from roll r join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
  where r.campaign_id = ${campaignId} and r.to_at is null and r.standing = 'inScope' and u.lft between ${range.lft} and ${range.rgt}`

/** Where each person sits: by a summons in force, or by the proposal for those who have none. */
export const placed = (conferenceId: string): RawBuilder<unknown> => sql`
  select person_id, site_id, id as summons_id from summons where conference_id = ${conferenceId} and withdrawn_at is null
  union all
  select p.person_id, p.site_id, null from seating_place p where p.conference_id = ${conferenceId}
    and not exists (select from summons s where s.conference_id = ${conferenceId} and s.person_id = p.person_id and s.withdrawn_at is null)`

/** In scope and without a summons in force. */
export const peopleToSeat = async (db: Db | Tx, held: Held & { range: object }): Promise<ToSeat[]> =>
  (
    await sql<ToSeat>`
      with scope as (${scopeOf(held as Held & { range: { lft: number; rgt: number } })})
      select p.id as "personId", s.unit_id as "unitId", p.position, coalesce(p.code, '') as code
      from scope s join person p on p.id = s.person_id
      where not exists (select from summons m where m.conference_id = ${held.conferenceId} and m.person_id = s.person_id and m.withdrawn_at is null)`.execute(
      db,
    )
  ).rows
export const parentsOf = async (db: Db | Tx, campaignId: string): Promise<Map<string, string | undefined>> =>
  new Map(
    (
      await sql<{ unit_id: string; parent_id: string | null }>`
        select unit_id, parent_id from campaign_unit where campaign_id = ${campaignId}`.execute(db)
    ).rows.map(({ unit_id, parent_id }) => [unit_id, parent_id ?? undefined]),
  )

export type SeatsOfSite = Hall & {
  name: string
  kind: 'hall' | 'viewing'
  parentSiteId: string | undefined
  seats: number
  summoned: number
  proposed: number
  readyAt: Date | undefined
}
/** Every site of the conference with its seats, who is summoned to it and who is proposed beside them; in the order of codes. */
export async function seatsOf(db: Db | Tx, conferenceId: string): Promise<SeatsOfSite[]> {
  const { rows } = await sql<
    Omit<SeatsOfSite, 'freeSeats' | 'parentSiteId' | 'readyAt'> & { parentSiteId: string | null; readyAt: Date | null }
  >`
    with taken as (select site_id, (count(*) filter (where summons_id is not null))::int as summoned, (count(*) filter (where summons_id is null))::int as proposed
      from (${placed(conferenceId)}) p group by site_id)
    select s.id as "siteId", s.unit_id as "unitId", s.code, s.name, s.kind, k.seats, coalesce(k.parent_site_id, s.parent_id) as "parentSiteId",
      k.ready_at as "readyAt", coalesce(t.summoned, 0) as summoned, coalesce(t.proposed, 0) as proposed
    from conference_site k join site s on s.id = k.site_id left join taken t on t.site_id = s.id
    where k.conference_id = ${conferenceId} order by s.code`.execute(db)
  return rows.map((row) => ({
    ...row,
    parentSiteId: row.parentSiteId ?? undefined,
    readyAt: row.readyAt ?? undefined,
    freeSeats: Math.max(0, row.seats - row.summoned - row.proposed),
  }))
}

export const summonedBySite = async (db: Db | Tx, conferenceId: string): Promise<Map<string | undefined, number>> =>
  new Map(
    (
      await sql<{ site_id: string | null; n: number }>`
        select site_id, count(*)::int as n from summons where conference_id = ${conferenceId} and withdrawn_at is null group by site_id`.execute(
        db,
      )
    ).rows.map(({ site_id, n }) => [site_id ?? undefined, n]),
  )
/** Of people in scope, by their own unit and up the campaign's tree: each unit's number counts its whole subtree. */
export const summonedByUnit = async (db: Db | Tx, conferenceId: string): Promise<Map<string, number>> =>
  new Map(
    (
      await sql<{ unit_id: string; n: number }>`
        with cell as (
          select c.campaign_id, r.unit_id, count(*)::int as n from summons m join conference c on c.id = m.conference_id
            join roll r on r.campaign_id = c.campaign_id and r.person_id = m.person_id and r.to_at is null and r.standing = 'inScope'
          where m.conference_id = ${conferenceId} and m.withdrawn_at is null group by 1, 2)
        select above.unit_id, sum(cell.n)::int as n from cell join campaign_unit u on u.campaign_id = cell.campaign_id and u.unit_id = cell.unit_id
          cross join lateral unnest(u.path) as above (unit_id) group by 1`.execute(db)
    ).rows.map(({ unit_id, n }) => [unit_id, n]),
  )

export type OnRoll = {
  summonsId: string
  personId: string
  name: string
  position: string
  birthYear: number | undefined
  unitId: string | undefined
  unitName: string
  inScope: boolean
  doorCode: string
  origin: string
  sessionIds: string[] | undefined
  excuse: string | undefined
}
/** Names of a hall's roll, in the order of a Vietnamese list. The caller decides who may read them and records the look. */
export async function rollOfSite(db: Db | Tx, conferenceId: string, siteId: string): Promise<OnRoll[]> {
  const { rows } = await sql<OnRoll>`
    select m.id as "summonsId", p.id as "personId", p.full_name as name, p.position, p.birth_year as "birthYear", r.unit_id as "unitId",
      coalesce(u.name, n.name, '') as "unitName", r.person_id is not null as "inScope", m.door_code as "doorCode", m.origin,
      m.session_ids as "sessionIds", m.excuse
    from summons m join person p on p.id = m.person_id join conference c on c.id = m.conference_id
      left join roll r on r.campaign_id = c.campaign_id and r.person_id = p.id and r.to_at is null and r.standing = 'inScope'
      left join campaign_unit u on u.campaign_id = c.campaign_id and u.unit_id = r.unit_id
      left join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
      left join unit_now n on n.unit_id = b.unit_id
    where m.conference_id = ${conferenceId} and m.site_id = ${siteId} and m.withdrawn_at is null
    order by p.sort_name, p.code`.execute(db)
  return rows.map((row) => ({
    ...row,
    birthYear: row.birthYear ?? undefined,
    unitId: row.unitId ?? undefined,
    sessionIds: row.sessionIds ?? undefined,
    excuse: row.excuse ?? undefined,
  }))
}
