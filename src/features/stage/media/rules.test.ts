// What is decided without a media server: who may what in a room, what is mended, whose pass is good, how many may listen.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { partKinds, partStates } from '../contract.ts'
import { identityOf, type Joined, permitOf, programmeIdentity, readIdentity } from '../server/mediaServer.ts'
import { configOf, turnOf } from './child.ts'
import { findLiveKit, sharedFolder, unpack, version } from './find.ts'
import { type KnownPart, whatToMend } from './mend.ts'
import { readNews } from './news.ts'
import { isSignedNews, keyFrom, readPass, signPass, signToken } from './pass.ts'
import { placesFor } from './places.ts'

const createSha = (text: Buffer | string, as: 'base64' | 'hex' = 'base64') =>
  createHash('sha256').update(text).digest(as)
const now = new Date('2021-01-14T01:00:00Z')
const sessionId = '01900000-0000-7000-8000-000000000001'
const aPart = fc.record({
  partId: fc.uuid(),
  generation: fc.integer({ min: 1, max: 9 }),
  kind: fc.constantFrom(...partKinds),
  state: fc.constantFrom(...partStates),
  microphone: fc.boolean(),
  picture: fc.boolean(),
  talking: fc.boolean(),
  connected: fc.boolean(),
})
/** The room as it would be when it says just what the database says. */
const roomOf = (parts: readonly KnownPart[]): Joined[] =>
  parts
    .filter((part) => part.connected && part.state !== 'removed')
    .map((part) => ({
      identity: identityOf(part),
      joinedAt: now,
      active: true,
      tracks: [{ trackId: 't', source: 'microphone', muted: !part.microphone }],
      permit: permitOf(part),
    }))

test('whoever sends nothing is hidden, and a hall screen never sends', () => {
  fc.assert(
    fc.property(aPart, (part) => {
      const permit = permitOf(part)
      assert.equal(permit.hidden, permit.publish.length === 0)
      assert.deepEqual(permitOf(part, 'screen').publish, [])
      if (part.state === 'removed') assert.deepEqual(permit, { publish: [], subscribe: false, hidden: true })
    }),
  )
})
test('a listening hall sends nothing, with its picture on the camera, once called both', () => {
  const hall = { kind: 'site', state: 'invited', microphone: false, picture: false, talking: false } as const
  assert.deepEqual(permitOf(hall).publish, [])
  assert.deepEqual(permitOf({ ...hall, picture: true }).publish, ['camera'])
  assert.deepEqual(permitOf({ ...hall, state: 'backstage' }).publish, ['camera', 'microphone'])
})
test('a director is heard by a hall only while she talks to it', () => {
  const director = {
    kind: 'technician',
    state: 'backstage',
    microphone: false,
    picture: false,
    talking: false,
  } as const
  assert.equal(permitOf(director).hidden, true)
  assert.deepEqual(permitOf({ ...director, talking: true }), {
    publish: ['microphone'],
    subscribe: true,
    hidden: false,
  })
})
test('a name in the room says whose it is, and no other name is ours', () => {
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom('console', 'screen'),
      (partId, generation, of) => {
        const who = { is: 'part', partId, generation, of } as const
        assert.deepEqual(readIdentity(identityOf(who, of)), who)
      },
    ),
  )
  assert.deepEqual(readIdentity(programmeIdentity(sessionId)), { is: 'programme', sessionId })
  for (const strange of ['', 'admin', `${sessionId}`, `${sessionId}.1.screen.x`, `programme.${sessionId}.1`])
    assert.equal(readIdentity(strange), undefined)
})

