// The only SQL of the stage that more than one verb needs: the session, its sites, its parts, its hands.
import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../../platform/rights.ts'
import { type Db, type Tx, withoutNulls } from '../../../platform/server/db.ts'
import type {
  faultKinds,
  handKinds,
  handStates,
  LineMode,
  LineWord,
  PartKind,
  PartState,
  Source,
  StageState,
} from '../contract.ts'
import { type LineMemory, openStates, type RealTopic } from '../rules.ts'
import './tables.ts'

/** `state in ${openInSql}`: what `isOpen` says. */
export const openInSql = sql`(${sql.join(openStates.map((state) => sql.lit(state)))})`
/** Of a part: somebody is connected as it. */
export const joinedInSql = sql`(connected_at is not null and (disconnected_at is null or disconnected_at < connected_at))`

// ── the session ──────────────────────────────────────────────────────────────
export type Held = {
  sessionId: string
  conferenceId: string
  campaignId: string
  conferenceName: string
  conferenceState: 'draft' | 'approved' | 'open' | 'live' | 'closed'
  classified: boolean
  unitId: string
  sessionName: string
  startsAt: Date
  endsAt: Date
  audience: 'public' | 'members' | 'internal'
  relaysId: string | undefined
}
/** A session with what the stage asks of its conference. */
export async function heldSession(db: Db | Tx, sessionId: string): Promise<Held | undefined> {
  const { rows } = await sql<Omit<Held, 'relaysId'> & { relaysId: string | null }>`
    select s.id as "sessionId", c.id as "conferenceId", c.campaign_id as "campaignId", c.name as "conferenceName", c.state as "conferenceState",
      c.classified, c.unit_id as "unitId", coalesce(nullif(s.name, ''), s.code) as "sessionName", s.starts_at as "startsAt", s.ends_at as "endsAt",
      s.audience, s.relays_id as "relaysId"
    from conference_session s join conference c on c.id = s.conference_id where s.id = ${sessionId}`.execute(db)
  return rows[0] && withoutNulls(rows[0])
}

export type Stage = {
  sessionId: string
  conferenceId: string
  room: string
  state: StageState
  openedAt: Date | undefined
  onAirAt: Date | undefined
  endedAt: Date | undefined
  breakUntil: Date | undefined
  breakWords: string
  takeNo: number
  source: Source | undefined
  deckVersionId: string | undefined
  deckPage: number | undefined
  deckClickNo: number
  deckAt: Date | undefined
  lecternMessage: string
  lecternMessageAt: Date | undefined
  hallsMessage: string
}
const stageColumns = sql`session_id as "sessionId", conference_id as "conferenceId", room, state, opened_at as "openedAt", on_air_at as "onAirAt",
  ended_at as "endedAt", break_until as "breakUntil", break_words as "breakWords", take_no as "takeNo", source,
  deck_version_id as "deckVersionId", deck_page as "deckPage", deck_click_no as "deckClickNo", deck_at as "deckAt",
  lectern_message as "lecternMessage", lectern_message_at as "lecternMessageAt", halls_message as "hallsMessage"`
/** `undefined` where nobody has come yet. */
export async function stageOf(db: Db | Tx, sessionId: string): Promise<Stage | undefined> {
  const { rows } = await sql<Stage>`select ${stageColumns} from stage where session_id = ${sessionId}`.execute(db)
  return rows[0] && (withoutNulls(rows[0]) as Stage)
}
/** The stage for changing: two who change it at once do so one after the other. */
export async function lockStage(tx: Db | Tx, sessionId: string): Promise<Stage | undefined> {
  const { rows } =
    await sql<Stage>`select ${stageColumns} from stage where session_id = ${sessionId} for no key update`.execute(tx)
  return rows[0] && (withoutNulls(rows[0]) as Stage)
}
/** Closed, when it was not there. The room keeps its name when it has to be made again. */
export async function ensureStage(tx: Db | Tx, held: Pick<Held, 'sessionId' | 'conferenceId'>): Promise<Stage> {
  await sql`insert into stage (session_id, conference_id, room) values (${held.sessionId}, ${held.conferenceId}, ${`buoi-${held.sessionId}`})
    on conflict do nothing`.execute(tx)
  return (await lockStage(tx, held.sessionId))!
}
export const setStage = (
  tx: Db | Tx,
  sessionId: string,
  change: Partial<{
    state: StageState
    opened_at: Date
    on_air_at: Date | null
    ended_at: Date | null
    break_until: Date | null
    break_words: string
    take_no: number
    source: string | null
    deck_version_id: string | null
    deck_page: number | null
    deck_at: Date | null
    lectern_message: string
    lectern_message_at: Date | null
    halls_message: string
  }>,
) => tx.updateTable('stage').set(change).where('session_id', '=', sessionId).execute()

