// A live morning, faster than life: people arrive at every hall along the curve of a morning, halls report, one loses its line.
import { sql } from 'kysely'
import {
  checkIn,
  declareCheckpoints,
  recordInterruption,
  reportHeadcount,
} from '../../features/attendance/server/index.ts'
import { createConference, moveState } from '../../features/conferences/server/index.ts'
import { attachSites, confirmSeating, doorQr, proposeSeating } from '../../features/sites/server/index.ts'
import { newId } from '../../kernel/id.ts'
import { addMinutes, dayOf, formatDay } from '../../kernel/time.ts'
import type { Actor } from '../../platform/rights.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { openHot } from '../../platform/server/hot.ts'
import { actorsWith } from './actors.ts'
import { endOf, firstStudy } from './dayConference.ts'
import { chanceOf, handOf, maker, steadyId } from './hands.ts'

/** The morning's own minutes: doors open, the opening, the last who come late, the last headcount. */
const morning = { opening: 42, lastArrival: 58, over: 75 }
const tickMs = 200
const mostInFlight = 4_000
const staysAway = 0.04
const prefix = 'MP-'

export type Morning = {
  /** Once, when everybody is summoned and the doors open. */
  open: { conferenceId: string; checkpointId: string; code: string; summoned: number; sites: number }
  /** Now and then: minute of the morning, people in the halls, halls that have reported. */
  state: { minute: number; arrived: number; headcounts: number; late: number }
}
type Told = { onOpen?: (open: Morning['open']) => void; onState?: (state: Morning['state']) => Promise<void> | void }

/**
 * Plays a morning beside whatever else runs, through the operations of the halls' own managers. The conference is a rehearsal
 * (purpose `meeting`), so the figures of the campaign stay as they are.
 *
 * @param speed minutes of the morning in one minute of real time
 * @param minutes at most so many real minutes
 * @param stopped asked at each step; true ends the morning at once, in order
 */
export async function playMorning(
  desk: Desk,
  { campaign, speed, minutes, stopped }: { campaign: string; speed: number; minutes: number; stopped: () => boolean },
  { onOpen, onState }: Told = {},
): Promise<Morning['open'] & Morning['state'] & { finished: boolean }> {
  const open = await openDoors(desk, campaign, speed)
  onOpen?.(open.told)
  const { conferenceId, checkpointId } = open.told
  const people = await comers(desk, conferenceId)
  const halls = new Map(open.keepers.map(([siteId]) => [siteId, { expected: 0, present: 0, reported: false }]))
  for (const { siteId } of open.everybody) halls.get(siteId)!.expected++
  const keepers = new Map(open.keepers)
  const line = lineFault(conferenceId, [...halls].sort((one, other) => other[1].expected - one[1].expected)[3]?.[0])
  const door = openHot(desk, checkIn)
  const state: Morning['state'] = { minute: 0, arrived: 0, headcounts: 0, late: 0 }
  const begun = Date.now()
  let told = 0
  for (let next = 0; ; ) {
    const real = Date.now() - begun
    state.minute = Math.min(morning.over, (real / 60_000) * speed)
    const due: typeof people = []
    while (next < people.length && people[next]!.minute <= state.minute && due.length < mostInFlight)
      due.push(people[next++]!)
    const now = new Date()
    await Promise.all(
      due.map(({ doorCode, siteId }) =>
        door.perform({
          actor: keepers.get(siteId)!,
          now,
          input: {
            arrivalId: newId(now),
            checkpointId,
            siteId,
            doorCode: doorQr(conferenceId, doorCode),
            evidence: 'doorScan',
            claimedAt: now.toISOString(),
            deviceId: steadyId('device', siteId),
          },
        }),
      ),
    )
    for (const { siteId, minute } of due) {
      halls.get(siteId)!.present++
      if (minute > morning.opening) state.late++
    }
    state.arrived += due.length
    for (const [siteId, hall] of halls) {
      if (hall.reported || hall.expected === 0 || state.minute < reportsAt(siteId)) continue
      hall.reported = true
      const absent = hall.expected - hall.present
      const excused = Math.floor(absent * chanceOf('excused', siteId))
      await handOf(desk, keepers.get(siteId)!).act(reportHeadcount, new Date(), {
        clientId: newId(),
        checkpointId,
        siteId,
        claimedAt: new Date().toISOString(),
        deviceId: steadyId('device', siteId),
        present: hall.present,
        absentExcused: excused,
        absentUnexcused: absent - excused,
        guests: chanceOf('guests', siteId) < 0.3 ? 2 : 0,
      })
      state.headcounts++
    }
    await line(state.minute, desk, keepers)
    if (Date.now() - told > 1000) {
      told = Date.now()
      await onState?.(state)
    }
    const finished = state.minute >= morning.over && next >= people.length
    if (finished || stopped() || Date.now() - begun > minutes * 60_000) {
      await line(morning.over, desk, keepers)
      await onState?.(state)
      await handOf(desk, open.organiser).act(moveState, new Date(), { conferenceId, to: 'closed' })
      return { ...open.told, ...state, minute: Math.round(state.minute), finished }
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, tickMs - (Date.now() - now.getTime()))))
  }
}
const reportsAt = (siteId: string) => morning.opening + 6 + 25 * chanceOf('reports', siteId)

