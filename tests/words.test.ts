// English stands beside each feature, and a page loads all of it as one: the same Vietnamese has one English.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { test } from 'node:test'

const catalogues = fs
  .readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /web[\\/]words[\\/]en\.po$/.test(file))
const quoted = /((?:"(?:[^"\\]|\\.)*"\n?)+)/.source
const entry = new RegExp(`(?:^msgctxt ${quoted})?^msgid ${quoted}msgstr ${quoted}`, 'gm')
const said = (lines = '') => [...lines.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([line]) => JSON.parse(line)).join('')

test('the same Vietnamese words, in the same sense, have one English', () => {
  const english = new Map<string, Map<string, string>>()
  for (const file of catalogues)
    for (const [, context, words, translated] of fs.readFileSync(`src/${file}`, 'utf8').matchAll(entry)) {
      const key = [said(context), said(words)].filter(Boolean).join(' · ')
      const known = english.get(key) ?? new Map<string, string>()
      if (key) english.set(key, known.set(said(translated), file))
    }
  assert.ok(english.size > 500)
  // Two senses of one word are told apart by a context: msg({ context: 'nhật ký', message: … }).
  assert.deepEqual(
    [...english]
      .filter(([, known]) => known.size > 1)
      .map(([words, known]) => `${words}: ${[...known.keys()].join(' | ')}`),
    [],
  )
})
