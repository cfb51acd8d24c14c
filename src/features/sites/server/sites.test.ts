import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { atVietnam } from '../../../kernel/time.ts'
import { type Actor, machine } from '../../../platform/rights.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { type AnyImportKind, runImport } from '../../../platform/server/imports/index.ts'
import { type AnyServed, type FileAnswer, perform, Refused } from '../../../platform/server/operate.ts'
import { testDesk } from '../../../platform/server/testing/index.ts'
import * as campaigns from '../../campaigns/server/index.ts'
import * as conferences from '../../conferences/server/index.ts'
import * as organisation from '../../organisation/server/index.ts'
import { parseDoorCode } from '../rules.ts'
import * as sites from './index.ts'

const now = atVietnam('2021-01-04', '08:00')
const root = machine(0)
let desk: Desk & { close: () => Promise<void> }
let conferenceId: string
let sessionIds: string[]
const unit: Record<string, string> = {}
const site: Record<string, string> = {}
const person: Record<string, string> = {}

const operationOf = new Map<string, AnyServed>(
  [...campaigns.operations, ...conferences.operations, ...sites.operations].map((served) => [served.it.name, served]),
)
const act = (
  name: string,
  input: unknown,
  { actor = root, at = now }: { actor?: Actor; at?: Date } = {},
  // biome-ignore lint/suspicious/noExplicitAny: answers are read as they come
): Promise<any> => perform(desk, operationOf.get(name)!, { actor, now: at, input })
const refusal = async (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'not refused',
    (error: unknown) => {
      if (error instanceof Refused) return error.because
      throw error
    },
  )
const bring = async (kind: string, lines: string[], options: Record<string, string | boolean> = {}) => {
  const kinds: AnyImportKind[] = [...organisation.importKinds, ...sites.importKinds(desk.secret)]
  return runImport(desk, kinds, {
    kind,
    file: { bytes: Buffer.from(lines.join('\n')), fileName: `${kind}.csv` },
    options,
    actor: root,
    now,
  })
}
const officerOf = (code: string, role: 'organiser' | 'cellSecretary' | 'head' = 'organiser'): Actor => ({
  name: `nv:${code}`,
  kind: 'staff',
  userId: code,
  assurance: 'confirmed',
  grants: [{ role, kind: 'unit', scopeId: unit[code] }],
})
const managerOf = (code: string): Actor => ({
  name: `nv:${code}`,
  kind: 'staff',
  userId: code,
  assurance: 'confirmed',
  grants: [{ role: 'siteManager', kind: 'site', scopeId: site[code] }],
})
const memberOf = (code: string): Actor => ({
  name: `đv:${code}`,
  kind: 'member',
  personId: person[code]!,
  assurance: 'entered',
  grants: [],
})
const idsOf = async (table: 'unit' | 'site' | 'person', into: Record<string, string>) => {
  const { rows } = await sql<{ id: string; code: string }>`select id, code from ${sql.table(table)}`.execute(desk.db)
  for (const { id, code } of rows) into[code] = id
}

