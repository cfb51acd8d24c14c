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
/** A screen of a light page (member, console, join); it draws its own <LightPage>. */
export type LightRoute = Screen
/** A screen of the desk; the shell is around it. The bar shows a room of `access.me` when a screen stands under its path. */
export type DeskRoute = Screen