/** As the log names somebody, and as people call her. */
export async function nameOf(db: Db | Tx, actor: Actor): Promise<string> {
  if (actor.userId === undefined) return actor.kind === 'machine' ? 'máy chủ' : actor.name
  const { rows } = await sql<{ name: string }>`select name from staff_user where id = ${actor.userId}`.execute(db)
  return rows[0]?.name ?? actor.name.replace(/^nv:/, '')
}
/** Whose preview, part or talk it is; the server's own hands are somebody too. */
export const userOf = (actor: Actor): string => actor.userId ?? actor.name

// ── its sites ────────────────────────────────────────────────────────────────
/** The session and those that relay it, with their conferences; what holds secrets is on no stage. */
const shownSessions = (sessionId: string | RawBuilder<unknown>) => sql`
  recursive shown as (
    select s.id as session_id, s.conference_id, 0 as depth from conference_session s where s.id = ${sessionId}
    union all
    select s.id, s.conference_id, shown.depth + 1 from conference_session s join shown on s.relays_id = shown.session_id),
  held as (
    select distinct on (k.site_id) k.site_id, k.conference_id, shown.session_id, k.seats, k.parent_site_id, k.ready_at, k.ready_note
    from shown join conference c on c.id = shown.conference_id and not c.classified and c.state <> 'draft'
      join conference_site k on k.conference_id = c.id
    order by k.site_id, shown.depth)`

export type StageSite = {
  siteId: string
  /** The conference whose site it is, and its own session there: the stage's, or one that relays it. */
  conferenceId: string
  ownSessionId: string
  code: string
  name: string
  unitId: string
  unit: string
  groupId: string
  depth: number
  parentSiteId: string | undefined
  kind: 'hall' | 'viewing'
  seats: number
  ready: boolean
  readyNote: string
  contactName: string
  contactPhone: string
}
const siteColumns = sql`h.site_id as "siteId", h.conference_id as "conferenceId", h.session_id as "ownSessionId", s.code, s.name, s.unit_id as "unitId",
  coalesce(n.name, '') as unit, coalesce(n.path[array_position(n.path, c.unit_id) + 1], c.unit_id) as "groupId",
  coalesce(cardinality(n.path), 1) as depth, coalesce(h.parent_site_id, s.parent_id) as "parentSiteId", s.kind, h.seats,
  h.ready_at is not null as ready, h.ready_note as "readyNote", s.contact_name as "contactName", s.contact_phone as "contactPhone"`
/** Every site of a session's stage in the order of codes; `only` narrows them. */
export async function sitesOf(db: Db | Tx, sessionId: string, only?: readonly string[]): Promise<StageSite[]> {
  const { rows } = await sql<StageSite>`
    with ${shownSessions(sessionId)}
    select ${siteColumns} from held h join site s on s.id = h.site_id
      join conference_session own on own.id = ${sessionId} join conference c on c.id = own.conference_id
      left join unit_now n on n.unit_id = s.unit_id
    where ${only ? sql`h.site_id = any(${only as string[]}::uuid[])` : sql`true`}
    order by s.code`.execute(db)
  return rows.map((row) => withoutNulls(row) as StageSite)
}
export const siteOnStage = async (db: Db | Tx, sessionId: string, siteId: string): Promise<StageSite | undefined> =>
  (await sitesOf(db, sessionId, [siteId]))[0]
/** Does one of these halls take part in the session, also through one of its own that relays it? */
export const standsOnStage = async (db: Db | Tx, sessionId: string, siteIds: readonly string[]): Promise<boolean> =>
  siteIds.length > 0 && (await sitesOf(db, sessionId, siteIds)).length > 0
export const unitNames = async (db: Db | Tx, unitIds: readonly string[]): Promise<Map<string, string>> =>
  new Map(
    (
      await sql<{ unitId: string; name: string }>`
        select unit_id as "unitId", name from unit_now where unit_id = any(${unitIds as string[]}::uuid[])`.execute(db)
    ).rows.map(({ unitId, name }) => [unitId, name]),
  )

// ── its parts ────────────────────────────────────────────────────────────────
export type Part = {
  partId: string
  kind: PartKind
  siteId: string | undefined
  personId: string | undefined
  userId: string | undefined
  name: string
  unit: string
  state: PartState
  generation: number
  connected: boolean
  microphone: boolean
  microphoneUntil: Date | undefined
  picture: boolean
}
const partColumns = sql`part_id as "partId", kind, site_id as "siteId", person_id as "personId", user_id as "userId", name, unit, state, generation,
  (kind = 'telephone' or ${joinedInSql}) as connected,
  microphone, microphone_until as "microphoneUntil", picture`
export async function partsOf(db: Db | Tx, sessionId: string, where: RawBuilder<unknown> = sql`true`): Promise<Part[]> {
  const { rows } = await sql<Part>`
    select ${partColumns} from stage_part where session_id = ${sessionId} and ${where} order by kind, name, part_id`.execute(
    db,
  )
  return rows.map((row) => withoutNulls(row) as Part)
}
export const partById = async (db: Db | Tx, sessionId: string, partId: string) =>
  (await partsOf(db, sessionId, sql`part_id = ${partId}`))[0]

