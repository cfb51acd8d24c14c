import { type Kysely, sql } from 'kysely'

/** What every feature stands on: news, live snapshots, the two logs and their chain. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    // The same folding as src/kernel/fold.ts; built from what every PostgreSQL ≥ 15 has, and immutable, so that a generated column may use it.
    sql`create function fold(name text) returns text language sql immutable parallel safe return
        btrim(regexp_replace(lower(translate(regexp_replace(normalize(name, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd')), '\\s+', ' ', 'g'))`,
    sql`create table event (
          id uuid primary key,
          xid xid8 not null default pg_current_xact_id(),
          name text not null,
          body jsonb not null,
          at timestamptz not null)`,
    sql`create index event_in_order on event (xid, id)`,
    sql`create table event_cursor (subscriber text primary key, xid xid8 not null, id uuid not null)`,
    sql`create table live_snapshot (topic text primary key, version bigint not null, body text not null, at timestamptz not null)`,
    sql`create table change_line (
          id uuid primary key,
          seq bigint generated always as identity,
          at timestamptz not null,
          actor text not null,
          user_id text,
          operation text not null,
          about jsonb not null)`,
    sql`create index change_line_at on change_line (at desc)`,
    sql`create table look (
          id uuid primary key,
          seq bigint generated always as identity,
          at timestamptz not null,
          actor text not null,
          user_id text,
          actor_person_id uuid,
          list text not null,
          about jsonb not null,
          person_ids uuid[] not null,
          how_many int not null,
          reason text)`,
    sql`create index look_of_person on look using gin (person_ids)`,
    sql`create index look_at on look (at desc)`,
    // Each seal hashes the lines since the last one and the seal before it; a line changed or taken out breaks the chain.
    sql`create table log_seal (
          id bigint generated always as identity primary key,
          log text not null,
          from_seq bigint not null,
          to_seq bigint not null,
          how_many int not null,
          hash text not null,
          before_hash text not null,
          at timestamptz not null)`,
    // The logs only grow: not even the application may rewrite them.
    sql`create function refuse_rewriting() returns trigger language plpgsql as $$ begin raise exception 'the log only grows'; end $$`,
    sql`create trigger change_line_only_grows before update or delete on change_line for each row execute function refuse_rewriting()`,
    sql`create trigger look_only_grows before update or delete on look for each row execute function refuse_rewriting()`,
  ])
    await statement.execute(db)
}
