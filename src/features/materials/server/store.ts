// The only SQL of materials.
import { sql } from 'kysely'
import { type Db, type Tx, withoutNulls } from '../../../platform/server/db.ts'
import type { MaterialKind, Problem, versionStates } from '../contract.ts'
import './tables.ts'

type VersionState = (typeof versionStates)[number]
export type Version = {
  materialId: string
  conferenceId: string
  versionId: string
  version: number
  kind: MaterialKind
  title: string
  fileId: string
  fileName: string
  bytes: number
  mediaType: string
  state: VersionState
  problem: Problem | undefined
  problemDetail: Record<string, unknown> | undefined
  pages: number
  pagesDone: number
  width: number
  height: number
  seconds: number | undefined
  topicId: string | undefined
  topicTitle: string | undefined
  at: Date
  createdBy: string
  removed: boolean
  /** The newest version that is ready, of the same material. */
  inUse: number | undefined
}
const columns = sql`m.id as "materialId", m.conference_id as "conferenceId", v.id as "versionId", v.version, m.kind, m.title, v.file_id as "fileId",
  v.file_name as "fileName", v.bytes, v.media_type as "mediaType", v.state, v.problem, v.problem_detail as "problemDetail", v.pages,
  v.pages_done as "pagesDone", v.width, v.height, v.seconds, m.topic_id as "topicId", t.title as "topicTitle", v.at, m.created_by as "createdBy",
  m.removed_at is not null as removed,
  (select max(r.version) from material_version r where r.material_id = m.id and r.state = 'ready') as "inUse"`
const from = sql`material m join material_version v on v.material_id = m.id left join topic t on t.id = m.topic_id`
const versionFrom = (row: Record<string, unknown>) => withoutNulls(row) as Version

/** The newest version of each material of a conference, in the order people gave them. */
export async function newestOf(
  db: Db | Tx,
  {
    conferenceId,
    kind,
    page,
    size,
  }: { conferenceId: string; kind?: MaterialKind | undefined; page: number; size: number },
): Promise<{ rows: Version[]; total: number }> {
  const where = sql`m.conference_id = ${conferenceId} and m.removed_at is null and (${kind ?? null}::text is null or m.kind = ${kind ?? null})`
  const { rows } = await sql<Record<string, unknown> & { total: number }>`
    select ${columns}, count(*) over () as total from ${from}
    where ${where} and v.version = (select max(n.version) from material_version n where n.material_id = m.id)
    order by m.position, m.created_at, m.id limit ${size} offset ${(page - 1) * size}`.execute(db)
  return { rows: rows.map(({ total: _, ...row }) => versionFrom(row)), total: rows[0]?.total ?? 0 }
}
/** The newest ready version of each material of a conference: what may be shown and read. */
export async function readyOf(db: Db | Tx, conferenceId: string): Promise<Version[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select ${columns} from ${from}
    where m.conference_id = ${conferenceId} and m.removed_at is null
      and v.version = (select max(n.version) from material_version n where n.material_id = m.id and n.state = 'ready')
    order by m.position, m.created_at, m.id limit 500`.execute(db)
  return rows.map(versionFrom)
}
export async function versionById(db: Db | Tx, versionId: string): Promise<Version | undefined> {
  const { rows } = await sql<Record<string, unknown>>`select ${columns} from ${from} where v.id = ${versionId}`.execute(
    db,
  )
  return rows[0] && versionFrom(rows[0])
}
export async function versionsOf(db: Db | Tx, materialId: string): Promise<Version[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select ${columns} from ${from} where m.id = ${materialId} order by v.version desc limit 200`.execute(db)
  return rows.map(versionFrom)
}

export async function materialById(
  db: Db | Tx,
  materialId: string,
): Promise<{ conferenceId: string; kind: MaterialKind; createdBy: string } | undefined> {
  const { rows } = await sql<{ conferenceId: string; kind: MaterialKind; createdBy: string }>`
    select conference_id as "conferenceId", kind, created_by as "createdBy" from material where id = ${materialId} and removed_at is null`.execute(
    db,
  )
  return rows[0]
}
export const lockMaterial = (tx: Db | Tx, materialId: string) =>
  sql`select 1 from material where id = ${materialId} for update`.execute(tx)
