// What the keeper of a hall does besides scanning: whole-hall confirmation, mending, headcount, faults, the roll.
import { type RawBuilder, sql } from 'kysely'
import { addMinutes, minutesBetween } from '../../../kernel/time.ts'
import { abilitiesAt, seesNames } from '../../../platform/rights.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import { record, recordLook } from '../../../platform/server/record.ts'
import { summonAtDoor } from '../../sites/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { correctedClaim, hallCodeSeconds, headcountAdds } from '../rules.ts'
import { tellBoards } from './checkIn.ts'
import { hallCode as codeAt, doorsOf } from './doors.ts'
import { waitingOnOwnDevices } from './standing.ts'
import { conferenceOf, rollOf, siteAt, summonedAt, unitNow } from './store.ts'

const rollOpensDaysBefore = 10
const rollClosesDaysAfter = 7
const dayMinutes = 24 * 60

type SiteWrite = {
  checkpointId: string
  siteId: string
  claimedAt: string
  skewMs: number
  previousSyncAt?: string | undefined
}
const claimOf = (input: SiteWrite, now: Date) =>
  correctedClaim({
    claimedAt: new Date(input.claimedAt),
    skewMs: input.skewMs,
    previousSyncAt: input.previousSyncAt ? new Date(input.previousSyncAt) : undefined,
    receivedAt: now,
  })

/** The same text, the same id; with the marks of a version 8 UUID, so that it is taken back over the wire. */
const sameId = (text: RawBuilder<unknown>) =>
  sql`overlay(overlay(md5(${text}) placing '8' from 13) placing '8' from 17)::uuid`

/** The claim's id and the person make the arrival's id, so that sending the sentence twice adds nobody twice. */
export const confirmSite = answer(
  contract.confirmSite,
  policy.confirmSite,
  async ({ db, desk, actor, now, input, after }) => {
    const door = await doorsOf(desk).door(input.checkpointId)
    if (!door) refuse(contract.confirmSite, 'otherConference')
    if (door.classified) refuse(contract.confirmSite, 'paperOnly')
    if (!(await doorsOf(desk).isHeldAt(door.conferenceId, input.siteId)))
      refuse(contract.confirmSite, 'otherConference')
    const correctedAt = claimOf(input, now)
    if (correctedAt < door.opensAt) refuse(contract.confirmSite, 'notOpen', { opensAt: door.opensAt.toISOString() })
    const people =
      input.base === 'roll'
        ? sql`select person_id from summons where conference_id = ${door.conferenceId} and site_id = ${input.siteId} and withdrawn_at is null`
        : sql`select distinct a.person_id from arrival a
          where a.site_id = ${input.siteId} and a.withdrawn_at is null and a.checkpoint_id = (
            select p.id from checkpoint p, checkpoint here where here.id = ${input.checkpointId} and p.conference_id = here.conference_id and p.at < here.at
            order by p.at desc limit 1)`
    // Each person is looked up by herself, also on a morning whose arrivals the planner has not heard of yet.
    const { rows } = await sql<{ person_id: string; arrival_id: string }>`
    with who as materialized (${people})
    insert into arrival (arrival_id, conference_id, checkpoint_id, site_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, skew_ms, device_id)
    select ${sameId(sql`${input.clientId} || who.person_id`)}, ${door.conferenceId}, ${input.checkpointId}, ${input.siteId}, who.person_id, 'siteConfirmed',
      ${actor.name}, ${new Date(input.claimedAt)}, ${correctedAt}, ${now}, ${input.skewMs}, ${input.deviceId}
    from who left join lateral (
      select true as here from arrival a where a.checkpoint_id = ${input.checkpointId} and a.person_id = who.person_id and a.withdrawn_at is null limit 1) stands on true
    where stands.here is null and who.person_id <> all (${input.exceptPersonIds as string[]}::uuid[])
    on conflict (arrival_id) do nothing returning person_id, arrival_id`.execute(db)
    if (rows.length > 0) {
      await record(db, contract.arrived, { arrivalIds: rows.map(({ arrival_id }) => arrival_id) }, now)
      await summonAtDoor(
        db,
        desk.secret,
        rows.map(({ person_id }) => ({
          conferenceId: door.conferenceId,
          sessionId: door.sessionId,
          personId: person_id,
          siteId: input.siteId,
          by: actor.name,
          at: now,
        })),
      )
    }
    const present = await sql<{
      n: number
    }>`select count(distinct person_id)::int as n from arrival where checkpoint_id = ${input.checkpointId} and site_id = ${input.siteId} and withdrawn_at is null`.execute(
      db,
    )
    after(() => tellBoards(desk, [{ conferenceId: door.conferenceId, siteId: input.siteId }]))
    return { added: rows.length, present: present.rows[0]!.n }
  },
)

