// What a list on paper says, many lines at once: who was there, at the hour of the checkpoint itself.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import './tables.ts'

const paperDevice = '00000000-0000-7000-8000-000000000000'

export type NewCheckpoint = {
  checkpointId: string
  conferenceId: string
  sessionId: string
  code: string
  name: string
  opensAt: Date
  at: Date
  closesAt: Date
}
/** Declares checkpoints of conferences that have none yet; `opensAt <= at <= closesAt`. */
export async function addCheckpoints(tx: Db | Tx, rows: readonly NewCheckpoint[]): Promise<void> {
  if (rows.length === 0) return
  const column = <K extends keyof NewCheckpoint>(name: K) => rows.map((row) => row[name])
  await sql`
    insert into checkpoint (id, conference_id, session_id, code, name, position, opens_at, at, closes_at)
    select id, conference_id, session_id, code, name, (row_number() over (partition by conference_id order by at))::int, opens_at, at, closes_at
    from unnest(${column('checkpointId')}::uuid[], ${column('conferenceId')}::uuid[], ${column('sessionId')}::uuid[], ${column('code')}::text[],
      ${column('name')}::text[], ${column('opensAt')}::timestamptz[], ${column('at')}::timestamptz[], ${column('closesAt')}::timestamptz[])
      as given (id, conference_id, session_id, code, name, opens_at, at, closes_at)`.execute(tx)
}

type Mark = { checkpointId: string; personId: string; siteId?: string | undefined }
/** Arrivals with the evidence `paper`. Whoever stands at the checkpoint already stays as she is; answers how many were new. */
export async function arriveOnPaper(
  tx: Db | Tx,
  marks: readonly Mark[],
  { by, now }: { by: string; now: Date },
): Promise<number> {
  if (marks.length === 0) return 0
  const { numAffectedRows } = await sql`
    insert into arrival (arrival_id, conference_id, checkpoint_id, site_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, device_id)
    select gen_random_uuid(), p.conference_id, p.id, g.site_id, g.person_id, 'paper', ${by}, p.at, p.at, ${now}, ${paperDevice}
    from unnest(${marks.map(({ checkpointId }) => checkpointId)}::uuid[], ${marks.map(({ personId }) => personId)}::uuid[],
      ${marks.map(({ siteId }) => siteId ?? null)}::uuid[]) as g (checkpoint_id, person_id, site_id)
    join checkpoint p on p.id = g.checkpoint_id
    where not exists (select from arrival a where a.checkpoint_id = p.id and a.person_id = g.person_id and a.withdrawn_at is null)`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}

/** Only paper takes back what paper said; a scan at the door is not undone by a list. Answers how many. */
export async function takeBackPaper(
  tx: Db | Tx,
  marks: readonly Mark[],
  { by, now }: { by: string; now: Date },
): Promise<number> {
  if (marks.length === 0) return 0
  const { numAffectedRows } = await sql`
    update arrival a set withdrawn_at = ${now}, withdrawn_by = ${by}
    from unnest(${marks.map(({ checkpointId }) => checkpointId)}::uuid[], ${marks.map(({ personId }) => personId)}::uuid[]) as g (checkpoint_id, person_id)
    where a.checkpoint_id = g.checkpoint_id and a.person_id = g.person_id and a.evidence = 'paper' and a.withdrawn_at is null`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}
