import { createHash } from 'node:crypto'
import fs, { type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import pg from 'pg'
import { judgeMigrations, migrate, openDb, openPool } from '../db.ts'
import { copyIn } from './copy.ts'
import { Manifest, manifestName, partName, secretName, storedName } from './manifest.ts'
import { demoTables, quoted, tablesOf } from './schema.ts'
import { listTar, NoTar, type TarEntry } from './tar.ts'

/** The file is not what a backup of ours wrote; `message` says how, in English, for the sentence around it. */
export class Damaged extends Error {}
export type Backup = {
  manifest: Manifest
  secret: Buffer
  entries: ReadonlyMap<string, TarEntry>
  read: (entry: TarEntry) => AsyncIterable<Buffer>
  close: () => Promise<void>
}
const expand = promisify(gunzip)

/**
 * Opens a backup and holds every byte of it to its manifest. Throws `Damaged`, or `NewerSchema` when a newer release made
 * it; nothing is written anywhere.
 */
export async function openBackup(name: string, tell: (fraction: number) => void = () => {}): Promise<Backup> {
  const file = await fs.open(name, 'r')
  try {
    const entries = new Map((await listTar(file)).map((entry) => [entry.name, entry]))
    const read = (entry: TarEntry) => readEntry(file, entry)
    const manifest = await readManifest(entries, read)
    await judgeMigrations(manifest.migrations)
    await check(manifest, entries, read, tell)
    const secret = await whole(read(entries.get(secretName)!))
    return { manifest, secret, entries, read, close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error instanceof NoTar ? new Damaged(error.message) : error
  }
}
async function* readEntry(file: FileHandle, { offset, bytes }: TarEntry): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; ) {
    const part = Buffer.alloc(Math.min(1 << 20, bytes - at))
    const { bytesRead } = await file.read(part, 0, part.length, offset + at)
    if (bytesRead === 0) throw new Damaged('it is cut off')
    yield part.subarray(0, bytesRead)
    at += bytesRead
  }
}

async function readManifest(entries: Backup['entries'], read: Backup['read']): Promise<Manifest> {
  const entry = entries.get(manifestName)
  if (!entry || entry.bytes > 256 << 20) throw new Damaged('it has no manifest')
  try {
    return Manifest.parse(JSON.parse((await whole(read(entry))).toString()))
  } catch {
    throw new Damaged('its manifest is not ours')
  }
}
async function check(
  manifest: Manifest,
  entries: Backup['entries'],
  read: Backup['read'],
  tell: (fraction: number) => void,
) {
  const wanted = [
    secretName,
    ...manifest.tables.flatMap(({ name, parts }) => Array.from({ length: parts }, (_, i) => partName(name, i))),
  ]
  const lacking = wanted.find((name) => manifest.sha256[name] === undefined)
  if (lacking) throw new Damaged(`${lacking} is not vouched for`)
  const all = [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const [name, sum] of Object.entries(manifest.sha256)) {
    const entry = entries.get(name)
    if (!entry) throw new Damaged(`${name} is missing`)
    const hash = createHash('sha256')
    for await (const part of read(entry)) hash.update(part)
    if (hash.digest('hex') !== sum) throw new Damaged(`${name} is not as it was written`)
    done += entry.bytes
    tell(done / all)
  }
}
async function whole(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}

/**
 * Rows, files and key into a database without tables and a folder without files of ours; the caller has looked. The schema
 * is first brought to where the backup was, then to today's. All rows or none; after a fault the database is empty again.
 */
export async function restore(
  backup: Backup,
  to: { url: string; dataDir: string; secretFile: string },
  tell: (what: string, rows: number) => void = () => {},
): Promise<{ rows: number; files: number }> {
  const pool = openPool(to.url, { max: 2 })
  const db = openDb(pool)
  try {
    await migrate(db, backup.manifest.migrations.at(-1))
    if (backup.manifest.demo) for (const making of demoTables) await pool.query(making)
    const rows = await fillTables(backup, to, tell)
    await migrate(db)
    tell('files', rows)
    const files = await fillFolder(backup, to)
    await pool.query(`analyze ${backup.manifest.tables.map(({ name }) => quoted(name)).join(', ')}`)
    return { rows, files }
  } catch (error) {
    await emptyAgain(pool).catch(() => {})
    throw error
  } finally {
    await pool.end()
  }
}

