// One snapshot to 95,000 viewers: how long until each of them has read it, and whether anybody misses one.
//   BENCH_VIEWERS=20000 BENCH_FANOUT=message,click npm run bench fanout     a smaller crowd, only some cases
import { fork } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { cookieName, createStaff, grant, mintCookie, sessionCookie } from '../src/features/access/server/index.ts'
import { places } from '../src/features/conferences/server/index.ts'
import { newId } from '../src/kernel/id.ts'
import { machine } from '../src/platform/rights.ts'
import type { Desk } from '../src/platform/server/desk.ts'
import { openLive, staleChannel } from '../src/platform/server/live.ts'
import { descriptorLimit, processesFor } from '../src/platform/server/liveProcesses.ts'
import { perform } from '../src/platform/server/operate.ts'
import { freePort } from '../tests/fixtures/freePort.ts'
import { type Case, tell } from './conditions.ts'
import { buildCrowd, type Crowd, openCrowd } from './load/fanout/crowd.ts'
import { answers, openGround, percentile, usage } from './load/ground.ts'

const viewers = Number(process.env.BENCH_VIEWERS ?? 95_000)
const wantedCases = (process.env.BENCH_FANOUT ?? 'message,click,hold,bare').split(',')
const budget = { p99Ms: 1_100, rssMb: 700 }
const messages = 8
const clicks = 8
const restMs = 2_500
const holdSeconds = 120
const holdEveryMs = 4_000
const reachLimitMs = 20_000
const marker = '"page":'
const firstPage = 101
const most = messages + clicks + Math.ceil((holdSeconds * 1000) / holdEveryMs) + 4

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const now = () => performance.timeOrigin + performance.now()
const program = buildCrowd()
const processes = processesFor(viewers, descriptorLimit())
const rows: { result: Case; budget: string }[] = []
let frame = ''

const ground = await openGround('fanout')
let crowd: Crowd | undefined
let crowdMs = 0
try {
  const livePort = await freePort()
  const sessionId = await prepareStage()
  const director = await directorOf()
  await ground.startServer({ LIVE_VIEWERS: String(viewers), LIVE_PORT: String(livePort), STAGE_INSTALL: 'off' })
  await answers(livePort, '/healthz', 30)
  await lightsListen()
  const plan = { viewers, marker, first: firstPage, most }
  const address = `/live/stage.show?sessionId=${sessionId}`
  crowd = await openCrowd(program, { ...plan, port: livePort, address, cookies: members() })
  crowdMs = crowd.openedMs
  if (crowd.opened < viewers) throw new Error(`only ${crowd.opened} of ${viewers} came in`)
  frame = await stateOf(livePort, sessionId)
  let page = firstPage
  const sent: { name: string; pages: { page: number; at: number }[]; used: Used }[] = []
  const run = async (name: string, turn: (page: number) => Promise<number>, count: number, everyMs: number) => {
    if (!wantedCases.includes(name)) return
    await wait(restMs)
    const before = used()
    const pages: { page: number; at: number }[] = []
    for (let nth = 0; nth < count; nth++) {
      const at = await turn(page)
      pages.push({ page, at })
      const until = Date.now() + everyMs
      await crowd!.reached(page, reachLimitMs)
      page++
      await wait(Math.max(0, until - Date.now()))
    }
    sent.push({ name, pages, used: since(before) })
  }
  await run('message', (to) => commitPage(sessionId, to), messages, restMs)
  await run('click', (to) => click(sessionId, director, to), clicks, restMs)
  await run('hold', (to) => commitPage(sessionId, to), (holdSeconds * 1000) / holdEveryMs, holdEveryMs)
  const { moments, closed } = await crowd.end()
  crowd = undefined
  for (const { name, pages, used: spent } of sent) rows.push(judged(name, pages, moments, closed, spent))
  await ground.stopServer()
  if (wantedCases.includes('bare')) rows.push(await bare())
  tell(rows, {
    ...ground.versions,
    processes: String(processes),
    'descriptor limit': String(descriptorLimit()),
    'bytes a snapshot': String(Buffer.byteLength(frame)),
    'all came in within': `${(crowdMs / 1000).toFixed(1)} s`,
  })
} finally {
  crowd?.kill()
  await ground.stopServer()
  await ground.close()
}

