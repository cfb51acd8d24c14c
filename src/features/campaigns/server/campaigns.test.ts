import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { atVietnam } from '../../../kernel/time.ts'
import { type Actor, machine } from '../../../platform/rights.ts'
import { type AnyServed, perform, Refused } from '../../../platform/server/operate.ts'
import { testDesk } from '../../../platform/server/testing/index.ts'
import { placeOfUnit, rebuildTree } from '../../organisation/server/index.ts'
import { defaultPolicy } from '../rules.ts'
import * as campaigns from './index.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
const unit: Record<string, string> = {}
const person: Record<string, string> = {}
const day = '2021-01-14'
const before14 = atVietnam('2021-01-04', '08:00')
const root = machine(0)

const organiserOf = (code: string): Actor => ({
  name: `nv:${code}`,
  kind: 'staff',
  userId: code,
  assurance: 'confirmed',
  grants: [{ role: 'organiser', kind: 'unit', scopeId: unit[code] }],
})
// biome-ignore lint/suspicious/noExplicitAny: answers are read as they come
const act = (served: AnyServed, input: unknown, { actor = root, now = before14 } = {}): Promise<any> =>
  perform(desk, served, { actor, now, input })
const refused = (because: string) => (error: unknown) =>
  error instanceof Refused && (error.because === because || assert.equal(error.because, because) === undefined)

/** T (tỉnh) → H (huyện) → X (xã, keeps names) → C1, C2 (chi bộ); K (khác tỉnh) stands by itself. */
async function growTree() {
  const register = newId()
  await sql`insert into register (id, code, name, created_at) values (${register}, 'so-thu', 'Sổ thử', now())`.execute(
    desk.db,
  )
  const levels = await sql<{ id: string; name: string }>`
    select l.id, l.name from level l join level_scheme s on s.id = l.scheme_id where s.code = '2020'`.execute(desk.db)
  const level = (name: string) => levels.rows.find((row) => row.name === name)!.id
  for (const [code, name, parent, of] of [
    ['T', 'Đảng bộ tỉnh', undefined, 'Tỉnh'],
    ['H', 'Đảng bộ huyện', 'T', 'Huyện'],
    ['X', 'Đảng bộ xã', 'H', 'Cơ sở'],
    ['C1', 'Chi bộ thôn 1', 'X', 'Chi bộ'],
    ['C2', 'Chi bộ thôn 2', 'X', 'Chi bộ'],
    ['K', 'Đảng bộ tỉnh khác', undefined, 'Tỉnh'],
  ] as const) {
    unit[code] = newId()
    await sql`insert into unit (id, register_id, code, created_at) values (${unit[code]}, ${register}, ${code}, now())`.execute(
      desk.db,
    )
    await sql`insert into unit_version (id, unit_id, name, level_id, parent_id, valid_from, recorded_at, recorded_by)
      values (${newId()}, ${unit[code]}, ${name}, ${level(of)}, ${parent ? unit[parent] : null}, '2000-01-01', now(), 'thử')`.execute(
      desk.db,
    )
  }
  await desk.db.transaction().execute((tx) => rebuildTree(tx))
  for (const [name, home, exempt] of [
    ['An', 'C1', false],
    ['Bình', 'C1', false],
    ['Chi', 'C2', false],
    ['Dung', 'C2', true],
    ['Em', 'X', false],
    ['Khác', 'K', false],
  ] as const) {
    person[name] = newId()
    await sql`insert into person (id, register_id, code, full_name, sort_name, recorded_at) values (${person[name]}, ${register}, ${name}, ${name}, ${name}, now())`.execute(
      desk.db,
    )
    await join(name, home)
    if (exempt)
      await sql`insert into exemption (id, person_id, valid_from) values (${newId()}, ${person[name]}, '2019-01-01')`.execute(
        desk.db,
      )
  }
}
const join = (name: string, home: string, from = '2010-01-01') =>
  sql`insert into membership (id, person_id, unit_id, kind, valid_from) values (${newId()}, ${person[name]}, ${unit[home]}, 'official', ${from})`.execute(
    desk.db,
  )
