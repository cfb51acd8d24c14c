import { type Kysely, sql } from 'kysely'

/** A site is a room of people behind one screen; a summons says who comes to which, and how she was asked. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    sql`create table site (
          id uuid primary key,
          register_id uuid not null references register,
          code text not null,
          unit_id uuid not null references unit,
          parent_id uuid references site,
          name text not null,
          name_folded text not null generated always as (fold(name)) stored,
          kind text not null default 'hall' check (kind in ('hall', 'viewing')),
          seats int not null check (seats >= 0),
          address text not null default '',
          contact_name text not null default '',
          contact_phone text not null default '',
          closed_on date,
          recorded_at timestamptz not null,
          unique (register_id, code))`,
    sql`create index site_of_unit on site (unit_id)`,
    sql`create table equipment (id uuid primary key, site_id uuid not null references site, name text not null, state text not null check (state in ('ready', 'faulty', 'missing')), note text not null default '')`,
    sql`create index equipment_of_site on equipment (site_id)`,
    // The sites a conference is held at; seats may differ on the day.
    sql`create table conference_site (
          conference_id uuid not null references conference,
          site_id uuid not null references site,
          seats int not null,
          parent_site_id uuid references site,
          ready_at timestamptz,
          ready_note text not null default '',
          primary key (conference_id, site_id))`,
    sql`create index conference_of_site on conference_site (site_id)`,
    // In force until withdrawn. No site: on her own device. session_ids null: every session of the conference.
    sql`create table summons (
          id uuid primary key,
          conference_id uuid not null references conference,
          person_id uuid not null references person,
          site_id uuid references site,
          session_ids uuid[],
          origin text not null check (origin in ('seating', 'import', 'manual', 'registered', 'door', 'booking', 'substitute')),
          door_code text not null,
          made_at timestamptz not null,
          made_by text not null,
          withdrawn_at timestamptz,
          withdrawn_why text check (withdrawn_why in ('replaced', 'moved', 'offRoll', 'cancelled')),
          replaces_id uuid references summons,
          excuse text check (excuse in ('duty', 'leave', 'family', 'other', 'unknown')),
          excused_at timestamptz,
          undeliverable_at timestamptz)`,
    sql`create unique index summons_in_force on summons (conference_id, person_id) where withdrawn_at is null`,
    sql`create index summons_of_site on summons (conference_id, site_id) where withdrawn_at is null`,
    sql`create index summons_of_person on summons (person_id)`,
    // A person moved to another site keeps the code on her paper; the withdrawn line has it too.
    sql`create unique index summons_door_code on summons (conference_id, door_code) where withdrawn_at is null`,
    sql`create index summons_by_code on summons (door_code)`,
    sql`create index summons_replaces on summons (replaces_id) where replaces_id is not null`,
    // What was proposed last, by units and counts; confirming writes the summonses.
    sql`create table seating_proposal (
          conference_id uuid primary key references conference,
          made_at timestamptz not null,
          made_by text not null,
          summary jsonb not null,
          confirmed_at timestamptz)`,
    // Written by one statement that has just read all three nouns, gone when confirmed: checking 64,809 rows once more costs two seconds.
    sql`create table seating_place (
          conference_id uuid not null,
          person_id uuid not null,
          site_id uuid not null,
          primary key (conference_id, person_id))`,
    // Who was moved by hand, so that a slip of the finger can be taken back exactly.
    sql`create table seating_move (
          id uuid primary key,
          conference_id uuid not null references conference,
          unit_id uuid not null references unit,
          from_site_id uuid references site,
          to_site_id uuid references site,
          person_ids uuid[] not null,
          made_at timestamptz not null,
          made_by text not null,
          undone_at timestamptz)`,
    sql`create index seating_move_of_conference on seating_move (conference_id)`,
    // The summonses of one grassroots unit on paper; the table is also the queue of this work.
    sql`create table summons_paper (
          conference_id uuid not null references conference,
          unit_id uuid not null references unit,
          state text not null check (state in ('waiting', 'making', 'made', 'failed')),
          people int not null,
          tries int not null default 0,
          file_id text,
          sha256 text,
          asked_at timestamptz not null,
          asked_by text not null,
          began_at timestamptz,
          made_at timestamptz,
          primary key (conference_id, unit_id))`,
    sql`create index summons_paper_waiting on summons_paper (asked_at) where state in ('waiting', 'making')`,
  ])
    await statement.execute(db)
}
