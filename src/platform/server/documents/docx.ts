import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Header,
  ImportedXmlComponent,
  type IParagraphOptions,
  type ISectionOptions,
  LineRuleType,
  Packer,
  PageBreak,
  PageNumber,
  PageOrientation,
  Paragraph,
  type ParagraphChild,
  Run,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from 'docx'
import { linesIn, textWidthMm } from './fitTable.ts'
import { A4_MM, bannerShare, type LaidCell, type Layout, layOut, layOutTable, type StyledText } from './layout.ts'
import { type Block, headerDepth, type Paper, type Table as PaperTable } from './paper.ts'
import type { TextStyle } from './ruleSet.ts'

const dxa = (mm: number): number => Math.round((mm / 25.4) * 1440)
const halfPoints = (pt: number): number => Math.round(pt * 2)
const twips = (pt: number): number => Math.round(pt * 20)

const NO_LINE = { style: BorderStyle.NONE, size: 0, color: 'auto' }
const NO_BORDERS = { top: NO_LINE, bottom: NO_LINE, left: NO_LINE, right: NO_LINE }
const THIN = { style: BorderStyle.SINGLE, size: 4, color: '000000' }
const HAIRLINE_BORDERS = { top: THIN, bottom: THIN, left: THIN, right: THIN }

/** See `toDocx`. */
export async function docxOf(papers: readonly Paper[]): Promise<Uint8Array> {
  const layouts = papers.map(layOut)
  const first = layouts[0]
  if (!first) throw new RangeError('a document needs at least one paper')
  const document = new Document({
    title: [...first.paper.title, ...(first.paper.about ?? [])].join(' '),
    creator: first.paper.heading.issuing,
    styles: {
      default: {
        document: {
          run: { font: first.rules.font, size: halfPoints(first.rules.body.sizePt), language: { value: 'vi-VN' } },
        },
      },
    },
    sections: layouts.map(section),
  })
  return new Uint8Array(await Packer.toBuffer(document))
}

function section(layout: Layout): ISectionOptions {
  const { paper, marginsMm, rules } = layout
  const footers = layout.stamp && { default: stampOf(layout.stamp), first: stampOf(layout.stamp) }
  return {
    properties: {
      titlePage: true,
      page: {
        size: {
          // The library turns the sheet itself: it wants the upright size.
          width: dxa(A4_MM.short),
          height: dxa(A4_MM.long),
          orientation: paper.orientation === 'landscape' ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT,
        },
        margin: {
          top: dxa(marginsMm.top),
          bottom: dxa(marginsMm.bottom),
          left: dxa(marginsMm.left),
          right: dxa(marginsMm.right),
          header: dxa(rules.pageNumber.fromTopMm),
          footer: dxa(Math.max(5, marginsMm.bottom - 8)),
        },
        pageNumbers: { start: 1 },
      },
    },
    headers: {
      first: new Header({ children: [line([], { children: mark(paper) })] }),
      default: new Header({ children: [pageNumber(layout)] }),
    },
    ...(footers && { footers }),
    children: [
      heading(layout),
      ...titles(layout),
      ...paper.blocks.flatMap((block) => body(layout, block)),
      ...foot(layout),
      // Word wants a paragraph after the last table.
      line([{ text: '', style: { sizePt: 1 } }]),
    ],
  }
}

function run({ text, style }: StyledText): TextRun {
  return new TextRun({
    text,
    size: halfPoints(style.sizePt),
    bold: style.bold ?? false,
    italics: style.italic ?? false,
    ...(style.underline && { underline: {} }),
  })
}

/** A line of a heading or a cell: no space around it. */
function line(texts: readonly StyledText[], options: IParagraphOptions = {}): Paragraph {
  // An empty line is as high as its own style, not as the document's body text.
  const size = texts[0]?.style.sizePt
  return new Paragraph({
    spacing: { before: 0, after: 0 },
    ...(size && { run: { size: halfPoints(size) } }),
    ...options,
    children: [...texts.map(run), ...(options.children ?? [])],
  })
}

const centred = (text: StyledText, options: IParagraphOptions = {}) =>
  line([text], { alignment: AlignmentType.CENTER, ...options })

