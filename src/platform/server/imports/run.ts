// One file, from bytes to done. Checking and applying hold a transaction of their own; progress is told beside it.

import { createHash } from 'node:crypto'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { newId } from '../../../kernel/id.ts'
import type { ImportOptions, ImportState, Preview, Problem, Reading, Summary } from '../../imports.ts'
import type { Actor } from '../../rights.ts'
import { judge } from '../../rights.ts'
import type { Db, Tx } from '../db.ts'
import { type Desk, placeAt } from '../desk.ts'
import { readStoredFile, removeFile } from '../files.ts'
import { Refused } from '../operate.ts'
import { recordChange } from '../record.ts'
import { readBrought } from '../spreadsheet/index.ts'
import { type Examined, examine, type FileToRead, sameSummary } from './check.ts'
import type { AnyImportKind } from './kind.ts'
import * as store from './store.ts'

export type Progress = { phase: 'checking' | 'applying'; done: number; total: number }
export type OnProgress = (progress: Progress) => void
/** Somebody asked to stop; the transaction around it rolls back. */
export class Stopped extends Error {}

const tellEveryMs = 300
const turnEveryMs = 20

/** Progress at most three times a second to the database, a turn for others every 20 ms. */
function teller(say: (done: number, total: number) => Promise<void>) {
  let saidAt = 0
  let turnedAt = Date.now()
  return async (done: number, total = 0) => {
    const now = Date.now()
    if (now - turnedAt > turnEveryMs) {
      await turn()
      turnedAt = Date.now()
    }
    if (now - saidAt < tellEveryMs) return
    saidAt = now
    await say(done, total)
  }
}

/** The run is not where this act finds it: another click or another process was first. */
export class NotNow extends Error {}

export type Work = {
  db: Db
  kind: AnyImportKind
  runId: string
  actor: Actor
  now: Date
  options: unknown
  file: FileToRead
  onProgress?: OnProgress | undefined
  /** Called once the run is held and its new state can be read by others. */
  onStart?: (() => void) | undefined
  /** Stopping because the process ends, not because somebody asked. */
  serverStops?: (() => boolean) | undefined
}

/** `part` of the whole bar: a file that is applied is first read once more. */
const tellOf = ({ db, runId, onProgress }: Work, phase: Progress['phase'], part?: { from: number; to: number }) =>
  teller(async (done, total) => {
    onProgress?.({ phase, done, total })
    const bar = part ? { done: onBar(part, done, total), total: barLength } : { done, total }
    if ((await store.tellProgress(db, runId, bar.done, bar.total)).cancel) throw new Stopped()
  })
const barLength = 1_000
const onBar = ({ from, to }: { from: number; to: number }, done: number, total: number) =>
  Math.round(from + (total > 0 ? Math.min(1, done / total) : 0) * (to - from))
const readingAgain = { from: 0, to: 500 }
const writing = { from: 500, to: barLength }

/** Looks and writes nothing but the preview. */
export async function checkRun(work: Work): Promise<Examined> {
  const { db, runId } = work
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) =>
      held(tx, work, 'uploaded', 'checking', async () => {
        const found = await examine(work.kind, { ...work, db: tx, tell: tellOf(work, 'checking') }, work.file)
        await store.writePreview(db, runId, found)
        return found
      }),
    )
}

export type Applied =
  | { applied: true; summary: Summary; preview: Preview; remarks: Problem[] }
  | { applied: false; found: Examined; because: 'changedMeanwhile' | 'anotherImport' | 'hasProblems' }

/**
 * Checks once more and writes, all or nothing. `expected` is the summary a person saw and agreed to; when the data has
 * moved since, nothing is written and the new preview is kept. Without it (command line) no problems means agreed.
 */
export async function applyRun(work: Work, expected?: Summary): Promise<Applied> {
  const { db, runId, kind } = work
  return db.transaction().execute((tx) =>
    held(tx, work, expected ? 'checked' : 'uploaded', 'applying', async (): Promise<Applied> => {
      const alone = await store.lockTarget(tx, kind.lock(work.options))
      const found = await examine(kind, { ...work, db: tx, tell: tellOf(work, 'checking', readingAgain) }, work.file)
      const { summary } = found.preview
      const because = !alone
        ? 'anotherImport'
        : found.preview.problemCount > 0 || !found.plan || !summary
          ? 'hasProblems'
          : expected && !sameSummary(expected, summary)
            ? 'changedMeanwhile'
            : undefined
      if (because || !found.plan || !summary) {
        await store.writePreview(db, runId, { ...found, because: because === 'hasProblems' ? null : because! })
        return { applied: false, found, because: because! }
      }
      await kind.apply(tx, found.plan.value, { ...work, tell: tellOf(work, 'applying', writing) })
      await recordChange(tx, {
        actor: work.actor,
        operation: 'imports.apply',
        about: aboutRun(work, summary),
        at: work.now,
      })
      await store.endRun(tx, runId, { state: 'done', at: work.now, preview: found.preview })
      return { applied: true, summary, preview: found.preview, remarks: found.remarks }
    }),
  )
}
const aboutRun = ({ runId, kind }: Work, summary: Summary) => ({ runId, kind: kind.kind, ...summary })

/**
 * Works on a run under its lock. The lock is taken before the state is told and the state is told on before the lock is
 * let go, both beside the transaction: so «checking» or «applying» without a holder always means a process that died.
 */
async function held<Out>(
  tx: Tx,
  run: Work,
  from: ImportState,
  to: ImportState,
  work: () => Promise<Out>,
): Promise<Out> {
  const { db, runId, onStart } = run
  if (!(await store.lockRun(tx, runId))) throw new NotNow()
  if (!(await store.moveRun(db, runId, [from], { state: to }))) throw new NotNow()
  onStart?.()
  try {
    return await work()
  } catch (error) {
    await endBadly(run, error)
    throw error
  }
}

