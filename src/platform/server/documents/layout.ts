import { type Fit, fitTable } from './fitTable.ts'
import {
  type Block,
  type HeaderCell,
  headerCells,
  inNfc,
  type Paper,
  type Row,
  rowCells,
  rowStyle,
  type Signature,
  type Table,
} from './paper.ts'
import { inStyle, printCell, printNumber, printPlaceDate, printStamp } from './print.ts'
import { forAnnex, type MarginsMm, type RuleSet, ruleSetOf, type TextStyle } from './ruleSet.ts'

export const A4_MM = { short: 210, long: 297 }

export interface StyledText {
  text: string
  style: TextStyle
}

/** A paper with its rules applied: what to print and in which style, the same for every format. */
export interface Layout {
  paper: Paper
  rules: RuleSet
  marginsMm: MarginsMm
  contentWidthMm: number
  superior: StyledText | undefined
  issuing: StyledText
  /** The document's number, or an annex's label. */
  label: StyledText | undefined
  banner: StyledText[]
  placeDate: StyledText
  title: StyledText[]
  about: StyledText[]
  subtitle: StyledText | undefined
  underTitle: RuleSet['underTitle']
  recipients: { title: StyledText; lines: StyledText[] } | undefined
  hands: { lines: StyledText[]; name: StyledText }[]
  stamp: StyledText | undefined
}

export interface TableLayout {
  table: Table
  fit: Fit
  head: HeaderCell[]
  rows: { cells: LaidCell[]; style: ReturnType<typeof rowStyle> }[]
  total: LaidCell[] | undefined
}

/** A cell as printed; `columns` over 1 when a section's words run on over the blank cells after them. */
export interface LaidCell {
  text: string
  at: number
  columns: number
}

export function layOut(given: Paper): Layout {
  const paper = inNfc(given)
  const isAnnex = paper.annexLabel !== undefined
  const own = ruleSetOf(paper.ruleSet)
  const rules = isAnnex ? forAnnex(own) : own
  const marginsMm = rules.marginsMm[paper.orientation]
  const pageWidth = paper.orientation === 'landscape' ? A4_MM.long : A4_MM.short
  const { heading } = paper
  const as = (style: TextStyle) => (text: string) => ({ text: inStyle(style, text), style })
  const stamp = printStamp(paper.stamp, paper.hash)
  return {
    paper,
    rules,
    marginsMm,
    contentWidthMm: pageWidth - marginsMm.left - marginsMm.right,
    superior: heading.superior === undefined ? undefined : as(rules.superior)(heading.superior),
    issuing: as(rules.issuing)(heading.issuing),
    label: isAnnex
      ? as(rules.number.style)(paper.annexLabel!)
      : heading.number && as(rules.number.style)(printNumber(rules, heading.number)),
    banner: rules.banner.map((line) => as(line.style)(line.text)),
    placeDate: as(rules.placeDate)(printPlaceDate(heading.place, heading.date)),
    title: paper.title.map(as(rules.title)),
    about: (paper.about ?? []).map(as(rules.about)),
    subtitle: paper.subtitle === undefined ? undefined : as(rules.subtitle)(paper.subtitle),
    underTitle: isAnnex || paper.subtitle !== undefined ? 'none' : rules.underTitle,
    recipients: paper.recipients && {
      title: as(rules.recipients.titleStyle)(rules.recipients.title),
      lines: paper.recipients.map(as(rules.recipients.item)),
    },
    hands: [...(paper.countersigned ?? []), ...(paper.signature ? [paper.signature] : [])].map((hand) =>
      handOf(rules, hand),
    ),
    stamp: stamp === '' ? undefined : { text: stamp, style: rules.stamp },
  }
}

function handOf(rules: RuleSet, hand: Signature): Layout['hands'][number] {
  const style = rules.signature
  return {
    lines: [...(hand.authority ?? []), hand.position]
      .filter(Boolean)
      .map((text) => ({ text: inStyle(style, text), style })),
    name: { text: hand.name ?? '', style: rules.signer },
  }
}

export function layOutTable(layout: Layout, table: Table): TableLayout {
  const width = table.columns.length
  const cells = (row: Row) => {
    if (rowCells(row).length !== width)
      throw new RangeError(`a row has ${rowCells(row).length} cells, the table ${width} columns`)
    const runsOn = rowStyle(row) === 'section'
    const laid: LaidCell[] = []
    for (const [at, text] of rowCells(row).map(printCell).entries()) {
      const before = laid.at(-1)
      if (runsOn && text === '' && before && table.columns[before.at]?.kind === 'text') before.columns++
      else laid.push({ text, at, columns: 1 })
    }
    return laid
  }
  return {
    table,
    fit: fitTable(table, layout.contentWidthMm, layout.rules.table.sizePt, layout.rules.table.minSizePt),
    head: headerCells(table.columns),
    rows: table.rows.map((row) => ({ cells: cells(row), style: rowStyle(row) })),
    total: table.total && cells(table.total),
  }
}

