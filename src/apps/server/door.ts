// The port, open from the first moment: it answers for the machine while nothing else is ready, then hands every
// request to the application, and closes first when the machine stops.
import http from 'node:http'
import type { Duplex } from 'node:stream'
import type { Metrics } from '../../platform/server/metrics.ts'
import { startingPage, startingScript, startingStyle } from './startingPage.ts'
import type { Steps } from './steps.ts'

/** Words for what is missing now, in the order they matter; empty when ready. */
export type Missing = () => Promise<string[]>
/** `true` when somebody took the connection over; else it is closed. */
export type Upgrade = (request: http.IncomingMessage, socket: Duplex, head: Buffer) => boolean
export type Door = {
  listen: (port: number, host: string) => Promise<void>
  /** From here on the application answers; a request that is already here is not lost. */
  open: (handler: http.RequestListener, missing: Missing, upgrade?: Upgrade) => void
  /** Says «not ready» at once, takes no new connections, lets requests in hand finish. */
  close: (limitMs: number) => Promise<void>
}

export function openDoor(input: {
  steps: Steps
  metrics: Metrics
  metricsFor: 'loopback' | 'on' | 'off'
  demo: boolean
}): Door {
  const { steps, metrics, metricsFor, demo } = input
  let handler: http.RequestListener | undefined
  let missing: Missing = async () => []
  let upgrade: Upgrade = () => false
  let closing = false

  const server = http.createServer({ keepAliveTimeout: 75_000, requestTimeout: 600_000 }, (request, response) => {
    if (closing) response.setHeader('connection', 'close')
    const [address = '/'] = (request.url ?? '/').split('?')
    if (address === '/healthz') return json(response, 200, { ok: true })
    if (address === '/readyz') return void ready(response)
    if (address === '/metrics') return void measure(request, response)
    if (handler) return handler(request, response)
    return early(address, request, response)
  })

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (closing || !upgrade(request, socket, head))
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n')
  })

  async function ready(response: http.ServerResponse) {
    // Between its last step and the opening of the door, the application is still what is waited for.
    const notYet = steps.waitingFor().map(({ key }) => key)
    const waiting = handler ? await missing() : notYet.length > 0 ? notYet : ['application']
    const waitingFor = closing ? ['stopping'] : waiting
    json(response, waitingFor.length === 0 ? 200 : 503, {
      ready: waitingFor.length === 0,
      waitingFor,
      ...(handler ? {} : { steps: steps.all() }),
    })
  }
  async function measure(request: http.IncomingMessage, response: http.ServerResponse) {
    // A proxy on this machine speaks for strangers.
    const isOurs = isLoopback(request.socket.remoteAddress) && request.headers['x-forwarded-for'] === undefined
    if (metricsFor === 'off' || (metricsFor === 'loopback' && !isOurs))
      return json(response, 404, { refused: 'notFound' })
    const text = await metrics.text()
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text)
  }
  function early(address: string, request: http.IncomingMessage, response: http.ServerResponse) {
    if (address === '/starting.css') return send(response, 200, 'text/css', startingStyle)
    if (address === '/starting.js') return send(response, 200, 'text/javascript', startingScript)
    const isPage = request.method === 'GET' && !/^\/(api|live)\/|\.\w+$/.test(address)
    if (isPage) return send(response, 200, 'text/html', startingPage(steps.all(), demo))
    response.setHeader('retry-after', '2')
    return json(response, 503, { refused: 'busy' })
  }

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        // A hall of three hundred phones knocks in one second.
        server.listen({ port, host, backlog: 4096 }, () => {
          server.off('error', reject)
          resolve()
        })
      }),
    open: (to, missingNow, upgradeBy = () => false) => {
      handler = to
      missing = missingNow
      upgrade = upgradeBy
    },
    close: (limitMs) =>
      new Promise((resolve) => {
        closing = true
        const idle = setInterval(() => server.closeIdleConnections(), 50)
        const limit = setTimeout(() => server.closeAllConnections(), limitMs)
        server.close(() => {
          clearInterval(idle)
          clearTimeout(limit)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

const isLoopback = (address = '') => /^(::1|(::ffff:)?127\.)/.test(address)

const json = (response: http.ServerResponse, status: number, body: object) =>
  send(response, status, 'application/json', JSON.stringify(body))

function send(response: http.ServerResponse, status: number, type: string, body: string) {
  response
    .writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    })
    .end(body)
}
