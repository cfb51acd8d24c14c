// A file of units: codes, parents, names, levels. Looked at whole before anything is written.
import { sql } from 'kysely'
import { z } from 'zod'
import { fold } from '../../../kernel/fold.ts'
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import { day, text } from '../../../platform/contract.ts'
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
import { type LevelPlan, type LevelShape, type LevelWord, planLevels, type Scheme } from '../levels.ts'
import { findCycle, isForbiddenHeader, looksLikeIdentityNumber, nearest } from '../rules.ts'
import { levelsOf, makeRegister, type Register, registerFor } from './registers.ts'
import { lockTree, rebuildTree } from './tree.ts'

/** What a register's first file says was so since a day before any campaign. */
export const foundingDay = '2000-01-01'
/** A scheme of levels that belongs to one register is called after it. */
const ownScheme = 'so:'

const code = text(60)
  .optional()
  .transform((given) => given || undefined)
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((given) => given === 'true')]).optional()
/** Shared by the files of units and of people. */
export const registerOptions = z.object({
  /** The register whose codes the file speaks; a file of units makes one that is missing. */
  register: code,
  registerName: text(200).optional(),
  /** Only this unit and what is below it may be touched: for whoever was given a part of the tree. */
  withinId: z.uuid().optional(),
  /** From which day what is new or changed holds. */
  validFrom: day().optional(),
  /** More than a tenth of names or parents changes, and that is meant. */
  confirmLargeChange: flag,
})
const options = registerOptions.extend({
  /** The unit that the file's root hangs under, by its code. */
  under: code,
  /** Word → name of a level. */
  levels: z.record(z.string(), text(100)).optional(),
})
type Options = z.output<typeof options>

const columns = [
  {
    key: 'code',
    header: 'Mã đơn vị',
    synonyms: ['Mã', 'Mã ĐV', 'Mã tổ chức', 'Mã tổ chức đảng'],
    kind: 'code',
    required: true,
    filled: true,
  },
  {
    key: 'parent',
    header: 'Mã cấp trên',
    synonyms: ['Mã đơn vị cấp trên', 'Cấp trên', 'Mã cha', 'Mã đơn vị cha'],
    kind: 'code',
    required: true,
  },
  {
    key: 'name',
    header: 'Tên đơn vị',
    synonyms: ['Tên', 'Đơn vị', 'Tên tổ chức', 'Tên tổ chức đảng', 'Tên đảng bộ, chi bộ'],
    required: true,
    filled: true,
  },
  { key: 'word', header: 'Loại', synonyms: ['Cấp', 'Loại đơn vị', 'Loại hình', 'Loại tổ chức'] },
] as const satisfies readonly Column[]
type Key = (typeof columns)[number]['key']

type Existing = {
  unitId: string
  code: string
  name: string
  levelName: string
  levelRank: number
  parentId: string | null
  validFrom: string
  open: boolean
}
type Line = { line: number; code: string; parentCode: string; name: string; word: string }
/** A unit as the file will have it. */
type Placed = Line & { unitId: string; before: Existing | undefined; parentId: string | undefined; depth: number }

export type UnitPlan = {
  register: Register | { make: { code: string; name: string } }
  levels: LevelPlan
  day: string
  /** Units to make, and versions to open; an older open version of the same unit closes on `day`. */
  fresh: Placed[]
  versions: (Placed & { level: LevelShape })[]
}

export const unitFile = importKind({
  kind: 'don-vi',
  options: options as z.ZodType<Options>,
  columns,
  needs: either(
    byRole(['administrator', 'dataOfficer'], 'installation', () => undefined),
    byRole(['administrator', 'dataOfficer'], 'unit', (given: Options) => given.withinId),
  ),
  lock: (given: Options) => `register:${given.register ?? ''}`,
  check: checkUnits,
  apply: applyUnits,
})

