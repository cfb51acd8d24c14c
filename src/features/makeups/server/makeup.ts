// One make-up: made, filled, attended, closed.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { atVietnam, dayOf, formatDay } from '../../../kernel/time.ts'
import { abilitiesAt, holds } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import { recordLook } from '../../../platform/server/record.ts'
import { addCheckpoints, arriveOnPaper, takeBackPaper } from '../../attendance/server/index.ts'
import * as conferences from '../../conferences/contract.ts'
import { makeConference, moveConference } from '../../conferences/server/index.ts'
import * as coverage from '../../coverage/contract.ts'
import { ledgerOf, writeOffers } from '../../coverage/server/index.ts'
import { attachNamed, bookEach, seatsOf, withdraw } from '../../sites/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { fillSites, freeCode, spread } from '../rules.ts'
import * as store from './store.ts'

const tellLedger = (desk: Desk, campaignId: string) => desk.live.stale(coverage.liveLedger, { campaignId })

export const createMakeup = answer(
  contract.createMakeup,
  policy.createMakeup,
  async ({ db, desk, actor, now, input, note, after }) => {
    const it = contract.createMakeup
    const campaign = (await store.campaignById(db, input.campaignId)) ?? refuse(it, 'notFound')
    if (!campaign.fixed) refuse(it, 'scopeNotFixed')
    const [unit = refuse(it, 'unknownUnit')] = await store.unitsIn(db, campaign.campaignId, [input.unitId])
    const startsAt = atVietnam(input.day, input.from)
    const endsAt = atVietnam(input.day, input.to)
    if (endsAt <= startsAt) refuse(it, 'endsFirst')
    if (!input.code) await store.lockMakeups(db, campaign.campaignId)
    const code = input.code ?? freeCode(unit.code, await store.takenCodes(db, campaign.campaignId))
    const made = await makeConference(db, {
      actor,
      now,
      input: conferences.createConference.input.parse({
        conferenceId: input.makeupId,
        campaignId: campaign.campaignId,
        unitId: unit.unitId,
        code,
        name: input.name || `Học bù ${formatDay(input.day)}, ${unit.name}`,
        purpose: 'makeup',
        ownDevice: false,
        sessions: [{ code: 'B1', startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), mode: 'local' }],
      }),
    })
    const makeupId = made.conferenceId
    const sessionId = made.sessionIds[0]!
    const points = spread(startsAt, endsAt, input.checkpoints).map((window, nth) => ({
      checkpointId: newId(now),
      conferenceId: makeupId,
      sessionId,
      code: `B1-M${nth + 1}`,
      name: input.checkpoints === 1 ? 'Điểm danh' : `Điểm danh lần ${nth + 1}`,
      ...window,
    }))
    await addCheckpoints(db, points)
    const seats =
      input.siteIds.length > 0
        ? await takeSites(db, makeupId, unit.unitId, input.siteIds, dayOf(now))
        : await store.setSeats(db, makeupId, input.seats)
    await moveConference(db, { conferenceId: makeupId, to: 'approved', now })
    await moveConference(db, { conferenceId: makeupId, to: 'open', now })
    note({ makeupId, code })
    after(() => tellLedger(desk, campaign.campaignId))
    return { makeupId, code, sessionId, checkpointIds: points.map(({ checkpointId }) => checkpointId), seats }
  },
)
/** Halls of the unit or below it, with the seats of the register. */
async function takeSites(
  tx: Db | Tx,
  makeupId: string,
  unitId: string,
  siteIds: readonly string[],
  today: string,
): Promise<number> {
  const it = contract.createMakeup
  const { rows } = await sql<{ siteId: string; seats: number; closed: boolean; within: boolean }>`
    select s.id as "siteId", s.seats, coalesce(s.closed_on <= ${today}::date, false) as closed, coalesce(${unitId}::uuid = any(n.path), false) as within
    from site s left join unit_now n on n.unit_id = s.unit_id where s.id = any(${siteIds as string[]}::uuid[])`.execute(
    tx,
  )
  if (rows.length < new Set(siteIds).size) refuse(it, 'unknownSite')
  if (rows.some(({ closed }) => closed)) refuse(it, 'siteClosed')
  if (rows.some(({ within }) => !within)) refuse(it, 'outsideConference')
  await attachNamed(
    tx,
    makeupId,
    rows.map(({ siteId }) => siteId),
  )
  return rows.reduce((sum, { seats }) => sum + seats, 0)
}

