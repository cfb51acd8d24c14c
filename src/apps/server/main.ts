// The server: one process that brings everything up in order, says what it does, and takes everything down in order.
import fs from 'node:fs'
import type { RequestListener } from 'node:http'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Config } from '../../platform/server/config.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { hotListener } from '../../platform/server/hotListener.ts'
import { faultOf, openHttp, serve, serveHot } from '../../platform/server/http.ts'
import { openImports } from '../../platform/server/imports/index.ts'
import { openJobs } from '../../platform/server/jobs.ts'
import type { OpenLive } from '../../platform/server/live.ts'
import { type LiveProcesses, liveOrigin, openLiveProcesses } from '../../platform/server/liveProcesses.ts'
import { isLock, type Lock, tryLock } from '../../platform/server/lock.ts'
import { openLog } from '../../platform/server/log.ts'
import { type Metrics, observeJobs, openMetrics } from '../../platform/server/metrics.ts'
import { startBeside } from './beside.ts'
import { type Door, openDoor, type Upgrade } from './door.ts'
import { openEnding } from './ending.ts'
import { atOnce, composed, createSetupLink, demo, features, importKindsOf, openEdge } from './features.ts'
import { CannotStart, type Database, openDatabase, openDesk } from './ground.ts'
import { complain, judgeLaunch, say } from './launch.ts'
import { openLiveDemo } from './playLive.ts'
import { openSteps, type Steps, secondsSince } from './steps.ts'
import { buildWeb, servePages } from './web.ts'

// How long a former process on the same folder may take to leave before we say that it is still here.
const leaveLimitMs = 5000

const began = performance.now()
const config = judgeLaunch(process.argv.slice(2))
const log = openLog(config.logLevel)
let announceLeaving = () => {}
const ending = openEnding((error, part) => log.warn({ err: error, part }, 'while stopping'))

