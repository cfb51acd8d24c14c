import {
  type CellStyle,
  type CellValue,
  type MergeRange,
  type Cell as SheetCell,
  type WriteSheet,
  writeXlsx,
} from 'hucre'
import { linesIn } from './fitTable.ts'
import { type Layout, layOut, layOutTable, type StyledText } from './layout.ts'
import { headerDepth, inNfc, type Paper, rowCells, rowStyle, type Table } from './paper.ts'
import type { TextStyle } from './ruleSet.ts'

/**
 * Whole numbers with the reader's own thousands mark. Excel takes the mark from the machine (a dot in Việt Nam);
 * the language code makes LibreOffice print the dot anywhere.
 */
const COUNT_FORMAT = '[$-42A]#,##0'
const EDGE = { style: 'thin' } as const
const BOX = { top: EDGE, bottom: EDGE, left: EDGE, right: EDGE }
const TEXT_COLUMNS = 8
const CELL_PT = 11
/** One unit of column width is a digit at 11 points; its edges take some of it. */
const MM_PER_WIDTH = 1.9
const EDGES_MM = 1.5
/** A form of so many rows is printed on one page. */
const ONE_PAGE_ROWS = 45

/** See `toXlsx`. */
export async function xlsxOf(papers: readonly Paper[]): Promise<Uint8Array> {
  const names = new Set<string>()
  const sheets = papers.map((paper, at) => sheetOf(paper, sheetName(paper, at, names)))
  return writeXlsx({
    sheets: sheets.map(({ sheet }) => sheet),
    // Written here and not through the sheet's own setting, which leaves a name with spaces unquoted: Excel then
    // offers to repair the file.
    namedRanges: sheets.flatMap(({ sheet, titleRows }) =>
      titleRows ? [{ name: '_xlnm.Print_Titles', range: `'${sheet.name}'!${titleRows}`, scope: sheet.name }] : [],
    ),
    defaultFont: { name: 'Times New Roman', size: 11 },
    properties: { title: papers[0]?.title.join(' ') ?? '', creator: papers[0]?.heading.issuing ?? '' },
  })
}

