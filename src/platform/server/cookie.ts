// The short cookie that says who is asking: signed, readable without the database, worth fifteen minutes or twelve hours.
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Assurance } from '../rights.ts'

export const cookieName = 'dc'
const staffMinutes = 15
const memberMinutes = 12 * 60

export type SignedIn =
  | { kind: 'member'; personId: string; campaignId: string; assurance: Assurance; signInId: string }
  | { kind: 'staff'; userId: string; twoFactor: boolean; signInId: string }

const keys = new WeakMap<Buffer, KeyObject>()
const sign = (secret: Buffer, text: string): Buffer => {
  let key = keys.get(secret)
  if (!key) {
    key = createSecretKey(secret)
    keys.set(secret, key)
  }
  return createHmac('sha256', key).update(text).digest()
}

/** The value of the cookie, good from `now` for 15 minutes (staff) or 12 hours (members); renewed against the sign-in while that stands. */
export function mintCookie(secret: Buffer, who: SignedIn, now: Date): string {
  const minutes = who.kind === 'staff' ? staffMinutes : memberMinutes
  const until = Math.floor(now.getTime() / 1000) + minutes * 60
  const said =
    who.kind === 'staff'
      ? `s.${who.userId}..${who.twoFactor ? 't' : 'p'}`
      : `m.${who.personId}.${who.campaignId}.${who.assurance === 'confirmed' ? 'c' : 'e'}`
  const text = `1.${said}.${who.signInId}.${until.toString(36)}`
  return `${text}.${sign(secret, text).toString('base64url')}`
}

/**
 * What a cookie says, if we signed it. `fresh` is false once its time is over (`until`, in ms since 1970): then only the
 * sign-in itself decides.
 */
export function readCookie(
  secret: Buffer,
  value: string,
  now: Date,
): { who: SignedIn; fresh: boolean; ageing: boolean; until: number } | undefined {
  const cut = value.lastIndexOf('.')
  if (cut < 0 || value.length > 400) return undefined
  const text = value.slice(0, cut)
  const given = Buffer.from(value.slice(cut + 1), 'base64url')
  const right = sign(secret, text)
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  const [version, kind, subject, campaignId, mark, signInId, until] = text.split('.')
  if (version !== '1' || !subject || !signInId || !until) return undefined
  const leftSeconds = Number.parseInt(until, 36) - now.getTime() / 1000
  const times = {
    fresh: leftSeconds > 0,
    ageing: leftSeconds < (kind === 's' ? staffMinutes : memberMinutes) * 30,
    until: Number.parseInt(until, 36) * 1000,
  }
  if (kind === 's') return { who: { kind: 'staff', userId: subject, twoFactor: mark === 't', signInId }, ...times }
  return {
    who: {
      kind: 'member',
      personId: subject,
      campaignId: campaignId ?? '',
      assurance: mark === 'c' ? 'confirmed' : 'entered',
      signInId,
    },
    ...times,
  }
}

const maxAgeSeconds = 400 * 86_400
/** The `Set-Cookie` line. It outlives what it says: an old one is how a sign-in that still stands is found again. */
export const cookieLine = (value: string, { secure }: { secure: boolean }): string =>
  `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${value === '' ? 0 : maxAgeSeconds}${secure ? '; Secure' : ''}`

/** Our cookie out of a whole `Cookie` header. */
export function findCookie(header: string | undefined): string | undefined {
  if (!header) return undefined
  let from = 0
  for (;;) {
    const at = header.indexOf(`${cookieName}=`, from)
    if (at < 0) return undefined
    if (at === 0 || header[at - 1] === ' ' || header[at - 1] === ';') {
      const end = header.indexOf(';', at)
      return header.slice(at + cookieName.length + 1, end < 0 ? undefined : end)
    }
    from = at + 1
  }
}
