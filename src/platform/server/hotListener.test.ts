import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { nobody } from '../rights.ts'
import { hotListener } from './hotListener.ts'
import { faultOf } from './http.ts'
import { Refused } from './operate.ts'

const faults: unknown[] = []
const told: string[] = []
const take = hotListener(
  [
    {
      it: { name: 'hall.arrive' },
      perform: async ({ input }: { input: { who?: string } | undefined }) => {
        if (input === undefined) throw new Refused('malformed')
        if (input.who === 'nobody') throw new Refused('unknownPerson', { tries: 1 })
        if (input.who === 'away') throw Object.assign(new Error('Connection terminated unexpectedly'), {})
        if (input.who === 'fault') throw new Error('our own mistake')
        return { welcome: input.who }
      },
    } as never,
  ],
  (cookie) => (cookie === 'old' ? undefined : nobody),
  (error) => faultOf(error, (line) => faults.push(line)),
  (path, status) => told.push(`${path} ${status}`),
)
const server = http.createServer((request, response) => {
  if (!take(request, response)) response.writeHead(418).end()
})
let base = ''
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())
const ask = async (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) => {
  const answer = await fetch(`${base}/api/hall/arrive`, { method: 'POST', body, headers })
  return { status: answer.status, retry: answer.headers.get('retry-after'), said: await answer.text() }
}

test('a plain request is answered at once, also when its body comes in many pieces', async () => {
  assert.deepEqual(await ask('{"who":"Ấn"}'), { status: 200, retry: null, said: '{"welcome":"Ấn"}' })
  const long = 'Ư'.repeat(30_000)
  assert.equal((await ask(JSON.stringify({ who: long }))).said, JSON.stringify({ welcome: long }))
  assert.ok(told.includes('/api/hall/arrive 200'))
})

test('a refusal, nonsense, a lost database and our own fault are said as on the full route', async () => {
  assert.deepEqual(await ask('{"who":"nobody"}'), {
    status: 409,
    retry: null,
    said: '{"refused":"unknownPerson","detail":{"tries":1}}',
  })
  assert.equal((await ask('{"who":')).status, 400)
  assert.deepEqual(await ask('{"who":"away"}'), { status: 503, retry: '1', said: '{"refused":"busy"}' })
  assert.deepEqual(await ask('{"who":"fault"}'), { status: 500, retry: null, said: '{"refused":"broken"}' })
  assert.equal(faults.length, 1)
})

test('what is not plain is left to the full route', async () => {
  const json = { 'content-type': 'application/json' }
  assert.equal((await ask('{}', { ...json, cookie: 'old' })).status, 418)
  assert.equal((await ask('{}', { 'content-type': 'text/plain' })).status, 418)
  assert.equal((await ask(JSON.stringify({ who: 'a'.repeat(70_000) }))).status, 418)
  assert.equal((await fetch(`${base}/api/hall/arrive`)).status, 418)
  assert.equal((await fetch(`${base}/api/hall/leave`, { method: 'POST', body: '{}', headers: json })).status, 418)
})
