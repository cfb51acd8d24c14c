// The make-up roll («hoc-bu»): each line a person at a make-up session. A new code makes the session.
import { sql } from 'kysely'
import { z } from 'zod'
import { newId } from '../../../kernel/id.ts'
import { atVietnam, dayOf, formatDay } from '../../../kernel/time.ts'
import { byRole, either } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import {
  type CheckContext,
  type Checked,
  type Finding,
  importKind,
  isBad,
} from '../../../platform/server/imports/index.ts'
import type { Column, Row } from '../../../platform/server/spreadsheet/index.ts'
import { addCheckpoints, arriveOnPaper, markOf, takeBackPaper } from '../../attendance/server/index.ts'
import { makeSingles, type Single } from '../../conferences/server/index.ts'
import { ledgerOf } from '../../coverage/server/index.ts'
import { bookEach } from '../../sites/server/index.ts'

const options = z.object({
  campaignId: z.uuid(),
  /** Only make-ups of this unit and those below, and their people: for whoever was given a part of the tree. */
  withinId: z.uuid().optional(),
})
type Options = z.output<typeof options>

const columns = [
  {
    key: 'makeup',
    header: 'Mã buổi học bù',
    synonyms: ['Mã buổi', 'Buổi học bù', 'Mã lớp học bù'],
    kind: 'code',
    required: true,
    filled: true,
  },
  {
    key: 'unit',
    header: 'Mã đơn vị',
    synonyms: ['Đơn vị', 'Đơn vị tổ chức', 'Mã tổ chức đảng'],
    kind: 'code',
    required: true,
    filled: true,
  },
  { key: 'day', header: 'Ngày', synonyms: ['Ngày học', 'Ngày học bù'], kind: 'date', required: true, filled: true },
  {
    key: 'person',
    header: 'Mã số',
    synonyms: ['Mã đảng viên', 'Mã', 'Số hiệu'],
    kind: 'code',
    required: true,
    filled: true,
  },
  { key: 'present', header: 'Có mặt', synonyms: ['Dự', 'Điểm danh'], required: true },
] as const satisfies readonly Column[]
type Key = (typeof columns)[number]['key']

/** A make-up the file tells of hours of: the morning, taken down at eight. */
const hours = { opens: '07:00', starts: '07:30', at: '08:00', ends: '11:00' } as const
const sliceRows = 5_000

type Line = { line: number; makeup: string; unit: string; day: string; person: string; present: boolean }
type Mark = { checkpointId: string; personId: string; siteId: string | undefined }
type Plan = {
  singles: (Omit<Single, 'startsAt' | 'endsAt'> & { day: string; checkpointId: string })[]
  bookings: { conferenceId: string; personId: string; siteId: string | undefined }[]
  arrivals: Mark[]
  takenBack: Mark[]
}

/** A kind of import; the secret makes the codes of the bookings. */
export const makeupRoll = (secret: Buffer) =>
  importKind({
    kind: 'hoc-bu',
    options: options as z.ZodType<Options>,
    columns,
    needs: either(
      byRole(['organiser'], 'campaign', (given: Options) => given.campaignId),
      byRole(['organiser'], 'unit', (given: Options) => given.withinId),
    ),
    lock: (given: Options) => `makeups ${given.campaignId}`,
    check: checkRoll,
    async apply(tx, plan, { actor, now, tell }) {
      const by = actor.name
      const singles = plan.singles.map((one) => ({
        ...one,
        startsAt: atVietnam(one.day, hours.starts),
        endsAt: atVietnam(one.day, hours.ends),
      }))
      await makeSingles(tx, singles, { by, now })
      await addCheckpoints(
        tx,
        singles.map(({ checkpointId, conferenceId, sessionId, day }) => ({
          checkpointId,
          conferenceId,
          sessionId,
          code: 'B1-M1',
          name: 'Điểm danh',
          opensAt: atVietnam(day, hours.opens),
          at: atVietnam(day, hours.at),
          closesAt: atVietnam(day, hours.ends),
        })),
      )
      const total = plan.bookings.length + plan.arrivals.length
      await inSlices(plan.bookings, async (slice, done) => {
        await bookEach(
          tx,
          secret,
          slice.map((one) => ({ ...one, by, at: now })),
        )
        await tell(done, total)
      })
      await inSlices(plan.arrivals, async (slice, done) => {
        await arriveOnPaper(tx, slice, { by, now })
        await tell(plan.bookings.length + done, total)
      })
      await takeBackPaper(tx, plan.takenBack, { by, now })
    },
  })
