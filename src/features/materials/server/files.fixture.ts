// Files for tests, made here: nothing is fetched, nothing foreign is kept.
import { crc32, deflateRawSync } from 'node:zlib'
import { slideDeckPdf } from '../../../platform/server/documents/index.ts'

/** Real slides with Vietnamese letters; the first page's words are given. */
export const deckPdf = (first: string, pages = 3): Promise<Uint8Array> =>
  slideDeckPdf(
    {
      title: first,
      author: 'Báo cáo viên',
      footer: 'Đảng uỷ xã',
      slides: Array.from({ length: pages }, (_, at) => ({
        kind: 'points' as const,
        title: at === 0 ? first : `Trang ${at + 1}`,
        points: [{ lead: 'Ệ Ặ Ỡ ượ:', words: 'giữ gìn bí mật nhà nước là việc của mọi đảng viên.' }],
      })),
    },
    new Date('2026-11-01T00:00:00Z'),
  )

/** A PDF written by hand: as many pages as wanted, upright, with what is wanted in its trailer and in each page. */
export function plainPdf(
  pages: number,
  { trailer = '', content = 'BT /F1 24 Tf 72 700 Td (Trang) Tj ET', resources = '', more = '' } = {},
): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${pages}/Kids[${Array.from({ length: pages }, (_, at) => `${at + 5} 0 R`).join(' ')}]>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    ...Array.from(
      { length: pages },
      () =>
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>${resources}>>/Contents 4 0 R>>`,
    ),
  ]
  const more_ = more === '' ? [] : more.split('\n---\n')
  let text = '%PDF-1.7\n'
  const at: number[] = []
  for (const [nth, object] of [...objects, ...more_].entries()) {
    at.push(text.length)
    text += `${nth + 1} 0 obj\n${object}\nendobj\n`
  }
  const table = at.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(
    `${text}xref\n0 ${at.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${at.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${text.length}\n%%EOF\n`,
    'latin1',
  )
}
/** Asks for a password nobody has. */
export const lockedPdf = (): Buffer =>
  plainPdf(1, {
    trailer: `/ID[<${'00'.repeat(16)}><${'00'.repeat(16)}>]/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<${'5a'.repeat(32)}>/U<${'a5'.repeat(32)}>>>`,
  })
/** Ten drawings in a drawing in a drawing …: ten thousand million strokes in two kilobytes. */
export function endlessPdf(): Buffer {
  const depth = 10
  const first = 6
  const forms = Array.from({ length: depth }, (_, at) => {
    const content = at === depth - 1 ? '0 0 m 595 842 l S' : '/X Do '.repeat(10)
    const resources = at === depth - 1 ? '' : `/Resources<</XObject<</X ${first + at + 1} 0 R>>>>`
    return `<</Type/XObject/Subtype/Form/BBox[0 0 595 842]${resources}/Length ${content.length}>>stream\n${content}\nendstream`
  })
  return plainPdf(1, { content: '/X Do', resources: `/XObject<</X ${first} 0 R>>`, more: forms.join('\n---\n') })
}

export type Part = {
  name: string
  bytes: Uint8Array /** What the list says it unfolds to, where that is a lie. */
  saidBytes?: number
}
/** A ZIP by the book, but for what its list may lie about. */
export function zipOf(parts: readonly Part[]): Buffer {
  const locals: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const { name, bytes, saidBytes = bytes.length } of parts) {
    const packed = deflateRawSync(bytes)
    const header = Buffer.alloc(26)
    header.writeUInt16LE(20, 0)
    header.writeUInt16LE(8, 4)
    header.writeUInt32LE(crc32(bytes), 10)
    header.writeUInt32LE(packed.length, 14)
    header.writeUInt32LE(saidBytes, 18)
    header.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), header, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    list.push(
      Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), header, place, Buffer.from(name)]),
    )
    locals.push(local)
    at += local.length
  }
  const directory = Buffer.concat(list)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}
const xml = (text: string) => Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${text}`)
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relations = (...given: [id: string, type: string, target: string][]) =>
  xml(
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${given.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`,
  )
const spaces = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${office}" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"`
const tree = (shapes: string) =>
  `<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>${shapes}</p:spTree></p:cSld>`
const box = (words: string) =>
  `<p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="900000" y="900000"/><a:ext cx="9000000" cy="1500000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:rPr lang="vi-VN" sz="4000"/><a:t>${words}</a:t></a:r></a:p></p:txBody></p:sp>`
/** The smallest honest deck of slides, one page a line; parts may be added to make it a dishonest one. */
export function pptxOf(slides: readonly string[], more: readonly Part[] = []): Buffer {
  const type = (name: string, kind: string) =>
    `<Override PartName="${name}" ContentType="application/vnd.openxmlformats-officedocument.presentationml.${kind}+xml"/>`
  const theme = `<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="t"><a:themeElements><a:clrScheme name="c">${['dk1', 'lt1', 'dk2', 'lt2', 'accent1', 'accent2', 'accent3', 'accent4', 'accent5', 'accent6', 'hlink', 'folHlink'].map((name, at) => `<a:${name}><a:srgbClr val="${at % 2 ? 'FFFFFF' : '221D17'}"/></a:${name}>`).join('')}</a:clrScheme><a:fontScheme name="f"><a:majorFont><a:latin typeface="Times New Roman"/><a:ea typeface=""/><a:cs typeface=""/></a:majorFont><a:minorFont><a:latin typeface="Times New Roman"/><a:ea typeface=""/><a:cs typeface=""/></a:minorFont></a:fontScheme><a:fmtScheme name="m"><a:fillStyleLst>${'<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'.repeat(3)}</a:fillStyleLst><a:lnStyleLst>${'<a:ln><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>'.repeat(3)}</a:lnStyleLst><a:effectStyleLst>${'<a:effectStyle><a:effectLst/></a:effectStyle>'.repeat(3)}</a:effectStyleLst><a:bgFillStyleLst>${'<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'.repeat(3)}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>`
  const map = `<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>`
  return zipOf([
    {
      name: '[Content_Types].xml',
      bytes: xml(
        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type('/ppt/presentation.xml', 'presentation.main')}${type('/ppt/slideMasters/m.xml', 'slideMaster')}${type('/ppt/slideLayouts/l.xml', 'slideLayout')}<Override PartName="/ppt/theme/t.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>${slides.map((_, at) => type(`/ppt/slides/s${at}.xml`, 'slide')).join('')}</Types>`,
      ),
    },
    { name: '_rels/.rels', bytes: relations(['r1', 'officeDocument', 'ppt/presentation.xml']) },
    {
      name: 'ppt/presentation.xml',
      bytes: xml(
        `<p:presentation ${spaces}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="m"/></p:sldMasterIdLst><p:sldIdLst>${slides.map((_, at) => `<p:sldId id="${256 + at}" r:id="s${at}"/>`).join('')}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>`,
      ),
    },
    {
      name: 'ppt/_rels/presentation.xml.rels',
      bytes: relations(
        ['m', 'slideMaster', 'slideMasters/m.xml'],
        ...slides.map((_, at): [string, string, string] => [`s${at}`, 'slide', `slides/s${at}.xml`]),
      ),
    },
    {
      name: 'ppt/slideMasters/m.xml',
      bytes: xml(
        `<p:sldMaster ${spaces}>${tree('')}${map}<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="l"/></p:sldLayoutIdLst></p:sldMaster>`,
      ),
    },
    {
      name: 'ppt/slideMasters/_rels/m.xml.rels',
      bytes: relations(['l', 'slideLayout', '../slideLayouts/l.xml'], ['t', 'theme', '../theme/t.xml']),
    },
    { name: 'ppt/slideLayouts/l.xml', bytes: xml(`<p:sldLayout ${spaces} type="blank">${tree('')}</p:sldLayout>`) },
    { name: 'ppt/slideLayouts/_rels/l.xml.rels', bytes: relations(['m', 'slideMaster', '../slideMasters/m.xml']) },
    { name: 'ppt/theme/t.xml', bytes: xml(theme) },
    ...slides.flatMap((words, at): Part[] => [
      { name: `ppt/slides/s${at}.xml`, bytes: xml(`<p:sld ${spaces}>${tree(box(words))}</p:sld>`) },
      {
        name: `ppt/slides/_rels/s${at}.xml.rels`,
        bytes: relations(['l', 'slideLayout', '../slideLayouts/l.xml']),
      },
    ]),
    ...more,
  ])
}
