// A second, small province that does not exist: every kind of seat, presence and state of the ledger occurs in it once or more.
import { sql } from 'kysely'
import { asRow, type DemoPerson, demoPeople, peopleHeader } from '../../../demo/people.ts'
import {
  checkIn,
  confirmSite,
  recordInterruption,
  reportHeadcount,
  showCode,
} from '../../features/attendance/server/index.ts'
import { amendRoll, fixScope } from '../../features/campaigns/server/index.ts'
import { moveState } from '../../features/conferences/server/index.ts'
import { bookMakeup, closeMakeup, createMakeup, recordOffer, takeRoll } from '../../features/makeups/server/index.ts'
import { freeze } from '../../features/reports/server/index.ts'
import {
  addSite,
  confirmSeating,
  excuse,
  proposeSeating,
  register as registerOnDevice,
  reportReady,
  setEquipment,
  substitute,
} from '../../features/sites/server/index.ts'
import { addMinutes, atVietnam, dayOf, formatDay } from '../../kernel/time.ts'
import type { Actor } from '../../platform/rights.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { openHot } from '../../platform/server/hot.ts'
import { foundCampaign, WholeCampaign } from '../cli/campaignForm.ts'
import { eachOf, employ, type Hand, handOf, operation, steadyId } from './hands.ts'
import { markDone, type PreparationStep } from './steps.ts'

export const secondRegister = 'song-cau'
export const secondCampaign = 'demo-2'
const registerName = 'Đảng bộ tỉnh Sông Cầu (đơn vị mẫu)'

const units: readonly (readonly string[])[] = [
  ['Mã đơn vị', 'Mã cấp trên', 'Tên đơn vị', 'Loại'],
  ['SC', '', 'Đảng bộ tỉnh Sông Cầu', 'Tỉnh'],
  ['SC.X1', 'SC', 'Đảng bộ xã Đồng Bến', 'Xã'],
  ['SC.X1.C1', 'SC.X1', 'Đảng bộ các thôn xã Đồng Bến', 'Cơ sở'],
  ['SC.X1.C1.01', 'SC.X1.C1', 'Chi bộ thôn Bến Thượng', 'Chi bộ'],
  ['SC.X1.C1.02', 'SC.X1.C1', 'Chi bộ thôn Bến Hạ', 'Chi bộ'],
  ['SC.X1.C1.03', 'SC.X1.C1', 'Chi bộ thôn Đồng Sen', 'Chi bộ'],
  ['SC.X1.C2', 'SC.X1', 'Đảng bộ Trường Trung học phổ thông Đồng Bến', 'Cơ sở'],
  ['SC.X1.C2.01', 'SC.X1.C2', 'Chi bộ Tổ Tự nhiên', 'Chi bộ'],
  ['SC.X1.C2.02', 'SC.X1.C2', 'Chi bộ Tổ Xã hội', 'Chi bộ'],
  ['SC.X2', 'SC', 'Đảng bộ xã Núi Thông', 'Xã'],
  ['SC.X2.C1', 'SC.X2', 'Đảng bộ các bản xã Núi Thông', 'Cơ sở'],
  ['SC.X2.C1.01', 'SC.X2.C1', 'Chi bộ bản Khuôn Mây', 'Chi bộ'],
  ['SC.X2.C1.02', 'SC.X2.C1', 'Chi bộ bản Nà Lìn', 'Chi bộ'],
  ['SC.X2.C1.03', 'SC.X2.C1', 'Chi bộ bản Đèo Gió', 'Chi bộ'],
  ['SC.X3', 'SC', 'Đảng bộ phường Bến Đò', 'Xã'],
  ['SC.X3.C1', 'SC.X3', 'Đảng bộ các tổ dân phố phường Bến Đò', 'Cơ sở'],
  ['SC.X3.C1.01', 'SC.X3.C1', 'Chi bộ Tổ dân phố 1', 'Chi bộ'],
  ['SC.X3.C1.02', 'SC.X3.C1', 'Chi bộ Tổ dân phố 2', 'Chi bộ'],
  ['SC.X3.C1.03', 'SC.X3.C1', 'Chi bộ Tổ dân phố 3', 'Chi bộ'],
  ['SC.X3.C1.04', 'SC.X3.C1', 'Chi bộ Chợ Bến Đò', 'Chi bộ'],
  // Its persons are kept elsewhere: it only declares totals.
  ['SC.X4', 'SC', 'Đảng bộ xã Hồ Sen', 'Xã'],
]
/** Neighbours with a root and a register of their own, outside the campaign: their people come as guests. */
const guestRegister = 'ket-nghia'
const guestUnits: readonly (readonly string[])[] = [
  units[0]!,
  ['KN', '', 'Đảng bộ đơn vị kết nghĩa', 'Tỉnh'],
  ['KN.C1', 'KN', 'Đảng bộ cơ quan đơn vị kết nghĩa', 'Cơ sở'],
  ['KN.C1.01', 'KN.C1', 'Chi bộ Văn phòng', 'Chi bộ'],
]
const sites: readonly (readonly string[])[] = [
  ['Mã điểm cầu', 'Mã đơn vị', 'Điểm cầu cấp trên', 'Tên điểm cầu', 'Sức chứa'],
  ['SC-T', 'SC', '', 'Hội trường Tỉnh uỷ', '10'],
  ['SC-X1', 'SC.X1', 'SC-T', 'Hội trường xã Đồng Bến', '36'],
  ['SC-X2', 'SC.X2', 'SC-T', 'Nhà văn hoá xã Núi Thông', '24'],
  ['SC-X3', 'SC.X3', 'SC-T', 'Hội trường phường Bến Đò', '30'],
]
/** A cell before a television: a site of its own kind, without a line. */
const viewing = { code: 'SC-TV1', unit: 'SC.X2.C1.03', name: 'Nhà sinh hoạt bản Đèo Gió', seats: 8 }
export const hallOfToday = 'SC-X1'
const allSites = [...sites.slice(1).map(([code]) => code!), viewing.code]
const ownCells = units.filter(([, , , level]) => level === 'Chi bộ').map(([code]) => code!)
const peopleCount = 156
const exemptNumbers = new Set([17, 43, 60, 88, 121, 140])
const guestCell = 'KN.C1.01'

