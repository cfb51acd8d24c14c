import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../../../kernel/id.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { checkIn, judgePresenceOf } from '../../attendance/server/index.ts'
import { hall, wall } from './boards.ts'
import { type Any, at, openProvince, type Province, type Sitting, staff } from './stage.fixture.ts'

let it: Province
before(async () => {
  it = await openProvince()
})
after(() => it.close())

const refused =
  (because: string) =>
  (error: unknown): true => {
    assert.ok(error instanceof Refused, String(error))
    assert.equal(error.because, because)
    return true
  }
const siteOf = async (s: Sitting, siteId: string) =>
  (await s.board(wall)).sites.find((one: Any) => one.siteId === siteId) as Any
const interruptions = async (s: Sitting, siteId: string) =>
  (
    await it.desk.pool.query(
      'select cause, from_at as "from", to_at as "to" from interruption where conference_id = $1 and site_id = $2 order by from_at',
      [s.conferenceId, siteId],
    )
  ).rows
/** Reports every ten seconds from one minute to another. */
async function reportAll(s: Sitting, siteId: string, from: number, to: number, more: object = {}) {
  for (let seconds = from * 60; seconds < to * 60; seconds += 10)
    await it.report(s.sessionId, siteId, at(0, seconds), { ...more })
}

describe('a hall’s line', () => {
  test('is known before the stage is opened, and is lost 25 seconds after its last word', async () => {
    const s = await it.hold()
    assert.equal((await it.report(s.sessionId, it.halls.one, at(-20))).mode, 'webrtc')
    assert.equal((await siteOf(s, it.halls.one)).word, 'good')
    await it.sweep(at(-20, 25))
    assert.equal((await siteOf(s, it.halls.one)).word, 'good')
    await it.sweep(at(-20, 26))
    const lost = await siteOf(s, it.halls.one)
    assert.equal(lost.word, 'lost')
    assert.equal(lost.since, at(-20).toISOString())
    await it.report(s.sessionId, it.halls.one, at(-19))
    assert.equal((await siteOf(s, it.halls.one)).word, 'good')
    assert.equal((await siteOf(s, it.halls.two)).word, 'away', 'a hall that has not come is not lost')
  })
  test('of another conference, or another’s hall, is not taken', async () => {
    const s = await it.hold()
    await assert.rejects(it.report(s.sessionId, newId(), at(0)), refused('notYours'))
    await assert.rejects(
      it.report(s.sessionId, it.halls.two, at(0), {}, staff('siteManager', 'site', it.halls.one)),
      refused('notYours'),
    )
    const secret = await it.hold({ classified: true })
    await assert.rejects(it.report(secret.sessionId, it.halls.one, at(0)), refused('otherConference'))
  })
  test('lost for a minute while the session is on air, it is an interruption until it is back; its minutes are kept', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    await reportAll(s, it.halls.dongTien, -1, 5)
    await it.sweep(at(5, 20))
    assert.equal((await siteOf(s, it.halls.dongTien)).word, 'lost')
    assert.deepEqual(await interruptions(s, it.halls.dongTien), [], 'half a minute is none')
    await it.sweep(at(5, 55))
    assert.deepEqual(await interruptions(s, it.halls.dongTien), [{ cause: 'line', from: at(4, 50), to: null }])
    await it.sweep(at(6))
    await reportAll(s, it.halls.dongTien, 12, 13)
    assert.deepEqual(await interruptions(s, it.halls.dongTien), [{ cause: 'line', from: at(4, 50), to: at(12) }])
    const { sites } = await s.directs('stage.lineHistory', { siteId: it.halls.dongTien }, at(13))
    assert.equal(sites[0].lostMinutes, 7)
    assert.equal(sites[0].goodMinutes, 7)
    const mine = await s.board(hall, { siteId: it.halls.dongTien })
    assert.deepEqual(
      mine.interruptions.map(({ minutes, cause }: Any) => ({ minutes, cause })),
      [{ minutes: 7, cause: 'line' }],
    )
  })
  test('what was lost while nobody looked is written down when the hall comes back', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    await reportAll(s, it.halls.one, 0, 2)
    await it.report(s.sessionId, it.halls.one, at(9))
    assert.deepEqual(await interruptions(s, it.halls.one), [{ cause: 'line', from: at(1, 50), to: at(9) }])
  })
  test('before the session begins nothing is lost; what goes on into it counts from its beginning', async () => {
    const s = await it.hold()
    await s.directs('stage.open', {}, at(-10))
    await reportAll(s, it.halls.one, -9, -8)
    await it.sweep(at(-5))
    assert.deepEqual(await interruptions(s, it.halls.one), [])
    await s.directs('stage.goOnAir', {}, at(0))
    await it.sweep(at(0, 59))
    assert.deepEqual(await interruptions(s, it.halls.one), [])
    await it.sweep(at(1))
    assert.deepEqual(await interruptions(s, it.halls.one), [{ cause: 'line', from: at(0), to: null }])
    await s.directs('stage.end', {}, at(3))
    assert.deepEqual(await interruptions(s, it.halls.one), [{ cause: 'line', from: at(0), to: at(3) }])
  })
  test('nobody in the hall is absent for the minutes it lost', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    const presence = async () =>
      (await judgePresenceOf(it.desk.db, s.conferenceId)).find(({ personId }) => personId === it.persons.an)?.state
    assert.equal(await presence(), 'absent')
    await reportAll(s, it.halls.dongTien, 0, 1)
    await it.sweep(at(2, 30))
    assert.equal(await presence(), 'interrupted')
    // Whoever was seen all the same is present.
    await checkIn.write(it.desk, [
      await checkIn.prepare({
        desk: it.desk,
        actor: s.manager(it.halls.dongTien),
        now: at(3),
        input: {
          arrivalId: newId(),
          checkpointId: s.checkpointId,
          siteId: it.halls.dongTien,
          personId: it.persons.an,
          evidence: 'stewardTick',
          claimedAt: at(3).toISOString(),
          deviceId: newId(),
          skewMs: 0,
        } as never,
      }),
    ])
    assert.equal(await presence(), 'present')
  })
  test('a hall whose clock is an hour off is neither early nor late nor lost', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    const hour = 3_600_000
    for (let seconds = 0; seconds < 40; seconds += 10) {
      const claimedAt = new Date(at(1, seconds).getTime() + hour).toISOString()
      await it.report(s.sessionId, it.halls.one, at(1, seconds), { claimedAt, skewMs: -hour })
    }
    await it.sweep(at(1, 50))
    const site = await siteOf(s, it.halls.one)
    assert.equal(site.word, 'good')
    assert.equal(site.since, at(1).toISOString())
    await it.sweep(at(2, 30))
    assert.equal((await siteOf(s, it.halls.one)).since, at(1, 30).toISOString())
  })
  test('two bad reports make it weak, and a third sends it to HLS', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    const bad = { lossPercent: 15 }
    await it.report(s.sessionId, it.halls.one, at(1))
    await it.report(s.sessionId, it.halls.one, at(1, 10), bad)
    assert.equal((await siteOf(s, it.halls.one)).word, 'good')
    assert.equal((await it.report(s.sessionId, it.halls.one, at(1, 20), bad)).mode, 'webrtc')
    assert.equal((await siteOf(s, it.halls.one)).word, 'weak')
    assert.equal((await it.report(s.sessionId, it.halls.one, at(1, 30), bad)).mode, 'hls')
    assert.equal((await it.report(s.sessionId, it.halls.one, at(1, 40), { mode: 'hls' })).mode, 'hls')
    assert.equal((await siteOf(s, it.halls.one)).word, 'slow')
  })
  test('a hundred halls in one moment are each answered for themselves', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    const halls = Object.values(it.halls)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, nth) => it.report(s.sessionId, halls[nth % halls.length]!, at(1, nth / 10))),
    )
    assert.ok(answers.every(({ mode }) => mode === 'webrtc'))
    const { rows } = await it.desk.pool.query(
      'select count(*)::int as n from line_spell where session_id = $1 and to_at is null',
      [s.sessionId],
    )
    assert.equal(rows[0].n, halls.length)
  })
})

