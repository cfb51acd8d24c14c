// The door of coverage.
import { sql } from 'kysely'
import type { z } from 'zod'
import { fold } from '../../../kernel/fold.ts'
import { dayOf } from '../../../kernel/time.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { type AnyTopic, serveTopic } from '../../../platform/server/live.ts'
import { type AnyServed, answer, refuse } from '../../../platform/server/operate.ts'
import { recordLook } from '../../../platform/server/record.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { nothing } from '../rules.ts'
import { countLedger, ledgerOf } from './ledger.ts'

export { addUp, nothing, rollUp } from '../rules.ts'
export { type CountedLedger, countLedger, type LedgerUnit, ledgerOf } from './ledger.ts'
export { aboutPerson, writeOffers } from './offers.ts'

async function readLedger(
  db: Db | Tx,
  { campaignId, unitId }: { campaignId: string; unitId?: string | undefined },
  now: Date,
) {
  const { rows } = await sql<{ id: string; code: string; name: string; scopeUnitId: string; fixed: boolean }>`
    select id, code, name, scope_unit_id as "scopeUnitId", scope_fixed_at is not null as fixed from campaign where id = ${campaignId}`.execute(
    db,
  )
  const campaign = rows[0] ?? refuse(contract.ledger, 'notFound')
  if (!campaign.fixed) refuse(contract.ledger, 'scopeNotFixed')
  const { units, byUnit, own, whole } = await countLedger(db, campaignId)
  const unit = byUnit.get(unitId ?? campaign.scopeUnitId) ?? refuse(contract.ledger, 'notFound')
  const row = (one: typeof unit) => ({
    ...(whole.get(one.unitId) ?? nothing()),
    unitId: one.unitId,
    code: one.code,
    name: one.name,
    own: false,
    children: one.children,
    keepsNames: one.keepsNames,
  })
  const mine = own.get(unit.unitId)
  return {
    campaign: { campaignId, code: campaign.code, name: campaign.name },
    path: unit.path
      .flatMap((step) => byUnit.get(step) ?? [])
      .map(({ unitId: stepId, code, name }) => ({ unitId: stepId, code, name })),
    unit: row(unit),
    rows: [
      ...(mine && unit.children > 0 ? [{ ...row(unit), ...mine, own: true, children: 0 }] : []),
      ...units
        .filter(({ parentId }) => parentId === unit.unitId)
        .sort((a, b) => a.code.localeCompare(b.code, 'vi', { numeric: true }))
        .map(row),
    ],
    at: now.toISOString(),
  }
}

const ledger = answer(contract.ledger, policy.ledger, ({ db, now, input }) => readLedger(db, input, now))
const liveLedger = serveTopic(contract.liveLedger, policy.liveLedger, ({ db }, params) =>
  readLedger(db, params, new Date()),
)

const wherePeople = (filter: (typeof contract.stateFilters)[number]) =>
  ({
    studiedAtSite: sql`l.state = 'studiedAtSite'`,
    studiedOnDevice: sql`l.state = 'studiedOnDevice'`,
    madeUp: sql`l.state = 'madeUp'`,
    booked: sql`l.state = 'booked'`,
    notYet: sql`l.state = 'notYet'`,
    inScope: sql`l.state <> 'exempt'`,
    exempt: sql`l.state = 'exempt'`,
    summoned: sql`l.summoned`,
    studied: sql`l.state in ('studiedAtSite', 'studiedOnDevice')`,
    covered: sql`l.state in ('studiedAtSite', 'studiedOnDevice', 'madeUp')`,
    left: sql`l.state in ('booked', 'notYet')`,
  })[filter]

