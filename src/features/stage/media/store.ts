// What the media server has to know of the stage's tables. Nothing is written here.
import { sql } from 'kysely'
import type { Db } from '../../../platform/server/db.ts'
import type { Who } from '../server/mediaServer.ts'
import { joinedInSql, openInSql } from '../server/store.ts'
import type { KnownPart } from './mend.ts'

export type OpenStage = { sessionId: string; room: string }
export const openStages = async (db: Db): Promise<OpenStage[]> =>
  (
    await sql<OpenStage>`select session_id as "sessionId", room from stage where state in ${openInSql} order by room`.execute(
      db,
    )
  ).rows

/** Of these rooms, the ones whose session is over. */
export const endedRooms = async (db: Db, rooms: readonly string[]): Promise<string[]> =>
  (
    await sql<{ room: string }>`select room from stage where state = 'ended' and room = any(${[...rooms]})`.execute(db)
  ).rows.map(({ room }) => room)

const knownPart = sql`
  p.part_id as "partId", p.generation, p.kind, p.state, p.microphone, p.picture,
  ${joinedInSql} as connected,
  p.kind = 'technician' and exists (select from stage_talk t
          where t.session_id = p.session_id and t.by_user_id = p.user_id and t.to_at is null) as talking`

export const partsOf = async (db: Db, sessionId: string): Promise<KnownPart[]> =>
  (await sql<KnownPart>`select ${knownPart} from stage_part p where p.session_id = ${sessionId}`.execute(db)).rows

/** The room in which this one may be just now; `undefined` for whoever is removed, replaced, unknown or too late, and for a member whose turn is over. */
export async function roomOf(db: Db, who: Who): Promise<string | undefined> {
  const found =
    who.is === 'programme'
      ? await sql<{ room: string }>`
          select room from stage where session_id = ${who.sessionId} and state in ${openInSql}`.execute(db)
      : await sql<{ room: string }>`
          select s.room from stage_part p join stage s using (session_id)
          where p.part_id = ${who.partId} and p.generation = ${who.generation}
            and p.state <> 'removed' and not (p.kind = 'member' and p.state = 'left') and s.state in ${openInSql}`.execute(
          db,
        )
  return found.rows[0]?.room
}