async function inSlices<T>(all: readonly T[], work: (slice: readonly T[], done: number) => Promise<void>) {
  for (let from = 0; from < all.length; from += sliceRows) {
    const slice = all.slice(from, from + sliceRows)
    await work(slice, from + slice.length)
  }
}

async function checkRoll(
  { db, options: given, columns: found, now, tell }: CheckContext<Options>,
  rows: AsyncIterable<Row<Key>>,
): Promise<Checked<Plan>> {
  const problems: Finding[] = []
  const remarks = found.unknown.map((column): Finding => ({ line: 0, column, word: 'setAside' }))
  const summary = { added: 0, changed: 0, unchanged: 0, missing: 0 }
  const plan: Plan = { singles: [], bookings: [], arrivals: [], takenBack: [] }
  const campaign = await campaignOf(db, given)
  if (!campaign) {
    problems.push({ line: 0, word: 'scopeNotFixed' })
    return { problems, remarks, summary, plan }
  }
  const lines = await readLines(rows, problems)
  const known = await knownOf(db, campaign, given, lines)
  await tell(0)
  const sessions = new Map<string, Held>()
  const said = new Map<string, Line>()
  const today = dayOf(now)
  for (const line of lines) {
    const unit = known.units.get(line.unit)
    const person = known.people.get(line.person)
    const before = problems.length
    const wrong = (column: string, value: string, word: Finding['word'], params?: Finding['params']) =>
      problems.push({ line: line.line, column, value, word, ...(params ? { params } : {}) })
    if (!unit) wrong('Mã đơn vị', line.unit, 'unknownUnit')
    else if (!unit.within) wrong('Mã đơn vị', line.unit, 'outsideYours')
    if (!person) wrong('Mã số', line.person, 'unknownPerson')
    else if (!person.within) wrong('Mã số', line.person, 'outsideYours')
    if (campaign.studiedFrom && line.day < campaign.studiedFrom)
      wrong('Ngày', formatDay(line.day), 'makeupBeforeCampaign')
    if (line.present && line.day > today) wrong('Ngày', formatDay(line.day), 'makeupInFuture')
    if (problems.length > before || !unit || !person) continue
    const session = sessions.get(line.makeup) ?? heldFor(line, unit, known, campaign.id, today, plan)
    sessions.set(line.makeup, session)
    if (session.isOther || session.unitId !== unit.unitId || !session.days.includes(line.day)) {
      wrong(
        'Mã buổi học bù',
        line.makeup,
        session.isOther ? 'notAMakeup' : session.firstLine === undefined ? 'makeupKnownElsewhere' : 'makeupElsewhere',
        session.firstLine === undefined ? { unit: session.unitName } : { firstLine: session.firstLine },
      )
      continue
    }
    const key = `${line.makeup} ${line.day} ${line.person}`
    const first = said.get(key)
    if (first) {
      problems.push({
        line: line.line,
        value: line.person,
        word: first.present === line.present ? 'sameAgain' : 'contradicts',
        params: { firstLine: first.line },
      })
      continue
    }
    said.set(key, line)
    const changed = planLine(line, person, session, known, plan, remarks)
    summary[changed]++
  }
  return { problems, remarks, summary, plan }
}

async function readLines(rows: AsyncIterable<Row<Key>>, problems: Finding[]): Promise<Line[]> {
  const lines: Line[] = []
  for await (const row of rows) {
    const { makeup = '', unit = '', day = '', person = '', present: mark = '' } = row.cells
    const present = markOf(mark)
    if (present === undefined) problems.push({ line: row.line, column: 'Có mặt', value: mark, word: 'badMark' })
    const bad = (['makeup', 'unit', 'day', 'person', 'present'] as const).some((key) => isBad(row, key))
    // «2021-01» is a month, not a day.
    if (!bad && day.length !== 10) problems.push({ line: row.line, column: 'Ngày', value: day, word: 'notADate' })
    if (!bad && present !== undefined && day.length === 10)
      lines.push({ line: row.line, makeup, unit, day, person, present })
  }
  return lines
}

