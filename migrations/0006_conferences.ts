import { type Kysely, sql } from 'kysely'

/** Conference → session (buổi, a half-day) → topic (chuyên đề) with its minutes to deliver and for questions. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    sql`create table conference (
          id uuid primary key,
          campaign_id uuid not null references campaign,
          unit_id uuid not null references unit,
          parent_id uuid references conference,
          code text not null,
          name text not null,
          purpose text not null check (purpose in ('study', 'makeup', 'outreach', 'class', 'contest', 'meeting')),
          state text not null default 'draft' check (state in ('draft', 'approved', 'open', 'live', 'closed')),
          classified boolean not null default false,
          own_device boolean not null default true,
          documents text not null default '',
          contact text not null default '',
          created_at timestamptz not null,
          created_by text not null,
          approved_at timestamptz,
          opened_at timestamptz,
          live_at timestamptz,
          closed_at timestamptz,
          unique (campaign_id, code))`,
    sql`create index conference_of_unit on conference (campaign_id, unit_id)`,
    sql`create table conference_session (
          id uuid primary key,
          conference_id uuid not null references conference,
          code text not null,
          name text not null,
          position int not null,
          starts_at timestamptz not null,
          ends_at timestamptz not null,
          mode text not null default 'relayed' check (mode in ('relayed', 'local')),
          relays_id uuid references conference_session,
          audience text not null default 'members' check (audience in ('public', 'members', 'internal')),
          unique (conference_id, code),
          check (ends_at > starts_at))`,
    sql`create table topic (
          id uuid primary key,
          session_id uuid not null references conference_session on delete cascade,
          position int not null,
          title text not null,
          speaker text not null default '',
          deliver_minutes int not null check (deliver_minutes >= 0),
          question_minutes int not null check (question_minutes >= 0))`,
    sql`create index topic_of_session on topic (session_id)`,
  ])
    await statement.execute(db)
}