/** The make-up, if it is one; its seats are held for this transaction. */
async function lockedMakeup(tx: Db | Tx, makeupId: string): Promise<store.Makeup> {
  await store.lockMakeup(tx, makeupId)
  return (await store.makeupById(tx, makeupId)) ?? refuse({ refusals: [] }, 'notFound')
}
const placeOf = ({ unitPath, campaignId, makeupId }: store.Makeup) => ({ unitPath, campaignId, conferenceId: makeupId })

/**
 * Units of the campaign that this actor books for: planned by a grant on them, above them, or on the campaign. A cell's secretary
 * books her people into what her own line of command holds.
 */
async function ownUnits({ db, actor }: Call<unknown>, makeup: store.Makeup, unitIds: readonly string[]) {
  const units = await store.unitsIn(db, makeup.campaignId, unitIds)
  if (units.length < new Set(unitIds).size) refuse(contract.bookMakeup, 'unknownUnit')
  const strange = units.find(({ path }) => {
    const place = { unitPath: path, campaignId: makeup.campaignId }
    return (
      !holds(actor, ['organiser'], place) && !(holds(actor, ['cellSecretary'], place) && path.includes(makeup.unitId))
    )
  })
  if (strange) refuse(contract.bookMakeup, 'notYourUnit', { unit: strange.code })
  return units
}
/** On the roll, in a unit that this actor plans for. */
async function ownPeople(call: Call<unknown>, makeup: store.Makeup, personIds: readonly string[]) {
  const { rows } = await sql<{ personId: string; unitId: string }>`
    select person_id as "personId", unit_id as "unitId" from roll
    where campaign_id = ${makeup.campaignId} and to_at is null and person_id = any(${personIds as string[]}::uuid[])`.execute(
    call.db,
  )
  await ownUnits(call, makeup, [...new Set(rows.map(({ unitId }) => unitId))])
  return rows.map(({ personId }) => personId)
}
const inUnits = (campaignId: string, units: readonly store.Unit[]) => sql`r.unit_id in (
  select u.unit_id from campaign_unit u
  join unnest(${units.map(({ lft }) => lft)}::int[], ${units.map(({ rgt }) => rgt)}::int[]) as g (lft, rgt) on u.lft between g.lft and g.rgt
  where u.campaign_id = ${campaignId})`

export const bookMakeup = answer(contract.bookMakeup, policy.bookMakeup, async (call) => {
  const { db, desk, actor, now, input, note, after } = call
  const it = contract.bookMakeup
  const makeup = await lockedMakeup(db, input.makeupId)
  if (makeup.state === 'closed') refuse(it, 'closed')
  if (makeup.classified) refuse(it, 'paperOnly')
  if (input.unitIds.length + input.personIds.length === 0) refuse(it, 'nobodyNamed')
  const { campaignId, makeupId } = makeup
  // Two make-ups of one campaign must not book the same person at the same moment.
  await store.lockMakeups(db, campaignId)
  const units = await ownUnits(call, makeup, input.unitIds)
  const people = await ownPeople(call, makeup, input.personIds)
  const named = sql`(${units.length > 0 ? inUnits(campaignId, units) : sql`false`} or r.person_id = any(${people}::uuid[]))`
  const { rows: left } = await sql<{ personId: string; path: string[] }>`
    select l.person_id as "personId", u.path from ${ledgerOf(campaignId, named)} l
      join campaign_unit u on u.campaign_id = ${campaignId} and u.unit_id = l.unit_id
      join person p on p.id = l.person_id
    where l.state = 'notYet' and (l.reason = any(${input.reasons as string[]}::text[]) or l.person_id = any(${people}::uuid[]))
    order by u.lft, p.code, p.id`.execute(db)
  const halls = (await seatsOf(db, makeupId)).map(({ siteId, unitId, freeSeats }) => ({
    siteId,
    unitId,
    free: freeSeats,
  }))
  const room = halls.length > 0 ? undefined : Math.max(0, makeup.seats - makeup.booked)
  const placed = fillSites(left, halls, room)
  const issued = await bookEach(
    db,
    desk.secret,
    placed.map((one) => ({ conferenceId: makeupId, ...one, by: actor.name, at: now })),
  )
  note({ makeupId, booked: issued.length })
  after(() => tellLedger(desk, campaignId))
  return {
    booked: issued.length,
    withoutSeat: left.length - placed.length,
    passedOver:
      new Set(input.personIds).size - people.filter((id) => left.some(({ personId }) => personId === id)).length,
    seats: makeup.seats,
    taken: makeup.booked + issued.length,
  }
})

