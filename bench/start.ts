// From the command to the first page: warm, in an empty folder, and the whole demo.
//   BENCH_START=warm,demo npm run bench start     only some cases
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { removeCluster } from '../src/platform/server/supervisor.ts'
import { freePort } from '../tests/fixtures/freePort.ts'
import { type Case, tell } from './conditions.ts'

const root = path.resolve(import.meta.dirname, '..')
const work = fs.mkdtempSync(path.join(root, 'data', 'bench-start-'))
fs.chmodSync(work, 0o755)
const cases = (process.env.BENCH_START ?? 'warm,empty,demo').split(',')
const budgetSeconds = { warm: 2, empty: 90, demo: 180 }
const rows: { result: Case; budget: string }[] = []

try {
  if (cases.includes('warm')) rows.push(await warm())
  if (cases.includes('empty')) rows.push(await empty())
  if (cases.includes('demo')) rows.push(await demo())
} finally {
  fs.rmSync(work, { recursive: true, force: true })
}
tell(rows)

/** The middle one of five, each from the command to the first page of the application. */
async function warm() {
  const dataDir = path.join(work, 'warm')
  const first = await start(root, dataDir)
  await first.answers('/readyz', 300)
  await first.stop()
  const seconds: number[] = []
  for (let run = 0; run < 5; run++) {
    const it = await start(root, dataDir)
    await it.answers('/readyz', 60)
    await it.answers('/', 60)
    seconds.push(it.seconds())
    await it.stop()
  }
  await removeCluster(dataDir)
  return judged('warm', seconds.length, seconds.sort((a, b) => a - b)[2]!, { worstSeconds: round(seconds.at(-1)!) })
}

/** A clone with nothing installed, no built pages, no data; the packages come from wherever npm takes them. */
async function empty() {
  const clone = path.join(work, 'clone')
  spawnSync('git', ['clone', '--quiet', root, clone], { stdio: 'inherit' })
  const it = await start(clone, path.join(clone, 'data'))
  await it.answers('/readyz', 300)
  await it.answers('/', 60)
  const seconds = it.seconds()
  await it.stop()
  await removeCluster(path.join(clone, 'data'))
  return judged('empty', 1, seconds)
}

/** From the first page, which shows progress, to a demo that is ready in full; its row is what the province reported. */
async function demo() {
  const dataDir = path.join(work, 'demo')
  const it = await start(root, dataDir, ['--demo'])
  await it.answers('/', 300)
  const firstPage = it.seconds()
  await it.answers('/readyz', 600)
  const seconds = it.seconds() - firstPage
  const wrong = differing(figuresOf(dataDir))
  await it.stop()
  await removeCluster(dataDir)
  const { result, budget } = judged('demo', 1, seconds, { firstPageSeconds: round(firstPage) })
  return { result: { ...result, pass: result.pass && wrong.length === 0, wrong: wrong.join(' ') }, budget }
}
type Row = Record<string, unknown> & { ratios: Record<string, { text: string }>; children: Record<string, number>[] }
function figuresOf(dataDir: string): Row {
  const { DATABASE_URL: _, ...env } = process.env
  const { stdout } = spawnSync('node', ['start.mjs', 'cli', 'figures', '--campaign', 'demo', '--demo', '--json'], {
    cwd: root,
    env: { ...env, DATA_DIR: dataDir },
    encoding: 'utf8',
    maxBuffer: 16_777_216,
  })
  return JSON.parse(stdout)
}
/** Names of the figures that are not as the province reported them, or that its parts do not add up to. */
function differing({ ratios, children, ...row }: Row): string[] {
  const reported = {
    inScope: 97_319,
    summoned: 64_809,
    sites: 236,
    attended: 62_221,
    attendedAtSites: 62_221,
    makeupSessions: 230,
    madeUp: 8_540,
    covered: 70_761,
    booked: 0,
    left: 26_558,
  }
  const printed = { attendedOfSummoned: '96,0%', attendedOfInScope: '63,9%', coveredOfInScope: '72,7%' }
  return [
    ...Object.entries(reported).flatMap(([name, n]) =>
      row[name] === n && children.reduce((sum, child) => sum + child[name]!, 0) === n ? [] : [name],
    ),
    ...Object.entries(printed).flatMap(([name, text]) => (ratios[name]?.text === text ? [] : [name])),
  ]
}

function judged(name: keyof typeof budgetSeconds, n: number, seconds: number, more: Record<string, number> = {}) {
  const pass = seconds <= budgetSeconds[name]
  return {
    result: { bench: 'start', case: name, pass, n, seconds: round(seconds), ...more },
    budget: `≤ ${budgetSeconds[name]} s`,
  }
}

async function start(folder: string, dataDir: string, args: string[] = []) {
  const port = await freePort()
  const began = performance.now()
  const { DATABASE_URL: _, NODE_COMPILE_CACHE: __, ...env } = process.env
  const child: ChildProcess = spawn('node', ['start.mjs', ...args], {
    cwd: folder,
    env: { ...env, PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    seconds: () => (performance.now() - began) / 1000,
    answers: async (address: string, limitSeconds: number) => {
      const until = Date.now() + limitSeconds * 1000
      for (;;) {
        const answer = await fetch(`http://127.0.0.1:${port}${address}`).catch(() => undefined)
        await answer?.arrayBuffer()
        if (answer?.ok) return
        if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
        if (Date.now() > until) throw new Error(`${address} did not answer in ${limitSeconds} s`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function round(seconds: number) {
  return Math.round(seconds * 100) / 100
}
