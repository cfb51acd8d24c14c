import { useEffect, useState, useSyncExternalStore } from 'react'

// This device's cameras, microphones and what may be wrong with them.

/** `denied`: somebody said no; `missing`: nothing is plugged in; `busy`: another program holds it; `insecure`: the page came without https. */
export type DeviceProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'stopped' | 'other'
export const problemOf = (error: unknown): DeviceProblem => {
  if (!navigator.mediaDevices) return 'insecure'
  const name = error instanceof DOMException || error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError' || name === 'DevicesNotFoundError') return 'missing'
  return name === 'NotReadableError' || name === 'AbortError' || name === 'TrackStartError' ? 'busy' : 'other'
}

export type Devices = { cameras: MediaDeviceInfo[]; microphones: MediaDeviceInfo[]; speakers: MediaDeviceInfo[] }
const none: Devices = { cameras: [], microphones: [], speakers: [] }

/** Names are known only once a camera or microphone has been allowed; `again` changes then. */
export function useDevices(again: unknown): Devices {
  const [devices, setDevices] = useState(none)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` says that a permission was given
  useEffect(() => {
    if (!navigator.mediaDevices?.enumerateDevices) return
    let over = false
    const look = async () => {
      const all = await navigator.mediaDevices.enumerateDevices().catch(() => [])
      if (over) return
      const ofKind = (kind: MediaDeviceKind) => all.filter((one) => one.kind === kind && one.deviceId !== '')
      setDevices({ cameras: ofKind('videoinput'), microphones: ofKind('audioinput'), speakers: ofKind('audiooutput') })
    }
    void look()
    navigator.mediaDevices.addEventListener?.('devicechange', look)
    return () => {
      over = true
      navigator.mediaDevices.removeEventListener?.('devicechange', look)
    }
  }, [again])
  return devices
}

export type ChosenDevices = { camera?: string; microphone?: string; speaker?: string }
const key = 'diem-cau.devices'
const readers = new Set<() => void>()
let chosen: ChosenDevices = readChosen()
function readChosen(): ChosenDevices {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}')
  } catch {
    return {}
  }
}
/** Kept on this device: the hall's microphone stays chosen from the rehearsal to the day. */
export function chooseDevice(change: ChosenDevices) {
  chosen = { ...chosen, ...change }
  try {
    localStorage.setItem(key, JSON.stringify(chosen))
  } catch {
    // A private window forgets the choice with the page.
  }
  for (const reader of readers) reader()
}
export const useChosenDevices = (): ChosenDevices =>
  useSyncExternalStore(
    (reader) => {
      readers.add(reader)
      return () => readers.delete(reader)
    },
    () => chosen,
  )

const levelsASecond = 10
/** How loud a track is now, 0–1, for a meter; `undefined` without a track. Nothing of the sound is kept. */
export function useLevel(track: MediaStreamTrack | undefined): number | undefined {
  const [level, setLevel] = useState<number>()
  useEffect(() => {
    if (!track || typeof AudioContext === 'undefined') return setLevel(undefined)
    const audio = new AudioContext()
    const analyser = audio.createAnalyser()
    analyser.fftSize = 512
    const source = audio.createMediaStreamSource(new MediaStream([track]))
    source.connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const wake = () => void audio.resume().catch(() => {})
    addEventListener('pointerdown', wake)
    addEventListener('keydown', wake)
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length)
      // Speech at arm's length fills about two thirds of the meter.
      setLevel(Math.min(1, Math.round(Math.sqrt(loud) * 160) / 100))
    }, 1000 / levelsASecond)
    return () => {
      clearInterval(timer)
      removeEventListener('pointerdown', wake)
      removeEventListener('keydown', wake)
      source.disconnect()
      void audio.close().catch(() => {})
    }
  }, [track])
  return level
}
