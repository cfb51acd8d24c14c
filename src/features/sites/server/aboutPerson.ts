// What summonses say about a person.
import { sql } from 'kysely'
import type { AboutPerson } from '../../../platform/server/aboutPerson.ts'

export const aboutPerson: readonly AboutPerson[] = [
  {
    key: 'sites.summonses',
    title: { vi: 'Triệu tập', en: 'Summonses' },
    fields: {
      conference: { vi: 'Hội nghị', en: 'Conference' },
      site: { vi: 'Điểm cầu', en: 'Site' },
      doorCode: { vi: 'Mã vào cửa', en: 'Door code' },
      madeAt: { vi: 'Triệu tập lúc', en: 'Summoned at' },
      withdrawnAt: { vi: 'Thôi triệu tập lúc', en: 'Withdrawn at' },
      excuse: { vi: 'Lý do vắng', en: 'Excuse' },
      undeliverableAt: { vi: 'Không liên lạc được từ', en: 'Undeliverable since' },
    },
    collect: async (db, personId) =>
      (
        await sql<Record<string, unknown>>`
          select c.name as conference, s.name as site, m.door_code as "doorCode", m.made_at as "madeAt", m.withdrawn_at as "withdrawnAt", m.excuse,
            m.undeliverable_at as "undeliverableAt"
          from summons m join conference c on c.id = m.conference_id left join site s on s.id = m.site_id
          where m.person_id = ${personId} order by m.made_at`.execute(db)
      ).rows,
    // The line stays for the count; what was said about her absence and how she was reached goes.
    erase: async (tx, personId) => {
      await sql`update summons set excuse = null, excused_at = null, undeliverable_at = null where person_id = ${personId}`.execute(
        tx,
      )
      await sql`delete from seating_place where person_id = ${personId}`.execute(tx)
      await sql`update seating_move set person_ids = array_remove(person_ids, ${personId}::uuid) where ${personId}::uuid = any(person_ids)`.execute(
        tx,
      )
    },
    retain: {
      vi: 'Dòng triệu tập được giữ để con số đã chốt vẫn đúng; không còn gắn với tên.',
      en: 'The line of the summons stays so that frozen figures remain true; no name is left on it.',
    },
  },
]
