import type { ComponentType } from 'react'
import type { Words } from '../../platform/web/refusals.tsx'

// The desk's screens. A feature lends its list from web/index.ts; here they are put in the order of the bar.

export type DeskRoute = {
  /** «/dot/$campaign/so-cai»; `$names` arrive as props of the screen. */
  path: string
  title: Words
  /** A word of `access.me().rooms`: who may see the room in the bar. Without one the screen is reached by links only. */
  room?: string
  /** The word in the bar; needs `room`. `$campaign` in the path is filled with the chosen campaign. */
  label?: Words
  load: () => Promise<ComponentType<Record<string, string>>>
}

export const deskRoutes: readonly DeskRoute[] = []
