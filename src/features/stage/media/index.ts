// The door of the stage's media: a LiveKit of our own beside this server, or one outside, behind the stage's one view of it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import type { Config } from '../../../platform/server/config.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import type { Metrics } from '../../../platform/server/metrics.ts'
import { usedBy } from '../../../platform/server/processes.ts'
import {
  type IceServer,
  lendMediaServer,
  type MediaNews,
  type MediaServer,
  type MediaState,
  readIdentity,
  tellMediaNews,
} from '../server/mediaServer.ts'
import { type Child, keepLiveKit, ownAddress, type Plan, turnOf } from './child.ts'
import { bringLiveKit, findLiveKit, sharedFolder } from './find.ts'
import { type Gate, openGate } from './gate.ts'
import { newsPath, takeNews } from './news.ts'
import { keyFrom, type MediaKey, signPass } from './pass.ts'
import { placesFor } from './places.ts'
import { openRooms, type Rooms } from './rooms.ts'
import { roomOf } from './store.ts'
import { openSweep, type Sweep } from './sweep.ts'

export { bringLiveKit, findLiveKit, sharedFolder } from './find.ts'
export { programmePass } from './programmePass.ts'

export type MediaBeside = {
  config: Config
  metrics?: Metrics
  log: (fault: unknown, about: string) => void
  tell: (news: string) => void
}
export type Media = {
  server: MediaServer
  /** Of our own media server while it runs: for those who measure it or end it. */
  pid: () => number | undefined
  stop: () => Promise<void>
}
/** What a request may meet: set while the media server is looked after by this process. */
type Doors = { gate?: Gate | undefined; key: MediaKey; hear: (news: MediaNews) => void }
const doors = new WeakMap<Desk, Doors>()
const lookAgainMs = 60_000

/** Requests and upgrades that are the media server's: its signalling, and the news it tells. */
export const early = (desk: Desk) => ({
  request: (request: IncomingMessage, response: ServerResponse): boolean => {
    const here = doors.get(desk)
    if (!here) return false
    return takeNews(here.key, request, response, here.hear) || (here.gate?.request(request, response) ?? false)
  },
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer): boolean =>
    doors.get(desk)?.gate?.upgrade(request, socket, head) ?? false,
})

/** Answers at once; finding, fetching and starting go on behind it, and `server.state()` says how far that is. */
export async function openMedia(desk: Desk, beside: MediaBeside): Promise<Media> {
  return beside.config.livekitUrl ? openOutside(desk, beside, beside.config.livekitUrl) : openOwn(desk, beside)
}

async function openOwn(desk: Desk, beside: MediaBeside): Promise<Media> {
  const { config, log } = beside
  const tell = onceEach(beside.tell)
  const key = keyFrom(desk.secret)
  const address = config.stageAddress ?? ownAddress()
  const rooms = await openRooms(`http://127.0.0.1:${config.stagePort}`, key)
  const sweep = openSweep(desk, rooms, log)
  const gate = openGate({
    port: config.stagePort,
    key,
    trustProxy: config.trustProxy,
    roomFor: (who) => roomOf(desk.db, who),
    ensure: sweep.ensure,
  })
  const ended = new AbortController()
  let child: Child | undefined
  let before: MediaState = config.roles.includes('web') ? 'starting' : 'missing'
  const server = serverOf(rooms, key, config, {
    state: () => child?.state() ?? before,
    url: '/',
    urlInside: `ws://${inside(config)}`,
  })
  // A process that serves no pages has no door that a browser could come through.
  if (!config.roles.includes('web')) return { server, pid: () => undefined, stop: sweep.stop }
  const watcher = {
    up: async () => {
      await sweep.up()
      gate.open()
    },
    down: () => {
      gate.close()
      sweep.down()
    },
    tell,
  }
  const bringing = bring().catch((error) => {
    before = 'failed'
    log(error, 'media server')
  })

  async function bring() {
    const folder = sharedFolder(config.dataDir)
    for (let tried = 0; !ended.signal.aborted; tried++) {
      const mayFetch = config.stageInstall === 'auto' && tried === 0
      before = mayFetch && !(await findLiveKit(folder)) ? 'installing' : before
      const found = mayFetch ? await bringLiveKit(folder, tell, ended.signal) : await findLiveKit(folder)
      if (ended.signal.aborted) return
      if (found) {
        child = keepLiveKit(planOf(found.file), watcher)
        return
      }
      before = 'missing'
      tell('Sân khấu chưa sẵn sàng: máy này chưa có LiveKit; mọi phần khác vẫn chạy (no media server on this machine)')
      await untilAborted(lookAgainMs, ended.signal)
    }
  }
  const planOf = (binary: string): Plan => ({
    binary,
    folder: path.join(config.dataDir, 'stage'),
    port: config.stagePort,
    address,
    stunServers: config.stunServers,
    turnServer: config.turnServer,
    key,
    newsUrl: `http://${inside(config)}${newsPath}`,
  })

  doors.set(desk, { gate, key, hear: hearing(desk, rooms, sweep, log) })
  lendMediaServer(desk, server)
  measure(beside.metrics, gate, () => child)
  return {
    server,
    pid: () => child?.pid(),
    stop: async () => {
      ended.abort()
      lendMediaServer(desk, undefined)
      doors.delete(desk)
      await bringing
      await sweep.stop()
      gate.end()
      await child?.stop()
    },
  }
}