async function checkUnits(context: CheckContext<Options>, rows: AsyncIterable<Row<Key>>): Promise<Checked<UnitPlan>> {
  const { db, options: given, now } = context
  const problems: Finding[] = []
  const remarks: Finding[] = headerRemarks(context, problems)
  const lines = await readLines(rows, problems)
  const target = await targetOf(db, given, lines, problems)
  const register = target && 'registerId' in target ? target : undefined
  const existing = register ? await unitsOf(db, register.registerId) : []
  const forest = await parentsNow(db)
  const under = await underOf(db, given, register, problems)
  const placed = place(lines, existing, { under, forest, problems, now })
  await refuseOutside(db, given, placed, forest, problems)
  const { levels, sharedNames } = await levelsFor(db, register, placed, given)
  const leveled = placed.map((unit) => ({ ...unit, level: levelOf(levels, unit) }))
  const first = existing.length === 0
  const changedAt = given.validFrom ?? (first ? foundingDay : dayOf(now))
  const versions = leveled.filter((unit) => !isSame(unit))
  const fresh = placed.filter(({ before }) => !before)
  refuseLargeChange(given, existing, versions, problems)
  remarks.push(...levelRemarks(levels, leveled), ...missingFrom(existing, placed, forest))
  return {
    problems,
    remarks,
    summary: {
      added: fresh.length,
      changed: versions.length - fresh.length,
      unchanged: placed.length - versions.length,
      missing: remarks.filter(({ word }) => word === 'missingFromFile').length,
    },
    asks: {
      register: register
        ? { code: register.code, name: register.name, isNew: false }
        : { ...madeOf(target), isNew: true },
      validFrom: changedAt,
      levels: levels.choices.map(({ word, count, level, by }) => ({ word, count, level: level.name, by })),
      levelNames: [...new Set([...levelNames(levels), ...sharedNames])],
    },
    plan: { register: target ?? { make: { code: '', name: '' } }, levels, day: changedAt, fresh, versions },
  }
}
const madeOf = (target: Register | { make: { code: string; name: string } } | undefined) =>
  target && 'make' in target ? target.make : { code: '', name: '' }

/** Forbidden columns block; columns nobody asked for are told. */
export function headerRemarks(
  { columns: found }: Pick<CheckContext<unknown>, 'columns'>,
  problems: Finding[],
): Finding[] {
  const forbidden = found.unknown.filter(isForbiddenHeader)
  problems.push(...forbidden.map((column): Finding => ({ line: 0, column, word: 'forbiddenColumn' })))
  return found.unknown
    .filter((column) => !forbidden.includes(column))
    .map((column): Finding => ({ line: 0, column, word: 'setAside' }))
}

async function readLines(rows: AsyncIterable<Row<Key>>, problems: Finding[]): Promise<Line[]> {
  const lines = new Map<string, Line>()
  for await (const row of rows) {
    for (const { key, header } of columns) {
      const value = row.cells[key] ?? ''
      if (looksLikeIdentityNumber(value))
        problems.push({ line: row.line, column: header, value, word: 'identityNumber' })
    }
    const { code = '', parent = '', name = '', word = '' } = row.cells
    if (code === '' || isBad(row, 'code')) continue
    const before = lines.get(code)
    if (before)
      problems.push({
        line: row.line,
        column: 'Mã đơn vị',
        value: code,
        word: 'duplicateCode',
        params: { firstLine: before.line },
      })
    else lines.set(code, { line: row.line, code, parentCode: isBad(row, 'parent') ? '' : parent, name, word })
  }
  return [...lines.values()]
}

/** The register named, else the only one, else one to be made and called after the file's root. */
async function targetOf(db: Db | Tx, given: Options, lines: Line[], problems: Finding[]) {
  const found = await registerFor(db, given.register)
  if ('found' in found) return found.found
  if (found.because === 'whichRegister') {
    problems.push({ line: 0, word: 'chooseRegister', params: { registers: found.known } })
    return undefined
  }
  const root = lines.find(({ parentCode }) => parentCode === '') ?? lines[0]
  const made = given.register ?? 'so-1'
  return { make: { code: made, name: given.registerName || root?.name || made } }
}

