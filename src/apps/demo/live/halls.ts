// The halls of the day with whoever keeps each, signed in as a browser would be.
import { sql } from 'kysely'
import type { Desk } from '../../../platform/server/desk.ts'
import { sessionCookie } from '../../server/features.ts'
import { eachOf } from '../hands.ts'

export type Hall = {
  siteId: string
  code: string
  name: string
  kind: string
  summoned: number
  userName: string
  cookie: string
}

/** In the order of their codes; halls without a keeper are left out. */
export async function hallsOfDay(desk: Desk, conferenceId: string, most: number): Promise<Hall[]> {
  const { rows } = await sql<Omit<Hall, 'cookie'>>`
    select s.id as "siteId", s.code, s.name, s.kind, u.user_name as "userName",
      (select count(*)::int from summons m where m.conference_id = c.conference_id and m.site_id = s.id and m.withdrawn_at is null) as summoned
    from conference_site c join site s on s.id = c.site_id
    join lateral (select user_id from role_grant g where g.scope_id = s.id and g.role = 'siteManager' and g.revoked_at is null
      order by g.made_at limit 1) g on true
    join staff_user u on u.id = g.user_id
    where c.conference_id = ${conferenceId} order by s.code limit ${most}`.execute(desk.db)
  const halls: Hall[] = []
  await eachOf(rows, 8, async (row) => {
    halls.push({ ...row, cookie: await sessionCookie(desk, { userName: row.userName }, new Date()) })
  })
  return halls.sort((one, other) => (one.code < other.code ? -1 : 1))
}
