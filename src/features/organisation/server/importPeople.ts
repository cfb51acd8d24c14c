// A file of people. Codes tell who is who; without one, folded name + birth year + unit. Nobody is merged by a guess.
import { sql } from 'kysely'
import type { z } from 'zod'
import { fold, sortName } from '../../../kernel/fold.ts'
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import { byRole, either } from '../../../platform/rights.ts'
import { analyse, type Db, type Tx } from '../../../platform/server/db.ts'
import {
  type CheckContext,
  type Checked,
  type Finding,
  importKind,
  isBad,
} from '../../../platform/server/imports/index.ts'
import { type Column, parseDay, type Row } from '../../../platform/server/spreadsheet/index.ts'
import { isEmail, looksLikeIdentityNumber, nearest, readExemption, tidyPhone } from '../rules.ts'
import { foundingDay, headerRemarks, registerOptions } from './importUnits.ts'
import { registerFor } from './registers.ts'

const columns = [
  { key: 'code', header: 'Mã số', synonyms: ['Mã', 'Mã đảng viên', 'Mã ĐV', 'Mã số đảng viên'], kind: 'code' },
  {
    key: 'name',
    header: 'Họ và tên',
    synonyms: ['Họ tên', 'Tên', 'Họ tên đảng viên', 'Họ và tên đảng viên'],
    required: true,
    filled: true,
  },
  { key: 'birth', header: 'Ngày sinh', synonyms: ['Năm sinh', 'Ngày tháng năm sinh', 'Sinh ngày'], kind: 'date' },
  {
    key: 'unit',
    header: 'Mã đơn vị',
    synonyms: ['Mã chi bộ', 'Đơn vị', 'Chi bộ', 'Mã tổ chức đảng'],
    kind: 'code',
    required: true,
    filled: true,
  },
  { key: 'position', header: 'Chức vụ', synonyms: ['Chức vụ đảng', 'Chức danh'] },
  { key: 'phone', header: 'Điện thoại', synonyms: ['Số điện thoại', 'SĐT', 'ĐT', 'Di động'] },
  { key: 'email', header: 'Email', synonyms: ['Thư điện tử', 'E-mail', 'Địa chỉ email'] },
  {
    key: 'exemption',
    header: 'Miễn sinh hoạt',
    synonyms: ['Miễn', 'Miễn công tác, sinh hoạt', 'Miễn công tác và sinh hoạt'],
  },
] as const satisfies readonly Column[]
type Key = (typeof columns)[number]['key']
const headerOf = Object.fromEntries(columns.map(({ key, header }) => [key, header])) as Record<Key, string>

/** Beyond these nobody reads on. */
const keptRemarks = 2_000

type Options = z.output<typeof registerOptions>
type Person = {
  personId: string
  code: string | null
  name: string
  birthYear: number | null
  position: string
  phone: string | null
  email: string | null
  /** Of the official membership; null when it has ended. */
  unitId: string | null
  membershipId: string | null
  /** Whatever exemption holds today or is open. */
  exemptFrom: string | null
  exemptTo: string | null
}
/** A line as it will be kept; a column the file lacks is undefined and changes nothing. */
type Line = {
  line: number
  code: string
  name: string
  birthYear?: number | undefined
  unitId: string
  position?: string | undefined
  phone?: string | undefined
  email?: string | undefined
  exemption?: { exempt: boolean; from?: string; to?: string } | undefined
}
type Same = { line: Line; person: Person }
export type PeoplePlan = {
  registerId: string
  day: string
  added: { line: Line; personId: string; from: string }[]
  changed: Same[]
  moved: Same[]
  exempted: { personId: string; from: string; to: string | undefined }[]
  /** Exemptions that end on `day`. */
  unexempted: string[]
}

export const peopleFile = importKind({
  kind: 'dang-vien',
  options: registerOptions as z.ZodType<Options>,
  columns,
  needs: either(
    byRole(['administrator', 'dataOfficer'], 'installation', () => undefined),
    byRole(['administrator', 'dataOfficer', 'organiser', 'cellSecretary'], 'unit', (given: Options) => given.withinId),
  ),
  lock: (given: Options) => `register:${given.register ?? ''}`,
  check: checkPeople,
  apply: applyPeople,
})

