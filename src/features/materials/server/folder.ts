import path from 'node:path'
import type { Desk } from '../../../platform/server/desk.ts'

/** Where the bytes of materials and their pages lie. */
export const folderOf = (desk: Pick<Desk, 'dataDir'>) => path.join(desk.dataDir, 'files', 'materials')
