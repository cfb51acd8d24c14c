// Summonses on paper: one file a grassroots unit, made in the background; and the same lists as tables without codes.
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { sealedSlipPdf, summonsPdf } from '../../../platform/server/documents/index.ts'
import { openFile, removeFile, storeFile } from '../../../platform/server/files.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { recordLook } from '../../../platform/server/record.ts'
import { type Sheet, writeXlsx } from '../../../platform/server/spreadsheet/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { doorQr } from '../rules.ts'
import { guardPerson, seesNamesOf, taskReason } from './names.ts'
import { withRoll } from './seating.ts'
import * as store from './store.ts'
import { unitWithin, unitWithNames } from './summons.ts'

const peopleAFile = 1_500
const paperLimitBytes = 60_000_000
const mostTries = 3
const abandonedAfterMinutes = 10
const folderOf = (desk: Pick<Desk, 'dataDir'>) => path.join(desk.dataDir, 'files', 'summons')

/** A unit above the grassroots has a file only for people who belong to it directly. */
const paperRange = (unit: store.CampaignUnit) => ({
  lft: unit.lft,
  rgt: unit.grassrootsId === undefined ? unit.lft : unit.rgt,
})

type PaperUnit = {
  unitId: string
  code: string
  name: string
  path: string[]
  grassrootsId: string
  lft: number
  rgt: number
  people: number
}
/** Whose files there are at or below a unit: grassroots units with somebody summoned; one too big for a file is done cell by cell. */
const paperUnits = async (
  db: Db | Tx,
  held: { conferenceId: string; campaignId: string },
  range: { lft: number; rgt: number },
) =>
  (
    await sql<PaperUnit>`
      with cell as (
        select u.unit_id, coalesce(u.grassroots_id, u.unit_id) as keeper, count(*)::int as n
        from summons m
          left join roll r on r.campaign_id = ${held.campaignId} and r.person_id = m.person_id and r.to_at is null
          left join membership b on b.person_id = m.person_id and b.kind = 'official' and b.valid_to is null
          join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = coalesce(r.unit_id, b.unit_id)
        where m.conference_id = ${held.conferenceId} and m.withdrawn_at is null and u.lft between ${range.lft} and ${range.rgt} group by 1, 2),
      sized as (select *, sum(n) over (partition by keeper) as whole from cell),
      file as (select case when whole > ${peopleAFile} then unit_id else keeper end as unit_id, sum(n)::int as people from sized group by 1)
      select f.unit_id as "unitId", u.code, u.name, u.path, coalesce(u.grassroots_id, u.unit_id) as "grassrootsId", u.lft, u.rgt, f.people
      from file f join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = f.unit_id order by u.lft`.execute(
      db,
    )
  ).rows

export const makePapers = answer(
  contract.makePapers,
  policy.makePapers,
  async ({ db, actor, now, input, after, note }) => {
    const held = withRoll(
      (await store.heldConference(db, input.conferenceId)) ?? refuse(contract.makePapers, 'notFound'),
    )
    if (held.classified) refuse(contract.makePapers, 'paperOnly')
    const unit = await unitWithin(db, held, input.unitId)
    const units = await paperUnits(db, held, unit)
    if (units.length === 0) refuse(contract.makePapers, 'nobodySummoned')
    await sql`
    insert into summons_paper (conference_id, unit_id, state, people, asked_at, asked_by)
    select ${held.conferenceId}, unit_id, 'waiting', people, ${now}::timestamptz, ${actor.name}
    from unnest(${units.map(({ unitId }) => unitId)}::uuid[], ${units.map(({ people }) => people)}::int[]) as g (unit_id, people)
    on conflict (conference_id, unit_id) do update set state = 'waiting', people = excluded.people, tries = 0, asked_at = excluded.asked_at, asked_by = excluded.asked_by`.execute(
      db,
    )
    after(() => wake?.())
    const people = units.reduce((sum, one) => sum + one.people, 0)
    note({ units: units.length, people })
    return { units: units.length, people }
  },
)

