import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { addMinutes, atVietnam, formatClock } from '../../kernel/time.ts'
import { states } from './contract.ts'
import { approvalProblems, layOut, mayMove, minutesOf, nextStates } from './rules.ts'

const at = (clock: string) => atVietnam('2021-01-14', clock)
const topic = (deliverMinutes: number, questionMinutes: number) => ({
  title: 'Chuyên đề',
  speaker: '',
  deliverMinutes,
  questionMinutes,
})
const morning = (topics = [topic(90, 15)]) => ({
  code: 'B1',
  startsAt: at('07:30'),
  endsAt: at('11:30'),
  mode: 'local' as const,
  audience: 'members' as const,
  topics,
})
const study = { purpose: 'study' as const, classified: false, ownDevice: true }
const because = (problems: { because: string }[]) => problems.map((problem) => problem.because)

describe('approval', () => {
  test('a study conference with a session, a topic and minutes for questions may be approved', () =>
    assert.deepEqual(approvalProblems(study, [morning()]), []))
  test('no session, no topic, no minute for questions: each is said', () => {
    assert.deepEqual(because(approvalProblems(study, [])), ['noSession'])
    assert.deepEqual(because(approvalProblems(study, [morning([])])), ['noTopic'])
    assert.deepEqual(because(approvalProblems(study, [morning([topic(90, 0), topic(60, 0)])])), ['noQuestionMinutes'])
  })
  test('one topic’s question minutes serve the whole session', () =>
    assert.deepEqual(approvalProblems(study, [morning([topic(90, 0), topic(60, 20)])]), []))
  test('more minutes than the session has are counted out', () =>
    assert.deepEqual(approvalProblems(study, [morning([topic(240, 15)])]), [
      { because: 'minutesOverflow', session: 'B1', minutes: 15 },
    ]))
  test('two sessions at the same hour cannot be', () => {
    const second = { ...morning(), code: 'B2', startsAt: at('11:00'), endsAt: at('12:30'), topics: [topic(30, 5)] }
    assert.deepEqual(because(approvalProblems(study, [second, morning()])), ['sessionsOverlap'])
  })
  test('a make-up needs no topics, but a relayed session needs what it relays', () => {
    assert.deepEqual(approvalProblems({ ...study, purpose: 'makeup' }, [morning([])]), [])
    const below = { ...study, parentId: 'p' }
    const relayed = { ...morning([]), mode: 'relayed' as const }
    assert.deepEqual(because(approvalProblems(below, [relayed])), ['relaysNothing'])
    assert.deepEqual(approvalProblems(below, [{ ...relayed, relaysId: 's' }]), [])
  })
  test('what is secret is on nobody’s own device', () =>
    assert.deepEqual(because(approvalProblems({ ...study, classified: true }, [morning()])), ['classifiedOnline']))
})

describe('states', () => {
  test('a closed conference stays closed and nothing skips its approval', () => {
    assert.deepEqual(nextStates('closed'), [])
    assert.equal(mayMove('draft', 'open'), false)
    assert.equal(mayMove('approved', 'draft'), true)
    assert.equal(mayMove('open', 'closed'), true)
    assert.equal(mayMove('live', 'open'), false)
  })
  test('from every state but the last there is a way to the end', () => {
    const reach = (from: (typeof states)[number], seen = new Set<string>([from])): Set<string> => {
      for (const next of nextStates(from)) if (!seen.has(next)) reach(next, seen.add(next))
      return seen
    }
    for (const state of states) assert.ok(reach(state).has('closed'))
  })
})

describe('the day', () => {
  test('minutes fall one after another, questions after their topic, the rest is free', () => {
    const items = layOut(morning([topic(90, 15), topic(60, 0)]))
    assert.deepEqual(
      items.map(({ kind, from, to }) => [kind, formatClock(from), formatClock(to)]),
      [
        ['deliver', '7:30', '9:00'],
        ['questions', '9:00', '9:15'],
        ['deliver', '9:15', '10:15'],
        ['free', '10:15', '11:30'],
      ],
    )
  })
  test('the items of any session follow each other without a gap, and none is lost', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(120), fc.nat(60)), { maxLength: 8 }),
        fc.integer({ min: 1, max: 600 }),
        (minutes, length) => {
          const topics = minutes.map(([deliver, questions]) => topic(deliver, questions))
          const items = layOut({ startsAt: at('07:00'), endsAt: addMinutes(at('07:00'), length), topics })
          let end = at('07:00')
          for (const { from, to } of items) {
            assert.equal(+from, +end)
            end = to
          }
          const spoken = items.filter(({ kind }) => kind !== 'free').reduce((sum, item) => sum + item.minutes, 0)
          assert.equal(spoken, minutesOf(topics))
          assert.ok(+end >= +at('07:00') + Math.min(length, minutesOf(topics)) * 60_000)
        },
      ),
    ))
})
