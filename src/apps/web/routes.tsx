import { msg } from '@lingui/core/macro'
import { accessDesk } from '../../features/access/web/index.ts'
import { attendanceDesk } from '../../features/attendance/web/index.ts'
import { campaignsDesk } from '../../features/campaigns/web/index.ts'
import { conferencesDesk } from '../../features/conferences/web/index.ts'
import { coverageDesk } from '../../features/coverage/web/index.ts'
import { makeupsDesk } from '../../features/makeups/web/index.ts'
import { materialsDesk } from '../../features/materials/web/index.ts'
import { organisationDesk } from '../../features/organisation/web/index.ts'
import { reportsDesk } from '../../features/reports/web/index.ts'
import { sitesDesk } from '../../features/sites/web/index.ts'
import type { DeskRoute } from '../../platform/web/routes.ts'

/** The organiser's first screen: the campaign's desk with what every later feature has to say on it. */
const deskRoom: DeskRoute = {
  path: '/dot',
  title: msg`Bàn điều phối`,
  load: () => import('./rooms/CampaignRoom.tsx').then((it) => it.CampaignRoom),
}

/** A cell secretary's room, and that of a grassroots unit's officer. */
const cellRoom: DeskRoute = {
  path: '/chi-bo/$unitId',
  title: msg`Chi bộ của tôi`,
  load: () => import('./rooms/CellRoom.tsx').then((it) => it.CellRoom),
}

// The desk's screens in the order of the bar: `...organisationDesk` from the feature's web/index.ts.
export const deskRoutes: readonly DeskRoute[] = [
  deskRoom,
  ...campaignsDesk,
  ...conferencesDesk,
  ...materialsDesk,
  ...sitesDesk,
  ...attendanceDesk,
  ...coverageDesk,
  ...makeupsDesk,
  ...reportsDesk,
  cellRoom,
  ...organisationDesk,
  ...accessDesk,
]
