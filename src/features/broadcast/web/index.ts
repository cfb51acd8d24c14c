// The door of broadcast for screens.
import { msg } from '@lingui/core/macro'
import { createElement, lazy } from 'react'
import type { LightRoute } from '../../../platform/web/routes.ts'
import { loadPresence } from '../../attendance/web/index.ts'

/** The programme on a hall's screen or a control room's monitor; fetched when shown, and hls.js after it. */
export const Player = lazy(async () => ({ default: (await import('./Player.tsx')).Player }))

/** For the top of a member's own page, to be fetched together with it. */
export const loadOnNow = () => import('./Mine.tsx').then((m) => m.OnNow)

/** The light page of whoever watches on her own device. */
export const broadcastLive: readonly LightRoute[] = [
  { path: '/toi/hop', title: msg`Xem trực tiếp`, load: () => import('./Mine.tsx').then((m) => m.MyProgrammes) },
  {
    path: '/toi/hop/$session',
    title: msg`Xem trực tiếp`,
    // What stands first on the page comes together with it, so that nothing jumps.
    load: async () => {
      const [{ Live }, presence] = await Promise.all([import('./Live.tsx'), loadPresence()])
      return ({ session }: { session: string }) => createElement(Live, { session, presence })
    },
  },
]
