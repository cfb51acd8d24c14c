import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { z } from 'zod'
import type { Operation, OperationKind } from '../../../platform/contract.ts'
import { type Actor, machine, type Role } from '../../../platform/rights.ts'
import { runImport } from '../../../platform/server/imports/index.ts'
import { type AnyServed, type FileAnswer, perform, Refused } from '../../../platform/server/operate.ts'
import { testDesk } from '../../../platform/server/testing/index.ts'
import * as contract from '../contract.ts'
import { erasedName, importKinds, membersOn, operations, places, registerFor, treeOn, unitByCode } from './index.ts'

let desk: Awaited<ReturnType<typeof testDesk>>
before(async () => {
  desk = await testDesk({ places })
})
after(() => desk.close())

const now = new Date('2021-03-01T02:00:00Z')
const today = '2021-03-01'
const bring = (kind: string, text: string, options = {}, { check = false, at = now } = {}) =>
  runImport(desk, importKinds, {
    kind,
    file: { bytes: Buffer.from(text), fileName: `${kind}.csv` },
    options,
    check,
    actor: machine('thử'),
    now: at,
  })
const ask = <In extends z.ZodType, Out extends z.ZodType, Kind extends OperationKind>(
  it: Operation<In, Out, string, Kind>,
  input: z.input<In>,
  actor: Actor = machine('thử'),
  at = now,
): Promise<z.output<Out>> =>
  perform(desk, operations.find((served) => served.it === (it as unknown)) as AnyServed, {
    actor,
    now: at,
    input,
  }) as Promise<z.output<Out>>
const refusedWith = (because: string) => (error: unknown) => error instanceof Refused && error.because === because
const granted = (role: Role, unitId: string, more: Partial<Actor> = {}): Actor => ({
  name: `nv:${role}`,
  kind: 'staff',
  userId: role,
  assurance: 'confirmed',
  grants: [{ role, kind: 'unit', scopeId: unitId }],
  ...more,
})
const unit = async (code: string, register = 'bg') => {
  const found = await registerFor(desk.db, register)
  assert.ok('found' in found)
  return (await unitByCode(desk.db, found.found.registerId, code))!.unitId
}

const units = `Mã đơn vị,Mã cấp trên,Tên đơn vị,Loại
T,,Đảng bộ tỉnh Bắc Giang,Tỉnh
H01,T,Đảng bộ huyện Yên Thế,Huyện
H01.X01,H01,Đảng bộ xã Đồng Tâm,Cơ sở
H01.X01.01,H01.X01,Chi bộ thôn 1,Chi bộ
H01.X01.02,H01.X01,Chi bộ thôn 2,Chi bộ
H01.X02,H01,Đảng bộ xã Tam Hiệp,Cơ sở
H01.X02.01,H01.X02,Chi bộ thôn Trại,Chi bộ
`
const people = `Mã số,Họ và tên,Ngày sinh,Giới tính,Mã đơn vị,Chức vụ,Điện thoại,Email,Miễn sinh hoạt
00000001,Nguyễn Văn An,20/03/1947,Nam,H01.X01.01,Bí thư chi bộ,0970194031,,
00000002,Đặng Thị Hạnh,18/08/1969,Nữ,H01.X01.01,,,hanh@example.vn,x
00000003,Lý Công Tuấn,1984,Nam,H01.X01.02,,,,01/01/2021–31/12/2021
00000004,Trần Ánh,1990,Nữ,H01.X02.01,,,,
`
const words = (found: { problems: { word: string; line: number }[] }) =>
  found.problems.map(({ word, line }) => `${line} ${word}`)

test('a province comes in by two files, and the same files again change nothing', async () => {
  const first = await bring('don-vi', units, { register: 'bg' })
  assert.deepEqual(first.summary, { added: 7, changed: 0, unchanged: 0, missing: 0 })
  const roll = await bring('dang-vien', people, { register: 'bg' })
  assert.deepEqual(roll.summary, { added: 4, changed: 0, unchanged: 0, missing: 0 })
  assert.ok(roll.remarks.some(({ word, column }) => word === 'setAside' && column === 'Giới tính'))
  assert.equal((await bring('don-vi', units, { register: 'bg' })).summary?.unchanged, 7)
  assert.equal((await bring('dang-vien', people, { register: 'bg' })).summary?.unchanged, 4)
})

