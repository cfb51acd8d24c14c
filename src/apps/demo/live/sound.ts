// What the made-up microphones hear: something with the rhythm of speech and no words in it.
export const sampleRate = 48_000

/** Sound in frames of 20 ms, mono, 16 bit. `loudness` of the last frame moves the drawn mouth. */
export function openVoice(seed: number, { silent = false } = {}) {
  const frame = new Int16Array(sampleRate / 50)
  const pitch = 105 + (seed % 7) * 14
  let at = 0
  let phase = 0
  let loudness = 0
  return {
    loudness: () => loudness,
    next(): Int16Array {
      let sum = 0
      for (let i = 0; i < frame.length; i++, at++) {
        const seconds = at / sampleRate
        // Syllables five a second, a breath after every third second.
        const syllable = Math.max(0, Math.sin(seconds * Math.PI * 2 * 4.6 + Math.sin(seconds * 1.3) * 2))
        const breath = seconds % 3.2 < 2.6 ? 1 : 0
        const tone = pitch * (1 + 0.06 * Math.sin(seconds * 5.1) + 0.03 * Math.sin(seconds * 0.7))
        phase += tone / sampleRate
        const voice =
          Math.sin(phase * 2 * Math.PI) * 0.5 +
          Math.sin(phase * 4 * Math.PI) * 0.3 +
          Math.sin(phase * 10 * Math.PI + Math.sin(seconds * 9)) * 0.16
        const sample = silent ? 0 : voice * syllable * breath * 0.32
        frame[i] = Math.round(sample * 32_000)
        sum += Math.abs(sample)
      }
      loudness = Math.min(1, (sum / frame.length) * 9)
      return frame
    },
  }
}
