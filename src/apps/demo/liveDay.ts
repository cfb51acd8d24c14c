// A session of the whole province on the very day the demo is opened: 236 halls, three topics, a director, a moderator, a speaker.
// It is a rehearsal (purpose `meeting`), so the figures of the campaign stay as they are.
import { sql } from 'kysely'
import { declareCheckpoints } from '../../features/attendance/server/index.ts'
import { arrangeSessions, createConference, moveState, sessionsOf } from '../../features/conferences/server/index.ts'
import { attachSites, confirmSeating, proposeSeating, register } from '../../features/sites/server/index.ts'
import { newId } from '../../kernel/id.ts'
import { addMinutes, dayOf, formatDay } from '../../kernel/time.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { closeFormer, endOf, firstStudy } from './dayConference.ts'
import { employ, handOf } from './hands.ts'
import { memberOf } from './songCau.ts'
import type { PreparationStep } from './steps.ts'

const campaignCode = 'demo'
const prefix = 'TT-'
const codeOf = (now: Date) => `${prefix}${dayOf(now)}`

/** The three who hold the stage; the same accounts every day. */
export const stageStaff = { director: 'daodien.tinh', moderator: 'dieuhanh.tinh', speaker: 'baocaovien.tinh' }
export type LiveDay = { campaignId: string; conferenceId: string; sessionId: string }

export const liveDayStep = (desk: Desk, now: Date): PreparationStep => ({
  key: `live day ${dayOf(now)}`,
  vi: 'Buổi trực tuyến của hôm nay',
  weight: 8,
  run: async () => {
    if (!(await liveDay(desk, now))) await hold(desk, now)
  },
})

/** The session of this day, once it is made. */
export async function liveDay(desk: Pick<Desk, 'db'>, now: Date): Promise<LiveDay | undefined> {
  const { rows } = await sql<LiveDay>`
    select c.campaign_id as "campaignId", c.id as "conferenceId", s.id as "sessionId" from conference c
    join campaign a on a.id = c.campaign_id join conference_session s on s.conference_id = c.id
    where a.code = ${campaignCode} and c.code = ${codeOf(now)} order by s.starts_at limit 1`.execute(desk.db)
  return rows[0]
}

/** Topics, questions and some slack. */
const minutesOfDay = 180
const topics = [
  {
    title: 'Những nội dung cốt lõi và điểm mới của Nghị quyết',
    speaker: 'Báo cáo viên Trung ương',
    deliverMinutes: 45,
    questionMinutes: 15,
  },
  {
    title: 'Xây dựng Đảng và hệ thống chính trị',
    speaker: 'Phó Bí thư Thường trực Tỉnh uỷ',
    deliverMinutes: 45,
    questionMinutes: 15,
  },
  {
    title: 'Ba việc của nông nghiệp, nông thôn đến năm 2025',
    speaker: 'Báo cáo viên cấp tỉnh',
    deliverMinutes: 30,
    questionMinutes: 15,
  },
]

async function hold(outer: Desk, now: Date) {
  const first = await firstStudy(outer, campaignCode)
  if (!first) return
  const { campaignId, unitId } = first
  await outer.db.transaction().execute(async (tx) => {
    const desk = { ...outer, db: tx }
    const organiser = handOf(desk, first.organiser)
    const { act } = organiser
    await closeFormer(desk, organiser, { campaignId, prefix }, now)
    const conferenceId = newId(now)
    await act(createConference, now, {
      conferenceId,
      campaignId,
      unitId,
      code: codeOf(now),
      name: `Diễn tập hội nghị trực tuyến toàn tỉnh, ngày ${formatDay(now)}`,
      purpose: 'meeting',
      documents: 'Sổ ghi chép',
      contact: 'Trung tâm hội nghị tỉnh',
      sessions: [
        {
          code: 'B1',
          name: 'Trong ngày',
          startsAt: addMinutes(now, -15).toISOString(),
          endsAt: addMinutes(now, minutesOfDay).toISOString(),
          audience: 'members',
          topics,
        },
      ],
    })
    await act(declareCheckpoints, now, {
      conferenceId,
      checkpoints: [
        {
          sessionCode: 'B1',
          code: 'B1-M1',
          name: 'Khai mạc',
          opensAt: addMinutes(now, -60).toISOString(),
          at: addMinutes(now, -15).toISOString(),
          closesAt: endOf(now).toISOString(),
        },
      ],
    })
    await act(attachSites, now, { conferenceId })
    await act(proposeSeating, now, { conferenceId })
    await act(confirmSeating, now, { conferenceId })
    for (const to of ['approved', 'open', 'live']) await act(moveState, now, { conferenceId, to })
    const viewer = await aloneAtHome(desk, campaignId, conferenceId)
    if (viewer) await handOf(desk, memberOf(campaignId, viewer)).act(register, now, { conferenceId })
    await employ(desk, now, [
      {
        userName: stageStaff.director,
        name: 'Lê Quang Huy',
        posts: [{ role: 'director', kind: 'conference', scopeId: conferenceId }],
      },
      {
        userName: stageStaff.moderator,
        name: 'Phạm Thị Lan',
        posts: [{ role: 'moderator', kind: 'conference', scopeId: conferenceId }],
      },
      {
        userName: stageStaff.speaker,
        name: 'Ngô Quang Vinh',
        posts: [{ role: 'speaker', kind: 'conference', scopeId: conferenceId }],
      },
    ])
  })
}

/** Somebody in scope without a seat: she joins on her own device. */
async function aloneAtHome(desk: Desk, campaignId: string, conferenceId: string): Promise<string | undefined> {
  const { rows } = await sql<{ personId: string }>`
    select r.person_id as "personId" from roll r join person p on p.id = r.person_id
    where r.campaign_id = ${campaignId} and r.to_at is null and r.standing = 'inScope' and not exists (
      select from summons m where m.conference_id = ${conferenceId} and m.person_id = r.person_id)
    order by p.code limit 1`.execute(desk.db)
  return rows[0]?.personId
}

/** Played again in the afternoon, the programme begins then: a plan of the morning would only say how late everything is. */
export async function beginAnew(desk: Desk, { campaignId, conferenceId, sessionId }: LiveDay, now: Date) {
  const first = await firstStudy(desk, campaignCode)
  const [session] = await sessionsOf(desk.db, conferenceId)
  if (first?.campaignId !== campaignId || session?.sessionId !== sessionId) return
  await handOf(desk, first.organiser).act(arrangeSessions, now, {
    conferenceId,
    sessions: [
      {
        ...session,
        startsAt: now.toISOString(),
        endsAt: addMinutes(now, minutesOfDay).toISOString(),
      },
    ],
  })
}

/** Whom the demo shows the member's live page as. */
export async function viewerOf(desk: Pick<Desk, 'db'>, conferenceId: string): Promise<string | undefined> {
  const { rows } = await sql<{ personId: string }>`
    select person_id as "personId" from summons where conference_id = ${conferenceId} and site_id is null and withdrawn_at is null
    order by made_at limit 1`.execute(desk.db)
  return rows[0]?.personId
}
