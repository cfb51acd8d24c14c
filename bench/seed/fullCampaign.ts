// A whole province as the ledger and the report meet it, written straight into the tables: 3,004 units, 97,319 people in
// scope, 64,809 summoned to 236 sites, 62,221 of them at all three checkpoints, 230 make-up sessions of 8,540.
import { sql } from 'kysely'
import { newId } from '../../src/kernel/id.ts'
import { addMinutes, atVietnam } from '../../src/kernel/time.ts'
import type { Db } from '../../src/platform/server/db.ts'

export const full = {
  units: 3_004,
  districts: 16,
  grassroots: 787,
  people: 97_319,
  summoned: 64_809,
  attended: 62_221,
  sites: 236,
  makeups: 230,
  madeUp: 8_540,
} as const
export type FullCampaign = {
  registerId: string
  campaignId: string
  conferenceId: string
  checkpointIds: string[]
  rootId: string
  districtIds: string[]
  grassrootsIds: string[]
  /** Codes of grassroots units, in the order of the ids. */
  grassrootsCodes: string[]
}
const studied = '2021-01-14'
const families = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý']
const middles = ['Văn', 'Thị', 'Đức', 'Thanh', 'Minh', 'Quốc', 'Thu', 'Hữu', 'Ngọc', 'Xuân', 'Kim']
const given = ['An', 'Bình', 'Chi', 'Dũng', 'Giang', 'Hà', 'Hạnh', 'Hùng', 'Lan', 'Long', 'Mai', 'Nam', 'Oanh', 'Phúc']

/** Without make-ups when they are to come by another way. */
export async function seedFullCampaign(db: Db, { makeups = true, code = 'day-du' } = {}): Promise<FullCampaign> {
  const registerId = newId()
  const campaignId = newId()
  const { units, levels } = treeOf()
  await sql`insert into register (id, code, name, created_at) values (${registerId}, ${code}, 'Sổ đủ cỡ', now())`.execute(
    db,
  )
  const { rows: levelRows } = await sql<{ id: string; name: string }>`
    select l.id, l.name from level l join level_scheme s on s.id = l.scheme_id where s.code = '2020'`.execute(db)
  const levelId = new Map(levelRows.map(({ id, name }) => [name, id]))
  const column = <K extends keyof Unit>(name: K) => units.map((unit) => unit[name])
  const names = units.map(({ level }) => levels[level]!)
  await sql`insert into unit (id, register_id, code, created_at) select id, ${registerId}, code, now()
    from unnest(${column('id')}::uuid[], ${column('code')}::text[]) as g (id, code)`.execute(db)
  await sql`insert into unit_version (id, unit_id, name, level_id, parent_id, valid_from, recorded_at, recorded_by)
    select id, id, name, level_id, parent_id, '2015-01-01', now(), 'bench'
    from unnest(${column('id')}::uuid[], ${column('name')}::text[], ${names.map((name) => levelId.get(name)!)}::uuid[], ${column('parentId')}::uuid[])
      as g (id, name, level_id, parent_id)`.execute(db)
  await sql`insert into campaign (id, code, name, scope_unit_id, counts_on, scope_fixed_at, created_at, created_by)
    values (${campaignId}, ${code}, 'Học tập, quán triệt Nghị quyết', ${units[0]!.id}, ${studied}, ${atVietnam('2021-01-05')}, ${atVietnam('2021-01-02')}, 'bench')`.execute(
    db,
  )
  const tree = sql`unnest(${column('id')}::uuid[], ${column('code')}::text[], ${column('name')}::text[], ${column('parentId')}::uuid[],
      ${units.map(({ path }) => `{${path.join(',')}}`)}::text[], ${column('grassrootsId')}::uuid[], ${column('lft')}::int[], ${column('rgt')}::int[],
      ${column('level')}::int[], ${column('children')}::int[], ${names}::text[], ${names.map((name) => levelId.get(name)!)}::uuid[])
      as g (id, code, name, parent_id, path, grassroots_id, lft, rgt, depth, children, level_name, level_id)`
  await sql`insert into unit_now (unit_id, version_id, register_id, code, name, level_id, level_name, level_rank, parent_id, path, grassroots_id, lft, rgt, depth, children)
    select id, id, ${registerId}, code, name, level_id, level_name, depth + 1, parent_id, path::uuid[], grassroots_id, lft, rgt, depth, children from ${tree}`.execute(
    db,
  )
  await sql`insert into campaign_unit (campaign_id, unit_id, version_id, parent_id, code, name, level_name, level_rank, keeps_names, grassroots_id, path, lft, rgt, depth, children)
    select ${campaignId}, id, id, parent_id, code, name, level_name, depth + 1, grassroots_id is not null, grassroots_id, path::uuid[], lft, rgt, depth, children from ${tree}`.execute(
    db,
  )
  const cells = units.filter(({ level }) => level === 3)
  await seedPeople(db, { registerId, campaignId, cells: cells.map(({ id }) => id) })
  const grassroots = units.filter(({ level }) => level === 2)
  const study = await seedStudy(db, { registerId, campaignId, units })
  if (makeups) await seedMakeups(db, { campaignId, holders: grassroots.slice(0, full.makeups) })
  await sql`analyze`.execute(db)
  return {
    registerId,
    campaignId,
    ...study,
    rootId: units[0]!.id,
    districtIds: units.filter(({ level }) => level === 1).map(({ id }) => id),
    grassrootsIds: grassroots.map(({ id }) => id),
    grassrootsCodes: grassroots.map(({ code: one }) => one),
  }
}