/** «SC0001» and so on; six are exempt, one of them for a while. */
const ownRows = (since: string): string[][] =>
  [...demoPeople(ownCells, peopleCount)].map((person, nth) => {
    const row = rowOf(person, `SC${String(nth + 1).padStart(4, '0')}`)
    return exemptNumbers.has(nth) ? [...row.slice(0, -1), nth === 140 ? `từ ${since}` : 'x'] : row
  })
const guestRows = () =>
  [...demoPeople([guestCell], peopleCount + 5)]
    .slice(peopleCount)
    .map((person, nth) => rowOf({ ...person, position: '' }, `KN${nth + 1}`))
const rowOf = (person: DemoPerson, code: string) =>
  asRow({ ...person, code, email: person.email ? `${code.toLowerCase()}@example.org` : '' })

/** Every moment of the story, counted back from the day the demo is made. */
export function storyOf(today: Date) {
  const day = (back: number) => dayOf(addMinutes(today, -back * 24 * 60))
  const held = day(12)
  const clock = (time: string) => atVietnam(held, time)
  return {
    day,
    held,
    clock,
    files: atVietnam(day(40), '09:00'),
    campaign: atVietnam(day(35), '09:00'),
    scope: atVietnam(day(30), '15:00'),
    seated: atVietnam(day(27), '09:00'),
    summoned: atVietnam(day(26), '10:00'),
    opened: atVietnam(day(20), '08:00'),
    changed: atVietnam(day(18), '10:00'),
    doors: clock('06:45'),
    makeup: { held: day(6), coming: dayOf(addMinutes(today, 6 * 24 * 60)) },
    moved: atVietnam(day(5), '16:00'),
    frozen: atVietnam(day(2), '10:00'),
  }
}
export type Story = ReturnType<typeof storyOf>

export const songCauSteps = (desk: Desk, story: Story): PreparationStep[] => {
  return [
    { key: 'second.files', vi: 'Tỉnh mẫu thứ hai', weight: 1, run: () => bringFiles(desk, story) },
    { key: 'second.campaign', vi: 'Đợt học tập của tỉnh mẫu', weight: 1, run: () => prepareCampaign(desk, story) },
    { key: 'second.changes', vi: 'Dự thay, báo vắng, đăng ký', weight: 1, run: () => changeSummonses(desk, story) },
    { key: 'second.day', vi: 'Hội nghị của tỉnh mẫu', weight: 2, run: () => holdConference(desk, story) },
    { key: 'second.after', vi: 'Học bù của tỉnh mẫu', weight: 1, run: () => makeUp(desk, story) },
    { key: 'second.freeze', vi: 'Chốt số liệu của tỉnh mẫu', weight: 1, run: () => freezeOnce(desk, story) },
  ]
}

// Reading ----------------------------------------------------------------------------------------

export const unitIds = async (desk: Pick<Desk, 'db'>) =>
  new Map(
    (
      await sql<{
        code: string
        id: string
      }>`select n.code, n.unit_id as id from unit_now n join register g on g.id = n.register_id
        where g.code = ${secondRegister}`.execute(desk.db)
    ).rows.map(({ code, id }) => [code, id]),
  )
