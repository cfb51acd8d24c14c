import { msg } from '@lingui/core/macro'
import { attendanceConsole } from '../../features/attendance/web/index.ts'
import type { LightRoute } from '../../platform/web/routes.ts'

// Each feature adds the screens it lends to this page: `...attendanceConsole` from its web/index.ts.
export const consoleRoutes: readonly LightRoute[] = [
  ...attendanceConsole,
  {
    path: '/diem-cau/$site/$conference/$tab',
    title: msg`Bảng điểm cầu`,
    load: () => import('./rooms/ConsoleRoom.tsx').then((m) => m.ConsoleRoom),
  },
]
