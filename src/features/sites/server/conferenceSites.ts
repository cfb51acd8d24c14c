// The rooms of one conference: which take part, with how many seats, and whether they are ready.
import { sql } from 'kysely'
import { dayOf } from '../../../kernel/time.ts'
import { type Actor, abilitiesAt, holds } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import * as store from './store.ts'
import { like } from './store.ts'

export const attachSites = answer(contract.attachSites, policy.attachSites, async ({ db, now, input, note }) => {
  const held = await openToSites(db, input.conferenceId)
  const added = await attachOpenSites(db, held, now)
  note({ added })
  return { added, ...(await totalSeats(db, held.conferenceId)) }
})
/** Of the tree of today: a site whose unit was made after the campaign's day still takes part. Answers how many were added. */
export async function attachOpenSites(
  db: Db | Tx,
  held: Pick<store.Held, 'conferenceId' | 'unitId'>,
  now: Date,
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into conference_site (conference_id, site_id, seats, parent_site_id)
    select ${held.conferenceId}, s.id, s.seats, s.parent_id from site s join unit_now u on u.unit_id = s.unit_id
    where ${held.unitId}::uuid = any(u.path) and (s.closed_on is null or s.closed_on > ${dayOf(now)}::date)
    on conflict do nothing`.execute(db)
  return Number(numAffectedRows ?? 0)
}
async function openToSites(db: Db | Tx, conferenceId: string): Promise<store.Held> {
  const held = (await store.heldConference(db, conferenceId)) ?? refuse(contract.attachSites, 'notFound')
  if (held.classified) refuse(contract.attachSites, 'paperOnly')
  if (held.state === 'closed') refuse(contract.attachSites, 'conferenceClosed')
  return held
}
const totalSeats = async (db: Db | Tx, conferenceId: string) =>
  (
    await sql<{ sites: number; seats: number }>`
      select count(*)::int as sites, coalesce(sum(seats), 0)::int as seats from conference_site where conference_id = ${conferenceId}`.execute(
      db,
    )
  ).rows[0]!

/** These sites, with the seats of the register; whoever calls has judged that they may take part. Those already there stay as they are. */
export const attachNamed = (tx: Db | Tx, conferenceId: string, siteIds: readonly string[]) =>
  sql`
    insert into conference_site (conference_id, site_id, seats, parent_site_id)
    select ${conferenceId}, s.id, s.seats, s.parent_id from site s where s.id = any(${siteIds as string[]}::uuid[])
    on conflict do nothing`.execute(tx)

type Attaching = { actor: Actor; now: Date; conferenceId: string; siteId: string; seats?: number | undefined }
/** One site with its seats of the day. Whoever plans only below may until the campaign's cut-off. */
export async function attach(db: Db | Tx, { actor, now, conferenceId, siteId, seats }: Attaching): Promise<number> {
  const held = await openToSites(db, conferenceId)
  refuseAfterCutOff(actor, held, now)
  const { rows } = await sql<{ seats: number; closed: boolean; within: boolean; parentId: string | null }>`
    select s.seats, coalesce(s.closed_on <= ${dayOf(now)}::date, false) as closed, coalesce(${held.unitId}::uuid = any(u.path), false) as within, s.parent_id as "parentId"
    from site s left join unit_now u on u.unit_id = s.unit_id where s.id = ${siteId}`.execute(db)
  const site = rows[0] ?? refuse(contract.attachSite, 'notFound')
  if (site.closed) refuse(contract.attachSite, 'siteClosed')
  if (!site.within) refuse(contract.attachSite, 'outsideConference')
  await store.lockSeating(db, conferenceId)
  const there = (await store.seatsOf(db, conferenceId)).find((one) => one.siteId === siteId)
  const wanted = seats ?? there?.seats ?? site.seats
  const taken = there ? there.summoned + there.proposed : 0
  if (taken > wanted) refuse(contract.attachSite, 'seatsTaken', { taken })
  await sql`
    insert into conference_site (conference_id, site_id, seats, parent_site_id) values (${conferenceId}, ${siteId}, ${wanted}, ${site.parentId})
    on conflict (conference_id, site_id) do update set seats = excluded.seats`.execute(db)
  return wanted
}
function refuseAfterCutOff(actor: Actor, held: store.Held, now: Date) {
  const plansWhole = holds(actor, ['organiser'], {
    unitPath: held.unitPath,
    campaignId: held.campaignId,
    conferenceId: held.conferenceId,
  })
  if (!plansWhole && (!held.unitsBelowUntil || now > held.unitsBelowUntil))
    refuse(contract.attachSite, 'cutOffPassed', { until: held.unitsBelowUntil?.toISOString() })
}
export const attachSite = answer(contract.attachSite, policy.attachSite, async ({ db, actor, now, input }) => ({
  seats: await attach(db, { actor, now, ...input }),
}))

export const detachSite = answer(contract.detachSite, policy.detachSite, async ({ db, actor, now, input }) => {
  const held = (await store.heldConference(db, input.conferenceId)) ?? refuse(contract.detachSite, 'notFound')
  if (held.state === 'closed') refuse(contract.detachSite, 'conferenceClosed')
  refuseAfterCutOff(actor, held, now)
  await store.lockSeating(db, input.conferenceId)
  const there = (await store.seatsOf(db, input.conferenceId)).find(({ siteId }) => siteId === input.siteId)
  const taken = there ? there.summoned + there.proposed : 0
  if (taken > 0) refuse(contract.detachSite, 'seatsTaken', { taken })
  await sql`delete from conference_site where conference_id = ${input.conferenceId} and site_id = ${input.siteId}`.execute(
    db,
  )
  return { sites: (await totalSeats(db, input.conferenceId)).sites }
})

export const reportReady = answer(contract.reportReady, policy.reportReady, async ({ db, now, input }) => {
  const { rows } = await sql<{ ready_at: Date | null }>`
    update conference_site set ready_at = ${input.ready ? now : null}, ready_note = ${input.note}
    where conference_id = ${input.conferenceId} and site_id = ${input.siteId} returning ready_at`.execute(db)
  const told = rows[0] ?? refuse(contract.reportReady, 'notAttached')
  return { readyAt: told.ready_at?.toISOString() }
})

type Line = Omit<(typeof contract.ConferenceSite)['_zod']['output'], 'parentSiteId' | 'readyAt'> & {
  parentSiteId: string | null
  readyAt: Date | null
}
export const listConferenceSites = answer(
  contract.listConferenceSites,
  policy.listConferenceSites,
  async ({ db, actor, input }) => {
    const held =
      (await store.heldConference(db, input.conferenceId)) ?? refuse(contract.listConferenceSites, 'notFound')
    const within = input.unitId === undefined ? sql`true` : sql`${input.unitId}::uuid = any(u.path)`
    const all = sql`
    with taken as (select site_id, (count(*) filter (where summons_id is not null))::int as summoned, (count(*) filter (where summons_id is null))::int as proposed
      from (${store.placed(held.conferenceId)}) p group by site_id),
    line as (
      select s.id as "siteId", s.code, s.name, s.kind, s.unit_id as "unitId", u.name as "unitName", coalesce(k.parent_site_id, s.parent_id) as "parentSiteId", k.seats,
        coalesce(t.summoned, 0) as summoned, coalesce(t.proposed, 0) as proposed, k.ready_at as "readyAt", k.ready_note as "readyNote",
        (select count(*)::int from equipment e where e.site_id = s.id and e.state <> 'ready') as faulty, s.name_folded
      from conference_site k join site s on s.id = k.site_id join unit_now u on u.unit_id = s.unit_id left join taken t on t.site_id = s.id
      where k.conference_id = ${held.conferenceId} and ${within})`
    const which = { all: sql`true`, free: sql`l.seats > l.summoned + l.proposed`, notReady: sql`l."readyAt" is null` }[
      input.which
    ]
    const chosen = sql`${which} and (${input.search === ''} or l.name_folded like ${like(input.search)} or lower(l.code) like ${like(input.search)} or fold(l."unitName") like ${like(input.search)})`
    const order = {
      code: sql`l.code`,
      name: sql`l.name collate "vi-x-icu"`,
      free: sql`l.seats - l.summoned - l.proposed desc`,
    }[input.sort]
    const { rows } = await sql<Line>`${all}
    select l.* from line l where ${chosen} order by ${order}, l.code limit ${input.size} offset ${(input.page - 1) * input.size}`.execute(
      db,
    )
    const { rows: totals } = await sql<{
      total: number
      sites: number
      seats: number
      taken: number
      ready: number
    }>`${all}
    select (count(*) filter (where ${chosen}))::int as total, count(*)::int as sites, coalesce(sum(l.seats), 0)::int as seats,
      coalesce(sum(l.summoned + l.proposed), 0)::int as taken, (count(*) filter (where l."readyAt" is not null))::int as ready from line l`.execute(
      db,
    )
    return {
      rows: rows.map((row) => ({
        ...row,
        parentSiteId: row.parentSiteId ?? undefined,
        readyAt: row.readyAt?.toISOString(),
      })),
      ...totals[0]!,
      page: input.page,
      size: input.size,
      abilities: abilitiesAt(actor, policy, {
        unitPath: held.unitPath,
        campaignId: held.campaignId,
        conferenceId: held.conferenceId,
      }),
    }
  },
)