/** A province, a district, a commune with two cells and another without a hall; 2 + 2 + 3 seats for 10 people. */
before(async () => {
  desk = await testDesk({
    places: { ...organisation.places, ...campaigns.places, ...conferences.places, ...sites.places },
  })
  await bring('don-vi', [
    'Mã đơn vị,Mã cấp trên,Tên đơn vị,Loại',
    'T,,Đảng bộ tỉnh,Tỉnh',
    'H,T,Đảng bộ huyện,Huyện',
    'X1,H,Đảng bộ xã Một,Cơ sở',
    'X2,H,Đảng bộ xã Hai,Cơ sở',
    'C1,X1,Chi bộ thôn 1,Chi bộ',
    'C2,X1,Chi bộ thôn 2,Chi bộ',
    'C3,X2,Chi bộ thôn 3,Chi bộ',
  ])
  await bring('dang-vien', [
    'Mã số,Họ và tên,Ngày sinh,Mã đơn vị,Chức vụ,Miễn sinh hoạt',
    '01,Nguyễn Thị An,1960,C1,Bí thư chi bộ,',
    '02,Trần Văn Bình,1970,C1,,',
    '03,Lê Thị Chi,1980,C1,,',
    '04,Phạm Văn Dũng,1955,C2,Bí thư chi bộ,',
    '05,Hoàng Thị Em,1990,C2,,',
    '06,Vũ Văn Giang,1991,C2,,',
    '07,Đỗ Thị Hạnh,1992,C3,Bí thư chi bộ,',
    '08,Bùi Văn Khoa,1993,C3,,',
    '09,Ngô Thị Lan,1994,C3,,',
    '10,Dương Văn Minh,1930,C3,,x',
    '11,Lý Thị Nga,1995,C3,,',
  ])
  await idsOf('unit', unit)
  await idsOf('person', person)
  const campaignId = newId(now)
  await act('campaigns.create', {
    campaignId,
    scopeUnitId: unit.T,
    code: 'thu',
    name: 'Đợt thử',
    countsOn: '2021-01-14',
  })
  await act('campaigns.fixScope', { campaignId })
})
after(() => desk.close())

const siteLines = [
  'Mã điểm cầu,Mã đơn vị,Điểm cầu cấp trên,Tên điểm cầu,Sức chứa',
  'DC-X1,X1,DC-H,Hội trường xã Một,2',
  'DC-H,H,DC-T,Hội trường huyện,2',
  'DC-T,T,,Hội trường tỉnh,3',
]
let day = 0
/** Each test plans a conference of its own; the halls are the same. */
beforeEach(async () => {
  await bring('diem-cau', siteLines)
  await idsOf('site', site)
  const { rows } = await sql<{ id: string }>`select id from campaign`.execute(desk.db)
  conferenceId = newId(now)
  day++
  await act('conferences.create', {
    conferenceId,
    campaignId: rows[0]!.id,
    unitId: unit.T,
    code: `HN${day}`,
    name: 'Hội nghị học tập',
    sessions: [
      { code: 'B1', name: 'Buổi sáng', startsAt: '2021-01-14T00:30:00Z', endsAt: '2021-01-14T04:30:00Z' },
      { code: 'B2', name: 'Buổi chiều', startsAt: '2021-01-14T06:30:00Z', endsAt: '2021-01-14T10:00:00Z' },
    ],
  })
  await sql`update conference set state = 'open' where id = ${conferenceId}`.execute(desk.db)
  sessionIds = (
    await sql<{
      id: string
    }>`select id from conference_session where conference_id = ${conferenceId} order by position`.execute(desk.db)
  ).rows.map(({ id }) => id)
})
const planned = async () => {
  await act('sites.attachSites', { conferenceId })
  await act('sites.proposeSeating', { conferenceId })
  return act('sites.confirmSeating', { conferenceId })
}
const summonsOf = async (code: string) =>
  (
    await sql<{ id: string; site: string | null; origin: string; door_code: string; sessions: string[] | null }>`
      select m.id, s.code as site, m.origin, m.door_code, m.session_ids as sessions from summons m left join site s on s.id = m.site_id
      where m.conference_id = ${conferenceId} and m.person_id = ${person[code]} and m.withdrawn_at is null`.execute(
      desk.db,
    )
  ).rows[0]

