// The only SQL of conferences.
import { sql } from 'kysely'
import { fold } from '../../../kernel/fold.ts'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { audiences, modes, Purpose, SessionInput, State } from '../contract.ts'
import './tables.ts'

export type Conference = {
  conferenceId: string
  campaignId: string
  unitId: string
  parentId: string | undefined
  code: string
  name: string
  purpose: Purpose
  state: State
  classified: boolean
  ownDevice: boolean
  documents: string
  contact: string
  approvedAt: Date | undefined
  openedAt: Date | undefined
  liveAt: Date | undefined
  closedAt: Date | undefined
}
export type Topic = {
  topicId: string
  title: string
  speaker: string
  deliverMinutes: number
  questionMinutes: number
}
export type Session = {
  sessionId: string
  conferenceId: string
  code: string
  name: string
  startsAt: Date
  endsAt: Date
  mode: (typeof modes)[number]
  relaysId: string | undefined
  audience: (typeof audiences)[number]
  topics: Topic[]
}

const columns = sql`c.id as "conferenceId", c.campaign_id as "campaignId", c.unit_id as "unitId", c.parent_id as "parentId", c.code, c.name,
  c.purpose, c.state, c.classified, c.own_device as "ownDevice", c.documents, c.contact, c.approved_at as "approvedAt",
  c.opened_at as "openedAt", c.live_at as "liveAt", c.closed_at as "closedAt"`
/** Absent is undefined here; null is only SQL's. */
const tidyRow = <Row extends object>(row: Row): { [K in keyof Row]: Exclude<Row[K], null> | undefined } =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as never

export async function conferenceById(db: Db | Tx, conferenceId: string): Promise<Conference | undefined> {
  const { rows } = await sql<Conference>`select ${columns} from conference c where c.id = ${conferenceId}`.execute(db)
  return rows[0] && (tidyRow(rows[0]) as Conference)
}
export async function conferenceByCode(db: Db | Tx, campaignId: string, code: string): Promise<Conference | undefined> {
  const { rows } = await sql<Conference>`
    select ${columns} from conference c where c.campaign_id = ${campaignId} and c.code = ${code}`.execute(db)
  return rows[0] && (tidyRow(rows[0]) as Conference)
}
export const lockConference = (tx: Db | Tx, conferenceId: string) =>
  sql`select 1 from conference where id = ${conferenceId} for update`.execute(tx)

