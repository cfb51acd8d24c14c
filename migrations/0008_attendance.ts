import { type Kysely, sql } from 'kysely'

/** An arrival is a fact and stays one; being late or in another hall is a judgement, derived when read. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    sql`create table checkpoint (
          id uuid primary key,
          conference_id uuid not null references conference,
          session_id uuid not null references conference_session,
          code text not null,
          name text not null,
          position int not null,
          opens_at timestamptz not null,
          at timestamptz not null,
          closes_at timestamptz not null,
          spoken_code text,
          spoken_first_at timestamptz,
          spoken_at timestamptz,
          unique (conference_id, code),
          check (opens_at <= at and at <= closes_at))`,
    // No unique row a person: a second hall's evidence is kept and asked about. The first standing one counts.
    // No foreign keys: the door has looked all three up, and three lookups a row, each locking the one checkpoint, would
    // cost more than the row.
    sql`create table arrival (
          arrival_id uuid primary key,
          conference_id uuid not null,
          checkpoint_id uuid not null,
          site_id uuid,
          person_id uuid not null,
          evidence text not null check (evidence in ('doorScan', 'ownScan', 'typedCode', 'paper', 'stewardTick', 'siteConfirmed', 'ownTick', 'madeByOther', 'replay')),
          by_actor text not null,
          claimed_at timestamptz not null,
          corrected_at timestamptz not null,
          received_at timestamptz not null,
          skew_ms int not null default 0,
          device_id uuid not null,
          accepted_at timestamptz,
          accepted_by text,
          withdrawn_at timestamptz,
          withdrawn_by text)`,
    sql`create index arrival_standing on arrival (checkpoint_id, person_id, corrected_at, arrival_id) include (site_id, accepted_at, evidence) where withdrawn_at is null`,
    sql`create index arrival_of_site on arrival (site_id, checkpoint_id, person_id) where withdrawn_at is null`,
    sql`create index arrival_of_person on arrival (person_id)`,
    // Four typed numbers; the latest of a site at a checkpoint stands.
    sql`create table headcount (
          headcount_id uuid primary key,
          checkpoint_id uuid not null references checkpoint,
          site_id uuid not null references site,
          present int not null check (present >= 0),
          absent_excused int not null check (absent_excused >= 0),
          absent_unexcused int not null check (absent_unexcused >= 0),
          guests int not null check (guests >= 0),
          summoned int not null,
          why text not null default '',
          by_actor text not null,
          device_id uuid not null,
          claimed_at timestamptz not null,
          received_at timestamptz not null)`,
    sql`create index headcount_of_site on headcount (checkpoint_id, site_id, received_at desc)`,
    sql`create table interruption (
          id uuid primary key,
          conference_id uuid not null references conference,
          site_id uuid not null references site,
          from_at timestamptz not null,
          to_at timestamptz,
          cause text not null,
          by_actor text not null,
          recorded_at timestamptz not null)`,
    sql`create index interruption_of_site on interruption (conference_id, site_id)`,
    sql`create table own_tick_failure (checkpoint_id uuid not null, person_id uuid not null, tries int not null, last_at timestamptz not null, primary key (checkpoint_id, person_id))`,
  ])
    await statement.execute(db)
}