describe('who receives how', () => {
  test('places go to the halls nearest the centre; whoever is called has one; when the room shrinks nobody on air leaves it', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    it.media.it.places = 2
    const modes = async (now: Date) => {
      const given: Record<string, string> = {}
      for (const [name, siteId] of Object.entries(it.halls))
        given[name] = (await it.report(s.sessionId, siteId, now)).mode
      return given
    }
    await modes(at(1))
    await it.sweep(at(1, 5))
    const settled = await modes(at(1, 10))
    assert.equal(Object.values(settled).filter((mode) => mode === 'webrtc').length, 2)
    assert.equal(settled.centre, 'webrtc')
    await s.moderates('stage.callSite', { siteId: it.halls.yenSon, handId: newId() }, at(2))
    await it.sweep(at(2, 1))
    const called = await modes(at(2, 10))
    assert.equal(called.yenSon, 'webrtc')
    assert.equal(Object.values(called).filter((mode) => mode === 'webrtc').length, 2)
    await assert.rejects(
      s.comeIn(s.manager(it.halls.dongKy), 'screen', at(2, 20), it.halls.dongKy),
      refused('nodeFull'),
    )
    const pass = JSON.parse((await s.comeIn(s.manager(it.halls.yenSon), 'screen', at(2, 20), it.halls.yenSon)).token)
    assert.deepEqual([pass.publish, pass.hidden], [[], true])
    // While the media server is just coming back nobody is moved.
    it.media.it.state = 'starting'
    await it.sweep(at(2, 30))
    assert.deepEqual(await modes(at(2, 31)), called)
    it.media.it.state = 'failed'
    await it.sweep(at(2, 40))
    const failed = await modes(at(2, 41))
    assert.equal(Object.values(failed).filter((mode) => mode === 'webrtc').length, 1)
    it.media.it.state = 'running'
    it.media.it.places = 100
  })
})

