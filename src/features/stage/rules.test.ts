import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { addMinutes } from '../../kernel/time.ts'
import type { LineMode, LineWord } from './contract.ts'
import {
  alarmsOf,
  assignModes,
  judgeLine,
  type Line,
  mayMoveStage,
  mayShowPicture,
  orderQueue,
  type Receiver,
  type Report,
  reportedAt,
  runOfShow,
  silentSince,
  standingOf,
  type Trouble,
  type Turn,
  topicNow,
  type Waiting,
  wordOf,
} from './rules.ts'

const nine = new Date('2021-01-14T02:00:00Z')
const after = (seconds: number) => new Date(nine.getTime() + seconds * 1000)

describe('the session', () => {
  test('goes from closed to backstage, on air, break and back, and ends; one ended by a slip opens again', () => {
    assert.ok(mayMoveStage('closed', 'backstage'))
    assert.ok(mayMoveStage('onAir', 'break') && mayMoveStage('break', 'onAir'))
    assert.ok(mayMoveStage('ended', 'backstage'))
    assert.ok(!mayMoveStage('closed', 'onAir') && !mayMoveStage('backstage', 'break'))
  })
  test('a hall’s picture stops when the session runs, unless the hall speaks or asks for help', () => {
    const quiet = { speaks: false, asksForHelp: false }
    assert.ok(mayShowPicture({ state: 'backstage', ...quiet }))
    assert.ok(!mayShowPicture({ state: 'onAir', ...quiet }))
    assert.ok(mayShowPicture({ state: 'onAir', ...quiet, speaks: true }))
    assert.ok(mayShowPicture({ state: 'onAir', ...quiet, asksForHelp: true }))
    assert.ok(!mayShowPicture({ state: 'ended', ...quiet }))
  })
  test('whoever was removed stays removed, whatever is shown or heard', () => {
    assert.equal(standingOf({ kind: 'site', state: 'removed', shown: true, heard: true, called: true }), 'removed')
    assert.equal(standingOf({ kind: 'site', state: 'onAir', shown: false, heard: false, called: false }), 'invited')
    assert.equal(standingOf({ kind: 'member', state: 'onAir', shown: false, heard: false, called: false }), 'left')
  })
})

const hand = (handId: string, seconds: number, more: Partial<Waiting> = {}): Waiting => ({
  handId,
  raisedAt: after(seconds),
  speaker: handId,
  group: 'H1',
  level: 3,
  ...more,
})
const ids = (hands: readonly Waiting[]) => hands.map(({ handId }) => handId)
const anyHand = fc.record({
  handId: fc.uuid(),
  raisedAt: fc.integer({ min: 0, max: 3_600 }).map(after),
  speaker: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  group: fc.constantFrom('H1', 'H2', 'H3'),
  level: fc.constantFrom(2, 3, 90),
  ordered: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
})
const anyQueue = fc.uniqueArray(anyHand, { selector: ({ handId }) => handId, maxLength: 25 })
const anyTurns = fc.array(
  fc.record({
    speaker: fc.constantFrom('a', 'b', 'c', 'd'),
    group: fc.constantFrom('H1', 'H2', 'H3'),
    level: fc.constantFrom(2, 3, 90),
  }),
  { maxLength: 12 },
)

