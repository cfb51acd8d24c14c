// The 97,319 people of the demo: invented, and the same every time. Names of units are real, names of people are not.
import fs from 'node:fs'
import path from 'node:path'

export type DemoPerson = {
  code: string
  fullName: string
  /** «20/03/1947», as office files write it. */
  birthDate: string
  sex: 'Nam' | 'Nữ'
  unitCode: string
  position: string
  phone: string
  email: string
}

export const demoPeopleCount = 97_319
export const peopleHeader = [
  'Mã số',
  'Họ và tên',
  'Ngày sinh',
  'Giới tính',
  'Mã đơn vị',
  'Chức vụ',
  'Điện thoại',
  'Email',
  'Miễn sinh hoạt',
]

const families: [string, number][] = [
  ['Nguyễn', 384],
  ['Trần', 112],
  ['Lê', 90],
  ['Phạm', 70],
  ['Hoàng', 51],
  ['Vũ', 41],
  ['Thân', 30],
  ...['Đỗ', 'Dương', 'Bùi', 'Giáp', 'Đặng'].map((name): [string, number] => [name, 20]),
  ...['Vi', 'Hà', 'Trịnh', 'Chu', 'Đào', 'Lý', 'Đoàn', 'Nông', 'Ngô', 'Hồ', 'Lương', 'Ong'].map(
    (name): [string, number] => [name, 10],
  ),
]
const middles = {
  Nam: ['Văn', 'Công', 'Quốc', 'Đình', 'Bá', 'Mạnh', 'Trọng', 'Thành', 'Quang', 'Duy', 'Xuân', 'Đức', 'Hữu', 'Ngọc', 'Minh'], // biome-ignore format: a list of names
  Nữ: ['Thị', 'Thị', 'Thị', 'Thị', 'Diệu', 'Phương', 'Thu', 'Kim', 'Thanh', 'Bích', 'Thùy', 'Hồng', 'Ngọc', 'Minh'], // biome-ignore format: a list of names
}
const given = {
  Nam: ['Dũng', 'Khánh', 'Lưỡng', 'Thắng', 'Tùng', 'Đạt', 'Tuấn', 'Quý', 'Trung', 'Toàn', 'Long', 'Anh', 'Thịnh', 'Hùng', 'Hải', 'Vinh', 'Lâm', 'Việt', 'Kiên', 'Cường', 'Nam', 'Đường', 'Phúc', 'Hưng', 'Quân', 'Tâm', 'Sơn', 'Nghĩa', 'Huy', 'Hoàng', 'Ước', 'Bình', 'Hiếu'], // biome-ignore format: a list of names
  Nữ: ['Yến', 'Lan', 'Hiền', 'Liên', 'Hạnh', 'Tuyết', 'Huệ', 'Trang', 'Ngân', 'Thủy', 'Hoa', 'Oanh', 'Thúy', 'Hằng', 'Ưởng', 'Nguyệt', 'Hương', 'Dung', 'Quỳnh', 'Xuân', 'Hà', 'Nhung', 'Thảo', 'Chuyền', 'Mai', 'Vân', 'Linh', 'Loan', 'Nga', 'Phượng'], // biome-ignore format: a list of names
}

/** A small generator of numbers in [0, 1): the same from the same seed, on every machine. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The codes of the cells: the units that no other unit hangs under. */
export function cellCodes(unitsCsv = fs.readFileSync(path.join(import.meta.dirname, 'don-vi.csv'), 'utf8')): string[] {
  const rows = unitsCsv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
  const parents = new Set(rows.map(([, parent]) => parent))
  return rows.map(([code]) => code!).filter((code) => !parents.has(code))
}

/** Dealt round after round over the cells in a shuffled order, so that every cell has 35 or 36 people and its four officers. */
export function* demoPeople(cells: readonly string[] = cellCodes(), count = demoPeopleCount): Generator<DemoPerson> {
  const chance = seeded(20_211_018)
  const order = shuffled(cells, chance)
  for (let i = 0; i < count; i++) {
    const sex = chance() < 0.58 ? 'Nam' : 'Nữ'
    const position = positionIn(Math.floor(i / order.length), chance)
    const code = String(i + 1).padStart(8, '0')
    yield {
      code,
      fullName: `${family(chance())} ${pick(middles[sex], chance)} ${pick(given[sex], chance)}`,
      birthDate: birthDate(chance),
      sex,
      unitCode: order[i % order.length]!,
      position,
      // Numbers and addresses that reach nobody.
      phone: chance() < 0.9 ? `0900${String(Math.floor(chance() * 1_000_000)).padStart(6, '0')}` : '',
      email: chance() < 0.2 ? `dv${code}@example.org` : '',
    }
  }
}
const pick = <T>(from: readonly T[], chance: () => number): T => from[Math.floor(chance() * from.length)]!

function shuffled(cells: readonly string[], chance: () => number): string[] {
  const order = [...cells]
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
const weightOfAll = families.reduce((sum, [, weight]) => sum + weight, 0)
function family(chance: number): string {
  let left = chance * weightOfAll
  for (const [name, weight] of families) {
    left -= weight
    if (left < 0) return name
  }
  return families[0]![0]
}
/** Each cell has a secretary, a deputy, two committee members; two in three have a village head and an official. */
function positionIn(round: number, chance: () => number): string {
  if (round === 0) return 'Bí thư chi bộ'
  if (round === 1) return 'Phó Bí thư chi bộ'
  if (round === 2 || round === 3) return 'Chi ủy viên'
  if (round === 4 && chance() < 0.675) return 'Trưởng thôn'
  if (round === 5 && chance() < 0.667) return 'Công chức'
  return ''
}
function birthDate(chance: () => number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(1 + Math.floor(chance() * 28))}/${two(1 + Math.floor(chance() * 12))}/${1945 + Math.floor(chance() * 58)}`
}

/** One row of a file, in the order of `peopleHeader`; nobody is exempt. */
export const asRow = (person: DemoPerson): string[] => [
  person.code,
  person.fullName,
  person.birthDate,
  person.sex,
  person.unitCode,
  person.position,
  person.phone,
  person.email,
  '',
]
/** The whole file as CSV (UTF-8 with its mark), about 8 MB. */
export function peopleCsv(people: Iterable<DemoPerson> = demoPeople()): Buffer {
  const lines = [`\uFEFF${peopleHeader.join(',')}`]
  for (const person of people) lines.push(asRow(person).join(','))
  return Buffer.from(`${lines.join('\n')}\n`)
}
