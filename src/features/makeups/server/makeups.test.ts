import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Any, afterwards, holding, openProvince, type Province } from '../../../../tests/fixtures/province.ts'
import { atVietnam } from '../../../kernel/time.ts'
import { machine } from '../../../platform/rights.ts'
import { runImport } from '../../../platform/server/imports/index.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { importKinds } from './index.ts'

let place: Province
before(async () => {
  place = await openProvince()
})
after(() => place.desk.close())

const refused = (because: string) => (error: unknown) => {
  assert.ok(error instanceof Refused, String(error))
  assert.equal(error.because, because)
  return true
}
const act = (name: string, input: unknown, { actor = machine(0), now = afterwards } = {}) =>
  place.act(name, input, { actor, now })
const held = { day: '2021-02-10', from: '08:00', to: '10:30' }

/** C1 studied; C2 was summoned and stayed away, but its first came once; C3 and C4 were never summoned. 24 in scope with T's own and without the exempt. */
async function studied() {
  const it = await place.study()
  await it.summon([...place.people.C1!, ...place.people.C2!])
  await it.come(place.people.C1!)
  await it.come(place.people.C2!.slice(0, 1), [0])
  await it.close()
  return it
}
const ledger = (campaignId: string, unitId?: string): Promise<Any> => act('coverage.ledger', { campaignId, unitId })
const bring = (campaignId: string, lines: string[], more: Record<string, unknown> = {}) =>
  runImport(place.desk, importKinds(place.desk.secret), {
    kind: 'hoc-bu',
    file: {
      bytes: Buffer.from(['Mã buổi học bù,Mã đơn vị,Ngày,Mã số,Có mặt', ...lines].join('\n')),
      fileName: 'hoc-bu.csv',
    },
    options: { campaignId, ...more },
    actor: machine(0),
    now: afterwards,
  })

describe('planning', () => {
  test('the plan counts who is left by unit and reason, and proposes halls that hold them', async () => {
    const { campaignId } = await studied()
    const plan = await act('makeups.plan', { campaignId, unitId: place.unit.H1 })
    assert.equal(plan.left, 12)
    assert.deepEqual(
      plan.rows.map((row: Any) => [row.code, row.left]),
      [
        ['X1', 6],
        ['X2', 6],
      ],
    )
    assert.equal(plan.reasons.partly, 1)
    assert.equal(plan.reasons.absent, 5)
    assert.equal(plan.reasons.neverSummoned, 6)
    const seats = plan.proposals.reduce((sum: number, one: Any) => sum + one.people, 0)
    assert.equal(seats, 12)
    for (const one of plan.proposals) assert.ok(one.people <= one.seats)
    // X1 has a hall of four; its people never overfill it.
    assert.equal(plan.proposals.find((one: Any) => one.units[0].code === 'X1').site.name, 'Nhà văn hoá xã Một')
  })
  test('only those left for the chosen reasons are planned for', async () => {
    const { campaignId } = await studied()
    const plan = await act('makeups.plan', { campaignId, unitId: place.unit.H1, reasons: ['partly'] })
    assert.equal(
      plan.proposals.reduce((sum: number, one: Any) => sum + one.people, 0),
      1,
    )
  })
})

