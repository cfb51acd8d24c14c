// The live channel on a real database: two processes' worth of it side by side, as in production.
import assert from 'node:assert/strict'
import http from 'node:http'
import { after, before, test } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { topic } from '../contract.ts'
import { anyone, nobody, signedIn } from '../rights.ts'
import type { Desk } from './desk.ts'
import { type AnyTopic, covers, openLive, serveTopic } from './live.ts'
import { Refused } from './operate.ts'
import { type TestDb, testDb } from './testing/index.ts'

const Params = z.object({ hall: z.string(), unit: z.string().optional() })
const heads = topic({ name: 'test.heads', params: Params, snapshot: z.object({ present: z.int() }) })
const closed = topic({ name: 'test.closed', params: z.object({}), snapshot: z.object({}) })
let place: TestDb
let readings = 0
type Side = { app: FastifyInstance; live: ReturnType<typeof openLive>; url: string }
const sides: Side[] = []

async function openSide(): Promise<Side> {
  const live = openLive()
  const desk = {
    db: place.db,
    pool: place.pool,
    databaseUrl: place.url,
    live,
    places: {},
  } as unknown as Desk
  const topics: AnyTopic[] = [
    serveTopic(heads, anyone, async () => {
      readings++
      const { rows } = await place.pool.query('select n from heads')
      return { present: rows[0].n }
    }),
    serveTopic(closed, signedIn, async () => ({})),
  ]
  const app = Fastify({ forceCloseConnections: true })
  app.setErrorHandler((error, _request, reply) => reply.status(error instanceof Refused ? 403 : 500).send({}))
  live.routes(app, async () => nobody, topics)
  await live.start(desk)
  return { app, live, url: await app.listen({ port: 0, host: '127.0.0.1' }) }
}
before(async () => {
  place = await testDb()
  await place.pool.query('create table heads (n int)')
  await place.pool.query('insert into heads values (1)')
  sides.push(await openSide(), await openSide())
})
after(async () => {
  for (const { app, live } of sides) {
    await live.stop()
    await app.close()
  }
  await place.close()
})

/** Listens to a topic; `next` resolves with the next snapshot. */
function listen(side: Side, query: string) {
  const seen: number[] = []
  const waiting: ((n: number) => void)[] = []
  const request = http.get(`${side.url}/live/test.heads?${query}`, (response) => {
    let text = ''
    response.on('data', (part) => {
      text += part
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end))
        text = text.slice(end + 2)
        if (!data) continue
        const { present } = JSON.parse(data[1]!)
        const tell = waiting.shift()
        if (tell) tell(present)
        else seen.push(present)
      }
    })
  })
  request.on('error', () => {})
  return {
    next: () => {
      const known = seen.shift()
      return known === undefined ? new Promise<number>((resolve) => waiting.push(resolve)) : Promise.resolve(known)
    },
    close: () => request.destroy(),
  }
}
const set = (n: number) => place.pool.query('update heads set n = $1', [n])

test('who watches through another process sees the change within a second', async () => {
  const [here, there] = [listen(sides[0]!, 'hall=a'), listen(sides[1]!, 'hall=a')]
  assert.deepEqual(await Promise.all([here.next(), there.next()]), [1, 1])
  await set(2)
  const began = Date.now()
  sides[0]!.live.stale(heads, { hall: 'a' })
  assert.deepEqual(await Promise.all([here.next(), there.next()]), [2, 2])
  assert.ok(Date.now() - began < 3_000, `${Date.now() - began} ms`)
  here.close()
  there.close()
})
test('a storm of changes is read at the reader’s own pace', async () => {
  const board = listen(sides[0]!, 'hall=b')
  await board.next()
  const before = readings
  for (let n = 10; n < 60; n++) {
    await set(n)
    sides[0]!.live.stale(heads, { hall: 'b' })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  for (let n = 0; n !== 59; ) n = await board.next()
  assert.ok(readings - before < 15, `${readings - before} readings of 50 changes`)
  board.close()
})
test('the state is also there to ask for, and asking again costs nothing', async () => {
  const first = await fetch(`${sides[0]!.url}/live/test.heads/state.json?hall=a`)
  const { snapshot, version } = (await first.json()) as { snapshot: { present: number }; version: number }
  assert.ok(snapshot.present > 0 && version > 0)
  const again = await fetch(`${sides[0]!.url}/live/test.heads/state.json?hall=a`, {
    headers: { 'if-none-match': first.headers.get('etag')! },
  })
  assert.equal(again.status, 304)
})
test('three hundred halls change at once: each is read, and no reader waits for another for ever', async () => {
  const halls = Array.from({ length: 300 }, (_, nth) => `hall=many${nth}`)
  const states = halls.map((query) => fetch(`${sides[0]!.url}/live/test.heads/state.json?${query}`))
  for (const state of await Promise.all(states)) assert.equal(state.status, 200)
  await set(78)
  sides[0]!.live.stale(heads, {})
  const board = listen(sides[1]!, 'hall=many299')
  for (let n = 0; n !== 78; ) n = await board.next()
  board.close()
})
test('when the database cuts every line, boards hear again by themselves', async () => {
  const board = listen(sides[1]!, 'hall=a')
  await board.next()
  await place.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database() and query like 'listen %'`,
  )
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  await set(77)
  sides[0]!.live.stale(heads, { hall: 'a' })
  for (let n = 0; n !== 77; ) n = await board.next()
  board.close()
})
test('a topic one may not see, or that does not exist, is not told apart by more than a word', async () => {
  assert.equal((await fetch(`${sides[0]!.url}/live/test.closed`)).status, 403)
  assert.equal((await fetch(`${sides[0]!.url}/live/test.nothing`)).status, 403)
  assert.equal((await fetch(`${sides[0]!.url}/live/test.heads`)).status, 403)
})
test('a change of a hall soils its topics whatever else they name', () => {
  assert.ok(covers('t?hall=a', 't?hall=a&unit=1'))
  assert.ok(covers('t?', 't?hall=a'))
  assert.ok(!covers('t?hall=a', 't?hall=b'))
  assert.ok(!covers('t?hall=a', 'u?hall=a'))
})