const leave = (name: string, on: string) =>
  sql`update membership set valid_to = ${on} where person_id = ${person[name]} and valid_to is null`.execute(desk.db)

before(async () => {
  desk = await testDesk()
  desk.places = { ...campaigns.places, unit: placeOfUnit }
  await growTree()
})
after(() => desk.close())

let serial = 0
const found = async (more: Record<string, unknown> = {}) => {
  const { campaignId } = await act(campaigns.createCampaign, {
    scopeUnitId: unit.T,
    code: `dot-${++serial}`,
    name: 'Học tập nghị quyết',
    countsOn: day,
    ...more,
  })
  return campaignId as string
}

describe('the scope and the roll', () => {
  test('everyone of the subtree is on the roll once, the exempt apart, another province not at all', async () => {
    const campaignId = await found()
    const preview = await act(campaigns.previewScope, { campaignId })
    const fixed = await act(campaigns.fixScope, { campaignId })
    assert.deepEqual(fixed, { units: 5, members: 5, exempt: 1, inScope: 4 })
    assert.deepEqual({ ...preview, countsOn: undefined }, { ...fixed, countsOn: undefined })
    const { rows } = await sql<{ code: string }>`
      select p.code from roll r join person p on p.id = r.person_id where r.campaign_id = ${campaignId} and r.to_at is null order by p.code`.execute(
      desk.db,
    )
    assert.deepEqual(
      rows.map(({ code }) => code),
      ['An', 'Bình', 'Chi', 'Dung', 'Em'],
    )
  })

  test('a scope is fixed once, and never without a day or with nobody in it', async () => {
    const campaignId = await found()
    await act(campaigns.fixScope, { campaignId })
    await assert.rejects(act(campaigns.fixScope, { campaignId }), refused('alreadyFixed'))
    await assert.rejects(
      act(campaigns.fixScope, { campaignId: await found({ countsOn: undefined }) }),
      refused('noDay'),
    )
    await assert.rejects(
      act(campaigns.fixScope, { campaignId: await found({ countsOn: '1990-01-01' }) }),
      refused('unitNotThereYet'),
    )
    const empty = await found({ countsOn: '2005-01-01' })
    await assert.rejects(act(campaigns.fixScope, { campaignId: empty }), refused('nobodyInScope'))
    const { scopeFixedAt } = await act(campaigns.getCampaign, { campaignId: empty })
    assert.equal(scopeFixedAt, undefined)
  })

  test('who leaves, dies, moves or is exempted later is a dated row, and the summary says what moved', async () => {
    const campaignId = await found()
    await act(campaigns.fixScope, { campaignId })
    const later = atVietnam('2021-01-10', '09:00')
    const amend = (kind: string, unitCode: string, name: string, more = {}) =>
      act(
        campaigns.amendRoll,
        { campaignId, unitId: unit[unitCode], kind, personIds: [person[name]], ...more },
        { now: later },
      )
    await amend('died', 'C1', 'An')
    await amend('exempt', 'C1', 'Bình')
    await amend('exemptionEnded', 'C2', 'Dung')
    await amend('transfer', 'C2', 'Chi', { toUnitId: unit.C1 })
    const roll = await act(campaigns.rollSummary, { campaignId })
    assert.deepEqual(
      [roll.members, roll.exempt, roll.inScope, roll.inScopeAtFixing, roll.up, roll.down, roll.words],
      [4, 1, 3, 4, 1, 2, 'tăng 1, giảm 2 so với lúc chốt'],
    )
    const cell = await act(campaigns.rollSummary, { campaignId, unitId: unit.C1 })
    assert.deepEqual([cell.inScope, cell.upBy.transferred, cell.downBy.died, cell.downBy.exempted], [1, 1, 1, 1])
    await assert.rejects(amend('died', 'C1', 'An'), refused('notOnRoll'))
    await assert.rejects(amend('exempt', 'C1', 'Bình'), refused('sameStanding'))
    await assert.rejects(amend('leave', 'C2', 'Chi'), refused('otherUnit'))
    await assert.rejects(amend('leave', 'C1', 'Chi', { at: '2021-01-02T00:00:00Z' }), refused('tooEarly'))
    const { rows } = await act(campaigns.listRollChanges, { campaignId })
    assert.equal(rows.length, 5)
    assert.equal(rows[0].day, '2021-01-10')
  })

  test('the register of people moves on, and the roll follows only when the organiser confirms what she saw', async () => {
    const campaignId = await found()
    await act(campaigns.fixScope, { campaignId })
    const proposal = () => act(campaigns.proposeRollChanges, { campaignId })
    assert.equal((await proposal()).byUnit.length, 0)
    await leave('Em', '2021-01-05')
    await leave('An', '2021-01-05')
    await join('An', 'C2', '2021-01-05')
    const seen = await proposal()
    assert.deepEqual([seen.totals.leave, seen.totals.transfer, seen.totals.join], [1, 1, 0])
    await leave('Khác', '2021-01-06')
    await join('Khác', 'X', '2021-01-06')
    await assert.rejects(
      act(campaigns.confirmRollChanges, { campaignId, fingerprint: seen.fingerprint }),
      refused('outOfDate'),
    )
    const again = await proposal()
    const done = await act(campaigns.confirmRollChanges, { campaignId, fingerprint: again.fingerprint })
    assert.deepEqual([done.changed, done.roll.words], [3, 'tăng 1, giảm 1 so với lúc chốt'])
    assert.equal((await proposal()).byUnit.length, 0)
    await assert.rejects(
      act(campaigns.confirmRollChanges, { campaignId, fingerprint: again.fingerprint }),
      refused('nothingToChange'),
    )
  })
})

