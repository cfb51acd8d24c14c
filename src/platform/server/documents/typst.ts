// Runs in the documents' thread only. One compiler, its fonts read once.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

export interface Template {
  /** A file of templates/. */
  template: string
  /** JSON text: the template reads it as data, so no word of it can become Typst source. */
  data: string
  /** Raw bytes a template may slice (QR pictures). */
  bytes?: Uint8Array
  /** Tags make a reader's reading order; badges by the thousand go without. */
  tagged: boolean
  /** Seconds since 1970, written into the file: PDF/A asks for a date. */
  madeAtSeconds: number
}

const templates = fileURLToPath(new URL('./templates', import.meta.url))
const fontFolder = path.dirname(fileURLToPath(import.meta.resolve('@expo-google-fonts/tinos/package.json')))
const fonts = ['400Regular', '700Bold', '400Regular_Italic', '700Bold_Italic'].map((face) =>
  readFileSync(path.join(fontFolder, face, `Tinos_${face}.ttf`)),
)
const compiler = NodeCompiler.create({ workspace: templates, fontArgs: [{ fontBlobs: fonts }] })

/** PDF/A-2b of a template filled with data. Throws with the template's name when it does not compile. */
export function typeset({ template, data, bytes, tagged, madeAtSeconds }: Template): Uint8Array {
  compiler.mapShadow(path.join(templates, 'data.json'), Buffer.from(data))
  compiler.mapShadow(path.join(templates, 'data.bin'), Buffer.from(bytes ?? new Uint8Array()))
  try {
    const compiled = compiler.compile({ mainFilePath: path.join(templates, template), resetRead: true })
    if (compiled.hasError() || compiled.result === null)
      throw new Error(`template ${template}: ${JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics ?? [])}`)
    const pdf = compiler.pdf(compiled.result, {
      pdfStandard: 'a-2b',
      pdfTags: tagged,
      creationTimestamp: madeAtSeconds,
    })
    return new Uint8Array(pdf)
  } finally {
    // The cache is global and grows with every distinct paper; 3,000 badges would hold hundreds of megabytes.
    compiler.resetShadow()
    compiler.evictCache(0)
  }
}