export const siteIds = async (desk: Pick<Desk, 'db'>) =>
  new Map(
    (
      await sql<{ code: string; id: string }>`select s.code, s.id from site s join register g on g.id = s.register_id
        where g.code = ${secondRegister}`.execute(desk.db)
    ).rows.map(({ code, id }) => [code, id]),
  )
export async function campaignOf(desk: Pick<Desk, 'db'>) {
  const { rows } = await sql<{ campaignId: string; conferenceId: string; state: string; fixed: boolean }>`
    select a.id as "campaignId", c.id as "conferenceId", c.state, a.scope_fixed_at is not null as fixed
    from campaign a join conference c on c.campaign_id = a.id and c.code = 'HN1' where a.code = ${secondCampaign}`.execute(
    desk.db,
  )
  return rows[0]
}
export const known = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value => {
  const value = map.get(key)
  if (value === undefined) throw new Error(`the demo does not know «${String(key)}»`)
  return value
}
type OnePerson = {
  personId: string
  code: string
  unitId: string
  unitCode: string
  grassrootsCode: string
  standing: string | null
  summonsId: string | null
  siteCode: string | null
  origin: string | null
  /** As it was before anything changed: in scope at the fixing, and where she was seated. */
  wasInScope: boolean
  seatedAt: string | null
}
/** Everybody of the register with her summons in force to a conference, in the order of codes. */
export async function peopleAt(desk: Pick<Desk, 'db'>, campaignId: string, conferenceId: string): Promise<OnePerson[]> {
  const { rows } = await sql<OnePerson>`
    select p.id as "personId", p.code, n.unit_id as "unitId", n.code as "unitCode", g.code as "grassrootsCode", r.standing,
      m.id as "summonsId", s.code as "siteCode", m.origin,
      exists (select from roll o where o.campaign_id = ${campaignId} and o.person_id = p.id and o.standing = 'inScope') as "wasInScope",
      (select t.code from summons f join site t on t.id = f.site_id where f.conference_id = ${conferenceId} and f.person_id = p.id and f.origin = 'seating') as "seatedAt"
    from person p join register k on k.id = p.register_id
    join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
    join unit_now n on n.unit_id = b.unit_id join unit_now g on g.unit_id = n.grassroots_id
    left join roll r on r.campaign_id = ${campaignId} and r.person_id = p.id and r.to_at is null
    left join summons m on m.conference_id = ${conferenceId} and m.person_id = p.id and m.withdrawn_at is null
    left join site s on s.id = m.site_id
    where k.code in (${secondRegister}, ${guestRegister}) order by p.code`.execute(desk.db)
  return rows
}
export const memberOf = (campaignId: string, personId: string): Actor => ({
  name: `đv:${personId}`,
  kind: 'member',
  personId,
  campaignId,
  assurance: 'confirmed',
  grants: [],
})

// The people who do it ------------------------------------------------------------------------------

export const secondStaff = {
  organiser: 'vanphong.songcau',
  steward: 'giupviec.dongben',
  secretary: 'bithu.benthuong',
  officer: (grassrootsCode: string) => `canbo.${grassrootsCode.toLowerCase().replace(/^sc\./, '')}`,
  manager: (siteCode: string) => `diemcau.${siteCode.toLowerCase()}`,
}
/** Who organises, who keeps which hall, who knows the names of which unit. */
export async function handsOf(desk: Desk, { files }: Pick<Story, 'files'>) {
  const unit = await unitIds(desk)
  const site = await siteIds(desk)
  const grassroots = units.filter(([, , , level]) => level === 'Cơ sở')
  const staff = await employ(desk, files, [
    {
      userName: secondStaff.organiser,
      name: 'Lê Thị Minh',
      posts: [{ role: 'organiser', kind: 'unit', scopeId: known(unit, 'SC') }],
    },
    ...grassroots.map(([code, , name]) => ({
      userName: secondStaff.officer(code!),
      name: `Văn phòng ${name}`,
      posts: [{ role: 'organiser', kind: 'unit', scopeId: known(unit, code!) } as const],
    })),
    ...[...site].map(([code, siteId]) => ({
      userName: secondStaff.manager(code),
      name: code === hallOfToday ? 'Phạm Văn Thành' : `Phụ trách ${code}`,
      posts: [{ role: 'siteManager', kind: 'site', scopeId: siteId } as const],
    })),
    {
      userName: secondStaff.steward,
      name: 'Vũ Thị Ngân',
      posts: [{ role: 'steward', kind: 'site', scopeId: known(site, hallOfToday) }],
    },
    {
      userName: secondStaff.secretary,
      name: 'Đỗ Văn Lâm',
      posts: [{ role: 'cellSecretary', kind: 'unit', scopeId: known(unit, 'SC.X1.C1.01') }],
    },
  ])
  const hand = (userName: string): Hand => handOf(desk, known(staff, userName))
  return {
    unit,
    site,
    organiser: hand(secondStaff.organiser),
    officer: (grassrootsCode: string) => hand(secondStaff.officer(grassrootsCode)),
    manager: (siteCode: string) => hand(secondStaff.manager(siteCode)),
  }
}
/** All of it with its mark, or nothing: what was cut short is done again from its beginning, and never twice. */
const together = (desk: Desk, step: string, work: (within: Desk) => Promise<void>): Promise<void> =>
  desk.db.transaction().execute(async (tx) => {
    await work({ ...desk, db: tx })
    await markDone(tx, step)
  })

