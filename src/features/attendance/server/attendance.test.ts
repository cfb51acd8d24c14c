import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { newId } from '../../../kernel/id.ts'
import { addMinutes } from '../../../kernel/time.ts'
import { type Actor, machine } from '../../../platform/rights.ts'
import { runImport } from '../../../platform/server/imports/index.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { siteBoard } from './boards.ts'
import { type Any, type Day, keeperOf, morning, openDay } from './hall.fixture.ts'
import * as attendance from './index.ts'

let it: Day
before(async () => {
  it = await openDay()
})
after(() => it.close())

const refused =
  (because: string, detail?: Record<string, unknown>) =>
  (error: unknown): true => {
    assert.ok(error instanceof Refused, String(error))
    assert.equal(error.because, because)
    if (detail) assert.deepEqual(error.detail, detail)
    return true
  }
const arrivalsAt = async (checkpointId: string, personId: string) =>
  (
    await it.desk.db
      .selectFrom('arrival')
      .selectAll()
      .where('checkpoint_id', '=', checkpointId)
      .where('person_id', '=', personId)
      .orderBy('corrected_at')
      .execute()
  ).map((row) => ({ ...row, stands: row.withdrawn_at === null }))
const storiesOf = async (arrivalId: string) =>
  (
    await sql`select from event where name = 'attendance.arrived' and body -> 'arrivalIds' @> ${JSON.stringify([arrivalId])}::jsonb`.execute(
      it.desk.db,
    )
  ).rows.length
const present = async (checkpointId: string, siteId?: string) =>
  (await attendance.countBySite(it.desk.db, checkpointId)).find((row) => row.siteId === (siteId ?? null))?.present ?? 0
const board = (conferenceId: string, siteId: string): Promise<Any> =>
  siteBoard.read(it.desk, { conferenceId, siteId } as never)
const minutesIn = (minutes: number) => addMinutes(morning, minutes)