describe('files of sites', () => {
  test('the same file again changes nothing, and what the file leaves out stays', async () => {
    const again = await bring('diem-cau', siteLines)
    assert.deepEqual(again.summary, { added: 0, changed: 0, unchanged: 3, missing: 0 })
    const shorter = await bring('diem-cau', siteLines.slice(0, 3))
    assert.deepEqual(shorter.summary, { added: 0, changed: 0, unchanged: 2, missing: 1 })
  })
  test('an unknown unit, no seats, a code twice and a hall above itself are told with their lines, and nothing is written', async () => {
    const outcome = await bring('diem-cau', [
      siteLines[0]!,
      'N1,KHONG,,Nhà văn hóa,30',
      'N2,X2,,Nhà văn hóa,0',
      'N3,X2,N4,Nhà A,30',
      'N4,X2,N3,Nhà B,30',
      'N3,X2,,Nhà C,30',
    ])
    assert.equal(outcome.applied, false)
    assert.deepEqual(outcome.problems.map(({ line, word }) => `${line} ${word}`).sort(), [
      '2 unknownUnit',
      '3 badSeats',
      '4 siteOwnAncestor',
      '6 duplicateCode',
    ])
  })
})

describe('seating', () => {
  test('a commune’s overflow goes to the district’s hall, then to the province’s; three are left', async () => {
    const proposal = await act('sites.attachSites', { conferenceId }).then(() =>
      act('sites.proposeSeating', { conferenceId }),
    )
    assert.deepEqual(proposal, { inScope: 10, seats: 7, placed: 7, left: 3, sitesUsed: 3 })
    const view = await act('sites.seating', { conferenceId, unitId: unit.H })
    assert.equal(view.state, 'proposed')
    assert.deepEqual(
      view.rows.map(({ code, inScope, seated, left }: Record<string, unknown>) => [code, inScope, seated, left]),
      [
        ['H', 0, 0, 0],
        ['X1', 6, 5, 1],
        ['X2', 4, 2, 2],
      ],
    )
    assert.deepEqual(
      view.short.map(({ code, left }: Record<string, unknown>) => [code, left]),
      [
        ['X2', 2],
        ['X1', 1],
      ],
    )
    const confirmed = await act('sites.confirmSeating', { conferenceId })
    assert.deepEqual(confirmed, { summoned: 7, sites: 3, left: 3 })
    assert.equal((await summonsOf('01'))!.site, 'DC-X1')
    assert.equal((await summonsOf('04'))!.site, 'DC-X1')
    assert.equal((await summonsOf('07'))!.site, 'DC-H')
    assert.equal(await summonsOf('10'), undefined)
  })
  test('a conference without a choice of sites is held at all of them, and without a proposal there is nothing to confirm', async () => {
    assert.equal(await refusal(act('sites.confirmSeating', { conferenceId })), 'nothingProposed')
    assert.equal((await act('sites.proposeSeating', { conferenceId })).seats, 7)
  })
  test('one more site says what it would solve, and writes nothing', async () => {
    await act('sites.proposeSeating', { conferenceId })
    const tried = await act('sites.tryAddedSite', { conferenceId, unitId: unit.X2, seats: 10 })
    assert.deepEqual(tried, { leftBefore: 3, leftAfter: 0, leftInUnitBefore: 2, leftInUnitAfter: 0, nearer: 2 })
    assert.equal((await act('sites.seating', { conferenceId })).totals.left, 3)
  })
  test('people are moved by count and moved back exactly, before and after confirming; a paper keeps its code', async () => {
    await act('sites.proposeSeating', { conferenceId })
    const full = { conferenceId, unitId: unit.X1, fromSiteId: site['DC-X1'], toSiteId: site['DC-H'], count: 1 }
    assert.equal(await refusal(act('sites.moveSeats', full)), 'tooFewSeats')
    const given = await act('sites.moveSeats', { conferenceId, unitId: unit.X1, fromSiteId: site['DC-X1'], count: 1 })
    assert.equal((await act('sites.seating', { conferenceId })).totals.left, 4)
    await act('sites.undoMove', { conferenceId, moveId: given.moveId })
    assert.equal((await act('sites.seating', { conferenceId })).totals.left, 3)

    await act('sites.confirmSeating', { conferenceId })
    await act('sites.attachSite', { conferenceId, siteId: site['DC-T'], seats: 10 })
    const before = await summonsOf('04')
    const moved = await act('sites.moveSeats', { ...full, toSiteId: site['DC-T'], count: 1 })
    const there = await summonsOf('04')
    assert.deepEqual([there!.site, there!.origin, there!.door_code], ['DC-T', 'manual', before!.door_code])
    assert.equal(await refusal(act('sites.moveSeats', { ...full, count: 2 })), 'tooFewThere')
    await act('sites.undoMove', { conferenceId, moveId: moved.moveId })
    assert.equal((await summonsOf('04'))!.site, 'DC-X1')
    assert.equal(await refusal(act('sites.undoMove', { conferenceId, moveId: moved.moveId })), 'movedSince')
    assert.equal(
      (await act('sites.moveSeats', { conferenceId, unitId: unit.T, toSiteId: site['DC-T'], count: 3 })).moved,
      3,
    )
    assert.equal((await act('sites.seating', { conferenceId })).totals.left, 0)
  })
  test('proposing again after confirming seats only those who are left', async () => {
    await planned()
    await act('sites.attachSite', { conferenceId, siteId: site['DC-T'], seats: 4 })
    assert.deepEqual(await act('sites.proposeSeating', { conferenceId }), {
      inScope: 10,
      seats: 8,
      placed: 1,
      left: 2,
      sitesUsed: 1,
    })
    assert.equal((await act('sites.confirmSeating', { conferenceId })).summoned, 1)
  })
  test('a site with people keeps its seats; a conference with secret content has none online', async () => {
    await planned()
    assert.equal(
      await refusal(act('sites.attachSite', { conferenceId, siteId: site['DC-X1'], seats: 1 })),
      'seatsTaken',
    )
    assert.equal(await refusal(act('sites.detachSite', { conferenceId, siteId: site['DC-X1'] })), 'seatsTaken')
    await sql`update conference set classified = true where id = ${conferenceId}`.execute(desk.db)
    assert.equal(await refusal(act('sites.proposeSeating', { conferenceId })), 'paperOnly')
  })
  test('a commune adds its own site until the cut-off, inside the conference only', async () => {
    const actor = officerOf('X2')
    const added = { unitId: unit.X2, code: 'DC-X2', name: 'Nhà văn hóa', seats: 5, conferenceId }
    assert.equal(await refusal(act('sites.addSite', added, { actor })), 'cutOffPassed')
    await sql`update campaign set units_below_until = ${atVietnam('2021-01-10')}`.execute(desk.db)
    const { siteId } = await act('sites.addSite', added, { actor })
    assert.equal(await refusal(act('sites.addSite', { ...added, unitId: unit.X1 }, { actor })), 'notYours')
    assert.equal((await act('sites.seating', { conferenceId })).totals.seats, 5)
    await act('sites.detachSite', { conferenceId, siteId }, { actor })
    await sql`delete from site where id = ${siteId}`.execute(desk.db)
    await sql`update campaign set units_below_until = null`.execute(desk.db)
  })
})