/** A LiveKit of the operator's: browsers go there by themselves, its news comes to BASE_URL/media-news when she sets that. */
async function openOutside(desk: Desk, { config, log, tell }: MediaBeside, given: string): Promise<Media> {
  const [id, ...rest] = (config.livekitKey ?? '').split(':')
  const key: MediaKey = { id: id ?? '', secret: rest.join(':') }
  const url = given.replace(/^http/, 'ws')
  const rooms = await openRooms(given.replace(/^ws/, 'http'), key)
  const hasKey = config.livekitKey !== undefined
  if (!hasKey) tell('LIVEKIT_URL cần có LIVEKIT_KEY; sân khấu chưa sẵn sàng (LIVEKIT_URL needs LIVEKIT_KEY)')
  const server = serverOf(
    rooms,
    key,
    config,
    {
      state: () => (hasKey ? 'external' : 'failed'),
      url,
      urlInside: url,
      // Its cores are its own; the wire remains.
    },
    Number.POSITIVE_INFINITY,
  )
  const sweep = openSweep(desk, rooms, log)
  const ended = new AbortController()
  const connecting = (async () => {
    while (hasKey && !ended.signal.aborted) {
      try {
        return await sweep.up()
      } catch (error) {
        log(error, 'LIVEKIT_URL')
        await untilAborted(lookAgainMs, ended.signal)
      }
    }
  })()
  doors.set(desk, { key, hear: hearing(desk, rooms, sweep, log) })
  lendMediaServer(desk, server)
  return {
    server,
    pid: () => undefined,
    stop: async () => {
      ended.abort()
      lendMediaServer(desk, undefined)
      doors.delete(desk)
      await connecting
      await sweep.stop()
    },
  }
}

function serverOf(
  rooms: Rooms,
  key: MediaKey,
  config: Config,
  rest: Pick<MediaServer, 'state' | 'url' | 'urlInside'>,
  cores = os.availableParallelism(),
): MediaServer {
  const { open: _, ...asked } = rooms
  return {
    ...asked,
    ...rest,
    iceServers: iceServersOf(config),
    places: () => placesFor({ cores, wanted: config.stagePlaces }),
    token: async (pass, now) => signPass(key, pass, now),
  }
}
function iceServersOf({ stunServers, turnServer }: Config): IceServer[] {
  const turn = turnServer === undefined ? undefined : turnOf(turnServer)
  return [
    ...(stunServers.length > 0 ? [{ urls: stunServers.map((one) => `stun:${one}`) }] : []),
    ...(turn
      ? [
          {
            urls: [`${turn.protocol === 'tls' ? 'turns' : 'turn'}:${turn.host}:${turn.port}`],
            username: turn.username,
            credential: turn.credential,
          },
        ]
      : []),
  ]
}

/** Who is told to have left may be back under the same name already: that is looked up before anybody hears it. */
function hearing(desk: Desk, rooms: Rooms, sweep: Sweep, log: MediaBeside['log']) {
  const fault = (error: unknown) => log(error, 'media news')
  return (news: MediaNews) => {
    if (readIdentity(news.identity)?.is !== 'part') return
    if (news.what === 'left') void leftIndeed(news).catch(fault)
    else void tellMediaNews(desk, news, fault)
    if (news.what !== 'unpublished') sweep.soon()
  }
  async function leftIndeed(news: MediaNews) {
    const there = await rooms.joined(news.room)
    if (!there.some(({ identity }) => identity === news.identity))
      await tellMediaNews(desk, { ...news, at: new Date() }, fault)
  }
}

function measure(metrics: Metrics | undefined, gate: Gate, child: () => Child | undefined) {
  metrics?.gauge('stage_media_running', 'The media server answers', () => Number(child()?.state() === 'running'))
  const used = () => usedBy(child()?.pid() ?? 0)
  metrics?.gauge('stage_media_cpu_seconds', 'CPU the media server has used since its start', () => used().cpuSeconds)
  metrics?.gauge('stage_media_bytes', 'Memory the media server holds', () => used().bytes)
  metrics?.gauge('stage_connections', 'Browsers connected to the stage', () => gate.counts().connected)
  metrics?.gauge('stage_waiting', 'Browsers that wait to be let in', () => gate.counts().waiting)
}

const inside = ({ host, port }: Config) => `${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`
/** The same words are said once in a row. */
function onceEach(tell: (news: string) => void) {
  let last = ''
  return (news: string) => {
    if (news !== last) tell(news)
    last = news
  }
}
const untilAborted = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, ms)
    timer.unref()
    signal.addEventListener('abort', done, { once: true })
  })