async function unitsOf(db: Db | Tx, registerId: string): Promise<Existing[]> {
  const { rows } = await sql<Existing>`
    select u.id as "unitId", u.code, v.name, l.name as "levelName", l.rank as "levelRank", v.parent_id as "parentId",
      v.valid_from as "validFrom", v.valid_to is null as open
    from unit u join lateral (select * from unit_version v where v.unit_id = u.id order by v.valid_to desc nulls first, v.valid_from desc limit 1) v on true
      join level l on l.id = v.level_id
    where u.register_id = ${registerId}`.execute(db)
  return rows
}
type Forest = Map<string, { parentId: string | undefined; code: string }>
async function parentsNow(db: Db | Tx): Promise<Forest> {
  const rows = await db.selectFrom('unit_now').select(['unit_id', 'parent_id', 'code']).execute()
  return new Map(rows.map((row) => [row.unit_id, { parentId: row.parent_id ?? undefined, code: row.code }]))
}
async function underOf(db: Db | Tx, given: Options, register: Register | undefined, problems: Finding[]) {
  if (!given.under) return undefined
  const rows = await db
    .selectFrom('unit_now')
    .innerJoin('register', 'register.id', 'unit_now.register_id')
    .select(['unit_id', 'unit_now.code', 'register.code as registerCode', 'register_id'])
    .where('unit_now.code', '=', given.under)
    .execute()
  const own = rows.find((row) => row.register_id === register?.registerId)
  if (own) return own.unit_id
  if (rows.length === 1) return rows[0]!.unit_id
  problems.push(
    rows.length === 0
      ? { line: 0, value: given.under, word: 'unknownUnit' }
      : {
          line: 0,
          value: given.under,
          word: 'ambiguousCode',
          params: { registers: rows.map((row) => row.registerCode) },
        },
  )
  return undefined
}

/** Finds every line's unit and parent, and says what stands in the way of a tree. */
function place(
  lines: readonly Line[],
  existing: readonly Existing[],
  { under, forest, problems, now }: { under: string | undefined; forest: Forest; problems: Finding[]; now: Date },
): Placed[] {
  const byCode = new Map(existing.map((unit) => [unit.code, unit]))
  const ids = new Map<string, string>(existing.filter(({ open }) => open).map((unit) => [unit.code, unit.unitId]))
  for (const { code } of lines) ids.set(code, byCode.get(code)?.unitId ?? newId(now))
  const underCode = under && forest.get(under)?.code
  const rootOfRegister = existing.find(({ open, parentId }) => open && parentId === null)
  let root: string | undefined = rootOfRegister?.code
  const placed = lines.map((line): Placed => {
    const before = byCode.get(line.code)
    const at = { ...line, unitId: ids.get(line.code)!, before, depth: 0 }
    if (line.parentCode === '') {
      const parentId = under ?? (before?.open ? (before.parentId ?? undefined) : undefined)
      if (parentId === undefined) {
        if (root !== undefined && root !== line.code)
          problems.push({ line: line.line, value: line.code, word: 'secondRoot' })
        root ??= line.code
      }
      return { ...at, parentId: parentId === at.unitId ? undefined : parentId }
    }
    const parentId = ids.get(line.parentCode) ?? (line.parentCode === underCode ? under : undefined)
    if (parentId === undefined) {
      const suggestion = nearest(line.parentCode, ids.keys())
      problems.push({
        line: line.line,
        column: 'Mã cấp trên',
        value: line.parentCode,
        word: 'unknownParent',
        ...(suggestion ? { suggestion } : {}),
      })
    }
    return { ...at, parentId }
  })
  return withDepth(placed, forest, problems)
}

