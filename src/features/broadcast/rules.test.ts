import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  againAfterMs,
  bandwidthOf,
  judgeLag,
  ladders,
  rungNames,
  rungOf,
  silentAfterMs,
  tellProgramme,
} from './rules.ts'

test('a machine that keeps up keeps its ladder; one that falls behind steps down, once', () => {
  assert.equal(judgeLag({ ladder: 'full', waitingFrames: 20, sinceMs: 60_000 }), 'keep')
  assert.equal(judgeLag({ ladder: 'full', waitingFrames: 30, sinceMs: 1_000 }), 'keep')
  assert.equal(judgeLag({ ladder: 'full', waitingFrames: 30, sinceMs: 3_000 }), 'lighten')
  assert.equal(judgeLag({ ladder: 'full', waitingFrames: 75, sinceMs: 0 }), 'lighten')
  assert.equal(judgeLag({ ladder: 'light', waitingFrames: 75, sinceMs: 9_000 }), 'keep')
  assert.equal(judgeLag({ ladder: 'light', waitingFrames: 150, sinceMs: 9_000 }), 'begin again')
})

test('memory is bounded: however the pictures pile up, something is done before seven seconds of them', () => {
  fc.assert(
    fc.property(fc.constantFrom('full' as const, 'light' as const), fc.nat(60_000), (ladder, sinceMs) => {
      assert.notEqual(judgeLag({ ladder, waitingFrames: 175, sinceMs }), 'keep')
    }),
  )
})

test('the first try is at once, and no wait is longer than ten seconds', () => {
  assert.equal(againAfterMs(0), 0)
  for (let failures = 0; failures < 50; failures++)
    assert.ok(againAfterMs(failures) <= againAfterMs(failures + 1) && againAfterMs(failures) <= 10_000)
})

test('sound alone and slides fit a line of 64 kbit/s', () => {
  assert.ok(bandwidthOf(rungOf('tieng')).peak < 64_000 * 0.7)
  assert.ok(ladders.light.every(({ name }) => rungNames.includes(name)))
})

test('a programme whose process fell silent is being brought back, not running', () => {
  const now = new Date('2021-03-27T08:00:00Z')
  const row = { state: 'running' as const, because: '' as const, beganAt: now, endedAt: undefined }
  const beat = (ms: number) => tellProgramme({ ...row, beatAt: new Date(now.getTime() - ms) }, true, now).state
  assert.equal(beat(1_000), 'running')
  assert.equal(beat(silentAfterMs + 1), 'starting')
  assert.deepEqual(
    [tellProgramme(undefined, false, now), tellProgramme(undefined, true, now)].map(({ state, because }) => [
      state,
      because,
    ]),
    [
      ['off', 'notOnAir'],
      ['starting', ''],
    ],
  )
})
