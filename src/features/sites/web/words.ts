import { msg } from '@lingui/core/macro'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import type * as contract from '../contract.ts'
import type { Excuse, equipmentStates, origins, SiteKind } from '../contract.ts'

export const kindWords: Record<SiteKind, Words> = {
  hall: msg`Hội trường`,
  viewing: msg`Xem qua truyền hình`,
}
export const equipmentWords: Record<(typeof equipmentStates)[number], Words> = {
  ready: msg`Dùng tốt`,
  faulty: msg`Trục trặc`,
  missing: msg`Còn thiếu`,
}
export const equipmentTones = { ready: 'ok', faulty: 'bad', missing: 'wait' } as const
export const excuseWords: Record<Excuse, Words> = {
  duty: msg`Công tác`,
  leave: msg`Nghỉ phép, điều trị`,
  family: msg`Việc gia đình`,
  other: msg`Lý do khác`,
  unknown: msg`Không rõ`,
}
export const originWords: Record<(typeof origins)[number], Words> = {
  seating: msg`Theo xếp chỗ`,
  import: msg`Theo tệp`,
  manual: msg`Đơn vị xếp`,
  registered: msg`Đăng ký tại nhà`,
  door: msg`Tại cửa`,
  booking: msg`Hẹn học bù`,
  substitute: msg`Đi thay`,
}

const conferenceClosed = msg`Hội nghị đã kết thúc nên không sửa được nữa.`
const paperOnly = msg`Hội nghị có nội dung mật: không mở điểm cầu trên mạng, chỉ dùng mẫu giấy.`
const noRoll = msg`Đợt học tập chưa chốt danh sách thuộc diện. Chốt danh sách trước rồi xếp chỗ.`
const notAttached = msg`Điểm cầu này chưa thuộc hội nghị.`
const tooFewSeats = msg({ message: 'Điểm cầu ấy chỉ còn {free} chỗ trống. Chưa chuyển ai.' })
const cutOffPassed = msg`Đã quá hạn cấp tổ chức cho phép. Cần thêm thì nhờ cấp tổ chức.`
const alreadySummoned = msg`Đồng chí này đã có triệu tập.`
const noOwnDevice = msg`Hội nghị này không mở cho thiết bị cá nhân.`
const unknownSummons = msg`Triệu tập này đã được thay hoặc thôi hiệu lực. Tải lại danh sách.`
const seatsTaken = msg({ message: 'Điểm cầu đang có {taken} người được xếp. Chuyển bớt người đi trước.' })

export const sayPropose = {
  noRoll,
  noSites: msg`Chưa có điểm cầu nào. Nhập danh mục điểm cầu trước.`,
  paperOnly,
  conferenceClosed,
} satisfies WordsFor<typeof contract.proposeSeating>
export const saySeating = { noRoll } satisfies WordsFor<typeof contract.seating>
export const sayTry = { noRoll, unknownUnit: msg`Không có đơn vị này trong đợt.` } satisfies WordsFor<
  typeof contract.tryAddedSite
>
export const sayConfirm = {
  nothingProposed: msg`Chưa có phương án nào chờ xác nhận.`,
  outOfDate: msg`Số chỗ đã đổi từ lúc lập phương án nên có điểm cầu quá tải. Lập lại phương án rồi xác nhận.`,
  paperOnly,
  conferenceClosed,
} satisfies WordsFor<typeof contract.confirmSeating>
export const sayMove = {
  noRoll,
  tooFewThere: msg({ message: 'Ở đó chỉ có {there} người của đơn vị này. Chưa chuyển ai.' }),
  tooFewSeats,
  notAttached,
  sameSite: msg`Nơi đi và nơi đến là một.`,
  conferenceClosed,
  paperOnly,
} satisfies WordsFor<typeof contract.moveSeats>
export const sayUndo = {
  unknownMove: msg`Không tìm thấy lần chuyển này.`,
  movedSince: msg`Những người ấy đã được xếp lại sau đó nên không hoàn lại được.`,
  tooFewSeats,
  conferenceClosed,
} satisfies WordsFor<typeof contract.undoMove>
export const sayAttachAll = { paperOnly, conferenceClosed } satisfies WordsFor<typeof contract.attachSites>
export const sayAttach = {
  paperOnly,
  conferenceClosed,
  cutOffPassed,
  outsideConference: msg`Điểm cầu này nằm ngoài đơn vị tổ chức hội nghị.`,
  siteClosed: msg`Điểm cầu này đã thôi dùng.`,
  seatsTaken,
} satisfies WordsFor<typeof contract.attachSite>
export const sayDetach = { conferenceClosed, cutOffPassed, seatsTaken } satisfies WordsFor<typeof contract.detachSite>
export const sayReady = { notAttached } satisfies WordsFor<typeof contract.reportReady>
export const sayAdd = {
  codeTaken: msg`Mã điểm cầu này đã có. Chọn mã khác.`,
  unknownUnit: msg`Không có đơn vị này.`,
  unknownParentSite: msg`Không có điểm cầu cấp trên này.`,
  cutOffPassed,
  outsideConference: msg`Đơn vị này nằm ngoài hội nghị.`,
  paperOnly,
  conferenceClosed,
} satisfies WordsFor<typeof contract.addSite>
export const sayChange = {
  unknownParentSite: msg`Không có điểm cầu cấp trên này.`,
  siteOwnAncestor: msg`Điểm cầu không thể ở dưới chính nó.`,
  seatsTaken,
} satisfies WordsFor<typeof contract.changeSite>
export const sayClose = {
  inUse: msg`Điểm cầu đang thuộc một hội nghị chưa kết thúc. Gỡ khỏi hội nghị trước.`,
} satisfies WordsFor<typeof contract.closeSite>
export const saySummon = {
  alreadySummoned,
  notAttached,
  tooFewSeats: msg`Điểm cầu này đã hết chỗ.`,
  noOwnDevice,
  conferenceClosed,
  paperOnly,
} satisfies WordsFor<typeof contract.summon>
export const sayRegister = {
  alreadySummoned,
  notInScope: msg`Đồng chí không thuộc diện học của đợt này.`,
  noOwnDevice,
  conferenceClosed,
  paperOnly,
} satisfies WordsFor<typeof contract.register>
export const sayWithdraw = { unknownSummons, conferenceClosed } satisfies WordsFor<typeof contract.withdrawSummons>
export const saySubstitute = {
  unknownSummons,
  alreadySummoned,
  samePerson: msg`Người đi thay phải là người khác.`,
  conferenceClosed,
  paperOnly,
} satisfies WordsFor<typeof contract.substitute>
export const sayExcuse = { unknownSummons } satisfies WordsFor<typeof contract.excuse>
export const sayPapers = {
  nobodySummoned: msg`Chưa có ai được triệu tập. Xác nhận xếp chỗ trước.`,
  paperOnly,
} satisfies WordsFor<typeof contract.makePapers>
