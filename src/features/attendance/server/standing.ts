// The one relation everything reads: who stands where at each checkpoint, and what that makes of a conference.
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { defaultPolicy } from '../../campaigns/server/index.ts'

/**
 * The policy in force of each conference, as columns. A conference is judged by the version in force when its first session begins.
 * `where` narrows the conferences, alias `c`.
 */
const ruled = (where: RawBuilder<unknown>) => sql`
  select c.id as conference_id, c.campaign_id, c.purpose, c.state, c.unit_id,
    coalesce((rule.body #>> '{presentAtLeast,n}')::int, ${defaultPolicy.presentAtLeast.n}) as present_n,
    coalesce((rule.body #>> '{presentAtLeast,d}')::int, ${defaultPolicy.presentAtLeast.d}) as present_d,
    coalesce((rule.body ->> 'onePerSession')::boolean, true) as one_per_session,
    coalesce((rule.body ->> 'wrongHallCounts')::boolean, true) as other_hall_counts,
    coalesce((rule.body ->> 'lateAcceptedByManager')::boolean, true) as accepts_late,
    make_interval(mins => coalesce((rule.body ->> 'lateGraceMinutes')::int, ${defaultPolicy.lateGraceMinutes})) as grace,
    coalesce(array(select jsonb_array_elements_text(rule.body -> 'evidenceTaken')), '{}') as taken
  from conference c
  left join lateral (
    select body from policy_version v
    where v.campaign_id = c.campaign_id
      and (v.version = 1 or v.in_force_from <= coalesce((select min(starts_at) from conference_session where conference_id = c.id), c.created_at))
    order by v.version desc limit 1) rule on true
  where ${where}`

/** Narrows the people by a condition on the column that names them; a list behind a number need not judge the whole province. */
export type Who = (person: RawBuilder<unknown>) => RawBuilder<unknown>
const everyone: Who = () => sql`true`

/**
 * Standing arrivals: of each person at each checkpoint the first evidence that was not withdrawn, and whether it counts.
 * Columns: conference_id, session_id, checkpoint_id, person_id, arrival_id, site_id (null on an own device), corrected_at, evidence, counts.
 * `where` narrows the checkpoints: `p` is the checkpoint, `r` the ruled conference.
 */
export const standingArrivals = (
  conferences: RawBuilder<unknown>,
  checkpoints: RawBuilder<unknown> = sql`true`,
  who: Who = everyone,
) =>
  sql`with once as materialized (${ruled(conferences)}) ${standingUnder(sql`once`, { points: sql`checkpoint`, checkpoints, who, columns: sql`s.arrival_id, s.corrected_at, s.evidence` })}`
/** The same under conferences that are ruled already: the policy is read once a conference, not once an arrival. */
const standingUnder = (
  once: RawBuilder<unknown>,
  it: { points: RawBuilder<unknown>; checkpoints: RawBuilder<unknown>; who: Who; columns: RawBuilder<unknown> },
) => sql`
  select r.conference_id, p.session_id, p.id as checkpoint_id, s.person_id, s.site_id, ${it.columns},
    (s.corrected_at >= p.opens_at and s.corrected_at <= p.closes_at + r.grace or (s.accepted_at is not null and r.accepts_late))
      and (cardinality(r.taken) = 0 or s.evidence = any(r.taken))
      and (r.other_hall_counts or s.site_id is null or not exists (
        select 1 from summons m where m.conference_id = r.conference_id and m.person_id = s.person_id and m.withdrawn_at is null and m.site_id <> s.site_id)) as counts
  from ${once} r
  join ${it.points} p on p.conference_id = r.conference_id and ${it.checkpoints}
  join ${it.who === everyone ? firstAtEach : firstOfEach(it.who)}`

const evidence = sql`a.person_id, a.arrival_id, a.site_id, a.corrected_at, a.evidence, a.accepted_at`
/** Of a whole checkpoint it is fastest to go through it once … */
const firstAtEach = sql`lateral (
    select distinct on (a.person_id) ${evidence} from arrival a
    where a.checkpoint_id = p.id and a.withdrawn_at is null
    order by a.person_id, a.corrected_at, a.arrival_id) s on true`
