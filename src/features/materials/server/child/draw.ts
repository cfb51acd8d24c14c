// The child's whole program: opens one foreign file and draws its pages. Whatever it does wrong dies with it.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Canvas, createCanvas, GlobalFonts, loadImage } from '@napi-rs/canvas'
import { kindOfPages, type Run, stampWordOn } from '../../rules.ts'
import { type Answer, fullWidth, type Said, smallWidth, type Task, tallest } from './say.ts'

const say = (said: Said) =>
  new Promise<void>((resolve, reject) =>
    process.send!(said, (error: Error | null) => (error ? reject(error) : resolve())),
  )
const answered = () => new Promise<Answer>((resolve) => process.once('message', resolve as (message: unknown) => void))
const webpQuality = { full: 82, small: 74 }
const textLimit = 20_000
const pixelLimit = 100_000_000

// Nobody listens any more: the server has gone.
process.once('disconnect', () => process.exit())
process.once('message', (task: Task) => {
  const drawn = task.mediaType === 'application/pdf' ? drawPdf(task) : drawImage(task)
  drawn
    .catch((error: Error) => {
      // What the file made the reader stumble over stays in the log of the server, without its content.
      process.stderr.write(`${error.name}: ${error.message.slice(0, 300)}\n`)
      return say({ say: 'refused', problem: 'damaged' })
    })
    .finally(() => process.disconnect())
})

/** Its width on our page, never above its own limit. */
const scaleFor = (width: number, height: number, wanted: number) =>
  Math.min(wanted / width, (tallest * (wanted / fullWidth)) / height)

async function pagesOf(canvas: Canvas): Promise<{ full: Uint8Array; small: Uint8Array }> {
  const scale = Math.min(1, scaleFor(canvas.width, canvas.height, smallWidth))
  const little = createCanvas(
    Math.max(1, Math.round(canvas.width * scale)),
    Math.max(1, Math.round(canvas.height * scale)),
  )
  const context = little.getContext('2d')
  context.imageSmoothingQuality = 'high'
  context.drawImage(canvas, 0, 0, little.width, little.height)
  return {
    full: new Uint8Array(await canvas.encode('webp', webpQuality.full)),
    small: new Uint8Array(await little.encode('webp', webpQuality.small)),
  }
}

