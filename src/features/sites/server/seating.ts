// The seating of a conference: proposed by the rule, looked at by units and counts, changed by hand, confirmed at once.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { abilitiesAt } from '../../../platform/rights.ts'
import { analyse, type Db, type Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { inSeatOrder, proposeSeats, type ToSeat } from '../rules.ts'
import { attachOpenSites } from './conferenceSites.ts'
import { issue, withdraw } from './issue.ts'
import * as store from './store.ts'

type Planning = { refusals: readonly ('conferenceClosed' | 'paperOnly' | 'noRoll')[] }
/** A conference whose seats may still be planned: its roll fixed, not closed, not on paper only. */
async function plannable(db: Db | Tx, conferenceId: string) {
  const planning: Planning = { refusals: ['conferenceClosed', 'paperOnly', 'noRoll'] }
  const held = (await store.heldConference(db, conferenceId)) ?? refuse(planning, 'notFound')
  if (held.classified) refuse(planning, 'paperOnly')
  if (held.state === 'closed') refuse(planning, 'conferenceClosed')
  return withRoll(held)
}
export function withRoll(held: store.Held) {
  const { range } = held
  if (!range || !held.scopeFixed) refuse({ refusals: ['noRoll'] }, 'noRoll')
  return { ...held, range }
}
const seatingInput = async (db: Db | Tx, held: Awaited<ReturnType<typeof plannable>>) => ({
  people: await store.peopleToSeat(db, held),
  halls: (await store.seatsOf(db, held.conferenceId)).map((hall) => ({
    ...hall,
    freeSeats: Math.max(0, hall.seats - hall.summoned),
  })),
  parentOf: await store.parentsOf(db, held.campaignId),
  order: held.settings,
})

export const proposeSeating = answer(
  contract.proposeSeating,
  policy.proposeSeating,
  async ({ db, actor, now, input, note }) => {
    await store.lockSeating(db, input.conferenceId)
    const held = await plannable(db, input.conferenceId)
    await giveBackSeats(db, held, now)
    await attachAllWhenNone(db, held, now)
    const given = await seatingInput(db, held)
    if (given.halls.length === 0) refuse(contract.proposeSeating, 'noSites')
    const { places, left } = proposeSeats(given)
    await sql`delete from seating_place where conference_id = ${held.conferenceId}`.execute(db)
    await sql`
    insert into seating_place (conference_id, person_id, site_id)
    select ${held.conferenceId}, person_id, site_id
    from unnest(${places.map(({ personId }) => personId)}::uuid[], ${places.map(({ siteId }) => siteId)}::uuid[]) as given (person_id, site_id)`.execute(
      db,
    )
    await analyse(db, ['seating_place'])
    // Fresh thousands of rows without statistics would mislead the very next question.
    await sql`analyze seating_place`.execute(db)
    const summary = {
      inScope: await inScope(db, held),
      seats: given.halls.reduce((sum, { seats }) => sum + seats, 0),
      placed: places.length,
      left: left.length,
      sitesUsed: new Set(places.map(({ siteId }) => siteId)).size,
    }
    await sql`
    insert into seating_proposal (conference_id, made_at, made_by, summary) values (${held.conferenceId}, ${now}, ${actor.name}, ${JSON.stringify(summary)})
    on conflict (conference_id) do update set made_at = excluded.made_at, made_by = excluded.made_by, summary = excluded.summary, confirmed_at = null`.execute(
      db,
    )
    note(summary)
    return summary
  },
)
/** Whoever was taken off the roll since keeps no seat; guests who never were on it do. */
async function giveBackSeats(db: Db | Tx, held: Awaited<ReturnType<typeof plannable>>, now: Date) {
  const { rows } = await sql<{ id: string }>`
    select m.id from summons m where m.conference_id = ${held.conferenceId} and m.withdrawn_at is null
      and exists (select from roll r where r.campaign_id = ${held.campaignId} and r.person_id = m.person_id and r.to_at is not null)
      and not exists (select from roll r where r.campaign_id = ${held.campaignId} and r.person_id = m.person_id and r.to_at is null and r.standing = 'inScope')`.execute(
    db,
  )
  await withdraw(
    db,
    rows.map(({ id }) => id),
    'offRoll',
    now,
  )
}
/** Without a choice of sites a conference is held at all of them. */
async function attachAllWhenNone(db: Db | Tx, held: store.Held, now: Date) {
  const { rows } = await sql`select from conference_site where conference_id = ${held.conferenceId} limit 1`.execute(db)
  if (rows.length === 0) await attachOpenSites(db, held, now)
}
const inScope = async (db: Db | Tx, held: Awaited<ReturnType<typeof plannable>>) =>
  (await sql<{ n: number }>`select count(*)::int as n from (${store.scopeOf(held)}) scope`.execute(db)).rows[0]!.n

export const tryAddedSite = answer(contract.tryAddedSite, policy.tryAddedSite, async ({ db, input }) => {
  const held = withRoll(
    (await store.heldConference(db, input.conferenceId)) ?? refuse(contract.tryAddedSite, 'notFound'),
  )
  const unit =
    (await store.campaignUnit(db, held.campaignId, input.unitId)) ?? refuse(contract.tryAddedSite, 'unknownUnit')
  const given = await seatingInput(db, held)
  const added = { siteId: newId(), unitId: input.unitId, code: '', freeSeats: input.seats }
  const before = proposeSeats(given)
  const after = proposeSeats({ ...given, halls: [...given.halls, added] })
  const within = withinUnit(unit.unitId, given.parentOf)
  const siteBefore = new Map(before.places.map(({ personId, siteId }) => [personId, siteId]))
  return {
    leftBefore: before.left.length,
    leftAfter: after.left.length,
    leftInUnitBefore: before.left.filter(within).length,
    leftInUnitAfter: after.left.filter(within).length,
    nearer: after.places.filter(({ personId, siteId }) => siteId === added.siteId && siteBefore.has(personId)).length,
  }
})
const withinUnit = (unitId: string, parentOf: ReadonlyMap<string, string | undefined>) => {
  const known = new Map<string, boolean>()
  const isWithin = (at: string | undefined): boolean => {
    if (at === undefined) return false
    if (at === unitId) return true
    const answer = known.get(at) ?? isWithin(parentOf.get(at))
    known.set(at, answer)
    return answer
  }
  return (person: ToSeat) => isWithin(person.unitId)
}

export const confirmSeating = answer(
  contract.confirmSeating,
  policy.confirmSeating,
  async ({ db, desk, actor, now, input, note }) => {
    await store.lockSeating(db, input.conferenceId)
    const held = await plannable(db, input.conferenceId)
    await forgetSettled(db, held)
    const seats = await store.seatsOf(db, held.conferenceId)
    const proposed = seats.reduce((sum, site) => sum + site.proposed, 0)
    if (proposed === 0) refuse(contract.confirmSeating, 'nothingProposed')
    const overfull = seats.filter((site) => site.proposed > 0 && site.summoned + site.proposed > site.seats)
    if (overfull.length > 0)
      refuse(contract.confirmSeating, 'outOfDate', { sites: overfull.slice(0, 5).map(({ code }) => code) })
    const { rows: places } = await sql<{ personId: string; siteId: string }>`
    select person_id as "personId", site_id as "siteId" from seating_place where conference_id = ${held.conferenceId} order by person_id`.execute(
      db,
    )
    const issued = await issue(
      db,
      desk.secret,
      places.map((place) => ({
        ...place,
        conferenceId: held.conferenceId,
        origin: 'seating',
        by: actor.name,
        at: now,
      })),
    )
    await analyse(db, ['summons'])
    await sql`analyze summons`.execute(db)
    await sql`delete from seating_place where conference_id = ${held.conferenceId}`.execute(db)
    await sql`update seating_proposal set confirmed_at = ${now} where conference_id = ${held.conferenceId}`.execute(db)
    const left = (await store.peopleToSeat(db, held)).length
    note({ summoned: issued.length, left })
    return { summoned: issued.length, sites: new Set(issued.map(({ siteId }) => siteId)).size, left }
  },
)
/** Places of people who meanwhile got a summons another way, or are no longer in scope. */
const forgetSettled = (db: Db | Tx, held: Awaited<ReturnType<typeof plannable>>) =>
  sql`
  delete from seating_place p where p.conference_id = ${held.conferenceId} and (
    exists (select from summons s where s.conference_id = p.conference_id and s.person_id = p.person_id and s.withdrawn_at is null)
    or not exists (select from roll r where r.campaign_id = ${held.campaignId} and r.person_id = p.person_id and r.to_at is null and r.standing = 'inScope'))`.execute(
    db,
  )

type Seated = ToSeat & { summonsId: string | null; sessionIds: string[] | null }
/** People of a unit and below who sit at a site, or, without one, have neither summons nor seat. */
const seatedAt = async (
  db: Db | Tx,
  held: { conferenceId: string; campaignId: string },
  range: { lft: number; rgt: number },
  siteId: string | undefined,
) =>
  (
    await sql<Seated>`
      with scope as (${store.scopeOf({ campaignId: held.campaignId, range })}), placed as (${store.placed(held.conferenceId)})
      select p.id as "personId", s.unit_id as "unitId", p.position, coalesce(p.code, '') as code, l.summons_id as "summonsId", m.session_ids as "sessionIds"
      from scope s join person p on p.id = s.person_id left join placed l on l.person_id = s.person_id left join summons m on m.id = l.summons_id
      where ${siteId === undefined ? sql`l.person_id is null` : sql`l.site_id = ${siteId}`}`.execute(db)
  ).rows

export const moveSeats = answer(contract.moveSeats, policy.moveSeats, async ({ db, desk, actor, now, input, note }) => {
  await store.lockSeating(db, input.conferenceId)
  const held = await plannable(db, input.conferenceId)
  if (input.fromSiteId === input.toSiteId) refuse(contract.moveSeats, 'sameSite')
  const unit = (await store.campaignUnit(db, held.campaignId, input.unitId)) ?? refuse(contract.moveSeats, 'notFound')
  const there = inSeatOrder(await seatedAt(db, held, unit, input.fromSiteId), held.settings)
  if (there.length < input.count) refuse(contract.moveSeats, 'tooFewThere', { there: there.length })
  await needSeats(db, held.conferenceId, input.toSiteId, input.count)
  const chosen = input.fromSiteId === undefined ? there.slice(0, input.count) : there.slice(-input.count)
  await relocate(db, desk.secret, {
    conferenceId: held.conferenceId,
    people: chosen,
    toSiteId: input.toSiteId,
    by: actor.name,
    at: now,
  })
  const moveId = newId(now)
  await sql`
    insert into seating_move (id, conference_id, unit_id, from_site_id, to_site_id, person_ids, made_at, made_by)
    values (${moveId}, ${held.conferenceId}, ${input.unitId}, ${input.fromSiteId ?? null}, ${input.toSiteId ?? null},
      ${chosen.map(({ personId }) => personId)}::uuid[], ${now}, ${actor.name})`.execute(db)
  note({ moveId, moved: chosen.length })
  return { moveId, moved: chosen.length }
})
async function needSeats(db: Db | Tx, conferenceId: string, siteId: string | undefined, count: number) {
  if (siteId === undefined) return
  const site = (await store.seatsOf(db, conferenceId)).find((one) => one.siteId === siteId)
  if (!site) refuse(contract.moveSeats, 'notAttached')
  if (site.freeSeats < count) refuse(contract.moveSeats, 'tooFewSeats', { free: site.freeSeats })
}

export const undoMove = answer(contract.undoMove, policy.undoMove, async ({ db, desk, actor, now, input, note }) => {
  await store.lockSeating(db, input.conferenceId)
  const held = await plannable(db, input.conferenceId)
  const { rows } = await sql<{
    fromSiteId: string | null
    toSiteId: string | null
    personIds: string[]
    undone: boolean
  }>`
    select from_site_id as "fromSiteId", to_site_id as "toSiteId", person_ids as "personIds", undone_at is not null as undone
    from seating_move where id = ${input.moveId} and conference_id = ${held.conferenceId} for update`.execute(db)
  const move = rows[0] ?? refuse(contract.undoMove, 'unknownMove')
  if (move.undone) refuse(contract.undoMove, 'movedSince')
  const moved = new Set(move.personIds)
  const people = (await seatedAt(db, held, held.range, move.toSiteId ?? undefined)).filter(({ personId }) =>
    moved.has(personId),
  )
  if (people.length < moved.size) refuse(contract.undoMove, 'movedSince')
  await needSeats(db, held.conferenceId, move.fromSiteId ?? undefined, people.length)
  await relocate(db, desk.secret, {
    conferenceId: held.conferenceId,
    people,
    toSiteId: move.fromSiteId ?? undefined,
    by: actor.name,
    at: now,
  })
  await sql`update seating_move set undone_at = ${now} where id = ${input.moveId}`.execute(db)
  note({ moved: people.length })
  return { moved: people.length }
})

/** Who is only proposed changes in the proposal; who is summoned gets a new summons and keeps her door code. */
async function relocate(
  db: Db | Tx,
  secret: Buffer,
  {
    conferenceId,
    people,
    toSiteId,
    by,
    at,
  }: { conferenceId: string; people: readonly Seated[]; toSiteId: string | undefined; by: string; at: Date },
) {
  const summoned = people.filter(({ summonsId }) => summonsId !== null)
  const others = people.filter(({ summonsId }) => summonsId === null).map(({ personId }) => personId)
  const pending = await isPending(db, conferenceId)
  await withdraw(
    db,
    summoned.map(({ summonsId }) => summonsId!),
    toSiteId === undefined ? 'cancelled' : 'moved',
    at,
  )
  await sql`delete from seating_place where conference_id = ${conferenceId} and person_id = any(${others}::uuid[])`.execute(
    db,
  )
  if (toSiteId === undefined) return
  if (pending)
    await sql`insert into seating_place (conference_id, person_id, site_id) select ${conferenceId}, person_id, ${toSiteId} from unnest(${others}::uuid[]) as given (person_id)`.execute(
      db,
    )
  const issueTo = pending ? summoned : people
  await issue(
    db,
    secret,
    issueTo.map(({ personId, sessionIds }) => ({
      conferenceId,
      personId,
      siteId: toSiteId,
      sessionIds: sessionIds ?? undefined,
      origin: 'manual' as const,
      by,
      at,
    })),
  )
}
const isPending = async (db: Db | Tx, conferenceId: string) =>
  (
    await sql<{
      pending: boolean
    }>`select confirmed_at is null as pending from seating_proposal where conference_id = ${conferenceId}`.execute(db)
  ).rows[0]?.pending ?? false

export const seating = answer(contract.seating, policy.seating, async ({ db, actor, input }) => {
  const held = withRoll((await store.heldConference(db, input.conferenceId)) ?? refuse(contract.seating, 'notFound'))
  const unit =
    (await store.campaignUnit(db, held.campaignId, input.unitId ?? held.unitId)) ?? refuse(contract.seating, 'notFound')
  // A grant on a unit opens that unit; the conference must be one that reaches it.
  if (unit.lft < held.range.lft || unit.rgt > held.range.rgt) refuse(contract.seating, 'notFound')
  const [children, groups, sites, proposal, short] = await Promise.all([
    store.childUnits(db, held.campaignId, unit.unitId),
    seatedGroups(db, held, unit),
    sitesWithin(db, held, unit),
    proposalOf(db, held.conferenceId),
    shortUnits(db, held, unit),
  ])
  const own = { ...unit, rgt: unit.lft, own: true, children: 0 }
  const rows = [own, ...children.map((child) => ({ ...child, own: false }))].map((row) =>
    seatingRow(row, groups, sites),
  )
  const whole = seatingRow({ ...unit, own: false }, groups, sites)
  return {
    state: !proposal ? ('none' as const) : proposal.confirmedAt ? ('confirmed' as const) : ('proposed' as const),
    madeAt: proposal?.madeAt.toISOString(),
    confirmedAt: proposal?.confirmedAt?.toISOString(),
    unit: { unitId: unit.unitId, code: unit.code, name: unit.name },
    trail: await store.unitTrail(db, held.campaignId, unit.path, held.unitId),
    order: { seatOrder: held.settings.seatOrder, positionOrder: held.settings.positionOrder },
    totals: {
      inScope: whole.inScope,
      summoned: sum(groups, ({ n, how }) => (how === 'summons' ? n : 0)),
      proposed: sum(groups, ({ n, how }) => (how === 'proposal' ? n : 0)),
      onDevices: whole.onDevices,
      left: whole.left,
      sites: whole.sites,
      seats: whole.seats,
      free: sum(sites, ({ free }) => free),
    },
    rows: rows.filter((row) => !row.own || row.inScope > 0 || row.sites > 0),
    short,
    abilities: abilitiesAt(actor, policy, {
      unitPath: held.unitPath,
      campaignId: held.campaignId,
      conferenceId: held.conferenceId,
    }),
  }
})

type Group = {
  lft: number
  siteId: string | null
  siteName: string | null
  how: 'summons' | 'proposal' | 'none'
  n: number
  /** Where the site's own unit stands in the tree. */
  siteLft: number | null
}
const seatedGroups = async (db: Db, held: store.Held, { lft, rgt }: { lft: number; rgt: number }): Promise<Group[]> =>
  (
    await sql<Group>`
      with scope as (${store.scopeOf({ campaignId: held.campaignId, range: { lft, rgt } })}), placed as (${store.placed(held.conferenceId)}),
      counted as (
        select s.lft, l.site_id, case when l.person_id is null then 'none' when l.summons_id is null then 'proposal' else 'summons' end as how, count(*)::int as n
        from scope s left join placed l on l.person_id = s.person_id group by 1, 2, 3)
      select c.lft, c.site_id as "siteId", t.name as "siteName", v.lft as "siteLft", c.how, c.n
      from counted c left join site t on t.id = c.site_id left join campaign_unit v on v.campaign_id = ${held.campaignId} and v.unit_id = t.unit_id`.execute(
      db,
    )
  ).rows
type SiteWithin = { lft: number; seats: number; free: number }
const sitesWithin = async (
  db: Db,
  held: store.Held,
  { lft, rgt }: { lft: number; rgt: number },
): Promise<SiteWithin[]> =>
  (
    await sql<SiteWithin>`
      with taken as (select site_id, count(*)::int as n from (${store.placed(held.conferenceId)}) p group by site_id)
      select u.lft, k.seats, greatest(0, k.seats - coalesce(t.n, 0)) as free
      from conference_site k join site s on s.id = k.site_id join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = s.unit_id
        left join taken t on t.site_id = k.site_id
      where k.conference_id = ${held.conferenceId} and u.lft between ${lft} and ${rgt}`.execute(db)
  ).rows

/** Sites of the unit itself are named while they are this few; what goes beyond it is always named. */
const ownSitesNamed = 2
const sitesShown = 3
const sum = <T>(items: readonly T[], count: (item: T) => number) =>
  items.reduce((total, item) => total + count(item), 0)
function seatingRow(
  row: { unitId: string; code: string; name: string; own: boolean; children: number; lft: number; rgt: number },
  groups: readonly Group[],
  sites: readonly SiteWithin[],
) {
  const within = ({ lft }: { lft: number }) => lft >= row.lft && lft <= row.rgt
  const mine = groups.filter(within)
  const halls = sites.filter(within)
  const inner = bySite(mine.filter(({ siteLft }) => siteLft !== null && within({ lft: siteLft })))
  const outer = bySite(mine.filter(({ siteLft }) => siteLft === null || !within({ lft: siteLft })))
  const collapsed = inner.length > ownSitesNamed
  const at = collapsed ? outer : [...inner, ...outer]
  return {
    unitId: row.unitId,
    code: row.code,
    name: row.name,
    own: row.own,
    children: row.children,
    inScope: sum(mine, ({ n }) => n),
    seated: sum(mine, ({ n, siteId }) => (siteId === null ? 0 : n)),
    onDevices: sum(mine, ({ n, siteId, how }) => (siteId === null && how === 'summons' ? n : 0)),
    left: sum(mine, ({ n, how }) => (how === 'none' ? n : 0)),
    sites: halls.length,
    seats: sum(halls, ({ seats }) => seats),
    inside: collapsed ? { count: sum(inner, ({ count }) => count), sites: inner.length } : undefined,
    at: at.slice(0, sitesShown),
    others: sum(at.slice(sitesShown), ({ count }) => count),
  }
}
/** Most people first. */
function bySite(groups: readonly Group[]) {
  const sites = new Map<string, { siteId: string; name: string; count: number }>()
  for (const { siteId, siteName, n } of groups) {
    if (siteId === null) continue
    const one = sites.get(siteId)
    if (one) one.count += n
    else sites.set(siteId, { siteId, name: siteName ?? '', count: n })
  }
  return [...sites.values()].sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
}
const shortShown = 10
const shortUnits = async (db: Db, held: store.Held, { lft, rgt }: { lft: number; rgt: number }) =>
  (
    await sql<{ unitId: string; code: string; name: string; left: number }>`
      with scope as (${store.scopeOf({ campaignId: held.campaignId, range: { lft, rgt } })}), placed as (${store.placed(held.conferenceId)})
      select u.unit_id as "unitId", u.code, u.name, count(*)::int as left
      from scope s join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = coalesce(s.grassroots_id, s.unit_id)
      where not exists (select from placed l where l.person_id = s.person_id)
      group by 1, 2, 3 order by 4 desc, 2 limit ${shortShown}`.execute(db)
  ).rows
const proposalOf = async (db: Db, conferenceId: string) =>
  (
    await sql<{ madeAt: Date; confirmedAt: Date | null }>`
      select made_at as "madeAt", confirmed_at as "confirmedAt" from seating_proposal where conference_id = ${conferenceId}`.execute(
      db,
    )
  ).rows[0]
