import { useEffect, useState } from 'react'

// A screen that stands alone for a day: awake, full, without a pointer, and with two keys.

/** Keeps the machine awake where the browser can. */
export function useAwake() {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    let over = false
    const hold = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      const held = await navigator.wakeLock.request('screen').catch(() => undefined)
      if (over) void held?.release().catch(() => {})
      else lock = held
    }
    void hold()
    document.addEventListener('visibilitychange', hold)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', hold)
      void lock?.release().catch(() => {})
    }
  }, [])
}

const pointerShownMs = 3_000
/** True for some seconds after the pointer moved: the pointer and the hints are seen then. */
export function usePointerMoved(): boolean {
  const [moved, setMoved] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const move = () => {
      setMoved(true)
      clearTimeout(timer)
      timer = setTimeout(() => setMoved(false), pointerShownMs)
    }
    addEventListener('pointermove', move)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointermove', move)
    }
  }, [])
  return moved
}
export const fillScreen = () =>
  void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(
    () => {},
  )
