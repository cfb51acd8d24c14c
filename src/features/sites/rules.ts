// Who sits where, decided from counts of seats and an order that the campaign has published.
import { fold } from '../../kernel/fold.ts'

export type SeatCriterion = 'position' | 'evenly' | 'code'
export type SeatOrder = { seatOrder: readonly SeatCriterion[]; positionOrder: readonly string[] }

export type ToSeat = { personId: string; unitId: string; position: string; code: string }
export type Hall = { siteId: string; unitId: string; code: string; freeSeats: number }
/** Ancestors by child; a unit that is not a key stands at the top. */
export type ParentOf = ReadonlyMap<string, string | undefined>
export type Seating = { places: { personId: string; unitId: string; siteId: string }[]; left: ToSeat[] }

/** Units are nested a handful of levels deep; more means that the tree bites its own tail. */
const deepestTree = 60

/**
 * For each person, in the published order, the nearest unit from her own upwards **whose site still has a free seat**: a commune's
 * overflow goes to the district's hall, then to the province's. Several sites of one unit fill in the order of their codes.
 * Never by age or sex: neither is given.
 */
export function proposeSeats({
  people,
  halls,
  parentOf,
  order,
}: {
  people: readonly ToSeat[]
  halls: readonly Hall[]
  parentOf: ParentOf
  order: SeatOrder
}): Seating {
  const hallsOf = new Map<string, { siteId: string; free: number }[]>()
  for (const { siteId, unitId, freeSeats } of [...halls].sort((one, other) => compare(one.code, other.code)))
    hallsOf.set(unitId, [...(hallsOf.get(unitId) ?? []), { siteId, free: freeSeats }])
  const waysUp = new Map<string, { siteId: string; free: number }[]>()
  const wayUp = (unitId: string) => {
    let way = waysUp.get(unitId)
    if (!way) {
      way = unitsUp(unitId, parentOf).flatMap((unit) => hallsOf.get(unit) ?? [])
      waysUp.set(unitId, way)
    }
    return way
  }
  const seating: Seating = { places: [], left: [] }
  for (const person of inSeatOrder(people, order)) {
    const hall = wayUp(person.unitId).find(({ free }) => free > 0)
    if (!hall) {
      seating.left.push(person)
      continue
    }
    hall.free--
    seating.places.push({ personId: person.personId, unitId: person.unitId, siteId: hall.siteId })
  }
  return seating
}

function unitsUp(unitId: string, parentOf: ParentOf): string[] {
  const way: string[] = []
  for (let at: string | undefined = unitId; at !== undefined; at = parentOf.get(at)) {
    if (way.length > deepestTree) throw new Error('a tree with a cycle has no way up')
    way.push(at)
  }
  return way
}

/**
 * The order in which people take seats. «Evenly» is turn by turn: the first of every cell before the second of any, counted after the
 * criteria before it, so that a cell's officers do not cost another cell its share.
 */
export function inSeatOrder<Person extends ToSeat>(
  people: readonly Person[],
  { seatOrder, positionOrder }: SeatOrder,
): Person[] {
  const rankOf = positionRanks(positionOrder)
  const before = seatOrder.slice(0, Math.max(0, seatOrder.indexOf('evenly')))
  const usesPosition = seatOrder.includes('position')
  const ranked = people.map((person) => ({ person, rank: usesPosition ? rankOf(person.position) : 0, turn: 0 }))
  const byCode = (one: Ranked<Person>, other: Ranked<Person>) =>
    compare(one.person.code, other.person.code) || compare(one.person.personId, other.person.personId)
  const inCell = before.includes('position')
    ? (one: Ranked<Person>, other: Ranked<Person>) => one.rank - other.rank || byCode(one, other)
    : byCode
  if (seatOrder.includes('evenly')) {
    const turns = new Map<string, number>()
    for (const one of [...ranked].sort(inCell)) {
      one.turn = turns.get(one.person.unitId) ?? 0
      turns.set(one.person.unitId, one.turn + 1)
    }
  }
  const by: Record<SeatCriterion, (one: Ranked<Person>, other: Ranked<Person>) => number> = {
    position: (one, other) => one.rank - other.rank,
    evenly: (one, other) => one.turn - other.turn,
    code: byCode,
  }
  const criteria = [...seatOrder.map((criterion) => by[criterion]), byCode]
  return ranked
    .sort((one, other) => {
      for (const criterion of criteria) {
        const sign = criterion(one, other)
        if (sign !== 0) return sign
      }
      return 0
    })
    .map(({ person }) => person)
}
type Ranked<Person> = { person: Person; rank: number; turn: number }

/** Listed positions first, in the list's order («Bí thư chi bộ» begins with «Bí thư»), then any other position, then none. */
export function positionRanks(positionOrder: readonly string[]): (position: string) => number {
  const listed = positionOrder.map(fold)
  const known = new Map<string, number>()
  return (position) => {
    let rank = known.get(position)
    if (rank === undefined) {
      const folded = fold(position)
      const at = listed.findIndex((name) => folded === name || folded.startsWith(`${name} `))
      rank = at >= 0 ? at : folded === '' ? listed.length + 1 : listed.length
      known.set(position, rank)
    }
    return rank
  }
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

export type SeatingCount = { unitId: string; siteId: string | undefined; count: number }
/** «Chi bộ thôn 3: 21 người → Hội trường xã»: by the person's own unit and site; without a site: left without a seat. */
export function countSeating({ places, left }: Seating): SeatingCount[] {
  const counts = new Map<string, SeatingCount>()
  const add = (unitId: string, siteId: string | undefined) => {
    const key = `${unitId} ${siteId ?? ''}`
    const one = counts.get(key)
    if (one) one.count++
    else counts.set(key, { unitId, siteId, count: 1 })
  }
  for (const { unitId, siteId } of places) add(unitId, siteId)
  for (const { unitId } of left) add(unitId, undefined)
  return [...counts.values()]
}

/**
 * The letters of a door code: no vowels, so that no Vietnamese keyboard puts a mark on them and no word comes out; no D (twice it would
 * become Đ), no letter that looks like another or like a digit.
 */
export const doorCodeLetters = 'BCFGHJKLMNPQRSTVXZ'
export const doorCodeLength = 8

/** «bcfg hjkl», «BCFG-HJKL» or the text of the QR → «BCFGHJKL», with the conference the QR names; undefined when it is no door code. */
export function parseDoorCode(text: string): { code: string; conferenceShort?: string } | undefined {
  const tidy = text.normalize('NFC').trim().toUpperCase()
  const scanned = /^DC1\.([0-9A-F]{12})\.([A-Z]{8})$/.exec(tidy)
  const code = scanned ? scanned[2]! : tidy.replace(/[\s.–-]/g, '')
  if (code.length !== doorCodeLength || [...code].some((letter) => !doorCodeLetters.includes(letter))) return undefined
  return scanned ? { code, conferenceShort: scanned[1]!.toLowerCase() } : { code }
}
/** The last twelve hexadecimal digits of the conference's id: enough to tell that a QR belongs to another conference, even offline. */
export const shortOf = (conferenceId: string): string => conferenceId.slice(-12).toLowerCase()
export const doorQr = (conferenceId: string, code: string): string =>
  `DC1.${shortOf(conferenceId)}.${code}`.toUpperCase()
/** «BCFG HJKL», as it is printed and read out. */
export const printDoorCode = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`
