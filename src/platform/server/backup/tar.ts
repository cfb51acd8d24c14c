// The plain tar of POSIX: what any machine can list and open, thirty years from now.
import type { FileHandle } from 'node:fs/promises'

const block = 512
const nameLimit = 100

/** One entry's head. Names are ASCII and at most 100 characters, which ours are. */
export function tarHead(name: string, bytes: number, at: Date): Buffer {
  if (Buffer.byteLength(name) > nameLimit) throw new Error(`too long a name for a tar: ${name}`)
  const head = Buffer.alloc(block)
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`
  head.write(name, 0)
  head.write(octal(0o600, 8), 100)
  head.write(octal(0, 8), 108)
  head.write(octal(0, 8), 116)
  head.write(octal(bytes, 12), 124)
  head.write(octal(Math.floor(at.getTime() / 1000), 12), 136)
  head.write('0', 156)
  head.write('ustar\u000000', 257)
  head.write(`${sumOf(head).toString(8).padStart(6, '0')}\0 `, 148)
  return head
}
/** What fills the last block of an entry of so many bytes. */
export const tarPad = (bytes: number): Buffer => Buffer.alloc((block - (bytes % block)) % block)
export const tarEnd = (): Buffer => Buffer.alloc(2 * block)

export type TarEntry = { name: string; bytes: number; offset: number }
export class NoTar extends Error {}

/** Every entry with its place; reads heads only. Throws `NoTar` where it is none, or is cut off. */
export async function listTar(file: FileHandle): Promise<TarEntry[]> {
  const { size } = await file.stat()
  const entries: TarEntry[] = []
  const head = Buffer.alloc(block)
  for (let offset = 0; ; ) {
    const { bytesRead } = await file.read(head, 0, block, offset)
    if (bytesRead < block) throw new NoTar('it is cut off')
    if (head.every((byte) => byte === 0)) return entries
    const entry = readHead(head, offset + block)
    if (entry.offset + entry.bytes > size) throw new NoTar('it is cut off')
    entries.push(entry)
    offset = entry.offset + entry.bytes + tarPad(entry.bytes).length
  }
}
function readHead(head: Buffer, offset: number): TarEntry {
  const text = (at: number, length: number) => head.toString('latin1', at, at + length).replace(/[\0 ].*$/s, '')
  const bytes = Number.parseInt(text(124, 12), 8)
  if (Number.parseInt(text(148, 8), 8) !== sumOf(head) || !(bytes >= 0)) throw new NoTar('it is no tar')
  return { name: text(0, nameLimit), bytes, offset }
}
/** The sum of all bytes, its own field taken as spaces. */
const sumOf = (head: Buffer) => head.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0)