describe('at the door', () => {
  test('checking in twice keeps the first arrival and tells the story once', async () => {
    const { m1, codes } = await it.hold()
    const first = { arrivalId: newId(), checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.an] }
    const one = await it.checkIn({ ...first, at: minutesIn(-5) })
    assert.equal(one.outcome, 'new')
    assert.deepEqual(one.person, { name: 'Nguyễn Văn An', unit: 'Chi bộ thôn 1' })
    assert.deepEqual(one.judgement, {
      counts: true,
      lateMinutes: 0,
      accepted: false,
      otherHall: false,
      unsummoned: false,
    })
    const retry = await it.checkIn({ ...first, at: minutesIn(-5), now: minutesIn(3) })
    assert.equal(retry.outcome, 'same')
    const again = await it.checkIn({ ...first, arrivalId: newId(), at: minutesIn(4) })
    assert.equal(again.outcome, 'already')
    assert.equal(again.before.at, minutesIn(-5).toISOString())
    assert.equal((await arrivalsAt(m1, it.people.an)).length, 1)
    assert.equal(await storiesOf(first.arrivalId), 1)
  })

  test('two stewards scan the same person at once, and she is one person', async () => {
    const { m1, codes } = await it.hold()
    const scan = { checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.binh] }
    const answers = await Promise.all([it.checkIn(scan), it.checkIn(scan), it.checkIn(scan)])
    assert.ok(answers.some(({ outcome }) => outcome === 'new'))
    assert.equal(await present(m1, it.halls.mot), 1)
  })

  test('a hundred people at one moment are a hundred arrivals, each answered for herself', async () => {
    const { m1 } = await it.hold()
    const everyone = Object.values(it.people)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        it.checkIn({
          checkpointId: m1,
          siteId: it.halls.mot,
          personId: everyone[at % everyone.length],
          evidence: 'stewardTick',
        }),
      ),
    )
    for (const [at, { personId }] of answers.entries()) assert.equal(personId, everyone[at % everyone.length])
    assert.equal(await present(m1, it.halls.mot), everyone.length)
  })

  test('a person at another hall is let in, kept, asked about, and one of the two is kept', async () => {
    const { m1, conferenceId, codes } = await it.hold()
    await it.checkIn({ checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.an], at: minutesIn(-10) })
    const second = await it.checkIn({
      checkpointId: m1,
      siteId: it.halls.hai,
      doorCode: codes[it.people.an],
      at: minutesIn(2),
    })
    assert.equal(second.outcome, 'elsewhere')
    assert.equal(second.before.siteName, 'Hội trường Một')
    assert.equal(second.judgement.otherHall, true)
    assert.equal(await present(m1, it.halls.mot), 1)
    assert.equal(await present(m1, it.halls.hai), 0)
    const [doubt] = (await board(conferenceId, it.halls.mot)).doubts
    assert.equal(doubt.otherSite, 'Hội trường Hai')
    const keep = { siteId: it.halls.hai, arrivalId: doubt.otherArrivalId }
    await assert.rejects(it.act('attendance.keepArrival', keep, { actor: keeperOf(it.halls.mot) }), refused('notYours'))
    assert.deepEqual(
      await it.act('attendance.keepArrival', keep, { actor: keeperOf(it.halls.hai), now: minutesIn(5) }),
      { withdrawn: 1 },
    )
    assert.equal(await present(m1, it.halls.mot), 0)
    assert.equal(await present(m1, it.halls.hai), 1)
    assert.deepEqual((await board(conferenceId, it.halls.hai)).doubts, [])
    assert.equal((await arrivalsAt(m1, it.people.an)).length, 2)
  })

  test('an hour after closing is kept, does not count, and counts once the keeper of the hall accepts it', async () => {
    const { m1, conferenceId, codes } = await it.hold()
    const late = await it.checkIn({
      checkpointId: m1,
      siteId: it.halls.mot,
      doorCode: codes[it.people.chi],
      at: minutesIn(90),
    })
    assert.equal(late.outcome, 'new')
    assert.deepEqual(late.judgement, { counts: false, because: 'afterClosing', minutes: 60 })
    assert.equal(await present(m1, it.halls.mot), 0)
    const { waiting } = await board(conferenceId, it.halls.mot)
    assert.deepEqual(
      waiting.map(({ arrivalId, personId }: Any) => ({ arrivalId, personId })),
      [{ arrivalId: late.arrivalId, personId: it.people.chi }],
    )
    const accept = { siteId: it.halls.mot, arrivalIds: [late.arrivalId] }
    await assert.rejects(
      it.act('attendance.acceptArrivals', accept, { actor: keeperOf(it.halls.mot, 'steward') }),
      refused('notYours'),
    )
    assert.deepEqual(
      await it.act('attendance.acceptArrivals', accept, { actor: keeperOf(it.halls.mot), now: minutesIn(95) }),
      {
        accepted: 1,
      },
    )
    assert.equal(await present(m1, it.halls.mot), 1)
    assert.deepEqual((await board(conferenceId, it.halls.mot)).waiting, [])
  })

  test('ten minutes after the hour is present and ten minutes late; before the doors open is only kept', async () => {
    const { m1, codes } = await it.hold()
    const scan = (name: 'an' | 'binh', at: Date) =>
      it.checkIn({ checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people[name]], at })
    assert.equal((await scan('an', minutesIn(10))).judgement.lateMinutes, 10)
    assert.deepEqual((await scan('binh', minutesIn(-45))).judgement, {
      counts: false,
      because: 'beforeOpening',
      minutes: 15,
    })
  })

  test('the paper of another conference is told from a code nobody has', async () => {
    const here = await it.hold()
    const other = await it.hold()
    const scan = { checkpointId: here.m1, siteId: it.halls.mot }
    const code = other.codes[it.people.an]!
    await assert.rejects(it.checkIn({ ...scan, doorCode: code }), refused('otherConference'))
    // A QR says by itself which conference it belongs to.
    const qr = `DC1.${other.conferenceId.slice(-12).toUpperCase()}.BCFGHJKL`
    await assert.rejects(it.checkIn({ ...scan, doorCode: qr }), refused('otherConference'))
    await assert.rejects(it.checkIn({ ...scan, doorCode: 'BCFGHJKL' }), refused('unknownPerson'))
    await assert.rejects(it.checkIn({ ...scan, doorCode: 'https://example.vn/x' }), refused('unknownPerson'))
    await assert.rejects(it.checkIn({ ...scan, personId: newId() }), refused('unknownPerson'))
    const mine = here.codes[it.people.an]!
    const typed = await it.checkIn({
      ...scan,
      doorCode: ` ${mine.slice(0, 4).toLowerCase()} ${mine.slice(4)} `,
      evidence: 'typedCode',
    })
    assert.equal(typed.personId, it.people.an)
    const scanned = await it.checkIn({
      ...scan,
      checkpointId: here.m2,
      doorCode: `DC1.${here.conferenceId.slice(-12).toUpperCase()}.${mine}`,
    })
    assert.equal(scanned.personId, it.people.an)
  })

  test('only the keepers of a hall write at its door, and only where the conference is held', async () => {
    const { m1 } = await it.hold()
    const scan = { checkpointId: m1, siteId: it.halls.mot, personId: it.people.an }
    await assert.rejects(it.checkIn({ ...scan, actor: keeperOf(it.halls.hai) }), refused('notYours'))
    const apart = (
      await it.act('sites.addSite', { unitId: it.units.X, code: `H${newId()}`, name: 'Nhà văn hoá', seats: 9 })
    ).siteId
    await assert.rejects(it.checkIn({ ...scan, siteId: apart }), refused('otherConference'))
    await assert.rejects(it.checkIn({ ...scan, checkpointId: newId() }), refused('otherConference'))
  })

  test('who was not summoned gets a summons «tại cửa» from that buổi on; a guest gets none and is in no base', async () => {
    const { m3, conferenceId } = await it.hold()
    const giang = await it.checkIn({
      checkpointId: m3,
      siteId: it.halls.mot,
      personId: it.people.giang,
      evidence: 'stewardTick',
      at: minutesIn(355),
    })
    assert.equal(giang.judgement.unsummoned, true)
    const { rows } = await sql<{ origin: string; site_id: string; codes: string[] }>`
      select m.origin, m.site_id, array(select code from conference_session s where s.id = any(m.session_ids)) as codes
      from summons m where m.conference_id = ${conferenceId} and m.person_id = ${it.people.giang}`.execute(it.desk.db)
    assert.deepEqual(rows, [{ origin: 'door', site_id: it.halls.mot, codes: ['C'] }])
    await it.checkIn({
      checkpointId: m3,
      siteId: it.halls.mot,
      personId: it.people.khanh,
      evidence: 'stewardTick',
      at: minutesIn(355),
    })
    const guest =
      await sql`select from summons where conference_id = ${conferenceId} and person_id = ${it.people.khanh}`.execute(
        it.desk.db,
      )
    assert.equal(guest.rows.length, 0)
    assert.equal(await present(m3, it.halls.mot), 2)
    const byUnit = await attendance.countByUnit(it.desk.db, m3)
    assert.equal(
      byUnit.reduce((sum, row) => sum + row.present, 0),
      1,
    )
  })

  test('a phone whose clock is wrong is judged by the hour it means, never before it last heard from us nor after now', async () => {
    const { m1, codes } = await it.hold()
    const scan = (name: 'an' | 'binh' | 'chi', more: Record<string, unknown>) =>
      it.checkIn({ checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people[name]], ...more })
    // Ten minutes slow: it says 7:05 when it is 7:15, and sends at 7:40.
    await scan('an', { claimedAt: minutesIn(-25).toISOString(), skewMs: 600_000, now: minutesIn(10) })
    // It claims 7:10 but had heard from us at 7:28.
    await scan('binh', {
      claimedAt: minutesIn(-20).toISOString(),
      previousSyncAt: minutesIn(-2).toISOString(),
      now: minutesIn(10),
    })
    await scan('chi', { claimedAt: minutesIn(300).toISOString(), now: minutesIn(10) })
    const corrected = async (name: 'an' | 'binh' | 'chi') => (await arrivalsAt(m1, it.people[name]))[0]!.corrected_at
    assert.deepEqual(await corrected('an'), minutesIn(-15))
    assert.deepEqual(await corrected('binh'), minutesIn(-2))
    assert.deepEqual(await corrected('chi'), minutesIn(10))
  })

  test('a conference that holds secrets takes nothing down by machine', async () => {
    const { m1, conferenceId } = await it.hold({ classified: true })
    await assert.rejects(
      it.checkIn({ checkpointId: m1, siteId: it.halls.mot, personId: it.people.an }),
      refused('paperOnly'),
    )
    const write = {
      clientId: newId(),
      checkpointId: m1,
      siteId: it.halls.mot,
      claimedAt: morning.toISOString(),
      deviceId: newId(),
    }
    await assert.rejects(
      it.act('attendance.confirmSite', { ...write, base: 'roll', exceptPersonIds: [] }, { now: morning }),
      refused('paperOnly'),
    )
    await assert.rejects(
      it.act('attendance.showCode', { conferenceId, checkpointId: m1 }, { now: morning }),
      refused('paperOnly'),
    )
    await assert.rejects(
      it.act(
        'attendance.siteRoll',
        { conferenceId, siteId: it.halls.mot },
        { actor: keeperOf(it.halls.mot), now: morning },
      ),
      refused('paperOnly'),
    )
  })

  test('a conference is judged by the policy of its campaign', async () => {
    const { m1, codes } = await it.hold({ policy: { wrongHallCounts: false, lateGraceMinutes: 0 } })
    const elsewhere = await it.checkIn({ checkpointId: m1, siteId: it.halls.hai, doorCode: codes[it.people.an] })
    assert.deepEqual(elsewhere.judgement, { counts: false, because: 'otherHall', minutes: 0 })
    const late = await it.checkIn({
      checkpointId: m1,
      siteId: it.halls.mot,
      doorCode: codes[it.people.binh],
      at: minutesIn(31),
    })
    assert.deepEqual(late.judgement, { counts: false, because: 'afterClosing', minutes: 1 })
    assert.equal(await present(m1, it.halls.mot), 0)
    assert.equal(await present(m1, it.halls.hai), 0)
  })
})

