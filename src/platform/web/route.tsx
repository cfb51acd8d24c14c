import { type AnchorHTMLAttributes, useSyncExternalStore } from 'react'

// A router for light pages in a few lines: paths with `$names`, plain links, the back button.

const moved = new Set<() => void>()
addEventListener('popstate', () => {
  for (const reader of moved) reader()
})

export function goTo(href: string, { replace = false } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', href)
  for (const reader of moved) reader()
  scrollTo(0, 0)
}
export const usePath = (): string =>
  useSyncExternalStore(
    (reader) => {
      moved.add(reader)
      return () => moved.delete(reader)
    },
    () => location.pathname + location.search,
  )

/** `match('/toi/dot/$campaign', '/toi/dot/abc')` → `{ campaign: 'abc' }`; `undefined` when it is another path. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/').filter(Boolean)
  const given = path.split('?')[0]!.split('/').filter(Boolean)
  if (wanted.length !== given.length) return undefined
  const found: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith('$')) found[part.slice(1)] = decodeURIComponent(given[at]!)
    else if (part !== given[at]) return undefined
  }
  return found
}

/** A link inside the same light page; anything unusual about the click is left to the browser. */
export const Go = ({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) => (
  <a
    href={href}
    {...rest}
    onClick={(event) => {
      rest.onClick?.(event)
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      goTo(href)
    }}
  />
)
