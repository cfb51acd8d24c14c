// The door while there is nothing behind it: everybody waits, for so long and so many only, and nobody without a pass.
import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openGate } from './gate.ts'
import { keyFrom, signPass } from './pass.ts'

const key = keyFrom(Buffer.from('door'))
const identity = '01900000-0000-7000-8000-00000000000a.1'
const pass = (room = 'r') =>
  signPass(
    key,
    { room, identity, name: '', about: { kind: 'site', partId: '' }, publish: [], subscribe: true, hidden: true },
    new Date(),
  )

/** `port` 9 answers nobody: whoever is let through hears that the stage does not answer. */
async function withGate(work: (gate: ReturnType<typeof openGate>, knock: Knock) => Promise<void>, waitLimitMs = 300) {
  const roomFor = async () => 'r'
  const gate = openGate({ port: 9, key, trustProxy: true, roomFor, ensure: async () => {}, waitLimitMs })
  const server = http.createServer().on('upgrade', (request, socket, head) => {
    if (!gate.upgrade(request, socket, head)) socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const knock: Knock = (token, { path = '/rtc/v1', from = '10.0.0.1' } = {}) =>
    new Promise((resolve, reject) => {
      const headers = { connection: 'Upgrade', upgrade: 'websocket', 'x-forwarded-for': from }
      http
        .get({ port, host: '127.0.0.1', path: `${path}?access_token=${token}`, headers })
        .on('response', (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
        .on('error', reject)
    })
  try {
    await work(gate, knock)
  } finally {
    gate.end()
    server.closeAllConnections()
    server.close()
  }
}
type Knock = (token: string, more?: { path?: string; from?: string }) => Promise<number>

test('who comes while rooms are being made waits for a bounded time, then is told «later»', () =>
  withGate(async (gate, knock) => {
    const began = performance.now()
    assert.equal(await knock(pass()), 503)
    assert.ok(performance.now() - began >= 290)
    assert.equal(gate.counts().waiting, 0)
  }))
test('nobody waits without a pass of ours', () =>
  withGate(async (gate, knock) => {
    const began = performance.now()
    assert.equal(await knock('rubbish'), 401)
    assert.equal(await knock(signPass(keyFrom(Buffer.from('other')), { ...blank, identity }, new Date())), 401)
    assert.ok(performance.now() - began < 290)
    assert.equal(gate.counts().waiting, 0)
  }))
test('a pass for another room than the part stands in is refused once the door is open', () =>
  withGate(async (gate, knock) => {
    gate.open()
    assert.equal(await knock(pass('other')), 403)
    assert.equal(await knock(pass()), 503)
  }))
test('one address holds six hundred places in the queue, not all of them', () =>
  withGate(async (gate, knock) => {
    const first = Array.from({ length: 620 }, () => knock(pass()))
    const other = knock(pass(), { from: '10.0.0.2' })
    while (gate.counts().waiting < 601) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(gate.counts().waiting, 601)
    assert.deepEqual([...new Set(await Promise.all([...first, other]))], [503])
  }, 3000))
test('other addresses than the signalling are not ours', () =>
  withGate(async (_gate, knock) => {
    assert.equal(await knock(pass(), { path: '/rtc/v2' }), 404)
    assert.equal(await knock(pass(), { path: '/twirp/livekit.RoomService/ListRooms' }), 404)
  }))
const blank = {
  room: 'r',
  name: '',
  about: { kind: 'site', partId: '' },
  publish: [],
  subscribe: true,
  hidden: true,
} as const
