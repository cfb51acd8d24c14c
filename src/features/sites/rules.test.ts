import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { demoPeople } from '../../../demo/people.ts'
import {
  countSeating,
  doorQr,
  type Hall,
  inSeatOrder,
  parseDoorCode,
  positionRanks,
  proposeSeats,
  type ToSeat,
} from './rules.ts'

const order = {
  seatOrder: ['position', 'evenly', 'code'] as const,
  positionOrder: ['Bí thư', 'Phó Bí thư', 'Cấp ủy viên', 'Chi ủy viên'],
}

/** A small tree by parent indexes, some halls, some people at any unit. */
const scene = fc.tuple(fc.array(fc.nat(30), { minLength: 1, maxLength: 14 }), fc.nat()).chain(([parents]) => {
  const parentOf = new Map<string, string | undefined>(
    parents.map((parent, at) => [`u${at}`, at === 0 ? undefined : `u${parent % at}`] as const),
  )
  const unit = fc.nat(parents.length - 1).map((at): string => `u${at}`)
  return fc.record({
    parentOf: fc.constant(parentOf),
    halls: fc
      .array(fc.record({ unitId: unit, freeSeats: fc.nat(6) }), { maxLength: 8 })
      .map((halls) => halls.map((hall, at): Hall => ({ ...hall, siteId: `s${at}`, code: `DC-${at}` }))),
    people: fc
      .array(fc.record({ unitId: unit, position: fc.constantFrom('', 'Bí thư chi bộ', 'Phó Bí thư', 'Trưởng thôn') }), {
        maxLength: 40,
      })
      .map((people) => people.map((person, at): ToSeat => ({ ...person, personId: `p${at}`, code: String(at % 7) }))),
  })
})

test('nobody sits twice, no hall holds more than its seats, and nobody is forgotten', () => {
  fc.assert(
    fc.property(scene, ({ people, halls, parentOf }) => {
      const { places, left } = proposeSeats({ people, halls, parentOf, order })
      const seated = new Set(places.map(({ personId }) => personId))
      assert.equal(seated.size, places.length)
      assert.deepEqual(
        new Set([...seated, ...left.map(({ personId }) => personId)]),
        new Set(people.map(({ personId }) => personId)),
      )
      for (const { siteId, freeSeats } of halls)
        assert.ok(places.filter((place) => place.siteId === siteId).length <= freeSeats)
    }),
  )
})

test('nobody is sent past a nearer hall with a free seat, and nobody is left while a hall above her has one', () => {
  fc.assert(
    fc.property(scene, ({ people, halls, parentOf }) => {
      const { places, left } = proposeSeats({ people, halls, parentOf, order })
      const taken = new Map<string, number>()
      for (const { siteId } of places) taken.set(siteId, (taken.get(siteId) ?? 0) + 1)
      const isFull = ({ siteId, freeSeats }: Hall) => (taken.get(siteId) ?? 0) === freeSeats
      const hallsUp = (unitId: string) => {
        const way: Hall[] = []
        for (let at: string | undefined = unitId; at !== undefined; at = parentOf.get(at))
          way.push(...halls.filter((hall) => hall.unitId === at))
        return way
      }
      for (const { unitId, siteId } of places) {
        const way = hallsUp(unitId)
        const own = halls.find((hall) => hall.siteId === siteId)!
        const nearer = way.slice(
          0,
          way.findIndex((hall) => hall.unitId === own.unitId),
        )
        assert.ok(way.includes(own))
        assert.ok(nearer.every(isFull))
      }
      for (const { unitId } of left) assert.ok(hallsUp(unitId).every(isFull))
    }),
  )
})

test('who stands earlier in the order never waits for a seat that someone later from the same cell got', () => {
  fc.assert(
    fc.property(scene, ({ people, halls, parentOf }) => {
      const { places } = proposeSeats({ people, halls, parentOf, order })
      const seated = new Set(places.map(({ personId }) => personId))
      const waiting = new Set<string>()
      for (const { personId, unitId } of inSeatOrder(people, order))
        if (!seated.has(personId)) waiting.add(unitId)
        else assert.ok(!waiting.has(unitId))
    }),
  )
})

