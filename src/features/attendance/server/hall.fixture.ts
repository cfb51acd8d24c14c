// A day in two halls, made by the operations people use: who is summoned where, the checkpoints, and the hands at the doors.
import { newId } from '../../../kernel/id.ts'
import { addMinutes, atVietnam } from '../../../kernel/time.ts'
import { type Actor, machine } from '../../../platform/rights.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { openHot } from '../../../platform/server/hot.ts'
import { type AnyServed, perform } from '../../../platform/server/operate.ts'
import { testDesk } from '../../../platform/server/testing/index.ts'
import * as campaigns from '../../campaigns/server/index.ts'
import * as conferences from '../../conferences/server/index.ts'
import * as organisation from '../../organisation/server/index.ts'
import * as sites from '../../sites/server/index.ts'
import * as attendance from './index.ts'

export const day = '2021-01-14'
/** The first checkpoint: opens 7:00, at 7:30, closes 8:00. */
export const morning = atVietnam(day, '07:30')
const planned = atVietnam('2021-01-08', '08:00')
const everything: readonly AnyServed[] = [
  ...organisation.operations,
  ...campaigns.operations,
  ...conferences.operations,
  ...sites.operations,
  ...attendance.operations,
]
// biome-ignore lint/suspicious/noExplicitAny: answers are read as they come
export type Any = any

export const keeperOf = (siteId: string, role: 'siteManager' | 'steward' = 'siteManager'): Actor => ({
  name: `nv:${role}`,
  kind: 'staff',
  userId: role,
  assurance: 'confirmed',
  grants: [{ role, kind: 'site', scopeId: siteId }],
})