// The story ----------------------------------------------------------------------------------------

async function bringFiles(desk: Desk, story: Story) {
  const staff = await employ(desk, story.files, [
    { userName: 'dulieu.tinh', name: 'Nguyễn Thị Hạnh', posts: [{ role: 'dataOfficer', kind: 'installation' }] },
  ])
  const data = handOf(desk, known(staff, 'dulieu.tinh'))
  await data.bring('don-vi', units, { register: secondRegister, registerName }, story.files)
  const root = known(await unitIds(desk), 'SC')
  const organisers = await employ(desk, story.files, [
    {
      userName: secondStaff.organiser,
      name: 'Lê Thị Minh',
      posts: [{ role: 'organiser', kind: 'unit', scopeId: root }],
    },
  ])
  const organiser = handOf(desk, known(organisers, secondStaff.organiser))
  await organiser.bring('diem-cau', sites, { register: secondRegister, withinId: root }, story.files)
  const site = await siteIds(desk)
  if (!site.has(viewing.code))
    await organiser.act(addSite, story.files, {
      unitId: known(await unitIds(desk), viewing.unit),
      code: viewing.code,
      name: viewing.name,
      kind: 'viewing',
      seats: viewing.seats,
      parentSiteId: known(site, 'SC-X2'),
    })
  const since = formatDay(addMinutes(story.files, -90 * 24 * 60))
  await data.bring('dang-vien', [peopleHeader, ...ownRows(since)], { register: secondRegister }, story.files)
  await data.bring('don-vi', guestUnits, { register: guestRegister, registerName: 'Đơn vị kết nghĩa' }, story.files)
  await data.bring('dang-vien', [peopleHeader, ...guestRows()], { register: guestRegister }, story.files)
  await handsOf(desk, story)
}

const prepareCampaign = (desk: Desk, story: Story) =>
  together(desk, 'second.campaign', async (within) => {
    const { organiser, manager, site } = await handsOf(within, story)
    const { actor } = organiser
    const { campaignId, conferences } = await foundCampaign(within, formOf(story), { actor, now: story.campaign })
    const conferenceId = conferences.HN1!
    await organiser.act(fixScope, story.scope, { campaignId })
    await organiser.act(proposeSeating, story.seated, { conferenceId })
    await organiser.act(confirmSeating, story.summoned, { conferenceId })
    await organiser.act(moveState, story.summoned, { conferenceId, to: 'approved' })
    await organiser.act(moveState, story.opened, { conferenceId, to: 'open' })
    for (const code of allSites)
      await manager(code).act(reportReady, story.changed, {
        conferenceId,
        siteId: known(site, code),
        ready: code !== 'SC-X2',
        note: code === 'SC-X2' ? 'Đường truyền dự phòng chưa thử' : '',
      })
    await manager(hallOfToday).act(setEquipment, story.changed, {
      siteId: known(site, hallOfToday),
      equipment: [
        { name: 'Máy chiếu', count: 1, state: 'ready' },
        { name: 'Micro không dây', count: 2, state: 'ready' },
        { name: 'Máy phát điện', count: 1, state: 'faulty' },
      ],
    })
  })
