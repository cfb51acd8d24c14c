// Which letters the bytes stand for. Old offices still save in TCVN3 (ABC), VNI or windows-1258; every general
// detector takes TCVN3 for windows-1258, so we ask which reading gives words a Vietnamese could say.
import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { TableRefused } from './refusals.ts'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1258', 'tcvn3', 'vni'] as const
export type Encoding = (typeof encodings)[number]

const sampleBytes = 256 * 1024
/** Below this share of sayable words among those with marks, we do not know the encoding and say so. */
const leastShare = 0.6

/** Finds the encoding of a text file by its bytes. Throws `encodingUnknown`, or `notATable` for bytes that are no text. */
export function findEncoding(bytes: Buffer): Encoding {
  const marked = markedEncoding(bytes)
  if (marked) return marked
  if (bytes.subarray(0, sampleBytes).includes(0)) throw new TableRefused('notATable', { looksLike: 'binary' })
  if (isUtf8(bytes)) return 'utf-8'
  const sample = bytes.subarray(0, sampleBytes)
  const best = (['windows-1258', 'tcvn3', 'vni'] as const)
    .map((encoding) => ({ encoding, share: sayableShare(decodeAll(sample, encoding)) }))
    .reduce((one, other) => (other.share > one.share ? other : one))
  if (best.share < leastShare) throw new TableRefused('encodingUnknown', { tried: [...encodings] })
  return best.encoding
}

function markedEncoding(bytes: Buffer): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  // Without a byte order mark, UTF-16 of mostly Latin letters has a zero in every second byte.
  const head = bytes.subarray(0, 400)
  const zeros = [0, 0]
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at % 2]!++
  const half = head.length / 2
  if (half >= 4 && zeros[1]! > half * 0.4 && zeros[0]! < half * 0.05) return 'utf-16le'
  if (half >= 4 && zeros[0]! > half * 0.4 && zeros[1]! < half * 0.05) return 'utf-16be'
  return undefined
}

/** Decodes slice by slice; `end` gives what a cut character left behind. Marks may still be apart: compose per cell. */
export function openDecoder(encoding: Encoding): { write: (slice: Buffer) => string; end: () => string } {
  if (encoding === 'vni') {
    const inner = iconv.getDecoder('windows-1252')
    let held = ''
    return {
      write(slice) {
        // A VNI mark follows its letter, which may be the last one of the slice.
        const text = held + inner.write(slice)
        held = text.slice(-1)
        return fromVni(text.slice(0, -1))
      },
      end: () => fromVni(held + (inner.end() ?? '')),
    }
  }
  if (encoding.startsWith('utf-')) {
    const inner = new TextDecoder(encoding, { fatal: true })
    const decode = (slice?: Buffer) => {
      try {
        return slice ? inner.decode(slice, { stream: true }) : inner.decode()
      } catch {
        throw new TableRefused('encodingUnknown', { chosen: encoding, tried: [...encodings] })
      }
    }
    return { write: decode, end: () => decode() }
  }
  const inner = iconv.getDecoder(encoding === 'tcvn3' ? 'tcvn' : encoding)
  return { write: (slice) => inner.write(slice), end: () => inner.end() ?? '' }
}

export function decodeAll(bytes: Buffer, encoding: Encoding): string {
  const decoder = openDecoder(encoding)
  return (decoder.write(bytes) + decoder.end()).normalize('NFC')
}

// VNI-Windows writes a letter and then its mark, each a byte, read here as windows-1252 letters.
const grave = '\u0300'
const acute = '\u0301'
const hook = '\u0309'
const tilde = '\u0303'
const dot = '\u0323'
const circumflex = '\u0302'
const breve = '\u0306'
const vniMarks: Record<string, string> = {
  ø: grave,
  ù: acute,
  û: hook,
  õ: tilde,
  ï: dot,
  â: circumflex,
  à: circumflex + grave,
  á: circumflex + acute,
  å: circumflex + hook,
  ã: circumflex + tilde,
  ä: circumflex + dot,
  ê: breve,
  è: breve + grave,
  é: breve + acute,
  ú: breve + hook,
  ü: breve + tilde,
  ë: breve + dot,
}
const vniLetters: Record<string, string> = { ñ: 'đ', ô: 'ơ', ö: 'ư', æ: 'ỉ', ó: 'ĩ', ò: 'ị', î: 'ỵ' }
const isCapital = (letter: string) => letter !== letter.toLowerCase()
const vniLetter = (letter: string) => {
  const plain = vniLetters[letter.toLowerCase()]
  if (!plain) return letter
  return isCapital(letter) ? plain.toUpperCase() : plain
}
const fromVni = (text: string) =>
  text
    .replace(
      /([aeouyôö])([øùûõïâàáåãäêèéúüë])?|[ñæóòî]/gi,
      (pair, letter?: string, mark?: string) => vniLetter(letter ?? pair) + (mark ? vniMarks[mark.toLowerCase()]! : ''),
    )
    .normalize('NFC')

// --- a syllable a Vietnamese could say ---------------------------------------------------------------------------

const onsets = 'b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x'.split(' ')
const openRimes =
  'a e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iu iêu oa oe oi ôi ơi oai oao oay oeo ua uê ui uôi uơ uy uya uyu uây ưa ưi ươi ươu ưu yêu'
const nasalRimes =
  'am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh im in inh iêm iên iêng om on ong ôm ôn ông ơm ơn um un ung ưng oam oan oang oanh oăm oăn oăng oen oong uân uâng uênh uôm uôn uông uyn uynh uyên ươm ươn ương ưm ưn yên yêm yêng ym yn ynh'
const stopRimes =
  'ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt oc op ot ôc ôp ôt ơp ơt uc up ut ưc ưt oac oach oat oap oăc oăt oet uât uêch uôc uôt uych uyt uyêt ươc ươp ươt yêt ooc'
const rimes = new Set(`${openRimes} ${nasalRimes} ${stopRimes}`.split(' '))
const stops = new Set(stopRimes.split(' '))
const tones = /[\u0300\u0301\u0309\u0303\u0323]/g

/** Is this one word of Vietnamese sound? It need not be a real one. */
export function isSyllable(word: string): boolean {
  const apart = word.toLowerCase().normalize('NFD')
  const marks = apart.match(tones) ?? []
  if (marks.length > 1) return false
  const toneless = apart.replace(tones, '').normalize('NFC')
  return ['', ...onsets].some((onset) => {
    if (!toneless.startsWith(onset)) return false
    const rime = toneless.slice(onset.length)
    // «gi» swallows its i: gì, giếng.
    const sayable = rimes.has(rime) || (onset === 'gi' && (rime === '' || rimes.has(`i${rime}`)))
    return sayable && (!stops.has(rime) || marks.length === 0 || marks[0] === acute || marks[0] === dot)
  })
}

/** Share of sayable words among the words with marks: plain letters read alike in every encoding and tell nothing. */
export function sayableShare(text: string): number {
  const marked = text
    .split(/[\s\d!-/:-@[-`{-~]+/)
    .filter((word) => /[^\0-\x7f]/.test(word))
    .slice(0, 5_000)
  return marked.length === 0 ? 0 : marked.filter(isSyllable).length / marked.length
}
