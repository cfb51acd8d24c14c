// The door of attendance for the pages.
import { msg } from '@lingui/core/macro'
import { lazy } from 'react'
import type { DeskRoute, LightRoute } from '../../../platform/web/routes.ts'

export const attendanceConsole: readonly LightRoute[] = [
  { path: '/diem-cau', title: msg`Điểm cầu của tôi`, load: () => import('./MySites.tsx').then((m) => m.MySites) },
  { path: '/diem-cau/$site', title: msg`Điểm cầu của tôi`, load: () => import('./MySites.tsx').then((m) => m.MySites) },
  {
    path: '/diem-cau/$site/$conference/ma',
    title: msg`Mã của hội trường`,
    load: () => import('./HallCode.tsx').then((m) => m.HallCode),
  },
]
/** The console of a hall is put together where every feature can be seen: the stage lends it the last tab. */
export const loadConsole = () => import('./Console.tsx').then((m) => m.Console)
/** Her own page is put together where every feature can be seen; `state` is what a later one lends. */
export const loadMember = () => import('./Member.tsx').then((m) => m.Member)
export const attendanceMember: readonly LightRoute[] = [
  {
    path: '/toi/tai-cho/$conference/$site/$code',
    title: msg`Ghi có mặt`,
    load: () => import('./OwnScan.tsx').then((m) => m.OwnScan),
  },
]
export const attendanceDesk: readonly DeskRoute[] = [
  { path: '/quan-so', title: msg`Quân số`, load: () => import('./Tally.tsx').then((m) => m.Tally) },
  { path: '/quan-so/$conference', title: msg`Quân số`, load: () => import('./Tally.tsx').then((m) => m.Tally) },
  {
    path: '/quan-so/$conference/moc',
    title: msg`Các mốc điểm danh`,
    load: () => import('./Checkpoints.tsx').then((m) => m.Checkpoints),
  },
  {
    path: '/quan-so/$conference/ma/$checkpoint',
    title: msg`Mã của mốc`,
    load: () => import('./SpokenCode.tsx').then((m) => m.SpokenCode),
  },
]
/** For the room of a cell; loaded when shown, so that light pages stay light. */
export const LateTicks = lazy(async () => ({ default: (await import('./LateTicks.tsx')).LateTicks }))
/** Her own presence beside a session that is going on: the code to type now, and what is recorded. */
export const loadPresence = () => import('./MyPresence.tsx')
/** Which device this is and how far its clock is off: later rooms of the same device say the same. */
export { claim, deviceId, heardTime, keep, kept, skewMs } from './clock.ts'
export { useKept } from './kept.ts'
export { useHallCode } from './useHallCode.ts'
