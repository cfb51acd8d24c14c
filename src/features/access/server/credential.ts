// Tokens, PINs and the counting of wrong ones.
import { createHash, createHmac, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Desk } from '../../../platform/server/desk.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { minutesUntilNextTry, triesAllowed } from '../rules.ts'
import { countTry, forgetTries, readTries } from './store.ts'

/** 128 random bits, fit for an address; what is kept is its hash. */
export const newToken = (): string => randomBytes(16).toString('base64url')
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')
/** Six digits, shown to be typed by somebody else. Short codes are hashed with our secret: their space is small. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0')
export const hashOfCode = (desk: Pick<Desk, 'secret'>, code: string): string =>
  createHmac('sha256', desk.secret).update(`code ${code}`).digest('base64url')

const slow = promisify(scrypt) as (password: string, salt: Buffer, bytes: number) => Promise<Buffer>
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(16)
  return `${salt.toString('base64url')}.${(await slow(pin, salt, 32)).toString('base64url')}`
}
export async function isPin(pin: string, kept: string): Promise<boolean> {
  const [salt = '', hash = ''] = kept.split('.')
  return timingSafeEqual(await slow(pin, Buffer.from(salt, 'base64url'), 32), Buffer.from(hash, 'base64url'))
}

export const addressKey = (desk: Pick<Desk, 'secret'>, address: string) =>
  `address ${createHmac('sha256', desk.secret).update(address).digest('base64url').slice(0, 22)}`

/**
 * Lets `attempt` be tried at most 5 times an hour for a person and 30 for an address; only wrong ones count.
 * A person's are counted before they are judged, so that many at once cannot pass together. An address may be a whole hall:
 * there only what was wrong is counted, and at most eight are judged at a time.
 * Counted in the database, outside the operation's transaction, so that a refusal does not take it back.
 * `attempt` answers `undefined` when it was wrong.
 */
export async function limited<T>(
  desk: Desk,
  { person, address, now }: { person?: string | undefined; address?: string | undefined; now: Date },
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const place = address && addressKey(desk, address)
  return oneOfEight(place, async () => {
    if (place) refuseBeyond(await readTries(desk.db, place, now), triesAllowed.address - 1, now)
    if (person) refuseBeyond(await countTry(desk.db, `person ${person}`, now), triesAllowed.person, now)
    const found = await attempt()
    if (found === undefined && place) await countTry(desk.db, place, now)
    if (found !== undefined && person) await forgetTries(desk.db, `person ${person}`)
    return found
  })
}
const refuseBeyond = ({ tries, since }: { tries: number; since: Date }, most: number, now: Date) => {
  if (tries > most) throw new Refused('tooManyTries', { minutes: minutesUntilNextTry(since, now) })
}

const atOnce = 8
const lanes = new Map<string, { running: number; waiting: (() => void)[] }>()
async function oneOfEight<T>(place: string | undefined, work: () => Promise<T>): Promise<T> {
  if (place === undefined) return work()
  const lane = lanes.get(place) ?? { running: 0, waiting: [] }
  lanes.set(place, lane)
  if (lane.running >= atOnce) await new Promise<void>((go) => lane.waiting.push(go))
  else lane.running++
  try {
    return await work()
  } finally {
    const next = lane.waiting.shift()
    if (next) next()
    else if (--lane.running === 0) lanes.delete(place)
  }
}