describe('door codes', () => {
  test('a code names its person at this conference only, as typed and as scanned', async () => {
    await planned()
    const other = conferenceId
    const mine = (await act('sites.mySummons', {}, { actor: memberOf('01') })).conferences.find(
      (one: { conferenceId: string }) => one.conferenceId === conferenceId,
    )
    assert.equal(mine.summons.site.name, 'Hội trường xã Một')
    const byQr = await sites.readDoorCode(desk.db, conferenceId, mine.summons.qr)
    assert.equal(typeof byQr === 'object' && byQr.personId, person['01'])
    const typed = await sites.readDoorCode(desk.db, conferenceId, mine.summons.doorCode.toLowerCase())
    assert.deepEqual(typed, byQr)
    assert.equal(parseDoorCode(mine.summons.qr)!.code, mine.summons.doorCode)
    const elsewhere = newId()
    assert.equal(await sites.readDoorCode(desk.db, elsewhere, mine.summons.qr), 'otherConference')
    assert.equal(await sites.readDoorCode(desk.db, elsewhere, mine.summons.doorCode), 'otherConference')
    assert.equal(await sites.readDoorCode(desk.db, other, 'BBBBBBBB'), 'unknown')
  })
  test('two people whose letters fall together get different codes', async () => {
    const taken = sites.doorCodeOf(desk.secret, conferenceId, person['02']!)
    await sql`insert into summons (id, conference_id, person_id, origin, door_code, made_at, made_by) values (${newId()}, ${conferenceId}, ${person['01']}, 'manual', ${taken}, ${now}, 'thử')`.execute(
      desk.db,
    )
    await act('sites.register', { conferenceId }, { actor: memberOf('02') })
    const code = (await summonsOf('02'))!.door_code
    assert.notEqual(code, taken)
    assert.equal(code, sites.doorCodeOf(desk.secret, conferenceId, person['02']!, 1))
  })
})

