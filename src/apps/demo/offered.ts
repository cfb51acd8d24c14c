// Whom a visitor of the demo may look around as: one for each room, called by what she does.
import { sql } from 'kysely'
import { offerDemoPerson } from '../../features/access/server/index.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { register } from './bacGiang.ts'
import { employ, type StaffForm } from './hands.ts'
import { liveDay, stageStaff, viewerOf } from './liveDay.ts'
import { campaignOf, hallOfToday, known, peopleAt, type Story, secondStaff, siteIds, unitIds } from './songCau.ts'
import { conferenceOfDay } from './today.ts'

type Offered = { key: string; title: string; path: string } & (
  | { userName: string }
  | { personId: string; campaignId: string }
)

/** Writes the list anew; the same keys stay the same persons. */
export async function offerPeople(desk: Desk, story: Story, now: Date): Promise<void> {
  const staff = await employ(desk, story.files, await forms(desk))
  const { rows } = await sql<{
    id: string
    userName: string
  }>`select id, user_name as "userName" from staff_user`.execute(desk.db)
  const userIds = new Map([
    ...rows.map(({ id, userName }) => [userName, id] as const),
    ...[...staff].map(([name, { userId }]) => [name, userId!] as const),
  ])
  for (const [position, { key, title, path, ...who }] of (await offered(desk, now)).entries())
    await offerDemoPerson(
      desk.db,
      { key, title, path, ...('userName' in who ? { userId: known(userIds, who.userName) } : who) },
      position,
    )
}

const provinceUnits = async (desk: Desk) =>
  new Map(
    (
      await sql<{
        code: string
        id: string
      }>`select n.code, n.unit_id as id from unit_now n join register g on g.id = n.register_id
        where g.code = ${register} and n.code in ('T', 'H01.X01')`.execute(desk.db)
    ).rows.map(({ code, id }) => [code, id]),
  )
/** Those whom the campaigns themselves did not need. */
async function forms(desk: Desk): Promise<StaffForm[]> {
  const unit = await provinceUnits(desk)
  const second = await unitIds(desk)
  return [
    { userName: 'quantri', name: 'Hoàng Văn Quân', posts: [{ role: 'administrator', kind: 'installation' }] },
    {
      userName: 'lanhdao.tinh',
      name: 'Đặng Thị Hoa',
      posts: [{ role: 'head', kind: 'unit', scopeId: unit.get('T') ?? known(second, 'SC') }],
    },
    ...(unit.has('H01.X01')
      ? [
          {
            userName: 'canbo.thoxuong',
            name: 'Bùi Văn Nam',
            posts: [{ role: 'organiser', kind: 'unit', scopeId: unit.get('H01.X01') }] as const,
          },
        ]
      : []),
  ]
}

async function offered(desk: Desk, now: Date): Promise<Offered[]> {
  const { campaignId } = (await campaignOf(desk))!
  const conferenceId = (await conferenceOfDay(desk, now))!
  const site = known(await siteIds(desk), hallOfToday)
  const cell = known(await unitIds(desk), 'SC.X1.C1.01')
  const people = await peopleAt(desk, campaignId, conferenceId)
  // She has a seat and is not in the hall yet.
  const member = people.filter(({ siteCode }) => siteCode === hallOfToday)[2]!
  const onDevice = people.find(({ origin }) => origin === 'registered')!
  const all = await provinceUnits(desk)
  const province: Offered[] = all.has('T')
    ? [
        {
          key: 'organiser',
          title: 'Tuyên giáo tỉnh Bắc Giang: tổ chức đợt',
          userName: 'tuyengiao.tinh',
          path: '/dot',
        },
        {
          key: 'officer',
          title: 'Văn phòng phường Thọ Xương: danh sách',
          userName: 'canbo.thoxuong',
          path: '/dang-vien',
        },
      ]
    : []
  const live = await liveDay(desk, now)
  const viewer = live && (await viewerOf(desk, live.conferenceId))
  const hall =
    live &&
    (
      await sql<{ siteId: string; userName: string }>`
    select s.id as "siteId", u.user_name as "userName" from conference_site c join site s on s.id = c.site_id
    join role_grant g on g.scope_id = s.id and g.role = 'siteManager' and g.revoked_at is null join staff_user u on u.id = g.user_id
    where c.conference_id = ${live.conferenceId} and s.parent_id is not null order by s.code offset 20 limit 1`.execute(
        desk.db,
      )
    ).rows[0]
  const stage: Offered[] = live
    ? [
        {
          key: 'director',
          title: 'Phòng điều khiển: 236 điểm cầu hôm nay',
          userName: stageStaff.director,
          path: `/dieu-khien/${live.sessionId}`,
        },
        {
          key: 'moderator',
          title: 'Điều hành phát biểu hôm nay',
          userName: stageStaff.moderator,
          path: `/dieu-hanh/${live.sessionId}`,
        },
        {
          key: 'speaker',
          title: 'Báo cáo viên ở bục hôm nay',
          userName: stageStaff.speaker,
          path: `/buc/${live.sessionId}`,
        },
        ...(hall
          ? [
              {
                key: 'hall',
                title: 'Hội trường xã: màn hình và bàn kỹ thuật',
                userName: hall.userName,
                path: `/diem-cau/${hall.siteId}`,
              },
            ]
          : []),
        ...(viewer
          ? [
              {
                key: 'viewer',
                title: 'Đảng viên xem buổi hôm nay trên điện thoại',
                personId: viewer,
                campaignId: live.campaignId,
                path: `/toi/hop/${live.sessionId}`,
              },
            ]
          : []),
      ]
    : []
  return [
    ...province,
    { key: 'head', title: 'Lãnh đạo tỉnh: số liệu và báo cáo', userName: 'lanhdao.tinh', path: '/dot' },
    {
      key: 'live',
      title: 'Tỉnh Sông Cầu: hội nghị hôm nay',
      userName: secondStaff.organiser,
      path: '/quan-so',
    },
    ...stage,
    {
      key: 'manager',
      title: 'Phụ trách điểm cầu xã Đồng Bến',
      userName: secondStaff.manager(hallOfToday),
      path: `/diem-cau/${site}`,
    },
    {
      key: 'steward',
      title: 'Giúp việc ở cửa hội trường xã Đồng Bến',
      userName: secondStaff.steward,
      path: `/diem-cau/${site}`,
    },
    {
      key: 'secretary',
      title: 'Bí thư Chi bộ thôn Bến Thượng',
      userName: secondStaff.secretary,
      path: `/chi-bo/${cell}`,
    },
    { key: 'member', title: 'Đảng viên có chỗ ngồi ở hội trường', personId: member.personId, campaignId, path: '/toi' },
    {
      key: 'device',
      title: 'Đảng viên dự trên thiết bị cá nhân',
      personId: onDevice.personId,
      campaignId,
      path: '/toi',
    },
    { key: 'data', title: 'Cán bộ dữ liệu: nhập tệp', userName: 'dulieu.tinh', path: '/nhap-tep' },
    {
      key: 'administrator',
      title: 'Quản trị: phân quyền, tài khoản',
      userName: 'quantri',
      path: '/phan-quyen',
    },
  ]
}
