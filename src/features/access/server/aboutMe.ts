// What access itself holds about a person: links, sign-ins, the notice she read, whether she has a PIN.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'

export const collectAboutAccess = async (db: Db | Tx, personId: string): Promise<Record<string, unknown>[]> =>
  (
    await sql<Record<string, unknown>>`
      select 'Đọc thông báo về dữ liệu' as what, at, null::timestamptz as until, 'bản ' || version as detail from notice_seen where person_id = ${personId}
      union all select 'Đặt mã PIN', set_at, null, 'chỉ lưu dấu băm' from member_pin where person_id = ${personId}
      union all select 'Đường dẫn vào', made_at, coalesce(revoked_at, expires_at), case when revoked_at is null then 'còn hiệu lực' else 'đã thu hồi' end
        from entry_link where person_id = ${personId}
      union all select 'Phiên đăng nhập', at, coalesce(revoked_at, expires_at), case assurance when 'confirmed' then 'đã xác nhận' else 'vào bằng đường dẫn' end
        from sign_in where person_id = ${personId}
      union all select 'Tài khoản cán bộ', created_at, disabled_at, user_name from staff_user where person_id = ${personId}
      order by at desc`.execute(db)
  ).rows
export async function eraseAboutAccess(db: Db | Tx, personId: string, now: Date): Promise<void> {
  await sql`delete from member_pin where person_id = ${personId}`.execute(db)
  await sql`update sign_in set revoked_at = coalesce(revoked_at, ${now}) where person_id = ${personId}`.execute(db)
  await sql`update entry_link set revoked_at = coalesce(revoked_at, ${now}) where person_id = ${personId}`.execute(db)
  await sql`delete from notice_seen where person_id = ${personId}`.execute(db)
  await sql`update staff_user set person_id = null where person_id = ${personId}`.execute(db)
}