describe('on her own device', () => {
  const tick = (held: Awaited<ReturnType<Day['hold']>>, personId: string, more: Record<string, unknown> = {}) =>
    it.checkIn({
      checkpointId: held.m1,
      personId,
      evidence: 'ownTick',
      actor: it.member(personId, held.campaignId),
      ...more,
    })
  const show = (held: Awaited<ReturnType<Day['hold']>>, now: Date) =>
    it.act('attendance.showCode', { conferenceId: held.conferenceId, checkpointId: held.m1 }, { now })

  test('the code heard in the programme says she is there, and her page shows it', async () => {
    const held = await it.hold()
    const { code, shownUntil } = await show(held, morning)
    assert.equal(shownUntil, addMinutes(morning, 1).toISOString())
    const said = await tick(held, it.people.em, { proof: code, at: minutesIn(5) })
    assert.equal(said.outcome, 'new')
    assert.equal(said.person, undefined)
    const mine = await it.act(
      'attendance.myPresence',
      { conferenceId: held.conferenceId },
      { actor: it.member(it.people.em, held.campaignId), now: minutesIn(6) },
    )
    assert.equal(mine.checkpoints[0].arrival.evidence, 'ownTick')
    assert.equal(mine.checkpoints[0].open, false)
    const stored = await sql<{
      text: string
    }>`select row_to_json(a)::text as text from arrival a where person_id = ${it.people.em} and checkpoint_id = ${held.m1}`.execute(
      it.desk.db,
    )
    assert.ok(!stored.rows[0]!.text.includes(code))
  })

  test('a tick after closing waits for her cell’s secretary, who sees how many, opens the names in one look and accepts', async () => {
    const held = await it.hold()
    const { code } = await show(held, minutesIn(90))
    const late = await tick(held, it.people.em, { proof: code, at: minutesIn(92) })
    assert.equal(late.judgement.counts, false)
    const secretary = (unitId: string): Actor => ({
      name: 'nv:bithu',
      kind: 'staff',
      assurance: 'confirmed',
      grants: [{ role: 'cellSecretary', kind: 'unit', scopeId: unitId }],
    })
    const actor = secretary(it.units.C2)
    const where = { campaignId: held.campaignId, unitId: it.units.C2 }
    const looks = async () => (await it.desk.pool.query('select person_ids, reason from look order by at, id')).rows
    const earlier = (await looks()).length
    const counted = await it.act('attendance.waitingArrivals', where, { actor })
    assert.deepEqual([counted.total, counted.arrivals.length], [1, 0])
    assert.ok(counted.abilities.includes('acceptArrivals'))
    assert.equal((await looks()).length, earlier)
    const { arrivals } = await it.act(
      'attendance.waitingArrivals',
      { ...where, named: true, why: 'xét điểm danh muộn' },
      { actor },
    )
    assert.deepEqual(
      arrivals.map(({ arrivalId, name, lateMinutes }: Any) => [arrivalId, name, lateMinutes]),
      [[late.arrivalId, 'Vũ Thị Em', 92]],
    )
    assert.deepEqual((await looks()).slice(earlier), [{ person_ids: [it.people.em], reason: 'xét điểm danh muộn' }])

    const accept = { unitId: it.units.C2, arrivalIds: [late.arrivalId] }
    await assert.rejects(
      it.act('attendance.acceptArrivals', accept, { actor: secretary(it.units.C1) }),
      refused('notYours'),
    )
    assert.deepEqual(await it.act('attendance.acceptArrivals', accept, { actor, now: minutesIn(200) }), { accepted: 1 })
    assert.equal((await it.act('attendance.waitingArrivals', where, { actor })).total, 0)
    assert.equal(await present(held.m1), 1)
  })

  test('above the grassroots late arrivals are a number, without names', async () => {
    const held = await it.hold()
    const { code } = await show(held, minutesIn(90))
    await tick(held, it.people.em, { proof: code, at: minutesIn(92) })
    const officer = (unitId: string): Actor => ({
      name: 'nv:can-bo',
      kind: 'staff',
      assurance: 'confirmed',
      grants: [{ role: 'organiser', kind: 'unit', scopeId: unitId }],
    })
    const ask = (unitId: string, actor: Actor, named: boolean) =>
      it.act('attendance.waitingArrivals', { campaignId: held.campaignId, unitId, named }, { actor })
    assert.equal((await ask(it.units.H, officer(it.units.H), false)).total, 1)
    await assert.rejects(ask(it.units.H, officer(it.units.H), true), refused('aboveNames'))
    await assert.rejects(ask(it.units.C2, officer(it.units.H), true), refused('notYours'))
    assert.equal((await ask(it.units.X, officer(it.units.X), true)).arrivals.length, 1)
  })

  test('a code that was right but is over is told from a wrong one, and a claim made offline in time is taken later', async () => {
    const held = await it.hold()
    const { code } = await show(held, morning)
    await assert.rejects(tick(held, it.people.em, { proof: code, at: minutesIn(20) }), refused('expired'))
    const offline = await tick(held, it.people.em, {
      proof: code,
      claimedAt: minutesIn(8).toISOString(),
      now: minutesIn(55),
    })
    assert.equal(offline.judgement.counts, true)
    assert.equal(offline.judgement.lateMinutes, 8)
  })

  test('before the code was ever shown nobody can have heard it', async () => {
    const held = await it.hold()
    const { code } = await show(held, minutesIn(2))
    await assert.rejects(
      tick(held, it.people.em, { proof: code, claimedAt: minutesIn(-3).toISOString(), now: minutesIn(3) }),
      refused('expired'),
    )
  })

  test('five wrong codes and this checkpoint takes no more from her; others are not touched', async () => {
    const held = await it.hold()
    const { code } = await show(held, morning)
    const wrong = code === '999999' ? '888888' : '999999'
    for (const left of [4, 3, 2, 1, 0])
      await assert.rejects(tick(held, it.people.em, { proof: wrong, at: minutesIn(1) }), refused('wrongCode', { left }))
    await assert.rejects(tick(held, it.people.em, { proof: code, at: minutesIn(1) }), refused('tooManyTries'))
    assert.equal((await tick(held, it.people.dung, { proof: code, at: minutesIn(1) })).outcome, 'new')
  })

  test('nobody ticks for another person, and nobody who is not signed in ticks at all', async () => {
    const held = await it.hold()
    const { code } = await show(held, morning)
    await assert.rejects(
      tick(held, it.people.em, { proof: code, actor: it.member(it.people.an, held.campaignId) }),
      refused('notYours'),
    )
    await assert.rejects(
      tick(held, it.people.em, { proof: code, actor: { name: 'khách', kind: 'nobody', grants: [] } }),
      refused('signIn'),
    )
  })

  test('an entry link of one campaign opens no door of another', async () => {
    const held = await it.hold()
    const other = await it.hold()
    const { code } = await show(held, morning)
    await assert.rejects(
      tick(held, it.people.em, { proof: code, actor: it.member(it.people.em, other.campaignId) }),
      refused('notYours'),
    )
  })

  test('the code on the wall of the hall is good for two minutes, in that hall', async () => {
    const held = await it.hold()
    const { code, url } = await it.act(
      'attendance.hallCode',
      { conferenceId: held.conferenceId, siteId: it.halls.mot },
      { actor: keeperOf(it.halls.mot), now: morning },
    )
    assert.match(code, /^\d{6}$/)
    assert.ok(url.endsWith(code))
    const scan = (personId: string, at: Date, siteId = it.halls.mot) =>
      it.checkIn({
        checkpointId: held.m1,
        personId,
        siteId,
        evidence: 'ownScan',
        proof: code,
        at,
        actor: it.member(personId, held.campaignId),
      })
    await assert.rejects(scan(it.people.an, minutesIn(3)), refused('wrongCode'))
    await assert.rejects(scan(it.people.an, minutesIn(1), it.halls.hai), refused('wrongCode'))
    assert.equal((await scan(it.people.an, minutesIn(1))).outcome, 'new')
    assert.equal(await present(held.m1, it.halls.mot), 1)
  })
})

