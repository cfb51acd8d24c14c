import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold, sortName, tidy } from './fold.ts'
import { atVietnam, dayOf, formatClock, formatDay, formatLongDay } from './time.ts'

test('a name is found without its marks, however it was typed', () => {
  assert.equal(fold('  Đặng  Thị HẠNH '), 'dang thi hanh')
  assert.equal(fold('Đặng Thị Hạnh'.normalize('NFD')), fold('Đặng Thị Hạnh'))
})
test('people are listed by given name', () => {
  const people = ['Trần Văn Uy', 'Lê Thị An', 'Phạm Đình Đạt', 'Nguyễn Văn Dũng', 'Vũ Thị Ân']
  const inOrder = [...people].sort((a, b) => new Intl.Collator('vi').compare(sortName(a), sortName(b)))
  assert.deepEqual(inOrder, ['Lê Thị An', 'Vũ Thị Ân', 'Nguyễn Văn Dũng', 'Phạm Đình Đạt', 'Trần Văn Uy'])
})
test('typed text is kept composed, with single spaces', () =>
  assert.equal(tidy(' Chi bộ\n  1 '.normalize('NFD')), 'Chi bộ 1'))
test('the day and the hour are those of Việt Nam', () => {
  const late = new Date('2021-01-13T23:30:00Z')
  assert.equal(dayOf(late), '2021-01-14')
  assert.equal(formatDay(late), '14/01/2021')
  assert.equal(formatClock(late), '6:30')
  assert.equal(formatLongDay('2021-05-05'), 'ngày 05 tháng 5 năm 2021')
  assert.equal(atVietnam('2021-01-14', '6:30').getTime(), late.getTime())
})
