import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { newId } from '../../kernel/id.ts'
import { cookieLine, findCookie, mintCookie, readCookie, type SignedIn } from './cookie.ts'

const secret = randomBytes(32)
const now = new Date('2021-01-14T00:30:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const member: SignedIn = {
  kind: 'member',
  personId: newId(),
  campaignId: newId(),
  assurance: 'entered',
  signInId: newId(),
}
const staff: SignedIn = { kind: 'staff', userId: newId(), twoFactor: true, signInId: newId() }

test('a cookie says who it was made for: a member for twelve hours, staff for fifteen minutes', () => {
  for (const [who, minutes] of [
    [member, 12 * 60],
    [staff, 15],
  ] as const) {
    const value = mintCookie(secret, who, now)
    assert.deepEqual(readCookie(secret, value, later(minutes - 1))?.who, who)
    assert.equal(readCookie(secret, value, later(minutes - 1))?.fresh, true)
    assert.equal(readCookie(secret, value, later(minutes + 1))?.fresh, false)
  }
})
test('a cookie changed in any place, or signed by another house, says nothing', () => {
  const value = mintCookie(secret, member, now)
  assert.equal(readCookie(randomBytes(32), value, now), undefined)
  fc.assert(
    fc.property(fc.nat(value.length - 1), fc.constantFrom(...'abcXYZ0189-_.'), (at, letter) => {
      if (value[at] === letter) return
      const read = readCookie(secret, value.slice(0, at) + letter + value.slice(at + 1), now)
      // The last letter of a hash in base64url carries bits that mean nothing.
      if (at === value.length - 1) return
      assert.equal(read, undefined)
    }),
  )
})
test('anything at all in the cookie is harmless', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(readCookie(secret, text, now), undefined)))
})
test('our cookie is found among others, and a lookalike is not', () => {
  assert.equal(findCookie('a=1; dc=xyz; b=2'), 'xyz')
  assert.equal(findCookie('dc=xyz'), 'xyz')
  assert.equal(findCookie('adc=no; dcs.session_token=no'), undefined)
  assert.equal(findCookie('adc=no;dc=yes'), 'yes')
  assert.equal(findCookie(undefined), undefined)
})
test('the cookie is for the server’s eyes only, and stays on the same site', () => {
  assert.match(cookieLine('v', { secure: true }), /HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/)
  assert.match(cookieLine('', { secure: false }), /Max-Age=0$/)
})
test('reading a cookie takes microseconds', () => {
  const value = mintCookie(secret, member, now)
  const began = performance.now()
  for (let i = 0; i < 2000; i++) readCookie(secret, value, now)
  assert.ok((performance.now() - began) / 2000 < 0.5, 'under half a millisecond even on a busy machine')
})
