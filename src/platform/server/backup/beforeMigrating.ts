import fs from 'node:fs/promises'
import path from 'node:path'
import { type Db, migrationsOf } from '../db.ts'
import { backUp, type Made, type Source } from './save.ts'

const kept = 3
const named = (name: string) => /^truoc-nang-cap-.*\.tar$/.test(name)

/**
 * Before the schema moves, what was there is saved in `DATA_DIR/backups`; the newest three stay. Nothing to do, and
 * `undefined`, for a schema that is new or up to date.
 */
export async function backUpBeforeMigrating(db: Db, source: Source, now: Date): Promise<Made | undefined> {
  const { applied, ahead } = await migrationsOf(db)
  if (applied.length === 0 || ahead.length === 0) return undefined
  const folder = path.join(source.dataDir, 'backups')
  const day = now.toISOString().replace(/[:.]/g, '').slice(0, 15)
  const made = await backUp(source, {
    out: path.join(folder, `truoc-nang-cap-${ahead[0]!.slice(0, 4)}-${day}-${process.pid}.tar`),
    now,
  })
  const all = (await fs.readdir(folder)).filter(named)
  const aged = await Promise.all(
    all.map(async (name) => ({ name, at: (await fs.stat(path.join(folder, name))).mtimeMs })),
  )
  for (const { name } of aged.sort((a, b) => b.at - a.at).slice(kept))
    await fs.rm(path.join(folder, name), { force: true })
  return made
}