describe('the queue', () => {
  test('the earlier hand comes first where nothing else tells them apart', () => {
    assert.deepEqual(ids(orderQueue([hand('b', 20), hand('a', 10)], [])), ['a', 'b'])
  })
  test('ten hands of one district do not keep the one of another waiting', () => {
    const many = Array.from({ length: 10 }, (_, at) => hand(`một-${at}`, at))
    const queue = ids(orderQueue([...many, hand('hai', 100, { group: 'H2' })], []))
    assert.equal(queue.indexOf('hai'), 1)
  })
  test('halls do not fill the queue before the one member on her own device', () => {
    const many = Array.from({ length: 6 }, (_, at) => hand(`hội trường ${at}`, at, { group: 'H1' }))
    const queue = ids(orderQueue([...many, hand('đảng viên', 60, { group: 'H1', level: 90 })], []))
    assert.equal(queue.indexOf('đảng viên'), 1)
  })
  test('those who have not spoken come before those who have', () => {
    const turns: Turn[] = [{ speaker: 'a', group: 'H1', level: 3 }]
    assert.deepEqual(ids(orderQueue([hand('a', 0), hand('b', 50)], turns)), ['b', 'a'])
  })
  test('the moderator’s own order wins', () => {
    const queue = orderQueue([hand('a', 0), hand('b', 10, { ordered: 2 }), hand('c', 20, { ordered: 1 })], [])
    assert.deepEqual(ids(queue), ['c', 'b', 'a'])
  })
  test('nobody is left out and nobody stands in it twice', () => {
    fc.assert(
      fc.property(anyQueue, anyTurns, (hands, turns) => {
        assert.deepEqual(ids(orderQueue(hands, turns)).sort(), ids(hands).sort())
      }),
    )
  })
  test('it does not depend on the order in which hands are read', () => {
    fc.assert(
      fc.property(anyQueue, anyTurns, (hands, turns) => {
        assert.deepEqual(ids(orderQueue([...hands].reverse(), turns)), ids(orderQueue(hands, turns)))
      }),
    )
  })
  test('while two districts wait with new speakers, neither gets two turns ahead of the other', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('H1', 'H2'), { minLength: 2, maxLength: 20 }), (groups) => {
        const hands = groups.map((group, at) => hand(`tay-${at}`, at, { group }))
        const queue = orderQueue(hands, [])
        for (let at = 0; at < queue.length; at++) {
          const rest = queue.slice(at)
          if (!['H1', 'H2'].every((group) => rest.some((one) => one.group === group))) break
          const had = (group: string) => queue.slice(0, at).filter((one) => one.group === group).length
          assert.ok(Math.abs(had('H1') - had('H2')) <= 1)
        }
      }),
    )
  })
  test('of two hands alike in everything the earlier is never behind', () => {
    fc.assert(
      fc.property(anyQueue, anyTurns, (hands, turns) => {
        const queue = orderQueue(hands, turns)
        for (const [at, one] of queue.entries())
          for (const later of queue.slice(at + 1)) {
            const alike =
              one.speaker === later.speaker &&
              one.group === later.group &&
              one.level === later.level &&
              one.ordered === undefined &&
              later.ordered === undefined
            if (alike) assert.ok(one.raisedAt <= later.raisedAt)
          }
      }),
    )
  })
})

const good: Report = {
  from: 'screen',
  mode: 'webrtc',
  frozenSeconds: 0,
  lossPercent: 0,
  roundTripMs: 40,
  hears: true,
  slidePage: 1,
  at: nine,
  receivedAt: nine,
}
const bad: Partial<Report> = { lossPercent: 20 }
const fresh: Line = { word: 'away', memory: {} }
/** Reports ten seconds apart; the word after each. */
function follow(reports: readonly Partial<Report>[], from: Line = fresh, begin = 0) {
  let line = from
  const words: LineWord[] = []
  for (const [at, report] of reports.entries()) {
    const moment = after(begin + at * 10)
    line = judgeLine(line, { ...good, at: moment, receivedAt: moment, ...report })
    words.push(line.word)
  }
  return { line, words, last: words.at(-1) }
}

