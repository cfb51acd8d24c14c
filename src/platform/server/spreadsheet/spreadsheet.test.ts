import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import {
  type Column,
  parseDay,
  type ReadOptions,
  readTable,
  type TableRefusal,
  TableRefused,
  writeCsv,
  writeXlsx,
} from './index.ts'
import { deflatedTimes, type Entry, workbookParts, zipOf } from './testing.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-tables-'))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const people: Column<'code' | 'name' | 'born' | 'unit'>[] = [
  { key: 'code', header: 'Mã số', kind: 'code', filled: true },
  { key: 'name', header: 'Họ và tên', synonyms: ['Họ tên'], required: true },
  { key: 'born', header: 'Ngày sinh', synonyms: ['Năm sinh'], kind: 'date' },
  { key: 'unit', header: 'Mã đơn vị', synonyms: ['Đơn vị', 'Chi bộ'], required: true, kind: 'code' },
]
const csv = `Mã số,Họ và tên,Ngày sinh,Mã đơn vị\n0001,Nguyễn Thị Hạnh,20/03/1947,K03.X03.01\n0002,Đặng Văn Trường,1969,K03.X03.01\n`
const read = async (source: string | Buffer, options: Partial<ReadOptions> = {}) => {
  const table = await readTable(source, { fileName: 'danh-sach', expect: people, ...options })
  const rows = []
  for await (const row of table.rows) rows.push(row)
  return { ...table, rows }
}
const refuses = (because: TableRefusal, reading: Promise<unknown>) =>
  assert.rejects(reading, (error) => {
    assert.ok(error instanceof TableRefused, String(error))
    assert.equal(error.because, because)
    return true
  })
const understood = [
  { line: 2, cells: { code: '0001', name: 'Nguyễn Thị Hạnh', born: '1947-03-20', unit: 'K03.X03.01' } },
  { line: 3, cells: { code: '0002', name: 'Đặng Văn Trường', born: '1969', unit: 'K03.X03.01' } },
]

// --- letters ---

/** windows-1258 keeps the tone apart from its letter. */
const in1258 = (text: string) =>
  iconv.encode(
    text.replace(/[^\0-\x7f]/gu, (letter) => {
      const apart = letter.normalize('NFD')
      const tone = /[\u0300\u0301\u0303\u0309\u0323]/.exec(apart)?.[0] ?? ''
      return apart.replace(tone, '').normalize('NFC') + tone
    }),
    'windows-1258',
  )
const encoded: [string, Buffer][] = [
  ['utf-8', Buffer.from(csv)],
  ['utf-8', Buffer.from(`\uFEFF${csv}`)],
  ['utf-8', Buffer.from(csv.normalize('NFD'))],
  ['utf-16le', Buffer.from(`\uFEFF${csv}`, 'utf16le')],
  ['utf-16le', Buffer.from(csv, 'utf16le')],
  ['utf-16be', Buffer.from(`\uFEFF${csv}`, 'utf16le').swap16()],
  ['windows-1258', in1258(csv)],
  ['tcvn3', iconv.encode(csv, 'tcvn')],
  [
    'vni',
    iconv.encode(
      'Maõ soá,Hoï vaø teân,Ngaøy sinh,Maõ ñôn vò\n0001,Nguyeãn Thò Haïnh,20/03/1947,K03.X03.01\n0002,Ñaëng Vaên Tröôøng,1969,K03.X03.01\n',
      'windows-1252',
    ),
  ],
]
for (const [encoding, bytes] of encoded)
  test(`a list saved in ${encoding} (${bytes.length} bytes) reads as it was written`, async () => {
    const table = await read(bytes)
    assert.equal(table.encoding, encoding)
    assert.deepEqual(table.rows, understood)
  })

test('letters that make no Vietnamese word are asked about, and a chosen encoding is believed', async () => {
  const bytes = Buffer.from([...Buffer.from('Ma so,Ho ten,Don vi\n1,'), 0xff, 0xfe, 0xd3, 0x81, 0xf1, 0xf1, 0x0a])
  await refuses('encodingUnknown', read(bytes))
  assert.equal((await read(iconv.encode(csv, 'tcvn'), { encoding: 'tcvn3' })).rows.length, 2)
  await refuses('encodingUnknown', read(iconv.encode(csv, 'tcvn'), { encoding: 'utf-8' }))
})

// --- delimiters and headers ---

