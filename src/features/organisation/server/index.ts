// The door of the organisation: its tree, its people, and the files that bring them.
import type { Places } from '../../../platform/server/desk.ts'
import type { AnyImportKind } from '../../../platform/server/imports/index.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import { exportOperations } from './exports.ts'
import { peopleFile } from './importPeople.ts'
import { unitFile } from './importUnits.ts'
import { peopleOperations } from './people.ts'
import { placeOfUnit } from './tree.ts'
import { unitOperations } from './units.ts'

export { aboutPerson } from './aboutPerson.ts'
export { erasedName } from './people.ts'
export { type Register, registerFor, unitByCode } from './registers.ts'
export { membersOn } from './store.ts'
export { placeOfUnit, rebuildTree, type TreeRow, treeOn } from './tree.ts'

export const operations: readonly AnyServed[] = [...unitOperations, ...peopleOperations, ...exportOperations]
export const places: Places = { unit: placeOfUnit }
/** «don-vi» and «dang-vien». */
export const importKinds: readonly AnyImportKind[] = [unitFile, peopleFile]
