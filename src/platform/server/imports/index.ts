// The door to imports: the operations on runs, the upload, and `runImport` for the command line.
import path from 'node:path'
import type { MultipartFile, MultipartValue } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { newId } from '../../../kernel/id.ts'
import type { ImportOptions, Run } from '../../imports.ts'
import * as contract from '../../imports.ts'
import { type Actor, holds, type PolicyFor, signedIn } from '../../rights.ts'
import type { Desk } from '../desk.ts'
import { FileTooBig, storeFile } from '../files.ts'
import type { ActorOf } from '../http.ts'
import { type AnyServed, answer, type Call, perform, Refused, refuse } from '../operate.ts'
import { writeXlsx } from '../spreadsheet/index.ts'
import type { AnyImportKind } from './kind.ts'
import { allowed, applyRun, checkRun, dropFile, failInterrupted, fileOf, NotNow, Stopped, type Work } from './run.ts'
import * as store from './store.ts'

export type { AnyImportKind, ApplyContext, CheckContext, Checked, Finding, ImportKind } from './kind.ts'
export { importKind, isBad } from './kind.ts'
export type { ImportOutcome, OnProgress, Progress } from './run.ts'
export { failInterrupted, runImport } from './run.ts'

const maxOpenRuns = 20
/** Checks wait for a place; a confirmation is told at once that there is none. */
const maxChecksAtOnce = 2
const maxAtOnce = 4
const keptDays = 7

/** Any signed-in person may have runs; whose they are, and what a kind allows, is judged on each. */
export const importPolicy = {
  create: signedIn,
  run: signedIn,
  runs: signedIn,
  problems: signedIn,
  recheck: signedIn,
  confirm: signedIn,
  cancel: signedIn,
  form: signedIn,
} satisfies PolicyFor<typeof contract>

export const importFolder = (desk: Pick<Desk, 'dataDir'>) => path.join(desk.dataDir, 'files', 'imports')

export type Imports = {
  operations: readonly AnyServed[]
  /** Registers `POST /api/imports/upload`. */
  uploadRoute: (app: FastifyInstance, actorOf: ActorOf) => void
  /** At the start of a process: runs that a killed process left behind are told as failed, old files taken away. */
  recover: (now: Date) => Promise<{ failed: number; expired: number }>
  /** Asks what is running here to stop, and waits for it. */
  close: () => Promise<void>
}

/**
 * Imports of these kinds, worked on in this process.
 *
 * @param onFault hears of our own faults in a check or an import; the run itself only says «fault»
 */
export function openImports(
  desk: Desk,
  kinds: readonly AnyImportKind[],
  { onFault = (error: unknown) => console.error(error instanceof Error ? error.stack : error) } = {},
): Imports {
  const atWork = startWork(desk, kinds, onFault)
  const operations = serveRuns(desk, kinds, atWork)
  return {
    operations,
    uploadRoute: (app, actorOf) => uploadRoute(app, actorOf, desk, kinds, createOf(kinds, atWork)),
    recover: async (now) => ({ failed: await failInterrupted(desk.db, now), expired: await expireRuns(desk, now) }),
    close: atWork.close,
  }
}

// --- work in this process --------------------------------------------------------------------------------------------

type AtWork = {
  /** This very process works on it: it has a holder, also between its transaction and its last word. */
  holds: (runId: string) => boolean
  /** Checks in its turn; harmless when the run is already being checked. */
  check: (row: Pick<store.RunRow, 'id'>, actor: Actor) => void
  /** Begins at once and answers when the run reads «applying»; refuses when too much is going on. */
  apply: (row: store.RunRow, actor: Actor) => Promise<void>
  close: () => Promise<void>
}

