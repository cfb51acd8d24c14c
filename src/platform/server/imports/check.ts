import type { Preview, Problem, Reading, Summary } from '../../imports.ts'
import type { Actor } from '../../rights.ts'
import type { Db, Tx } from '../db.ts'
import { type RefusalDetail, type Row, readTable, type Table, TableRefused } from '../spreadsheet/index.ts'
import type { AnyImportKind, Checked, Finding } from './kind.ts'

const previewRows = 20
/** Beyond these a person mends the file and comes again. */
export const keptFindings = 2_000

export type FileToRead = { bytes: Buffer; fileName: string; reading: Reading }
export type Examined = {
  preview: Preview
  problems: Problem[]
  remarks: Problem[]
  /** Absent when the file was refused as a whole. */
  plan?: { value: unknown }
}
export type Tell = (done: number, total?: number) => Promise<void>

/** Reads a file once and asks its kind what it would change. Refusals of the file are part of the answer. */
export async function examine(
  kind: AnyImportKind,
  context: { db: Db | Tx; actor: Actor; now: Date; options: unknown; tell: Tell },
  file: FileToRead,
): Promise<Examined> {
  const seen: Seen = { rows: [], rowCount: 0, problems: [], problemCount: 0 }
  let table: Table | undefined
  try {
    table = await readTable(file.bytes, { fileName: file.fileName, expect: kind.columns, ...chosen(file.reading) })
    const { columns, rowsExpected } = table
    const rows = watched(table.rows, seen, (done) => context.tell(done, Math.max(rowsExpected ?? 0, done)))
    return gathered(table, seen, await kind.check({ ...context, columns }, rows))
  } catch (error) {
    if (error instanceof TableRefused) return refusedFile(error.because, error.detail, table, seen)
    throw error
  } finally {
    await table?.rows.return(undefined)
  }
}

const chosen = ({ encoding, delimiter, sheet }: Reading) => ({
  ...(encoding ? { encoding } : {}),
  ...(delimiter ? { delimiter } : {}),
  ...(sheet ? { sheet } : {}),
})

type Seen = { rows: Preview['rows']; rowCount: number; problems: Problem[]; problemCount: number }

/** Every row on its way to the kind: counted, its first ones kept for the preview, its bad cells noted. */
async function* watched(rows: AsyncIterable<Row>, seen: Seen, tell: (done: number) => Promise<void>) {
  for await (const row of rows) {
    seen.rowCount++
    if (seen.rows.length < previewRows) seen.rows.push({ line: row.line, cells: present(row.cells) })
    for (const { column, problem, value } of row.problems ?? []) {
      seen.problemCount++
      if (seen.problems.length < keptFindings) seen.problems.push({ line: row.line, column, value, word: problem })
    }
    yield row
    if (seen.rowCount % 200 === 0) await tell(seen.rowCount)
  }
}
const present = (cells: Row['cells']) =>
  Object.fromEntries(Object.entries(cells).filter((cell): cell is [string, string] => cell[1] !== undefined))

function gathered(table: Table, seen: Seen, checked: Checked<unknown>): Examined {
  const problems = [...seen.problems, ...checked.problems.slice(0, keptFindings)].sort(byLine).slice(0, keptFindings)
  const remarks = checked.remarks ?? []
  return {
    preview: {
      ...aboutTable(table),
      rows: seen.rows,
      rowCount: seen.rowCount,
      summary: checked.summary,
      problemCount: seen.problemCount + checked.problems.length,
      remarkCount: remarks.length,
      ...(checked.asks ? { asks: checked.asks } : {}),
    },
    problems,
    remarks: remarks.slice(0, keptFindings).sort(byLine),
    plan: { value: checked.plan },
  }
}
const byLine = (one: Finding | Problem, other: Finding | Problem) => one.line - other.line

const aboutTable = (table: Table): Partial<Preview> => ({
  format: table.format,
  headerLine: table.headerLine,
  columns: {
    matched: table.columns.matched.map(({ key, header }) => ({ key, header })),
    unknown: table.columns.unknown,
    missing: table.columns.missing,
  },
  ...(table.encoding ? { encoding: table.encoding } : {}),
  ...(table.delimiter ? { delimiter: table.delimiter } : {}),
  ...(table.sheet ? { sheet: table.sheet } : {}),
  ...(table.sheets ? { sheets: table.sheets } : {}),
})

/** A refusal is one problem of the whole file: line 0, or the line it happened on. */
function refusedFile(word: string, params: RefusalDetail, table: Table | undefined, seen: Seen): Examined {
  return {
    preview: {
      ...(table ? aboutTable(table) : {}),
      rows: seen.rows,
      rowCount: seen.rowCount,
      refused: { word, params },
      problemCount: 1,
      remarkCount: 0,
    },
    problems: [{ line: typeof params.line === 'number' ? params.line : 0, word, params }],
    remarks: [],
  }
}

export const sameSummary = (one: Summary | undefined, other: Summary | undefined) =>
  one !== undefined &&
  other !== undefined &&
  (['added', 'changed', 'unchanged', 'missing'] as const).every((name) => one[name] === other[name])
