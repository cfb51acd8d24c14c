import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { planLevels } from './levels.ts'
import {
  findCycle,
  isForbiddenHeader,
  looksLikeIdentityNumber,
  nearest,
  plant,
  readExemption,
  tidyPhone,
} from './rules.ts'

const branches = fc.array(fc.nat(), { minLength: 1, maxLength: 60 }).map((picks) =>
  picks.map((pick, i) => ({
    unitId: `u${i}`,
    code: `U${i}`,
    keepsNames: pick % 5 === 0,
    // A parent always comes earlier, so there is no circle; every seventh is a root.
    parentId: i === 0 || pick % 7 === 0 ? undefined : `u${pick % i}`,
  })),
)

test('a subtree is exactly the range between the two numbers of its top', () => {
  fc.assert(
    fc.property(branches, (given) => {
      const planted = plant(given)
      assert.equal(planted.length, given.length)
      for (const top of planted)
        for (const unit of planted)
          assert.equal(unit.lft >= top.lft && unit.lft <= top.rgt, unit.path.includes(top.unitId))
    }),
  )
})
test('every leaf has one grassroots unit on its own path, and everyone below that unit has the same', () => {
  fc.assert(
    fc.property(branches, (given) => {
      const planted = plant(given)
      const byId = new Map(planted.map((unit) => [unit.unitId, unit]))
      for (const unit of planted) {
        if (unit.children === 0) assert.ok(unit.grassrootsId !== undefined)
        if (unit.grassrootsId === undefined) continue
        assert.ok(unit.path.includes(unit.grassrootsId))
        const above = unit.parentId && byId.get(unit.parentId)
        if (above && above.grassrootsId !== undefined) assert.equal(unit.grassrootsId, above.grassrootsId)
      }
    }),
  )
})
test('siblings stand in the order of their codes, numbers as numbers', () => {
  const unit = (code: string, parentId?: string) => ({ unitId: code, code, parentId, keepsNames: false })
  const planted = plant([unit('T'), unit('X10', 'T'), unit('X2', 'T'), unit('X1', 'T')])
  assert.deepEqual(
    planted.map(({ unitId }) => unitId),
    ['T', 'X1', 'X2', 'X10'],
  )
})
test('a circle is told as the chain it is, and a tree has none', () => {
  assert.equal(findCycle(new Map([['b', 'a'], ['c', 'b'], ['a', undefined]])), undefined) // biome-ignore format: one line reads better
  assert.deepEqual(findCycle(new Map([['x', 'a'], ['a', 'b'], ['b', 'c'], ['c', 'a']])), ['a', 'b', 'c']) // biome-ignore format: one line reads better
  assert.deepEqual(findCycle(new Map([['a', 'a']])), ['a'])
})

