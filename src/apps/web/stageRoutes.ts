import { msg } from '@lingui/core/macro'
import { lecternRoutes, loadModeration, loadStages } from '../../features/stage/web/index.ts'
import type { LightRoute } from '../../platform/web/routes.ts'

export const stageRoutes: readonly LightRoute[] = [
  { path: '/dieu-khien', title: msg`Sân khấu của tôi`, load: loadStages },
  {
    path: '/dieu-khien/$session',
    title: msg`Phòng điều khiển`,
    load: () => import('./rooms/ControlRoom.tsx').then((m) => m.ControlRoom),
  },
  { path: '/dieu-hanh', title: msg`Sân khấu của tôi`, load: loadStages },
  { path: '/dieu-hanh/$session', title: msg`Phòng điều hành`, load: loadModeration },
  ...lecternRoutes,
]
