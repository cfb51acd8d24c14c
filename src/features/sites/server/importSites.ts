// A file of sites («diem-cau»): code, unit, parent site, name, seats. Looked at whole before anything is written.
import { sql } from 'kysely'
import { z } from 'zod'
import { fold } from '../../../kernel/fold.ts'
import { newId } from '../../../kernel/id.ts'
import { type Actor, byRole, either, holds } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import {
  type CheckContext,
  type Checked,
  type Finding,
  importKind,
  isBad,
} from '../../../platform/server/imports/index.ts'
import type { Column, Row } from '../../../platform/server/spreadsheet/index.ts'
import { registerFor } from '../../organisation/server/index.ts'
import type { SiteKind } from '../contract.ts'
import { heldConference } from './store.ts'
import './tables.ts'

const options = z.object({
  /** The register whose codes the file speaks; without it the only one there is. */
  register: z.string().max(60).optional(),
  /** Only sites of this unit and below: for whoever was given a part of the tree. */
  withinId: z.uuid().optional(),
  /** Also makes them sites of this conference. */
  conferenceId: z.uuid().optional(),
})
type Options = z.output<typeof options>

const columns = [
  {
    key: 'code',
    header: 'Mã điểm cầu',
    synonyms: ['Mã', 'Mã đầu cầu', 'Mã ĐC'],
    kind: 'code',
    required: true,
    filled: true,
  },
  {
    key: 'unit',
    header: 'Mã đơn vị',
    synonyms: ['Mã ĐV', 'Mã tổ chức đảng'],
    kind: 'code',
    required: true,
    filled: true,
  },
  { key: 'parent', header: 'Điểm cầu cấp trên', synonyms: ['Mã điểm cầu cấp trên', 'Cấp trên'], kind: 'code' },
  { key: 'name', header: 'Tên điểm cầu', synonyms: ['Điểm cầu', 'Tên', 'Tên đầu cầu'], required: true, filled: true },
  {
    key: 'seats',
    header: 'Sức chứa',
    synonyms: ['Số chỗ', 'Số chỗ ngồi', 'Chỗ ngồi'],
    kind: 'integer',
    required: true,
    filled: true,
  },
  { key: 'kind', header: 'Loại', synonyms: ['Loại điểm cầu'] },
  { key: 'address', header: 'Địa chỉ', synonyms: ['Địa điểm'] },
  { key: 'contact', header: 'Người phụ trách', synonyms: ['Đầu mối', 'Liên hệ'] },
  { key: 'phone', header: 'Điện thoại', synonyms: ['Số điện thoại', 'ĐT'], kind: 'code' },
] as const satisfies readonly Column[]
type Key = (typeof columns)[number]['key']

type Site = {
  siteId: string
  code: string
  unitId: string
  parentId: string | undefined
  name: string
  kind: SiteKind
  seats: number
  address: string
  contactName: string
  contactPhone: string
}
type Plan = { registerId: string; conferenceId: string | undefined; fresh: Site[]; changed: Site[]; inFile: string[] }

export const siteFile = importKind({
  kind: 'diem-cau',
  options: options as z.ZodType<Options>,
  columns,
  needs: either(
    byRole(['administrator'], 'installation', () => undefined),
    byRole(['organiser', 'administrator'], 'unit', (given: Options) => given.withinId),
    byRole(['organiser'], 'conference', (given: Options) => given.conferenceId),
  ),
  lock: (given: Options) => `sites:${given.register ?? ''}`,
  check: checkSites,
  apply: applySites,
})

