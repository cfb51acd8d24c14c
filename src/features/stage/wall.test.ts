import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { Alarm, WallSite } from './contract.ts'
import {
  axisOf,
  countdown,
  findSites,
  groupsOf,
  headsOf,
  inOrder,
  isAudible,
  keepSame,
  lateMinutes,
  moved,
  needsAttention,
  type Run,
  stepIn,
  unreportedSites,
  type Wall,
} from './wall.ts'

const at = (clock: string) => new Date(`2021-01-14T${clock}:00+07:00`).toISOString()
const now = (clock: string) => new Date(at(clock))
const site = (name: string, over: Partial<WallSite> = {}): WallSite => ({
  siteId: name,
  code: `S-${name}`,
  name,
  groupId: 'luc-ngan',
  kind: 'hall',
  seats: 300,
  summoned: 300,
  headcount: 280,
  present: 280,
  ready: true,
  readyNote: '',
  word: 'good',
  mode: 'webrtc',
  picture: false,
  lastWord: '',
  slidePage: 14,
  contactName: '',
  contactPhone: '',
  ...over,
})
const alarm = (kind: Alarm['kind'], names: string[], over: Partial<Alarm> = {}): Alarm => ({
  key: `${kind}:${names}`,
  kind,
  since: at('09:40'),
  sites: names.map((name) => ({ siteId: name, name, groupId: 'luc-ngan' })),
  detail: '',
  loud: kind === 'lost' || kind === 'oneWay',
  ...over,
})
const wallOf = (sites: WallSite[], alarms: Alarm[] = []): Wall => ({
  conference: { conferenceId: '', name: '', sessionName: '', startsAt: at('07:50'), endsAt: at('11:40') },
  state: 'onAir',
  takeNo: 1,
  previews: [],
  groups: [{ groupId: 'luc-ngan', name: 'Lục Ngạn' }],
  sites,
  parts: [],
  alarms,
  hands: [],
  run: [],
  messages: { lectern: '', halls: '' },
  headcount: { present: 0, summoned: 0, reported: 0, sites: 0 },
  screens: { full: 0, slow: 0, soundAndSlides: 0, television: 0, keepsSlide: 0 },
  at: at('09:46'),
})
const item = (
  kind: Run[number]['kind'],
  title: string,
  planned: [string, string],
  real: [string?, string?] = [],
): Run[number] => ({
  kind,
  title,
  topicId: kind === 'free' ? undefined : title.replace(/\D/g, ''),
  speaker: '',
  plannedFrom: at(planned[0]),
  plannedTo: at(planned[1]),
  realFrom: real[0] === undefined ? undefined : at(real[0]),
  realTo: real[1] === undefined ? undefined : at(real[1]),
})
const morning: Run = [
  item('free', 'Khai mạc', ['08:00', '08:15'], ['08:03', '08:19']),
  item('deliver', 'Chuyên đề 1', ['08:15', '09:00'], ['08:19', '09:06']),
  item('questions', 'Hỏi – đáp 1', ['09:00', '09:15'], ['09:06', '09:20']),
  item('free', 'Nghỉ', ['09:15', '09:30'], ['09:20', '09:33']),
  item('deliver', 'Chuyên đề 2', ['09:30', '10:15'], ['09:33']),
  item('questions', 'Hỏi – đáp 2', ['10:15', '10:30']),
]

suite('the wall', () => {
  test('a group says what is wrong in it, and a hall that is not due yet is not late', () => {
    const sites = [
      site('Hồng Giang', { handAt: at('09:40') }),
      site('Xa Lý', { word: 'weak' }),
      site('Cấm Sơn', { headcount: undefined }),
      site('Phong Vân', { headcount: undefined }),
      site('Đồng Tiến', { word: 'lost' }),
    ]
    const [quiet] = groupsOf(wallOf(sites))
    assert.equal(quiet?.unreported, 0)
    const [group] = groupsOf(wallOf(sites, [alarm('unreported', ['Cấm Sơn'])]))
    assert.deepEqual(group && [group.lost, group.weak, group.unreported, group.hands], [1, 1, 1, 1])
    assert.deepEqual(group?.looks, ['hand', 'weak', 'unreported', 'good', 'lost'])
    assert.equal(group?.key, '1')
  })
  test('a site that did not report leaves both sides of the fraction', () => {
    const heads = headsOf([site('a', { headcount: 290, summoned: 300 }), site('b', { headcount: undefined })])
    assert.deepEqual(heads, { reported: 1, sites: 2, present: 290, summoned: 300 })
  })
  test('a hall before a television is never without a line', () => {
    const tv = site('Dương Hưu', { kind: 'viewing', word: 'away', mode: 'none' })
    assert.equal(needsAttention(tv, new Set(), 'onAir'), false)
    assert.equal(needsAttention(site('a', { word: 'away' }), new Set(), 'onAir'), true)
    assert.equal(needsAttention(site('a', { word: 'slow' }), new Set(), 'onAir'), false)
  })
  test('a hall is found without its marks, by its group and by its code', () => {
    const sites = [site('Xã Hồng Giang'), site('Xã Kiên Thành'), site('Xã Đồng Cốc')]
    const found = (typed: string) => findSites(sites, () => 'Lục Ngạn', typed).map((one) => one.name)
    assert.deepEqual(found('hong gi'), ['Xã Hồng Giang'])
    assert.deepEqual(found('dong'), ['Xã Đồng Cốc'])
    assert.deepEqual(found('s-xa dong'), ['Xã Đồng Cốc'])
    assert.equal(found('luc ngan').length, 3)
    assert.deepEqual(found('  '), [])
  })
  test('an arrow never leaves the page', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'),
        fc.nat(29),
        (count, key, from) => {
          const to = stepIn(count, 6, Math.min(from, count - 1), key)
          return to >= 0 && to < count
        },
      ),
    )
  })
  test('a tile that did not change is the same object after the next snapshot', () => {
    const before = [site('a'), site('b')]
    const after = keepSame(before, [site('a'), site('b', { word: 'lost' })], (one) => one.siteId)
    assert.equal(after[0], before[0])
    assert.notEqual(after[1], before[1])
  })
})

