// Our own reader of sheets: the libraries we tried follow a bomb to its end or do not tell a formula from its result.
import type { RawCell, RawRow } from './cells.ts'
import { type Limits, TableRefused } from './refusals.ts'
import { attribute, openXml, XmlMalformed, type XmlSink, XmlTooLong } from './xml.ts'
import { openZip, type Zip } from './zip.ts'

export type Workbook = {
  /** Visible sheets, in their order. */
  sheets: string[]
  rows: (sheet: string) => AsyncGenerator<RawRow>
  close: () => void
}
type Style = { date: boolean; zeros: number }

/** Opens a workbook. Throws `macroFile`, `zipBomb`, `encrypted` or `notATable`. */
export async function openXlsx(bytes: Buffer, limits: Limits): Promise<Workbook> {
  const zip = await openZip(bytes, limits)
  try {
    refuseOthers(zip.names)
    if (/macroEnabled/i.test(await whole(zip, '[Content_Types].xml', limits))) throw new TableRefused('macroFile')
    const book = await readBook(zip, limits)
    const styles = await readStyles(zip, book.parts.get('styles'), limits)
    // Read at the first sheet that is asked for, and kept: several sheets may be tried.
    let strings: Promise<string[]> | undefined
    async function* rows(sheet: string) {
      const path = book.sheets.get(sheet)
      if (!path) throw new TableRefused('notATable', { looksLike: 'noSheet' })
      strings ??= readStrings(zip, book.parts.get('sharedStrings'), limits)
      yield* readSheet(zip, path, { strings: await strings, styles, epoch1904: book.epoch1904 }, limits)
    }
    return { sheets: [...book.sheets.keys()], rows, close: zip.close }
  } catch (error) {
    zip.close()
    throw error
  }
}

function refuseOthers(names: string[]) {
  const has = (name: string) => names.includes(name)
  if (names.some((name) => /vbaProject\.bin$/i.test(name))) throw new TableRefused('macroFile')
  if (has('[Content_Types].xml') && has('xl/workbook.xml')) return
  const looksLike = has('xl/workbook.bin')
    ? 'xlsb'
    : has('word/document.xml')
      ? 'docx'
      : has('content.xml')
        ? 'ods'
        : 'zip'
  throw new TableRefused('notATable', { looksLike })
}

/** Feeds an entry through the reader of tags; `after` runs between pieces. */
async function* walked<Out>(zip: Zip, name: string, sink: XmlSink, after: () => Out[]): AsyncGenerator<Out> {
  const xml = openXml(sink, 1_000_000)
  try {
    for await (const piece of zip.pieces(name)) {
      xml.write(piece)
      yield* after()
    }
  } catch (error) {
    if (error instanceof XmlTooLong) throw new TableRefused('lineTooLong', { part: name })
    if (error instanceof XmlMalformed) throw new TableRefused('notATable', { looksLike: 'brokenXlsx' })
    throw error
  }
}
async function walk(zip: Zip, name: string, sink: Partial<XmlSink>) {
  const nothing = () => {}
  const full = { open: nothing, close: nothing, text: nothing, ...sink }
  for await (const _ of walked(zip, name, full, () => []));
}
async function whole(zip: Zip, name: string, limits: Limits) {
  let text = ''
  for await (const piece of zip.pieces(name)) {
    text += piece
    if (text.length > limits.lineChars) throw new TableRefused('notATable', { looksLike: 'brokenXlsx' })
  }
  return text
}

