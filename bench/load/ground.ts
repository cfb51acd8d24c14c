// Ground for the benches of attendance: a province of 97,319 in a folder of its own, the real server over it, and phones.
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { cookieName, mintCookie } from '../../src/features/access/server/index.ts'
import { newId } from '../../src/kernel/id.ts'
import { addMinutes } from '../../src/kernel/time.ts'
import { migrate, openDb, openPool } from '../../src/platform/server/db.ts'
import { readSecret } from '../../src/platform/server/secret.ts'
import { removeCluster, startPostgres } from '../../src/platform/server/supervisor.ts'
import { freePort } from '../../tests/fixtures/freePort.ts'
import { seedFullCampaign } from '../seed/fullCampaign.ts'
import type { Plan, Result } from './arrivals.ts'

const root = path.resolve(import.meta.dirname, '../..')
export const spokenCode = '271828'

export type Ground = Awaited<ReturnType<typeof openGround>>
export async function openGround(name: string) {
  fs.mkdirSync(path.join(root, 'data'), { recursive: true })
  const dataDir = fs.mkdtempSync(path.join(root, 'data', `bench-${name}-`))
  let cluster = await startPostgres({ dataDir })
  const pool = openPool(cluster.url)
  const db = openDb(pool)
  await migrate(db)
  const seeded = await seedFullCampaign(db, { makeups: false })
  await sql`truncate arrival`.execute(db)
  const { conferenceId, campaignId } = seeded
  const now = new Date()
  // The day is today: the first checkpoint is open and its code was shown a moment ago; the others open as well.
  await sql`update conference set state = 'live', closed_at = null where id = ${conferenceId}`.execute(db)
  await sql`update checkpoint set opens_at = ${addMinutes(now, -30)}, at = ${addMinutes(now, 30)}, closes_at = ${addMinutes(now, 60)},
    spoken_code = ${spokenCode}, spoken_first_at = ${addMinutes(now, -1)}, spoken_at = ${addMinutes(now, 5)} where conference_id = ${conferenceId}`.execute(
    db,
  )
  await sql`vacuum analyze arrival`.execute(db)
  const summoned = (
    await sql<{ personId: string; siteId: string }>`
      select person_id as "personId", site_id as "siteId" from summons where conference_id = ${conferenceId} and withdrawn_at is null order by door_code`.execute(
      db,
    )
  ).rows
  const secret = readSecret(path.join(dataDir, 'secret'))
  const { rows: version } = await sql<{ v: string }>`select current_setting('server_version') as v`.execute(db)
  const port = await freePort()
  let child: ChildProcess | undefined

  async function startServer(settings: Record<string, string> = {}): Promise<void> {
    const { DATABASE_URL: _, ...env } = process.env
    const profile = process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : []
    child = spawn(process.execPath, [...profile, 'src/apps/server/main.ts', '--role', 'web,live'], {
      cwd: root,
      env: {
        ...env,
        NODE_ENV: 'production',
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: dataDir,
        WEB_BUILD: 'off',
        LOG_LEVEL: 'error',
        ...settings,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await answers(port, '/readyz', 60)
  }
  return {
    ...seeded,
    conferenceId,
    campaignId,
    dataDir,
    db,
    pool,
    url: cluster.url,
    secret,
    port,
    summoned,
    versions: { postgresql: version[0]!.v },
    checkpointIds: seeded.checkpointIds,
    startServer,
    /** From here on only the server watches over its database, as it does in a hall. */
    leaveDatabase: () => cluster.stop(),
    returnDatabase: async () => {
      cluster = await startPostgres({ dataDir })
    },
    server: () => child!,
    async stopServer() {
      if (!child || child.exitCode !== null) return
      child.kill('SIGTERM')
      await new Promise((resolve) => child!.once('exit', resolve))
    },
    async close() {
      await pool.end().catch(() => {})
      await cluster.stop().catch(() => {})
      await removeCluster(dataDir)
    },
  }
}

/** One request for each person summoned: her own cookie, and an arrival of her own. */
export function requestsOf(
  ground: Ground,
  checkpointId: string,
  evidence: (siteId: string) => Record<string, unknown>,
) {
  const now = new Date()
  return ground.summoned.map(({ personId, siteId }) => {
    const cookie = mintCookie(
      ground.secret,
      { kind: 'member', personId, campaignId: ground.campaignId, assurance: 'entered', signInId: newId() },
      now,
    )
    const arrivalId = newId()
    const body = {
      arrivalId,
      checkpointId,
      personId,
      claimedAt: now.toISOString(),
      deviceId: newId(),
      skewMs: 12,
      previousSyncAt: now.toISOString(),
      ...evidence(siteId),
    }
    return { arrivalId, line: `${cookieName}=${cookie}\t${JSON.stringify(body)}` }
  })
}

/** Starts the phones in their own process; `go` starts the clock, `done` brings what they saw. */
export async function phones(
  ground: Pick<Ground, 'dataDir'>,
  port: number,
  lines: readonly string[],
  { connections = 256, patient = false } = {},
) {
  const file = path.join(ground.dataDir, `phones-${newId()}`)
  const plan: Plan = { port, path: '/api/attendance/checkIn', connections, requests: `${file}.txt`, patient }
  fs.writeFileSync(plan.requests, lines.join('\n'))
  fs.writeFileSync(`${file}.json`, JSON.stringify(plan))
  const child = spawn(process.execPath, [path.join(root, 'bench/load/arrivals.ts'), `${file}.json`, `${file}.out`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const over = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    go: () => child.stdin.end('go\n'),
    done: async (): Promise<Result> => {
      await over
      return JSON.parse(fs.readFileSync(`${file}.out`, 'utf8'))
    },
  }
}

/** The server has seen the conference before the rush: its list of the summoned is in memory. Wrong codes write nothing. */
export async function warm(ground: Ground, checkpointId: string) {
  const few = requestsOf(ground, checkpointId, () => ({ evidence: 'ownTick', proof: '000000' })).slice(0, 400)
  const load = await phones(
    ground,
    ground.port,
    few.map(({ line }) => line),
    { connections: 16 },
  )
  load.go()
  await load.done()
  await sql`delete from own_tick_failure`.execute(ground.db)
}

export async function answers(port: number, address: string, limitSeconds: number) {
  const until = Date.now() + limitSeconds * 1000
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}${address}`).catch(() => undefined)
    await answer?.arrayBuffer().catch(() => {})
    if (answer?.ok) return
    if (Date.now() > until) throw new Error(`${address} did not answer in ${limitSeconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** CPU seconds used so far and the most memory held, of a process. */
export function usage(pid: number): { cpuSeconds: number; rssMb: number } {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    const hwm = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    return { cpuSeconds: Math.round(Number(stat[11]) + Number(stat[12])) / 100, rssMb: Math.round(hwm / 1024) }
  } catch {
    return { cpuSeconds: 0, rssMb: 0 }
  }
}
/** CPU seconds of a PostgreSQL and all its children, also of those that have ended. */
export function databaseCpu(postmaster: number): number {
  const children = fs.readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ')
  const own = fs.readFileSync(`/proc/${postmaster}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const ended = (Number(own[13]) + Number(own[14])) / 100
  return [postmaster, ...children.map(Number)].reduce((sum, pid) => sum + usage(pid).cpuSeconds, ended)
}
export async function postmasterOf({ pool }: Pick<Ground, 'pool'>): Promise<number> {
  const { rows: found } = await pool.query('select pg_backend_pid() as pid')
  return Number(fs.readFileSync(`/proc/${found[0].pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
}
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
}
