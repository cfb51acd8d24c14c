import { type Kysely, sql } from 'kysely'

/**
 * One tree with one or more roots; names, parents and levels are dated. People belong to cells for a time.
 * Every `valid_to` is the first day that no longer counts: in force on D means valid_from <= D and (valid_to is null or D < valid_to).
 */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    sql`create table level_scheme (id uuid primary key, code text not null unique, name text not null, valid_from date not null, valid_to date)`,
    // A register's files speak in one scheme of levels: a shared one, or its own where the words fit none.
    sql`create table register (
          id uuid primary key,
          code text not null unique,
          name text not null,
          scheme_id uuid references level_scheme,
          created_at timestamptz not null)`,
    // keeps_names: the grassroots level, whose officers see their own people's names. No code compares level names.
    sql`create table level (
          id uuid primary key,
          scheme_id uuid not null references level_scheme,
          rank int not null,
          name text not null,
          keeps_names boolean not null default false,
          unique (scheme_id, name))`,
    sql`with scheme as (
          insert into level_scheme (id, code, name, valid_from, valid_to) values
            (gen_random_uuid(), '2020', 'Bốn cấp, có cấp huyện', '2000-01-01', '2025-07-01'),
            (gen_random_uuid(), '2025', 'Bốn cấp, không còn cấp huyện', '2025-07-01', null)
          returning id, code)
        insert into level (id, scheme_id, rank, name, keeps_names)
        select gen_random_uuid(), scheme.id, l.rank, l.name, l.keeps_names from scheme join (values
          ('2020', 1, 'Tỉnh', false), ('2020', 2, 'Huyện', false), ('2020', 2, 'Trực thuộc', false), ('2020', 3, 'Cơ sở', true), ('2020', 4, 'Chi bộ', false),
          ('2025', 1, 'Tỉnh', false), ('2025', 2, 'Xã', false), ('2025', 3, 'Cơ sở', true), ('2025', 4, 'Chi bộ', false))
          as l (scheme, rank, name, keeps_names) on l.scheme = scheme.code`,
    // What a register's files call a level («Loại»), remembered after the first preview.
    sql`create table level_word (register_id uuid not null references register, word text not null, level_id uuid not null references level, primary key (register_id, word))`,
    sql`create table unit (
          id uuid primary key,
          register_id uuid not null references register,
          code text not null,
          created_at timestamptz not null,
          unique (register_id, code))`,
    sql`create table unit_version (
          id uuid primary key,
          unit_id uuid not null references unit,
          name text not null,
          level_id uuid not null references level,
          parent_id uuid references unit,
          valid_from date not null,
          valid_to date,
          recorded_at timestamptz not null,
          recorded_by text not null,
          check (valid_to is null or valid_to >= valid_from))`,
    sql`create unique index unit_version_open on unit_version (unit_id) where valid_to is null`,
    sql`create index unit_version_of_parent on unit_version (parent_id)`,
    sql`create table unit_successor (from_unit_id uuid not null references unit, to_unit_id uuid not null references unit, kind text not null, on_day date not null, decision text, primary key (from_unit_id, to_unit_id, on_day))`,
    // The tree as it stands, rebuilt whole (3,000 units: 50 ms) whenever a version changes. lft/rgt: a subtree is a range.
    sql`create table unit_now (
          unit_id uuid primary key references unit,
          version_id uuid not null references unit_version,
          register_id uuid not null references register,
          code text not null,
          name text not null,
          name_folded text not null generated always as (fold(name)) stored,
          level_id uuid not null references level,
          level_name text not null,
          level_rank int not null,
          parent_id uuid,
          path uuid[] not null,
          grassroots_id uuid,
          lft int not null,
          rgt int not null,
          depth int not null,
          children int not null)`,
    sql`create index unit_now_range on unit_now (lft, rgt)`,
    sql`create index unit_now_children on unit_now (parent_id)`,
    sql`create unique index unit_now_code on unit_now (register_id, code)`,
    // Birth year only tells namesakes apart; sex, ethnic group, faith, identity numbers are not kept at all.
    sql`create table person (
          id uuid primary key,
          register_id uuid not null references register,
          code text,
          full_name text not null,
          name_folded text not null generated always as (fold(full_name)) stored,
          sort_name text collate "vi-x-icu" not null,
          birth_year int,
          position text not null default '',
          phone text,
          email text,
          recorded_at timestamptz not null,
          erased_at timestamptz)`,
    sql`create unique index person_code on person (register_id, code)`,
    sql`create index person_order on person (sort_name)`,
    sql`create table membership (
          id uuid primary key,
          person_id uuid not null references person,
          unit_id uuid not null references unit,
          kind text not null check (kind in ('official', 'temporary')),
          valid_from date not null,
          valid_to date)`,
    sql`create unique index membership_official on membership (person_id) where kind = 'official' and valid_to is null`,
    sql`create index membership_of_unit on membership (unit_id) where valid_to is null`,
    // The flag without its reason.
    sql`create table exemption (id uuid primary key, person_id uuid not null references person, valid_from date not null, valid_to date)`,
    sql`create index exemption_of_person on exemption (person_id)`,
  ])
    await statement.execute(db)
}
