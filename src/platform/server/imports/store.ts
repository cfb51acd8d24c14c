import { type Selectable, sql } from 'kysely'
import {
  type ImportOptions,
  type ImportState,
  importStates,
  type Preview,
  type Problem,
  type Reading,
  type Run,
} from '../../imports.ts'
import type { Actor } from '../../rights.ts'
import type { Db, Tx } from '../db.ts'

export type ImportRunTable = {
  id: string
  kind: string
  file_name: string
  file_id: string | null
  sha256: string
  bytes: number
  options: string
  reading: string
  state: ImportState
  because: string | null
  preview: string | null
  problems: string
  remarks: string
  progress_done: number
  progress_total: number
  cancel_asked: boolean
  by_actor: string
  by_user_id: string | null
  created_at: Date
  finished_at: Date | null
}
declare module '../db.ts' {
  interface Tables {
    import_run: ImportRunTable
  }
}
/** As PostgreSQL gives it back: JSON parsed. */
export type RunRow = Omit<Selectable<ImportRunTable>, 'options' | 'reading' | 'preview' | 'problems' | 'remarks'> & {
  options: ImportOptions
  reading: Reading
  preview: Preview | null
}

const columns = [
  'id',
  'kind',
  'file_name',
  'file_id',
  'sha256',
  'bytes',
  'options',
  'reading',
  'state',
  'because',
  'preview',
  'progress_done',
  'progress_total',
  'cancel_asked',
  'by_actor',
  'by_user_id',
  'created_at',
  'finished_at',
] as const

export const insertRun = (
  db: Db | Tx,
  run: Pick<ImportRunTable, 'id' | 'kind' | 'file_name' | 'sha256' | 'bytes' | 'created_at' | 'by_actor'> & {
    file_id: string | null
    by_user_id: string | null
    options: ImportOptions
    reading: Reading
    state: ImportState
  },
) =>
  db
    .insertInto('import_run')
    .values({
      ...run,
      options: JSON.stringify(run.options),
      reading: JSON.stringify(run.reading),
      because: null,
      preview: null,
      problems: '[]',
      remarks: '[]',
      progress_done: 0,
      progress_total: 0,
      cancel_asked: false,
      finished_at: null,
    })
    .execute()

export const findRun = async (db: Db | Tx, runId: string): Promise<RunRow | undefined> =>
  (await db.selectFrom('import_run').select(columns).where('id', '=', runId).executeTakeFirst()) as unknown as
    | RunRow
    | undefined

export async function listRuns(
  db: Db | Tx,
  { by, kind, page, size }: { by: string | undefined; kind: string | undefined; page: number; size: number },
): Promise<{ rows: RunRow[]; total: number }> {
  let wanted = db.selectFrom('import_run')
  if (by !== undefined) wanted = wanted.where('by_actor', '=', by)
  if (kind) wanted = wanted.where('kind', '=', kind)
  const { total } = await wanted.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow()
  const rows = await wanted
    .select(columns)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(size)
    .offset((page - 1) * size)
    .execute()
  return { rows: rows as unknown as RunRow[], total }
}

/** One page of what was found, cut from the stored list. */
export async function findingsPage(
  db: Db | Tx,
  { runId, which, page, size }: { runId: string; which: 'problems' | 'remarks'; page: number; size: number },
): Promise<{ rows: Problem[]; total: number }> {
  const { rows } = await sql<{ list: Problem[]; total: number }>`
    select coalesce(jsonb_agg(one order by place) filter (where place > ${(page - 1) * size} and place <= ${page * size}), '[]') as list,
           count(*)::int as total
      from import_run, jsonb_array_elements(${sql.ref(which)}) with ordinality as each(one, place)
     where id = ${runId}`.execute(db)
  return { rows: rows[0]?.list ?? [], total: rows[0]?.total ?? 0 }
}

export const countOpen = async (db: Db | Tx, by: string): Promise<number> =>
  (
    await db
      .selectFrom('import_run')
      .select(sql<number>`count(*)::int`.as('open'))
      .where('by_actor', '=', by)
      .where('finished_at', 'is', null)
      .executeTakeFirstOrThrow()
  ).open

/** Moves a run on if it is in one of `from`; says whether it was. Two clicks at once move it once. */
export async function moveRun(
  db: Db | Tx,
  runId: string,
  from: readonly ImportState[],
  to: { state: ImportState; because?: string | null; reading?: Reading; options?: ImportOptions },
): Promise<boolean> {
  const moved = await db
    .updateTable('import_run')
    .set({
      state: to.state,
      because: to.because ?? null,
      cancel_asked: false,
      finished_at: null,
      progress_done: 0,
      progress_total: 0,
      ...(to.reading ? { reading: JSON.stringify(to.reading) } : {}),
      ...(to.options ? { options: JSON.stringify(to.options) } : {}),
    })
    .where('id', '=', runId)
    .where('state', 'in', from)
    .executeTakeFirst()
  return moved.numUpdatedRows > 0n
}