function formOf({ held, day }: Story): WholeCampaign {
  const on = (date: string, time: string) => `${date}T${time}:00+07:00`
  const point = (code: string, name: string, opensAt: string, at: string, closesAt: string) => ({
    code,
    name,
    opensAt: on(held, opensAt),
    at: on(held, at),
    closesAt: on(held, closesAt),
  })
  const next = day(-16)
  return WholeCampaign.parse({
    code: secondCampaign,
    name: 'Học tập Nghị quyết của Ban Chấp hành Trung ương tại tỉnh mẫu Sông Cầu',
    theme: 'Đợt mẫu',
    scopeUnit: { register: secondRegister, code: 'SC' },
    targets: [
      { metric: 'attendedOfSummoned', n: 90, d: 100 },
      { metric: 'coveredOfInScope', n: 95, d: 100 },
    ],
    deadlines: [{ what: 'Xong học bù', at: on(day(-20), '17:00') }],
    conferences: [
      {
        code: 'HN1',
        name: 'Hội nghị học tập Nghị quyết, đợt một',
        documents: 'Sổ ghi chép',
        contact: 'Văn phòng Tỉnh uỷ',
        sites: allSites,
        sessions: [
          {
            code: 'B1',
            name: 'Buổi sáng',
            startsAt: on(held, '07:30'),
            endsAt: on(held, '11:00'),
            topics: [
              {
                title: 'Những điểm mới của Nghị quyết',
                speaker: 'Báo cáo viên cấp tỉnh',
                deliverMinutes: 90,
                questionMinutes: 20,
              },
              {
                title: 'Chương trình hành động của Tỉnh uỷ',
                speaker: 'Lãnh đạo Tỉnh uỷ',
                deliverMinutes: 60,
                questionMinutes: 20,
              },
            ],
            checkpoints: [
              point('B1-M1', 'Khai mạc', '06:45', '07:30', '08:15'),
              point('B1-M2', 'Sau giải lao', '09:15', '09:30', '10:00'),
            ],
          },
          {
            code: 'B2',
            name: 'Buổi chiều',
            startsAt: on(held, '14:00'),
            endsAt: on(held, '16:30'),
            topics: [
              {
                title: 'Hướng dẫn thực hiện ở chi bộ',
                speaker: 'Ban Tuyên giáo Tỉnh uỷ',
                deliverMinutes: 80,
                questionMinutes: 40,
              },
            ],
            checkpoints: [point('B2-M1', 'Bế mạc', '15:30', '16:15', '16:45')],
          },
        ],
      },
      {
        // Left as a draft, to be planned by whoever looks around.
        code: 'HN2',
        name: 'Hội nghị học tập Nghị quyết, đợt hai',
        sites: ['SC-T', 'SC-X1'],
        sessions: [
          {
            code: 'B1',
            name: 'Buổi sáng',
            startsAt: on(next, '08:00'),
            endsAt: on(next, '11:00'),
            topics: [
              {
                title: 'Kinh nghiệm từ cơ sở',
                speaker: 'Báo cáo viên cấp tỉnh',
                deliverMinutes: 90,
                questionMinutes: 0,
              },
            ],
          },
        ],
      },
    ],
  })
}

/** Who plays which part, by where people were seated. */
function castOf(people: readonly OnePerson[]) {
  const at = (siteCode: string) => people.filter(({ seatedAt }) => seatedAt === siteCode)
  const free = people.filter(({ wasInScope, seatedAt }) => wasInScope && seatedAt === null)
  const [x1, x2, x3] = [at('SC-X1'), at('SC-X2'), at('SC-X3')]
  return {
    free,
    guests: people.filter(({ code }) => code.startsWith('KN')),
    exempt: people.filter(({ standing, wasInScope }) => standing === 'exempt' && !wasInScope),
    x1,
    x2,
    x3,
  }
}
/** Numbers into each hall's roll as it was seated. */
const parts = {
  x1: { excused: [3, 4], absent: [5], openingOnly: [6], late: [7], twoHalls: 8 },
  x2: { excused: [1], absent: [2], afterClosing: [3] },
  x3: {
    replacedByMember: 0,
    replacedByGuest: 1,
    undeliverable: [2, 3],
    excused: [4],
    absent: [5, 6],
    openingOnly: [7],
  },
  free: { substitute: 0, registered: [1, 12], walkIns: [13, 15], notFound: [16, 17] },
} as const
const isIn = ([from, to]: readonly [number, number], nth: number) => from <= nth && nth <= to

