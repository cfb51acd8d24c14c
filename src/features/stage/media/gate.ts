// Our own door to the media server: browsers connect to /rtc of this very server. Who is removed does not come back in,
// and while rooms are being made again everybody waits outside instead of being told that there is no room.
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { readIdentity, type Who } from '../server/mediaServer.ts'
import { type MediaKey, readPass } from './pass.ts'

export type Gate = {
  /** Everybody who waits is let in, one after another. */
  open: () => void
  close: () => void
  /** `true` when the address was ours. */
  request: (request: IncomingMessage, response: ServerResponse) => boolean
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
  counts: () => { connected: number; waiting: number }
  /** Ends every connection. */
  end: () => void
}

const connectPaths = ['/rtc', '/rtc/v1']
const validatePaths = ['/rtc/validate', '/rtc/v1/validate']
// A browser gives up after 15 s; before that we say «later», which it takes as a reason to try again.
const waitLimitMs = 12_000
const answerLimitMs = 10_000
const mostWaiting = 1000
const mostWaitingPerAddress = 600
const mostConnected = 3000
// A join costs the media server about 14 ms: a rush after a crash must not take the sound from those already in.
const spacingMs = { least: 5, most: 15 }
const passedHeaders = [
  ...['connection', 'upgrade', 'user-agent', 'authorization'],
  ...['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-extensions', 'sec-websocket-protocol'],
]

class Refusal extends Error {
  readonly status: number
  constructor(status: number, words: string) {
    super(words)
    this.status = status
  }
}

export function openGate(input: {
  /** Of the media server, on loopback. */
  port: number
  key: MediaKey
  trustProxy: boolean
  /** The room in which this one may be; `undefined` to refuse. */
  roomFor: (who: Who) => Promise<string | undefined>
  /** Makes sure that the room is there. */
  ensure: (room: string) => Promise<void>
  waitLimitMs?: number
}): Gate {
  const { port, key, trustProxy } = input
  let isOpen = false
  let freeAt = 0
  const waiting = new Map<string, number>()
  let waitingAll = 0
  const opened = new Set<() => void>()
  const connected = new Set<Duplex>()

  /** Who asks, or why not; nothing of it goes into a log. */
  function judge(request: IncomingMessage): { who: Who; room: string } {
    const bearer = readPass(key, tokenOf(request), new Date())
    const who = bearer && readIdentity(bearer.identity)
    if (!bearer || !who) throw new Refusal(401, 'this pass is not valid')
    // Our own processes connect from this machine; behind a proxy everybody seems to.
    if (who.is === 'programme' && !isFromHere(request)) throw new Refusal(403, 'only from this machine')
    return { who, room: bearer.room }
  }
  async function admit(request: IncomingMessage) {
    const { who, room } = judge(request)
    if ((await input.roomFor(who)) !== room) throw new Refusal(403, 'no longer on this stage')
    await input.ensure(room)
  }

  async function untilOpen() {
    if (!isOpen) {
      await new Promise<void>((resolve, reject) => {
        const done = () => {
          clearTimeout(late)
          opened.delete(done)
          resolve()
        }
        const late = setTimeout(() => {
          opened.delete(done)
          reject(new Refusal(503, 'the stage is being made again'))
        }, input.waitLimitMs ?? waitLimitMs)
        opened.add(done)
      })
    }
    const now = Date.now()
    const turn = Math.max(now, freeAt)
    freeAt = turn + spacingMs.least + Math.random() * (spacingMs.most - spacingMs.least)
    if (turn > now) await new Promise((resolve) => setTimeout(resolve, turn - now))
  }

  /** Holds a place in the queue while `work` lasts. */
  async function inLine<T>(address: string, work: () => Promise<T>): Promise<T> {
    const here = waiting.get(address) ?? 0
    if (waitingAll >= mostWaiting || here >= mostWaitingPerAddress || connected.size >= mostConnected)
      throw new Refusal(503, 'too many at once')
    waiting.set(address, here + 1)
    waitingAll++
    try {
      return await work()
    } finally {
      waitingAll--
      const left = (waiting.get(address) ?? 1) - 1
      if (left > 0) waiting.set(address, left)
      else waiting.delete(address)
    }
  }

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer) {
    judge(request)
    const upstream = await inLine(addressOf(request, trustProxy), async () => {
      await untilOpen()
      await admit(request)
      if (socket.destroyed) throw new Refusal(499, 'gone')
      return firstAnswer(port, request, head)
    })
    if (socket.destroyed) return void upstream.destroy()
    splice(socket, upstream)
  }
  function splice(socket: Duplex, upstream: net.Socket) {
    connected.add(socket)
    const over = () => {
      connected.delete(socket)
      socket.destroy()
      upstream.destroy()
    }
    for (const side of [socket, upstream]) side.on('error', over).on('close', over)
    if (socket instanceof net.Socket) socket.setNoDelay(true).setKeepAlive(true, 30_000).setTimeout(0)
    socket.pipe(upstream)
    upstream.pipe(socket)
  }

  async function validate(request: IncomingMessage, response: ServerResponse) {
    if (!isOpen) throw new Refusal(503, 'the stage is being made again')
    await admit(request)
    await new Promise<void>((resolve, reject) => {
      http
        .get({ host: '127.0.0.1', port, path: request.url, headers: headersOf(request), timeout: answerLimitMs })
        .on('response', (answer) => {
          response.writeHead(answer.statusCode ?? 502, { 'content-type': 'text/plain', 'cache-control': 'no-store' })
          answer.pipe(response).on('close', resolve)
        })
        .on('timeout', () => reject(new Refusal(503, 'no answer')))
        .on('error', () => reject(new Refusal(503, 'no answer')))
    })
  }

  return {
    open: () => {
      isOpen = true
      for (const done of [...opened].sort(() => Math.random() - 0.5)) done()
    },
    close: () => {
      isOpen = false
    },
    request: (request, response) => {
      if (!validatePaths.includes(pathOf(request))) return false
      validate(request, response).catch((error) => {
        const { status, words } = told(error)
        if (!response.headersSent)
          response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' })
        response.end(words)
      })
      return true
    },
    upgrade: (request, socket, head) => {
      if (!connectPaths.includes(pathOf(request))) return false
      socket.on('error', () => socket.destroy())
      connect(request, socket, head).catch((error) => {
        const { status, words } = told(error)
        if (!socket.destroyed)
          socket.end(
            `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? 'Refused'}\r\nconnection: close\r\ncontent-type: text/plain\r\n` +
              `content-length: ${Buffer.byteLength(words)}\r\n${status === 503 ? 'retry-after: 2\r\n' : ''}\r\n${words}`,
          )
      })
      return true
    },
    counts: () => ({ connected: connected.size, waiting: waitingAll }),
    end: () => {
      for (const socket of connected) socket.destroy()
    },
  }
}

