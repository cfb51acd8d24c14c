import { msg } from '@lingui/core/macro'
import type { Role, ScopeKind } from '../../../platform/rights.ts'
import type { Words } from '../../../platform/web/refusals.tsx'

export const roleWords: Record<Role, Words> = {
  administrator: msg`Quản trị`,
  dataOfficer: msg`Cán bộ dữ liệu`,
  organiser: msg`Tổ chức hội nghị`,
  head: msg`Lãnh đạo đơn vị`,
  director: msg`Đạo diễn, kỹ thuật`,
  moderator: msg`Điều hành thảo luận`,
  speaker: msg`Báo cáo viên`,
  siteManager: msg`Phụ trách điểm cầu`,
  steward: msg`Giúp việc ở cửa`,
  cellSecretary: msg`Bí thư chi bộ`,
}
/** What each may do, in a line, beside the choice. */
export const roleDoes: Record<Role, Words> = {
  administrator: msg`Giao quyền, tài khoản, nhập dữ liệu, xem nhật ký; không xem tên đảng viên.`,
  dataOfficer: msg`Nhập tệp đơn vị, đảng viên; trả lời yêu cầu về dữ liệu cá nhân.`,
  organiser: msg`Lập đợt, hội nghị, xếp chỗ, triệu tập, báo cáo. Ở đơn vị cơ sở thì xem được tên.`,
  head: msg`Xem số liệu của đơn vị mình và cấp dưới, không xem tên.`,
  director: msg`Phòng điều khiển: đưa lên sóng, gọi điểm cầu, nghe cảnh báo; không xem tên đảng viên.`,
  moderator: msg`Xếp lượt phát biểu, mời điểm cầu và đại biểu lên sóng.`,
  speaker: msg`Bục báo cáo viên: trang chiếu, thời gian, lên sóng.`,
  siteManager: msg`Điểm danh, báo quân số, báo sự cố ở một điểm cầu; xem danh sách của hội trường đó.`,
  steward: msg`Điểm danh ở cửa một điểm cầu.`,
  cellSecretary: msg`Xem tên và tình hình học của chi bộ mình, xác nhận đảng viên, làm hộ khi cần.`,
}
export const kindWords: Record<ScopeKind, Words> = {
  installation: msg`Toàn hệ thống`,
  unit: msg`Đơn vị và cấp dưới`,
  campaign: msg`Đợt học tập`,
  conference: msg`Hội nghị`,
  site: msg`Điểm cầu`,
}