describe('what a line is worth', () => {
  test('good by WebRTC, slow by HLS, weak with sound and slides alone, away before a television', () => {
    for (const [mode, word] of [
      ['webrtc', 'good'],
      ['hls', 'slow'],
      ['audio', 'weak'],
      ['none', 'away'],
    ] as const satisfies [LineMode, LineWord][])
      assert.equal(follow([{ mode }]).last, word)
  })
  test('a hall whose console alone speaks to us is there; silent, it was put away and nothing is lost', () => {
    const alone = { from: 'console' as const, mode: 'none' as const }
    const { line, last } = follow([alone])
    assert.equal(last, 'good')
    assert.equal(wordOf(line.memory, after(25)), 'good')
    assert.equal(wordOf(line.memory, after(26)), 'away')
    assert.equal(follow([{ mode: 'none' }, alone]).last, 'good', 'its screen was put away on purpose')
  })
  test('one bad report among good ones changes nothing; two in a row do; three good ones mend it', () => {
    assert.deepEqual(follow([{}, bad, {}, bad, {}]).words, ['good', 'good', 'good', 'good', 'good'])
    assert.deepEqual(follow([{}, bad, bad, {}, {}, {}]).words, ['good', 'good', 'weak', 'weak', 'weak', 'good'])
  })
  test('a line that hiccups every other time never flaps', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (hiccups) => {
        const lonely = hiccups.map((now, at) => now && !hiccups[at - 1])
        const { words } = follow(lonely.map((now) => (now ? bad : {})))
        assert.ok(words.every((word) => word === 'good'))
      }),
    )
  })
  test('sound that does not arrive makes a fault at the second report', () => {
    assert.deepEqual(follow([{}, { hears: false }, { hears: false }, {}]).words, ['good', 'good', 'fault', 'good'])
  })
  test('the console’s open microphone that nobody hears is the hall’s fault, also while its screen is well', () => {
    const deaf = { from: 'console' as const, mode: 'none' as const, heard: false }
    assert.deepEqual(follow([{}, deaf, {}, deaf, {}]).words, ['good', 'good', 'good', 'fault', 'fault'])
    assert.equal(follow([{}, deaf, {}, deaf, {}, { ...deaf, heard: true }]).last, 'good')
  })
  test('a weak line steps down to HLS, then to sound and slides, and up again after two calm minutes each', () => {
    const steps = (reports: Partial<Report>[]) => follow(reports).line.memory.step
    assert.equal(steps([{}, bad, bad]), 0)
    assert.equal(steps([{}, bad, bad, bad]), 1)
    assert.equal(steps([{}, bad, bad, bad, ...Array(3).fill({ mode: 'hls', frozenSeconds: 8 })]), 2)
    const down = follow([{}, bad, bad, bad]).line
    assert.equal(follow(Array(11).fill({ mode: 'hls' }), down, 60).line.memory.step, 1)
    assert.equal(follow(Array(12).fill({ mode: 'hls' }), down, 60).line.memory.step, 0)
  })
  test('reports sent in a burst are not ten seconds each', () => {
    let line = follow([{}]).line
    for (let at = 0; at < 5; at++) {
      const moment = after(10 + at * 0.3)
      line = judgeLine(line, { ...good, ...bad, at: moment, receivedAt: moment })
    }
    assert.equal(line.word, 'good')
  })
  test('a screen not heard of for 25 seconds is lost, though its console goes on; one put away on purpose is not', () => {
    const { memory } = follow([{}]).line
    assert.equal(wordOf(memory, after(25)), 'good')
    assert.equal(wordOf(memory, after(26)), 'lost')
    const moment = after(40)
    const console = { ...good, from: 'console' as const, at: moment, receivedAt: moment }
    assert.equal(judgeLine({ word: 'lost', memory }, console).word, 'lost')
    const away = follow([{}, { mode: 'none' }]).line.memory
    assert.equal(wordOf(away, after(600)), 'away')
  })
  test('while this server was away itself it calls nobody lost', () => {
    const { memory } = follow([{}]).line
    assert.equal(wordOf(memory, after(120), after(100)), 'good')
    assert.equal(wordOf(memory, after(126), after(100)), 'lost')
    assert.deepEqual(silentSince(memory, after(120)), nine)
    assert.equal(silentSince(memory, after(59)), undefined)
  })
  test('a hall whose clock is an hour off is judged by its measured skew, and unmeasured by when it was heard', () => {
    const received = after(100)
    const hour = 3_600_000
    const ahead = new Date(received.getTime() - 2_000 + hour)
    assert.deepEqual(reportedAt({ claimedAt: ahead, skewMs: -hour, receivedAt: received }), after(98))
    assert.deepEqual(reportedAt({ claimedAt: ahead, skewMs: 0, receivedAt: received }), received)
    const behind = new Date(received.getTime() - hour)
    assert.deepEqual(reportedAt({ claimedAt: behind, skewMs: 0, receivedAt: received }), received)
    assert.deepEqual(reportedAt({ claimedAt: behind, skewMs: hour - 1_000, receivedAt: received }), after(99))
  })
})

