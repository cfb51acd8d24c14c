// The door of coverage on the web.
import { msg } from '@lingui/core/macro'
import type { DeskRoute } from '../../../platform/web/routes.ts'

export { reasonWords, stateWords } from './words.ts'

export const coverageDesk: readonly DeskRoute[] = [
  { path: '/so-cai', title: msg`Sổ cái`, load: () => import('./Ledger.tsx').then((it) => it.Ledger) },
]