/** Two sendings of one file, side by side: the second waits and then finds the first. */
export const lockVersionId = (tx: Db | Tx, versionId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${versionId}, 0))`.execute(tx)

export async function topicInConference(db: Db | Tx, topicId: string, conferenceId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from topic t join conference_session s on s.id = t.session_id
    where t.id = ${topicId} and s.conference_id = ${conferenceId}`.execute(db)
  return rows.length > 0
}
export async function insertMaterial(
  tx: Db | Tx,
  it: {
    materialId: string
    conferenceId: string
    topicId: string | undefined
    kind: MaterialKind
    title: string
    by: string
    at: Date
  },
) {
  await sql`
    insert into material (id, conference_id, topic_id, kind, title, position, created_at, created_by)
    select ${it.materialId}, ${it.conferenceId}, ${it.topicId ?? null}, ${it.kind}, ${it.title},
      coalesce(max(position), 0) + 1, ${it.at}, ${it.by} from material where conference_id = ${it.conferenceId}`.execute(
    tx,
  )
}
export async function insertVersion(
  tx: Db | Tx,
  it: {
    versionId: string
    materialId: string
    fileId: string
    fileName: string
    bytes: number
    mediaType: string
    by: string
    at: Date
  },
): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    insert into material_version (id, material_id, version, file_id, file_name, bytes, media_type, state, at, by_actor)
    select ${it.versionId}, ${it.materialId}, coalesce(max(version), 0) + 1, ${it.fileId}, ${it.fileName}, ${it.bytes}, ${it.mediaType},
      'waiting', ${it.at}, ${it.by} from material_version where material_id = ${it.materialId} returning version`.execute(
    tx,
  )
  return rows[0]!.version
}
export const updateMaterial = (
  tx: Db | Tx,
  materialId: string,
  change: { title?: string | undefined; topicId?: string | null | undefined },
) =>
  sql`update material set title = coalesce(${change.title ?? null}, title),
    topic_id = case when ${change.topicId !== undefined} then ${change.topicId ?? null}::uuid else topic_id end where id = ${materialId}`.execute(
    tx,
  )
/** Those named come first, in that order; the others keep theirs behind them. */
export const orderMaterials = (tx: Db | Tx, conferenceId: string, materialIds: readonly string[]) =>
  sql`update material m set position = o.position from (
      select id, row_number() over (order by array_position(${materialIds as string[]}::uuid[], id), position, created_at) as position
      from material where conference_id = ${conferenceId} and removed_at is null) o where o.id = m.id`.execute(tx)
export const removeMaterial = (tx: Db | Tx, materialId: string, at: Date) =>
  sql`update material set removed_at = ${at} where id = ${materialId} and removed_at is null`.execute(tx)

// ── shown ────────────────────────────────────────────────────────────────────

export async function showVersion(
  tx: Db | Tx,
  { sessionId, versionId, now }: { sessionId: string; versionId: string; now: Date },
): Promise<void> {
  await sql`update material_shown set to_at = ${now} where session_id = ${sessionId} and to_at is null and version_id <> ${versionId}`.execute(
    tx,
  )
  await sql`insert into material_shown (session_id, version_id, from_at) select ${sessionId}, ${versionId}, ${now}
    where not exists (select 1 from material_shown where session_id = ${sessionId} and to_at is null) on conflict do nothing`.execute(
    tx,
  )
}
export const showNothing = async (tx: Db | Tx, { sessionId, now }: { sessionId: string; now: Date }): Promise<void> =>
  void (await sql`update material_shown set to_at = ${now} where session_id = ${sessionId} and to_at is null`.execute(
    tx,
  ))
export async function isShownNow(db: Db | Tx, materialId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from material_shown s join material_version v on v.id = s.version_id
    where v.material_id = ${materialId} and s.to_at is null limit 1`.execute(db)
  return rows.length > 0
}

// ── work ─────────────────────────────────────────────────────────────────────

/** Whoever works says so by a beat; after this silence another may take it up. */
const silentSeconds = 60

