// What is true of a file whatever its name says, and of the first page of a paper. Pure.
import type { MaterialKind } from './contract.ts'

export type Sniffed = { kind: MaterialKind; mediaType: string; ending: string }

/** How many first bytes `sniff` wants to see. */
export const sniffBytes = 64

/**
 * What the bytes are, by their beginning; the name and what the browser said do not count. A ZIP may be a PPTX: whoever asks
 * looks into it. Undefined for anything else.
 */
export function sniff(head: Uint8Array): Sniffed | 'zip' | undefined {
  const text = String.fromCharCode(...head.subarray(0, sniffBytes))
  if (/^(\xef\xbb\xbf)?\s{0,16}%PDF-\d/.test(text))
    return { kind: 'document', mediaType: 'application/pdf', ending: 'pdf' }
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { kind: 'image', mediaType: 'image/png', ending: 'png' }
  if (text.startsWith('\xff\xd8\xff')) return { kind: 'image', mediaType: 'image/jpeg', ending: 'jpg' }
  if (/^RIFF....WEBP/s.test(text)) return { kind: 'image', mediaType: 'image/webp', ending: 'webp' }
  if (/^....ftyp(isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|dash|f4v |qt {2}|mmp4)/s.test(text))
    return { kind: 'video', mediaType: 'video/mp4', ending: 'mp4' }
  if (text.startsWith('\x1a\x45\xdf\xa3') && text.includes('webm'))
    return { kind: 'video', mediaType: 'video/webm', ending: 'webm' }
  if (text.startsWith('PK\x03\x04')) return 'zip'
  return undefined
}
export const pptx: Sniffed = {
  kind: 'slides',
  mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ending: 'pptx',
}

/** Inside a PPTX: how many parts, how much they unfold to. More than this is no slide deck. */
export const officeLimits = { entries: 20_000, bytes: 1_000_000_000, timesItself: 200 } as const
/** A file that says it unfolds to a gigabyte from a few kilobytes is a trap, not a deck. */
export const unfoldsTooFar = (packedBytes: number, entries: number, unfoldedBytes: number): boolean =>
  entries > officeLimits.entries ||
  unfoldedBytes > officeLimits.bytes ||
  unfoldedBytes > 10_000_000 + packedBytes * officeLimits.timesItself

/** A page across is a slide, a page upright a paper. */
export const kindOfPages = (width: number, height: number): MaterialKind => (width > height ? 'slides' : 'document')

// ── the stamp word ───────────────────────────────────────────────────────────

/** A run of text as it stands on the page: `x`, `y` of its beginning on the baseline, upwards from the lower left corner. */
export type Run = {
  text: string
  x: number
  y: number
  width: number
  /** The size of its letters. */
  size: number
  /** Degrees it is turned by; a watermark stands across the page. */
  angle?: number
}
const stampWords = ['MẬT', 'TỐI MẬT', 'TUYỆT MẬT'] as const
export type StampWord = (typeof stampWords)[number]

/**
 * The degree of secrecy a page is marked with, if any. A mark stands alone: nothing beside it on its line but white space,
 * brackets or a frame, in capitals; or it is the answer to «Độ mật:». The word inside a sentence («bí mật», «bảo mật»), also one
 * that is broken over two lines of a heading, is no mark. In doubt it is one: a false alarm costs a line of text, the other a secret.
 *
 * @param runs the page's text in any order
 */
export function stampWordOn(runs: readonly Run[]): StampWord | undefined {
  const pieces = piecesOf(runs)
  for (const [at, piece] of pieces.entries()) {
    const answered = answeredDegree(piece.text)
    if (answered) return answered
    const word = bareWord(piece.text)
    if (word === undefined) continue
    const before = neighbourBefore(pieces, at)
    if (word !== 'MẬT') {
      if (!before || !continues(before.text)) return word
      continue
    }
    if (!before) return word
    const last = lastWord(before.text)
    // A narrow stamp breaks into two lines.
    if (last === 'TỐI' && bare(before.text) === 'TỐI') return 'TỐI MẬT'
    if (last === 'TUYỆT' && bare(before.text) === 'TUYỆT') return 'TUYỆT MẬT'
    if (!continues(before.text)) return word
  }
  return undefined
}

type Piece = { text: string; x: number; y: number; right: number; size: number; angle: number }

