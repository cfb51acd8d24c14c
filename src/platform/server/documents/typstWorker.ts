// Runs in a worker thread: compiling a long table takes tenths of a second of pure CPU, which the web server
// must not spend on its own loop. One compiler, its fonts read once.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

export interface TypesetJob {
  id: number
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
export type TypesetAnswer = { id: number; pdf: Uint8Array } | { id: number; fault: string }

const templates = fileURLToPath(new URL('./templates', import.meta.url))
const faces = [
  '400Regular/Tinos_400Regular',
  '700Bold/Tinos_700Bold',
  '400Regular_Italic/Tinos_400Regular_Italic',
  '700Bold_Italic/Tinos_700Bold_Italic',
]
const fontFolder = path.dirname(fileURLToPath(import.meta.resolve('@expo-google-fonts/tinos/package.json')))

const compiler = NodeCompiler.create({
  workspace: templates,
  fontArgs: [{ fontBlobs: faces.map((face) => readFileSync(path.join(fontFolder, `${face}.ttf`))) }],
})

function typeset(job: TypesetJob): Uint8Array {
  compiler.mapShadow(path.join(templates, 'data.json'), Buffer.from(job.data))
  compiler.mapShadow(path.join(templates, 'data.bin'), Buffer.from(job.bytes ?? new Uint8Array()))
  const compiled = compiler.compile({ mainFilePath: path.join(templates, job.template), resetRead: true })
  if (compiled.hasError() || compiled.result === null) {
    const why = compiled.takeDiagnostics()
    throw new Error(`template ${job.template}: ${JSON.stringify(why?.shortDiagnostics ?? [])}`)
  }
  return compiler.pdf(compiled.result, {
    pdfStandard: 'a-2b',
    pdfTags: job.tagged,
    creationTimestamp: job.madeAtSeconds,
  })
}

parentPort?.on('message', (job: TypesetJob) => {
  try {
    const pdf = new Uint8Array(typeset(job))
    parentPort!.postMessage({ id: job.id, pdf } satisfies TypesetAnswer, [pdf.buffer])
  } catch (fault) {
    parentPort!.postMessage({ id: job.id, fault: String(fault) } satisfies TypesetAnswer)
  } finally {
    // The cache is global and grows with every distinct paper; 3,000 badges would hold hundreds of megabytes.
    compiler.resetShadow()
    compiler.evictCache(0)
  }
})
