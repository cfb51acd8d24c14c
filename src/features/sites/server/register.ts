// The register of rooms: which there are, what is in them, whom to call.
import { sql } from 'kysely'
import { tidy } from '../../../kernel/fold.ts'
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import { abilitiesAt } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { attach } from './conferenceSites.ts'
import * as store from './store.ts'
import { like } from './store.ts'

type Line = Omit<contract.SiteLine, 'equipment' | 'parentSiteId' | 'parentSiteName' | 'closedOn'> & {
  parentSiteId: string | null
  parentSiteName: string | null
  closedOn: string | null
  ready: number
  of: number
}
const lines = sql`
  select s.id as "siteId", s.code, s.name, s.kind, s.seats, s.unit_id as "unitId", u.code as "unitCode", u.name as "unitName", s.parent_id as "parentSiteId",
    a.name as "parentSiteName", s.closed_on as "closedOn", coalesce(e.ready, 0) as ready, coalesce(e.n, 0) as of, s.name_folded, u.lft
  from site s join unit_now u on u.unit_id = s.unit_id left join site a on a.id = s.parent_id
    left join lateral (select (count(*) filter (where state = 'ready'))::int as ready, count(*)::int as n from equipment e where e.site_id = s.id) e on true`
const asLine = ({ ready, of, parentSiteId, parentSiteName, closedOn, ...row }: Line): contract.SiteLine => ({
  ...row,
  equipment: { ready, of },
  parentSiteId: parentSiteId ?? undefined,
  parentSiteName: parentSiteName ?? undefined,
  closedOn: closedOn ?? undefined,
})

export const listSites = answer(contract.listSites, policy.listSites, async ({ db, actor, now, input }) => {
  const { rows: found } = await sql<{ path: string[]; lft: number; rgt: number }>`
    select path, lft, rgt from unit_now where unit_id = ${input.unitId}`.execute(db)
  const unit = found[0] ?? refuse(contract.listSites, 'notFound')
  const column = { code: sql`l.code`, name: sql`l.name collate "vi-x-icu"`, seats: sql`l.seats` }[input.sort]
  const chosen = sql`
    from (${lines}) l where l.lft between ${unit.lft} and ${unit.rgt}
      and (${input.search === ''} or l.name_folded like ${like(input.search)} or lower(l.code) like ${like(input.search)} or fold(l."unitName") like ${like(input.search)})
      and (${input.kind ?? null}::text is null or l.kind = ${input.kind ?? null})
      and ${input.closed ? sql`l."closedOn" <= ${dayOf(now)}::date` : sql`(l."closedOn" is null or l."closedOn" > ${dayOf(now)}::date)`}`
  const { rows } = await sql<Line>`
    select l.* ${chosen} order by ${column} ${input.downwards ? sql`desc` : sql`asc`}, l.code limit ${input.size} offset ${(input.page - 1) * input.size}`.execute(
    db,
  )
  const { rows: totals } = await sql<{ total: number; seats: number }>`
    select count(*)::int as total, coalesce(sum(l.seats), 0)::int as seats ${chosen}`.execute(db)
  return {
    rows: rows.map(asLine),
    ...totals[0]!,
    page: input.page,
    size: input.size,
    abilities: abilitiesAt(actor, policy, { unitPath: unit.path }),
  }
})

type Page = Line & { address: string; contactName: string; contactPhone: string; path: string[] }
export const site = answer(contract.site, policy.site, async ({ db, actor, input }) => {
  const { rows } = await sql<Page>`
    select l.*, s.address, s.contact_name as "contactName", s.contact_phone as "contactPhone", u.path
    from (${lines}) l join site s on s.id = l."siteId" join unit_now u on u.unit_id = s.unit_id where l."siteId" = ${input.siteId}`.execute(
    db,
  )
  const { address, contactName, contactPhone, path, ...line } = rows[0] ?? refuse(contract.site, 'notFound')
  const [trail, equipment, children, conferences] = await Promise.all([
    sql<{
      unitId: string
      name: string
    }>`select unit_id as "unitId", name from unit_now where unit_id = any(${path}::uuid[]) order by lft`.execute(db),
    sql<contract.Equipment>`select name, state, note from equipment where site_id = ${input.siteId} order by name collate "vi-x-icu"`.execute(
      db,
    ),
    sql<{ siteId: string; code: string; name: string; seats: number }>`
      select id as "siteId", code, name, seats from site where parent_id = ${input.siteId} and closed_on is null order by code`.execute(
      db,
    ),
    conferencesOf(db, input.siteId),
  ])
  return {
    ...asLine(line),
    address,
    contactName,
    contactPhone,
    unitTrail: trail.rows,
    equipmentList: equipment.rows,
    childSites: children.rows,
    conferences,
    abilities: abilitiesAt(actor, policy, { unitPath: path, siteId: input.siteId }),
  }
})
async function conferencesOf(db: Db, siteId: string) {
  const { rows } = await sql<{
    conferenceId: string
    campaignId: string
    name: string
    state: string
    startsAt: Date | null
    seats: number
    summoned: number
    readyAt: Date | null
    readyNote: string
  }>`
    select c.id as "conferenceId", c.campaign_id as "campaignId", c.name, c.state, (select min(starts_at) from conference_session where conference_id = c.id) as "startsAt",
      k.seats, (select count(*)::int from summons m where m.conference_id = c.id and m.site_id = k.site_id and m.withdrawn_at is null) as summoned,
      k.ready_at as "readyAt", k.ready_note as "readyNote"
    from conference_site k join conference c on c.id = k.conference_id where k.site_id = ${siteId} order by "startsAt" desc nulls first limit 50`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, startsAt: row.startsAt?.toISOString(), readyAt: row.readyAt?.toISOString() }))
}

