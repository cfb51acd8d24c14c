// The only SQL of broadcast.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { type Db, type Tx, withoutNulls } from '../../../platform/server/db.ts'
import type { Source, StageState } from '../../stage/contract.ts'
import type { Programme } from '../contract.ts'
import type { ProgrammeRow } from '../rules.ts'
import './tables.ts'

// ── what the programme follows ───────────────────────────────────────────────

export type CutPart = {
  partId: string
  /** As it is called in the room. */
  identity: string
  name: string
  unit: string
  kind: string
  state: string
  connected: boolean
  microphone: boolean
}
export type CutTopic = {
  topicId: string
  title: string
  speaker: string
  beganAt: string
  questionsAt: string | null
  endedAt: string | null
}
export type CutRow = {
  state: StageState
  room: string
  source: Source | null
  takeNo: number
  tookAt: Date | null
  onAirAt: Date | null
  endedAt: Date | null
  breakUntil: Date | null
  breakWords: string
  deckVersionId: string | null
  deckPage: number | null
  deckAt: Date | null
  conferenceName: string
  sessionName: string
  restartNo: number
  /** Whoever is on air, is heard, or is about to be taken. */
  parts: CutPart[]
  previews: Source[]
  topic: CutTopic | null
}
/** Everything the programme shows and lets be heard, in one look. `undefined`: the session has no stage. */
export async function readCut(db: Db | Tx, sessionId: string): Promise<CutRow | undefined> {
  const { rows } = await sql<CutRow>`
    select s.state, s.room, s.source, s.take_no as "takeNo", t.at as "tookAt", s.on_air_at as "onAirAt", s.ended_at as "endedAt",
      s.break_until as "breakUntil", s.break_words as "breakWords", s.deck_version_id as "deckVersionId", s.deck_page as "deckPage",
      s.deck_at as "deckAt", c.name as "conferenceName", coalesce(nullif(cs.name, ''), cs.code) as "sessionName",
      coalesce(g.restart_no, 0) as "restartNo",
      coalesce((select jsonb_agg(v.source) from stage_preview v where v.session_id = s.session_id), '[]') as previews,
      coalesce((select jsonb_agg(jsonb_build_object('partId', p.part_id, 'identity', p.part_id || '.' || p.generation, 'name', p.name,
          'unit', p.unit, 'microphone', p.microphone, 'kind', p.kind, 'state', p.state, 'connected',
          p.connected_at is not null and (p.disconnected_at is null or p.disconnected_at < p.connected_at)))
        from stage_part p where p.session_id = s.session_id and p.state <> 'removed' and p.kind <> 'technician'
          and (p.microphone or p.kind = 'moderator' or p.part_id::text = s.source->>'partId'
            or exists (select 1 from stage_preview v where v.session_id = s.session_id and v.source->>'partId' = p.part_id::text))), '[]') as parts,
      (select jsonb_build_object('topicId', o.id, 'title', o.title, 'speaker', coalesce(st.speaker, o.speaker), 'beganAt', st.began_at,
          'questionsAt', st.questions_at, 'endedAt', st.ended_at)
        from stage_topic st join topic o on o.id = st.topic_id
        where st.session_id = s.session_id and st.began_at is not null order by st.began_at desc limit 1) as topic
    from stage s join conference_session cs on cs.id = s.session_id join conference c on c.id = s.conference_id
      left join stage_take t on t.session_id = s.session_id and t.take_no = s.take_no
      left join programme g on g.session_id = s.session_id
    where s.session_id = ${sessionId}`.execute(db)
  return rows[0]
}

/**
 * Sessions whose programme has to run: on air, in a break, or backstage around their day (the process is then ready for the first word);
 * and such as were made and never said to be over.
 */
export async function sessionsToMake(db: Db | Tx): Promise<string[]> {
  const { rows } = await sql<{ sessionId: string }>`
    select s.session_id as "sessionId" from stage s join conference c on c.id = s.conference_id
      join conference_session e on e.id = s.session_id left join programme g on g.session_id = s.session_id
    where not c.classified and (s.state in ('onAir', 'break') or (s.state = 'ended' and g.state <> 'ended')
      or (s.state = 'backstage' and e.starts_at < now() + interval '1 day' and e.ends_at > now() - interval '1 day'))
    order by s.on_air_at nulls last limit 20`.execute(db)
  return rows.map(({ sessionId }) => sessionId)
}