async function start(config: Config) {
  const address = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`
  const lock = await takeFolder(config, address)
  ending.add('folder', lock.release)
  announceLeaving = () => lock.tell({ address, leaving: true })
  const steps = openSteps(stepsOf(config), say)
  const metrics = openMetrics()
  const door = openDoor({ steps, metrics, metricsFor: config.metrics, demo: config.demo })
  await listen(door, config)
  ending.add('door', () => door.close(config.stopLimitSeconds * 1000))
  say(`Điểm Cầu đang chuẩn bị: ${address}`)

  const opening = steps.run('database', () => openDatabase(config, (news) => log.warn(news)))
  ending.add('database', async () => (await opening.catch(() => undefined))?.stop())
  const [database] = await Promise.all([opening, config.webBuild === 'off' ? undefined : steps.run('web', buildWeb)])
  if (ending.begun()) return
  const { desk, live } = await bringUp(config, database, steps, metrics)
  const { answer, takeUpgrade } = await steps.run('application', () => compose({ desk, live, metrics, config }))
  if (config.demo) await steps.run('demo', (progress) => demo.prepare(desk, progress))
  door.open(answer, missingNow(desk, database), takeUpgrade)
  say(`Điểm Cầu đã sẵn sàng sau ${secondsSince(began)} giây: ${config.baseUrlGiven ? config.baseUrl : address}`)
  const link = desk.demo ? undefined : await createSetupLink(desk, new Date())
  if (ending.begun()) return
  // Nothing of this holds up a page: the media server may have to be fetched first.
  const fault = (error: unknown, about: string) => log.warn({ err: error, about }, 'beside')
  const beside = startBeside(features, desk, { config, metrics, log: fault, tell: say })
  ending.add('beside', beside.stop)
  if (link) say(`Lần đầu chạy: mở liên kết này trong 30 phút để lập người quản trị (open once to set up):\n  ${link}`)
}

const stepsOf = ({ demo, webBuild }: Config) => [
  { key: 'database', vi: 'Cơ sở dữ liệu', en: 'Database' },
  ...(webBuild === 'off' ? [] : [{ key: 'web', vi: 'Trang web', en: 'Web pages' }]),
  { key: 'schema', vi: 'Cấu trúc dữ liệu', en: 'Schema' },
  { key: 'jobs', vi: 'Việc nền', en: 'Background work' },
  { key: 'application', vi: 'Các phòng làm việc', en: 'The rooms' },
  ...(demo ? [{ key: 'demo', vi: 'Chiến dịch Bắc Giang', en: 'The Bắc Giang campaign' }] : []),
]

/** One server per data folder. A former one that is just leaving is waited for. */
async function takeFolder(config: Config, address: string): Promise<Lock> {
  fs.mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  let until = Date.now() + leaveLimitMs
  for (let told = false; ; ) {
    const lock = await tryLock(config.dataDir, 'server', { address })
    if (isLock(lock)) return lock
    if (lock.leaving && !told) until = Date.now() + config.stopLimitSeconds * 1000 + 10_000
    if (Date.now() > until)
      throw new CannotStart(
        `Điểm Cầu đang chạy trên thư mục ${config.dataDir} (pid ${lock.pid}, ${lock.address}); dừng nó trước, hoặc đặt DATA_DIR khác (already running on this folder)`,
      )
    if (!told) say(`Đang đợi tiến trình trước (pid ${lock.pid}) dừng…`)
    told = true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function listen(door: Door, config: Config) {
  const words: Record<string, string> = {
    EADDRINUSE: 'cổng này đang có chương trình khác dùng; đặt PORT khác (the port is in use; set PORT)',
    EACCES: 'không được phép mở cổng này; dùng cổng từ 1024 trở lên (not allowed to open this port)',
    EADDRNOTAVAIL: 'máy này không có địa chỉ đó; sửa HOST (no such address on this machine; correct HOST)',
    ENOTFOUND: 'không tìm thấy tên máy đó; sửa HOST (host name not found; correct HOST)',
  }
  try {
    await door.listen(config.port, config.host)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new CannotStart(`HOST ${config.host}, PORT ${config.port}: ${words[code] ?? message}`)
  }
}

async function bringUp(config: Config, database: Database, steps: Steps, metrics: Metrics) {
  const { desk, live } = await steps.run('schema', async () => {
    const opened = await openDesk(config, database, composed, (fault) => log.warn({ err: fault }, 'live'))
    ending.add('pool', opened.close)
    return opened
  })
  await steps.run('jobs', () => startJobs(config, desk, metrics))
  for (const feature of features) await feature.start?.(desk, new Date())
  await live.start(desk)
  ending.add('live', live.stop)
  metrics.gauge('live_watchers', 'Open live connections', () => live.watching())
  return { desk, live }
}

async function startJobs(config: Config, desk: Desk, metrics: Metrics) {
  const queues = features.flatMap((feature) => feature.queues ?? [])
  const jobs = await openJobs(desk.databaseUrl, queues, { log: (message) => log.warn({ message }, 'jobs') })
  desk.jobs = jobs
  ending.add('jobs', () => jobs.boss.stop({ graceful: true, timeout: config.stopLimitSeconds * 1000 }))
  if (config.roles.includes('worker')) for (const feature of features) await feature.work?.(desk, jobs)
  observeJobs(metrics, desk.pool)
}

/** Everything that answers a request: what comes before the framework, the hot operations, then all the rest. */
async function compose(parts: {
  desk: Desk
  live: OpenLive
  metrics: Metrics
  config: Config
}): Promise<{ answer: RequestListener; takeUpgrade: Upgrade }> {
  const { desk, live, metrics, config } = parts
  const app = await openHttp({ logger: log, trustProxy: config.trustProxy, elsewhere: elsewhereOf(config) })
  metrics.observe(app)
  const fault = (error: unknown) => log.error({ err: error }, 'background')
  const liveDemo = config.demo ? openLiveDemo(config, fault) : undefined
  if (liveDemo) ending.add('liveDemo', liveDemo.stop)
  const edge = openEdge(desk, { log: fault, liveDemo, ...demoInstead(config) })
  edge.attach(app)
  await edge.start()
  ending.add('access', edge.stop)
  const who = edge.actorOf
  const imports = openImports(desk, importKindsOf(desk), { onFault: fault })
  await imports.recover(new Date())
  ending.add('imports', imports.close)
  imports.uploadRoute(app, who)
  const operations = features.flatMap((feature) => feature.operations ?? [])
  serve(app, desk, who, [...imports.operations, ...operations])
  const hotOperations = features.flatMap((feature) => feature.hotOperations ?? [])
  const hot = serveHot(app, desk, who, hotOperations)
  const topics = features.flatMap((feature) => feature.topics ?? [])
  live.routes(app, who, topics)
  for (const feature of features) await feature.routes?.(app, desk, who)
  await servePages(app)
  await app.ready()
  metrics.gauges('hot_queue_rows', 'Rows that wait for the next shared commit', 'operation', async () =>
    Object.fromEntries(hot.operations.map(({ it, size }) => [it.name, size()])),
  )
  ending.add('hot', hot.drained)
  ending.add('http', () => app.close())
  // In the rush of an opening hour these do not go through the framework; what is not plain still does.
  const takeHot = hotListener(
    hot.operations,
    (cookie, now) => atOnce(desk, cookie, now),
    (error, path) => faultOf(error, (line) => log.error({ ...line, route: path }, 'fault')),
    metrics.timed,
  )
  const processes = openLiveBeside({ desk, live, metrics, config }, edge)
  const early = [
    ...(processes ? [{ request: processes.redirect }] : []),
    ...features.flatMap((feature) => feature.early?.(desk, config) ?? []),
  ]
  return {
    answer: (request, response) => {
      const taken = early.some((one) => one.request?.(request, response)) || takeHot(request, response)
      if (!taken) app.routing(request, response)
    },
    takeUpgrade: (request, socket, head) => early.some((one) => one.upgrade?.(request, socket, head)),
  }
}

/** Light processes for a great audience, where one is expected; else this process serves the live channel itself. */
function openLiveBeside(
  { desk, live, metrics, config }: { desk: Desk; live: OpenLive; metrics: Metrics; config: Config },
  edge: Pick<ReturnType<typeof openEdge>, 'actorOfSignIn' | 'revoked'>,
): LiveProcesses | undefined {
  if (config.liveViewers === 0 || !config.roles.includes('live')) return undefined
  const processes = openLiveProcesses({
    ...{ live, viewers: config.liveViewers, port: config.livePort, host: config.host, baseUrl: config.baseUrl },
    ...{ secret: desk.secret, script: path.join(import.meta.dirname, '../live/main.ts'), revoked: edge.revoked },
    actorOf: (who) => edge.actorOfSignIn(who.by === 'cookie' ? { who: who.who } : { signInId: who.signInId }),
    log: (error, about) => log.warn({ err: error, about }, 'live'),
  })
  // Added after the channel itself: people are sent away before the topics they watch are let go.
  ending.add('live', processes.stop)
  metrics.gauge('live_light_watchers', 'Open live connections of the light processes', () => processes.watching())
  metrics.gauge('live_light_processes', 'Light processes that take people in', () => processes.listening())
  return processes
}

/** Only origins that a setting names; a page asks nobody else. */
function elsewhereOf(config: Config) {
  const { livekitUrl, mediaBaseUrl } = config
  const live = liveOrigin(config)
  const media = mediaBaseUrl === '' ? [] : [new URL(mediaBaseUrl).origin]
  const stage = livekitUrl === undefined ? [] : [livekitUrl.replace(/^http/, 'ws'), livekitUrl.replace(/^ws/, 'http')]
  return { connect: [...(live ? [live] : []), ...stage.map((url) => new URL(url).origin), ...media], media }
}

/**
 * The sample data never lies beside anybody's own: choosing it on the set-up page starts the server again as the demo, in a
 * folder of its own, on this machine only. Only a launcher can do that, and only where the database is ours to place.
 */
function demoInstead({ demo: isDemo, databaseUrl, dataDir }: Config): { openDemo?: () => Promise<void> } {
  const tell = process.send?.bind(process)
  if (!tell || isDemo || databaseUrl) return {}
  return {
    openDemo: async () => {
      tell({ again: ['--demo'], env: { DATA_DIR: path.join(dataDir, 'demo') } })
      // The page that asked still gets its answer.
      setTimeout(() => void stop(0), 1500)
    },
  }
}

const missingNow = (desk: Desk, database: Database) => async () => {
  if (!database.isUp()) return ['database']
  const answered = desk.pool.query('select 1').then(
    () => true,
    () => false,
  )
  const tooLate = new Promise<false>((resolve) => setTimeout(() => resolve(false), 2000).unref())
  return (await Promise.race([answered, tooLate])) ? [] : ['database']
}

// ── the end ──────────────────────────────────────────────────────────────────

function listenForTheEnd() {
  let firstAt: number | undefined
  const asked = () => {
    // A terminal's Ctrl-C reaches us by several ways at once; only a later one is a second one.
    if (firstAt === undefined) firstAt = Date.now()
    else if (Date.now() - firstAt > 1000) {
      complain('Dừng ngay, không đợi nữa (forced).')
      process.exit(130)
    }
    void stop(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked)
  // Our launcher was killed: nobody else would end us.
  process.on('disconnect', () => void stop(0))
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception')
    void stop(1)
  })
}

/** Takes down what is up and leaves with this code. A step that hangs does not hold the machine for ever. */
async function stop(code: number): Promise<void> {
  if (ending.begun()) return
  say('Đang dừng…')
  announceLeaving()
  setTimeout(() => process.exit(1), config.stopLimitSeconds * 1000 + 40_000).unref()
  await ending.begin()
  say('Đã dừng.')
  process.exit(code)
}

async function fail(error: unknown): Promise<void> {
  // What was interrupted by the end is no fault of its own.
  if (ending.begun()) return
  const words = error instanceof CannotStart ? error.message : ((error as Error).stack ?? String(error))
  complain(`Không khởi động được (cannot start): ${words}`)
  await stop(1)
}

listenForTheEnd()
await start(config).catch(fail)