test('identity and card numbers are known by their shape; the office’s own numbers pass', () => {
  for (const number of ['123456789', '001 090 012 345', '12.345678']) assert.ok(looksLikeIdentityNumber(number), number)
  for (const code of ['00000001', 'H01.X01.01', '12.34567', 'DV-123456789', ''])
    assert.ok(!looksLikeIdentityNumber(code), code)
})
test('columns of card and identity numbers are refused by their header', () => {
  for (const header of ['Số thẻ', 'Số thẻ đảng viên', 'CCCD', 'Số CMND/CCCD', 'Số căn cước công dân', 'SO THE DV'])
    assert.ok(isForbiddenHeader(header), header)
  for (const header of ['Ghi chú', 'Giới tính', 'Số điện thoại', 'Thể loại'])
    assert.ok(!isForbiddenHeader(header), header)
})
test('telephone numbers are read as people write them', () => {
  assert.equal(tidyPhone('0912 345.678'), '0912345678')
  assert.equal(tidyPhone('+84 912 345 678'), '0912345678')
  assert.equal(tidyPhone('912345678'), '0912345678')
  assert.equal(tidyPhone('02043 854 321'), '02043854321')
  assert.equal(tidyPhone('12345'), undefined)
  assert.equal(tidyPhone('không có'), undefined)
})
test('an exemption is an x or two days, the last one included', () => {
  const day = (text: string) => text.split('/').reverse().join('-')
  assert.deepEqual(readExemption('x', day), { exempt: true })
  assert.deepEqual(readExemption('', day), { exempt: false })
  const year = { exempt: true, from: '2021-01-01', to: '2022-01-01' }
  assert.deepEqual(readExemption('01/01/2021–31/12/2021', day), year)
  assert.deepEqual(readExemption('từ ngày 01/01/2021 đến ngày 31/12/2021', day), year)
  assert.deepEqual(readExemption('từ 01/01/2021', day), { exempt: true, from: '2021-01-01' })
  assert.equal(readExemption('31/12/2021–01/01/2021', day), 'unreadable')
  assert.equal(readExemption('sức khoẻ yếu', day), 'unreadable')
})
test('a typing error finds its neighbour, a stranger finds none', () => {
  const codes = ['H01.X01', 'H01.X02', 'H10.X01', 'K03']
  assert.equal(nearest('h01 x01', codes), 'H01.X01')
  assert.equal(nearest('H01.XO2', codes), 'H01.X02')
  assert.equal(nearest('Thanh Hoá', codes), undefined)
})

const shared = [
  {
    schemeId: 's',
    code: '2020',
    shared: true,
    levels: ['Tỉnh', 'Huyện', 'Cơ sở', 'Chi bộ'].map((name, i) => ({
      levelId: name,
      rank: i + 1,
      name,
      keepsNames: i === 2,
    })),
  },
]
const word = (of: string, depth: number, aboveLeaves = false) => ({ word: of, count: 1, depth, aboveLeaves })
const nothing = { shared, remembered: new Map(), chosen: new Map() }

test('words that a shared scheme knows use it, whatever their letters', () => {
  const plan = planLevels([word('TỈNH', 0), word('huyen', 1), word('Cơ sở', 2, true), word('Chi bộ', 3)], nothing)
  assert.deepEqual(plan.scheme, { schemeId: 's' })
  assert.ok(plan.choices.every(({ by }) => by === 'name'))
})
test('one strange word makes a copy of the scheme with one level more', () => {
  const plan = planLevels([word('Tỉnh', 0), word('Huyện', 1), word('Đảng bộ bộ phận', 3), word('Chi bộ', 4)], nothing)
  assert.ok('own' in plan.scheme && plan.scheme.copyOf === 's')
  assert.deepEqual(plan.scheme.levels.at(-1), { rank: 4, name: 'Đảng bộ bộ phận', keepsNames: false })
})
test('another country’s words become its own levels, and names are kept just above the leaves', () => {
  const plan = planLevels([word('Thành uỷ', 0), word('Phường', 1, true), word('Tổ', 2)], nothing)
  assert.ok('own' in plan.scheme && plan.scheme.copyOf === undefined)
  assert.deepEqual(
    plan.choices.map(({ level, by }) => [level.name, level.rank, level.keepsNames, by]),
    [
      ['Thành uỷ', 1, false, 'new'],
      ['Phường', 2, true, 'new'],
      ['Tổ', 3, false, 'new'],
    ],
  )
})
test('what a person chose goes before what the word says', () => {
  const plan = planLevels([word('Khối', 1)], { ...nothing, chosen: new Map([['khoi', 'Huyện']]) })
  assert.equal(plan.choices[0]?.level.name, 'Huyện')
})
test('a file without the column goes by depth', () => {
  const plan = planLevels([word('', 0), word('', 1), word('', 2, true), word('', 3)], nothing)
  assert.deepEqual(
    plan.choices.map(({ level }) => level.name),
    ['Tỉnh', 'Huyện', 'Cơ sở', 'Chi bộ'],
  )
})
