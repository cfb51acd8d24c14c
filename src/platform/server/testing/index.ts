// A suite gets a schema of its own on one shared PostgreSQL: the one of TEST_DATABASE_URL, else one in data/test.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type pg from 'pg'
import { newId } from '../../../kernel/id.ts'
import { type Db, migrate, openDb, openPool } from '../db.ts'
import type { Desk } from '../desk.ts'
import { openLive } from '../live.ts'
import { startPostgres } from '../supervisor.ts'

export type TestDb = { db: Db; pool: pg.Pool; url: string; schema: string; close: () => Promise<void> }

/** A migrated, empty schema on a real PostgreSQL; `close` drops it. */
export async function testDb(): Promise<TestDb> {
  const { url, leave } = await testServer()
  const schema = `t_${newId().replaceAll('-', '')}`
  const pool = openPool(url, { schema, max: 8 })
  await pool.query(`create schema ${schema}`)
  const db = openDb(pool)
  await migrate(db, schema)
  return {
    db,
    pool,
    url,
    schema,
    close: async () => {
      await pool.query(`drop schema ${schema} cascade`)
      await pool.end()
      await leave()
    },
  }
}

/** What a process holds in its hands, over a test schema and a folder of its own. */
export async function testDesk(more: Partial<Desk> = {}): Promise<Desk & { close: () => Promise<void> }> {
  const { db, pool, url, schema, close } = await testDb()
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-test-'))
  return {
    db,
    pool,
    databaseUrl: url,
    schema,
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