const anyReceiver = fc.record({
  siteId: fc.uuid(),
  kind: fc.constantFrom('hall' as const, 'hall' as const, 'hall' as const, 'viewing' as const),
  speaks: fc.boolean().map((speaks) => speaks),
  here: fc.boolean(),
  step: fc.constantFrom(0 as const, 0 as const, 1 as const, 2 as const),
  wanted: fc.constantFrom<LineMode[]>('webrtc', 'hls', 'audio', 'none'),
  depth: fc.integer({ min: 1, max: 4 }),
})
const anySites = fc.uniqueArray(anyReceiver, { selector: ({ siteId }) => siteId, maxLength: 40 })
const insideOf = (modes: Map<string, LineMode>) => [...modes.values()].filter((mode) => mode === 'webrtc').length

describe('who receives how', () => {
  const receiver = (siteId: string, more: Partial<Receiver> = {}): Receiver => ({
    siteId,
    kind: 'hall',
    speaks: false,
    here: true,
    step: 0,
    wanted: 'hls',
    depth: 3,
    ...more,
  })
  test('never more by WebRTC than there are places, but whoever speaks is always in', () => {
    fc.assert(
      fc.property(anySites, fc.integer({ min: 0, max: 20 }), (sites, places) => {
        const modes = assignModes(sites, places)
        const speaking = sites.filter(({ speaks, kind }) => speaks && kind === 'hall')
        assert.ok(insideOf(modes) <= Math.max(places, speaking.length))
        for (const { siteId } of speaking) assert.equal(modes.get(siteId), 'webrtc')
        for (const { siteId, kind } of sites) if (kind === 'viewing') assert.equal(modes.get(siteId), 'none')
        assert.equal(modes.size, sites.length)
      }),
    )
  })
  test('given out again nothing changes', () => {
    fc.assert(
      fc.property(anySites, fc.integer({ min: 0, max: 20 }), (sites, places) => {
        const modes = assignModes(sites, places)
        const again = assignModes(
          sites.map((site) => ({ ...site, wanted: modes.get(site.siteId)! })),
          places,
        )
        assert.deepEqual(again, modes)
      }),
    )
  })
  test('a hall that comes later takes no place from one that has it', () => {
    fc.assert(
      fc.property(anySites, fc.integer({ min: 0, max: 20 }), anyReceiver, (sites, places, comer) => {
        const modes = assignModes(sites, places)
        const later = { ...comer, speaks: false, wanted: 'hls' as const }
        const now = [...sites.map((site) => ({ ...site, wanted: modes.get(site.siteId)! })), later]
        const then = assignModes(now, places)
        for (const { siteId } of sites) assert.equal(then.get(siteId), modes.get(siteId))
      }),
    )
  })
  test('when places become fewer the deeper lines go to HLS first', () => {
    const sites = [receiver('xã', { wanted: 'webrtc', depth: 3 }), receiver('huyện', { wanted: 'webrtc', depth: 2 })]
    assert.deepEqual([...assignModes(sites, 1)].sort(), [
      ['huyện', 'webrtc'],
      ['xã', 'hls'],
    ])
  })
  test('a line that stepped down keeps off the room until it has recovered, and is called in all the same', () => {
    assert.equal(assignModes([receiver('a', { step: 1 })], 9).get('a'), 'hls')
    assert.equal(assignModes([receiver('a', { step: 2 })], 9).get('a'), 'audio')
    assert.equal(assignModes([receiver('a', { step: 2, speaks: true })], 0).get('a'), 'webrtc')
  })
})