type Unit = {
  id: string
  code: string
  name: string
  level: number
  parentId: string | null
  grassrootsId: string | null
  path: string[]
  lft: number
  rgt: number
  children: number
}
/** One province, 16 districts, 787 grassroots units, 2,200 cells; numbered as a walk through the tree. */
function treeOf() {
  const levels = ['Tỉnh', 'Huyện', 'Cơ sở', 'Chi bộ']
  const units: Unit[] = []
  let step = 0
  const add = (level: number, code: string, name: string, parent: Unit | undefined, below: (unit: Unit) => void) => {
    const id = newId()
    const unit: Unit = {
      id,
      code,
      name,
      level,
      parentId: parent?.id ?? null,
      grassrootsId: level === 2 ? id : (parent?.grassrootsId ?? null),
      path: [...(parent?.path ?? []), id],
      lft: ++step,
      rgt: 0,
      children: 0,
    }
    if (parent) parent.children++
    units.push(unit)
    below(unit)
    unit.rgt = ++step
  }
  const cellsInAll = full.units - 1 - full.districts - full.grassroots
  const share = (whole: number, parts: number, nth: number) =>
    Math.floor((whole * (nth + 1)) / parts) - Math.floor((whole * nth) / parts)
  let grassroots = 0
  add(0, 'T', 'Đảng bộ tỉnh', undefined, (province) => {
    for (let d = 0; d < full.districts; d++)
      add(1, `H${String(d + 1).padStart(2, '0')}`, `Đảng bộ huyện ${d + 1}`, province, (district) => {
        for (let g = share(full.grassroots, full.districts, d); g > 0; g--) {
          const nth = grassroots++
          const code = `CS${String(nth + 1).padStart(4, '0')}`
          add(2, code, `Đảng bộ xã ${nth + 1}`, district, (base) => {
            for (let c = share(cellsInAll, full.grassroots, nth); c > 0; c--)
              add(3, `${code}-${c}`, `Chi bộ thôn ${c}`, base, () => {})
          })
        }
      })
  })
  return { units, levels }
}