type Cell = {
  unitId: string
  code: string
  name: string
  children: number
  grassrootsId: string | null
  validFrom: string
  inReach: boolean
}

async function checkPeople(
  context: CheckContext<Options>,
  rows: AsyncIterable<Row<Key>>,
): Promise<Checked<PeoplePlan>> {
  const { db, options: given, now, tell } = context
  const problems: Finding[] = []
  const remarks = headerRemarks(context, problems)
  const found = await registerFor(db, given.register)
  if (!('found' in found)) {
    problems.push(noRegister(found, given))
    for await (const _ of rows) void _
    return { problems, remarks, summary: { added: 0, changed: 0, unchanged: 0, missing: 0 }, plan: emptyPlan }
  }
  const { registerId } = found.found
  const cells = await cellsOf(db, registerId, given.withinId)
  const lines = await readLines(rows, { cells, problems, remarks, today: dayOf(now) })
  const people = await peopleOfRegister(db, registerId)
  const { same, fresh } = await match(lines, people, cells, { problems, remarks, tell })
  const today = given.validFrom ?? dayOf(now)
  const plan = planOf(same, fresh, people, { registerId, day: today, cells, given, now })
  refuseLargeChange(given, plan, people.length, problems)
  const missing = missingFrom(lines, same, people)
  remarks.push(...missing.slice(0, 2_000).map((value): Finding => ({ line: 0, value, word: 'missingFromFile' })))
  const touched = new Set([
    ...[...plan.changed, ...plan.moved].map(({ person }) => person.personId),
    ...plan.exempted.map(({ personId }) => personId),
    ...plan.unexempted,
  ])
  const changed = same.filter(({ person }) => touched.has(person.personId)).length
  return {
    problems,
    remarks,
    summary: { added: fresh.length, changed, unchanged: same.length - changed, missing: missing.length },
    asks: {
      register: { code: found.found.code, name: found.found.name, isNew: false },
      validFrom: today,
      moved: plan.moved.length,
      exempt: lines.filter(({ exemption }) => exemption?.exempt).length,
      exemptionsEnding: plan.unexempted.length,
    },
    plan,
  }
}
const emptyPlan: PeoplePlan = {
  registerId: '',
  day: '',
  added: [],
  changed: [],
  moved: [],
  exempted: [],
  unexempted: [],
}
const noRegister = (found: { because: string; known: string[] }, given: Options): Finding => {
  if (found.because === 'whichRegister') return { line: 0, word: 'chooseRegister', params: { registers: found.known } }
  if (found.because === 'noRegister' || !given.register) return { line: 0, word: 'noRegister' }
  const suggestion = nearest(given.register, found.known)
  return { line: 0, value: given.register, word: 'unknownRegister', ...(suggestion ? { suggestion } : {}) }
}

type Cells = { byCode: Map<string, Cell>; byId: Map<string, Cell>; byName: Map<string, Cell[]> }
async function cellsOf(db: Db | Tx, registerId: string, withinId: string | undefined): Promise<Cells> {
  const { rows } = await sql<Cell>`
    select n.unit_id as "unitId", n.code, n.name, n.children, n.grassroots_id as "grassrootsId",
      (select min(valid_from) from unit_version v where v.unit_id = n.unit_id) as "validFrom",
      (${withinId ?? null}::uuid is null or ${withinId ?? null}::uuid = any(n.path)) as "inReach"
    from unit_now n where n.register_id = ${registerId}`.execute(db)
  const byName = new Map<string, Cell[]>()
  for (const cell of rows) byName.set(fold(cell.name), [...(byName.get(fold(cell.name)) ?? []), cell])
  return {
    byCode: new Map(rows.map((cell) => [cell.code, cell])),
    byId: new Map(rows.map((cell) => [cell.unitId, cell])),
    byName,
  }
}

async function peopleOfRegister(db: Db | Tx, registerId: string): Promise<Person[]> {
  const { rows } = await sql<Person>`
    select p.id as "personId", p.code, p.full_name as name, p.birth_year as "birthYear", p.position, p.phone, p.email,
      m.unit_id as "unitId", m.id as "membershipId", e.valid_from as "exemptFrom", e.valid_to as "exemptTo"
    from person p
      left join membership m on m.person_id = p.id and m.kind = 'official' and m.valid_to is null
      left join (select distinct on (person_id) * from exemption order by person_id, valid_to desc nulls first, valid_from desc) e on e.person_id = p.id
    where p.register_id = ${registerId} and p.erased_at is null`.execute(db)
  return rows
}