/** Refuses circles with their chain, and measures how deep each unit will stand below the register's top. */
function withDepth(placed: Placed[], forest: Forest, problems: Finding[]): Placed[] {
  const parentOf = new Map<string, string | undefined>([...forest].map(([unitId, { parentId }]) => [unitId, parentId]))
  for (const { unitId, parentId } of placed) parentOf.set(unitId, parentId)
  const byId = new Map(placed.map((unit) => [unit.unitId, unit]))
  for (let told = 0; told < 20; told++) {
    const chain = findCycle(parentOf)
    if (!chain) break
    const codes = [...chain, chain[0]!].map((unitId) => byId.get(unitId)?.code ?? forest.get(unitId)?.code ?? '?')
    const guilty = chain.map((unitId) => byId.get(unitId)).find((unit) => unit !== undefined)
    problems.push({
      line: guilty?.line ?? 0,
      value: codes[0]!,
      word: 'ownAncestor',
      params: { path: codes.join(' → ') },
    })
    for (const unitId of chain) parentOf.set(unitId, undefined)
  }
  const depths = new Map<string, number>()
  const depthOf = (unitId: string): number => {
    const known = depths.get(unitId)
    if (known !== undefined) return known
    const parentId = parentOf.get(unitId)
    // Another register's unit above does not count: depth is measured inside the file and its register.
    const depth = parentId !== undefined && (byId.has(parentId) || !byId.has(unitId)) ? depthOf(parentId) + 1 : 0
    depths.set(unitId, depth)
    return depth
  }
  return placed.map((unit) => ({ ...unit, depth: depthOf(unit.unitId) }))
}

async function refuseOutside(
  db: Db | Tx,
  given: Options,
  placed: readonly Placed[],
  forest: Forest,
  problems: Finding[],
) {
  if (!given.withinId) return
  const within = new Set(
    (
      await sql<{ unit_id: string }>`select unit_id from unit_now where ${given.withinId}::uuid = any(path)`.execute(db)
    ).rows.map((row) => row.unit_id),
  )
  for (const { unitId } of placed) if (!forest.has(unitId)) within.add(unitId)
  for (const unit of placed) {
    const known = forest.has(unit.unitId)
    const outside = (known && !within.has(unit.unitId)) || unit.parentId === undefined || !within.has(unit.parentId)
    // The top itself may stand in the file as it is.
    if (outside && !(unit.unitId === given.withinId && unit.parentId === forest.get(unit.unitId)?.parentId))
      problems.push({ line: unit.line, value: unit.code, word: 'outsideYours' })
  }
}

async function levelsFor(
  db: Db | Tx,
  register: Register | undefined,
  placed: readonly Placed[],
  given: Options,
): Promise<{ levels: LevelPlan; sharedNames: string[] }> {
  const schemes = await db.selectFrom('level_scheme').selectAll().orderBy('valid_from', 'desc').execute()
  const all: Scheme[] = []
  for (const scheme of schemes)
    all.push({
      schemeId: scheme.id,
      code: scheme.code,
      shared: !scheme.code.startsWith(ownScheme),
      levels: await levelsOf(db, scheme.id),
    })
  const remembered = register
    ? await sql<{ word: string } & LevelShape>`
        select w.word, l.id as "levelId", l.rank, l.name, l.keeps_names as "keepsNames"
        from level_word w join level l on l.id = w.level_id where w.register_id = ${register.registerId}`.execute(db)
    : { rows: [] }
  const shared = all.filter((scheme) => scheme.shared)
  const levels = planLevels(wordsOf(placed), {
    register: all.find(({ schemeId }) => schemeId === register?.schemeId),
    shared,
    remembered: new Map(remembered.rows.map((row) => [row.word, row])),
    chosen: new Map(Object.entries(given.levels ?? {}).map(([word, level]) => [fold(word), level])),
  })
  return { levels, sharedNames: shared.flatMap((scheme) => scheme.levels.map(({ name }) => name)) }
}
function wordsOf(placed: readonly Placed[]): LevelWord[] {
  const parents = new Set(placed.map(({ parentId }) => parentId))
  const keyOf = wordKey
  const byId = new Map(placed.map((unit) => [unit.unitId, unit]))
  const words = new Map<
    string,
    { word: string; count: number; depths: Map<number, number>; below: number; leaves: number }
  >()
  for (const unit of placed) {
    const one = words.get(keyOf(unit)) ?? { word: unit.word, count: 0, depths: new Map(), below: 0, leaves: 0 }
    one.count++
    one.depths.set(unit.depth, (one.depths.get(unit.depth) ?? 0) + 1)
    words.set(keyOf(unit), one)
  }
  for (const unit of placed) {
    const parent = unit.parentId !== undefined ? byId.get(unit.parentId) : undefined
    const above = parent && words.get(keyOf(parent))
    if (!above) continue
    above.below++
    if (!parents.has(unit.unitId)) above.leaves++
  }
  return [...words.values()].map(({ word, count, depths, below, leaves }) => ({
    word,
    count,
    depth: [...depths].sort((one, other) => other[1] - one[1] || one[0] - other[0])[0]![0],
    aboveLeaves: leaves * 2 > below,
  }))
}
/** Units without a word go by their depth, each depth apart. */
const wordKey = ({ word, depth }: { word: string; depth: number }) => (word === '' ? `\u0000${depth}` : fold(word))
function levelOf(levels: LevelPlan, unit: Placed): LevelShape {
  return levels.choices.find((choice) => wordKey(choice) === wordKey(unit))!.level
}
const levelNames = ({ choices, scheme }: LevelPlan) => [
  ...new Set([...('own' in scheme ? scheme.levels : []), ...choices.map(({ level }) => level)].map(({ name }) => name)),
]

