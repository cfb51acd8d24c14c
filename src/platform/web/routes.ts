import type { ComponentType } from 'react'
import type { Words } from './refusals.tsx'

// What a feature lends to the pages: its screens with their addresses. `$names` of a path arrive as props of the screen.

type Screen = {
  path: string
  /** The title of the browser's tab. */
  title: Words
  // biome-ignore lint/suspicious/noExplicitAny: a screen's props are the names in its own path
  load: () => Promise<ComponentType<any>>
}
/** A screen of a light page (member, console, join). */
export type LightRoute = Screen
/** A screen of the desk. */
export type DeskRoute = Screen & {
  /** A word of `access.me`'s rooms: who sees it in the bar. Without one the screen is reached by links only. */
  room?: string
  /** The word in the bar; needs `room`. `$campaign` in the path is filled with the chosen campaign. */
  label?: Words
}
