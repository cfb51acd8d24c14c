// A suite gets a database of its own on one shared PostgreSQL: the one of TEST_DATABASE_URL, else one in data/test.
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { newId } from '../../../kernel/id.ts'
import { type Db, migrate, migrationsFolder, openDb, openPool } from '../db.ts'
import type { Desk } from '../desk.ts'
import { openLive } from '../live.ts'
import { startPostgres } from '../supervisor.ts'

export type TestDb = { db: Db; pool: pg.Pool; url: string; close: () => Promise<void> }

/** A migrated, empty database on a real PostgreSQL; `close` drops it. */
export async function testDb(): Promise<TestDb> {
  const { url, close } = await testDatabase({ migrated: true })
  const pool = openPool(url, { max: 8 })
  return {
    db: openDb(pool),
    pool,
    url,
    close: async () => {
      await pool.end()
      await close()
    },
  }
}

/** A database without tables, or with ours and nothing in them; `close` drops it, whoever is still connected. */
export async function testDatabase({ migrated = false } = {}): Promise<{ url: string; close: () => Promise<void> }> {
  const { url: server, leave } = await testServer()
  const name = `t_${newId().replaceAll('-', '')}`
  const from = migrated ? await migratedTemplate(server) : 'template0'
  await onServer(server, (client) => client.query(`create database ${name} template ${from}`))
  return {
    url: databaseOf(server, name),
    close: async () => {
      await onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`))
      await leave()
    },
  }
}
const databaseOf = (server: string, name: string) => Object.assign(new URL(server), { pathname: name }).href

async function onServer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Migrated once for all suites and copied by each: a database whose name says from which migrations it was made. */
async function migratedTemplate(server: string): Promise<string> {
  const sum = createHash('sha256')
  for (const file of fs.readdirSync(migrationsFolder).sort())
    sum.update(fs.readFileSync(path.join(migrationsFolder, file)))
  const name = `migrated_${sum.digest('hex').slice(0, 16)}`
  await onServer(server, async (client) => {
    await client.query(`select pg_advisory_lock(hashtextextended('migrated', 0))`)
    const { rows } = await client.query<{ name: string }>(
      `select datname as name from pg_database where datname like 'migrated\\_%'`,
    )
    if (rows.some((row) => row.name === name)) return
    for (const older of rows) await client.query(`drop database ${older.name} with (force)`)
    await client.query('create database migrated_draft template template0')
    const pool = openPool(databaseOf(server, 'migrated_draft'), { max: 2 })
    await migrate(openDb(pool)).finally(() => pool.end())
    await client.query(`alter database migrated_draft rename to ${name}`)
  })
  return name
}

/** What a process holds in its hands, over a test database and a folder of its own. */
export async function testDesk(more: Partial<Desk> = {}): Promise<Desk & { close: () => Promise<void> }> {
  const { db, pool, url, close } = await testDb()
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-test-'))
  return {
    db,
    pool,
    databaseUrl: url,
    live: openLive(),
    secret: randomBytes(32),
    dataDir,
    baseUrl: 'http://127.0.0.1:3000',
    demo: false,
    places: {},
    ...more,
    close: async () => {
      await close()
      fs.rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function testServer() {
  if (process.env.TEST_DATABASE_URL) return { url: process.env.TEST_DATABASE_URL, leave: async () => {} }
  const cluster = await startPostgres({ dataDir: path.resolve(process.env.TEST_DATA_DIR ?? 'data/test') })
  // One that was running before us belongs to somebody else.
  return { url: cluster.url, leave: async () => (cluster.adopted ? undefined : cluster.stop()) }
}
