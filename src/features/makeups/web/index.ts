// The door of makeups on the web.
import { msg } from '@lingui/core/macro'
import { lazy } from 'react'
import type { DeskRoute } from '../../../platform/web/routes.ts'

export const makeupsDesk: readonly DeskRoute[] = [
  { path: '/hoc-bu', title: msg`Học bù`, load: () => import('./Makeups.tsx').then((it) => it.Makeups) },
  { path: '/hoc-bu/$makeup', title: msg`Buổi học bù`, load: () => import('./Makeup.tsx').then((it) => it.Makeup) },
]
/** For the room of a cell: the make-ups open to it, and one person's. */
export const OpenMakeups = lazy(async () => ({ default: (await import('./Booking.tsx')).OpenMakeups }))
export const MakeUpFor = lazy(async () => ({ default: (await import('./Booking.tsx')).MakeUpFor }))
