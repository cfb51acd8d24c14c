import fs from 'node:fs'
import pg from 'pg'
import { newId } from '../../../kernel/id.ts'
import { addMinutes, dayOf } from '../../../kernel/time.ts'
import { machine } from '../../../platform/rights.ts'
import { migrate, openDb, openPool } from '../../../platform/server/db.ts'
import { openLive } from '../../../platform/server/live.ts'
import { type AnyServed, perform } from '../../../platform/server/operate.ts'
import { startPostgres } from '../../../platform/server/supervisor.ts'
import * as access from '../../access/server/index.ts'
import * as campaigns from '../../campaigns/server/index.ts'
import * as conferences from '../../conferences/server/index.ts'
import * as organisation from '../../organisation/server/index.ts'
import * as sites from '../../sites/server/index.ts'
import * as attendance from './index.ts'

const dataDir = '/tmp/att/data'
const cluster = await startPostgres({ dataDir: 'data/test' })
const admin = new pg.Client({ connectionString: cluster.url })
await admin.connect()
await admin.query('drop database if exists att with (force)')
await admin.query('create database att')
await admin.end()
const u = new URL(cluster.url)
u.pathname = '/att'
const url = u.href
const pool = openPool(url)
const db = openDb(pool)
await migrate(db)
const secretFile = dataDir + '/secret'

import { readSecret } from '../../../platform/server/secret.ts'

const secret = readSecret(secretFile)
const desk: any = {
  db,
  pool,
  databaseUrl: url,
  live: openLive(),
  secret,
  dataDir,
  baseUrl: 'http://127.0.0.1:3456',
  demo: false,
  places: { ...organisation.places, ...campaigns.places, ...conferences.places, ...sites.places },
}
const all: AnyServed[] = [organisation, access, campaigns, conferences, sites, attendance].flatMap((f: any) => [
  ...f.operations,
])
const now = new Date()
const act = (name: string, input: unknown, at = new Date(now.getTime() - 86400000)): Promise<any> =>
  perform(desk, all.find(({ it }) => it.name === name)!, { actor: machine(0), now: at, input })
await act('organisation.addRegister', { code: 'so', name: 'Sổ thử', schemeCode: '2020' })
const unit = async (code: string, name: string, parentId?: string) =>
  (
    await act('organisation.addUnit', {
      code,
      name,
      parentId,
      registerCode: parentId ? undefined : 'so',
      day: '2015-01-01',
    })
  ).unitId
const T = await unit('T', 'Đảng bộ tỉnh Bắc Giang')
const H = await unit('H', 'Đảng bộ huyện Yên Thế', T)
const X = await unit('X', 'Đảng bộ xã Đồng Tiến', H)
const cells = []
for (let i = 1; i <= 8; i++) cells.push(await unit('C' + i, `Chi bộ thôn số ${i}`, X))
const ho = ['Nguyễn', 'Trần', 'Lê', 'Hoàng', 'Giáp', 'Thân', 'Vi', 'Đỗ'],
  dem = ['Văn', 'Thị', 'Đức', 'Đình', 'Ngọc'],
  ten = ['Hương', 'Ước', 'Mận', 'Thắng', 'Ngọ', 'Phượng', 'Thuỷ', 'Đường', 'Khánh', 'Ấn', 'Ỷ']
const people: { id: string; name: string; cell: string }[] = []
for (let i = 0; i < 160; i++) {
  const name = `${ho[i % 8]} ${dem[(i * 3) % 5]} ${ten[(i * 7) % 11]}`
  const cell = cells[i % 8]
  people.push({
    id: (
      await act('organisation.addPerson', {
        fullName: name,
        unitId: cell,
        code: 'M' + String(i).padStart(3, '0'),
        birthYear: 1950 + (i % 50),
        day: '2015-01-01',
      })
    ).personId,
    name,
    cell,
  })
}
const h1 = (
  await act('sites.addSite', {
    unitId: X,
    code: 'H1',
    name: 'Hội trường UBND xã Đồng Tiến',
    seats: 200,
    address: 'Thôn Đồng Kênh, xã Đồng Tiến',
    contactName: 'Nguyễn Thị Thuỷ',
    contactPhone: '0204 3876 001',
  })
).siteId
const more = []
for (let i = 2; i < 40; i++)
  more.push(
    (await act('sites.addSite', { unitId: i % 2 ? X : H, code: 'H' + i, name: `Hội trường số ${i}`, seats: 60 }))
      .siteId,
  )