function judged(
  name: string,
  pages: readonly { page: number; at: number }[],
  moments: readonly Float64Array[],
  closed: number,
  spent: { cpuSeconds: number; rssMb: number } & Record<string, number>,
) {
  const took: number[] = []
  let lost = 0
  for (const { page, at } of pages)
    for (const moment of moments[page - firstPage]!)
      if (moment === 0) lost++
      else took.push(moment - at)
  const p99Ms = percentile(took, 0.99)
  const { cpuSeconds, ...rest } = spent
  return {
    result: {
      bench: 'fanout',
      case: name,
      pass: lost === 0 && closed === 0 && (name === 'bare' || (p99Ms <= budget.p99Ms && spent.rssMb <= budget.rssMb)),
      n: pages.length,
      viewers,
      p50Ms: percentile(took, 0.5),
      p99Ms,
      maxMs: percentile(took, 1),
      lost,
      closed,
      cpuSeconds,
      cpuSecondsEach: Math.round((100 * cpuSeconds) / pages.length) / 100,
      ...rest,
    },
    budget: name === 'bare' ? 'beside' : `p99 ≤ ${budget.p99Ms} ms, 0 lost, ≤ ${budget.rssMb} MB`,
  }
}

// ── what the light processes and their parent cost ───────────────────────────
type Used = ReturnType<typeof used>
function lights(): number[] {
  const parent = ground.server().pid!
  const children = fs.readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
  return children
    .filter((pid) => pid !== '' && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('apps/live/main.ts'))
    .map(Number)
}
function used() {
  const each = lights().map(usage)
  return {
    cpuSeconds: each.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    rssMb: each.reduce((sum, { rssMb }) => sum + rssMb, 0),
    serverCpuSeconds: usage(ground.server().pid!).cpuSeconds,
    serverRssMb: usage(ground.server().pid!).rssMb,
  }
}
function since(before: Used): Used {
  const after = used()
  const spent = (later: number, earlier: number) => Math.round(100 * (later - earlier)) / 100
  return {
    ...after,
    cpuSeconds: spent(after.cpuSeconds, before.cpuSeconds),
    serverCpuSeconds: spent(after.serverCpuSeconds, before.serverCpuSeconds),
  }
}
async function lightsListen() {
  for (let tries = 0; lights().length < processes && tries < 200; tries++) await wait(50)
  // Each says so to its parent; one that answers while another does not yet listen would be given all who come.
  await wait(1_000)
}

// ── the session, its deck, its people ────────────────────────────────────────
async function prepareStage(): Promise<string> {
  const { db, conferenceId } = ground
  const at = new Date()
  const { rows: sessions } = await sql<{
    id: string
  }>`select id from conference_session where conference_id = ${conferenceId} order by position`.execute(db)
  const sessionId = sessions[0]!.id
  const [materialId, versionId] = [newId(), newId()]
  await sql`insert into material (id, conference_id, kind, title, created_at, created_by)
    values (${materialId}, ${conferenceId}, 'slides', 'Chuyên đề 1', ${at}, 'bench')`.execute(db)
  await sql`insert into material_version (id, material_id, version, file_id, file_name, bytes, media_type, state, pages, pages_done, width, height, at, by_actor)
    values (${versionId}, ${materialId}, 1, 'bench', 'chuyen-de-1.pdf', 1000000, 'application/pdf', 'ready', ${firstPage + most}, ${firstPage + most}, 1280, 720, ${at}, 'bench')`.execute(
    db,
  )
  await sql`insert into material_page (version_id, page, file_id, small_file_id, width, height)
    select ${versionId}, page, 'bench', 'bench', 1280, 720 from generate_series(1, ${firstPage + most}::int) as g (page)`.execute(
    db,
  )
  await sql`insert into stage (session_id, conference_id, room, state, opened_at, on_air_at, take_no, source, deck_version_id, deck_page, deck_at)
    values (${sessionId}, ${conferenceId}, ${`bench-${sessionId}`}, 'onAir', ${at}, ${at}, 1, '{"kind":"slides"}', ${versionId}, 1, ${at})`.execute(
    db,
  )
  return sessionId
}
/** Somebody's own cookie for each viewer, as far as there are people. */
function members(): string[] {
  const at = new Date()
  return ground.summoned.map(
    ({ personId }) =>
      `${cookieName}=${mintCookie(ground.secret, { kind: 'member', personId, campaignId: ground.campaignId, assurance: 'entered', signInId: newId() }, at)}`,
  )
}
async function directorOf(): Promise<string> {
  const desk: Desk = {
    ...{ db: ground.db, pool: ground.pool, databaseUrl: ground.url, live: openLive(), secret: ground.secret },
    ...{ dataDir: ground.dataDir, baseUrl: '', demo: false, places },
  }
  const hands = { actor: machine(0), now: new Date() }
  const { userId } = await perform(desk, createStaff, { ...hands, input: { userName: 'dao.dien', name: 'Đạo diễn' } })
  const scope = { kind: 'conference', scopeId: ground.conferenceId, from: '2020-01-01', reason: 'bench' }
  await perform(desk, grant, { ...hands, input: { userId, role: 'director', ...scope } })
  const line = await sessionCookie(desk, { userName: 'dao.dien' }, new Date())
  return line.startsWith(cookieName) ? line : `${cookieName}=${line}`
}

