// What the server and the command line both stand on: the database, brought forward, and the desk over it.
import fs from 'node:fs'
import pg from 'pg'
import { backUpBeforeMigrating } from '../../platform/server/backup/index.ts'
import type { Config } from '../../platform/server/config.ts'
import { migrate, openDb, openPool } from '../../platform/server/db.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { ownFolder } from '../../platform/server/folder.ts'
import { type OpenLive, openLive } from '../../platform/server/live.ts'
import { readSecret } from '../../platform/server/secret.ts'
import { type Cluster, startPostgres } from '../../platform/server/supervisor.ts'

/** A reason not to start, already in words for whoever runs the machine. */
export class CannotStart extends Error {}

export type Database = Pick<Cluster, 'url' | 'adopted' | 'isUp' | 'stop'>

/** The embedded PostgreSQL of the data folder, or the one of DATABASE_URL when it is new enough. */
export async function openDatabase(config: Config, tell: (news: string) => void): Promise<Database> {
  prepareFolder(config)
  if (!config.databaseUrl) return startPostgres({ dataDir: config.dataDir, port: config.pgPort, tell })
  await judgeDatabase(config.databaseUrl)
  return { url: config.databaseUrl, adopted: true, isUp: () => true, stop: async () => {} }
}

/** Migrates and hands over the desk. The live channel is not started: the command line has no listeners. */
export async function openDesk(
  config: Config,
  database: Database,
  composed: Pick<Desk, 'places' | 'aboutPerson'>,
  fault: (error: unknown) => void,
): Promise<{ desk: Desk; live: OpenLive; close: () => Promise<void> }> {
  const pool = openPool(database.url)
  try {
    await keepDemoApart(pool, config.demo)
    const db = openDb(pool)
    const secret = readSecret(config.secretFile)
    await backUpBeforeMigrating(db, { ...config, url: database.url }, new Date())
    await migrate(db)
    const live = openLive(fault)
    const { dataDir, baseUrl, demo } = config
    const desk: Desk = {
      db,
      pool,
      databaseUrl: database.url,
      live,
      secret,
      dataDir,
      baseUrl,
      demo,
      config,
      ...composed,
    }
    return { desk, live, close: () => pool.end() }
  } catch (error) {
    await pool.end()
    throw error
  }
}

function prepareFolder({ dataDir, databaseUrl }: Config) {
  try {
    // With a database of its own, the supervisor opens the folder for the one who runs it.
    if (databaseUrl) ownFolder(dataDir)
    else fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new CannotStart(`DATA_DIR ${dataDir}: ${(error as Error).message}`)
  }
}

async function judgeDatabase(url: string) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
    )
    const [{ version, encoding }] = rows
    if (version < 150_000)
      throw new CannotStart(
        `DATABASE_URL: PostgreSQL ${Math.floor(version / 10_000)}; cần bản 15 trở lên (15 or newer is needed)`,
      )
    if (encoding !== 'UTF8')
      throw new CannotStart(`DATABASE_URL: bảng mã ${encoding}; cần UTF8 (the database must be UTF8)`)
  } catch (error) {
    if (error instanceof CannotStart) throw error
    throw new CannotStart(
      `DATABASE_URL: không kết nối được (cannot connect): ${(error as Error).message || (error as { code?: string }).code}`,
    )
  } finally {
    await client.end().catch(() => {})
  }
}

/** People of the demo have no passwords: a demo never opens a real database, and a real start never opens a demo's. */
async function keepDemoApart(pool: pg.Pool, demo: boolean) {
  const { rows } = await pool.query(
    `select to_regclass('demo_marker') is not null as "isDemo",
       exists (select from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')) as "isUsed"`,
  )
  const [{ isDemo, isUsed }] = rows
  if (demo && isUsed && !isDemo)
    throw new CannotStart(
      'Cơ sở dữ liệu này đã có dữ liệu khác; bản dùng thử chỉ mở trên cơ sở dữ liệu trống hoặc của chính nó (this database holds something else than the demo)',
    )
  if (!demo && isDemo)
    throw new CannotStart(
      'Cơ sở dữ liệu này là của bản dùng thử; hãy chạy với --demo hoặc chọn DATA_DIR khác (this database belongs to the demo)',
    )
  if (demo && !isDemo) await pool.query('create table demo_marker (since timestamptz not null default now())')
}
