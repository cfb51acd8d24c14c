import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type TestDb, testDb } from '../../../platform/server/testing/index.ts'
import { aboutSomethingElse, holdsPersons, neverKept, purposes } from '../purposes.ts'

describe('the purpose register', () => {
  let it: TestDb
  const tables = new Map<string, string[]>()
  before(async () => {
    it = await testDb()
    const { rows } = await it.pool.query(
      "select table_name, column_name from information_schema.columns where table_schema = 'public' order by ordinal_position",
    )
    for (const { table_name, column_name } of rows)
      tables.set(table_name, [...(tables.get(table_name) ?? []), column_name])
  })
  after(() => it.close())

  test('every column about a person has a purpose, a ground, a time and an audience', () => {
    const said = new Set(purposes.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)))
    const missing = [...tables].flatMap(([table, columns]) =>
      holdsPersons(table, columns)
        ? columns
            .filter((column) => aboutSomethingElse[table]?.includes(column) ?? true)
            .map((column) => `${table}.${column}`)
            .filter((column) => !said.has(column))
        : [],
    )
    assert.deepEqual(missing, [], 'say in purposes.ts what each of these is kept for')
  })
  test('says nothing of columns that do not exist', () => {
    const gone = purposes.flatMap(({ table, columns }) =>
      columns.filter((column) => !tables.get(table)?.includes(column)).map((column) => `${table}.${column}`),
    )
    assert.deepEqual(gone, [])
  })
  test('says everything in both languages', () => {
    for (const { table, purpose, ground, retention, audience } of purposes)
      for (const words of [purpose, ground, retention, audience])
        assert.ok(words.vi.length > 3 && words.en.length > 3, table)
  })
  test('no column anywhere holds what is never kept about anybody', () => {
    const found = [...tables].flatMap(([table, columns]) =>
      columns.filter((column) => neverKept.test(column)).map((column) => `${table}.${column}`),
    )
    assert.deepEqual(found, [])
    for (const column of [
      'sex',
      'face_id',
      'ethnic_group',
      'religion',
      'watched_seconds',
      'loyalty',
      'cccd',
      'health_note',
      'person_score',
    ])
      assert.ok(neverKept.test(column), column)
    for (const column of ['interface', 'address', 'valid_from', 'level_rank', 'sessions'])
      assert.ok(!neverKept.test(column), column)
  })
})
