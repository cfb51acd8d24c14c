// Viewers of a live programme fetched from the server itself: paced as players are, while new segments come every two seconds.
//   BENCH_VIEWERS=2000 BENCH_SECONDS=20 npm run bench origin     a smaller crowd, a shorter time
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { mediaPlaylist, type Run, readIndex, type Stretch, segmentFile } from '../src/features/broadcast/playlists.ts'
import { type RungName, rungNames } from '../src/features/broadcast/rules.ts'
import { newId } from '../src/kernel/id.ts'
import { migrate, openDb, openPool } from '../src/platform/server/db.ts'
import { startPostgres } from '../src/platform/server/supervisor.ts'
import { freePort } from '../tests/fixtures/freePort.ts'
import { openOwnServer } from '../tests/fixtures/ownServer.ts'
import { type Case, tell } from './conditions.ts'
import { answers, usage } from './load/ground.ts'

const viewers = Number(process.env.BENCH_VIEWERS ?? 6_000)
const seconds = Number(process.env.BENCH_SECONDS ?? 60)
/** Of one core, for a thousand viewers. */
const budgetCores = 0.06
// Half watch 240p, as phones on thin lines do; a tenth only listens. About 390 kbit/s a viewer.
const watching = ['p480', 'p240', 'p720', 'p240', 'p480', 'p240', 'p240', 'p480', 'tieng', 'p240']
const segmentBytes: Record<RungName, number> = { p720: 474_000, p480: 187_000, p240: 62_000, tieng: 8_500 }

const root = path.resolve(import.meta.dirname, '..')
const program = buildViewers()
const own = await openOwnServer('origin', {
  args: ['--role', 'web'],
  env: { STAGE_INSTALL: 'off', STAGE_PORT: String(await freePort()) },
})
const { folder, dataDir } = own
const sessionId = newId()
const place = path.join(dataDir, 'broadcast', sessionId)
let beside: ChildProcess | undefined
let making: NodeJS.Timeout | undefined
const rows: { result: Case; budget: string }[] = []
try {
  await prepare()
  makeLive()
  await own.start()
  rows.push(await watch('node', own.port, `/phat/cong-khai/${sessionId}/`, () => usage(own.pid())))
  const nginxPort = await startNginx()
  if (nginxPort === undefined) console.log('nginx is not installed: nothing stands beside it this time')
  else rows.push(await watch('nginx', nginxPort, '/', () => nginxUsage(beside!.pid!)))
  tell(rows, { viewers: String(viewers), seconds: String(seconds) })
} finally {
  clearInterval(making)
  beside?.kill()
  await own.close()
}

/** A database with one public session and nothing else: the origin asks no more of it. */
async function prepare() {
  const cluster = await startPostgres({ dataDir })
  fs.mkdirSync(place, { recursive: true })
  const pool = openPool(cluster.url, { max: 1 })
  await migrate(openDb(pool))
  const conferenceId = newId()
  // Nothing of a campaign is needed, so nothing of it is made: for this connection references are not checked.
  await pool.query('set session_replication_role = replica')
  await pool.query(
    `insert into conference (id, campaign_id, unit_id, code, name, purpose, created_at, created_by) values ($1, $1, $1, 'HN', 'HN', 'study', now(), 'bench')`,
    [conferenceId],
  )
  await pool.query(
    `insert into conference_session (id, conference_id, code, name, position, starts_at, ends_at, audience)
     values ($1, $2, 'B1', 'B1', 1, now(), now() + interval '1 hour', 'public')`,
    [sessionId, conferenceId],
  )
  await pool.query(
    `insert into programme (session_id, conference_id, state, folder, began_at, beat_at, holder) values ($1, $2, 'running', $3, now(), now(), 'bench')`,
    [sessionId, conferenceId, `broadcast/${sessionId}`],
  )
  await pool.end()
  await cluster.stop()
}
/** As the programme's process does: files first, then the line that says so. nginx gets the same lists as files. */
function makeLive() {
  const run = '1-be0c4'
  const index = path.join(place, 'index.jsonl')
  fs.mkdirSync(path.join(place, run))
  const began = Date.now() - 40_000
  const said: Run = {
    run,
    beganAt: new Date(began).toISOString(),
    codecs: { p720: 'avc1.4d401f', p480: 'avc1.4d401e', p240: 'avc1.4d4015', tieng: 'mp4a.40.2' },
  }
  fs.writeFileSync(index, `${JSON.stringify(said)}\n`)
  const noise = randomBytes(512 * 1024)
  let n = 0
  const one = () => {
    n++
    for (const rung of rungNames)
      fs.writeFileSync(path.join(place, segmentFile(run, rung, n)), noise.subarray(0, segmentBytes[rung]))
    const stretch: Stretch = {
      run,
      n,
      at: new Date(began + (n - 1) * 2_000).toISOString(),
      seconds: 2,
      bytes: segmentBytes,
    }
    fs.appendFileSync(index, `${JSON.stringify(stretch)}\n`)
    const now = readIndex(fs.readFileSync(index, 'utf8'))
    for (const rung of rungNames) {
      fs.writeFileSync(path.join(place, `${rung}.new`), mediaPlaylist(now, rung, 'live'))
      fs.renameSync(path.join(place, `${rung}.new`), path.join(place, `${rung}.m3u8`))
    }
  }
  for (let nth = 0; nth < 20; nth++) one()
  making = setInterval(one, 2_000)
}

