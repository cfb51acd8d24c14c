// Who is in the room, as the media server tells it: hints that may come twice, late, or never; the sweep tells again.
import { sql } from 'kysely'
import type { Desk } from '../../../platform/server/desk.ts'
import { type MediaNews, readIdentity } from './mediaServer.ts'
import { tell } from './tell.ts'

/** Notes that somebody came or left. A director who leaves stops talking to the hall she talked to. */
export async function hearNews(desk: Desk, news: MediaNews): Promise<void> {
  const who = readIdentity(news.identity)
  if (who?.is !== 'part' || who.of === 'screen' || (news.what !== 'joined' && news.what !== 'left')) return
  const joined = news.what === 'joined'
  // News of an older generation is about somebody who was removed since. Of a member nothing is kept once she has left: how long anybody was
  // connected is nobody's business.
  const { rows } = await sql<{ sessionId: string; siteId: string | null; kind: string; userId: string | null }>`
    update stage_part p set
      connected_at = case when ${joined} then greatest(p.connected_at, ${news.at}) when p.kind = 'member' then null else p.connected_at end,
      disconnected_at = case when ${joined} then case when p.disconnected_at > ${news.at} then p.disconnected_at end
        when p.kind = 'member' then null else greatest(p.disconnected_at, ${news.at}) end
    where p.part_id = ${who.partId} and p.generation = ${who.generation}
      and (${joined} and (p.connected_at is null or p.disconnected_at is not null or p.connected_at < ${news.at})
        or not ${joined} and p.connected_at is not null and p.connected_at <= ${news.at} and p.disconnected_at is null)
    returning p.session_id as "sessionId", p.site_id as "siteId", p.kind, p.user_id as "userId"`.execute(desk.db)
  const part = rows[0]
  if (!part) return
  let spokenTo: string | undefined
  if (!joined && part.kind === 'technician') {
    const { rows: talks } = await sql<{ siteId: string | null }>`
      update stage_talk t set to_at = ${news.at} from stage_part p
      where t.session_id = ${part.sessionId} and t.by_user_id = ${part.userId} and t.to_at is null and p.part_id = t.part_id
      returning p.site_id as "siteId"`.execute(desk.db)
    spokenTo = talks[0]?.siteId ?? undefined
  }
  tell(desk, part.sessionId, { halls: [part.siteId ?? undefined, spokenTo] })
}
