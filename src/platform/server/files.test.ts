import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { FileTooBig, openFile, readStoredFile, removeFile, storeFile } from './files.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-files-'))
after(() => fs.rmSync(folder, { recursive: true, force: true }))
const filesIn = () =>
  fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length

test('a file is kept once under the hash of its content and comes back byte for byte', async () => {
  const bytes = Buffer.from('Biên bản kiểm kê')
  const [one, other] = await Promise.all([
    storeFile(folder, bytes, { limitBytes: 100 }),
    storeFile(
      folder,
      (async function* () {
        yield bytes.subarray(0, 5)
        yield bytes.subarray(5)
      })(),
      { limitBytes: 100 },
    ),
  ])
  assert.equal(one.fileId, createHash('sha256').update(bytes).digest('hex'))
  assert.deepEqual(one, other)
  assert.equal(filesIn(), 1)
  assert.deepEqual(await readStoredFile(folder, one.fileId), bytes)
  const opened = await openFile(folder, one.fileId)
  assert.equal(opened?.bytes, bytes.length)
  assert.deepEqual(Buffer.concat(await opened!.stream.toArray()), bytes)
})
test('a file past its limit, or one whose sender goes away, leaves nothing behind', async () => {
  const before = filesIn()
  await assert.rejects(storeFile(folder, Buffer.alloc(101), { limitBytes: 100 }), FileTooBig)
  const broken = (async function* () {
    yield Buffer.from('một nửa')
    throw new Error('the line was cut')
  })()
  await assert.rejects(storeFile(folder, broken, { limitBytes: 100 }), /cut/)
  assert.equal(filesIn(), before)
})
test('a file taken away is no longer there, and no name leads out of the folder', async () => {
  const { fileId } = await storeFile(folder, Buffer.from('tạm'), { limitBytes: 100 })
  await removeFile(folder, fileId)
  assert.equal(await openFile(folder, fileId), undefined)
  assert.equal(await readStoredFile(folder, fileId), undefined)
  await assert.rejects(async () => readStoredFile(folder, '../../etc/passwd'))
})