const { campaignId } = await act('campaigns.create', {
  scopeUnitId: T,
  code: 'dot',
  name: 'Học tập Nghị quyết Đại hội XIII',
  countsOn: dayOf(now),
})
await act('campaigns.fixScope', { campaignId })
const t = (title: string, speaker: string) => ({ title, speaker, deliverMinutes: 60, questionMinutes: 15 })
const start = addMinutes(now, -40)
const { conferenceId } = await act('conferences.create', {
  campaignId,
  unitId: T,
  code: 'hn',
  name: 'Hội nghị trực tuyến toàn tỉnh quán triệt Nghị quyết Đại hội XIII',
  documents: 'Sổ ghi chép, tài liệu phát tại cửa.',
  contact: 'Ban Tuyên giáo Tỉnh uỷ, 0204 3854 123',
  sessions: [
    {
      code: 'S',
      name: 'Buổi sáng',
      startsAt: start.toISOString(),
      endsAt: addMinutes(start, 240).toISOString(),
      topics: [
        t('Những điểm mới của văn kiện', 'Đồng chí Báo cáo viên Tỉnh uỷ'),
        t('Ba việc của nông nghiệp Yên Thế đến năm 2025', 'Đồng chí Ngô Quang Vinh'),
      ],
    },
    {
      code: 'C',
      name: 'Buổi chiều',
      startsAt: addMinutes(start, 330).toISOString(),
      endsAt: addMinutes(start, 500).toISOString(),
      topics: [t('Thảo luận và giải đáp', '')],
    },
  ],
})
const p = (s: string, code: string, name: string, m: number) => ({
  sessionCode: s,
  code,
  name,
  opensAt: addMinutes(start, m - 30).toISOString(),
  at: addMinutes(start, m).toISOString(),
  closesAt: addMinutes(start, m + 400).toISOString(),
})
const { checkpoints } = await act('attendance.declareCheckpoints', {
  conferenceId,
  checkpoints: [p('S', 'M1', 'Khai mạc', 0), p('S', 'M2', 'Sau giải lao', 60), p('C', 'M3', 'Đầu giờ chiều', 330)],
})
await act('sites.attachSites', { conferenceId })
for (const [i, one] of people.entries())
  if (i < 150)
    await act('sites.summon', {
      conferenceId,
      personId: one.id,
      siteId: i < 100 ? h1 : i < 140 ? more[i - 100 < 38 ? i - 100 : 0] : undefined,
    })
for (const to of ['approved', 'open', 'live']) await act('conferences.moveState', { conferenceId, to })
await pool.query("update summons set excuse = 'duty' where person_id = any($1)", [
  people.slice(90, 93).map((x) => x.id),
])
// some already in
const { openHot } = await import('../../../platform/server/hot.ts')
const door = openHot(desk, attendance.checkIn)
for (let i = 0; i < 60; i++)
  await door.perform({
    actor: machine(0),
    now: addMinutes(start, -20 + i / 4),
    input: {
      arrivalId: newId(),
      checkpointId: checkpoints[0].checkpointId,
      siteId: h1,
      personId: people[i]!.id,
      evidence: 'doorScan',
      deviceId: newId(),
      claimedAt: addMinutes(start, -20 + i / 4).toISOString(),
    },
  })
await door.perform({
  actor: machine(0),
  now: addMinutes(start, 3),
  input: {
    arrivalId: newId(),
    checkpointId: checkpoints[0].checkpointId,
    siteId: more[0],
    personId: people[5]!.id,
    evidence: 'doorScan',
    deviceId: newId(),
    claimedAt: addMinutes(start, 3).toISOString(),
  },
})
const staff = async (userName: string, ...grants: any[]) => {
  const { userId } = await act('access.createStaff', { userName, name: `Cán bộ ${userName}` })
  for (const one of grants) await act('access.grant', { userId, ...one, from: '2020-01-01', reason: 'phân công' })
}
await staff('keeper', { role: 'siteManager', kind: 'site', scopeId: h1 })
await staff('tinh', { role: 'organiser', kind: 'unit', scopeId: T })
const cookies = {
  keeper: await access.sessionCookie(desk, { userName: 'keeper' }, new Date()),
  tinh: await access.sessionCookie(desk, { userName: 'tinh' }, new Date()),
  member: await access.sessionCookie(desk, { personId: people[70]!.id, campaignId }, new Date()),
  device: await access.sessionCookie(desk, { personId: people[145]!.id, campaignId }, new Date()),
  none: await access.sessionCookie(desk, { personId: people[155]!.id, campaignId }, new Date()),
}
const { rows } = await pool.query('select person_id, door_code, site_id from summons where conference_id=$1', [
  conferenceId,
])
fs.writeFileSync(
  '/tmp/att/seed.json',
  JSON.stringify({ url, conferenceId, h1, T, cookies, checkpoints, codes: rows, people }, null, 1),
)
console.log('seeded', url)
await pool.end()
process.exit(0)