async function drawImage({ file }: Task) {
  const bytes = fs.readFileSync(file)
  const size = pixelsOf(bytes)
  if (size && size.width * size.height > pixelLimit)
    return say({ say: 'refused', problem: 'tooBig', detail: { width: size.width, height: size.height } })
  const image = await loadImage(bytes)
  if (image.width === 0 || image.height === 0) throw new Error('an image without an extent')
  const scale = Math.min(1, scaleFor(image.width, image.height, fullWidth))
  const canvas = createCanvas(
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  )
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  const { width, height } = canvas
  await say({ say: 'begin', pages: 1, width, height, kind: undefined })
  await put({ page: 1, width, height, text: '', ...(await pagesOf(canvas)) })
  await say({ say: 'done' })
}
/** Its extent as the header tells it, before anything is unfolded. Undefined where the decoder may find out by itself. */
function pixelsOf(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.readUInt32BE(0) === 0x89504e47) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  if (bytes.subarray(12, 16).toString('latin1') === 'VP8X')
    return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (bytes.readUInt16BE(0) !== 0xffd8) return undefined
  for (let at = 2; at + 9 < bytes.length; ) {
    const marker = bytes[at + 1]!
    if (bytes[at] !== 0xff) return undefined
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

async function put(drawn: Omit<Extract<Said, { say: 'page' }>, 'say'>) {
  const stored = answered()
  await say({ say: 'page', ...drawn })
  await stored
}

async function drawPdf({ file, pageLimit }: Task) {
  bringFonts()
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const parts = path.dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json')))
  const opening = pdfjs.getDocument({
    data: new Uint8Array(fs.readFileSync(file)),
    cMapUrl: `${parts}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${parts}/standard_fonts/`,
    wasmUrl: `${parts}/wasm/`,
    iccUrl: `${parts}/iccs/`,
    // Fonts that a file names but does not carry come from ours; they hold every Vietnamese letter.
    useSystemFonts: true,
    enableXfa: false,
    stopAtErrors: false,
    maxImageSize: pixelLimit,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  })
  const pdf = await opening.promise.catch((error: Error) => error)
  if (pdf instanceof Error) {
    const problem =
      pdf.name === 'PasswordException' ? 'encrypted' : pdf.message.includes('empty') ? 'emptyFile' : 'damaged'
    process.stderr.write(`${pdf.name}: ${pdf.message.slice(0, 300)}\n`)
    return say({ say: 'refused', problem })
  }
  const pages = pdf.numPages
  if (pages === 0) return say({ say: 'refused', problem: 'emptyFile' })
  if (pages > pageLimit) return say({ say: 'refused', problem: 'tooManyPages', detail: { pages, limit: pageLimit } })
  for (let nth = 1; nth <= pages; nth++) {
    const page = await pdf.getPage(nth)
    const natural = page.getViewport({ scale: 1 })
    const viewport = page.getViewport({ scale: scaleFor(natural.width, natural.height, fullWidth) })
    const width = Math.max(1, Math.round(viewport.width))
    const height = Math.max(1, Math.round(viewport.height))
    const runs = await runsOf(page)
    if (nth === 1) {
      const stamp = stampWordOn(runs)
      // Nothing of such a paper is drawn.
      if (stamp) return say({ say: 'refused', problem: 'stampWord', detail: { stamp } })
      await say({ say: 'begin', pages, width, height, kind: kindOfPages(width, height) })
    }
    const canvas = createCanvas(width, height)
    await page.render({ canvas: canvas as never, canvasContext: canvas.getContext('2d') as never, viewport }).promise
    const text = runs
      .map((run) => run.text)
      .join(' ')
      .replace(/\s+/gu, ' ')
      .trim()
      .normalize('NFC')
      // A letter that is none has no place in the database's text.
      .replaceAll('\0', '')
      .slice(0, textLimit)
    await put({ page: nth, width, height, text, ...(await pagesOf(canvas)) })
    page.cleanup()
  }
  await say({ say: 'done' })
}

type PdfPage = Awaited<ReturnType<import('pdfjs-dist').PDFDocumentProxy['getPage']>>
/** The page's words where they stand; a stamp that was laid upon it as a remark is one of them. */
async function runsOf(page: PdfPage): Promise<Run[]> {
  const { items } = await page.getTextContent()
  const runs = items.flatMap((item) => {
    if (!('str' in item) || item.str === '') return []
    const [a = 1, b = 0, c = 0, d = 1, x = 0, y = 0] = item.transform as number[]
    return [
      {
        text: item.str,
        x,
        y,
        width: item.width,
        size: Math.hypot(c, d) || Math.hypot(a, b),
        angle: (Math.atan2(b, a) * 180) / Math.PI,
      },
    ]
  })
  const remarks = await page.getAnnotations().catch(() => [])
  for (const { subtype, contentsObj, textContent, fieldValue, rect } of remarks) {
    if (!['FreeText', 'Stamp', 'Widget'].includes(subtype)) continue
    const lines = [contentsObj?.str, ...(textContent ?? []), fieldValue]
    for (const text of lines.filter((line) => typeof line === 'string'))
      runs.push({
        text,
        x: rect[0],
        y: rect[1] + 1e6 + runs.length * 100,
        width: rect[2] - rect[0],
        size: 12,
        angle: 0,
      })
  }
  return runs
}

/** Letters for files that carry none: those of official papers, under the names such files ask for. */
function bringFonts() {
  const folder = path.dirname(fileURLToPath(import.meta.resolve('@expo-google-fonts/tinos/package.json')))
  for (const face of ['400Regular', '700Bold', '400Regular_Italic', '700Bold_Italic'])
    for (const name of ['Times New Roman', 'TimesNewRoman', 'Times', 'serif'])
      GlobalFonts.registerFromPath(`${folder}/${face}/Tinos_${face}.ttf`, name)
}
