// The real media server behind our own door: who gets in, who is sent out, what the database learns, what survives.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Room, RoomEvent } from '@livekit/rtc-node'
import { sql } from 'kysely'
import { openProvince, type Province } from '../../../../tests/fixtures/province.ts'
import { newId } from '../../../kernel/id.ts'
import { isAlive } from '../../../platform/server/processes.ts'
import { identityOf, type MediaNews, onMediaNews, programmeIdentity } from '../server/mediaServer.ts'
import { type Child, keepLiveKit, type Plan } from './child.ts'
import { sharedFolder } from './find.ts'
import { findLiveKit } from './index.ts'
import { keyFrom } from './pass.ts'
import {
  leaveAll,
  missingLiveKit,
  openTestMedia,
  passFor,
  type SeededPart,
  seedStage,
  type TestMedia,
  threePorts,
} from './testing.ts'

const missing = await missingLiveKit()

describe('the stage on a real media server', { skip: missing, concurrency: false }, () => {
  let place: Province
  let media: TestMedia
  let stage: Awaited<ReturnType<typeof seedStage>>
  const heard: MediaNews[] = []
  const rooms: Room[] = []
  before(async () => {
    place = await openProvince()
    const { conferenceId } = await place.study()
    stage = await seedStage(place.desk, { conferenceId, kinds: ['speaker', 'site', 'site', 'technician'] })
    media = await openTestMedia(place.desk)
    onMediaNews(place.desk, async (news) => {
      heard.push(news)
      const connected =
        news.what === 'joined' ? 'connected_at = now(), disconnected_at = null' : 'disconnected_at = now()'
      if (news.what === 'joined' || news.what === 'left')
        await sql`update stage_part set ${sql.raw(connected)} where part_id::text = ${news.identity.slice(0, 36)}`.execute(
          place.desk.db,
        )
    })
  })
  after(async () => {
    await leaveAll(rooms)
    await media?.stop()
    await place?.desk.close()
  })

  const url = () => `ws://127.0.0.1:${media.port}`
  const part = (nth: number): SeededPart => stage.parts[nth]!
  async function enter(one: SeededPart, token?: string): Promise<Room> {
    const room = new Room()
    rooms.push(room)
    const pass = token ?? (await passFor(place.desk, media, { room: stage.room, part: one }))
    await room.connect(url(), pass, { autoSubscribe: false, dynacast: false })
    return room
  }
  const inRoom = async () => (await media.server.joined(stage.room)).map(({ identity }) => identity)
  async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 12_000) {
    const end = Date.now() + limitMs
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`waited in vain: ${what}\n${media.log.join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const asked = async (token: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${media.port}/rtc/validate?access_token=${token}`, { headers })
    await answer.text()
    return answer.status
  }
  const change = (one: SeededPart, to: string) =>
    sql`update stage_part set ${sql.raw(to)} where part_id = ${one.partId}`.execute(place.desk.db)

  test('a speaker comes in by our own door, and the database hears of it', async () => {
    const room = await enter(part(0))
    const identity = identityOf(part(0))
    assert.equal(room.localParticipant?.identity, identity)
    await until('joined is told', () => heard.some((news) => news.identity === identity && news.what === 'joined'))
    const [joined] = await media.server.joined(stage.room)
    assert.deepEqual(joined?.permit.publish, ['camera', 'microphone', 'screen', 'screenAudio'])
    await room.disconnect()
    await until('left is told', () => heard.some((news) => news.identity === identity && news.what === 'left'))
  })

  test('nobody is told of servers of strangers', async () => {
    const token = await passFor(place.desk, media, { room: stage.room, part: part(1) })
    const socket = new WebSocket(`${url()}/rtc?access_token=${token}&protocol=15&sdk=js`)
    socket.binaryType = 'arraybuffer'
    const first = await new Promise<string>((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(Buffer.from(data as ArrayBuffer).toString('latin1'))
      socket.onerror = () => reject(new Error('refused'))
    })
    socket.close()
    assert.deepEqual(first.match(/(stun|turns?):[\w.-]+:\d{5}/g), [`stun:127.0.0.1:${media.config.stagePort + 2}`])
    assert.doesNotMatch(first, /google|twilio/)
  })

  test('a pass that was signed elsewhere, for another room, or belongs to nobody here is refused', async () => {
    const about = { kind: 'site', partId: part(1).partId }
    const pass = {
      room: stage.room,
      identity: identityOf(part(1)),
      name: 'x',
      about,
      publish: [],
      subscribe: true,
      hidden: true,
    }
    const mint = (more: object) => media.server.token({ ...pass, ...more }, new Date())
    assert.equal(await asked(await mint({})), 200)
    assert.equal(await asked(await mint({ room: 'other' })), 403)
    assert.equal(await asked(await mint({ identity: identityOf({ ...part(1), generation: 2 }) })), 403)
    assert.equal(await asked(await mint({ identity: 'director' })), 401)
    assert.equal(await asked(`${await mint({})}x`), 401)
    assert.equal(await asked(''), 401)
    await assert.rejects(enter(part(1), await mint({ room: 'other' })))
  })

  test('the programme comes in from this machine, not through a proxy', async () => {
    const identity = programmeIdentity(stage.sessionId)
    const about = { kind: 'programme', partId: '' }
    const pass = { room: stage.room, identity, name: '', about, publish: [], subscribe: true, hidden: true }
    const token = await media.server.token(pass, new Date())
    assert.equal(await asked(token), 200)
    assert.equal(await asked(token, { 'x-forwarded-for': '203.0.113.9' }), 403)
  })

  test('who is removed is out within seconds, and the pass she still holds does not bring her back', async () => {
    const one = part(2)
    const token = await passFor(place.desk, media, { room: stage.room, part: one })
    const room = await enter(one, token)
    const gone = new Promise((resolve) => room.once(RoomEvent.Disconnected, resolve))
    await change(one, `state = 'removed'`)
    await gone
    assert.equal(await asked(token), 403)
    await assert.rejects(enter(one, token))
    // Readmitted, she is another one.
    await change(one, `state = 'invited', generation = 2`)
    assert.equal(await asked(token), 403)
    const again = await enter({ ...one, generation: 2 })
    await until('she is back', async () => (await inRoom()).includes(identityOf({ ...one, generation: 2 })))
    await again.disconnect()
  })

  test('what a hall may do follows the database while it is connected', async () => {
    const one = part(1)
    const room = await enter(one)
    const permit = async () =>
      (await media.server.joined(stage.room)).find(({ identity }) => identity === identityOf(one))?.permit
    await until('it listens', async () => (await permit())?.hidden === true)
    await change(one, `state = 'backstage'`)
    await until('it may speak', async () => (await permit())?.publish.join() === 'camera,microphone')
    await change(one, `state = 'invited'`)
    await until('it listens again', async () => (await permit())?.hidden === true)
    await room.disconnect()
  })

  test('to mute, to let speak or to send out somebody who is not there is no fault', async () => {
    const nobody = identityOf({ partId: newId(), generation: 1 })
    await media.server.mute(stage.room, nobody, 'microphone', true)
    await media.server.permit(stage.room, nobody, { publish: [], subscribe: true, hidden: true })
    await media.server.remove(stage.room, nobody)
    await media.server.closeRoom('no-such-room')
  })

  test('a room that was lost is made again, and one whose session has ended is closed', async () => {
    await media.server.closeRoom(stage.room)
    await until('the room is back', async () => {
      const room = await enter(part(1)).catch(() => undefined)
      await room?.disconnect()
      return room !== undefined
    })
    await sql`update stage set state = 'ended'`.execute(place.desk.db)
    const token = await passFor(place.desk, media, { room: stage.room, part: part(1) })
    assert.equal(await asked(token), 403)
    await sql`update stage set state = 'onAir'`.execute(place.desk.db)
    assert.equal(await asked(token), 200)
  })

  test('who comes while the media server is away waits outside and gets in', async () => {
    process.kill(media.pid()!, 'SIGKILL')
    await until('it is noticed', () => media.server.state() !== 'running')
    const room = await enter(part(1))
    assert.equal(room.isConnected, true)
    await room.disconnect()
  })

  test('news that is not signed is not heard', async () => {
    const identity = identityOf({ partId: newId(), generation: 1 })
    const body = JSON.stringify({ event: 'participant_joined', room: { name: stage.room }, participant: { identity } })
    const answer = await fetch(`http://127.0.0.1:${media.port}/media-news`, { method: 'POST', body })
    assert.equal(answer.status, 401)
    assert.ok(heard.every((news) => news.identity !== identity))
  })

  test('neither a pass nor the key stands in the log of the media server', () => {
    const log = fs.readFileSync(path.join(place.desk.dataDir, 'stage/livekit.log'), 'utf8')
    assert.doesNotMatch(log, /eyJ|access_token|turnPassword/)
    assert.ok(!log.includes(keyFrom(place.desk.secret).secret))
  })
})

