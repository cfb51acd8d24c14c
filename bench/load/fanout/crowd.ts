// The crowd of viewers: a program in Go, because a JavaScript one would cost more than the processes it watches.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname)
const cache = path.resolve(folder, '../../../data/bench')
const perProcess = 19_000
const source = (nth: number) => `127.0.0.${2 + nth}`

/** Builds the program once for each state of its source. Throws in words when Go is missing. */
export function buildCrowd(): string {
  const code = fs.readFileSync(path.join(folder, 'main.go'))
  const program = path.join(cache, `fanout-${createHash('sha256').update(code).digest('hex').slice(0, 12)}`)
  if (fs.existsSync(program)) return program
  fs.mkdirSync(cache, { recursive: true })
  const go = ['go', '/usr/local/go/bin/go'].find((one) => spawnSync(one, ['version']).status === 0)
  if (!go)
    throw new Error(
      'Bench «fanout» cần Go 1.22 trở lên để dựng đám người xem (https://go.dev/dl); không thấy lệnh «go».',
    )
  const built = spawnSync(go, ['build', '-o', program, '.'], { cwd: folder, encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`go build: ${built.stderr}`)
  return program
}

type Plan = {
  port: number
  viewers: number
  /** Path and query of the topic. */
  address: string
  cookies: readonly string[]
  /** What stands before the number of a snapshot: `"page":`. */
  marker: string
  /** The first number that counts, and how many do. */
  first: number
  most: number
}
export type Crowd = Awaited<ReturnType<typeof openCrowd>>
/** Opens so many streams and resolves when each has its first snapshot. */
export async function openCrowd(program: string, plan: Plan) {
  const work = fs.mkdtempSync(path.join(cache, 'crowd-'))
  const { port, viewers, address, cookies, marker, first, most } = plan
  const processes = Math.ceil(viewers / perProcess)
  const began = performance.now()
  const parts = Array.from({ length: processes }, (_, nth) => {
    const n = Math.floor((viewers * (nth + 1)) / processes) - Math.floor((viewers * nth) / processes)
    const out = path.join(work, `moments-${nth}`)
    const own = path.join(work, `cookies-${nth}`)
    const from = cookies.length === 0 ? 0 : (nth * perProcess) % cookies.length
    fs.writeFileSync(own, [...cookies.slice(from), ...cookies.slice(0, from)].slice(0, n).join('\n'))
    const args = {
      ...{ addr: `127.0.0.1:${port}`, from: source(nth), n, path: address, marker, first, most, out },
      ...(cookies.length > 0 ? { cookies: own } : {}),
    }
    const child = spawn(
      program,
      Object.entries(args).map(([name, value]) => `-${name}=${value}`),
      { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, GOMAXPROCS: '1' } },
    )
    return { child, n, out, opened: listenTo(child) }
  })
  const opened = await Promise.all(parts.map((part) => part.opened.opened))
  return {
    opened: opened.reduce((sum, n) => sum + n, 0),
    openedMs: Math.round(performance.now() - began),
    pids: parts.map(({ child }) => child.pid!),
    /** Resolves `true` once this snapshot has reached everybody, `false` when that takes longer than the limit. */
    reached: async (number: number, limitMs: number): Promise<boolean> => {
      const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), limitMs).unref())
      return Promise.race([late, Promise.all(parts.map((part) => part.opened.seen(number))).then(() => true as const)])
    },
    /** Ends the streams. Moments are in ms since 1970, one array for each number; `closed` are streams that the server ended. */
    async end(): Promise<{ moments: Float64Array[]; closed: number }> {
      const closed = await Promise.all(
        parts.map(async ({ child, opened: heard }) => {
          const over = new Promise((resolve) => child.once('exit', resolve))
          child.stdin.end('end\n')
          await over
          return heard.closed()
        }),
      )
      const moments = Array.from({ length: most }, () => new Float64Array(viewers))
      let before = 0
      for (const { n, out } of parts) {
        const file = fs.readFileSync(out)
        for (let nth = 0; nth < most; nth++)
          for (let at = 0; at < n; at++)
            moments[nth]![before + at] = Number(file.readBigInt64LE(8 * (nth * n + at))) / 1000
        before += n
      }
      fs.rmSync(work, { recursive: true, force: true })
      return { moments, closed: closed.reduce((sum, n) => sum + n, 0) }
    },
    kill() {
      for (const { child } of parts) child.kill('SIGKILL')
    },
  }
}

/** What one process of the crowd says. */
function listenTo(child: ChildProcess) {
  const seen = new Set<number>()
  const waiting = new Map<number, () => void>()
  let closed = 0
  let rest = ''
  let tell: (n: number) => void
  let fail: (error: Error) => void
  const opened = new Promise<number>((resolve, reject) => {
    tell = resolve
    fail = reject
  })
  child.on('exit', (code) => fail(new Error(`the crowd ended: ${code}`)))
  child.stdout!.on('data', (part: Buffer) => {
    const lines = (rest + part.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [word, number] = line.split(' ')
      if (word === 'opened') tell(Number(number))
      else if (word === 'closed') {
        closed = Number(number)
        if (closed > 0) console.log(line)
      } else {
        seen.add(Number(number))
        waiting.get(Number(number))?.()
      }
    }
  })
  return {
    opened,
    closed: () => closed,
    seen: (number: number) =>
      seen.has(number) ? Promise.resolve() : new Promise<void>((resolve) => waiting.set(number, resolve)),
  }
}
