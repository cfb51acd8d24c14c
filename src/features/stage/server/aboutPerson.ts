// What the stage keeps about a person: that she asked to speak, and that she spoke.
import { sql } from 'kysely'
import type { AboutPerson } from '../../../platform/server/aboutPerson.ts'

const gone = 'đã xoá theo yêu cầu'
const stateWords = sql`case h.state when 'waiting' then 'đang chờ' when 'called' then 'được mời' when 'onAir' then 'đang phát biểu'
  when 'done' then 'đã phát biểu' when 'declined' then 'không được mời' else 'đã rút' end`

export const aboutPerson: readonly AboutPerson[] = [
  {
    key: 'stage.hands',
    title: { vi: 'Các lần đăng ký phát biểu', en: 'Requests to speak' },
    fields: {
      conference: { vi: 'Hội nghị', en: 'Conference' },
      session: { vi: 'Buổi', en: 'Session' },
      about: { vi: 'Về việc', en: 'About' },
      at: { vi: 'Lúc', en: 'At' },
      state: { vi: 'Kết quả', en: 'Outcome' },
      spokeAt: { vi: 'Lên sóng lúc', en: 'On air at' },
      removedWhy: { vi: 'Lý do mời ra', en: 'Why removed' },
    },
    collect: async (db, personId) =>
      (
        await sql<Record<string, unknown>>`
          select c.name as conference, coalesce(nullif(s.name, ''), s.code) as session, h.about, h.raised_at as at, ${stateWords} as state,
            h.on_air_at as "spokeAt", nullif(p.removed_why, '') as "removedWhy"
          from stage_hand h join conference_session s on s.id = h.session_id join conference c on c.id = s.conference_id
            left join stage_part p on p.part_id = h.part_id
          where h.person_id = ${personId} order by h.raised_at, h.hand_id`.execute(db)
      ).rows,
    erase: async (tx, personId) => {
      await sql`update stage_hand set name = ${gone}, unit = '', about = '', words = '', person_id = null where person_id = ${personId}`.execute(
        tx,
      )
      await sql`update stage_part set name = ${gone}, unit = '', removed_why = '', person_id = null where person_id = ${personId}`.execute(
        tx,
      )
    },
    retain: {
      vi: 'Lượt phát biểu ở lại không tên trong diễn biến của buổi họp; lời trong bản ghi thuộc về hội nghị.',
      en: 'The turn stays without a name in the run of the session; what was said belongs to its recording.',
    },
  },
]