const isSame = ({ before, name, parentId, word, level }: Placed & { level: LevelShape }): boolean =>
  before?.open === true &&
  before.name === name &&
  (before.parentId ?? undefined) === parentId &&
  // Without a word the file says nothing of the level.
  (word === '' || (fold(before.levelName) === fold(level.name) && before.levelRank === level.rank))

function refuseLargeChange(
  given: Options,
  existing: readonly Existing[],
  versions: readonly Placed[],
  problems: Finding[],
) {
  const total = existing.filter(({ open }) => open).length
  const changed = versions.filter(
    ({ before, name, parentId }) => before && (before.name !== name || (before.parentId ?? undefined) !== parentId),
  ).length
  if (!given.confirmLargeChange && total > 0 && changed * 10 > total)
    problems.push({ line: 0, word: 'largeChange', params: { changed, total } })
}

function levelRemarks({ choices }: LevelPlan, units: readonly (Placed & { level: LevelShape })[]): Finding[] {
  const fresh = choices
    .filter(({ by, word }) => by === 'new' && word !== '')
    .map(
      ({ word, level }): Finding => ({
        line: units.find((unit) => fold(unit.word) === fold(word))?.line ?? 0,
        column: 'Loại',
        value: word,
        word: 'newLevel',
        params: { level: level.name, rank: level.rank },
      }),
    )
  const byId = new Map(units.map((unit) => [unit.unitId, unit]))
  const upside = units.flatMap((unit): Finding[] => {
    const parent = unit.parentId !== undefined ? byId.get(unit.parentId) : undefined
    return parent && parent.level.rank >= unit.level.rank
      ? [
          {
            line: unit.line,
            column: 'Loại',
            value: unit.code,
            word: 'levelNotBelow',
            params: { level: unit.level.name, parentLevel: parent.level.name },
          },
        ]
      : []
  })
  return [...fresh, ...upside]
}

/** Units in the register, below the tops of the file, that the file does not name. They stay as they are. */
function missingFrom(existing: readonly Existing[], placed: readonly Placed[], forest: Forest): Finding[] {
  const named = new Set(placed.map(({ unitId }) => unitId))
  const underFile = (unitId: string | undefined): boolean => {
    for (let at = unitId; at !== undefined; at = forest.get(at)?.parentId) if (named.has(at)) return true
    return false
  }
  return existing
    .filter((unit) => unit.open && !named.has(unit.unitId) && underFile(unit.unitId))
    .map((unit): Finding => ({ line: 0, value: unit.code, word: 'missingFromFile' }))
}

