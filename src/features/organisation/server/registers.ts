// Registers: each file speaks of the codes of one.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import './tables.ts'

export type Register = { registerId: string; code: string; name: string; schemeId: string | undefined }
export type RegisterFound =
  | { found: Register }
  | { because: 'noSuchRegister' | 'whichRegister' | 'noRegister'; known: string[] }

const asRegister = (row: { id: string; code: string; name: string; scheme_id: string | null }): Register => ({
  registerId: row.id,
  code: row.code,
  name: row.name,
  schemeId: row.scheme_id ?? undefined,
})

/** The named register; without a name the only one there is. */
export async function registerFor(db: Db | Tx, code?: string): Promise<RegisterFound> {
  const rows = (await db.selectFrom('register').selectAll().orderBy('code').execute()).map(asRegister)
  const known = rows.map((row) => row.code)
  if (code !== undefined && code !== '') {
    const found = rows.find((row) => row.code.toLowerCase() === code.toLowerCase())
    return found ? { found } : { because: 'noSuchRegister', known }
  }
  if (rows.length === 1) return { found: rows[0]! }
  return { because: rows.length === 0 ? 'noRegister' : 'whichRegister', known }
}

export async function makeRegister(
  tx: Tx,
  now: Date,
  { code, name, schemeId }: { code: string; name: string; schemeId?: string | undefined },
): Promise<Register> {
  const row = { id: newId(now), code, name, scheme_id: schemeId ?? null, created_at: now }
  await tx.insertInto('register').values(row).execute()
  return asRegister(row)
}

export const unitByCode = async (
  db: Db | Tx,
  registerId: string,
  code: string,
): Promise<{ unitId: string; name: string; path: string[] } | undefined> => {
  const { rows } = await sql<{ unitId: string; name: string; path: string[] }>`
    select unit_id as "unitId", name, path from unit_now where register_id = ${registerId} and code = ${code}`.execute(
    db,
  )
  return rows[0]
}

export type Level = { levelId: string; schemeId: string; rank: number; name: string; keepsNames: boolean }
export const levelsOf = async (db: Db | Tx, schemeId: string): Promise<Level[]> =>
  (
    await db.selectFrom('level').selectAll().where('scheme_id', '=', schemeId).orderBy('rank').orderBy('name').execute()
  ).map((row) => ({ levelId: row.id, schemeId, rank: row.rank, name: row.name, keepsNames: row.keeps_names }))