/** … of a few people it is fastest to begin with them; both say the same. */
const firstOfEach = (who: Who) => sql`(
    select distinct on (a.checkpoint_id, a.person_id) a.checkpoint_id, ${evidence} from arrival a
    where a.withdrawn_at is null and ${who(sql.ref('a.person_id'))}
    order by a.checkpoint_id, a.person_id, a.corrected_at, a.arrival_id) s on s.checkpoint_id = p.id`

/**
 * Arrivals on own devices that stand outside their checkpoint's window and would count once accepted.
 * Columns: conference_id, checkpoint_id, person_id, arrival_id, corrected_at, at (the checkpoint's hour).
 */
export const waitingOnOwnDevices = (conferences: RawBuilder<unknown>, who: Who) => sql`
  select r.conference_id, p.id as checkpoint_id, s.person_id, s.arrival_id, s.corrected_at, p.at
  from (${ruled(conferences)}) r
  join checkpoint p on p.conference_id = r.conference_id
  join ${firstOfEach(who)}
  where s.site_id is null and s.accepted_at is null and r.accepts_late and (cardinality(r.taken) = 0 or s.evidence = any(r.taken))
    and not (s.corrected_at >= p.opens_at and s.corrected_at <= p.closes_at + r.grace)`

const ofConference = (conferenceId: string) => sql`c.id = ${conferenceId}`
const atCheckpoint = (checkpointId: string) => sql`p.id = ${checkpointId}`
const whereCheckpoint = (checkpointId: string) =>
  sql`c.id = (select conference_id from checkpoint where id = ${checkpointId})`

/** The one count of heads by site: the board and the report's headcounts both read it. No site: own devices. */
export const countBySite = async (db: Db | Tx, checkpointId: string) =>
  (
    await sql<{ siteId: string | null; present: number }>`
      select site_id as "siteId", count(*)::int as present
      from (${standingArrivals(whereCheckpoint(checkpointId), atCheckpoint(checkpointId))}) s where counts group by site_id`.execute(
      db,
    )
  ).rows

/** The same heads by the unit they belong to on the roll; people outside the roll are guests and in no unit. */
export const countByUnit = async (db: Db | Tx, checkpointId: string) =>
  (
    await sql<{ unitId: string; present: number }>`
      select roll.unit_id as "unitId", count(*)::int as present
      from (${standingArrivals(whereCheckpoint(checkpointId), atCheckpoint(checkpointId))}) s
      join conference c on c.id = s.conference_id
      join roll on roll.campaign_id = c.campaign_id and roll.person_id = s.person_id and roll.to_at is null and roll.standing = 'inScope'
      where counts group by roll.unit_id`.execute(db)
  ).rows

/**
 * Presence per person and conference of those summoned: the SQL of `rules.judgePresence`, held equal to it by a property test.
 * Columns: conference_id, purpose, conference_state, person_id, site_id (summoned to), excuse, undeliverable, state
 * ('present' | 'partly' | 'absent' | 'interrupted'), on_device. `conferences` narrows them, alias `c`.
 */