async function changeSummonses(desk: Desk, story: Story) {
  const it = (await campaignOf(desk))!
  // The cast is chosen from the seating alone, so it is the same when this is done again.
  await together(desk, 'second.changes', async (within) => {
    const { officer, manager, unit } = await handsOf(within, story)
    const { campaignId, conferenceId } = it
    const { x1, x2, x3, free, guests } = castOf(await peopleAt(within, campaignId, conferenceId))
    const by = (person: OnePerson) => officer(person.grassrootsCode)
    const stand = async (original: OnePerson, personId: string) =>
      manager('SC-X3').act(substitute, story.changed, {
        conferenceId,
        summonsId: original.summonsId,
        personId,
      })
    await stand(x3[parts.x3.replacedByMember]!, free[parts.free.substitute]!.personId)
    await stand(x3[parts.x3.replacedByGuest]!, guests[0]!.personId)
    for (const nth of parts.x3.undeliverable)
      await by(x3[nth]!).act(operation('sites.markUndeliverable'), story.changed, {
        conferenceId,
        summonsId: x3[nth]!.summonsId,
        undeliverable: true,
      })
    const excused = [...parts.x1.excused.map((nth) => x1[nth]!), ...parts.x2.excused.map((nth) => x2[nth]!)]
    for (const [nth, person] of excused.entries())
      await by(person).act(excuse, story.changed, {
        conferenceId,
        summonsId: person.summonsId,
        reason: nth % 2 === 0 ? 'duty' : 'leave',
      })
    const [from, to] = parts.free.registered
    for (const person of free.slice(from, to + 1))
      await handOf(within, memberOf(campaignId, person.personId)).act(registerOnDevice, story.changed, { conferenceId })
    // The roll lives on: one person died, one was exempted, both without a seat.
    for (const [kind, person] of [
      ['died', free.at(-1)!],
      ['exempt', free.at(-2)!],
    ] as const)
      await by(person).act(amendRoll, story.changed, {
        campaignId,
        unitId: known(unit, person.unitCode),
        kind,
        personIds: [person.personId],
        at: story.changed.toISOString(),
      })
  })
}

