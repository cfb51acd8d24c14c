// What attendance keeps about a person: where she was, by which evidence.
import { sql } from 'kysely'
import type { AboutPerson } from '../../../platform/server/aboutPerson.ts'

const evidenceWords = sql`case a.evidence
  when 'doorScan' then 'quét phiếu tại cửa' when 'ownScan' then 'tự quét mã của hội trường' when 'typedCode' then 'nhập mã phiếu'
  when 'paper' then 'danh sách giấy' when 'stewardTick' then 'người trực cửa đánh dấu' when 'siteConfirmed' then 'điểm cầu xác nhận'
  when 'ownTick' then 'tự xác nhận' when 'madeByOther' then 'người khác làm hộ' else 'xem lại' end`

export const aboutPerson: readonly AboutPerson[] = [
  {
    key: 'attendance.arrivals',
    title: { vi: 'Các lần được ghi nhận có mặt', en: 'Recorded arrivals' },
    fields: {
      conference: { vi: 'Hội nghị', en: 'Conference' },
      checkpoint: { vi: 'Mốc điểm danh', en: 'Checkpoint' },
      site: { vi: 'Nơi dự', en: 'Place' },
      evidence: { vi: 'Cách ghi nhận', en: 'Evidence' },
      at: { vi: 'Lúc', en: 'At' },
      by: { vi: 'Người ghi', en: 'Recorded by' },
      withdrawnAt: { vi: 'Rút lại lúc', en: 'Withdrawn at' },
    },
    collect: async (db, personId) =>
      (
        await sql<Record<string, unknown>>`
          select c.name as conference, p.name as checkpoint, coalesce(s.name, case when c.purpose = 'makeup' then 'buổi học bù' else 'thiết bị cá nhân' end) as site, ${evidenceWords} as evidence,
            a.corrected_at as at, case when a.by_actor = ${`đv:${personId}`} then 'đồng chí tự ghi' when a.by_actor like 'máy chủ%' then 'nhập từ tệp'
              else coalesce((select name from staff_user where 'nv:' || user_name = a.by_actor), 'cán bộ điểm cầu') end as by, a.withdrawn_at as "withdrawnAt"
          from arrival a join checkpoint p on p.id = a.checkpoint_id join conference c on c.id = a.conference_id left join site s on s.id = a.site_id
          where a.person_id = ${personId} order by a.corrected_at, a.arrival_id`.execute(db)
      ).rows,
    // The phone it came from is nobody's business once she is gone; the fact and the count stand.
    erase: async (tx, personId) => {
      await sql`update arrival set device_id = '00000000-0000-7000-8000-000000000000' where person_id = ${personId}`.execute(
        tx,
      )
      await sql`update arrival set by_actor = 'đã xoá theo yêu cầu' where person_id = ${personId} and by_actor = ${`đv:${personId}`}`.execute(
        tx,
      )
      await sql`delete from own_tick_failure where person_id = ${personId}`.execute(tx)
    },
    retain: {
      vi: 'Dòng ghi nhận ở lại không tên để số người dự của hội nghị vẫn đúng; thiết bị đã dùng thì xoá.',
      en: 'The rows stay without a name so that attendance figures remain true; the device used is erased.',
    },
  },
]