/** A change by another process: the moment of its commit; then that process says what became stale. */
async function commitPage(sessionId: string, page: number): Promise<number> {
  await sql`update stage set deck_page = ${page}, deck_at = now() where session_id = ${sessionId}`.execute(ground.db)
  const at = now()
  await ground.pool.query('select pg_notify($1, $2)', [staleChannel, `!stage.show?sessionId=${sessionId}`])
  return at
}
/** The speaker's click, by the operation her lectern calls: the moment of the click itself. */
async function click(sessionId: string, cookie: string, page: number): Promise<number> {
  const { rows: deck } = await sql<{
    id: string
  }>`select deck_version_id as id from stage where session_id = ${sessionId}`.execute(ground.db)
  const at = now()
  const answer = await fetch(`http://127.0.0.1:${ground.port}/api/stage/showSlide`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({
      sessionId,
      versionId: deck[0]!.id,
      page,
      clickNo: page,
      claimedAt: new Date().toISOString(),
    }),
  })
  if (!answer.ok) throw new Error(`showSlide: ${answer.status} ${await answer.text()}`)
  return at
}
async function stateOf(livePort: number, sessionId: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${livePort}/live/stage.show/state.json?sessionId=${sessionId}`, {
    headers: { cookie: members()[0]! },
  })
  return JSON.stringify(((await answer.json()) as { snapshot: unknown }).snapshot)
}

/** The same bytes to as many raw sockets in as many processes. */
async function bare() {
  const port = await freePort()
  const script = path.join(import.meta.dirname, 'load/fanout/bare.ts')
  const children = Array.from({ length: processes }, () =>
    fork(script, [String(port)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  )
  try {
    await Promise.all(children.map((child) => new Promise((resolve) => child.once('message', resolve))))
    const bodyOf = (page: number) => frame.replace(/"page":\d+/, `"page":${page}`)
    for (const child of children) child.send({ body: bodyOf(1) })
    crowd = await openCrowd(program, {
      port,
      viewers,
      address: '/',
      cookies: [],
      marker,
      first: firstPage,
      most: messages,
    })
    await wait(restMs)
    const all = () => children.map(({ pid }) => usage(pid!))
    const cpu = () => all().reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
    const before = cpu()
    const pages: { page: number; at: number }[] = []
    for (let page = firstPage; page < firstPage + messages; page++) {
      pages.push({ page, at: now() })
      for (const child of children) child.send({ push: bodyOf(page) })
      await crowd.reached(page, reachLimitMs)
      await wait(restMs)
    }
    const cpuSeconds = Math.round(100 * (cpu() - before)) / 100
    const rssMb = all().reduce((sum, one) => sum + one.rssMb, 0)
    const { moments, closed } = await crowd.end()
    crowd = undefined
    return judged('bare', pages, moments, closed, { cpuSeconds, rssMb })
  } finally {
    for (const child of children) child.kill()
  }
}