/** T → X → C1, C2. An, Bình, Chi are summoned to hall Một, Dung to hall Hai, Em to her own device; Giang is in scope without a summons; Khánh is exempt. */
export async function openDay(more: Partial<Desk> = {}) {
  const desk = await testDesk({
    places: { ...organisation.places, ...campaigns.places, ...conferences.places, ...sites.places },
    ...more,
  })
  const act = (name: string, input: unknown, { actor = machine(0), now = planned } = {}): Promise<Any> => {
    const served = everything.find(({ it }) => it.name === name)
    if (!served) throw new Error(`no operation ${name}`)
    return perform(desk, served, { actor, now, input })
  }
  await act('organisation.addRegister', { code: 'so', name: 'Sổ thử', schemeCode: '2020' })
  const unit = async (code: string, name: string, parentId?: string): Promise<string> =>
    (
      await act('organisation.addUnit', {
        code,
        name,
        parentId,
        registerCode: parentId ? undefined : 'so',
        day: '2015-01-01',
      })
    ).unitId
  const T = await unit('T', 'Đảng bộ tỉnh')
  const H = await unit('H', 'Đảng bộ huyện', T)
  const X = await unit('X', 'Đảng bộ xã', H)
  const C1 = await unit('C1', 'Chi bộ thôn 1', X)
  const C2 = await unit('C2', 'Chi bộ thôn 2', X)
  const person = async (fullName: string, unitId: string): Promise<string> =>
    (await act('organisation.addPerson', { fullName, unitId, code: fullName.split(' ').at(-1), day: '2015-01-01' }))
      .personId
  const people = {
    an: await person('Nguyễn Văn An', C1),
    binh: await person('Trần Thị Bình', C1),
    chi: await person('Lê Chi', C1),
    dung: await person('Phạm Dung', C2),
    em: await person('Vũ Thị Em', C2),
    giang: await person('Đỗ Giang', C2),
    khanh: await person('Bùi Khánh', C2),
  }
  await act('organisation.exemptPerson', { unitId: C2, personId: people.khanh, from: '2019-01-01' })
  const halls = {
    mot: (await act('sites.addSite', { unitId: X, code: 'H1', name: 'Hội trường Một', seats: 50 })).siteId as string,
    hai: (await act('sites.addSite', { unitId: X, code: 'H2', name: 'Hội trường Hai', seats: 50 })).siteId as string,
  }

  let serial = 0
  /** A campaign with a conference in the halls, summonses sent, three checkpoints: two in the morning, one in the afternoon. */
  async function hold({
    policy = {},
    classified = false,
  }: {
    policy?: Record<string, unknown>
    classified?: boolean
  } = {}) {
    const code = `dot-${++serial}`
    const { campaignId } = await act('campaigns.create', {
      scopeUnitId: T,
      code,
      name: 'Học tập nghị quyết',
      countsOn: day,
      policy,
    })
    await act('campaigns.fixScope', { campaignId })
    const topic = { title: 'Chuyên đề', deliverMinutes: 60, questionMinutes: 30 }
    const { conferenceId } = await act('conferences.create', {
      campaignId,
      unitId: T,
      code: `hn-${serial}`,
      name: 'Hội nghị toàn tỉnh',
      classified,
      ownDevice: !classified,
      sessions: [
        {
          code: 'S',
          name: 'Sáng',
          startsAt: morning.toISOString(),
          endsAt: addMinutes(morning, 240).toISOString(),
          topics: [topic],
        },
        {
          code: 'C',
          name: 'Chiều',
          startsAt: addMinutes(morning, 360).toISOString(),
          endsAt: addMinutes(morning, 540).toISOString(),
          topics: [topic],
        },
      ],
    })
    const point = (sessionCode: string, pointCode: string, minutes: number) => ({
      sessionCode,
      code: pointCode,
      name: `Mốc ${pointCode}`,
      opensAt: addMinutes(morning, minutes - 30).toISOString(),
      at: addMinutes(morning, minutes).toISOString(),
      closesAt: addMinutes(morning, minutes + 30).toISOString(),
    })
    const { checkpoints } = await act('attendance.declareCheckpoints', {
      conferenceId,
      checkpoints: [point('S', 'M1', 0), point('S', 'M2', 120), point('C', 'M3', 360)],
    })
    const [m1, m2, m3] = checkpoints.map(({ checkpointId }: Any) => checkpointId) as [string, string, string]
    const codes: Record<string, string> = {}
    if (!classified) {
      await act('sites.attachSites', { conferenceId })
      for (const [personId, siteId] of [
        [people.an, halls.mot],
        [people.binh, halls.mot],
        [people.chi, halls.mot],
        [people.dung, halls.hai],
        [people.em, undefined],
      ] as const)
        await act('sites.summon', { conferenceId, personId, siteId })
      const { rows } = await desk.pool.query('select person_id, door_code from summons where conference_id = $1', [
        conferenceId,
      ])
      for (const row of rows) codes[row.person_id] = row.door_code
    }
    for (const to of ['approved', 'open']) await act('conferences.moveState', { conferenceId, to })
    return { campaignId: campaignId as string, conferenceId: conferenceId as string, m1, m2, m3, codes }
  }

  const door = openHot(desk, attendance.checkIn)
  return {
    desk,
    act,
    units: { T, H, X, C1, C2 },
    people,
    halls,
    hold,
    /** An arrival at the door of a hall, or a member's own when `evidence` says so; `at` is when it is claimed and sent. */
    checkIn: ({
      at = morning,
      actor,
      ...input
    }: Record<string, unknown> & { at?: Date; actor?: Actor }): Promise<Any> =>
      door.perform({
        actor: actor ?? keeperOf((input.siteId as string) ?? halls.mot),
        now: (input.now as Date | undefined) ?? at,
        input: { arrivalId: newId(), evidence: 'doorScan', deviceId: newId(), claimedAt: at.toISOString(), ...input },
      }),
    member: (personId: string, campaignId: string): Actor => ({
      name: `đv:${personId}`,
      kind: 'member',
      personId,
      campaignId,
      assurance: 'entered',
      grants: [],
    }),
    close: () => desk.close(),
  }
}
export type Day = Awaited<ReturnType<typeof openDay>>
