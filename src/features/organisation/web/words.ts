// What the organisation refuses with, as sentences; and the few words several screens share.
import { msg } from '@lingui/core/macro'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import type * as contract from '../contract.ts'

const sayUnit = {
  noSuchUnit: msg`Không tìm thấy đơn vị này.`,
  closedUnit: msg`Đơn vị đã kết thúc hoạt động nên không đổi được nữa.`,
  dayTooEarly: msg({ message: 'Ngày này trước lần thay đổi gần nhất ({from}). Đồng chí chọn ngày sau đó.' }),
  dayInFuture: msg`Chưa đến ngày này. Thay đổi được ghi từ hôm nay trở về trước.`,
  codeTaken: msg`Mã này đã có trong sổ. Đồng chí chọn mã khác.`,
  intoItself: msg`Đơn vị không thể nằm dưới chính nó.`,
}
export const sayAddUnit = {
  ...sayUnit,
  noSuchRegister: msg`Chưa có sổ này.`,
  whichRegister: msg`Có nhiều sổ. Đồng chí chọn sổ cho đơn vị gốc.`,
  noSuchLevel: msg`Cấp này không thuộc bộ cấp của sổ.`,
} satisfies WordsFor<typeof contract.addUnit>
export const sayRename = {
  ...sayUnit,
  noSuchLevel: sayAddUnit.noSuchLevel,
} satisfies WordsFor<typeof contract.renameUnit>
export const sayMove = sayUnit satisfies WordsFor<typeof contract.moveUnit>
export const sayMerge = sayUnit satisfies WordsFor<typeof contract.mergeUnits>
export const sayClose = {
  ...sayUnit,
  stillHasUnits: msg({ message: 'Còn {units} đơn vị trực thuộc. Hãy chuyển hoặc sáp nhập trước.' }),
  stillHasPeople: msg({ message: 'Còn {people} đảng viên. Hãy sáp nhập vào đơn vị khác thay vì kết thúc.' }),
} satisfies WordsFor<typeof contract.closeUnit>
export const saySplit = {
  ...sayUnit,
  notAllPlaced: msg({ message: 'Mới xếp {placed} trên {all}. Mọi đơn vị và đảng viên phải có nơi mới.' }),
} satisfies WordsFor<typeof contract.splitUnit>

export const sayTotalsOnly = {
  totalsOnly: msg`Ở cấp này chỉ xem số. Tên do đơn vị cơ sở của từng người giữ.`,
} satisfies WordsFor<typeof contract.people>
const sayDays = {
  ...sayTotalsOnly,
  dayTooEarly: sayUnit.dayTooEarly,
  dayInFuture: sayUnit.dayInFuture,
}
export const sayPersonal = {
  ...sayTotalsOnly,
  codeTaken: msg`Mã số này đã thuộc người khác trong sổ.`,
  identityNumber: msg`Có ô chứa số định danh hoặc số thẻ. Hệ thống không nhận các số này.`,
  badPhone: msg`Số điện thoại chưa đúng. Ví dụ 0912 345 678.`,
  badEmail: msg`Địa chỉ thư chưa đúng.`,
} satisfies WordsFor<typeof contract.correctPerson>
export const sayAddPerson = {
  ...sayPersonal,
  dayInFuture: sayUnit.dayInFuture,
  closedUnit: sayUnit.closedUnit,
} satisfies WordsFor<typeof contract.addPerson>
export const sayTransfer = {
  ...sayDays,
  closedUnit: msg`Nơi chuyển đến đã kết thúc hoạt động.`,
  sameUnit: msg`Đồng chí đang ở chính chi bộ này.`,
} satisfies WordsFor<typeof contract.transferPerson>
export const sayExempt = {
  ...sayDays,
  alreadyExempt: msg`Đã có thời gian miễn trùng với những ngày này.`,
} satisfies WordsFor<typeof contract.exemptPerson>
export const sayEndExemption = {
  ...sayDays,
  notExempt: msg`Ngày này đồng chí không được miễn.`,
} satisfies WordsFor<typeof contract.endExemption>
export const sayEnd = sayDays satisfies WordsFor<typeof contract.endMembership>

/** Files of every feature come to the same desk. */
export const kindWords: Record<string, Words> = {
  'don-vi': msg`Đơn vị`,
  'dang-vien': msg`Đảng viên`,
  'diem-cau': msg`Điểm cầu`,
  'trieu-tap': msg`Triệu tập`,
  'diem-danh': msg`Điểm danh giấy`,
  'hoc-bu': msg`Học bù`,
}