describe('the keeper of a hall', () => {
  const write = (checkpointId: string, more: Record<string, unknown> = {}) => ({
    clientId: newId(),
    checkpointId,
    siteId: it.halls.mot,
    claimedAt: morning.toISOString(),
    deviceId: newId(),
    ...more,
  })
  const asKeeper = (name: string, input: unknown, now = morning) =>
    it.act(name, input, { actor: keeperOf(it.halls.mot), now })

  test('«có mặt cả, trừ một người», said twice, is said once; who was scanned keeps her scan', async () => {
    const { m1, conferenceId, codes } = await it.hold()
    await it.checkIn({ checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.an], at: minutesIn(-20) })
    const sentence = write(m1, { base: 'roll', exceptPersonIds: [it.people.chi] })
    assert.deepEqual(await asKeeper('attendance.confirmSite', sentence), { added: 1, present: 2 })
    assert.deepEqual(await asKeeper('attendance.confirmSite', sentence), { added: 0, present: 2 })
    const [arrival] = await arrivalsAt(m1, it.people.an)
    assert.equal(arrival!.evidence, 'doorScan')
    const [confirmed] = await arrivalsAt(m1, it.people.binh)
    assert.equal(confirmed!.evidence, 'siteConfirmed')
    // Its id goes over the wire again when she is asked about at two halls.
    assert.ok(z.uuid().safeParse(confirmed!.arrival_id).success)
    assert.equal(await storiesOf(confirmed!.arrival_id), 1)
    assert.equal((await board(conferenceId, it.halls.mot)).checkpoints[0].present, 2)
  })

  test('the next checkpoint starts from those who were in', async () => {
    const { m1, m2, codes } = await it.hold()
    for (const name of ['an', 'dung', 'giang'] as const)
      await it.checkIn({
        checkpointId: m1,
        siteId: it.halls.mot,
        ...(codes[it.people[name]] ? { doorCode: codes[it.people[name]] } : { personId: it.people[name] }),
      })
    const later = minutesIn(120)
    const said = await asKeeper(
      'attendance.confirmSite',
      write(m2, { base: 'previous', exceptPersonIds: [it.people.an], claimedAt: later.toISOString() }),
      later,
    )
    assert.deepEqual(said, { added: 2, present: 2 })
    await assert.rejects(
      asKeeper('attendance.confirmSite', write(m2, { base: 'roll', exceptPersonIds: [] })),
      refused('notOpen'),
    )
  })

  test('taken down by mistake is withdrawn, stays as a fact, and may be taken down again', async () => {
    const { m1, codes } = await it.hold()
    const scan = { checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.an] }
    await it.checkIn(scan)
    assert.deepEqual(
      await asKeeper('attendance.withdrawArrival', { checkpointId: m1, siteId: it.halls.mot, personId: it.people.an }),
      { withdrawn: 1 },
    )
    assert.equal(await present(m1, it.halls.mot), 0)
    assert.equal((await it.checkIn({ ...scan, at: minutesIn(5) })).outcome, 'new')
    assert.deepEqual(
      (await arrivalsAt(m1, it.people.an)).map(({ stands }) => stands),
      [false, true],
    )
  })

  test('four numbers that do not make the summoned are asked why, and kept with the answer', async () => {
    const { m1, conferenceId, codes } = await it.hold()
    await it.checkIn({ checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.an] })
    const count = write(m1, { present: 2, absentExcused: 0, absentUnexcused: 0, guests: 4 })
    await assert.rejects(
      asKeeper('attendance.reportHeadcount', count),
      refused('doesNotAddUp', { summoned: 3, given: 2 }),
    )
    const sent = await asKeeper('attendance.reportHeadcount', { ...count, why: 'còn một người đang lên xe' })
    assert.deepEqual({ ...sent, receivedAt: undefined }, { summoned: 3, roll: 1, adds: false, receivedAt: undefined })
    const right = await asKeeper(
      'attendance.reportHeadcount',
      write(m1, { present: 2, absentExcused: 1, absentUnexcused: 0, guests: 4 }),
      minutesIn(9),
    )
    assert.equal(right.adds, true)
    const { headcount, present: scanned } = (await board(conferenceId, it.halls.mot)).checkpoints[0]
    assert.deepEqual([headcount.present, headcount.absentExcused, headcount.guests, headcount.why], [2, 1, 4, ''])
    assert.equal(scanned, 1)
  })

  test('minutes without a line are never her absence', async () => {
    const { m1, m2, conferenceId, codes } = await it.hold()
    await it.checkIn({ checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.an] })
    const fault = {
      interruptionId: newId(),
      conferenceId,
      siteId: it.halls.mot,
      fromAt: minutesIn(110).toISOString(),
      cause: 'line',
    }
    assert.deepEqual(await asKeeper('attendance.recordInterruption', fault, minutesIn(110)), {})
    assert.equal((await board(conferenceId, it.halls.mot)).interruptions[0].toAt, undefined)
    const over = { ...fault, toAt: minutesIn(200).toISOString() }
    assert.deepEqual(await asKeeper('attendance.recordInterruption', over, minutesIn(200)), { minutes: 90 })
    await assert.rejects(
      asKeeper('attendance.recordInterruption', { ...fault, toAt: minutesIn(100).toISOString() }),
      refused('outOfOrder'),
    )
    const judged = await attendance.judgePresenceOf(it.desk.db, conferenceId)
    // One of the two checkpoints that remain to her, none in the afternoon: partly, and M2 is not held against her.
    assert.equal(judged.find(({ personId }) => personId === it.people.an)!.state, 'partly')
    assert.equal(await present(m2, it.halls.mot), 0)
  })

  test('names of a hall are open to its keepers from ten days before to seven days after, each opening one look', async () => {
    const { conferenceId } = await it.hold()
    const ask = { conferenceId, siteId: it.halls.mot }
    const daysFrom = (days: number) => addMinutes(morning, days * 24 * 60)
    await assert.rejects(asKeeper('attendance.siteRoll', ask, daysFrom(-10.1)), refused('tooEarly'))
    await assert.rejects(asKeeper('attendance.siteRoll', ask, daysFrom(8)), refused('tooLate'))
    const { roll, site } = await asKeeper('attendance.siteRoll', ask, daysFrom(-9))
    assert.deepEqual(
      roll.map(({ name }: Any) => name),
      ['Nguyễn Văn An', 'Trần Thị Bình', 'Lê Chi'],
    )
    assert.equal(site.name, 'Hội trường Một')
    const looks = await sql<{ how_many: number; person_ids: string[] }>`
      select how_many, person_ids from look where about ->> 'conferenceId' = ${conferenceId}`.execute(it.desk.db)
    assert.deepEqual(
      looks.rows.map(({ how_many }) => how_many),
      [3],
    )
    for (const actor of [
      keeperOf(it.halls.hai),
      {
        ...keeperOf(it.halls.mot),
        grants: [{ role: 'organiser' as const, kind: 'unit' as const, scopeId: it.units.T }],
      },
    ])
      await assert.rejects(it.act('attendance.siteRoll', ask, { actor, now: morning }), refused('notYours'))
  })

  test('somebody who is not on the list is found by the code on her paper or her number, never by typing a name', async () => {
    const { conferenceId, codes } = await it.hold()
    const ask = (code: string) => asKeeper('attendance.findAtDoor', { conferenceId, siteId: it.halls.mot, code })
    assert.deepEqual(await ask(codes[it.people.dung]!), {
      personId: it.people.dung,
      name: 'Phạm Dung',
      unit: 'Chi bộ thôn 2',
      summonedTo: 'Hội trường Hai',
      inScope: true,
    })
    assert.equal((await ask('Khánh')).inScope, false)
    await assert.rejects(ask('Phạm Dung'), refused('unknownPerson'))
  })

  test('the list to sign on paper has the same people', async () => {
    const { m1 } = await it.hold()
    const file = await asKeeper('attendance.rollSheet', { checkpointId: m1, siteId: it.halls.mot })
    assert.equal(file.type, 'application/pdf')
    assert.ok(file.body.length > 1_000)
    await assert.rejects(
      asKeeper('attendance.rollSheet', { checkpointId: m1, siteId: it.halls.mot }, minutesIn(60 * 24 * 9)),
      refused('tooLate'),
    )
  })

  test('her own page and the console show the conferences of the halls she keeps', async () => {
    const { conferenceId } = await it.hold()
    const { sites } = await asKeeper('attendance.mySites', {})
    assert.ok(sites.some((one: Any) => one.conferenceId === conferenceId && one.summoned === 3))
  })
})

