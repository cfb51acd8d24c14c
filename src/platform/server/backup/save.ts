import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import fs, { type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import pg from 'pg'
import { copyOut } from './copy.ts'
import { type Manifest, manifestName, partName, product, secretName, storedName } from './manifest.ts'
import { readingOf, type SavedTable, tablesOf } from './schema.ts'
import { tarEnd, tarHead, tarPad } from './tar.ts'

const partBytes = 8 << 20
const squeeze = promisify(gzip)

export type Source = { url: string; dataDir: string; secretFile: string; demo: boolean }
export type Made = { out: string; bytes: number; sha256: string; tables: number; rows: number; files: number }

export class AlreadyThere extends Error {}

/**
 * Writes a backup to `out`, which must not exist; it is there whole or not at all. Others go on working meanwhile: all
 * rows are of the moment it began. `tell` hears which table it is at, and how many rows so far.
 */
export async function backUp(
  source: Source,
  { out, now, tell = () => {} }: { out: string; now: Date; tell?: (what: string, rows: number) => void },
): Promise<Made> {
  const draft = `${out}.part`
  await fs.mkdir(path.dirname(out), { recursive: true, mode: 0o700 })
  if (await fs.stat(out).catch(absent)) throw new AlreadyThere(out)
  const client = await connect(source)
  try {
    const file = await fs.open(draft, 'wx', 0o600)
    try {
      const tar = openTar(file, now)
      const saved = await save(client, source, tar, { now, tell })
      await tar.end()
      await file.sync()
      await fs.rename(draft, out)
      return { out, ...tar.whole(), ...saved }
    } finally {
      await file.close()
      await fs.rm(draft, { force: true })
    }
  } finally {
    await client.end().catch(() => {})
  }
}

async function connect({ url }: Source): Promise<pg.Client> {
  // The same text of a value whatever the server's own settings are.
  const client = new pg.Client({
    connectionString: url,
    options:
      '-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=3 -c statement_timeout=0',
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

type Telling = { now: Date; tell: (what: string, rows: number) => void }
async function save(client: pg.Client, source: Source, tar: Tar, { now, tell }: Telling) {
  await client.query('begin isolation level repeatable read read only')
  const migrations = await client.query<{ name: string }>('select name from kysely_migration order by name')
  const { rows: about } = await client.query<{ version: string }>(`select current_setting('server_version') as version`)
  const tables: Manifest['tables'] = []
  let rows = 0
  for (const table of await tablesOf(client)) {
    const done = await saveTable(client, table, tar, (more) => tell(table.name, rows + more))
    rows += done.rows
    tables.push({ ...table, ...done })
  }
  await client.query('commit')
  tell('files', rows)
  const files = await saveFiles(source.dataDir, tar)
  await tar.add(secretName, await fs.readFile(source.secretFile))
  const manifest: Manifest = {
    product,
    form: 1,
    madeAt: now.toISOString(),
    postgres: about[0]!.version,
    demo: source.demo,
    migrations: migrations.rows.map(({ name }) => name),
    tables,
    files,
    sha256: tar.sums(),
  }
  await tar.add(manifestName, Buffer.from(JSON.stringify(manifest, null, 1)))
  return { tables: tables.length, rows, files }
}

async function saveTable(client: pg.Client, table: SavedTable, tar: Tar, tell: (rows: number) => void) {
  let parts = 0
  let rows = 0
  for await (const part of copyOut(client, `copy (${readingOf(table)}) to stdout`, partBytes)) {
    // In this form a line break within a value is written as «\n»: every real one ends a row.
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) rows++
    await tar.add(partName(table.name, parts++), await squeeze(part, { level: 5 }))
    tell(rows)
  }
  return { rows, parts }
}

/** Stored files never change, and are there before a row names them: whatever the rows name is among them. */
async function saveFiles(dataDir: string, tar: Tar): Promise<number> {
  const folder = path.join(dataDir, 'files')
  const names = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(absent)
  let files = 0
  for (const entry of names ?? []) {
    const full = path.join(entry.parentPath, entry.name)
    if (!entry.isFile() || path.basename(entry.parentPath) === 'arriving') continue
    const about = await fs.stat(full).catch(absent)
    // Taken away since the list was made: then no row names it any more.
    if (!about) continue
    await tar.addStream(
      storedName(path.relative(folder, full).split(path.sep).join('/')),
      about.size,
      createReadStream(full),
    )
    files++
  }
  return files
}
const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined
  throw error
}

type Tar = ReturnType<typeof openTar>
function openTar(file: FileHandle, at: Date) {
  const whole = createHash('sha256')
  const sums: Record<string, string> = {}
  let bytes = 0
  const write = async (part: Uint8Array, entry?: Hash) => {
    entry?.update(part)
    whole.update(part)
    bytes += part.length
    await file.appendFile(part)
  }
  async function addStream(name: string, size: number, parts: AsyncIterable<Uint8Array>) {
    const entry = createHash('sha256')
    let came = 0
    await write(tarHead(name, size, at))
    for await (const part of parts) {
      came += part.length
      await write(part, entry)
    }
    if (came !== size) throw new Error(`${name} changed while it was read`)
    await write(tarPad(size))
    sums[name] = entry.digest('hex')
  }
  return {
    addStream,
    add: (name: string, body: Buffer) =>
      addStream(
        name,
        body.length,
        (async function* () {
          yield body
        })(),
      ),
    end: () => write(tarEnd()),
    sums: () => ({ ...sums }),
    whole: () => ({ bytes, sha256: whole.digest('hex') }),
  }
}
