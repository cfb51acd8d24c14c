// How many the stage carries: halls that receive 720p and sound, a province that is joined, and everybody back after a kill.
//   BENCH_SECONDS=600 npm run bench stage          each case for ten minutes
//   BENCH_STAGE=halls,joined,killed,bare npm run bench stage     only some cases
// Load and media server share the cores. The client is bench/load/stage, in Go: pages of a browser would measure themselves.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import type { PartKind } from '../src/features/stage/contract.ts'
import { findLiveKit, sharedFolder } from '../src/features/stage/media/index.ts'
import { openTestMedia, passFor, type SeededPart, seedStage } from '../src/features/stage/media/testing.ts'
import { newId } from '../src/kernel/id.ts'
import { removeCluster, startPostgres } from '../src/platform/server/supervisor.ts'
import { type Case, tell } from './conditions.ts'
import { percentile, usage } from './load/ground.ts'

const root = path.resolve(import.meta.dirname, '..')
const cases = (process.env.BENCH_STAGE ?? 'bare,joined0,halls,joined,killed').split(',')
const seconds = Number(process.env.BENCH_SECONDS ?? 60)
const hallCount = 100
const siteCount = 236
const onStage = 24
const tileCount = 24
/** What one 720p speaker sends a second, with sound: 25 frames of 7 packets, 50 of sound, larger frames now and then. */
const packetsPerSecond = 230
const backLimitMs = 20_000

const client = buildClient()
const found = await findLiveKit(sharedFolder(path.join(root, 'data')))
if (!found) {
  console.error('No LiveKit on this machine: start the server once, it brings it (a bench fetches nothing)')
  process.exit(2)
}
fs.mkdirSync(path.join(root, 'data'), { recursive: true })
const folder = fs.mkdtempSync(path.join(root, 'data', 'bench-stage-'))
const cluster = await startPostgres({ dataDir: folder })
process.env.TEST_DATABASE_URL = cluster.url
const { openProvince } = await import('../tests/fixtures/province.ts')
const place = await openProvince()
const { conferenceId } = await place.study()
const media = await openTestMedia(place.desk, { stageInstall: 'off' })
const rows: { result: Case; budget: string }[] = []
try {
  if (cases.includes('bare')) rows.push(await bare())
  if (cases.includes('joined0')) rows.push(await joinedWithoutMedia())
  if (cases.includes('halls')) rows.push(await halls())
  if (cases.includes('joined')) rows.push(await joined())
  if (cases.includes('killed')) rows.push(await killed())
  tell(rows, { livekit: found.from, seconds: String(seconds) })
} finally {
  await media.stop()
  await place.desk.close()
  await cluster.stop()
  await removeCluster(folder)
}

/** The same packets by the kernel alone: one call each, nothing encrypted, nobody asked. */
async function bare() {
  const sink = run(['sink', String(hallCount)])
  const { ports } = await sink.says('ports')
  const forward = run(['forward'])
  forward.write({ ports, packetsPerSecond, bytes: 1000, seconds: Math.min(seconds, 20) })
  const sent = await forward.says('forwarded')
  sink.line('end')
  const { received } = await sink.says('sunk')
  const lost = Number(sent.sent) - Number(received)
  return {
    result: {
      bench: 'stage',
      case: 'bareForward',
      pass: true,
      n: Number(sent.sent),
      viewers: hallCount,
      lost,
      cpuSeconds: aMinute(Number(sent.cpuSeconds), Number(sent.seconds)),
    },
    budget: 'the limit: UDP alone',
  }
}

/** Everybody is there and nobody sends: what the lines alone cost. */
async function joinedWithoutMedia() {
  const it = await enter(
    Array.from({ length: siteCount }, () => ({ kind: 'site' as const, publish: '', subscribe: false })),
  )
  const { report, cpuSeconds, rssMb } = await it.measure(Math.min(seconds, 30))
  await it.leave()
  const lost = Number(report.outages) + it.refused
  return {
    result: {
      bench: 'stage',
      case: 'joinedNoMedia',
      pass: lost === 0,
      n: siteCount,
      viewers: siteCount,
      lost,
      cpuSeconds,
      rssMb,
    },
    budget: 'the limit: no media',
  }
}

