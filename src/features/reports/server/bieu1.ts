// Biểu 1 as a paper: a row for each child, an own row for what the unit itself holds, a total that is the unit's own figure.
import { formatCount } from '../../../kernel/figure.ts'
import { formatClock, formatDay } from '../../../kernel/time.ts'
import { type Cell, type Column, type Paper, printMoment } from '../../../platform/server/documents/index.ts'
import type { FigureSheet, Figures } from '../contract.ts'

const columns: readonly Column[] = [
  { title: 'TT', kind: 'order' },
  { title: 'Đơn vị', kind: 'text' },
  { title: 'Tổng số đảng viên', kind: 'count' },
  { title: 'Miễn sinh hoạt', kind: 'count' },
  { title: 'Thuộc diện', formula: 'A', kind: 'count' },
  { title: 'Triệu tập', formula: 'B', kind: 'count' },
  { title: 'Số điểm cầu', kind: 'count' },
  { title: 'Dự tại điểm cầu', groups: ['Tham dự'], kind: 'count' },
  { title: 'Dự trên thiết bị cá nhân', groups: ['Tham dự'], kind: 'count' },
  { title: 'Cộng', groups: ['Tham dự'], formula: 'C', kind: 'count' },
  { title: 'C/B', groups: ['Tỷ lệ'], kind: 'ratio' },
  { title: 'C/A', groups: ['Tỷ lệ'], kind: 'ratio' },
  { title: 'Số hội nghị', groups: ['Học bổ sung'], kind: 'count' },
  { title: 'Số người', groups: ['Học bổ sung'], formula: 'D', kind: 'count' },
  { title: 'Cộng', groups: ['Đã học'], formula: 'E = C + D', kind: 'count' },
  { title: 'E/A', groups: ['Đã học'], kind: 'ratio' },
  { title: 'Còn lại', formula: 'A − E', kind: 'count' },
  { title: 'Đã xếp học bù', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Chờ hội nghị', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Dự một phần', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Vắng có lý do', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Vắng', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Chưa liên hệ được', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Chưa được triệu tập', groups: ['Lý do còn lại'], kind: 'count' },
]

const cellsOf = (one: Figures): Cell[] => [
  one.members,
  one.exempt,
  one.inScope,
  one.summoned,
  one.sites,
  one.attendedAtSites,
  one.attendedOnDevices,
  one.attended,
  one.ratios.attendedOfSummoned.text,
  one.ratios.attendedOfInScope.text,
  one.makeupSessions,
  one.madeUp,
  one.covered,
  one.ratios.coveredOfInScope.text,
  one.left,
  one.booked,
  one.reasons.awaiting,
  one.reasons.partly,
  one.reasons.excused,
  one.reasons.absent,
  one.reasons.noContact,
  one.reasons.neverSummoned,
]

export type Declared = {
  declaredId: string
  unit: string
  what: string
  count: number
  countKind: string
  source: string
  by: string
  at: Date
}
const countWords: Record<string, string> = {
  persons: 'người',
  attendances: 'lượt người',
  events: 'cuộc',
  items: 'tin, bài',
}

export type PaperContext = {
  campaignName: string
  superior: string | undefined
  issuing: string
  place: string
  /** Without a version the paper is a draft. */
  note: string | undefined
  hash: string | undefined
  rollMoved: { joined: number; gone: number }
  declared: readonly Declared[]
}

/** A campaign often carries the words of the form already: «Học tập, quán triệt Nghị quyết …». */
export const titleOf = (campaign: string): string[] =>
  /^(nghiên cứu|học tập|quán triệt)/i.test(campaign)
    ? ['Tổng hợp kết quả', campaign]
    : ['Tổng hợp kết quả học tập, quán triệt', campaign]

export function bieu1(sheet: FigureSheet, context: PaperContext): Paper {
  const asOf = new Date(sheet.asOf)
  const [, month, year] = formatDay(asOf).split('/').map(Number)
  const rows = sheet.children.map((child, at) => [String(at + 1), child.unit.name, ...cellsOf(child)])
  const { joined, gone } = context.rollMoved
  const [movement, ...declared] = [
    joined + gone > 0
      ? [`Danh sách thuộc diện tăng ${formatCount(joined)}, giảm ${formatCount(gone)} so với lúc chốt.`]
      : [],
    ...context.declared.map((one) => [
      `Đơn vị tự khai (không cộng vào biểu): ${one.unit}, ${one.what}: ${formatCount(one.count)} ${countWords[one.countKind] ?? ''}; nguồn: ${one.source}.`,
    ]),
  ]
  return {
    ruleSet: 'party',
    orientation: 'landscape',
    heading: {
      ...(context.superior ? { superior: context.superior } : {}),
      issuing: context.issuing,
      place: context.place,
      date: { month: month!, year: year! },
    },
    annexLabel: 'Biểu số 1',
    title: titleOf(context.campaignName),
    subtitle: `(Kèm theo Báo cáo số        -BC/…, ngày        tháng ${month} năm ${year})`,
    blocks: [
      {
        kind: 'table',
        columns,
        rows: rows.length > 0 ? rows : [['1', sheet.unit.name, ...cellsOf(sheet)]],
        total: [undefined, 'Tổng cộng', ...cellsOf(sheet)],
        notes: [
          'Đại biểu tính theo đơn vị nơi sinh hoạt; số điểm cầu và số hội nghị bổ sung tính theo đơn vị tổ chức. Cột D đếm người, không trùng với cột C. Tỷ lệ tính từ số, không cộng và không lấy trung bình.',
          ...movement!,
          ...declared.flat(),
        ],
      },
    ],
    recipients: ['Cấp uỷ cấp trên (để báo cáo),', 'Các đơn vị trực thuộc,', 'Lưu Văn phòng.'],
    signature: { authority: ['T/M Ban Thường vụ'], position: '' },
    draft: sheet.version === null,
    stamp:
      sheet.version === null
        ? `Số liệu đang chạy, lúc ${formatClock(asOf)} ngày ${formatDay(asOf)}; chưa chốt`
        : `Số liệu chốt lúc ${printMoment(asOf)}, bản ${sheet.version}`,
    ...(context.hash ? { hash: context.hash } : {}),
  }
}