export const withdrawArrival = answer(
  contract.withdrawArrival,
  policy.withdrawArrival,
  async ({ db, desk, actor, now, input, after, note }) => {
    const { rows } = await sql<{ conference_id: string }>`
    update arrival set withdrawn_at = ${now}, withdrawn_by = ${actor.name}
    where checkpoint_id = ${input.checkpointId} and person_id = ${input.personId} and site_id = ${input.siteId} and withdrawn_at is null returning conference_id`.execute(
      db,
    )
    note({ withdrawn: rows.length })
    if (rows[0]) after(() => tellBoards(desk, [{ conferenceId: rows[0]!.conference_id, siteId: input.siteId }]))
    return { withdrawn: rows.length }
  },
)

export const keepArrival = answer(
  contract.keepArrival,
  policy.keepArrival,
  async ({ db, desk, actor, now, input, after }) => {
    const kept = await db
      .selectFrom('arrival')
      .select(['checkpoint_id', 'person_id', 'conference_id', 'site_id'])
      .where('arrival_id', '=', input.arrivalId)
      .executeTakeFirst()
    if (!kept) refuse(contract.keepArrival, 'unknownArrival')
    // The keeper of one hall decides only between her own hall and another's.
    const halls = await db
      .selectFrom('arrival')
      .select(['arrival_id', 'site_id'])
      .where('checkpoint_id', '=', kept.checkpoint_id)
      .where('person_id', '=', kept.person_id)
      .where('withdrawn_at', 'is', null)
      .execute()
    if (!halls.some(({ site_id }) => site_id === input.siteId)) refuse(contract.keepArrival, 'unknownArrival')
    const others = halls.filter(({ arrival_id }) => arrival_id !== input.arrivalId)
    if (others.length > 0)
      await db
        .updateTable('arrival')
        .set({ withdrawn_at: now, withdrawn_by: actor.name })
        .where(
          'arrival_id',
          'in',
          others.map(({ arrival_id }) => arrival_id),
        )
        .execute()
    after(() =>
      tellBoards(
        desk,
        halls.map(({ site_id }) => ({ conferenceId: kept.conference_id, siteId: site_id ?? undefined })),
      ),
    )
    return { withdrawn: others.length }
  },
)

export const acceptArrivals = answer(
  contract.acceptArrivals,
  policy.acceptArrivals,
  async ({ db, desk, actor, now, input, after }) => {
    const mine = input.siteId
      ? sql`a.site_id = ${input.siteId}`
      : sql`a.site_id is null and ${belongsTo(input.unitId)(sql`a.person_id`)}`
    const { rows } = await sql<{ conference_id: string; site_id: string | null }>`
    update arrival a set accepted_at = ${now}, accepted_by = ${actor.name}
    where a.arrival_id = any(${input.arrivalIds as string[]}::uuid[]) and a.accepted_at is null and a.withdrawn_at is null and ${mine}
    returning conference_id, site_id`.execute(db)
    after(() =>
      tellBoards(
        desk,
        rows.map((row) => ({ conferenceId: row.conference_id, siteId: row.site_id ?? undefined })),
      ),
    )
    return { accepted: rows.length }
  },
)

/** Whoever belongs to the unit or to one below it today. */
const belongsTo = (unitId: string | undefined) => (person: RawBuilder<unknown>) =>
  sql`${person} in (
  select m.person_id from membership m join unit_now u on u.unit_id = m.unit_id where m.valid_to is null and ${unitId ?? null}::uuid = any(u.path))`

type Waiting = {
  arrivalId: string
  personId: string
  name: string
  unit: string
  conference: string
  checkpoint: string
  at: Date
  hour: Date
  total: number
}
export const waitingArrivals = answer(
  contract.waitingArrivals,
  policy.waitingArrivals,
  async ({ db, actor, now, input }) => {
    const unit = (await unitNow(db, input.unitId)) ?? refuse(contract.waitingArrivals, 'notFound')
    if (input.named && unit.grassrootsId === undefined) refuse(contract.waitingArrivals, 'aboveNames')
    if (input.named && !seesNames(actor, { unitPath: unit.path, grassrootsId: unit.grassrootsId }))
      refuse(contract.waitingArrivals, 'notYours')
    const { rows } = await sql<Waiting>`
      select w.arrival_id as "arrivalId", p.id as "personId", p.full_name as name, coalesce(u.name, '') as unit, c.name as conference, k.name as checkpoint,
        w.corrected_at as at, w.at as hour, count(*) over ()::int as total
      from (${waitingOnOwnDevices(sql`c.campaign_id = ${input.campaignId}`, belongsTo(input.unitId))}) w
        join person p on p.id = w.person_id join conference c on c.id = w.conference_id join checkpoint k on k.id = w.checkpoint_id
        left join membership m on m.person_id = p.id and m.kind = 'official' and m.valid_to is null
        left join unit_now u on u.unit_id = m.unit_id
      order by w.corrected_at, p.sort_name limit 500`.execute(db)
    if (input.named)
      await recordLook(db, {
        actor,
        list: contract.waitingArrivals.name,
        about: { campaignId: input.campaignId, unitId: input.unitId },
        personIds: [...new Set(rows.map(({ personId }) => personId))],
        reason: input.why || actor.nameTasks?.find(({ unitId }) => unit.path.includes(unitId))?.reason,
        at: now,
      })
    return {
      total: rows[0]?.total ?? 0,
      arrivals: (input.named ? rows : []).map(({ total: _, hour, at, ...row }) => ({
        ...row,
        at: at.toISOString(),
        lateMinutes: minutesBetween(hour, at),
      })),
      abilities: abilitiesAt(actor, policy, { unitPath: unit.path }),
    }
  },
)

