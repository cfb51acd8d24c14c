// UTC inside; Asia/Ho_Chi_Minh on screen and on paper. Vietnam keeps +07:00 all year, since 1975.

const zone = 'Asia/Ho_Chi_Minh'
const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })
const dateParts = part({ year: 'numeric', month: '2-digit', day: '2-digit' })
const timeParts = part({ hour: '2-digit', minute: '2-digit', hour12: false })

/** The calendar day in Vietnam: «2021-01-14». */
export function dayOf(at: Date): string {
  const [day, month, year] = dateParts.format(at).split('/')
  return `${year}-${month}-${day}`
}
/** «14/01/2021», from an instant or from a calendar day. */
export const formatDay = (at: Date | string): string =>
  (typeof at === 'string' ? at.slice(0, 10) : dayOf(at)).split('-').reverse().join('/')
/** «7:30», no leading zero before the hour. */
export const formatClock = (at: Date): string => timeParts.format(at).replace(/^0(\d)/, '$1')
/** «7:30 14/01/2021». */
export const formatMoment = (at: Date): string => `${formatClock(at)} ${formatDay(at)}`
/** «ngày 14 tháng 01 năm 2021», as papers write it: a nought before days below ten and before months 1 and 2. */
export function formatLongDay(at: Date | string): string {
  const [day, month, year] = formatDay(at).split('/')
  return `ngày ${day} tháng ${Number(month) > 2 ? Number(month) : month} năm ${year}`
}
/** The instant of a wall-clock time in Vietnam: ('2021-01-14', '07:30'). */
export const atVietnam = (day: string, clock = '00:00'): Date => new Date(`${day}T${clock.padStart(5, '0')}:00+07:00`)
export const addMinutes = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000)
export const minutesBetween = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / 60_000)
