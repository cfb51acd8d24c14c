// Signed path prefixes for media: one for a whole conference and some hours, so that a cache can keep what is under it. Nobody's name is in
// it, and yesterday's opens nothing.
import { createHmac, timingSafeEqual } from 'node:crypto'

const hoursOfEpoch = 6
const epochMs = hoursOfEpoch * 3_600_000

/** «12345-Ab3…»: good for the present six hours and the next; a session never outlasts it. */
export function signPath(secret: Buffer, what: string, now: Date): { sign: string; until: Date } {
  const epoch = Math.floor(now.getTime() / epochMs)
  return { sign: `${epoch.toString(36)}-${macOf(secret, what, epoch)}`, until: new Date((epoch + 2) * epochMs) }
}

export function judgePath(secret: Buffer, what: string, sign: string, now: Date): 'good' | 'over' | 'wrong' {
  const [text, mac] = splitOnce(sign)
  const epoch = Number.parseInt(text, 36)
  if (!Number.isSafeInteger(epoch) || epoch.toString(36) !== text) return 'wrong'
  const right = Buffer.from(macOf(secret, what, epoch))
  const given = Buffer.from(mac)
  if (given.length !== right.length || !timingSafeEqual(given, right)) return 'wrong'
  const age = Math.floor(now.getTime() / epochMs) - epoch
  return age === 0 || age === 1 ? 'good' : 'over'
}
/** When a good sign stops being good: how long what lies under it may be kept. */
export const pathUntil = (sign: string): Date => new Date((Number.parseInt(splitOnce(sign)[0], 36) + 2) * epochMs)

/** The mac itself may hold dashes. */
const splitOnce = (sign: string): [string, string] => [
  sign.slice(0, sign.indexOf('-')),
  sign.slice(sign.indexOf('-') + 1),
]
const macOf = (secret: Buffer, what: string, epoch: number) =>
  createHmac('sha256', secret).update(`path ${epoch} ${what}`).digest('base64url').slice(0, 22)
