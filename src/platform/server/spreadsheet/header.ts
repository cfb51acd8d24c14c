import { fold, tidy } from '../../../kernel/fold.ts'
import type { CellKind, RawCell, RawRow } from './cells.ts'
import { TableRefused } from './refusals.ts'

/** A column a caller wants: the header it is printed under, other names people give it, and how its cells are read. */
export type Column<Key extends string = string> = {
  key: Key
  header: string
  synonyms?: readonly string[]
  kind?: CellKind
  /** The file is refused without this column. Default: it may be absent. */
  required?: boolean
  /** Every row must fill it: an empty cell is a problem of its line. */
  filled?: boolean
}
export type MatchedColumn = { key: string; header: string; at: number }
export type Columns = {
  matched: MatchedColumn[]
  /** Headers nobody asked for: their cells are not read. */
  unknown: string[]
  /** Headers of wanted columns the file does not have. */
  missing: string[]
}

/** A header as people vary it: «Họ và tên (*)», «HO VA TEN:», «Họ  và tên» are one. */
const plain = (header: string) =>
  fold(header.replace(/\([^)]*\)/g, ' '))
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
const names = (column: Column) => [column.header, ...(column.synonyms ?? [])].map(plain)

export function headerTest(columns: readonly Column[]): (cell: string) => boolean {
  const known = new Set(columns.flatMap(names))
  return (cell) => known.has(plain(cell))
}

/**
 * Finds the header among the first rows (titles often stand above it) and matches its columns.
 * Throws `noHeader`, `missingColumn`, `duplicateColumn`.
 */
export function matchHeader(first: readonly RawRow[], expect: readonly Column[]): { at: number; columns: Columns } {
  const isHeader = headerTest(expect)
  const scored = first.map((row, at) => ({ at, known: row.cells.filter((cell) => isHeader(textOf(cell))).length }))
  const best = scored.reduce((one, other) => (other.known > one.known ? other : one), { at: -1, known: 0 })
  if (best.known < Math.min(2, expect.length)) {
    const found = (first[0]?.cells ?? []).map(textOf).filter(Boolean).slice(0, 10)
    throw new TableRefused('noHeader', { expected: expect.map((column) => column.header), found })
  }
  return { at: best.at, columns: matchColumns(first[best.at]!.cells.map(textOf), expect) }
}

function matchColumns(headers: string[], expect: readonly Column[]): Columns {
  const found = headers.map(plain)
  const claimed = new Map<number, MatchedColumn>()
  for (const column of expect) {
    // The column's own name goes before its other names: «Mã đơn vị» wins over «Đơn vị».
    for (const name of names(column)) {
      const places = found.flatMap((header, at) => (header === name && !claimed.has(at) ? [at] : []))
      if (places.length > 1)
        throw new TableRefused('duplicateColumn', { column: column.header, places: places.map((at) => letters(at)) })
      if (places.length === 0) continue
      claimed.set(places[0]!, { key: column.key, header: headers[places[0]!]!, at: places[0]! })
      break
    }
  }
  const keys = new Set([...claimed.values()].map((column) => column.key))
  const missing = expect.filter((column) => !keys.has(column.key))
  const needed = missing.filter((column) => column.required).map((column) => column.header)
  const unknown = headers.filter((header, at) => header !== '' && !claimed.has(at))
  if (needed.length > 0) throw new TableRefused('missingColumn', { columns: needed, found: headers.filter(Boolean) })
  return {
    matched: [...claimed.values()].sort((one, other) => one.at - other.at),
    unknown,
    missing: missing.map((column) => column.header),
  }
}

const textOf = (cell: RawCell): string => (typeof cell === 'string' ? tidy(cell) : '')
/** 0 → «A», 27 → «AB», as spreadsheets name columns. */
const letters = (at: number): string =>
  (at >= 26 ? letters(Math.floor(at / 26) - 1) : '') + String.fromCharCode(65 + (at % 26))
