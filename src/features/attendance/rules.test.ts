import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addMinutes } from '../../kernel/time.ts'
import { PresencePolicy } from '../campaigns/contract.ts'
import {
  correctedClaim,
  currentCheckpoint,
  excuseOf,
  hallSteps,
  headcountAdds,
  judgeArrival,
  judgePresence,
  markOf,
} from './rules.ts'

const policy = PresencePolicy.parse({})
const at = new Date('2026-11-22T01:00:00Z')
const window = { opensAt: addMinutes(at, -30), at, closesAt: addMinutes(at, 30) }
const arrival = (minutes: number, more = {}) => ({
  correctedAt: addMinutes(at, minutes),
  evidence: 'doorScan' as const,
  ...more,
})

test('a person who comes ten minutes in is present and ten minutes late', () => {
  assert.deepEqual(judgeArrival(arrival(10), window, policy, {}), {
    counts: true,
    lateMinutes: 10,
    accepted: false,
    otherHall: false,
    unsummoned: false,
  })
})
test('a person an hour after closing is kept, does not count, and counts once the manager accepts her', () => {
  assert.deepEqual(judgeArrival(arrival(90), window, policy, {}), {
    counts: false,
    because: 'afterClosing',
    minutes: 60,
  })
  assert.equal(judgeArrival(arrival(90, { accepted: true }), window, policy, {}).counts, true)
})
test('another hall than the one on the summons counts and is said', () => {
  assert.deepEqual(judgeArrival(arrival(0, { siteId: 'b' }), window, policy, { siteId: 'a' }), {
    counts: true,
    lateMinutes: 0,
    accepted: false,
    otherHall: true,
    unsummoned: false,
  })
})
test('a claim is never later than we heard of it nor earlier than the device last heard of us', () => {
  const moments = fc.date({ noInvalidDate: true, min: new Date('2020-01-01'), max: new Date('2030-01-01') })
  fc.assert(
    fc.property(
      moments,
      moments,
      fc.option(moments, { nil: undefined }),
      fc.integer({ min: -86_400_000, max: 86_400_000 }),
      (claimedAt, receivedAt, previousSyncAt, skewMs) => {
        const judged = correctedClaim({ claimedAt, skewMs, previousSyncAt, receivedAt })
        return judged <= receivedAt && (!previousSyncAt || previousSyncAt > receivedAt || judged >= previousSyncAt)
      },
    ),
  )
})
test('minutes lost to a fault of the site never make an absence', () => {
  assert.deepEqual(
    judgePresence(
      [
        { sessionId: 'a', interrupted: true },
        { sessionId: 'a', interrupted: true },
      ],
      policy,
    ),
    { state: 'interrupted' },
  )
  assert.deepEqual(
    judgePresence(
      [
        { sessionId: 'a', interrupted: true },
        { sessionId: 'a', interrupted: false, arrival: { counts: true, siteId: 'h' } },
      ],
      policy,
    ),
    { state: 'present', where: 'site' },
  )
})
test('two of three is present, one of three is partly, and each session asks for one', () => {
  const seen = (...came: (0 | 1)[]) =>
    came.map((one, i) => ({
      sessionId: i < 2 ? 'a' : 'b',
      interrupted: false,
      ...(one ? { arrival: { counts: true } } : {}),
    }))
  assert.deepEqual(judgePresence(seen(1, 0, 1), policy), { state: 'present', where: 'device' })
  assert.deepEqual(judgePresence(seen(1, 0, 0), policy), { state: 'partly', counted: 1, required: 3 })
  assert.deepEqual(judgePresence(seen(1, 1, 0), policy), { state: 'partly', counted: 2, required: 3 })
  assert.deepEqual(judgePresence(seen(0, 0, 0), policy), { state: 'absent' })
})
test('more arrivals never make a presence worse', () => {
  const points = fc.array(
    fc.record({ sessionId: fc.constantFrom('a', 'b'), interrupted: fc.boolean(), came: fc.boolean() }),
    { minLength: 1, maxLength: 8 },
  )
  const rank = { absent: 0, interrupted: 1, partly: 1, present: 2 }
  fc.assert(
    fc.property(points, fc.nat(), (drawn, pick) => {
      const seen = (extra: number) =>
        drawn.map(({ came, ...one }, i) => ({
          ...one,
          ...(came || i === extra ? { arrival: { counts: true, siteId: 'h' } } : {}),
        }))
      const before = judgePresence(seen(-1), policy)
      const after = judgePresence(seen(pick % drawn.length), policy)
      // A session lost to a fault asks for none; arriving at one of its points brings the session back, and is met by that very arrival.
      return rank[after.state] >= rank[before.state]
    }),
  )
})
test('a headcount adds up, or it does not', () => {
  assert.equal(headcountAdds({ present: 180, absentExcused: 3, absentUnexcused: 1 }, 184), true)
  assert.equal(headcountAdds({ present: 180, absentExcused: 3, absentUnexcused: 0 }, 184), false)
})
test('the day is at the last checkpoint opened', () => {
  const points = [-60, 30, 90].map((minutes) => ({ opensAt: addMinutes(at, minutes), minutes }))
  assert.equal(currentCheckpoint(points, at)?.minutes, -60)
  assert.equal(currentCheckpoint(points, addMinutes(at, 100))?.minutes, 90)
  assert.equal(currentCheckpoint(points, addMinutes(at, -100))?.minutes, -60)
})
test('the code of the hall is good for two minutes', () => {
  const now = new Date('2026-11-22T01:00:10Z')
  assert.ok(hallSteps(addMinutes(now, 2)).includes(hallSteps(now)[0]!))
  assert.ok(!hallSteps(addMinutes(now, 3)).includes(hallSteps(now)[0]!))
})
test('paper marks are read as people write them', () => {
  for (const mark of ['x', 'X', '1', 'có', 'P', 'Có mặt']) assert.equal(markOf(mark), true, mark)
  for (const mark of ['', '0', 'không', 'V', 'vắng']) assert.equal(markOf(mark), false, mark)
  assert.equal(markOf('?'), undefined)
  assert.equal(excuseOf('Nghỉ phép / điều trị'), 'leave')
  assert.equal(excuseOf('đi chơi'), undefined)
})
