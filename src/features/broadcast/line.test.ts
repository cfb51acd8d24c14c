import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { backInMs, type Line, mannerFor, megabytesAnHour, stallWindowMs } from './line.ts'

const good: Line = { soundOnly: false, byHand: false, changedAt: 0, stalls: [], lowest: 250_000, fallen: 0 }

test('a line without trouble keeps its picture', () => {
  assert.equal(mannerFor({ ...good, bandwidth: 400_000 }, 60_000), 'picture')
})
test('two freezes within a minute, and it is sound and slides', () => {
  assert.equal(mannerFor({ ...good, stalls: [40_000] }, 60_000), 'picture')
  assert.equal(mannerFor({ ...good, stalls: [40_000, 70_000] }, 80_000), 'sound')
  assert.equal(mannerFor({ ...good, stalls: [10_000, 79_000] }, 80_000), 'picture')
})
test('one freeze that does not end is enough, and so is a line narrower than the lowest rung', () => {
  assert.equal(mannerFor({ ...good, stalls: [50_000], stalledSince: 50_000 }, 53_000), 'picture')
  assert.equal(mannerFor({ ...good, stalls: [50_000], stalledSince: 50_000 }, 54_000), 'sound')
  assert.equal(mannerFor({ ...good, bandwidth: 64_000 }, 10_000), 'sound')
})
test('a piece that does not come before the last is played is enough too', () => {
  assert.equal(mannerFor({ ...good, starving: true }, 60_000), 'sound')
})
test('without any line the picture is kept: sound would not come either', () => {
  assert.equal(mannerFor({ ...good, stalls: [50_000], stalledSince: 50_000, lost: true }, 80_000), 'picture')
})
test('the picture is tried again after two minutes, later each time it fails', () => {
  const sound: Line = { ...good, soundOnly: true, fallen: 1 }
  assert.equal(mannerFor(sound, 119_000), 'sound')
  assert.equal(mannerFor(sound, 120_000), 'picture')
  assert.equal(mannerFor({ ...sound, fallen: 2 }, 120_000), 'sound')
  assert.equal(mannerFor({ ...sound, fallen: 2 }, 240_000), 'picture')
  assert.equal(mannerFor({ ...sound, fallen: 99 }, 900_000), 'picture')
  assert.equal(mannerFor({ ...sound, bandwidth: 600_000 }, 61_000), 'picture')
  assert.equal(mannerFor({ ...sound, stalls: [100_000] }, 130_000), 'sound')
})
test('what she chose herself is never changed behind her back', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(fc.nat(600_000)),
      fc.option(fc.nat(5_000_000), { nil: undefined }),
      fc.nat(700_000),
      (soundOnly, stalls, bandwidth, now) =>
        mannerFor({ ...good, soundOnly, byHand: true, stalls, bandwidth }, now) === (soundOnly ? 'sound' : 'picture'),
    ),
  )
})
test('it never goes to and fro: after a change there are six seconds of rest, after a fall a minute', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(fc.nat(60_000)),
      fc.option(fc.nat(5_000_000), { nil: undefined }),
      fc.nat(5_999),
      (soundOnly, stalls, bandwidth, now) =>
        mannerFor({ ...good, soundOnly, stalls, bandwidth, fallen: 1 }, now) === (soundOnly ? 'sound' : 'picture'),
    ),
  )
  fc.assert(
    fc.property(
      fc.option(fc.nat(5_000_000), { nil: undefined }),
      fc.nat(stallWindowMs - 1),
      (bandwidth, now) => mannerFor({ ...good, soundOnly: true, bandwidth, fallen: 1 }, now) === 'sound',
    ),
  )
})
test('32 kbit/s are about fifteen megabytes an hour', () => {
  assert.equal(megabytesAnHour(32_000), 15)
})
test('tries to be back spread and never wait longer than ten seconds', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.double({ min: 0, max: 1, noNaN: true }), (tried, random) => {
      const ms = backInMs(tried, random)
      return ms >= 250 && ms <= 10_000
    }),
  )
})
