// What make-ups keep about a person: that she was offered one, and what came of it. Bookings are summonses and told there.
import { sql } from 'kysely'
import type { AboutPerson } from '../../../platform/server/aboutPerson.ts'

export const aboutPerson: readonly AboutPerson[] = [
  {
    key: 'makeups.offers',
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
