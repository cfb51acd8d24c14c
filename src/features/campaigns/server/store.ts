// The only SQL of campaigns.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { TreeRow } from '../../organisation/server/index.ts'
import { CampaignSettings, PresencePolicy, type RollChange } from '../contract.ts'
import type { Version } from '../rules.ts'
import './tables.ts'

export type Campaign = {
  campaignId: string
  code: string
  name: string
  theme: string
  scopeUnit: { unitId: string; code: string; name: string; path: string[] }
  countsOn: string | undefined
  unitsBelowUntil: Date | undefined
  scopeFixedAt: Date | undefined
  settings: CampaignSettings
}

type CampaignRow = {
  id: string
  code: string
  name: string
  theme: string
  scope_unit_id: string
  counts_on: string | null
  units_below_until: Date | null
  scope_fixed_at: Date | null
  settings: unknown
  unit_code: string
  unit_name: string
  unit_path: string[]
}
const campaignOf = (row: CampaignRow): Campaign => ({
  campaignId: row.id,
  code: row.code,
  name: row.name,
  theme: row.theme,
  scopeUnit: { unitId: row.scope_unit_id, code: row.unit_code, name: row.unit_name, path: row.unit_path },
  countsOn: row.counts_on ?? undefined,
  unitsBelowUntil: row.units_below_until ?? undefined,
  scopeFixedAt: row.scope_fixed_at ?? undefined,
  settings: CampaignSettings.parse(row.settings),
})
// A scope unit that was closed since keeps its name from the campaign's own tree.
const campaigns = sql`
  select c.*, coalesce(n.code, f.code, u.code) as unit_code, coalesce(n.name, f.name, u.code) as unit_name,
    coalesce(n.path, f.path, array[c.scope_unit_id]) as unit_path
  from campaign c
    join unit u on u.id = c.scope_unit_id
    left join unit_now n on n.unit_id = c.scope_unit_id
    left join campaign_unit f on f.campaign_id = c.id and f.unit_id = c.scope_unit_id`

export async function campaignById(db: Db | Tx, campaignId: string): Promise<Campaign | undefined> {
  const { rows } = await sql<CampaignRow>`${campaigns} where c.id = ${campaignId}`.execute(db)
  return rows[0] && campaignOf(rows[0])
}
export async function campaignByCode(db: Db | Tx, code: string): Promise<Campaign | undefined> {
  const { rows } = await sql<CampaignRow>`${campaigns} where c.code = ${code}`.execute(db)
  return rows[0] && campaignOf(rows[0])
}
/** Until this transaction ends nobody else changes the campaign or its roll. */
export const lockCampaign = (tx: Db | Tx, campaignId: string) =>
  sql`select 1 from campaign where id = ${campaignId} for update`.execute(tx)

/** Campaigns whose scope lies above, at or below the units, those named, and those on whose roll the person is. */
export async function campaignsNear(
  db: Db | Tx,
  near: { everything: boolean; unitIds: string[]; campaignIds: string[]; personId: string | undefined },
): Promise<Campaign[]> {
  const { rows } = await sql<CampaignRow>`${campaigns}
    where ${near.everything}
      or c.id = any(${near.campaignIds}::uuid[])
      or exists (select from unit_now g where g.unit_id = any(${near.unitIds}::uuid[])
           and (g.unit_id = any(n.path) or c.scope_unit_id = any(g.path)))
      or exists (select from roll r where r.campaign_id = c.id and r.to_at is null and r.person_id = ${near.personId ?? null}::uuid)
    order by c.counts_on desc nulls first, c.code`.execute(db)
  return rows.map(campaignOf)
}

export const unitNow = async (db: Db | Tx, unitIds: readonly string[]) =>
  (
    await sql<{ unitId: string; code: string; name: string; path: string[] }>`
      select unit_id as "unitId", code, name, path from unit_now where unit_id = any(${unitIds as string[]}::uuid[]) order by lft`.execute(
      db,
    )
  ).rows
export const rootUnits = async (db: Db | Tx) =>
  (
    await sql<{ unitId: string; code: string; name: string }>`
      select unit_id as "unitId", code, name from unit_now where parent_id is null order by code`.execute(db)
  ).rows

