// A conference of the very day the demo is opened: live now, its second checkpoint open, so that everybody has something to do.
import { sql } from 'kysely'
import { checkIn, declareCheckpoints } from '../../features/attendance/server/index.ts'
import { createConference, moveState } from '../../features/conferences/server/index.ts'
import { attachSite, confirmSeating, proposeSeating, register } from '../../features/sites/server/index.ts'
import { newId } from '../../kernel/id.ts'
import { addMinutes, dayOf, formatDay } from '../../kernel/time.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { openHot } from '../../platform/server/hot.ts'
import { closeFormer, endOf } from './dayConference.ts'
import { eachOf, handOf, steadyId } from './hands.ts'
import {
  campaignOf,
  hallOfToday,
  handsOf,
  known,
  memberOf,
  peopleAt,
  pointsAt,
  type Story,
  secondCampaign,
} from './songCau.ts'
import type { PreparationStep } from './steps.ts'

const prefix = 'NGAY-'
const codeOf = (now: Date) => `${prefix}${dayOf(now)}`

export const todayStep = (desk: Desk, story: Story, now: Date): PreparationStep => ({
  key: `today ${dayOf(now)}`,
  vi: 'Hội nghị của hôm nay',
  weight: 1,
  run: async () => {
    if (!(await conferenceOfDay(desk, now))) await together(desk, story, now)
    await firstArrivals(desk, story, now)
  },
})

/** The conference of this day, once it is made. */
export async function conferenceOfDay(desk: Pick<Desk, 'db'>, now: Date): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`select c.id from conference c join campaign a on a.id = c.campaign_id
    where a.code = ${secondCampaign} and c.code = ${codeOf(now)}`.execute(desk.db)
  return rows[0]?.id
}

const together = (outer: Desk, story: Story, now: Date) =>
  outer.db.transaction().execute(async (tx) => {
    const desk = { ...outer, db: tx }
    const { campaignId } = (await campaignOf(desk))!
    const { organiser, unit, site } = await handsOf(desk, story)
    await closeFormer(desk, organiser, { campaignId, prefix }, now)
    const { conferenceId } = await organiser.act<{ conferenceId: string }>(createConference, now, {
      conferenceId: newId(now),
      campaignId,
      unitId: known(unit, 'SC.X1'),
      code: codeOf(now),
      name: `Hội nghị trực tuyến ngày ${formatDay(now)}, xã Đồng Bến`,
      documents: 'Sổ ghi chép',
      contact: 'Đảng uỷ xã Đồng Bến',
      sessions: [
        {
          code: 'B1',
          name: 'Trong ngày',
          startsAt: addMinutes(now, -45).toISOString(),
          endsAt: endOf(now).toISOString(),
          topics: [
            {
              title: 'Nghị quyết và việc làm ở xã',
              speaker: 'Báo cáo viên cấp tỉnh',
              deliverMinutes: 90,
              questionMinutes: 30,
            },
          ],
        },
      ],
    })
    await organiser.act(declareCheckpoints, now, {
      conferenceId,
      checkpoints: [
        point('B1-M1', 'Khai mạc', addMinutes(now, -70), addMinutes(now, -45), addMinutes(now, -10)),
        // Open all day: whoever looks in the afternoon is in time, too.
        point('B1-M2', 'Đang điểm danh', addMinutes(now, -5), addMinutes(endOf(now), -30), endOf(now)),
      ],
    })
    await organiser.act(attachSite, now, { conferenceId, siteId: known(site, hallOfToday) })
    await organiser.act(proposeSeating, now, { conferenceId })
    await organiser.act(confirmSeating, now, { conferenceId })
    for (const to of ['approved', 'open', 'live']) await organiser.act(moveState, now, { conferenceId, to })
    const alone = (await peopleAt(desk, campaignId, conferenceId)).find(
      (one) => one.standing === 'inScope' && one.summonsId === null && one.unitCode.startsWith('SC.X1.'),
    )
    await handOf(desk, memberOf(campaignId, alone!.personId)).act(register, now, { conferenceId })
  })
const point = (code: string, name: string, opensAt: Date, at: Date, closesAt: Date) => ({
  sessionCode: 'B1',
  code,
  name,
  opensAt: opensAt.toISOString(),
  at: at.toISOString(),
  closesAt: closesAt.toISOString(),
})

/** Two of three were in the hall at the opening; a few have shown their papers again at the second checkpoint. */
async function firstArrivals(desk: Desk, story: Story, now: Date) {
  const { campaignId } = (await campaignOf(desk))!
  const conferenceId = (await conferenceOfDay(desk, now))!
  const { manager, site } = await handsOf(desk, story)
  const siteId = known(site, hallOfToday)
  const [opening, second] = await pointsAt(desk, conferenceId)
  const seated = (await peopleAt(desk, campaignId, conferenceId)).filter(({ siteCode }) => siteCode === hallOfToday)
  const door = openHot(desk, checkIn)
  const arrive = (checkpointId: string, personId: string, when: Date) =>
    door.perform({
      actor: manager(hallOfToday).actor,
      now: when,
      input: {
        arrivalId: steadyId('arrival', checkpointId, personId),
        checkpointId,
        siteId,
        personId,
        evidence: 'doorScan',
        claimedAt: when.toISOString(),
        deviceId: steadyId('device', hallOfToday),
      },
    })
  await eachOf(seated, 32, async ({ personId }, nth) => {
    if (nth % 3 !== 2) await arrive(opening!.checkpointId, personId, addMinutes(opening!.at, -20 + nth))
    if (nth % 9 < 2) await arrive(second!.checkpointId, personId, addMinutes(now, -3))
  })
}