suite('alarms', () => {
  test('the loudest comes first, what somebody took after it, what mended itself last', () => {
    const order = inOrder([
      alarm('steppedDown', ['a']),
      alarm('lost', ['b'], { mendedAt: at('09:45') }),
      alarm('unreported', ['c']),
      alarm('lost', ['d'], { takenBy: 'Đ/c Bình' }),
      alarm('oneWay', ['e']),
      alarm('lost', ['f']),
    ]).map((one) => one.sites[0]?.name)
    assert.deepEqual(order, ['f', 'e', 'c', 'a', 'd', 'b'])
  })
  test('only a hall on air or in preview is worth a sound, until somebody has taken it', () => {
    const watched = new Set(['Hồng Giang'])
    assert.equal(isAudible(alarm('lost', ['Hồng Giang']), watched), true)
    assert.equal(isAudible(alarm('lost', ['Đồng Tiến']), watched), false)
    assert.equal(isAudible(alarm('steppedDown', ['Hồng Giang']), watched), false)
    assert.equal(isAudible(alarm('lost', ['Hồng Giang'], { takenBy: 'Đ/c Bình' }), watched), false)
  })
  test('sites without a headcount are those an alarm names', () => {
    assert.deepEqual([...unreportedSites([alarm('unreported', ['a', 'b']), alarm('lost', ['c'])])], ['a', 'b'])
  })
})

suite('plan and reality', () => {
  const topic = {
    topicId: '2',
    nth: 2,
    of: 3,
    title: 'Chuyên đề 2',
    speaker: '',
    phase: 'deliver' as const,
    beganAt: at('09:33'),
    questionsAt: at('10:18'),
    endsAt: at('10:33'),
  }
  test('a topic begun three minutes late says so, and its fifteen minutes of questions stay whole', () => {
    assert.equal(lateMinutes(morning, now('09:46')), 3)
    const axis = axisOf(morning, topic, now('09:46'))
    assert.equal(axis?.keptMinutes, 15)
    assert.equal(axis?.leftMinutes, 32)
    const questions = axis?.real.at(-1)
    assert.equal(questions?.kind, 'questions')
    assert.equal((questions?.toMs ?? 0) - (questions?.fromMs ?? 0), 15 * 60_000)
  })
  test('a topic that runs over is late by what it runs over', () => {
    assert.equal(lateMinutes(morning, now('10:25')), 10)
  })
  test('nothing is late before the day has begun, nor once it is over', () => {
    const fresh = morning.map((one) => ({ ...one, realFrom: undefined, realTo: undefined }))
    assert.equal(lateMinutes(fresh, now('07:30')), undefined)
    assert.equal(lateMinutes(fresh, now('08:25')), 10)
    const over = morning.map((one) => ({ ...one, realFrom: one.plannedFrom, realTo: one.plannedTo }))
    assert.equal(lateMinutes(over, now('11:30')), undefined)
  })
  test('every block lies on the axis', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8 * 60, max: 12 * 60 }), (minute) => {
        const axis = axisOf(morning, topic, new Date(Date.parse(at('00:00')) + minute * 60_000))
        return [...(axis?.plan ?? []), ...(axis?.real ?? [])].every(
          (one) => one.fromMs >= axis!.fromMs && one.toMs <= axis!.toMs && one.toMs >= one.fromMs,
        )
      }),
    )
  })
  test('a countdown says minutes and seconds, and a minus when it is over', () => {
    const noon = now('12:00')
    assert.equal(countdown(noon.getTime() + 1_900_000, noon), '31:40')
    assert.equal(countdown(noon.getTime() - 65_000, noon), '−1:05')
    assert.equal(countdown(noon.getTime() + 3_725_000, noon), '1:02:05')
  })
})

suite('the order of the queue', () => {
  test('moving one hand loses nobody and puts nobody in twice', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.nat(20), fc.integer({ min: -2, max: 22 }), (hands, from, to) => {
        const after = moved(hands, from, to)
        assert.deepEqual(after.toSorted(), hands.toSorted())
        if (from < hands.length && to >= 0 && to < hands.length) assert.equal(after[to], hands[from])
      }),
    )
  })
})