async function holdConference(desk: Desk, story: Story) {
  const { campaignId, conferenceId, state } = (await campaignOf(desk))!
  const { organiser, manager, site } = await handsOf(desk, story)
  const { clock } = story
  if (state === 'open') await organiser.act(moveState, story.doors, { conferenceId, to: 'live' })
  // Who was summoned beforehand; those who came without are the same story told again.
  const people = (await peopleAt(desk, campaignId, conferenceId)).map((one) =>
    one.origin === 'door' ? { ...one, siteCode: null } : one,
  )
  const { x1, x2, x3, free, guests, exempt } = castOf(people)
  const points = await pointsAt(desk, conferenceId)
  const [opening, breakOver, closing] = points as [Point, Point, Point]
  const door = openHot(desk, checkIn)
  const arrive = (
    person: OnePerson,
    point: Point,
    {
      siteCode,
      when,
      evidence,
      by,
      proof,
    }: { siteCode?: string; when: Date; evidence: string; by: Actor; proof?: string },
  ) =>
    door.perform({
      actor: by,
      now: when,
      input: {
        arrivalId: steadyId('arrival', point.checkpointId, person.personId, siteCode ?? 'device'),
        checkpointId: point.checkpointId,
        ...(siteCode ? { siteId: known(site, siteCode) } : {}),
        personId: person.personId,
        evidence,
        ...(proof ? { proof } : {}),
        claimedAt: when.toISOString(),
        deviceId: steadyId('device', siteCode ?? person.personId),
      },
    })

  // The opening, at every hall's door.
  const away = new Set(
    [
      ...[...parts.x1.excused, ...parts.x1.absent].map((nth) => x1[nth]!),
      ...[...parts.x2.excused, ...parts.x2.absent, ...parts.x2.afterClosing].map((nth) => x2[nth]!),
      ...[...parts.x3.undeliverable, ...parts.x3.excused, ...parts.x3.absent].map((nth) => x3[nth]!),
    ].map(({ personId }) => personId),
  )
  const late = new Set(parts.x1.late.map((nth) => x1[nth]!.personId))
  const expected = people.filter(({ siteCode, personId }) => siteCode !== null && !away.has(personId))
  await eachOf(expected, 32, (person, nth) =>
    arrive(person, opening, {
      siteCode: person.siteCode!,
      when: late.has(person.personId) ? clock('07:42') : addMinutes(story.doors, 5 + (nth % 38)),
      evidence: nth % 9 === 0 ? 'typedCode' : 'doorScan',
      by: manager(person.siteCode!).actor,
    }),
  )
  // One is seen at two halls at once: both are kept, and asked about.
  await arrive(x1[parts.x1.twoHalls]!, opening, {
    siteCode: 'SC-T',
    when: clock('07:29'),
    evidence: 'stewardTick',
    by: manager('SC-T').actor,
  })
  const walkIns = free.filter((_, nth) => isIn(parts.free.walkIns, nth))
  for (const person of walkIns)
    await arrive(person, opening, {
      siteCode: 'SC-X3',
      when: clock('07:25'),
      evidence: 'stewardTick',
      by: manager('SC-X3').actor,
    })
  for (const guest of [...guests.slice(1), exempt[0]!])
    await arrive(guest, opening, {
      siteCode: 'SC-T',
      when: clock('07:20'),
      evidence: 'stewardTick',
      by: manager('SC-T').actor,
    })
  // After the closing: kept, and counted once the hall's manager accepts it.
  const tooLate = x2[parts.x2.afterClosing[0]]!
  await arrive(tooLate, opening, {
    siteCode: 'SC-X2',
    when: clock('08:50'),
    evidence: 'doorScan',
    by: manager('SC-X2').actor,
  })
  await manager('SC-X2').act(operation('attendance.acceptArrivals'), clock('08:55'), {
    siteId: known(site, 'SC-X2'),
    arrivalIds: [steadyId('arrival', opening.checkpointId, tooLate.personId, 'SC-X2')],
  })

  // Own devices: the code is spoken and shown, and ticked within minutes.
  const [from, to] = parts.free.registered
  const registered = free.slice(from, to + 1)
  const ticks: readonly (readonly [Point, string, readonly OnePerson[]])[] = [
    [opening, '07:35', registered.slice(0, 10)],
    [breakOver, '09:32', registered.slice(0, 9)],
    [closing, '16:16', registered.slice(0, 9)],
  ]
  for (const [point, time, who] of ticks) {
    const { code } = await organiser.act<{ code: string }>(showCode, clock(time), {
      conferenceId,
      checkpointId: point.checkpointId,
    })
    for (const [nth, person] of who.entries())
      await arrive(person, point, {
        when: new Date(clock(time).getTime() + (20 + nth * 7) * 1000),
        evidence: 'ownTick',
        by: memberOf(campaignId, person.personId),
        proof: code,
      })
  }

  // Núi Thông loses its line over the second checkpoint.
  await manager('SC-X2').act(recordInterruption, clock('10:05'), {
    interruptionId: steadyId('interruption', conferenceId),
    conferenceId,
    siteId: known(site, 'SC-X2'),
    fromAt: clock('09:10').toISOString(),
    toAt: clock('10:05').toISOString(),
    cause: 'line',
  })
  const left = (siteCode: string) =>
    siteCode === 'SC-X1'
      ? parts.x1.openingOnly.map((nth) => x1[nth]!.personId)
      : siteCode === 'SC-X3'
        ? parts.x3.openingOnly.map((nth) => x3[nth]!.personId)
        : []
  for (const siteCode of allSites) {
    const said = (point: Point, what: string, when: Date) => ({
      clientId: steadyId(what, point.checkpointId, siteCode),
      checkpointId: point.checkpointId,
      siteId: known(site, siteCode),
      claimedAt: when.toISOString(),
      deviceId: steadyId('device', siteCode),
    })
    const confirm = (point: Point, when: Date) =>
      manager(siteCode).act(confirmSite, when, {
        ...said(point, 'confirm', when),
        base: 'previous',
        exceptPersonIds: left(siteCode),
      })
    if (siteCode !== 'SC-X2') {
      await confirm(breakOver, clock('09:40'))
      await confirm(closing, clock('16:20'))
    }
    // «Như mốc trước» has nothing to start from here: whoever was in at the opening is ticked.
    else
      for (const person of [...expected.filter((one) => one.siteCode === siteCode), tooLate])
        await arrive(person, closing, {
          siteCode,
          when: clock('16:18'),
          evidence: 'stewardTick',
          by: manager(siteCode).actor,
        })
    const roll = people.filter((one) => one.siteCode === siteCode)
    const inHall = roll.filter(({ personId }) => !away.has(personId)).length
    const excused = roll.filter(({ personId }) => away.has(personId) && isExcused(personId, { x1, x2, x3 })).length
    const onTop = siteCode === 'SC-X3' ? walkIns.length : 0
    const summoned = roll.length + onTop
    const when = clock('07:50')
    await manager(siteCode).act(reportHeadcount, when, {
      ...said(opening, 'headcount', when),
      present: inHall + onTop,
      absentExcused: excused,
      absentUnexcused: summoned - inHall - onTop - excused,
      guests: siteCode === 'SC-T' ? guests.length : 0,
      why: '',
    })
  }

  if ((await campaignOf(desk))!.state !== 'live') return
  const excusedOnPaper = [...parts.x3.excused.map((nth) => x3[nth]!), registered[11]!]
  await organiser.bring(
    'diem-danh',
    [
      ['Mã số', 'Mã điểm cầu', 'Mốc', 'Có mặt', 'Lý do vắng'],
      ...excusedOnPaper.map(({ code, siteCode }) => [code, siteCode ?? '', opening.code, 'V', 'việc gia đình']),
    ],
    { conferenceId },
    clock('16:50'),
  )
  await organiser.act(moveState, clock('17:00'), { conferenceId, to: 'closed' })
}
const isExcused = (personId: string, { x1, x2, x3 }: Pick<ReturnType<typeof castOf>, 'x1' | 'x2' | 'x3'>) =>
  parts.x1.excused.some((nth) => x1[nth]!.personId === personId) ||
  parts.x2.excused.some((nth) => x2[nth]!.personId === personId) ||
  parts.x3.excused.some((nth) => x3[nth]!.personId === personId)

