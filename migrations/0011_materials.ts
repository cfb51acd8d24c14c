import { type Kysely, sql } from 'kysely'

/** What a conference is held with: documents, slides, pictures, videos, each in versions; a deck also as images of its pages. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    sql`create table material (
          id uuid primary key,
          conference_id uuid not null references conference,
          topic_id uuid references topic on delete set null,
          kind text not null check (kind in ('document', 'slides', 'image', 'video')),
          title text not null,
          position int not null default 0,
          created_at timestamptz not null,
          created_by text not null,
          removed_at timestamptz)`,
    sql`create index material_of_conference on material (conference_id) where removed_at is null`,
    sql`create table material_version (
          id uuid primary key,
          material_id uuid not null references material,
          version int not null,
          file_id text not null,
          file_name text not null,
          bytes bigint not null,
          media_type text not null,
          state text not null check (state in ('waiting', 'working', 'ready', 'refused', 'failed')),
          problem text,
          problem_detail jsonb,
          pages int not null default 0,
          pages_done int not null default 0,
          width int not null default 0,
          height int not null default 0,
          seconds real,
          tries int not null default 0,
          -- Whoever works on it says so every few seconds; after a silence another takes it up.
          beat_at timestamptz,
          at timestamptz not null,
          by_actor text not null,
          unique (material_id, version))`,
    sql`create table material_page (
          version_id uuid not null references material_version on delete cascade,
          page int not null,
          file_id text not null,
          small_file_id text not null,
          width int not null,
          height int not null,
          text text not null default '',
          primary key (version_id, page))`,
    sql`create index material_page_file on material_page (file_id)`,
    sql`create index material_version_undone on material_version (state) where state in ('waiting', 'working')`,
    // What a session has shown stays kept with its recording; what it shows now cannot be taken away.
    sql`create table material_shown (
          session_id uuid not null references conference_session,
          version_id uuid not null references material_version,
          from_at timestamptz not null,
          to_at timestamptz,
          primary key (session_id, version_id, from_at))`,
    sql`create unique index material_shown_now on material_shown (session_id) where to_at is null`,
    sql`create index material_shown_version on material_shown (version_id)`,
  ])
    await statement.execute(db)
}