type Reading = { cells: Cells; problems: Finding[]; remarks: Finding[]; today: string }

async function readLines(rows: AsyncIterable<Row<Key>>, reading: Reading): Promise<Line[]> {
  const lines: Line[] = []
  const byCode = new Map<string, number>()
  const suggestions = new Map<string, string | undefined>()
  for await (const row of rows) {
    const line = readLine(row, reading, suggestions)
    if (!line) continue
    if (line.code !== '') {
      const firstLine = byCode.get(line.code)
      if (firstLine !== undefined) {
        reading.problems.push({
          line: row.line,
          column: headerOf.code,
          value: line.code,
          word: 'duplicateCode',
          params: { firstLine },
        })
        continue
      }
      byCode.set(line.code, row.line)
    }
    lines.push(line)
  }
  return lines
}

function readLine(row: Row<Key>, reading: Reading, suggestions: Map<string, string | undefined>): Line | undefined {
  const { problems, remarks, today } = reading
  const { cells: has, line } = row
  const wrong = (key: Key, word: Finding['word'], more: Partial<Finding> = {}) =>
    problems.push({ line, column: headerOf[key], value: has[key] ?? '', word, ...more })
  for (const key of ['code', 'name', 'unit', 'position', 'email', 'exemption', 'birth'] as const)
    if (has[key] && looksLikeIdentityNumber(has[key])) wrong(key, 'identityNumber')
  const birthYear = has.birth && !isBad(row, 'birth') ? Number(has.birth.slice(0, 4)) : undefined
  if (birthYear !== undefined && (birthYear < 1880 || birthYear > Number(today.slice(0, 4)) - 14))
    wrong('birth', 'impossibleBirthYear', { params: { year: birthYear } })
  const phone = has.phone ? tidyPhone(has.phone) : has.phone
  if (phone === undefined && has.phone) wrong('phone', 'badPhone')
  else if (phone && remarks.length < keptRemarks && phone !== has.phone!.replace(/[\s.()-]/g, ''))
    remarks.push({ line, column: headerOf.phone, value: has.phone!, word: 'phoneMended', params: { phone } })
  if (has.email && !isEmail(has.email)) wrong('email', 'badEmail')
  const exemption =
    has.exemption === undefined || isBad(row, 'exemption') ? undefined : readExemption(has.exemption, parseDay)
  if (exemption === 'unreadable') wrong('exemption', 'badExemption')
  const cell = cellFor(row, reading, suggestions, wrong)
  if (!cell || !has.name || isBad(row, 'name')) return undefined
  return {
    line,
    code: isBad(row, 'code') ? '' : (has.code ?? ''),
    name: has.name,
    birthYear,
    unitId: cell.unitId,
    position: has.position,
    phone: phone ?? undefined,
    email: has.email?.toLowerCase(),
    exemption: exemption === 'unreadable' ? undefined : exemption,
  }
}
function cellFor(
  row: Row<Key>,
  { cells, remarks }: Reading,
  suggestions: Map<string, string | undefined>,
  wrong: (key: Key, word: Finding['word'], more?: Partial<Finding>) => void,
): Cell | undefined {
  const typed = row.cells.unit ?? ''
  if (typed === '' || isBad(row, 'unit')) return undefined
  const cell = cells.byCode.get(typed)
  if (!cell) {
    // Looking for the nearest of 3,000 codes costs a little; two hundred different typing errors say enough.
    if (!suggestions.has(typed) && suggestions.size < 200) suggestions.set(typed, nearestUnit(typed, cells))
    const suggestion = suggestions.get(typed)
    wrong('unit', 'unknownUnit', suggestion ? { suggestion } : {})
  } else if (!cell.inReach) wrong('unit', 'outsideYours')
  else {
    if (cell.children > 0 && remarks.length < keptRemarks)
      remarks.push({ line: row.line, column: headerOf.unit, value: typed, word: 'needsCell' })
    return cell
  }
  return undefined
}
function nearestUnit(typed: string, { byCode, byName }: Cells): string | undefined {
  const named = byName.get(fold(typed))
  return named?.length === 1 ? named[0]!.code : nearest(typed, byCode.keys())
}

