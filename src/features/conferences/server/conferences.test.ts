import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { atVietnam } from '../../../kernel/time.ts'
import { type Actor, machine } from '../../../platform/rights.ts'
import { type AnyServed, perform, Refused } from '../../../platform/server/operate.ts'
import { testDesk } from '../../../platform/server/testing/index.ts'
import * as campaigns from '../../campaigns/server/index.ts'
import { placeOfUnit, rebuildTree } from '../../organisation/server/index.ts'
import * as conferences from './index.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
const unit: Record<string, string> = {}
const root = machine(0)
const planning = atVietnam('2020-12-01', '08:00')

const organiserOf = (code: string): Actor => ({
  name: `nv:${code}`,
  kind: 'staff',
  userId: code,
  assurance: 'confirmed',
  grants: [{ role: 'organiser', kind: 'unit', scopeId: unit[code] }],
})
// biome-ignore lint/suspicious/noExplicitAny: answers are read as they come
const act = (served: AnyServed, input: unknown, { actor = root, now = planning } = {}): Promise<any> =>
  perform(desk, served, { actor, now, input })
const refused = (because: string) => (error: unknown) =>
  error instanceof Refused && (error.because === because || assert.equal(error.because, because) === undefined)

before(async () => {
  desk = await testDesk()
  desk.places = { ...campaigns.places, ...conferences.places, unit: placeOfUnit }
  const register = newId()
  await sql`insert into register (id, code, name, created_at) values (${register}, 'so-thu', 'Sổ thử', now())`.execute(
    desk.db,
  )
  for (const [code, name, parent, level] of [
    ['T', 'Đảng bộ tỉnh', undefined, 'Tỉnh'],
    ['H', 'Đảng bộ huyện', 'T', 'Huyện'],
    ['K', 'Đảng bộ tỉnh khác', undefined, 'Tỉnh'],
  ] as const) {
    unit[code] = newId()
    await sql`insert into unit (id, register_id, code, created_at) values (${unit[code]}, ${register}, ${code}, now())`.execute(
      desk.db,
    )
    await sql`insert into unit_version (id, unit_id, name, level_id, parent_id, valid_from, recorded_at, recorded_by)
      select ${newId()}, ${unit[code]}, ${name}, l.id, ${parent ? unit[parent] : null}, '2000-01-01', now(), 'thử'
      from level l join level_scheme s on s.id = l.scheme_id and s.code = '2020' where l.name = ${level}`.execute(
      desk.db,
    )
  }
  await desk.db.transaction().execute((tx) => rebuildTree(tx))
})
after(() => desk.close())

let serial = 0
const campaign = async (more: Record<string, unknown> = {}): Promise<string> =>
  (
    await act(campaigns.createCampaign, {
      scopeUnitId: unit.T,
      code: `dot-${++serial}`,
      name: 'Học tập nghị quyết',
      ...more,
    })
  ).campaignId
const morning = (more: Record<string, unknown> = {}) => ({
  code: 'B1',
  name: 'Buổi sáng',
  startsAt: '2021-01-14T07:30:00+07:00',
  endsAt: '2021-01-14T11:30:00+07:00',
  topics: [{ title: 'Chuyên đề 1', speaker: 'Đ/c báo cáo viên', deliverMinutes: 120, questionMinutes: 20 }],
  ...more,
})
const conference = async (campaignId: string, more: Record<string, unknown> = {}, who = {}): Promise<string> =>
  (
    await act(
      conferences.createConference,
      { campaignId, unitId: unit.T, code: `HN-${++serial}`, name: 'Hội nghị', sessions: [morning()], ...more },
      who,
    )
  ).conferenceId