export const unbookMakeup = answer(contract.unbookMakeup, policy.unbookMakeup, async (call) => {
  const { db, desk, now, input, note, after } = call
  const it = contract.unbookMakeup
  const makeup = await lockedMakeup(db, input.makeupId)
  if (makeup.state === 'closed') refuse(it, 'closed')
  if (input.unitIds.length + input.personIds.length === 0) refuse(it, 'nobodyNamed')
  const units = await ownUnits(call, makeup, input.unitIds)
  const people = await ownPeople(call, makeup, input.personIds)
  const { rows } = await sql<{ id: string; came: boolean }>`
    select m.id, exists (select from arrival a join checkpoint p on p.id = a.checkpoint_id
        where p.conference_id = m.conference_id and a.person_id = m.person_id and a.withdrawn_at is null) as came
    from summons m join roll r on r.campaign_id = ${makeup.campaignId} and r.person_id = m.person_id and r.to_at is null
    where m.conference_id = ${makeup.makeupId} and m.withdrawn_at is null
      and (${units.length > 0 ? inUnits(makeup.campaignId, units) : sql`false`} or m.person_id = any(${people}::uuid[]))`.execute(
    db,
  )
  const gone = rows.filter(({ came }) => !came).map(({ id }) => id)
  const unbooked = await withdraw(db, gone, 'cancelled', now)
  note({ unbooked })
  after(() => tellLedger(desk, makeup.campaignId))
  return { unbooked, present: rows.length - gone.length }
})

export const takeRoll = answer(
  contract.takeRoll,
  policy.takeRoll,
  async ({ db, desk, actor, now, input, note, after }) => {
    const it = contract.takeRoll
    const makeup = await lockedMakeup(db, input.makeupId)
    if (makeup.classified) refuse(it, 'paperOnly')
    const { campaignId, makeupId } = makeup
    const point = (await store.checkpointsOf(db, makeupId)).find(
      ({ checkpointId }) => checkpointId === input.checkpointId,
    )
    if (!point) refuse(it, 'otherConference')
    if (now < point.opensAt) refuse(it, 'notYet', { opensAt: point.opensAt.toISOString() })
    const booked = new Map(
      (
        await sql<{ personId: string; siteId: string | null }>`
        select person_id as "personId", site_id as "siteId" from summons where conference_id = ${makeupId} and withdrawn_at is null`.execute(
          db,
        )
      ).rows.map(({ personId, siteId }) => [personId, siteId ?? undefined]),
    )
    const absent = new Set<string>(input.absentIds)
    const present = [...new Set<string>([...(input.everyone ? booked.keys() : []), ...input.presentIds])].filter(
      (personId) => !absent.has(personId),
    )
    const only = makeup.sites.length === 1 ? makeup.sites[0]!.siteId : undefined
    const mark = (personId: string) => ({
      checkpointId: point.checkpointId,
      personId,
      siteId: booked.get(personId) ?? only,
    })
    await bookWhoCame(
      db,
      desk,
      { campaignId, makeupId, by: actor.name, at: now, siteId: only },
      present.filter((personId) => !booked.has(personId)),
    )
    const added = await arriveOnPaper(db, present.map(mark), { by: actor.name, now })
    const takenBack = await takeBackPaper(db, [...absent].map(mark), { by: actor.name, now })
    note({ added, takenBack })
    after(() => tellLedger(desk, campaignId))
    return { added, takenBack, present: (await store.makeupById(db, makeupId))!.present }
  },
)
/** At a make-up an arrival books; whoever studied already or is not in scope stays a guest. */
async function bookWhoCame(
  tx: Db | Tx,
  desk: Desk,
  {
    campaignId,
    makeupId,
    by,
    at,
    siteId,
  }: { campaignId: string; makeupId: string; by: string; at: Date; siteId: string | undefined },
  personIds: readonly string[],
) {
  if (personIds.length === 0) return
  const known = await sql<{ id: string }>`
    select id from person where id = any(${personIds as string[]}::uuid[]) and erased_at is null`.execute(tx)
  if (known.rows.length < personIds.length) refuse(contract.takeRoll, 'unknownPerson')
  const { rows } = await sql<{ personId: string }>`
    select person_id as "personId" from ${ledgerOf(campaignId, { personIds })} l
    where state in ('notYet', 'booked', 'madeUp')`.execute(tx)
  await bookEach(
    tx,
    desk.secret,
    rows.map(({ personId }) => ({ conferenceId: makeupId, personId, siteId, by, at })),
  )
}

