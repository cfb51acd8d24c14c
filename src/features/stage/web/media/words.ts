import { msg } from '@lingui/core/macro'
import type { Words, WordsFor } from '../../../../platform/web/refusals.tsx'
import type * as contract from '../../contract.ts'
import type { DeviceProblem } from './devices.ts'
import type { RoomLine } from './room.ts'

export const joinSays = {
  notOpen: msg`Sân khấu của buổi này chưa mở. Máy này chờ và tự vào khi sân khấu mở.`,
  ended: msg`Buổi này đã kết thúc.`,
  removed: msg`Người điều hành đã mời máy này rời sân khấu. Cần thì gọi phòng điều khiển để được vào lại.`,
  stageNotReady: msg`Sân khấu chưa sẵn sàng. Máy này chờ và tự vào khi sân khấu chạy.`,
  notCalled: msg`Chưa đến lượt. Khi được mời phát biểu, máy này tự vào.`,
  otherConference: msg`Hội trường này không thuộc hội nghị đang mở.`,
  nodeFull: msg`Sân khấu đã đủ chỗ, máy này nghe và xem qua chương trình phát.`,
  paperOnly: msg`Hội nghị này chỉ làm trên giấy, không có sân khấu trực tuyến.`,
} satisfies WordsFor<typeof contract.join>

export const lineSays: Record<RoomLine, Words> = {
  off: msg`chưa nối`,
  waiting: msg`chờ sân khấu mở`,
  connecting: msg`đang nối`,
  connected: msg`đã nối`,
  reconnecting: msg`đang nối lại`,
  lost: msg`mất kết nối, đang nối lại`,
  elsewhere: msg`đang nối bằng máy khác`,
  removed: msg`đã rời sân khấu`,
  ended: msg`buổi đã kết thúc`,
  refused: msg`chưa vào được sân khấu`,
}

export const problemSays: Record<DeviceProblem, Words> = {
  denied: msg`Trình duyệt chưa cho dùng. Đồng chí bấm vào biểu tượng ổ khoá cạnh địa chỉ trang, chọn Cho phép, rồi thử lại.`,
  missing: msg`Máy này không thấy thiết bị nào. Đồng chí cắm lại dây rồi thử lại.`,
  busy: msg`Chương trình khác đang giữ thiết bị. Đồng chí đóng chương trình đó rồi thử lại.`,
  insecure: msg`Trang này mở bằng địa chỉ không có https nên trình duyệt không cho dùng camera và micro. Đồng chí mở lại bằng địa chỉ https.`,
  stopped: msg`Thiết bị vừa ngắt. Đồng chí cắm lại hoặc chọn thiết bị khác.`,
  other: msg`Chưa mở được thiết bị. Đồng chí thử lại, hoặc chọn thiết bị khác.`,
}
