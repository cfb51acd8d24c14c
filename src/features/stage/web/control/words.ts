import { msg } from '@lingui/core/macro'
import type { Words, WordsFor } from '../../../../platform/web/refusals.tsx'
import type * as contract from '../../contract.ts'
import type { faultKinds, LineWord, PartKind, PartState, StageState } from '../../contract.ts'

// What the rooms of the stage say: states in a word, refusals in a sentence.

export const lineWord: Record<LineWord, Words> = {
  good: msg`Tốt`,
  slow: msg`Chậm`,
  weak: msg`Yếu`,
  fault: msg`Lỗi`,
  lost: msg`Mất`,
  away: msg`Chưa nối`,
}
export const stateWord: Record<StageState, Words> = {
  closed: msg`Chưa mở sân khấu`,
  backstage: msg`Hậu trường`,
  onAir: msg`Đang phát`,
  break: msg`Đang nghỉ`,
  ended: msg`Đã kết thúc`,
}
export const partKindWord: Record<PartKind, Words> = {
  speaker: msg`Báo cáo viên`,
  chair: msg`Chủ trì`,
  moderator: msg`Người điều hành`,
  site: msg`Điểm cầu`,
  member: msg`Đảng viên dự trên thiết bị`,
  telephone: msg`Qua điện thoại`,
  technician: msg`Kỹ thuật`,
}
export const partStateWord: Record<PartState, Words> = {
  invited: msg`Được mời`,
  backstage: msg`Hậu trường`,
  onAir: msg`Đang phát`,
  left: msg`Đã rời`,
  removed: msg`Đã mời ra`,
}
export const faultWord: Record<(typeof faultKinds)[number], Words> = {
  noSound: msg`Không có tiếng`,
  noPicture: msg`Không có hình`,
  frozen: msg`Hình đứng`,
  power: msg`Mất điện`,
  help: msg`Cần giúp`,
  other: msg`Báo có lỗi`,
}
export const handKindWord = {
  site: msg`Hội trường`,
  member: msg`Dự trên thiết bị`,
  telephone: msg`Điện thoại`,
}

const notOpen = msg`Sân khấu chưa mở, nên chưa làm được việc này. Đồng chí mở sân khấu trước.`
const unknownPart = msg`Không còn thấy người này trên sân khấu. Danh sách vừa được làm mới, đồng chí chọn lại.`
const notThere = msg`Nơi này chưa nối vào sân khấu. Đồng chí chờ nối xong, hoặc gọi điện cho điểm cầu.`
const unknownFile = msg`Không mở được tệp này. Tệp có thể đã được gỡ hoặc còn đang xử lý.`
const unknownHand = msg`Lượt giơ tay này không còn. Danh sách vừa được làm mới.`
const unknownTopic = msg`Chuyên đề này không thuộc buổi đang mở.`