test('the first files speak of what has been so since before any campaign', async () => {
  const top = await unit('T')
  const tree = await treeOn(desk.db, top, '2010-05-05')
  assert.deepEqual(
    tree.map(({ code }) => code),
    ['T', 'H01', 'H01.X01', 'H01.X01.01', 'H01.X01.02', 'H01.X02', 'H01.X02.01'],
  )
  const cell = tree.find(({ code }) => code === 'H01.X01.01')!
  assert.equal(cell.grassrootsId, await unit('H01.X01'))
  const rows = (
    await membersOn(
      tree.map(({ unitId }) => unitId),
      today,
    ).compile(desk.db)
  ).sql
  assert.match(rows, /membership/)
})

test('birth years are kept, never days; sex is kept nowhere', async () => {
  const row = await desk.db.selectFrom('person').selectAll().where('code', '=', '00000001').executeTakeFirstOrThrow()
  assert.equal(row.birth_year, 1947)
  assert.equal(row.sort_name, 'An Nguyễn Văn')
  assert.ok(!JSON.stringify(row).includes('Nam'))
})

test('every bad line is told with its line, and nothing is written', async () => {
  const found = await bring(
    'don-vi',
    `Mã đơn vị;Mã cấp trên;Tên đơn vị;Loại
A;B;Đơn vị A;Huyện
B;C;Đơn vị B;Huyện
C;A;Đơn vị C;Huyện
D;D;Đơn vị D;Huyện
E;H1.X01;Chi bộ E;Chi bộ
E;H01.X01;Chi bộ E;Chi bộ
123456789;H01.X01;Chi bộ số thẻ;Chi bộ
;H01;Không mã;Chi bộ
G;;Gốc thứ hai;Tỉnh
`,
    { register: 'bg' },
  )
  assert.equal(found.applied, false)
  assert.deepEqual(words(found), [
    '2 ownAncestor',
    '5 ownAncestor',
    '6 unknownParent',
    '7 duplicateCode',
    '8 identityNumber',
    '9 emptyCell',
    '10 secondRoot',
  ])
  assert.equal(found.problems[0]?.params?.path, 'A → B → C → A')
  assert.equal(found.problems[2]?.suggestion, 'H01.X01')
  assert.equal(found.preview.delimiter, ';')
})

test('card numbers are refused in every column but the telephone', async () => {
  const found = await bring(
    'dang-vien',
    `Mã số,Họ và tên,Ngày sinh,Mã đơn vị,Chức vụ,Điện thoại,Email,Miễn sinh hoạt
001090012345,Nguyễn Văn Bình,1980,H01.X01.01,,912345678,,
00000009,Nguyễn Văn Chí,1980,H01.X01.01,12.345678,12345,khong-phai,ốm
00000010,Nguyễn Văn Dũng,2019,H01.X01.O2,,,,
00000010,Nguyễn Văn Em,1980,H01,,,,
`,
    { register: 'bg' },
  )
  assert.deepEqual(words(found), [
    '2 identityNumber',
    '3 identityNumber',
    '3 badPhone',
    '3 badEmail',
    '3 badExemption',
    '4 impossibleBirthYear',
    '4 unknownUnit',
  ])
  assert.equal(found.problems.at(-1)?.suggestion, 'H01.X01.02')
  const card = await bring('dang-vien', `Số thẻ,Họ và tên,Mã đơn vị\n12.345678,Nguyễn A,H01.X01.01\n`, {
    register: 'bg',
  })
  assert.deepEqual(words(card), ['0 forbiddenColumn'])
})

test('two people with one code are told with both lines', async () => {
  const found = await bring(
    'dang-vien',
    `Mã số,Họ và tên,Mã đơn vị\n00000021,Nguyễn Văn A,H01.X01.01\n00000021,Nguyễn Văn B,H01.X01.01\n`,
    { register: 'bg' },
  )
  assert.deepEqual(words(found), ['3 duplicateCode'])
  assert.equal(found.problems[0]?.params?.firstLine, 2)
})

