// Biểu 1 on screen: the same columns as the paper, each figure with what it is out of and how it is counted.
import { msg } from '@lingui/core/macro'
import { formatCount } from '../../../kernel/figure.ts'
import type { Words } from '../../../platform/web/refusals.tsx'
import type { Figures } from '../contract.ts'

export type FigureColumn = {
  key: string
  title: Words
  group?: Words
  formula?: string
  text: (one: Figures) => string
  /** A ratio's numerator and denominator; a count out of its base. */
  of?: (one: Figures) => { n: number; d: number; base: Words }
  rule: Words
  /** The number of the ledger it opens. */
  ledger?: string
}
const attendance = msg`Tham dự`
const ratios = msg`Tỷ lệ`
const makeup = msg`Học bổ sung`
const studied = msg`Đã học`
const why = msg`Lý do còn lại`
const inScope = msg`người thuộc diện (A)`
const summoned = msg`người được triệu tập (B)`

type Counted = {
  [Name in keyof Figures]: Figures[Name] extends number ? Name : never
}[keyof Figures]
const count = (key: Counted, title: Words, rule: Words, more: Partial<FigureColumn> = {}): FigureColumn => ({
  key,
  title,
  rule,
  text: (one) => formatCount(one[key]),
  ...more,
})
const ofScope = (n: (one: Figures) => number) => ({
  of: (one: Figures) => ({ n: n(one), d: one.inScope, base: inScope }),
})
const reason = (key: keyof Figures['reasons'], title: Words, rule: Words): FigureColumn => ({
  key,
  title,
  group: why,
  rule,
  text: (one) => formatCount(one.reasons[key]),
  of: (one) => ({ n: one.reasons[key], d: one.left, base: msg`người còn lại` }),
})
const ratio = (key: keyof Figures['ratios'], title: Words, group: Words, base: Words, rule: Words): FigureColumn => ({
  key,
  title,
  group,
  rule,
  text: (one) => one.ratios[key].text,
  of: (one) => ({ n: one.ratios[key].n, d: one.ratios[key].d, base }),
})

export const figureColumns: readonly FigureColumn[] = [
  count('members', msg`Tổng số đảng viên`, msg`Người miễn sinh hoạt cộng người thuộc diện, theo danh sách đã chốt.`),
  count('exempt', msg`Miễn sinh hoạt`, msg`Ngoài diện học; không tính vào tỷ lệ nào.`),
  count('inScope', msg`Thuộc diện`, msg`Mỗi người tính ở đơn vị nơi sinh hoạt theo danh sách của đợt.`, {
    formula: 'A',
  }),
  count('summoned', msg`Triệu tập`, msg`Người thuộc diện có giấy triệu tập còn hiệu lực tới hội nghị học tập.`, {
    formula: 'B',
    ...ofScope((one) => one.summoned),
  }),
  count('sites', msg`Số điểm cầu`, msg`Điểm cầu tính cho đơn vị tổ chức điểm cầu.`),
  count(
    'attendedAtSites',
    msg`Dự tại điểm cầu`,
    msg`Phần lớn số mốc có mặt là ở hội trường; ngang nhau thì tính ở hội trường.`,
    {
      group: attendance,
      ...ofScope((one) => one.attendedAtSites),
    },
  ),
  count('attendedOnDevices', msg`Dự trên thiết bị cá nhân`, msg`Phần lớn số mốc có mặt là trên thiết bị cá nhân.`, {
    group: attendance,
    ...ofScope((one) => one.attendedOnDevices),
  }),
  count(
    'attended',
    msg`Cộng`,
    msg`Có mặt từ 2/3 số mốc đã công bố và ít nhất một mốc mỗi buổi, hoặc theo quy tắc đã duyệt của đợt. Mỗi người tính một lần.`,
    {
      group: attendance,
      formula: 'C',
      of: (one) => ({ n: one.attended, d: one.summoned, base: summoned }),
    },
  ),
  ratio(
    'attendedOfSummoned',
    msg`C/B`,
    ratios,
    summoned,
    msg`Tính từ hai số nguyên, không cộng và không lấy trung bình tỷ lệ.`,
  ),
  ratio(
    'attendedOfInScope',
    msg`C/A`,
    ratios,
    inScope,
    msg`Tính từ hai số nguyên, không cộng và không lấy trung bình tỷ lệ.`,
  ),
  count('makeupSessions', msg`Số hội nghị`, msg`Buổi học bù đã diễn ra, tính cho đơn vị tổ chức.`, { group: makeup }),
  count('madeUp', msg`Số người`, msg`Chưa dự hội nghị học tập và có mặt ở một buổi học bù; không trùng với cột C.`, {
    group: makeup,
    formula: 'D',
    ...ofScope((one) => one.madeUp),
  }),
  count('covered', msg`Cộng`, msg`Dự hội nghị hoặc học bù, mỗi người một lần.`, {
    group: studied,
    formula: 'E = C + D',
    ...ofScope((one) => one.covered),
  }),
  ratio(
    'coveredOfInScope',
    msg`E/A`,
    studied,
    inScope,
    msg`Tính từ hai số nguyên, không cộng và không lấy trung bình tỷ lệ.`,
  ),
  count('left', msg`Còn lại`, msg`Thuộc diện trừ đã học; bằng tổng các cột lý do bên phải.`, {
    formula: 'A − E',
    ...ofScope((one) => one.left),
  }),
  count('booked', msg`Đã xếp học bù`, msg`Có chỗ ở một buổi học bù chưa kết thúc.`, {
    group: why,
    of: (one) => ({ n: one.booked, d: one.left, base: msg`người còn lại` }),
  }),
  reason('awaiting', msg`Chờ hội nghị`, msg`Được triệu tập tới hội nghị chưa kết thúc.`),
  reason('partly', msg`Dự một phần`, msg`Có mặt ở một số mốc nhưng chưa đủ, hoặc mất tín hiệu cả buổi.`),
  reason('excused', msg`Vắng có lý do`, msg`Đã báo lý do, hoặc có người dự thay.`),
  reason('absent', msg`Vắng`, msg`Được triệu tập, không có mặt ở mốc nào.`),
  reason('noContact', msg`Chưa liên hệ được`, msg`Giấy triệu tập hoặc lời mời học bù không đến tay.`),
  reason('neverSummoned', msg`Chưa được triệu tập`, msg`Thuộc diện nhưng chưa có giấy triệu tập nào.`),
]
