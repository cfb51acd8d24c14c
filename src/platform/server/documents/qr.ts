import { encode } from 'uqr'

/** QR pictures laid one after another in one run of bytes: a grey byte a module, as the templates slice them. */
export interface QrBytes {
  bytes: Uint8Array
  /** Where each picture starts and how many modules wide it is. */
  places: { at: number; modules: number }[]
}

/** Two modules of white are part of the picture; the templates leave the rest of the quiet zone around it. */
const BORDER = 2

/** Raw grey pictures are the cheapest thing to typeset: 3,000 of them take seconds, as drawn squares minutes. */
export function qrBytes(texts: readonly string[]): QrBytes {
  const pictures = texts.map((text) => encode(text, { ecc: 'M', border: BORDER }))
  const bytes = new Uint8Array(pictures.reduce((sum, { size }) => sum + size * size, 0))
  const places: QrBytes['places'] = []
  let at = 0
  for (const { data, size } of pictures) {
    places.push({ at, modules: size })
    for (const row of data) for (const dark of row) bytes[at++] = dark ? 0 : 255
  }
  return { bytes, places }
}
