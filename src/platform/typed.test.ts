import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatDay } from '../kernel/time.ts'
import { pageFor } from './pages.ts'
import { readClock, readDay } from './typed.ts'

test('an officer types a day the way she writes it and gets the same calendar day', () => {
  for (const typed of ['14/1/2021', '14/01/2021', '14-01-2021', '14.1.21', '14012021', ' 14/01/2021 '])
    assert.equal(readDay(typed), '2021-01-14', typed)
})
test('a day that is in no calendar is no day', () => {
  for (const typed of ['31/02/2021', '29/02/2021', '0/1/2021', '14/13/2021', 'mai', '', '2021'])
    assert.equal(readDay(typed), undefined, typed)
})
test('every day printed on a paper can be typed back', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1930-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), (at) => {
      const day = at.toISOString().slice(0, 10)
      assert.equal(readDay(formatDay(day)), day)
    }),
  )
})
test('half past seven may be written four ways, and 25 o’clock none', () => {
  for (const typed of ['7:30', '07:30', '7h30', '730', '0730']) assert.equal(readClock(typed), '07:30', typed)
  assert.equal(readClock('7h'), '07:00')
  for (const typed of ['25:00', '7:60', 'sáng', '']) assert.equal(readClock(typed), undefined, typed)
})
test('a member, a hall and a newcomer get light pages, everybody else the desk', () => {
  assert.equal(pageFor('/toi'), 'member.html')
  assert.equal(pageFor('/toi/du-lieu'), 'member.html')
  assert.equal(pageFor('/diem-cau/0190'), 'console.html')
  assert.equal(pageFor('/vao/abc'), 'join.html')
  assert.equal(pageFor('/to-chuc'), 'index.html')
  assert.equal(pageFor('/toi-khong-phai'), 'index.html')
  assert.equal(pageFor('/'), 'index.html')
})
