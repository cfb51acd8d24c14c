import { useEffect, useRef, useState } from 'react'
import type { Playback, View } from './playback.ts'

const nothingYet: View = {
  state: 'waiting',
  watched: undefined,
  refused: undefined,
  paused: false,
  soundOnly: false,
  byHand: false,
  bitrate: 0,
  rungs: [],
  behind: 0,
  silenced: false,
}

/**
 * Plays a session in `media` while `wanted`; the player's code is fetched only then. `nudge` is whatever changes when the server should be
 * asked anew at once (a state of the live channel). `onDate` hears the moment of the programme on the screen, about four times a second.
 */
export function usePlayback({
  media,
  sessionId,
  wanted,
  soundOnly,
  byHand = false,
  asked = 0,
  thrifty = false,
  nudge,
  onDate,
}: {
  media: React.RefObject<HTMLMediaElement | null>
  sessionId: string
  wanted: boolean
  soundOnly: boolean
  byHand?: boolean
  /** Grows when she asks again for what the line had taken from her. */
  asked?: number
  thrifty?: boolean
  nudge: unknown
  onDate: (date: Date | undefined) => void
}): { view: View; playback: Playback | undefined } {
  const [view, setView] = useState<View>(nothingYet)
  const [playback, setPlayback] = useState<Playback>()
  const latest = useRef({ soundOnly, byHand, thrifty, onDate })
  latest.current = { soundOnly, byHand, thrifty, onDate }

  useEffect(() => {
    const element = media.current
    if (!wanted || !element) return
    let left = false
    let opened: Playback | undefined
    let timer: ReturnType<typeof setTimeout>
    const open = async () => {
      const code = await import('./playback.ts').catch(() => undefined)
      if (left) return
      // Not even the player came over this line: it is asked for again until it does.
      if (!code) {
        timer = setTimeout(open, 3_000)
        return
      }
      opened = code.openPlayback(element, {
        sessionId,
        soundOnly: latest.current.soundOnly,
        byHand: latest.current.byHand,
        thrifty: latest.current.thrifty,
        hear: setView,
        onDate: (date) => latest.current.onDate(date),
      })
      setPlayback(opened)
    }
    void open()
    return () => {
      left = true
      clearTimeout(timer)
      opened?.close()
      setPlayback(undefined)
      setView(nothingYet)
      latest.current.onDate(undefined)
    }
  }, [media, sessionId, wanted])

  useEffect(() => {
    if (nudge !== undefined) playback?.nudge()
  }, [playback, nudge])
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again, though nothing else changed
  useEffect(() => {
    playback?.setSoundOnly(soundOnly, byHand)
  }, [playback, soundOnly, byHand, asked])
  return { view, playback }
}
export type { Playback, View }
