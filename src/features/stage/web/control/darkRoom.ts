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