const mayBeThere = ({ kind, state }: KnownPart) => state !== 'removed' && !(kind === 'member' && state === 'left')
test('a room that says what the database says needs no mending', () => {
  const distinct = fc.uniqueArray(aPart, { selector: ({ partId }) => partId, maxLength: 12 })
  fc.assert(
    fc.property(distinct, (parts) => {
      const asked = parts.map((part) => ({ ...part, connected: part.connected && mayBeThere(part) }))
      assert.deepEqual(whatToMend(sessionId, asked, roomOf(asked)), [])
    }),
  )
})
test('a removed part, a member whose turn is over, an older generation, a stranger and the programme of another session are sent out', () => {
  const part: KnownPart = {
    partId: '01900000-0000-7000-8000-00000000000a',
    generation: 2,
    kind: 'site',
    state: 'removed',
    microphone: false,
    picture: false,
    talking: false,
    connected: false,
  }
  const there = (identity: string): Joined => ({
    identity,
    joinedAt: now,
    active: true,
    tracks: [],
    permit: permitOf({ ...part, state: 'invited' }),
  })
  const remove = (identity: string) => [{ do: 'remove', identity }]
  assert.deepEqual(whatToMend(sessionId, [part], [there(identityOf(part))]), remove(identityOf(part)))
  const old = identityOf({ ...part, generation: 1 })
  const back: KnownPart = { ...part, state: 'invited' }
  assert.deepEqual(whatToMend(sessionId, [back], [there(old)]), remove(old))
  const done: KnownPart = { ...part, kind: 'member', state: 'left' }
  assert.deepEqual(whatToMend(sessionId, [done], [there(identityOf(done))]), remove(identityOf(done)))
  assert.deepEqual(whatToMend(sessionId, [], [there('nobody')]), remove('nobody'))
  const other = programmeIdentity(part.partId)
  assert.deepEqual(whatToMend(sessionId, [], [there(other)]), remove(other))
  assert.deepEqual(whatToMend(sessionId, [], [there(programmeIdentity(sessionId))]), [])
})
test('a closed microphone that is heard is muted; one that its owner closed herself is left in peace', () => {
  const part: KnownPart = {
    partId: '01900000-0000-7000-8000-00000000000b',
    generation: 1,
    kind: 'speaker',
    state: 'onAir',
    microphone: false,
    picture: false,
    talking: false,
    connected: true,
  }
  const [heard] = roomOf([{ ...part, microphone: true }])
  assert.deepEqual(whatToMend(sessionId, [part], [heard!]), [{ do: 'mute', identity: identityOf(part) }])
  assert.deepEqual(whatToMend(sessionId, [{ ...part, state: 'backstage' }], [heard!]), [])
  const [silent] = roomOf([part])
  assert.deepEqual(whatToMend(sessionId, [{ ...part, microphone: true }], [silent!]), [])
})
test('the database learns who came and who left; whoever only knocked has not come', () => {
  const part: KnownPart = {
    partId: '01900000-0000-7000-8000-00000000000c',
    generation: 3,
    kind: 'site',
    state: 'invited',
    microphone: false,
    picture: false,
    talking: false,
    connected: false,
  }
  const [here] = roomOf([{ ...part, connected: true }])
  const tell = (what: string) => [{ do: 'tell', identity: identityOf(part), what }]
  const quiet = { ...here!, tracks: [] }
  assert.deepEqual(whatToMend(sessionId, [part], [quiet]), tell('joined'))
  assert.deepEqual(whatToMend(sessionId, [part], [{ ...quiet, active: false }]), [])
  assert.deepEqual(whatToMend(sessionId, [{ ...part, connected: true }], []), tell('left'))
})

