// What is true of an arrival and of a person's presence, given the policy and the clock.
import { fold } from '../../kernel/fold.ts'
import { addMinutes, minutesBetween } from '../../kernel/time.ts'
import type { PresencePolicy } from '../campaigns/contract.ts'
import type { Evidence, Judgement } from './contract.ts'

/** The campaign's approved policy; attendance judges by it. */
export type Policy = PresencePolicy
export type Window = { opensAt: Date; at: Date; closesAt: Date }

/** The moment that judges: what the device claims, corrected by its measured skew, neither before it last heard from us nor after we heard from it. */
export function correctedClaim({
  claimedAt,
  skewMs,
  previousSyncAt,
  receivedAt,
}: {
  claimedAt: Date
  skewMs: number
  previousSyncAt?: Date | undefined
  receivedAt: Date
}): Date {
  const corrected = claimedAt.getTime() + skewMs
  const earliest = previousSyncAt ? Math.min(previousSyncAt.getTime(), receivedAt.getTime()) : -Infinity
  return new Date(Math.min(Math.max(corrected, earliest), receivedAt.getTime()))
}

/** An arrival is a fact; being late is a judgement, and it explains itself. */
export function judgeArrival(
  arrival: { correctedAt: Date; evidence: Evidence; siteId?: string | undefined; accepted?: boolean },
  window: Window,
  policy: Policy,
  summons: { siteId?: string | undefined } | undefined,
): Judgement {
  const otherHall = summons?.siteId !== undefined && arrival.siteId !== undefined && summons.siteId !== arrival.siteId
  const lateMinutes = Math.max(0, minutesBetween(window.at, arrival.correctedAt))
  const yes = {
    counts: true,
    lateMinutes,
    accepted: arrival.accepted ?? false,
    otherHall,
    unsummoned: summons === undefined,
  } as const
  if (!policy.evidenceTaken.includes(arrival.evidence))
    return { counts: false, because: 'evidenceNotTaken', minutes: 0 }
  if (otherHall && !policy.wrongHallCounts) return { counts: false, because: 'otherHall', minutes: 0 }
  if (arrival.accepted && policy.lateAcceptedByManager) return yes
  if (arrival.correctedAt < window.opensAt)
    return { counts: false, because: 'beforeOpening', minutes: minutesBetween(arrival.correctedAt, window.opensAt) }
  if (arrival.correctedAt > addMinutes(window.closesAt, policy.lateGraceMinutes))
    return { counts: false, because: 'afterClosing', minutes: minutesBetween(window.closesAt, arrival.correctedAt) }
  return yes
}

/** One checkpoint of one person: did she arrive so that it counts, where, and was her site cut off. */
export type Seen = {
  sessionId: string
  arrival?: { counts: boolean; siteId?: string | undefined } | undefined
  interrupted: boolean
}
export type Presence =
  | { state: 'present'; where: 'site' | 'device' }
  | { state: 'partly'; counted: number; required: number }
  | { state: 'absent' }
  /** Every checkpoint was lost to faults of the site: not her absence; a replay is owed. */
  | { state: 'interrupted' }

/**
 * Presence over the checkpoints of all sessions a person is summoned to: at least the policy's share, and one in each session.
 * A checkpoint her site lost leaves the denominator unless she arrived; a session with none left asks for none.
 * Hall or own device by the majority of counted checkpoints; a tie is the hall's.
 */
export function judgePresence(
  seen: readonly Seen[],
  policy: Pick<Policy, 'presentAtLeast' | 'onePerSession'>,
): Presence {
  const required = seen.filter((one) => one.arrival !== undefined || !one.interrupted)
  const counted = required.filter((one) => one.arrival?.counts)
  if (required.length === 0) return seen.length > 0 ? { state: 'interrupted' } : { state: 'absent' }
  const sessions = new Set(required.map((one) => one.sessionId))
  const met = new Set(counted.map((one) => one.sessionId))
  const { n, d } = policy.presentAtLeast
  const enough = counted.length * d >= required.length * n && counted.length > 0
  if (enough && (!policy.onePerSession || met.size === sessions.size)) {
    const inHall = counted.filter((one) => one.arrival?.siteId !== undefined).length
    return { state: 'present', where: inHall * 2 >= counted.length ? 'site' : 'device' }
  }
  return counted.length > 0
    ? { state: 'partly', counted: counted.length, required: required.length }
    : { state: 'absent' }
}

export const headcountAdds = (
  count: { present: number; absentExcused: number; absentUnexcused: number },
  summoned: number,
): boolean => count.present + count.absentExcused + count.absentUnexcused === summoned

/** Which checkpoint the day is at: the last one opened, else the first to come. */
export function currentCheckpoint<C extends { opensAt: Date }>(checkpoints: readonly C[], now: Date): C | undefined {
  const inOrder = [...checkpoints].sort((a, b) => a.opensAt.getTime() - b.opensAt.getTime())
  return inOrder.filter(({ opensAt }) => opensAt <= now).at(-1) ?? inOrder[0]
}

export const hallCodeSeconds = 30
export const hallCodeGoodSeconds = 120
/** The steps of the hall's changing code that are still good at a moment: now and the two minutes before. */
export function hallSteps(at: Date): number[] {
  const step = Math.floor(at.getTime() / 1000 / hallCodeSeconds)
  return Array.from({ length: hallCodeGoodSeconds / hallCodeSeconds + 1 }, (_, back) => step - back)
}

/** «x, 1, có, P» present; «empty, 0, không, V» absent; anything else is asked about. */
export function markOf(mark: string): boolean | undefined {
  const word = fold(mark)
  if (['x', '1', 'co', 'p', 'co mat'].includes(word)) return true
  if (['', '0', 'khong', 'v', 'vang'].includes(word)) return false
  return undefined
}
const excuseWords: Record<string, 'duty' | 'leave' | 'family' | 'other' | 'unknown'> = {
  'cong tac': 'duty',
  'di cong tac': 'duty',
  'nghi phep': 'leave',
  'dieu tri': 'leave',
  'nghi phep/dieu tri': 'leave',
  'viec gia dinh': 'family',
  khac: 'other',
  'khong ro': 'unknown',
}
/** A reason of absence is one of a closed list; its wording is not kept. */
export const excuseOf = (reason: string) => excuseWords[fold(reason).replace(/\s*\/\s*/g, '/')]