export const addSite = answer(contract.addSite, policy.addSite, async ({ db, actor, now, input, note }) => {
  const siteId = input.siteId ?? newId(now)
  const { rows: units } = await sql<{
    register_id: string
  }>`select register_id from unit_now where unit_id = ${input.unitId}`.execute(db)
  const unit = units[0] ?? refuse(contract.addSite, 'unknownUnit')
  if (input.parentSiteId !== undefined && !(await isSite(db, input.parentSiteId)))
    refuse(contract.addSite, 'unknownParentSite')
  const { rows } = await sql`
    insert into site (id, register_id, code, unit_id, parent_id, name, kind, seats, address, contact_name, contact_phone, recorded_at)
    values (${siteId}, ${unit.register_id}, ${input.code}, ${input.unitId}, ${input.parentSiteId ?? null}, ${tidy(input.name)}, ${input.kind}, ${input.seats},
      ${input.address}, ${input.contactName}, ${input.contactPhone}, ${now})
    on conflict do nothing returning id`.execute(db)
  if (rows.length === 0 && !(await isSame(db, siteId, input.code))) refuse(contract.addSite, 'codeTaken')
  if (input.conferenceId !== undefined)
    await attach(db, { actor, now, conferenceId: input.conferenceId, siteId, seats: input.seats })
  note({ siteId })
  return { siteId }
})
const isSite = async (db: Db | Tx, siteId: string) =>
  (await sql`select from site where id = ${siteId}`.execute(db)).rows.length > 0
/** A retry of the same request. */
const isSame = async (db: Db | Tx, siteId: string, code: string) =>
  (await sql`select from site where id = ${siteId} and code = ${code}`.execute(db)).rows.length > 0

export const changeSite = answer(contract.changeSite, policy.changeSite, async ({ db, input }) => {
  if (input.parentSiteId) {
    if (!(await isSite(db, input.parentSiteId))) refuse(contract.changeSite, 'unknownParentSite')
    if (await isAtOrBelow(db, input.parentSiteId, input.siteId)) refuse(contract.changeSite, 'siteOwnAncestor')
  }
  const changes = {
    ...(input.name === undefined ? {} : { name: tidy(input.name) }),
    ...(input.kind === undefined ? {} : { kind: input.kind }),
    ...(input.seats === undefined ? {} : { seats: input.seats }),
    ...(input.parentSiteId === undefined ? {} : { parent_id: input.parentSiteId }),
    ...(input.address === undefined ? {} : { address: input.address }),
  }
  if (Object.keys(changes).length > 0)
    await db.updateTable('site').set(changes).where('id', '=', input.siteId).execute()
  if (input.seats !== undefined) await followSeats(db, input.siteId, input.seats)
  return { siteId: input.siteId }
})
/** Is `siteId` this site or one below it? */
const isAtOrBelow = async (db: Db | Tx, siteId: string, aboveId: string) =>
  (
    await sql`
      with recursive up as (select id, parent_id, 1 as depth from site where id = ${siteId}
        union all select s.id, s.parent_id, up.depth + 1 from site s join up on s.id = up.parent_id where up.depth < 60)
      select from up where id = ${aboveId}`.execute(db)
  ).rows.length > 0
/** Conferences that are still being planned take the new number; nobody who has a seat loses it by that. */
async function followSeats(db: Db | Tx, siteId: string, seats: number) {
  const { rows } = await sql<{ conference_id: string }>`
    select k.conference_id from conference_site k join conference c on c.id = k.conference_id
    where k.site_id = ${siteId} and c.state in ('draft', 'approved')`.execute(db)
  for (const { conference_id } of rows) {
    const there = (await store.seatsOf(db, conference_id)).find((one) => one.siteId === siteId)!
    const taken = there.summoned + there.proposed
    if (taken > seats) refuse(contract.changeSite, 'seatsTaken', { taken })
    await sql`update conference_site set seats = ${seats} where conference_id = ${conference_id} and site_id = ${siteId}`.execute(
      db,
    )
  }
}

export const setContact = answer(contract.setContact, policy.setContact, async ({ db, input }) => {
  await sql`update site set contact_name = ${tidy(input.contactName)}, contact_phone = ${input.contactPhone} where id = ${input.siteId}`.execute(
    db,
  )
  return { siteId: input.siteId }
})
export const setEquipment = answer(contract.setEquipment, policy.setEquipment, async ({ db, now, input }) => {
  await sql`delete from equipment where site_id = ${input.siteId}`.execute(db)
  if (input.equipment.length > 0)
    await db
      .insertInto('equipment')
      .values(input.equipment.map((one) => ({ id: newId(now), site_id: input.siteId, ...one })))
      .execute()
  return { ready: input.equipment.filter(({ state }) => state === 'ready').length, of: input.equipment.length }
})
export const closeSite = answer(contract.closeSite, policy.closeSite, async ({ db, now, input }) => {
  if (input.closed) {
    const { rows } = await sql`
      select from conference_site k join conference c on c.id = k.conference_id where k.site_id = ${input.siteId} and c.state <> 'closed' limit 1`.execute(
      db,
    )
    if (rows.length > 0) refuse(contract.closeSite, 'inUse')
  }
  await sql`update site set closed_on = ${input.closed ? dayOf(now) : null}::date where id = ${input.siteId}`.execute(
    db,
  )
  return { siteId: input.siteId }
})