/** A rule of a given length: an empty paragraph with a border, because a border on the words would wrap them. */
function rule(lengthMm: number, columnMm: number): Paragraph {
  const indent = dxa(Math.max(0, (columnMm - lengthMm) / 2))
  return new Paragraph({
    spacing: { before: 20, after: 0, line: 40, lineRule: LineRuleType.EXACT },
    indent: { left: indent, right: indent },
    border: { top: { style: BorderStyle.SINGLE, size: 6, space: 0, color: '000000' } },
    children: [],
  })
}

const CELL_SIDE_MM = 1.9

function heading(layout: Layout): Table {
  const bannerMm = layout.contentWidthMm * bannerShare(layout)
  const issuerMm = layout.contentWidthMm - bannerMm
  const { issuing } = layout
  const last = layout.banner.at(-1)!
  const issuer = [
    ...(layout.superior ? [centred(layout.superior)] : []),
    centred(issuing),
    ...(layout.rules.underIssuing === 'asterisk'
      ? [centred({ text: '*', style: { sizePt: issuing.style.sizePt } })]
      : []),
    ...(layout.rules.underIssuing === 'rule'
      ? [rule(textWidthMm(issuing.text, issuing.style.sizePt, true) * 0.45, issuerMm - 2 * CELL_SIDE_MM)]
      : []),
    ...(layout.label ? [centred(layout.label)] : []),
  ]
  const banner = [
    ...layout.banner.map((text) => centred(text)),
    rule(
      textWidthMm(last.text, last.style.sizePt, last.style.bold) * layout.rules.bannerRule,
      bannerMm - 2 * CELL_SIDE_MM,
    ),
    centred(layout.placeDate, { spacing: { before: twips(4), after: 0 } }),
  ]
  return plainGrid([issuer, banner], [issuerMm, bannerMm])
}

/** Side by side without lines: headings and signatures. */
function plainGrid(cells: readonly (readonly Paragraph[])[], widthsMm: readonly number[]): Table {
  return new Table({
    layout: TableLayoutType.FIXED,
    columnWidths: widthsMm.map(dxa),
    width: { size: dxa(widthsMm.reduce((a, b) => a + b, 0)), type: WidthType.DXA },
    borders: { ...NO_BORDERS, insideHorizontal: NO_LINE, insideVertical: NO_LINE },
    rows: [
      new TableRow({
        cantSplit: true,
        children: cells.map(
          (children, at) =>
            new TableCell({
              children: children.length ? children : [line([])],
              borders: NO_BORDERS,
              width: { size: dxa(widthsMm[at]!), type: WidthType.DXA },
            }),
        ),
      }),
    ],
  })
}

function titles(layout: Layout): Paragraph[] {
  const lines = [...layout.title, ...layout.about, ...(layout.subtitle ? [layout.subtitle] : [])]
  const under =
    layout.underTitle === 'dashes'
      ? [centred({ text: '-----', style: { sizePt: layout.rules.body.sizePt } })]
      : layout.underTitle === 'rule'
        ? [rule(30, layout.contentWidthMm)]
        : []
  return [
    ...lines.map((text, at) =>
      centred(text, {
        spacing: { before: at === 0 ? twips(layout.paper.annexLabel === undefined ? 14 : 6) : 0, after: 0 },
        keepNext: true,
      }),
    ),
    ...under,
    line([{ text: '', style: { sizePt: layout.paper.annexLabel === undefined ? 6 : 4 } }]),
  ]
}

function body(layout: Layout, block: Block): (Paragraph | Table)[] {
  const { rules } = layout
  const style: TextStyle = { sizePt: rules.body.sizePt }
  const spacing = { before: 0, after: twips(rules.body.paragraphGapPt), line: Math.round(240 * rules.body.lineSpacing) }
  const indent = { firstLine: dxa(rules.body.firstLineIndentMm) }
  const text = (words: string, more: Partial<TextStyle> = {}) => run({ text: words, style: { ...style, ...more } })
  switch (block.kind) {
    case 'heading':
      return [
        new Paragraph({
          spacing: { ...spacing, before: twips(rules.body.paragraphGapPt) },
          indent,
          keepNext: true,
          children: [text(block.text, { bold: true, italic: block.level === 2 })],
        }),
      ]
    case 'paragraph': {
      const children: ParagraphChild[] = [
        ...(block.lead ? [text(`${block.lead} `, { bold: true })] : []),
        text(block.text, { bold: block.style === 'bold', italic: block.style === 'italic' }),
      ]
      const alignment =
        block.align === 'center'
          ? AlignmentType.CENTER
          : block.align === 'left'
            ? AlignmentType.LEFT
            : AlignmentType.BOTH
      return [new Paragraph({ spacing, alignment, children, ...(block.align === undefined && { indent }) })]
    }
    case 'list':
      return block.items.map(
        (item, at) =>
          new Paragraph({
            spacing,
            indent,
            alignment: AlignmentType.BOTH,
            children: [text(`${block.numbered ? `${at + 1}.` : '-'} ${item}`)],
          }),
      )
    case 'note':
      return [note(layout, block.text)]
    case 'pageBreak':
      return [new Paragraph({ children: [new PageBreak()] })]
    case 'table':
      return [officialTable(layout, block), ...(block.notes ?? []).map((words) => note(layout, words))]
  }
}

