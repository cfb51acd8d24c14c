import type { RuleFamily, RuleSet } from './ruleSet.ts'

/**
 * One paper, as plain data. The same Paper becomes PDF, DOCX and XLSX, so the three can never disagree.
 * All text is printed as given (only brought to NFC, and to capitals where the rule set says so): official
 * spelling is never "corrected".
 */
export interface Paper {
  /** Family of the form, or an office's own edited rule set. */
  ruleSet: RuleFamily | RuleSet
  orientation: 'portrait' | 'landscape'
  heading: {
    superior?: string
    issuing: string
    number?: DocumentNumber
    place: string
    date: PaperDate
  }
  /** «Biểu số 1»: makes the paper an annex form, with smaller headings and the label in place of the number. */
  annexLabel?: string
  /** Kind of paper, or the lines of a form's title. */
  title: readonly string[]
  /** Trích yếu: what the paper is about. */
  about?: readonly string[]
  /** «(Kèm theo Báo cáo số …)», in italics. */
  subtitle?: string
  blocks: readonly Block[]
  recipients?: readonly string[]
  signature?: Signature
  /** Further hands at the foot, left of the signature («NGƯỜI LẬP BIỂU»), from left to right. */
  countersigned?: readonly Signature[]
  /** Prints «DỰ THẢO» across every page. */
  draft?: boolean
  /** At the foot of every page: «Số liệu chốt lúc 17 giờ 00 ngày 05/5/2021, bản 2». */
  stamp?: string
  /** Of the frozen figures; its first 16 letters are printed after the stamp. */
  hash?: string
}

/** `digits` stays open until the clerk gives one: «Số       -BC/BTGTU». */
export interface DocumentNumber {
  digits?: string
  symbol: string
}

/** A blank day or month is left open for the pen. */
export interface PaperDate {
  day?: number
  month?: number
  year: number
}

export interface Signature {
  /** «T/M BAN THƯỜNG VỤ», one string a line; see `authorityLine`. */
  authority?: readonly string[]
  position: string
  name?: string
}

export type Block = Heading | Paragraph | List | Table | Note | PageBreak

export interface Heading {
  kind: 'heading'
  level: 1 | 2
  text: string
}
export interface Paragraph {
  kind: 'paragraph'
  text: string
  /** Bold words before the text. */
  lead?: string
  /** Without it: justified, with the family's first-line indent. */
  align?: 'center' | 'left'
  style?: 'bold' | 'italic'
}
export interface List {
  kind: 'list'
  items: readonly string[]
  numbered?: boolean
}
/** Small words in italics under a table or at the end. */
export interface Note {
  kind: 'note'
  text: string
}
export interface PageBreak {
  kind: 'pageBreak'
}

export interface Table {
  kind: 'table'
  columns: readonly Column[]
  rows: readonly Row[]
  /** Printed bold under the rows. */
  total?: readonly Cell[]
  notes?: readonly string[]
  /** At least this high, for forms that are filled in by hand. */
  rowHeightMm?: number
  /** Starting size; without it the rule set's. */
  sizePt?: number
}

export interface Column {
  title: string
  /** Names above the title, outermost first; neighbours with the same names share one cell. */
  groups?: readonly string[]
  /** «A», «E = C + D», in the row under the titles. */
  formula?: string
  /** count: whole numbers to the right. ratio: text as printed, to the right. order: STT, centred. */
  kind: 'order' | 'text' | 'count' | 'ratio' | 'blank'
  /** Words that must not break into two lines: names of people. */
  oneLine?: true
  /** A width of its own; without it the table finds one. */
  widthMm?: number
}

/** A number is a whole count, printed «64.809»; a string is printed as it stands («96,0%»); undefined is blank. */
export type Cell = number | string | undefined
export type Row = readonly Cell[] | { cells: readonly Cell[]; style: 'strong' | 'section' }

export interface HeaderCell {
  text: string
  row: number
  column: number
  rows: number
  columns: number
  formula?: true
}

export const rowCells = (row: Row): readonly Cell[] => ('cells' in row ? row.cells : row)
export const rowStyle = (row: Row): 'plain' | 'strong' | 'section' => ('cells' in row ? row.style : 'plain')

/** How many rows the head takes: the deepest groups, the titles, and the formulas when any column has one. */
export function headerDepth(columns: readonly Column[]): { titles: number; formulas: 0 | 1 } {
  const deepest = Math.max(0, ...columns.map((column) => column.groups?.length ?? 0))
  return { titles: deepest + 1, formulas: columns.some((column) => column.formula) ? 1 : 0 }
}

/**
 * The head as cells that tile it exactly: groups span their columns, a title spans the rows its groups leave free.
 */
export function headerCells(columns: readonly Column[]): HeaderCell[] {
  const { titles, formulas } = headerDepth(columns)
  const cells: HeaderCell[] = []
  columns.forEach((column, at) => {
    const groups = column.groups ?? []
    groups.forEach((text, level) => {
      if (sharesGroup(columns[at - 1], column, level)) return
      let end = at + 1
      while (sharesGroup(columns[end], column, level)) end++
      cells.push({ text, row: level, column: at, rows: 1, columns: end - at })
    })
    cells.push({ text: column.title, row: groups.length, column: at, rows: titles - groups.length, columns: 1 })
    if (formulas)
      cells.push({ text: column.formula ?? '', row: titles, column: at, rows: 1, columns: 1, formula: true })
  })
  return cells
}

function sharesGroup(other: Column | undefined, column: Column, level: number): boolean {
  return column.groups!.slice(0, level + 1).every((name, i) => other?.groups?.[i] === name)
}

/** Every string brought to NFC, nothing else touched. */
export function inNfc<T>(value: T): T {
  if (typeof value === 'string') return value.normalize('NFC') as T
  if (Array.isArray(value)) return value.map(inNfc) as T
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inNfc(inner)])) as T
  return value
}