test('semicolons and tabs are found, also where cells hold decimal commas', async () => {
  const semicolons = csv.replaceAll(',', ';').replace('Hạnh', 'Hạnh, 96,5')
  const found = await read(Buffer.from(semicolons))
  assert.equal(found.delimiter, ';')
  assert.equal(found.rows[0]?.cells.name, 'Nguyễn Thị Hạnh, 96,5')
  assert.equal((await read(Buffer.from(csv.replaceAll(',', '\t')))).delimiter, '\t')
})
test('headers match in any order and spelling, under their other names, below a title; unknown ones are set aside', async () => {
  const table = await read(
    Buffer.from(
      'DANH SÁCH ĐẢNG VIÊN,,,\n,,,\nGiới tính,CHI  BO (mã),Ho va ten *,"Ngày sinh\n(dd/mm/yyyy)",MÃ SỐ:\nNữ,K03,Lê Thị Mai,1/2/1980,7\n',
    ),
  )
  assert.deepEqual(table.columns.unknown, ['Giới tính'])
  assert.equal(table.headerLine, 3)
  assert.deepEqual(table.rows, [{ line: 5, cells: { code: '7', name: 'Lê Thị Mai', born: '1980-02-01', unit: 'K03' } }])
})
test('a column the file lacks is no cell at all, and is told', async () => {
  const table = await read(Buffer.from('Họ tên,Mã đơn vị\nLê Thị Mai,K03\n'))
  assert.deepEqual(table.columns.missing, ['Mã số', 'Ngày sinh'])
  assert.deepEqual(table.rows[0]?.cells, { name: 'Lê Thị Mai', unit: 'K03' })
})
test('a column’s own name goes before its other names', async () => {
  const table = await read(Buffer.from('Đơn vị,Mã đơn vị,Họ tên\nChi bộ thôn 3,K03,Lê Thị Mai\n'))
  assert.equal(table.rows[0]?.cells.unit, 'K03')
  assert.deepEqual(table.columns.unknown, ['Đơn vị'])
})
test('files without header, without a needed column, with one twice, or empty are refused', async () => {
  await refuses('noHeader', read(Buffer.from(csv.split('\n').slice(1).join('\n'))))
  await refuses('missingColumn', read(Buffer.from('Mã số,Họ tên\n1,Lê Thị Mai\n')))
  await refuses('duplicateColumn', read(Buffer.from('Họ và tên,Mã đơn vị,HO VA TEN\na,b,c\n')))
  await refuses('emptyFile', read(Buffer.from('')))
  await refuses('emptyFile', read(Buffer.from('\n\n , \n')))
})

// --- cells ---

