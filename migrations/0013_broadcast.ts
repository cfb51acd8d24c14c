import { type Kysely, sql } from 'kysely'

/** The programme of a session, as the audience receives it. Segments and their index lie in files; here is what was made, when, by which run. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    sql`create table programme (
          session_id uuid primary key references conference_session,
          conference_id uuid not null references conference,
          state text not null check (state in ('starting', 'running', 'waiting', 'ended', 'failed')),
          because text not null default '',
          folder text not null,
          began_at timestamptz not null,
          ended_at timestamptz,
          -- The process that makes it says so every two seconds.
          beat_at timestamptz,
          holder text,
          -- Grows with every wish of a director to begin the encoder anew.
          restart_no int not null default 0)`,
    // A run of the encoder: after each of them the playlist says that something is cut.
    sql`create table programme_run (
          run_id uuid primary key,
          session_id uuid not null references programme,
          -- As its folder is called.
          nth int not null,
          began_at timestamptz not null,
          ended_at timestamptz,
          because text not null default '',
          unique (session_id, nth))`,
  ])
    await statement.execute(db)
}