describe('the hall’s picture', () => {
  test('is off until the manager turns it on, stops when the session runs, and says who looks', async () => {
    const s = await it.hold()
    const on = (siteId: string, minute: number) => s.keeps(siteId)('stage.setPicture', { siteId, on: true }, at(minute))
    await assert.rejects(on(it.halls.one, -20), refused('notOpen'))
    await s.directs('stage.open', {}, at(-10))
    const one = () => s.board(hall, { siteId: it.halls.one })
    assert.equal((await one()).picture, false)
    await on(it.halls.one, -9)
    await on(it.halls.two, -9)
    assert.equal((await siteOf(s, it.halls.one)).picture, true)
    const soon = new Date()
    await it.look(s.director, soon, { sessionId: s.sessionId, siteIds: [it.halls.one] })
    assert.deepEqual((await one()).lookers, [s.director.userId])
    await it.sweep(new Date(soon.getTime() + 15_000))
    assert.deepEqual((await one()).lookers, [], 'a look that is not renewed is over')
    const help = { siteId: it.halls.two, faultId: newId(), kind: 'help', claimedAt: at(-1).toISOString() }
    await s.keeps(it.halls.two)('stage.reportFault', help, at(-1))
    await s.directs('stage.goOnAir', {}, at(0))
    assert.equal((await one()).picture, false)
    assert.equal((await siteOf(s, it.halls.two)).picture, true, 'it asks for help')
    await assert.rejects(on(it.halls.one, 1), refused('running'))
    await s.moderates('stage.callSite', { siteId: it.halls.one, handId: newId() }, at(2))
    assert.deepEqual(await on(it.halls.one, 3), { on: true })
  })
})