type Held = {
  conferenceId: string
  unitId: string
  unitName: string
  days: readonly string[]
  checkpoints: readonly { checkpointId: string; day: string }[]
  /** Its one hall, if it has just one. */
  siteId: string | undefined
  /** The code belongs to a conference that is no make-up. */
  isOther: boolean
  /** Where in the file a new one was first named. */
  firstLine: number | undefined
}
function heldFor(line: Line, unit: Unit, known: Known, campaignId: string, today: string, plan: Plan): Held {
  const there = known.conferences.get(line.makeup)
  if (there) return there
  const conferenceId = newId()
  const checkpointId = newId()
  plan.singles.push({
    conferenceId,
    sessionId: newId(),
    checkpointId,
    campaignId,
    unitId: unit.unitId,
    code: line.makeup,
    name: `Học bù ${formatDay(line.day)}, ${unit.name}`,
    purpose: 'makeup',
    day: line.day,
    state: line.day < today ? 'closed' : 'open',
  })
  return {
    conferenceId,
    unitId: unit.unitId,
    unitName: unit.name,
    days: [line.day],
    checkpoints: [{ checkpointId, day: line.day }],
    siteId: undefined,
    isOther: false,
    firstLine: line.line,
  }
}

function planLine(
  line: Line,
  person: Person,
  session: Held,
  known: Known,
  plan: Plan,
  remarks: Finding[],
): 'added' | 'changed' | 'unchanged' {
  const booking = known.bookings.get(`${session.conferenceId} ${person.personId}`)
  const siteId = booking?.siteId ?? session.siteId
  const points = session.checkpoints.filter(({ day }) => day === line.day)
  const marks = points.map(({ checkpointId }) => ({ checkpointId, personId: person.personId, siteId }))
  const evidenceAt = ({ checkpointId }: Mark) => known.standing.get(`${checkpointId} ${person.personId}`)
  if (!person.inScope) remarks.push({ line: line.line, value: line.person, word: 'notInScope' })
  else if (person.studied) remarks.push({ line: line.line, value: line.person, word: 'alreadyStudied' })
  const books =
    person.inScope && !person.studied && !booking && !known.planned.has(`${session.conferenceId} ${person.personId}`)
  if (books) {
    plan.bookings.push({ conferenceId: session.conferenceId, personId: person.personId, siteId })
    known.planned.add(`${session.conferenceId} ${person.personId}`)
  }
  if (line.present) {
    const missing = marks.filter((mark) => evidenceAt(mark) === undefined)
    plan.arrivals.push(...missing)
    return books ? 'added' : missing.length > 0 ? (booking ? 'changed' : 'added') : 'unchanged'
  }
  const takenBack = marks.filter((mark) => evidenceAt(mark) === 'paper')
  plan.takenBack.push(...takenBack)
  return books ? 'added' : takenBack.length > 0 ? 'changed' : 'unchanged'
}

type Campaign = { id: string; registerId: string; studiedFrom: string | undefined }
async function campaignOf(db: Db | Tx, { campaignId }: Options): Promise<Campaign | undefined> {
  const { rows } = await sql<{ id: string; registerId: string; fixed: boolean; studiedFrom: Date | null }>`
    select c.id, u.register_id as "registerId", c.scope_fixed_at is not null as fixed,
      (select min(s.starts_at) from conference f join conference_session s on s.conference_id = f.id
        where f.campaign_id = c.id and f.purpose = 'study') as "studiedFrom"
    from campaign c join unit u on u.id = c.scope_unit_id where c.id = ${campaignId}`.execute(db)
  const row = rows[0]
  return row?.fixed
    ? { id: row.id, registerId: row.registerId, studiedFrom: row.studiedFrom ? dayOf(row.studiedFrom) : undefined }
    : undefined
}

