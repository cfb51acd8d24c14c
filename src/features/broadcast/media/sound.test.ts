import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openLane, openMixer } from './sound.ts'

const ten = 480
const tone = (n: number, loud = 8_000) =>
  Int16Array.from({ length: ten }, (_, i) => loud * Math.sin((2 * Math.PI * 440 * (n * ten + i)) / 48_000))
const readAll = (from: number, blocks: number, lanes: ReturnType<typeof openLane>[]) => {
  const mixer = openMixer()
  return Array.from({ length: blocks }, (_, n) => mixer.block(lanes, from + n * 1_920, 1_920)).flatMap((block) => [
    ...new Int16Array(block.buffer, block.byteOffset, block.length / 2),
  ])
}

test('frames that come unevenly are heard evenly: no gap and no leap in the tone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4_000, max: 4_000 }), { minLength: 100, maxLength: 100 }), (jitter) => {
      const lane = openLane()
      lane.open(true)
      for (let n = 0; n < 100; n++) lane.push(tone(n), 10_000 + (n + 1) * ten + (n === 0 ? 0 : jitter[n]!))
      const heard = readAll(10_000 + 1_920, 20, [lane])
      let steepest = 0
      for (let i = 2_000; i < heard.length; i++) steepest = Math.max(steepest, Math.abs(heard[i]! - heard[i - 1]!))
      assert.ok(steepest < 600, `a leap of ${steepest}`)
    }),
    { numRuns: 30 },
  )
})

test('after a line that was cut for seconds, words are beside the lips again', () => {
  const lane = openLane()
  lane.open(true)
  for (let n = 0; n < 20; n++) lane.push(tone(n), (n + 1) * ten)
  readAll(0, 5, [lane])
  for (let n = 0; n < 20; n++) lane.push(tone(n), 200_000 + (n + 1) * ten)
  const heard = readAll(200_000 - 1_920, 2, [lane])
  assert.ok(heard.slice(0, 1_900).every((value) => value === 0))
  assert.ok(heard.slice(1_920).some((value) => Math.abs(value) > 7_000))
})

test('a lead that lasts is taken back where nobody speaks', () => {
  const lane = openLane()
  lane.open(true)
  // Sixty milliseconds early, then silence.
  lane.push(tone(0), 3_000)
  for (let n = 1; n < 400; n++) lane.push(n < 200 ? tone(n) : new Int16Array(ten), 3_000 + n * ten + 2_880)
  for (let n = 400; n < 420; n++)
    lane.push(
      Int16Array.from({ length: ten }, () => 9_000),
      3_000 + n * ten + 2_880,
    )
  const from = 3_000 + 399 * ten + 2_880 - 4_800
  const heard = readAll(from, 5, [lane])
  const begins = from + heard.findIndex((value) => value > 3_000)
  const right = 3_000 + 399 * ten + 2_880
  assert.ok(Math.abs(begins - right) < 2_400, `${(begins - right) / 48} ms off`)
})

test('ten who speak at once are turned down, not cut off', () => {
  const lanes = Array.from({ length: 10 }, () => openLane())
  for (const lane of lanes) {
    lane.open(true)
    for (let n = 0; n < 40; n++) lane.push(tone(n, 20_000), (n + 1) * ten)
  }
  const heard = readAll(0, 9, lanes).slice(1_920)
  assert.ok(
    heard.every((value) => Math.abs(value) < 32_700),
    String(Math.max(...heard)),
  )
  assert.ok(heard.some((value) => value > 25_000))
  assert.ok(heard.filter((value) => Math.abs(value) >= 29_480).length < heard.length / 10)
})

test('a closed microphone is not heard', () => {
  const lane = openLane()
  for (let n = 0; n < 40; n++) lane.push(tone(n), (n + 1) * ten)
  assert.ok(readAll(0, 4, [lane]).every((value) => value === 0))
  lane.open(true)
  assert.ok(readAll(4 * 1_920, 4, [lane]).some((value) => value > 7_000))
})

test('a first frame that came late does not keep all the others late', () => {
  const lane = openLane()
  lane.open(true)
  const clap = 300
  for (let n = 0; n < clap; n++) lane.push(new Int16Array(ten), 10_000 + (n + 1) * ten + (n === 0 ? 5_000 : 0))
  for (let n = clap; n < clap + 10; n++) lane.push(new Int16Array(ten).fill(9_000), 10_000 + (n + 1) * ten)
  const right = 10_000 + clap * ten
  const heard = readAll(right - 9_600, 10, [lane])
  const off = right - 9_600 + heard.findIndex((value) => value > 3_000) - right
  assert.ok(Math.abs(off) < 1_500, `${off / 48} ms off`)
})

test('what comes too late to be played is not heard seconds afterwards', () => {
  const lane = openLane()
  lane.open(true)
  for (let n = 0; n < 20; n++) lane.push(tone(n), (n + 1) * ten)
  readAll(0, 10, [lane])
  // This machine stood still: these belong to what was played already.
  for (let n = 20; n < 36; n++) lane.push(tone(n), 36 * ten)
  assert.ok(
    readAll(19_200, 60, [lane])
      .slice(0, 1_900)
      .every((value) => value === 0),
  )
  assert.ok(readAll(19_200 + 96_000 - 1_920, 20, [lane]).every((value) => value === 0))
})
