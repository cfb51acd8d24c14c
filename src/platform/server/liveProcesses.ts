// The light processes of the live channel, seen from the full process that keeps them: how many, their questions, their end.
import { type ChildProcess, fork } from 'node:child_process'
import fs from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '../rights.ts'
import { faultOf } from './http.ts'
import type { Entered, OpenLive } from './live.ts'
import type { Asked, AskedBy, Question } from './liveLight.ts'

const spareDescriptors = 1_000
const mostProcesses = 64
const againMs = 250
const longestAgainMs = 10_000
const deathsWindowMs = 600_000
const mostDeaths = 40
const drainLimitMs = 8_000
const revokedEveryMs = 2_000
const silentLimitMs = 60_000
// Thousands come in within seconds; with the usual room for young objects, their passing litter would take 50 MB a process.
const smallHeap = ['--max-semi-space-size=4']

export type ToLight =
  | { say: 'open'; port: number; host: string; reusePort: boolean; secret: string; origin: string; mostLines: number }
  | { say: 'answer'; n: number; asked: Asked }
  | { say: 'fresh'; key: string; version: number; body: string }
  | { say: 'revoked'; signInIds: string[] }
  | { say: 'drain' }
export type FromLight =
  | { say: 'listening'; port: number }
  | { say: 'deaf'; code: string }
  | ({ say: 'ask'; n: number } & Question)
  | { say: 'leave'; key: string }
  | { say: 'watching'; count: number }

/** How many light processes so many viewers need, where one process may hold `descriptors` files open. At least one. */
export const processesFor = (viewers: number, descriptors: number): number =>
  Math.min(mostProcesses, Math.max(1, Math.ceil(viewers / linesOf(descriptors))))
/** How many lines are planned for one process; what is spared takes up that they never spread quite evenly. */
const linesOf = (descriptors: number) => Math.max(100, descriptors - spareDescriptors)

