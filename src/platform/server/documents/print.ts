import { formatCount } from '../../../kernel/figure.ts'
import { dayOf, formatClock } from '../../../kernel/time.ts'
import type { Cell, DocumentNumber, PaperDate } from './paper.ts'
import type { RuleSet, TextStyle } from './ruleSet.ts'

/** «64.809»: whole counts with dots. Throws on anything that is not a whole number. */
export function printCount(count: number): string {
  if (!Number.isSafeInteger(count)) throw new RangeError(`a count on paper must be a whole number, not ${count}`)
  return formatCount(count)
}

export const printCell = (cell: Cell): string =>
  cell === undefined ? '' : typeof cell === 'number' ? printCount(cell) : cell

const GAP = '\u00a0'.repeat(6)

/** «ngày 05 tháng 5 năm 2021»: days under 10 and months under 3 carry a 0; what is not known stays open. */
export function printDate({ day, month, year }: PaperDate): string {
  const days = day === undefined ? GAP : String(day).padStart(2, '0')
  const months = month === undefined ? GAP : month < 3 ? `0${month}` : String(month)
  return `ngày ${days} tháng ${months} năm ${year}`
}

/** «Bắc Giang, ngày 05 tháng 5 năm 2021». */
export const printPlaceDate = (place: string, date: PaperDate): string => `${place}, ${printDate(date)}`

/** «Số 127-BC/BTGTU», or with room for the number. */
export const printNumber = (rules: RuleSet, number: DocumentNumber): string =>
  `${rules.number.prefix}${number.digits ?? GAP}${rules.number.joiner}${number.symbol}`

export const inStyle = (style: TextStyle, text: string): string => (style.caps ? text.toLocaleUpperCase('vi') : text)

/** The stamp at the foot, with the start of the figures' hash in groups of four. */
export function printStamp(stamp: string | undefined, hash: string | undefined): string {
  const short = hash
    ?.slice(0, 16)
    .match(/.{1,4}/g)
    ?.join(' ')
  return [stamp, short && `Mã đối chiếu: ${short}`].filter(Boolean).join('. ')
}

/** An instant as the clock on the wall in Việt Nam shows it. */
export function wallClock(at: Date): Required<PaperDate> & { hour: number; minute: string } {
  const [year, month, day] = dayOf(at).split('-').map(Number)
  const [hour, minute] = formatClock(at).split(':')
  return { year: year!, month: month!, day: day!, hour: Number(hour) % 24, minute: minute! }
}

/** «17 giờ 00, ngày 05/5/2021». */
export function printMoment(at: Date): string {
  const { day, month, year, hour, minute } = wallClock(at)
  const months = month < 3 ? `0${month}` : month
  return `${String(hour).padStart(2, '0')} giờ ${minute}, ngày ${String(day).padStart(2, '0')}/${months}/${year}`
}

/** «7 giờ 30», without a zero before the hour, as it is said. */
export function printHour(at: Date): string {
  const { hour, minute } = wallClock(at)
  return `${hour} giờ ${minute}`
}

/** «thứ Sáu, ngày 05 tháng 02 năm 2021». */
export function printWeekday(at: Date): string {
  const days = ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy']
  const { day, month, year } = wallClock(at)
  return `${days[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]}, ${printDate({ day, month, year })}`
}