/** In the order of the day, each with its own topics. */
export async function sessionsOf(db: Db | Tx, conferenceIds: string | readonly string[]): Promise<Session[]> {
  const ids = typeof conferenceIds === 'string' ? [conferenceIds] : conferenceIds
  const { rows } = await sql<Session>`
    select s.id as "sessionId", s.conference_id as "conferenceId", s.code, s.name, s.starts_at as "startsAt", s.ends_at as "endsAt",
      s.mode, s.relays_id as "relaysId", s.audience,
      coalesce((select jsonb_agg(jsonb_build_object('topicId', t.id, 'title', t.title, 'speaker', t.speaker,
        'deliverMinutes', t.deliver_minutes, 'questionMinutes', t.question_minutes) order by t.position)
        from topic t where t.session_id = s.id), '[]') as topics
    from conference_session s where s.conference_id = any(${ids as string[]}::uuid[])
    order by s.starts_at, s.position, s.code`.execute(db)
  return rows.map((row) => ({ ...row, relaysId: row.relaysId ?? undefined }))
}
/** A session by its id, with the conference it belongs to. */
export async function sessionById(db: Db | Tx, sessionId: string): Promise<Session | undefined> {
  const conferenceId = await conferenceOfSession(db, sessionId)
  if (conferenceId === undefined) return undefined
  return (await sessionsOf(db, conferenceId)).find((session) => session.sessionId === sessionId)
}
export async function conferenceOfSession(db: Db | Tx, sessionId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select conference_id as id from conference_session where id = ${sessionId}`.execute(db)
  return rows[0]?.id
}
/** The session whose programme a relayed one shows, however many levels up; itself when it relays nothing. */
export async function sourcesOf(db: Db | Tx, sessions: readonly Session[]): Promise<Map<string, Session>> {
  const found = new Map(sessions.map((session) => [session.sessionId, session]))
  // A conference lies strictly under its parent, so the climb ends.
  for (let missing = unknown(found); missing.length > 0; missing = unknown(found)) {
    const { rows } = await sql<{ id: string }>`
      select distinct conference_id as id from conference_session where id = any(${missing}::uuid[])`.execute(db)
    const above = await sessionsOf(
      db,
      rows.map(({ id }) => id),
    )
    for (const session of above) found.set(session.sessionId, session)
  }
  const top = (session: Session): Session => {
    const above = session.relaysId === undefined ? undefined : found.get(session.relaysId)
    return above && session.topics.length === 0 ? top(above) : session
  }
  return new Map(sessions.map((session) => [session.sessionId, top(session)]))
}
const unknown = (found: Map<string, Session>) =>
  [...found.values()].flatMap(({ relaysId }) => (relaysId && !found.has(relaysId) ? [relaysId] : []))

export async function insertConference(
  tx: Db | Tx,
  it: Omit<Conference, 'state' | 'approvedAt' | 'openedAt' | 'liveAt' | 'closedAt'> & { by: string; at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('conference')
    .values({
      id: it.conferenceId,
      campaign_id: it.campaignId,
      unit_id: it.unitId,
      parent_id: it.parentId ?? null,
      code: it.code,
      name: it.name,
      purpose: it.purpose,
      state: 'draft',
      classified: it.classified,
      own_device: it.ownDevice,
      documents: it.documents,
      contact: it.contact,
      created_at: it.at,
      created_by: it.by,
      approved_at: null,
      opened_at: null,
      live_at: null,
      closed_at: null,
    })
    .onConflict((conflict) => conflict.columns(['campaign_id', 'code']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
export const updateConference = (
  tx: Db | Tx,
  conferenceId: string,
  change: Partial<{
    code: string
    name: string
    purpose: Purpose
    state: State
    classified: boolean
    own_device: boolean
    documents: string
    contact: string
    parent_id: string | null
    approved_at: Date | null
    opened_at: Date
    live_at: Date
    closed_at: Date
  }>,
) => tx.updateTable('conference').set(change).where('id', '=', conferenceId).execute()

export async function codeTaken(
  db: Db | Tx,
  campaignId: string,
  code: string,
  exceptId: string | undefined,
): Promise<boolean> {
  const found = await conferenceByCode(db, campaignId, code)
  return found !== undefined && found.conferenceId !== exceptId
}

/**
 * The whole list of sessions with their topics, as given; what is not in it goes. Answers the ids in the order given,
 * or undefined when an id given belongs to another conference.
 */
export async function replaceSessions(
  tx: Db | Tx,
  conferenceId: string,
  sessions: readonly SessionInput[],
): Promise<string[] | undefined> {
  const ids = sessions.map(({ sessionId }): string => sessionId ?? newId())
  await sql`delete from conference_session where conference_id = ${conferenceId} and not id = any(${ids}::uuid[])`.execute(
    tx,
  )
  // A topic that stays keeps its row: slides and the hours of a stage hang on it.
  const kept = sessions.flatMap(({ topics }) => topics.flatMap(({ topicId }): string[] => (topicId ? [topicId] : [])))
  await sql`delete from topic t using conference_session s
    where s.id = t.session_id and s.conference_id = ${conferenceId} and not t.id = any(${kept}::uuid[])`.execute(tx)
  if (sessions.length === 0) return []
  // Two sessions may change codes with each other: the old codes make room first.
  await sql`update conference_session set code = id::text where conference_id = ${conferenceId}`.execute(tx)
  const { rows } = await sql<{ id: string }>`
    insert into conference_session (id, conference_id, code, name, position, starts_at, ends_at, mode, relays_id, audience)
    select t.id, ${conferenceId}, t.code, t.name, t.position, t.starts_at, t.ends_at, t.mode, t.relays_id, t.audience
    from unnest(${ids}::uuid[], ${sessions.map(({ code }) => code)}::text[], ${sessions.map(({ name }) => name)}::text[],
      ${sessions.map((_, at) => at + 1)}::int[], ${sessions.map(({ startsAt }) => startsAt)}::timestamptz[],
      ${sessions.map(({ endsAt }) => endsAt)}::timestamptz[], ${sessions.map(({ mode }) => mode)}::text[],
      ${sessions.map(({ relaysId }) => relaysId ?? null)}::uuid[], ${sessions.map(({ audience }) => audience)}::text[])
      as t(id, code, name, position, starts_at, ends_at, mode, relays_id, audience)
    on conflict (id) do update set code = excluded.code, name = excluded.name, position = excluded.position, starts_at = excluded.starts_at,
      ends_at = excluded.ends_at, mode = excluded.mode, relays_id = excluded.relays_id, audience = excluded.audience
      where conference_session.conference_id = ${conferenceId}
    returning id`.execute(tx)
  if (rows.length < ids.length) return undefined
  const topics = sessions.flatMap((session, at) =>
    session.topics.map((topic, position) => ({
      id: topic.topicId ?? newId(),
      session_id: ids[at]!,
      position: position + 1,
      title: topic.title,
      speaker: topic.speaker,
      deliver_minutes: topic.deliverMinutes,
      question_minutes: topic.questionMinutes,
    })),
  )
  if (topics.length === 0) return ids
  const written = await tx
    .insertInto('topic')
    .values(topics)
    .onConflict((of) =>
      of
        .column('id')
        .doUpdateSet(({ ref }) => ({
          session_id: ref('excluded.session_id'),
          position: ref('excluded.position'),
          title: ref('excluded.title'),
          speaker: ref('excluded.speaker'),
          deliver_minutes: ref('excluded.deliver_minutes'),
          question_minutes: ref('excluded.question_minutes'),
        }))
        // Another conference's topic is not taken away from it.
        .where(
          sql<boolean>`topic.session_id in (select id from conference_session where conference_id = ${conferenceId})`,
        ),
    )
    .returning('id')
    .execute()
  return written.length < topics.length ? undefined : ids
}
export async function deleteConference(tx: Db | Tx, conferenceId: string) {
  await sql`delete from conference_session where conference_id = ${conferenceId}`.execute(tx)
  await sql`delete from conference where id = ${conferenceId}`.execute(tx)
}
/** Nothing of a classified conference is for the public. */
export const closeAudience = (tx: Db | Tx, conferenceId: string) =>
  sql`update conference_session set audience = 'internal' where conference_id = ${conferenceId} and audience <> 'internal'`.execute(
    tx,
  )

export type Unit = { unitId: string; code: string; name: string; path: string[] }
/** A unit as it stands now, or as it last stood in the campaign. */
export async function unitIn(db: Db | Tx, campaignId: string, unitId: string): Promise<Unit | undefined> {
  const { rows } = await sql<Unit>`
    select unit_id as "unitId", code, name, path from (
      select unit_id, code, name, path, 1 as nearer from unit_now where unit_id = ${unitId}
      union all
      select unit_id, code, name, path, 2 from campaign_unit where campaign_id = ${campaignId} and unit_id = ${unitId}) u
    order by nearer limit 1`.execute(db)
  return rows[0]
}
/** Does the unit count in the campaign: on its tree once that is written, under its scope unit before. */
export async function isInScope(db: Db | Tx, campaignId: string, unitId: string): Promise<boolean> {
  const { rows } = await sql<{ inside: boolean }>`
    select case when c.scope_fixed_at is null
        then exists (select from unit_now n where n.unit_id = ${unitId} and c.scope_unit_id = any(n.path))
        else exists (select from campaign_unit u where u.campaign_id = c.id and u.unit_id = ${unitId}) end as inside
    from campaign c where c.id = ${campaignId}`.execute(db)
  return rows[0]?.inside ?? false
}

export type ListLine = Conference & {
  unitCode: string
  unitName: string
  sessions: number
  startsAt: Date | undefined
  endsAt: Date | undefined
}
export async function listConferences(
  db: Db | Tx,
  wanted: {
    campaignId: string
    unitId?: string | undefined
    purposes?: readonly Purpose[] | undefined
    states?: readonly State[] | undefined
    find?: string | undefined
    page: number
    size: number
  },
): Promise<{ rows: ListLine[]; total: number }> {
  const find = wanted.find ? `%${fold(wanted.find).replace(/[\\%_]/g, '\\$&')}%` : undefined
  const { rows } = await sql<ListLine & { total: number }>`
    select ${columns}, coalesce(n.code, u.code) as "unitCode", coalesce(n.name, f.name, u.code) as "unitName",
      coalesce(s.sessions, 0)::int as sessions, s.starts_at as "startsAt", s.ends_at as "endsAt", (count(*) over ())::int as total
    from conference c
      join unit u on u.id = c.unit_id
      left join unit_now n on n.unit_id = c.unit_id
      left join campaign_unit f on f.campaign_id = c.campaign_id and f.unit_id = c.unit_id
      left join lateral (select count(*) as sessions, min(starts_at) as starts_at, max(ends_at) as ends_at
        from conference_session where conference_id = c.id) s on true
    where c.campaign_id = ${wanted.campaignId}
      and (${wanted.unitId ?? null}::uuid is null or ${wanted.unitId ?? null}::uuid = any(coalesce(n.path, f.path)))
      and (${(wanted.purposes as string[]) ?? null}::text[] is null or c.purpose = any(${(wanted.purposes as string[]) ?? null}::text[]))
      and (${(wanted.states as string[]) ?? null}::text[] is null or c.state = any(${(wanted.states as string[]) ?? null}::text[]))
      and (${find ?? null}::text is null or fold(c.name) like ${find ?? null} or lower(c.code) like ${find ?? null}
        or n.name_folded like ${find ?? null})
    order by s.starts_at nulls last, c.code
    limit ${wanted.size} offset ${(wanted.page - 1) * wanted.size}`.execute(db)
  return {
    rows: rows.map(({ total: _, ...row }) => tidyRow(row) as ListLine),
    total: rows[0]?.total ?? 0,
  }
}