const peopleBehind = answer(contract.peopleBehind, policy.peopleBehind, async ({ db, actor, now, input }) => {
  const { campaignId, unitId, page, size } = input
  const { rows: units } = await sql<{ lft: number; rgt: number; grassrootsId: string | null }>`
    select lft, rgt, grassroots_id as "grassrootsId" from campaign_unit where campaign_id = ${campaignId} and unit_id = ${unitId}`.execute(
    db,
  )
  const unit = units[0] ?? refuse(contract.peopleBehind, 'notFound')
  // Above the grassroots a number opens the numbers of the units below, never names.
  if (unit.grassrootsId === null) refuse(contract.peopleBehind, 'aboveNames')
  // A unit's officer sees names because she is granted there, not because she is granted somewhere above.
  const granted =
    actor.kind === 'machine' ||
    actor.grants.some(
      (grant) =>
        (grant.role === 'cellSecretary' || grant.role === 'organiser') &&
        grant.kind === 'unit' &&
        (grant.scopeId === unitId || grant.scopeId === unit.grassrootsId),
    )
  if (!granted && !(await hasNameTask(db, actor.userId, unitId, now))) refuse(contract.peopleBehind, 'notYours')
  const searched =
    input.search === '' ? sql`true` : sql`p.name_folded like ${`%${fold(input.search).replace(/[%_\\]/g, '\\$&')}%`}`
  // A unit that keeps names has some hundred people: known by id, their arrivals are found one by one.
  const { rows: here } = await sql<{ id: string }>`
    select r.person_id as id from roll r join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
    where r.campaign_id = ${campaignId} and r.to_at is null and u.lft between ${unit.lft} and ${input.own ? unit.lft : unit.rgt}
      and (${input.personId ?? null}::uuid is null or r.person_id = ${input.personId ?? null})`.execute(db)
  const from = sql`from ${ledgerOf(campaignId, { personIds: here.map(({ id }) => id) })} l
    join person p on p.id = l.person_id
    left join campaign_unit u on u.campaign_id = ${campaignId} and u.unit_id = l.unit_id
    where ${wherePeople(input.filter)} and ${input.reason ? sql`l.reason = ${input.reason}` : sql`true`} and ${searched}`
  const { rows } = await sql<{
    personId: string
    code: string | null
    name: string
    unit: string
    position: string
    state: contract.State | 'exempt'
    reason: contract.Reason | null
    summonses: z.output<typeof contract.HerSummons>[] | null
    mayRegister: { conferenceId: string; name: string }[] | null
    offer: (typeof contract.offers)[number] | null
    total: number
  }>`
    select p.id as "personId", p.code, p.full_name as name, coalesce(u.name, '') as unit, p.position, l.state, l.reason, count(*) over ()::int as total,
      ${summonsesOf(campaignId)} as summonses, ${openToHer(campaignId)} as "mayRegister",
      (select coalesce(answered, case when undeliverable_at is not null then 'undeliverable' else 'offered' end) from makeup_offer where campaign_id = ${campaignId} and person_id = p.id) as offer
    ${from} order by p.sort_name, p.id limit ${size} offset ${(page - 1) * size}`.execute(db)
  await recordLook(db, {
    actor,
    list: contract.peopleBehind.name,
    about: { campaignId, unitId, filter: input.filter, ...(input.reason ? { reason: input.reason } : {}) },
    personIds: rows.map(({ personId }) => personId),
    reason: input.why || undefined,
    at: now,
  })
  return {
    rows: rows.map(({ total: _, reason, code, offer, summonses, mayRegister, ...row }) => ({
      ...row,
      code: code ?? '',
      summonses: summonses ?? [],
      mayRegister: mayRegister ?? [],
      ...(reason ? { reason } : {}),
      ...(offer ? { offer } : {}),
    })),
    total: rows[0]?.total ?? 0,
    page,
    size,
  }
})
/** Of person `p`: what she is summoned to, the next first. */
const summonsesOf = (campaignId: string) => sql`(
  select json_agg(json_strip_nulls(json_build_object('summonsId', m.id, 'conferenceId', c.id, 'conferenceName', c.name, 'makeup', c.purpose = 'makeup',
      'closed', c.state = 'closed', 'startsAt', to_char(t.starts_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'siteName', s.name, 'excuse', m.excuse,
      'undeliverable', m.undeliverable_at is not null)) order by c.state = 'closed', t.starts_at, c.code)
  from summons m join conference c on c.id = m.conference_id left join site s on s.id = m.site_id
    cross join lateral (select min(starts_at) as starts_at from conference_session where conference_id = c.id) t
  where m.person_id = p.id and m.withdrawn_at is null and c.campaign_id = ${campaignId} and c.purpose in ('study', 'makeup'))`
/** Of person `p` in unit `u`: conferences that take her on her own device and have not summoned her. */
const openToHer = (campaignId: string) => sql`(
  select json_agg(json_build_object('conferenceId', c.id, 'name', c.name) order by c.code) from conference c
  where l.state <> 'exempt' and c.campaign_id = ${campaignId} and c.purpose = 'study' and c.own_device and not c.classified and c.state in ('approved', 'open', 'live')
    and c.unit_id = any(u.path) and not exists (select from summons m where m.conference_id = c.id and m.person_id = p.id and m.withdrawn_at is null))`
/** A dated task that states why lets its holder see names of one unit for a while. */
const hasNameTask = async (db: Db | Tx, userId: string | undefined, unitId: string, now: Date) =>
  userId !== undefined &&
  (
    await sql<{ there: boolean }>`select exists (select 1 from name_task t join unit_now u on u.unit_id = ${unitId}
      where t.user_id = ${userId} and t.unit_id = any(u.path) and t.revoked_at is null and ${dayOf(now)}::date between t.valid_from and t.valid_to) as there`.execute(
      db,
    )
  ).rows[0]!.there

const myState = answer(contract.myState, policy.myState, async ({ db, actor, input }) => {
  const personId = actor.personId ?? refuse(contract.myState, 'notYours')
  const { rows } = await sql<{ state: contract.State | 'exempt'; reason: contract.Reason | null }>`
    select state, reason from ${ledgerOf(input.campaignId, { personIds: [personId] })} l`.execute(db)
  return rows[0]
    ? { state: rows[0].state, ...(rows[0].reason ? { reason: rows[0].reason } : {}) }
    : { state: 'outside' as const }
})

export const operations: AnyServed[] = [ledger, peopleBehind, myState]
export const topics: AnyTopic[] = [liveLedger]
