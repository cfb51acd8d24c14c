// The door of stage for screens.
import { msg } from '@lingui/core/macro'
import type { LightRoute } from '../../../platform/web/routes.ts'

export { HallGuard } from './hall/Guard.tsx'
export type { PlayerState, ProgrammeProps } from './programme.ts'
/** Screens are brought when they are shown; the app lends them the programme's player. */
export const loadHallScreen = () => import('./hall/HallScreen.tsx').then((m) => m.HallScreen)
export const loadSiteFrame = () => import('./site/SiteFrame.tsx').then((m) => m.SiteFrame)
export const loadSiteRoom = () => import('./site/SiteRoom.tsx').then((m) => m.SiteRoom)
export const loadControlRoom = () => import('./control/ControlRoom.tsx').then((m) => m.ControlRoom)
export const loadStages = () => import('./control/Stages.tsx').then((m) => m.Stages)
export const loadModeration = () => import('./moderation/Moderation.tsx').then((m) => m.Moderation)
/** The lectern and the place of a member who was called: they open devices, so they stand under /buc. */
export const lecternRoutes: readonly LightRoute[] = [
  {
    path: '/buc',
    title: msg`Bục báo cáo viên`,
    load: () => import('./lectern/MyLecterns.tsx').then((m) => m.MyLecterns),
  },
  {
    path: '/buc/$session',
    title: msg`Bục báo cáo viên`,
    load: () => import('./lectern/Lectern.tsx').then((m) => m.Lectern),
  },
  {
    path: '/buc/$session/phat-bieu',
    title: msg`Phát biểu`,
    load: () => import('./lectern/CalledMember.tsx').then((m) => m.CalledMember),
  },
]
