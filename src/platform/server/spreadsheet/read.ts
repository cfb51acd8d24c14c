import { createReadStream } from 'node:fs'
import { type CellProblem, type RawRow, readCell } from './cells.ts'
import { csvRows, type Delimiter, findDelimiter } from './csv.ts'
import { decodeAll, type Encoding, findEncoding } from './encoding.ts'
import { type Column, type Columns, headerTest, matchHeader } from './header.ts'
import { defaultLimits, type Limits, TableRefused } from './refusals.ts'
import { openXlsx } from './xlsx.ts'

export type ReadOptions<Key extends string = string> = {
  /** For the reader's eye only: what a file is, its bytes tell. */
  fileName: string
  expect: readonly Column<Key>[]
  /** What the person chose instead of what was found. */
  encoding?: Encoding
  delimiter?: Delimiter
  sheet?: string
  limits?: Partial<Limits>
}
/**
 * One row as it was understood. `cells` holds every matched column, '' where nothing stands; a column the file
 * does not have is no key at all. A cell with a problem carries what stands in the file.
 */
export type Row<Key extends string = string> = {
  line: number
  cells: { [K in Key]?: string }
  problems?: { key: Key; column: string; problem: CellProblem; value: string }[]
}
export type Table<Key extends string = string> = {
  format: 'csv' | 'xlsx'
  /** CSV only. */
  encoding?: Encoding
  delimiter?: Delimiter
  /** XLSX only. */
  sheet?: string
  sheets?: string[]
  headerLine: number
  columns: Columns
  /** Once through, in the order of the file; empty lines are left out. May throw `TableRefused` midway. */
  rows: AsyncGenerator<Row<Key>>
  /** How many rows to expect, where it is cheap to know; for progress only. */
  rowsExpected?: number
}

const headerRows = 20

/**
 * Reads a table a person brought: CSV in whatever encoding, or XLSX. Finds out by content what it is, matches its
 * header with `expect`, and streams the rows.
 *
 * @param source a path (a pipe is read up to the limit) or the bytes
 * @throws TableRefused with a word of `tableRefusals`
 */
export async function readTable<Key extends string>(
  source: string | Buffer,
  options: ReadOptions<Key>,
): Promise<Table<Key>> {
  const limits = { ...defaultLimits, ...options.limits }
  const bytes =
    typeof source === 'string' ? await readBrought(source, Math.max(limits.csvBytes, limits.xlsxBytes)) : source
  if (bytes.length === 0) throw new TableRefused('emptyFile')
  const zipped = isZip(bytes)
  const limitBytes = zipped ? limits.xlsxBytes : limits.csvBytes
  if (bytes.length > limitBytes) throw new TableRefused('tooBig', { limitBytes })
  if (zipped) return readXlsx(bytes, options, limits)
  refuseOtherKinds(bytes)
  return readCsv(bytes, options, limits)
}

async function readCsv<Key extends string>(
  bytes: Buffer,
  options: ReadOptions<Key>,
  limits: Limits,
): Promise<Table<Key>> {
  const encoding = options.encoding ?? findEncoding(bytes)
  const head = decodeHead(bytes, encoding)
  const delimiter = options.delimiter ?? findDelimiter(head, headerTest(options.expect))
  const found = await findHeader(csvRows(bytes, encoding, delimiter, limits), options.expect)
  return {
    format: 'csv',
    encoding,
    delimiter,
    rowsExpected: countLines(bytes),
    ...tableOf(found, options.expect, limits),
  }
}

async function readXlsx<Key extends string>(
  bytes: Buffer,
  options: ReadOptions<Key>,
  limits: Limits,
): Promise<Table<Key>> {
  const book = await openXlsx(bytes, limits)
  const tried = options.sheet === undefined ? book.sheets.slice(0, 10) : [options.sheet]
  let first: unknown
  // A cover sheet often stands before the list: the first sheet with our header is the one.
  for (const sheet of tried) {
    try {
      const found = await findHeader(book.rows(sheet), options.expect)
      return { format: 'xlsx', sheet, sheets: book.sheets, ...tableOf(found, options.expect, limits) }
    } catch (error) {
      const onward = error instanceof TableRefused && (error.because === 'noHeader' || error.because === 'emptyFile')
      if (!onward) throw error
      first ??= error
    }
  }
  throw first
}

type Found = { header: RawRow; columns: Columns; before: RawRow[]; rest: AsyncGenerator<RawRow> }

