import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { picture } from '../rules.ts'
import { boxOf, type Frame, fit, frameBytes, fromPixels, pictureBytes, type Turns } from './frame.ts'

const flat = (width: number, height: number, [y, u, v]: [number, number, number]): Frame => {
  const data = new Uint8Array(frameBytes(width, height))
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2)
  data.fill(y, 0, width * height)
  data.fill(u, width * height, width * height + chroma)
  data.fill(v, width * height + chroma)
  return { width, height, data }
}
const at = (into: Uint8Array, x: number, y: number) => {
  const small = picture.width * picture.height + (y >> 1) * (picture.width / 2) + (x >> 1)
  return [into[y * picture.width + x], into[small], into[small + (picture.width * picture.height) / 4]]
}

test('a camera of any size, however it lies, fills the picture as far as it goes and leaves black beside it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 16, max: 3000 }),
      fc.integer({ min: 16, max: 3000 }),
      fc.constantFrom<Turns>(0, 1, 2, 3),
      (width, height, turns) => {
        const into = new Uint8Array(pictureBytes).fill(77)
        fit(flat(width, height, [200, 90, 170]), turns, into)
        const box = turns % 2 ? boxOf(height, width) : boxOf(width, height)
        const seen = (x: number, y: number) =>
          x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height
        for (const x of [0, 1, 320, 639, 640, 900, 1278, 1279])
          for (const y of [0, 1, 180, 359, 360, 500, 718, 719])
            assert.deepEqual(
              at(into, x, y),
              seen(x, y) ? [200, 90, 170] : [16, 128, 128],
              `${x} ${y} ${JSON.stringify(box)}`,
            )
      },
    ),
    { numRuns: 30 },
  )
})

test('a phone that turns is shown upright: what was above stays above', () => {
  // The upper half is light as one sees it; the sensor lies on its side.
  const sideways = flat(720, 1280, [50, 128, 128])
  for (let y = 0; y < 1280; y++) for (let x = 0; x < 360; x++) sideways.data[y * 720 + x] = 220
  const into = new Uint8Array(pictureBytes)
  fit(sideways, 1, into)
  assert.deepEqual([into[100 * 1280 + 640], into[600 * 1280 + 640]], [220, 50])
  fit(sideways, 3, into)
  assert.deepEqual([into[100 * 1280 + 640], into[600 * 1280 + 640]], [50, 220])
})

test('a still is drawn in the colours of television', () => {
  const pixels = new Uint8ClampedArray(4 * picture.width * picture.height)
  const into = new Uint8Array(pictureBytes)
  for (const [rgb, yuv] of [
    [
      [255, 255, 255],
      [235, 128, 128],
    ],
    [
      [0, 0, 0],
      [16, 128, 128],
    ],
    [
      [255, 0, 0],
      [63, 102, 240],
    ],
  ] as const) {
    for (let p = 0; p < pixels.length; p += 4) pixels.set([...rgb, 255], p)
    fromPixels(pixels, into)
    const seen = at(into, 640, 360)
    for (const [nth, value] of yuv.entries()) assert.ok(Math.abs(seen[nth]! - value) <= 1, `${rgb}: ${seen}`)
  }
})
