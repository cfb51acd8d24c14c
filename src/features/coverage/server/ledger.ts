// The ledger as one query: the board, the lists behind its numbers and the report all read it.
import { type RawBuilder, sql } from 'kysely'
import { type Db, type Tx, transact } from '../../../platform/server/db.ts'
import { presenceOf, type Who } from '../../attendance/server/index.ts'
import type { LedgerCount, Reason, State } from '../contract.ts'
import { addUp, nothing, rollUp } from '../rules.ts'

/**
 * Everyone on the roll with one state. Columns: person_id, unit_id, standing, summoned, state ('exempt' for the exempt), reason (of not yet).
 * `people` narrows the roll, alias `r`; persons known by id are found fastest.
 */
export const ledgerOf = (campaignId: string, people?: RawBuilder<unknown> | { personIds: readonly string[] }) =>
  people && 'personIds' in people
    ? ledgerWhere(campaignId, among(people.personIds)(sql`r.person_id`), among(people.personIds))
    : ledgerWhere(campaignId, people, people && onRoll(campaignId, people))
const among = (personIds: readonly string[]) => (person: RawBuilder<unknown>) =>
  sql`${person} = any(${personIds as string[]}::uuid[])`
const ledgerWhere = (campaignId: string, people: RawBuilder<unknown> | undefined, who: Who | undefined) => sql`(
  with judged as (
    select * from ${presenceOf(sql`c.campaign_id = ${campaignId} and c.purpose in ('study', 'makeup')`, who)} presence),
  known as (
    select person_id,
      bool_or(purpose = 'study') as summoned,
      bool_or(purpose = 'study' and state = 'present' and not on_device) as at_site,
      bool_or(purpose = 'study' and state = 'present') as studied,
      bool_or(purpose = 'makeup' and state = 'present') as made_up,
      bool_or(purpose = 'makeup' and conference_state <> 'closed') as booked,
      bool_or(purpose = 'study' and conference_state <> 'closed') as awaiting,
      bool_or(state in ('partly', 'interrupted')) as partly,
      bool_or(state = 'absent' and excuse is not null) as excused,
      bool_or(state = 'absent' and not undeliverable) as absent,
      bool_or(undeliverable) as no_contact
    from judged group by person_id),
  replaced as (
    select distinct m.person_id from summons m join conference c on c.id = m.conference_id
    where c.campaign_id = ${campaignId} and c.purpose = 'study' and m.withdrawn_why = 'replaced' and ${who?.(sql.ref('m.person_id')) ?? sql`true`}),
  unreached as (select distinct person_id from makeup_offer where campaign_id = ${campaignId} and undeliverable_at is not null)
  select r.person_id, r.unit_id, r.standing, r.standing = 'inScope' and coalesce(k.summoned, false) as summoned,
    case
      when r.standing = 'exempt' then 'exempt'
      when k.at_site then 'studiedAtSite'
      when k.studied then 'studiedOnDevice'
      when k.made_up then 'madeUp'
      when k.booked then 'booked'
      else 'notYet'
    end as state,
    case
      when r.standing = 'exempt' or k.studied or k.made_up or k.booked then null
      when k.awaiting then 'awaiting'
      when k.partly then 'partly'
      when k.excused or x.person_id is not null then 'excused'
      when k.absent then 'absent'
      when k.no_contact or n.person_id is not null then 'noContact'
      else 'neverSummoned'
    end as reason
  from roll r
  left join known k on k.person_id = r.person_id
  left join replaced x on x.person_id = r.person_id
  left join unreached n on n.person_id = r.person_id
  where r.campaign_id = ${campaignId} and r.to_at is null and ${people ?? sql`true`})`
const onRoll = (campaignId: string, people: RawBuilder<unknown>) => (person: RawBuilder<unknown>) =>
  sql`${person} in (select r.person_id from roll r where r.campaign_id = ${campaignId} and r.to_at is null and ${people})`

export type LedgerUnit = {
  unitId: string
  code: string
  name: string
  parentId: string | null
  lft: number
  rgt: number
  children: number
  /** It, or the unit above it that keeps names; null further up. */
  grassrootsId: string | null
  /** Here names may be opened: at a grassroots unit and below. */
  keepsNames: boolean
  levelName: string
  path: string[]
}
export const unitsOf = async (db: Db | Tx, campaignId: string) =>
  (
    await sql<LedgerUnit>`select unit_id as "unitId", code, name, parent_id as "parentId", lft, rgt, children, grassroots_id as "grassrootsId", grassroots_id is not null as "keepsNames", level_name as "levelName", path
      from campaign_unit where campaign_id = ${campaignId} order by lft`.execute(db)
  ).rows

type StateCount = { unitId: string; state: State | 'exempt'; reason: Reason | null; n: number; summoned: number }
async function countStates(tx: Tx, campaignId: string): Promise<StateCount[]> {
  // Some 200,000 arrivals are sorted and grouped on the way: in memory that is half the time it takes on disk.
  await sql`select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`.execute(tx)
  const { rows } = await sql<StateCount>`
    select unit_id as "unitId", state, reason, count(*)::int as n, count(*) filter (where summoned)::int as summoned
    from ${ledgerOf(campaignId)} ledger group by unit_id, state, reason`.execute(tx)
  return rows
}

export type CountedLedger = {
  units: LedgerUnit[]
  byUnit: Map<string, LedgerUnit>
  /** What hangs on each unit itself. */
  own: Map<string, LedgerCount>
  /** Each unit with all below it. */
  whole: Map<string, LedgerCount>
}
/** Counts of every unit of the campaign, up the tree. */
export async function countLedger(db: Db | Tx, campaignId: string): Promise<CountedLedger> {
  const units = await unitsOf(db, campaignId)
  const rows = await transact(db, (tx) => countStates(tx, campaignId))
  const own = new Map<string, LedgerCount>()
  for (const row of rows) {
    const count = own.get(row.unitId) ?? nothing()
    own.set(row.unitId, count)
    count.members += row.n
    if (row.state === 'exempt') {
      count.exempt += row.n
      continue
    }
    count.inScope += row.n
    count.summoned += row.summoned
    count[row.state] += row.n
    if (row.reason) count.reasons[row.reason] += row.n
  }
  return { units, byUnit: new Map(units.map((unit) => [unit.unitId, unit])), own, whole: rollUp(units, own, addUp) }
}
