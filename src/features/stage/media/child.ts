// Keeps the media server: one child on loopback, adopted when a killed parent left it behind, brought back when it dies.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import dgram from 'node:dgram'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { bornAt, endProcess, isAlive } from '../../../platform/server/processes.ts'
import type { MediaKey } from './pass.ts'

export type Plan = {
  binary: string
  /** For its configuration, its log and the note of its process. */
  folder: string
  /** Signalling on loopback; the next one carries media by TCP, the one after by UDP. */
  port: number
  /** Where halls send picture and sound to. */
  address: string
  stunServers: readonly string[]
  turnServer?: string | undefined
  key: MediaKey
  /** Where it tells its news. */
  newsUrl: string
}
export type Child = {
  state: () => 'starting' | 'running' | 'failed'
  pid: () => number | undefined
  /** Twice is harmless. */
  stop: () => Promise<void>
}
export type Watcher = {
  /** It answers: rooms are made again here, before anybody is let in. */
  up: () => Promise<void>
  down: () => void
  tell: (news: string) => void
}

const lookEveryMs = 100
const upLimitMs = 15_000
const silentLimitMs = 20_000
const bringBackAfterMs = [0, 300, 1000, 2000, 5000, 10_000]
const steadyAfterMs = 60_000
const logLimitBytes = 20_000_000

export function configOf(plan: Omit<Plan, 'binary' | 'folder'>) {
  const { port, address, key } = plan
  const isLoopback = address.startsWith('127.')
  return {
    port,
    bind_addresses: ['127.0.0.1'],
    rtc: {
      tcp_port: port + 1,
      udp_port: port + 2,
      use_external_ip: false,
      node_ip: address,
      ...(isLoopback ? { enable_loopback_candidate: true, interfaces: { includes: [loopbackName()] } } : {}),
      // Never empty: then every browser would be sent to servers of strangers. Our own port stays silent, and nothing waits for it.
      stun_servers: plan.stunServers.length > 0 ? plan.stunServers : [`${bracketed(address)}:${port + 2}`],
      ...(plan.turnServer ? { turn_servers: [turnOf(plan.turnServer)] } : {}),
    },
    keys: { [key.id]: key.secret },
    // A room lives as long as its stage is open, also while nobody is in it.
    room: { auto_create: false, empty_timeout: 86_400, departure_timeout: 86_400, enable_remote_unmute: true },
    webhook: { api_key: key.id, urls: [plan.newsUrl] },
    // The default of 400 tracks a core would be passed by fifty halls with sixteen tiles.
    limit: { num_tracks: -1 },
    logging: { level: 'error', pion_level: 'error', json: true },
  }
}
const loopbackName = () =>
  Object.entries(os.networkInterfaces()).find(([, all]) => all?.some(({ address }) => address === '127.0.0.1'))?.[0] ??
  'lo'
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address)
/** «turn://name:secret@host:port», or turns:// */
export function turnOf(url: string) {
  const { protocol, hostname, port, username, password } = new URL(url)
  const isTls = protocol === 'turns:'
  return {
    host: hostname,
    port: Number(port) || (isTls ? 5349 : 3478),
    protocol: isTls ? 'tls' : 'udp',
    username: decodeURIComponent(username),
    credential: decodeURIComponent(password),
  }
}
/** Where halls reach this machine when nothing was set: its first address that is not its own loop. */
export const ownAddress = (): string =>
  Object.values(os.networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'

/** Starts or adopts it and watches over it until `stop`. Answers at once; `watcher.up` tells when it can be used. */
export function keepLiveKit(plan: Plan, watcher: Watcher): Child {
  let pid: number | undefined
  let state: 'starting' | 'running' | 'failed' = 'starting'
  const ended = new AbortController()
  const watching = watch()

  async function watch() {
    for (let attempt = 0; !ended.signal.aborted; attempt++) {
      await pause(bringBackAfterMs[Math.min(attempt, bringBackAfterMs.length - 1)]!, ended.signal)
      if (ended.signal.aborted) return
      try {
        state = attempt === 0 ? 'starting' : state
        pid = undefined
        pid = (await adopt(plan)) ?? (await start(plan, ended.signal))
        await watcher.up()
        state = 'running'
        const since = Date.now()
        await untilItEnds(plan, pid, ended.signal)
        if (ended.signal.aborted) return
        watcher.down()
        watcher.tell(`Máy chủ sân khấu (pid ${pid}) đã dừng; đang bật lại (the media server died; bringing it back)`)
        if (Date.now() - since > steadyAfterMs) attempt = -1
        state = 'starting'
      } catch (error) {
        if (ended.signal.aborted) return
        watcher.down()
        state = 'failed'
        watcher.tell(`Sân khấu chưa chạy được (the media server does not run): ${(error as Error).message}`)
      }
    }
  }

  return {
    state: () => state,
    pid: () => (state === 'running' ? pid : undefined),
    stop: async () => {
      ended.abort()
      await watching
      for (const running of [pid, noted(plan)]) if (running !== undefined && isAlive(running)) await end(running)
      fs.rmSync(noteOf(plan), { force: true })
    },
  }
}

/** Resolves when the process is gone, or has not answered for so long that it is taken down. */
async function untilItEnds(plan: Plan, pid: number, ended: AbortSignal) {
  let answeredAt = Date.now()
  let asking = false
  for (let look = 0; isAlive(pid) && !ended.aborted; look++) {
    await pause(lookEveryMs, ended)
    if (look % 20 === 0 && !asking) {
      asking = true
      void answers(plan.port).then((did) => {
        asking = false
        if (did) answeredAt = Date.now()
      })
    }
    if (look % 600 === 0) trim(logOf(plan))
    if (Date.now() - answeredAt > silentLimitMs) await end(pid)
  }
}

// ── starting and ending ──────────────────────────────────────────────────────

const noteOf = ({ folder }: Plan) => path.join(folder, 'livekit.json')
const configFileOf = ({ folder }: Plan) => path.join(folder, 'livekit.yaml')
const logOf = ({ folder }: Plan) => path.join(folder, 'livekit.log')
const textOf = (plan: Plan) => `${JSON.stringify(configOf(plan), null, 2)}\n`
const stampOf = (plan: Plan) =>
  createHash('sha256')
    .update(`${plan.binary}\n${textOf(plan)}`)
    .digest('hex')

type Note = { pid: number; born: string; stamp: string }
const readNote = (plan: Plan): Note | undefined => {
  try {
    return JSON.parse(fs.readFileSync(noteOf(plan), 'utf8')) as Note
  } catch {
    return undefined
  }
}
/** The process of our note, if it still is that one: numbers of processes are used again. */
function noted(plan: Plan): number | undefined {
  const note = readNote(plan)
  if (!note || !isAlive(note.pid) || bornAt(note.pid) !== note.born) return undefined
  if (process.platform !== 'linux') return note.pid
  const command = fs.readFileSync(`/proc/${note.pid}/cmdline`, 'utf8')
  return command.includes(configFileOf(plan)) ? note.pid : undefined
}
/** A killed parent leaves it running, with everybody still in the room: taken over when it is just what we would start. */
async function adopt(plan: Plan): Promise<number | undefined> {
  const running = noted(plan)
  if (!running) return undefined
  if (readNote(plan)?.stamp === stampOf(plan) && (await comesUp(plan, running))) return running
  await end(running)
  return undefined
}

async function start(plan: Plan, ended: AbortSignal): Promise<number> {
  fs.mkdirSync(plan.folder, { recursive: true, mode: 0o700 })
  await portsFree(plan.port)
  fs.writeFileSync(configFileOf(plan), textOf(plan), { mode: 0o600 })
  trim(logOf(plan))
  const from = fs.existsSync(logOf(plan)) ? fs.statSync(logOf(plan)).size : 0
  const log = fs.openSync(logOf(plan), 'a', 0o600)
  // Detached, so that Ctrl-C reaches us first and the rooms last; into a file, because a pipe would break with us.
  const child = spawn(plan.binary, ['--config', configFileOf(plan)], {
    cwd: plan.folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH ?? '' },
  })
  fs.closeSync(log)
  child.unref()
  const failed = new Promise<Error>((resolve) => child.once('error', resolve))
  const pid = child.pid
  if (pid === undefined) throw await failed
  const note: Note = { pid, born: bornAt(pid), stamp: stampOf(plan) }
  fs.writeFileSync(noteOf(plan), JSON.stringify(note), { mode: 0o600 })
  if (!ended.aborted && (await comesUp(plan, pid)) && !ended.aborted) return pid
  await end(pid)
  if (ended.aborted) throw new Error('stopped')
  throw new Error(fs.readFileSync(logOf(plan), 'utf8').slice(from).trim().slice(-600) || 'it does not answer')
}
async function comesUp(plan: Plan, pid: number): Promise<boolean> {
  const until = Date.now() + upLimitMs
  while (isAlive(pid) && Date.now() < until) {
    if (await answers(plan.port)) return true
    await pause(25)
  }
  return false
}
/** Any answer will do: under load it may call itself not ready, and lives. */
const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(3000) }).then(
    async (response) => {
      await response.arrayBuffer()
      return true
    },
    () => false,
  )