function note(layout: Layout, words: string): Paragraph {
  const style = { ...layout.rules.note, sizePt: Math.min(layout.rules.note.sizePt, 10) }
  return line([{ text: words, style }], { spacing: { before: twips(4), after: 0 }, keepNext: true })
}

const ALIGNMENTS = {
  order: AlignmentType.CENTER,
  text: AlignmentType.LEFT,
  blank: AlignmentType.LEFT,
  count: AlignmentType.RIGHT,
  ratio: AlignmentType.RIGHT,
} as const

function officialTable(layout: Layout, block: PaperTable): Table {
  const { fit, head, rows, total } = layOutTable(layout, block)
  const { titles: titleRows, formulas } = headerDepth(block.columns)
  const rowMargin = twips(rowMarginPt(layout, block))
  const cell = (
    text: StyledText,
    at: number,
    alignment: (typeof AlignmentType)[keyof typeof AlignmentType],
    span = { rows: 1, columns: 1 },
    keepNext = false,
  ) =>
    new TableCell({
      children: [line([text], { alignment, keepNext })],
      borders: HAIRLINE_BORDERS,
      verticalAlign: VerticalAlignTable.CENTER,
      width: { size: dxa(sum(fit.widthsMm.slice(at, at + span.columns))), type: WidthType.DXA },
      rowSpan: span.rows,
      columnSpan: span.columns,
    })
  const headRows = Array.from({ length: titleRows + formulas }, (_, row) => {
    const own = head.filter((each) => each.row === row).sort((a, b) => a.column - b.column)
    return new TableRow({
      tableHeader: true,
      cantSplit: true,
      children: own.map((each) => {
        const style: TextStyle = each.formula
          ? { sizePt: fit.headSizePt - 0.5, italic: true }
          : { sizePt: fit.headSizePt, bold: true }
        return cell({ text: each.text, style }, each.column, AlignmentType.CENTER, each)
      }),
    })
  })
  const height = block.rowHeightMm && { height: { value: dxa(block.rowHeightMm), rule: 'atLeast' as const } }
  const bodyRow = (cells: readonly LaidCell[], bold: boolean, keepNext = false) =>
    new TableRow({
      cantSplit: true,
      ...(height || {}),
      children: cells.map(({ text, at, columns }) =>
        cell(
          { text, style: { sizePt: fit.sizePt, bold } },
          at,
          ALIGNMENTS[block.columns[at]!.kind],
          { rows: 1, columns },
          keepNext,
        ),
      ),
    })
  return new Table({
    layout: TableLayoutType.FIXED,
    columnWidths: fit.widthsMm.map(dxa),
    width: { size: dxa(layout.contentWidthMm), type: WidthType.DXA },
    margins: {
      marginUnitType: WidthType.DXA,
      top: rowMargin,
      bottom: rowMargin,
      left: dxa(fit.paddingMm - 0.2),
      right: dxa(fit.paddingMm - 0.2),
    },
    rows: [
      ...headRows,
      // The last rows stay with what follows, so that a signature never stands alone on its page.
      ...rows.map(({ cells, style }, at) => bodyRow(cells, style !== 'plain', at >= rows.length - 2)),
      ...(total ? [bodyRow(total, true, true)] : []),
    ],
  })
}

/** Word's single line is this much of the size in Times New Roman. */
const LINE = 1.15
/** Other programs break lines a little otherwise; this much of the page is left to them. */
const SPARE_PT = 10

