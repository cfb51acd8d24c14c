// The door of reports on the web.
import { msg } from '@lingui/core/macro'
import type { DeskRoute } from '../../../platform/web/routes.ts'

export const reportsDesk: readonly DeskRoute[] = [
  { path: '/bao-cao', title: msg`Báo cáo`, load: () => import('./Report.tsx').then((it) => it.Report) },
]