describe('planning', () => {
  test('the first study session gives the campaign its day', async () => {
    const campaignId = await campaign()
    await conference(campaignId)
    assert.equal((await campaigns.campaignById(desk.db, campaignId))?.countsOn, '2021-01-14')
    await conference(campaignId, { sessions: [morning({ startsAt: '2021-01-12T07:30:00+07:00' })] })
    assert.equal((await campaigns.campaignById(desk.db, campaignId))?.countsOn, '2021-01-14')
  })

  test('two sessions may change codes, and a session keeps its id while it is re-arranged', async () => {
    const campaignId = await campaign()
    const conferenceId = await conference(campaignId, {
      sessions: [
        morning(),
        morning({ code: 'B2', startsAt: '2021-01-14T13:30:00+07:00', endsAt: '2021-01-14T17:00:00+07:00' }),
      ],
    })
    const [first, second] = await conferences.sessionsOf(desk.db, conferenceId)
    await act(conferences.arrangeSessions, {
      conferenceId,
      sessions: [
        { ...morning({ code: 'B2' }), sessionId: first!.sessionId },
        {
          ...morning({ code: 'B1', startsAt: '2021-01-14T13:30:00+07:00', endsAt: '2021-01-14T17:00:00+07:00' }),
          sessionId: second!.sessionId,
        },
      ],
    })
    const now = await conferences.sessionsOf(desk.db, conferenceId)
    assert.deepEqual(
      now.map(({ sessionId, code }) => [sessionId, code]),
      [
        [first!.sessionId, 'B2'],
        [second!.sessionId, 'B1'],
      ],
    )
    await assert.rejects(
      act(conferences.arrangeSessions, { conferenceId, sessions: [morning(), morning()] }),
      refused('sessionCodeTwice'),
    )
    const stranger = await conference(campaignId)
    await assert.rejects(
      act(conferences.arrangeSessions, {
        conferenceId: stranger,
        sessions: [{ ...morning(), sessionId: first!.sessionId }],
      }),
      refused('unknownSession'),
    )
    assert.equal((await conferences.sessionsOf(desk.db, conferenceId))[0]?.code, 'B2')
  })

  test('a session with a checkpoint on it is not taken away, and an unused draft is', async () => {
    const campaignId = await campaign()
    const conferenceId = await conference(campaignId)
    const [session] = await conferences.sessionsOf(desk.db, conferenceId)
    await sql`insert into checkpoint (id, conference_id, session_id, code, name, position, opens_at, at, closes_at)
      values (${newId()}, ${conferenceId}, ${session!.sessionId}, 'M1', 'Mốc 1', 1, now(), now(), now())`.execute(
      desk.db,
    )
    await assert.rejects(act(conferences.arrangeSessions, { conferenceId, sessions: [] }), refused('sessionInUse'))
    await assert.rejects(act(conferences.removeConference, { conferenceId }), refused('inUse'))
    assert.equal((await conferences.sessionsOf(desk.db, conferenceId)).length, 1)
    const unused = await conference(campaignId)
    await act(conferences.removeConference, { conferenceId: unused })
    assert.equal(await conferences.conferenceById(desk.db, unused), undefined)
  })
})

describe('units below', () => {
  test('a district adds its own until the cut-off; the province may later, and make-ups may always', async () => {
    const campaignId = await campaign({ unitsBelowUntil: '2020-12-20T17:00:00+07:00' })
    const district = { actor: organiserOf('H') }
    const late = { now: atVietnam('2020-12-21') }
    await conference(campaignId, { unitId: unit.H }, district)
    await assert.rejects(conference(campaignId, { unitId: unit.H }, { ...district, ...late }), refused('afterCutOff'))
    await conference(campaignId, { unitId: unit.H, purpose: 'makeup' }, { ...district, ...late })
    await conference(campaignId, { unitId: unit.H }, { actor: organiserOf('T'), ...late })
    await assert.rejects(conference(campaignId, {}, district), refused('notYours'))
    await assert.rejects(conference(campaignId, { unitId: unit.K }), refused('outsideScope'))
  })

  test('a relayed session shows the programme of the session above', async () => {
    const campaignId = await campaign()
    const above = await conference(campaignId)
    const [session] = await conferences.sessionsOf(desk.db, above)
    const below = await conference(campaignId, {
      unitId: unit.H,
      parentId: above,
      sessions: [morning({ topics: [], relaysId: session!.sessionId })],
    })
    const programme = await act(conferences.getProgramme, { conferenceId: below })
    assert.deepEqual(
      programme.sessions[0].items.map(({ kind, minutes }: { kind: string; minutes: number }) => [kind, minutes]),
      [
        ['deliver', 120],
        ['questions', 20],
        ['free', 100],
      ],
    )
    await act(conferences.moveState, { conferenceId: below, to: 'approved' })
    await assert.rejects(conference(campaignId, { parentId: below }), refused('unknownParent'))
  })
})

