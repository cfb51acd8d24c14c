import { type MouseEvent, useEffect, useRef } from 'react'

const typing = 'input, textarea, select, [contenteditable]'
const pressable = 'button, a[href], summary, label'

/**
 * Keys of the whole room. `press` answers whether the key was one of its own. Where something is typed, or a dialog is open, every
 * key is the browser's; on a button Enter and Space press that button. Space is held: `hold(false)` also when the window is left.
 */
export function useRoomKeys(
  press: (key: string) => boolean,
  hold: (down: boolean) => void,
  { letters }: { letters: boolean },
) {
  const now = useRef({ press, hold, letters })
  useEffect(() => {
    now.current = { press, hold, letters }
  })
  useEffect(() => {
    let holding = false
    const letGo = () => {
      if (!holding) return
      holding = false
      now.current.hold(false)
    }
    const down = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
      const target = event.target instanceof Element ? event.target : document.body
      if (document.querySelector('dialog[open]') || target.closest(typing)) return
      const onButton = target.closest(pressable) !== null && target.closest('[data-tile]') === null
      if (event.key === ' ') {
        if (onButton || !now.current.letters) return
        event.preventDefault()
        if (!event.repeat && !holding) {
          holding = true
          now.current.hold(true)
        }
        return
      }
      if (event.key === 'Enter' && onButton) return
      // Whoever speaks to the machine or hits keys by accident may switch the letters off.
      if (event.key.length === 1 && !now.current.letters) return
      if (event.repeat && !event.key.startsWith('Arrow') && !event.key.startsWith('Page')) return
      if (now.current.press(event.key.length === 1 ? event.key.toUpperCase() : event.key)) event.preventDefault()
    }
    const up = (event: KeyboardEvent) => event.key === ' ' && letGo()
    addEventListener('keydown', down)
    addEventListener('keyup', up)
    addEventListener('blur', letGo)
    document.addEventListener('visibilitychange', letGo)
    return () => {
      letGo()
      removeEventListener('keydown', down)
      removeEventListener('keyup', up)
      removeEventListener('blur', letGo)
      document.removeEventListener('visibilitychange', letGo)
    }
  }, [])
}

/** After the mouse has pressed a button the keys belong to the room again: Enter puts on air, it does not press that button twice. */
export function backToRoom(event: MouseEvent) {
  const target = event.target instanceof Element ? event.target.closest('button') : null
  if (event.detail === 0 || !target || target.closest('dialog')) return
  requestAnimationFrame(() => {
    if (document.activeElement === target) target.blur()
  })
}