export const reportHeadcount = answer(
  contract.reportHeadcount,
  policy.reportHeadcount,
  async ({ db, desk, actor, now, input, after }) => {
    const door = await doorsOf(desk).door(input.checkpointId)
    if (!door) refuse(contract.reportHeadcount, 'otherConference')
    if (!(await doorsOf(desk).isHeldAt(door.conferenceId, input.siteId)))
      refuse(contract.reportHeadcount, 'otherConference')
    const summoned = await summonedAt(db, door.conferenceId, input.siteId)
    const adds = headcountAdds(input, summoned)
    if (!adds && input.why === '')
      refuse(contract.reportHeadcount, 'doesNotAddUp', {
        summoned,
        given: input.present + input.absentExcused + input.absentUnexcused,
      })
    await db
      .insertInto('headcount')
      .values({
        headcount_id: input.clientId,
        checkpoint_id: input.checkpointId,
        site_id: input.siteId,
        present: input.present,
        absent_excused: input.absentExcused,
        absent_unexcused: input.absentUnexcused,
        guests: input.guests,
        summoned,
        why: input.why,
        by_actor: actor.name,
        device_id: input.deviceId,
        claimed_at: new Date(input.claimedAt),
        received_at: now,
      })
      .onConflict((row) => row.column('headcount_id').doNothing())
      .execute()
    const roll = await sql<{
      n: number
    }>`select count(distinct person_id)::int as n from arrival where checkpoint_id = ${input.checkpointId} and site_id = ${input.siteId} and withdrawn_at is null`.execute(
      db,
    )
    after(() => tellBoards(desk, [{ conferenceId: door.conferenceId, siteId: input.siteId }]))
    return { summoned, roll: roll.rows[0]!.n, adds, receivedAt: now.toISOString() }
  },
)

export const recordInterruption = answer(
  contract.recordInterruption,
  policy.recordInterruption,
  async ({ db, desk, actor, now, input, after }) => {
    const fromAt = new Date(input.fromAt)
    const toAt = input.toAt ? new Date(input.toAt) : null
    if (toAt && toAt < fromAt) refuse(contract.recordInterruption, 'outOfOrder')
    if (!(await conferenceOf(db, input.conferenceId))) refuse(contract.recordInterruption, 'otherConference')
    await db
      .insertInto('interruption')
      .values({
        id: input.interruptionId,
        conference_id: input.conferenceId,
        site_id: input.siteId,
        from_at: fromAt,
        to_at: toAt,
        cause: input.cause,
        by_actor: actor.name,
        recorded_at: now,
      })
      .onConflict((row) =>
        row
          .column('id')
          .doUpdateSet({ from_at: fromAt, to_at: toAt, cause: input.cause })
          .where('interruption.site_id', '=', input.siteId),
      )
      .execute()
    after(() => tellBoards(desk, [{ conferenceId: input.conferenceId, siteId: input.siteId }]))
    return toAt ? { minutes: Math.round((toAt.getTime() - fromAt.getTime()) / 60_000) } : {}
  },
)

