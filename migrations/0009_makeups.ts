import { type Kysely, sql } from 'kysely'

/** A make-up conference is a conference of purpose «makeup»; a booking is a summons to it. Offers are the ledger's: one that reached nobody is a reason there. */
export async function up(db: Kysely<unknown>) {
  for (const statement of [
    // How many a make-up without a site of the register takes; one at sites takes as many as they have seats.
    sql`create table makeup (conference_id uuid primary key references conference, seats int not null check (seats > 0))`,
    sql`create table makeup_offer (
          id uuid primary key,
          campaign_id uuid not null references campaign,
          person_id uuid not null references person,
          offered_at timestamptz not null,
          undeliverable_at timestamptz,
          answered text check (answered in ('accepted', 'declined')),
          unique (campaign_id, person_id))`,
  ])
    await statement.execute(db)
}
