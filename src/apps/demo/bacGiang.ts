// The Bắc Giang campaign of 2021, played from the first file to the signed report. Names of units are real, people are invented.
import fs from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { peopleCsv } from '../../../demo/people.ts'
import { checkIn, confirmSite, reportHeadcount } from '../../features/attendance/server/index.ts'
import { fixScope } from '../../features/campaigns/server/index.ts'
import { moveState } from '../../features/conferences/server/index.ts'
import { freeze } from '../../features/reports/server/index.ts'
import { confirmSeating, doorQr, proposeSeating } from '../../features/sites/server/index.ts'
import { formatCount } from '../../kernel/figure.ts'
import { addMinutes, atVietnam, formatDay } from '../../kernel/time.ts'
import type { Actor } from '../../platform/rights.ts'
import { analyse } from '../../platform/server/db.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { openHot } from '../../platform/server/hot.ts'
import { foundCampaign, WholeCampaign } from '../cli/campaignForm.ts'
import { chanceOf, eachOf, employ, handOf, steadyId, type Tell } from './hands.ts'
import type { PreparationStep } from './steps.ts'

export const register = 'bac-giang'
const campaignCode = 'demo'
const attendedInAll = 62_221
const makeupSessionsInAll = 230
const madeUpInAll = 8_540
const folder = path.resolve(import.meta.dirname, '../../../demo')

const at = {
  accounts: atVietnam('2021-02-22', '08:00'),
  files: atVietnam('2021-02-22', '14:00'),
  campaign: atVietnam('2021-03-01', '08:30'),
  scope: atVietnam('2021-03-05', '15:00'),
  seated: atVietnam('2021-03-09', '09:00'),
  summoned: atVietnam('2021-03-10', '10:30'),
  opened: atVietnam('2021-03-15', '08:00'),
  doors: atVietnam('2021-03-27', '06:45'),
  rolls: atVietnam('2021-03-27', '17:20'),
  closed: atVietnam('2021-03-27', '17:30'),
  makeups: atVietnam('2021-05-05', '16:00'),
  frozen: atVietnam('2021-05-07', '10:00'),
}
const makeupDays = { first: '2021-04-05', days: 26 }

export const bacGiangSteps = (desk: Desk): PreparationStep[] => [
  { key: 'units', vi: 'Đơn vị và điểm cầu', weight: 3, run: () => bringUnits(desk) },
  { key: 'people', vi: '97.319 đảng viên', weight: 16, run: (tell) => bringPeople(desk, tell) },
  { key: 'campaign', vi: 'Đợt học tập và hội nghị', weight: 3, run: () => found(desk) },
  { key: 'seats', vi: 'Xếp chỗ và triệu tập', weight: 10, run: (tell) => seatAndSummon(desk, tell) },
  { key: 'managers', vi: 'Người phụ trách 236 điểm cầu', weight: 4, run: async () => void (await managersOf(desk)) },
  { key: 'door', vi: 'Điểm danh khai mạc', weight: 22, run: (tell) => checkEverybodyIn(desk, tell) },
  { key: 'later', vi: 'Các mốc điểm danh sau', weight: 16, run: (tell) => confirmLater(desk, tell) },
  { key: 'headcounts', vi: 'Báo cáo quân số', weight: 3, run: (tell) => countHeads(desk, tell) },
  { key: 'excuses', vi: 'Danh sách vắng trên giấy', weight: 8, run: (tell) => bringExcuses(desk, tell) },
  { key: 'makeups', vi: '230 buổi học bù', weight: 5, run: (tell) => bringMakeups(desk, tell) },
  { key: 'freeze', vi: 'Chốt số liệu', weight: 10, run: () => freezeFigures(desk) },
]

/** The people who prepare the campaign, by what they do. */
async function office(desk: Desk) {
  const root = await rootUnit(desk)
  const staff = await employ(desk, at.accounts, [
    {
      userName: 'dulieu.tinh',
      name: 'Nguyễn Thị Hạnh',
      posts: [{ role: 'dataOfficer', kind: 'installation' }],
    },
    ...(root
      ? [
          {
            userName: 'tuyengiao.tinh',
            name: 'Trần Văn Bình',
            posts: [{ role: 'organiser', kind: 'unit', scopeId: root }] as const,
          },
        ]
      : []),
  ])
  const data = handOf(desk, staff.get('dulieu.tinh')!)
  const organiser = () => handOf(desk, staff.get('tuyengiao.tinh')!)
  return { data, organiser }
}
const rootUnit = async (desk: Desk) =>
  (
    await sql<{ id: string }>`select n.unit_id as id from unit_now n join register g on g.id = n.register_id
      where g.code = ${register} and n.code = 'T'`.execute(desk.db)
  ).rows[0]?.id

