import { msg } from '@lingui/core/macro'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import type * as contract from '../contract.ts'

// What attendance says to people.

export const checkInSays = {
  unknownPerson: msg`Mã này không có trong danh sách của hội nghị. Đồng chí xem lại giấy, hoặc tìm theo tên.`,
  otherConference: msg`Giấy này của hội nghị khác. Đồng chí hỏi tên rồi tìm trong danh sách.`,
  notYours: msg`Đồng chí chưa được giao cửa của hội trường này. Cần thì nhờ người phụ trách điểm cầu.`,
  expired: msg`Mã này đúng nhưng đã hết giờ nhận. Đồng chí báo lại với chi bộ trong 7 ngày.`,
  wrongCode: msg({ message: 'Mã chưa đúng. Đồng chí nghe hoặc nhìn lại rồi nhập lần nữa.' }),
  tooManyTries: msg`Đã nhập sai năm lần nên mốc này không nhận mã nữa. Đồng chí báo bí thư chi bộ để được ghi lại.`,
  paperOnly: msg`Hội nghị này chỉ điểm danh trên giấy.`,
} satisfies WordsFor<typeof contract.checkIn>
export const rollSays = {
  tooEarly: msg`Danh sách mở từ mười ngày trước hội nghị. Lúc này vẫn đếm được bốn số.`,
  tooLate: msg`Danh sách đã đóng sau hội nghị bảy ngày. Số đã gửi vẫn còn.`,
  paperOnly: msg`Hội nghị này chỉ điểm danh trên giấy.`,
} satisfies WordsFor<typeof contract.siteRoll>
export const findSays = {
  unknownPerson: msg`Không thấy ai có mã hoặc mã số này. Đồng chí xem lại giấy.`,
  otherConference: msg`Giấy này của hội nghị khác. Đồng chí hỏi mã số của người đó.`,
} satisfies WordsFor<typeof contract.findAtDoor>
export const headcountSays = {
  doesNotAddUp: msg`Ba số cộng lại chưa bằng triệu tập. Đồng chí ghi lý do rồi gửi.`,
  otherConference: msg`Hội trường này không thuộc hội nghị đang mở.`,
} satisfies WordsFor<typeof contract.reportHeadcount>
export const confirmSays = {
  otherConference: msg`Hội trường này không thuộc hội nghị đang mở.`,
  notOpen: msg`Mốc này chưa mở. Đến giờ đồng chí xác nhận lại.`,
  paperOnly: msg`Hội nghị này chỉ điểm danh trên giấy.`,
} satisfies WordsFor<typeof contract.confirmSite>
export const showCodeSays = {
  notOpen: msg`Mốc này chưa mở nên chưa có mã.`,
  paperOnly: msg`Hội nghị này chỉ điểm danh trên giấy.`,
} satisfies WordsFor<typeof contract.showCode>
export const hallCodeSays = {
  paperOnly: msg`Hội nghị này chỉ điểm danh trên giấy.`,
  otherConference: msg`Hội trường này không thuộc hội nghị đang mở.`,
} satisfies WordsFor<typeof contract.hallCode>
export const interruptionSays = {
  outOfOrder: msg`Giờ hết sự cố đang trước giờ bắt đầu. Đồng chí xem lại đồng hồ của máy.`,
  otherConference: msg`Hội trường này không thuộc hội nghị đang mở.`,
} satisfies WordsFor<typeof contract.recordInterruption>

/** Sentences for whatever a console has sent and was refused. */
export const anyWriteSays: Partial<Record<string, Words>> = {
  ...interruptionSays,
  ...confirmSays,
  ...headcountSays,
  ...checkInSays,
}

export const causeSays: Record<(typeof contract.interruptionCauses)[number], Words> = {
  line: msg`Mất đường truyền`,
  power: msg`Mất điện`,
  sound: msg`Mất tiếng`,
  picture: msg`Mất hình`,
  other: msg`Sự cố khác`,
}
export const excuseSays: Record<string, Words> = {
  duty: msg`báo vắng: công tác`,
  leave: msg`báo vắng: nghỉ phép hoặc điều trị`,
  family: msg`báo vắng: việc gia đình`,
  other: msg`báo vắng: lý do khác`,
  unknown: msg`báo vắng`,
}
export const evidenceSays: Record<contract.Evidence, Words> = {
  doorScan: msg`quét giấy tại cửa`,
  ownScan: msg`tự quét mã của hội trường`,
  typedCode: msg`nhập mã trên giấy`,
  paper: msg`danh sách giấy`,
  stewardTick: msg`người trực cửa ghi`,
  siteConfirmed: msg`điểm cầu xác nhận`,
  ownTick: msg`tự xác nhận`,
  madeByOther: msg`người khác làm hộ`,
  replay: msg`xem lại`,
}
