import { msg } from '@lingui/core/macro'
import type { Words } from '../../../platform/web/refusals.tsx'

// What somebody opened, as the person it was about reads it. A list without words here is still told of.
const lists: Record<string, Words> = {
  'access.copyEntryLink': msg({ context: 'nhật ký', message: 'Lấy đường dẫn vào của đồng chí để gửi' }),
  'organisation.people': msg({ context: 'nhật ký', message: 'Mở danh sách đảng viên' }),
  'organisation.exportPeople': msg({ context: 'nhật ký', message: 'Tải danh sách đảng viên' }),
  'organisation.personCard': msg({ context: 'nhật ký', message: 'Mở thông tin của đồng chí' }),
  'sites.listSummons': msg({ context: 'nhật ký', message: 'Mở danh sách triệu tập' }),
  'sites.listUnsummoned': msg({ context: 'nhật ký', message: 'Mở danh sách chưa triệu tập' }),
  'sites.paper': msg({ context: 'nhật ký', message: 'Mở giấy triệu tập' }),
  'sites.summonsSheet': msg({ context: 'nhật ký', message: 'Tải danh sách triệu tập' }),
  'attendance.siteRoll': msg({ context: 'nhật ký', message: 'Mở danh sách của hội trường' }),
  'attendance.findAtDoor': msg({ context: 'nhật ký', message: 'Tìm tên khi điểm danh' }),
  'attendance.rollSheet': msg({ context: 'nhật ký', message: 'In danh sách điểm danh' }),
  'attendance.waitingArrivals': msg({ context: 'nhật ký', message: 'Xem lượt điểm danh muộn để chấp nhận' }),
  'coverage.peopleBehind': msg({ context: 'nhật ký', message: 'Mở danh sách đứng sau một con số' }),
}
export const listWords = (list: string): Words => lists[list] ?? msg`Mở một danh sách có tên đồng chí`