async function bringUnits(desk: Desk) {
  const { data } = await office(desk)
  const options = { register, registerName: 'Đảng bộ tỉnh Bắc Giang' }
  await data.bring('don-vi', await fs.readFile(path.join(folder, 'don-vi.csv')), options, at.files)
  const { organiser } = await office(desk)
  const root = await rootUnit(desk)
  await organiser().bring(
    'diem-cau',
    await fs.readFile(path.join(folder, 'diem-cau.csv')),
    { register, withinId: root! },
    at.files,
  )
}
async function bringPeople(desk: Desk, tell: Tell) {
  const { data } = await office(desk)
  await data.bring('dang-vien', peopleCsv(), { register }, at.files, tell)
}

async function found(desk: Desk) {
  if (await played(desk)) return
  const { organiser } = await office(desk)
  const raw = JSON.parse(await fs.readFile(path.join(folder, 'campaign.json'), 'utf8'))
  const form = WholeCampaign.parse({ ...raw, scopeUnit: { ...raw.scopeUnit, register } })
  await foundCampaign(desk, form, { actor: organiser().actor, now: at.campaign })
}
/** The campaign as it stands, once it is founded. */
async function played(desk: Desk) {
  const { rows } = await sql<{ campaignId: string; conferenceId: string; state: string; fixed: boolean }>`
    select a.id as "campaignId", c.id as "conferenceId", c.state, a.scope_fixed_at is not null as fixed
    from campaign a join conference c on c.campaign_id = a.id and c.purpose = 'study' where a.code = ${campaignCode}`.execute(
    desk.db,
  )
  return rows[0]
}
const campaignNow = async (desk: Desk) => {
  const it = await played(desk)
  if (!it) throw new Error('the campaign is not founded')
  return it
}