type Unit = { unitId: string; code: string; name: string; within: boolean }
type Person = { personId: string; code: string; inScope: boolean; studied: boolean; within: boolean }
type Known = Awaited<ReturnType<typeof knownOf>>
/** What the file is held against: only what it names. */
async function knownOf(db: Db | Tx, campaign: Campaign, { withinId }: Options, lines: readonly Line[]) {
  const only = (key: 'makeup' | 'unit' | 'person') => [...new Set(lines.map((line) => line[key]))]
  const within = withinId ? sql`coalesce(${withinId}::uuid = any(u.path), false)` : sql`true`
  const units = await sql<Unit>`
    select u.unit_id as "unitId", u.code, u.name, ${within} as within
    from campaign_unit u join unit n on n.id = u.unit_id
    where u.campaign_id = ${campaign.id} and n.register_id = ${campaign.registerId} and u.code = any(${only('unit')}::text[])`.execute(
    db,
  )
  const people = await sql<Omit<Person, 'studied'>>`
    select p.id as "personId", p.code, coalesce(r.standing = 'inScope', false) as "inScope", ${within} as within
    from person p
      left join roll r on r.campaign_id = ${campaign.id} and r.person_id = p.id and r.to_at is null
      left join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
    where p.register_id = ${campaign.registerId} and p.erased_at is null and p.code = any(${only('person')}::text[])`.execute(
    db,
  )
  const personIds = people.rows.map(({ personId }) => personId)
  const studied = await sql<{ personId: string }>`
    select person_id as "personId" from ${ledgerOf(campaign.id, { personIds })} l
    where state in ('studiedAtSite', 'studiedOnDevice')`.execute(db)
  const conferences = await conferencesOf(db, campaign.id, only('makeup'))
  const ids = [...conferences.values()].map(({ conferenceId }) => conferenceId)
  const bookings = await sql<{ conferenceId: string; personId: string; siteId: string | null }>`
    select conference_id as "conferenceId", person_id as "personId", site_id as "siteId" from summons
    where conference_id = any(${ids}::uuid[]) and withdrawn_at is null`.execute(db)
  const standing = await sql<{ checkpointId: string; personId: string; evidence: string }>`
    select checkpoint_id as "checkpointId", person_id as "personId", evidence from arrival
    where checkpoint_id in (select id from checkpoint where conference_id = any(${ids}::uuid[])) and withdrawn_at is null
    order by corrected_at desc, arrival_id desc`.execute(db)
  const whoStudied = new Set(studied.rows.map(({ personId }) => personId))
  return {
    units: new Map(units.rows.map((unit) => [unit.code, unit])),
    people: new Map(
      people.rows.map((person): [string, Person] => [
        person.code,
        { ...person, studied: whoStudied.has(person.personId) },
      ]),
    ),
    conferences,
    bookings: new Map(
      bookings.rows.map(({ conferenceId, personId, siteId }) => [
        `${conferenceId} ${personId}`,
        { siteId: siteId ?? undefined },
      ]),
    ),
    // Latest first, so that the earliest evidence is what remains.
    standing: new Map(
      standing.rows.map(({ checkpointId, personId, evidence }) => [`${checkpointId} ${personId}`, evidence]),
    ),
    /** Booked by an earlier line of the same file. */
    planned: new Set<string>(),
  }
}
async function conferencesOf(db: Db | Tx, campaignId: string, codes: readonly string[]): Promise<Map<string, Held>> {
  const { rows } = await sql<{
    code: string
    conferenceId: string
    unitId: string
    unitName: string
    isOther: boolean
    starts: Date[]
    checkpoints: { checkpointId: string; at: string }[] | null
    siteIds: string[]
  }>`
    select c.code, c.id as "conferenceId", c.unit_id as "unitId", u.name as "unitName", c.purpose <> 'makeup' as "isOther",
      array(select starts_at from conference_session where conference_id = c.id) as starts,
      (select json_agg(json_build_object('checkpointId', p.id, 'at', p.at)) from checkpoint p where p.conference_id = c.id) as checkpoints,
      array(select site_id from conference_site where conference_id = c.id limit 2) as "siteIds"
    from conference c join campaign_unit u on u.campaign_id = c.campaign_id and u.unit_id = c.unit_id
    where c.campaign_id = ${campaignId} and c.code = any(${codes as string[]}::text[])`.execute(db)
  return new Map(
    rows.map(({ code, starts, checkpoints, siteIds, ...row }) => [
      code,
      {
        ...row,
        days: starts.map(dayOf),
        checkpoints: (checkpoints ?? []).map(({ checkpointId, at }) => ({ checkpointId, day: dayOf(new Date(at)) })),
        siteId: siteIds.length === 1 ? siteIds[0] : undefined,
        firstLine: undefined,
      },
    ]),
  )
}
