import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { openLog } from './log.ts'

function listening(level = 'debug') {
  let said = ''
  const write = (line: string) => {
    said += line
  }
  const log = openLog(level, { write })
  return { log, said: () => said }
}

test('what a person is called, where she can be reached and what she typed stay out of the log', () => {
  const { log, said } = listening()
  log.info({ name: 'Nguyễn Thị Hạnh', phone: '0912345678', person: { email: 'hanh@example.vn' }, rows: 3 }, 'imported')
  assert.doesNotMatch(said(), /Hạnh|0912345678|hanh@/)
  assert.equal(JSON.parse(said()).rows, 3)
})

test('a fault of the database is told without the row that caused it', () => {
  const { log, said } = listening()
  const fault = Object.assign(new Error('duplicate key value violates unique constraint "person_code"'), {
    code: '23505',
    constraint: 'person_code',
    detail: 'Key (name)=(Nguyễn Thị Hạnh) already exists.',
  })
  log.error({ err: fault }, 'fault')
  assert.doesNotMatch(said(), /Hạnh/)
  assert.equal(JSON.parse(said()).err.constraint, 'person_code')
})

test('a request is told by its route, so that an entry link in the address is not', async () => {
  const { log, said } = listening()
  const app = Fastify({ loggerInstance: log })
  app.get('/vao/:link', async (request) => {
    request.log.info({ req: request }, 'asked')
    return 'ok'
  })
  await app.inject('/vao/bi-mat-cua-chi-hanh')
  assert.match(said(), /\/vao\/:link/)
  assert.doesNotMatch(said(), /bi-mat/)
})
