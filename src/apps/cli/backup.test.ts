// What was saved comes back: on a real database, beside people who go on working, and never over anything.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { type Any, openProvince } from '../../../tests/fixtures/province.ts'
import { sealLogs, verifyLogs } from '../../features/access/server/index.ts'
import { newId } from '../../kernel/id.ts'
import { backUp, backUpBeforeMigrating, Damaged, openBackup, restore } from '../../platform/server/backup/index.ts'
import { migrate, migrationsOf, openDb, openPool } from '../../platform/server/db.ts'
import { storeFile } from '../../platform/server/files.ts'
import { removeCluster } from '../../platform/server/supervisor.ts'
import { testDatabase } from '../../platform/server/testing/index.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-backup-'))
fs.chmodSync(folder, 0o755)
const secretFile = path.join(folder, 'the-secret')
fs.writeFileSync(secretFile, 'a key that is at least thirty-two letters long\n')
const at = new Date('2026-03-01T01:00:00Z')
let province: Awaited<ReturnType<typeof openProvince>>
const made: Awaited<ReturnType<typeof testDatabase>>[] = []

before(async () => {
  province = await openProvince({ perCell: 6 })
})
after(async () => {
  for (const { close } of made) await close()
  await province.desk.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

const source = () => ({
  url: province.desk.databaseUrl,
  dataDir: province.desk.dataDir,
  secretFile,
  demo: false,
})
async function emptyDatabase() {
  const database = await testDatabase()
  made.push(database)
  return database.url
}
async function emptyPlace(name: string) {
  const dataDir = path.join(folder, name)
  fs.mkdirSync(dataDir)
  return { url: await emptyDatabase(), dataDir, secretFile: path.join(dataDir, 'secret') }
}
/** Every table as text, in an order of its own. Numbers of transactions aside. */
async function told(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c timezone=UTC',
  })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'kysely%' and relname not like 'event%'`,
  )
  const all: Record<string, string> = {}
  for (const { name } of rows)
    all[name] = (
      await client.query(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') as sum from "${name}" t`,
      )
    ).rows[0].sum
  await client.end()
  return all
}

describe('a backup', { concurrency: false }, () => {
  const out = path.join(folder, 'ban-sao-luu.tar')

  test('is made while others write, and everything of one moment comes back', async () => {
    const { db, dataDir } = province.desk
    await sealLogs(db, at)
    // What COPY must carry unharmed: line breaks, tabs, backslashes, nothing at all.
    await sql`update register set name = ${'Sổ «thử»\n\tdòng hai \\N \\. '}`.execute(db)
    const stored = await storeFile(path.join(dataDir, 'files', 'reports'), Buffer.from('biểu một'), { limitBytes: 100 })
    const before = await told(source().url)
    let writing = true
    const others = (async () => {
      for (let i = 0; writing && i < 10_000; i++)
        await sql`insert into change_line (id, at, actor, operation, about) values (${newId()}, now(), 'nv:khac', 'thu', '{}')`.execute(
          db,
        )
    })()
    const saved = await backUp(source(), { out, now: at })
    writing = false
    await others
    assert.ok(saved.rows > 100)
    assert.equal(saved.files, 1)
    assert.equal(fs.statSync(out).mode & 0o077, 0)

    const place = await emptyPlace('khoi-phuc')
    const backup = await openBackup(out)
    const { rows, files } = await restore(backup, place)
    await backup.close()
    assert.deepEqual([rows, files], [saved.rows, 1])
    const now = await told(place.url)
    for (const [name, sum] of Object.entries(before)) if (name !== 'change_line') assert.equal(now[name], sum, name)
    assert.equal(fs.readFileSync(place.secretFile, 'utf8'), fs.readFileSync(secretFile, 'utf8'))
    assert.equal(
      fs.readFileSync(
        path.join(place.dataDir, 'files/reports', stored.fileId.slice(0, 2), stored.fileId.slice(2)),
        'utf8',
      ),
      'biểu một',
    )
  })

  test('brings back logs whose chain still holds, and lines go on after the last number', async () => {
    const pool = openPool(made.at(-1)!.url, { max: 1 })
    const db = openDb(pool)
    const found = await verifyLogs(db)
    assert.equal(found.ok, true)
    assert.ok(found.seals > 0 && found.lines > 0)
    const last = await sql<{ n: number }>`select max(seq) as n from change_line`.execute(db)
    await sql`insert into change_line (id, at, actor, operation, about) values (${newId()}, now(), 'nv:a', 'thu', '{}')`.execute(
      db,
    )
    const next = await sql<{ n: number }>`select max(seq) as n from change_line`.execute(db)
    assert.equal(next.rows[0]!.n, last.rows[0]!.n + 1)
    await sealLogs(db, new Date())
    assert.equal((await verifyLogs(db)).ok, true)
    await pool.end()
  })

  test('numbers events anew: a subscriber misses none that it had not handled', async () => {
    const { db } = province.desk
    await sql`delete from event`.execute(db)
    const ids = Array.from({ length: 5 }, () => newId()).sort()
    // The third was committed late: its transaction is older than the cursor's, but a later id was handled before it.
    const xids = [100, 101, 105, 102, 103]
    for (const [i, id] of ids.entries())
      await sql`insert into event (id, xid, name, body, at) values (${id}, ${String(xids[i])}::text::xid8, 'x', '[]', now())`.execute(
        db,
      )
    await sql`insert into event_cursor (subscriber, xid, id) values ('a', '102'::xid8, ${ids[3]!}), ('new', '0'::xid8, '00000000-0000-0000-0000-000000000000')`.execute(
      db,
    )
    const file = path.join(folder, 'su-kien.tar')
    await backUp(source(), { out: file, now: at })
    const place = await emptyPlace('su-kien')
    const backup = await openBackup(file)
    await restore(backup, place)
    await backup.close()
    const pool = openPool(place.url, { max: 1 })
    const { rows } = await pool.query(
      `select subscriber, array(select e.id from event e where (e.xid, e.id) > (c.xid, c.id) order by e.xid, e.id) as ahead from event_cursor c order by subscriber`,
    )
    await pool.end()
    const [a, fresh] = rows as { ahead: string[] }[]
    assert.deepEqual(fresh!.ahead, ids)
    assert.deepEqual(a!.ahead, ids.slice(2))
  })

  test('is not taken when a byte of it has changed, when it is cut off, or when it is something else', async () => {
    const bytes = fs.readFileSync(out)
    const harmed = Buffer.from(bytes)
    harmed[1100]! ^= 1
    const attempts: Record<string, Buffer> = {
      harmed,
      'cut-off': bytes.subarray(0, bytes.length - 3000),
      other: Buffer.from('%PDF-1.7 something else entirely'.repeat(100)),
      empty: Buffer.alloc(0),
    }
    for (const [name, body] of Object.entries(attempts)) {
      const file = path.join(folder, `${name}.tar`)
      fs.writeFileSync(file, body)
      await assert.rejects(openBackup(file), Damaged, name)
    }
  })

  test('that fails half-way leaves the database as empty as it was', async () => {
    const place = await emptyPlace('hong')
    const backup = await openBackup(out)
    const wrong = {
      ...backup,
      manifest: {
        ...backup.manifest,
        tables: backup.manifest.tables.map((one) => (one.name === 'person' ? { ...one, rows: 7 } : one)),
      },
    }
    await assert.rejects(restore(wrong, place), /person has/)
    await backup.close()
    assert.deepEqual(await told(place.url), {})
    assert.equal(fs.existsSync(place.secretFile), false)
  })

  test('is made by itself before the schema moves, and the newest three are kept', async () => {
    const { url, pool, db } = await olderDatabase()
    const dataDir = path.join(folder, 'nang-cap')
    fs.mkdirSync(dataDir)
    const older = { url, dataDir, secretFile, demo: false }
    for (let day = 1; day <= 4; day++)
      assert.ok(await backUpBeforeMigrating(db, older, new Date(Date.UTC(2026, 2, day))))
    assert.equal(fs.readdirSync(path.join(dataDir, 'backups')).length, 3)

    // One of them, restored by today's release, is brought forward.
    const place = await emptyPlace('tu-ban-cu')
    const backup = await openBackup(
      path.join(dataDir, 'backups', fs.readdirSync(path.join(dataDir, 'backups')).at(-1)!),
    )
    await restore(backup, place)
    await backup.close()
    const restored = openPool(place.url, { max: 1 })
    assert.deepEqual((await migrationsOf(openDb(restored))).ahead, [])
    await restored.end()

    await migrate(db)
    assert.equal(await backUpBeforeMigrating(db, older, at), undefined)
    await pool.end()
  })
  async function olderDatabase() {
    const url = await emptyDatabase()
    const pool = openPool(url, { max: 2 })
    const db = openDb(pool)
    const { ahead } = await migrationsOf(db)
    await migrate(db, ahead.at(-2))
    return { url, pool, db }
  }
})