/** The line to the media server once it has said its first word; whatever that is goes to the browser as it is. */
const firstAnswer = (port: number, request: IncomingMessage, head: Buffer) =>
  new Promise<net.Socket>((resolve, reject) => {
    const upstream = net.connect({ host: '127.0.0.1', port, noDelay: true })
    const failed = () => {
      upstream.destroy()
      reject(new Refusal(503, 'the stage does not answer'))
    }
    upstream.setTimeout(answerLimitMs, failed)
    upstream.once('error', failed).once('end', failed)
    upstream.once('connect', () => {
      const lines = Object.entries(headersOf(request)).map(([name, value]) => `${name}: ${value}\r\n`)
      upstream.write(`GET ${request.url} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n`)
      if (head.length > 0) upstream.write(head)
    })
    upstream.once('readable', () => {
      upstream.setTimeout(0)
      upstream.off('error', failed).off('end', failed)
      resolve(upstream)
    })
  })

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    passedHeaders.flatMap((name) => {
      const value = request.headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}
const pathOf = (request: IncomingMessage) => (request.url ?? '/').split('?')[0]!
function tokenOf(request: IncomingMessage): string {
  const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '')
  return query.get('access_token') ?? request.headers.authorization?.replace(/^Bearer /, '') ?? ''
}
const isFromHere = (request: IncomingMessage) =>
  /^(::1|(::ffff:)?127\.)/.test(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined
function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined
  return (
    String(forwarded ?? '')
      .split(',')
      .at(-1)
      ?.trim() ||
    (request.socket.remoteAddress ?? '')
  )
}
const told = (error: unknown) =>
  error instanceof Refusal ? { status: error.status, words: error.message } : { status: 503, words: 'later' }
