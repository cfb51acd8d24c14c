import { msg } from '@lingui/core/macro'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import type * as contract from '../contract.ts'

export type CampaignView = ValueOf<typeof contract.getCampaign>

export const phaseWords: Record<(typeof contract.phases)[number], Words> = {
  planning: msg`Đang lập kế hoạch`,
  preparing: msg`Đang chuẩn bị`,
  today: msg`Học hôm nay`,
  after: msg`Sau hội nghị`,
}
export const phaseTones = { planning: 'off', preparing: 'wait', today: 'ok', after: 'still' } as const

export const metricWords: Record<(typeof contract.metrics)[number], Words> = {
  attendedOfSummoned: msg`Có mặt trong số được triệu tập`,
  attendedOfInScope: msg`Tham dự hội nghị trong số thuộc diện`,
  coveredOfInScope: msg`Đã học trong số thuộc diện`,
}
export const changeKindWords: Record<(typeof contract.rollChanges)[number], Words> = {
  join: msg`Mới về đơn vị`,
  transfer: msg`Chuyển đơn vị`,
  leave: msg`Chuyển đi nơi khác`,
  died: msg`Từ trần`,
  exempt: msg`Được miễn sinh hoạt`,
  exemptionEnded: msg`Hết miễn sinh hoạt`,
}
/** Why a row of the roll began or ended. */
export const whyWords: Record<string, Words> = {
  joined: msg`Mới về đơn vị`,
  transferred: msg`Chuyển đơn vị`,
  exemptionEnded: msg`Hết miễn sinh hoạt`,
  left: msg`Chuyển đi nơi khác`,
  died: msg`Từ trần`,
  exempted: msg`Được miễn sinh hoạt`,
  erased: msg`Đã xoá theo yêu cầu`,
}

export const sayCreate = {
  codeTaken: msg`Mã này đã dùng cho một đợt khác. Đồng chí chọn mã khác, các ô còn lại vẫn giữ.`,
  unknownUnit: msg`Không còn đơn vị này trong cây tổ chức. Đồng chí chọn đơn vị khác.`,
} satisfies WordsFor<typeof contract.createCampaign>
export const sayUpdate = {
  dayFixed: msg`Danh sách đã chốt theo ngày cũ nên ngày tính không đổi được nữa.`,
} satisfies WordsFor<typeof contract.updateCampaign>
export const sayFix = {
  alreadyFixed: msg`Danh sách đã được chốt trước đó. Thay đổi sau này ghi ở phần thay đổi bên dưới.`,
  noDay: msg`Chưa biết ngày học nên chưa chốt được. Đồng chí ghi ngày tính đầu mối, hoặc lập buổi học đầu tiên.`,
  unitNotThereYet: msg`Đơn vị chủ trì chưa có trong cây tổ chức vào ngày tính. Đồng chí xem lại ngày hoặc cây tổ chức.`,
  nobodyInScope: msg`Không có ai thuộc diện nên chưa chốt gì. Đồng chí nhập danh sách đảng viên trước.`,
} satisfies WordsFor<typeof contract.fixScope>
export const sayConfirm = {
  notFixed: msg`Danh sách chưa chốt nên chưa có gì để cập nhật.`,
  outOfDate: msg`Sổ đảng viên vừa đổi thêm nên chưa ghi gì. Đồng chí xem lại bảng mới bên dưới rồi xác nhận.`,
  nothingToChange: msg`Danh sách đã khớp với sổ đảng viên, không còn gì để cập nhật.`,
} satisfies WordsFor<typeof contract.confirmRollChanges>
export const sayApprove = {
  inThePast: msg`Quy tắc mới không áp dụng ngược về trước. Đồng chí chọn từ bây giờ trở đi.`,
  unchanged: msg`Bản này giống bản trước nên không cần duyệt lại.`,
  notAfterTheLast: msg`Đã có một bản bắt đầu muộn hơn. Đồng chí chọn ngày sau bản đó.`,
} satisfies WordsFor<typeof contract.approvePolicy>
