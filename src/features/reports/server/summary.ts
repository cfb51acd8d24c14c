// The conference summary: each site with its seats, who was summoned, who stood at each checkpoint, the headcount, the minutes lost.
import { sql } from 'kysely'
import { formatRatio } from '../../../kernel/figure.ts'
import { formatClock, formatDay } from '../../../kernel/time.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { type Cell, type Paper, printMoment } from '../../../platform/server/documents/index.ts'
import { refuse } from '../../../platform/server/operate.ts'
import { standingArrivals } from '../../attendance/server/index.ts'
import * as contract from '../contract.ts'
import type { PaperContext } from './bieu1.ts'

type SiteRow = { siteId: string; code: string; name: string; seats: number; summoned: number; lostMinutes: number }

export async function conferenceSummary(
  db: Db | Tx,
  { campaignId, conferenceId }: { campaignId: string; conferenceId?: string | undefined },
  context: PaperContext,
  now: Date,
): Promise<Paper> {
  const { rows: conferences } = await sql<{ id: string; name: string; startsAt: Date | null; endsAt: Date | null }>`
    select c.id, c.name, (select min(starts_at) from conference_session where conference_id = c.id) as "startsAt",
      (select max(ends_at) from conference_session where conference_id = c.id) as "endsAt"
    from conference c where c.campaign_id = ${campaignId} and ${conferenceId ? sql`c.id = ${conferenceId}` : sql`c.purpose = 'study'`}
    order by "startsAt" nulls last, c.code limit 1`.execute(db)
  const conference = conferences[0] ?? refuse(contract.paper, 'unknownConference')
  const { rows: checkpoints } = await sql<{
    id: string
    code: string
    name: string
  }>`select id, code, name from checkpoint where conference_id = ${conference.id} order by at, position limit 6`.execute(
    db,
  )
  const { rows: sites } = await sql<SiteRow>`
    select s.id as "siteId", s.code, s.name, cs.seats,
      (select count(*)::int from summons m where m.conference_id = cs.conference_id and m.site_id = s.id and m.withdrawn_at is null) as summoned,
      coalesce((select sum(extract(epoch from coalesce(i.to_at, ${conference.endsAt ?? now}) - i.from_at) / 60)::int from interruption i where i.conference_id = cs.conference_id and i.site_id = s.id), 0) as "lostMinutes"
    from conference_site cs join site s on s.id = cs.site_id where cs.conference_id = ${conference.id} order by s.code`.execute(
    db,
  )
  const { rows: heads } = await sql<{ siteId: string | null; checkpointId: string; n: number }>`
    select site_id as "siteId", checkpoint_id as "checkpointId", count(*)::int as n
    from (${standingArrivals(sql`c.id = ${conference.id}`)}) s where counts group by site_id, checkpoint_id`.execute(db)
  const { rows: headcounts } = await sql<{ siteId: string; present: number; guests: number }>`
    select distinct on (h.site_id) h.site_id as "siteId", h.present, h.guests from headcount h join checkpoint p on p.id = h.checkpoint_id
    where p.conference_id = ${conference.id} order by h.site_id, p.at desc, h.received_at desc`.execute(db)
  const stood = new Map(heads.map((row) => [`${row.siteId ?? ''} ${row.checkpointId}`, row.n]))
  const counted = new Map(headcounts.map((row) => [row.siteId, row]))
  const at = (siteId: string, checkpointId: string) => stood.get(`${siteId} ${checkpointId}`) ?? 0
  const best = (siteId: string) => Math.max(0, ...checkpoints.map(({ id }) => at(siteId, id)))
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0)
  const rows = sites.map((site, index): Cell[] => [
    String(index + 1),
    site.name,
    site.seats,
    site.summoned,
    ...checkpoints.map(({ id }) => at(site.siteId, id)),
    counted.get(site.siteId)?.present,
    counted.get(site.siteId)?.guests,
    formatRatio({ n: best(site.siteId), d: site.summoned }),
    site.lostMinutes,
  ])
  const whole = sum(sites.map(({ summoned }) => summoned))
  const devices = checkpoints.map(({ id }) => at('', id))
  const totals = checkpoints.map(({ id }, i) => sum(sites.map(({ siteId }) => at(siteId, id))) + devices[i]!)
  const [, month, year] = formatDay(now).split('/').map(Number)
  return {
    ruleSet: 'party',
    orientation: 'landscape',
    heading: {
      ...(context.superior ? { superior: context.superior } : {}),
      issuing: context.issuing,
      place: context.place,
      date: { month: month!, year: year! },
    },
    annexLabel: 'Tóm tắt hội nghị',
    title: ['Tổng hợp điểm danh và quân số các điểm cầu', conference.name],
    ...(conference.startsAt
      ? { subtitle: `(Khai mạc ${formatClock(conference.startsAt)} ngày ${formatDay(conference.startsAt)})` }
      : {}),
    blocks: [
      {
        kind: 'table',
        columns: [
          { title: 'TT', kind: 'order' },
          { title: 'Điểm cầu', kind: 'text' },
          { title: 'Chỗ ngồi', kind: 'count' },
          { title: 'Triệu tập', kind: 'count' },
          ...checkpoints.map(({ code, name }) => ({
            title: name || code,
            groups: ['Có mặt theo mốc điểm danh'],
            kind: 'count' as const,
          })),
          { title: 'Có mặt', groups: ['Báo cáo quân số'], kind: 'count' },
          { title: 'Khách mời', groups: ['Báo cáo quân số'], kind: 'count' },
          { title: 'Đông nhất trên triệu tập', kind: 'ratio' },
          { title: 'Phút mất tín hiệu', kind: 'count' },
        ],
        rows: [
          ...rows,
          ...(sum(devices) > 0
            ? [
                [
                  '',
                  'Trên thiết bị cá nhân',
                  undefined,
                  undefined,
                  ...devices,
                  undefined,
                  undefined,
                  undefined,
                  undefined,
                ] as Cell[],
              ]
            : []),
        ],
        total: [
          undefined,
          'Tổng cộng',
          sum(sites.map(({ seats }) => seats)),
          whole,
          ...totals,
          sum(headcounts.map(({ present }) => present)),
          sum(headcounts.map(({ guests }) => guests)),
          formatRatio({ n: Math.max(0, ...totals), d: whole }),
          sum(sites.map(({ lostMinutes }) => lostMinutes)),
        ],
        notes: [
          'Điểm danh và báo cáo quân số độc lập với nhau, được đối chiếu. Phút mất tín hiệu không tính là vắng và được phát lại.',
        ],
      },
    ],
    recipients: ['Cấp uỷ cấp trên (để báo cáo),', 'Lưu Văn phòng.'],
    signature: { authority: ['T/M Ban Thường vụ'], position: '' },
    stamp: `Số liệu lúc ${printMoment(now)}`,
  }
}