test('a pass is read again by its own key and in its time only', () => {
  const key = keyFrom(Buffer.from('one'))
  const pass = { room: 'r', identity: 'x.1', name: 'Xã Một', about: { kind: 'site', partId: 'x' } }
  const token = signPass(key, { ...pass, publish: [], subscribe: true, hidden: true }, now)
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  assert.deepEqual(readPass(key, token, later(59)), { identity: 'x.1', room: 'r' })
  assert.equal(readPass(key, token, later(61)), undefined)
  assert.equal(readPass(key, token, later(-5)), undefined)
  assert.equal(readPass(keyFrom(Buffer.from('other')), token, now), undefined)
  const [head, , signature] = token.split('.')
  const forged = Buffer.from(JSON.stringify({ sub: 'y.1', exp: 9e9, video: { room: 'r', roomJoin: true } }))
  assert.equal(readPass(key, `${head}.${forged.toString('base64url')}.${signature}`, now), undefined)
  for (const rubbish of ['', '..', 'a.b.c', '{}']) assert.equal(readPass(key, rubbish, now), undefined)
})
test('news counts only when its very bytes were signed', () => {
  const key = keyFrom(Buffer.from('one'))
  const body = Buffer.from(
    '{"event":"track_published","room":{"name":"r"},"participant":{"identity":"x.1"},"track":{"source":"CAMERA"},"createdAt":"1610586000"}',
  )
  const sha256 = 'BthKZlxDjUEC6xFGlDBmS5lDOeGwFBQOYgXtWyWDUVU='
  const signed = (claims: object) => signToken(key, { exp: now.getTime() / 1000 + 60, ...claims })
  assert.equal(isSignedNews(key, body, signed({ sha256 }), now), false)
  const right = signed({ sha256: createSha(body) })
  assert.equal(isSignedNews(key, body, right, now), true)
  assert.equal(isSignedNews(key, Buffer.concat([body, Buffer.from(' ')]), right, now), false)
  assert.equal(isSignedNews(key, body, signed({}), now), false)
  const at = now
  assert.deepEqual(readNews(body, now), { room: 'r', identity: 'x.1', what: 'published', source: 'camera', at })
  assert.equal(readNews(Buffer.from('{"event":"room_started","room":{"name":"r"}}'), now), undefined)
})

test('two cores let about a hundred and forty halls listen, and the wire of one machine ends it at four hundred', () => {
  assert.equal(placesFor({ cores: 2 }), 138)
  assert.equal(placesFor({ cores: 64 }), 400)
  assert.equal(placesFor({ cores: 2, wanted: 0 }), 0)
})
test('no browser is ever sent to servers of strangers', () => {
  const plan = { port: 7000, address: '10.1.2.3', stunServers: [], key: keyFrom(Buffer.from('x')), newsUrl: 'http://x' }
  assert.deepEqual(configOf(plan).rtc.stun_servers, ['10.1.2.3:7002'])
  assert.deepEqual(configOf({ ...plan, stunServers: ['stun.tinh.vn:3478'] }).rtc.stun_servers, ['stun.tinh.vn:3478'])
  assert.deepEqual(turnOf('turns://ten:m%40t@turn.tinh.vn'), {
    host: 'turn.tinh.vn',
    port: 5349,
    protocol: 'tls',
    username: 'ten',
    credential: 'm@t',
  })
})
test('a kept media server that is not the file we kept is not run', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-test-'))
  const before = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    const file = path.join(folder, `livekit-server-${version}-${process.platform}-${process.arch}`)
    assert.equal(await findLiveKit(folder), undefined)
    fs.writeFileSync(file, 'one', { mode: 0o755 })
    assert.equal(await findLiveKit(folder), undefined)
    fs.writeFileSync(`${file}.sha256`, `${createSha('one', 'hex')}\n`)
    assert.deepEqual(await findLiveKit(folder), { file, from: 'cache' })
    fs.writeFileSync(file, 'two')
    assert.equal(await findLiveKit(folder), undefined)
    assert.ok(path.isAbsolute(sharedFolder(folder)))
  } finally {
    process.env.PATH = before
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
test('of a release only the media server itself is unpacked', { skip: process.platform === 'win32' }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-test-'))
  try {
    const into = path.join(folder, 'into')
    fs.mkdirSync(into)
    for (const name of ['LICENSE', 'livekit-server']) fs.writeFileSync(path.join(folder, name), name)
    const archive = path.join(folder, 'release.tar.gz')
    spawnSync('tar', ['-czf', archive, '-C', folder, 'LICENSE', 'livekit-server'])
    assert.equal(unpack(archive, into), true)
    assert.deepEqual(fs.readdirSync(into), ['livekit-server'])
    fs.writeFileSync(archive, 'no archive')
    assert.equal(unpack(archive, into), false)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
