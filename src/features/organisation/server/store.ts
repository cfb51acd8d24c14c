// What the screens read of the tree and of the people.
import { type RawBuilder, sql } from 'kysely'
import { fold } from '../../../kernel/fold.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { PersonRow, personFilters, UnitFound, UnitRow } from '../contract.ts'
import './tables.ts'

/** Part of a LIKE that means itself. */
const literal = (text: string) => text.replace(/[\\%_]/g, '\\$&')

type Counted = Omit<UnitRow, 'parentId'> & { parentId: string | null; members: number; exempt: number; path: string[] }
/** Official members and exempt people of each unit's subtree, on a day. `which` picks units from `unit_now c`. */
async function countedUnits(db: Db | Tx, which: RawBuilder<unknown>, day: string): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    with chosen as (select * from unit_now c where ${which}),
    counted as (
      select c.unit_id, count(*)::int as members, (count(*) filter (where e.person_id is not null))::int as exempt
      from chosen c join unit_now d on d.lft between c.lft and c.rgt
        join membership m on m.unit_id = d.unit_id and m.kind = 'official' and m.valid_to is null and m.valid_from <= ${day}::date
        left join lateral (select person_id from exemption e where e.person_id = m.person_id and e.valid_from <= ${day}::date
          and (e.valid_to is null or ${day}::date < e.valid_to) limit 1) e on true
      group by c.unit_id)
    select c.unit_id as "unitId", c.code, c.name, c.level_name as "levelName", c.parent_id as "parentId", c.children, c.path,
      coalesce(n.members, 0) as members, coalesce(n.exempt, 0) as exempt
    from chosen c left join counted n using (unit_id) order by c.lft`.execute(db)
  return rows
}
export type CountedUnit = UnitRow & { members: number; exempt: number; path: string[] }
const asUnit = ({ parentId, ...row }: Counted): CountedUnit => ({ ...row, ...(parentId ? { parentId } : {}) })

export const roots = async (db: Db, day: string) => (await countedUnits(db, sql`c.parent_id is null`, day)).map(asUnit)
export const unitsById = async (db: Db, unitIds: readonly string[], day: string) =>
  (await countedUnits(db, sql`c.unit_id = any(${unitIds}::uuid[])`, day)).map(asUnit)
export async function childrenOf(db: Db, unitId: string, { page, size }: { page: number; size: number }, day: string) {
  const which = sql`c.unit_id in (select unit_id from unit_now where parent_id = ${unitId} order by lft limit ${size} offset ${(page - 1) * size})`
  return (await countedUnits(db, which, day)).map(asUnit)
}
export const childCount = async (db: Db, unitId: string): Promise<number> =>
  (await db.selectFrom('unit_now').select('children').where('unit_id', '=', unitId).executeTakeFirst())?.children ?? 0

export async function findUnits(
  db: Db,
  { text, withinId, limit }: { text: string; withinId?: string | undefined; limit: number },
): Promise<UnitFound[]> {
  const wanted = fold(text)
  const like = `%${literal(wanted)}%`
  const { rows } = await sql<Omit<UnitFound, 'parentId'> & { parentId: string | null }>`
    select u.unit_id as "unitId", u.code, u.name, u.level_name as "levelName", u.parent_id as "parentId", u.children, u.path,
      r.code as "registerCode",
      array(select a.name from unit_now a where a.lft < u.lft and a.rgt > u.rgt order by a.lft) as above
    from unit_now u join register r on r.id = u.register_id
    where (u.name_folded like ${like} or lower(u.code) like ${like})
      and (${withinId ?? null}::uuid is null or ${withinId ?? null}::uuid = any(u.path))
    order by (lower(u.code) = ${wanted}) desc, (u.name_folded = ${wanted}) desc, u.depth, u.lft limit ${limit}`.execute(
    db,
  )
  return rows.map(({ parentId, ...row }) => ({ ...row, ...(parentId ? { parentId } : {}) }))
}

export type UnitHead = {
  unitId: string
  code: string
  registerId: string
  registerCode: string
  registerName: string
  schemeId: string
  name: string
  levelId: string
  levelName: string
  levelRank: number
  parentId: string | null
  validFrom: string
  validTo: string | null
  path: string[] | null
  grassrootsId: string | null
  lft: number | null
  rgt: number | null
  children: number
}
/** A unit by its latest version, closed or not. */
export async function unitHead(db: Db | Tx, unitId: string): Promise<UnitHead | undefined> {
  const { rows } = await sql<UnitHead>`
    select u.id as "unitId", u.code, r.id as "registerId", r.code as "registerCode", r.name as "registerName", l.scheme_id as "schemeId",
      v.name, l.id as "levelId", l.name as "levelName", l.rank as "levelRank", v.parent_id as "parentId",
      v.valid_from as "validFrom", v.valid_to as "validTo",
      n.path, n.grassroots_id as "grassrootsId", n.lft, n.rgt, coalesce(n.children, 0) as children
    from unit u join register r on r.id = u.register_id
      join lateral (select * from unit_version v where v.unit_id = u.id order by v.valid_to desc nulls first, v.valid_from desc limit 1) v on true
      join level l on l.id = v.level_id left join unit_now n on n.unit_id = u.id
    where u.id = ${unitId}`.execute(db)
  return rows[0]
}
export const versionsOf = async (db: Db, unitId: string) =>
  (
    await sql<{
      name: string
      levelName: string
      parentName: string | null
      validFrom: string
      validTo: string | null
      recordedAt: Date
      recordedBy: string
    }>`
    select v.name, l.name as "levelName", p.name as "parentName", v.valid_from as "validFrom", v.valid_to as "validTo",
      v.recorded_at as "recordedAt", v.recorded_by as "recordedBy"
    from unit_version v join level l on l.id = v.level_id
      left join lateral (select name from unit_version p where p.unit_id = v.parent_id order by p.valid_to desc nulls first, p.valid_from desc limit 1) p on true
    where v.unit_id = ${unitId} order by v.valid_from desc, v.valid_to desc nulls first`.execute(db)
  ).rows
export const successorsOf = async (db: Db, unitId: string) =>
  (
    await sql<{
      unitId: string
      code: string
      name: string
      direction: 'into' | 'from'
      kind: 'merge' | 'split'
      onDay: string
      decision: string | null
    }>`
    select u.id as "unitId", u.code, v.name, case when s.from_unit_id = ${unitId} then 'into' else 'from' end as direction,
      s.kind, s.on_day as "onDay", s.decision
    from unit_successor s join unit u on u.id = case when s.from_unit_id = ${unitId} then s.to_unit_id else s.from_unit_id end
      join lateral (select name from unit_version v where v.unit_id = u.id order by v.valid_to desc nulls first, v.valid_from desc limit 1) v on true
    where ${unitId} in (s.from_unit_id, s.to_unit_id) order by s.on_day desc, u.code`.execute(db)
  ).rows
export const namesOnPath = async (db: Db, path: readonly string[]) =>
  (
    await sql<{ unitId: string; name: string }>`
    select unit_id as "unitId", name from unit_now where unit_id = any(${path}::uuid[]) order by depth`.execute(db)
  ).rows
export const ownCounts = async (db: Db, unitId: string, day: string) =>
  (
    await sql<{ ownMembers: number; temporary: number }>`
    select (count(*) filter (where kind = 'official' and valid_to is null))::int as "ownMembers",
      (count(*) filter (where kind = 'temporary' and (valid_to is null or ${day}::date < valid_to)))::int as temporary
    from membership where unit_id = ${unitId} and valid_from <= ${day}::date`.execute(db)
  ).rows[0]!

export type PeopleWanted = {
  unitId: string
  text?: string | undefined
  filter: (typeof personFilters)[number]
  sort: 'name' | 'unit' | 'birthYear' | 'code'
  descending: boolean
}
const orders = { name: 'p.sort_name', unit: 'u.lft', birthYear: 'p.birth_year', code: 'p.code' } as const

type PersonFound = Omit<PersonRow, 'code' | 'birthYear'> & { code: string | null; birthYear: number | null }
const asPerson = ({ code, birthYear, ...row }: PersonFound): PersonRow => ({
  ...row,
  ...(code ? { code } : {}),
  ...(birthYear ? { birthYear } : {}),
})

/** The people of a subtree today: official members, and those in temporary activity there. */
export async function peopleOf(
  db: Db | Tx,
  wanted: PeopleWanted,
  { limit, offset }: { limit: number; offset: number },
  day: string,
): Promise<{ rows: PersonRow[]; total: number }> {
  const from = peopleFrom(wanted, day)
  const direction = wanted.descending ? sql`desc nulls last` : sql`asc nulls last`
  const { rows } = await sql<PersonFound>`
    select p.id as "personId", p.code, p.full_name as "fullName", p.birth_year as "birthYear", p.position, u.unit_id as "unitId",
      u.code as "unitCode", u.name as "unitName", e.person_id is not null as exempt, m.kind
    ${from} order by ${sql.raw(orders[wanted.sort])} ${direction}, p.sort_name, p.id limit ${limit} offset ${offset}`.execute(
    db,
  )
  const total = await sql<{ total: number }>`select count(*)::int as total ${from}`.execute(db)
  return { rows: rows.map(asPerson), total: total.rows[0]!.total }
}
const peopleFrom = ({ unitId, text, filter }: PeopleWanted, day: string) => {
  const like = text ? `%${literal(fold(text))}%` : undefined
  const only = {
    all: sql`true`,
    inForce: sql`m.kind = 'official' and e.person_id is null`,
    exempt: sql`e.person_id is not null`,
    temporary: sql`m.kind = 'temporary'`,
    withPosition: sql`p.position <> ''`,
  }[filter]
  return sql`
    from unit_now top join unit_now u on u.lft between top.lft and top.rgt
      join membership m on m.unit_id = u.unit_id and m.valid_from <= ${day}::date and (m.valid_to is null or ${day}::date < m.valid_to)
      join person p on p.id = m.person_id
      left join lateral (select person_id from exemption e where e.person_id = p.id and e.valid_from <= ${day}::date
        and (e.valid_to is null or ${day}::date < e.valid_to) limit 1) e on true
    where top.unit_id = ${unitId} and p.erased_at is null and ${only}
      ${like ? sql`and (p.name_folded like ${like} or lower(p.code) like ${like} or fold(p.position) like ${like})` : sql``}`
}
/** One person, if her latest official membership (or a temporary one in force) is in this unit. */
export async function personIn(db: Db | Tx, unitId: string, personId: string, day: string) {
  const { rows } = await sql<
    PersonFound & { phone: string | null; email: string | null; membershipId: string; open: boolean; validFrom: string }
  >`
    select p.id as "personId", p.code, p.full_name as "fullName", p.birth_year as "birthYear", p.position, p.phone, p.email,
      u.id as "unitId", u.code as "unitCode", v.name as "unitName", m.kind, m.id as "membershipId", m.valid_to is null as open, m.valid_from as "validFrom",
      exists (select from exemption e where e.person_id = p.id and e.valid_from <= ${day}::date and (e.valid_to is null or ${day}::date < e.valid_to)) as exempt
    from person p
      join lateral (select * from membership m where m.person_id = p.id and m.unit_id = ${unitId} order by m.kind, m.valid_to desc nulls first, m.valid_from desc limit 1) m on true
      join unit u on u.id = m.unit_id
      join lateral (select name from unit_version v where v.unit_id = u.id order by v.valid_to desc nulls first, v.valid_from desc limit 1) v on true
    where p.id = ${personId} and p.erased_at is null
      and (m.valid_to is null or ${day}::date < m.valid_to or not exists (
        select from membership o where o.person_id = p.id and o.kind = 'official' and (o.valid_to is null or o.valid_from > m.valid_from)))`.execute(
    db,
  )
  const row = rows[0]
  if (!row) return undefined
  const { phone, email, membershipId, open, validFrom, ...rest } = row
  return {
    ...asPerson(rest),
    membershipId,
    open,
    validFrom,
    ...(phone ? { phone } : {}),
    ...(email ? { email } : {}),
  }
}
export const membershipsOf = async (db: Db | Tx, personId: string) =>
  (
    await sql<{
      membershipId: string
      unitId: string
      unitName: string
      kind: 'official' | 'temporary'
      validFrom: string
      validTo: string | null
    }>`
    select m.id as "membershipId", m.unit_id as "unitId", v.name as "unitName", m.kind, m.valid_from as "validFrom", m.valid_to as "validTo"
    from membership m join lateral (select name from unit_version v where v.unit_id = m.unit_id order by v.valid_to desc nulls first, v.valid_from desc limit 1) v on true
    where m.person_id = ${personId} order by m.valid_from desc, m.valid_to desc nulls first`.execute(db)
  ).rows
export const exemptionsOf = async (db: Db | Tx, personId: string) =>
  (
    await sql<{ id: string; validFrom: string; validTo: string | null }>`
    select id, valid_from as "validFrom", valid_to as "validTo" from exemption where person_id = ${personId} order by valid_from desc`.execute(
      db,
    )
  ).rows

/**
 * Every official member of a subtree on a day: (person_id, unit_id, exempt), for a set-based `insert … select`.
 * The subtree is a list of unit ids, as `treeOn` gave them for that day.
 */
export const membersOn = (unitIds: readonly string[], day: string): RawBuilder<unknown> => sql`
  select m.person_id, m.unit_id, exists (select from exemption e where e.person_id = m.person_id and e.valid_from <= ${day}::date
    and (e.valid_to is null or ${day}::date < e.valid_to)) as exempt
  from membership m
  where m.kind = 'official' and m.unit_id = any(${unitIds}::uuid[]) and m.valid_from <= ${day}::date
    and (m.valid_to is null or ${day}::date < m.valid_to)`

/** A whole subtree with its counts, for a file: the top first. */
export const subtree = async (db: Db, unitId: string, day: string) => {
  const { rows } = await sql<{
    code: string
    parentCode: string | null
    name: string
    levelName: string
    members: number
    exempt: number
  }>`
    with own as (
      select m.unit_id, count(*) as members, count(*) filter (where exists (select from exemption e where e.person_id = m.person_id
        and e.valid_from <= ${day}::date and (e.valid_to is null or ${day}::date < e.valid_to))) as exempt
      from membership m where m.kind = 'official' and m.valid_to is null and m.valid_from <= ${day}::date group by m.unit_id)
    select u.code, p.code as "parentCode", u.name, u.level_name as "levelName",
      (select coalesce(sum(o.members), 0)::int from unit_now d join own o on o.unit_id = d.unit_id where d.lft between u.lft and u.rgt) as members,
      (select coalesce(sum(o.exempt), 0)::int from unit_now d join own o on o.unit_id = d.unit_id where d.lft between u.lft and u.rgt) as exempt
    from unit_now top join unit_now u on u.lft between top.lft and top.rgt left join unit_now p on p.unit_id = u.parent_id
    where top.unit_id = ${unitId} order by u.lft`.execute(db)
  return rows
}
