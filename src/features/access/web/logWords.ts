import { msg } from '@lingui/core/macro'
import type { Words } from '../../../platform/web/refusals.tsx'

// What somebody opened, as the person it was about reads it. A list without words here is still told of.
const lists: Record<string, Words> = {
  'access.copyEntryLink': msg`Lấy đường dẫn vào của đồng chí để gửi`,
  'organisation.people': msg`Mở danh sách đảng viên`,
  'organisation.exportPeople': msg`Tải danh sách đảng viên`,
  'organisation.personCard': msg`Mở thông tin của đồng chí`,
  'sites.listSummons': msg`Mở danh sách triệu tập`,
  'sites.listUnsummoned': msg`Mở danh sách chưa triệu tập`,
  'sites.paper': msg`Mở giấy triệu tập`,
  'sites.summonsSheet': msg`Tải danh sách triệu tập`,
  'attendance.siteRoll': msg`Mở danh sách của hội trường`,
  'attendance.findAtDoor': msg`Tìm tên khi điểm danh`,
  'attendance.rollSheet': msg`In danh sách điểm danh`,
  'attendance.waitingArrivals': msg`Xem lượt điểm danh muộn để chấp nhận`,
  'coverage.peopleBehind': msg`Mở danh sách đứng sau một con số`,
}
export const listWords = (list: string): Words => lists[list] ?? msg`Mở một danh sách có tên đồng chí`