export const writePreview = (
  db: Db | Tx,
  runId: string,
  found: { preview: Preview; problems: Problem[]; remarks: Problem[]; because?: string | null },
) =>
  db
    .updateTable('import_run')
    .set({
      state: 'checked',
      because: found.because ?? null,
      preview: JSON.stringify(found.preview),
      problems: JSON.stringify(found.problems),
      remarks: JSON.stringify(found.remarks),
      progress_done: found.preview.rowCount,
      progress_total: found.preview.rowCount,
    })
    .where('id', '=', runId)
    .execute()

/** Ends a run. What the file said is taken out: counts, hash and remarks about codes are enough to remember it by. */
export const endRun = (
  db: Db | Tx,
  runId: string,
  end: { state: 'done' | 'cancelled' | 'failed'; because?: string; at: Date; preview?: Preview },
  from: readonly ImportState[] = importStates,
) =>
  sql`update import_run set state = ${end.state}, because = ${end.because ?? null}, finished_at = ${end.at}, cancel_asked = false,
             problems = '[]', remarks = '[]',
             preview = coalesce(${end.preview ? JSON.stringify(end.preview) : null}::jsonb, preview) || '{"rows": []}'
       where id = ${runId} and state = any(${from as ImportState[]})`.execute(db)

/** The holder itself knows better why it failed than whoever found it silent. */
export const correctCause = (db: Db | Tx, runId: string, because: string) =>
  sql`update import_run set because = ${because} where id = ${runId} and state = 'failed' and because = 'serverStopped'`.execute(
    db,
  )

/** Tells progress and hears whether somebody asked to stop. */
export async function tellProgress(db: Db, runId: string, done: number, total: number): Promise<{ cancel: boolean }> {
  const row = await db
    .updateTable('import_run')
    .set({ progress_done: done, progress_total: total })
    .where('id', '=', runId)
    .returning('cancel_asked')
    .executeTakeFirst()
  return { cancel: row?.cancel_asked ?? true }
}
export const askCancel = (db: Db | Tx, runId: string) =>
  db.updateTable('import_run').set({ cancel_asked: true }).where('id', '=', runId).execute()

export const runningIds = async (db: Db | Tx): Promise<string[]> =>
  (await db.selectFrom('import_run').select('id').where('state', 'in', ['checking', 'applying']).execute()).map(
    ({ id }) => id,
  )
/** Runs whose uploaded file has waited since before then. */
export const waitingSince = (db: Db | Tx, before: Date) =>
  db
    .selectFrom('import_run')
    .select(['id', 'file_id'])
    .where('file_id', 'is not', null)
    .where('state', 'in', ['uploaded', 'checked', 'failed'])
    .where('created_at', '<', before)
    .execute()
/** Is a stored file still needed by a run that may yet be read again? */
export const fileIsNeeded = async (db: Db | Tx, fileId: string, exceptRunId: string): Promise<boolean> =>
  (await db
    .selectFrom('import_run')
    .select('id')
    .where('file_id', '=', fileId)
    .where('id', '!=', exceptRunId)
    .executeTakeFirst()) !== undefined
export const forgetFile = (db: Db | Tx, runId: string) =>
  db.updateTable('import_run').set({ file_id: null }).where('id', '=', runId).execute()

/** The lock a process holds while it works on a run: whoever can take it knows that nobody works on it. */
export const lockRun = async (tx: Tx, runId: string): Promise<boolean> => tryLock(tx, `import-run:${runId}`)
/** One import at a time into one register (or whatever the kind locks). */
export const lockTarget = async (tx: Tx, target: string): Promise<boolean> => tryLock(tx, `import-into:${target}`)
async function tryLock(tx: Tx, name: string) {
  // Advisory locks are per database; the schema keeps two installations (or two tests) in one database apart.
  const { rows } = await sql<{ got: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(current_schema() || ':' || ${name}, 0)) as got`.execute(tx)
  return rows[0]!.got
}

export const asRun = (row: RunRow): Run => ({
  runId: row.id as Run['runId'],
  kind: row.kind,
  fileName: row.file_name,
  sha256: row.sha256,
  bytes: Number(row.bytes),
  options: row.options,
  reading: row.reading,
  state: row.state,
  ...(row.because ? { because: row.because } : {}),
  ...(row.preview ? { preview: row.preview } : {}),
  progress: { done: row.progress_done, total: row.progress_total },
  by: row.by_actor,
  createdAt: row.created_at.toISOString(),
  ...(row.finished_at ? { finishedAt: row.finished_at.toISOString() } : {}),
})
export const isOf = (row: RunRow, actor: Actor) => row.by_actor === actor.name
