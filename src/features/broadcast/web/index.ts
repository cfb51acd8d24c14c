// The door of broadcast for screens.
import { lazy } from 'react'

/** The programme on a hall's screen or a control room's monitor; fetched when shown, and hls.js after it. */
export const Player = lazy(async () => ({ default: (await import('./Player.tsx')).Player }))
export type { PlayerProps, PlayerState } from './Player.tsx'
