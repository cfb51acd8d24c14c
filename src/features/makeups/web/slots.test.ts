import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstDay, slotsFor } from './slots.ts'

test('a hall holds one session in the morning, one in the afternoon, then the next day, and none on a Sunday', () => {
  // 28 November 2026 is a Saturday.
  const slots = slotsFor(['A', 'B', 'A', 'A', undefined, undefined], '2026-11-28')
  assert.deepEqual(
    slots.map(({ day, from }) => `${day} ${from}`),
    [
      '2026-11-28 07:30',
      '2026-11-28 07:30',
      '2026-11-28 13:30',
      '2026-11-30 07:30',
      '2026-11-28 07:30',
      '2026-11-28 07:30',
    ],
  )
})
test('a first day proposed for a Sunday is the Monday after', () => {
  assert.equal(firstDay(new Date('2026-11-22T03:00:00Z')), '2026-11-30')
  assert.equal(firstDay(new Date('2026-11-23T03:00:00Z')), '2026-11-30')
})
