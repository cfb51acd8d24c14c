// Pictures as the encoder takes them: planar YUV, 4:2:0, one size. Whatever comes in another size or lying on its side is made to fit.
import { picture } from '../rules.ts'

/** Planes one after another without gaps: Y of width × height, U and V of half of each. */
export type Frame = { width: number; height: number; data: Uint8Array }
export const frameBytes = (width: number, height: number) =>
  width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)
const { width: outWidth, height: outHeight } = picture
export const pictureBytes = frameBytes(outWidth, outHeight)

/** Video black. */
function blacken(into: Uint8Array) {
  into.fill(16, 0, outWidth * outHeight)
  into.fill(128, outWidth * outHeight)
}

/** Quarter turns clockwise that bring the frame upright. */
export type Turns = 0 | 1 | 2 | 3

/**
 * Puts a frame into the programme's picture: upright, as large as it goes, black beside it. Pixels are taken bilinearly; a source more than
 * twice as large is averaged by halves first, so that small letters of a shared screen stay letters.
 */
export function fit(from: Frame, turns: Turns, into: Uint8Array): void {
  if (turns === 0 && from.width === outWidth && from.height === outHeight) return void into.set(from.data)
  const upright = turns === 0 ? from : turn(from, turns)
  const source = halved(upright)
  const box = boxOf(source.width, source.height)
  if (box.width < outWidth || box.height < outHeight) blacken(into)
  const chroma = { width: Math.ceil(source.width / 2), height: Math.ceil(source.height / 2) }
  const ySize = source.width * source.height
  const cSize = chroma.width * chroma.height
  scale(source.data, 0, source, into, 0, outWidth, box)
  const small = { left: box.left / 2, top: box.top / 2, width: box.width / 2, height: box.height / 2 }
  const outY = outWidth * outHeight
  scale(source.data, ySize, chroma, into, outY, outWidth / 2, small)
  scale(source.data, ySize + cSize, chroma, into, outY + outY / 4, outWidth / 2, small)
}

type Box = { left: number; top: number; width: number; height: number }
/** Where a picture of this shape stands in ours: even numbers, so that the colours stand under their pixels. */
export function boxOf(width: number, height: number): Box {
  const ratio = Math.min(outWidth / width, outHeight / height)
  const even = (size: number, limit: number) => Math.max(2, Math.min(limit, 2 * Math.round((size * ratio) / 2)))
  const w = even(width, outWidth)
  const h = even(height, outHeight)
  return { left: 2 * Math.floor((outWidth - w) / 4), top: 2 * Math.floor((outHeight - h) / 4), width: w, height: h }
}

type Plan = { first: Int32Array; second: Int32Array; weight: Int32Array }
const plans = new Map<string, Plan>()
/** For each place along a line: the two pixels it lies between, and how near it is to the second, of 256. */
function planOf(from: number, to: number): Plan {
  const key = `${from} ${to}`
  const known = plans.get(key)
  if (known) return known
  // A handful of shapes at a time; a session that sees hundreds starts over.
  if (plans.size > 60) plans.clear()
  const plan: Plan = { first: new Int32Array(to), second: new Int32Array(to), weight: new Int32Array(to) }
  for (let at = 0; at < to; at++) {
    const place = Math.max(0, Math.min(from - 1, ((at + 0.5) * from) / to - 0.5))
    plan.first[at] = Math.floor(place)
    plan.second[at] = Math.min(from - 1, Math.floor(place) + 1)
    plan.weight[at] = Math.round((place - Math.floor(place)) * 256)
  }
  plans.set(key, plan)
  return plan
}
const lines = [new Uint8Array(outWidth), new Uint8Array(outWidth)] as [Uint8Array, Uint8Array]

function scale(
  from: Uint8Array,
  offset: number,
  size: { width: number; height: number },
  into: Uint8Array,
  outOffset: number,
  outStride: number,
  box: Box,
) {
  const across = planOf(size.width, box.width)
  const down = planOf(size.height, box.height)
  const { width } = box
  // Two lines of the source, already as wide as the picture; each is made once.
  let held = [-1, -1] as [number, number]
  const lineOf = (row: number, keep: number): Uint8Array => {
    const at = held[0] === row ? 0 : held[1] === row ? 1 : held[0] === keep ? 1 : 0
    const line = lines[at as 0 | 1]
    if (held[at as 0 | 1] !== row) {
      widen(from, offset + row * size.width, size.width, line, across, width)
      held = at === 0 ? [row, held[1]] : [held[0], row]
    }
    return line
  }
  for (let y = 0; y < box.height; y++) {
    const above = down.first[y]!
    const below = down.second[y]!
    const weight = down.weight[y]!
    const start = outOffset + (box.top + y) * outStride + box.left
    const one = lineOf(above, below)
    if (weight === 0 || above === below) {
      into.set(width === one.length ? one : one.subarray(0, width), start)
      continue
    }
    const other = lineOf(below, above)
    for (let x = 0; x < width; x++) into[start + x] = (one[x]! * (256 - weight) + other[x]! * weight) >> 8
  }
}
function widen(from: Uint8Array, start: number, length: number, into: Uint8Array, plan: Plan, width: number) {
  if (length === width) return void into.set(from.subarray(start, start + length))
  const { first, second, weight } = plan
  for (let x = 0; x < width; x++) {
    const w = weight[x]!
    into[x] = (from[start + first[x]!]! * (256 - w) + from[start + second[x]!]! * w) >> 8
  }
}