function startWork(desk: Desk, kinds: readonly AnyImportKind[], onFault: (error: unknown) => void): AtWork {
  const { db } = desk
  const folder = importFolder(desk)
  const running = new Map<string, Promise<void>>()
  const waiting: { runId: string; actor: Actor }[] = []
  let closed = false

  const perhapsNext = () => {
    const next = running.size < maxChecksAtOnce && !closed ? waiting.shift() : undefined
    if (next) begin(next.runId, () => checkOne(next.runId, next.actor))
  }
  const begin = (runId: string, work: () => Promise<void>) => {
    running.set(
      runId,
      work()
        .catch((error) => {
          const expected = error instanceof NotNow || error instanceof Stopped || error instanceof Refused
          if (!expected) onFault(error)
        })
        .finally(() => {
          running.delete(runId)
          perhapsNext()
        }),
    )
  }
  const workOn = async (runId: string, actor: Actor): Promise<{ work: Work; row: store.RunRow } | undefined> => {
    const row = await store.findRun(db, runId)
    const kind = kinds.find((one) => one.kind === row?.kind)
    if (!row || !kind) return undefined
    const file = await fileOf(folder, row)
    const now = new Date()
    if (!file) {
      await store.endRun(db, runId, { state: 'failed', because: 'fileGone', at: now })
      return undefined
    }
    return {
      row,
      work: { db, kind, runId, actor, now, options: kind.options.parse(row.options), file, serverStops: () => closed },
    }
  }
  const checkOne = async (runId: string, actor: Actor) => {
    const found = await workOn(runId, actor)
    if (!found) return
    await checkRun(found.work).catch((error) => cancelled(found.row, error))
  }
  const applyOne = async (runId: string, actor: Actor, onStart: () => void) => {
    const found = await workOn(runId, actor)
    const expected = found?.row.preview?.summary
    if (found?.row.state !== 'checked' || !expected) throw new NotNow()
    const { applied } = await applyRun({ ...found.work, onStart }, expected).catch((error) =>
      cancelled(found.row, error),
    )
    if (applied) await dropFile(db, folder, found.row)
  }
  /** A cancelled run needs its file no more; one that failed may be checked again. */
  const cancelled = async (row: store.RunRow, error: unknown): Promise<never> => {
    if (error instanceof Stopped && !closed) await dropFile(db, folder, row)
    throw error
  }
  return {
    holds: (runId) => running.has(runId),
    check(row, actor) {
      if (running.has(row.id) || waiting.some(({ runId }) => runId === row.id)) return
      waiting.push({ runId: row.id, actor })
      perhapsNext()
    },
    apply(row, actor) {
      if (closed || running.size >= maxAtOnce) throw new Refused('busy')
      return new Promise<void>((started, failed) =>
        begin(row.id, async () => {
          const work = applyOne(row.id, actor, started)
          // Before it started, the failure is also the answer to the person who confirmed.
          work.catch(failed)
          await work
        }),
      )
    },
    async close() {
      closed = true
      for (const runId of running.keys()) await store.askCancel(db, runId)
      await Promise.all(running.values())
    },
  }
}

// --- the operations --------------------------------------------------------------------------------------------------

const seesAll = (actor: Actor) => holds(actor, ['administrator'], undefined)

/** The run, if it is the actor's own or she is an administrator; others learn nothing of it. */
async function ownRun({ db, actor, input }: Pick<Call<{ runId: string }>, 'db' | 'actor' | 'input'>) {
  const row = await store.findRun(db, input.runId)
  if (!row) throw new Refused('notFound')
  if (!store.isOf(row, actor) && !seesAll(actor)) throw new Refused('notYours')
  return row
}

const createOf = (kinds: readonly AnyImportKind[], atWork: AtWork) =>
  answer(contract.create, importPolicy.create, async ({ db, desk, actor, now, input, after, note }) => {
    await allowed({ db, places: desk.places }, kinds, { ...input, actor })
    if ((await store.countOpen(db, actor.name)) >= maxOpenRuns)
      refuse(contract.create, 'tooManyOpen', { limit: maxOpenRuns })
    const id = newId(now)
    await store.insertRun(db, {
      id,
      kind: input.kind,
      file_name: input.fileName,
      file_id: input.fileId,
      sha256: input.fileId,
      bytes: input.bytes,
      options: input.options,
      reading: {},
      state: 'uploaded',
      created_at: now,
      by_actor: actor.name,
      by_user_id: actor.userId ?? null,
    })
    note({ runId: id, sha256: input.fileId })
    after(() => atWork.check({ id }, actor))
    return { runId: id as Run['runId'] }
  })

