import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { reasons, states } from './contract.ts'
import { addUp, attended, covered, type Facts, left, nothing, type Range, rollUp, stateOf } from './rules.ts'

/** A random tree, numbered as a walk through it: each unit hangs under one that came before. */
const tree = fc
  .array(fc.nat(), { minLength: 1, maxLength: 40 })
  .map((picks): (Range & { parent: number | undefined })[] => {
    const parents = picks.map((pick, i) => (i === 0 ? undefined : pick % i))
    const ranges = parents.map((parent, i) => ({ unitId: `u${i}`, lft: 0, rgt: 0, parent }))
    let step = 0
    const walk = (i: number) => {
      ranges[i]!.lft = ++step
      for (const [child, parent] of parents.entries()) if (parent === i) walk(child)
      ranges[i]!.rgt = ++step
    }
    walk(0)
    return ranges
  })
const sum = (parts: readonly number[]) => parts.reduce((all, one) => all + one, 0)

test('what goes up the tree is what a person would add by hand', () => {
  fc.assert(
    fc.property(tree, fc.array(fc.nat(50), { minLength: 40, maxLength: 40 }), (units, numbers) => {
      const own = new Map(units.flatMap(({ unitId }, i) => (numbers[i] ? [[unitId, numbers[i]!] as const] : [])))
      const whole = rollUp([...units].reverse(), own, sum)
      for (const unit of units) {
        const below = units.filter(({ lft, rgt }) => lft >= unit.lft && rgt <= unit.rgt)
        assert.equal(whole.get(unit.unitId), sum(below.map(({ unitId }) => own.get(unitId) ?? 0)))
      }
    }),
  )
})

const facts: fc.Arbitrary<Facts> = fc.record({
  studiedAtSite: fc.boolean(),
  studiedOnDevice: fc.boolean(),
  madeUp: fc.boolean(),
  booked: fc.boolean(),
  awaiting: fc.boolean(),
  partly: fc.boolean(),
  excused: fc.boolean(),
  absent: fc.boolean(),
  noContact: fc.boolean(),
})
test('everyone has exactly one state, and only who is not yet has a reason', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const one = stateOf(given)
      assert.ok(states.includes(one.state))
      if (one.state === 'notYet') assert.ok(reasons.includes(one.reason))
      else assert.ok(!('reason' in one))
    }),
  )
})
test('the first that holds wins: whoever studied is never made up, booked or absent', () => {
  fc.assert(
    fc.property(facts, (given) => {
      assert.equal(stateOf({ ...given, studiedAtSite: true }).state, 'studiedAtSite')
      assert.equal(stateOf({ ...given, studiedAtSite: false, studiedOnDevice: true }).state, 'studiedOnDevice')
      assert.equal(stateOf({ ...given, studiedAtSite: false, studiedOnDevice: false, madeUp: true }).state, 'madeUp')
    }),
  )
})
test('A = E + booked + not yet, and C ≤ B ≤ A, in every unit and in their sum', () => {
  const person = fc.record({ summoned: fc.boolean(), exempt: fc.boolean(), facts })
  fc.assert(
    fc.property(fc.array(fc.array(person, { maxLength: 12 }), { maxLength: 6 }), (units) => {
      const counts = units.map((people) => {
        const count = nothing()
        for (const { summoned, exempt, facts: given } of people) {
          count.members++
          if (exempt) {
            count.exempt++
            continue
          }
          // Whoever studied was summoned, if only at the door.
          const one = stateOf(given)
          const studied = one.state === 'studiedAtSite' || one.state === 'studiedOnDevice'
          count.inScope++
          if (summoned || studied) count.summoned++
          count[one.state]++
          if (one.state === 'notYet') count.reasons[one.reason]++
        }
        return count
      })
      for (const count of [...counts, addUp(counts)]) {
        assert.ok(attended(count) <= count.summoned && count.summoned <= count.inScope)
        assert.equal(count.inScope, covered(count) + count.booked + count.notYet)
        assert.equal(left(count), count.booked + count.notYet)
        assert.equal(count.members, count.exempt + count.inScope)
        assert.equal(count.notYet, sum(reasons.map((reason) => count.reasons[reason])))
      }
    }),
  )
})
