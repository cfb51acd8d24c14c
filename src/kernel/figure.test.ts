import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatCount, formatRatio } from './figure.ts'

test('the row of Bắc Giang reads as it was printed', () => {
  assert.equal(formatRatio({ n: 62_221, d: 64_809 }), '96,0%')
  assert.equal(formatRatio({ n: 62_221, d: 97_319 }), '63,9%')
  assert.equal(formatRatio({ n: 70_761, d: 97_319 }), '72,7%')
  assert.equal(formatRatio({ n: 253, d: 259 }, 0), '98%')
  assert.equal(formatRatio({ n: 147_255, d: 153_860 }, 0), '96%')
  assert.equal(formatCount(97_319), '97.319')
  assert.equal(formatCount(1_234_567), '1.234.567')
  assert.equal(formatCount(7), '7')
})
test('a hundred is said of everyone and nothing of nobody, never of nearly', () => {
  assert.equal(formatRatio({ n: 99_999, d: 100_000 }), '99,9%')
  assert.equal(formatRatio({ n: 1, d: 100_000 }), '0,1%')
  assert.equal(formatRatio({ n: 5, d: 5 }), '100,0%')
  assert.equal(formatRatio({ n: 0, d: 5 }), '0,0%')
  assert.equal(formatRatio({ n: 0, d: 0 }), '–')
})
test('what is printed is within half a tenth of the truth, but for the two ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 0, max: 2_000_000 }), (d, drawn) => {
      const n = drawn % (d + 1)
      const printed = Number(formatRatio({ n, d }).replace('%', '').replace(',', '.'))
      const truth = (100 * n) / d
      return (
        Math.abs(printed - truth) <= 0.05 + 1e-9 ||
        (truth > 99.9 && printed === 99.9) ||
        (truth < 0.1 && printed === 0.1)
      )
    }),
  )
})