async function findHeader(rows: AsyncGenerator<RawRow>, expect: readonly Column[]): Promise<Found> {
  const first: RawRow[] = []
  try {
    while (first.length < headerRows) {
      const next = await rows.next()
      if (next.done) break
      if (!isEmpty(next.value)) first.push(next.value)
    }
    if (first.length === 0) throw new TableRefused('emptyFile')
    const { at, columns } = matchHeader(first, expect)
    return { header: first[at]!, columns, before: first.slice(at + 1), rest: rows }
  } catch (error) {
    await rows.return(undefined)
    throw error
  }
}

const tableOf = <Key extends string>(found: Found, expect: readonly Column<Key>[], limits: Limits) => ({
  headerLine: found.header.line,
  columns: found.columns,
  rows: readRows(found, expect, limits),
})

async function* readRows<Key extends string>(
  { columns, before, rest }: Found,
  expect: readonly Column<Key>[],
  limits: Limits,
): AsyncGenerator<Row<Key>> {
  const read = expect.flatMap(({ key, kind = 'text', filled = false }) => {
    const matched = columns.matched.find((column) => column.key === key)
    return matched ? [{ key, kind, filled, at: matched.at, column: matched.header }] : []
  })
  let count = 0
  const asRow = (raw: RawRow): Row<Key> | undefined => {
    if (isEmpty(raw)) return undefined
    if (++count > limits.rows) throw new TableRefused('tooManyRows', { limit: limits.rows })
    const row: Row<Key> = { line: raw.line, cells: {} }
    for (const { key, column, at, kind, filled } of read) {
      const { value, problem = filled && value === '' ? 'emptyCell' : undefined } = readCell(
        raw.cells[at],
        kind,
        limits.cellChars,
      )
      row.cells[key] = value
      if (problem) row.problems = [...(row.problems ?? []), { key, column, problem, value }]
    }
    return row
  }
  try {
    for (const raw of before) {
      const row = asRow(raw)
      if (row) yield row
    }
    for await (const raw of rest) {
      const row = asRow(raw)
      if (row) yield row
    }
  } finally {
    await rest.return(undefined)
  }
}

const isEmpty = (row: RawRow) =>
  row.cells.every((cell) => cell === undefined || (typeof cell === 'string' && !cell.trim()))

function decodeHead(bytes: Buffer, encoding: Encoding): string {
  // Cut at a line's end so that no character is halved.
  const part = bytes.subarray(0, 64 * 1024)
  const end = bytes.length > part.length ? part.lastIndexOf('\n') : part.length
  return encoding.startsWith('utf-16')
    ? new TextDecoder(encoding).decode(part)
    : decodeAll(part.subarray(0, end > 0 ? end : part.length), encoding === 'utf-8' ? 'utf-8' : encoding)
}

function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++
  return lines
}

const isZip = (bytes: Buffer) => bytes.length > 4 && bytes.readUInt16BE(0) === 0x504b && bytes[2]! < 9

/** Kinds people take for tables: an old .xls, a protected workbook, a web page a program named .xls, a PDF, a picture. */
function refuseOtherKinds(bytes: Buffer) {
  const head = bytes.subarray(0, 1024)
  if (head.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') {
    const isProtected = bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    throw new TableRefused(isProtected ? 'encrypted' : 'oldXls')
  }
  // The first versions of Excel wrote their records bare.
  if (head[0] === 0x09 && [0x00, 0x02, 0x04, 0x08].includes(head[1]!) && head[3] === 0x00)
    throw new TableRefused('oldXls')
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  const looksLike = text.startsWith('%PDF')
    ? 'pdf'
    : /^<(!doctype html|html|table|meta|\?xml|style)/i.test(text)
      ? 'html'
      : /^(\x89PNG|\xff\xd8\xff|GIF8)/.test(text)
        ? 'picture'
        : text.startsWith('{\\rtf')
          ? 'rtf'
          : undefined
  if (looksLike) throw new TableRefused('notATable', { looksLike })
}

/** Reads a file or a pipe, and no byte more than one past the limit: an endless file ends there and is then too big. */
export async function readBrought(
  path: string,
  limitBytes = Math.max(defaultLimits.csvBytes, defaultLimits.xlsxBytes),
): Promise<Buffer> {
  const parts: Buffer[] = []
  // `end` is inclusive: one byte past the limit.
  for await (const part of createReadStream(path, { end: limitBytes, highWaterMark: 1_048_576 })) parts.push(part)
  return Buffer.concat(parts)
}