describe('faults and alarms', () => {
  test('no sound opens an interruption, help does not; put right, it is closed', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    const keeps = s.keeps(it.halls.one)
    const fault = { siteId: it.halls.one, faultId: newId(), kind: 'noSound', claimedAt: at(2).toISOString() }
    await keeps('stage.reportFault', fault, at(2))
    await keeps('stage.reportFault', fault, at(2, 5))
    await keeps('stage.reportFault', { ...fault, faultId: newId(), kind: 'help' }, at(3))
    assert.deepEqual(await interruptions(s, it.halls.one), [{ cause: 'sound', from: at(2), to: null }])
    assert.equal((await s.board(hall, { siteId: it.halls.one })).fault.kind, 'noSound')
    await keeps('stage.clearFault', fault, at(8))
    assert.deepEqual(await interruptions(s, it.halls.one), [{ cause: 'sound', from: at(2), to: at(8) }])
    await assert.rejects(keeps('stage.clearFault', { ...fault, faultId: newId() }, at(9)), refused('unknownFault'))
  })
  test('power that was out before the session counts from its beginning', async () => {
    const s = await it.hold()
    await s.directs('stage.open', {}, at(-10))
    const fault = { siteId: it.halls.two, faultId: newId(), kind: 'power', claimedAt: at(-5).toISOString() }
    await s.keeps(it.halls.two)('stage.reportFault', fault, at(-5))
    assert.deepEqual(await interruptions(s, it.halls.two), [])
    await s.directs('stage.goOnAir', {}, at(0))
    assert.deepEqual(await interruptions(s, it.halls.two), [{ cause: 'power', from: at(0), to: null }])
  })
  test('a commune’s fault is heard by its district, which takes it; the control room reads who', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    const now = new Date()
    const fault = { siteId: it.halls.dongTien, faultId: newId(), kind: 'noPicture', claimedAt: now.toISOString() }
    await s.keeps(it.halls.dongTien)('stage.reportFault', fault, now)
    const faults = (alarms: Any[]) => alarms.filter(({ kind }) => kind === 'fault')
    assert.equal(faults((await s.board(wall)).alarms).length, 0)
    const [alarm] = faults((await s.board(hall, { siteId: it.halls.one })).children)
    assert.equal(alarm.sites[0].name, 'Hội trường Đồng Tiến')
    const take = { alarmKey: alarm.key, taken: true }
    await assert.rejects(s.keeps(it.halls.two)('stage.takeAlarm', take, now), refused('unknownAlarm'))
    await assert.rejects(s.keeps(it.halls.dongTien)('stage.takeAlarm', take, now), refused('notYours'))
    await s.keeps(it.halls.one)('stage.takeAlarm', take, now)
    assert.equal(faults((await s.board(hall, { siteId: it.halls.one })).children)[0].takenBy, `giữ-${it.halls.one}`)
  })
  test('a hall without a headcount a quarter of an hour after the start is asked about; one that reported is not', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    const unreported = async () =>
      (await s.board(wall)).alarms.filter(({ kind }: Any) => kind === 'unreported').flatMap(({ sites }: Any) => sites)
    assert.deepEqual(
      (await unreported()).map(({ name }: Any) => name),
      ['Hội trường Đồng Tiến'],
    )
    const board = await s.board(wall)
    assert.deepEqual(board.headcount, { present: 0, summoned: 0, reported: 0, sites: 6 })
    await it.act(
      'attendance.reportHeadcount',
      {
        clientId: newId(),
        checkpointId: s.checkpointId,
        siteId: it.halls.dongTien,
        present: 1,
        absentExcused: 0,
        absentUnexcused: 0,
        guests: 0,
        claimedAt: at(16).toISOString(),
        deviceId: newId(),
      },
      { actor: s.manager(it.halls.dongTien), now: at(16) },
    )
    assert.deepEqual(await unreported(), [])
    assert.deepEqual((await s.board(wall)).headcount, { present: 1, summoned: 1, reported: 1, sites: 6 })
  })
  test('the last word of a hall is a caption on its tile', async () => {
    const s = await it.hold()
    await s.keeps(it.halls.one)('stage.sayWord', { siteId: it.halls.one, words: 'Đã đủ tài liệu' }, at(-30))
    assert.equal((await siteOf(s, it.halls.one)).lastWord, 'Đã đủ tài liệu')
  })
  test('a conference marked as holding secrets while it runs is closed at once', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    await it.act('conferences.setClassified', { conferenceId: s.conferenceId, classified: true }, { now: at(5) })
    await it.sweep(at(5, 2))
    const { rows } = await it.desk.pool.query('select state from stage where session_id = $1', [s.sessionId])
    assert.equal(rows[0].state, 'ended')
    assert.equal((await s.board(wall)).sites.length, 0)
  })
})

describe('an organiser who', () => {
  test('closes the conference closes what is still on its stage', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    await it.act('conferences.moveState', { conferenceId: s.conferenceId, to: 'closed' }, { now: at(5) })
    await it.sweep(at(5, 2))
    assert.equal((await s.board(wall)).state, 'ended')
  })
  test('arranges the programme anew while a topic is on does not lose its hours', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    await s.speaks('stage.moveTopic', { topicId: s.topicIds[0], to: 'deliver' }, at(3))
    const { sessions } = await it.act('conferences.get', { conferenceId: s.conferenceId })
    const topics = sessions[0].topics.map((one: Any) => ({ ...one, questionMinutes: 20 }))
    await it.act('conferences.arrange', { conferenceId: s.conferenceId, sessions: [{ ...sessions[0], topics }] })
    const { topic } = await s.board(wall)
    assert.deepEqual([topic.beganAt, topic.endsAt], [at(3).toISOString(), at(83).toISOString()])
  })
})

describe('a break', () => {
  test('costs nobody anything: a line lost through it counts before and after, not between', async () => {
    const s = await it.hold()
    await s.goLive(at(0))
    await reportAll(s, it.halls.one, 0, 1)
    await it.sweep(at(3))
    await s.directs('stage.callBreak', { until: at(15).toISOString() }, at(5))
    await it.sweep(at(10))
    await s.directs('stage.goOnAir', {}, at(14))
    await it.sweep(at(15))
    await it.report(s.sessionId, it.halls.one, at(17))
    assert.deepEqual(await interruptions(s, it.halls.one), [
      { cause: 'line', from: at(0, 50), to: at(5) },
      { cause: 'line', from: at(14), to: at(17) },
    ])
  })
})
