import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { GeneralRefusal, Operation } from '../contract.ts'

// What a refusal says to a person: what happened, what was kept, what to do.

export type Words = MessageDescriptor
/**
 * A sentence for every refusal an operation may give:
 * `const sayCheckIn = { unknownPerson: msg`…`, … } satisfies WordsFor<typeof checkIn>`. A forgotten one does not compile.
 * A sentence may use the refusal's detail: `msg({ message: 'Dòng {line} …' })`.
 */
export type WordsFor<Op extends Operation> = Record<Op['refusals'][number], Words>

export const generalWords: Record<GeneralRefusal | 'offline', Words> = {
  signIn: msg`Phiên đăng nhập đã hết. Đồng chí đăng nhập lại để làm tiếp.`,
  confirmFirst: msg`Việc này cần mã PIN của đồng chí. Đồng chí xác nhận một lần rồi làm tiếp.`,
  notYours: msg`Đồng chí chưa được giao việc này. Cần thì nhờ người quản trị đơn vị giao quyền.`,
  notFound: msg`Không tìm thấy nội dung này. Có thể đã được xoá hoặc địa chỉ chưa đúng.`,
  malformed: msg`Thông tin gửi đi chưa đúng dạng nên chưa ghi gì. Đồng chí xem lại các ô vừa nhập.`,
  tooMany: msg`Đã thử quá nhiều lần. Đồng chí chờ ít phút rồi thử lại.`,
  busy: msg`Máy chủ đang bận, chưa ghi gì. Đồng chí chờ vài giây rồi thử lại.`,
  broken: msg`Máy chủ gặp lỗi và chưa ghi gì. Lỗi đã được ghi lại để sửa. Đồng chí thử lại sau ít phút.`,
  offline: msg`Chưa nối được với máy chủ. Điều đồng chí nhập vẫn còn ở đây, có mạng thì gửi lại.`,
}
/** For a word this page was built without. */
export const unknownRefusal: Words = msg`Máy chủ không nhận việc này. Đồng chí tải lại trang rồi thử lại.`

export const wordsOf = (word: string, own?: Partial<Record<string, Words>>): Words =>
  own?.[word] ?? (generalWords as Record<string, Words>)[word] ?? unknownRefusal