/** What paper.typ reads. */
export function typstData(layout: Layout): unknown {
  const { paper, rules } = layout
  return {
    documentTitle: [...paper.title, ...(paper.about ?? [])].join(' '),
    author: paper.heading.issuing,
    landscape: paper.orientation === 'landscape',
    margins: layout.marginsMm,
    pageNumber: rules.pageNumber,
    stamp: layout.stamp?.text ?? '',
    stampStyle: rules.stamp,
    draft: paper.draft ?? false,
    // Only what may fit one page is measured for it.
    short: mayFitOnePage(paper),
    body: rules.body,
    rowPaddingMm: paper.blocks.some((block) => block.kind === 'table' && block.columns.length > 10) ? 1.1 : 1.5,
    form: formData(layout),
    title: layout.title.map(({ text }) => text),
    titleStyle: rules.title,
    about: layout.about.map(({ text }) => text),
    aboutStyle: rules.about,
    subtitle: layout.subtitle?.text ?? null,
    subtitleStyle: rules.subtitle,
    underTitle: layout.underTitle,
    blocks: paper.blocks.map((block) => blockData(layout, block)),
    recipients: layout.recipients
      ? {
          title: layout.recipients.title.text,
          titleStyle: rules.recipients.titleStyle,
          item: rules.recipients.item,
          lines: layout.recipients.lines.map(({ text }) => text),
        }
      : null,
    hands: layout.hands.map((hand) => handData(rules, hand)),
    signGapMm: paper.annexLabel === undefined ? 24 : 15,
  }
}

function mayFitOnePage({ blocks }: Paper): boolean {
  if (blocks.some((block) => block.kind === 'pageBreak')) return false
  return blocks.reduce((lines, block) => lines + (block.kind === 'table' ? block.rows.length : 1), 0) <= 60
}

/** The heading as form.typ reads it. */
export function formData(layout: Layout): unknown {
  return {
    superior: layout.superior ?? null,
    issuing: layout.issuing,
    under: layout.rules.underIssuing,
    label: layout.label ?? null,
    banner: layout.banner,
    bannerRule: layout.rules.bannerRule,
    bannerShare: bannerShare(layout),
    placeDate: layout.placeDate,
  }
}

/** The banner never wraps, so its column is measured; on a wide sheet the two halves are equal. */
export function bannerShare(layout: Layout): number {
  const needed = Math.max(...layout.banner.map(({ text, style }) => bannerWidthMm(text, style)))
  return Math.min(0.68, Math.max(0.5, (needed + 4) / layout.contentWidthMm))
}
const bannerWidthMm = (text: string, style: TextStyle): number => text.length * style.sizePt * 0.62 * (25.4 / 72)

export function handData(rules: RuleSet, hand: Layout['hands'][number]): unknown {
  return {
    authority: hand.lines.slice(0, -1).map(({ text }) => text),
    position: hand.lines.at(-1)?.text ?? '',
    style: rules.signature,
    name: hand.name.text,
    nameStyle: rules.signer,
  }
}

function blockData(layout: Layout, block: Block): unknown {
  switch (block.kind) {
    case 'paragraph':
      return {
        kind: block.kind,
        text: block.text,
        lead: block.lead ?? null,
        align: block.align ?? null,
        style: block.style ?? null,
      }
    case 'list':
      return { kind: block.kind, items: block.items, numbered: block.numbered ?? false }
    case 'note':
      return { kind: block.kind, text: block.text, size: layout.rules.note }
    case 'table': {
      const { fit, head, rows, total } = layOutTable(layout, block)
      return {
        kind: 'table',
        fit,
        head: head.map((cell) => ({ ...cell, formula: cell.formula ?? false })),
        kinds: block.columns.map(({ kind }) => kind),
        rows,
        total: total ?? null,
        notes: block.notes ?? [],
        noteStyle: { ...layout.rules.note, sizePt: Math.min(layout.rules.note.sizePt, Math.max(9, fit.sizePt)) },
        rowHeightMm: block.rowHeightMm ?? null,
      }
    }
    default:
      return block
  }
}
