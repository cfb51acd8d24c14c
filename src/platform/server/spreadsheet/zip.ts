// The guard before every archive. What a header says about sizes is a claim; what comes out is counted.
import { setImmediate as turn } from 'node:timers/promises'
import yauzl from 'yauzl'
import { type Limits, TableRefused } from './refusals.ts'

export type Zip = {
  names: string[]
  /** The text of an entry, in pieces as it inflates; nothing if there is no such entry. */
  pieces: (name: string) => AsyncGenerator<string>
  close: () => void
}

/** Opens an archive in memory. Throws `zipBomb`, `encrypted` or `notATable`, here or while pieces are read. */
export async function openZip(bytes: Buffer, limits: Limits): Promise<Zip> {
  const file = await opened(bytes)
  const entries = await listed(file, limits)
  const claimed = [...entries.values()].reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (claimed > limits.inflatedBytes) throw bomb(claimed, limits)
  let inflated = 0
  async function* pieces(name: string) {
    const entry = entries.get(name)
    if (!entry) return
    if (entry.isEncrypted()) throw new TableRefused('encrypted')
    const decoder = new TextDecoder('utf-8')
    const stream = await inflating(file, entry)
    let own = 0
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        own += chunk.length
        inflated += chunk.length
        const swollen = own > limits.ratioFromBytes && own / entry.compressedSize > limits.ratio
        if (inflated > limits.inflatedBytes || swollen) throw bomb(inflated, limits)
        yield decoder.decode(chunk, { stream: true })
        await turn()
      }
    } catch (error) {
      throw error instanceof Error && /too many bytes|not enough bytes/.test(error.message)
        ? new TableRefused('zipBomb', { lyingSize: entry.fileName })
        : broken(error)
    } finally {
      stream.destroy()
    }
    yield decoder.decode()
  }
  return { names: [...entries.keys()], pieces, close: () => file.close() }
}

const bomb = (bytes: number, limits: Limits) =>
  new TableRefused('zipBomb', { inflatedBytes: bytes, limitBytes: limits.inflatedBytes })
/** Errors of the archive become a refusal; refusals and our own faults pass. */
function broken(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? ''
  const ofTheFile = code.startsWith('Z_') || (error instanceof Error && error.constructor === Error)
  return ofTheFile ? new TableRefused('notATable', { looksLike: 'brokenZip' }) : error
}

const opened = (bytes: Buffer) =>
  new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, file) =>
      error ? reject(broken(error)) : resolve(file),
    ),
  )

const listed = (file: yauzl.ZipFile, limits: Limits) =>
  new Promise<Map<string, yauzl.Entry>>((resolve, reject) => {
    const entries = new Map<string, yauzl.Entry>()
    if (file.entryCount > limits.entries)
      return reject(new TableRefused('zipBomb', { entries: file.entryCount, limitEntries: limits.entries }))
    file.on('entry', (entry: yauzl.Entry) => {
      if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry)
      file.readEntry()
    })
    file.on('end', () => resolve(entries))
    file.on('error', (error: Error) => reject(broken(error)))
    file.readEntry()
  })

const inflating = (file: yauzl.ZipFile, entry: yauzl.Entry) =>
  new Promise<import('node:stream').Readable>((resolve, reject) =>
    file.openReadStream(entry, (error, stream) => (error ? reject(broken(error)) : resolve(stream))),
  )