/** The first word asks everybody to leave and would wait for them; the second one insists. */
const end = (pid: number) =>
  endProcess(pid, [
    ['SIGTERM', 400],
    ['SIGTERM', 3000],
    ['SIGKILL', 5000],
  ])

async function portsFree(port: number) {
  const taken = [
    (await tcpFree(port, '127.0.0.1')) ? undefined : port,
    (await tcpFree(port + 1)) ? undefined : port + 1,
    (await udpFree(port + 2)) ? undefined : port + 2,
  ].filter((one) => one !== undefined)
  if (taken.length > 0)
    throw new Error(
      `cổng ${taken.join(', ')} đang có chương trình khác dùng; đặt STAGE_PORT khác (in use; set STAGE_PORT)`,
    )
}
const tcpFree = (port: number, host?: string) =>
  new Promise<boolean>((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, ...(host ? { host } : {}) }, () => probe.close(() => resolve(true)))
  })
const udpFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = dgram.createSocket('udp4')
    probe.once('error', () => {
      probe.close()
      resolve(false)
    })
    probe.bind(port, () => probe.close(() => resolve(true)))
  })

/** It is written by appending, so that cutting it short is safe while it runs. */
function trim(log: string) {
  if (fs.existsSync(log) && fs.statSync(log).size > logLimitBytes) fs.truncateSync(log)
}
const pause = (ms: number, ended?: AbortSignal) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      ended?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    ended?.addEventListener('abort', done, { once: true })
    if (ended?.aborted) done()
  })
