import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { atVietnam } from '../../kernel/time.ts'
import {
  changeWords,
  defaultPolicy,
  describePolicy,
  differenceOf,
  judgeNewPolicy,
  type OnRoll,
  phaseOf,
  policyInForce,
  positionRank,
  rollDay,
} from './rules.ts'

const moment = fc.integer({ min: 0, max: 10_000 }).map((minutes) => new Date(minutes * 60_000))

describe('the policy in force', () => {
  test('at any moment exactly one version judges: the last that had begun, before all of them the first', () =>
    fc.assert(
      fc.property(fc.uniqueArray(moment, { minLength: 1, maxLength: 6, selector: Number }), moment, (starts, at) => {
        const versions = starts.map((inForceFrom, index) => ({ version: index + 1, inForceFrom, body: index }))
        const found = policyInForce(versions, at)!
        const begun = starts.filter((start) => start <= at)
        const expected = begun.length > 0 ? Math.max(...begun.map(Number)) : Math.min(...starts.map(Number))
        assert.equal(+found.inForceFrom, expected)
      }),
    ))
  test('a version never reaches back, and one that says the same is no version', () => {
    const now = atVietnam('2021-01-10')
    const first = { version: 1, inForceFrom: atVietnam('2021-01-01'), body: defaultPolicy }
    const strict = { ...defaultPolicy, lateGraceMinutes: 0 }
    const judge = (policy: typeof defaultPolicy, inForceFrom: Date) =>
      judgeNewPolicy([first], { policy, inForceFrom }, now)
    assert.equal(judge(strict, now), 'yes')
    assert.equal(judge(strict, atVietnam('2021-01-09')), 'inThePast')
    assert.equal(
      judge({ ...defaultPolicy, evidenceTaken: [...defaultPolicy.evidenceTaken].reverse() }, now),
      'unchanged',
    )
    const later = { version: 2, inForceFrom: atVietnam('2021-02-01'), body: strict }
    assert.equal(judgeNewPolicy([first, later], { policy: defaultPolicy, inForceFrom: now }, now), 'notAfterTheLast')
  })
  test('it can be read out: the shares, the minutes and what is left out are in the sentences', () => {
    const words = describePolicy({ ...defaultPolicy, evidenceTaken: ['doorScan', 'paper'] }).join(' ')
    assert.match(words, /2\/3/)
    assert.match(words, /15 phút/)
    assert.match(words, /không tính: .*tự xác nhận/)
    assert.match(words, /mất tín hiệu không bao giờ tính là vắng/)
  })
})

describe('the roll follows the register of people', () => {
  const onRoll = fc.option(
    fc.record(
      {
        unitId: fc.constantFrom('a', 'b', 'c'),
        standing: fc.constantFrom('inScope' as const, 'exempt' as const),
      },
      { noNullPrototype: true },
    ),
    { nil: undefined },
  )
  const apply = (roll: OnRoll | undefined, today: OnRoll | undefined): OnRoll | undefined => {
    switch (differenceOf(roll, today)) {
      case undefined:
        return roll
      case 'join':
        return today
      case 'transfer':
        return { ...roll!, unitId: today!.unitId }
      case 'exempt':
        return { ...roll!, standing: 'exempt' }
      case 'exemptionEnded':
        return { ...roll!, standing: 'inScope' }
      default:
        return undefined
    }
  }
  test('confirming what is proposed, at most twice, brings them to agree', () =>
    fc.assert(fc.property(onRoll, onRoll, (roll, today) => assert.deepEqual(apply(apply(roll, today), today), today))))
  test('people are counted on the conference’s day while it is to come, then on each day', () => {
    assert.equal(rollDay('2021-01-14', atVietnam('2021-01-04')), '2021-01-14')
    assert.equal(rollDay('2021-01-14', atVietnam('2021-03-01')), '2021-03-01')
  })
  test('what moved is said in one breath', () => {
    assert.equal(changeWords({ up: 12, down: 9 }), 'tăng 12, giảm 9 so với lúc chốt')
    assert.equal(changeWords({ up: 0, down: 9 }), 'giảm 9 so với lúc chốt')
    assert.equal(changeWords({ up: 0, down: 0 }), 'chưa có thay đổi so với lúc chốt')
  })
})

test('a campaign is planned, prepared, held and looked back on, by the day its totals count on', () => {
  const fixed = { scopeFixedAt: new Date(0), countsOn: '2021-01-14' }
  assert.equal(phaseOf({ countsOn: '2021-01-14' }, atVietnam('2021-01-14')), 'planning')
  assert.deepEqual(
    ['2021-01-13', '2021-01-14', '2021-01-15'].map((day) => phaseOf(fixed, atVietnam(day, '23:59'))),
    ['preparing', 'today', 'after'],
  )
})

test('positions are ordered by the list; a secretary of anything comes before a deputy, no position comes last', () => {
  const order = ['Bí thư', 'Phó Bí thư', 'Chi ủy viên']
  const ranks = ['Bí thư chi bộ', 'phó bí thư', 'CHI ỦY VIÊN', 'Trưởng thôn', ''].map((position) =>
    positionRank(position, order),
  )
  assert.deepEqual(ranks, [0, 1, 2, 3, 4])
})
