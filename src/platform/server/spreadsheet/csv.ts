import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import type { RawCell, RawRow } from './cells.ts'
import { type Encoding, openDecoder } from './encoding.ts'
import { type Limits, TableRefused } from './refusals.ts'

export const delimiters = [',', ';', '\t'] as const
export type Delimiter = (typeof delimiters)[number]

const sliceBytes = 64 * 1024

/** Rows of a CSV file as they come; a row knows the line it begins on. */
export async function* csvRows(
  bytes: Buffer,
  encoding: Encoding,
  delimiter: Delimiter,
  limits: Limits,
): AsyncGenerator<RawRow> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: '\n',
    max_record_size: limits.lineChars,
  })
  const source = Readable.from(textSlices(bytes, encoding), { objectMode: false })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  let nextLine = 1
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const line = nextLine
      nextLine = info.lines + 1
      if (record.length > limits.columns)
        throw new TableRefused('tooManyColumns', { line, columns: record.length, limit: limits.columns })
      yield { line, cells: record.map(csvCell) }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    if (error.code === 'CSV_MAX_RECORD_SIZE')
      throw new TableRefused('lineTooLong', { line: nextLine, limit: limits.lineChars })
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') throw new TableRefused('quoteNotClosed', { line: nextLine })
    throw new TableRefused('notATable', { looksLike: 'csv', line: nextLine })
  } finally {
    source.destroy()
    parser.destroy()
  }
}

/**
 * The text in UTF-8, its lines ended by LF alone: the parser counts a CRLF within a cell twice.
 * Between slices others get their turn: a long file never holds up the people who are checking in.
 */
async function* textSlices(bytes: Buffer, encoding: Encoding) {
  const decoder = openDecoder(encoding)
  let held = ''
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    const text = held + decoder.write(bytes.subarray(at, at + sliceBytes))
    held = text.endsWith('\r') ? '\r' : ''
    const whole = held ? text.slice(0, -1) : text
    if (whole) yield Buffer.from(whole.replace(/\r\n?/g, '\n'))
    await turn()
  }
  const rest = (held + decoder.end()).replace(/\r\n?/g, '\n')
  if (rest) yield Buffer.from(rest)
}

function csvCell(text: string): RawCell {
  if (text.startsWith('=')) return { formula: text }
  // The apostrophe that keeps a spreadsheet from calculating (we write it ourselves) is not part of the value.
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text
}

/** The delimiter under which the first lines fall into the most like-minded columns; `preferred` names settle it. */
export function findDelimiter(head: string, isHeader: (cell: string) => boolean): Delimiter {
  const lines = head.split(/\r\n|\n|\r/).slice(0, 20)
  const told = /^\uFEFF?sep=(.)$/i.exec(lines[0] ?? '')?.[1]
  if (told && delimiters.some((one) => one === told)) return told as Delimiter
  const scored = delimiters.map((delimiter) => {
    const rows = lines.map((line) => line.split(delimiter))
    const known = Math.max(0, ...rows.map((cells) => cells.filter((cell) => isHeader(cell.replace(/"/g, ''))).length))
    const columns = Math.max(0, ...rows.map((cells) => cells.length))
    return { delimiter, score: known * 1_000 + columns }
  })
  return scored.reduce((one, other) => (other.score > one.score ? other : one)).delimiter
}
