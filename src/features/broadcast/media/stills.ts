// Pictures that stand still: slates with words, in the product's own hand, and the pages of a deck.
import { createRequire } from 'node:module'
import path from 'node:path'
import { type Canvas, createCanvas, GlobalFonts, type Image, loadImage, type SKRSContext2D } from '@napi-rs/canvas'
import { picture } from '../rules.ts'
import { fromPixels, pictureBytes } from './frame.ts'

const { width, height } = picture
const paper = '#faf7f0'
const ink = '#221d17'
const inkSoft = '#5d5347'
const son = '#8f1d1a'
const hairline = '#e4dccb'
const margin = 96

// One letter comes from the file that has it, the next from another: «ệ» lies in the Vietnamese part, «e» in the Latin one.
const serif = '"Serif Latin", "Serif Vietnamese"'
const sans = '"Sans Latin", "Sans Vietnamese"'
let known = false
function knowFonts() {
  if (known) return
  known = true
  const folderOf = (name: string) => path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
  const faces = [
    ['@fontsource-variable/source-serif-4', 'source-serif-4-latin-wght-normal', 'Serif Latin'],
    ['@fontsource-variable/source-serif-4', 'source-serif-4-vietnamese-wght-normal', 'Serif Vietnamese'],
    ['@fontsource/be-vietnam-pro', 'be-vietnam-pro-latin-500-normal', 'Sans Latin'],
    ['@fontsource/be-vietnam-pro', 'be-vietnam-pro-vietnamese-500-normal', 'Sans Vietnamese'],
  ] as const
  for (const [name, file, as] of faces)
    GlobalFonts.registerFromPath(path.join(folderOf(name), 'files', `${file}.woff2`), as)
}

/** `title` is the one thing to say; `lines` stand under it; `foot` says which conference this is. */
export type Slate = { title: string; lines: readonly string[]; foot: string }

export function drawSlate({ title, lines, foot }: Slate): Uint8Array {
  return asPicture(paintSlate({ title, lines, foot }))
}
function paintSlate({ title, lines, foot }: Slate): Canvas {
  knowFonts()
  const canvas = createCanvas(width, height)
  const pen = canvas.getContext('2d')
  pen.fillStyle = paper
  pen.fillRect(0, 0, width, height)
  pen.fillStyle = son
  pen.fillRect(0, 0, width, 6)
  const wide = width - 2 * margin
  const size = [68, 58, 48, 40].find((one) => broken(pen, title, `600 ${one}px ${serif}`, wide).length <= 3) ?? 34
  const heading = broken(pen, title, `600 ${size}px ${serif}`, wide).slice(0, 5)
  const below = lines.flatMap((line) => broken(pen, line, `500 34px ${sans}`, wide)).slice(0, 5)
  const tall = heading.length * size * 1.35 + (below.length > 0 ? 28 + below.length * 56 : 0)
  let y = Math.max(margin, (height - 60 - tall) / 2) + size
  pen.fillStyle = ink
  pen.font = `600 ${size}px ${serif}`
  for (const line of heading) {
    pen.fillText(line, margin, y)
    y += size * 1.35
  }
  y += 12
  pen.fillStyle = inkSoft
  pen.font = `500 34px ${sans}`
  for (const line of below) {
    pen.fillText(line, margin, y)
    y += 56
  }
  pen.fillStyle = hairline
  pen.fillRect(margin, height - 92, wide, 1)
  pen.fillStyle = inkSoft
  pen.font = `500 24px ${sans}`
  pen.fillText(broken(pen, foot, `500 24px ${sans}`, wide)[0] ?? '', margin, height - 48)
  return canvas
}
function broken(pen: SKRSContext2D, text: string, font: string, wide: number): string[] {
  pen.font = font
  const lines: string[] = []
  let line = ''
  for (const word of text.normalize('NFC').split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && pen.measureText(longer).width > wide) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return line === '' ? lines : [...lines, line]
}

/** A page of a deck, whole, on black. Throws when the bytes are no image. */
export async function drawPage(bytes: Buffer): Promise<Uint8Array> {
  const image: Image = await loadImage(bytes)
  const canvas = createCanvas(width, height)
  const pen = canvas.getContext('2d')
  pen.fillStyle = '#000'
  pen.fillRect(0, 0, width, height)
  const ratio = Math.min(width / image.width, height / image.height)
  const [w, h] = [image.width * ratio, image.height * ratio]
  pen.drawImage(image, (width - w) / 2, (height - h) / 2, w, h)
  return asPicture(canvas)
}
function asPicture(canvas: Canvas): Uint8Array {
  const into = new Uint8Array(pictureBytes)
  fromPixels(canvas.data(), into)
  return into
}