/** How a run that threw is remembered. The database may be away itself: then whoever looks finds it without a holder. */
async function endBadly({ db, runId, serverStops }: Work, error: unknown) {
  const because = !(error instanceof Stopped)
    ? isDatabaseAway(error)
      ? 'databaseAway'
      : 'fault'
    : serverStops?.()
      ? 'serverStopped'
      : undefined
  const end = because ? ({ state: 'failed', because } as const) : ({ state: 'cancelled' } as const)
  // Only if it is still as we left it: somebody may have found it without a holder and begun again.
  await store.endRun(db, runId, { ...end, at: new Date() }, ['checking', 'applying']).catch(() => {})
  // Another process may have looked in the moment between our rollback and this word, and thought us dead.
  if (because) await store.correctCause(db, runId, because).catch(() => {})
}
const isDatabaseAway = (error: unknown) =>
  error instanceof Error &&
  /^(57P0|08|ECONNREFUSED|ECONNRESET|EPIPE)|Connection terminated/.test(
    `${(error as { code?: string }).code ?? ''}${error.message}`,
  )

// --- for the command line: one call, from a file to its end ---------------------------------------------------------

export type ImportOutcome = {
  runId: string
  applied: boolean
  preview: Preview
  summary?: Summary
  problems: Problem[]
  remarks: Problem[]
}

/**
 * Imports a file in one go. With `check` it only looks; without it, no problems means confirmed.
 *
 * @param desk its database, and the places that rights are judged at
 * @throws Refused `unknownKind`, `badOptions`, `notYours`, `anotherImport` (into the same register, just now)
 */
export async function runImport(
  desk: Pick<Desk, 'db' | 'places'>,
  kinds: readonly AnyImportKind[],
  request: {
    kind: string
    file: { path: string } | { bytes: Buffer; fileName: string }
    options: ImportOptions
    reading?: Reading
    check?: boolean
    actor: Actor
    now: Date
  },
  onProgress?: OnProgress,
): Promise<ImportOutcome> {
  const { db } = desk
  const { actor, now, check = false, reading = {} } = request
  const { kind, options } = await allowed(desk, kinds, request)
  const file = await brought(request.file)
  const runId = newId(now)
  await store.insertRun(db, {
    id: runId,
    kind: kind.kind,
    file_name: file.fileName,
    file_id: null,
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
    bytes: file.bytes.length,
    options: request.options,
    reading,
    state: 'uploaded',
    created_at: now,
    by_actor: actor.name,
    by_user_id: actor.userId ?? null,
  })
  const work = { db, kind, runId, actor, now, options, file: { ...file, reading }, onProgress }
  const outcome = check ? undefined : await applyRun(work)
  if (outcome?.applied) return { runId, problems: [], ...outcome }
  const { preview, problems, remarks } = outcome ? outcome.found : await checkRun(work)
  // Nobody will come back to a run of the command line: it is over.
  await store.endRun(db, runId, { state: 'cancelled', at: now })
  if (outcome?.because === 'anotherImport') throw new Refused('anotherImport')
  const summary = preview.summary ? { summary: preview.summary } : {}
  return { runId, applied: false, preview, problems, remarks, ...summary }
}

const brought = async (file: { path: string } | { bytes: Buffer; fileName: string }) =>
  'path' in file ? { bytes: await readBrought(file.path), fileName: path.basename(file.path) } : file

/** Finds the kind, parses its options, judges the right; refuses in the words of `imports.create`. */
export async function allowed(
  desk: Pick<Desk, 'db' | 'places'>,
  kinds: readonly AnyImportKind[],
  { kind: name, options: given, actor }: { kind: string; options: ImportOptions; actor: Actor },
): Promise<{ kind: AnyImportKind; options: unknown }> {
  const kind = kinds.find((one) => one.kind === name)
  if (!kind) throw new Refused('unknownKind', { kinds: kinds.map((one) => one.kind) })
  const parsed = kind.options.safeParse(given)
  if (!parsed.success)
    throw new Refused('badOptions', {
      issues: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    })
  const verdict = await judge(actor, kind.needs, parsed.data, placeAt(desk, desk.db))
  if (verdict !== 'yes') throw new Refused(verdict)
  return { kind, options: parsed.data }
}

/**
 * Runs that say they are at work but nobody holds: their process was killed, and their transaction with it.
 * Called when a process starts, and for a run that somebody looks at. Answers how many there were.
 */
export async function failInterrupted(db: Db, now: Date, only?: string): Promise<number> {
  let failed = 0
  for (const runId of only ? [only] : await store.runningIds(db)) {
    failed += await db.transaction().execute(async (tx) => {
      if (!(await store.lockRun(tx, runId))) return 0
      const row = await store.findRun(tx, runId)
      if (!row || (row.state !== 'checking' && row.state !== 'applying')) return 0
      await store.endRun(tx, runId, { state: 'failed', because: 'serverStopped', at: now })
      return 1
    })
  }
  return failed
}

/** Takes the uploaded bytes away once no run needs them. */
export async function dropFile(db: Db, folder: string, run: { id: string; file_id: string | null }) {
  if (!run.file_id) return
  await store.forgetFile(db, run.id)
  if (!(await store.fileIsNeeded(db, run.file_id, run.id))) await removeFile(folder, run.file_id)
}

export const fileOf = async (folder: string, row: store.RunRow): Promise<FileToRead | undefined> => {
  const bytes = row.file_id ? await readStoredFile(folder, row.file_id) : undefined
  return bytes && { bytes, fileName: row.file_name, reading: row.reading }
}
