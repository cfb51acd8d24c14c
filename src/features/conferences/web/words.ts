import { msg } from '@lingui/core/macro'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import type * as contract from '../contract.ts'
import type { Purpose, State } from '../contract.ts'

export type ConferenceView = ValueOf<typeof contract.getConference>

export const purposeWords: Record<Purpose, Words> = {
  study: msg`Học tập, quán triệt`,
  makeup: msg`Học bù`,
  outreach: msg`Tuyên truyền`,
  class: msg`Lớp bồi dưỡng`,
  contest: msg`Hội thi`,
  meeting: msg`Họp`,
}
export const stateWords: Record<State, Words> = {
  draft: msg`Bản thảo`,
  approved: msg`Đã duyệt`,
  open: msg`Đã mở điểm danh`,
  live: msg`Đang diễn ra`,
  closed: msg`Đã kết thúc`,
}
export const stateTones = { draft: 'off', approved: 'wait', open: 'wait', live: 'ok', closed: 'still' } as const
/** The verb that brings it there. */
export const moveWords: Record<State, Words> = {
  draft: msg`Đưa về bản thảo`,
  approved: msg`Duyệt chương trình`,
  open: msg`Mở điểm danh`,
  live: msg`Bắt đầu hội nghị`,
  closed: msg`Kết thúc hội nghị`,
}
/** What will happen, said before it is asked. */
export const moveConsequences: Record<State, Words> = {
  draft: msg`Chương trình sửa lại được từ đầu, và phải duyệt lại trước khi mở.`,
  approved: msg`Chương trình hiện cho mọi người trong đợt. Sửa nhỏ vẫn được, nhưng vẫn phải đủ phút hỏi – đáp.`,
  open: msg`Các điểm cầu điểm danh được từ giờ mở của từng mốc.`,
  live: msg`Màn hình hội trường và trang của đảng viên chuyển sang phần đang họp.`,
  closed: msg`Không thêm buổi, không sửa chương trình được nữa. Điểm danh đến muộn vẫn được ghi lại.`,
}
export const audienceWords: Record<(typeof contract.audiences)[number], Words> = {
  public: msg`Mọi người`,
  members: msg`Đảng viên trong đợt`,
  internal: msg`Nội bộ, không phát ra ngoài`,
}

type ProblemKind = (typeof contract.problemKinds)[number]
export const problemWords: Record<ProblemKind, Words> = {
  noSession: msg`Chưa có buổi nào. Đồng chí thêm ít nhất một buổi.`,
  noTopic: msg({ message: 'Buổi {session} chưa có chuyên đề nào.' }),
  noQuestionMinutes: msg({ message: 'Buổi {session}: không thể duyệt khi chưa dành phút nào cho hỏi – đáp.' }),
  minutesOverflow: msg({ message: 'Buổi {session} xếp quá giờ {minutes} phút.' }),
  sessionsOverlap: msg({ message: 'Buổi {session} và buổi {other} trùng giờ nhau.' }),
  relaysNothing: msg({ message: 'Buổi {session} tiếp sóng nhưng chưa chọn buổi của cấp trên.' }),
  classifiedOnline: msg`Nội dung mật thì không dự trên thiết bị cá nhân và không có buổi cho mọi người.`,
}

const ofSessions = {
  sessionCodeTwice: msg({ message: 'Hai buổi cùng mã {session}. Đồng chí đổi một mã rồi lưu lại.' }),
  sessionEndsFirst: msg({ message: 'Buổi {session} kết thúc trước khi bắt đầu. Đồng chí xem lại giờ.' }),
  unknownSession: msg`Có buổi không còn trong hội nghị. Đồng chí tải lại trang rồi sửa tiếp.`,
}
export const sayCreate = {
  ...ofSessions,
  codeTaken: msg({ message: 'Mã {code} đã dùng cho một hội nghị khác trong đợt. Các ô vẫn giữ, đồng chí đổi mã.' }),
  unknownUnit: msg`Không còn đơn vị này trong cây tổ chức. Đồng chí chọn đơn vị khác.`,
  outsideScope: msg`Đơn vị này không thuộc phạm vi của đợt học tập.`,
  afterCutOff: msg`Đã quá hạn để đơn vị bên dưới tự thêm hội nghị. Đồng chí nhờ đơn vị chủ trì thêm giúp.`,
  unknownParent: msg`Hội nghị cấp trên phải do đơn vị cấp trên tổ chức, trong cùng đợt.`,
} satisfies WordsFor<typeof contract.createConference>
export const sayUpdate = {
  codeTaken: sayCreate.codeTaken,
  closed: msg`Hội nghị đã kết thúc nên không sửa được nữa.`,
  onlyInDraft: msg`Mã, mục đích và hội nghị cấp trên chỉ sửa được khi còn là bản thảo.`,
  unknownParent: sayCreate.unknownParent,
  classified: msg`Hội nghị có nội dung mật nên không mở cho thiết bị cá nhân.`,
} satisfies WordsFor<typeof contract.updateConference>
export const sayArrange = {
  ...ofSessions,
  closed: sayUpdate.closed,
  sessionInUse: msg`Buổi đã có mốc điểm danh hoặc giấy triệu tập nên không bỏ được. Chưa lưu gì.`,
  notApprovable: msg`Chương trình đã duyệt phải giữ đủ các điều kiện ở cột bên. Chưa lưu gì.`,
} satisfies WordsFor<typeof contract.arrangeSessions>
export const sayMove = {
  notNext: msg`Hội nghị vừa được chuyển bước ở nơi khác. Đồng chí tải lại trang.`,
  notApprovable: msg`Chưa duyệt được. Các việc còn thiếu ở cột bên.`,
  already: msg`Hội nghị đã ở bước này rồi.`,
} satisfies WordsFor<typeof contract.moveState>
export const sayRemove = {
  onlyInDraft: msg`Chỉ bỏ được hội nghị còn là bản thảo.`,
  inUse: msg`Đã có mốc điểm danh hoặc giấy triệu tập nên không bỏ được.`,
} satisfies WordsFor<typeof contract.removeConference>
export const sayClassified = {
  closed: sayUpdate.closed,
  onlyInDraft: msg`Bỏ chế độ nội dung mật chỉ được khi còn là bản thảo.`,
  already: msg`Đã đặt như vậy rồi.`,
} satisfies WordsFor<typeof contract.setClassified>