describe('the presence policy', () => {
  test('a new version begins later and leaves what was judged before alone', async () => {
    const campaignId = await found()
    const from = atVietnam('2021-01-20')
    const policy = { ...defaultPolicy, lateGraceMinutes: 30 }
    await act(campaigns.approvePolicy, { campaignId, policy, inForceFrom: from.toISOString() })
    assert.equal((await campaigns.policyInForce(desk.db, campaignId, atVietnam(day)))?.policy.lateGraceMinutes, 15)
    assert.equal((await campaigns.policyInForce(desk.db, campaignId, from))?.policy.lateGraceMinutes, 30)
    await assert.rejects(
      act(campaigns.approvePolicy, { campaignId, policy: defaultPolicy, inForceFrom: '2021-01-01T00:00:00Z' }),
      refused('inThePast'),
    )
    const { versions } = await act(campaigns.listPolicies, { campaignId })
    assert.match(versions[0].words.join(' '), /30 phút/)
  })
})

describe('who may', () => {
  test('a commune sees the province’s campaign but does not fix it; another province does not see it', async () => {
    const campaignId = await found()
    const commune = { actor: organiserOf('X') }
    const seen = await act(campaigns.getCampaign, { campaignId }, commune)
    assert.equal(seen.abilities.includes('fixScope'), false)
    const partOf = async (code: string) =>
      (await act(campaigns.listCampaigns, {}, { actor: organiserOf(code) })).campaigns.find(
        (one: { campaignId: string }) => one.campaignId === campaignId,
      )?.partUnitId
    assert.ok(await partOf('X'), 'her screens open on her own part')
    assert.equal(await partOf('T'), undefined, 'the whole is hers')
    await assert.rejects(act(campaigns.fixScope, { campaignId }, commune), refused('notYours'))
    await assert.rejects(act(campaigns.getCampaign, { campaignId }, { actor: organiserOf('K') }), refused('notFound'))
    const { campaigns: own } = await act(campaigns.listCampaigns, {}, { actor: organiserOf('K') })
    assert.equal(own.length, 0)
  })
  test('a code is taken once', async () => {
    await found({ code: 'mot-lan' })
    await assert.rejects(found({ code: 'mot-lan' }), refused('codeTaken'))
  })
})