async function checkSites(
  { db, actor, options: given, columns: found }: CheckContext<Options>,
  rows: AsyncIterable<Row<Key>>,
): Promise<Checked<Plan>> {
  const problems: Finding[] = []
  const remarks = found.unknown.map((column): Finding => ({ line: 0, column, word: 'setAside' }))
  const registers = await registerFor(db, given.register)
  const registerId = 'found' in registers ? registers.found.registerId : undefined
  if (!('found' in registers))
    problems.push(
      registers.because === 'whichRegister'
        ? { line: 0, word: 'chooseRegister', params: { registers: registers.known } }
        : { line: 0, word: 'unknownRegister', value: given.register ?? '' },
    )
  if (given.conferenceId && !(await mayPlan(db, actor, given.conferenceId)))
    problems.push({ line: 0, value: given.conferenceId, word: 'outsideYours' })
  const known = await knownOf(db, registerId, await bounds(db, given))
  const lines: { row: Row<Key>; site: Site; before: Site | undefined }[] = []
  const firstLine = new Map<string, number>()
  for await (const row of rows) {
    const { code = '', unit: unitCode = '', name = '' } = row.cells
    if (code === '' || isBad(row, 'code')) continue
    const again = firstLine.get(code)
    if (again !== undefined) {
      problems.push({
        line: row.line,
        column: 'Mã điểm cầu',
        value: code,
        word: 'duplicateCode',
        params: { firstLine: again },
      })
      continue
    }
    firstLine.set(code, row.line)
    const unit = known.units.get(unitCode)
    if (!unit && unitCode !== '' && registerId)
      problems.push({ line: row.line, column: 'Mã đơn vị', value: unitCode, word: 'unknownUnit' })
    if (unit && !unit.within)
      problems.push({ line: row.line, column: 'Mã đơn vị', value: unitCode, word: 'outsideYours' })
    const seats = Number(row.cells.seats)
    if (!isBad(row, 'seats') && !(seats >= 1 && seats <= 100_000))
      problems.push({ line: row.line, column: 'Sức chứa', value: row.cells.seats ?? '', word: 'badSeats' })
    const before = known.sites.get(code)
    lines.push({ row, before, site: siteOf(row, before, { code, name, seats, unitId: unit?.unitId ?? '' }) })
  }
  const byCode = new Map(
    [...known.sites.values(), ...lines.map(({ site }) => site)].map((site) => [site.code, site.siteId]),
  )
  for (const { row, site } of lines) {
    const parent = row.cells.parent
    if (parent === undefined || isBad(row, 'parent')) continue
    site.parentId = parent === '' ? undefined : byCode.get(parent)
    if (parent !== '' && site.parentId === undefined)
      problems.push({ line: row.line, column: 'Điểm cầu cấp trên', value: parent, word: 'unknownParentSite' })
  }
  problems.push(...circles(lines, known.sites))
  const fresh = lines.filter(({ before }) => !before).map(({ site }) => site)
  const changed = lines.filter(({ before, site }) => before && !isSame(before, site)).map(({ site }) => site)
  const missing = [...known.sites.values()].filter(({ code, within }) => within && !firstLine.has(code))
  for (const { code } of missing) remarks.push({ line: 0, value: code, word: 'missingFromFile' })
  return {
    problems,
    remarks,
    summary: {
      added: fresh.length,
      changed: changed.length,
      unchanged: lines.length - fresh.length - changed.length,
      missing: missing.length,
    },
    plan: {
      registerId: registerId ?? '',
      conferenceId: given.conferenceId,
      fresh,
      changed,
      inFile: lines.map(({ site }) => site.siteId),
    },
  }
}
/** A column the file lacks changes nothing. */
function siteOf(row: Row<Key>, before: Site | undefined, read: Pick<Site, 'code' | 'name' | 'seats' | 'unitId'>): Site {
  const { kind, address, contact, phone } = row.cells
  return {
    ...read,
    siteId: before?.siteId ?? newId(),
    parentId: before?.parentId,
    kind:
      kind === undefined
        ? (before?.kind ?? 'hall')
        : /truyen hinh|viewing|tivi|\btv\b|xem/.test(fold(kind))
          ? 'viewing'
          : 'hall',
    address: address ?? before?.address ?? '',
    contactName: contact ?? before?.contactName ?? '',
    contactPhone: phone ?? before?.contactPhone ?? '',
  }
}
const isSame = (one: Site, other: Site) =>
  (['unitId', 'parentId', 'name', 'kind', 'seats', 'address', 'contactName', 'contactPhone'] as const).every(
    (field) => one[field] === other[field],
  )

function circles(lines: readonly { row: Row<Key>; site: Site }[], known: ReadonlyMap<string, Site>): Finding[] {
  const all = new Map([...known.values(), ...lines.map(({ site }) => site)].map((site) => [site.siteId, site]))
  const told = new Set<string>()
  return lines.flatMap(({ row, site }): Finding[] => {
    const way: Site[] = []
    for (let at: Site | undefined = site; at; at = at.parentId ? all.get(at.parentId) : undefined) {
      if (told.has(at.siteId)) return []
      if (way.includes(at)) {
        for (const one of way) told.add(one.siteId)
        const path = [...way.slice(way.indexOf(at)), at].map(({ code }) => code).join(' → ')
        return [{ line: row.line, value: site.code, word: 'siteOwnAncestor', params: { path } }]
      }
      way.push(at)
    }
    return []
  })
}

