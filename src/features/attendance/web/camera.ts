import { useEffect, useRef, useState } from 'react'

// The door's camera: reads one QR after another. The picture never leaves the page.

export type CameraState = 'opening' | 'on' | 'refused' | 'none'
type Detector = { detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]> }

const everyMs = 120
/** The same paper is held before the camera for a while; it is read once. */
const sameAgainMs = 4_000

/** The browser's own reader where there is one (Android), else ZXing as WebAssembly, served by ourselves. */
async function openDetector(): Promise<Detector> {
  const own = (
    globalThis as { BarcodeDetector?: { new (o: object): Detector; getSupportedFormats(): Promise<string[]> } }
  ).BarcodeDetector
  if (own && (await own.getSupportedFormats().catch((): string[] => [])).includes('qr_code'))
    return new own({ formats: ['qr_code'] })
  const [{ BarcodeDetector, prepareZXingModule }, { default: wasm }] = await Promise.all([
    import('barcode-detector/ponyfill'),
    import('zxing-wasm/reader/zxing_reader.wasm?url'),
  ])
  prepareZXingModule({ overrides: { locateFile: () => wasm } })
  return new BarcodeDetector({ formats: ['qr_code'] })
}

/** Turns the camera on while `wanted`; tells each new text once. */
export function useCamera(wanted: boolean, onText: (text: string) => void) {
  const video = useRef<HTMLVideoElement>(null)
  const tell = useRef(onText)
  tell.current = onText
  const [state, setState] = useState<CameraState>('opening')
  useEffect(() => {
    if (!wanted) return
    if (!navigator.mediaDevices) return setState('none')
    let stopped = false
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const last = { text: '', at: 0 }
    setState('opening')
    const read = async (detector: Detector) => {
      if (stopped) return
      const picture = video.current
      if (picture && picture.readyState >= 2 && document.visibilityState === 'visible') {
        const [found] = await detector.detect(picture).catch(() => [])
        const now = Date.now()
        if (found && !stopped && (found.rawValue !== last.text || now - last.at > sameAgainMs)) {
          last.text = found.rawValue
          tell.current(found.rawValue)
        }
        if (found) last.at = now
      }
      timer = setTimeout(() => void read(detector), everyMs)
    }
    void (async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({
          audio: false,
          video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
        })
        if (stopped) {
          for (const track of stream.getTracks()) track.stop()
          return
        }
        if (video.current) {
          video.current.srcObject = stream
          await video.current.play().catch(() => {})
        }
        const detector = await openDetector()
        if (stopped) return
        setState('on')
        void read(detector)
      } catch (error) {
        if (!stopped) setState((error as Error).name === 'NotAllowedError' ? 'refused' : 'none')
      }
    })()
    return () => {
      stopped = true
      clearTimeout(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [wanted])
  return { video, state }
}

let audio: AudioContext | undefined
/** Two high tones: in. One low: look at the screen. */
export function beep(tone: 'ok' | 'wait' | 'bad') {
  try {
    audio ??= new AudioContext()
    const notes = { ok: [880, 1320], wait: [520], bad: [220, 180] }[tone]
    for (const [at, pitch] of notes.entries()) {
      const oscillator = audio!.createOscillator()
      const gain = audio!.createGain()
      const from = audio!.currentTime + at * 0.11
      oscillator.frequency.value = pitch
      gain.gain.setValueAtTime(0.12, from)
      gain.gain.exponentialRampToValueAtTime(0.001, from + 0.16)
      oscillator.connect(gain).connect(audio!.destination)
      oscillator.start(from)
      oscillator.stop(from + 0.17)
    }
  } catch {
    // No sound on this device: the colour and the words say the same.
  }
}