async function fillTables(
  { manifest, entries, read }: Backup,
  { url }: { url: string },
  tell: (what: string, rows: number) => void,
): Promise<number> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c statement_timeout=0',
  })
  client.on('error', () => {})
  await client.connect()
  try {
    refuseOtherTables(manifest, await tablesOf(client))
    await client.query('begin')
    // What the migrations wrote themselves is in the backup too.
    await client.query(`truncate ${manifest.tables.map(({ name }) => quoted(name)).join(', ')}`)
    let rows = 0
    for (const { name, columns, parts, rows: wanted } of manifest.tables) {
      const bodies = async function* () {
        for (let part = 0; part < parts; part++) {
          yield await expand(await whole(read(entries.get(partName(name, part))!)))
          tell(name, rows)
        }
      }
      const into = `copy ${quoted(name)} (${columns.map(quoted).join(', ')}) from stdin`
      const came = parts === 0 ? 0 : await copyIn(client, into, bodies())
      if (came !== wanted) throw new Damaged(`${name} has ${came} rows instead of ${wanted}`)
      rows += came
    }
    await moveCounters(client)
    await client.query('commit')
    return rows
  } finally {
    await client.end().catch(() => {})
  }
}

/** A backup between two releases, of a schema that no release had. */
function refuseOtherTables(manifest: Manifest, here: readonly { name: string; columns: string[] }[]) {
  const told = (tables: readonly { name: string; columns: string[] }[]) =>
    tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`))
  const [theirs, ours] = [told(manifest.tables), told(here)]
  const odd = [...theirs.filter((one) => !ours.includes(one)), ...ours.filter((one) => !theirs.includes(one))]
  if (odd.length > 0) throw new Damaged(`its tables are not those of its release (${odd.slice(0, 5).join(', ')})`)
}

/** Numbers that a table draws go on after the highest that came back. */
async function moveCounters(client: pg.Client) {
  const { rows } = await client.query<{ table: string; column: string; counter: string }>(`
    select c.relname as "table", a.attname as "column", pg_get_serial_sequence(quote_ident(c.relname), a.attname) as counter
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null`)
  for (const { table, column, counter } of rows)
    await client.query(
      `select setval($1, coalesce(max(${quoted(column)}), 1), max(${quoted(column)}) is not null) from ${quoted(table)}`,
      [counter],
    )
}

async function fillFolder(
  { entries, read, secret }: Backup,
  { dataDir, secretFile }: { dataDir: string; secretFile: string },
): Promise<number> {
  const folder = path.join(dataDir, 'files')
  let files = 0
  for (const entry of entries.values()) {
    if (!entry.name.startsWith(storedName(''))) continue
    const place = path.resolve(folder, entry.name.slice(storedName('').length))
    if (!place.startsWith(folder + path.sep)) throw new Damaged(`${entry.name} leads elsewhere`)
    await fs.mkdir(path.dirname(place), { recursive: true, mode: 0o700 })
    const file = await fs.open(place, 'wx', 0o600)
    try {
      for await (const part of read(entry)) await file.appendFile(part)
      await file.sync()
    } finally {
      await file.close()
    }
    files++
  }
  await fs.writeFile(secretFile, secret, { mode: 0o600, flag: 'wx' })
  return files
}

/** The database had no tables when we began: whatever is there now is ours to take away. */
async function emptyAgain(pool: pg.Pool) {
  const { rows } = await pool.query<{ drop: string }>(`
    select format('drop table if exists %I cascade', relname) as drop from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'r'
    union all
    select format('drop function if exists %s cascade', p.oid::regprocedure) from pg_proc p
      where p.pronamespace = current_schema()::regnamespace
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`)
  for (const { drop } of rows) await pool.query(drop)
}
