import fs from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'

/** Each feature declares its own tables here: `declare module '../../../platform/server/db.ts' { interface Tables { … } }`. */
// biome-ignore lint/suspicious/noEmptyInterface: features add to it
export interface Tables {}
export type Tx = Transaction<Tables>
export type Db = Kysely<Tables>

// Counts come back as numbers: nothing here is counted beyond 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
// A calendar day stays the text it is; a Date would move it by the time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export const openPool = (url: string, { max = 16 } = {}) => {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    // Nothing here takes two minutes in one statement; what does is a fault, and must not hold a core for ever.
    statement_timeout: 120_000,
  })
  // A lost idle connection is the database's news, not ours; the next query says so if it matters.
  pool.on('error', () => {})
  // Nor is one lost between two statements of a transaction: without a listener it would take the process down.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}
export const openDb = (pool: pg.Pool): Db => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })

/** One transaction, also when we already are in one. */
export const transact = <T>(db: Db | Tx, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db as Tx) : db.transaction().execute(work)

type WithoutNulls<Row> = { [K in keyof Row]: Exclude<Row[K], null> | (null extends Row[K] ? undefined : never) }
/** A row as the code knows it: absent is `undefined` here, `null` is only SQL's. */
export const withoutNulls = <Row extends object>(row: Row): WithoutNulls<Row> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as WithoutNulls<Row>

/**
 * After a statement that wrote tens of thousands of rows: the planner hears of them now, not at the next autovacuum.
 * Without it a freshly imported province has been joined row by row, for minutes.
 */
export const analyse = async (tx: Db | Tx, tables: readonly (keyof Tables & string)[] | readonly string[]) => {
  for (const table of tables) await sql`analyze ${sql.table(table)}`.execute(tx)
}

export const migrationsFolder = path.resolve(import.meta.dirname, '../../../migrations')
const migrationNames = async () =>
  (await fs.readdir(migrationsFolder)).filter((file) => /^\d{4}_.*\.ts$/.test(file)).sort()
const provider = {
  async getMigrations() {
    const files = await migrationNames()
    return Object.fromEntries(
      await Promise.all(
        files.map(async (file) => [file, await import(pathToFileURL(path.join(migrationsFolder, file)).href)]),
      ),
    )
  },
}

export class NewerSchema extends Error {}

/**
 * Brings the schema forward, never back; to its newest form, or to the form after the migration named `to`.
 * A schema from a newer release is refused before anything is touched.
 */
export async function migrate(db: Db, to?: string): Promise<number> {
  await migrationsOf(db)
  const migrator = new Migrator({ db, provider })
  const { error, results } = await (to === undefined ? migrator.migrateToLatest() : migrator.migrateTo(to))
  if (error) throw error
  return results?.length ?? 0
}
/** Which migrations a database has been through, and which of ours are still ahead of it. Throws `NewerSchema`. */
export async function migrationsOf(db: Db): Promise<{ applied: string[]; ahead: string[] }> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('kysely_migration') is not null as there`.execute(
    db,
  )
  const applied = rows[0]?.there
    ? (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)).rows
    : []
  return judgeMigrations(applied.map(({ name }) => name))
}
/** The same of a list of names, for a database that is not at hand. Throws `NewerSchema`. */
export async function judgeMigrations(applied: string[]): Promise<{ applied: string[]; ahead: string[] }> {
  const known = await migrationNames()
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new NewerSchema(
      `Dữ liệu này do bản mới hơn tạo ra (${unknown.join(', ')}). Hãy chạy bản mới hơn; dữ liệu chưa bị động đến. (made by a newer release)`,
    )
  return { applied, ahead: known.filter((name) => !applied.includes(name)) }
}
