import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { judgeSettings, type Launch, readSettings, settingsTable } from './config.ts'
import { settings } from './settings.ts'

const everyday: Launch = { demo: false, roles: ['web', 'live', 'worker'] }
const judge = (env: Record<string, string>, launch = everyday) =>
  judgeSettings(readSettings(env), launch, '/srv/diem-cau')
const problemsOf = (env: Record<string, string>) => {
  const judged = judge(env)
  return 'problems' in judged ? judged.problems : []
}
const configOf = (env: Record<string, string>, launch = everyday) => {
  const judged = judge(env, launch)
  assert.ok('config' in judged, JSON.stringify(judged))
  return judged.config
}

test('a machine without a single variable starts on port 3000 for everybody, with its data beside it', () => {
  const config = configOf({})
  assert.equal(config.port, 3000)
  assert.equal(config.host, '0.0.0.0')
  assert.equal(config.dataDir, '/srv/diem-cau/data')
  assert.equal(config.baseUrl, 'http://127.0.0.1:3000')
})

test('a demo is shown to its own machine only and keeps its own folder, unless somebody says otherwise', () => {
  const demo: Launch = { ...everyday, demo: true }
  assert.equal(configOf({}, demo).host, '127.0.0.1')
  assert.equal(configOf({}, demo).dataDir, '/srv/diem-cau/data/demo')
  assert.equal(configOf({ HOST: '0.0.0.0' }, demo).host, '0.0.0.0')
})

test('a wrong port is answered with the variable, what it holds and what was expected, in both languages', () => {
  assert.deepEqual(problemsOf({ PORT: '70000' }), [
    {
      vi: 'PORT đang là «70000»; cần một số nguyên từ 1 đến 65535.',
      en: 'PORT is "70000"; expected a whole number from 1 to 65535.',
    },
  ])
})

test('all mistakes are named at once', () => {
  assert.equal(
    problemsOf({ PORT: 'ba nghìn', LOG_LEVEL: 'loud', TRUST_PROXY: 'yes', BASE_URL: 'diemcau.vn' }).length,
    4,
  )
})

test('a password in a wrong database address is not printed', () => {
  const [problem] = problemsOf({ DATABASE_URL: 'mysql://root:matkhau@localhost/x' })
  assert.ok(problem)
  assert.doesNotMatch(JSON.stringify(problem), /matkhau/)
})

test('an empty variable counts as not set', () => {
  assert.equal(configOf({ PORT: '  ', DATA_DIR: '' }).port, 3000)
})

test('no text in a variable makes the judge throw: it is taken or named', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(settings).map(({ name }) => name)), fc.string(), (name, text) => {
      const judged = judge({ [name]: text })
      assert.ok('config' in judged || judged.problems.length === 1)
    }),
  )
})

test('every setting has its line in the table, and the guide shows this very table', () => {
  const guide = path.resolve(import.meta.dirname, '../../../docs/operations/settings.md')
  assert.ok(fs.readFileSync(guide, 'utf8').includes(settingsTable()))
  for (const { name } of Object.values(settings)) assert.match(settingsTable(), new RegExp(`^\\| \`${name}\` \\|`, 'm'))
})