export async function insertCampaign(
  tx: Db | Tx,
  campaign: {
    campaignId: string
    code: string
    name: string
    theme: string
    scopeUnitId: string
    countsOn: string | undefined
    unitsBelowUntil: Date | undefined
    settings: CampaignSettings
    by: string
    at: Date
  },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('campaign')
    .values({
      id: campaign.campaignId,
      code: campaign.code,
      name: campaign.name,
      theme: campaign.theme,
      scope_unit_id: campaign.scopeUnitId,
      counts_on: campaign.countsOn ?? null,
      units_below_until: campaign.unitsBelowUntil ?? null,
      scope_fixed_at: null,
      settings: JSON.stringify(campaign.settings),
      created_at: campaign.at,
      created_by: campaign.by,
    })
    .onConflict((conflict) => conflict.column('code').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
export const updateCampaign = (
  tx: Db | Tx,
  campaignId: string,
  change: Partial<{
    name: string
    theme: string
    counts_on: string
    units_below_until: Date | null
    scope_fixed_at: Date
    settings: string
  }>,
) => tx.updateTable('campaign').set(change).where('id', '=', campaignId).execute()

export async function replaceTargets(
  tx: Db | Tx,
  campaignId: string,
  targets: readonly { metric: string; n: number; d: number }[],
) {
  await tx.deleteFrom('target').where('campaign_id', '=', campaignId).execute()
  if (targets.length > 0)
    await tx
      .insertInto('target')
      .values(targets.map(({ metric, n, d }) => ({ campaign_id: campaignId, metric, n, d })))
      .execute()
}
export async function replaceDeadlines(
  tx: Db | Tx,
  campaignId: string,
  deadlines: readonly { what: string; at: Date }[],
) {
  await tx.deleteFrom('deadline').where('campaign_id', '=', campaignId).execute()
  if (deadlines.length > 0)
    await tx
      .insertInto('deadline')
      .values(deadlines.map(({ what, at }) => ({ id: newId(), campaign_id: campaignId, what, at })))
      .execute()
}
export const targetsOf = (db: Db | Tx, campaignId: string) =>
  db.selectFrom('target').select(['metric', 'n', 'd']).where('campaign_id', '=', campaignId).orderBy('metric').execute()
export const deadlinesOf = (db: Db | Tx, campaignId: string) =>
  db
    .selectFrom('deadline')
    .select(['id', 'what', 'at'])
    .where('campaign_id', '=', campaignId)
    .orderBy('at')
    .orderBy('id')
    .execute()

export async function policiesOf(
  db: Db | Tx,
  campaignId: string,
): Promise<(Version<PresencePolicy> & { approvedBy: string })[]> {
  const rows = await db
    .selectFrom('policy_version')
    .selectAll()
    .where('campaign_id', '=', campaignId)
    .orderBy('version')
    .execute()
  return rows.map((row) => ({
    version: row.version,
    inForceFrom: row.in_force_from,
    body: PresencePolicy.parse(row.body),
    approvedBy: row.approved_by,
  }))
}
export const insertPolicy = (
  tx: Db | Tx,
  it: { campaignId: string; version: number; policy: PresencePolicy; inForceFrom: Date; by: string },
) =>
  sql`insert into policy_version (id, campaign_id, version, body, in_force_from, approved_by)
      values (${newId()}, ${it.campaignId}, ${it.version}, ${JSON.stringify(it.policy)}, ${it.inForceFrom}, ${it.by})`.execute(
    tx,
  )

// ── the frozen tree ──

export const insertUnits = (tx: Db | Tx, campaignId: string, scopeUnitId: string, units: readonly TreeRow[]) =>
  sql`insert into campaign_unit (campaign_id, unit_id, version_id, parent_id, code, name, level_name, level_rank, keeps_names,
        grassroots_id, path, lft, rgt, depth, children)
      select ${campaignId}, t."unitId", t."versionId", case when t."unitId" = ${scopeUnitId} then null else t."parentId" end,
        t.code, t.name, t."levelName", t."levelRank", t."keepsNames", t."grassrootsId", t.path, t.lft, t.rgt, t.depth, t.children
      from jsonb_to_recordset(${JSON.stringify(units)}::jsonb) as t("unitId" uuid, "versionId" uuid, "parentId" uuid, code text, name text,
        "levelName" text, "levelRank" int, "keepsNames" boolean, "grassrootsId" uuid, path uuid[], lft int, rgt int, depth int, children int)`.execute(
    tx,
  )

/** What the register of people says of a day, for the units of a subtree given by ids: (person, unit, standing). */
const peopleOn = (unitIds: readonly string[], day: string) => sql`
  select m.person_id, m.unit_id, case when exists (select from exemption e where e.person_id = m.person_id
      and e.valid_from <= ${day}::date and (e.valid_to is null or ${day}::date < e.valid_to)) then 'exempt' else 'inScope' end as standing
  from membership m join person p on p.id = m.person_id and p.erased_at is null
  where m.kind = 'official' and m.valid_from <= ${day}::date and (m.valid_to is null or ${day}::date < m.valid_to)
    and m.unit_id = any(${unitIds as string[]}::uuid[])`

export async function countPeople(db: Db | Tx, unitIds: readonly string[], day: string) {
  const { rows } = await sql<{ members: number; exempt: number }>`
    select count(*)::int as members, (count(*) filter (where standing = 'exempt'))::int as exempt
    from (${peopleOn(unitIds, day)}) p`.execute(db)
  return rows[0]!
}

/** One row a person; 97,319 in a second. */
export async function insertRoll(tx: Db | Tx, campaignId: string, day: string, at: Date) {
  const { rows } = await sql<{ members: number; exempt: number }>`
    with written as (
      insert into roll (id, campaign_id, person_id, unit_id, unit_version_id, standing, from_at, why)
      select gen_random_uuid(), ${campaignId}, p.person_id, p.unit_id, cu.version_id, p.standing, ${at}, 'fixed'
      from (${peopleOnRollDay(campaignId, day)}) p
        join campaign_unit cu on cu.campaign_id = ${campaignId} and cu.unit_id = p.unit_id
      returning standing)
    select count(*)::int as members, (count(*) filter (where standing = 'exempt'))::int as exempt from written`.execute(
    tx,
  )
  return rows[0]!
}
/** The same for a campaign whose tree is written: a unit it does not know counts for the nearest one above that it does. */
const peopleOnRollDay = (campaignId: string, day: string) => sql`
  select distinct on (m.person_id) m.person_id, home.unit_id, case when exists (select from exemption e where e.person_id = m.person_id
      and e.valid_from <= ${day}::date and (e.valid_to is null or ${day}::date < e.valid_to)) then 'exempt' else 'inScope' end as standing
  from membership m
    join person p on p.id = m.person_id and p.erased_at is null
    join (${homes(campaignId)}) home on home.from_unit_id = m.unit_id
  where m.kind = 'official' and m.valid_from <= ${day}::date and (m.valid_to is null or ${day}::date < m.valid_to)
  order by m.person_id, m.valid_from desc`
const homes = (campaignId: string) => sql`
  select cu.unit_id as from_unit_id, cu.unit_id from campaign_unit cu where cu.campaign_id = ${campaignId}
  union all
  select n.unit_id, (select cu.unit_id from campaign_unit cu
      where cu.campaign_id = ${campaignId} and cu.unit_id = any(n.path) order by array_position(n.path, cu.unit_id) desc limit 1)
  from unit_now n, campaign c
  where c.id = ${campaignId} and c.scope_unit_id = any(n.path)
    and not exists (select from campaign_unit cu where cu.campaign_id = ${campaignId} and cu.unit_id = n.unit_id)`

// ── the roll after its fixing ──

/** `unitId`: where to, for joining and transferring; `standing` for joining. */
export type Amendment = {
  personId: string
  kind: RollChange
  unitId?: string | undefined
  standing?: 'inScope' | 'exempt' | undefined
}

/** Where the persons stand on the roll now. */
export async function openRows(db: Db | Tx, campaignId: string, personIds: readonly string[]) {
  const { rows } = await sql<{ personId: string; unitId: string; standing: 'inScope' | 'exempt'; fromAt: Date }>`
    select person_id as "personId", unit_id as "unitId", standing, from_at as "fromAt" from roll
    where campaign_id = ${campaignId} and to_at is null and person_id = any(${personIds as string[]}::uuid[])`.execute(
    db,
  )
  return rows
}
/** Closes the rows that end and opens those that follow, all at one moment and in one statement. */
export const amend = (tx: Db | Tx, campaignId: string, changes: readonly Amendment[], at: Date) =>
  sql`
  with given as (
    select * from unnest(${changes.map((one) => one.personId)}::uuid[], ${changes.map((one) => one.kind)}::text[],
      ${changes.map((one) => one.unitId ?? null)}::uuid[], ${changes.map((one) => one.standing ?? null)}::text[])
      as g(person_id, kind, unit_id, standing)),
  closed as (
    update roll r set to_at = ${at}, end_why = case
        when p.erased_at is not null then 'erased'
        when g.kind = 'transfer' then 'transferred'
        when g.kind = 'leave' then 'left'
        when g.kind = 'exempt' then 'exempted'
        else g.kind end
    from given g join person p on p.id = g.person_id
    where r.campaign_id = ${campaignId} and r.person_id = g.person_id and r.to_at is null and g.kind <> 'join'
    returning r.person_id, r.unit_id, r.standing, g.kind, g.unit_id as to_unit_id)
  insert into roll (id, campaign_id, person_id, unit_id, unit_version_id, standing, from_at, why)
  select gen_random_uuid(), ${campaignId}, n.person_id, n.unit_id, cu.version_id, n.standing, ${at}, n.why
  from (
    select person_id, case kind when 'transfer' then to_unit_id else unit_id end as unit_id,
      case kind when 'exempt' then 'exempt' when 'exemptionEnded' then 'inScope' else standing end as standing,
      case kind when 'transfer' then 'transferred' when 'exempt' then 'exempted' else 'exemptionEnded' end as why
    from closed where kind in ('transfer', 'exempt', 'exemptionEnded')
    union all
    select person_id, unit_id, standing, 'joined' from given where kind = 'join') n
    join campaign_unit cu on cu.campaign_id = ${campaignId} and cu.unit_id = n.unit_id`.execute(tx)

/** Persons whose row on the roll is not what the register of people says of this day. */
export async function differences(db: Db | Tx, campaignId: string, day: string) {
  const { rows } = await sql<{
    personId: string
    rollUnitId: string | null
    rollStanding: 'inScope' | 'exempt' | null
    unitId: string | null
    standing: 'inScope' | 'exempt' | null
  }>`
    select coalesce(t.person_id, r.person_id) as "personId", r.unit_id as "rollUnitId", r.standing as "rollStanding",
      t.unit_id as "unitId", t.standing
    from (${peopleOnRollDay(campaignId, day)}) t
      full join (select person_id, unit_id, standing from roll where campaign_id = ${campaignId} and to_at is null) r using (person_id)
    where (r.unit_id, r.standing) is distinct from (t.unit_id, t.standing)
    order by 1`.execute(db)
  return rows
}
/** What the register of people says of these persons on a day, under the campaign's tree. */
export async function peopleToday(db: Db | Tx, campaignId: string, personIds: readonly string[], day: string) {
  const { rows } = await sql<{ personId: string; unitId: string; standing: 'inScope' | 'exempt' }>`
    select t.person_id as "personId", t.unit_id as "unitId", t.standing from (${peopleOnRollDay(campaignId, day)}) t
    where t.person_id = any(${personIds as string[]}::uuid[])`.execute(db)
  return rows
}
export const campaignUnits = async (db: Db | Tx, campaignId: string, unitIds: readonly string[]) =>
  (
    await sql<{ unitId: string; code: string; name: string; path: string[] }>`
      select unit_id as "unitId", code, name, path from campaign_unit
      where campaign_id = ${campaignId} and unit_id = any(${unitIds as string[]}::uuid[]) order by lft`.execute(db)
  ).rows
/** Units that came under the scope after its tree was written; their people count for the unit above. */
export async function countNewUnits(db: Db | Tx, campaignId: string, scopeUnitId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from unit_now n where ${scopeUnitId}::uuid = any(n.path)
      and not exists (select from campaign_unit cu where cu.campaign_id = ${campaignId} and cu.unit_id = n.unit_id)`.execute(
    db,
  )
  return rows[0]!.count
}

const underUnit = (campaignId: string, unitId: string | undefined) =>
  unitId === undefined
    ? sql`true`
    : sql`r.unit_id in (select u.unit_id from campaign_unit top join campaign_unit u on u.campaign_id = top.campaign_id
        and u.lft between top.lft and top.rgt where top.campaign_id = ${campaignId} and top.unit_id = ${unitId})`

/** Members and the exempt as the roll stands, of a unit and all below it. */
export async function countRoll(db: Db | Tx, campaignId: string, unitId: string | undefined) {
  const { rows } = await sql<{ members: number; exempt: number }>`
    select count(*)::int as members, (count(*) filter (where r.standing = 'exempt'))::int as exempt
    from roll r where r.campaign_id = ${campaignId} and r.to_at is null and ${underUnit(campaignId, unitId)}`.execute(
    db,
  )
  return rows[0]!
}
/** Persons who came into A or left it since the fixing, each once, by the reason that tells it. */
export async function countMoves(db: Db | Tx, campaignId: string, unitId: string | undefined) {
  const { rows } = await sql<{ direction: 'up' | 'down'; why: string; count: number }>`
    with seen as (
      select r.person_id,
        max(r.standing) filter (where r.why = 'fixed') as was_standing, bool_or(here) filter (where r.why = 'fixed') as was_here,
        max(r.standing) filter (where r.to_at is null) as is_standing, bool_or(here) filter (where r.to_at is null) as is_here,
        (array_agg(r.end_why order by r.to_at desc nulls last))[1] as end_why
      from roll r cross join lateral (select ${underUnit(campaignId, unitId)} as here) h
      -- Every row of a person whose place changed, and no row of anyone else.
      where r.campaign_id = ${campaignId} and (r.why <> 'fixed' or r.to_at is not null)
      group by r.person_id),
    judged as (
      select *, coalesce(was_here and was_standing = 'inScope', false) as was, coalesce(is_here and is_standing = 'inScope', false) as is_in from seen)
    select case when is_in then 'up' else 'down' end as direction,
      case when is_in then case when was_standing is null then 'joined' when was_here then 'exemptionEnded' else 'transferred' end
        when is_standing is null then case when end_why in ('died', 'erased') then end_why else 'left' end
        when is_here then 'exempted' else 'transferred' end as why,
      count(*)::int as count
    from judged where was <> is_in group by 1, 2`.execute(db)
  return rows
}
export async function listMoves(db: Db | Tx, campaignId: string, page: { page: number; size: number }) {
  const { rows } = await sql<{
    day: string
    unitCode: string
    unitName: string
    direction: 'up' | 'down'
    why: string
    count: number
    total: number
  }>`
    with moves as (
      select (r.from_at at time zone 'Asia/Ho_Chi_Minh')::date as day, r.unit_id, 'up' as direction, r.why from roll r
        where r.campaign_id = ${campaignId} and r.standing = 'inScope' and r.why <> 'fixed'
      union all
      select (r.to_at at time zone 'Asia/Ho_Chi_Minh')::date, r.unit_id, 'down', r.end_why from roll r
        where r.campaign_id = ${campaignId} and r.standing = 'inScope' and r.to_at is not null)
    select m.day::text, cu.code as "unitCode", cu.name as "unitName", m.direction, m.why, count(*)::int as count, (count(*) over ())::int as total
    from moves m join campaign_unit cu on cu.campaign_id = ${campaignId} and cu.unit_id = m.unit_id
    group by m.day, cu.lft, cu.code, cu.name, m.direction, m.why
    order by m.day desc, cu.lft, m.direction, m.why
    limit ${page.size} offset ${(page.page - 1) * page.size}`.execute(db)
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 }
}