test('people without a code are known by name, birth year and cell; a likely pair is asked about, never merged', async () => {
  const same = await bring(
    'dang-vien',
    `Họ và tên,Năm sinh,Mã đơn vị\nTran Anh,1990,H01.X02.01\n`,
    { register: 'bg' },
    { check: true },
  )
  assert.deepEqual(
    same.summary,
    { added: 0, changed: 0, unchanged: 1, missing: 0 },
    'a list without accents takes none off',
  )
  const unsure = await bring('dang-vien', `Họ và tên,Mã đơn vị\nTrần Ánh,H01.X02.01\n`, { register: 'bg' })
  assert.deepEqual(words(unsure), ['2 doubtfulPerson'])
  const twins = await bring(
    'dang-vien',
    `Họ và tên,Năm sinh,Mã đơn vị\nVũ Hà,1991,H01.X02.01\nVũ Hà,1991,H01.X02.01\n`,
    { register: 'bg' },
  )
  assert.deepEqual(words(twins), ['3 twins'])
})

test('a file that would rename more than a tenth stops and asks; said on purpose, it goes through', async () => {
  const renamed = units.replaceAll('Chi bộ thôn', 'Chi bộ bản')
  const stopped = await bring('don-vi', renamed, { register: 'bg' })
  assert.deepEqual(words(stopped), ['0 largeChange'])
  assert.equal(stopped.applied, false)
  const meant = await bring('don-vi', renamed, { register: 'bg', confirmLargeChange: true })
  assert.equal(meant.summary?.changed, 3)
  const cell = await unit('H01.X01.01')
  const page = await ask(contract.unitPage, { unitId: cell })
  assert.deepEqual(
    page.versions.map(({ name, validFrom, validTo }) => [name, validFrom, validTo]),
    [
      ['Chi bộ bản 1', today, undefined],
      ['Chi bộ thôn 1', '2000-01-01', today],
    ],
  )
  const lastYear = await treeOn(desk.db, cell, '2020-01-01')
  assert.equal(lastYear[0]?.name, 'Chi bộ thôn 1')
  await bring('don-vi', units, { register: 'bg', confirmLargeChange: true })
})

test('a row missing from a file stays and is told', async () => {
  const short = units
    .split('\n')
    .filter((line) => !line.startsWith('H01.X02.01'))
    .join('\n')
  const found = await bring('don-vi', short, { register: 'bg' })
  assert.deepEqual(found.summary, { added: 0, changed: 0, unchanged: 6, missing: 1 })
  assert.ok(found.remarks.some(({ word, value }) => word === 'missingFromFile' && value === 'H01.X02.01'))
  assert.ok(await unit('H01.X02.01'))
})

test('a second province with the same codes lives in its own register, another depth and other words', async () => {
  const city = `Mã đơn vị;Mã cấp trên;Tên đơn vị;Loại
T;;Đảng bộ thành phố Huế;Thành uỷ
P1;T;Đảng bộ phường Thuận Hoá;Phường
P1.1;P1;Chi bộ tổ 1;Tổ
P1.2;P1;Chi bộ tổ 2;Tổ
`
  const ambiguous = await bring('dang-vien', people, {})
  assert.equal(ambiguous.applied, true, 'one register alone needs no name')
  const found = await bring('don-vi', city, { register: 'hue' })
  assert.equal(found.applied, true)
  assert.deepEqual(words(await bring('dang-vien', people, {})), ['0 chooseRegister'])
  const roll = await bring('dang-vien', `Mã số;Họ và tên;Mã đơn vị\n00000001;Hồ Thị Nga;P1.1\n`, { register: 'hue' })
  assert.equal(roll.applied, true)
  const tree = await treeOn(desk.db, await unit('T', 'hue'), today)
  assert.equal(tree.find(({ code }) => code === 'P1.1')?.grassrootsId, await unit('P1', 'hue'))
  assert.equal((await treeOn(desk.db, await unit('T'), today)).length, 7)
})

test('a register may hang under a unit of another', async () => {
  const school = `Mã đơn vị,Mã cấp trên,Tên đơn vị,Loại\nTR,,Đảng bộ trường,Cơ sở\nTR.1,TR,Chi bộ khoa,Chi bộ\n`
  assert.deepEqual(words(await bring('don-vi', school, { register: 'truong', under: 'H99' })), ['0 unknownUnit'])
  await bring('don-vi', school, { register: 'truong', under: 'H01' })
  assert.deepEqual((await treeOn(desk.db, await unit('T'), today)).map(({ code }) => code).slice(-2), ['TR', 'TR.1'])
})

