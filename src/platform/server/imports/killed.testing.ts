// Run by a test and killed by it: an import that takes long over its first row.

import { sql } from 'kysely'
import { z } from 'zod'
import { anyone, machine } from '../../rights.ts'
import { openDb, openPool } from '../db.ts'
import { importKind, runImport } from './index.ts'

const url = process.env.IMPORT_TEST!
const slow = importKind({
  kind: 'cham',
  options: z.object({}),
  columns: [{ key: 'code', header: 'Mã' }],
  needs: anyone,
  lock: () => 'giet',
  async check(_, rows) {
    let added = 0
    for await (const _row of rows) added++
    return { problems: [], summary: { added, changed: 0, unchanged: 0, missing: 0 }, plan: added }
  },
  async apply(tx) {
    await sql`insert into place values ('giet', '1', 'Đình')`.execute(tx)
    console.log('đã ghi một nửa')
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  },
})
await runImport({ db: openDb(openPool(url)), places: {} }, [slow], {
  kind: 'cham',
  file: { bytes: Buffer.from('Mã\n1\n'), fileName: 'bi-giet.csv' },
  options: {},
  actor: machine(0),
  now: new Date(),
})
