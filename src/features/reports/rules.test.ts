import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nothing } from '../coverage/server/index.ts'
import { checksOf, figuresOf, movedBetween } from './rules.ts'

const unit = (code: string) => ({ unitId: code, code, name: `Đơn vị ${code}` })
/** Counts of one unit as the ledger would give them. */
const count = fc
  .record({
    exempt: fc.nat(20),
    studiedAtSite: fc.nat(60),
    studiedOnDevice: fc.nat(20),
    madeUp: fc.nat(20),
    booked: fc.nat(20),
    absent: fc.nat(30),
    neverSummoned: fc.nat(30),
  })
  .map(({ absent, neverSummoned, ...given }) => {
    const notYet = absent + neverSummoned
    const inScope = given.studiedAtSite + given.studiedOnDevice + given.madeUp + given.booked + notYet
    return {
      ...nothing(),
      ...given,
      notYet,
      inScope,
      members: inScope + given.exempt,
      summoned: given.studiedAtSite + given.studiedOnDevice + absent,
      reasons: { ...nothing().reasons, absent, neverSummoned },
    }
  })
const held = fc.record({ sites: fc.nat(5), makeupSessions: fc.nat(5) })
const one = fc.tuple(count, held).map(([counted, holds]) => figuresOf(unit('X'), counted, holds))

test('figures of one unit hold together: E = C + D, left = A − E, and the reasons make what is left', () => {
  fc.assert(
    fc.property(one, (figures) => {
      assert.equal(figures.covered, figures.attended + figures.madeUp)
      assert.equal(figures.attended, figures.attendedAtSites + figures.attendedOnDevices)
      assert.equal(figures.left, figures.inScope - figures.covered)
      assert.ok(checksOf({ ...figures, children: [] }).every(({ holds }) => holds))
    }),
  )
})
test('a sum that does not hold is named with its place', () => {
  fc.assert(
    fc.property(one, (figures) => {
      const broken = checksOf({ ...figures, children: [{ ...figures, summoned: figures.summoned + 1 }] })
      assert.deepEqual(
        broken.find(({ check }) => check === 'rowsAddUp'),
        { check: 'rowsAddUp', holds: false, where: 'summoned' },
      )
    }),
  )
  const figures = figuresOf(
    unit('X'),
    { ...nothing(), members: 2, inScope: 2, summoned: 3 },
    { sites: 0, makeupSessions: 0 },
  )
  const told = checksOf({ ...figures, children: [] })
  assert.equal(told.find(({ check }) => check === 'attendedWithinSummoned')?.where, 'Đơn vị X')
  assert.equal(told.find(({ check }) => check === 'leftAccounted')?.holds, false)
})
test('what moved between two versions is counted by figures, not by guesses', () => {
  fc.assert(
    fc.property(one, (figures) => {
      assert.equal(movedBetween(figures, figures), 0)
      assert.equal(movedBetween({ ...figures, sites: figures.sites + 1, left: figures.left + 1 }, figures), 2)
    }),
  )
})
test('the row of Bắc Giang is printed as it was printed', () => {
  const figures = figuresOf(
    unit('T'),
    {
      ...nothing(),
      members: 97_319,
      inScope: 97_319,
      summoned: 64_809,
      studiedAtSite: 62_221,
      madeUp: 8_540,
      notYet: 26_558,
      reasons: { ...nothing().reasons, neverSummoned: 26_558 },
    },
    { sites: 236, makeupSessions: 230 },
  )
  assert.deepEqual(
    [figures.covered, figures.left, ...Object.values(figures.ratios).map(({ text }) => text)],
    [70_761, 26_558, '96,0%', '63,9%', '72,7%'],
  )
})
