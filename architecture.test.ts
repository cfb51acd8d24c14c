// Doors, order, floors: imports follow the arrow kernel → platform → features (in order) → apps.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const order = [
  ...['organisation', 'access', 'notices', 'campaigns', 'conferences', 'materials', 'sites', 'attendance'],
  ...['supervision', 'quizzes', 'coverage', 'stage', 'broadcast', 'interaction', 'makeups', 'essays', 'proposals'],
  ...['meetings', 'contests', 'classes', 'rapporteurs', 'outreach', 'plans', 'reports'],
]
const doors = /^(contract\.ts|(server|media)\/index\.ts|web\/index\.tsx?)$/
const files = fs
  .readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
const importsOf = (file: string) =>
  [...fs.readFileSync(path.join('src', file), 'utf8').matchAll(/(?:from|import\(|import)\s*'(\.[^']+)'/g)].map(
    (found) => path.posix.join(path.posix.dirname(file), found[1]!),
  )
const edges = files.flatMap((file) => importsOf(file).map((to) => ({ file, to })))
const isTest = (file: string) => /\.test\.tsx?$/.test(file)

const floor = (file: string) => ['kernel', 'platform', 'features', 'apps'].indexOf(file.split('/')[0]!)
const feature = (file: string) => (file.startsWith('features/') ? file.split('/')[1]! : undefined)
const place = (file: string) =>
  /^features\/\w+\/(server|media)\/|^platform\/server\/|^apps\/(server|worker|live|programme|cli|demo)\//.test(file)
    ? 'server'
    : /\/web\/|^apps\/web\//.test(file)
      ? 'web'
      : 'common'
const told = (wrong: typeof edges) => wrong.map(({ file, to }) => `${file} → ${to}`)

test('every import goes back along the arrow', () => {
  assert.deepEqual(told(edges.filter(({ file, to }) => floor(to) > floor(file))), [])
})
test('a feature is entered only by its doors', () => {
  const trespass = edges.filter(
    ({ file, to }) => feature(to) && feature(to) !== feature(file) && !doors.test(to.split('/').slice(2).join('/')),
  )
  assert.deepEqual(told(trespass), [])
})
test('a feature uses only features before it', () => {
  const forward = edges.filter(
    ({ file, to }) =>
      feature(file) && feature(to) && order.indexOf(feature(to)!) > order.indexOf(feature(file)!) && !isTest(file),
  )
  assert.deepEqual(told(forward), [])
})
test('no file reaches into another environment', () => {
  assert.deepEqual(
    told(edges.filter(({ file, to }) => place(to) !== 'common' && place(to) !== place(file) && !isTest(file))),
    [],
  )
})
test('every feature folder has its place in the order', () => {
  assert.deepEqual(
    fs.readdirSync('src/features').filter((name) => !order.includes(name)),
    [],
  )
})
