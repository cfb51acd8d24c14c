// What a feature gives so that its files can be imported. The run around it is the platform's.
import type { z } from 'zod'
import type { ImportOptions, Problem, Summary } from '../../imports.ts'
import type { ImportWord } from '../../importWords.ts'
import type { Actor, Needs } from '../../rights.ts'
import type { Db, Tx } from '../db.ts'
import type { Column, Columns, Row } from '../spreadsheet/index.ts'

/** A problem in a word that has its sentence; `line` 0 speaks of the file as a whole. */
export type Finding = Omit<Problem, 'word' | 'params'> & {
  word: ImportWord
  params?: Record<string, string | number | string[]>
}

export type CheckContext<Options> = {
  /** For reading only. While a file is applied it is the transaction that will also write. */
  db: Db | Tx
  actor: Actor
  now: Date
  options: Options
  /** Which columns the file has: one it lacks changes nothing. */
  columns: Columns
  /**
   * Progress; reading rows already tells it by itself. Call it between slices of longer work: it lets others have
   * their turn, and it throws when the run was cancelled.
   */
  tell: (done: number, total?: number) => Promise<void>
}
export type ApplyContext<Options> = Omit<CheckContext<Options>, 'db' | 'columns'>

export type Checked<Plan> = {
  /** These block. Problems of single cells (formulas, dates, empty cells) are found by the run and not repeated here. */
  problems: Finding[]
  /** Worth knowing, and no hindrance: rows missing from the file, columns set aside, doubtful pairs. */
  remarks?: Finding[]
  summary: Summary
  /** Asked of the person before the file can go on, such as `{ levels: [{ word, count }] }`. */
  asks?: Record<string, unknown>
  /** What `apply` will write; not stored. */
  plan: Plan
}

/**
 * One kind of file. `check` reads every row and decides; `apply` writes the plan in one transaction. Both run in the
 * same transaction when a file is confirmed, so that a plan is never older than what it changes.
 */
export type ImportKind<Key extends string = string, Options = unknown, Plan = unknown> = {
  /** As in the command line: «don-vi». */
  kind: string
  options: z.ZodType<Options>
  columns: readonly Column<Key>[]
  /** Who may bring such a file, judged at the place its options name. */
  needs: Needs<Options>
  /** One import at a time holds this: usually the register. */
  lock: (options: Options) => string
  check: (context: CheckContext<Options>, rows: AsyncIterable<Row<Key>>) => Promise<Checked<Plan>>
  apply: (tx: Tx, plan: Plan, context: ApplyContext<Options>) => Promise<void>
}
/** Any kind, in a list. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds has no one type of plan
export type AnyImportKind = ImportKind<any, any, any>
/** Holds a kind's types together: `export const units = importKind({ … })`. */
export const importKind = <Key extends string, Options, Plan>(
  kind: ImportKind<Key, Options, Plan>,
): ImportKind<Key, Options, Plan> => kind

/** Does the row have a problem in this cell already? Then there is nothing to look up. */
export const isBad = <Key extends string>(row: Row<Key>, key: Key): boolean =>
  row.problems?.some((problem) => problem.key === key) ?? false

export type { ImportOptions }
