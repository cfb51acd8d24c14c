// The notice a person reads before she first steps in. A change of its meaning needs a new version: everybody then reads it again.

export const noticeVersion = '2026-11-22'

export type NoticePart = { title: { vi: string; en: string }; text: { vi: string; en: string } }
export const notice: readonly NoticePart[] = [
  {
    title: { vi: 'Lưu những gì', en: 'What is kept' },
    text: {
      vi: 'Họ và tên, năm sinh (để phân biệt người trùng tên), chi bộ, chức vụ, số của đơn vị đặt, và số điện thoại, thư điện tử nếu đồng chí đã đưa. Kèm theo là giấy triệu tập, lượt điểm danh và kết quả học tập của đợt này.',
      en: 'Your name, year of birth (to tell namesakes apart), cell, position, the number your office gave you, and your telephone and e-mail if you gave them. With them: your summons, attendance and result in this campaign.',
    },
  },
  {
    title: { vi: 'Không lưu những gì', en: 'What is not kept' },
    text: {
      vi: 'Không lưu số căn cước, dân tộc, tôn giáo, giới tính, ảnh, vị trí. Không dùng máy ảnh hay micrô của đồng chí để theo dõi, không đo thời gian xem, không chấm điểm thái độ.',
      en: 'No identity number, ethnic group, religion, sex, picture or location. Your camera and microphone are not used to watch you; viewing time is not measured; nobody’s attitude is graded.',
    },
  },
  {
    title: { vi: 'Để làm gì', en: 'What for' },
    text: {
      vi: 'Để triệu tập, điểm danh, tổ chức học bù và báo cáo số liệu của đợt học tập, theo nhiệm vụ của tổ chức đảng nơi đồng chí sinh hoạt.',
      en: 'To summon, to take attendance, to arrange make-up sessions and to report the figures of the campaign, as the duty of the organisation you belong to.',
    },
  },
  {
    title: { vi: 'Ai xem được', en: 'Who can see it' },
    text: {
      vi: 'Bí thư chi bộ và cán bộ của đơn vị cơ sở; người phụ trách hội trường chỉ xem danh sách hội trường mình trong những ngày quanh hội nghị. Cấp trên chỉ thấy số lượng. Mỗi lần có người mở danh sách có tên đồng chí đều được ghi lại và đồng chí xem được ở mục «Dữ liệu của tôi».',
      en: 'Your cell secretary and the officer of your grassroots unit; a hall’s manager sees the roll of that hall only, around the conference. Higher levels see numbers. Each time somebody opens a list with your name it is logged, and you can see it under “My data”.',
    },
  },
  {
    title: { vi: 'Giữ bao lâu, đồng chí có quyền gì', en: 'How long, and your rights' },
    text: {
      vi: 'Lượt điểm danh giữ 12 tháng sau khi đợt kết thúc, nhật ký xem giữ 24 tháng, số liệu tổng hợp giữ lâu dài mà không có tên. Đồng chí được xem, nhận một bản, đề nghị sửa hoặc xoá dữ liệu của mình với bí thư chi bộ hoặc cán bộ dữ liệu.',
      en: 'Attendance is kept for 12 months after the campaign, the log of looks for 24 months, totals without names for good. You may see your data, take a copy, and ask your cell secretary or the data officer to correct or erase it.',
    },
  },
]