/** Takes a version up, unless somebody works on it or it is done. */
export async function takeUp(db: Db | Tx, versionId: string): Promise<(Version & { tries: number }) | undefined> {
  const { rows } = await sql<{ tries: number }>`
    update material_version set state = 'working', beat_at = now(), tries = tries + 1, problem = null, problem_detail = null
    where id = ${versionId} and (state = 'waiting' or (state = 'working' and coalesce(beat_at, '-infinity') < now() - ${`${silentSeconds} seconds`}::interval))
    returning tries`.execute(db)
  const version = rows[0] && (await versionById(db, versionId))
  return version && { ...version, tries: rows[0]!.tries }
}
/** What nobody works on although somebody should: left by a run that ended, or brought by a process without workers. */
export async function leftUndone(db: Db | Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from material_version where state in ('waiting', 'working') and coalesce(beat_at, at) < now() - ${`${silentSeconds} seconds`}::interval
    order by at limit 100`.execute(db)
  return rows.map(({ id }) => id)
}
export const beat = (db: Db | Tx, versionId: string) =>
  sql`update material_version set beat_at = now() where id = ${versionId} and state = 'working'`.execute(db)
/** Pages from a former try are taken away; they may be of another making. */
export async function beginPages(
  db: Db | Tx,
  versionId: string,
  { pages, width, height }: { pages: number; width: number; height: number },
): Promise<void> {
  await sql`delete from material_page where version_id = ${versionId}`.execute(db)
  await sql`update material_version set pages = ${pages}, pages_done = 0, width = ${width}, height = ${height}, beat_at = now() where id = ${versionId}`.execute(
    db,
  )
}
export type PageRow = { page: number; fileId: string; smallFileId: string; width: number; height: number; text: string }
export async function putPage(db: Db | Tx, versionId: string, it: PageRow): Promise<void> {
  await sql`with put as (
      insert into material_page (version_id, page, file_id, small_file_id, width, height, text)
      values (${versionId}, ${it.page}, ${it.fileId}, ${it.smallFileId}, ${it.width}, ${it.height}, ${it.text}))
    update material_version set pages_done = ${it.page}, beat_at = now() where id = ${versionId}`.execute(db)
}
export async function endVersion(
  db: Db | Tx,
  versionId: string,
  end:
    | {
        state: 'ready'
        kind?: MaterialKind | undefined
        seconds?: number | undefined
        width?: number | undefined
        height?: number | undefined
      }
    | { state: 'refused' | 'failed'; problem: Problem; detail?: Record<string, unknown> | undefined }
    | { state: 'waiting' },
): Promise<void> {
  if (end.state === 'waiting') {
    await sql`update material_version set state = 'waiting', problem = null, problem_detail = null, pages_done = 0, tries = 0, beat_at = null where id = ${versionId}`.execute(
      db,
    )
    return
  }
  if (end.state !== 'ready') {
    await sql`delete from material_page where version_id = ${versionId}`.execute(db)
    await sql`update material_version set state = ${end.state}, problem = ${end.problem}, problem_detail = ${end.detail ? JSON.stringify(end.detail) : null},
      pages_done = 0, beat_at = null where id = ${versionId}`.execute(db)
    return
  }
  await sql`update material_version set state = 'ready', problem = null, problem_detail = null, seconds = ${end.seconds ?? null},
    width = coalesce(${end.width ?? null}, width), height = coalesce(${end.height ?? null}, height), beat_at = null where id = ${versionId}`.execute(
    db,
  )
  if (end.kind)
    await sql`update material m set kind = ${end.kind} from material_version v where v.id = ${versionId} and m.id = v.material_id`.execute(
      db,
    )
}
/** Does any other version hold these bytes? */
export async function isFileHeld(db: Db | Tx, fileId: string, butVersionId?: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from material_version where file_id = ${fileId} and id is distinct from ${butVersionId ?? null}::uuid
      and problem is distinct from 'stampWord'
    union all select 1 from material_page where file_id = ${fileId} or small_file_id = ${fileId} limit 1`.execute(db)
  return rows.length > 0
}

// ── pages ────────────────────────────────────────────────────────────────────

export type PageToServe = {
  fileId: string
  smallFileId: string
  width: number
  height: number
  /** Taken out of every list and shown in no session. */
  gone: boolean
  /** A session of its conference is for everybody. */
  open: boolean
}
export async function pageToServe(db: Db | Tx, versionId: string, page: number): Promise<PageToServe | undefined> {
  const { rows } = await sql<PageToServe>`
    select p.file_id as "fileId", p.small_file_id as "smallFileId", p.width, p.height,
      m.removed_at is not null and not exists (select 1 from material_shown s where s.version_id = v.id) as gone,
      exists (select 1 from conference_session c where c.conference_id = m.conference_id and c.audience = 'public') as open
    from material_page p join material_version v on v.id = p.version_id join material m on m.id = v.material_id
    where p.version_id = ${versionId} and p.page = ${page} and v.state = 'ready'`.execute(db)
  return rows[0]
}

// ── forgetting ───────────────────────────────────────────────────────────────

/** Deletes what was taken away before this moment and shown nowhere; answers the files it held. */
export async function forget(db: Db | Tx, before: Date, limit: number): Promise<{ fileIds: string[] }[]> {
  const { rows } = await sql<{ fileIds: string[] }>`
    with gone as (
      select v.id, v.file_id from material_version v join material m on m.id = v.material_id
      where m.removed_at < ${before} and not exists (select 1 from material_shown s where s.version_id = v.id)
      limit ${limit}),
    pages as (select version_id, array_agg(file_id) || array_agg(small_file_id) as files from material_page
      where version_id in (select id from gone) group by version_id),
    deleted as (delete from material_version where id in (select id from gone))
    select array_prepend(g.file_id, coalesce(p.files, '{}')) as "fileIds" from gone g left join pages p on p.version_id = g.id`.execute(
    db,
  )
  return rows
}

// ── readers ──────────────────────────────────────────────────────────────────

/** Is she on the campaign's roll, in a unit at or under this one? */
export async function isOnRollUnder(
  db: Db | Tx,
  { personId, campaignId, unitId }: { personId: string | undefined; campaignId: string; unitId: string },
): Promise<boolean> {
  if (personId === undefined) return false
  const { rows } =
    await sql`select 1 from roll r join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
    where r.campaign_id = ${campaignId} and r.person_id = ${personId} and r.to_at is null and ${unitId}::uuid = any(u.path)`.execute(
      db,
    )
  return rows.length > 0
}
