import { msg } from '@lingui/core/macro'
import type { LightRoute } from '../../platform/web/routes.ts'

export const hallRoutes: readonly LightRoute[] = [
  {
    path: '/man-hinh/$conference/$site',
    title: msg`Màn hình hội trường`,
    load: () => import('./rooms/HallRoom.tsx').then((m) => m.HallRoom),
  },
]
