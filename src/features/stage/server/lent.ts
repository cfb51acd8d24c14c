// What the stage lends to later features: what is shown and heard just now, as the programme needs it.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { PartKind, Source, StageState } from '../contract.ts'
import { identityOf } from './mediaServer.ts'
import { partsOf, sitesOf, stageOf } from './store.ts'
import { heardOf } from './turns.ts'

export type Cut = {
  sessionId: string
  conferenceId: string
  room: string
  state: StageState
  onAirAt: Date | undefined
  endedAt: Date | undefined
  breakUntil: Date | undefined
  takeNo: number
  /** What fills the picture; none before the first take. */
  source: Source | undefined
  /** Whose picture that is at the media server, when a part is shown. */
  shown: { identity: string; screen: boolean; name: string; unit: string } | undefined
  /** Everybody whose microphone is open: what is heard. A caller's own identity is in no room: the moderator's brings her sound. */
  heard: { identity: string; partId: string; kind: PartKind; name: string }[]
  slide: { versionId: string; page: number; at: Date } | undefined
}
/** `undefined` where nobody has opened a stage yet. */
export async function cutOf(db: Db | Tx, sessionId: string): Promise<Cut | undefined> {
  const stage = await stageOf(db, sessionId)
  if (!stage) return undefined
  const { source } = stage
  const shownId = source?.kind === 'part' ? source.partId : null
  const parts = await partsOf(db, sessionId, sql`(microphone or kind = 'moderator' or part_id = ${shownId}::uuid)`)
  const shown = parts.find(({ partId }) => partId === shownId)
  return {
    sessionId,
    conferenceId: stage.conferenceId,
    room: stage.room,
    state: stage.state,
    onAirAt: stage.onAirAt,
    endedAt: stage.endedAt,
    breakUntil: stage.state === 'break' ? stage.breakUntil : undefined,
    takeNo: stage.takeNo,
    source,
    shown:
      shown && source?.kind === 'part'
        ? { identity: identityOf(shown), screen: source.screen, name: shown.name, unit: shown.unit }
        : undefined,
    heard: heardOf(parts).map((part) => ({
      identity: identityOf(part),
      partId: part.partId,
      kind: part.kind,
      name: part.name,
    })),
    slide:
      stage.deckVersionId && stage.deckPage && stage.deckAt
        ? { versionId: stage.deckVersionId, page: stage.deckPage, at: stage.deckAt }
        : undefined,
  }
}
/** Sessions whose programme runs: on air or in a break. */
export const liveSessions = async (db: Db | Tx): Promise<string[]> =>
  (
    await sql<{ id: string }>`
      select session_id as id from stage where state in ('onAir', 'break') order by on_air_at`.execute(db)
  ).rows.map(({ id }) => id)
/** Does one of these halls take part in the session, also through one of its own that relays it? */
export const standsOnStage = async (db: Db | Tx, sessionId: string, siteIds: readonly string[]): Promise<boolean> =>
  siteIds.length > 0 && (await sitesOf(db, sessionId, siteIds)).length > 0