export const closeMakeup = answer(contract.closeMakeup, policy.closeMakeup, async ({ db, desk, now, input, after }) => {
  const it = contract.closeMakeup
  const makeup = await lockedMakeup(db, input.makeupId)
  if (makeup.state === 'closed') refuse(it, 'closed')
  // Closed before it began it would count as held.
  if (now < makeup.startsAt && makeup.present === 0) refuse(it, 'notYet', { startsAt: makeup.startsAt.toISOString() })
  await moveConference(db, { conferenceId: makeup.makeupId, to: 'closed', now })
  after(() => tellLedger(desk, makeup.campaignId))
  return { booked: makeup.booked, present: makeup.present }
})

const present = (makeup: store.Makeup) => ({
  makeupId: makeup.makeupId,
  code: makeup.code,
  name: makeup.name,
  unit: { unitId: makeup.unitId, code: makeup.unitCode, name: makeup.unitName },
  state: makeup.state,
  startsAt: makeup.startsAt.toISOString(),
  endsAt: makeup.endsAt.toISOString(),
  sites: makeup.sites,
  seats: makeup.seats,
  booked: makeup.booked,
  present: makeup.present,
})
export const listMakeups = answer(contract.listMakeups, policy.listMakeups, async ({ db, input }) => {
  const it = contract.listMakeups
  const { campaignId, page, size, which, find } = input
  const campaign = (await store.campaignById(db, campaignId)) ?? refuse(it, 'notFound')
  if (!campaign.fixed) refuse(it, 'scopeNotFixed')
  const [unit = refuse(it, 'notFound')] = await store.unitsIn(db, campaignId, [input.unitId ?? campaign.scopeUnitId])
  const wanted = { campaignId, within: unit, page, size }
  const rows = await store.makeupsOf(db, { ...wanted, which, find })
  const totals = await store.totalsOf(db, wanted)
  const shown = which === 'all' && find === '' ? totals : await store.totalsOf(db, { ...wanted, which, find })
  return { rows: rows.map(present), total: shown.makeups, page, size, totals }
})
export const openMakeups = answer(contract.openMakeups, policy.openMakeups, async ({ db, actor, now, input }) => {
  const { campaignId, unitId } = input
  const [unit = refuse(contract.openMakeups, 'notFound')] = await store.unitsIn(db, campaignId, [unitId])
  const makeups = await store.makeupsOf(db, {
    campaignId,
    within: unit,
    orAbove: unit.path,
    which: 'coming',
    page: 1,
    size: 50,
  })
  const coming = makeups.filter(({ classified, endsAt }) => !classified && endsAt > now)
  const mine = await store.bookedOf(
    db,
    campaignId,
    unit,
    coming.map(({ makeupId }) => makeupId),
  )
  return {
    makeups: coming.map(({ makeupId, name, unitName, startsAt, endsAt, sites, seats, booked }) => ({
      makeupId,
      name,
      unitName,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      places: sites.map((site) => site.name),
      free: Math.max(0, seats - booked),
      booked: mine.get(makeupId) ?? 0,
    })),
    abilities: abilitiesAt(actor, policy, { unitPath: unit.path, campaignId }),
  }
})
export const getMakeup = answer(contract.getMakeup, policy.getMakeup, async ({ db, actor, input }) => {
  const makeup = (await store.makeupById(db, input.makeupId)) ?? refuse(contract.getMakeup, 'notFound')
  return {
    ...present(makeup),
    campaignId: makeup.campaignId,
    checkpoints: (await store.checkpointsOf(db, makeup.makeupId)).map(({ checkpointId, code, name, at }) => ({
      checkpointId,
      code,
      name,
      at: at.toISOString(),
    })),
    units: await store.unitsOfMakeup(db, makeup),
    abilities: abilitiesAt(actor, policy, placeOf(makeup)),
  }
})