async function applyUnits(
  tx: Tx,
  plan: UnitPlan,
  { actor, now, tell }: { actor: { name: string }; now: Date; tell: (done: number, total?: number) => Promise<void> },
): Promise<void> {
  await lockTree(tx)
  const register = 'make' in plan.register ? await makeRegister(tx, now, plan.register.make) : plan.register
  const levelIds = await keepLevels(tx, register, plan.levels, now)
  const { fresh, versions } = plan
  await sql`insert into unit (id, register_id, code, created_at)
    select id, ${register.registerId}, code, ${now} from unnest(${fresh.map((unit) => unit.unitId)}::uuid[], ${fresh.map((unit) => unit.code)}::text[]) as t (id, code)`.execute(
    tx,
  )
  await tell(fresh.length, fresh.length + versions.length)
  const touched = versions.map((unit) => unit.unitId)
  // A version never ends before it began: a change dated earlier takes hold from the day the older one began.
  await sql`update unit_version set valid_to = greatest(valid_from, ${plan.day}::date)
    where unit_id = any(${touched}::uuid[]) and valid_to is null`.execute(tx)
  await sql`insert into unit_version (id, unit_id, name, level_id, parent_id, valid_from, recorded_at, recorded_by)
    select t.id, t.unit_id, t.name, t.level_id, t.parent_id,
      greatest(${plan.day}::date, coalesce((select max(valid_to) from unit_version v where v.unit_id = t.unit_id), ${plan.day}::date)), ${now}, ${actor.name}
    from unnest(${versions.map(() => newId(now))}::uuid[], ${touched}::uuid[], ${versions.map((unit) => unit.name)}::text[],
      ${versions.map((unit) => levelIds.get(unit.level)!)}::uuid[], ${versions.map((unit) => unit.parentId ?? null)}::uuid[]) as t (id, unit_id, name, level_id, parent_id)`.execute(
    tx,
  )
  if (versions.length > 0) await rebuildTree(tx)
  await tell(fresh.length + versions.length, fresh.length + versions.length)
}

/** Makes the scheme and levels the plan needs, remembers the words, and answers each level's id. */
async function keepLevels(tx: Tx, register: Register, plan: LevelPlan, now: Date): Promise<Map<LevelShape, string>> {
  const ids = new Map<LevelShape, string>()
  const insert = async (schemeId: string, levels: readonly LevelShape[]) => {
    for (const level of levels) {
      const id = newId(now)
      await tx
        .insertInto('level')
        .values({ id, scheme_id: schemeId, rank: level.rank, name: level.name, keeps_names: level.keepsNames })
        .execute()
      ids.set(level, id)
    }
  }
  let schemeId: string
  if ('own' in plan.scheme) {
    schemeId = newId(now)
    await tx
      .insertInto('level_scheme')
      .values({
        id: schemeId,
        code: `${ownScheme}${register.code}`,
        name: register.name,
        valid_from: foundingDay,
        valid_to: null,
      })
      .execute()
    await insert(schemeId, plan.scheme.levels)
  } else {
    schemeId = plan.scheme.schemeId
    await insert(schemeId, plan.added)
  }
  for (const { level } of plan.choices) if (!ids.has(level)) ids.set(level, level.levelId!)
  await sql`update register set scheme_id = ${schemeId} where id = ${register.registerId} and scheme_id is distinct from ${schemeId}`.execute(
    tx,
  )
  const spoken = plan.choices.filter(({ word }) => word !== '')
  await sql`insert into level_word (register_id, word, level_id)
    select ${register.registerId}, word, level_id from unnest(${spoken.map(({ word }) => fold(word))}::text[], ${spoken.map(({ level }) => ids.get(level)!)}::uuid[]) as t (word, level_id)
    on conflict (register_id, word) do update set level_id = excluded.level_id where level_word.level_id <> excluded.level_id`.execute(
    tx,
  )
  return ids
}
