// The files an office brings: a small province, in the two ways such files come.
import { sheet } from './sheet.ts'

export const units = [
  ['Mã đơn vị', 'Mã cấp trên', 'Tên đơn vị', 'Loại'],
  ['T', '', 'Đảng bộ tỉnh Sông Thử', 'Tỉnh'],
  ['H', 'T', 'Đảng bộ huyện Thử', 'Huyện'],
  ['X1', 'H', 'Đảng bộ xã Một', 'Cơ sở'],
  ['X2', 'H', 'Đảng bộ xã Hai', 'Cơ sở'],
  ['C1', 'X1', 'Chi bộ thôn Đông', 'Chi bộ'],
  ['C2', 'X1', 'Chi bộ thôn Tây', 'Chi bộ'],
  ['C3', 'X2', 'Chi bộ thôn Nam', 'Chi bộ'],
]
const given = ['An', 'Bình', 'Chi', 'Dung', 'Én', 'Giang', 'Hà', 'Khánh', 'Lan', 'Minh']
const family = ['Nguyễn Văn', 'Trần Thị', 'Đặng Thuỳ']
/** Thirty people, ten a cell: C1-01 … C3-10. */
export const people = [
  ['Mã số', 'Họ và tên', 'Ngày sinh', 'Mã đơn vị', 'Chức vụ', 'Điện thoại'],
  ...['C1', 'C2', 'C3'].flatMap((cell, at) =>
    given.map((name, i) => [
      `${cell}-${String(i + 1).padStart(2, '0')}`,
      `${family[at]} ${name}`,
      String(1960 + i),
      cell,
      i === 0 ? 'Bí thư' : '',
      '',
    ]),
  ),
]
export const sites = [
  ['Mã điểm cầu', 'Mã đơn vị', 'Điểm cầu cấp trên', 'Tên điểm cầu', 'Sức chứa'],
  ['DC1', 'X1', '', 'Hội trường xã Một', '18'],
  ['DC2', 'X2', 'DC1', 'Hội trường xã Hai', '6'],
]

/** With a byte-order mark and semicolons, as Excel in Vietnam saves it. */
export const csv = (name: string, rows: readonly (readonly string[])[]) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(`\uFEFF${rows.map((row) => row.join(';')).join('\r\n')}\r\n`),
})
export const xlsx = async (name: string, rows: readonly (readonly string[])[]) => ({
  name,
  mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  buffer: await sheet(rows),
})