async function readBook(zip: Zip, limits: Limits) {
  const targets = new Map<string, string>()
  const parts = new Map<string, string>()
  await walk(zip, 'xl/_rels/workbook.xml.rels', {
    open(name, attributes) {
      if (name !== 'Relationship') return
      const target = attribute(attributes, 'Target') ?? ''
      const path = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`
      targets.set(attribute(attributes, 'Id') ?? '', path)
      parts.set((attribute(attributes, 'Type') ?? '').split('/').at(-1)!, path)
    },
  })
  const sheets = new Map<string, string>()
  let epoch1904 = false
  await walk(zip, 'xl/workbook.xml', {
    open(name, attributes) {
      if (name === 'workbookPr') epoch1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '')
      if (name !== 'sheet' || /hidden/i.test(attribute(attributes, 'state') ?? '')) return
      const path = targets.get(attribute(attributes, 'id') ?? '')
      if (path && sheets.size < limits.columns) sheets.set(attribute(attributes, 'name') ?? '', path)
    },
  })
  if (sheets.size === 0) throw new TableRefused('notATable', { looksLike: 'noSheet' })
  return { sheets, parts, epoch1904 }
}

async function readStyles(zip: Zip, path: string | undefined, limits: Limits): Promise<Style[]> {
  const formats = new Map<number, string>()
  const styles: Style[] = []
  let inCells = false
  if (!path) return styles
  await walk(zip, path, {
    open(name, attributes) {
      if (name === 'numFmt')
        formats.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '')
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells && styles.length < 100 * limits.columns)
        styles.push(styleOf(Number(attribute(attributes, 'numFmtId') ?? 0), formats))
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}

/** A format tells a date from a number, and how many digits a code such as «0001» is printed with. */
function styleOf(id: number, formats: Map<number, string>): Style {
  const code = (formats.get(id) ?? '').replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '')
  const builtInDate =
    (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
  const zeros = /^0{2,30}$/.test(code) ? code.length : 0
  return { date: formats.has(id) ? /[dmyhs]/i.test(code) && !/general/i.test(code) : builtInDate, zeros }
}

async function readStrings(zip: Zip, path: string | undefined, limits: Limits): Promise<string[]> {
  const strings: string[] = []
  if (!path) return strings
  let text = ''
  let inText = false
  let inReading = false
  await walk(zip, path, {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 't') inText = !inReading
      else if (name === 'rPh') inReading = true
    },
    close(name) {
      if (name === 'si') strings.push(unescapeCell(text))
      else if (name === 't') inText = false
      else if (name === 'rPh') inReading = false
    },
    text(piece) {
      // One character past the limit is enough to know that a cell is too long.
      if (inText && text.length <= limits.cellChars) text += piece
    },
  })
  return strings
}

/** Spreadsheets write control characters as `_x000D_`. */
const unescapeCell = (text: string) =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text

type SheetContext = { strings: string[]; styles: Style[]; epoch1904: boolean }

async function* readSheet(zip: Zip, path: string, context: SheetContext, limits: Limits): AsyncGenerator<RawRow> {
  let ready: RawRow[] = []
  let line = 0
  let cells: RawCell[] = []
  let filled = false
  let at = -1
  let cell = { type: '', style: -1, value: '', inline: '', formula: undefined as string | undefined }
  let inside: 'v' | 'f' | 't' | undefined
  let inReading = false
  const sink: XmlSink = {
    open(name, attributes) {
      if (name === 'c') {
        const address = attribute(attributes, 'r')
        at = address ? columnOf(address) : at + 1
        cell = {
          type: attribute(attributes, 't') ?? 'n',
          style: Number(attribute(attributes, 's') ?? -1),
          value: '',
          inline: '',
          formula: undefined,
        }
      } else if (name === 'v') inside = 'v'
      else if (name === 'f') {
        inside = 'f'
        cell.formula = ''
      } else if (name === 't') inside = inReading ? undefined : 't'
      else if (name === 'rPh') inReading = true
      else if (name === 'row') {
        line = Number(attribute(attributes, 'r') ?? line + 1)
        cells = []
        filled = false
        at = -1
      }
    },
    close(name) {
      if (name === 'c') {
        const value = cellOf(cell, context)
        if (value === undefined || value === '') return
        if (at < 0 || at >= limits.columns)
          throw new TableRefused('tooManyColumns', { line, columns: at + 1, limit: limits.columns })
        while (cells.length < at) cells.push(undefined)
        cells[at] = value
        filled = true
      } else if (name === 'v' || name === 'f' || name === 't') inside = undefined
      else if (name === 'rPh') inReading = false
      else if (name === 'row' && filled) ready.push({ line, cells })
    },
    text(piece) {
      if (inside === 'v' && cell.value.length <= limits.cellChars) cell.value += piece
      else if (inside === 't' && cell.inline.length <= limits.cellChars) cell.inline += piece
      else if (inside === 'f' && cell.formula!.length < 80) cell.formula += piece
    },
  }
  yield* walked(zip, path, sink, () => {
    const rows = ready
    ready = []
    return rows
  })
}

function cellOf(
  cell: { type: string; style: number; value: string; inline: string; formula: string | undefined },
  { strings, styles, epoch1904 }: SheetContext,
): RawCell {
  if (cell.formula !== undefined) return { formula: `=${cell.formula}` }
  switch (cell.type) {
    case 's':
      return strings[Number(cell.value)]
    case 'inlineStr':
      return unescapeCell(cell.inline)
    case 'str':
    case 'd':
      return unescapeCell(cell.value)
    case 'b':
      return cell.value === '1' ? '1' : '0'
    case 'e':
      return { error: cell.value }
    default: {
      if (cell.value === '') return undefined
      const number = Number(cell.value)
      if (!Number.isFinite(number)) return cell.value
      const style = styles[cell.style]
      return { number, text: cell.value, date: style?.date ?? false, zeros: style?.zeros ?? 0, epoch1904 }
    }
  }
}

/** «AB12» → 27. */
function columnOf(address: string): number {
  let column = 0
  for (let at = 0; at < address.length; at++) {
    const letter = address.charCodeAt(at) & ~32
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  return column - 1
}
