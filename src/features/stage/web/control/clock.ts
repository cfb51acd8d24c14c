// Hours as the control room prints them, in Vietnam whatever the machine thinks.
import { formatClock } from '../../../../kernel/time.ts'

const withSeconds = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})
/** «9:46:20». */
export const clockWithSeconds = (at: Date): string => withSeconds.format(at).replace(/^0(\d)/, '$1')
/** «9:46» of an instant on the wire; nothing of nothing. */
export const clock = (at: string | number | undefined): string => (at === undefined ? '' : formatClock(new Date(at)))
