// Archives as nobody honest makes them: for tests only.
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'

export type Entry = {
  name: string
  content: string | Buffer
  /** Already deflated, with the size it really has. */
  deflated?: Buffer
  /** What the header says instead of the truth. */
  claimedBytes?: number
}

/** A zip file by hand, whose headers say what they are told to. */
export function zipOf(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, content, deflated, claimedBytes } of entries) {
    const bytes = Buffer.from(content)
    const body = deflated ?? deflateRawSync(bytes)
    const file = Buffer.from(name)
    const about = Buffer.alloc(26)
    about.writeUInt16LE(20, 0)
    about.writeUInt16LE(8, 4)
    about.writeUInt32LE(deflated ? 0 : crc32(bytes), 10)
    about.writeUInt32LE(body.length, 14)
    about.writeUInt32LE(claimedBytes ?? bytes.length, 18)
    about.writeUInt16LE(file.length, 22)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), about, file, body)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), about, tail, file)
    at += 30 + file.length + body.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, index, end])
}

/** What `times` copies of a piece deflate to, without ever holding them. */
export async function deflatedTimes(head: string, piece: string, times: number, tail: string): Promise<Buffer> {
  const deflate = createDeflateRaw({ level: 1 })
  const out: Buffer[] = []
  deflate.on('data', (part: Buffer) => out.push(part))
  const ended = new Promise((resolve, reject) => deflate.on('end', resolve).on('error', reject))
  deflate.write(head)
  for (let count = 0; count < times; count++)
    if (!deflate.write(piece)) await new Promise((resolve) => deflate.once('drain', resolve))
  deflate.end(tail)
  await ended
  return Buffer.concat(out)
}

const types =
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
const relationship = (id: string, kind: string, target: string) =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}"/>`

/** The parts of a workbook around its sheets; `sheets` are the contents of `<sheetData>`. */
export function workbookParts(
  sheets: readonly { name: string; data: string; hidden?: boolean }[],
  { strings = [], numberFormats = [] }: { strings?: string[]; numberFormats?: string[] } = {},
): Entry[] {
  const names = sheets.map(
    ({ name, hidden }, at) =>
      `<sheet name="${name}" sheetId="${at + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${at + 1}"/>`,
  )
  const targets = sheets.map((_, at) => relationship(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`))
  const formats = numberFormats.map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${code}"/>`)
  const styles = numberFormats.map((_, at) => `<xf numFmtId="${164 + at}"/>`)
  return [
    { name: '[Content_Types].xml', content: types },
    { name: 'xl/workbook.xml', content: `<workbook><sheets>${names.join('')}</sheets></workbook>` },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships>${targets.join('')}${relationship('rIdS', 'sharedStrings', 'sharedStrings.xml')}${relationship('rIdT', 'styles', 'styles.xml')}</Relationships>`,
    },
    { name: 'xl/sharedStrings.xml', content: `<sst>${strings.map((one) => `<si><t>${one}</t></si>`).join('')}</sst>` },
    {
      name: 'xl/styles.xml',
      content: `<styleSheet><numFmts>${formats.join('')}</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>${styles.join('')}</cellXfs></styleSheet>`,
    },
    ...sheets.map(({ data }, at) => ({
      name: `xl/worksheets/sheet${at + 1}.xml`,
      content: `<worksheet><sheetData>${data}</sheetData></worksheet>`,
    })),
  ]
}
