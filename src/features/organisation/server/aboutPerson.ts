// What the organisation keeps about a person.
import type { AboutPerson } from '../../../platform/server/aboutPerson.ts'
import { erase } from './people.ts'
import * as store from './store.ts'

export const aboutPerson: readonly AboutPerson[] = [
  {
    key: 'organisation.person',
    title: { vi: 'Thông tin cá nhân', en: 'Personal details' },
    fields: {
      code: { vi: 'Mã số', en: 'Code' },
      fullName: { vi: 'Họ và tên', en: 'Full name' },
      birthYear: { vi: 'Năm sinh', en: 'Birth year' },
      position: { vi: 'Chức vụ', en: 'Position' },
      phone: { vi: 'Điện thoại', en: 'Telephone' },
      email: { vi: 'Thư điện tử', en: 'E-mail' },
    },
    collect: async (db, personId) => {
      const rows = await db.selectFrom('person').selectAll().where('id', '=', personId).execute()
      return rows.map((row) => ({
        code: row.code,
        fullName: row.full_name,
        birthYear: row.birth_year,
        position: row.position,
        phone: row.phone,
        email: row.email,
      }))
    },
    erase: (tx, personId, now) => erase(tx, personId, now),
    retain: {
      vi: 'Chỉ còn một dòng «Đã xoá theo yêu cầu», không tên, để các con số đã chốt vẫn đúng.',
      en: 'One line without a name stays, so that figures already frozen remain true.',
    },
  },
  {
    key: 'organisation.memberships',
    title: { vi: 'Nơi sinh hoạt', en: 'Memberships' },
    fields: {
      unitName: { vi: 'Đơn vị', en: 'Unit' },
      kind: { vi: 'Loại', en: 'Kind' },
      validFrom: { vi: 'Từ ngày', en: 'From' },
      validTo: { vi: 'Đến trước ngày', en: 'Until before' },
    },
    collect: async (db, personId) =>
      (await store.membershipsOf(db, personId)).map((row) => ({
        ...row,
        kind: row.kind === 'official' ? 'chính thức' : 'tạm thời',
      })),
    // `erase` of the person ends them; where someone without a name once was tells nothing.
    erase: async () => {},
    retain: { vi: 'Đơn vị và ngày được giữ, không gắn với tên.', en: 'Unit and dates stay, with no name.' },
  },
  {
    key: 'organisation.exemptions',
    title: { vi: 'Miễn sinh hoạt', en: 'Exemption' },
    fields: { validFrom: { vi: 'Từ ngày', en: 'From' }, validTo: { vi: 'Đến trước ngày', en: 'Until before' } },
    collect: (db, personId) => store.exemptionsOf(db, personId),
    erase: async () => {},
    retain: { vi: 'Không có lý do nào được lưu.', en: 'No reason is ever kept.' },
  },
]