function serveRuns(desk: Desk, kinds: readonly AnyImportKind[], atWork: AtWork): AnyServed[] {
  const folder = importFolder(desk)
  const now = async (call: Pick<Call<{ runId: string }>, 'db' | 'actor' | 'input'>) => store.asRun(await ownRun(call))
  return [
    answer(contract.run, importPolicy.run, async (call) => {
      const row = await ownRun(call)
      const working = row.state === 'checking' || row.state === 'applying'
      if (working && !atWork.holds(row.id)) await failInterrupted(desk.db, call.now, row.id)
      // Its process may have been killed before the check began: whoever looks sets it going again.
      if (row.state === 'uploaded') atWork.check(row, call.actor)
      return now(call)
    }),
    answer(contract.runs, importPolicy.runs, async ({ db, actor, input }) => {
      const { rows, total } = await store.listRuns(db, {
        ...input,
        kind: input.kind,
        by: seesAll(actor) ? undefined : actor.name,
      })
      return { rows: rows.map(withoutPreview), total, page: input.page, size: input.size }
    }),
    answer(contract.problems, importPolicy.problems, async (call) => {
      await ownRun(call)
      return { ...(await store.findingsPage(call.db, call.input)), page: call.input.page, size: call.input.size }
    }),
    answer(contract.recheck, importPolicy.recheck, async (call) => {
      const { db, actor, input, after } = call
      const row = await ownRun(call)
      const options = input.options ?? row.options
      await allowed({ db, places: desk.places }, kinds, { kind: row.kind, options, actor })
      const reading = input.reading ?? row.reading
      const moved =
        row.file_id && (await store.moveRun(db, row.id, ['checked', 'failed'], { state: 'uploaded', reading, options }))
      if (!moved) refuse(contract.recheck, 'notNow', { state: row.state })
      after(() => atWork.check(row, actor))
      return now(call)
    }),
    answer(contract.confirm, importPolicy.confirm, async (call) => {
      const row = await ownRun(call)
      await allowed({ db: call.db, places: desk.places }, kinds, {
        kind: row.kind,
        options: row.options,
        actor: call.actor,
      })
      if (row.state !== 'checked') refuse(contract.confirm, 'notNow', { state: row.state })
      if (!row.preview?.summary || row.preview.problemCount > 0) refuse(contract.confirm, 'hasProblems')
      await atWork.apply(row, call.actor).catch((error) => {
        if (error instanceof NotNow) refuse(contract.confirm, 'notNow')
        throw error
      })
      call.note({ kind: row.kind, sha256: row.sha256 })
      return now(call)
    }),
    answer(contract.cancel, importPolicy.cancel, async (call) => {
      const { db, after } = call
      const row = await ownRun(call)
      if (row.state === 'checking' || row.state === 'applying') {
        await store.askCancel(db, row.id)
        return now(call)
      }
      if (row.state === 'done' || row.state === 'cancelled') refuse(contract.cancel, 'notNow', { state: row.state })
      await store.endRun(db, row.id, { state: 'cancelled', at: call.now })
      after(() => void dropFile(desk.db, folder, row).catch(() => {}))
      return now(call)
    }),
    answer(contract.form, importPolicy.form, async ({ input }) => {
      const kind = kinds.find((one) => one.kind === input.kind)
      if (!kind) refuse(contract.form, 'unknownKind')
      return emptyForm(kind)
    }),
  ]
}
function withoutPreview(row: store.RunRow) {
  const { preview, ...run } = store.asRun(row)
  return preview?.summary ? { ...run, summary: preview.summary } : run
}

async function emptyForm(kind: AnyImportKind) {
  const { PassThrough } = await import('node:stream')
  const body = new PassThrough()
  const columns = kind.columns.map(({ header }) => ({ header }))
  writeXlsx(body, { sheets: [{ name: kind.kind, columns, rows: [] }] }).catch((error) => body.destroy(error))
  return {
    name: `mau-${kind.kind}.xlsx`,
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    body,
  }
}

/** Files nobody confirmed within a week are taken away with what was found in them. */
async function expireRuns(desk: Desk, now: Date): Promise<number> {
  const old = await store.waitingSince(desk.db, new Date(now.getTime() - keptDays * 86_400_000))
  for (const run of old) {
    await store.endRun(desk.db, run.id, { state: 'cancelled', because: 'expired', at: now })
    await dropFile(desk.db, importFolder(desk), run)
  }
  return old.length
}

// --- the upload ------------------------------------------------------------------------------------------------------

function uploadRoute(
  app: FastifyInstance,
  actorOf: ActorOf,
  desk: Desk,
  kinds: readonly AnyImportKind[],
  create: ReturnType<typeof createOf>,
) {
  app.post(
    contract.uploadPath,
    {
      schema: { operationId: 'imports.upload', consumes: ['multipart/form-data'], hide: true },
      bodyLimit: 2 * contract.uploadLimitBytes,
    },
    async (request) => {
      const actor = await actorOf(request)
      const now = new Date()
      const file = await fileIn(request)
      const { kind, options } = fieldsOf(file)
      // The right is judged before 60 MB are taken in.
      await allowed(desk, kinds, { kind, options, actor })
      const { fileId, bytes } = await storeFile(importFolder(desk), file.file, {
        limitBytes: contract.uploadLimitBytes,
      }).catch((error) => {
        if (error instanceof FileTooBig) refuse(contract.create, 'fileTooBig', { limitBytes: error.limitBytes })
        throw error
      })
      if (file.file.truncated) refuse(contract.create, 'fileTooBig', { limitBytes: contract.uploadLimitBytes })
      const fileName = path.basename(file.filename.normalize('NFC')).slice(-200) || 'tep'
      try {
        return await perform(desk, create, { actor, now, input: { kind, options, fileName, fileId, bytes } })
      } catch (error) {
        await dropFile(desk.db, importFolder(desk), { id: newId(now), file_id: fileId })
        throw error
      }
    },
  )
}
async function fileIn(request: FastifyRequest): Promise<MultipartFile> {
  const file = request.isMultipart() ? await request.file() : undefined
  return file ?? refuse(contract.create, 'noFile')
}
function fieldsOf(file: MultipartFile): { kind: string; options: ImportOptions } {
  const value = (name: string) => {
    const field = file.fields[name]
    return field && !Array.isArray(field) && field.type === 'field' ? String((field as MultipartValue).value) : ''
  }
  try {
    return { kind: value('kind'), options: contract.ImportOptions.parse(JSON.parse(value('options') || '{}')) }
  } catch {
    return refuse(contract.create, 'badOptions')
  }
}
