// What the conferences that the demo holds on the very day have in common.
import { sql } from 'kysely'
import { moveState } from '../../features/conferences/server/index.ts'
import { addMinutes, atVietnam, dayOf } from '../../kernel/time.ts'
import type { Actor } from '../../platform/rights.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { actorsWith } from './actors.ts'
import { type Hand, maker } from './hands.ts'

/** A quarter to midnight; in three hours for whoever looks late at night. */
export const endOf = (now: Date) => new Date(Math.max(+atVietnam(dayOf(now), '23:45'), +addMinutes(now, 180)))

/** The campaign with this code, the unit that holds its first study conference, and whoever organises there. */
export async function firstStudy(
  desk: Desk,
  campaignCode: string,
): Promise<{ campaignId: string; unitId: string; organiser: Actor } | undefined> {
  const { rows } = await sql<{ campaignId: string; unitId: string }>`
    select a.id as "campaignId", c.unit_id as "unitId" from campaign a
    join conference c on c.campaign_id = a.id and c.purpose = 'study' where a.code = ${campaignCode} order by c.created_at limit 1`.execute(
    desk.db,
  )
  const [first] = rows
  if (!first) return undefined
  return {
    ...first,
    organiser: (await actorsWith(desk, 'organiser', 'unit', [first.unitId])).get(first.unitId) ?? maker,
  }
}

/** Yesterday's is over: whatever of this campaign has such a code and was left open. */
export async function closeFormer(
  { db }: Pick<Desk, 'db'>,
  { act }: Hand,
  { campaignId, prefix }: { campaignId: string; prefix: string },
  now: Date,
) {
  const { rows } = await sql<{ id: string }>`select id from conference
    where campaign_id = ${campaignId} and code like ${`${prefix}%`} and state in ('open', 'live')`.execute(db)
  for (const { id } of rows) await act(moveState, now, { conferenceId: id, to: 'closed' })
}
