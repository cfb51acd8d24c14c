import { type Column, headerCells, headerDepth, rowCells, type Table } from './paper.ts'
import { printCell } from './print.ts'

const MM_PER_PT = 25.4 / 72
/** A form of many columns has no room to spare beside its words. */
const paddingMm = (table: Table): number => (table.columns.length > 10 ? 0.7 : 1.5)
const STEP_PT = 0.5

/** Widths of Times-like letters in thousandths of the size, by the letter without its marks. */
const NARROW = new Set("iljtfrI.,;:'|()[]-/ ")
const WIDE = new Set('mwMW%—@&')
function letterWidth(letter: string): number {
  if (letter >= '0' && letter <= '9') return 500
  if (WIDE.has(letter)) return letter === 'm' || letter === 'w' ? 780 : 940
  if (NARROW.has(letter)) return 320
  if (letter === '−' || letter === '+' || letter === '=') return 564
  return letter === letter.toLowerCase() ? 490 : 722
}

/** An estimate, a little wide rather than narrow, so that nothing printed by it wraps or is cut. */
export function textWidthMm(text: string, sizePt: number, bold = false): number {
  let thousandths = 0
  for (const letter of text.normalize('NFD')) if (!/\p{M}/u.test(letter)) thousandths += letterWidth(letter)
  return (thousandths / 1000) * sizePt * MM_PER_PT * (bold ? 1.06 : 1)
}

/** How many lines words take in a width, filling it word by word. */
export function linesIn(text: string, widthMm: number, sizePt: number, bold = false): number {
  let lines = 1
  let used = 0
  for (const word of text.split(/\s+/)) {
    const length = textWidthMm(used > 0 ? ` ${word}` : word, sizePt, bold)
    if (used > 0 && used + length > widthMm) {
      lines++
      used = textWidthMm(word, sizePt, bold)
    } else used += length
  }
  return lines
}

export interface Fit {
  sizePt: number
  headSizePt: number
  widthsMm: number[]
  /** Left and right of a cell's words. */
  paddingMm: number
  /** False when even the smallest size needs more room than the sheet has: words will then break inside. */
  fits: boolean
}

interface Need {
  /** Longest thing that must not break. */
  least: number
  /** Everything on one line, within reason. */
  wished: number
}

/**
 * The largest size, in half points from the table's own down to `minSizePt`, at which no number and no word of a
 * head breaks; the room left over goes to the text columns first.
 */
export function fitTable(table: Table, widthMm: number, startPt: number, minSizePt: number): Fit {
  let sizePt = table.sizePt ?? startPt
  // Where rows are high enough to write in by hand, words may as well stand in two lines.
  const oneLine = table.rowHeightMm === undefined ? 1 : 0.5
  for (;;) {
    const headSizePt = Math.max(Math.min(sizePt - 0.5, sizePt * 0.95), minSizePt - 0.5)
    const needs = table.columns.map((column, at) => columnNeed(table, column, at, sizePt, headSizePt))
    spreadGroups(table.columns, needs, headSizePt)
    const least = sum(needs.map((need) => need.least))
    const comfortable = sum(
      needs.map((need, at) =>
        isText(table.columns[at]!) ? Math.max(need.least, Math.min(need.wished * oneLine, ONE_LINE_MM)) : need.least,
      ),
    )
    if (comfortable <= widthMm || sizePt - STEP_PT < minSizePt)
      return {
        sizePt,
        headSizePt,
        widthsMm: share(table.columns, needs, widthMm),
        paddingMm: paddingMm(table),
        fits: least <= widthMm + 0.01,
      }
    sizePt -= STEP_PT
  }
}

const isText = (column: Column): boolean => column.kind === 'text' || column.kind === 'blank'
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const MAX_WISHED_MM = 80
/** A table shrinks to keep words on one line only up to this width; beyond it they may wrap. */
const ONE_LINE_MM = 45

function columnNeed(table: Table, column: Column, at: number, sizePt: number, headSizePt: number): Need {
  const pad = 2 * paddingMm(table) + 0.3
  if (column.widthMm !== undefined) return { least: column.widthMm, wished: column.widthMm }
  const head = Math.max(
    ...column.title.split(/\s+/).map((word) => textWidthMm(word, headSizePt, true)),
    textWidthMm(column.formula ?? '', headSizePt - 0.5),
  )
  let least = head
  let wished = Math.max(head, textWidthMm(column.title, headSizePt, true) / 2.5)
  const measure = (text: string, bold: boolean) => {
    const whole = textWidthMm(text, sizePt, bold)
    if (!isText(column) || column.oneLine) least = Math.max(least, whole)
    else for (const word of text.split(/\s+/)) least = Math.max(least, textWidthMm(word, sizePt, bold))
    wished = Math.max(wished, Math.min(whole, MAX_WISHED_MM))
  }
  for (const row of table.rows) {
    const text = printCell(rowCells(row)[at])
    if (text) measure(text, 'cells' in row)
  }
  const total = printCell(table.total?.[at])
  if (total) measure(total, true)
  if (column.kind === 'blank') wished = Math.max(wished, 30)
  return { least: least + pad, wished: wished + pad }
}

/** A group's longest word needs room too: its columns widen evenly. */
function spreadGroups(columns: readonly Column[], needs: Need[], headSizePt: number): void {
  const { titles } = headerDepth(columns)
  for (const cell of headerCells(columns)) {
    if (cell.columns === 1 || cell.row >= titles) continue
    const longest = Math.max(...cell.text.split(/\s+/).map((word) => textWidthMm(word, headSizePt, true))) + 2
    const mine = needs.slice(cell.column, cell.column + cell.columns)
    const missing = (longest - sum(mine.map((need) => need.least))) / cell.columns
    if (missing > 0)
      for (const need of mine) {
        need.least += missing
        need.wished = Math.max(need.wished, need.least)
      }
  }
}

function share(columns: readonly Column[], needs: readonly Need[], widthMm: number): number[] {
  const least = sum(needs.map((need) => need.least))
  if (least >= widthMm) return needs.map((need) => (need.least * widthMm) / least)
  let widths = needs.map((need) => need.least)
  // Text first, so that names keep one line; then titles that would stand in many short lines.
  for (const wishing of [isText, (column: Column) => !isText(column)])
    widths = grant(
      widths,
      needs.map((need, at) => (wishing(columns[at]!) ? need.wished - need.least : 0)),
      widthMm,
    )
  const open = columns.map((column) =>
    column.kind === 'order' || column.widthMm !== undefined ? 0 : isText(column) ? 2 : 1,
  )
  const shares = sum(open) > 0 ? open : columns.map(() => 1)
  const free = widthMm - sum(widths)
  return grant(
    widths,
    shares.map((parts) => (parts * free) / sum(shares)),
    widthMm,
  )
}

/** Adds what is wished, or the same share of every wish when the sheet is too narrow. */
function grant(widths: readonly number[], wishes: readonly number[], widthMm: number): number[] {
  const part = Math.min(1, (widthMm - sum(widths)) / Math.max(sum(wishes), 0.001))
  return widths.map((width, at) => width + wishes[at]! * part)
}
