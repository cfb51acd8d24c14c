// What campaigns keep about a person: her dated place on each roll.
import { sql } from 'kysely'
import type { AboutPerson } from '../../../platform/server/aboutPerson.ts'

export const aboutPerson: readonly AboutPerson[] = [
  {
    key: 'campaigns.roll',
    title: { vi: 'Danh sách thuộc diện của các đợt học tập', en: 'Rolls of study campaigns' },
    fields: {
      campaign: { vi: 'Đợt học tập', en: 'Campaign' },
      unit: { vi: 'Tính cho đơn vị', en: 'Counted for' },
      standing: { vi: 'Diện', en: 'Standing' },
      fromAt: { vi: 'Từ', en: 'From' },
      toAt: { vi: 'Đến', en: 'Until' },
    },
    collect: async (db, personId) =>
      (
        await sql<{ campaign: string; unit: string; standing: string; fromAt: Date; toAt: Date | null }>`
          select c.name as campaign, u.name as unit, case r.standing when 'exempt' then 'được miễn' else 'thuộc diện' end as standing,
            r.from_at as "fromAt", r.to_at as "toAt"
          from roll r join campaign c on c.id = r.campaign_id
            join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
          where r.person_id = ${personId} order by r.from_at`.execute(db)
      ).rows,
    erase: async (tx, personId, now) => {
      await sql`update roll set to_at = ${now}, end_why = 'erased' where person_id = ${personId} and to_at is null`.execute(
        tx,
      )
    },
    retain: {
      vi: 'Các dòng cũ ở lại không tên, để số đã chốt vẫn đúng; dòng đang mở đóng lại với lý do «đã xoá theo yêu cầu».',
      en: 'Past rows stay without a name so that frozen figures remain true; the open row ends as «erased on request».',
    },
  },
]