test('the order does not depend on how the list of people came', () => {
  fc.assert(
    fc.property(scene, fc.nat(), ({ people }, turn) => {
      const turned = [...people.slice(turn % (people.length + 1)), ...people.slice(0, turn % (people.length + 1))]
      assert.deepEqual(inSeatOrder(turned, order), inSeatOrder(people, order))
    }),
  )
})

test('secretaries first, then deputies, then other officers; the rest take turns between the cells', () => {
  const person = (code: string, unitId: string, position = ''): ToSeat => ({ personId: code, code, unitId, position })
  const people = [
    person('1', 'a'),
    person('2', 'a'),
    person('3', 'a'),
    person('4', 'b'),
    person('5', 'b'),
    person('6', 'b', 'Trưởng thôn'),
    person('7', 'a', 'Phó Bí thư chi bộ'),
    person('8', 'b', 'Bí thư chi bộ'),
    person('9', 'a', 'Bí thư chi bộ'),
  ]
  assert.deepEqual(
    inSeatOrder(people, order).map(({ code }) => code),
    ['8', '9', '7', '6', '1', '4', '2', '5', '3'],
  )
})

test('«Bí thư chi bộ» is a secretary, «Phó Bí thư» is not, and accents typed otherwise make no difference', () => {
  const rankOf = positionRanks(order.positionOrder)
  assert.equal(rankOf('Bí thư chi bộ'), 0)
  assert.equal(rankOf('Phó bí thư'), 1)
  assert.equal(rankOf('Chi uỷ viên'), 3)
  assert.equal(rankOf('Trưởng thôn'), 4)
  assert.equal(rankOf(''), 5)
})

test('a code is read as printed, as typed in a hurry, and from the QR; anything else is none', () => {
  const conferenceId = '0190a000-0000-7000-8000-00a1b2c3d4e5'
  assert.deepEqual(parseDoorCode(doorQr(conferenceId, 'BCFGHJKL')), {
    code: 'BCFGHJKL',
    conferenceShort: '00a1b2c3d4e5',
  })
  assert.deepEqual(parseDoorCode(' bcfg hjkl '), { code: 'BCFGHJKL' })
  assert.deepEqual(parseDoorCode('BCFG-HJKL'), { code: 'BCFGHJKL' })
  for (const wrong of ['', 'BCFGHJK', 'AEIOUDDD', 'DC1.00.BCFGHJKL', 'https://x/BCFGHJKL'])
    assert.equal(parseDoorCode(wrong), undefined)
})

test('Bắc Giang: every one of 64.809 seats is taken and 32.510 people are left', () => {
  const folder = path.resolve(import.meta.dirname, '../../../demo')
  const read = (file: string) =>
    fs
      .readFileSync(path.join(folder, file), 'utf8')
      .replace(/^\uFEFF/, '')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','))
  const parentOf = new Map(read('don-vi.csv').map(([code, parent]) => [code!, parent || undefined]))
  const halls = read('diem-cau.csv').map((cells) => ({
    siteId: cells[0]!,
    code: cells[0]!,
    unitId: cells[1]!,
    freeSeats: Number(cells.at(-1)),
  }))
  const people = [...demoPeople()].map(({ code, unitCode, position }) => ({
    personId: code,
    code,
    unitId: unitCode,
    position,
  }))
  const began = performance.now()
  const seating = proposeSeats({ people, halls, parentOf, order })
  assert.ok(performance.now() - began < 5_000)
  assert.equal(seating.places.length, 64_809)
  assert.equal(seating.left.length, 32_510)
  assert.equal(
    countSeating(seating).reduce((sum, { count }) => sum + count, 0),
    97_319,
  )
})