test('formulas are told and not calculated, in CSV and in XLSX, whatever result the file claims', async () => {
  const inCsv = await read(Buffer.from('Mã số,Họ tên,Mã đơn vị\n1,=HYPERLINK("x"),K03\n'))
  assert.deepEqual(
    inCsv.rows[0]?.problems?.map(({ key, problem }) => [key, problem]),
    [['name', 'formulaCell']],
  )
  const data =
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Mã số</t></is></c><c r="B1" t="inlineStr"><is><t>Họ và tên</t></is></c><c r="C1" t="inlineStr"><is><t>Mã đơn vị</t></is></c></row>' +
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><f>A1&amp;"x"</f><v>Tin tôi đi</v></c><c r="C2" t="inlineStr"><is><t>K03</t></is></c></row>'
  const { rows } = await read(zipOf(workbookParts([{ name: 'a', data }])))
  assert.deepEqual(rows[0]?.problems, [{ key: 'name', column: 'Họ và tên', problem: 'formulaCell', value: '=A1&"x"' }])
  assert.ok(!JSON.stringify(rows).includes('Tin tôi đi'))
})
test('an empty cell that must be filled, a wrong date, an error and a rounded code are problems of their line', async () => {
  const { rows } = await read(
    Buffer.from('Mã số,Họ tên,Ngày sinh,Mã đơn vị\n,Lê Thị Mai,31/02/1980,K03\n1.23E+11,Lê Mai,,K03\n'),
  )
  assert.deepEqual(
    rows.map((row) => row.problems?.map(({ key, problem }) => `${row.line} ${key} ${problem}`)),
    [['2 code emptyCell', '2 born notADate'], ['3 code roundedNumber']],
  )
})
test('a workbook’s day counts, padded codes, shared strings, gaps and escapes read as they are seen', async () => {
  const header = ['A', 'B', 'C', 'E'].map((column, at) => `<c r="${column}3" t="s"><v>${at}</v></c>`).join('')
  const data =
    `<row r="1"/><row r="3">${header}</row>` +
    '<row r="5"><c r="A5" s="2"><v>17</v></c><c r="B5" t="s"><v>4</v></c><c r="C5" s="1"><v>17246</v></c><c r="E5"><v>301</v></c><c r="XFD5" s="1"/></row>' +
    '<row r="6"><c r="A6"><v>18</v></c><c r="B6" t="inlineStr"><is><r><t>Lê </t></r><r><t xml:space="preserve">Mai </t></r><rPh><t>x</t></rPh></is></c><c r="C6"><v>1958</v></c><c r="E6" t="str"><v>K_x0030_3</v></c></row>'
  const strings = ['Mã số', 'Họ và tên', 'Ngày sinh', 'Mã đơn vị', 'Trần &amp; &#272;&#x1ee9;c']
  const parts = workbookParts(
    [
      { name: 'Ẩn', data: '', hidden: true },
      { name: 'Bìa', data: '<row r="1"><c r="A1" t="inlineStr"><is><t>Bìa</t></is></c></row>' },
      { name: 'Danh sách', data },
    ],
    { strings, numberFormats: ['00000000'] },
  )
  const { sheet, sheets, rows } = await read(zipOf(parts))
  assert.deepEqual([sheet, sheets], ['Danh sách', ['Bìa', 'Danh sách']])
  assert.deepEqual(rows, [
    { line: 5, cells: { code: '00000017', name: 'Trần & Đức', born: '1947-03-20', unit: '301' } },
    { line: 6, cells: { code: '18', name: 'Lê Mai', born: '1958', unit: 'K03' } },
  ])
})
test('days are read as Vietnamese write them, and impossible ones are none', () => {
  assert.equal(parseDay('20-3-1947'), '1947-03-20')
  assert.equal(parseDay('03/1947'), '1947-03')
  assert.equal(parseDay('1947-03-20T00:00:00'), '1947-03-20')
  for (const wrong of ['30/02/2020', '13/13/2020', 'hôm qua', '1/1/19', '20/03/19470'])
    assert.equal(parseDay(wrong), undefined)
})
test('lines are counted as an editor shows them, also after a cell of several lines', async () => {
  const { rows } = await read(Buffer.from('Mã số,Họ tên,Mã đơn vị\r\n\r\n1,"Lê\r\nMai",K03\r\n2,Trần Đức,K03\r\n'))
  assert.deepEqual(
    rows.map(({ line, cells }) => [line, cells.name]),
    [
      [3, 'Lê Mai'],
      [5, 'Trần Đức'],
    ],
  )
})

// --- files that are no tables, or mean harm ---

test('what is no table is named for what it is', async () => {
  const ole = Buffer.from('d0cf11e0a1b11ae1', 'hex')
  await refuses('oldXls', read(Buffer.concat([ole, Buffer.alloc(2000)])))
  await refuses('encrypted', read(Buffer.concat([ole, Buffer.alloc(900), Buffer.from('EncryptedPackage', 'utf16le')])))
  await refuses('notATable', read(Buffer.from('%PDF-1.7 …')))
  await refuses('notATable', read(Buffer.from('\uFEFF<html><table><tr><td>Mã số</td></tr></table></html>')))
  await refuses('notATable', read(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0, 0, 1])))
  await refuses('notATable', read(zipOf([{ name: 'word/document.xml', content: '<x/>' }])))
  await refuses('notATable', read(zipOf(workbookParts([{ name: 'a', data: '' }])).subarray(0, 400)))
  const parts = workbookParts([{ name: 'a', data: '' }])
  await refuses('macroFile', read(zipOf([...parts, { name: 'xl/vbaProject.bin', content: 'x' }])))
  await refuses(
    'notATable',
    read(
      zipOf(
        parts.map((part) =>
          part.name === 'xl/workbook.xml' ? { ...part, content: '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>' } : part,
        ),
      ),
    ),
  )
})

const bombHead =
  '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Mã số</t></is></c><c r="B1" t="inlineStr"><is><t>Họ tên</t></is></c><c r="C1" t="inlineStr"><is><t>Mã đơn vị</t></is></c></row>'
const bombRow =
  '<row><c t="inlineStr"><is><t>1</t></is></c><c t="inlineStr"><is><t>Lê Thị Mai</t></is></c><c t="inlineStr"><is><t>K03</t></is></c></row>'
