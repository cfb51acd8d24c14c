import { msg } from '@lingui/core/macro'
import { accessMember } from '../../features/access/web/index.ts'
import { attendanceMember } from '../../features/attendance/web/index.ts'
import type { LightRoute } from '../../platform/web/routes.ts'

// Each feature adds the screens it lends to this page: `...attendanceConsole` from its web/index.ts.
export const memberRoutes: readonly LightRoute[] = [
  { path: '/toi', title: msg`Trang của tôi`, load: () => import('./rooms/MemberRoom.tsx').then((m) => m.MemberRoom) },
  ...attendanceMember,
  ...accessMember,
]
