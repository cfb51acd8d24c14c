// The light processes as people meet them: real sockets, the real processes, a real database.
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { freePort } from '../../../tests/fixtures/freePort.ts'
import { newId } from '../../kernel/id.ts'
import type { Actor } from '../rights.ts'
import { cookieName, mintCookie, type SignedIn } from './cookie.ts'
import type { Desk } from './desk.ts'
import { openLive } from './live.ts'
import { openLight } from './liveLight.ts'
import { type LiveProcesses, openLiveProcesses, processesFor } from './liveProcesses.ts'
import { answerHead, parseHead } from './liveWire.ts'
import { type TestDb, testDb } from './testing/index.ts'
import { campaignOfTheDay, judgedBy, show, slowHall, topicsOfTheDay } from './testing/liveDay.ts'

const secret = randomBytes(32)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
let place: TestDb
let live: ReturnType<typeof openLive>
let processes: LiveProcesses
let port = 0
const ended = new Set<string>()
const faults: string[] = []

before(async () => {
  place = await testDb()
  await place.pool.query('create table day (page int)')
  await place.pool.query('insert into day values (1)')
  live = openLive()
  const desk = { ...place, databaseUrl: place.url, live, places: {} } as unknown as Desk
  // Only its list of topics is needed here: the routes are the light processes' own.
  live.routes({ get: () => {} } as never, async () => assert.fail(), topicsOfTheDay(place.pool))
  await live.start(desk)
  port = await freePort()
  processes = openLiveProcesses({
    ...{ live, viewers: 1, port, host: '127.0.0.1', baseUrl: 'http://127.0.0.1:4000', secret },
    script: path.resolve(import.meta.dirname, '../../apps/live/main.ts'),
    actorOf: async (who) =>
      who.by === 'cookie' ? memberActor(who.who) : { name: 'khách', kind: 'nobody', grants: [] },
    revoked: () => ended,
    log: (error) => faults.push(String(error)),
  })
  await until('a light process listens', () => processes.listening() === 1)
})
after(async () => {
  await processes.stop()
  await live.stop()
  await place.close()
})

const memberActor = (who: SignedIn): Actor => {
  assert.equal(who.kind, 'member')
  const { personId, campaignId, assurance, signInId } = who as Extract<SignedIn, { kind: 'member' }>
  return { name: `đv:${personId}`, kind: 'member', personId, campaignId, assurance, signInId, grants: [] }
}
const member = (campaignId = campaignOfTheDay): SignedIn & { kind: 'member' } => ({
  ...{ kind: 'member', personId: newId(), campaignId, assurance: 'entered', signInId: newId() },
})
const cookieOf = (who: SignedIn, at = new Date()) => `${cookieName}=${mintCookie(secret, who, at)}`
async function until(what: string, holds: () => boolean, limitMs = 15_000) {
  const end = Date.now() + limitMs
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await pause(10)
  }
}

/** Watches the page that is shown; `pages` are those she saw, `version` the last one's number. */
function watch(
  cookie: string,
  { had, topic = 'test.show', at = port }: { had?: string; topic?: string; at?: number } = {},
) {
  const seen = { status: 0, pages: [] as number[], version: '', headers: {} as http.IncomingHttpHeaders, over: false }
  const request = http.get({
    ...{ host: '127.0.0.1', port: at, path: `/live/${topic}`, agent: false },
    headers: { cookie, ...(had === undefined ? {} : { 'last-event-id': had }) },
  })
  request.on('error', () => {
    seen.over = true
  })
  request.on('response', (response) => {
    seen.status = response.statusCode ?? 0
    seen.headers = response.headers
    let rest = ''
    response.setEncoding('utf8').on('data', (part: string) => {
      const blocks = (rest + part).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const found = /^id: (\d+)\ndata: (.*)$/.exec(block)
        if (!found) continue
        seen.version = found[1]!
        seen.pages.push(JSON.parse(found[2]!).page)
      }
    })
    response.on('close', () => {
      seen.over = true
    })
    response.on('error', () => {})
  })
  return { seen, close: () => request.destroy() }
}
async function turnTo(page: number, how?: { now: boolean }) {
  await place.pool.query('update day set page = $1', [page])
  live.stale(show, {}, how)
}
const sees = (page: number, ...watchers: ReturnType<typeof watch>[]) =>
  until(`page ${page} is seen`, () => watchers.every(({ seen }) => seen.pages.at(-1) === page))
const ask = async (address: string, headers: Record<string, string> = {}, method = 'GET') => {
  const answer = await fetch(`http://127.0.0.1:${port}${address}`, { headers, method })
  return { status: answer.status, headers: answer.headers, said: await answer.text() }
}