type PaperRow = {
  unitId: string
  code: string
  name: string
  path: string[]
  grassrootsId: string | null
  state: (typeof contract.paperStates)[number]
  people: number
  madeAt: Date | null
  outOfDate: boolean
}
export const listPapers = answer(contract.listPapers, policy.listPapers, async ({ db, actor, input }) => {
  const held = withRoll((await store.heldConference(db, input.conferenceId)) ?? refuse(contract.listPapers, 'notFound'))
  const unit = await unitWithin(db, held, input.unitId)
  const chosen = sql`from summons_paper w join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = w.unit_id
    where w.conference_id = ${held.conferenceId} and u.lft between ${unit.lft} and ${unit.rgt}`
  const { rows } = await sql<PaperRow>`
    select u.unit_id as "unitId", u.code, u.name, u.path, u.grassroots_id as "grassrootsId", w.state, w.people, w.made_at as "madeAt", changed.since as "outOfDate"
    from (select w.* ${chosen} order by u.lft limit ${input.size} offset ${(input.page - 1) * input.size}) w
      join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = w.unit_id
      cross join lateral (select exists (
        select from campaign_unit d join roll r on r.campaign_id = d.campaign_id and r.unit_id = d.unit_id and r.to_at is null
          join summons m on m.conference_id = w.conference_id and m.person_id = r.person_id
        where d.campaign_id = u.campaign_id and d.lft between u.lft and u.rgt and greatest(m.made_at, m.withdrawn_at) > w.made_at) as since) changed
    order by u.lft`.execute(db)
  const { rows: totals } = await sql<{ total: number; done: number }>`
    select count(*)::int as total, (count(*) filter (where w.state in ('made', 'failed')))::int as done ${chosen}`.execute(
    db,
  )
  const { total, done } = totals[0]!
  return {
    rows: rows.map(({ path: unitPath, grassrootsId, madeAt, ...row }) => ({
      ...row,
      madeAt: madeAt?.toISOString(),
      mayOpen: row.state === 'made' && seesNamesOf(actor, { path: unitPath, grassrootsId: grassrootsId ?? undefined }),
    })),
    total,
    page: input.page,
    size: input.size,
    done,
    of: total,
  }
})

export const paper = answer(contract.paper, policy.paper, async (call) => {
  const { db, desk, actor, now, input } = call
  const { held, unit } = await unitWithNames(call, input)
  const { rows } = await sql<{ file_id: string }>`
    select file_id from summons_paper where conference_id = ${held.conferenceId} and unit_id = ${unit.unitId} and state = 'made'`.execute(
    db,
  )
  const file = rows[0] && (await openFile(folderOf(desk), rows[0].file_id))
  if (!file) refuse(contract.paper, 'notMade')
  await recordLook(db, {
    actor,
    list: 'sites.paper',
    about: { conferenceId: held.conferenceId, unitId: unit.unitId },
    personIds: (await peopleOfUnit(db, held, paperRange(unit))).map(({ personId }) => personId),
    reason: taskReason(actor, unit.path),
    at: now,
  })
  return { name: `Giấy triệu tập ${held.code} ${unit.code}.pdf`, type: 'application/pdf', body: file.stream }
})