export const siteRoll = answer(contract.siteRoll, policy.siteRoll, async (call) => {
  const { db, input, actor, now } = call
  const conference = await openRoll(call)
  const site = await siteAt(db, input.conferenceId, input.siteId)
  if (!site) refuse(contract.siteRoll, 'notFound')
  const roll = await rollOf(db, input.conferenceId, input.siteId)
  await recordLook(db, {
    actor,
    list: contract.siteRoll.name,
    about: { siteId: input.siteId, conferenceId: input.conferenceId },
    personIds: roll.map(({ personId }) => personId),
    reason: 'điểm danh tại hội trường',
    at: now,
  })
  return {
    site,
    conference: { code: conference.code, name: conference.name, state: conference.state },
    roll: roll.map(({ excuse, birthYear, ...line }) => ({
      ...line,
      ...(excuse ? { excuse } : {}),
      ...(birthYear ? { birthYear } : {}),
    })),
  }
})
/** Names of a hall are open to its keepers from ten days before to seven days after. */
export async function openRoll({ db, now, input }: Pick<Call<{ conferenceId: string }>, 'db' | 'now' | 'input'>) {
  const conference = await conferenceOf(db, input.conferenceId)
  if (!conference) refuse(contract.siteRoll, 'notFound')
  if (conference.classified) refuse(contract.siteRoll, 'paperOnly')
  if (conference.startsAt && now < addMinutes(conference.startsAt, -rollOpensDaysBefore * dayMinutes))
    refuse(contract.siteRoll, 'tooEarly')
  if (conference.endsAt && now > addMinutes(conference.endsAt, rollClosesDaysAfter * dayMinutes))
    refuse(contract.siteRoll, 'tooLate')
  return conference
}

export const findAtDoor = answer(contract.findAtDoor, policy.findAtDoor, async ({ db, desk, input }) => {
  const conference = await conferenceOf(db, input.conferenceId)
  if (!conference) refuse(contract.findAtDoor, 'notFound')
  const byCode = await doorsOf(desk).personByCode(input.conferenceId, input.code)
  if (byCode === 'otherConference') refuse(contract.findAtDoor, 'otherConference')
  const { rows } = await sql<{
    personId: string
    name: string
    unit: string
    summonedTo: string | null
    inScope: boolean
  }>`
    select p.id as "personId", p.full_name as name, coalesce(u.name, '') as unit, s.name as "summonedTo", coalesce(r.standing = 'inScope', false) as "inScope"
    from person p
    left join roll r on r.campaign_id = ${conference.campaignId} and r.person_id = p.id and r.to_at is null
    left join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
    left join unit_now u on u.unit_id = coalesce(r.unit_id, b.unit_id)
    left join summons m on m.conference_id = ${input.conferenceId} and m.person_id = p.id and m.withdrawn_at is null
    left join site s on s.id = m.site_id
    where p.erased_at is null and ${byCode ? sql`p.id = ${byCode}` : sql`p.code = ${input.code.trim()}`}
      and p.register_id = (select register_id from unit_now where unit_id = ${conference.unitId})
    limit 1`.execute(db)
  const found = rows[0] ?? refuse(contract.findAtDoor, 'unknownPerson')
  return { ...found, summonedTo: found.summonedTo ?? undefined }
})

export const mySites = answer(contract.mySites, policy.mySites, async ({ db, actor }) => {
  const siteIds = actor.grants.flatMap((grant) =>
    grant.kind === 'site' && grant.scopeId && (grant.role === 'siteManager' || grant.role === 'steward')
      ? [grant.scopeId]
      : [],
  )
  if (siteIds.length === 0) return { sites: [] }
  const { rows } = await sql<{
    siteId: string
    siteName: string
    conferenceId: string
    conferenceName: string
    state: string
    startsAt: Date | null
    summoned: number
  }>`
    select s.id as "siteId", s.name as "siteName", c.id as "conferenceId", c.name as "conferenceName", c.state,
      (select min(starts_at) from conference_session where conference_id = c.id) as "startsAt",
      (select count(*)::int from summons m where m.conference_id = c.id and m.site_id = s.id and m.withdrawn_at is null) as summoned
    from conference_site cs join site s on s.id = cs.site_id join conference c on c.id = cs.conference_id
    where cs.site_id = any(${siteIds}::uuid[]) and not c.classified and c.state <> 'draft'
    order by "startsAt" desc nulls last limit 50`.execute(db)
  return { sites: rows.map((row) => ({ ...row, startsAt: row.startsAt?.toISOString() })) }
})

export const hallCode = answer(contract.hallCode, policy.hallCode, async ({ db, desk, now, input }) => {
  const conference = await conferenceOf(db, input.conferenceId)
  if (!conference) refuse(contract.hallCode, 'notFound')
  if (conference.classified) refuse(contract.hallCode, 'paperOnly')
  if (!(await doorsOf(desk).isHeldAt(input.conferenceId, input.siteId))) refuse(contract.hallCode, 'otherConference')
  const step = Math.floor(now.getTime() / 1000 / hallCodeSeconds)
  const code = codeAt(desk.secret, input.conferenceId, input.siteId, step)
  return {
    code,
    url: new URL(`/toi/tai-cho/${input.conferenceId}/${input.siteId}/${code}`, desk.baseUrl).href,
    changesAt: new Date((step + 1) * hallCodeSeconds * 1000).toISOString(),
    serverTime: now.toISOString(),
  }
})
