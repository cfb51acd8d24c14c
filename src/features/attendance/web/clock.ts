import { newId } from '../../../kernel/id.ts'
import type * as contract from '../contract.ts'

// Which device this is and how far its clock is from the server's. Both are kept, so that a phone that starts without a line still knows.

const deviceKey = 'diem-cau.device'
const clockKey = 'diem-cau.clock'

/** Memory that outlives the page where the browser allows it; in a private window it lasts as long as the page. */
const inMemory = new Map<string, string>()
export function keep(key: string, value: string): boolean {
  inMemory.set(key, value)
  try {
    localStorage.setItem(key, value)
    return true
  } catch {
    return false
  }
}
export function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? inMemory.get(key)
  } catch {
    return inMemory.get(key)
  }
}
export function forget(key: string) {
  inMemory.delete(key)
  try {
    localStorage.removeItem(key)
  } catch {
    // Nothing was kept there.
  }
}

export const deviceId = (): string => {
  const known = kept(deviceKey)
  if (known) return known
  const made = newId()
  keep(deviceKey, made)
  return made
}

type Clock = { skewMs: number; heardAt?: string }
let clock: Clock = readClock()
function readClock(): Clock {
  try {
    return JSON.parse(kept(clockKey) ?? '{"skewMs":0}')
  } catch {
    return { skewMs: 0 }
  }
}
/** The server said its time in an answer to something asked at `askedAt` (this device's clock): half the way is the way back. */
export function heardTime(serverTime: string, askedAt: number, now = Date.now()) {
  clock = { skewMs: Math.round(new Date(serverTime).getTime() - (askedAt + now) / 2), heardAt: serverTime }
  keep(clockKey, JSON.stringify(clock))
}
export const skewMs = () => clock.skewMs
/** The moment it is by the server's clock, as well as we know. */
export const serverNow = (): Date => new Date(Date.now() + clock.skewMs)

/** What every write of a console or a phone carries: when it was meant, on which device, and how far its clock is off. */
export const claim = (): Pick<contract.Arrival, 'claimedAt' | 'skewMs' | 'previousSyncAt'> & { deviceId: string } => ({
  claimedAt: new Date().toISOString(),
  deviceId: deviceId(),
  skewMs: Math.max(-86_400_000, Math.min(86_400_000, clock.skewMs)),
  ...(clock.heardAt ? { previousSyncAt: clock.heardAt } : {}),
})