export const sealedSlip = answer(contract.sealedSlip, policy.sealedSlip, async ({ db, desk, actor, input }) => {
  const held = (await store.heldConference(db, input.conferenceId)) ?? refuse(contract.sealedSlip, 'notFound')
  const { personId } = input
  await guardPerson(db, actor, { campaignId: held.campaignId, personId })
  // Only our own links go onto our paper.
  if (!input.link.startsWith(`${desk.baseUrl}/vao/`)) refuse(contract.sealedSlip, 'malformed')
  const { rows } = await sql<{ name: string; code: string | null; unit: string; issuing: string }>`
    select p.full_name as name, p.code, coalesce(u.name, n.name, '') as unit, coalesce(g.name, u.name, n.name, '') as issuing
    from person p
      left join roll r on r.campaign_id = ${held.campaignId} and r.person_id = p.id and r.to_at is null
      left join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
      left join campaign_unit g on g.campaign_id = r.campaign_id and g.unit_id = u.grassroots_id
      left join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
      left join unit_now n on n.unit_id = b.unit_id
    where p.id = ${personId}`.execute(db)
  const person = rows[0] ?? refuse(contract.sealedSlip, 'notFound')
  const pdf = await sealedSlipPdf({
    issuing: person.issuing,
    name: person.name,
    unit: person.unit,
    link: input.link,
    qr: input.link,
    validUntil: new Date(input.until),
    howTo: [
      'Mở máy ảnh của điện thoại, đưa vào mã vuông rồi bấm vào đường dẫn hiện ra.',
      'Không có máy ảnh thì gõ đường dẫn vào trình duyệt.',
      'Đường dẫn là của riêng đồng chí. Xin đừng chuyển cho người khác.',
    ],
  })
  return {
    name: `Phiếu vào ${person.code ?? ''}.pdf`.replace(' .', '.'),
    pdfBase64: Buffer.from(pdf).toString('base64'),
  }
})

type Summoned = {
  personId: string
  name: string
  birthYear: number | null
  position: string
  cell: string
  siteCode: string | null
  siteName: string | null
  siteAddress: string | null
  doorCode: string
  sessionIds: string[] | null
  origin: string
}
/** The summoned of a unit and below, cell by cell, each in the order of a Vietnamese list. */
const peopleOfUnit = async (
  db: Db | Tx,
  held: { conferenceId: string; campaignId: string },
  range: { lft: number; rgt: number },
) =>
  (
    await sql<Summoned>`
      select p.id as "personId", p.full_name as name, p.birth_year as "birthYear", p.position, u.name as cell, t.code as "siteCode", t.name as "siteName", t.address as "siteAddress",
        m.door_code as "doorCode", m.session_ids as "sessionIds", m.origin
      from summons m join person p on p.id = m.person_id
        left join roll r on r.campaign_id = ${held.campaignId} and r.person_id = p.id and r.to_at is null
        left join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
        join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = coalesce(r.unit_id, b.unit_id)
        left join site t on t.id = m.site_id
      where m.conference_id = ${held.conferenceId} and m.withdrawn_at is null and u.lft between ${range.lft} and ${range.rgt}
      order by u.lft, p.sort_name, p.code`.execute(db)
  ).rows

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
async function workbook(name: string, sheet: Sheet) {
  const out = new PassThrough()
  const [body] = await Promise.all([buffer(out), writeXlsx(out, { sheets: [sheet] })])
  return { name, type: xlsxType, body }
}
const sessionsOf = async (db: Db | Tx, conferenceId: string) =>
  (
    await sql<{ id: string; code: string; name: string; startsAt: Date; endsAt: Date }>`
      select id, code, name, starts_at as "startsAt", ends_at as "endsAt" from conference_session where conference_id = ${conferenceId} order by starts_at`.execute(
      db,
    )
  ).rows