const likeness = (unitId: string, name: string, birthYear: number | null | undefined) =>
  `${unitId} ${birthYear ?? '?'} ${fold(name)}`

/** Who of the file is who of the register. A pair that is only likely is a problem for a person to decide, never a match. */
async function match(
  lines: readonly Line[],
  people: readonly Person[],
  { byId }: Cells,
  { problems, remarks, tell }: { problems: Finding[]; remarks: Finding[]; tell: CheckContext<unknown>['tell'] },
): Promise<{ same: Same[]; fresh: Line[] }> {
  const byCode = new Map<string, Person>()
  for (const person of people) if (person.code) byCode.set(person.code, person)
  const claimed = new Set<string>()
  const same: Same[] = []
  const without: Line[] = []
  for (const line of lines) {
    const person = line.code === '' ? undefined : byCode.get(line.code)
    if (!person) without.push(line)
    else {
      claimed.add(person.personId)
      same.push({ line, person })
    }
  }
  const fresh: Line[] = []
  if (without.length === 0) return { same, fresh }
  const index = people.length === 0 ? undefined : indexOf(people, byId)
  const seen = new Map<string, number>()
  let done = 0
  for (const line of without) {
    if (++done % 2_000 === 0) await tell(lines.length, lines.length)
    const likely = likeness(line.unitId, line.name, line.birthYear)
    if (line.code === '') {
      const firstLine = seen.get(likely)
      if (firstLine !== undefined) {
        problems.push({ line: line.line, value: line.name, word: 'twins', params: { firstLine } })
        continue
      }
      seen.set(likely, line.line)
    }
    if (!index) {
      fresh.push(line)
      continue
    }
    const candidates = (index.byLikeness.get(likely) ?? []).filter(
      (person) => !claimed.has(person.personId) && (line.code === '' || !person.code),
    )
    const loose = index.byCellName.get(`${line.unitId} ${fold(line.name)}`) ?? []
    const unsure = loose.filter(
      (person) =>
        !claimed.has(person.personId) && (!person.birthYear || !line.birthYear) && (line.code === '' || !person.code),
    )
    if (candidates.length === 1 && line.birthYear !== undefined) {
      claimed.add(candidates[0]!.personId)
      same.push({ line, person: candidates[0]! })
    } else if (candidates.length > 1 || unsure.length > 0)
      problems.push({
        line: line.line,
        value: line.name,
        word: 'doubtfulPerson',
        params: { candidates: [...candidates, ...unsure].slice(0, 3).map(nameless) },
      })
    else {
      const elsewhere =
        line.birthYear === undefined ? [] : nearby(index, line, byId).filter((person) => !claimed.has(person.personId))
      if (elsewhere.length > 0 && line.code === '')
        remarks.push({
          line: line.line,
          value: line.name,
          word: 'perhapsTheSame',
          params: { candidates: elsewhere.slice(0, 3).map((person) => byId.get(person.unitId!)?.name ?? '') },
        })
      fresh.push(line)
    }
  }
  return { same, fresh }
}
/** The importer sees her file's lines, not the register: a candidate is told by code or birth year. */
const nameless = (person: Person) => person.code ?? (person.birthYear ? `sinh ${person.birthYear}` : 'không mã số')

type Index = {
  byLikeness: Map<string, Person[]>
  byCellName: Map<string, Person[]>
  byGrassroots: Map<string, Person[]>
}
function indexOf(people: readonly Person[], byId: Cells['byId']): Index {
  const index: Index = { byLikeness: new Map(), byCellName: new Map(), byGrassroots: new Map() }
  const put = (map: Map<string, Person[]>, key: string, person: Person) => {
    const there = map.get(key)
    if (there) there.push(person)
    else map.set(key, [person])
  }
  for (const person of people) {
    if (!person.unitId) continue
    put(index.byLikeness, likeness(person.unitId, person.name, person.birthYear), person)
    put(index.byCellName, `${person.unitId} ${fold(person.name)}`, person)
    put(
      index.byGrassroots,
      likeness(byId.get(person.unitId)?.grassrootsId ?? '', person.name, person.birthYear),
      person,
    )
  }
  return index
}
/** The same name and birth year in another cell of the same grassroots unit: perhaps she moved. */
const nearby = (index: Index, line: Line, byId: Cells['byId']) =>
  (index.byGrassroots.get(likeness(byId.get(line.unitId)?.grassrootsId ?? '', line.name, line.birthYear)) ?? []).filter(
    (person) => person.unitId !== line.unitId,
  )

