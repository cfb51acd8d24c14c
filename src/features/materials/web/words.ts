import { msg } from '@lingui/core/macro'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import type * as contract from '../contract.ts'
import type { MaterialKind, Problem } from '../contract.ts'

export type Line = ValueOf<typeof contract.listMaterials>['rows'][number]

export const kindWords: Record<MaterialKind, Words> = {
  document: msg`Văn bản`,
  slides: msg`Bài trình chiếu`,
  image: msg`Ảnh`,
  video: msg`Video`,
}

/** Why a file was not taken: what happened, what was kept, what to do. */
export const problemWords: Record<Problem, Words> = {
  tooBig: msg`Tệp quá lớn nên chưa nhận; mỗi tệp nhiều nhất 200 MB. Đồng chí giảm cỡ ảnh hoặc tách thành nhiều tệp.`,
  unknownType: msg`Chưa nhận loại tệp này. Nhận PDF, PPTX, ảnh PNG, JPEG, WebP, video MP4, WebM; xét theo nội dung, không theo tên tệp.`,
  stampWord: msg({
    message:
      'Trang đầu có dấu «{stamp}» nên tệp đã bị chặn và xoá khỏi máy chủ. Tài liệu có độ mật chỉ dùng bản giấy. Nếu đó không phải dấu độ mật, đồng chí sửa dòng chữ ấy rồi gửi lại.',
  }),
  tooManyPages: msg({
    message: 'Tệp có {pages} trang, mỗi tệp nhiều nhất {limit} trang. Đồng chí tách thành nhiều tệp.',
  }),
  encrypted: msg`Tệp đặt mật khẩu nên không mở được. Đồng chí bỏ mật khẩu rồi gửi lại.`,
  damaged: msg`Tệp hỏng hoặc gửi chưa trọn nên không đọc được. Đồng chí mở lại bằng phần mềm gốc, xuất PDF rồi gửi lại.`,
  emptyFile: msg`Tệp rỗng, không có trang nào. Đồng chí xem lại tệp rồi gửi lại.`,
  needsOffice: msg`Máy chủ này chưa có LibreOffice để đọc PPTX. Đồng chí lưu bài thành PDF rồi gửi tệp PDF.`,
  tooLong: msg`Dựng trang quá lâu nên đã dừng; tệp vẫn còn. Đồng chí thử lại, hoặc xuất PDF gọn hơn.`,
  paperOnly: msg`Hội nghị này có nội dung mật nên không nhận tệp nào. Đồng chí phát bản giấy.`,
  noRoom: msg`Máy chủ hết chỗ chứa nên chưa nhận. Đồng chí nhờ người quản trị máy chủ dọn chỗ.`,
}
export const sayBring = {
  ...problemWords,
  noFile: msg`Chưa có tệp nào được gửi. Đồng chí chọn lại tệp.`,
  badForm: msg`Thông tin kèm tệp chưa đúng nên chưa nhận. Đồng chí tải lại trang rồi gửi lại.`,
  unknownTopic: msg`Chuyên đề này không còn trong chương trình. Đồng chí chọn chuyên đề khác.`,
  otherKind: msg`Bản mới phải cùng loại với bản cũ: trang thay trang, ảnh thay ảnh, video thay video.`,
} satisfies WordsFor<typeof contract.bringFile>
export const sayRename = {
  unknownTopic: sayBring.unknownTopic,
} satisfies WordsFor<typeof contract.renameMaterial>
export const sayRemove = {
  onAir: msg`Tài liệu đang chiếu trong một buổi nên chưa gỡ được. Đồng chí chuyển sang tài liệu khác trước.`,
} satisfies WordsFor<typeof contract.removeMaterial>
export const sayTryAgain = {
  notFailed: msg`Tệp này không cần làm lại. Đồng chí tải lại trang.`,
} satisfies WordsFor<typeof contract.tryAgain>

export const fileTypes = '.pdf,.pptx,.png,.jpg,.jpeg,.webp,.mp4,.webm'
/** «1,4 MB», as people read it. */
export const printBytes = (bytes: number): string =>
  bytes >= 1_000_000
    ? `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0).replace('.', ',')} MB`
    : `${Math.max(1, Math.round(bytes / 1000))} kB`
/** «4:05». */
export const printSeconds = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`
export const isUnderway = ({ state }: Pick<Line, 'state'>) => state === 'waiting' || state === 'working'