describe('booking', () => {
  test('a make-up takes those left up to its seats, nobody who studied, and nobody twice', async () => {
    const { campaignId } = await studied()
    const officer = holding('organiser', place.unit.H1)
    const first = await act(
      'makeups.create',
      { campaignId, unitId: place.unit.X1, ...held, siteIds: [place.halls.x1] },
      { actor: officer },
    )
    assert.equal(first.seats, 4)
    const booked = await act('makeups.book', { makeupId: first.makeupId, unitIds: [place.unit.X1] }, { actor: officer })
    assert.deepEqual([booked.booked, booked.withoutSeat, booked.taken], [4, 2, 4])
    const second = await act('makeups.create', { campaignId, unitId: place.unit.H1, ...held, seats: 50 })
    const rest = await act('makeups.book', { makeupId: second.makeupId, unitIds: [place.unit.H1] })
    assert.equal(rest.booked, 8)
    const named = await act('makeups.book', {
      makeupId: second.makeupId,
      personIds: [place.people.C1![0], place.people.C2![0]],
    })
    assert.deepEqual([named.booked, named.passedOver], [0, 2])
    const { unit } = await ledger(campaignId, place.unit.H1)
    assert.deepEqual([unit.studiedAtSite, unit.booked, unit.notYet], [6, 12, 0])
  })
  test('a commune’s officer makes and fills her own make-up after the cut-off, and books nobody of another commune', async () => {
    const { campaignId } = await studied()
    await act('campaigns.update', { campaignId, unitsBelowUntil: '2021-01-10T00:00:00Z' })
    const actor = holding('organiser', place.unit.X2)
    const { makeupId } = await act('makeups.create', { campaignId, unitId: place.unit.X2, ...held }, { actor })
    await assert.rejects(act('makeups.book', { makeupId, unitIds: [place.unit.X1] }, { actor }), refused('notYourUnit'))
    assert.equal((await act('makeups.book', { makeupId, unitIds: [place.unit.X2] }, { actor })).booked, 6)
    await assert.rejects(
      act('makeups.create', { campaignId, unitId: place.unit.X1, ...held }, { actor }),
      refused('notYours'),
    )
  })
  test('bookings are taken back, but not of whoever has come', async () => {
    const { campaignId } = await studied()
    const { makeupId, checkpointIds } = await act('makeups.create', { campaignId, unitId: place.unit.X2, ...held })
    await act('makeups.book', { makeupId, unitIds: [place.unit.X2] })
    const day = atVietnam('2021-02-10', '09:00')
    await act(
      'makeups.takeRoll',
      { makeupId, checkpointId: checkpointIds[0], presentIds: [place.people.C3![0]] },
      { now: day },
    )
    const back = await act('makeups.unbook', { makeupId, unitIds: [place.unit.X2] })
    assert.deepEqual([back.unbooked, back.present], [5, 1])
  })
  test('a cell’s secretary sees the make-ups of her own line, and books and takes back her own people there', async () => {
    const { campaignId } = await studied()
    const actor = holding('cellSecretary', place.unit.C2)
    const own = await act('makeups.create', { campaignId, unitId: place.unit.X1, ...held, seats: 4 })
    const other = await act('makeups.create', { campaignId, unitId: place.unit.X2, ...held })
    const open = () => act('makeups.openFor', { campaignId, unitId: place.unit.C2 }, { actor })
    const { makeups, abilities } = await open()
    assert.deepEqual(
      makeups.map(({ makeupId, free, booked }: Any) => [makeupId, free, booked]),
      [[own.makeupId, 4, 0]],
    )
    assert.ok(
      abilities.includes('bookMakeup') && abilities.includes('recordOffer') && !abilities.includes('createMakeup'),
    )
    const hers = { unitId: place.unit.C2, personIds: [place.people.C2![1]] }
    assert.equal((await act('makeups.book', { makeupId: own.makeupId, ...hers }, { actor })).booked, 1)
    assert.deepEqual(
      (await open()).makeups.map(({ free, booked }: Any) => [free, booked]),
      [[3, 1]],
    )
    await assert.rejects(act('makeups.book', { makeupId: other.makeupId, ...hers }, { actor }), refused('notYourUnit'))
    await assert.rejects(
      act('makeups.book', { makeupId: own.makeupId, ...hers, personIds: [place.people.C3![0]] }, { actor }),
      refused('notYourUnit'),
    )
    assert.equal((await act('makeups.unbook', { makeupId: own.makeupId, ...hers }, { actor })).unbooked, 1)
  })
  test('two officers booking at once put nobody into two make-ups', async () => {
    const { campaignId } = await studied()
    const made = await Promise.all(
      [1, 2].map(() => act('makeups.create', { campaignId, unitId: place.unit.H1, ...held }).catch(() => undefined)),
    )
    const ids = made.flatMap((one) => (one ? [one.makeupId] : []))
    const booked = await Promise.all(ids.map((makeupId) => act('makeups.book', { makeupId, unitIds: [place.unit.H1] })))
    assert.equal(
      booked.reduce((sum, one) => sum + one.booked, 0),
      12,
    )
  })
})

