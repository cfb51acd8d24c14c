// The door of makeups.
import type { AnyImportKind } from '../../../platform/server/imports/index.ts'
import { makeupRoll } from './importMakeups.ts'

export const importKinds = (secret: Buffer): readonly AnyImportKind[] => [makeupRoll(secret)]