function planOf(
  same: readonly Same[],
  fresh: readonly Line[],
  people: readonly Person[],
  { registerId, day, cells, given, now }: { registerId: string; day: string; cells: Cells; given: Options; now: Date },
): PeoplePlan {
  const peopled = new Set(people.map(({ unitId }) => unitId))
  const plan: PeoplePlan = { registerId, day, added: [], changed: [], moved: [], exempted: [], unexempted: [] }
  for (const line of fresh) {
    // A cell's first list tells who has been in it since it began; whoever comes later, came that day.
    const from =
      given.validFrom ?? (peopled.has(line.unitId) ? day : (cells.byId.get(line.unitId)?.validFrom ?? foundingDay))
    const personId = newId(now)
    plan.added.push({ line, personId, from })
    if (line.exemption?.exempt)
      plan.exempted.push({ personId, from: line.exemption.from ?? from, to: line.exemption.to })
  }
  for (const pair of same) {
    if (differs(pair)) plan.changed.push(pair)
    if (pair.person.unitId !== pair.line.unitId) plan.moved.push(pair)
    planExemption(pair, plan, day)
  }
  return plan
}
/** A list typed without accents does not take them off a name that has them. */
const keptName = ({ line, person }: Same): string => {
  const marks = (name: string) => name.normalize('NFD').replaceAll(/đ/gi, 'd\u0300').length
  return fold(line.name) === fold(person.name) && marks(line.name) < marks(person.name) ? person.name : line.name
}
const differs = (pair: Same): boolean => {
  const { line, person } = pair
  return (
    (line.code !== '' && line.code !== person.code) ||
    keptName(pair) !== person.name ||
    (line.birthYear !== undefined && line.birthYear !== person.birthYear) ||
    (line.position !== undefined && line.position !== person.position) ||
    (line.phone !== undefined && line.phone !== (person.phone ?? '')) ||
    (line.email !== undefined && line.email !== (person.email ?? ''))
  )
}
function planExemption({ line: { exemption }, person }: Same, plan: PeoplePlan, day: string) {
  if (!exemption) return
  const holds = person.exemptFrom !== null && (person.exemptTo === null || day < person.exemptTo)
  if (!exemption.exempt) {
    if (holds && person.exemptFrom! <= day) plan.unexempted.push(person.personId)
    return
  }
  if (exemption.from === undefined) {
    if (!holds) plan.exempted.push({ personId: person.personId, from: day, to: undefined })
    return
  }
  if (person.exemptFrom === exemption.from && (person.exemptTo ?? undefined) === exemption.to) return
  if (holds) plan.unexempted.push(person.personId)
  plan.exempted.push({ personId: person.personId, from: exemption.from, to: exemption.to })
}

function refuseLargeChange(given: Options, plan: PeoplePlan, total: number, problems: Finding[]) {
  const renamed = plan.changed.filter(({ line, person }) => fold(line.name) !== fold(person.name))
  const changed = new Set([...renamed, ...plan.moved].map(({ person }) => person.personId)).size
  if (!given.confirmLargeChange && total > 0 && changed * 10 > total)
    problems.push({ line: 0, word: 'largeMove', params: { changed, total } })
}

/** People of the cells in the file who are not in it. They stay; the file names no one it does not hold, so codes only. */
function missingFrom(lines: readonly Line[], same: readonly Same[], people: readonly Person[]): string[] {
  const touched = new Set(lines.map(({ unitId }) => unitId))
  const found = new Set(same.map(({ person }) => person.personId))
  return people
    .filter((person) => person.unitId && touched.has(person.unitId) && !found.has(person.personId))
    .map(nameless)
}

const slice = 5_000
async function inSlices<T>(
  rows: readonly T[],
  write: (part: T[]) => Promise<unknown>,
  tell: (done: number) => Promise<void>,
) {
  for (let at = 0; at < rows.length; at += slice) {
    await write(rows.slice(at, at + slice))
    await tell(Math.min(at + slice, rows.length))
  }
}