describe('attendance', () => {
  test('«có mặt cả, trừ một người» makes up everyone else, and the absent one is left again after closing', async () => {
    const { campaignId } = await studied()
    const { makeupId, checkpointIds } = await act('makeups.create', { campaignId, unitId: place.unit.X2, ...held })
    await act('makeups.book', { makeupId, unitIds: [place.unit.X2] })
    await assert.rejects(
      act('makeups.takeRoll', { makeupId, checkpointId: checkpointIds[0], everyone: true }),
      refused('notYet'),
    )
    const now = atVietnam('2021-02-10', '09:00')
    const roll = await act(
      'makeups.takeRoll',
      { makeupId, checkpointId: checkpointIds[0], everyone: true, absentIds: [place.people.C3![5]] },
      { now },
    )
    assert.deepEqual([roll.added, roll.present], [5, 5])
    await act('makeups.close', { makeupId }, { now })
    const { unit } = await ledger(campaignId, place.unit.X2)
    assert.deepEqual([unit.madeUp, unit.booked, unit.notYet, unit.reasons.absent], [5, 0, 1, 1])
  })
  test('whoever comes to a make-up unbooked is booked by coming; whoever studied already stays a guest', async () => {
    const { campaignId } = await studied()
    const { makeupId, checkpointIds } = await act('makeups.create', { campaignId, unitId: place.unit.X1, ...held })
    await act(
      'makeups.takeRoll',
      { makeupId, checkpointId: checkpointIds[0], presentIds: [place.people.C2![0], place.people.C1![0]] },
      { now: atVietnam('2021-02-10', '09:00') },
    )
    const made = await act('makeups.get', { makeupId })
    assert.deepEqual([made.booked, made.present], [1, 1])
    const { unit } = await ledger(campaignId)
    assert.equal(unit.madeUp, 1)
    assert.equal(unit.studiedAtSite, 6)
  })
  test('a make-up that has not begun is not closed: it would count as held', async () => {
    const { campaignId } = await studied()
    const { makeupId } = await act('makeups.create', { campaignId, unitId: place.unit.X1, ...held })
    await assert.rejects(act('makeups.close', { makeupId }), refused('notYet'))
  })
})

describe('names', () => {
  test('the roster shows an officer her own people, counts the others, and is one look', async () => {
    const { campaignId } = await studied()
    const { makeupId } = await act('makeups.create', { campaignId, unitId: place.unit.H1, ...held })
    await act('makeups.book', { makeupId, unitIds: [place.unit.H1] })
    const looks = async () => (await place.desk.pool.query('select count(*) as n from look')).rows[0].n
    const earlier = await looks()
    const actor = holding('organiser', place.unit.H1, {
      grants: [
        { role: 'organiser', kind: 'unit', scopeId: place.unit.X2 },
        { role: 'organiser', kind: 'conference', scopeId: makeupId },
      ],
    })
    const roll = await act('makeups.roster', { makeupId, why: 'gọi học bù' }, { actor })
    assert.deepEqual([roll.rows.length, roll.total, roll.hidden], [6, 6, 6])
    assert.ok(roll.rows.every((row: Any) => row.unit === 'Chi bộ thôn 3'))
    assert.equal(await looks(), earlier + 1)
    const above = await act('makeups.roster', { makeupId }, { actor: holding('organiser', place.unit.H1) })
    assert.deepEqual([above.rows.length, above.hidden], [0, 12])
  })
  test('an offer that reached nobody counts as no contact, and only her own officer says so', async () => {
    const { campaignId } = await studied()
    const input = {
      campaignId,
      unitId: place.unit.X2,
      personIds: place.people.C3!.slice(0, 2),
      outcome: 'undeliverable',
    }
    await assert.rejects(
      act('makeups.recordOffer', input, { actor: holding('organiser', place.unit.H1) }),
      refused('unknownPerson'),
    )
    await act('makeups.recordOffer', input, { actor: holding('organiser', place.unit.X2) })
    const { unit } = await ledger(campaignId, place.unit.X2)
    assert.deepEqual([unit.reasons.noContact, unit.reasons.neverSummoned], [2, 4])
    await act('makeups.recordOffer', { ...input, outcome: 'accepted' })
    assert.equal((await ledger(campaignId, place.unit.X2)).unit.reasons.noContact, 0)
  })
})