/** The hall's part; listening, when it was not there. */
export async function ensureSitePart(
  tx: Db | Tx,
  sessionId: string,
  site: Pick<StageSite, 'siteId' | 'name' | 'unit'>,
  newPartId: string,
): Promise<Part> {
  await sql`
    insert into stage_part (part_id, session_id, kind, site_id, name, unit, state)
    values (${newPartId}, ${sessionId}, 'site', ${site.siteId}, ${site.name}, ${site.unit}, 'invited')
    on conflict (session_id, site_id) where kind = 'site' do update set name = excluded.name, unit = excluded.unit`.execute(
    tx,
  )
  return (await partsOf(tx, sessionId, sql`kind = 'site' and site_id = ${site.siteId}`))[0]!
}
export const setPart = (
  tx: Db | Tx,
  partId: string,
  change: Partial<{
    state: PartState
    generation: number
    microphone: boolean
    microphone_until: Date | null
    picture: boolean
    connected_at: Date
    disconnected_at: Date | null
    removed_at: Date | null
    removed_by: string | null
    removed_why: string
  }>,
) => tx.updateTable('stage_part').set(change).where('part_id', '=', partId).execute()

// ── its hands ────────────────────────────────────────────────────────────────
export type HandRow = {
  handId: string
  kind: (typeof handKinds)[number]
  siteId: string | undefined
  personId: string | undefined
  partId: string | undefined
  name: string
  unit: string
  level: number
  group: string
  about: string
  raisedAt: Date
  ordered: number | undefined
  state: (typeof handStates)[number]
  seconds: number | undefined
  until: Date | undefined
}
const handColumns = sql`hand_id as "handId", kind, site_id as "siteId", person_id as "personId", part_id as "partId", name, unit, level,
  group_id as "group", about, raised_at as "raisedAt", ordered, state, seconds, until`
export async function handsOf(
  db: Db | Tx,
  sessionId: string,
  where: RawBuilder<unknown> = sql`true`,
): Promise<HandRow[]> {
  const { rows } = await sql<HandRow>`
    select ${handColumns} from stage_hand where session_id = ${sessionId} and ${where} order by raised_at, hand_id`.execute(
    db,
  )
  return rows.map((row) => withoutNulls(row) as HandRow)
}
export const handById = async (db: Db | Tx, sessionId: string, handId: string) =>
  (await handsOf(db, sessionId, sql`hand_id = ${handId}`))[0]
export const stillUp = sql`state in ('waiting', 'called', 'onAir')`

// ── its run ──────────────────────────────────────────────────────────────────
export async function realTopics(db: Db | Tx, sessionId: string): Promise<RealTopic[]> {
  const { rows } = await sql<{
    topicId: string
    speaker: string | null
    beganAt: Date | null
    questionsAt: Date | null
    endedAt: Date | null
  }>`
    select topic_id as "topicId", speaker, began_at as "beganAt", questions_at as "questionsAt", ended_at as "endedAt"
    from stage_topic where session_id = ${sessionId}`.execute(db)
  return rows.map(withoutNulls)
}

// ── its lines ────────────────────────────────────────────────────────────────
/** Lines of one session are written by one at a time: a batch of reports, the sweep, and the places that both give out touch each other's rows. */
export const lockLines = (tx: Db | Tx, sessionId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`stage lines ${sessionId}`}, 11))`.execute(tx)
export type LineRow = {
  siteId: string
  mode: LineMode
  wanted: LineMode
  word: LineWord
  since: Date | undefined
  screenAt: Date | undefined
  consoleAt: Date | undefined
  measured: LineMemory
  slidePage: number
  lastWord: string
  message: string
}
export async function linesOf(db: Db | Tx, sessionId: string, only?: readonly string[]): Promise<LineRow[]> {
  const { rows } = await sql<LineRow>`
    select site_id as "siteId", mode, wanted_mode as wanted, word, since, screen_at as "screenAt", console_at as "consoleAt", measured,
      slide_page as "slidePage", last_word as "lastWord", message
    from site_line where session_id = ${sessionId} and ${only ? sql`site_id = any(${only as string[]}::uuid[])` : sql`true`}`.execute(
    db,
  )
  return rows.map((row) => withoutNulls(row) as LineRow)
}
export type FaultRow = {
  faultId: string
  siteId: string
  kind: (typeof faultKinds)[number]
  words: string
  at: Date
  clearedAt: Date | undefined
}
/** Faults that are open, and those cleared since. */
export async function faultsOf(
  db: Db | Tx,
  sessionId: string,
  clearedSince: Date,
  only?: readonly string[],
): Promise<FaultRow[]> {
  const { rows } = await sql<FaultRow>`
    select fault_id as "faultId", site_id as "siteId", kind, words, at, cleared_at as "clearedAt" from site_fault
    where session_id = ${sessionId} and (cleared_at is null or cleared_at >= ${clearedSince})
      and ${only ? sql`site_id = any(${only as string[]}::uuid[])` : sql`true`} order by at`.execute(db)
  return rows.map((row) => withoutNulls(row) as FaultRow)
}
