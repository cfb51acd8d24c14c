// What a hall's screen shows, decided from what it was told and what its line is worth. Pure: the hour is given.
import type { z } from 'zod'
import type * as contract from './contract.ts'

export type HallTold = z.output<typeof contract.hall.snapshot>
export type ShowTold = contract.Show
export type Slide = NonNullable<ShowTold['slide']>

export type Scene =
  | { kind: 'opening' }
  | { kind: 'before'; startsAt: Date }
  /** The hour has come and the centre has not begun. */
  | { kind: 'soon' }
  | { kind: 'during'; questionsAt: Date | undefined }
  | { kind: 'questions'; endsAt: Date }
  | { kind: 'break'; until: Date | undefined }
  | { kind: 'lost'; since: Date; soundAt: Date; televisionAt: Date }
  | { kind: 'ended' }

const soundAfterMs = 5 * 60_000
const televisionAfterMs = 10 * 60_000
/** A glitch is not told to a hall: the picture alone says so. */
export const lostAfterMs = 6_000

/** `lostSince`: since when nothing of the programme arrives; undefined while it does. */
export function sceneOf(
  hall: Pick<HallTold, 'state' | 'conference'> | undefined,
  show: Pick<ShowTold, 'state' | 'topic' | 'breakUntil'> | undefined,
  lostSince: Date | undefined,
  now: Date,
): Scene {
  if (!hall) return { kind: 'opening' }
  const state = show?.state ?? hall.state
  if (state === 'ended') return { kind: 'ended' }
  if (state === 'closed' || state === 'backstage') {
    const startsAt = new Date(hall.conference.startsAt)
    return startsAt > now ? { kind: 'before', startsAt } : { kind: 'soon' }
  }
  if (lostSince && now.getTime() - lostSince.getTime() >= lostAfterMs)
    return {
      kind: 'lost',
      since: lostSince,
      soundAt: new Date(lostSince.getTime() + soundAfterMs),
      televisionAt: new Date(lostSince.getTime() + televisionAfterMs),
    }
  if (state === 'break') return { kind: 'break', until: show?.breakUntil ? new Date(show.breakUntil) : undefined }
  const topic = show?.topic
  if (topic?.phase === 'questions') return { kind: 'questions', endsAt: new Date(topic.endsAt) }
  return { kind: 'during', questionsAt: topic?.phase === 'deliver' ? new Date(topic.questionsAt) : undefined }
}

/** Minutes left, begun ones counted; the last minute in seconds. Never below nought. */
export function leftUntil(until: Date, now: Date): { count: number; unit: 'minutes' | 'seconds' } {
  const ms = Math.max(0, until.getTime() - now.getTime())
  return ms <= 60_000
    ? { count: Math.ceil(ms / 1000), unit: 'seconds' }
    : { count: Math.ceil(ms / 60_000), unit: 'minutes' }
}
/** A lost minute that was begun counts: nobody is told less than she missed. */
export const minutesLost = (from: Date, to: Date): number =>
  Math.max(1, Math.ceil((to.getTime() - from.getTime()) / 60_000))

export type Mode = contract.LineMode
/**
 * How the screen receives now. What the server asked for, but the programme where the room cannot give it: a video of the materials
 * is mixed there only, and a full node says so at the door.
 */
export function receiveBy(asked: Mode, show: Pick<ShowTold, 'shown'> | undefined, roomFull: boolean): Mode {
  if (asked !== 'webrtc') return asked
  return roomFull || show?.shown?.source.kind === 'file' ? 'hls' : 'webrtc'
}

/** The page whose moment has come for a picture that plays `at`; slides arrive here before their picture does. */
export function slideAt(slides: readonly Slide[], at: Date | undefined): Slide | undefined {
  if (!at) return slides.at(-1)
  return slides.findLast(({ shownAt }) => new Date(shownAt) <= at) ?? slides[0]
}

/** Whose sound belongs to the session now: backstage and those whose turn is over are connected too, and nobody is to hear them. */
export const belongsToSession = (
  show: { heard?: readonly string[] | undefined } | undefined,
  partId: string,
): boolean => show?.heard?.includes(partId) ?? false
