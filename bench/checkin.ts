// 64,809 people say «I am here», each in a request of her own, durable before the answer; and what a kill -9 loses.
//   BENCH_CHECKIN=one-per-request,kill,bare npm run bench checkin     only some cases
import { spawn } from 'node:child_process'
import path from 'node:path'
import { sql } from 'kysely'
import { newId } from '../src/kernel/id.ts'
import { openBatcher } from '../src/platform/server/hot.ts'
import { freePort } from '../tests/fixtures/freePort.ts'
import { type Case, tell } from './conditions.ts'
import {
  databaseCpu,
  openGround,
  percentile,
  phones,
  postmasterOf,
  requestsOf,
  spokenCode,
  usage,
  warm,
} from './load/ground.ts'

const budget = { perSecond: 8_000, p99Ms: 500 }
const cases = (process.env.BENCH_CHECKIN ?? 'one-per-request,kill,bare').split(',')
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const ground = await openGround('checkin')
const rows: { result: Case; budget: string }[] = []
try {
  await ground.startServer()
  if (cases.includes('one-per-request')) rows.push(await onePerRequest())
  if (cases.includes('kill')) {
    await ground.leaveDatabase()
    rows.push(await kill())
    await ground.returnDatabase()
  }
  await ground.stopServer()
  if (cases.includes('bare')) rows.push(await bareRoute(), await bareInsert())
  tell(rows, { ...ground.versions, people: String(ground.summoned.length), connections: '256' })
} finally {
  await ground.stopServer()
  await ground.close()
}

function ownTick() {
  return { evidence: 'ownTick', proof: spokenCode }
}
async function storedOf(checkpointId: string): Promise<Set<string>> {
  const { rows: stored } = await sql<{
    id: string
  }>`select arrival_id as id from arrival where checkpoint_id = ${checkpointId}`.execute(ground.db)
  return new Set(stored.map(({ id }) => id))
}
async function onePerRequest() {
  const [checkpointId] = ground.checkpointIds as [string]
  await warm(ground, ground.checkpointIds[2]!)
  const requests = requestsOf(ground, checkpointId, ownTick)
  const load = await phones(
    ground,
    ground.port,
    requests.map(({ line }) => line),
  )
  const postmaster = await postmasterOf(ground)
  const before = { ...usage(ground.server().pid!), database: databaseCpu(postmaster) }
  load.go()
  const seen = await load.done()
  const after = { ...usage(ground.server().pid!), database: databaseCpu(postmaster) }
  const stored = await storedOf(checkpointId)
  const acked = requests.filter((_, at) => seen.ackedAt[at]! > 0)
  const lost = acked.filter(({ arrivalId }) => !stored.has(arrivalId)).length
  const perSecond = Math.round((1000 * acked.length) / (seen.endedAt - seen.startedAt))
  const p99Ms = percentile(seen.tookMs, 0.99)
  if (Object.keys(seen.refused).length > 0) console.log('refused', seen.refused)
  return {
    result: {
      bench: 'checkin',
      case: 'one-per-request',
      pass: acked.length === requests.length && lost === 0 && perSecond >= budget.perSecond && p99Ms < budget.p99Ms,
      n: acked.length,
      perSecond,
      p50Ms: percentile(seen.tookMs, 0.5),
      p99Ms,
      lost,
      cpuSeconds: Math.round(100 * (after.cpuSeconds - before.cpuSeconds)) / 100,
      databaseCpuSeconds: Math.round(100 * (after.database - before.database)) / 100,
      phonesCpuSeconds: Math.round(100 * seen.cpuSeconds) / 100,
      rssMb: after.rssMb,
    },
    budget: `≥ ${budget.perSecond}/s, p99 < ${budget.p99Ms} ms, 0 lost`,
  }
}

/** In the middle of the storm the web process is killed, a little later PostgreSQL; the phones go on. */
async function kill() {
  const checkpointId = ground.checkpointIds[1]!
  const requests = requestsOf(ground, checkpointId, ownTick)
  const load = await phones(
    ground,
    ground.port,
    requests.map(({ line }) => line),
    { patient: true },
  )
  load.go()
  await wait(1_500)
  process.kill(ground.server().pid!, 'SIGKILL')
  await ground.startServer()
  await wait(1_500)
  const postmaster = await postmasterOf(ground)
  process.kill(postmaster, 'SIGKILL')
  const seen = await load.done()
  const after = usage(ground.server().pid!)
  const stored = await storedOf(checkpointId)
  const acked = requests.filter((_, at) => seen.ackedAt[at]! > 0)
  const lost = acked.filter(({ arrivalId }) => !stored.has(arrivalId)).length
  if (Object.keys(seen.refused).length > 0) console.log('refused', seen.refused)
  return {
    result: {
      bench: 'checkin',
      case: 'kill',
      pass: lost === 0 && acked.length === requests.length && stored.size === requests.length,
      n: acked.length,
      perSecond: Math.round((1000 * acked.length) / (seen.endedAt - seen.startedAt)),
      p99Ms: percentile(seen.tookMs, 0.99),
      lost,
      twice: stored.size - new Set(requests.map(({ arrivalId }) => arrivalId)).size,
      brokenLines: seen.broken,
      ...after,
    },
    budget: '0 lost, all arrive',
  }
}
/** The same phones against a route that does nothing but parse, read a cookie and share commits. */
async function bareRoute() {
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'load/bareRoute.ts'), String(port), ground.url],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const requests = requestsOf(ground, ground.checkpointIds[2]!, ownTick)
  const load = await phones(
    ground,
    port,
    requests.map(({ line }) => line),
  )
  load.go()
  const seen = await load.done()
  const { cpuSeconds, rssMb } = usage(child.pid!)
  child.kill()
  const acked = seen.ackedAt.filter((at) => at > 0).length
  return {
    result: {
      bench: 'checkin',
      case: 'bare-fastify',
      pass: true,
      n: acked,
      perSecond: Math.round((1000 * acked) / (seen.endedAt - seen.startedAt)),
      p50Ms: percentile(seen.tookMs, 0.5),
      p99Ms: percentile(seen.tookMs, 0.99),
      lost: 0,
      cpuSeconds,
      rssMb,
    },
    budget: 'beside',
  }
}
/** Shared commits alone: no HTTP, no cookie, no rule. */
async function bareInsert() {
  await ground.pool.query('create table bench_insert (id uuid primary key, person_id uuid, at timestamptz)')
  const batcher = openBatcher<string, boolean>(async (ids) => {
    await ground.pool.query({
      name: 'bench',
      text: 'insert into bench_insert select id, id, now() from unnest($1::uuid[]) as g (id)',
      values: [ids],
    })
    return ids.map(() => true)
  })
  const n = ground.summoned.length
  const began = performance.now()
  for (let at = 0; at < n; at += 16_384)
    await Promise.all(Array.from({ length: Math.min(16_384, n - at) }, () => batcher.add(newId())))
  return {
    result: {
      bench: 'checkin',
      case: 'bare-insert',
      pass: true,
      n,
      perSecond: Math.round((1000 * n) / (performance.now() - began)),
      lost: 0,
    },
    budget: 'beside',
  }
}