export const roster = answer(contract.roster, policy.roster, async ({ db, actor, now, input }) => {
  const makeup = (await store.makeupById(db, input.makeupId)) ?? refuse(contract.roster, 'notFound')
  const { makeupId, campaignId } = makeup
  const { page, size } = input
  const booked = sql`
    from summons m join person p on p.id = m.person_id
      join roll r on r.campaign_id = ${campaignId} and r.person_id = p.id and r.to_at is null
      join campaign_unit u on u.campaign_id = ${campaignId} and u.unit_id = r.unit_id
      left join site s on s.id = m.site_id
    where m.conference_id = ${makeupId} and m.withdrawn_at is null`
  const seen = sql`${store.namesSeenBy(actor)} and (${input.find === ''} or p.name_folded like ${store.likeOf(input.find)})`
  const { rows } = await sql<{
    personId: string
    code: string | null
    name: string
    unit: string
    site: string | null
    checkpointIds: string[]
    undeliverable: boolean
  }>`
    select p.id as "personId", p.code, p.full_name as name, u.name as unit, s.name as site,
      array(select distinct a.checkpoint_id from arrival a join checkpoint k on k.id = a.checkpoint_id
        where k.conference_id = m.conference_id and a.person_id = p.id and a.withdrawn_at is null) as "checkpointIds",
      m.undeliverable_at is not null as undeliverable
    ${booked} and ${seen} order by p.sort_name, p.id limit ${size} offset ${(page - 1) * size}`.execute(db)
  const { rows: counts } = await sql<{ total: number; hidden: number }>`
    select (count(*) filter (where ${seen}))::int as total, (count(*) filter (where not (${store.namesSeenBy(actor)})))::int as hidden ${booked}`.execute(
    db,
  )
  await recordLook(db, {
    actor,
    list: contract.roster.name,
    about: { makeupId, campaignId },
    personIds: rows.map(({ personId }) => personId),
    reason: input.why || undefined,
    at: now,
  })
  return {
    rows: rows.map(({ code, site, ...row }) => ({ ...row, code: code ?? '', ...(site ? { site } : {}) })),
    ...counts[0]!,
    page,
    size,
  }
})

export const recordOffer = answer(
  contract.recordOffer,
  policy.recordOffer,
  async ({ db, desk, actor, now, input, after }) => {
    const it = contract.recordOffer
    const [unit = refuse(it, 'notFound')] = await store.unitsIn(db, input.campaignId, [input.unitId])
    if (unit.grassrootsId === null) refuse(it, 'aboveNames')
    const personIds = [...new Set<string>(input.personIds)]
    const { rows } = await sql<{ personId: string }>`
    select r.person_id as "personId" from roll r join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
    where r.campaign_id = ${input.campaignId} and r.to_at is null and r.person_id = any(${personIds}::uuid[])
      and u.lft between ${unit.lft} and ${unit.rgt} and ${store.namesSeenBy(actor)}`.execute(db)
    if (rows.length < personIds.length) refuse(it, 'unknownPerson')
    await writeOffers(db, { campaignId: input.campaignId, personIds, outcome: input.outcome, now })
    after(() => tellLedger(desk, input.campaignId))
    return { recorded: personIds.length }
  },
)