describe('the command line', { concurrency: false }, () => {
  const [one, two] = [path.join(folder, 'may-mot'), path.join(folder, 'may-hai')]
  after(async () => {
    for (const dir of [one, two]) await removeCluster(dir)
  })
  const cli = (dataDir: string, ...args: string[]) => {
    const { DATABASE_URL: _, TEST_DATABASE_URL: __, ...env } = process.env
    const ran = spawnSync(process.execPath, ['src/apps/cli/main.ts', ...args, '--json'], {
      env: { ...env, DATA_DIR: dataDir, NODE_ENV: 'test', CALLED_FROM: folder },
      encoding: 'utf8',
    })
    return { code: ran.status, said: ran.stderr, json: (ran.stdout ? JSON.parse(ran.stdout) : undefined) as Any }
  }

  test('carries an installation to another machine, and writes over nothing', () => {
    assert.equal(cli(one, 'admin', 'create', '--user', 'quan.tri', '--name', 'Nguyễn Thị Lan').code, 0)
    const saved = cli(one, 'backup', '--out', 'mot.tar')
    assert.equal(saved.code, 0, saved.said)
    assert.equal(saved.json.out, path.join(folder, 'mot.tar'))
    assert.equal(cli(one, 'backup', '--out', 'mot.tar').code, 4)
    assert.equal(cli(one, 'restore', 'mot.tar').code, 4)
    assert.equal(cli(two, 'restore', 'khong-co.tar').code, 2)
    fs.writeFileSync(path.join(folder, 'hong.tar'), fs.readFileSync(path.join(folder, 'mot.tar')).subarray(0, 5000))
    assert.equal(cli(two, 'restore', 'hong.tar').code, 3)
    assert.equal(cli(two, 'restore', 'mot.tar', '--demo').code, 4)

    const back = cli(two, 'restore', 'mot.tar')
    assert.equal(back.code, 0, back.said)
    assert.deepEqual([back.json.rows, back.json.logs.ok], [saved.json.rows, true])
    assert.equal(fs.readFileSync(path.join(two, 'secret'), 'utf8'), fs.readFileSync(path.join(one, 'secret'), 'utf8'))
    // The same person is there, known by the same key.
    assert.equal(cli(two, 'session', '--user', 'quan.tri').code, 0)
    assert.equal(cli(two, 'restore', 'mot.tar').code, 4)
  })
})