export const presenceOf = (conferences: RawBuilder<unknown>, who: Who = everyone) => sql`(
  with ruled as materialized (${ruled(conferences)}),
  -- Sessions of a conference are numbered, so that a set of them is a number with bits; there are at most twenty.
  point as materialized (
    select p.id, p.conference_id, p.session_id, p.opens_at, p.closes_at,
      1::bigint << (dense_rank() over (partition by p.conference_id order by p.session_id) - 1)::int as session_bit
    from checkpoint p join ruled r on r.conference_id = p.conference_id),
  whole as (select conference_id, count(*)::int as points, count(distinct session_id)::int as sessions from point group by conference_id),
  summoned as (
    select m.conference_id, m.person_id, m.site_id, m.session_ids, m.excuse, m.undeliverable_at is not null as undeliverable
    from summons m join ruled r on r.conference_id = m.conference_id where m.withdrawn_at is null and ${who(sql.ref('m.person_id'))}),
  standing as materialized (
    ${standingUnder(sql`ruled`, { points: sql`point`, checkpoints: sql`true`, who, columns: sql`p.session_bit` })}),
  met as (
    select s.conference_id, s.person_id,
      count(*)::int as counted,
      count(s.site_id)::int as in_hall,
      bit_count(bit_or(s.session_bit)::bit(64))::int as sessions
    from standing s where s.counts group by s.conference_id, s.person_id),
  -- Only summonses to part of the sessions are counted person by person; everyone else shares her conference's total.
  narrow as materialized (
    select m.conference_id, m.person_id, m.session_ids from summoned m where m.session_ids is not null),
  narrow_met as (
    select n.conference_id, n.person_id,
      count(p.id)::int as points, count(distinct p.session_id)::int as sessions,
      count(s.checkpoint_id) filter (where s.counts)::int as counted,
      count(s.checkpoint_id) filter (where s.counts and s.site_id is not null)::int as in_hall,
      count(distinct s.session_id) filter (where s.counts)::int as sessions_met
    from narrow n
    join point p on p.conference_id = n.conference_id and p.session_id = any(n.session_ids)
    left join standing s on s.checkpoint_id = p.id and s.person_id = n.person_id
    group by n.conference_id, n.person_id),
  -- Checkpoints a site lost; they leave the denominator of its people who have no arrival there.
  lost_point as (
    select distinct i.conference_id, i.site_id, p.id as checkpoint_id, p.session_id
    from interruption i join point p on p.conference_id = i.conference_id
      and i.from_at <= p.closes_at and coalesce(i.to_at, 'infinity') >= p.opens_at),
  lost as (
    select m.conference_id, m.person_id, count(*)::int as points,
      -- a session all of whose checkpoints are lost to her asks for none
      count(distinct l.session_id) filter (where not exists (
        select 1 from point p2 where p2.session_id = l.session_id and (
          not exists (select 1 from lost_point l2 where l2.checkpoint_id = p2.id and l2.site_id = m.site_id)
          or exists (select 1 from standing s2 where s2.checkpoint_id = p2.id and s2.person_id = m.person_id))))::int as sessions
    from summoned m
    join lost_point l on l.conference_id = m.conference_id and l.site_id = m.site_id and (m.session_ids is null or l.session_id = any(m.session_ids))
    where not exists (select 1 from standing s where s.checkpoint_id = l.checkpoint_id and s.person_id = m.person_id)
    group by m.conference_id, m.person_id),
  weighed as (
    select m.*, r.purpose, r.state as conference_state, r.present_n, r.present_d, r.one_per_session,
      coalesce(nm.points, w.points, 0) as points_declared,
      coalesce(nm.points, w.points, 0) - coalesce(l.points, 0) as points,
      coalesce(nm.sessions, w.sessions, 0) - coalesce(l.sessions, 0) as sessions,
      coalesce(case when m.session_ids is null then t.counted else nm.counted end, 0) as counted,
      coalesce(case when m.session_ids is null then t.in_hall else nm.in_hall end, 0) as in_hall,
      coalesce(case when m.session_ids is null then t.sessions else nm.sessions_met end, 0) as sessions_met
    from summoned m
    join ruled r on r.conference_id = m.conference_id
    left join whole w on w.conference_id = m.conference_id and m.session_ids is null
    left join narrow_met nm on nm.conference_id = m.conference_id and nm.person_id = m.person_id
    left join met t on t.conference_id = m.conference_id and t.person_id = m.person_id
    left join lost l on l.conference_id = m.conference_id and l.person_id = m.person_id)
  select conference_id, purpose, conference_state, person_id, site_id, excuse, undeliverable,
    case
      when points = 0 and points_declared > 0 then 'interrupted'
      when counted > 0 and counted * present_d >= points * present_n and (not one_per_session or sessions_met = sessions) then 'present'
      when counted > 0 then 'partly'
      else 'absent'
    end as state,
    (in_hall * 2 < counted) as on_device
  from weighed)`

/** Presence of everyone summoned to one conference. */
export const judgePresenceOf = async (db: Db | Tx, conferenceId: string) =>
  (
    await sql<{ personId: string; state: 'present' | 'partly' | 'absent' | 'interrupted'; onDevice: boolean }>`
      select person_id as "personId", state, on_device as "onDevice" from ${presenceOf(ofConference(conferenceId))} judged`.execute(
      db,
    )
  ).rows
