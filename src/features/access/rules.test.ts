import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Actor, type Role, roles, type ScopeKind, seesNames } from '../../platform/rights.ts'
import { inForce, isWeakPin, mayGive, minutesUntilNextTry, needsSecondFactor, roomsOf } from './rules.ts'

const with_ = (role: Role, kind: ScopeKind, scopeId?: string): Actor => ({
  name: 'nv:thu',
  kind: 'staff',
  assurance: 'confirmed',
  grants: [{ role, kind, scopeId }],
})
const commune = { unitPath: ['T', 'H1', 'X1'] }

test('an organiser gives roles in her own subtree, never beside it, above it, or above her own', () => {
  const officer = with_('organiser', 'unit', 'H1')
  assert.deepEqual(mayGive(officer, commune, 'unit'), ['organiser', 'head', 'cellSecretary'])
  assert.deepEqual(mayGive(officer, { ...commune, siteId: 's' }, 'site'), ['siteManager', 'steward'])
  assert.deepEqual(mayGive(officer, { unitPath: ['T', 'H2'] }, 'unit'), [])
  assert.deepEqual(mayGive(officer, { unitPath: ['T'] }, 'unit'), [])
  assert.deepEqual(mayGive(officer, undefined, 'installation'), [])
})
test('whoever gives a role could not have gained more than she had', () => {
  fc.assert(
    fc.property(fc.constantFrom(...roles), fc.constantFrom(...roles), (mine, theirs) => {
      const may = mayGive(with_(mine, 'unit', 'H1'), commune, 'unit')
      if (may.includes(theirs) && theirs === 'administrator') assert.equal(mine, 'administrator')
      if (may.length > 0) assert.ok(['administrator', 'organiser'].includes(mine))
    }),
  )
})
test('the last day of a grant still counts, the day before its first does not', () => {
  const dated = { from: '2021-01-10', to: '2021-01-14' }
  assert.equal(inForce(dated, '2021-01-09'), false)
  assert.equal(inForce(dated, '2021-01-10'), true)
  assert.equal(inForce(dated, '2021-01-14'), true)
  assert.equal(inForce(dated, '2021-01-15'), false)
})
test('a second factor is asked of those who see much, not of one hall’s manager or a cell secretary', () => {
  const needs = (...grants: Actor['grants']) => needsSecondFactor(grants, [], { demo: false })
  assert.equal(needs({ role: 'administrator', kind: 'installation' }), true)
  assert.equal(needs({ role: 'organiser', kind: 'unit', scopeId: 'H1' }), true)
  assert.equal(needs({ role: 'dataOfficer', kind: 'unit', scopeId: 'H1' }), true)
  assert.equal(needs({ role: 'siteManager', kind: 'site', scopeId: 'a' }), false)
  assert.equal(
    needs({ role: 'siteManager', kind: 'site', scopeId: 'a' }, { role: 'steward', kind: 'site', scopeId: 'b' }),
    true,
  )
  assert.equal(needs({ role: 'cellSecretary', kind: 'unit', scopeId: 'c' }), false)
  assert.equal(needs({ role: 'head', kind: 'unit', scopeId: 'T' }), false)
  assert.equal(needsSecondFactor([], [{ unitId: 'H1', reason: 'học bù' }], { demo: false }), true)
  assert.equal(needsSecondFactor([{ role: 'administrator', kind: 'installation' }], [], { demo: true }), false)
})
test('names are seen from the grassroots unit and the cell, or with a dated task; from higher up only numbers', () => {
  const cell = { unitPath: ['T', 'H1', 'X1', 'C1'], grassrootsId: 'X1' }
  assert.equal(seesNames(with_('organiser', 'unit', 'X1'), cell), true)
  assert.equal(seesNames(with_('cellSecretary', 'unit', 'C1'), cell), true)
  assert.equal(seesNames(with_('organiser', 'unit', 'H1'), cell), false)
  assert.equal(seesNames(with_('administrator', 'installation'), cell), false)
  assert.equal(seesNames(with_('head', 'unit', 'X1'), cell), false)
  assert.equal(
    seesNames({ ...with_('organiser', 'unit', 'T'), nameTasks: [{ unitId: 'H1', reason: 'kiểm tra' }] }, cell),
    true,
  )
})
test('an administrator of a part has no accounts and no log; a manager of two halls has two consoles', () => {
  const keys = (actor: Actor) => roomsOf(actor).map(({ key }) => key)
  assert.ok(keys(with_('administrator', 'installation')).includes('log'))
  assert.ok(!keys(with_('administrator', 'unit', 'H1')).includes('log'))
  const two: Actor = {
    ...with_('siteManager', 'site', 'a'),
    grants: [
      { role: 'siteManager', kind: 'site', scopeId: 'a' },
      { role: 'steward', kind: 'site', scopeId: 'b' },
      { role: 'siteManager', kind: 'site', scopeId: 'b' },
    ],
  }
  assert.deepEqual(
    roomsOf(two, (id) => `Hội trường ${id}`).map(({ label, path }) => [label, path]),
    [
      ['Hội trường a', '/diem-cau/a'],
      ['Hội trường b', '/diem-cau/b'],
    ],
  )
})
test('a cell’s secretary has the room of her cell; so has the officer of a unit that keeps names, for her unit', () => {
  const cells = (actor: Actor) =>
    roomsOf(
      actor,
      (id) => id,
      (id) => id === 'X1',
    )
      .filter(({ key }) => key === 'cell')
      .map(({ path }) => path)
  assert.deepEqual(cells(with_('cellSecretary', 'unit', 'C1')), ['/chi-bo/C1'])
  assert.deepEqual(cells(with_('organiser', 'unit', 'X1')), ['/chi-bo/X1'])
  assert.deepEqual(cells(with_('organiser', 'unit', 'T')), [])
})
test('a PIN that anybody would try first is refused', () => {
  for (const pin of ['000000', '123456', '654321', '121212', '123123', '999999'])
    assert.equal(isWeakPin(pin), true, pin)
  for (const pin of ['274913', '109283', '135790']) assert.equal(isWeakPin(pin), false, pin)
})
test('the wait that is told is never nothing and never more than the hour', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_600_000 }), (pastMs) => {
      const since = new Date(1_700_000_000_000)
      const minutes = minutesUntilNextTry(since, new Date(since.getTime() + pastMs))
      assert.ok(minutes >= 1 && minutes <= 60)
    }),
  )
})
