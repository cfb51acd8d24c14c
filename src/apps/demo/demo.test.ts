import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FigureSheet } from '../../features/reports/contract.ts'
import { getFigures } from '../../features/reports/server/index.ts'
import { addMinutes, atVietnam } from '../../kernel/time.ts'
import { testDesk } from '../../platform/server/testing/index.ts'
import { features } from '../server/features.ts'
import { share } from './bacGiang.ts'
import { handOf, maker, operation } from './hands.ts'
import { secondSteps } from './prepare.ts'
import { playMorning } from './simulate.ts'
import { campaignOf } from './songCau.ts'
import { runSteps } from './steps.ts'
import { conferenceOfDay } from './today.ts'

const today = atVietnam('2026-03-20', '09:00')
const tomorrow = addMinutes(today, 24 * 60)
let desk: Awaited<ReturnType<typeof testDesk>>
before(async () => {
  desk = await testDesk({ demo: true, places: Object.assign({}, ...features.map(({ places }) => places ?? {})) })
})
after(() => desk.close())

const figuresNow = async (): Promise<FigureSheet> => {
  const { campaignId } = (await campaignOf(desk))!
  return handOf(desk, maker).act<FigureSheet>(getFigures, today, { campaignId })
}
const count = async (text: string) =>
  (await desk.pool.query<{ n: number }>(`select count(*)::int as n ${text}`)).rows[0]!.n

test('the small province goes through every column of the report', async () => {
  await runSteps(desk, secondSteps(desk, today, today), () => {})
  const sheet = await figuresNow()
  const { members, exempt, inScope, summoned, sites, attended, attendedAtSites, attendedOnDevices } = sheet
  // 156 people; one died after the fixing and one was exempted. 108 seats, two given away (one to a guest), 12 on own devices, 3 at the door.
  assert.deepEqual(
    { members, exempt, inScope, summoned, sites },
    { members: 155, exempt: 7, inScope: 148, summoned: 122, sites: 5 },
  )
  assert.deepEqual(
    { attended, attendedAtSites, attendedOnDevices },
    { attended: 107, attendedAtSites: 98, attendedOnDevices: 9 },
  )
  const { makeupSessions, madeUp, covered, booked, left, reasons } = sheet
  assert.deepEqual(
    { makeupSessions, madeUp, covered, booked, left },
    { makeupSessions: 1, madeUp: 5, covered: 112, booked: 7, left: 36 },
  )
  assert.deepEqual(reasons, { awaiting: 2, partly: 2, excused: 4, absent: 5, noContact: 4, neverSummoned: 12 })
  for (const column of [
    'inScope',
    'summoned',
    'sites',
    'attended',
    'makeupSessions',
    'madeUp',
    'covered',
    'left',
  ] as const)
    assert.equal(
      sheet.children.reduce((sum, child) => sum + child[column], 0),
      sheet[column],
      column,
    )
})

test('guests, substitutes, walk-ins, a lost line, two halls at once and declared totals occur', async () => {
  assert.equal(await count(`from summons where origin = 'substitute' and withdrawn_at is null`), 2)
  assert.equal(await count(`from summons where origin = 'door'`), 3)
  assert.equal(await count(`from interruption`), 1)
  assert.equal(await count(`from arrival where evidence = 'ownTick'`), 28)
  assert.equal(await count(`from arrival where accepted_at is not null`), 1)
  assert.equal(
    await count(
      `from (select from arrival where withdrawn_at is null group by checkpoint_id, person_id having count(distinct site_id) > 1) twice`,
    ),
    1,
  )
  assert.equal(await count(`from declared_total`), 2)
  assert.equal(await count(`from headcount`), 5)
  assert.equal(await count(`from site where kind = 'viewing'`), 1)
})

test('a preparation that was killed goes on to the same figures', async () => {
  const { asOf: _, ...before } = await figuresNow()
  // Done, but the mark of it was lost with the process.
  await desk.pool.query(
    `delete from demo_step where step in ('second.files', 'second.day', 'second.freeze') or step like 'today %' or step like 'people %'`,
  )
  await runSteps(desk, secondSteps(desk, today, today), () => {})
  const { asOf: __, ...again } = await figuresNow()
  assert.deepEqual(again, before)
  assert.deepEqual(await runSteps(desk, secondSteps(desk, today, today), () => {}), [])
})

test('every person offered has rights that open her room', async () => {
  const { rows } = await handOf(desk, maker).act<{ rows: { key: string; name: string }[] }>(
    operation('access.demoPeople'),
    today,
    {},
  )
  assert.deepEqual(
    rows.map(({ key }) => key),
    ['head', 'live', 'manager', 'steward', 'secretary', 'member', 'device', 'data', 'administrator'],
  )
  assert.ok(rows.every(({ name }) => name !== ''))
})

test('on a later day yesterday’s conference is over and a new one is live', async () => {
  await runSteps(desk, secondSteps(desk, today, tomorrow), () => {})
  assert.ok(await conferenceOfDay(desk, tomorrow))
  assert.equal(await count(`from conference where state = 'live' and code like 'NGAY-%'`), 1)
  assert.equal(await count(`from conference where state = 'closed' and code like 'NGAY-%'`), 1)
})

test('a morning played fast fills the halls and leaves the figures of the campaign alone', async () => {
  const { asOf: _, ...before } = await figuresNow()
  const seen: number[] = []
  const played = await playMorning(
    desk,
    { campaign: 'demo-2', speed: 1800, minutes: 1, stopped: () => false },
    { onState: ({ arrived }) => void seen.push(arrived) },
  )
  const { asOf: __, ...after } = await figuresNow()
  assert.deepEqual(after, before)
  assert.ok(played.finished && played.arrived > played.summoned * 0.85 && played.headcounts === played.sites)
  assert.equal(await count(`from arrival where conference_id = '${played.conferenceId}'`), played.arrived)
  assert.deepEqual(
    seen,
    [...seen].sort((one, other) => one - other),
  )
})
test('a morning that is stopped ends in order', async () => {
  const { finished, conferenceId } = await playMorning(desk, {
    campaign: 'demo-2',
    speed: 60,
    minutes: 1,
    stopped: () => true,
  })
  assert.equal(finished, false)
  assert.equal(await count(`from conference where id = '${conferenceId}' and state = 'closed'`), 1)
})

test('what is shared out adds up and nobody gets more than there is', () => {
  assert.deepEqual(
    share(10, [
      { most: 3, weight: 5 },
      { most: 20, weight: 1 },
    ]),
    [3, 7],
  )
})