type Point = { checkpointId: string; code: string; at: Date }
export const pointsAt = async (desk: Pick<Desk, 'db'>, conferenceId: string) =>
  (
    await sql<Point>`select id as "checkpointId", code, at from checkpoint where conference_id = ${conferenceId} order by at`.execute(
      desk.db,
    )
  ).rows

/** Whoever was there for a part, or could not be told, is left as she is: every reason is to be seen. */
const offered = ['excused', 'absent', 'neverSummoned']
/** One make-up held and closed, one to come; two people nobody could reach; a unit that declares its totals. */
const makeUp = (desk: Desk, story: Story) =>
  together(desk, 'second.after', async (within) => {
    const { campaignId, conferenceId } = (await campaignOf(within))!
    const { unit, organiser, officer } = await handsOf(within, story)
    const { free } = castOf(await peopleAt(within, campaignId, conferenceId))
    for (const person of free.filter((_, nth) => isIn(parts.free.notFound, nth)))
      await officer(person.grassrootsCode).act(recordOffer, story.moved, {
        campaignId,
        unitId: known(unit, person.grassrootsCode),
        personIds: [person.personId],
        outcome: 'undeliverable',
      })
    const heldAt = atVietnam(story.makeup.held, '08:00')
    const holder = officer('SC.X1.C1')
    const makeup = await holder.act<{ makeupId: string; checkpointIds: string[] }>(
      createMakeup,
      addMinutes(heldAt, -3 * 24 * 60),
      {
        campaignId,
        unitId: known(unit, 'SC.X1.C1'),
        day: story.makeup.held,
        from: '08:00',
        to: '11:00',
        seats: 40,
      },
    )
    await holder.act(bookMakeup, addMinutes(heldAt, -2 * 24 * 60), {
      makeupId: makeup.makeupId,
      unitIds: [known(unit, 'SC.X1.C1')],
      reasons: offered,
    })
    const booked = await bookedAt(within, makeup.makeupId)
    await holder.act(takeRoll, addMinutes(heldAt, 180), {
      makeupId: makeup.makeupId,
      checkpointId: makeup.checkpointIds[0]!,
      everyone: true,
      absentIds: booked.slice(-2),
    })
    await holder.act(closeMakeup, addMinutes(heldAt, 190), { makeupId: makeup.makeupId })
    const next = officer('SC.X3.C1')
    const coming = await next.act<{ makeupId: string }>(createMakeup, story.moved, {
      campaignId,
      unitId: known(unit, 'SC.X3.C1'),
      day: story.makeup.coming,
      from: '19:00',
      to: '21:00',
      seats: 7,
    })
    await next.act(bookMakeup, story.moved, {
      makeupId: coming.makeupId,
      unitIds: [known(unit, 'SC.X3.C1')],
      reasons: offered,
    })
    const declared = { campaignId, unitId: known(unit, 'SC.X4'), source: 'Báo cáo của Đảng uỷ xã Hồ Sen' }
    for (const [what, count, countKind] of [
      ['Số đảng viên đã học tập Nghị quyết', 212, 'persons'],
      ['Số hội nghị ở chi bộ', 9, 'events'],
    ] as const)
      await organiser.act(operation('reports.declareTotal'), story.moved, { ...declared, what, count, countKind })
  })
const bookedAt = async (desk: Pick<Desk, 'db'>, makeupId: string) =>
  (
    await sql<{ id: string }>`select person_id as id from summons m join person p on p.id = m.person_id
      where m.conference_id = ${makeupId} and m.withdrawn_at is null order by p.code`.execute(desk.db)
  ).rows.map(({ id }) => id)

async function freezeOnce(desk: Desk, story: Story) {
  const { campaignId } = (await campaignOf(desk))!
  const { rows } = await sql`select from "freeze" where campaign_id = ${campaignId}`.execute(desk.db)
  if (rows.length > 0) return
  const { organiser } = await handsOf(desk, story)
  await organiser.act(freeze, story.frozen, { campaignId, note: 'Báo cáo nhanh sau hội nghị đợt một' })
}