describe('summonses', () => {
  test('who comes without a summons gets one at the door, from that half-day on; a guest and a summoned person do not', async () => {
    await planned()
    const row = (code: string, sessionId: string) => ({
      conferenceId,
      sessionId,
      personId: person[code]!,
      siteId: site['DC-H'],
      by: 'nv:cửa',
      at: now,
    })
    const unseated = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '11']
    const without = []
    for (const code of unseated) if (!(await summonsOf(code))) without.push(code)
    assert.equal(without.length, 3)
    const made = await sites.summonAtDoor(desk.db, desk.secret, [
      row(without[0]!, sessionIds[0]!),
      row(without[0]!, sessionIds[0]!),
      row(without[1]!, sessionIds[1]!),
      row('01', sessionIds[0]!),
      row('10', sessionIds[0]!),
    ])
    assert.deepEqual(made.map(({ personId }) => personId).sort(), [person[without[0]!], person[without[1]!]].sort())
    assert.equal((await summonsOf(without[0]!))!.sessions, null)
    assert.deepEqual((await summonsOf(without[1]!))!.sessions, [sessionIds[1]])
    assert.equal((await summonsOf(without[1]!))!.origin, 'door')
    assert.equal((await sites.summonAtDoor(desk.db, desk.secret, [row(without[0]!, sessionIds[0]!)])).length, 0)
  })
  test('a member without a seat registers to join on her own device; one who has a seat need not', async () => {
    await planned()
    const view = (code: string) =>
      act('sites.mySummons', {}, { actor: memberOf(code) }).then(({ conferences: all }) =>
        all.find((one: { conferenceId: string }) => one.conferenceId === conferenceId),
      )
    const left = (
      await Promise.all(['03', '06', '09', '11'].map(async (code) => ((await summonsOf(code)) ? [] : [code])))
    ).flat()
    assert.equal((await view(left[0]!)).mayRegister, true)
    await act('sites.register', { conferenceId }, { actor: memberOf(left[0]!) })
    assert.equal((await view(left[0]!)).mayRegister, false)
    assert.equal((await summonsOf(left[0]!))!.site, null)
    assert.equal(await refusal(act('sites.register', { conferenceId }, { actor: memberOf('01') })), 'alreadySummoned')
    assert.equal(await refusal(act('sites.register', { conferenceId }, { actor: memberOf('10') })), 'notInScope')
    assert.equal(
      await refusal(act('sites.register', { conferenceId, personId: person['03'] }, { actor: memberOf('01') })),
      'notYours',
    )
  })
  test('a substitute takes the summons over: the original is out, the substitute sits there with a code of his own', async () => {
    await planned()
    const left = (
      await Promise.all(['03', '06'].map(async (code) => ((await summonsOf(code)) ? [] : [code])))
    ).flat()[0]!
    const original = (await summonsOf('01'))!
    await act(
      'sites.substitute',
      { conferenceId, summonsId: original.id, personId: person[left] },
      { actor: officerOf('X1') },
    )
    assert.equal(await summonsOf('01'), undefined)
    assert.deepEqual([(await summonsOf(left))!.site, (await summonsOf(left))!.origin], ['DC-X1', 'substitute'])
    const stale = await sites.readDoorCode(desk.db, conferenceId, original.door_code)
    assert.ok(typeof stale === 'object' && !stale.inForce)
    assert.equal(
      await refusal(act('sites.substitute', { conferenceId, summonsId: original.id, personId: person[left] })),
      'unknownSummons',
    )
  })
  test('names are for the officers of the own unit and the manager of the hall; a look is recorded once', async () => {
    await planned()
    const counts = await act('sites.summonsCounts', { conferenceId, unitId: unit.H }, { actor: officerOf('H') })
    assert.deepEqual(
      [counts.seesNames, counts.total.inScope, counts.total.summoned, counts.total.without],
      [false, 10, 7, 3],
    )
    assert.equal(
      await refusal(act('sites.listSummons', { conferenceId, unitId: unit.X1 }, { actor: officerOf('H') })),
      'notYours',
    )
    const looks = async () =>
      (await sql<{ n: number }>`select count(*)::int as n from look where list = 'sites.listSummons'`.execute(desk.db))
        .rows[0]!.n
    const before = await looks()
    const list = await act('sites.listSummons', { conferenceId, unitId: unit.X1 }, { actor: officerOf('X1') })
    assert.deepEqual(list.rows.map(({ name }: { name: string }) => name).slice(0, 2), [
      'Nguyễn Thị An',
      'Trần Văn Bình',
    ])
    assert.equal((await looks()) - before, 1)
    const mine = (await summonsOf('01'))!
    await act('sites.excuse', { conferenceId, summonsId: mine.id, reason: 'duty' }, { actor: managerOf('DC-X1') })
    assert.equal(
      await refusal(
        act('sites.excuse', { conferenceId, summonsId: mine.id, reason: 'duty' }, { actor: managerOf('DC-H') }),
      ),
      'notYours',
    )
    assert.equal((await act('sites.summonsCounts', { conferenceId })).total.excused, 1)
  })
  test('a file summons people to sites and sessions, the same again changes nothing, and a full hall is told', async () => {
    const lines = ['Mã số;Mã điểm cầu;Buổi', '01;DC-X1;', '02;DC-X1;B2', '03;;Buổi sáng', '10;DC-T;']
    const first = await bring('trieu-tap', lines, { conferenceId })
    assert.deepEqual(first.summary, { added: 4, changed: 0, unchanged: 0, missing: 0 })
    assert.ok(first.remarks.some(({ word, value }) => word === 'notInScope' && value === '10'))
    assert.deepEqual([(await summonsOf('02'))!.sessions, (await summonsOf('03'))!.site], [[sessionIds[1]], null])
    assert.deepEqual((await bring('trieu-tap', lines, { conferenceId })).summary, {
      added: 0,
      changed: 0,
      unchanged: 4,
      missing: 0,
    })
    const moved = await bring('trieu-tap', [lines[0]!, '01;DC-T;'], { conferenceId })
    assert.deepEqual(moved.summary, { added: 0, changed: 1, unchanged: 0, missing: 3 })
    const full = await bring('trieu-tap', [lines[0]!, '04;DC-X1;', '05;DC-X1;', '06;DC-X1;B9', '99;;'], {
      conferenceId,
    })
    assert.deepEqual(full.problems.map(({ word }) => word).sort(), ['siteFull', 'unknownPerson', 'unknownSession'])
  })
  test('paper summonses are made per commune in the background, and only its own officer opens them', {
    timeout: 60_000,
  }, async () => {
    await planned()
    assert.deepEqual(await act('sites.makePapers', { conferenceId, unitId: unit.T }), { units: 2, people: 7 })
    while (await sites.makeNextPaper(desk, now));
    const papers = await act('sites.listPapers', { conferenceId, unitId: unit.T }, { actor: officerOf('T') })
    assert.deepEqual(
      [papers.done, papers.of, papers.rows.map(({ mayOpen }: { mayOpen: boolean }) => mayOpen)],
      [2, 2, [false, false]],
    )
    assert.equal(
      await refusal(act('sites.paper', { conferenceId, unitId: unit.X1 }, { actor: officerOf('T') })),
      'notYours',
    )
    const file: FileAnswer = await act('sites.paper', { conferenceId, unitId: unit.X1 }, { actor: officerOf('X1') })
    const parts: Uint8Array[] = []
    for await (const part of file.body as AsyncIterable<Uint8Array>) parts.push(part)
    assert.equal(Buffer.concat(parts).subarray(0, 5).toString(), '%PDF-')
    const sheet: FileAnswer = await act(
      'sites.summonsSheet',
      { conferenceId, unitId: unit.X1 },
      { actor: officerOf('X1') },
    )
    assert.ok((sheet.body as Uint8Array).length > 1_000)
    const slip = {
      conferenceId,
      personId: person['01'],
      link: `${desk.baseUrl}/vao/abc`,
      until: '2021-03-01T00:00:00Z',
    }
    const made = await act('sites.sealedSlip', slip, { actor: officerOf('X1') })
    assert.equal(Buffer.from(made.pdfBase64, 'base64').subarray(0, 5).toString(), '%PDF-')
    assert.equal(await refusal(act('sites.sealedSlip', slip, { actor: officerOf('X2') })), 'notYours')
    assert.equal(await refusal(act('sites.sealedSlip', { ...slip, link: 'https://khac.vn/vao/abc' })), 'malformed')
    await act(
      'sites.excuse',
      { conferenceId, summonsId: (await summonsOf('01'))!.id, reason: null },
      { actor: officerOf('X1') },
    )
    await act(
      'sites.withdrawSummons',
      { conferenceId, summonsId: (await summonsOf('01'))!.id },
      { actor: officerOf('X1'), at: new Date() },
    )
    const after = await act('sites.listPapers', { conferenceId, unitId: unit.X1 })
    assert.equal(after.rows[0].outOfDate, true)
  })
})

