import { accessDesk } from '../../features/access/web/index.ts'
import { organisationDesk } from '../../features/organisation/web/index.ts'
import type { DeskRoute } from '../../platform/web/routes.ts'

// The desk's screens in the order of the bar: `...organisationDesk` from the feature's web/index.ts.
export const deskRoutes: readonly DeskRoute[] = [...organisationDesk, ...accessDesk]
