import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { writeXlsx as writeBook } from 'hucre'
import { writeXlsxStream } from 'hucre/xlsx'

export type SheetValue = string | number | Date | null | undefined
/** `width` in characters; `numberFormat` as spreadsheets write it, such as `#,##0`. */
export type SheetColumn = { header: string; width?: number; numberFormat?: string }
export type Sheet = {
  /** At most 31 characters, none of `[]:*?/\`; others are taken out. */
  name: string
  columns: readonly SheetColumn[]
  rows: Iterable<readonly SheetValue[]> | AsyncIterable<readonly SheetValue[]>
}

/**
 * Writes a workbook with a frozen header row. Text stays text: nothing a person typed becomes a formula.
 * One sheet streams in constant memory; several are held whole, so keep those short.
 */
export async function writeXlsx(target: string | Writable, { sheets }: { sheets: readonly Sheet[] }): Promise<void> {
  const [only, ...others] = sheets
  if (!only) throw new Error('a workbook has at least one sheet')
  const bytes = others.length === 0 ? streamed(only) : Readable.from([await whole(sheets)])
  await pipeline(bytes, writable(target))
}

const writable = (target: string | Writable) => (typeof target === 'string' ? createWriteStream(target) : target)

const frozen = { rows: 1 }
const settingsOf = (sheet: Sheet) => ({
  name: sheet.name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31),
  columns: sheet.columns.map(({ header, width, numberFormat }) => ({
    header,
    width: width ?? Math.min(60, Math.max(10, header.length + 2)),
    ...(numberFormat ? { numFmt: numberFormat } : {}),
  })),
  freezePane: frozen,
})
const cell = (value: SheetValue) => (typeof value === 'string' ? value.normalize('NFC') : (value ?? null))

const streamed = (sheet: Sheet) =>
  Readable.fromWeb(
    writeXlsxStream(cellsOf(sheet.rows), settingsOf(sheet)) as import('node:stream/web').ReadableStream<Uint8Array>,
  )
async function* cellsOf(rows: Sheet['rows']) {
  for await (const row of rows) yield row.map(cell)
}
async function whole(sheets: readonly Sheet[]) {
  const books = sheets.map(async (sheet) => {
    const rows: (string | number | Date | null)[][] = [sheet.columns.map((column) => column.header)]
    for await (const row of cellsOf(sheet.rows)) rows.push(row)
    return { ...settingsOf(sheet), rows }
  })
  return Buffer.from(await writeBook({ sheets: await Promise.all(books) }))
}

/**
 * Writes CSV as Excel in Vietnam opens it by a double click: a byte order mark, commas, CRLF.
 * A value a spreadsheet would calculate gets an apostrophe before it; reading takes it off again.
 */
export async function writeCsv(target: string | Writable, table: Pick<Sheet, 'columns' | 'rows'>): Promise<void> {
  await pipeline(Readable.from(csvText(table)), writable(target))
}

const batchRows = 500
async function* csvText({ columns, rows }: Pick<Sheet, 'columns' | 'rows'>) {
  yield `\uFEFF${columns.map((column) => csvValue(column.header)).join(',')}\r\n`
  let lines: string[] = []
  for await (const row of rows) {
    lines.push(`${row.map(csvValue).join(',')}\r\n`)
    if (lines.length < batchRows) continue
    yield lines.join('')
    lines = []
  }
  if (lines.length > 0) yield lines.join('')
}
function csvValue(value: SheetValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = value instanceof Date ? value.toISOString() : value.normalize('NFC')
  const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n\t]|^\s|\s$/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded
}
