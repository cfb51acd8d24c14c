// The door of makeups on the web.
import { msg } from '@lingui/core/macro'
import type { DeskRoute } from '../../../platform/web/routes.ts'

export const makeupsDesk: readonly DeskRoute[] = [
  { path: '/hoc-bu', title: msg`Học bù`, load: () => import('./Makeups.tsx').then((it) => it.Makeups) },
  { path: '/hoc-bu/$makeup', title: msg`Buổi học bù`, load: () => import('./Makeup.tsx').then((it) => it.Makeup) },
]
