import { useSyncExternalStore } from 'react'

// Light or dark: the system decides until the reader chooses; the choice stays on this device. `public/theme.js` reads it before the first paint.
export type ThemeChoice = 'system' | 'light' | 'dark'
const key = 'diem-cau.theme'
const systemDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

const read = (): ThemeChoice => {
  try {
    const kept = localStorage.getItem(key)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}
const resolve = (choice: ThemeChoice): 'light' | 'dark' =>
  choice === 'system' ? (systemDark.matches ? 'dark' : 'light') : choice

function show() {
  const theme = resolve(read())
  document.documentElement.setAttribute('data-theme', theme)
  document.documentElement.setAttribute('data-mantine-color-scheme', theme)
  for (const listener of listeners) listener()
}
systemDark.addEventListener('change', show)
addEventListener('storage', (event) => event.key === key && show())

export function chooseTheme(choice: ThemeChoice) {
  try {
    if (choice === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, choice)
  } catch {
    // Private windows may refuse storage; the choice then lasts for this page.
  }
  show()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, read)
export const useTheme = (): 'light' | 'dark' => useSyncExternalStore(subscribe, () => resolve(read()))
