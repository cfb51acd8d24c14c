// The demo acts as people who hold a role: nobody does what she may not.
import { sql } from 'kysely'
import type { Actor, Role } from '../../platform/rights.ts'
import type { Desk } from '../../platform/server/desk.ts'

/** Who holds a role on each of these places, by place. */
export async function actorsWith(
  desk: Desk,
  role: Role,
  kind: 'unit' | 'site' | 'conference',
  places: readonly string[],
) {
  const { rows } = await sql<{ scopeId: string; userId: string; userName: string }>`
    select distinct on (g.scope_id) g.scope_id as "scopeId", u.id as "userId", u.user_name as "userName"
    from role_grant g join staff_user u on u.id = g.user_id
    where g.role = ${role} and g.kind = ${kind} and g.scope_id = any(${places as string[]}::uuid[]) and g.revoked_at is null and u.disabled_at is null
    order by g.scope_id, g.made_at`.execute(desk.db)
  return new Map(
    rows.map(({ scopeId, userId, userName }): [string, Actor] => [
      scopeId,
      { name: `nv:${userName}`, kind: 'staff', userId, assurance: 'confirmed', grants: [{ role, kind, scopeId }] },
    ]),
  )
}
