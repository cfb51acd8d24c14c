import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../../../kernel/id.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { aboutPerson } from './aboutPerson.ts'
import { hall, lectern, queue, show, wall } from './boards.ts'
import { hearNews } from './connections.ts'
import { type Any, at, deckOf, filmOf, openProvince, type Province, staff } from './stage.fixture.ts'

let it: Province
before(async () => {
  it = await openProvince()
})
after(() => it.close())

const refused =
  (because: string, detail?: Record<string, unknown>) =>
  (error: unknown): true => {
    assert.ok(error instanceof Refused, String(error))
    assert.equal(error.because, because)
    for (const [name, value] of Object.entries(detail ?? {})) assert.deepEqual(error.detail?.[name], value, name)
    return true
  }
const slate = (words = '') => ({ kind: 'slate', words })
const of = (partId: string) => ({ kind: 'part', partId })

describe('the session on stage', () => {
  test('opens backstage, goes on air, takes a break, comes back, ends, and the conference is live with it', async () => {
    const s = await it.hold()
    assert.equal((await s.board(show)).state, 'closed')
    assert.deepEqual(await s.directs('stage.open', {}, at(-10)), { state: 'backstage' })
    await assert.rejects(s.directs('stage.open', {}, at(-9)), refused('alreadyOpen'))
    await assert.rejects(s.directs('stage.callBreak', { until: at(5).toISOString() }, at(-9)), refused('notOnAir'))
    assert.deepEqual(await s.directs('stage.goOnAir', {}, at(0)), { state: 'onAir' })
    await assert.rejects(s.directs('stage.goOnAir', {}, at(1)), refused('already'))
    await assert.rejects(s.directs('stage.callBreak', { until: at(1).toISOString() }, at(2)), refused('outOfOrder'))
    await s.directs('stage.callBreak', { until: at(15).toISOString(), words: 'Nghỉ giải lao' }, at(5))
    const pause = await s.board(show)
    assert.equal(pause.state, 'break')
    assert.equal(pause.words, 'Nghỉ giải lao')
    assert.equal(pause.breakUntil, at(15).toISOString())
    await s.directs('stage.goOnAir', {}, at(15))
    await s.directs('stage.end', {}, at(20))
    assert.equal((await s.board(show)).state, 'ended')
    const { rows } = await it.desk.pool.query('select state from conference where id = $1', [s.conferenceId])
    assert.equal(rows[0].state, 'live')
  })
  test('of a conference that holds secrets does not open, nor lets anybody in', async () => {
    const s = await it.hold({ classified: true })
    await assert.rejects(s.directs('stage.open', {}, at(-10)), refused('paperOnly'))
    await assert.rejects(s.comeIn(s.speaker, 'speaker', at(-10)), refused('paperOnly'))
  })
  test('of a draft waits for approval, of a closed conference stays closed', async () => {
    const draft = await it.hold({ state: 'draft' })
    await assert.rejects(draft.directs('stage.open', {}, at(-10)), refused('notApproved'))
    const closed = await it.hold({ state: 'closed' })
    await assert.rejects(closed.directs('stage.open', {}, at(-10)), refused('conferenceClosed'))
  })
  test('every room reads its own board', async () => {
    const s = await it.hold()
    await s.goLive()
    await s.directs('stage.moveTopic', { topicId: s.topicIds[0], to: 'deliver' }, at(3))
    const board = await s.board(wall)
    assert.equal(board.sites.length, 6)
    assert.deepEqual(
      board.groups.map(({ name }: Any) => name),
      ['Huyện Một', 'Huyện Hai', 'Đảng bộ tỉnh'],
    )
    assert.equal(board.topic.questionsAt, at(63).toISOString())
    assert.equal((await s.board(queue)).run.length, 5)
    assert.equal((await s.board(lectern)).topic.title, 'Văn kiện')
    const one = await s.board(hall, { siteId: it.halls.dongTien })
    assert.equal(one.site.name, 'Hội trường Đồng Tiến')
    assert.equal(one.parent.name, 'Hội trường huyện Một')
  })
})

