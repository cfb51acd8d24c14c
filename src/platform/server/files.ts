// Files as they came: named by what is in them, written once, never changed. The one door to where bytes are kept.
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, type ReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'

export type StoredFile = { fileId: string; sha256: string; bytes: number }
export class FileTooBig extends Error {
  readonly limitBytes: number
  constructor(limitBytes: number) {
    super(`more than ${limitBytes} bytes`)
    this.limitBytes = limitBytes
  }
}

/**
 * Keeps the bytes under the hash of their content; the same content twice is one file. On disk (and nowhere half)
 * when the promise resolves.
 *
 * @param dir the folder of stored files, made if need be
 * @throws FileTooBig past `limitBytes`; nothing is left behind
 */
export async function storeFile(
  dir: string,
  source: Uint8Array | AsyncIterable<Uint8Array>,
  { limitBytes }: { limitBytes: number },
): Promise<StoredFile> {
  const arriving = path.join(dir, 'arriving')
  await fs.mkdir(arriving, { recursive: true, mode: 0o700 })
  const draft = path.join(arriving, randomUUID())
  try {
    const { sha256, bytes } = await writeDraft(draft, source, limitBytes)
    const place = placeOf(dir, sha256)
    await fs.mkdir(path.dirname(place), { recursive: true, mode: 0o700 })
    await fs.rename(draft, place)
    return { fileId: sha256, sha256, bytes }
  } catch (error) {
    await fs.rm(draft, { force: true })
    throw error
  }
}

async function writeDraft(draft: string, source: Uint8Array | AsyncIterable<Uint8Array>, limitBytes: number) {
  const hash = createHash('sha256')
  const file = await fs.open(draft, 'wx', 0o600)
  let bytes = 0
  try {
    for await (const part of source instanceof Uint8Array ? [source] : source) {
      bytes += part.length
      if (bytes > limitBytes) throw new FileTooBig(limitBytes)
      hash.update(part)
      await file.write(part)
    }
    // The name promises the content, so the content is on the disk before the name is.
    await file.sync()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** Where the bytes lie, for programs that read a file by its path. Two letters a folder: 97,319 files in one would be slow to list. */
export function placeOf(dir: string, fileId: string) {
  if (!/^[0-9a-f]{64}$/.test(fileId)) throw new Error('not the id of a stored file')
  return path.join(dir, fileId.slice(0, 2), fileId.slice(2))
}

/** A stream over a stored file, or `undefined` when there is none. */
export async function openFile(
  dir: string,
  fileId: string,
): Promise<{ bytes: number; stream: ReadStream } | undefined> {
  const place = placeOf(dir, fileId)
  const about = await fs.stat(place).catch(absent)
  return about && { bytes: about.size, stream: createReadStream(place) }
}
/** A stored file whole, or `undefined` when there is none. For files with a limit: imports, templates. */
export const readStoredFile = (dir: string, fileId: string): Promise<Buffer | undefined> =>
  fs.readFile(placeOf(dir, fileId)).catch(absent)
/** Takes the bytes away. The caller knows that nobody else refers to them. */
export const removeFile = (dir: string, fileId: string): Promise<void> => fs.rm(placeOf(dir, fileId), { force: true })

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined
  throw error
}
