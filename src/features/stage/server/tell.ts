// After the commit: who reads anew, and what the media server is asked to bring about.
import { sql } from 'kysely'
import type { Desk } from '../../../platform/server/desk.ts'
import * as contract from '../contract.ts'
import { identityOf, type MediaServer, mediaServerOf, permitOf } from './mediaServer.ts'
import { partsOf, stageOf } from './store.ts'

/** The boards of those who run the session; `show` is everybody's, and what it waits for is told at once. */
export function tell(
  desk: Desk,
  sessionId: string,
  { show, halls }: { show?: boolean | 'now'; halls?: readonly (string | undefined)[] | 'all' } = {},
): void {
  desk.live.stale(contract.wall, { sessionId })
  desk.live.stale(contract.queue, { sessionId })
  desk.live.stale(contract.lectern, { sessionId })
  if (show) desk.live.stale(contract.show, { sessionId }, { now: show === 'now' })
  if (halls === 'all') desk.live.stale(contract.hall, { sessionId })
  else for (const siteId of new Set(halls)) if (siteId) desk.live.stale(contract.hall, { sessionId, siteId })
}

/**
 * What the parts may do, as our tables now say, brought about at the media server. It is written down already: whatever fails here (the
 * server is away, somebody has just left) is mended by the sweep. Only microphones just `opened` are unmuted: whoever closed her own is
 * left in peace.
 */
export async function bringAbout(
  desk: Desk,
  sessionId: string,
  partIds: readonly string[] | 'all',
  opened: readonly string[] = [],
): Promise<void> {
  const media = mediaServerOf(desk)
  if (media) await askOf(media, desk, sessionId, partIds, opened).catch(() => {})
}
async function askOf(
  media: MediaServer,
  desk: Desk,
  sessionId: string,
  partIds: readonly string[] | 'all',
  opened: readonly string[],
) {
  const stage = await stageOf(desk.db, sessionId)
  if (!stage) return
  const parts = await partsOf(
    desk.db,
    sessionId,
    sql`connected_at is not null and ${partIds === 'all' ? sql`true` : sql`part_id = any(${partIds as string[]}::uuid[])`}`,
  )
  const talkers = await talkingUsers(desk, sessionId)
  await Promise.allSettled(
    parts.map(async (part) => {
      const identity = identityOf(part)
      if (part.state === 'removed') {
        // Of every generation she may still be connected as: the present one was never given out.
        const before = { ...part, generation: part.generation - 1 }
        await Promise.allSettled([
          media.remove(stage.room, identityOf(before)),
          media.remove(stage.room, identityOf(before, 'screen')),
        ])
        return
      }
      await media.permit(stage.room, identity, permitOf({ ...part, talking: talkers.has(part.userId ?? '') }))
      if (part.kind === 'technician' || part.kind === 'telephone') return
      if (part.microphone && opened.includes(part.partId)) await media.mute(stage.room, identity, 'microphone', false)
      // Backstage a microphone is its owner's own: nobody on air hears it.
      else if (!part.microphone && part.state !== 'backstage')
        await media.mute(stage.room, identity, 'microphone', true)
    }),
  )
}
export async function talkingUsers(desk: Pick<Desk, 'db'>, sessionId: string): Promise<Set<string>> {
  const { rows } = await sql<{ userId: string }>`
    select by_user_id as "userId" from stage_talk where session_id = ${sessionId} and to_at is null`.execute(desk.db)
  return new Set(rows.map(({ userId }) => userId))
}
export const closeRoom = async (desk: Desk, room: string): Promise<void> => {
  await mediaServerOf(desk)
    ?.closeRoom(room)
    .catch(() => {})
}
export const ensureRoom = async (desk: Desk, room: string): Promise<void> => {
  await mediaServerOf(desk)
    ?.ensureRoom(room)
    .catch(() => {})
}