test('search finds a unit without its accents, and by its code', async () => {
  const byName = await ask(contract.findUnits, { text: 'dong tam' })
  assert.deepEqual(
    byName.units.map(({ code, above }) => [code, above.length]),
    [['H01.X01', 2]],
  )
  const byCode = await ask(contract.findUnits, { text: 'h01.x02' })
  assert.equal(byCode.units[0]?.code, 'H01.X02')
})

test('counts go up the tree; a reader beside it sees names of units and no numbers', async () => {
  const top = await unit('T')
  const own = await ask(contract.tops, {}, granted('organiser', await unit('H01')))
  assert.deepEqual(
    own.units.map(({ code, members, exempt }) => [code, members, exempt]),
    [['H01', 4, 2]],
  )
  const beside = await ask(contract.children, { unitId: top }, granted('head', await unit('T', 'hue')))
  assert.deepEqual(
    beside.rows.map(({ code, members }) => [code, members]),
    [['H01', undefined]],
  )
  const member: Actor = { name: 'đv:1', kind: 'member', personId: 'x', assurance: 'entered', grants: [] }
  await assert.rejects(ask(contract.children, { unitId: top }, member), refusedWith('staffOnly'))
})

test('names are for the grassroots unit’s own officer and secretary; higher up there are totals only', async () => {
  const [grassroots, cell, top] = [await unit('H01.X01'), await unit('H01.X01.01'), await unit('T')]
  const officer = await ask(contract.people, { unitId: grassroots }, granted('organiser', grassroots))
  assert.deepEqual(
    officer.rows.map(({ fullName }) => fullName),
    ['Nguyễn Văn An', 'Đặng Thị Hạnh', 'Lý Công Tuấn'],
  )
  const secretary = await ask(contract.people, { unitId: cell }, granted('cellSecretary', cell))
  assert.equal(secretary.total, 2)
  await assert.rejects(
    ask(contract.people, { unitId: grassroots }, granted('organiser', top)),
    refusedWith('totalsOnly'),
  )
  await assert.rejects(
    ask(contract.people, { unitId: grassroots }, granted('cellSecretary', cell)),
    refusedWith('notYours'),
  )
  await assert.rejects(
    ask(contract.people, { unitId: cell }, granted('organiser', await unit('H01.X02'))),
    refusedWith('notYours'),
  )
  await assert.rejects(ask(contract.people, { unitId: cell }, granted('administrator', top)), refusedWith('totalsOnly'))
})

test('a province’s own officer sees no list of the whole province', async () => {
  const top = await unit('T')
  for (const role of ['organiser', 'cellSecretary', 'head'] as const)
    await assert.rejects(ask(contract.people, { unitId: top }, granted(role, top)), refusedWith('totalsOnly'))
  assert.equal((await ask(contract.unitPage, { unitId: top }, granted('organiser', top))).seesNames, false)
})

test('a list of people is one look, found by each of them; a dated task states its reason', async () => {
  const grassroots = await unit('H01.X01')
  const looks = () =>
    desk.pool
      .query<{ how_many: number; reason: string | null }>('select how_many, reason from look order by seq')
      .then(({ rows }) => rows)
  const earlier = (await looks()).length
  const task = granted('head', await unit('T'), { nameTasks: [{ unitId: grassroots, reason: 'Xác minh danh sách' }] })
  await ask(contract.people, { unitId: grassroots }, task)
  assert.deepEqual((await looks()).slice(earlier), [{ how_many: 3, reason: 'Xác minh danh sách' }])
})

test('people are found without accents, filtered, and turned page by page in Vietnamese order', async () => {
  const unitId = await unit('H01.X01')
  const found = await ask(contract.people, { unitId, text: 'dang thi' })
  assert.deepEqual(
    found.rows.map(({ fullName }) => fullName),
    ['Đặng Thị Hạnh'],
  )
  assert.equal((await ask(contract.people, { unitId, filter: 'exempt' })).total, 2)
  const second = await ask(contract.people, { unitId, size: 2, page: 2 })
  assert.deepEqual([second.total, second.rows.length], [3, 1])
})