async function seedPeople(
  db: Db,
  { registerId, campaignId, cells }: { registerId: string; campaignId: string; cells: string[] },
) {
  const word = (list: string[], by: number) =>
    sql`(${list}::text[])[1 + (i / ${sql.raw(String(by))}) % ${sql.raw(String(list.length))}]`
  await sql`insert into person (id, register_id, code, full_name, sort_name, birth_year, recorded_at)
    select overlay(overlay(md5(${campaignId} || i) placing '8' from 13) placing '8' from 17)::uuid, ${registerId}, 'P' || lpad(i::text, 6, '0'), f || ' ' || m || ' ' || g, g || ' ' || f || ' ' || m, 1950 + i % 50, now()
    from (select i, ${word(families, 1)} as f, ${word(middles, 13)} as m, ${word(given, 7)} as g from generate_series(1, ${sql.raw(String(full.people))}) i) n`.execute(
    db,
  )
  await sql`insert into roll (id, campaign_id, person_id, unit_id, unit_version_id, standing, from_at, why)
    select gen_random_uuid(), ${campaignId}, overlay(overlay(md5(${campaignId} || i) placing '8' from 13) placing '8' from 17)::uuid, cell, cell, 'inScope', ${atVietnam('2021-01-05')}, 'fixed'
    from (select i, (${cells}::uuid[])[1 + (i::bigint * ${sql.raw(String(cells.length))} / ${sql.raw(String(full.people + 1))})] as cell
      from generate_series(1, ${sql.raw(String(full.people))}) i) n`.execute(db)
  await sql`insert into membership (id, person_id, unit_id, kind, valid_from)
    select gen_random_uuid(), person_id, unit_id, 'official', '2018-01-01' from roll where campaign_id = ${campaignId}`.execute(
    db,
  )
}

async function seedStudy(
  db: Db,
  { registerId, campaignId, units }: { registerId: string; campaignId: string; units: Unit[] },
) {
  const conferenceId = newId()
  const sessions = [newId(), newId()]
  const begins = atVietnam(studied, '07:30')
  await sql`insert into conference (id, campaign_id, unit_id, code, name, purpose, state, created_at, created_by, closed_at)
    values (${conferenceId}, ${campaignId}, ${units[0]!.id}, 'HN', 'Hội nghị trực tuyến', 'study', 'closed', ${atVietnam('2021-01-06')}, 'bench', ${atVietnam('2021-01-15')})`.execute(
    db,
  )
  for (const [nth, session] of sessions.entries())
    await sql`insert into conference_session (id, conference_id, code, name, position, starts_at, ends_at)
      values (${session}, ${conferenceId}, ${`B${nth + 1}`}, '', ${nth + 1}, ${addMinutes(begins, nth * 360)}, ${addMinutes(begins, nth * 360 + 240)})`.execute(
      db,
    )
  const checkpoints = [0, 120, 375].map((minutes, nth) => ({
    id: newId(),
    session: sessions[nth === 2 ? 1 : 0]!,
    code: ['B1-M1', 'B1-M2', 'B2-M1'][nth]!,
    at: addMinutes(begins, minutes),
  }))
  for (const [nth, { id, session, code, at }] of checkpoints.entries())
    await sql`insert into checkpoint (id, conference_id, session_id, code, name, position, opens_at, at, closes_at)
      values (${id}, ${conferenceId}, ${session}, ${code}, ${code}, ${nth + 1}, ${addMinutes(at, -30)}, ${at}, ${addMinutes(at, 30)})`.execute(
      db,
    )
  // The province's own hall and 235 of districts and grassroots units.
  const holders = [units[0]!, ...units.filter(({ level }) => level === 1 || level === 2).slice(0, full.sites - 1)]
  const siteIds = holders.map(() => newId())
  await sql`insert into site (id, register_id, code, unit_id, name, seats, recorded_at)
    select id, ${registerId}, 'DC-' || code, unit_id, 'Hội trường ' || code, 400, now()
    from unnest(${siteIds}::uuid[], ${holders.map(({ code }) => code)}::text[], ${holders.map(({ id }) => id)}::uuid[]) as g (id, code, unit_id)`.execute(
    db,
  )
  await sql`insert into conference_site (conference_id, site_id, seats) select ${conferenceId}, id, 400 from unnest(${siteIds}::uuid[]) as g (id)`.execute(
    db,
  )
  // Spread over the province: two of three are summoned, nineteen of twenty of those come.
  await sql`insert into summons (id, conference_id, person_id, site_id, origin, door_code, made_at, made_by)
    select gen_random_uuid(), ${conferenceId}, overlay(overlay(md5(${campaignId} || i) placing '8' from 13) placing '8' from 17)::uuid, (${siteIds}::uuid[])[1 + nth % ${sql.raw(String(full.sites))}], 'seating', 'S' || nth, ${atVietnam('2021-01-08')}, 'bench'
    from (select i, row_number() over (order by i)::int as nth from generate_series(1, ${sql.raw(String(full.people))}) i
      order by (i * 7919) % ${sql.raw(String(full.people))} limit ${full.summoned}) n`.execute(db)
  await sql`insert into arrival (arrival_id, conference_id, checkpoint_id, site_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, device_id)
    select gen_random_uuid(), ${conferenceId}, p.id, m.site_id, m.person_id, 'doorScan', 'bench', p.at, p.at - make_interval(mins => 5), p.at, ${newId()}
    from (select person_id, site_id from summons where conference_id = ${conferenceId} order by door_code limit ${full.attended}) m
    cross join checkpoint p where p.conference_id = ${conferenceId}`.execute(db)
  return { conferenceId, checkpointIds: checkpoints.map(({ id }) => id) }
}

