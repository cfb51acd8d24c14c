// Offers to make up: the ledger reads whether one reached nobody, make-ups write what came of them. Bookings are summonses and told there.
import { sql } from 'kysely'
import type { AboutPerson } from '../../../platform/server/aboutPerson.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'

export const aboutPerson: readonly AboutPerson[] = [
  {
    key: 'coverage.offers',
    title: { vi: 'Lời mời học bù', en: 'Offers to make up' },
    fields: {
      campaign: { vi: 'Đợt học tập', en: 'Campaign' },
      offeredAt: { vi: 'Mời lúc', en: 'Offered at' },
      undeliverableAt: { vi: 'Không liên lạc được lúc', en: 'Could not be reached at' },
      answered: { vi: 'Trả lời', en: 'Answer' },
    },
    collect: async (db, personId) =>
      (
        await sql<Record<string, unknown>>`
          select c.name as campaign, o.offered_at as "offeredAt", o.undeliverable_at as "undeliverableAt",
            case o.answered when 'accepted' then 'nhận lời' when 'declined' then 'từ chối' end as answered
          from makeup_offer o join campaign c on c.id = o.campaign_id where o.person_id = ${personId} order by o.offered_at`.execute(
          db,
        )
      ).rows,
    // Off the roll no figure reads it any more.
    erase: async (tx, personId) => {
      await sql`delete from makeup_offer where person_id = ${personId}`.execute(tx)
    },
    retain: { vi: 'Không giữ lại gì.', en: 'Nothing is kept.' },
  },
]

type Outcome = 'offered' | 'undeliverable' | 'accepted' | 'declined'
/** One offer a person and campaign; what came of it last stands. */
export const writeOffers = (
  tx: Db | Tx,
  {
    campaignId,
    personIds,
    outcome,
    now,
  }: { campaignId: string; personIds: readonly string[]; outcome: Outcome; now: Date },
) =>
  sql`
  insert into makeup_offer (id, campaign_id, person_id, offered_at, undeliverable_at, answered)
  select gen_random_uuid(), ${campaignId}, person_id, ${now}, ${outcome === 'undeliverable' ? now : null}, ${outcome === 'accepted' || outcome === 'declined' ? outcome : null}
  from unnest(${personIds as string[]}::uuid[]) as g (person_id)
  on conflict (campaign_id, person_id) do update set undeliverable_at = excluded.undeliverable_at, answered = excluded.answered,
    offered_at = case when ${outcome === 'offered'} then excluded.offered_at else makeup_offer.offered_at end`.execute(
    tx,
  )
