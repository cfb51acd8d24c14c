// Who watches what, and what a player is answered: on a real database, over real HTTP, from a folder as the programme process fills it.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Any, holding, openProvince, type Province } from '../../../../tests/fixtures/province.ts'
import { type Actor, machine, nobody } from '../../../platform/rights.ts'
import { type AnyServed, perform, Refused } from '../../../platform/server/operate.ts'
import { signPath } from '../../../platform/server/signedPath.ts'
import { faultsOf } from '../playlists.ts'
import { rungNames } from '../rules.ts'
import { listRecordings, myProgrammes, openOrigin, restartProgramme, watch } from './index.ts'
import * as store from './store.ts'

let province: Province
let sessionId = ''
let second = ''
let campaignId = ''
let conferenceId = ''
let place = ''
let server: http.Server
let origin: ReturnType<typeof openOrigin>
let beating: NodeJS.Timeout

const codecs = {
  p720: 'avc1.4d401f,mp4a.40.2',
  p480: 'avc1.4d401e,mp4a.40.2',
  p240: 'avc1.4d4015,mp4a.40.2',
  tieng: 'mp4a.40.2',
}
const began = Date.now() - 60_000
/** As the encoder does it: the files first, then the line that says so. */
function make(run: string, n: number, nth: number) {
  fs.mkdirSync(path.join(place, run), { recursive: true })
  const bytes: Record<string, number> = {}
  for (const rung of rungNames) {
    fs.writeFileSync(path.join(place, run, `${rung}-init.mp4`), `init ${rung} ${run}`)
    const body = `${rung} ${run} ${n} `.repeat(50)
    fs.writeFileSync(path.join(place, run, `${rung}-${String(n).padStart(5, '0')}.m4s`), body)
    bytes[rung] = body.length
  }
  const at = new Date(began + nth * 2_000).toISOString()
  say({ run, n, at, seconds: 2, bytes })
}
const say = (line: object) => fs.appendFileSync(path.join(place, 'index.jsonl'), `${JSON.stringify(line)}\n`)
const url = (file: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${file}`
const act = (served: AnyServed, input: unknown, actor: Actor, now = new Date()): Promise<Any> =>
  perform(province.desk, served, { actor, now, input })
const refused = (because: string) => (error: unknown) => error instanceof Refused && error.because === because
const member = (personId: string): Actor => ({
  name: 'đv:thử',
  kind: 'member',
  personId,
  campaignId,
  assurance: 'entered',
  grants: [],
})
const audience = async (to: string) => {
  await province.desk.pool.query('update conference_session set audience = $2 where id = $1', [sessionId, to])
  // What is known of a session is shared for a second, and the origin asks the database every five.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
}

before(async () => {
  province = await openProvince({ perCell: 2 })
  const { desk } = province
  const study = await province.study()
  ;({ campaignId, conferenceId } = study)
  await study.summon([province.people.C1![0]!])
  const { rows } = await desk.pool.query(
    `update conference_session set starts_at = now() - interval '1 hour', ends_at = now() + interval '3 hours' where conference_id = $1 returning id`,
    [conferenceId],
  )
  ;[sessionId, second] = rows.map(({ id }: { id: string }) => id) as [string, string]
  await desk.pool.query(
    `insert into stage (session_id, conference_id, room, state, opened_at, on_air_at) values ($1, $2, $3, 'onAir', now(), now())`,
    [sessionId, conferenceId, `buoi-${sessionId}`],
  )
  place = path.join(desk.dataDir, 'broadcast', sessionId)
  fs.mkdirSync(place, { recursive: true })
  await store.claimProgramme(desk.db, { sessionId, folder: `broadcast/${sessionId}`, holder: 'thử', now: new Date() })
  say({ run: '1-aa', beganAt: new Date(began).toISOString(), codecs })
  for (let n = 1; n <= 8; n++) make('1-aa', n, n - 1)
  say({ run: '2-bb', beganAt: new Date(began + 18_000).toISOString(), codecs })
  for (let n = 1; n <= 6; n++) make('2-bb', n, n + 8)
  await store.runBegan(desk.db, { sessionId, nth: 1, at: new Date(began) })
  await beat('running')
  beating = setInterval(() => void beat('running').catch(() => {}), 2_000)
  origin = openOrigin(desk)
  server = http.createServer((request, response) => {
    if (!origin.request(request, response)) response.writeHead(418).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
const beat = (state: 'running' | 'ended', endedAt?: Date) =>
  store.beat(province.desk.db, {
    sessionId,
    holder: 'thử',
    state,
    because: '',
    beganAt: new Date(began),
    endedAt,
    now: new Date(),
  })
after(async () => {
  clearInterval(beating)
  origin.stop()
  server.closeAllConnections()
  server.close()
  await province.desk.close()
})

describe('who may watch', () => {
  test("a members' session is for the roll of its campaign, for staff with a task there, and for nobody else", async () => {
    const summoned = await act(watch, { sessionId }, member(province.people.C1![0]!))
    assert.equal(summoned.state, 'running')
    assert.match(summoned.master, /^\/phat\/[\w-]{20,60}\/[0-9a-f-]{36}\/master\.m3u8$/)
    assert.ok(summoned.pathUntil)
    await act(watch, { sessionId }, member(province.people.C3![0]!))
    await act(watch, { sessionId }, holding('organiser', province.unit.T))
    await assert.rejects(act(watch, { sessionId }, nobody), refused('signIn'))
    await assert.rejects(act(watch, { sessionId }, holding('administrator', province.unit.T)), refused('notYours'))
    await assert.rejects(act(watch, { sessionId }, member(crypto.randomUUID())), refused('notSummoned'))
  })
  test('an internal session is for those who were summoned to it', async () => {
    await audience('internal')
    await act(watch, { sessionId }, member(province.people.C1![0]!))
    await assert.rejects(act(watch, { sessionId }, member(province.people.C3![0]!)), refused('notSummoned'))
    await audience('members')
  })
  test('a public session is for anybody, under one address that stays', async () => {
    await audience('public')
    const open = await act(watch, { sessionId }, nobody)
    assert.equal(open.master, `/phat/cong-khai/${sessionId}/master.m3u8`)
    assert.equal(open.pathUntil, undefined)
    await audience('members')
  })
  test('a session with secret content is on paper only', async () => {
    await province.desk.pool.query('update conference set classified = true where id = $1', [conferenceId])
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await assert.rejects(act(watch, { sessionId }, member(province.people.C1![0]!)), refused('paperOnly'))
    await province.desk.pool.query('update conference set classified = false where id = $1', [conferenceId])
    await new Promise((resolve) => setTimeout(resolve, 1_100))
  })
  test('her own sessions stand on her page, and whether one is on', async () => {
    const { sessions } = await act(myProgrammes, {}, member(province.people.C1![0]!))
    assert.deepEqual(
      sessions.map((one: Any) => [one.sessionId, one.onAir, one.state]).sort(),
      [
        [sessionId, true, 'running'],
        [second, false, 'off'],
      ].sort(),
    )
  })
  test('a hall that relays the session above shows the programme of that one', async () => {
    await province.desk.pool.query('update conference_session set relays_id = $2 where id = $1', [second, sessionId])
    const relayed = await act(watch, { sessionId: second }, member(province.people.C1![0]!))
    assert.ok(relayed.master.includes(sessionId))
    await province.desk.pool.query('update conference_session set relays_id = null where id = $1', [second])
  })
})

describe('what a player is answered', () => {
  const pathTo = async () =>
    (await act(watch, { sessionId }, member(province.people.C1![0]!))).master.replace('master.m3u8', '')

  test('lists of every rung hold together, small and fresh', async () => {
    const prefix = await pathTo()
    const lists: Record<string, string> = {}
    for (const rung of rungNames) {
      const answer = await fetch(url(`${prefix}${rung}.m3u8`))
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=1')
      assert.equal(answer.headers.get('content-encoding'), 'gzip')
      assert.equal(answer.headers.get('set-cookie'), null)
      lists[rung] = await answer.text()
    }
    assert.deepEqual(faultsOf(lists), [])
    assert.match(lists.p720!, /#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="2-bb\/p720-init.mp4"/)
  })
  test('what has not changed is not sent again, and a new stretch is seen within a fifth of a second', async () => {
    const prefix = await pathTo()
    const first = await fetch(url(`${prefix}p240.m3u8`))
    await first.text()
    const again = () => fetch(url(`${prefix}p240.m3u8`), { headers: { 'if-none-match': first.headers.get('etag')! } })
    assert.equal((await again()).status, 304)
    make('2-bb', 7, 15)
    await new Promise((resolve) => setTimeout(resolve, 250))
    const changed = await again()
    assert.equal(changed.status, 200)
    assert.ok((await changed.text()).includes('2-bb/p240-00007.m4s'))
  })
  test('a segment may be kept as long as its path holds; parts of it, its head and its absence are told rightly', async () => {
    const prefix = await pathTo()
    const file = url(`${prefix}2-bb/p480-00003.m4s`)
    const whole = await fetch(file)
    const body = await whole.text()
    assert.match(whole.headers.get('cache-control')!, /^public, max-age=\d{4,5}, immutable$/)
    const part = await fetch(file, { headers: { range: 'bytes=5-9' } })
    assert.deepEqual([part.status, await part.text()], [206, body.slice(5, 10)])
    assert.equal(part.headers.get('content-range'), `bytes 5-9/${body.length}`)
    assert.equal((await fetch(file, { headers: { range: `bytes=${body.length}-` } })).status, 416)
    const head = await fetch(file, { method: 'HEAD' })
    assert.deepEqual([head.headers.get('content-length'), await head.text()], [String(body.length), ''])
    const early = await fetch(url(`${prefix}2-bb/p480-00099.m4s`))
    assert.deepEqual([early.status, early.headers.get('cache-control')], [404, 'public, max-age=1'])
    await early.text()
    // Long out of the window: from the disk.
    const old = await fetch(url(`${prefix}1-aa/p480-00001.m4s`), { headers: { range: 'bytes=-4' } })
    assert.deepEqual([old.status, (await old.text()).length], [206, 4])
  })
  test("yesterday's path of an internal session is over, and says so", async () => {
    const yesterday = new Date(Date.now() - 24 * 3_600_000)
    const { sign } = signPath(province.desk.secret, `phat ${sessionId}`, yesterday)
    const answer = await fetch(url(`/phat/${sign}/${sessionId}/master.m3u8`))
    const { refused: word, sentence } = (await answer.json()) as Any
    assert.deepEqual([answer.status, word], [410, 'pathOver'])
    assert.match(sentence, /đã hết hạn/)
  })
  test('a made-up path, another session’s path and a way out of the folder find nothing', async () => {
    const prefix = await pathTo()
    const { sign } = signPath(province.desk.secret, `phat ${second}`, new Date())
    for (const file of [
      `/phat/abcd-efghijklmnopqrstuvwx/${sessionId}/master.m3u8`,
      `/phat/${sign}/${sessionId}/master.m3u8`,
      `/phat/cong-khai/${sessionId}/master.m3u8`,
      `${prefix}index.jsonl`,
      `${prefix}programme.log`,
      `${prefix}1-aa/../../../secret`,
      `${prefix}%2e%2e/index.jsonl`,
    ]) {
      const answer = await fetch(url(file))
      await answer.text()
      assert.equal(answer.status, 404, file)
    }
  })
  test('only what is public may be read by pages of others', async () => {
    const own = await fetch(url(`${await pathTo()}p240.m3u8`))
    await own.text()
    assert.equal(own.headers.get('access-control-allow-origin'), null)
    await audience('public')
    await new Promise((resolve) => setTimeout(resolve, 5_300))
    const open = await fetch(url(`/phat/cong-khai/${sessionId}/2-bb/p240-00005.m4s`))
    await open.text()
    assert.equal(open.headers.get('access-control-allow-origin'), '*')
    assert.equal(open.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    await audience('members')
  })
  test('slides and topics come as lines with their moments', async () => {
    const line = { kind: 'slide', at: new Date(began + 4_000).toISOString(), versionId: crypto.randomUUID(), page: 3 }
    fs.appendFileSync(path.join(place, 'timeline.jsonl'), `${JSON.stringify(line)}\n`)
    await new Promise((resolve) => setTimeout(resolve, 250))
    const answer = await fetch(url(`${await pathTo()}timeline.jsonl`))
    assert.deepEqual(JSON.parse((await answer.text()).trim()), line)
  })
})

describe('afterwards', () => {
  test('the director may begin the encoder anew while there is one', async () => {
    const director: Actor = {
      ...holding('organiser', province.unit.T),
      grants: [{ role: 'director', kind: 'conference', scopeId: conferenceId }],
    }
    await act(restartProgramme, { sessionId }, director)
    await assert.rejects(act(restartProgramme, { sessionId: second }, director), refused('notRunning'))
    await assert.rejects(
      act(restartProgramme, { sessionId }, holding('organiser', province.unit.T)),
      refused('notYours'),
    )
  })
  test('what was made is listed with its length, and plays from its beginning', async () => {
    clearInterval(beating)
    await beat('ended', new Date())
    say({ endedAt: new Date(began + 32_000).toISOString() })
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    const { recordings } = await act(listRecordings, { campaignId }, machine(0))
    const [made] = recordings
    assert.deepEqual([recordings.length, made.seconds, made.runs, made.state], [1, 30, 2, 'ended'])
    assert.deepEqual(
      made.renditions.map((one: Any) => [one.name, one.segments, one.seconds]),
      rungNames.map((name) => [name, 15, 30]),
    )
    const list = await (await fetch(url(made.master.replace('tu-dau', 'p720-tu-dau')))).text()
    assert.match(list, /#EXT-X-PLAYLIST-TYPE:VOD[\s\S]*1-aa\/p720-00001\.m4s[\s\S]*#EXT-X-ENDLIST/)
    const ended = await act(watch, { sessionId }, member(province.people.C1![0]!))
    assert.deepEqual([ended.state, ended.master], ['ended', ended.fromStart])
  })
})