describe('the register', () => {
  test('sites are found without accents, with their equipment and what is ready', async () => {
    const actor = officerOf('X1')
    await act(
      'sites.setEquipment',
      {
        siteId: site['DC-X1'],
        equipment: [
          { name: 'Màn chiếu', state: 'ready' },
          { name: 'Micro', state: 'faulty', note: 'rè' },
        ],
      },
      { actor: managerOf('DC-X1') },
    )
    const found = await act('sites.listSites', { unitId: unit.T, search: 'xa mot' })
    assert.deepEqual(
      found.rows.map(({ code, equipment }: { code: string; equipment: unknown }) => [code, equipment]),
      [['DC-X1', { ready: 1, of: 2 }]],
    )
    assert.equal((await act('sites.listSites', { unitId: unit.T, size: 2 })).total, 3)
    await act('sites.attachSites', { conferenceId })
    await act(
      'sites.reportReady',
      { conferenceId, siteId: site['DC-X1'], ready: true, note: 'đã thử loa' },
      { actor: managerOf('DC-X1') },
    )
    const list = await act('sites.listConferenceSites', { conferenceId, which: 'notReady' })
    assert.deepEqual([list.total, list.sites, list.ready, list.seats], [2, 3, 1, 7])
    const page = await act('sites.site', { siteId: site['DC-X1'] }, { actor })
    assert.equal(page.parentSiteName, 'Hội trường huyện')
    assert.ok(
      page.conferences.some(
        (one: { conferenceId: string; readyNote: string }) =>
          one.conferenceId === conferenceId && one.readyNote === 'đã thử loa',
      ),
    )
    assert.equal(
      await refusal(act('sites.changeSite', { siteId: site['DC-T'], parentSiteId: site['DC-X1'] })),
      'siteOwnAncestor',
    )
  })
})