describe('the paper roll', () => {
  const bring = async (conferenceId: string, lines: readonly string[]) =>
    runImport(it.desk, attendance.importKinds(it.desk.secret), {
      kind: 'diem-danh',
      file: {
        bytes: Buffer.from(`Mã số,Mã điểm cầu,Mốc,Có mặt,Lý do vắng\n${lines.join('\n')}\n`),
        fileName: 'diem-danh.csv',
      },
      options: { conferenceId },
      actor: machine(0),
      now: minutesIn(600),
    } as never) as Promise<Any>

  test('lines of paper are arrivals at the hour of their checkpoint; bringing them again changes nothing', async () => {
    const { m1, conferenceId } = await it.hold()
    const paper = ['An,H1,M1,x,', 'Bình,,M1,có,', 'Chi,H1,M1,v,đi công tác', 'Giang,H1,M1,1,']
    const first = await bring(conferenceId, paper)
    assert.deepEqual(first.preview.summary, { added: 3, changed: 1, unchanged: 0, missing: 0 })
    assert.equal(await present(m1, it.halls.mot), 3)
    assert.deepEqual((await arrivalsAt(m1, it.people.an))[0]!.corrected_at, morning)
    const { rows } = await sql<{ person_id: string; excuse: string | null; origin: string }>`
      select person_id, excuse, origin from summons where conference_id = ${conferenceId} and withdrawn_at is null`.execute(
      it.desk.db,
    )
    assert.equal(rows.find((row) => row.person_id === it.people.chi)!.excuse, 'duty')
    assert.equal(rows.find((row) => row.person_id === it.people.giang)!.origin, 'door')
    const again = await bring(conferenceId, paper)
    assert.deepEqual(again.preview.summary, { added: 0, changed: 0, unchanged: 4, missing: 0 })
    const corrected = await bring(conferenceId, ['An,H1,M1,v,', ...paper.slice(1)])
    assert.deepEqual(corrected.preview.summary, { added: 0, changed: 1, unchanged: 3, missing: 0 })
    assert.equal(await present(m1, it.halls.mot), 2)
  })

  test('a list does not undo a scan at the door', async () => {
    const { m1, conferenceId, codes } = await it.hold()
    await it.checkIn({ checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.an] })
    assert.deepEqual((await bring(conferenceId, ['An,H1,M1,v,'])).preview.summary, {
      added: 0,
      changed: 0,
      unchanged: 1,
      missing: 0,
    })
    assert.equal(await present(m1, it.halls.mot), 1)
  })

  test('lines that contradict each other, unknown people, halls and checkpoints, and reasons outside the list stop the file', async () => {
    const { m1, conferenceId } = await it.hold()
    const found = await bring(conferenceId, [
      'An,H1,M1,x,',
      'An,H1,M1,v,',
      'Bình,H1,M1,x,',
      'Bình,H1,M1,x,',
      'Ai,H1,M1,x,',
      'Chi,H9,M1,x,',
      'Chi,H1,M9,x,',
      'Chi,H1,M1,chắc là có,',
      'Dung,H2,M1,v,ngủ quên',
      'Em,,M1,x,đi công tác',
    ])
    const words = found.problems.map(({ line, word }: Any) => [line, word])
    assert.deepEqual(words, [
      [3, 'contradicts'],
      [5, 'sameAgain'],
      [6, 'unknownPerson'],
      [7, 'unknownSite'],
      [8, 'unknownCheckpoint'],
      [9, 'badMark'],
      [10, 'badReason'],
      [11, 'presentWithReason'],
    ])
    assert.equal(await present(m1, it.halls.mot), 0)
  })
})

test('what attendance keeps about a person is shown to her, and erasure leaves the counts', async () => {
  const { m1, codes } = await it.hold()
  await it.checkIn({ checkpointId: m1, siteId: it.halls.mot, doorCode: codes[it.people.binh] })
  const [arrivals] = attendance.aboutPerson
  const rows = await arrivals!.collect(it.desk.db, it.people.binh)
  assert.ok(rows.some((row) => row.checkpoint === 'Mốc M1' && row.site === 'Hội trường Một'))
  for (const row of rows) for (const name of Object.keys(row)) assert.ok(arrivals!.fields[name], name)
})