type Summoned = { siteId: string; doorCode: string; code: string }
const summonedTo = async (desk: Desk, conferenceId: string) =>
  (
    await sql<Summoned>`select m.site_id as "siteId", m.door_code as "doorCode", p.code from summons m join person p on p.id = m.person_id
      where m.conference_id = ${conferenceId} and m.site_id is not null and m.withdrawn_at is null`.execute(desk.db)
  ).rows
/** Who comes, at which minute of the morning, in order: slowly at first, most shortly before the opening, some late. */
async function comers(desk: Desk, conferenceId: string) {
  return (await summonedTo(desk, conferenceId))
    .filter(({ code }) => chanceOf('away', conferenceId, code) >= staysAway)
    .map((person) => {
      const lot = chanceOf('minute', conferenceId, person.code)
      const minute =
        lot > 0.96
          ? morning.opening + (lot - 0.96) * 25 * (morning.lastArrival - morning.opening)
          : morning.opening * (lot / 0.96) ** 0.55
      return { ...person, minute }
    })
    .sort((one, other) => one.minute - other.minute)
}

/** One hall loses its line from the 46th to the 55th minute. */
function lineFault(conferenceId: string, siteId: string | undefined) {
  const interruptionId = newId()
  let fromAt: string | undefined
  let over = false
  return async (minute: number, desk: Desk, keepers: ReadonlyMap<string, Actor>) => {
    if (siteId === undefined || over) return
    const write = (now: Date, toAt?: string) =>
      handOf(desk, keepers.get(siteId)!).act(recordInterruption, now, {
        interruptionId,
        conferenceId,
        siteId,
        fromAt,
        ...(toAt ? { toAt } : {}),
        cause: 'line',
      })
    const now = new Date()
    if (fromAt === undefined && minute >= 46 && minute < 55) {
      fromAt = now.toISOString()
      await write(now)
    } else if (fromAt !== undefined && minute >= 55) {
      over = true
      await write(now, now.toISOString())
    }
  }
}

/** A rehearsal of today like the campaign's first conference: the same halls, everybody seated and summoned, doors open. */
async function openDoors(desk: Desk, campaignCode: string, speed: number) {
  const now = new Date()
  const first = await firstStudy(desk, campaignCode)
  if (!first) throw new Error(`no campaign ${campaignCode} with a study conference`)
  const { campaignId, unitId, organiser } = first
  const { act } = handOf(desk, organiser)
  const former = await sql<{ id: string; code: string; state: string }>`select id, code, state from conference
    where campaign_id = ${campaignId} and code like ${`${prefix}%`}`.execute(desk.db)
  for (const { id, state } of former.rows)
    if (state === 'live') await act(moveState, now, { conferenceId: id, to: 'closed' })
  const minutes = (ofMorning: number) => addMinutes(now, ofMorning / speed)
  const code = `${prefix}${dayOf(now).replaceAll('-', '')}-${former.rows.length + 1}`
  const conferenceId = newId(now)
  // Seating and summoning come first and take their time: the doors open when they are done.
  await act(createConference, now, {
    conferenceId,
    campaignId,
    unitId,
    code,
    name: `Diễn tập điểm danh ngày ${formatDay(now)} (mô phỏng)`,
    purpose: 'meeting',
    ownDevice: false,
    sessions: [
      {
        code: 'B1',
        name: 'Buổi diễn tập',
        startsAt: minutes(morning.opening).toISOString(),
        endsAt: endOf(now).toISOString(),
      },
    ],
  })
  await act(attachSites, now, { conferenceId })
  const sites = (
    await sql<{ id: string }>`select site_id as id from conference_site where conference_id = ${conferenceId}`.execute(
      desk.db,
    )
  ).rows.map(({ id }) => id)
  await act(proposeSeating, now, { conferenceId })
  await act(confirmSeating, now, { conferenceId })
  for (const to of ['approved', 'open', 'live']) await act(moveState, now, { conferenceId, to })
  const doors = new Date()
  const from = (ofMorning: number) => addMinutes(doors, ofMorning / speed).toISOString()
  const { checkpoints } = await act<{ checkpoints: { checkpointId: string }[] }>(declareCheckpoints, doors, {
    conferenceId,
    checkpoints: [
      {
        sessionCode: 'B1',
        code: 'B1-M1',
        name: 'Khai mạc',
        opensAt: doors.toISOString(),
        at: from(morning.opening),
        closesAt: from(morning.over + 5),
      },
    ],
  })
  const everybody = await summonedTo(desk, conferenceId)
  const keepers = await actorsWith(desk, 'siteManager', 'site', sites)
  return {
    organiser,
    everybody,
    keepers: sites.map((siteId) => [siteId, keepers.get(siteId) ?? maker] as const),
    told: {
      conferenceId,
      checkpointId: checkpoints[0]!.checkpointId,
      code,
      summoned: everybody.length,
      sites: sites.length,
    },
  }
}
