import { useLayoutEffect } from 'react'

/**
 * The control room is dark whatever the reader chose for other pages, and every length in it follows the screen.
 * A change of the system's scheme while it is open does not turn the lights on.
 */
export function useDarkRoom() {
  useLayoutEffect(() => {
    const root = document.documentElement
    const before = root.getAttribute('data-theme')
    const dim = () => {
      if (root.getAttribute('data-theme') !== 'dark') root.setAttribute('data-theme', 'dark')
    }
    root.setAttribute('data-room', 'control')
    dim()
    const watch = new MutationObserver(dim)
    watch.observe(root, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      watch.disconnect()
      root.removeAttribute('data-room')
      if (before) root.setAttribute('data-theme', before)
    }
  }, [])
}

/** A choice of this device: sound of alarms, keys, which picture of the programme. */
export function keptChoice(name: string): { read: (otherwise: boolean) => boolean; write: (on: boolean) => void } {
  const key = `diem-cau.control.${name}`
  return {
    read: (otherwise) => {
      try {
        const kept = localStorage.getItem(key)
        return kept === null ? otherwise : kept === '1'
      } catch {
        return otherwise
      }
    },
    write: (on) => {
      try {
        localStorage.setItem(key, on ? '1' : '0')
      } catch {
        // Private windows may refuse storage; the choice then lasts for this page.
      }
    },
  }
}
