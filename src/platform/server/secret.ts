import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'

/** 32 bytes that sign cookies and codes, from a file only we may read; made at the first start. */
export function readSecret(file: string): Buffer {
  try {
    fs.writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const text = fs.readFileSync(file, 'utf8').trim()
  if (text.length < 32)
    throw new Error(`SECRET_FILE ${file}: cần ít nhất 32 ký tự (at least 32 characters), có ${text.length}`)
  return createHash('sha256').update(text).digest()
}
