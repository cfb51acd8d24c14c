// Sound on the programme's own clock. Frames carry no time of their own: they may come late, never early, so the one that came with the
// least delay tells where all of them belong. A lane runs on by its count of samples, because a join of a few milliseconds is heard.
import { sampleRate } from '../rules.ts'

const samples = (ms: number) => Math.round((ms * sampleRate) / 1000)
const holds = samples(2_000)
// Nothing for so long, or so far away: what comes now is a new beginning.
const breakLimit = samples(500)
// Further off than this for a while, and lips and words part; it is put right a frame at a time, where nobody speaks …
const driftLimit = samples(30)
// … and at once, even amid a word, when it is worse.
const offLimit = samples(180)
const bucketFrames = 150
const quietPeak = 250

/** One source of sound. Positions are samples since the programme's clock began. */
export type Lane = {
  /** A frame (mono, 48 kHz) whose last sample was heard at position `heardAt`. */
  push: (frame: Int16Array, heardAt: number) => void
  /** Adds what lies in [from, from + into.length) and forgets it. */
  take: (from: number, into: Float32Array) => void
  /** Opens or closes it; heard over the next block, without a click. */
  open: (isOpen: boolean) => void
  lastAt: () => number
}

export function openLane(): Lane {
  const ring = new Int16Array(holds)
  let end: number | undefined
  /** Up to here it was played: what comes for it now comes too late. */
  let played = Number.NEGATIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  let gain = 0
  let wanted = 0
  // The least delay of the present and of the former bucket of frames: how much later than placed even the quickest came.
  let least = Number.POSITIVE_INFINITY
  let formerLeast = Number.POSITIVE_INFINITY
  let counted = 0

  function write(frame: Int16Array, at: number) {
    for (let i = 0; i < frame.length; i++) if (at + i >= played) ring[(at + i) % holds] = frame[i]!
  }
  function beginAt(position: number) {
    end = position
    least = Number.POSITIVE_INFINITY
    formerLeast = Number.POSITIVE_INFINITY
    counted = 0
  }
  /** The lane is moved; what was measured moves with it. */
  function move(by: number) {
    end! += by
    least -= by
    formerLeast -= by
  }
  return {
    push(frame, heardAt) {
      const right = Math.max(0, Math.round(heardAt) - frame.length)
      if (end === undefined || heardAt - last > breakLimit || Math.abs(right - end) > breakLimit) beginAt(right)
      last = heardAt
      least = Math.min(least, right - end!)
      if (++counted % bucketFrames === 0) {
        formerLeast = least
        least = right - end!
      }
      // Who came before her place shows at once that the place is wrong; that all come late shows only after a while.
      const off = counted < bucketFrames ? Math.min(least, 0) : Math.min(least, formerLeast)
      const mayMove = Math.abs(off) > offLimit || (Math.abs(off) > driftLimit && peakOf(frame) < quietPeak)
      // Placed too late: this frame is written over the one before. Too early: as much silence goes before it.
      if (mayMove && off > 0) write(new Int16Array(frame.length), end!)
      if (mayMove) move(Math.sign(off) * frame.length)
      write(frame, end!)
      end! += frame.length
    },
    take(from, into) {
      const step = (wanted - gain) / into.length
      for (let i = 0; i < into.length; i++) {
        const at = (from + i) % holds
        const value = ring[at]!
        gain += step
        if (value !== 0) {
          into[i]! += value * gain
          ring[at] = 0
        }
      }
      gain = wanted
      played = from + into.length
    },
    open(isOpen) {
      wanted = isOpen ? 1 : 0
    },
    lastAt: () => last,
  }
}
function peakOf(frame: Int16Array) {
  let peak = 0
  for (const value of frame) peak = Math.max(peak, Math.abs(value))
  return peak
}

// 90 % of full scale: what comes after us (resampling, AAC) overshoots a little.
const ceiling = 0.9 * 32_767

/** Adds lanes up. Ten people at once are turned down together, at once and back slowly, rather than cut off at the top. */
export function openMixer() {
  let gain = 1
  return {
    /** `length` samples from position `from`, little-endian, for every lane. */
    block(lanes: Iterable<Lane>, from: number, length: number): Buffer {
      const sum = new Float32Array(length)
      for (const lane of lanes) lane.take(from, sum)
      let peak = 0
      for (const value of sum) peak = Math.max(peak, Math.abs(value))
      const least = peak > ceiling ? ceiling / peak : 1
      const next = least < gain ? least : Math.min(least, gain + 0.02)
      const out = Buffer.allocUnsafe(2 * length)
      // Down within a millisecond, up over the whole block.
      const ramp = next < gain ? Math.min(length, samples(1)) : length
      for (let i = 0; i < length; i++) {
        const now = i < ramp ? gain + ((next - gain) * (i + 1)) / ramp : next
        out.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sum[i]! * now))), 2 * i)
      }
      gain = next
      return out
    },
  }
}