export const summonsSheet = answer(contract.summonsSheet, policy.summonsSheet, async (call) => {
  const { db, actor, now, input } = call
  const { held, unit, range } = await unitWithNames(call, input)
  const [people, sessions] = await Promise.all([peopleOfUnit(db, held, range), sessionsOf(db, held.conferenceId)])
  await recordLook(db, {
    actor,
    list: 'sites.summonsSheet',
    about: { conferenceId: held.conferenceId, unitId: unit.unitId },
    personIds: people.map(({ personId }) => personId),
    reason: taskReason(actor, unit.path),
    at: now,
  })
  const codes = (ids: string[] | null) =>
    ids === null
      ? 'Tất cả'
      : sessions
          .filter(({ id }) => ids.includes(id))
          .map(({ code }) => code)
          .join(', ')
  return workbook(`Triệu tập ${held.code} ${unit.code}.xlsx`, {
    name: 'Triệu tập',
    columns: [
      { header: 'STT', width: 6 },
      { header: 'Họ và tên', width: 28 },
      { header: 'Năm sinh', width: 10 },
      { header: 'Chức vụ', width: 22 },
      { header: 'Chi bộ', width: 32 },
      { header: 'Mã điểm cầu', width: 14 },
      { header: 'Nơi dự', width: 40 },
      { header: 'Buổi', width: 14 },
    ],
    rows: people.map((person, at) => [
      at + 1,
      person.name,
      person.birthYear,
      person.position,
      person.cell,
      person.siteCode,
      person.siteName ?? 'Thiết bị cá nhân',
      codes(person.sessionIds),
    ]),
  })
})

export const seatingSheet = answer(contract.seatingSheet, policy.seatingSheet, async ({ db, input }) => {
  const held = withRoll(
    (await store.heldConference(db, input.conferenceId)) ?? refuse(contract.seatingSheet, 'notFound'),
  )
  const unit = await unitWithin(db, held, input.unitId ?? held.unitId)
  const { rows } = await sql<{
    code: string
    name: string
    siteCode: string | null
    siteName: string | null
    how: string
    n: number
  }>`
    with scope as (${store.scopeOf({ campaignId: held.campaignId, range: unit })}), placed as (${store.placed(held.conferenceId)})
    select u.code, u.name, t.code as "siteCode", t.name as "siteName", case when l.person_id is null then 'Chưa có chỗ' when l.site_id is null then 'Thiết bị cá nhân' else '' end as how,
      count(*)::int as n
    from scope s join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = s.unit_id
      left join placed l on l.person_id = s.person_id left join site t on t.id = l.site_id
    group by u.lft, 1, 2, 3, 4, 5 order by u.lft, 3 nulls last`.execute(db)
  return workbook(`Xếp chỗ ${held.code} ${unit.code}.xlsx`, {
    name: 'Xếp chỗ',
    columns: [
      { header: 'Mã đơn vị', width: 14 },
      { header: 'Đơn vị', width: 36 },
      { header: 'Mã điểm cầu', width: 14 },
      { header: 'Nơi dự', width: 40 },
      { header: 'Số người', width: 10, numberFormat: '#,##0' },
    ],
    rows: rows.map(({ code, name, siteCode, siteName, how, n }) => [code, name, siteCode, siteName ?? how, n]),
  })
})

// ——— the work

/** Set while this process works on papers: a fresh request need not wait for the next round. */
let wake: (() => void) | undefined
const roundMs = 2_000

/** Makes the files that wait, one after another; several processes may share the work. */
export async function workOnPapers(desk: Desk): Promise<{ stop: () => Promise<void> }> {
  let stopped = false
  let asleep: (() => void) | undefined
  wake = () => asleep?.()
  const done = (async () => {
    while (!stopped) {
      const made = await makeNextPaper(desk).catch(() => false)
      if (!made && !stopped)
        await new Promise<void>((resolve) => {
          asleep = resolve
          setTimeout(resolve, roundMs).unref()
        })
    }
  })()
  return {
    stop: () => {
      stopped = true
      asleep?.()
      wake = undefined
      return done
    },
  }
}