describe('the cut', () => {
  test('two directors take at once: one is on air, the other reads who took what meanwhile', async () => {
    const s = await it.hold()
    const { speakerPart } = await s.goLive()
    const { takeNo } = await s.board(show)
    const answers = await Promise.allSettled([
      s.directs('stage.take', { takeId: newId(), after: takeNo, source: of(speakerPart) }, at(1)),
      s.directs('stage.take', { takeId: newId(), after: takeNo, source: slate('Chờ') }, at(1)),
    ])
    assert.deepEqual(answers.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const second = answers.find((one) => one.status === 'rejected') as PromiseRejectedResult
    refused('takenMeanwhile', { takeNo: takeNo + 1 })(second.reason)
    assert.ok(second.reason.detail.by)
  })
  test('a double click is one take', async () => {
    const s = await it.hold()
    const { speakerPart } = await s.goLive()
    const click = { takeId: newId(), after: 1, source: of(speakerPart) }
    const [one, two] = await Promise.all([s.directs('stage.take', click, at(1)), s.directs('stage.take', click, at(1))])
    assert.deepEqual(one, two)
    assert.equal((await s.board(show)).takeNo, 2)
  })
})

describe('the cut, further', () => {
  test('only who is there is put on air; slides and films must be there too', async () => {
    const s = await it.hold()
    await s.goLive()
    const { partId } = await s.moderates('stage.callSite', { siteId: it.halls.one, handId: newId() }, at(1))
    const take = (source: object) => s.directs('stage.take', { takeId: newId(), after: 1, source }, at(2))
    await assert.rejects(take(of(partId)), refused('notThere', { name: 'Hội trường huyện Một' }))
    await assert.rejects(take(of(newId())), refused('unknownPart'))
    await assert.rejects(take({ kind: 'slides' }), refused('noSlides'))
    await assert.rejects(take({ kind: 'file', versionId: newId() }), refused('unknownFile'))
    assert.deepEqual((await take(slate('Chờ trong giây lát'))).takeNo, 2)
    assert.equal((await s.board(show)).shown.name, 'Chờ trong giây lát')
  })
  test('backstage nothing is taken', async () => {
    const s = await it.hold()
    await s.directs('stage.open', {}, at(-5))
    await assert.rejects(
      s.directs('stage.take', { takeId: newId(), after: 0, source: slate() }, at(-4)),
      refused('notOnAir'),
    )
  })
  test('a take is taken back within five seconds, with the microphone it opened; pressing twice takes back once', async () => {
    const s = await it.hold()
    await s.goLive()
    const partId = await s.callIn(it.halls.one, at(1))
    const { takeNo } = await s.directs('stage.take', { takeId: newId(), after: 1, source: of(partId) }, at(2))
    assert.equal((await s.board(show)).speaking[0].name, 'Hội trường huyện Một')
    const [one, two] = await Promise.all([
      s.directs('stage.undoTake', { takeNo }, at(2, 4)),
      s.directs('stage.undoTake', { takeNo }, at(2, 4)),
    ])
    assert.deepEqual(one, two)
    const now = await s.board(show)
    assert.equal(now.takeNo, takeNo + 1)
    assert.deepEqual(now.speaking, [])
    assert.equal((await s.board(queue)).hands[0].state, 'called')
    const later = await s.directs('stage.take', { takeId: newId(), after: takeNo + 1, source: of(partId) }, at(3))
    await assert.rejects(s.directs('stage.undoTake', { takeNo: later.takeNo }, at(3, 6)), refused('tooLate'))
    await assert.rejects(s.directs('stage.undoTake', { takeNo: 1 }, at(3, 6)), refused('takenMeanwhile'))
  })
  test('what a director is about to take is outlined on the wall with her name', async () => {
    const s = await it.hold()
    const { speakerPart } = await s.goLive()
    await s.directs('stage.preview', { source: of(speakerPart) }, at(1))
    const [one] = (await s.board(wall)).previews
    assert.equal(one.userId, s.director.userId)
    assert.equal(one.shown.source.partId, speakerPart)
    await s.directs('stage.preview', { source: null }, at(2))
    assert.deepEqual((await s.board(wall)).previews, [])
    await assert.rejects(s.directs('stage.preview', { source: of(newId()) }, at(2)), refused('unknownPart'))
  })
})

describe('those on the stage', () => {
  test('a hall that is called may send, is heard while its time lasts, and listens again when it is over', async () => {
    const s = await it.hold()
    await s.goLive()
    const partId = await s.callIn(it.halls.dongTien, at(1))
    const mine = () => s.board(hall, { siteId: it.halls.dongTien })
    assert.equal((await mine()).hand.state, 'called')
    const { takeNo } = await s.board(show)
    await s.directs('stage.take', { takeId: newId(), after: takeNo, source: of(partId) }, at(2))
    const speaking = await mine()
    assert.equal(speaking.onAir, true)
    assert.equal(speaking.microphone, true)
    assert.equal(speaking.microphoneUntil, at(5).toISOString())
    await s.directs('stage.take', { takeId: newId(), after: takeNo + 1, source: slate() }, at(3))
    assert.equal((await mine()).microphone, true, 'the speaker answers while the hall may still ask')
    await it.sweep(at(4, 59))
    assert.equal((await mine()).microphone, true)
    await it.sweep(at(5))
    const over = await mine()
    assert.equal(over.microphone, false)
    assert.equal(over.onAir, false)
    assert.equal(over.hand, undefined)
  })
  test('the moderator gives more time, and mutes every hall while the speaker goes on', async () => {
    const s = await it.hold()
    const { speakerPart } = await s.goLive()
    const one = await s.callIn(it.halls.one, at(1))
    const two = await s.callIn(it.halls.two, at(1))
    for (const partId of [one, two, speakerPart])
      await s.moderates('stage.setMicrophone', { partId, open: true, seconds: 60 }, at(2))
    const longer = await s.moderates('stage.setMicrophone', { partId: one, open: true, seconds: 600 }, at(2, 30))
    assert.equal(longer.until, at(12, 30).toISOString())
    it.media.asked.length = 0
    assert.deepEqual(await s.moderates('stage.muteHalls', {}, at(2, 40)), { muted: 2 })
    assert.deepEqual(
      (await s.board(show)).speaking.map(({ name }: Any) => name),
      ['speaker'].map(() => s.speaker.userId),
    )
    await new Promise((done) => setTimeout(done, 50))
    assert.equal(it.media.asked.filter(({ what, more }) => what === 'mute' && more === true).length, 2)
  })
  test('whoever is removed is off air, out of the room, and not let in with the token she holds until readmitted', async () => {
    const s = await it.hold()
    await s.goLive()
    const partId = await s.callIn(it.halls.one, at(1))
    const { takeNo } = await s.board(show)
    await s.directs('stage.take', { takeId: newId(), after: takeNo, source: of(partId) }, at(2))
    it.media.asked.length = 0
    await s.moderates('stage.removePart', { partId, why: 'Tiếng vọng' }, at(3))
    await new Promise((done) => setTimeout(done, 50))
    assert.ok(it.media.asked.some(({ what, identity }) => what === 'remove' && identity === `${partId}.1`))
    assert.equal((await s.board(show)).shown.source.kind, 'slate')
    const back = () => s.comeIn(s.manager(it.halls.one), 'site', at(4), it.halls.one)
    await assert.rejects(back(), refused('removed'))
    await assert.rejects(s.comeIn(s.manager(it.halls.one), 'screen', at(4), it.halls.one), refused('removed'))
    await s.moderates('stage.removePart', { partId }, at(4))
    await s.moderates('stage.readmitPart', { partId }, at(5))
    assert.equal((await back()).identity, `${partId}.2`, 'the old token names another generation')
  })
  test('the hand of a hall that is removed leaves the queue, also one that only waits', async () => {
    const s = await it.hold()
    await s.goLive()
    const partId = await s.callIn(it.halls.one, at(1))
    const { hands } = await s.board(queue)
    await s.moderates('stage.finishHand', { handId: hands[0].handId, as: 'done' }, at(2))
    await s.keeps(it.halls.one)('stage.raiseHand', { siteId: it.halls.one, handId: newId() }, at(3))
    await s.keeps(it.halls.two)('stage.raiseHand', { siteId: it.halls.two, handId: newId() }, at(3))
    await s.moderates('stage.removePart', { partId }, at(4))
    assert.deepEqual(
      (await s.board(queue)).hands.map(({ siteId, place }: Any) => ({ siteId, place })),
      [{ siteId: it.halls.two, place: 1 }],
    )
  })
  test('without a media server the stage says so, and everything else goes on', async () => {
    const s = await it.hold()
    await s.directs('stage.open', {}, at(-5))
    it.media.it.state = 'missing'
    await assert.rejects(s.comeIn(s.speaker, 'speaker', at(-4)), refused('stageNotReady', { because: 'missing' }))
    assert.deepEqual(await it.act('stage.ready', {}, { actor: s.speaker }), { ready: false, because: 'missing' })
    await s.directs('stage.goOnAir', {}, at(0))
    await s.keeps(it.halls.one)('stage.raiseHand', { siteId: it.halls.one, handId: newId() }, at(1))
    it.media.it.state = 'running'
    assert.equal((await it.act('stage.ready', {}, { actor: s.speaker })).ready, true)
  })
  test('nobody joins as what she is not', async () => {
    const s = await it.hold()
    await s.directs('stage.open', {}, at(-5))
    await assert.rejects(s.comeIn(s.speaker, 'director', at(-4)), refused('notYours'))
    await assert.rejects(s.comeIn(s.manager(it.halls.one), 'site', at(-4), it.halls.two), refused('notYours'))
    await assert.rejects(s.comeIn(s.manager(it.halls.one), 'site', at(-4), newId()), refused('otherConference'))
    await assert.rejects(s.comeIn(s.member(it.persons.em), 'member', at(-4)), refused('notCalled'))
    const other = await it.hold()
    await assert.rejects(other.comeIn(s.director, 'director', at(-4)), refused('notOpen'))
    await other.directs('stage.open', {}, at(-5))
    await assert.rejects(other.comeIn(s.director, 'director', at(-4)), refused('notYours'))
  })
  test('the director is in the room unseen, and may speak only while she talks to a hall', async () => {
    const s = await it.hold()
    await s.goLive()
    const pass = JSON.parse((await s.comeIn(s.director, 'director', at(0))).token)
    assert.equal(pass.hidden, true)
    assert.deepEqual(pass.publish, [])
    const partId = await s.callIn(it.halls.one, at(1))
    it.media.asked.length = 0
    assert.deepEqual(await s.directs('stage.talkBack', { partId }, at(2)), { to: partId })
    await new Promise((done) => setTimeout(done, 50))
    const permit = it.media.asked.find(({ what }) => what === 'permit')?.more as Any
    assert.deepEqual(permit.publish, ['microphone'])
    assert.equal((await s.board(hall, { siteId: it.halls.one })).talkBackBy, s.director.userId)
    const second = staff('director', 'conference', s.conferenceId)
    const busy = it.act('stage.talkBack', { sessionId: s.sessionId, partId }, { actor: second, now: at(2) })
    await assert.rejects(busy, refused('busyWithAnother', { by: s.director.userId }))
    await hearNews(it.desk, { room: '', identity: pass.identity, what: 'left', at: at(3) })
    assert.equal((await s.board(hall, { siteId: it.halls.one })).talkBackBy, undefined, 'it ends when she leaves')
  })
  test('messages reach the lectern, one hall, or all', async () => {
    const s = await it.hold()
    await s.goLive()
    await s.directs('stage.sendMessage', { to: 'lectern', words: 'Còn 10 phút' }, at(1))
    await s.directs('stage.sendMessage', { to: 'halls', words: 'Chuẩn bị bỏ phiếu' }, at(1))
    await s.directs('stage.sendMessage', { to: 'site', siteId: it.halls.one, words: 'Bật đèn lên' }, at(1))
    assert.equal((await s.board(lectern)).message, 'Còn 10 phút')
    assert.equal((await s.board(hall, { siteId: it.halls.one })).message, 'Bật đèn lên')
    assert.equal((await s.board(hall, { siteId: it.halls.two })).message, 'Chuẩn bị bỏ phiếu')
    await assert.rejects(
      s.directs('stage.sendMessage', { to: 'site', siteId: newId(), words: 'x' }, at(1)),
      refused('unknownSite'),
    )
  })
})

describe('one queue', () => {
  test('halls, a member and a caller stand in one order; the moderator may change it; a retry is one hand', async () => {
    const s = await it.hold()
    await s.goLive()
    const hands = { one: newId(), dongTien: newId(), em: newId(), caller: newId() }
    const raise = (name: 'one' | 'dongTien', minute: number) =>
      s.keeps(it.halls[name])('stage.raiseHand', { siteId: it.halls[name], handId: hands[name] }, at(minute))
    assert.deepEqual(await raise('one', 1), { handId: hands.one, place: 1 })
    assert.deepEqual(await raise('dongTien', 2), { handId: hands.dongTien, place: 2 })
    assert.deepEqual(await raise('dongTien', 3), { handId: hands.dongTien, place: 2 })
    await assert.rejects(
      s.keeps(it.halls.one)('stage.raiseHand', { siteId: it.halls.one, handId: newId() }, at(3)),
      refused('tooManyHands'),
    )
    await s.asks(it.persons.em)('stage.raiseMyHand', { handId: hands.em, about: 'Về kinh phí' }, at(3))
    const partId = newId()
    await s.moderates('stage.addCaller', { partId, name: 'Đồng chí Tư', unit: 'Chi bộ thôn 5' }, at(4))
    await s.moderates('stage.raiseCallersHand', { handId: hands.caller, partId }, at(4))
    const order = async () => (await s.board(queue)).hands.map(({ handId }: Any) => handId)
    // All but the caller are of the first district: she comes second, for no other district has had a turn before her.
    assert.deepEqual(await order(), [hands.one, hands.caller, hands.dongTien, hands.em])
    await s.moderates('stage.orderHands', { handIds: [hands.em, hands.dongTien] }, at(5))
    assert.deepEqual((await order()).slice(0, 2), [hands.em, hands.dongTien])
    assert.equal((await s.board(hall, { siteId: it.halls.dongTien })).ahead, 1)
    assert.equal((await s.board(show)).hands, 4)
    await s.keeps(it.halls.dongTien)('stage.lowerHand', { siteId: it.halls.dongTien, handId: hands.dongTien }, at(6))
    assert.equal((await s.board(queue)).hands.length, 3)
    await assert.rejects(
      s.keeps(it.halls.two)('stage.lowerHand', { siteId: it.halls.two, handId: hands.one }, at(6)),
      refused('unknownHand'),
    )
  })
  test('a member’s name is on the queue because she asked; the wall and the lectern know her unit', async () => {
    const s = await it.hold()
    await s.goLive()
    await s.asks(it.persons.em)('stage.raiseMyHand', { handId: newId() }, at(1))
    assert.equal((await s.board(queue)).hands[0].name, 'Vũ Thị Em')
    assert.equal((await s.board(wall)).hands[0].name, 'Chi bộ thôn 1')
    assert.ok(!JSON.stringify(await s.board(lectern)).includes('Vũ Thị Em'))
    assert.ok(!JSON.stringify(await s.board(wall)).includes('Vũ Thị Em'))
  })
  test('only who is summoned asks to speak, and only with the link of this very campaign', async () => {
    const s = await it.hold()
    await s.goLive()
    const other = await it.hold()
    await assert.rejects(
      s.asks(it.persons.giang)('stage.raiseMyHand', { handId: newId() }, at(1)),
      refused('notSummoned'),
    )
    const stranger = other.member(it.persons.em)
    const ask = { sessionId: s.sessionId, handId: newId() }
    await assert.rejects(it.act('stage.raiseMyHand', ask, { actor: stranger, now: at(1) }), refused('notSummoned'))
  })
  test('a member who is called comes in, speaks, and goes back to her own device; nothing of her connection is kept', async () => {
    const s = await it.hold()
    await s.goLive()
    const handId = newId()
    await s.asks(it.persons.em)('stage.raiseMyHand', { handId }, at(1))
    const { partId } = await s.moderates('stage.callHand', { handId, seconds: 60 }, at(2))
    assert.deepEqual(await s.moderates('stage.callHand', { handId }, at(2)), { partId }, 'called twice is called')
    const pass = await s.comeIn(s.member(it.persons.em), 'member', at(2))
    assert.deepEqual(JSON.parse(pass.token).publish, ['camera', 'microphone'])
    const { takeNo } = await s.board(show)
    await s.directs('stage.take', { takeId: newId(), after: takeNo, source: of(partId) }, at(3))
    assert.equal((await s.board(show)).shown.name, 'Vũ Thị Em')
    await s.moderates('stage.finishHand', { handId, as: 'done' }, at(4))
    assert.equal((await s.board(show)).speaking.length, 0)
    await s.directs('stage.take', { takeId: newId(), after: takeNo + 1, source: slate() }, at(5))
    await assert.rejects(s.comeIn(s.member(it.persons.em), 'member', at(6)), refused('notCalled'))
    await hearNews(it.desk, { room: '', identity: pass.identity, what: 'left', at: at(6) })
    const { rows } = await it.desk.pool.query(
      'select connected_at, disconnected_at from stage_part where part_id = $1',
      [partId],
    )
    assert.deepEqual(rows[0], { connected_at: null, disconnected_at: null })
    const mine = await aboutPerson[0]!.collect(it.desk.db, it.persons.em)
    assert.ok(mine.some(({ state }) => state === 'đã phát biểu'))
  })
  test('sent back to wait she keeps her place; declined she is told why', async () => {
    const s = await it.hold()
    await s.goLive()
    const handId = newId()
    await s.keeps(it.halls.one)('stage.raiseHand', { siteId: it.halls.one, handId }, at(1))
    await s.moderates('stage.callHand', { handId }, at(2))
    await s.moderates('stage.finishHand', { handId, as: 'waiting' }, at(3))
    assert.equal((await s.board(queue)).hands[0].place, 1)
    await s.moderates('stage.finishHand', { handId, as: 'declined', words: 'Đã hết giờ' }, at(4))
    assert.deepEqual((await s.board(queue)).hands, [])
    await assert.rejects(s.moderates('stage.callHand', { handId }, at(5)), refused('notWaiting'))
  })
  test('after erasure the turn stands without a name', async () => {
    const s = await it.hold()
    await s.goLive()
    await s.asks(it.persons.an)('stage.raiseMyHand', { handId: newId(), about: 'Riêng tư' }, at(1))
    await it.desk.db.transaction().execute((tx) => aboutPerson[0]!.erase(tx, it.persons.an, at(2)))
    const [hand] = (await s.board(queue)).hands
    assert.equal(hand.name, 'đã xoá theo yêu cầu')
    assert.equal(hand.about, '')
    assert.deepEqual(await aboutPerson[0]!.collect(it.desk.db, it.persons.an), [])
  })
})

describe('the run and the pages', () => {
  test('starting a topic ends the one before; a stand-in is named; questions keep their reserved minutes', async () => {
    const s = await it.hold()
    await s.goLive()
    const [first, second] = s.topicIds
    await s.speaks('stage.moveTopic', { topicId: first, to: 'deliver' }, at(3))
    await s.moderates('stage.standIn', { topicId: second, speaker: 'Đồng chí Lâm' }, at(10))
    await s.speaks('stage.moveTopic', { topicId: first, to: 'questions' }, at(70))
    assert.equal((await s.board(lectern)).topic.phase, 'questions')
    await s.speaks('stage.moveTopic', { topicId: second, to: 'deliver' }, at(110))
    const { topic, run } = await s.board(lectern)
    assert.equal(topic.speaker, 'Đồng chí Lâm')
    assert.equal(topic.nth, 2)
    // Ninety minutes of delivery from minute 110 leave the half hour before minute 240 untouched.
    assert.equal(topic.questionsAt, at(200).toISOString())
    assert.equal(run[0].realTo, at(70).toISOString())
    assert.equal(run[1].realTo, at(110).toISOString())
    await assert.rejects(
      s.speaks('stage.moveTopic', { topicId: newId(), to: 'deliver' }, at(111)),
      refused('unknownTopic'),
    )
  })
  test('a page turns for everybody; a late retry does not turn back; a page that is not there is refused', async () => {
    const s = await it.hold()
    await s.goLive()
    const versionId = await deckOf(it.desk, s.conferenceId, 12)
    const click = (page: number, clickNo: number, minute: number) =>
      it.click(s.speaker, at(minute), { sessionId: s.sessionId, versionId, page, clickNo })
    assert.deepEqual(await click(1, 1, 1), { page: 1, shownAt: at(1).toISOString() })
    await click(2, 2, 2)
    await click(3, 3, 3)
    assert.equal((await click(2, 2, 4)).page, 3)
    const { slide } = await s.board(show)
    assert.equal(slide.page, 3)
    assert.equal(slide.pages, 12)
    assert.ok(slide.prefix.endsWith(`/${versionId}/`))
    await assert.rejects(click(13, 4, 5), refused('noSuchPage', { pages: 12 }))
    await assert.rejects(
      it.click(s.manager(it.halls.one), at(5), { sessionId: s.sessionId, versionId, page: 1, clickNo: 9 }),
      refused('notYours'),
    )
    await s.speaks('stage.hideSlides', {}, at(6))
    const board = await s.board(lectern)
    assert.equal(board.slide, undefined)
    assert.equal(board.clickNo, 3)
    await click(4, 4, 7)
    assert.equal((await s.board(show)).slide.page, 4)
    const other = await it.hold()
    await other.goLive()
    await assert.rejects(
      it.click(other.speaker, at(8), { sessionId: other.sessionId, versionId, page: 1, clickNo: 1 }),
      refused('unknownDeck'),
    )
  })
  test('every cue is told once, with what holds from then on', async () => {
    const s = await it.hold()
    const { speakerPart } = await s.goLive()
    const takeId = newId()
    for (let twice = 0; twice < 2; twice++)
      await s.directs('stage.take', { takeId, after: 1, source: of(speakerPart) }, at(1))
    const { rows } = await it.desk.pool.query(
      "select body from event where name = 'stage.cued' and body ->> 'sessionId' = $1 order by xid, id",
      [s.sessionId],
    )
    // What one change brings about together has no order among itself.
    assert.deepEqual(rows.map(({ body }) => `${body.kind} ${body.state ?? body.takeNo ?? body.open}`).sort(), [
      'microphone true',
      'state backstage',
      'state onAir',
      'take 1',
      'take 2',
    ])
  })
})

describe('who belongs to a stage', () => {
  test('a hall of a conference below that relays the session watches the same stage, by its own headcount', async () => {
    const s = await it.hold()
    const { siteId } = await it.act('sites.addSite', {
      unitId: it.units.X11,
      code: `DC-${newId().slice(-6)}`,
      name: 'Nhà văn hoá thôn 1',
      seats: 30,
    })
    const { conferenceId } = await it.act('conferences.create', {
      campaignId: s.campaignId,
      unitId: it.units.X11,
      parentId: s.conferenceId,
      code: 'duoi',
      name: 'Hội nghị của xã',
      sessions: [
        {
          code: 'S',
          startsAt: at(0).toISOString(),
          endsAt: at(240).toISOString(),
          mode: 'relayed',
          relaysId: s.sessionId,
        },
      ],
    })
    await it.act('sites.attachSites', { conferenceId })
    await it.act('conferences.moveState', { conferenceId, to: 'approved' })
    const { sessions } = await it.act('conferences.get', { conferenceId })
    await assert.rejects(
      it.act('stage.open', { sessionId: sessions[0].sessionId }),
      refused('relayed', { sessionId: s.sessionId }),
    )
    await s.goLive()
    const names = (await s.board(wall)).sites.map(({ name }: Any) => name)
    assert.equal(names.length, 7)
    assert.ok(names.includes('Nhà văn hoá thôn 1'))
    assert.equal((await it.report(s.sessionId, siteId, at(1))).mode, 'webrtc')
    const { halls, stages } = await it.act('stage.mine', {}, { actor: s.manager(siteId), now: at(1) })
    assert.deepEqual(
      halls
        .filter((one: Any) => one.sessionId === s.sessionId)
        .map((one: Any) => [one.siteName, one.conferenceId, one.state]),
      [['Nhà văn hoá thôn 1', conferenceId, 'onAir']],
    )
    assert.deepEqual(stages, [])
    const mine = await it.act('stage.mine', {}, { actor: s.moderator, now: at(1) })
    assert.deepEqual(
      mine.stages.map(({ sessionId, rooms }: Any) => [sessionId, rooms]),
      [[s.sessionId, ['moderation', 'lectern']]],
    )
  })
  test('an entry link of another campaign follows nothing here', async () => {
    const s = await it.hold()
    const other = await it.hold()
    const may = (actor: Any) => show.also!(it.desk, actor, { sessionId: s.sessionId } as never)
    assert.equal(await may(s.member(it.persons.em)), 'yes')
    assert.equal(await may(other.member(it.persons.em)), 'notYours')
  })
  test('only whose microphone is open is heard; a caller brings the moderator’s, backstage stays unheard', async () => {
    const s = await it.hold()
    await s.goLive()
    const { partId: moderator } = await s.comeIn(s.moderator, 'moderator', at(0))
    await s.callIn(it.halls.one, at(1))
    assert.deepEqual((await s.board(show)).heard, [])
    const partId = newId()
    await s.moderates('stage.addCaller', { partId, name: 'Đồng chí Tư' }, at(2))
    await s.moderates('stage.setMicrophone', { partId, open: true, seconds: 60 }, at(3))
    const { heard, speaking } = await s.board(show)
    assert.deepEqual(heard.sort(), [moderator, partId].sort())
    assert.deepEqual(
      speaking.map(({ name }: Any) => name),
      ['Đồng chí Tư'],
    )
  })
})

describe('a film in the programme', () => {
  test('of this conference is taken like any source, and named', async () => {
    const s = await it.hold()
    await s.goLive()
    const versionId = await filmOf(it.desk, s.conferenceId)
    await s.directs('stage.take', { takeId: newId(), after: 1, source: { kind: 'file', versionId } }, at(1))
    assert.equal((await s.board(show)).shown.name, 'Phóng sự')
    const deck = await deckOf(it.desk, s.conferenceId, 3)
    await it.click(s.speaker, at(2), { sessionId: s.sessionId, versionId: deck, page: 2, clickNo: 1 })
    await s.directs('stage.take', { takeId: newId(), after: 2, source: { kind: 'slides' } }, at(2))
    const { shown, slide } = await s.board(show)
    assert.deepEqual([shown.name, shown.detail, slide.page], ['Bài trình bày', '2/3', 2])
  })
})