test('a list is taken home as CSV and as a workbook, and the look says how many', async () => {
  const unitId = await unit('H01.X01')
  const read = async (format: 'csv' | 'xlsx') => {
    const file = (await ask(contract.exportPeople, { unitId, format })) as FileAnswer
    const parts: Buffer[] = []
    for await (const part of file.body as NodeJS.ReadableStream) parts.push(Buffer.from(part))
    return Buffer.concat(parts)
  }
  const csv = (await read('csv')).toString()
  assert.match(csv, /00000002,Đặng Thị Hạnh,1969,H01\.X01\.01,Chi bộ thôn 1,,x,/)
  assert.equal((await read('xlsx')).subarray(0, 2).toString(), 'PK')
})

test('someone moves to another cell on a day: both memberships stay told', async () => {
  const [from, to] = [await unit('H01.X01.01'), await unit('H01.X01.02')]
  const officer = granted('organiser', await unit('H01.X01'))
  const { rows } = await ask(contract.people, { unitId: from, text: 'An' }, officer)
  const personId = rows[0]!.personId
  await assert.rejects(
    ask(contract.transferPerson, { unitId: from, personId, toUnitId: to, day: '2030-01-01' }, officer),
    refusedWith('dayInFuture'),
  )
  await ask(contract.transferPerson, { unitId: from, personId, toUnitId: to, day: '2021-02-01' }, officer)
  const card = await ask(contract.personCard, { unitId: to, personId }, officer)
  assert.deepEqual(
    card.memberships.map(({ unitName, validFrom, validTo }) => [unitName, validFrom, validTo]),
    [
      ['Chi bộ thôn 2', '2021-02-01', undefined],
      ['Chi bộ thôn 1', '2000-01-01', '2021-02-01'],
    ],
  )
  await assert.rejects(ask(contract.personCard, { unitId: from, personId }, officer), refusedWith('notFound'))
})

test('an exemption begins and ends by days, and two cannot overlap', async () => {
  const unitId = await unit('H01.X02.01')
  const officer = granted('organiser', await unit('H01.X02'))
  const personId = (await ask(contract.people, { unitId }, officer)).rows[0]!.personId
  await ask(contract.exemptPerson, { unitId, personId, from: '2021-01-01' }, officer)
  await assert.rejects(
    ask(contract.exemptPerson, { unitId, personId, from: '2021-02-01' }, officer),
    refusedWith('alreadyExempt'),
  )
  assert.equal((await ask(contract.personCard, { unitId, personId }, officer)).exempt, true)
  await ask(contract.endExemption, { unitId, personId, day: '2021-02-15' }, officer)
  assert.equal((await ask(contract.personCard, { unitId, personId }, officer)).exempt, false)
})

test('after erasure nobody can be read, and the count of those who were there stands', async () => {
  const unitId = await unit('H01.X01.01')
  const { personId } = await ask(contract.addPerson, {
    unitId,
    fullName: 'Phạm Thị Lan',
    birthYear: 1975,
    code: 'L1',
    phone: '0912345678',
  })
  await ask(contract.erasePerson, { unitId, personId })
  const row = await desk.db.selectFrom('person').selectAll().where('id', '=', personId).executeTakeFirstOrThrow()
  assert.equal(row.full_name, erasedName)
  assert.ok(
    !/Lan|1975|L1|0912/.test(JSON.stringify({ ...row, id: '', register_id: '', recorded_at: '', erased_at: '' })),
  )
  await assert.rejects(ask(contract.personCard, { unitId, personId }), refusedWith('notFound'))
})

test('two communes merge: people and cells go over, the old one closes and points to the new', async () => {
  const [into, from] = [await unit('H01.X01'), await unit('H01.X02')]
  const day = '2021-03-01'
  const moved = await ask(contract.mergeUnits, { unitId: into, fromIds: [from], day, decision: 'Nghị quyết 1' })
  assert.deepEqual(moved, { people: 0, units: 1 })
  const page = await ask(contract.unitPage, { unitId: from })
  assert.equal(page.closedOn, day)
  assert.deepEqual(
    page.successors.map(({ code, direction }) => [code, direction]),
    [['H01.X01', 'into']],
  )
  assert.equal((await ask(contract.unitPage, { unitId: into })).members, 4)
  assert.equal((await treeOn(desk.db, from, '2021-02-28')).length, 2, 'yesterday the old commune stood')
})

