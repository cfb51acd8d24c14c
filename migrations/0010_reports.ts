import { type Kysely, sql } from 'kysely'

/** A freeze keeps figures, unit paths and the ids behind each number, not names. Papers made from it are kept with their hash. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    sql`create table "freeze" (
          id uuid primary key,
          campaign_id uuid not null references campaign,
          version int not null,
          note text not null,
          by_actor text not null,
          at timestamptz not null,
          unique (campaign_id, version))`,
    sql`create table freeze_unit (
          freeze_id uuid not null references "freeze",
          unit_id uuid not null,
          figures jsonb not null,
          primary key (freeze_id, unit_id))`,
    // One row a person: her state and reason at the freeze. An erased person's id goes, the count stands.
    sql`create table freeze_person (freeze_id uuid not null references "freeze", person_id uuid, unit_id uuid not null, state text not null, reason text, ordinal int not null, primary key (freeze_id, ordinal))`,
    sql`create index freeze_person_of_unit on freeze_person (freeze_id, unit_id)`,
    sql`create table report_file (
          id uuid primary key,
          freeze_id uuid not null references "freeze",
          unit_id uuid not null,
          form text not null,
          format text not null,
          file_id text not null,
          sha256 text not null,
          made_at timestamptz not null,
          made_by text not null,
          unique (freeze_id, unit_id, form, format))`,
    sql`create table declared_total (
          id uuid primary key,
          campaign_id uuid not null references campaign,
          unit_id uuid not null references unit,
          what text not null,
          count int not null check (count >= 0),
          count_kind text not null check (count_kind in ('persons', 'attendances', 'events', 'items')),
          source text not null,
          declared_by text not null,
          declared_at timestamptz not null)`,
  ])
    await statement.execute(db)
}