/** Makes one file; false when none waits. A file that fails three times is given up and says so. */
export async function makeNextPaper(desk: Pick<Desk, 'db' | 'dataDir'>, now = new Date()): Promise<boolean> {
  const { db } = desk
  const { rows } = await sql<{
    conferenceId: string
    unitId: string
    askedAt: string
    tries: number
    fileId: string | null
  }>`
    update summons_paper w set state = 'making', began_at = ${now}, tries = w.tries + 1
    where (w.conference_id, w.unit_id) = (
      select conference_id, unit_id from summons_paper
      where state = 'waiting' or (state = 'making' and began_at < ${now}::timestamptz - make_interval(mins => ${abandonedAfterMinutes}))
      order by asked_at, conference_id, unit_id limit 1 for update skip locked)
    returning conference_id as "conferenceId", unit_id as "unitId", asked_at::text as "askedAt", tries, file_id as "fileId"`.execute(
    db,
  )
  const task = rows[0]
  if (!task) return false
  const isStill = sql`conference_id = ${task.conferenceId} and unit_id = ${task.unitId} and state = 'making' and asked_at = ${task.askedAt}::timestamptz`
  try {
    const { bytes, people } = await typesetUnit(db, task, now)
    const stored = await storeFile(folderOf(desk), bytes, { limitBytes: paperLimitBytes })
    // Asked again meanwhile: what was just made is old, and the next round makes it anew.
    const { numAffectedRows } = await sql`
      update summons_paper set state = 'made', file_id = ${stored.fileId}, sha256 = ${stored.sha256}, people = ${people}, made_at = ${now}
      where ${isStill}`.execute(db)
    const unused =
      Number(numAffectedRows ?? 0) === 0 ? stored.fileId : task.fileId !== stored.fileId ? task.fileId : undefined
    if (unused) await removeFile(folderOf(desk), unused)
  } catch (error) {
    await sql`update summons_paper set state = ${task.tries >= mostTries ? 'failed' : 'waiting'} where ${isStill}`.execute(
      db,
    )
    if (task.tries >= mostTries) throw error
  }
  return true
}

async function typesetUnit(db: Db, { conferenceId, unitId }: { conferenceId: string; unitId: string }, now: Date) {
  const held = withRoll((await store.heldConference(db, conferenceId)) ?? refuse(contract.paper, 'notFound'))
  const unit = await unitWithin(db, held, unitId)
  const [people, sessions, issuing, topics] = await Promise.all([
    peopleOfUnit(db, held, paperRange(unit)),
    sessionsOf(db, conferenceId),
    store.campaignUnit(db, held.campaignId, held.unitId),
    sql<{
      title: string
    }>`select t.title from topic t join conference_session s on s.id = t.session_id where s.conference_id = ${conferenceId} order by s.starts_at, t.position`.execute(
      db,
    ),
  ])
  const named = new Map(sessions.map((session) => [session.id, session.name || session.code]))
  const year = Number(new Intl.DateTimeFormat('en', { timeZone: 'Asia/Ho_Chi_Minh', year: 'numeric' }).format(now))
  const bytes = await summonsPdf({
    ruleSet: 'party',
    // Place, day and signature stay open for the office's own hand.
    heading: { issuing: issuing?.name ?? '', place: '............', date: { year } },
    unit: unit.name,
    conference: {
      name: held.name,
      sessions: sessions.map(({ id, startsAt, endsAt }) => ({ name: named.get(id)!, startsAt, endsAt })),
      programme: topics.rows.map(({ title }) => title),
      bring: held.documents ? [held.documents] : [],
      contact: held.contact || (issuing?.name ?? ''),
    },
    people: people.map((person) => ({
      name: person.name,
      cell: person.cell,
      ...(person.birthYear === null ? {} : { birthYear: person.birthYear }),
      ...(person.position ? { position: person.position } : {}),
      ...(person.siteName === null
        ? {}
        : { site: { name: person.siteName, ...(person.siteAddress ? { address: person.siteAddress } : {}) } }),
      ...(person.sessionIds ? { sessions: person.sessionIds.flatMap((id) => named.get(id) ?? []) } : {}),
      doorCode: person.doorCode,
      qr: doorQr(conferenceId, person.doorCode),
    })),
    signature: { position: 'Người ký' },
  })
  return { bytes, people: people.length }
}