async function startNginx(): Promise<number | undefined> {
  if (spawnSync('nginx', ['-v']).status !== 0) return undefined
  const port = await freePort()
  const file = path.join(folder, 'nginx.conf')
  fs.writeFileSync(
    file,
    `daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid ${folder}/nginx.pid; error_log stderr crit;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 16000; }
http { access_log off; sendfile on; tcp_nopush on; gzip on; gzip_types application/vnd.apple.mpegurl; gzip_min_length 100;
  types { application/vnd.apple.mpegurl m3u8; video/mp4 m4s; }
  server { listen 127.0.0.1:${port} backlog=4096; root ${place}; } }
`,
  )
  beside = spawn('nginx', ['-p', folder, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  await answers(port, '/p480.m3u8', 10)
  return port
}
/** The master hands out and rests; its worker does the work. */
function nginxUsage(master: number) {
  const workers = fs.readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ').map(Number)
  return workers.map(usage).reduce((sum, one) => ({
    cpuSeconds: sum.cpuSeconds + one.cpuSeconds,
    rssMb: sum.rssMb + one.rssMb,
  }))
}

type Told = {
  playlists: number
  segments: number
  bytes: number
  lost: number
  late: number
  errors: Record<string, number>
  playlistP99Ms: number
  p50Ms: number
  p99Ms: number
  seconds: number
}
async function watch(name: string, port: number, base: string, used: () => { cpuSeconds: number; rssMb: number }) {
  const before = used()
  let most = before.rssMb
  const looking = setInterval(() => {
    most = Math.max(most, used().rssMb)
  }, 1_000)
  const told = await run(port, base)
  clearInterval(looking)
  const cpuSeconds = used().cpuSeconds - before.cpuSeconds
  const errors = Object.values(told.errors).reduce((sum, often) => sum + often, 0)
  if (errors > 0) console.log(told.errors, own.said())
  const coresPerThousand = cpuSeconds / told.seconds / (viewers / 1000)
  const round = (value: number, digits = 1) => Number(value.toFixed(digits))
  const isOurs = name === 'node'
  return {
    result: {
      bench: 'origin',
      case: name,
      pass: errors === 0 && told.lost === 0 && (!isOurs || coresPerThousand <= budgetCores),
      n: told.playlists + told.segments,
      viewers,
      errors,
      lost: told.lost,
      late: told.late,
      p50Ms: round(told.p50Ms),
      p99Ms: round(told.p99Ms),
      playlistP99Ms: round(told.playlistP99Ms),
      gbitPerSecond: round((8 * told.bytes) / told.seconds / 1e9, 2),
      coresPerThousand: round(coresPerThousand, 3),
      cpuSeconds: round(cpuSeconds, 2),
      rssMb: Math.round(most),
    },
    budget: isOurs ? `0 errors, 0 lost, ≤ ${budgetCores} core a thousand` : 'beside it',
  }
}
function run(port: number, base: string): Promise<Told> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [`127.0.0.1:${port}`, base, watching.join(','), String(viewers), String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: (seconds + 60) * 1000,
    })
    let said = ''
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString()
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`the viewers ended: ${code}`)),
    )
  })
}

/** Built once for each state of its source. */
function buildViewers(): string {
  const source = path.join(import.meta.dirname, 'load/origin')
  const cache = path.join(root, 'data/bench')
  const code = fs.readFileSync(path.join(source, 'main.go'))
  const made = path.join(cache, `origin-${createHash('sha256').update(code).digest('hex').slice(0, 12)}`)
  if (fs.existsSync(made)) return made
  fs.mkdirSync(cache, { recursive: true })
  const go = ['go', '/usr/local/go/bin/go'].find((one) => spawnSync(one, ['version']).status === 0)
  if (!go) throw new Error('Bench «origin» cần Go 1.24 trở lên để dựng người xem (needs Go for its viewers)')
  const built = spawnSync(go, ['build', '-o', made, '.'], { cwd: source, encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`go build: ${built.stderr}`)
  return made
}