/** Node itself raises its soft limit to the hard one as it starts; no process can raise the hard one. */
export function descriptorLimit(): number {
  try {
    const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(fs.readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return hard === 'unlimited' ? 1_048_576 : Number(hard ?? 10_240)
  } catch {
    return 10_240
  }
}
/** Several processes on one port; elsewhere one has to do. */
const canShare = ['linux', 'freebsd'].includes(process.platform)

type Light = {
  child: ChildProcess
  listening: boolean
  count: number
  heardAt: number
  following: Map<string, () => void>
}

export function openLiveProcesses({
  live,
  viewers,
  port,
  host,
  baseUrl,
  secret,
  script,
  actorOf,
  revoked,
  log,
}: {
  live: OpenLive
  viewers: number
  port: number
  host: string
  /** Pages of this origin may read across the port; people who came by its name are sent there. */
  baseUrl: string
  secret: Buffer
  script: string
  actorOf: (who: Exclude<AskedBy, { by: 'nobody' }>) => Promise<Actor>
  /** The sign-ins that ended while a cookie of theirs may still be fresh. */
  revoked: () => Iterable<string>
  log: (fault: unknown, about: string) => void
}) {
  const base = new URL(baseUrl)
  const descriptors = descriptorLimit()
  const lights = new Set<Light>()
  const deaths: number[] = []
  let toldRevoked = new Set<string>()
  let stopping = false

  function start() {
    if (stopping) return
    const child = fork(script, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [...smallHeap] })
    const light: Light = { child, listening: false, count: 0, heardAt: Date.now(), following: new Map() }
    lights.add(light)
    const tell = (message: ToLight) => {
      // One that is just dying is not told any more.
      if (child.connected) child.send(message, () => {})
    }
    tell({
      ...{ say: 'open', port, host, reusePort: canShare, secret: secret.toString('base64') },
      ...{ origin: base.origin, mostLines: descriptors - 100 },
    })
    tell({ say: 'revoked', signInIds: [...revoked()] })
    child.on('message', (message: FromLight) => hear(light, message, tell))
    child.on('error', (error) => log(error, 'live process'))
    child.on('exit', (code, signal) => {
      lights.delete(light)
      for (const unfollow of light.following.values()) unfollow()
      if (stopping) return
      const now = Date.now()
      deaths.push(now)
      const recent = deaths.filter((at) => at > now - deathsWindowMs)
      log(new Error(`a live process ended: ${signal ?? code}`), 'live process')
      // One that cannot live is not born for ever; whoever came is served by the full process.
      if (recent.length > mostDeaths) return log(new Error('live processes die too often: no more are started'), 'live')
      const lately = recent.filter((at) => at > now - 60_000).length
      setTimeout(start, Math.min(longestAgainMs, againMs * 2 ** (lately - 1))).unref()
    })
  }
  function hear(light: Light, message: FromLight, tell: (message: ToLight) => void) {
    light.heardAt = Date.now()
    if (message.say === 'listening') light.listening = true
    else if (message.say === 'deaf') log(new Error(`LIVE_PORT ${port}: ${message.code}`), 'live process')
    else if (message.say === 'watching') light.count = message.count
    else if (message.say === 'leave') {
      light.following.get(message.key)?.()
      light.following.delete(message.key)
    } else
      void judge(light, message, tell)
        .catch((error): Asked => {
          const { status, body } = faultOf(error, (line) => log(line.err, 'live question'))
          return { may: 'no', status, refused: body.refused }
        })
        .then((asked) => tell({ say: 'answer', n: message.n, asked }))
  }
  async function judge(light: Light, { topic, query, who, shared }: Question, tell: (message: ToLight) => void) {
    const asked = Object.fromEntries(new URLSearchParams(query))
    if (shared && who.by === 'cookie' && live.isPersonal(topic, asked)) return { may: 'personal' } as const
    const entered = await live.enter(who.by === 'nobody' ? nobodyAtAll : await actorOf(who), topic, asked)
    await live.standing(entered)
    const { key } = entered.watched
    // The snapshot goes out before the answer: whoever may enter finds it there.
    if (lights.has(light) && !light.following.has(key)) light.following.set(key, follow(entered, key, tell))
    return { may: 'yes', key, open: entered.open } as const
  }
  const follow = (entered: Entered, key: string, tell: (message: ToLight) => void) =>
    live.follow(entered, (version, body) => tell({ say: 'fresh', key, version, body }))

  const timer = setInterval(() => {
    // One that says nothing any more, though it should every second, hangs.
    for (const { child, heardAt } of lights) if (Date.now() - heardAt > silentLimitMs) child.kill('SIGKILL')
    const all = [...revoked()]
    const news = all.filter((signInId) => !toldRevoked.has(signInId))
    if (news.length === 0) return
    toldRevoked = new Set(all)
    for (const { child } of lights)
      if (child.connected) child.send({ say: 'revoked', signInIds: news } satisfies ToLight, () => {})
  }, revokedEveryMs)
  timer.unref()

  const wanted = canShare ? processesFor(viewers, descriptors) : 1
  for (let i = 0; i < wanted; i++) start()

  return {
    wanted,
    watching: () => [...lights].reduce((sum, { count }) => sum + count, 0),
    /** Processes that take people in. */
    listening: () => [...lights].filter(({ listening }) => listening).length,
    pids: () => [...lights].map(({ child }) => child.pid!),
    /**
     * Sends a stream on to the light processes' port, where the browser can follow: over plain HTTP, by the name in BASE_URL.
     * Behind a proxy the proxy does it. `false`: not ours, the full process serves it.
     */
    redirect(request: IncomingMessage, response: ServerResponse): boolean {
      const { url = '', headers } = request
      if (request.method !== 'GET' || !/^\/live\/[\w.]+(\?|$)/.test(url)) return false
      if (base.protocol !== 'http:' || headers.host !== base.host || headers['x-forwarded-for'] !== undefined)
        return false
      if (![...lights].some(({ listening }) => listening)) return false
      const location = `http://${base.hostname}:${port}${url}`
      response.writeHead(307, { location, 'cache-control': 'no-store', 'content-length': 0 }).end()
      return true
    },
    /** Each process sends its people away, spread over some seconds, and ends. */
    async stop() {
      stopping = true
      clearInterval(timer)
      await Promise.all([...lights].map(({ child }) => ended(child)))
    },
  }
}
export type LiveProcesses = ReturnType<typeof openLiveProcesses>

/** Where pages may open streams beside their own origin; `undefined` where they never have to. */
export const liveOrigin = ({
  liveViewers,
  livePort,
  baseUrl,
}: {
  liveViewers: number
  livePort: number
  baseUrl: string
}): string | undefined => {
  const base = new URL(baseUrl)
  return liveViewers > 0 && base.protocol === 'http:' ? `http://${base.hostname}:${livePort}` : undefined
}

const nobodyAtAll: Actor = { name: 'khách', kind: 'nobody', grants: [] }
const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const limit = setTimeout(() => child.kill('SIGKILL'), drainLimitMs)
    child.once('exit', () => {
      clearTimeout(limit)
      resolve()
    })
    if (child.connected) child.send({ say: 'drain' } satisfies ToLight, () => {})
    else child.kill('SIGTERM')
  })