test('a cell splits: everyone is placed in one of the parts, or it is refused', async () => {
  const unitId = await unit('H01.X01.02')
  const { rows } = await ask(contract.people, { unitId })
  const parts = [
    { code: 'H01.X01.02A', name: 'Chi bộ thôn 2A', personIds: [rows[0]!.personId] },
    { code: 'H01.X01.02B', name: 'Chi bộ thôn 2B', personIds: [] as string[] },
  ]
  await assert.rejects(ask(contract.splitUnit, { unitId, day: today, parts }), refusedWith('notAllPlaced'))
  parts[1]!.personIds = rows.slice(1).map(({ personId }) => personId)
  const { unitIds } = await ask(contract.splitUnit, { unitId, day: today, parts })
  assert.equal((await ask(contract.unitPage, { unitId: unitIds[1]! })).members, rows.length - 1)
})

test('a unit moves, never under itself, never in a day to come, and closes only when empty', async () => {
  const [grassroots, cell, district] = [await unit('H01.X01'), await unit('H01.X01.01'), await unit('H01')]
  await assert.rejects(
    ask(contract.moveUnit, { unitId: district, parentId: cell, day: today }),
    refusedWith('intoItself'),
  )
  await assert.rejects(
    ask(contract.moveUnit, { unitId: cell, parentId: district, day: '2021-03-02' }),
    refusedWith('dayInFuture'),
  )
  await assert.rejects(ask(contract.closeUnit, { unitId: grassroots, day: today }), refusedWith('stillHasUnits'))
  await assert.rejects(ask(contract.closeUnit, { unitId: cell, day: today }), refusedWith('stillHasPeople'))
  const elsewhere = await unit('P1', 'hue')
  await assert.rejects(
    ask(contract.moveUnit, { unitId: cell, parentId: elsewhere, day: today }, granted('dataOfficer', district)),
    refusedWith('notYours'),
  )
})

test('whoever was given a part of the tree imports into that part only', async () => {
  const district = await unit('H01')
  const officer = granted('dataOfficer', district)
  const request = {
    kind: 'don-vi',
    actor: officer,
    now,
  }
  const file = (text: string) => ({
    bytes: Buffer.from(`Mã đơn vị,Mã cấp trên,Tên đơn vị,Loại\n${text}`),
    fileName: 'a.csv',
  })
  const outside = await runImport(desk, importKinds, {
    ...request,
    file: file('Z1,T,Huyện lạ,Huyện\n'),
    options: { register: 'bg', withinId: district },
  })
  assert.deepEqual(words(outside), ['2 outsideYours'])
  const inside = await runImport(desk, importKinds, {
    ...request,
    file: file('H01.X09,H01,Xã mới,Cơ sở\n'),
    options: { register: 'bg', withinId: district },
  })
  assert.equal(inside.applied, true)
  await assert.rejects(
    runImport(desk, importKinds, { ...request, file: file('H01.X10,H01,Xã nữa,Cơ sở\n'), options: { register: 'bg' } }),
    refusedWith('notYours'),
  )
})

test('an office begins with its own unit, by hand', async () => {
  await ask(contract.addRegister, { code: 'moi', name: 'Sổ mới' })
  await assert.rejects(ask(contract.addUnit, { code: 'R', name: 'Gốc' }), refusedWith('whichRegister'))
  const root = await ask(contract.addUnit, { code: 'R', name: 'Đảng bộ xã', registerCode: 'moi' })
  await ask(contract.addUnit, { code: 'R.1', name: 'Chi bộ 1', parentId: root.unitId })
  await assert.rejects(
    ask(contract.addUnit, { code: 'R.1', name: 'Chi bộ 1', parentId: root.unitId }),
    refusedWith('codeTaken'),
  )
  assert.equal((await ask(contract.children, { unitId: root.unitId })).total, 1)
})