describe('its life', () => {
  test('no approval without minutes for questions, and an approved programme keeps them', async () => {
    const conferenceId = await conference(await campaign(), {
      sessions: [morning({ topics: [{ title: 'Chuyên đề', deliverMinutes: 200, questionMinutes: 0 }] })],
    })
    const approve = () => act(conferences.moveState, { conferenceId, to: 'approved' })
    await assert.rejects(approve(), (error) => {
      assert.ok(error instanceof Refused)
      assert.deepEqual(error.detail, { problems: [{ because: 'noQuestionMinutes', session: 'B1' }] })
      return true
    })
    await act(conferences.arrangeSessions, { conferenceId, sessions: [morning()] })
    await approve()
    await assert.rejects(
      act(conferences.arrangeSessions, { conferenceId, sessions: [morning({ topics: [] })] }),
      refused('notApprovable'),
    )
    await assert.rejects(act(conferences.moveState, { conferenceId, to: 'closed' }), refused('notNext'))
    for (const to of ['open', 'live', 'closed']) await act(conferences.moveState, { conferenceId, to })
    await assert.rejects(act(conferences.arrangeSessions, { conferenceId, sessions: [] }), refused('closed'))
    const { rows } = await sql<{
      to: string
    }>`select body->>'to' as "to" from event where name = 'conferences.stateMoved'
      and body->>'conferenceId' = ${conferenceId} order by xid, id`.execute(desk.db)
    assert.deepEqual(
      rows.map(({ to }) => to),
      ['approved', 'open', 'live', 'closed'],
    )
  })

  test('the switch for secret content takes everything digital away at once', async () => {
    const conferenceId = await conference(await campaign(), { sessions: [morning({ audience: 'public' })] })
    assert.equal(await conferences.isClassified(desk.db, conferenceId), false)
    await act(conferences.setClassified, { conferenceId, classified: true })
    assert.equal(await conferences.isClassified(desk.db, conferenceId), true)
    const it = await act(conferences.getConference, { conferenceId })
    assert.deepEqual([it.ownDevice, it.sessions[0].audience, it.problems], [false, 'internal', []])
    await assert.rejects(act(conferences.updateConference, { conferenceId, ownDevice: true }), refused('classified'))
    await act(conferences.moveState, { conferenceId, to: 'approved' })
    await assert.rejects(act(conferences.setClassified, { conferenceId, classified: false }), refused('onlyInDraft'))
  })
})

describe('reading', () => {
  test('the programme prints as a PDF, and the list is found without accents', async () => {
    const campaignId = await campaign()
    const conferenceId = await conference(campaignId, { name: 'Hội nghị quán triệt' })
    const file = await act(conferences.programmeFile, { conferenceId })
    assert.equal(Buffer.from(file.body).subarray(0, 5).toString(), '%PDF-')
    const list = await act(conferences.listConferences, { campaignId, find: 'quan triet' })
    assert.deepEqual([list.total, list.rows[0].unit.code, list.rows[0].sessions], [1, 'T', 1])
  })
  test('another province sees neither the list nor the conference', async () => {
    const campaignId = await campaign()
    const conferenceId = await conference(campaignId)
    const other = { actor: organiserOf('K') }
    await assert.rejects(act(conferences.listConferences, { campaignId }, other), refused('notFound'))
    await assert.rejects(act(conferences.getConference, { conferenceId }, other), refused('notFound'))
    const below = await act(conferences.getConference, { conferenceId }, { actor: organiserOf('H') })
    assert.equal(below.abilities.includes('moveState'), false)
  })
})
