// Which sessions would hold those who are left, and where their checkpoints fall.
import { addMinutes, atVietnam, dayOf, minutesBetween } from '../../kernel/time.ts'

/** A grassroots unit with people left. `at` is its place in the order of the tree: neighbours have near numbers. */
export type Left = { unitId: string; parentId: string | undefined; at: number; people: number }
/** A hall, and the units it may serve: those below the unit that has it. */
export type Hall = { siteId: string; unitId: string; seats: number }
export type Session = {
  siteId: string | undefined
  seats: number
  /** In the order of the tree. */
  units: { unitId: string; people: number }[]
  people: number
}

/**
 * Sessions for everybody left: the largest unit opens one, its nearest neighbours under the same parent join while all of
 * them still have a seat; a unit larger than its hall is given several. The largest session first.
 *
 * @param hallFor the hall a unit would use: the nearest one upwards; undefined where none serves
 * @param seatsWithoutSite how many a room outside the register takes
 */
export function proposeSessions(
  left: readonly Left[],
  hallFor: (unitId: string) => Hall | undefined,
  seatsWithoutSite: number,
): Session[] {
  const waiting = new Map(left.filter(({ people }) => people > 0).map((unit) => [unit.unitId, { ...unit }] as const))
  const siblings = Map.groupBy(waiting.values(), ({ parentId }) => parentId)
  const sessions: Session[] = []
  const largestFirst = [...waiting.values()].sort((a, b) => b.people - a.people || a.at - b.at)
  for (const opener of largestFirst) {
    while (opener.people > 0) {
      const hall = hallFor(opener.unitId)
      const seats = Math.max(1, hall?.seats ?? seatsWithoutSite)
      const session = take([], opener, Math.min(opener.people, seats))
      let free = seats - session[0]!.people
      // A part of a large unit fills its hall alone; only a whole one takes neighbours in.
      const neighbours = (siblings.get(opener.parentId) ?? [])
        .filter((other) => other !== opener)
        .sort((a, b) => Math.abs(a.at - opener.at) - Math.abs(b.at - opener.at) || a.at - b.at)
      for (const neighbour of opener.people === 0 ? neighbours : [])
        if (neighbour.people > 0 && neighbour.people <= free) {
          free -= neighbour.people
          take(session, neighbour, neighbour.people)
        }
      session.sort((a, b) => waiting.get(a.unitId)!.at - waiting.get(b.unitId)!.at)
      sessions.push({ siteId: hall?.siteId, seats, units: session, people: seats - free })
    }
  }
  return sessions.sort((a, b) => b.people - a.people)
}
function take(session: { unitId: string; people: number }[], unit: Left, people: number) {
  unit.people -= people
  session.push({ unitId: unit.unitId, people })
  return session
}

/** The nearest hall upwards: the unit's own first; of several the largest. */
export function nearestHall(
  halls: readonly Hall[],
  pathOf: (unitId: string) => readonly string[],
): (unitId: string) => Hall | undefined {
  const byUnit = Map.groupBy(halls, ({ unitId }) => unitId)
  const largest = new Map(
    [...byUnit].map(([unitId, own]) => [unitId, own.reduce((one, other) => (other.seats > one.seats ? other : one))]),
  )
  return (unitId) => {
    const holder = pathOf(unitId).findLast((step) => largest.has(step))
    return holder === undefined ? undefined : largest.get(holder)
  }
}

/** Checkpoints of a buổi, evenly from its first quarter of an hour on: [opensAt, at, closesAt]; the next opens when one closes. */
export function spread(startsAt: Date, endsAt: Date, count: number): { opensAt: Date; at: Date; closesAt: Date }[] {
  const each = minutesBetween(startsAt, endsAt) / count
  return Array.from({ length: count }, (_, nth) => {
    const begins = addMinutes(startsAt, Math.floor(each * nth))
    const at = addMinutes(begins, Math.min(15, Math.floor(each / 2)))
    return {
      // People come before the hour: the first is open half an hour earlier.
      opensAt: nth === 0 ? addMinutes(startsAt, -30) : begins,
      at,
      closesAt: nth === count - 1 ? endsAt : addMinutes(startsAt, Math.floor(each * (nth + 1))),
    }
  })
}

/** The first «HB-<unit>-<n>» nobody has; a code holds letters, digits, dot, dash and underscore only. */
export function freeCode(unitCode: string, taken: ReadonlySet<string>): string {
  const stem = `HB-${unitCode.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 30)}`
  for (let nth = 1; ; nth++) if (!taken.has(`${stem}-${nth}`)) return `${stem}-${nth}`
}

/** Who sits where: each person at the nearest hall above her that has a seat, else at the first with one; nobody when all are full. */
export function fillSites<P extends { personId: string; path: readonly string[] }>(
  people: readonly P[],
  halls: readonly { siteId: string; unitId: string; free: number }[],
  /** Of a room that is in no register. */
  room: number | undefined,
): { personId: string; siteId?: string | undefined }[] {
  if (room !== undefined) return people.slice(0, room).map(({ personId }) => ({ personId }))
  const open = halls.map((hall) => ({ ...hall }))
  return people.flatMap(({ personId, path }) => {
    const free = open.filter((hall) => hall.free > 0)
    const near = free.reduce<(typeof free)[number] | undefined>(
      (best, hall) => (best === undefined || path.indexOf(hall.unitId) > path.indexOf(best.unitId) ? hall : best),
      undefined,
    )
    if (!near) return []
    near.free--
    return [{ personId, siteId: near.siteId }]
  })
}

// When each session is held: the same hall has one in the morning, one in the afternoon, then the next day.
export type Slot = { day: string; from: string; to: string }
export const halves = [
  { from: '07:30', to: '11:00' },
  { from: '13:30', to: '17:00' },
] as const

/**
 * @param halls the hall of each session in their order; sessions without one are in rooms of their own
 * @param first the day of the first; Sundays are passed over
 */
export function slotsFor(halls: readonly (string | undefined)[], first: string): Slot[] {
  const used = new Map<string, number>()
  return halls.map((hall) => {
    const nth = hall === undefined ? 0 : (used.get(hall) ?? 0)
    if (hall !== undefined) used.set(hall, nth + 1)
    return { day: workingDay(first, Math.floor(nth / 2)), ...halves[nth % 2]! }
  })
}
/** A week from now; a Sunday gives way to the Monday after. */
export const firstDay = (now: Date): string => workingDay(dayOf(addMinutes(now, 7 * 24 * 60)), 0)

function workingDay(first: string, nth: number): string {
  let at = atVietnam(first, '12:00')
  for (let left = nth; ; at = addMinutes(at, 24 * 60)) {
    // Noon in Vietnam is the same weekday in UTC.
    if (at.getUTCDay() === 0) continue
    if (left-- === 0) return dayOf(at)
  }
}
