import { type Kysely, sql } from 'kysely'

/** The frame of a study campaign: its tree as of the conference's day, the roll, policy versions, targets, deadlines. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    // counts_on stays open until the first study session is known.
    sql`create table campaign (
          id uuid primary key,
          code text not null unique,
          name text not null,
          theme text not null default '',
          scope_unit_id uuid not null references unit,
          counts_on date,
          units_below_until timestamptz,
          scope_fixed_at timestamptz,
          settings jsonb not null default '{}',
          created_at timestamptz not null,
          created_by text not null)`,
    // Totals go up this tree: a copy as of counts_on, so that a later reorganisation leaves the figures alone.
    sql`create table campaign_unit (
          campaign_id uuid not null references campaign,
          unit_id uuid not null references unit,
          version_id uuid not null references unit_version,
          parent_id uuid,
          code text not null,
          name text not null,
          name_folded text not null generated always as (fold(name)) stored,
          level_name text not null,
          level_rank int not null,
          keeps_names boolean not null,
          grassroots_id uuid,
          path uuid[] not null,
          lft int not null,
          rgt int not null,
          depth int not null,
          children int not null,
          primary key (campaign_id, unit_id))`,
    sql`create index campaign_unit_range on campaign_unit (campaign_id, lft)`,
    sql`create index campaign_unit_children on campaign_unit (campaign_id, parent_id)`,
    // One open row a person; a later change closes it and opens the next, with its reason.
    sql`create table roll (
          id uuid primary key,
          campaign_id uuid not null,
          person_id uuid not null references person,
          unit_id uuid not null,
          unit_version_id uuid not null,
          standing text not null check (standing in ('inScope', 'exempt')),
          from_at timestamptz not null,
          to_at timestamptz,
          why text not null check (why in ('fixed', 'joined', 'transferred', 'exempted', 'exemptionEnded')),
          end_why text check (end_why in ('transferred', 'died', 'left', 'exempted', 'exemptionEnded', 'erased')),
          foreign key (campaign_id, unit_id) references campaign_unit)`,
    sql`create unique index roll_open on roll (campaign_id, person_id) where to_at is null`,
    // What moved since the fixing is a handful of rows among many.
    sql`create index roll_changed on roll (campaign_id, person_id) where why <> 'fixed' or to_at is not null`,
    sql`create index roll_of_unit on roll (campaign_id, unit_id) where to_at is null`,
    sql`create table policy_version (
          id uuid primary key,
          campaign_id uuid not null references campaign,
          version int not null,
          body jsonb not null,
          in_force_from timestamptz not null,
          approved_by text not null,
          unique (campaign_id, version))`,
    sql`create table target (campaign_id uuid not null references campaign, metric text not null, n int not null, d int not null, primary key (campaign_id, metric))`,
    sql`create table deadline (id uuid primary key, campaign_id uuid not null references campaign, what text not null, at timestamptz not null)`,
  ])
    await statement.execute(db)
}
