// The ledger's query and its rule are held equal on random people; numbers open names only where they may.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { type Any, afterwards, holding, openProvince, type Province } from '../../../../tests/fixtures/province.ts'
import { newId } from '../../../kernel/id.ts'
import { addMinutes } from '../../../kernel/time.ts'
import { machine } from '../../../platform/rights.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { type TestDb, testDb } from '../../../platform/server/testing/index.ts'
import { stateOf } from '../rules.ts'
import { ledgerOf } from './ledger.ts'

describe('one state for everyone', () => {
  let place: TestDb
  const register = newId()
  const unit = newId()
  const hall = newId()
  const morning = new Date('2026-11-22T00:30:00Z')
  before(async () => {
    place = await testDb()
    for (const statement of [
      sql`insert into register (id, code, name, created_at) values (${register}, 'S', 'Sổ', now())`,
      sql`insert into unit (id, register_id, code, created_at) values (${unit}, ${register}, 'C', now())`,
      sql`insert into unit_version (id, unit_id, name, level_id, valid_from, recorded_at, recorded_by)
        select ${unit}, ${unit}, 'Chi bộ', id, '2015-01-01', now(), 'thử' from level limit 1`,
      sql`insert into site (id, register_id, code, unit_id, name, seats, recorded_at) values (${hall}, ${register}, 'H', ${unit}, 'Một', 10, now())`,
    ])
      await statement.execute(place.db)
  })
  after(() => place.close())

  type Part = 'none' | 'away' | 'hall' | 'device' | 'half'
  const meeting = fc.record({
    purpose: fc.constantFrom('study' as const, 'makeup' as const),
    closed: fc.boolean(),
    /** Two checkpoints of one session: none is not summoned; half is one of them. */
    part: fc.constantFrom<Part>('none', 'away', 'hall', 'device', 'half'),
    excused: fc.boolean(),
    undeliverable: fc.boolean(),
    replaced: fc.boolean(),
  })
  const person = fc.record({
    exempt: fc.boolean(),
    meetings: fc.array(meeting, { maxLength: 4 }),
    unreached: fc.boolean(),
  })
  type PersonCase = typeof person extends fc.Arbitrary<infer P> ? P : never

  async function stateBySql({ exempt, meetings, unreached }: PersonCase) {
    const { db } = place
    const campaign = newId()
    const who = newId()
    await sql`insert into campaign (id, code, name, scope_unit_id, scope_fixed_at, created_at, created_by) values (${campaign}, ${campaign}, 'Đợt', ${unit}, now(), now(), 'thử')`.execute(
      db,
    )
    await sql`insert into person (id, register_id, full_name, sort_name, recorded_at) values (${who}, ${register}, 'Thử', 'Thử', now())`.execute(
      db,
    )
    await sql`insert into campaign_unit (campaign_id, unit_id, version_id, code, name, level_name, level_rank, keeps_names, grassroots_id, path, lft, rgt, depth, children)
      values (${campaign}, ${unit}, ${unit}, 'C', 'Chi bộ', 'Chi bộ', 1, true, ${unit}, array[${unit}::uuid], 1, 2, 0, 0)`.execute(
      db,
    )
    await sql`insert into roll (id, campaign_id, person_id, unit_id, unit_version_id, standing, from_at, why) values (${newId()}, ${campaign}, ${who}, ${unit}, ${unit}, ${exempt ? 'exempt' : 'inScope'}, now(), 'fixed')`.execute(
      db,
    )
    if (unreached)
      await sql`insert into makeup_offer (id, campaign_id, person_id, offered_at, undeliverable_at) values (${newId()}, ${campaign}, ${who}, now(), now())`.execute(
        db,
      )
    for (const [i, it] of meetings.entries()) {
      const conference = newId()
      const session = newId()
      await sql`insert into conference (id, campaign_id, unit_id, code, name, purpose, state, created_at, created_by)
        values (${conference}, ${campaign}, ${unit}, ${`c${i}`}, 'Họp', ${it.purpose}, ${it.closed ? 'closed' : 'open'}, now(), 'thử')`.execute(
        db,
      )
      await sql`insert into conference_session (id, conference_id, code, name, position, starts_at, ends_at) values (${session}, ${conference}, 'B1', '', 1, ${morning}, ${addMinutes(morning, 240)})`.execute(
        db,
      )
      const points = [newId(), newId()]
      for (const [nth, point] of points.entries())
        await sql`insert into checkpoint (id, conference_id, session_id, code, name, position, opens_at, at, closes_at)
          values (${point}, ${conference}, ${session}, ${`M${nth}`}, '', ${nth}, ${morning}, ${morning}, ${addMinutes(morning, 60)})`.execute(
          db,
        )
      if (it.replaced)
        await sql`insert into summons (id, conference_id, person_id, origin, door_code, made_at, made_by, withdrawn_at, withdrawn_why)
          values (${newId()}, ${conference}, ${who}, 'seating', ${newId().slice(-8)}, now(), 'thử', now(), 'replaced')`.execute(
          db,
        )
      if (it.part === 'none') continue
      await sql`insert into summons (id, conference_id, person_id, site_id, origin, door_code, made_at, made_by, excuse, undeliverable_at)
        values (${newId()}, ${conference}, ${who}, ${hall}, 'seating', ${newId().slice(-8)}, now(), 'thử', ${it.excused ? 'duty' : null}, ${it.undeliverable ? morning : null})`.execute(
        db,
      )
      const came = { away: [], half: points.slice(0, 1), hall: points, device: points }[it.part]
      for (const point of came)
        await sql`insert into arrival (arrival_id, conference_id, checkpoint_id, site_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, device_id)
          values (${newId()}, ${conference}, ${point}, ${it.part === 'device' ? null : hall}, ${who}, 'paper', 'thử', ${morning}, ${morning}, ${morning}, ${newId()})`.execute(
          db,
        )
    }
    const { rows } = await sql<{ state: string; reason: string | null; summoned: boolean }>`
      select state, reason, summoned from ${ledgerOf(campaign)} l where person_id = ${who}`.execute(db)
    const { rows: byId } = await sql<{ state: string; reason: string | null; summoned: boolean }>`
      select state, reason, summoned from ${ledgerOf(campaign, { personIds: [who] })} l`.execute(db)
    assert.deepEqual(byId, rows, 'a list behind a number says what the number says')
    return rows[0]!
  }
  function stateByRule({ exempt, meetings, unreached }: PersonCase) {
    if (exempt) return { state: 'exempt', reason: null, summoned: false }
    const called = meetings.filter(({ part }) => part !== 'none')
    const some = (test_: (one: PersonCase['meetings'][number]) => boolean) => called.some(test_)
    const study = ({ purpose }: { purpose: string }) => purpose === 'study'
    const present = ({ part }: { part: Part }) => part === 'hall' || part === 'device'
    const told = stateOf({
      studiedAtSite: some((one) => study(one) && one.part === 'hall'),
      studiedOnDevice: some((one) => study(one) && one.part === 'device'),
      madeUp: some((one) => !study(one) && present(one)),
      booked: some((one) => !study(one) && !one.closed),
      awaiting: some((one) => study(one) && !one.closed),
      partly: some(({ part }) => part === 'half'),
      excused:
        some(({ part, excused }) => part === 'away' && excused) || meetings.some((one) => study(one) && one.replaced),
      absent: some(({ part, undeliverable }) => part === 'away' && !undeliverable),
      noContact: unreached || some(({ undeliverable }) => undeliverable),
    })
    return {
      state: told.state as string,
      reason: told.state === 'notYet' ? (told.reason as string) : null,
      summoned: some(study),
    }
  }
  test('the query gives everyone the state the rule gives her', async () => {
    await fc.assert(
      fc.asyncProperty(person, async (one) => {
        assert.deepEqual(await stateBySql(one), stateByRule(one))
      }),
      { numRuns: 60 },
    )
  })
})

