// What one cell says, whatever program wrote it.
import { tidy } from '../../../kernel/fold.ts'

/** A cell as a file gives it. A formula's stored result is not trusted, so it is not even carried. */
export type RawCell =
  | string
  | undefined
  | { number: number; text: string; date?: boolean; zeros?: number; epoch1904?: boolean }
  | { formula: string }
  | { error: string }
export type RawRow = { line: number; cells: RawCell[] }

/**
 * How a column is read. `text` as it stands · `code` a number keeps its digits and zeros · `date` becomes
 * `YYYY-MM-DD`, or `YYYY-MM` or `YYYY` where no more is written · `integer` loses its thousands' dots.
 */
export type CellKind = 'text' | 'code' | 'date' | 'integer'

export const cellProblems = [
  'emptyCell',
  'formulaCell',
  'errorCell',
  'cellTooLong',
  'notADate',
  'notANumber',
  'roundedNumber',
] as const
export type CellProblem = (typeof cellProblems)[number]
export type ReadCell = { value: string; problem?: CellProblem }

/** Reads one cell. On a problem `value` is what stands in the file, so that it can be shown. */
export function readCell(cell: RawCell, kind: CellKind, maxChars: number): ReadCell {
  if (cell === undefined || cell === '') return { value: '' }
  if (typeof cell === 'string') return readText(cell, kind, maxChars)
  if ('formula' in cell) return { value: clip(cell.formula), problem: 'formulaCell' }
  if ('error' in cell) return { value: clip(cell.error), problem: 'errorCell' }
  if (cell.date && kind !== 'integer') {
    const day = serialToDay(cell.number, cell.epoch1904 ?? false)
    if (!day) return { value: cell.text, problem: 'notADate' }
    return { value: kind === 'date' ? day : day.split('-').reverse().join('/') }
  }
  // A bare number among dates is a year if it can be one (1958), a day count otherwise.
  if (kind === 'date') {
    if (Number.isInteger(cell.number) && cell.number >= 1850 && cell.number <= 2200) return { value: `${cell.number}` }
    const day = serialToDay(cell.number, cell.epoch1904 ?? false)
    return day ? { value: day } : { value: cell.text, problem: 'notADate' }
  }
  if (kind === 'integer') return readInteger(plainNumber(cell.number))
  // Beyond 15 digits a spreadsheet has already lost the rest.
  if (kind === 'code' && Math.abs(cell.number) >= 1e15) return { value: cell.text, problem: 'roundedNumber' }
  return { value: plainNumber(cell.number).padStart(cell.zeros ?? 0, '0') }
}

const clip = (text: string) => tidy(text.slice(0, 80))
const plainNumber = (number: number) =>
  Number.isInteger(number) && Math.abs(number) < 1e21 ? BigInt(number).toString() : String(number)

function readText(text: string, kind: CellKind, maxChars: number): ReadCell {
  if (text.length > maxChars) return { value: clip(text), problem: 'cellTooLong' }
  const value = tidy(text)
  if (value === '' || kind === 'text') return { value }
  if (kind === 'date') {
    const day = parseDay(value)
    return day ? { value: day } : { value, problem: 'notADate' }
  }
  if (kind === 'integer') return readInteger(value)
  return /^\d+(?:[.,]\d+)?e\+\d+$/i.test(value) ? { value, problem: 'roundedNumber' } : { value }
}

function readInteger(value: string): ReadCell {
  const bare = value.replace(/ /g, '')
  const grouped = /^-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/.test(bare)
  const digits = grouped ? bare.replace(/[.,]/g, '') : bare.replace(/[.,]0+$/, '')
  return /^-?\d{1,15}$/.test(digits) ? { value: String(Number(digits)) } : { value, problem: 'notANumber' }
}

/** «20/03/1947», «20-3-1947», «1947-03-20», «03/1947», «1947» → as much of `YYYY-MM-DD` as is written. */
export function parseDay(text: string): string | undefined {
  const bare = text.replace(/[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$/, '').replace(/\s+/g, '')
  if (/^(1[89]|2[01])\d{2}$/.test(bare)) return bare
  const month = /^(\d{1,2})[/.-](\d{4})$/.exec(bare)
  if (month) return realDay(Number(month[2]), Number(month[1]), 1)?.slice(0, 7)
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(bare)
  if (local) return realDay(Number(local[3]), Number(local[2]), Number(local[1]))
  const iso = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/.exec(bare)
  if (iso) return realDay(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  return undefined
}

function realDay(year: number, month: number, day: number): string | undefined {
  if (year < 1800 || year > 2200) return undefined
  const at = new Date(Date.UTC(year, month - 1, day))
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? at.toISOString().slice(0, 10) : undefined
}

/** Days since the spreadsheet's epoch. The 1900 system counts a 29 February 1900 that never was. */
function serialToDay(serial: number, epoch1904: boolean): string | undefined {
  const days = Math.floor(serial) + (epoch1904 ? 1462 : 0)
  if (!Number.isFinite(days) || days < 1 || days > 110_000) return undefined
  const shifted = days < 60 ? days + 1 : days
  return new Date(Date.UTC(1899, 11, 30) + shifted * 86_400_000).toISOString().slice(0, 10)
}
