// All that guards the product, one runner after another, and one plain line at the end: «N passed, N failed».
//   npm test                      everything
//   npm run check                 types, style, words, architecture; no database
//   npm test -- --only unit src/features/attendance      one part, or some files of it
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bringLiveKit, sharedFolder } from '../src/features/stage/media/index.ts'
import { formatClock } from '../src/kernel/time.ts'
import { removeCluster, startPostgres } from '../src/platform/server/supervisor.ts'
import { freePort } from '../tests/fixtures/freePort.ts'
import { bringChromium } from './chromium.ts'

type Counts = { passed: number; failed: number; skipped: number }
const root = path.resolve(import.meta.dirname, '..')
const part = process.argv[2] === '--only' ? process.argv[3] : undefined
const wantedFiles = process.argv.slice(part ? 4 : 2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const running = new Set<{ kill: (signal: NodeJS.Signals) => void }>()
const folder = path.join(root, 'data', `test-run-${process.pid}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    for (const child of running) child.kill(signal)
    void tidy(folder).then(() => process.exit(130))
  })
process.on('disconnect', () => void tidy(folder).then(() => process.exit(130)))

await tidyFormerRuns()
// Building the media server takes minutes where it is not there yet: the first checks run meanwhile.
const bringing =
  part === 'checks' ? undefined : bringLiveKit(sharedFolder(path.join(root, 'data')), (news) => say(`  ${news}`))
const total: Counts = { passed: 0, failed: 0, skipped: 0 }
try {
  if (part === undefined || part === 'checks') for (const counts of await checks()) add(counts)
  if (part !== 'checks') add(await partsOfTheLiveConference())
  if (part === undefined || part === 'unit') add(await units())
  if (part === undefined || part === 'journeys') add(await journeys())
} finally {
  await tidy(folder)
}
if (total.skipped > 0) say(`${total.skipped} skipped`)
say(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)

function add(more: Counts) {
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += more[key]
}

/** Each check counts as one; its words are shown only when it fails. */
async function checks(): Promise<Counts[]> {
  const list: [what: string, script: string, ...args: string[]][] = [
    ['style (biome)', 'node_modules/@biomejs/biome/bin/biome', 'check', '--diagnostic-level=error'],
    ['types (tsc)', 'node_modules/typescript/bin/tsc', '-b'],
    ['words in both languages (lingui)', 'node_modules/@lingui/cli/dist/lingui.js', 'check', 'missing'],
  ]
  if (part === 'checks') list.push(['architecture', '--test', 'architecture.test.ts'])
  const counts: Counts[] = []
  for (const [what, ...args] of list) {
    if (args[0] === '--test' && !fs.existsSync(path.join(root, args[1]!))) continue
    const { code, said } = await run(process.execPath, args, { quiet: true })
    say(`${code === 0 ? '✔' : '✖'} ${what}`)
    if (code !== 0) say(said)
    counts.push(one(code === 0))
  }
  return counts
}

/** Every *.test.ts on a real PostgreSQL of its own, a database per suite. */
async function units(): Promise<Counts> {
  const files =
    wantedFiles.length > 0
      ? wantedFiles.flatMap(testFilesOf)
      : ['architecture.test.ts', 'src', 'bench', 'tests'].flatMap(testFilesOf)
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  const cluster = await startPostgres({ dataDir: path.join(folder, 'database') })
  const many = Math.max(1, Math.min(4, os.availableParallelism()))
  const whole: Counts = { passed: 0, failed: 0, skipped: 0 }
  for (const [part, width] of [
    [files.filter((file) => !isAlone(file)), many],
    [files.filter(isAlone), 1],
  ] as const) {
    if (part.length === 0) continue
    const report = path.join(folder, `unit-${width}.json`)
    const { code } = await run(
      process.execPath,
      [
        ...['--test', `--test-concurrency=${width}`, '--test-timeout=300000'],
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        ...[`--test-reporter=${path.join(root, 'scripts/countTests.mjs')}`, `--test-reporter-destination=${report}`],
        ...part,
      ],
      { env: { TEST_DATABASE_URL: cluster.url } },
    )
    const counts = readCounts(report, code)
    for (const key of ['passed', 'failed', 'skipped'] as const) whole[key] += counts[key]
  }
  await cluster.stop()
  return whole
}
/** What holds a clock against whole processes, encoders and kills has the machine to itself. */
function isAlone(file: string): boolean {
  return /[\\/]tests[\\/]kills[\\/]|[\\/]media[\\/]|[\\/]apps[\\/]server[\\/]main\.test/.test(file)
}
function testFilesOf(place: string): string[] {
  const full = path.join(root, place)
  if (!fs.existsSync(full)) return []
  if (fs.statSync(full).isFile()) return [full]
  return fs
    .readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(full, file))
    .sort()
}

/** What the stage and the broadcast are made of; without them the tests of both are skipped, and in CI that is a failure. */
async function partsOfTheLiveConference(): Promise<Counts> {
  const missing = [
    ...((await bringing) ? [] : ['LiveKit (Go ≥ 1.24 builds it)']),
    ...(['ffmpeg', 'ffprobe'] as const).filter((name) => spawnSync(name, ['-version']).status !== 0),
  ]
  for (const name of missing) say(`✖ missing: ${name}; tests of the live conference do not run`)
  return { passed: 0, failed: process.env.CI ? missing.length : 0, skipped: process.env.CI ? 0 : missing.length }
}

/** Real people's paths in a real browser against a server started as anybody starts it. */
async function journeys(): Promise<Counts> {
  const specs = path.join(root, 'tests/journeys')
  const hasSpecs =
    fs.existsSync(specs) && fs.readdirSync(specs, { recursive: true }).some((file) => /\.spec\.ts$/.test(String(file)))
  if (!hasSpecs) return { passed: 0, failed: 0, skipped: 0 }
  // They hold a conference of today, from ten past midnight to ten to midnight in Vietnam.
  const clock = formatClock(new Date()).padStart(5, '0')
  if (clock < '00:15' || clock > '23:30') {
    say(`- the journeys do not run around midnight in Vietnam, where it is ${clock} now`)
    return { passed: 0, failed: 0, skipped: 1 }
  }
  const browser = bringChromium(say)
  if ('missing' in browser) {
    say(`✖ ${browser.missing}`)
    return one(false)
  }
  const report = path.join(folder, 'journeys.json')
  fs.mkdirSync(folder, { recursive: true })
  const { code } = await run(
    process.execPath,
    [path.join(root, 'node_modules/@playwright/test/cli.js'), 'test', '--reporter=line,json', ...wantedFiles],
    {
      env: {
        CHROMIUM: browser.chromium,
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        JOURNEYS_PORT: String(await freePort()),
        JOURNEYS_DATA_DIR: path.join(folder, 'journeys'),
      },
    },
  )
  await removeCluster(path.join(folder, 'journeys'))
  return readCounts(report, code)
}

/** What a runner reported; one that died without a report has failed once. */
function readCounts(report: string, code: number): Counts {
  try {
    const text = JSON.parse(fs.readFileSync(report, 'utf8'))
    const counts: Counts = text.stats
      ? {
          passed: text.stats.expected + text.stats.flaky,
          failed: text.stats.unexpected + (text.errors?.length ?? 0),
          skipped: text.stats.skipped,
        }
      : text
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } catch {
    return one(false)
  }
}
function one(good: boolean): Counts {
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 }
}

function run(
  command: string,
  args: string[],
  { env = {}, quiet = false }: { env?: Record<string, string>; quiet?: boolean } = {},
) {
  return new Promise<{ code: number; said: string }>((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    })
    running.add(child)
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part: Buffer) => {
        said += part.toString()
      })
    child.on('error', (error) => {
      said += error.message
    })
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code: code ?? 1, said: said.trim() })
    })
  })
}

async function tidy(run: string) {
  for (const name of ['database', 'journeys']) await removeCluster(path.join(run, name))
  fs.rmSync(run, { recursive: true, force: true })
}
/** A run that was killed leaves a database behind. */
async function tidyFormerRuns() {
  const data = path.join(root, 'data')
  fs.mkdirSync(data, { recursive: true })
  for (const name of fs.readdirSync(data)) {
    const pid = Number(/^test-run-(\d+)$/.exec(name)?.[1])
    if (pid && !fs.existsSync(`/proc/${pid}`)) await tidy(path.join(data, name))
  }
}
