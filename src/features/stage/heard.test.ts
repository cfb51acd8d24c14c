import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heardOf } from './heard.ts'

const part = (kind: string, more = {}) => ({ kind, state: 'backstage', microphone: false, connected: true, ...more })

test('whoever has an open microphone is heard; the technician and who was removed are not', () => {
  const speaker = part('speaker', { microphone: true })
  const removed = part('site', { microphone: true, state: 'removed' })
  const technician = part('technician', { microphone: true })
  assert.deepEqual(heardOf([speaker, part('site'), removed, technician]), [speaker])
})
test('a caller on the telephone is heard through the moderator who holds the phone', () => {
  const caller = part('telephone', { microphone: true })
  const moderator = part('moderator')
  assert.deepEqual(heardOf([caller, moderator, part('moderator', { connected: false })]), [caller, moderator])
  assert.deepEqual(heardOf([part('telephone'), moderator]), [])
})
