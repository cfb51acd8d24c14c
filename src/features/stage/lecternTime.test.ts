import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatLeft, lecternTime, nextClickNo, pageHere } from './lecternTime.ts'

const at = (clock: string) => new Date(`2021-01-14T${clock}+07:00`)
const topic = {
  phase: 'deliver' as const,
  beganAt: at('09:33:00').toISOString(),
  questionsAt: at('10:18:00').toISOString(),
  endsAt: at('10:33:00').toISOString(),
}

test('a speaker reads how long she may still speak, and the question minutes are not among it', () => {
  const time = lecternTime(topic, at('10:06:30'))
  assert.equal(time.state, 'deliver')
  assert.equal(formatLeft(time.seconds), '11:30')
  assert.equal(time.questionSeconds, 15 * 60)
  assert.equal(Math.round(time.usedOfDelivery * 1000), 744)
  assert.equal(time.usedOfQuestions, 0)
  assert.equal(time.questionsAtShare, 0.75)
})
test('over time the number is below nought and the questions say what is left of them', () => {
  const time = lecternTime(topic, at('10:20:10'))
  assert.equal(time.state, 'over')
  assert.equal(formatLeft(time.seconds), '−2:10')
  assert.equal(formatLeft(time.questionSeconds), '12:50')
})
test('in question time the reserved minutes run, and afterwards the topic is late', () => {
  const asked = { ...topic, phase: 'questions' as const }
  assert.equal(formatLeft(lecternTime(asked, at('10:19:40')).seconds), '13:20')
  assert.equal(lecternTime(asked, at('10:19:40')).state, 'questions')
  assert.equal(lecternTime(asked, at('10:34:00')).state, 'late')
  assert.equal(formatLeft(lecternTime(asked, at('10:34:00')).seconds), '−1:00')
})
test('a tablet without a line shows its own page, and what another lectern turned once it has a line', () => {
  const click = (page: number, clickNo: number) => ({ versionId: 'v', page, clickNo, claimedAt: '' })
  const server = (page: number, clickNo: number) => ({ slide: { versionId: 'v', page }, clickNo })
  assert.deepEqual(pageHere(server(4, 7), click(6, 9)), { versionId: 'v', page: 6 })
  assert.deepEqual(pageHere(server(6, 9), click(6, 9)), { versionId: 'v', page: 6 })
  assert.deepEqual(pageHere(server(12, 10), click(6, 9)), { versionId: 'v', page: 12 })
  assert.deepEqual(pageHere(undefined, click(6, 9)), { versionId: 'v', page: 6 })
  assert.equal(pageHere({ slide: undefined, clickNo: 3 }, undefined), undefined)
  assert.equal(nextClickNo(server(4, 7), click(6, 9)), 10)
})
test('a clock is read back as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: -20_000, max: 20_000 }), (seconds) => {
      const parts = formatLeft(seconds).replace('−', '').split(':').map(Number)
      const read = parts.reduce((sum, part) => sum * 60 + part, 0)
      assert.equal(seconds < 0 ? -read : read, seconds)
    }),
  )
})
