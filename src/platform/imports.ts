// Said over the wire about files people bring: from upload through preview to done.
import { z } from 'zod'
import { changeOperation, fileOperation, id, moment, Page, paged, readOperation, text, words } from './contract.ts'

/** Read and answered alike, so it is tidied in place and not transformed. */
const typed = (limit: number) => z.string().normalize('NFC').trim().max(limit)

/** `uploaded` waits for its check; `checked` waits for a person; the last three are ends. Nothing is written before `done`. */
export const importStates = ['uploaded', 'checking', 'checked', 'applying', 'done', 'cancelled', 'failed'] as const
export const ImportState = z.enum(importStates)
export type ImportState = z.infer<typeof ImportState>

/** Which import it is and what it goes into: the register, the unit it hangs under, a campaign, a conference, chosen levels. */
export const ImportOptions = z.record(
  z.string().max(40),
  z.union([z.boolean(), typed(300), z.record(z.string().max(200), typed(200))]),
)
export type ImportOptions = z.infer<typeof ImportOptions>

/** What the person chose instead of what was found in the file. */
export const Reading = z.object({
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1258', 'tcvn3', 'vni']).optional(),
  delimiter: z.enum([',', ';', '\t']).optional(),
  sheet: typed(60).optional(),
})
export type Reading = z.infer<typeof Reading>

const Params = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
/** What is wrong with a line: a word whose sentence is in `importWords`, filled with `params`. */
export const Problem = z.object({
  line: z.int(),
  column: z.string().optional(),
  value: z.string().optional(),
  word: z.string(),
  params: Params.optional(),
  /** A value that would do instead. */
  suggestion: z.string().optional(),
})
export type Problem = z.infer<typeof Problem>

/** Of the rows in the file, and of what is known but not in the file (`missing`: it stays as it is). */
export const Summary = z.object({ added: z.int(), changed: z.int(), unchanged: z.int(), missing: z.int() })
export type Summary = z.infer<typeof Summary>

export const Preview = z.object({
  format: z.enum(['csv', 'xlsx']).optional(),
  encoding: z.string().optional(),
  delimiter: z.string().optional(),
  sheet: z.string().optional(),
  sheets: z.array(z.string()).optional(),
  headerLine: z.int().optional(),
  columns: z
    .object({
      matched: z.array(z.object({ key: z.string(), header: z.string() })),
      unknown: z.array(z.string()),
      missing: z.array(z.string()),
    })
    .optional(),
  /** The first rows as they were understood. */
  rows: z.array(z.object({ line: z.int(), cells: z.record(z.string(), z.string()) })),
  rowCount: z.int(),
  /** The file as a whole cannot be read: a word of the table reader. */
  refused: z.object({ word: z.string(), params: Params }).optional(),
  summary: Summary.optional(),
  problemCount: z.int(),
  remarkCount: z.int(),
  /** What the kind asks of the person before it can go on, such as words for levels it does not know. */
  asks: z.record(z.string(), z.unknown()).optional(),
})
export type Preview = z.infer<typeof Preview>

export const Run = z.object({
  runId: id<'ImportRun'>(),
  kind: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  options: ImportOptions,
  reading: Reading,
  state: ImportState,
  /** Why it failed or was sent back: a word of `importWords`. */
  because: z.string().optional(),
  preview: Preview.optional(),
  progress: z.object({ done: z.int(), total: z.int() }),
  by: z.string(),
  createdAt: moment(),
  finishedAt: moment().optional(),
})
export type Run = z.infer<typeof Run>

const runId = z.object({ runId: id<'ImportRun'>() })

/**
 * The upload itself is `POST /api/imports/upload`, multipart: the fields `kind` and `options` (JSON) first, then `file`.
 * It answers `{ runId }` or a refusal of `create`.
 */
export const uploadPath = '/api/imports/upload'
export const uploadLimitBytes = 60_000_000
export const create = changeOperation({
  name: 'imports.create',
  input: z.object({
    kind: words(40),
    options: ImportOptions,
    fileName: words(200),
    fileId: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().min(0),
  }),
  output: runId,
  refusals: ['unknownKind', 'badOptions', 'tooManyOpen', 'fileTooBig', 'noFile'],
})
export const run = readOperation({ name: 'imports.run', input: runId, output: Run })
export const runs = readOperation({
  name: 'imports.runs',
  input: Page.extend({ kind: text(40).optional() }),
  output: paged(Run.omit({ preview: true }).extend({ summary: Summary.optional() })),
})
/** What blocks (`problems`) or is only worth knowing (`remarks`), in the order of lines; kept up to 2,000 each. */
export const problems = readOperation({
  name: 'imports.problems',
  input: Page.extend({ ...runId.shape, which: z.enum(['problems', 'remarks']).default('problems') }),
  output: paged(Problem),
})
/** Reads the same file again, in another encoding or with other choices. */
export const recheck = changeOperation({
  name: 'imports.recheck',
  input: runId.extend({ reading: Reading.optional(), options: ImportOptions.optional() }),
  output: Run,
  refusals: ['notNow', 'badOptions'],
})
/** The one act that writes. The file is checked once more in the same transaction. */
export const confirm = changeOperation({
  name: 'imports.confirm',
  input: runId,
  output: Run,
  refusals: ['notNow', 'hasProblems'],
})
/** Stops a check or an import between two rows; whatever was begun is rolled back. */
export const cancel = changeOperation({ name: 'imports.cancel', input: runId, output: Run, refusals: ['notNow'] })
/** An empty form with the right headers. */
export const form = fileOperation({
  name: 'imports.form',
  input: z.object({ kind: words(40) }),
  refusals: ['unknownKind'],
})