/** Runs joined to what a reader sees as one stretch of words on one line. */
function piecesOf(runs: readonly Run[]): Piece[] {
  const turned = runs
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, x, y, width, size, angle = 0 }) => {
      const turn = (-angle * Math.PI) / 180
      return {
        text: text.normalize('NFC'),
        x: x * Math.cos(turn) - y * Math.sin(turn),
        y: x * Math.sin(turn) + y * Math.cos(turn),
        width,
        size: Math.max(size, 1),
        angle: Math.round(angle),
      }
    })
    .sort((one, other) => one.angle - other.angle || other.y - one.y || one.x - other.x)
  const lines: (typeof turned)[] = []
  for (const run of turned) {
    const line = lines.find(
      ([first]) =>
        first &&
        first.angle === run.angle &&
        Math.abs(first.y - run.y) < 0.35 * Math.min(first.size, run.size) &&
        Math.max(first.size, run.size) < 1.8 * Math.min(first.size, run.size),
    )
    if (line) line.push(run)
    else lines.push([run])
  }
  return lines.flatMap((line) => {
    const pieces: Piece[] = []
    for (const run of line.sort((one, other) => one.x - other.x)) {
      const open = pieces.at(-1)
      const gap = open ? run.x - open.right : Number.POSITIVE_INFINITY
      if (open && gap < 1.6 * run.size) {
        open.text += gap > 0.12 * run.size && !open.text.endsWith(' ') ? ` ${run.text}` : run.text
        open.right = Math.max(open.right, run.x + run.width)
      } else
        pieces.push({
          text: run.text,
          x: run.x,
          y: run.y,
          right: run.x + run.width,
          size: run.size,
          angle: run.angle,
        })
    }
    return pieces
  })
}

/** Frames, brackets, stars and dashes round a stamp are no words. */
const bare = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')

function bareWord(text: string): StampWord | undefined {
  const word = bare(text).replace(/^(TÀI LIỆU|VĂN BẢN|HỒ SƠ) /u, '')
  const spaced = unspaced(word) ?? word
  return stampWords.find((one) => one === spaced) ?? oldLetters[spaced]
}
/** «T Ố I  M Ậ T»: letters set apart by hand. */
function unspaced(text: string): string | undefined {
  if (!/^\p{L}( \p{L})+$/u.test(text)) return undefined
  const joined = text.replaceAll(' ', '')
  return stampWords.find((one) => one.replace(' ', '') === joined)
}
/** Papers typed in letters from before Unicode come out like this: TCVN3, then VNI. */
const oldLetters: Record<string, StampWord> = {
  MËT: 'MẬT',
  'TèI MËT': 'TỐI MẬT',
  'TUYÖT MËT': 'TUYỆT MẬT',
  MAÄT: 'MẬT',
  'TOÁI MAÄT': 'TỐI MẬT',
  'TUYEÄT MAÄT': 'TUYỆT MẬT',
}
/** «Độ mật: Tối mật», however it is written. */
function answeredDegree(text: string): StampWord | undefined {
  const found = /^(?:mức )?độ mật ?[:：–—-]? ?[«"“(]?((?:tối |tuyệt )?mật)[»"”)]?$/iu.exec(bare(text))
  return found ? stampWords.find((one) => one === found[1]!.toLocaleUpperCase('vi')) : undefined
}

const lastWord = (text: string) => bare(text).split(' ').at(-1) ?? ''
/** A heading broken after «BÍ», a list of degrees broken after «VÀ»: what follows is part of a sentence. */
const continues = (text: string): boolean =>
  /[,;/]\s*$/u.test(text) || /^(bí|bảo|cơ|và|hoặc|hay|độ|là|của|về|không)$/iu.test(lastWord(text))

/** What is read just before a piece: to its left on the line, else the end of the line above it. */
function neighbourBefore(pieces: readonly Piece[], at: number): Piece | undefined {
  const it = pieces[at]!
  const alike = pieces.filter(
    (other, index) =>
      index !== at && other.angle === it.angle && Math.max(other.size, it.size) < 1.5 * Math.min(other.size, it.size),
  )
  const left = alike
    .filter(({ y, right }) => Math.abs(y - it.y) < 0.35 * it.size && right <= it.x)
    .sort((one, other) => other.right - one.right)[0]
  if (left && it.x - left.right < 12 * it.size) return left
  return alike
    .filter(
      ({ y, x, right }) => y - it.y > 0.35 * it.size && y - it.y < 2.4 * it.size && x <= it.right && right >= it.x,
    )
    .sort((one, other) => one.y - other.y)[0]
}