async function seedMakeups(db: Db, { campaignId, holders }: { campaignId: string; holders: Unit[] }) {
  const at = atVietnam('2021-03-10', '08:00')
  const rows = holders.map((unit) => ({ unit: unit.id, id: newId(), session: newId(), point: newId() }))
  const given_ = sql`unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ unit }) => unit)}::uuid[], ${rows.map(({ session }) => session)}::uuid[],
    ${rows.map(({ point }) => point)}::uuid[]) with ordinality as g (id, unit_id, session, point, nth)`
  await sql`insert into conference (id, campaign_id, unit_id, code, name, purpose, state, created_at, created_by, closed_at)
    select id, ${campaignId}, unit_id, 'HB' || nth, 'Học bù ' || nth, 'makeup', 'closed', ${at}, 'bench', ${at} from ${given_}`.execute(
    db,
  )
  await sql`insert into conference_session (id, conference_id, code, name, position, starts_at, ends_at)
    select session, id, 'B1', '', 1, ${addMinutes(at, -30)}, ${addMinutes(at, 180)} from ${given_}`.execute(db)
  await sql`insert into checkpoint (id, conference_id, session_id, code, name, position, opens_at, at, closes_at)
    select point, id, session, 'B1-M1', 'Điểm danh', 1, ${addMinutes(at, -60)}, ${at}, ${addMinutes(at, 180)} from ${given_}`.execute(
    db,
  )
  await sql`insert into summons (id, conference_id, person_id, origin, door_code, made_at, made_by)
    select gen_random_uuid(), g.id, n.person_id, 'booking', 'HB' || n.nth, ${at}, 'bench'
    from (select person_id, row_number() over (order by person_id)::int as nth from roll r where campaign_id = ${campaignId}
      and not exists (select from arrival a where a.person_id = r.person_id) order by person_id limit ${full.madeUp}) n
    join ${given_} on g.nth = 1 + n.nth % ${sql.raw(String(full.makeups))}`.execute(db)
  await sql`insert into arrival (arrival_id, conference_id, checkpoint_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, device_id)
    select gen_random_uuid(), m.conference_id, p.id, m.person_id, 'paper', 'bench', p.at, p.at, p.at, ${newId()}
    from summons m join checkpoint p on p.conference_id = m.conference_id where m.origin = 'booking'`.execute(db)
}
