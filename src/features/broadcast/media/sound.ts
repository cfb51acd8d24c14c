// Sound on the programme's own clock. Frames carry no time of their own, so each is placed where it came; a lane then runs on by its
// count of samples, because a join of a few milliseconds is heard and a lead of fifty is not.
import { sampleRate } from '../rules.ts'

const samples = (ms: number) => Math.round((ms * sampleRate) / 1000)
const holds = samples(2_000)
// Further off the clock than this, and lips and words part: the lane is set anew.
const offLimit = samples(150)
// Less than that is put right a frame at a time, where nobody speaks.
const driftLimit = samples(40)
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
  let drift = 0
  let gain = 0
  let wanted = 0
  let last = -Infinity

  function write(frame: Int16Array, at: number) {
    for (let i = 0; i < frame.length; i++) ring[(at + i) % holds] = frame[i]!
  }
  return {
    push(frame, heardAt) {
      last = heardAt
      const right = Math.max(0, Math.round(heardAt) - frame.length)
      if (end === undefined || Math.abs(end - right) > offLimit) {
        end = right
        drift = 0
      }
      drift += 0.02 * (end - right - drift)
      if (Math.abs(drift) > driftLimit && peakOf(frame) < quietPeak) {
        // Too late: this quiet frame is left out. Too early: it is followed by as much silence.
        if (drift > 0) {
          drift -= frame.length
          return
        }
        drift += frame.length
        write(frame, end)
        write(new Int16Array(frame.length), end + frame.length)
        end += 2 * frame.length
        return
      }
      write(frame, end)
      end += frame.length
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