describe('numbers and names', () => {
  let place: Province
  let campaignId: string
  const at = (name: string, input: unknown, actor = machine(0)): Promise<Any> =>
    place.act(name, input, { actor, now: afterwards })
  const refused = (because: string) => (error: unknown) => error instanceof Refused && error.because === because
  before(async () => {
    place = await openProvince()
    const it = await place.study()
    campaignId = it.campaignId
    await it.summon([...place.people.C1!, ...place.people.C2!])
    await it.come(place.people.C1!)
    await it.come(place.people.C2!.slice(0, 2), [0, 1, 2], null)
    await it.close()
  })
  after(() => place.desk.close())

  test('rows of the units below and the own row add up to the unit, at every step down', async () => {
    const climb = async (unitId?: string): Promise<void> => {
      const { unit, rows } = await at('coverage.ledger', { campaignId, unitId })
      if (rows.length === 0) return
      for (const name of ['members', 'exempt', 'inScope', 'summoned', 'studiedAtSite', 'studiedOnDevice', 'notYet'])
        assert.equal(
          rows.reduce((sum: number, row: Any) => sum + row[name], 0),
          unit[name],
          `${unit.code} ${name}`,
        )
      for (const row of rows) if (!row.own) await climb(row.unitId)
    }
    await climb()
    const { unit } = await at('coverage.ledger', { campaignId })
    assert.deepEqual(
      [unit.members, unit.exempt, unit.inScope, unit.summoned, unit.studiedAtSite, unit.studiedOnDevice, unit.notYet],
      [25, 1, 24, 12, 6, 2, 16],
    )
  })
  test('the unit’s officer opens names, as one look that each person named finds', async () => {
    const actor = holding('organiser', place.unit.X1)
    const looks = async () =>
      (await place.desk.pool.query('select list, reason, person_ids from look order by at, id')).rows
    const earlier = (await looks()).length
    const { rows, total } = await at(
      'coverage.peopleBehind',
      { campaignId, unitId: place.unit.X1, filter: 'left', why: 'mời học bù' },
      actor,
    )
    assert.equal(total, 4)
    assert.ok(rows.every((row: Any) => row.state === 'notYet' && row.reason === 'absent'))
    const told = (await looks()).slice(earlier)
    assert.equal(told.length, 1)
    assert.equal(told[0].reason, 'mời học bù')
    assert.deepEqual([...told[0].person_ids].sort(), rows.map((row: Any) => row.personId).sort())
  })
  test('a province or a district sees numbers, and names of nobody', async () => {
    for (const [code, because] of [
      ['T', 'aboveNames'],
      ['H1', 'aboveNames'],
      ['X1', 'notYours'],
    ] as const)
      await assert.rejects(
        at(
          'coverage.peopleBehind',
          { campaignId, unitId: place.unit[code], filter: 'left' },
          holding('organiser', code === 'T' ? place.unit.T : place.unit.H1),
        ),
        refused(because),
      )
  })
  test('a cell’s secretary sees her cell and no other', async () => {
    const actor = holding('cellSecretary', place.unit.C2)
    const mine = { campaignId, unitId: place.unit.C2, filter: 'inScope' }
    assert.equal((await at('coverage.peopleBehind', mine, actor)).total, 6)
    await assert.rejects(at('coverage.peopleBehind', { ...mine, unitId: place.unit.C1 }, actor), refused('notYours'))
    await assert.rejects(at('coverage.ledger', { campaignId, unitId: place.unit.H2 }, actor), refused('notYours'))
  })
  test('the secretary sees where each is summoned, what was excused and what came of the offer, and reads one again alone', async () => {
    const actor = holding('cellSecretary', place.unit.C2)
    const where = { campaignId, unitId: place.unit.C2, filter: 'inScope' }
    const { rows } = await at('coverage.peopleBehind', where, actor)
    assert.ok(rows.every((row: Any) => row.summonses.length === 1 && row.mayRegister.length === 0))
    const [{ personId, summonses }] = rows
    await at('sites.excuse', { ...summonses[0], reason: 'leave' }, actor)
    await at('makeups.recordOffer', { ...where, personIds: [personId], outcome: 'accepted' }, actor)
    const again = await at('coverage.peopleBehind', { ...where, personId }, actor)
    assert.equal(again.total, 1)
    assert.equal(again.rows[0].summonses[0].excuse, 'leave')
    assert.equal(again.rows[0].offer, 'accepted')
    assert.equal(
      (
        await at(
          'coverage.peopleBehind',
          { ...where, unitId: place.unit.X1, own: true },
          holding('organiser', place.unit.X1),
        )
      ).total,
      0,
    )
  })
  test('a member finds her own line', async () => {
    const member = (personId: string) => ({
      name: `đv:${personId}`,
      kind: 'member' as const,
      personId,
      campaignId,
      assurance: 'entered' as const,
      grants: [],
    })
    assert.deepEqual(await at('coverage.myState', { campaignId }, member(place.people.C2![0]!)), {
      state: 'studiedOnDevice',
    })
    assert.deepEqual(await at('coverage.myState', { campaignId }, member(place.people.C3![0]!)), {
      state: 'notYet',
      reason: 'neverSummoned',
    })
    assert.deepEqual(await at('coverage.myState', { campaignId }, member(place.exempt)), { state: 'exempt' })
  })
})
