// The tree: of a day, and as it stands now.
import { sql } from 'kysely'
import type { Place } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { plant } from '../rules.ts'
import './tables.ts'

/** A unit of the tree on one day. `lft`/`rgt` number the whole forest: a subtree is a range; `path` runs from the root to the unit itself. */
export type TreeRow = {
  unitId: string
  versionId: string
  registerId: string
  parentId: string | undefined
  code: string
  name: string
  levelId: string
  levelName: string
  levelRank: number
  keepsNames: boolean
  grassrootsId: string | undefined
  path: string[]
  lft: number
  rgt: number
  depth: number
  children: number
}

type Version = {
  unitId: string
  versionId: string
  registerId: string
  parentId: string | null
  code: string
  name: string
  levelId: string
  levelName: string
  levelRank: number
  keepsNames: boolean
}

/** Versions in force on a day, or the open ones. A unit whose parent is not in force stands as a root. */
async function versions(db: Db | Tx, day?: string): Promise<Version[]> {
  const inForce =
    day === undefined
      ? sql`v.valid_to is null`
      : sql`v.valid_from <= ${day}::date and (v.valid_to is null or ${day}::date < v.valid_to)`
  const { rows } = await sql<Version>`
    select u.id as "unitId", v.id as "versionId", u.register_id as "registerId", v.parent_id as "parentId", u.code, v.name,
      l.id as "levelId", l.name as "levelName", l.rank as "levelRank", l.keeps_names as "keepsNames"
    from unit_version v join unit u on u.id = v.unit_id join level l on l.id = v.level_id where ${inForce}`.execute(db)
  return rows
}
function grow(found: readonly Version[]): TreeRow[] {
  const byId = new Map(found.map((version) => [version.unitId, version]))
  const branches = found.map(({ parentId, ...rest }) => ({ ...rest, parentId: parentId ?? undefined }))
  return plant(branches).map((standing) => ({ ...byId.get(standing.unitId)!, ...standing }))
}

/**
 * The subtree of a unit as it stood on a calendar day («2021-01-14»), the scope unit first, in tree order.
 * Only versions in force on that day count: a unit recorded as valid from a later day is not there, and when the
 * scope unit itself was not there the answer is empty.
 */
export async function treeOn(db: Db | Tx, scopeUnitId: string, day: string): Promise<TreeRow[]> {
  const forest = grow(await versions(db, day))
  const top = forest.find(({ unitId }) => unitId === scopeUnitId)
  return top ? forest.filter(({ lft }) => lft >= top.lft && lft <= top.rgt) : []
}

const treeLock = 7_302_001
/** One change of the tree at a time, until the transaction ends: two moves together could close a circle. */
export const lockTree = (tx: Tx) => sql`select pg_advisory_xact_lock(${treeLock})`.execute(tx)

/** Writes `unit_now` anew from the open versions (3,000 units: about 100 ms). Call after every change of a version. */
export async function rebuildTree(tx: Tx): Promise<void> {
  const rows = grow(await versions(tx))
  await sql`delete from unit_now`.execute(tx)
  const column = <T>(pick: (row: TreeRow) => T) => rows.map(pick)
  await sql`
    insert into unit_now (unit_id, version_id, register_id, code, name, level_id, level_name, level_rank, parent_id, path, grassroots_id, lft, rgt, depth, children)
    select a, b, c, d, e, f, g, h, i, j::uuid[], k, l, m, n, o from unnest(
      ${column((row) => row.unitId)}::uuid[], ${column((row) => row.versionId)}::uuid[], ${column((row) => row.registerId)}::uuid[],
      ${column((row) => row.code)}::text[], ${column((row) => row.name)}::text[], ${column((row) => row.levelId)}::uuid[],
      ${column((row) => row.levelName)}::text[], ${column((row) => row.levelRank)}::int[], ${column((row) => row.parentId ?? null)}::uuid[],
      ${column((row) => `{${row.path.join(',')}}`)}::text[], ${column((row) => row.grassrootsId ?? null)}::uuid[],
      ${column((row) => row.lft)}::int[], ${column((row) => row.rgt)}::int[], ${column((row) => row.depth)}::int[], ${column((row) => row.children)}::int[])
      as t (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)`.execute(tx)
}

/** Where a unit stands. A closed one stands where it last did, so that those above it can still look back. */
export async function placeOfUnit(db: Db | Tx, unitId: string): Promise<Place | undefined> {
  const { rows } = await sql<{ path: string[]; name: string }>`
    select path, name from unit_now where unit_id = ${unitId}
    union all
    (select coalesce((select path from unit_now where unit_id = v.parent_id), '{}') || v.unit_id, v.name
     from unit_version v where v.unit_id = ${unitId} order by v.valid_to desc nulls first, v.valid_from desc limit 1)
    limit 1`.execute(db)
  return rows[0] ? { unitPath: rows[0].path, label: rows[0].name } : undefined
}