/**
 * Space above and below a cell's words. A form of one table draws its rows together when that keeps it on one
 * page with its signature; the document cannot measure itself, so its height is reckoned here.
 */
function rowMarginPt(layout: Layout, block: PaperTable): number {
  const { paper, marginsMm, recipients, hands } = layout
  const usual = block.columns.length > 10 ? 0.9 : 1.5
  if (paper.blocks.length > 1 || block.rowHeightMm !== undefined) return usual
  const { fit, head } = layOutTable(layout, block)
  const lines = (texts: readonly StyledText[]) => sum(texts.map(({ style }) => style.sizePt * LINE))
  const pageMm = (paper.orientation === 'landscape' ? A4_MM.short : A4_MM.long) - marginsMm.top - marginsMm.bottom
  const issuer = [layout.superior, layout.issuing, layout.issuing, layout.label].filter((text) => text !== undefined)
  const headLines = head.map(
    (cell) =>
      cell.row +
      linesIn(
        cell.text,
        sum(fit.widthsMm.slice(cell.column, cell.column + cell.columns)) - 2 * fit.paddingMm,
        fit.headSizePt,
        true,
      ),
  )
  const deepest = Math.max(...headLines) * fit.headSizePt * LINE
  const notes = sum((block.notes ?? []).map((words) => linesIn(words, layout.contentWidthMm, 10) * LINE * 10 + 4))
  const signed = hands.length ? lines([...hands[0]!.lines, hands[0]!.name]) + 30 : 0
  const received = recipients ? lines([recipients.title, ...recipients.lines]) : 0
  const titled = [...layout.title, ...layout.about, ...(layout.subtitle ? [layout.subtitle] : [])]
  const fixed = lines(issuer) + lines(titled) + 11 + deepest + notes + 10 + Math.max(signed, received) + SPARE_PT
  const rows = block.rows.length + 3
  const margin = ((pageMm / 25.4) * 72 - fixed - rows * (fit.sizePt * LINE + 0.5)) / rows / 2
  return margin < 0.2 ? usual : Math.min(margin, 2.5)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

function foot(layout: Layout): (Paragraph | Table)[] {
  const { recipients, hands, paper } = layout
  if (!recipients && hands.length === 0) return []
  const signed = hands.map((hand) => [
    ...hand.lines.map((text) => centred(text)),
    centred(hand.name, { spacing: { before: twips(paper.annexLabel === undefined ? 68 : 30), after: 0 } }),
  ])
  const left = recipients
    ? [
        line([recipients.title], { children: [run({ text: ':', style: { sizePt: recipients.title.style.sizePt } })] }),
        ...recipients.lines.map(({ text, style }) => line([{ text: `- ${text}`, style }])),
      ]
    : undefined
  const cells = [...(left ? [left] : signed.length === 1 ? [[]] : []), ...signed]
  return [
    line([{ text: '', style: { sizePt: 8 } }], { keepNext: true }),
    plainGrid(
      cells,
      cells.map(() => layout.contentWidthMm / cells.length),
    ),
  ]
}

const stampOf = (stamp: StyledText) => new Footer({ children: [line([stamp])] })

function pageNumber(layout: Layout): Paragraph {
  return line([], {
    alignment: AlignmentType.CENTER,
    children: [
      new TextRun({ children: [PageNumber.CURRENT], size: halfPoints(layout.rules.pageNumber.sizePt) }),
      ...mark(layout.paper),
    ],
  })
}

/** «DỰ THẢO» behind the words, as Word's own watermark is written: VML is the only form Word offers for it. */
function mark(paper: Paper): ParagraphChild[] {
  if (!paper.draft) return []
  const picture = ImportedXmlComponent.fromXmlString(
    '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">' +
      '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">' +
      '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>' +
      '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>' +
      '<v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136" fillcolor="#e2e2e2" stroked="f" style="position:absolute;margin-left:0;margin-top:0;width:400pt;height:110pt;rotation:328;z-index:-251658240;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin">' +
      '<v:textpath style="font-family:&quot;Times New Roman&quot;;font-weight:bold" string="DỰ THẢO"/></v:shape></w:pict>',
  )
  const marked = new Run({})
  marked.addChildElement(picture)
  return [marked]
}