/** Bringing sites of one's own unit is one right, making them part of a conference another. */
async function mayPlan(db: Db | Tx, actor: Actor, conferenceId: string) {
  const held = await heldConference(db, conferenceId)
  return (
    held !== undefined &&
    holds(actor, ['organiser'], { unitPath: held.unitPath, campaignId: held.campaignId, conferenceId })
  )
}
/** The unit the file must stay within: the one that was given, else the conference's. */
async function bounds(db: Db | Tx, given: Options): Promise<string | undefined> {
  if (given.withinId || !given.conferenceId) return given.withinId
  const { rows } = await sql<{
    unit_id: string
  }>`select unit_id from conference where id = ${given.conferenceId}`.execute(db)
  return rows[0]?.unit_id
}
async function knownOf(db: Db | Tx, registerId: string | undefined, withinId: string | undefined) {
  const within = withinId === undefined ? sql`true` : sql`${withinId}::uuid = any(u.path)`
  const units = await sql<{ unitId: string; code: string; within: boolean }>`
    select u.unit_id as "unitId", u.code, ${within} as within from unit_now u where u.register_id = ${registerId ?? null}::uuid`.execute(
    db,
  )
  const sites = await sql<Omit<Site, 'parentId'> & { parentId: string | null; within: boolean }>`
    select s.id as "siteId", s.code, s.unit_id as "unitId", s.parent_id as "parentId", s.name, s.kind, s.seats, s.address, s.contact_name as "contactName",
      s.contact_phone as "contactPhone", coalesce(${within}, false) and s.closed_on is null as within
    from site s left join unit_now u on u.unit_id = s.unit_id where s.register_id = ${registerId ?? null}::uuid`.execute(
    db,
  )
  return {
    units: new Map(units.rows.map((unit) => [unit.code, unit])),
    sites: new Map(sites.rows.map((site) => [site.code, { ...site, parentId: site.parentId ?? undefined }])),
  }
}

async function applySites(tx: Tx, { registerId, conferenceId, fresh, changed, inFile }: Plan, { now }: { now: Date }) {
  // Parents may stand later in the file: the link is laid once every site is there.
  await sql`insert into site (id, register_id, code, unit_id, name, kind, seats, address, contact_name, contact_phone, recorded_at)
      select id, ${registerId}::uuid, code, unit_id, name, kind, seats, address, contact_name, contact_phone, ${now}::timestamptz
      from ${given(fresh)}`.execute(tx)
  await sql`update site s set unit_id = g.unit_id, name = g.name, kind = g.kind, seats = g.seats, address = g.address, contact_name = g.contact_name,
        contact_phone = g.contact_phone, parent_id = g.parent_id
      from ${given([...fresh, ...changed])} where s.id = g.id`.execute(tx)
  await sql`update conference_site k set seats = g.seats from ${given(changed)}
      where k.site_id = g.id and exists (select from conference c where c.id = k.conference_id and c.state in ('draft', 'approved'))
        and g.seats >= (select count(*) from summons m where m.conference_id = k.conference_id and m.site_id = k.site_id and m.withdrawn_at is null)`.execute(
    tx,
  )
  if (conferenceId)
    await sql`
      insert into conference_site (conference_id, site_id, seats, parent_site_id)
      select ${conferenceId}, s.id, s.seats, s.parent_id from site s where s.id = any(${inFile}::uuid[]) on conflict do nothing`.execute(
      tx,
    )
}
const given = (sites: readonly Site[]) => sql`
  unnest(${sites.map((site) => site.siteId)}::uuid[], ${sites.map((site) => site.code)}::text[], ${sites.map((site) => site.unitId)}::uuid[],
    ${sites.map((site) => site.parentId ?? null)}::uuid[], ${sites.map((site) => site.name)}::text[], ${sites.map((site) => site.kind)}::text[],
    ${sites.map((site) => site.seats)}::int[], ${sites.map((site) => site.address)}::text[], ${sites.map((site) => site.contactName)}::text[],
    ${sites.map((site) => site.contactPhone)}::text[]) as g (id, code, unit_id, parent_id, name, kind, seats, address, contact_name, contact_phone)`
