import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import mammoth from 'mammoth'
import { extractText, getDocumentProxy } from 'unpdf'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { bieu1, columns } from './bieu1.fixture.ts'
import { fitTable } from './fitTable.ts'
import {
  authorityLine,
  type Column,
  type Paper,
  paperForms,
  paperFormsPdf,
  printDate,
  programmePaper,
  RuleSet,
  rollSheetPdf,
  ruleSets,
  type SummonsFile,
  sealedSlipPdf,
  stopDocuments,
  summonsPdf,
  toDocx,
  toPdf,
  toXlsx,
} from './index.ts'
import { headerCells, headerDepth } from './paper.ts'
import { qrBytes } from './qr.ts'

after(stopDocuments)

const printed = ['97.319', '64.809', '236', '62.221', '96,0%', '63,9%', '230', '8.540', '70.761', '72,7%', '26.558']

async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(pdf.slice()), { mergePages: false })
  return text
}
const wordsOf = async (pdf: Uint8Array): Promise<string> => (await pagesOf(pdf)).join('\n')

/** An independent reader of the zip: the central directory, then each part. */
function unzip(file: Uint8Array): Map<string, string> {
  const bytes = Buffer.from(file)
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = bytes.readUInt32LE(end + 16)
  const parts = new Map<string, string>()
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, name, extra, comment] = [at + 10, at + 20, at + 28, at + 30, at + 32].map((where, i) =>
      i === 1 ? bytes.readUInt32LE(where) : bytes.readUInt16LE(where),
    ) as [number, number, number, number, number]
    const local = bytes.readUInt32LE(at + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const raw = bytes.subarray(start, start + size)
    parts.set(
      bytes.toString('utf8', at + 46, at + 46 + name),
      (method === 8 ? inflateRawSync(raw) : raw).toString('utf8'),
    )
    at += 46 + name + extra + comment
  }
  return parts
}

/** The cells of a sheet as Excel stores them: a number stays a number. */
function sheetRows(parts: Map<string, string>, sheet = 'xl/worksheets/sheet1.xml'): (string | number | undefined)[][] {
  const strings = [...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, si]) =>
    si!.replace(/<[^>]+>/g, ''),
  )
  return [...parts.get(sheet)!.matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, cells]) =>
    [...(cells ?? '').matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes, inner]) => {
      const value = inner?.match(/<v>(.*?)<\/v>/)?.[1]
      if (value === undefined) return undefined
      return attributes!.includes('t="s"') ? strings[Number(value)] : Number(value)
    }),
  )
}

test('the report says the same numbers when other programs read its PDF, DOCX and XLSX', async () => {
  const paper = bieu1()
  const [pdf, docx, xlsx] = await Promise.all([toPdf(paper), toDocx(paper), toXlsx(paper)])
  const inPdf = await wordsOf(pdf)
  const inDocx = (await mammoth.extractRawText({ buffer: Buffer.from(docx) })).value
  for (const figure of printed) {
    assert.ok(inPdf.includes(figure), `the PDF lacks ${figure}`)
    assert.ok(inDocx.includes(figure), `the DOCX lacks ${figure}`)
  }
  const total = sheetRows(unzip(xlsx)).find((row) => row[1] === 'Tổng cộng')
  assert.deepEqual(total?.slice(4, 17), [
    97319,
    64809,
    236,
    62221,
    0,
    62221,
    '96,0%',
    '63,9%',
    230,
    8540,
    70761,
    '72,7%',
    26558,
  ])
})

test('a form of sixteen units stands on one page with its signature; its words are NFC', async () => {
  const pages = await pagesOf(await toPdf(bieu1()))
  assert.equal(pages.length, 1)
  assert.match(pages[0]!, /Ngô Thị Minh Hạnh/)
  assert.equal(pages[0], pages[0]!.normalize('NFC'))
  assert.match(pages[0]!, /Số liệu chốt lúc 17 giờ 00, ngày 05\/5\/2021, bản 2. Mã đối chiếu: 5f1c 0a9b e27d 4e81/)
})