async function applyPeople(
  tx: Tx,
  plan: PeoplePlan,
  { now, tell }: { now: Date; tell: (done: number, total?: number) => Promise<void> },
): Promise<void> {
  const { added, changed, moved, exempted, unexempted, registerId, day } = plan
  const total = added.length + changed.length + moved.length + exempted.length
  let before = 0
  const write = async <T>(rows: readonly T[], one: (part: T[]) => Promise<unknown>) => {
    await inSlices(rows, one, (done) => tell(before + done, total))
    before += rows.length
  }
  await write(added, async (part) => {
    await sql`insert into person (id, register_id, code, full_name, sort_name, birth_year, position, phone, email, recorded_at)
      select a, ${registerId}, nullif(b, ''), c, d, e, f, nullif(g, ''), nullif(h, ''), ${now} from unnest(
        ${part.map(({ personId }) => personId)}::uuid[], ${part.map(({ line }) => line.code)}::text[], ${part.map(({ line }) => line.name)}::text[],
        ${part.map(({ line }) => sortName(line.name))}::text[], ${part.map(({ line }) => line.birthYear ?? null)}::int[],
        ${part.map(({ line }) => line.position ?? '')}::text[], ${part.map(({ line }) => line.phone ?? '')}::text[], ${part.map(({ line }) => line.email ?? '')}::text[])
        as t (a, b, c, d, e, f, g, h)`.execute(tx)
    await sql`insert into membership (id, person_id, unit_id, kind, valid_from)
      select a, b, c, 'official', d from unnest(${part.map(() => newId(now))}::uuid[], ${part.map(({ personId }) => personId)}::uuid[],
        ${part.map(({ line }) => line.unitId)}::uuid[], ${part.map(({ from }) => from)}::date[]) as t (a, b, c, d)`.execute(
      tx,
    )
  })
  await write(changed, (part) =>
    // What the file has no column for stays as it is.
    sql`update person p set code = coalesce(nullif(t.code, ''), p.code), full_name = t.name, sort_name = t.sort_name, birth_year = coalesce(t.birth_year, p.birth_year),
        position = coalesce(t.position, p.position), phone = case when t.phone is null then p.phone else nullif(t.phone, '') end,
        email = case when t.email is null then p.email else nullif(t.email, '') end
      from unnest(${part.map(({ person }) => person.personId)}::uuid[], ${part.map(({ line }) => line.code)}::text[], ${part.map(keptName)}::text[],
        ${part.map((pair) => sortName(keptName(pair)))}::text[], ${part.map(({ line }) => line.birthYear ?? null)}::int[], ${part.map(({ line }) => line.position ?? null)}::text[],
        ${part.map(({ line }) => line.phone ?? null)}::text[], ${part.map(({ line }) => line.email ?? null)}::text[])
        as t (id, code, name, sort_name, birth_year, position, phone, email) where p.id = t.id`.execute(tx),
  )
  await write(moved, async (part) => {
    const ids = part.map(({ person }) => person.personId)
    await sql`update membership set valid_to = greatest(valid_from, ${day}::date)
      where person_id = any(${ids}::uuid[]) and kind = 'official' and valid_to is null`.execute(tx)
    await sql`insert into membership (id, person_id, unit_id, kind, valid_from)
      select a, b, c, 'official', greatest(${day}::date, (select max(valid_to) from membership m where m.person_id = b and m.kind = 'official'))
      from unnest(${part.map(() => newId(now))}::uuid[], ${ids}::uuid[], ${part.map(({ line }) => line.unitId)}::uuid[]) as t (a, b, c)`.execute(
      tx,
    )
  })
  if (unexempted.length > 0)
    await sql`update exemption set valid_to = greatest(valid_from, ${day}::date)
      where person_id = any(${unexempted}::uuid[]) and (valid_to is null or valid_to > ${day}::date)`.execute(tx)
  await write(exempted, (part) =>
    sql`insert into exemption (id, person_id, valid_from, valid_to) select a, b, c, d from unnest(${part.map(() => newId(now))}::uuid[],
      ${part.map(({ personId }) => personId)}::uuid[], ${part.map(({ from }) => from)}::date[], ${part.map(({ to }) => to ?? null)}::date[]) as t (a, b, c, d)`.execute(
      tx,
    ),
  )
  await analyse(tx, ['person', 'membership'])
}
