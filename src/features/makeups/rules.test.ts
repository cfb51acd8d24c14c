import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { atVietnam } from '../../kernel/time.ts'
import { fillSites, firstDay, freeCode, type Hall, nearestHall, proposeSessions, slotsFor, spread } from './rules.ts'

const left = fc.array(
  fc.record({ parent: fc.constantFrom('H1', 'H2', undefined), people: fc.integer({ min: 0, max: 90 }) }),
  { maxLength: 25 },
)
test('everybody left is in the sessions exactly once, and no session holds more than its seats', () => {
  fc.assert(
    fc.property(left, fc.integer({ min: 1, max: 80 }), fc.boolean(), (given, seats, hasHall) => {
      const units = given.map(({ parent, people }, at) => ({ unitId: `X${at}`, parentId: parent, at, people }))
      const hall: Hall = { siteId: 'S', unitId: 'H1', seats: 40 }
      const sessions = proposeSessions(units, (unitId) => (hasHall && unitId < 'X5' ? hall : undefined), seats)
      const placed = new Map<string, number>()
      for (const session of sessions) {
        assert.ok(session.people > 0 && session.people <= session.seats)
        assert.equal(
          session.people,
          session.units.reduce((sum, { people }) => sum + people, 0),
        )
        for (const { unitId, people } of session.units) placed.set(unitId, (placed.get(unitId) ?? 0) + people)
      }
      for (const { unitId, people } of units) assert.equal(placed.get(unitId) ?? 0, people)
    }),
  )
})
test('neighbours under one parent are merged, the largest unit first; strangers are not', () => {
  const sessions = proposeSessions(
    [
      { unitId: 'A', parentId: 'H1', at: 1, people: 5 },
      { unitId: 'B', parentId: 'H1', at: 2, people: 20 },
      { unitId: 'C', parentId: 'H1', at: 3, people: 10 },
      { unitId: 'D', parentId: 'H2', at: 4, people: 4 },
    ],
    () => undefined,
    30,
  )
  assert.deepEqual(
    sessions.map(({ units, people }) => [units.map(({ unitId }) => unitId).join(), people]),
    [
      ['A,B', 25],
      ['C', 10],
      ['D', 4],
    ],
  )
})
test('a unit larger than its hall is given several sessions', () => {
  const sessions = proposeSessions([{ unitId: 'A', parentId: undefined, at: 1, people: 95 }], () => undefined, 40)
  assert.deepEqual(
    sessions.map(({ people }) => people),
    [40, 40, 15],
  )
})
test('the nearest hall upwards serves a unit, of several the largest', () => {
  const path: Record<string, string[]> = { C: ['T', 'H', 'C'], D: ['T', 'D'] }
  const hallFor = nearestHall(
    [
      { siteId: 't', unitId: 'T', seats: 900 },
      { siteId: 'h1', unitId: 'H', seats: 20 },
      { siteId: 'h2', unitId: 'H', seats: 50 },
    ],
    (unitId) => path[unitId] ?? [],
  )
  assert.equal(hallFor('C')?.siteId, 'h2')
  assert.equal(hallFor('D')?.siteId, 't')
  assert.equal(hallFor('Z'), undefined)
})
test('people sit near home while there is a seat, and nobody sits twice or stands', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 30 }),
      fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 4 }),
      (count, seats) => {
        const people = Array.from({ length: count }, (_, i) => ({ personId: `p${i}`, path: ['T', `H${i % 3}`] }))
        const halls = seats.map((free, i) => ({ siteId: `s${i}`, unitId: i === 0 ? 'T' : `H${i - 1}`, free }))
        const placed = fillSites(people, halls, undefined)
        assert.equal(
          placed.length,
          Math.min(
            count,
            seats.reduce((sum, n) => sum + n, 0),
          ),
        )
        assert.equal(new Set(placed.map(({ personId }) => personId)).size, placed.length)
        for (const [i, free] of seats.entries())
          assert.ok(placed.filter(({ siteId }) => siteId === `s${i}`).length <= free)
      },
    ),
  )
})
test('checkpoints stand in order inside the buổi, the first open half an hour before', () => {
  const points = spread(atVietnam('2021-03-10', '08:00'), atVietnam('2021-03-10', '11:00'), 2)
  assert.equal(points[0]!.opensAt.toISOString(), atVietnam('2021-03-10', '07:30').toISOString())
  assert.equal(points[0]!.at.toISOString(), atVietnam('2021-03-10', '08:15').toISOString())
  assert.equal(points[1]!.opensAt.toISOString(), points[0]!.closesAt.toISOString())
  assert.equal(points[1]!.closesAt.toISOString(), atVietnam('2021-03-10', '11:00').toISOString())
  for (const { opensAt, at, closesAt } of points) assert.ok(opensAt <= at && at <= closesAt)
})
test('a new code is free and holds no strange letters', () => {
  assert.equal(freeCode('X 1/2', new Set(['HB-X-1-2-1'])), 'HB-X-1-2-2')
})
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