const inAnotherProcess = `
  const { keepLiveKit } = await import(process.env.CHILD)
  const child = keepLiveKit(JSON.parse(process.env.PLAN), {
    up: async () => void setImmediate(() => console.log(child.pid())), down: () => {}, tell: () => {} })`
test('a media server that a killed parent left behind is taken over, with everybody still in it', {
  skip: missing,
}, async () => {
  const found = await findLiveKit(sharedFolder('data'))
  const folder = fs.mkdtempSync('/tmp/diem-cau-test-')
  const plan: Plan = {
    binary: found!.file,
    folder,
    port: await threePorts(),
    address: '127.0.0.1',
    stunServers: [],
    key: keyFrom(Buffer.from('x')),
    newsUrl: 'http://127.0.0.1:9/',
  }
  const keep = (more: Partial<Plan> = {}) =>
    new Promise<{ child: Child; pid: number }>((resolve) => {
      const child = keepLiveKit(
        { ...plan, ...more },
        {
          up: async () => void setImmediate(() => resolve({ child, pid: child.pid()! })),
          down: () => {},
          tell: () => {},
        },
      )
    })
  const parent = spawn(process.execPath, ['--input-type=module', '-e', inAnotherProcess], {
    env: { ...process.env, PLAN: JSON.stringify(plan), CHILD: path.join(import.meta.dirname, 'child.ts') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const left = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
  const gone = new Promise((resolve) => parent.once('exit', resolve))
  parent.kill('SIGKILL')
  await gone
  const adopted = await keep()
  await adopted.child.stop()
  try {
    assert.equal(adopted.pid, left)
    assert.equal(isAlive(left), false)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