/** One speaker in 720p with sound, a hundred halls that receive both. */
async function halls() {
  const it = await enter([
    { kind: 'speaker', publish: 'speaker', subscribe: false },
    ...Array.from({ length: hallCount }, () => ({ kind: 'site' as const, publish: '', subscribe: true })),
  ])
  const { report, cpuSeconds, rssMb } = await it.measure(seconds)
  await it.leave()
  const whole = wholeness(report)
  return {
    result: {
      bench: 'stage',
      case: 'halls100',
      pass: whole.good && cpuSeconds <= 25,
      n: Number(report.received),
      p99Ms: Number(report.p99Ms),
      viewers: hallCount,
      ...whole.numbers,
      cpuSeconds,
      clientCpuSeconds: aMinute(Number(report.clientCpuSeconds), Number(report.seconds)),
      rssMb,
    },
    budget: '0 lost, ≤ 25 CPU s a minute',
  }
}

/** The whole province is joined: 24 on the stage receive everything, 24 others show their hall, the rest only hold the line. */
async function joined() {
  const it = await enter(province())
  const { report, cpuSeconds, rssMb } = await it.measure(seconds)
  await it.leave()
  const whole = wholeness(report)
  return {
    result: {
      bench: 'stage',
      case: 'joined236',
      pass: whole.good,
      n: Number(report.received),
      p99Ms: Number(report.p99Ms),
      viewers: siteCount,
      onStage,
      tiles: tileCount,
      ...whole.numbers,
      cpuSeconds,
      rssMb,
    },
    budget: '236 joined, 0 lost',
  }
}

/** Without a warning, in the middle of it; counted from the kill until the last one is in again, with media where it had media. */
async function killed() {
  const it = await enter(province())
  const killedAt = Date.now()
  process.kill(media.pid()!, 'SIGKILL')
  const took = await it.back(siteCount, 2 * backLimitMs, killedAt)
  const { report, cpuSeconds, rssMb } = await it.measure(5)
  await it.leave()
  const lost = siteCount - took.length
  const slowest = Math.max(...took, 0)
  return {
    result: {
      bench: 'stage',
      case: 'killed236',
      pass: lost === 0 && slowest <= backLimitMs && Number(report.silent) === 0,
      n: took.length,
      p50Ms: percentile(took, 0.5),
      p99Ms: percentile(took, 0.99),
      slowestMs: slowest,
      viewers: siteCount,
      lost,
      cpuSeconds,
      rssMb,
    },
    budget: '236 back within 20 s',
  }
}

type Member = { kind: PartKind; publish: string; subscribe: boolean }
function province(): Member[] {
  const site = (publish: string, subscribe: boolean): Member => ({ kind: 'site', publish, subscribe })
  return [
    { kind: 'speaker', publish: 'speaker', subscribe: false },
    ...Array.from({ length: onStage - 1 }, () => site('', true)),
    ...Array.from({ length: tileCount }, () => site('tile', false)),
    ...Array.from({ length: siteCount - onStage - tileCount }, () => site('', false)),
  ]
}
/** What did not come, whoever fell out, and whoever hears nothing though she should. */
function wholeness(report: Said) {
  const lost = Number(report.lost)
  const numbers = { lost, frozen: Number(report.frozen), outages: Number(report.outages), mbit: mbit(report) }
  return { good: lost === 0 && numbers.outages === 0 && Number(report.silent) === 0, numbers }
}
function mbit({ bytes, seconds: over }: Said): number {
  return Math.round((Number(bytes) * 8) / Number(over) / 1e5) / 10
}
function aMinute(used: number, over: number): number {
  return Math.round((used * 6000) / over) / 100
}