describe('what needs a person', () => {
  const sites = [
    { siteId: 'T', name: 'Trung tâm', groupId: 'T', shown: false },
    { siteId: 'H1', name: 'Huyện Một', groupId: 'H1', parentSiteId: 'T', shown: false },
    { siteId: 'H2', name: 'Huyện Hai', groupId: 'H2', parentSiteId: 'T', shown: false },
    { siteId: 'H3', name: 'Huyện Ba', groupId: 'H3', parentSiteId: 'T', shown: false },
    { siteId: 'X1', name: 'Đồng Tiến', groupId: 'H1', parentSiteId: 'H1', shown: false },
    { siteId: 'X2', name: 'Đồng Kỳ', groupId: 'H1', parentSiteId: 'H1', shown: false },
  ]
  const lost = (siteId: string, seconds = 0, more: Partial<Trouble> = {}): Trouble => ({
    kind: 'lost',
    siteId,
    since: after(seconds),
    ...more,
  })
  const control = (troubles: Trouble[], seconds: number, more: Partial<Parameters<typeof alarmsOf>[1]> = {}) =>
    alarmsOf(troubles, { sites, taken: [], now: after(seconds), ears: { at: 'control' }, ...more })
  const parent = (troubles: Trouble[], seconds: number) =>
    alarmsOf(troubles, { sites, taken: [], now: after(seconds), ears: { at: 'site', siteId: 'H1' } })

  test('a commune’s hall is heard by its district first, by the control room after two minutes', () => {
    assert.equal(parent([lost('X1')], 30).length, 1)
    assert.equal(control([lost('X1')], 119).length, 0)
    assert.equal(control([lost('X1')], 120).length, 1)
  })
  test('a hall that hangs on the centre is heard at once, and so is one on air or in preview, loudly', () => {
    assert.equal(control([lost('H1')], 1)[0]?.loud, false)
    const shown = sites.map((site) => ({ ...site, shown: site.siteId === 'X1' }))
    assert.equal(control([lost('X1')], 1, { sites: shown })[0]?.loud, true)
  })
  test('taken by the parent, the control room leaves it to her for ten minutes', () => {
    const taken = [{ key: parent([lost('X1')], 30)[0]!.key, by: 'Chị Hoa', at: after(40) }]
    assert.equal(control([lost('X1')], 300, { taken }).length, 0)
    assert.equal(control([lost('X1')], 600, { taken })[0]?.takenBy, 'Chị Hoa')
  })
  test('two halls of one district lost within five minutes are one alarm, and it stays taken when the first is back', () => {
    const both = [lost('X1'), lost('X2', 200)]
    const [alarm] = control(both, 400)
    assert.deepEqual(
      alarm?.sites.map(({ name }) => name),
      ['Đồng Tiến', 'Đồng Kỳ'],
    )
    const taken = alarm!.keys.map((key) => ({ key, by: 'Anh Huy', at: after(400) }))
    const [left, back] = control([lost('X1', 0, { mendedAt: after(420) }), lost('X2', 200)], 430, { taken })
    assert.equal(left?.takenBy, 'Anh Huy')
    assert.deepEqual(back?.mendedAt, after(420))
    assert.equal(control([lost('X1'), lost('X2', 400)], 600).length, 2)
  })
  test('what strikes three districts within a minute is one alarm', () => {
    const [alarm, ...more] = control([lost('H1'), lost('H2', 10), lost('H3', 30)], 60)
    assert.equal(alarm?.sites.length, 3)
    assert.equal(more.length, 0)
  })
  test('halls that have not reported are one alarm', () => {
    const troubles = ['H1', 'H2'].map((siteId) => lost(siteId, 0, { kind: 'unreported' }))
    assert.equal(control(troubles, 1).length, 1)
  })
  test('the loudest come first, mended ones last, and those are gone after ten minutes', () => {
    const troubles = [
      lost('H1', 0, { kind: 'steppedDown' }),
      lost('H2', 0, { kind: 'unreported' }),
      lost('H3', 0, { kind: 'oneWay' }),
      lost('H1', 5, { mendedAt: after(60) }),
      lost('H2', 9),
    ]
    assert.deepEqual(
      control(troubles, 200).map(({ kind, mendedAt }) => `${kind}${mendedAt ? ' mended' : ''}`),
      ['lost', 'oneWay', 'unreported', 'steppedDown', 'lost mended'],
    )
    assert.equal(control([lost('H1', 5, { mendedAt: after(60) })], 661).length, 0)
  })
})