// ── the programme itself ─────────────────────────────────────────────────────

const programmeColumns = sql`g.state, g.because, g.beat_at as "beatAt", g.began_at as "beganAt", g.ended_at as "endedAt"`
export async function programmeOf(db: Db | Tx, sessionId: string): Promise<ProgrammeRow | undefined> {
  const { rows } = await sql<ProgrammeRow & { made: boolean }>`
    select ${programmeColumns}, exists (select 1 from programme_run r where r.session_id = g.session_id) as made
    from programme g where g.session_id = ${sessionId}`.execute(db)
  if (!rows[0]) return undefined
  const { made, beganAt, ...row } = withoutNulls(rows[0])
  // Backstage, the row is there before anything is made.
  return { ...row, beganAt: made ? beganAt : undefined } as ProgrammeRow
}
/** The same of many sessions at once. */
export async function programmesOf(db: Db | Tx, sessionIds: readonly string[]): Promise<Map<string, ProgrammeRow>> {
  const { rows } = await sql<ProgrammeRow & { sessionId: string }>`
    select g.session_id as "sessionId", ${programmeColumns} from programme g where g.session_id = any(${sessionIds as string[]}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map(({ sessionId, ...row }) => [sessionId, withoutNulls(row) as ProgrammeRow]))
}
/** Makes the row if need be, and says who makes the programme now. */
export const claimProgramme = (
  db: Db | Tx,
  it: { sessionId: string; folder: string; holder: string; now: Date },
): Promise<unknown> =>
  sql`insert into programme (session_id, conference_id, state, folder, began_at, beat_at, holder)
    select id, conference_id, 'starting', ${it.folder}, ${it.now}, ${it.now}, ${it.holder} from conference_session where id = ${it.sessionId}
    on conflict (session_id) do update set holder = excluded.holder, beat_at = excluded.beat_at, folder = excluded.folder`.execute(
    db,
  )
/** Who makes it, and since when nothing was heard of that. `left`: it went in order, or the programme is over. */
export async function holderOf(
  db: Db | Tx,
  sessionId: string,
): Promise<{ name: string; beatAt: Date | null; left: boolean } | undefined> {
  const { rows } = await sql<{ name: string; beatAt: Date | null; left: boolean }>`
    select holder as name, beat_at as "beatAt", because = 'stopped' or state = 'ended' as left from programme
    where session_id = ${sessionId} and holder is not null`.execute(db)
  return rows[0]
}
export const beat = (
  db: Db | Tx,
  it: {
    sessionId: string
    holder: string
    state: ProgrammeRow['state']
    because: Programme['because']
    beganAt: Date | undefined
    endedAt: Date | undefined
    now: Date
  },
): Promise<unknown> =>
  sql`update programme set state = ${it.state}, because = ${it.because}, beat_at = ${it.now}, began_at = coalesce(${it.beganAt ?? null}, began_at),
    ended_at = ${it.endedAt ?? null} where session_id = ${it.sessionId} and holder = ${it.holder}`.execute(db)
export const runBegan = (db: Db | Tx, it: { sessionId: string; nth: number; at: Date }): Promise<unknown> =>
  sql`insert into programme_run (run_id, session_id, nth, began_at) values (${newId(it.at)}, ${it.sessionId}, ${it.nth}, ${it.at})
    on conflict (session_id, nth) do nothing`.execute(db)
export const runEnded = (
  db: Db | Tx,
  it: { sessionId: string; nth: number; at: Date; because: string },
): Promise<unknown> =>
  sql`update programme_run set ended_at = ${it.at}, because = ${it.because} where session_id = ${it.sessionId} and nth = ${it.nth} and ended_at is null`.execute(
    db,
  )
export async function askRestart(tx: Db | Tx, sessionId: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('programme')
    .set((eb) => ({ restart_no: eb('restart_no', '+', 1) }))
    .where('session_id', '=', sessionId)
    .where('state', 'in', ['starting', 'running', 'failed'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

// ── who watches what ─────────────────────────────────────────────────────────

export type WatchedSession = {
  sessionId: string
  conferenceId: string
  campaignId: string
  conferenceName: string
  conferenceCode: string
  sessionCode: string
  sessionName: string
  startsAt: Date
  endsAt: Date
  audience: 'public' | 'members' | 'internal'
  classified: boolean
  /** Whose programme it shows: its own, or that of the conference above. */
  programmeOf: string
  stage: StageState | undefined
}
/**
 * Sessions, each with the session whose programme it shows: the nearest one up the relays that has a stage, else the topmost.
 * The audience is that of the session itself: a hall that relays does not open what is above.
 */
export async function watchedSessions(
  db: Db | Tx,
  which: { sessionIds: readonly string[] } | { personId: string },
): Promise<WatchedSession[]> {
  const mine =
    'sessionIds' in which
      ? sql`s.id = any(${which.sessionIds as string[]}::uuid[])`
      : sql`exists (select 1 from summons u where u.conference_id = s.conference_id and u.person_id = ${which.personId} and u.withdrawn_at is null
          and (u.session_ids is null or s.id = any(u.session_ids)))`
  const { rows } = await sql<WatchedSession & { stage: StageState | null }>`
    with recursive up as (
      select s.id as "from", s.id, s.relays_id, 0 as step from conference_session s where ${mine}
      union all
      select up."from", s.id, s.relays_id, up.step + 1 from up join conference_session s on s.id = up.relays_id where up.step < 10)
    select s.id as "sessionId", c.id as "conferenceId", c.campaign_id as "campaignId", c.name as "conferenceName", c.code as "conferenceCode",
      s.code as "sessionCode", coalesce(nullif(s.name, ''), s.code) as "sessionName", s.starts_at as "startsAt", s.ends_at as "endsAt",
      s.audience, c.classified, top.id as "programmeOf", top.state as stage
    from conference_session s join conference c on c.id = s.conference_id
      cross join lateral (select up.id, t.state from up left join stage t on t.session_id = up.id where up."from" = s.id
        order by t.session_id is null, case when t.session_id is null then -up.step else up.step end limit 1) top
    where ${mine} order by s.starts_at`.execute(db)
  return rows.map((row) => ({ ...row, stage: row.stage ?? undefined }))
}
/** A member takes part when she is summoned to the conference or, where a campaign is named, stands on its roll. */
export async function takesPart(
  db: Db | Tx,
  { personId, conferenceId, campaignId }: { personId: string; conferenceId: string; campaignId: string | undefined },
): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`
    select exists (select 1 from summons where conference_id = ${conferenceId} and person_id = ${personId} and withdrawn_at is null)
      or exists (select 1 from roll where campaign_id = ${campaignId ?? null} and person_id = ${personId} and to_at is null) as yes`.execute(
    db,
  )
  return rows[0]!.yes
}
/** What the origin asks before it opens a folder: who may have it, and where it lies. `undefined`: nothing was ever made. */
export async function originOf(
  db: Db | Tx,
  sessionId: string,
): Promise<{ audience: 'public' | 'members' | 'internal'; classified: boolean; folder: string } | undefined> {
  const { rows } = await sql<{ audience: 'public' | 'members' | 'internal'; classified: boolean; folder: string }>`
    select s.audience, c.classified, g.folder from programme g join conference_session s on s.id = g.session_id
      join conference c on c.id = s.conference_id where g.session_id = ${sessionId}`.execute(db)
  return rows[0]
}

export type Made = {
  sessionId: string
  conferenceCode: string
  sessionCode: string
  audience: 'public' | 'members' | 'internal'
  folder: string
} & ProgrammeRow
/** Programmes of a campaign that were ever begun, oldest first. */
export async function madeIn(db: Db | Tx, campaignId: string): Promise<Made[]> {
  const { rows } = await sql<Made>`
    select g.session_id as "sessionId", c.code as "conferenceCode", s.code as "sessionCode", s.audience, g.folder, ${programmeColumns}
    from programme g join conference_session s on s.id = g.session_id join conference c on c.id = s.conference_id
    where c.campaign_id = ${campaignId} and not c.classified order by g.began_at, g.session_id limit 1000`.execute(db)
  return rows.map((row) => withoutNulls(row) as Made)
}