test('a slide is before everybody at once, though the audience’s news otherwise come every two seconds', async () => {
  const people = [watch(cookieOf(member())), watch(cookieOf(member()))]
  await until('both hear', () => people.every(({ seen }) => seen.pages.length > 0))
  await turnTo(2, { now: true })
  await sees(2, ...people)
  const began = Date.now()
  await turnTo(3, { now: true })
  await sees(3, ...people)
  assert.ok(Date.now() - began < 1_500, `${Date.now() - began} ms`)
  await turnTo(4)
  await sees(4, ...people)
  assert.ok(Date.now() - began > 1_500, 'what is not urgent waits for its pace')
  for (const { close } of people) close()
})
test('who comes back with what she has hears of what is new, and nothing twice', async () => {
  const first = watch(cookieOf(member()))
  await until('she hears', () => first.seen.pages.length > 0)
  first.close()
  const again = watch(cookieOf(member()), { had: first.seen.version })
  await until('she is let in', () => again.seen.status === 200)
  await pause(300)
  assert.deepEqual(again.seen.pages, [])
  await turnTo(5, { now: true })
  await sees(5, again)
  const late = watch(cookieOf(member()), { had: first.seen.version })
  await sees(5, late)
  assert.deepEqual(late.seen.pages, [5])
  again.close()
  late.close()
})
test('a stranger, and a member of another campaign, see nothing; a thousand of this one are judged once', async () => {
  assert.equal((await ask('/live/test.show')).status, 401)
  assert.deepEqual(JSON.parse((await ask('/live/test.show', { cookie: cookieOf(member(newId())) })).said), {
    refused: 'notYours',
  })
  const forged = cookieOf(member()).slice(0, -3)
  assert.equal((await ask('/live/test.show/state.json', { cookie: forged })).status, 401)
  const before = judgedBy.size
  for (let i = 0; i < 10; i++)
    await Promise.all(
      Array.from({ length: 100 }, async () =>
        assert.equal((await ask('/live/test.show/state.json', { cookie: cookieOf(member()) })).status, 200),
      ),
    )
  assert.ok(judgedBy.size - before <= 2, `${judgedBy.size - before} judgements`)
  assert.ok(![...judgedBy].some((said) => said.includes('person')), 'the judgement does not know the person')
})
test('what is about one person only she may watch', async () => {
  const [lan, minh] = [member(), member()]
  const address = `/live/test.mine/state.json?personId=${lan.personId}`
  assert.equal((await ask(address, { cookie: cookieOf(lan) })).status, 200)
  assert.equal((await ask(address, { cookie: cookieOf(minh) })).status, 403)
  assert.equal((await ask(address, { cookie: cookieOf(lan) })).status, 200)
})
test('who signs out loses her stream within seconds, and her cookie opens nothing more', async () => {
  const [lan, minh] = [member(), member()]
  const [gone, stays] = [watch(cookieOf(lan)), watch(cookieOf(minh))]
  await until('both watch', () => gone.seen.pages.length > 0 && stays.seen.pages.length > 0)
  ended.add(lan.signInId)
  await until('her stream ends', () => gone.seen.over, 5_000)
  assert.equal(stays.seen.over, false)
  assert.equal((await ask('/live/test.show', { cookie: cookieOf(lan) })).status, 401)
  stays.close()
})
test('the state is there to ask for; a cache may keep what anybody may see, and asking again costs nothing', async () => {
  const open = await ask('/live/test.open/state.json')
  assert.equal(open.headers.get('cache-control'), 'public, max-age=1')
  assert.ok(JSON.parse(open.said).version > 0)
  const etag = open.headers.get('etag')!
  assert.equal((await ask('/live/test.open/state.json', { 'if-none-match': etag })).status, 304)
  const head = await ask('/live/test.open/state.json', {}, 'HEAD')
  assert.deepEqual([head.status, head.said, head.headers.get('etag')], [200, '', etag])
  const mine = await ask('/live/test.show/state.json', { cookie: cookieOf(member()) })
  assert.equal(mine.headers.get('cache-control'), 'private, max-age=1')
})
test('our own page may read across the port with its cookie; another’s page may not', async () => {
  const cookie = cookieOf(member())
  const ours = await ask('/live/test.show/state.json', { cookie, origin: 'http://127.0.0.1:4000' })
  assert.equal(ours.headers.get('access-control-allow-origin'), 'http://127.0.0.1:4000')
  assert.equal(ours.headers.get('access-control-allow-credentials'), 'true')
  const theirs = await ask('/live/test.show/state.json', { cookie, origin: 'http://evil.example' })
  assert.equal(theirs.headers.get('access-control-allow-origin'), null)
})
test('people who come by the name of the server are sent on to the light processes, others are served here', () => {
  const sent: unknown[] = []
  const response = {
    writeHead: (status: number, { location }: { location: string }) => {
      sent.push(status, location)
      return { end() {} }
    },
  }
  const knock = (host: string, more = {}) =>
    processes.redirect(
      { method: 'GET', url: '/live/test.show?a=b', headers: { host, ...more } } as never,
      response as never,
    )
  assert.equal(knock('127.0.0.1:4000'), true)
  assert.deepEqual(sent, [307, `http://127.0.0.1:${port}/live/test.show?a=b`])
  assert.equal(knock('localhost:4000'), false)
  assert.equal(knock('127.0.0.1:4000', { 'x-forwarded-for': '10.0.0.1' }), false)
})
test('a light process is killed under its people: they come back by themselves and miss nothing', async () => {
  const people = Array.from({ length: 20 }, () => ({
    cookie: cookieOf(member()),
    seen: new Set<number>(),
    over: false,
  }))
  const stay = async (one: (typeof people)[number]) => {
    for (let had: string | undefined; !one.over; ) {
      const line = watch(one.cookie, had === undefined ? {} : { had })
      while (!line.seen.over && !one.over) {
        for (const page of line.seen.pages) one.seen.add(page)
        had = line.seen.version || had
        await pause(20)
      }
      line.close()
      await pause(50 + 100 * Math.random())
    }
  }
  const all = people.map(stay)
  await turnTo(20, { now: true })
  await until('all see page 20', () => people.every(({ seen }) => seen.has(20)))
  process.kill(processes.pids()[0]!, 'SIGKILL')
  await turnTo(21, { now: true })
  await until('all see page 21', () => people.every(({ seen }) => seen.has(21)))
  await turnTo(22, { now: true })
  await until('all see page 22', () => people.every(({ seen }) => seen.has(22)))
  for (const one of people) one.over = true
  await Promise.all(all)
})
test('the process that was just counting is killed: another one takes over', async () => {
  const other: ChildProcess = fork(path.join(import.meta.dirname, 'testing/liveDay.ts'), [place.url], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  // The other one holds the topic, and would be reading for a minute.
  await new Promise((resolve) => other.once('message', resolve))
  const line = watch(cookieOf(member()), { topic: slowHall.name })
  await pause(800)
  assert.deepEqual(line.seen.pages, [])
  other.kill('SIGKILL')
  await until('somebody reads it', () => line.seen.pages.length > 0, 10_000)
  line.close()
})
test('who takes nothing is let go, and nobody else waits for her', async () => {
  const gone: string[] = []
  const light = openLight({
    ...{
      secret,
      origin: 'http://x',
      mostLines: 100,
      leave: (key: string) => gone.push(key),
      limits: { behindMs: 300 },
    },
    ask: async () => ({ may: 'yes', key: 'k', open: true }),
  })
  const at = await light.listen({ port: 0, host: '127.0.0.1', reusePort: false })
  const body = (n: number) => JSON.stringify({ page: n, filling: 'x'.repeat(400_000) })
  light.fresh('k', 1, body(1))
  const slow = net.connect(at, '127.0.0.1')
  let slowOver = false
  slow.on('close', () => {
    slowOver = true
  })
  slow.on('error', () => {})
  slow.write('GET /live/test.show HTTP/1.1\r\nhost: x\r\n\r\n')
  slow.pause()
  const quick = watch('', { at })
  await until('both watch', () => light.watching() === 2)
  for (let n = 2; n <= 60; n++) {
    light.fresh('k', n, body(n))
    await pause(10)
  }
  await sees(60, quick)
  await until('the slow one is gone', () => light.watching() === 1, 5_000)
  slow.resume()
  await until('and her line is cut', () => slowOver, 5_000)
  quick.close()
  light.close()
})
test('a process that leaves sends its people away at different moments, and takes nobody in any more', async () => {
  const light = openLight({
    ...{ secret, origin: 'http://x', mostLines: 2_000, leave: () => {} },
    ask: async () => ({ may: 'yes', key: 'k', open: true }),
  })
  const at = await light.listen({ port: 0, host: '127.0.0.1', reusePort: false })
  light.fresh('k', 1, '{"page":1}')
  const people = Array.from({ length: 600 }, () => watch('', { at }))
  await until('all watch', () => light.watching() === people.length)
  const ends: number[] = []
  void light.drain()
  const began = Date.now()
  while (ends.length < people.length && Date.now() - began < 10_000) {
    while (people.filter(({ seen }) => seen.over).length > ends.length) ends.push(Date.now() - began)
    await pause(5)
  }
  assert.equal(ends.length, people.length)
  assert.ok(ends.at(-1)! - ends[0]! > 100, `all within ${ends.at(-1)! - ends[0]!} ms`)
  const late = watch('', { at })
  await until('nobody is taken in', () => late.seen.over)
  assert.equal(late.seen.status, 0)
  light.close()
})
test('whoever never finishes asking is let go', async () => {
  const light = openLight({
    ...{ secret, origin: 'http://x', mostLines: 100, leave: () => {}, limits: { headMs: 300 } },
    ask: async () => ({ may: 'no', status: 404, refused: 'notFound' }),
  })
  const at = await light.listen({ port: 0, host: '127.0.0.1', reusePort: false })
  const socket = net.connect(at, '127.0.0.1')
  let said = ''
  let over = false
  socket.on('data', (part) => {
    said += part.toString()
  })
  socket.on('close', () => {
    over = true
  })
  socket.write('GET /live/test.show HT')
  await until('it is cut', () => over, 5_000)
  assert.match(said, /^HTTP\/1\.1 408 /)
  light.close()
})
test('no nonsense on the wire opens a stream, and after all of it people are served', async () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      'GET /live/test.show HTTP/1.1\r\n',
      'GET ',
      '/live/test.show',
      ' HTTP/1.1',
      '\r\n',
      '\n',
      '\r\n\r\n',
    ),
    fc.constantFrom(
      'host: x\r\n',
      'content-length: 5\r\n',
      'transfer-encoding: chunked\r\n',
      'cookie: dc=1.m\r\n',
      '\0',
      ' ',
    ),
    fc.string({ maxLength: 40 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (parts) => {
      const said = await new Promise<string>((resolve) => {
        let text = ''
        const socket = net.connect(port, '127.0.0.1')
        socket.on('data', (part) => {
          text += part.toString('latin1')
        })
        socket.on('error', () => {})
        socket.on('close', () => resolve(text))
        socket.end(`${parts.join('')}\r\n\r\n`)
      })
      assert.doesNotMatch(said, /^HTTP\/1\.1 (2|5)/m)
    }),
    { numRuns: 150 },
  )
  assert.equal((await ask('/live/test.open/state.json')).status, 200)
  assert.equal((await ask('/live/test.nothing')).status, 404)
  assert.equal((await ask('/live/test.mine?personId=a&personId=b')).status, 400)
  assert.equal((await ask('/nothing')).status, 404)
  assert.equal((await ask('/live/test.open', {}, 'POST')).status, 405)
})
test('a head that is split anywhere is the same head', () => {
  const whole = Buffer.from(
    'GET /live/a.b?c=d HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nCookie: c=d\r\nConnection: close\r\n\r\n',
  )
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (cut) => {
      assert.equal(parseHead(whole.subarray(0, cut)), undefined)
    }),
  )
  const head = parseHead(whole)
  assert.ok(head && !('status' in head))
  assert.deepEqual(
    [head.path, head.query, head.fields.get('cookie'), head.keepAlive],
    ['/live/a.b', 'c=d', 'a=b; c=d', false],
  )
  for (const [text, status] of [
    ['GET /live/a HTTP/2.0\r\n\r\n', 505],
    ['GET /live/a HTTP/1.1\r\n\r\n', 400],
    [`GET /${'a'.repeat(3_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 414],
    [`GET /a HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(9_000)}`, 431],
    ['GET /a HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n', 400],
    ['GET /a HTTP/1.1\r\nhost: x\r\n folded\r\n\r\n', 400],
    ['DELETE /a HTTP/1.1\r\nhost: x\r\n\r\n', 405],
    ['GET http://x/a HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['\x16\x03\x01', 400],
  ] as const)
    assert.deepEqual(parseHead(Buffer.from(text)), { status }, text.slice(0, 40))
  assert.equal(answerHead(404, { a: 1 }), 'HTTP/1.1 404 Not Found\r\na: 1\r\n\r\n')
})
test('so many processes are started as the descriptor limit needs, and at least one', () => {
  assert.equal(processesFor(95_000, 20_000), 5)
  assert.equal(processesFor(1, 20_000), 1)
  assert.equal(processesFor(95_000, 1_048_576), 1)
  fc.assert(
    fc.property(fc.nat(300_000), fc.integer({ min: 8_192, max: 2_000_000 }), (viewers, descriptors) => {
      assert.ok(processesFor(viewers, descriptors) * (descriptors - 1_000) >= viewers)
    }),
  )
})