test('a form of 269 communes repeats its head on every page, and its signature keeps two rows and the total', async () => {
  const pages = await pagesOf(await toPdf(bieu1(269, { draft: true })))
  assert.ok(pages.length > 5)
  for (const page of pages.slice(0, -1)) assert.match(page, /Dự tại\s+điểm cầu/)
  assert.match(pages.at(-1)!, /268 Xã .*269 Xã .*Tổng cộng.*Ngô Thị Minh Hạnh/s)
  assert.doesNotMatch(pages[0]!, /^\s*1\s*$/m)
  for (const page of pages) assert.match(page, /DỰ THẢO/)
})

test('only Tinos is inside the PDF, and it calls itself PDF/A-2b', async () => {
  const raw = Buffer.from(await toPdf(bieu1())).toString('latin1')
  const fonts = [...raw.matchAll(/\/FontName\s*\/(\S+)/g)].map(([, name]) => name!.replace(/^\w+\+/, ''))
  assert.ok(fonts.length >= 3)
  assert.deepEqual(
    fonts.filter((name) => !name.startsWith('Tinos-')),
    [],
  )
  assert.match(raw, /pdfaid:part>2</)
  assert.match(raw, /pdfaid:conformance>B</)
})

test('no word of a unit becomes an order to the typesetter, to Word or to Excel', async () => {
  const wicked = '#panic("x") *đậm* $x^2$ <b>&amp;</b> =HYPERLINK("a") \\ @preview'
  const paper = bieu1(4, { about: [wicked] })
  assert.ok((await wordsOf(await toPdf(paper))).replace(/\s+/g, ' ').includes(wicked))
  assert.ok((await mammoth.extractRawText({ buffer: Buffer.from(await toDocx(paper)) })).value.includes(wicked))
  assert.doesNotMatch(unzip(await toXlsx(paper)).get('xl/worksheets/sheet1.xml')!, /<f>/)
})

