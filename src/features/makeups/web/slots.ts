// When each session is held: the same hall has one in the morning, one in the afternoon, then the next day.
import { addMinutes, atVietnam, dayOf } from '../../../kernel/time.ts'

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
