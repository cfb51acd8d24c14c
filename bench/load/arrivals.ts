// A hall of phones in a process of its own: many keep-alive connections, each asks, waits for the answer, and asks again.
// Raw sockets, because a JavaScript HTTP client would cost more than the server it measures.
//   node bench/load/arrivals.ts <plan.json> <result.json>
import fs from 'node:fs'
import net from 'node:net'

export type Plan = {
  port: number
  path: string
  connections: number /** One a line: cookie, a tab, the body. */
  requests: string /** Goes on when the server is gone, and sends again what got no answer. */
  patient: boolean
}
export type Result = {
  startedAt: number
  endedAt: number
  /** Per request, in the order of the plan: milliseconds to the answer, and the moment of it (epoch ms); 0 when there was none. */
  tookMs: number[]
  ackedAt: number[]
  refused: Record<string, number>
  /** Connections lost and requests sent again. */
  broken: number
  cpuSeconds: number
}

const [planFile = '', resultFile = ''] = process.argv.slice(2)
const plan: Plan = JSON.parse(fs.readFileSync(planFile, 'utf8'))
const lines = fs.readFileSync(plan.requests, 'utf8').split('\n').filter(Boolean)
const requests = lines.map((line) => {
  const [cookie = '', body = ''] = line.split('\t')
  return Buffer.from(
    `POST ${plan.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncookie: ${cookie}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
})
const now = () => performance.timeOrigin + performance.now()
const result: Result = {
  startedAt: 0,
  endedAt: 0,
  tookMs: new Array(requests.length).fill(0),
  ackedAt: new Array(requests.length).fill(0),
  refused: {},
  broken: 0,
  cpuSeconds: 0,
}
const patienceMs = 120_000
let next = 0
let cpu: NodeJS.CpuUsage | undefined
let open = 0

function line() {
  let at = -1
  let sentAt = 0
  let rest: Buffer | undefined
  let socket: net.Socket
  const ask = () => {
    if (at < 0) {
      if (next >= requests.length) return socket.end()
      at = next++
      sentAt = now()
    }
    socket.write(requests[at]!)
  }
  const answered = (status: number, body: string) => {
    if (status === 503 && plan.patient) return void setTimeout(ask, 100)
    const when = now()
    result.tookMs[at] = when - sentAt
    if (status === 200) result.ackedAt[at] = when
    else {
      const because = /"refused":"(\w+)"/.exec(body)?.[1] ?? String(status)
      result.refused[because] = (result.refused[because] ?? 0) + 1
    }
    at = -1
    ask()
  }
  const connect = () => {
    socket = net.connect({ port: plan.port, host: '127.0.0.1', noDelay: true })
    rest = undefined
    socket.on('connect', ask)
    socket.on('data', (part) => {
      rest = rest ? Buffer.concat([rest, part]) : part
      const head = rest.indexOf('\r\n\r\n')
      if (head < 0) return
      const top = rest.toString('latin1', 0, head)
      const length = Number(/content-length: (\d+)/i.exec(top)?.[1] ?? 0)
      if (rest.length < head + 4 + length) return
      const body = rest.toString('latin1', head + 4, head + 4 + length)
      rest = undefined
      answered(Number(top.slice(9, 12)), body)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (at < 0 && next >= requests.length) return over()
      result.broken++
      if (!plan.patient || now() - result.startedAt > patienceMs) return over()
      setTimeout(connect, 50)
    })
  }
  connect()
}
function over() {
  if (--open > 0) return
  result.endedAt = now()
  const { user, system } = process.cpuUsage(cpu)
  result.cpuSeconds = (user + system) / 1e6
  fs.writeFileSync(resultFile, JSON.stringify(result))
}

// Everything is in memory before the clock starts; the other side says when.
process.stdout.write('ready\n')
process.stdin.once('data', () => {
  process.stdin.unref?.()
  result.startedAt = now()
  cpu = process.cpuUsage()
  open = Math.min(plan.connections, requests.length)
  for (let at = open; at > 0; at--) line()
})
