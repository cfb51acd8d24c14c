import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import { pathOf } from '../../contract.ts'
import type { ImportOptions, Run } from '../../imports.ts'
import * as contract from '../../imports.ts'
import { importSentences, sayImport } from '../../importWords.ts'
import { type Actor, byRole, machine } from '../../rights.ts'
import type { Desk } from '../desk.ts'
import { openHttp, serve } from '../http.ts'
import { Refused } from '../operate.ts'
import { cellProblems, tableRefusals } from '../spreadsheet/index.ts'
import { testDesk } from '../testing/index.ts'
import {
  failInterrupted,
  type ImportOutcome,
  type Imports,
  importFolder,
  importKind,
  openImports,
  runImport,
} from './index.ts'

// A kind like the real ones, small: places with a name, in a register; «chậm» takes its time over every place.
const pace = { waitMs: 0 }
const places = importKind({
  kind: 'dia-diem',
  options: z.object({ register: z.string() }),
  columns: [
    { key: 'code', header: 'Mã', kind: 'code', required: true, filled: true },
    { key: 'name', header: 'Tên', required: true, filled: true },
  ],
  needs: byRole(['administrator'], 'installation', () => undefined),
  lock: ({ register }) => `register:${register}`,
  async check({ db, options, tell }, rows) {
    const { rows: known } = await sql<{ code: string; name: string }>`
      select code, name from place where register = ${options.register}`.execute(db)
    const names = new Map(known.map(({ code, name }) => [code, name]))
    const seen = new Map<string, number>()
    const problems = []
    const plan: { code: string; name: string }[] = []
    const summary = { added: 0, changed: 0, unchanged: 0, missing: 0 }
    for await (const { line, cells } of rows) {
      const { code = '', name = '' } = cells
      const firstLine = seen.get(code)
      if (firstLine !== undefined)
        problems.push({ line, column: 'Mã', value: code, word: 'duplicateCode' as const, params: { firstLine } })
      seen.set(code, line)
      const before = names.get(code)
      if (before === name) summary.unchanged++
      else summary[before === undefined ? 'added' : 'changed']++
      if (before !== name) plan.push({ code, name })
    }
    const missing = [...names.keys()].filter((code) => !seen.has(code))
    summary.missing = missing.length
    await tell(seen.size)
    return {
      problems,
      remarks: missing.map((value) => ({ line: 0, value, word: 'missingFromFile' as const })),
      summary,
      plan,
    }
  },
  async apply(tx, plan, { options, tell }) {
    for (const [at, { code, name }] of plan.entries()) {
      await sql`insert into place values (${options.register}, ${code}, ${name})
        on conflict (register, code) do update set name = excluded.name`.execute(tx)
      if (pace.waitMs > 0) await wait(pace.waitMs)
      await tell(at + 1, plan.length)
    }
  },
})

let desk: Desk & { close: () => Promise<void> }
let imports: Imports
let app: FastifyInstance
let actor: Actor
const faults: unknown[] = []
const administrator = (name: string): Actor => ({
  name,
  kind: 'staff',
  userId: name,
  grants: [{ role: 'administrator', kind: 'installation' }],
})
const stranger: Actor = { name: 'nv:khac', kind: 'staff', userId: 'khac', grants: [] }

before(async () => {
  desk = await testDesk()
  await sql`create table place (register text, code text, name text, primary key (register, code))`.execute(desk.db)
  imports = openImports(desk, [places], { onFault: (error) => faults.push(error) })
  app = await openHttp()
  serve(app, desk, async () => actor, imports.operations)
  imports.uploadRoute(app, async () => actor)
  actor = administrator('nv:lan')
})
after(async () => {
  await imports.close()
  await app.close()
  await desk.close()
})

const csv = (lines: readonly string[]) => Buffer.from(`Mã,Tên\n${lines.join('\n')}\n`)
const placesIn = async (register: string) =>
  (
    await sql<{
      code: string
      name: string
    }>`select code, name from place where register = ${register} order by code`.execute(desk.db)
  ).rows
const bring = (register: string, lines: readonly string[], more: { check?: boolean } = {}): Promise<ImportOutcome> =>
  runImport(desk, [places], {
    kind: 'dia-diem',
    file: { bytes: csv(lines), fileName: 'dia-diem.csv' },
    options: { register },
    actor: machine(0),
    now: new Date(),
    ...more,
  })

