// The door of makeups.
import type { AnyImportKind } from '../../../platform/server/imports/index.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import { makeupRoll } from './importMakeups.ts'
import {
  bookMakeup,
  closeMakeup,
  createMakeup,
  getMakeup,
  listMakeups,
  openMakeups,
  recordOffer,
  roster,
  takeRoll,
  unbookMakeup,
} from './makeup.ts'
import { planMakeup } from './plan.ts'

export {
  bookMakeup,
  closeMakeup,
  createMakeup,
  getMakeup,
  listMakeups,
  planMakeup,
  recordOffer,
  takeRoll,
  unbookMakeup,
}
export const operations: AnyServed[] = [
  planMakeup,
  createMakeup,
  bookMakeup,
  unbookMakeup,
  listMakeups,
  openMakeups,
  getMakeup,
  roster,
  takeRoll,
  recordOffer,
  closeMakeup,
]
/** «hoc-bu». */
export const importKinds = (secret: Buffer): readonly AnyImportKind[] => [makeupRoll(secret)]