/** Halved until it is no more than twice too large. */
function halved(frame: Frame): Frame {
  let now = frame
  while (now.width > 2 * outWidth || now.height > 2 * outHeight) now = half(now)
  return now
}
function half(from: Frame): Frame {
  const width = Math.floor(from.width / 2)
  const height = Math.floor(from.height / 2)
  const into: Frame = { width, height, data: new Uint8Array(frameBytes(width, height)) }
  // The last line of an odd plane has no partner: it stands for both.
  const plane = (offset: number, wide: number, high: number, outOffset: number, outWide: number, outHigh: number) => {
    for (let y = 0; y < outHigh; y++) {
      const above = offset + Math.min(2 * y, high - 1) * wide
      const below = offset + Math.min(2 * y + 1, high - 1) * wide
      for (let x = 0; x < outWide; x++) {
        const left = Math.min(2 * x, wide - 1)
        const right = Math.min(2 * x + 1, wide - 1)
        into.data[outOffset + y * outWide + x] =
          (from.data[above + left]! +
            from.data[above + right]! +
            from.data[below + left]! +
            from.data[below + right]! +
            2) >>
          2
      }
    }
  }
  const chroma = { width: Math.ceil(from.width / 2), height: Math.ceil(from.height / 2) }
  const small = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) }
  plane(0, from.width, from.height, 0, width, height)
  for (const nth of [0, 1])
    plane(
      from.width * from.height + nth * chroma.width * chroma.height,
      chroma.width,
      chroma.height,
      width * height + nth * small.width * small.height,
      small.width,
      small.height,
    )
  return into
}

function turn(from: Frame, turns: Turns): Frame {
  const isSideways = turns % 2 === 1
  const into: Frame = {
    width: isSideways ? from.height : from.width,
    height: isSideways ? from.width : from.height,
    data: new Uint8Array(from.data.length),
  }
  const plane = (offset: number, width: number, height: number) => {
    for (let y = 0; y < height; y++) {
      const row = offset + y * width
      for (let x = 0; x < width; x++) {
        const to =
          turns === 1
            ? x * height + (height - 1 - y)
            : turns === 2
              ? (height - 1 - y) * width + (width - 1 - x)
              : (width - 1 - x) * height + y
        into.data[offset + to] = from.data[row + x]!
      }
    }
  }
  const small = { width: Math.ceil(from.width / 2), height: Math.ceil(from.height / 2) }
  plane(0, from.width, from.height)
  plane(from.width * from.height, small.width, small.height)
  plane(from.width * from.height + small.width * small.height, small.width, small.height)
  return into
}

/** Pixels of a canvas (red, green, blue, opaque) as the encoder takes them, by BT.709 as pictures of 720 lines are. */
export function fromPixels(pixels: Uint8ClampedArray | Uint8Array, into: Uint8Array): void {
  const outY = outWidth * outHeight
  for (let at = 0, p = 0; at < outY; at++, p += 4)
    into[at] = 16 + ((46.742 * pixels[p]! + 157.243 * pixels[p + 1]! + 15.874 * pixels[p + 2]! + 128) >> 8)
  let c = outY
  for (let y = 0; y < outHeight; y += 2)
    for (let x = 0; x < outWidth; x += 2, c++) {
      const p = 4 * (y * outWidth + x)
      const below = p + 4 * outWidth
      const red = (pixels[p]! + pixels[p + 4]! + pixels[below]! + pixels[below + 4]!) / 4
      const green = (pixels[p + 1]! + pixels[p + 5]! + pixels[below + 1]! + pixels[below + 5]!) / 4
      const blue = (pixels[p + 2]! + pixels[p + 6]! + pixels[below + 2]! + pixels[below + 6]!) / 4
      into[c] = 128 + ((-25.765 * red - 86.674 * green + 112.439 * blue + 128) >> 8)
      into[c + outY / 4] = 128 + ((112.439 * red - 102.129 * green - 10.31 * blue + 128) >> 8)
    }
}