async function upload(
  bytes: Buffer,
  { register = 'web', fileName = 'địa điểm.csv', options = { register } as ImportOptions } = {},
) {
  const boundary = 'dau-ngan'
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const payload = Buffer.concat([
    Buffer.from(
      `${field('kind', 'dia-diem')}${field('options', JSON.stringify(options))}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: text/csv\r\n\r\n`,
    ),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return app.inject({ method: 'POST', url: contract.uploadPath, headers, payload })
}
const ask = async (it: { name: string }, input: object) =>
  (await app.inject({ method: 'POST', url: pathOf(it), payload: input })).json()
async function settled(
  runId: string,
  until = (run: Run) => ['checked', 'done', 'cancelled', 'failed'].includes(run.state),
): Promise<Run> {
  for (let tries = 0; tries < 400; tries++) {
    const run = await ask(contract.run, { runId })
    if (until(run)) return run
    await wait(25)
  }
  throw new Error('the run does not settle')
}
const storedFiles = () =>
  fs.existsSync(importFolder(desk))
    ? fs.readdirSync(importFolder(desk), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        .length
    : 0

test('a clean file from the command line is written, and the same file again changes nothing', async () => {
  const first = await bring('dong-lenh', ['1,Đình', '2,Chùa'])
  assert.deepEqual([first.applied, first.summary], [true, { added: 2, changed: 0, unchanged: 0, missing: 0 }])
  const again = await bring('dong-lenh', ['2,Chùa', '1,Đình'])
  assert.deepEqual([again.applied, again.summary], [true, { added: 0, changed: 0, unchanged: 2, missing: 0 }])
  const less = await bring('dong-lenh', ['1,Đình làng'])
  assert.deepEqual(less.summary, { added: 0, changed: 1, unchanged: 0, missing: 1 })
  assert.deepEqual(
    less.remarks.map(({ word, value }) => [word, value]),
    [['missingFromFile', '2']],
  )
  assert.deepEqual(await placesIn('dong-lenh'), [
    { code: '1', name: 'Đình làng' },
    { code: '2', name: 'Chùa' },
  ])
})
test('a look only looks, and one bad line keeps the whole file out', async () => {
  assert.equal((await bring('xem', ['1,Đình'], { check: true })).applied, false)
  const bad = await bring('xem', ['1,Đình', '2,', '1,Chùa', '3,=A1'])
  assert.equal(bad.applied, false)
  assert.deepEqual(
    bad.problems.map((problem) => `${problem.line}: ${sayImport(problem)}`),
    [
      '3: Cột «Tên» đang để trống.',
      '4: Mã «1» đã có ở dòng 2.',
      '5: Ô này là công thức nên không được tính. Hãy dán giá trị vào thay.',
    ],
  )
  const refused = await bring('xem', [])
  assert.equal(refused.applied, true)
  assert.deepEqual(await placesIn('xem'), [])
})
test('a file that is no table is one problem in words', async () => {
  const outcome = await runImport(desk, [places], {
    kind: 'dia-diem',
    file: { bytes: Buffer.from('%PDF-1.7'), fileName: 'dia-diem.csv' },
    options: { register: 'pdf' },
    actor: machine(0),
    now: new Date(),
  })
  assert.equal(outcome.preview.refused?.word, 'notATable')
  assert.match(sayImport(outcome.problems[0]!), /không phải bảng tính/)
})
test('every word the reader can say has its sentence in both languages', () => {
  for (const word of [...tableRefusals, ...cellProblems]) assert.ok(word in importSentences, word)
})
test('an unknown kind, wrong options and a stranger are refused before the file is read', async () => {
  const file = { bytes: csv(['1,Đình']), fileName: 'a.csv' }
  const attempt = (more: object) =>
    runImport(desk, [places], {
      kind: 'dia-diem',
      file,
      options: { register: 'x' },
      actor: machine(0),
      now: new Date(),
      ...more,
    })
  const because = (word: string) => (error: unknown) => error instanceof Refused && error.because === word
  await assert.rejects(attempt({ kind: 'la' }), because('unknownKind'))
  await assert.rejects(attempt({ options: {} }), because('badOptions'))
  await assert.rejects(attempt({ actor: stranger }), because('notYours'))
})

test('an uploaded file is previewed, confirmed and then forgotten', async () => {
  const { runId } = (await upload(csv(['1,Đình', '2,Chùa']))).json()
  const checked = await settled(runId)
  assert.equal(checked.state, 'checked')
  assert.equal(checked.fileName, 'địa điểm.csv')
  assert.deepEqual(
    [
      checked.preview?.encoding,
      checked.preview?.delimiter,
      checked.preview?.summary?.added,
      checked.preview?.rows.length,
    ],
    ['utf-8', ',', 2, 2],
  )
  assert.deepEqual(await placesIn('web'), [])
  assert.equal(storedFiles(), 1)
  await ask(contract.confirm, { runId })
  const done = await settled(runId, (run) => run.state === 'done')
  assert.equal(done.preview?.summary?.added, 2)
  assert.deepEqual(done.preview?.rows, [])
  assert.equal((await placesIn('web')).length, 2)
  for (let tries = 0; storedFiles() > 0 && tries < 40; tries++) await wait(25)
  assert.equal(storedFiles(), 0)
  assert.equal((await ask(contract.confirm, { runId })).refused, 'notNow')
  const lines = await sql<{
    operation: string
    about: object
  }>`select operation, about from change_line where operation like 'imports.%'`.execute(desk.db)
  assert.ok(
    lines.rows.some(({ operation, about }) => operation === 'imports.apply' && JSON.stringify(about).includes(runId)),
  )
  assert.ok(!JSON.stringify(lines.rows).includes('Đình'))
})
test('a person pages through the problems, mends the reading, and cannot confirm meanwhile', async () => {
  const { runId } = (
    await upload(Buffer.from(`Mã;Tên\n${Array.from({ length: 120 }, (_, at) => `${at};`).join('\n')}`), {
      register: 'sua',
    })
  ).json()
  const checked = await settled(runId)
  assert.equal(checked.preview?.problemCount, 120)
  const page = await ask(contract.problems, { runId, page: 3, size: 50 })
  assert.deepEqual([page.total, page.rows.length, page.rows[0].line, page.rows[0].word], [120, 20, 102, 'emptyCell'])
  assert.equal((await ask(contract.confirm, { runId })).refused, 'hasProblems')
  await ask(contract.recheck, { runId, reading: { delimiter: ',' } })
  const again = await settled(runId)
  assert.equal(again.preview?.refused?.word, 'noHeader')
  assert.equal((await ask(contract.cancel, { runId })).state, 'cancelled')
})
test('what has changed since the preview is shown again instead of being written', async () => {
  const { runId } = (await upload(csv(['1,Đình']), { register: 'doi' })).json()
  await settled(runId)
  await bring('doi', ['1,Miếu'])
  await ask(contract.confirm, { runId })
  const back = await settled(runId)
  assert.deepEqual([back.state, back.because, back.preview?.summary?.changed], ['checked', 'changedMeanwhile', 1])
  assert.deepEqual(await placesIn('doi'), [{ code: '1', name: 'Miếu' }])
})
test('another person’s run is not hers to see, and a twenty-first open run is not begun', async () => {
  actor = administrator('nv:hai')
  const first = (await upload(csv(['1,Đình']), { register: 'nhieu' })).json()
  actor = stranger
  assert.equal((await ask(contract.run, { runId: first.runId })).refused, 'notYours')
  assert.equal((await upload(csv(['1,Đình']))).json().refused, 'notYours')
  actor = administrator('nv:hai')
  for (let at = 1; at < 20; at++) assert.ok((await upload(csv([`${at},Đình`]), { register: 'nhieu' })).json().runId)
  assert.equal((await upload(csv(['99,Đình']), { register: 'nhieu' })).json().refused, 'tooManyOpen')
  const { rows, total } = await ask(contract.runs, { size: 200 })
  assert.ok(total >= 20 && rows.length === total)
  for (const run of rows) {
    await settled(run.runId)
    await ask(contract.cancel, { runId: run.runId })
  }
  for (let tries = 0; storedFiles() > 0 && tries < 40; tries++) await wait(25)
  assert.equal(storedFiles(), 0)
  actor = administrator('nv:lan')
})

const many = Array.from({ length: 400 }, (_, at) => `${at},Địa điểm ${at}`)
test('an import is cancelled midway and leaves nothing; meanwhile another into the same register is refused', async () => {
  const { runId } = (await upload(csv(many), { register: 'huy' })).json()
  await settled(runId)
  pace.waitMs = 10
  try {
    assert.equal((await ask(contract.confirm, { runId })).state, 'applying')
    await assert.rejects(
      bring('huy', ['1,Khác']),
      (error) => error instanceof Refused && error.because === 'anotherImport',
    )
    const moving = await settled(runId, (run) => run.progress.done > 500)
    assert.equal(moving.progress.total, 1_000)
    await ask(contract.cancel, { runId })
    assert.equal((await settled(runId)).state, 'cancelled')
    assert.deepEqual(await placesIn('huy'), [])
  } finally {
    pace.waitMs = 0
  }
})
test('an import whose database connection is cut says so and has written nothing', async () => {
  const { runId } = (await upload(csv(many), { register: 'dut' })).json()
  await settled(runId)
  pace.waitMs = 10
  try {
    await ask(contract.confirm, { runId })
    await settled(runId, (run) => run.progress.done > 500)
    await sql`select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) = hashtextextended(current_schema() || ':import-run:' || ${runId}, 0)`.execute(
      desk.db,
    )
    const failed = await settled(runId)
    assert.equal(failed.state, 'failed')
    assert.deepEqual(await placesIn('dut'), [])
  } finally {
    pace.waitMs = 0
  }
  await ask(contract.recheck, { runId })
  assert.equal((await settled(runId)).state, 'checked')
})
test('a process killed in the middle of an import leaves a failed run and nothing written', async () => {
  const script = path.join(import.meta.dirname, 'killed.testing.ts')
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, IMPORT_TEST: desk.databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  for (let tries = 0; (await failInterrupted(desk.db, new Date())) === 0; tries++) {
    assert.ok(tries < 100, 'the lock of a killed process is let go')
    await wait(50)
  }
  const run = await sql<{
    state: string
    because: string
  }>`select state, because from import_run where file_name = 'bi-giet.csv'`.execute(desk.db)
  assert.deepEqual(run.rows, [{ state: 'failed', because: 'serverStopped' }])
  assert.deepEqual(await placesIn('giet'), [])
})
test('a fault of ours ends the run in words, is heard of, and leaves nothing written', async () => {
  const { runId } = (await upload(csv(['1,Đình', '2,Chùa']), { register: 'loi' })).json()
  await settled(runId)
  await sql`alter table place add constraint no_temple check (name <> 'Chùa' or register <> 'loi')`.execute(desk.db)
  faults.length = 0
  await ask(contract.confirm, { runId })
  const failed = await settled(runId, (run) => run.state === 'failed')
  assert.equal(failed.because, 'fault')
  for (let tries = 0; faults.length === 0 && tries < 40; tries++) await wait(25)
  assert.equal(faults.length, 1)
  assert.deepEqual(await placesIn('loi'), [])
  await ask(contract.cancel, { runId })
})
test('a server that stops breaks off what is going on; the file stays and can be checked again', async () => {
  const own = openImports(desk, [places])
  const http = await openHttp()
  serve(http, desk, async () => actor, own.operations)
  const { runId } = (await upload(csv(many), { register: 'dung' })).json()
  await settled(runId)
  pace.waitMs = 10
  await http.inject({ method: 'POST', url: pathOf(contract.confirm), payload: { runId } })
  await own.close()
  await http.close()
  pace.waitMs = 0
  const stopped = await settled(runId)
  assert.deepEqual([stopped.state, stopped.because], ['failed', 'serverStopped'])
  assert.deepEqual(await placesIn('dung'), [])
  await ask(contract.recheck, { runId })
  assert.equal((await settled(runId, (run) => run.state === 'checked')).preview?.summary?.added, 400)
})
test('a file left for a week is taken away', async () => {
  const { runId } = (await upload(csv(['1,Đình']), { register: 'cu' })).json()
  await settled(runId)
  const { expired } = await imports.recover(new Date(Date.now() + 8 * 86_400_000))
  assert.ok(expired >= 1)
  assert.equal((await settled(runId)).because, 'expired')
  assert.equal(storedFiles(), 0)
})
test('the empty form of a kind has its headers', async () => {
  const answer = await app.inject({
    method: 'GET',
    url: `${pathOf(contract.form)}?q=${encodeURIComponent('{"kind":"dia-diem"}')}`,
  })
  assert.equal(answer.statusCode, 200)
  const { readTable } = await import('../spreadsheet/index.ts')
  const table = await readTable(answer.rawPayload, { fileName: 'mau.xlsx', expect: places.columns })
  assert.deepEqual(table.columns.missing, [])
})