describe('the run of show', () => {
  const topic = (topicId: string, deliverMinutes: number, questionMinutes: number) => ({
    topicId,
    title: topicId,
    speaker: `người nói ${topicId}`,
    deliverMinutes,
    questionMinutes,
  })
  const session = { endsAt: addMinutes(nine, 180), topics: [topic('một', 45, 15), topic('hai', 60, 30)] }
  test('a topic three minutes late keeps its minutes while the session has room', () => {
    const now = topicNow(session, [{ topicId: 'một', beganAt: addMinutes(nine, 3) }])
    assert.deepEqual(now?.questionsAt, addMinutes(nine, 48))
    assert.deepEqual(now?.endsAt, addMinutes(nine, 63))
  })
  test('a topic that begins an hour late is delivered shorter, and its questions keep their half hour', () => {
    const now = topicNow(session, [
      { topicId: 'một', beganAt: nine, endedAt: addMinutes(nine, 110) },
      { topicId: 'hai', beganAt: addMinutes(nine, 110) },
    ])
    assert.deepEqual(now?.questionsAt, addMinutes(nine, 150))
    assert.deepEqual(now?.endsAt, addMinutes(nine, 180))
  })
  test('the reserved question minutes are never eaten, whenever a topic begins', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 45 })), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.integer({ min: -10, max: 300 }),
        fc.integer({ min: 0, max: 60 }),
        fc.nat(),
        (minutes, late, slack, which) => {
          const topics = minutes.map(([deliver, questions], at) => topic(String(at), deliver, questions))
          const total = minutes.reduce((sum, [deliver, questions]) => sum + deliver + questions, slack)
          const it = topics[which % topics.length]!
          const beganAt = addMinutes(nine, late)
          const now = topicNow({ endsAt: addMinutes(nine, total), topics }, [{ topicId: it.topicId, beganAt }])!
          const questions = (now.endsAt.getTime() - now.questionsAt.getTime()) / 60_000
          assert.equal(questions, it.questionMinutes)
          assert.ok(now.questionsAt >= beganAt)
          assert.ok(now.questionsAt <= addMinutes(beganAt, it.deliverMinutes))
        },
      ),
    )
  })
  test('what was planned and what happened stand side by side; a stand-in is named', () => {
    const items = [
      { kind: 'deliver' as const, title: 'một', speaker: 'A', from: nine, to: addMinutes(nine, 45), topicAt: 0 },
      { kind: 'questions' as const, title: 'một', speaker: 'A', from: nine, to: addMinutes(nine, 60), topicAt: 0 },
      { kind: 'free' as const, title: '', speaker: '', from: nine, to: nine },
    ]
    const real = [
      {
        topicId: 'một',
        speaker: 'B',
        beganAt: addMinutes(nine, 3),
        questionsAt: addMinutes(nine, 50),
        endedAt: addMinutes(nine, 62),
      },
    ]
    const [deliver, questions, free] = runOfShow(items, session.topics, real)
    assert.equal(deliver?.speaker, 'B')
    assert.deepEqual([deliver?.realFrom, deliver?.realTo], [addMinutes(nine, 3), addMinutes(nine, 50)])
    assert.deepEqual([questions?.realFrom, questions?.realTo], [addMinutes(nine, 50), addMinutes(nine, 62)])
    assert.equal(free?.realFrom, undefined)
  })
})