async function seatAndSummon(desk: Desk, tell: Tell) {
  const { campaignId, conferenceId, fixed } = await campaignNow(desk)
  const { act } = (await office(desk)).organiser()
  if (!fixed) await act(fixScope, at.scope, { campaignId })
  tell(0.3, 'đang xếp chỗ')
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from summons where conference_id = ${conferenceId}`.execute(desk.db)
  if (rows[0]!.n === 0) {
    await act(proposeSeating, at.seated, { conferenceId })
    tell(0.6, 'đang triệu tập')
    await act(confirmSeating, at.summoned, { conferenceId })
  }
  const { state } = await campaignNow(desk)
  if (state === 'draft') await act(moveState, at.summoned, { conferenceId, to: 'approved' })
  if (state === 'draft' || state === 'approved') await act(moveState, at.opened, { conferenceId, to: 'open' })
}

type Hall = { siteId: string; code: string; name: string }
const hallsOf = async (desk: Desk, conferenceId: string) =>
  (
    await sql<Hall>`select s.id as "siteId", s.code, s.name from conference_site c join site s on s.id = c.site_id
      where c.conference_id = ${conferenceId} order by s.code`.execute(desk.db)
  ).rows
/** By site. */
async function managersOf(desk: Desk): Promise<Map<string, Actor>> {
  const { conferenceId } = await campaignNow(desk)
  const halls = await hallsOf(desk, conferenceId)
  const staff = await employ(
    desk,
    at.summoned,
    halls.map(({ siteId, code, name }) => ({
      userName: userNameOf(code),
      name: `Phụ trách ${name}`,
      posts: [{ role: 'siteManager', kind: 'site', scopeId: siteId }],
    })),
  )
  return new Map(halls.map(({ siteId, code }) => [siteId, staff.get(userNameOf(code))!]))
}
const userNameOf = (siteCode: string) => siteCode.toLowerCase().replace(/[^a-z0-9._-]/g, '-')

type Summoned = { personId: string; code: string; siteId: string; doorCode: string; comes: boolean; excuse: string }
const reasonsOfAbsence: readonly [string, number][] = [
  ['công tác', 0.26],
  ['nghỉ phép/điều trị', 0.5],
  ['việc gia đình', 0.6],
  ['khác', 0.64],
]
/** Everybody summoned; those who stay away are chosen by lot, the same every time, so that exactly as many come. */
async function everybody(desk: Desk, conferenceId: string): Promise<Summoned[]> {
  const { rows } = await sql<Omit<Summoned, 'comes' | 'excuse'>>`
    select m.person_id as "personId", p.code, m.site_id as "siteId", m.door_code as "doorCode"
    from summons m join person p on p.id = m.person_id
    where m.conference_id = ${conferenceId} and m.withdrawn_at is null order by p.code`.execute(desk.db)
  const away = new Set(
    rows
      .map(({ code }) => ({ code, lot: chanceOf('stays away', code) }))
      .sort((one, other) => one.lot - other.lot)
      .slice(0, rows.length - attendedInAll)
      .map(({ code }) => code),
  )
  return rows.map((row) => ({ ...row, comes: !away.has(row.code), excuse: excuseOf(row.code) }))
}
/** Why she is away, as the paper says; empty where nobody knows. */
function excuseOf(code: string): string {
  const lot = chanceOf('excuse', code)
  return reasonsOfAbsence.find(([, upTo]) => lot < upTo)?.[0] ?? ''
}

type Point = { checkpointId: string; code: string; at: Date; closesAt: Date }
const pointsOf = async (desk: Desk, conferenceId: string) =>
  (
    await sql<Point>`select id as "checkpointId", code, at, closes_at as "closesAt" from checkpoint
      where conference_id = ${conferenceId} order by at`.execute(desk.db)
  ).rows

const inFlight = 8_192
/** Each at her own minute, most in the half hour before the opening, a few late. */
async function checkEverybodyIn(desk: Desk, tell: Tell) {
  const { conferenceId, state } = await campaignNow(desk)
  if (state === 'open') await (await office(desk)).organiser().act(moveState, at.doors, { conferenceId, to: 'live' })
  const managers = await managersOf(desk)
  const [opening] = await pointsOf(desk, conferenceId)
  const scans = (await everybody(desk, conferenceId))
    .filter(({ comes }) => comes)
    .map((person) => ({ ...person, when: arrivalOf(person.code) }))
    .sort((one, other) => +one.when - +other.when)
  const door = openHot(desk, checkIn)
  for (let from = 0; from < scans.length; from += inFlight) {
    const together = scans.slice(from, from + inFlight)
    await Promise.all(
      together.map(({ code, doorCode, siteId, when }) =>
        door.perform({
          actor: managers.get(siteId)!,
          now: when,
          input: {
            arrivalId: steadyId('arrival', opening!.checkpointId, code),
            checkpointId: opening!.checkpointId,
            siteId,
            doorCode: doorQr(conferenceId, doorCode),
            evidence: 'doorScan',
            claimedAt: when.toISOString(),
            deviceId: steadyId('device', siteId),
          },
        }),
      ),
    )
    const done = from + together.length
    tell(done / scans.length, `${formatCount(done)} / ${formatCount(scans.length)} lượt`)
  }
  // What a minute of a real morning would do by itself.
  await analyse(desk.db, ['arrival'])
}
/** From 6:48; one in forty comes after half past seven. */
function arrivalOf(code: string): Date {
  const lot = chanceOf('comes', code)
  const late = lot > 0.975
  const minutes = late ? 46 + (lot - 0.975) * 400 : 3 + 41 * (lot / 0.975) ** 0.8
  return addMinutes(at.doors, minutes)
}

/** «Có mặt cả như mốc trước», once per hall and checkpoint. */
async function confirmLater(desk: Desk, tell: Tell) {
  const { conferenceId } = await campaignNow(desk)
  const managers = [...(await managersOf(desk))]
  const [, ...later] = await pointsOf(desk, conferenceId)
  let done = 0
  for (const point of later)
    await eachOf(managers, 4, async ([siteId, manager], nth) => {
      const when = addMinutes(point.at, 2 + (nth % 20))
      await handOf(desk, manager).act(confirmSite, when, {
        ...said(point, siteId, 'confirm', when),
        base: 'previous',
        exceptPersonIds: [],
      })
      tell(
        ++done / (managers.length * later.length),
        `${formatCount(done)} / ${formatCount(managers.length * later.length)} lượt xác nhận`,
      )
    })
}
const said = (point: Point, siteId: string, what: string, when: Date) => ({
  clientId: steadyId(what, point.checkpointId, siteId),
  checkpointId: point.checkpointId,
  siteId,
  claimedAt: when.toISOString(),
  deviceId: steadyId('device', siteId),
})

/** Four numbers from each hall after the opening. */
async function countHeads(desk: Desk, tell: Tell) {
  const { conferenceId } = await campaignNow(desk)
  const managers = [...(await managersOf(desk))]
  const [opening] = await pointsOf(desk, conferenceId)
  const counts = new Map(managers.map(([siteId]) => [siteId, { present: 0, absentExcused: 0, absentUnexcused: 0 }]))
  for (const { siteId, comes, excuse } of await everybody(desk, conferenceId))
    counts.get(siteId)![comes ? 'present' : excuse ? 'absentExcused' : 'absentUnexcused']++
  let done = 0
  await eachOf(managers, 4, async ([siteId, manager], nth) => {
    const when = addMinutes(opening!.at, 15 + (nth % 25))
    const guests = chanceOf('guests', siteId) < 0.4 ? Math.floor(chanceOf('how many', siteId) * 6) : 0
    await handOf(desk, manager).act(reportHeadcount, when, {
      ...said(opening!, siteId, 'headcount', when),
      ...counts.get(siteId)!,
      guests,
    })
    tell(++done / managers.length)
  })
}

/** The office types in who had sent an excuse, and the conference is over. */
async function bringExcuses(desk: Desk, tell: Tell) {
  const { conferenceId, state } = await campaignNow(desk)
  const organiser = (await office(desk)).organiser()
  const [opening] = await pointsOf(desk, conferenceId)
  const siteCodes = new Map((await hallsOf(desk, conferenceId)).map(({ siteId, code }) => [siteId, code]))
  const rows = (await everybody(desk, conferenceId))
    .filter(({ comes }) => !comes)
    .map(({ code, siteId, excuse }) => [code, siteCodes.get(siteId)!, opening!.code, 'V', excuse])
  if (state === 'closed') return
  const header = ['Mã số', 'Mã điểm cầu', 'Mốc', 'Có mặt', 'Lý do vắng']
  await organiser.bring('diem-danh', [header, ...rows], { conferenceId }, at.rolls, tell)
  await organiser.act(moveState, at.closed, { conferenceId, to: 'closed' })
}

type Left = { code: string; unitId: string; unitCode: string }
/** Those not reached, with the unit at the grassroots they belong to. */
const leftOf = async (desk: Desk, campaignId: string, conferenceId: string) =>
  (
    await sql<Left>`
      select p.code, g.unit_id as "unitId", g.code as "unitCode" from roll r
      join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
      join campaign_unit g on g.campaign_id = r.campaign_id and g.unit_id = u.grassroots_id
      join person p on p.id = r.person_id
      where r.campaign_id = ${campaignId} and r.to_at is null and r.standing = 'inScope'
        and not exists (select from arrival a where a.conference_id = ${conferenceId} and a.person_id = r.person_id and a.withdrawn_at is null)
      order by p.code`.execute(desk.db)
  ).rows

/** One file of 230 sessions, held by as many units at the grassroots through April. */
async function bringMakeups(desk: Desk, tell: Tell) {
  const { campaignId, conferenceId } = await campaignNow(desk)
  const byUnit = new Map<string, string[]>()
  for (const { code, unitCode } of await leftOf(desk, campaignId, conferenceId))
    byUnit.set(unitCode, [...(byUnit.get(unitCode) ?? []), code])
  const holders = [...byUnit]
    .sort(([one, ones], [other, others]) => others.length - ones.length || one.localeCompare(other))
    .slice(0, makeupSessionsInAll)
    .map(([unitCode, codes]) => ({ unitCode, codes }))
  const sizes = share(
    madeUpInAll,
    holders.map(({ unitCode, codes }) => ({ most: codes.length, weight: 0.6 + 0.8 * chanceOf('makeup', unitCode) })),
  )
  const rows = holders.flatMap(({ unitCode, codes }, nth) =>
    codes.slice(0, sizes[nth]).map((code) => [`HB-${unitCode}`, unitCode, formatDay(dayAfter(nth)), code, 'x']),
  )
  const header = ['Mã buổi học bù', 'Mã đơn vị', 'Ngày', 'Mã số', 'Có mặt']
  const organiser = (await office(desk)).organiser()
  await organiser.bring('hoc-bu', [header, ...rows], { campaignId }, at.makeups, tell)
}
/** Working days only. */
function dayAfter(nth: number): Date {
  const days = Array.from({ length: makeupDays.days }, (_, day) =>
    addMinutes(atVietnam(makeupDays.first, '08:00'), day * 24 * 60),
  ).filter((day) => day.getUTCDay() % 6 !== 0)
  return days[nth % days.length]!
}
/** Whole numbers by weight, each at least one and at most `most`, that add up to `whole`. */
export function share(whole: number, parts: readonly { most: number; weight: number }[]): number[] {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0)
  const sizes = parts.map(({ most, weight }) => Math.min(most, Math.max(1, Math.floor((whole * weight) / weights))))
  let missing = whole - sizes.reduce((sum, size) => sum + size, 0)
  while (missing > 0) {
    const open = sizes.flatMap((size, nth) => (size < parts[nth]!.most ? [nth] : []))
    if (open.length === 0) throw new Error(`${missing} too many to share out`)
    for (const nth of open.slice(0, missing)) sizes[nth]!++
    missing = whole - sizes.reduce((sum, size) => sum + size, 0)
  }
  return sizes
}

async function freezeFigures(desk: Desk) {
  const { campaignId } = await campaignNow(desk)
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from "freeze" where campaign_id = ${campaignId}`.execute(desk.db)
  if (rows[0]!.n > 0) return
  const note = 'Báo cáo kết quả học tập, quán triệt Nghị quyết Đại hội XIII'
  await (await office(desk)).organiser().act(freeze, at.frozen, { campaignId, note })
}