const megabyte = bombRow.repeat(Math.ceil(1_000_000 / Buffer.byteLength(bombRow)))
test('an archive that swells to 480 MB is refused, whether its header admits it or lies', async () => {
  const sheet = await deflatedTimes(bombHead, megabyte, 480, '</sheetData></worksheet>')
  assert.ok(sheet.length < 5_000_000)
  const bomb = (claimedBytes: number): Buffer => {
    const parts: Entry[] = workbookParts([{ name: 'a', data: '' }]).slice(0, -1)
    return zipOf([...parts, { name: 'xl/worksheets/sheet1.xml', content: '', deflated: sheet, claimedBytes }])
  }
  const before = process.memoryUsage().rss
  await refuses('zipBomb', read(bomb(480_000_000)))
  await refuses('zipBomb', read(bomb(1_000)))
  assert.ok(process.memoryUsage().rss - before < 250_000_000)
})
test('an archive of many thousand entries is refused', () =>
  refuses('zipBomb', read(zipOf(Array.from({ length: 2_001 }, (_, at) => ({ name: `a${at}`, content: '' }))))))
test('files too big, too long, too wide or without end are refused in time', async () => {
  await refuses('tooBig', read(Buffer.from(csv), { limits: { csvBytes: 50 } }))
  await refuses('tooManyRows', read(Buffer.from(csv), { limits: { rows: 1 } }))
  await refuses('tooManyColumns', read(Buffer.from(`Họ tên,Mã đơn vị${',x'.repeat(300)}\n`)))
  await refuses('lineTooLong', read(Buffer.from(`${csv}${'a'.repeat(3_000_000)}`)))
  await refuses('lineTooLong', read(Buffer.from(`${csv}"${'a,b\n'.repeat(800_000)}`)))
  await refuses('quoteNotClosed', read(Buffer.from(`${csv}3,"Lê Mai,1980,K03\n`)))
  if (process.platform === 'linux')
    await refuses('tooBig', read('/dev/zero', { limits: { csvBytes: 1_000_000, xlsxBytes: 1_000_000 } }))
})
test('a cell beyond all measure is a problem of its line, not the end of the file', async () => {
  const { rows } = await read(Buffer.from(`${csv}3,${'ê'.repeat(20_000)},1980,K03\n`))
  assert.deepEqual(
    rows[2]?.problems?.map(({ problem }) => problem),
    ['cellTooLong'],
  )
})
test('no bytes at all bring the reader down: it reads, or it refuses in a word', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 3_000 }),
      fc.constantFrom('', 'PK\x03\x04', '\uFEFFMã số;Họ tên;Mã đơn vị\n'),
      async (noise, head) => {
        try {
          await read(Buffer.concat([Buffer.from(head), Buffer.from(noise)]))
        } catch (error) {
          assert.ok(error instanceof TableRefused, String((error as Error).stack))
        }
      },
    ),
    { numRuns: 300 },
  ))

// --- what we write ---

test('whatever people type comes back the same from the CSV and the XLSX we write, and nothing becomes a formula', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          name: fc.string({ unit: 'grapheme', maxLength: 40 }),
          unit: fc.constantFrom('=1+1', '+84', '-5', '@x', 'K"03;', 'Chi bộ, thôn 3'),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      async (typed) => {
        // Characters no spreadsheet can hold are left out; spaces at the ends are not kept.
        const kept = typed.map(({ name, unit }) => ({
          name: `Ông ${name.replace(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, '')}.`,
          unit,
        }))
        const sheet = {
          name: 'Danh sách',
          columns: [{ header: 'Họ và tên' }, { header: 'Mã đơn vị' }],
          rows: kept.map(({ name, unit }) => [name, unit]),
        }
        await writeCsv(path.join(folder, 'a.csv'), sheet)
        await writeXlsx(path.join(folder, 'a.xlsx'), { sheets: [sheet] })
        const tidied = kept.map(({ name, unit }) => [name.normalize('NFC').replace(/\s+/g, ' ').trim(), unit])
        for (const file of ['a.csv', 'a.xlsx']) {
          const { rows } = await read(path.join(folder, file))
          assert.deepEqual(
            rows.map(({ cells }) => [cells.name, cells.unit]),
            tidied,
          )
          assert.ok(rows.every((row) => row.problems === undefined))
        }
      },
    ),
    { numRuns: 60 },
  ))
test('a workbook of several sheets has them all, each under its header', async () => {
  const file = path.join(folder, 'many.xlsx')
  const sheet = (name: string, code: string) => ({
    name,
    columns: [{ header: 'Mã số' }, { header: 'Họ và tên' }, { header: 'Mã đơn vị' }],
    rows: [[code, 'Lê Mai', 'K03']],
  })
  await writeXlsx(file, { sheets: [sheet('Một', '0001'), sheet('Hai/Ba', '0002')] })
  assert.deepEqual((await read(file)).sheets, ['Một', 'Hai Ba'])
  assert.deepEqual(
    (await read(file, { sheet: 'Hai Ba' })).rows.map(({ cells }) => cells.code),
    ['0002'],
  )
})
