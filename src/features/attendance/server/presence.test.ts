// The query that judges 97,319 people at once and the rule that explains itself must say the same.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { addMinutes } from '../../../kernel/time.ts'
import { type TestDb, testDb } from '../../../platform/server/testing/index.ts'
import { defaultPolicy } from '../../campaigns/server/index.ts'
import { judgeArrival, judgePresence, type Presence, type Seen } from '../rules.ts'
import { judgePresenceOf } from './standing.ts'

let place: TestDb
const register = newId()
const level = newId()
const unit = newId()
const campaign = newId()
const halls: readonly string[] = [newId(), newId()]
const morning = new Date('2026-11-22T00:30:00Z')
const device = newId()

before(async () => {
  place = await testDb()
  const { db } = place
  const scheme = newId()
  for (const statement of [
    sql`insert into register (id, code, name, created_at) values (${register}, 'S', 'Sổ', now())`,
    sql`insert into level_scheme (id, code, name, valid_from) values (${scheme}, 'thu', 'Thử', '2020-01-01')`,
    sql`insert into level (id, scheme_id, rank, name, keeps_names) values (${level}, ${scheme}, 0, 'Chi bộ', true)`,
    sql`insert into unit (id, register_id, code, created_at) values (${unit}, ${register}, 'C', now())`,
    sql`insert into campaign (id, code, name, scope_unit_id, counts_on, created_at, created_by) values (${campaign}, 'c', 'Đợt', ${unit}, '2026-11-22', now(), 'thử')`,
    sql`insert into site (id, register_id, code, unit_id, name, seats, recorded_at) values (${halls[0]}, ${register}, 'H1', ${unit}, 'Một', 10, now()), (${halls[1]}, ${register}, 'H2', ${unit}, 'Hai', 10, now())`,
  ])
    await statement.execute(db)
})
after(() => place.close())

type Point = {
  session: number
  arrival?: { minutes: number; hall: 0 | 1 | 2; accepted: boolean } | undefined
  cut: boolean
}
const point = fc.record({
  session: fc.integer({ min: 0, max: 2 }),
  arrival: fc.option(
    fc.record({
      minutes: fc.integer({ min: -40, max: 70 }),
      hall: fc.constantFrom(0 as const, 1 as const, 2 as const),
      accepted: fc.boolean(),
    }),
    { nil: undefined },
  ),
  cut: fc.boolean(),
})
const summoned = fc.record({ points: fc.array(point, { minLength: 1, maxLength: 6 }), narrowed: fc.boolean() })

/** One conference an example; each point is a checkpoint an hour apart, open half an hour before and after. */
async function judgeBySql(points: readonly Point[], narrowed: boolean): Promise<Presence['state']> {
  const { db } = place
  const conference = newId()
  const person = newId()
  await sql`insert into conference (id, campaign_id, unit_id, code, name, purpose, state, created_at, created_by) values (${conference}, ${campaign}, ${unit}, ${conference}, 'Hội nghị', 'study', 'closed', now(), 'thử')`.execute(
    db,
  )
  await sql`insert into person (id, register_id, full_name, sort_name, recorded_at) values (${person}, ${register}, 'Thử', 'Thử', now())`.execute(
    db,
  )
  const sessions = [newId(), newId(), newId()]
  for (const [i, session] of sessions.entries())
    await sql`insert into conference_session (id, conference_id, code, name, position, starts_at, ends_at) values (${session}, ${conference}, ${`B${i}`}, '', ${i}, ${morning}, ${addMinutes(morning, 600)})`.execute(
      db,
    )
  const wanted = [...new Set(points.map(({ session }) => sessions[session]!))]
  await sql`insert into summons (id, conference_id, person_id, site_id, session_ids, origin, door_code, made_at, made_by)
    values (${newId()}, ${conference}, ${person}, ${halls[0]}, ${narrowed ? wanted : null}, 'seating', ${person.slice(-8)}, now(), 'thử')`.execute(
    db,
  )
  for (const [i, one] of points.entries()) {
    const checkpoint = newId()
    const at = timeOf(i)
    await sql`insert into checkpoint (id, conference_id, session_id, code, name, position, opens_at, at, closes_at)
      values (${checkpoint}, ${conference}, ${sessions[one.session]!}, ${`M${i}`}, '', ${i}, ${addMinutes(at, -30)}, ${at}, ${addMinutes(at, 30)})`.execute(
      db,
    )
    if (one.cut)
      await sql`insert into interruption (id, conference_id, site_id, from_at, to_at, cause, by_actor, recorded_at)
        values (${newId()}, ${conference}, ${halls[0]}, ${addMinutes(at, -5)}, ${addMinutes(at, 5)}, 'line', 'thử', now())`.execute(
        db,
      )
    if (one.arrival)
      await sql`insert into arrival (arrival_id, conference_id, checkpoint_id, site_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, device_id, accepted_at)
        values (${newId()}, ${conference}, ${checkpoint}, ${halls[one.arrival.hall] ?? null}, ${person}, 'doorScan', 'thử', now(), ${addMinutes(at, one.arrival.minutes)}, now(), ${device}, ${one.arrival.accepted ? new Date() : null})`.execute(
        db,
      )
  }
  const [judged] = await judgePresenceOf(db, conference)
  return judged!.state
}
// Ninety minutes apart, so that a cut of one checkpoint never touches the next.
const timeOf = (i: number) => addMinutes(morning, 90 * i)

function judgeByRule(points: readonly Point[]): Presence['state'] {
  const seen = points.map((one, i): Seen => {
    const at = timeOf(i)
    if (!one.arrival) return { sessionId: String(one.session), interrupted: one.cut }
    const siteId = halls[one.arrival.hall]
    const judged = judgeArrival(
      {
        correctedAt: addMinutes(at, one.arrival.minutes),
        evidence: 'doorScan',
        siteId,
        accepted: one.arrival.accepted,
      },
      { opensAt: addMinutes(at, -30), at, closesAt: addMinutes(at, 30) },
      defaultPolicy,
      { siteId: halls[0] },
    )
    return { sessionId: String(one.session), arrival: { counts: judged.counts, siteId }, interrupted: one.cut }
  })
  return judgePresence(seen, defaultPolicy).state
}

test('everyone is judged by the query as the rule would judge her', async () => {
  await fc.assert(
    fc.asyncProperty(summoned, async ({ points, narrowed }) => {
      assert.equal(await judgeBySql(points, narrowed), judgeByRule(points))
    }),
    { numRuns: 120 },
  )
})
