import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../../../kernel/id.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { hall, lectern, queue, show, wall } from './boards.ts'
import { type Any, at, openProvince, type Province } from './stage.fixture.ts'

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