/** A sheet's name has at most 31 letters, none of \ / ? * [ ] : and is its own. */
function sheetName(paper: Paper, at: number, taken: Set<string>): string {
  const wanted = inNfc(paper.annexLabel ?? paper.title[0] ?? '')
    .replace(/[\\/?*[\]:']/g, ' ')
    .trim()
    .slice(0, 28)
  const name = wanted === '' || taken.has(wanted.toLowerCase()) ? `${wanted} ${at + 1}`.trim() : wanted
  taken.add(name.toLowerCase())
  return name
}

/** Rows are written from the top down; each step says what stands where. */
interface Page {
  /** In columns. */
  width: number
  widthMm: number
  rows: CellValue[][]
  cells: Map<string, Partial<SheetCell>>
  merges: MergeRange[]
  heights: Map<number, { height: number }>
}

function sheetOf(given: Paper, name: string): { sheet: WriteSheet; titleRows: string | undefined } {
  const layout = layOut(given)
  const { paper } = layout
  const tables = paper.blocks.filter((block) => block.kind === 'table')
  const width = tables.length ? Math.max(4, ...tables.map(({ columns }) => columns.length)) : TEXT_COLUMNS
  const widths = tables[0] ? sheetWidthsMm(layout, tables[0]) : []
  const widthsMm = Array.from({ length: width }, (_, at) => widths[at] ?? 22)
  const page: Page = {
    width,
    widthMm: widthsMm.reduce((a, b) => a + b, 0),
    rows: [],
    cells: new Map(),
    merges: [],
    heights: new Map(),
  }
  writeHeading(page, layout)
  let freeze: { rows: number; columns: number } | undefined
  let titleRows: string | undefined
  for (const block of paper.blocks) {
    if (block.kind === 'table') {
      const start = page.rows.length
      const end = writeTable(page, layout, block)
      // Only a sheet with one table can hold its head still.
      if (tables.length === 1) {
        freeze = { rows: end, columns: Math.max(1, block.columns.findIndex(({ kind }) => kind === 'text') + 1) }
        titleRows = `$${start + 1}:$${end}`
      }
      for (const words of block.notes ?? [])
        writeLine(page, words, { font: font(layout.rules.note, 10), alignment: { wrapText: true, vertical: 'top' } })
    } else if (block.kind === 'list')
      for (const [at, item] of block.items.entries()) writeText(page, `${block.numbered ? `${at + 1}.` : '-'} ${item}`)
    else if (block.kind === 'heading') writeText(page, block.text, true)
    else if (block.kind === 'paragraph')
      writeText(page, [block.lead, block.text].filter(Boolean).join(' '), block.style === 'bold')
    else if (block.kind === 'note')
      writeLine(page, block.text, { font: font(layout.rules.note, 10), alignment: { wrapText: true } })
  }
  writeFoot(page, layout)
  const { marginsMm } = layout
  const inches = (mm: number) => Math.round((mm / 25.4) * 100) / 100
  const sheet: WriteSheet = {
    name,
    rows: page.rows,
    cells: page.cells,
    merges: page.merges,
    rowDefs: page.heights,
    columns: widthsMm.map((mm) => ({ width: Math.round((mm / MM_PER_WIDTH) * 100) / 100 })),
    ...(freeze && { freezePane: freeze }),
    pageSetup: {
      paperSize: 'a4',
      orientation: paper.orientation,
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: page.rows.length <= ONE_PAGE_ROWS ? 1 : 0,
      margins: {
        top: inches(marginsMm.top),
        bottom: inches(marginsMm.bottom),
        left: inches(marginsMm.left),
        right: inches(marginsMm.right),
      },
    },
    headerFooter: {
      differentFirst: true,
      oddHeader: '&C&P',
      // One page shows the stamp under its table already.
      ...(layout.stamp &&
        page.rows.length > ONE_PAGE_ROWS && {
          oddFooter: `&L&8${footerText(layout.stamp.text)}`,
          firstFooter: `&L&8${footerText(layout.stamp.text)}`,
        }),
    },
  }
  return { sheet, titleRows }
}

/** In a sheet's header and footer an ampersand begins an order. */
const footerText = (words: string): string => words.replaceAll('&', '&&')

const font = (style: TextStyle, sizePt = style.sizePt): NonNullable<CellStyle['font']> => ({
  name: 'Times New Roman',
  size: sizePt,
  bold: style.bold ?? false,
  italic: style.italic ?? false,
  underline: style.underline ?? false,
})

function put(page: Page, row: number, column: number, value: CellValue, style: CellStyle): void {
  while (page.rows.length <= row) page.rows.push([])
  const cells = page.rows[row]!
  while (cells.length <= column) cells.push(null)
  cells[column] = value
  page.cells.set(`${row},${column}`, { value, style })
}

function span(page: Page, row: number, from: number, to: number, value: CellValue, style: CellStyle): void {
  put(page, row, from, value, style)
  if (to > from) page.merges.push({ startRow: row, endRow: row, startCol: from, endCol: to })
}

function writeLine(page: Page, words: string, style: CellStyle): void {
  span(page, page.rows.length, 0, page.width - 1, words, style)
}

function writeText(page: Page, words: string, bold = false): void {
  const row = page.rows.length
  writeLine(page, words, {
    font: { name: 'Times New Roman', size: 12, bold },
    alignment: { wrapText: true, vertical: 'top' },
  })
  page.heights.set(row, { height: 16 * linesIn(words, page.widthMm - EDGES_MM, 12, bold) + 2 })
}

function writeHeading(page: Page, layout: Layout): void {
  const { paper } = layout
  const centre = { horizontal: 'center', vertical: 'center' } as const
  if (paper.draft)
    writeLine(page, 'DỰ THẢO', {
      font: { name: 'Times New Roman', size: 16, bold: true, color: { rgb: '808080' } },
      alignment: centre,
    })
  const asterisk = { text: '*', style: { sizePt: 12 } }
  const left = [
    layout.superior,
    layout.issuing,
    layout.rules.underIssuing === 'asterisk' ? asterisk : undefined,
    layout.label,
  ].filter((line): line is StyledText => line !== undefined)
  const right = [
    ...layout.banner.map(({ text, style }, at) => ({
      text,
      style: { ...style, underline: at === layout.banner.length - 1 },
    })),
    layout.placeDate,
  ]
  const top = page.rows.length
  const half = Math.floor(page.width / 2)
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    page.rows.push([])
    const sides = [
      [left[at], 0, half - 1],
      [right[at], half, page.width - 1],
    ] as const
    for (const [words, from, to] of sides)
      if (words) span(page, top + at, from, to, words.text, { font: font(words.style, 12), alignment: centre })
  }
  page.rows.push([])
  for (const line of [...layout.title, ...layout.about])
    writeLine(page, line.text, { font: font(line.style, 14), alignment: centre })
  if (layout.subtitle)
    writeLine(page, layout.subtitle.text, { font: font(layout.subtitle.style, 12), alignment: centre })
  page.rows.push([])
}

const ALIGN = { order: 'center', text: 'left', blank: 'left', count: 'right', ratio: 'right' } as const

/** Returns the first row under the head. */
function writeTable(page: Page, layout: Layout, table: Table): number {
  const { head, rows } = layOutTable(layout, table)
  const widthsMm = sheetWidthsMm(layout, table)
  const { titles, formulas } = headerDepth(table.columns)
  const top = page.rows.length
  const end = top + titles + formulas
  for (const cell of head) {
    const style: CellStyle = {
      font: {
        name: 'Times New Roman',
        size: cell.formula ? 9 : 10,
        bold: !cell.formula,
        italic: cell.formula ?? false,
      },
      border: BOX,
      alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
    }
    // Every cell under a merge carries the border, else its edges are missing in print.
    for (let row = cell.row; row < cell.row + cell.rows; row++)
      for (let column = cell.column; column < cell.column + cell.columns; column++)
        put(page, top + row, column, row === cell.row && column === cell.column ? cell.text : null, style)
    if (cell.rows > 1 || cell.columns > 1)
      page.merges.push({
        startRow: top + cell.row,
        endRow: top + cell.row + cell.rows - 1,
        startCol: cell.column,
        endCol: cell.column + cell.columns - 1,
      })
  }
  page.heights.set(top + titles - 1, { height: titleHeight(table, widthsMm) })
  const write = (cells: readonly (number | string | undefined)[], bold: boolean) => {
    const row = page.rows.length
    table.columns.forEach(({ kind }, at) => {
      const cell = cells[at]
      put(page, row, at, cell ?? null, {
        font: { name: 'Times New Roman', size: 11, bold },
        border: BOX,
        alignment: {
          horizontal: ALIGN[kind],
          vertical: 'center',
          ...(kind === 'text' ? { wrapText: true } : { shrinkToFit: true }),
        },
        ...(typeof cell === 'number' && { numFmt: COUNT_FORMAT }),
      })
    })
    const lines = Math.max(
      ...table.columns.map(({ kind }, at) =>
        kind === 'text' ? linesIn(String(cells[at] ?? ''), widthsMm[at]! - EDGES_MM, CELL_PT, bold) : 1,
      ),
    )
    if (lines > 1) page.heights.set(row, { height: 14.5 * lines })
    if (table.rowHeightMm !== undefined) page.heights.set(row, { height: (table.rowHeightMm / 25.4) * 72 })
  }
  for (const [at, row] of table.rows.entries()) {
    write(rowCells(row), rowStyle(row) !== 'plain')
    const line = page.rows.length - 1
    for (const cell of rows[at]!.cells)
      if (cell.columns > 1)
        page.merges.push({ startRow: line, endRow: line, startCol: cell.at, endCol: cell.at + cell.columns - 1 })
  }
  if (table.total) write(table.total, true)
  return end
}

/** The paper's own widths, at the size a sheet is read in; printing brings them back to one page's width. */
function sheetWidthsMm(layout: Layout, table: Table): number[] {
  const { fit } = layOutTable(layout, table)
  return fit.widthsMm.map((width) => width * (CELL_PT / Math.min(fit.sizePt, CELL_PT)) + EDGES_MM)
}

/** Excel does not grow a merged row by itself: room for the title that needs the most lines. */
function titleHeight(table: Table, widthsMm: readonly number[]): number {
  return (
    13 * Math.max(1, ...table.columns.map(({ title }, at) => linesIn(title, widthsMm[at]! - EDGES_MM, 10, true))) + 4
  )
}

function writeFoot(page: Page, layout: Layout): void {
  const { recipients, hands } = layout
  const parts = (recipients ? 1 : 0) + hands.length
  if (parts > 0) {
    page.rows.push([])
    const top = page.rows.length
    const share = page.width / Math.max(2, parts)
    const from = (part: number) => Math.floor(part * share)
    for (const [at, line] of (recipients ? [recipients.title, ...recipients.lines] : []).entries())
      span(page, top + at, 0, from(1) - 1, at === 0 ? `${line.text}:` : `- ${line.text}`, {
        font: font(line.style, at === 0 ? 12 : 11),
      })
    const nameRow = top + Math.max(6, ...hands.map(({ lines }) => lines.length + 4))
    hands.forEach((hand, at) => {
      const part = (recipients || parts === 1 ? 1 : 0) + at
      const centre = { horizontal: 'center' } as const
      for (const [below, line] of hand.lines.entries())
        span(page, top + below, from(part), from(part + 1) - 1, line.text, {
          font: font(line.style, 12),
          alignment: centre,
        })
      span(page, nameRow, from(part), from(part + 1) - 1, hand.name.text, {
        font: font(hand.name.style, 12),
        alignment: centre,
      })
    })
  }
  if (layout.stamp) {
    page.rows.push([])
    writeLine(page, layout.stamp.text, { font: { name: 'Times New Roman', size: 9, italic: true } })
  }
}
