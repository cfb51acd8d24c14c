// Conferences of one buổi each, many at once: as a file tells of them.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Purpose } from '../contract.ts'
import * as contract from '../contract.ts'
import './tables.ts'

export type Single = {
  conferenceId: string
  sessionId: string
  campaignId: string
  unitId: string
  code: string
  name: string
  purpose: Purpose
  startsAt: Date
  endsAt: Date
  /** `closed` when the day is over, else `open`: a file tells of what is held, not of plans. */
  state: 'open' | 'closed'
}
/** Writes them with their buổi «B1», in three statements; codes must be free. Told to later features like any move of state. */
export async function makeSingles(
  tx: Db | Tx,
  rows: readonly Single[],
  { by, now }: { by: string; now: Date },
): Promise<void> {
  if (rows.length === 0) return
  const column = <K extends keyof Single>(name: K) => rows.map((row) => row[name])
  await sql`
    insert into conference (id, campaign_id, unit_id, code, name, purpose, state, own_device, created_at, created_by, approved_at, opened_at, closed_at)
    select id, campaign_id, unit_id, code, name, purpose, state, false, ${now}, ${by}, ${now}, ${now}, case when state = 'closed' then ${now}::timestamptz end
    from unnest(${column('conferenceId')}::uuid[], ${column('campaignId')}::uuid[], ${column('unitId')}::uuid[], ${column('code')}::text[],
      ${column('name')}::text[], ${column('purpose')}::text[], ${column('state')}::text[])
      as given (id, campaign_id, unit_id, code, name, purpose, state)`.execute(tx)
  await sql`
    insert into conference_session (id, conference_id, code, name, position, starts_at, ends_at, mode)
    select id, conference_id, 'B1', '', 1, starts_at, ends_at, 'local'
    from unnest(${column('sessionId')}::uuid[], ${column('conferenceId')}::uuid[], ${column('startsAt')}::timestamptz[], ${column('endsAt')}::timestamptz[])
      as given (id, conference_id, starts_at, ends_at)`.execute(tx)
  const told = rows.map(({ campaignId, conferenceId, state }) =>
    JSON.stringify(contract.stateMoved.body.parse({ campaignId, conferenceId, from: 'draft', to: state })),
  )
  await sql`
    insert into event (id, name, body, at) select id, ${contract.stateMoved.name}, body, ${now}
    from unnest(${rows.map(() => newId(now))}::uuid[], ${told}::jsonb[]) as given (id, body)`.execute(tx)
}