test('Excel finds nothing to repair: names with spaces are quoted, no two merged cells overlap', async () => {
  const parts = unzip(await toXlsx(bieu1()))
  assert.match(
    parts.get('xl/workbook.xml')!,
    /_xlnm\.Print_Titles"[^>]*>(?:'|&apos;)Biểu số 1(?:'|&apos;)!\$\d+:\$\d+</,
  )
  const squares = new Set<string>()
  const merges = [...parts.get('xl/worksheets/sheet1.xml')!.matchAll(/<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"/g)]
  assert.ok(merges.length > 20)
  for (const [, left, top, right, bottom] of merges)
    for (let row = Number(top); row <= Number(bottom); row++)
      for (let column = left!.charCodeAt(0); column <= right!.charCodeAt(0); column++) {
        assert.ok(!squares.has(`${row},${column}`), `two merged cells at row ${row}`)
        squares.add(`${row},${column}`)
      }
})

test('decomposed letters from an old keyboard are composed, and official spelling is left alone', async () => {
  const paper = bieu1(1, { title: ['Uỷ ban hoà giải'.normalize('NFD')] })
  assert.match(await wordsOf(await toPdf(paper)), /UỶ BAN HOÀ GIẢI/)
})

test('a row with a cell too few, and a count that is not whole, are refused', async () => {
  const table = (row: (number | string)[]): Paper => bieu1(1, { blocks: [{ kind: 'table', columns, rows: [row] }] })
  await assert.rejects(toPdf(table(['1', 'Xã'])), /2 cells, the table 23 columns/)
  await assert.rejects(toDocx(table(['1', 'Xã', ...columns.slice(2).map(() => 0.5)])), /whole number/)
})

test('a report and its annex make one file; the annex begins its own pages', async () => {
  const report: Paper = {
    ruleSet: 'state',
    orientation: 'portrait',
    heading: {
      superior: 'Uỷ ban nhân dân tỉnh',
      issuing: 'Sở Nội vụ',
      number: { symbol: 'BC-SNV' },
      place: 'Bắc Giang',
      date: { day: 5, month: 2, year: 2021 },
    },
    title: ['Báo cáo'],
    about: ['kết quả học tập'],
    blocks: [
      { kind: 'heading', level: 1, text: '1. Kết quả' },
      { kind: 'paragraph', lead: 'Chung:', text: 'Đã học 70.761 người.' },
      { kind: 'list', items: ['Việc thứ nhất', 'Việc thứ hai'], numbered: true },
      { kind: 'pageBreak' },
      { kind: 'note', text: 'Hết.' },
    ],
    signature: { authority: [authorityLine('state', 'inPlace', 'Giám đốc')], position: 'Phó Giám đốc' },
  }
  const pages = await pagesOf(await toPdf([report, bieu1(40)]))
  assert.match(pages[0]!, /Số: +\/BC-SNV.*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM.*ngày 05 tháng 02 năm 2021/s)
  assert.match(pages[1]!, /^\s*2\b.*KT\. GIÁM ĐỐC/s)
  assert.match(pages[2]!, /^\s*TỈNH UỶ/)
  assert.match(pages[3]!, /^\s*2\b/)
  const docx = unzip(await toDocx([report, bieu1(4)])).get('word/document.xml')!
  assert.equal(docx.match(/<w:sectPr/g)?.length, 2)
  assert.match(docx, /w:orient="landscape"/)
  assert.match(docx, /<w:tblHeader\/>/)
  assert.equal(
    sheetRows(unzip(await toXlsx([report, bieu1(4)])), 'xl/worksheets/sheet2.xml').some(
      (row) => row[1] === 'Tổng cộng',
    ),
    true,
  )
})

test('days under ten and months under three carry a nought; what is not known stays open', () => {
  assert.equal(printDate({ day: 5, month: 5, year: 2021 }), 'ngày 05 tháng 5 năm 2021')
  assert.equal(printDate({ day: 21, month: 2, year: 2021 }), 'ngày 21 tháng 02 năm 2021')
  assert.match(printDate({ year: 2021 }), /^ngày \u00a0+ tháng \u00a0+ năm 2021$/)
})

test('an office may edit its margins, and a wrong one is named', () => {
  const own = structuredClone(ruleSets.party)
  own.marginsMm.portrait.left = 35
  assert.equal(RuleSet.parse(own).marginsMm.portrait.left, 35)
  own.marginsMm.portrait.left = 350
  const judged = RuleSet.safeParse(own)
  assert.deepEqual(judged.error?.issues[0]?.path, ['marginsMm', 'portrait', 'left'])
})

const anyColumns: fc.Arbitrary<Column[]> = fc.array(
  fc.record({
    title: fc.constantFrom('TT', 'Đơn vị', 'Thuộc diện', 'Vắng có lý do', 'Dự trên thiết bị cá nhân'),
    kind: fc.constantFrom('order', 'text', 'count', 'ratio', 'blank'),
    groups: fc.array(fc.constantFrom('Tham dự', 'Tỷ lệ', 'Lý do'), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 26 },
)

test('the head of any table covers each of its squares exactly once', () => {
  fc.assert(
    fc.property(anyColumns, (some) => {
      const { titles, formulas } = headerDepth(some)
      const squares = new Set<string>()
      for (const cell of headerCells(some))
        for (let row = cell.row; row < cell.row + cell.rows; row++)
          for (let column = cell.column; column < cell.column + cell.columns; column++) {
            assert.ok(!squares.has(`${row},${column}`))
            squares.add(`${row},${column}`)
          }
      assert.equal(squares.size, (titles + formulas) * some.length)
    }),
  )
})

test('whatever a table holds, its columns fill the sheet exactly and its letters keep their least size', () => {
  fc.assert(
    fc.property(
      anyColumns,
      fc.integer({ min: 0, max: 99_999_999 }),
      fc.integer({ min: 100, max: 270 }),
      (some, count, width) => {
        const row = some.map(({ kind }) => (kind === 'count' ? count : 'Đảng uỷ xã'))
        const fit = fitTable({ kind: 'table', columns: some, rows: [row] }, width, 12, 8.5)
        assert.ok(Math.abs(fit.widthsMm.reduce((a, b) => a + b, 0) - width) < 0.01)
        assert.ok(fit.sizePt >= 8.5 && fit.sizePt <= 12 && fit.widthsMm.every((each) => each > 0))
      },
    ),
  )
})

const at = (local: string) => new Date(`${local}+07:00`)
const heading = {
  superior: 'Huyện uỷ Yên Thế',
  issuing: 'Văn phòng',
  number: { symbol: 'GTT/HU' },
  place: 'Yên Thế',
  date: { day: 5, month: 3, year: 2021 },
}
const conference = {
  name: 'Hội nghị học tập Nghị quyết Đại hội XIII',
  sessions: [
    { name: 'Buổi sáng', startsAt: at('2021-03-27T07:30'), endsAt: at('2021-03-27T11:30') },
    { name: 'Buổi chiều', startsAt: at('2021-03-27T13:30') },
  ],
  programme: ['Báo cáo chính trị', 'Hỏi đáp 60 phút'],
  bring: ['sổ ghi chép'],
  contact: 'đồng chí Lương Thị Ngân, 0204.000.000',
}
const summons = (people: SummonsFile['people']): SummonsFile => ({
  ruleSet: 'party',
  heading,
  unit: 'Đảng bộ xã Đồng Tâm',
  conference,
  people,
  signature: {
    authority: [authorityLine('party', 'byOrder', 'Ban Thường vụ')],
    position: 'Chánh Văn phòng',
    name: 'Đỗ Văn Quyết',
  },
})
const huong = {
  name: 'Nguyễn Thị Hường',
  cell: 'Chi bộ thôn Đồng Kỳ',
  birthYear: 1960,
  doorCode: 'KQ7MXP2A',
  qr: 'DC1.KQ7MXP2A',
}

test('each summoned person reads where to go and when, and finds the door code in two groups', async () => {
  const words = await wordsOf(
    await summonsPdf(
      summons([
        { ...huong, site: { name: 'Hội trường xã Đồng Tâm', seat: 'dãy C' }, sessions: ['Buổi sáng'] },
        { ...huong, name: 'Hoàng Đình Vũ', doorCode: 'ABCDEFGH' },
      ]),
    ),
  )
  assert.match(words, /GIẤY TRIỆU TẬP/)
  assert.match(words, /Nguyễn Thị Hường \(sinh năm 1960\)/)
  assert.match(words, /Buổi sáng: 7 giờ 30 đến 11 giờ 30, thứ Bảy, ngày 27 tháng 3 năm 2021/)
  assert.match(words, /Hội trường xã Đồng Tâm, dãy C/)
  assert.match(words, /KQ7M XP2A/)
  assert.match(words, /Hoàng Đình Vũ.*trên thiết bị của đồng chí/s)
})

test('a door code that is not eight letters, and a session of another conference, are refused', async () => {
  await assert.rejects(summonsPdf(summons([{ ...huong, doorCode: 'KQ7M' }])), /eight letters/)
  await assert.rejects(summonsPdf(summons([{ ...huong, sessions: ['Buổi tối'] }])), /no session «Buổi tối»/)
  await assert.rejects(summonsPdf(summons([])), /1 to 1500 people/)
})

test('two on a sheet: five people take three sheets, or five small ones', async () => {
  const five = summons(Array.from({ length: 5 }, () => huong))
  assert.equal((await pagesOf(await summonsPdf(five))).length, 3)
  assert.equal((await pagesOf(await summonsPdf({ ...five, layout: 'a5' }))).length, 5)
})

test('a scanner reads from the printed picture what was put into it', async () => {
  const text = 'https://diemcau.example/v/k7Qm-2xPa-9RtW'
  const { bytes, places } = qrBytes(['DC1.ABCDEFGH', text])
  const { at: start, modules } = places[1]!
  const [scale, edge] = [4, 16]
  const side = modules * scale + 2 * edge
  const data = new Uint8ClampedArray(side * side * 4).fill(255)
  for (let y = 0; y < modules * scale; y++)
    for (let x = 0; x < modules * scale; x++) {
      const grey = bytes[start + Math.floor(y / scale) * modules + Math.floor(x / scale)]!
      data.fill(grey, ((y + edge) * side + x + edge) * 4, ((y + edge) * side + x + edge) * 4 + 3)
    }
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')))
  prepareZXingModule({ overrides: { wasmBinary: wasm.buffer as ArrayBuffer } })
  const read = await readBarcodes({ data, width: side, height: side, colorSpace: 'srgb' } as never, {
    formats: ['QRCode'],
  })
  assert.equal(read[0]?.text, text)
})

test('a sealed slip carries one link, its owner outside and its last day inside', async () => {
  const link = 'https://diemcau.example/v/k7Qm-2xPa-9RtW'
  const pages = await pagesOf(
    await sealedSlipPdf({
      issuing: 'Văn phòng Huyện uỷ',
      name: 'Nguyễn Thị Hường',
      unit: 'Chi bộ thôn Đồng Kỳ',
      link,
      qr: link,
      validUntil: at('2021-06-30T23:59'),
      howTo: ['Mở máy ảnh của điện thoại.'],
    }),
  )
  assert.equal(pages.length, 1)
  assert.match(pages[0]!, /Kính gửi đồng chí\s+Nguyễn Thị Hường.*23 giờ 59, ngày 30\/6\/2021/s)
  assert.ok(pages[0]!.includes(link))
})

const formOf = { ruleSet: 'party', heading: { ...heading }, conference: { name: conference.name } } as const
const sessions = [
  {
    name: 'Buổi sáng',
    startsAt: at('2021-03-27T07:30'),
    topics: [
      { title: 'Chuyên đề 1', deliverMinutes: 120, questionMinutes: 30 },
      { title: 'Chuyên đề 2', deliverMinutes: 60, questionMinutes: 20 },
    ],
  },
]

test('a hall of forty signs on paper: everybody has a numbered line, and five lines are left for guests', async () => {
  const people = Array.from({ length: 40 }, (_, i) => ({ name: `Nguyễn Văn ${i + 1}`, cell: 'Chi bộ thôn 1' }))
  const words = await wordsOf(
    await rollSheetPdf({
      ...formOf,
      site: { name: 'Hội trường xã' },
      checkpoint: { name: 'Mở đầu', at: at('2021-03-27T07:45') },
      people,
    }),
  )
  assert.match(words, /40\s+Nguyễn Văn 40/)
  assert.match(words, /07 giờ 45, ngày 27\/3\/2021/)
  assert.match(words, /Danh sách có 40 đồng chí/)
})

test('the printed programme shows the minutes kept for questions, and their sum', () => {
  const table = programmePaper({ ...formOf, sessions }).blocks.find((block) => block.kind === 'table')
  assert.deepEqual(table?.total, [undefined, 'Cộng', undefined, 180, 50])
})

test('a conference on paper only numbers its copies through all halls, each once, to be given back', async () => {
  const person = { name: 'Nguyễn Thị Hường', cell: 'Chi bộ 1' }
  const forms = {
    ...formOf,
    sessions,
    checkpoints: [{ name: 'Mở đầu', at: at('2021-03-27T07:45') }],
    sites: [
      { name: 'Hội trường A', people: [person] },
      { name: 'Hội trường B', people: [person, person] },
    ],
    documents: [{ title: 'Tài liệu 1', copies: { 'Hội trường A': 2, 'Hội trường B': 3 } }],
  }
  const papers = paperForms(forms)
  const numbers = papers
    .filter((paper) => paper.title[0]?.startsWith('Danh sách giao'))
    .flatMap((paper) =>
      paper.blocks.flatMap((block) =>
        block.kind === 'table' ? block.rows.map((row) => ('cells' in row ? row.cells : row)[0]) : [],
      ),
    )
  assert.deepEqual(numbers, ['01', '02', '03', '04', '05'])
  assert.equal(papers.length, 7)
  const words = await wordsOf(await paperFormsPdf(forms))
  assert.match(words, /Bộ biểu mẫu giấy, bản số 07\/07/)
})
