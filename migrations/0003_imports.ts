import { type Kysely, sql } from 'kysely'

/** Files people bring: each from upload to done. What a file said is cleared when its run ends; counts and hash stay. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    sql`create table import_run (
          id uuid primary key,
          kind text not null,
          file_name text not null,
          file_id text,
          sha256 text not null,
          bytes bigint not null,
          options jsonb not null,
          reading jsonb not null default '{}',
          state text not null check (state in ('uploaded', 'checking', 'checked', 'applying', 'done', 'cancelled', 'failed')),
          because text,
          preview jsonb,
          problems jsonb not null default '[]',
          remarks jsonb not null default '[]',
          progress_done int not null default 0,
          progress_total int not null default 0,
          cancel_asked boolean not null default false,
          by_actor text not null,
          by_user_id text,
          created_at timestamptz not null,
          finished_at timestamptz)`,
    sql`create index import_run_open on import_run (by_actor) where finished_at is null`,
    sql`create index import_run_at on import_run (created_at desc)`,
    sql`create index import_run_file on import_run (file_id) where file_id is not null`,
  ])
    await statement.execute(db)
}
