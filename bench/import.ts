// 3,004 units and 97,319 people, from the bytes of a file to durable rows, with every check. Budget: CSV 10 s, XLSX 20 s.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type pg from 'pg'
import { asRow, demoPeople, peopleCsv, peopleHeader } from '../demo/people.ts'
import { importKinds, places } from '../src/features/organisation/server/index.ts'
import { machine } from '../src/platform/rights.ts'
import { type ImportOutcome, runImport } from '../src/platform/server/imports/index.ts'
import { writeXlsx } from '../src/platform/server/spreadsheet/index.ts'
import { testDesk } from '../src/platform/server/testing/index.ts'
import { type Case, tell } from './conditions.ts'

const desk = await testDesk({ places })
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-bench-'))
const rounded = (number: number) => Math.round(number * 100) / 100

/** Wall and CPU seconds of this process; the database's own CPU is not in it. */
async function measured<T>(
  work: () => Promise<T>,
): Promise<{ value: T; seconds: number; cpuSeconds: number; rssMb: number }> {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const value = await work()
  const { user, system } = process.cpuUsage(cpu)
  return {
    value,
    seconds: rounded((performance.now() - begun) / 1_000),
    cpuSeconds: rounded((user + system) / 1_000_000),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
  }
}
const bring = (kind: string, register: string, bytes: Buffer): Promise<ImportOutcome> =>
  runImport(desk, importKinds, {
    kind,
    file: { bytes, fileName: `${kind}.bin` },
    options: { register },
    actor: machine('bench'),
    now: new Date(),
  })
async function bothFiles(register: string, units: Buffer, people: Buffer) {
  const unitRun = await bring('don-vi', register, units)
  const peopleRun = await bring('dang-vien', register, people)
  if (!unitRun.applied || !peopleRun.applied)
    throw new Error(JSON.stringify([unitRun.problems[0], peopleRun.problems[0]]))
  const sum = (name: 'added' | 'changed' | 'unchanged') => unitRun.summary![name] + peopleRun.summary![name]
  return { added: sum('added'), changed: sum('changed'), unchanged: sum('unchanged') }
}

/** What the database alone needs for the same rows: COPY into a bare table with the same columns, one transaction. */
async function copyAlone(csv: Buffer) {
  const client = await desk.pool.connect()
  try {
    await client.query(
      'create table bare (code text, name text, birth text, sex text, unit text, position text, phone text, email text, exempt text)',
    )
    return await measured(() => copyIn(client, 'copy bare from stdin (format csv, header)', csv))
  } finally {
    await client.query('drop table if exists bare')
    client.release()
  }
}
/** pg speaks the copy protocol, but leaves the conversation to whoever submits it. */
function copyIn(client: pg.PoolClient, text: string, bytes: Buffer): Promise<void> {
  type Wire = { query: (text: string) => void; sendCopyFromChunk: (chunk: Buffer) => void; endCopyFrom: () => void }
  return new Promise((resolve, reject) => {
    const conversation = {
      submit: (wire: Wire) => wire.query(text),
      handleCopyInResponse(wire: Wire) {
        for (let at = 0; at < bytes.length; at += 65_536) wire.sendCopyFromChunk(bytes.subarray(at, at + 65_536))
        wire.endCopyFrom()
      },
      handleCommandComplete: () => {},
      handleReadyForQuery: () => resolve(),
      handleError: reject,
    }
    client.query(conversation as unknown as pg.Submittable)
  })
}

const rows: { result: Case; budget: string }[] = []
const postgres = (await desk.pool.query<{ server_version: string }>('show server_version')).rows[0]!.server_version
try {
  const unitsCsv = fs.readFileSync(path.join(import.meta.dirname, '../demo/don-vi.csv'))
  const csv = peopleCsv()
  const book = path.join(folder, 'people.xlsx')
  await writeXlsx(book, {
    sheets: [{ name: 'Đảng viên', columns: peopleHeader.map((header) => ({ header })), rows: rowsOf() }],
  })
  const unitsBook = path.join(folder, 'units.xlsx')
  const [unitHeader, ...unitRows] = unitsCsv
    .toString('utf8')
    .replace('\uFEFF', '')
    .trim()
    .split(/\r?\n/)
    .map((row) => row.split(','))
  await writeXlsx(unitsBook, {
    sheets: [{ name: 'Đơn vị', columns: unitHeader!.map((header) => ({ header })), rows: unitRows }],
  })
  type Numbers = { seconds: number; cpuSeconds: number; rssMb: number } & Record<string, number>
  const add = (name: string, budgetSeconds: number, right: boolean, n: number, numbers: Numbers) =>
    rows.push({
      result: { bench: 'import', case: name, pass: right && numbers.seconds <= budgetSeconds, n, ...numbers },
      budget: Number.isFinite(budgetSeconds) ? `≤ ${budgetSeconds} s` : 'beside it',
    })
  const n = 3_004 + 97_319

  const bare = await copyAlone(csv)
  const asCsv = await measured(() => bothFiles('csv', unitsCsv, csv))
  const again = await measured(() => bothFiles('csv', unitsCsv, csv))
  const asBook = await measured(() => bothFiles('xlsx', fs.readFileSync(unitsBook), fs.readFileSync(book)))
  const flat = ({ value, ...rest }: typeof asCsv) => ({ ...rest, ...value })
  add('copy-alone', Number.POSITIVE_INFINITY, true, 97_319, {
    seconds: bare.seconds,
    cpuSeconds: bare.cpuSeconds,
    rssMb: bare.rssMb,
  })
  add('csv', 10, asCsv.value.added === n, n, flat(asCsv))
  add('xlsx', 20, asBook.value.added === n, n, flat(asBook))
  add('again', 10, again.value.unchanged === n && again.value.changed === 0, n, flat(again))
} finally {
  await desk.close()
  fs.rmSync(folder, { recursive: true, force: true })
}
function* rowsOf() {
  for (const person of demoPeople()) yield asRow(person)
}

tell(rows, { postgres })
