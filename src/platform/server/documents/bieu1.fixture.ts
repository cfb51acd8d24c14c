import { formatRatio } from '../../../kernel/figure.ts'
import type { Cell, Column, Paper, Row } from './paper.ts'
import { printMoment } from './print.ts'

// Biểu 1 of the Bắc Giang campaign, split over fifteen units so that every column adds up to the published row.
// Unit, in scope, summoned, sites, attended, make-up conferences, made up.
type Unit = readonly [
  name: string,
  inScope: number,
  summoned: number,
  sites: number,
  attended: number,
  makeups: number,
  madeUp: number,
]
export const units: readonly Unit[] = [
  ['Thành phố Bắc Giang', 6298, 4531, 17, 4440, 11, 410],
  ['Huyện Yên Thế', 7480, 5510, 20, 5288, 19, 591],
  ['Huyện Tân Yên', 8661, 6611, 23, 6427, 20, 712],
  ['Huyện Lạng Giang', 8268, 5939, 22, 5740, 18, 620],
  ['Huyện Lục Nam', 9841, 7224, 26, 6891, 18, 614],
  ['Huyện Lục Ngạn', 11419, 7940, 30, 7366, 18, 596],
  ['Huyện Sơn Động', 6694, 5247, 18, 4939, 10, 301],
  ['Huyện Yên Dũng', 7088, 5247, 19, 5112, 16, 581],
  ['Huyện Việt Yên', 6693, 5369, 18, 5251, 13, 442],
  ['Huyện Hiệp Hòa', 9843, 7016, 26, 6726, 22, 764],
  ['Các cơ quan tỉnh', 3007, 1973, 12, 1949, 9, 363],
  ['Doanh nghiệp tỉnh', 3006, 551, 1, 502, 10, 430],
  ['Quân sự tỉnh', 3008, 551, 1, 548, 19, 904],
  ['Công an tỉnh', 3005, 550, 1, 547, 20, 904],
  ['Các khu công nghiệp', 3008, 550, 1, 495, 7, 308],
  ['Cơ quan cấp tỉnh', 0, 0, 1, 0, 0, 0],
]

export const columns: readonly Column[] = [
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
  { title: 'Dự một phần', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Vắng có lý do', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Vắng', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Chưa được triệu tập', groups: ['Lý do còn lại'], kind: 'count' },
  { title: 'Khác', groups: ['Lý do còn lại'], kind: 'count' },
]

const ratio = (n: number, d: number): string => formatRatio({ n, d })

function figures([, inScope, summoned, sites, attended, makeups, madeUp]: Unit): Cell[] {
  const covered = attended + madeUp
  const left = inScope - covered
  const absent = Math.min(summoned - attended, left)
  const partly = Math.floor(absent / 4)
  const excused = Math.floor(absent / 3)
  return [
    inScope,
    0,
    inScope,
    summoned,
    sites,
    attended,
    0,
    attended,
    ratio(attended, summoned),
    ratio(attended, inScope),
    makeups,
    madeUp,
    covered,
    ratio(covered, inScope),
    left,
    0,
    partly,
    excused,
    absent - partly - excused,
    left - absent,
    0,
  ]
}

const whole = units.reduce<Unit>(
  (sum, unit) => ['', ...[1, 2, 3, 4, 5, 6].map((i) => (sum[i] as number) + (unit[i] as number))] as unknown as Unit,
  ['', 0, 0, 0, 0, 0, 0],
)

function totals(rows: readonly (readonly Cell[])[]): Cell[] {
  return columns.map((column, at) => {
    if (column.kind === 'ratio') return figures(whole)[at - 2]
    if (column.kind !== 'count') return at === 1 ? 'Tổng cộng' : undefined
    return rows.reduce((sum, row) => sum + (row[at] as number), 0)
  })
}

/** `copies` repeats the units under other names: a form of 269 rows is 269 communes. */
export function bieu1(rowsWanted = units.length, changes: Partial<Paper> = {}): Paper {
  const rows = Array.from({ length: rowsWanted }, (_, at) => {
    const unit = units[at % units.length]!
    if (at < units.length) return [String(at + 1), unit[0], ...figures(unit)]
    const [name, ...counts] = unit
    const tenth = counts.map((count) => Math.ceil(count / 10)) as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    return [String(at + 1), `Xã ${name.replace(/^(Huyện|Thành phố) /, '')} ${at}`, ...figures([name, ...tenth])]
  })
  return {
    ruleSet: 'party',
    orientation: 'landscape',
    heading: {
      superior: 'Tỉnh uỷ Bắc Giang',
      issuing: 'Ban Tuyên giáo',
      place: 'Bắc Giang',
      date: { month: 5, year: 2021 },
    },
    annexLabel: 'Biểu số 1',
    title: ['Tổng hợp kết quả học tập, quán triệt', 'Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng'],
    subtitle: '(Kèm theo Báo cáo số        -BC/BTGTU, ngày        tháng 5 năm 2021 của Ban Tuyên giáo Tỉnh uỷ)',
    blocks: [
      {
        kind: 'table',
        columns,
        rows: rows as Row[],
        total: totals(rows as Cell[][]),
        notes: [
          'Số điểm cầu và số hội nghị tính theo đơn vị tổ chức; đại biểu tính theo đơn vị nơi sinh hoạt. Cột D đếm người, không trùng với cột C.',
        ],
      },
    ],
    recipients: [
      'Thường trực Tỉnh uỷ (để báo cáo),',
      'Các huyện uỷ, thành uỷ, đảng uỷ trực thuộc,',
      'Lưu Ban Tuyên giáo Tỉnh uỷ.',
    ],
    signature: { authority: ['K/T Trưởng Ban'], position: 'Phó Trưởng Ban', name: 'Ngô Thị Minh Hạnh' },
    stamp: `Số liệu chốt lúc ${printMoment(new Date('2021-05-05T10:00:00Z'))}, bản 2`,
    hash: '5f1c0a9be27d4e81aa',
    ...changes,
  }
}