export const says = {
  openStage: {
    paperOnly: msg`Hội nghị này chỉ làm trên giấy nên không mở sân khấu trực tuyến.`,
    alreadyOpen: msg`Sân khấu đã mở rồi. Màn hình này đang lấy lại trạng thái.`,
    conferenceClosed: msg`Hội nghị đã đóng, không mở sân khấu được nữa.`,
    notApproved: msg`Hội nghị chưa được duyệt. Đồng chí nhờ người tổ chức duyệt chương trình rồi mở.`,
    relayed: msg`Buổi này tiếp sóng buổi của cấp trên, nên điều khiển ở sân khấu của buổi đó.`,
  } satisfies WordsFor<typeof contract.openStage>,
  goOnAir: { notOpen, already: msg`Buổi này đang phát rồi.` } satisfies WordsFor<typeof contract.goOnAir>,
  callBreak: {
    notOnAir: msg`Chỉ cho nghỉ được khi đang phát.`,
    outOfOrder: msg`Giờ trở lại phải sau lúc này. Đồng chí chọn lại.`,
  } satisfies WordsFor<typeof contract.callBreak>,
  endStage: { notOpen } satisfies WordsFor<typeof contract.endStage>,
  take: {
    notOnAir: msg`Buổi họp chưa phát. Đồng chí bắt đầu phát rồi mới đưa nguồn lên.`,
    takenMeanwhile: msg`Người khác vừa đổi hình đang phát.`,
    notThere,
    unknownPart,
    unknownFile,
    noSlides: msg`Chưa có trang chiếu nào đang mở. Đồng chí chọn bộ trang chiếu trước.`,
  } satisfies WordsFor<typeof contract.take>,
  undoTake: {
    tooLate: msg`Đã quá 5 giây nên không hoàn lại. Đồng chí đưa nguồn cũ lên như bình thường.`,
    takenMeanwhile: msg`Người khác vừa đổi hình đang phát, nên không hoàn lại.`,
  } satisfies WordsFor<typeof contract.undoTake>,
  preview: { unknownPart, unknownFile } satisfies WordsFor<typeof contract.preview>,
  setMicrophone: {
    unknownPart,
    removed: msg`Người này đã được mời ra khỏi sân khấu. Cho vào lại rồi mới mở micrô.`,
    notThere,
  } satisfies WordsFor<typeof contract.setMicrophone>,
  muteHalls: {} satisfies WordsFor<typeof contract.muteHalls>,
  removePart: { unknownPart } satisfies WordsFor<typeof contract.removePart>,
  readmitPart: { unknownPart } satisfies WordsFor<typeof contract.readmitPart>,
  talkBack: {
    unknownPart,
    notThere,
    busyWithAnother: msg`Người khác đang nói với nơi này. Đồng chí chờ một lát.`,
  } satisfies WordsFor<typeof contract.talkBack>,
  sendMessage: {
    unknownSite: msg`Điểm cầu này không thuộc buổi đang mở.`,
  } satisfies WordsFor<typeof contract.sendMessage>,
  takeAlarm: {
    unknownAlarm: msg`Cảnh báo này vừa hết.`,
  } satisfies WordsFor<typeof contract.takeAlarm>,
  addCaller: { notOpen } satisfies WordsFor<typeof contract.addCaller>,
  raiseCallersHand: { unknownPart, notOpen } satisfies WordsFor<typeof contract.raiseCallersHand>,
  orderHands: {} satisfies WordsFor<typeof contract.orderHands>,
  callHand: {
    unknownHand,
    notWaiting: msg`Lượt này đã được mời hoặc đã xong.`,
  } satisfies WordsFor<typeof contract.callHand>,
  callSite: {
    notOpen,
    otherConference: msg`Điểm cầu này không thuộc hội nghị đang mở.`,
  } satisfies WordsFor<typeof contract.callSite>,
  finishHand: { unknownHand } satisfies WordsFor<typeof contract.finishHand>,
  moveTopic: { notOpen, unknownTopic } satisfies WordsFor<typeof contract.moveTopic>,
  standIn: { unknownTopic } satisfies WordsFor<typeof contract.standIn>,
  showSlide: {
    notOpen,
    unknownDeck: msg`Không mở được bộ trang chiếu này. Bộ có thể đã được thay bản khác.`,
    noSuchPage: msg`Đã đến trang cuối của bộ trang chiếu.`,
  } satisfies WordsFor<typeof contract.showSlide>,
  hideSlides: { notOpen } satisfies WordsFor<typeof contract.hideSlides>,
} as const

/** Why the stage cannot be opened yet. */
export const stageNotReady = {
  running: msg`Sân khấu đã sẵn sàng.`,
  external: msg`Sân khấu dùng máy chủ hình và tiếng bên ngoài.`,
  starting: msg`Máy chủ hình và tiếng đang khởi động, chờ khoảng nửa phút.`,
  installing: msg`Máy chủ hình và tiếng đang được cài, chờ vài phút. Các việc khác vẫn làm bình thường.`,
  missing: msg`Máy này chưa có máy chủ hình và tiếng. Người quản trị cài theo tài liệu vận hành rồi mở lại trang này.`,
  failed: msg`Máy chủ hình và tiếng không chạy được. Người quản trị xem nhật ký máy chủ. Điểm danh và quân số vẫn chạy.`,
}