/** Seats these members on a fresh stage and waits until all of them are really in. */
async function enter(members: readonly Member[]) {
  await sql`truncate stage, stage_part cascade`.execute(place.desk.db)
  const stage = await seedStage(place.desk, { conferenceId, kinds: members.map(({ kind }) => kind) })
  const shown = stage.parts.filter((_, at) => members[at]!.publish === 'tile').map(({ partId }) => partId)
  await sql`update stage_part set microphone = kind = 'speaker', picture = part_id = any(${shown}::uuid[])`.execute(
    place.desk.db,
  )
  await media.server.ensureRoom(stage.room)
  const load = run(['join'])
  const token = (part: SeededPart) => passFor(place.desk, media, { room: stage.room, part })
  const clients = await Promise.all(
    members.map(async ({ publish, subscribe }, at) => ({
      identity: stage.parts[at]!.partId,
      token: await token(stage.parts[at]!),
      publish,
      subscribe,
    })),
  )
  load.write({ url: `ws://127.0.0.1:${media.port}`, joinPerSecond: 20, clients })
  const { seconds: joinSeconds } = await load.says('joined', 180_000)
  console.log(`${members.length} joined in ${Number(joinSeconds).toFixed(1)} s`)
  await pause(3000)
  return {
    refused: 0,
    measure: async (forSeconds: number) => {
      const pid = media.pid()!
      const before = usage(pid)
      load.line('measure')
      await pause(forSeconds * 1000)
      load.line('report')
      const report = await load.says('report')
      const after = usage(pid)
      return { report, cpuSeconds: aMinute(after.cpuSeconds - before.cpuSeconds, forSeconds), rssMb: after.rssMb }
    },
    /** Milliseconds from `since` until each was in again. */
    back: async (count: number, limitMs: number, since: number): Promise<number[]> => {
      const until = Date.now() + limitMs
      while (load.all('back').length < count && Date.now() < until) await pause(50)
      return load.all('back').map(({ atMs }) => Number(atMs) - since)
    },
    leave: async () => {
      load.line('end')
      await load.ended
      await media.server.closeRoom(stage.room)
    },
  }
}

type Said = Record<string, unknown>
/** The client as a conversation: one JSON object a line, either way. */
function run(args: string[]) {
  const child: ChildProcess = spawn(client, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const said: Said[] = []
  createInterface({ input: child.stdout! }).on('line', (line) => said.push(JSON.parse(line)))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  process.once('exit', () => child.kill('SIGKILL'))
  return {
    ended,
    all: (event: string) => said.filter((one) => one.event === event),
    line: (text: string) => void child.stdin!.write(`${text}\n`),
    write: (plan: object) => void child.stdin!.write(`${JSON.stringify(plan)}\n`),
    says: async (event: string, limitMs = 60_000): Promise<Said> => {
      const until = Date.now() + limitMs + seconds * 1000
      for (;;) {
        const at = said.findIndex((one) => one.event === event)
        if (at >= 0) return said.splice(at, 1)[0]!
        if (child.exitCode !== null) throw new Error(`the client ended with ${child.exitCode}`)
        if (Date.now() > until) {
          child.kill('SIGKILL')
          throw new Error(`the client never said «${event}»`)
        }
        await pause(20)
      }
    },
  }
}
function buildClient(): string {
  const file = path.join(root, 'data/cache', `stage-load-${newId().slice(0, 8)}`)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const go = ['go', '/usr/local/go/bin/go'].find((one) => spawnSync(one, ['version']).status === 0)
  const built =
    go !== undefined &&
    spawnSync(go, ['build', '-trimpath', '-o', file, '.'], {
      cwd: path.join(root, 'bench/load/stage'),
      stdio: 'inherit',
    })
  if (built === false || built.status !== 0) {
    console.error('This bench needs Go 1.26 to build its client (bench/load/stage)')
    process.exit(2)
  }
  process.once('exit', () => fs.rmSync(file, { force: true }))
  return file
}
function pause(ms: number) {
  return new Promise<void>((resolve) => setTimeout(resolve, ms))
}
