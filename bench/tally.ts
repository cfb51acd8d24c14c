// How far the board is behind the halls: 64,809 scan the code of their hall, 236 sites, one board over the live channel.
import http from 'node:http'
import { cookieName, createStaff, grant, sessionCookie } from '../src/features/access/server/index.ts'
import { hallCodeSeconds } from '../src/features/attendance/rules.ts'
import { hallCode } from '../src/features/attendance/server/doors.ts'
import { places } from '../src/features/organisation/server/index.ts'
import { machine } from '../src/platform/rights.ts'
import type { Desk } from '../src/platform/server/desk.ts'
import { openLive } from '../src/platform/server/live.ts'
import { perform } from '../src/platform/server/operate.ts'
import { type Case, tell } from './conditions.ts'
import { openGround, percentile, phones, requestsOf, usage, warm } from './load/ground.ts'

const budgetMs = 1_000

const ground = await openGround('tally')
const rows: { result: Case; budget: string }[] = []
try {
  await ground.startServer()
  rows.push(await storm())
  tell(rows, { ...ground.versions, people: String(ground.summoned.length), sites: '236' })
} finally {
  await ground.stopServer()
  await ground.close()
}

async function storm() {
  const [checkpointId] = ground.checkpointIds as [string]
  await warm(ground, ground.checkpointIds[2]!)
  const cookie = await organiser()
  const step = Math.floor(Date.now() / 1000 / hallCodeSeconds)
  const codes = new Map<string, string>()
  const codeOf = (siteId: string) => {
    const known = codes.get(siteId) ?? hallCode(ground.secret, ground.conferenceId, siteId, step)
    codes.set(siteId, known)
    return known
  }
  const requests = requestsOf(ground, checkpointId, (siteId) => ({
    evidence: 'ownScan',
    siteId,
    proof: codeOf(siteId),
  }))
  const load = await phones(
    ground,
    ground.port,
    requests.map(({ line }) => line),
  )
  const board = await watch(cookie, checkpointId)
  const before = usage(ground.server().pid!)
  load.go()
  const seen = await load.done()
  const acks = seen.ackedAt.filter((at) => at > 0).sort((one, other) => one - other)
  await board.reaches(acks.length, 10_000)
  const after = usage(ground.server().pid!)
  board.close()
  if (Object.keys(seen.refused).length > 0) console.log('refused', seen.refused)
  // The k-th arrival is on the board with the first frame that counts k people.
  let frame = 0
  const behind = acks.map((ackedAt, at) => {
    while (frame < board.frames.length && board.frames[frame]!.present < at + 1) frame++
    return Math.max(0, (board.frames[frame]?.at ?? Number.POSITIVE_INFINITY) - ackedAt)
  })
  const p99Ms = percentile(behind, 0.99)
  const last = board.frames.at(-1)
  return {
    result: {
      bench: 'tally',
      case: 'storm',
      pass: p99Ms < budgetMs && last?.present === requests.length && last.sites === 236 && last.sum === last.present,
      n: acks.length,
      perSecond: Math.round((1000 * acks.length) / (seen.endedAt - seen.startedAt)),
      p50Ms: percentile(behind, 0.5),
      p99Ms,
      lastMs: Math.round(behind.at(-1) ?? 0),
      frames: board.frames.length,
      lost: requests.length - (last?.present ?? 0),
      cpuSeconds: Math.round(100 * (after.cpuSeconds - before.cpuSeconds)) / 100,
      rssMb: after.rssMb,
    },
    budget: `p99 < ${budgetMs} ms, 236 sites`,
  }
}

/** An organiser of the province, signed in. */
async function organiser(): Promise<string> {
  const desk: Desk = {
    db: ground.db,
    pool: ground.pool,
    databaseUrl: ground.url,
    live: openLive(),
    secret: ground.secret,
    dataDir: ground.dataDir,
    baseUrl: '',
    demo: false,
    places,
  }
  const hands = { actor: machine(0), now: new Date() }
  const { userId } = await perform(desk, createStaff, { ...hands, input: { userName: 'to.chuc', name: 'Ban tổ chức' } })
  await perform(desk, grant, {
    ...hands,
    input: { userId, role: 'organiser', kind: 'unit', scopeId: ground.rootId, from: '2020-01-01', reason: 'bench' },
  })
  const line = await sessionCookie(desk, { userName: 'to.chuc' }, new Date())
  return line.startsWith(cookieName) ? line : `${cookieName}=${line}`
}

type Frame = { at: number; present: number; sites: number; sum: number }
async function watch(cookie: string, checkpointId: string) {
  const frames: Frame[] = []
  const request = http.get({
    host: '127.0.0.1',
    port: ground.port,
    path: `/live/attendance.tally?checkpointId=${checkpointId}&conferenceId=${ground.conferenceId}`,
    headers: { cookie, accept: 'text/event-stream' },
  })
  const response = await new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve))
  if (response.statusCode !== 200) throw new Error(`the board answered ${response.statusCode}`)
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (part: string) => {
    const at = performance.timeOrigin + performance.now()
    const blocks = (rest + part).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').find((one) => one.startsWith('data: '))
      if (!data) continue
      const { totals, sites } = JSON.parse(data.slice(6))
      const sum = sites.reduce((all: number, one: { present: number }) => all + one.present, totals.onDevices)
      frames.push({ at, present: totals.present, sites: sites.length, sum })
    }
  })
  return {
    frames,
    close: () => request.destroy(),
    reaches: async (present: number, limitMs: number) => {
      const until = Date.now() + limitMs
      while ((frames.at(-1)?.present ?? 0) < present && Date.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 20))
    },
  }
}
