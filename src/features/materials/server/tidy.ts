// What nobody needs any more is taken off the disk: halves of files from a run that was killed, and what was taken away a month ago.
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Desk } from '../../../platform/server/desk.ts'
import { removeFile } from '../../../platform/server/files.ts'
import { folderOf } from './folder.ts'
import * as store from './store.ts'

/** Longer than any upload takes. */
const halfForMs = 3_600_000
const keptDays = 30
const atOnce = 200

/** Takes away halves of files that no upload of now can be writing. */
export async function dropHalves(desk: Pick<Desk, 'dataDir'>, now: Date): Promise<number> {
  const folder = path.join(folderOf(desk), 'arriving')
  const names = await fs.readdir(folder).catch(() => [])
  let dropped = 0
  for (const name of names) {
    const file = path.join(folder, name)
    const about = await fs.stat(file).catch(() => undefined)
    if (!about || now.getTime() - about.mtimeMs < halfForMs) continue
    await fs.rm(file, { force: true })
    dropped++
  }
  return dropped
}

/**
 * Forgets versions of materials that were taken away thirty days ago and shown in no session, with their pages and whatever bytes
 * nothing else refers to. Answers how many.
 */
export async function forgetRemoved(desk: Pick<Desk, 'db' | 'dataDir'>, now: Date): Promise<number> {
  const gone = await store.forget(desk.db, new Date(now.getTime() - keptDays * 86_400_000), atOnce)
  for (const { fileIds } of gone)
    for (const fileId of fileIds)
      if (!(await store.isFileHeld(desk.db, fileId))) await removeFile(folderOf(desk), fileId)
  return gone.length
}