describe('the file of a make-up roll', () => {
  test('a new code makes the session, books those in scope and marks those present; again changes nothing', async () => {
    const { campaignId } = await studied()
    const lines = [
      'HB1,X2,30/01/2021,C3-01,x',
      'HB1,X2,30/01/2021,C3-02,có',
      'HB1,X2,30/01/2021,C3-03,',
      'HB2,X3,29/01/2021,C4-01,1',
    ]
    const run = await bring(campaignId, lines)
    assert.deepEqual(run.problems, [])
    assert.equal(run.applied, true)
    assert.deepEqual(run.summary, { added: 4, changed: 0, unchanged: 0, missing: 0 })
    const list = await act('makeups.list', { campaignId })
    assert.deepEqual(
      list.rows.map((row: Any) => [row.code, row.state, row.unit.code, row.booked, row.present]),
      [
        ['HB1', 'closed', 'X2', 3, 2],
        ['HB2', 'closed', 'X3', 1, 1],
      ],
    )
    const { unit } = await ledger(campaignId)
    assert.deepEqual([unit.madeUp, unit.reasons.absent], [3, 6])
    const again = await bring(campaignId, lines)
    assert.deepEqual(again.summary, { added: 0, changed: 0, unchanged: 4, missing: 0 })
    const mended = await bring(campaignId, ['HB1,X2,30/01/2021,C3-02,V', 'HB1,X2,30/01/2021,C3-03,P'])
    assert.deepEqual(mended.summary, { added: 0, changed: 2, unchanged: 0, missing: 0 })
    assert.equal((await ledger(campaignId)).unit.madeUp, 3)
  })
  test('guests and those who studied are remarked, kept as facts and counted nowhere', async () => {
    const { campaignId } = await studied()
    const run = await bring(campaignId, ['HB1,X3,30/01/2021,C4-06,x', 'HB1,X3,30/01/2021,C1-01,x'])
    assert.equal(run.applied, true)
    assert.deepEqual(
      run.remarks.map(({ line, word }) => [line, word]),
      [
        [2, 'notInScope'],
        [3, 'alreadyStudied'],
      ],
    )
    assert.equal((await ledger(campaignId)).unit.madeUp, 0)
    const { rows } = await place.desk.pool.query(
      `select count(*) as n from arrival a join conference c on c.id = a.conference_id where c.campaign_id = $1 and c.purpose = 'makeup'`,
      [campaignId],
    )
    assert.equal(rows[0].n, 2)
  })
  test('a session of two units, a day to come, strangers and double lines are said by line, and nothing is written', async () => {
    const { campaignId } = await studied()
    const run = await bring(campaignId, [
      'HB1,X2,30/01/2021,C3-01,x',
      'HB1,X1,30/01/2021,C1-01,x',
      'HB2,X2,30/03/2021,C3-02,x',
      'HB3,KHONG,30/01/2021,AI-DO,x',
      'HB1,X2,30/01/2021,C3-01,',
      'HN,T,14/01/2021,C3-03,x',
      'HB4,X2,01/01/2021,C3-03,?',
      'HB5,X2,01/01/2021,C3-03,x',
    ])
    assert.equal(run.applied, false)
    assert.deepEqual(
      run.problems.map(({ line, word }) => [line, word]).sort((a, b) => Number(a[0]) - Number(b[0])),
      [
        [3, 'makeupElsewhere'],
        [4, 'makeupInFuture'],
        [5, 'unknownUnit'],
        [5, 'unknownPerson'],
        [6, 'contradicts'],
        [7, 'notAMakeup'],
        [8, 'badMark'],
        [9, 'makeupBeforeCampaign'],
      ],
    )
    assert.equal((await act('makeups.list', { campaignId })).total, 0)
  })
  test('whoever was given one district brings only its sessions and its people', async () => {
    const { campaignId } = await studied()
    const run = await bring(campaignId, ['HB1,X3,30/01/2021,C4-01,x', 'HB2,X2,30/01/2021,C4-02,x'], {
      withinId: place.unit.H1,
    })
    assert.deepEqual(
      run.problems.map(({ line, column, word }) => [line, column, word]),
      [
        [2, 'Mã đơn vị', 'outsideYours'],
        [2, 'Mã số', 'outsideYours'],
        [3, 'Mã số', 'outsideYours'],
      ],
    )
  })
})
