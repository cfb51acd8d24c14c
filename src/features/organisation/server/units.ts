// The tree as screens ask for it, and its dated changes.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import { type Actor, abilitiesAt, holds, type Role, roles, seesNames } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { levelsOf, makeRegister, registerFor } from './registers.ts'
import * as store from './store.ts'
import { lockTree, placeOfUnit, rebuildTree } from './tree.ts'

/** Whoever works with the tree at all; a member reads about herself only. */
export const isStaff = (actor: Actor): boolean => actor.kind !== 'member' || actor.grants.length > 0

/** Totals go up one's own line of command: a unit one has no role over shows none. */
const rowFor = (actor: Actor, { path, members, exempt, ...row }: store.CountedUnit): contract.UnitRow =>
  holds(actor, roles, { unitPath: path }) ? { ...row, members, exempt } : row

const tops = answer(contract.tops, policy.tops, async ({ db, actor, now }) => {
  const today = dayOf(now)
  const everywhere = holds(actor, roles, undefined)
  const granted = actor.grants.flatMap((grant) => (grant.kind === 'unit' && grant.scopeId ? [grant.scopeId] : []))
  const found =
    everywhere || granted.length === 0
      ? isStaff(actor)
        ? await store.roots(db, today)
        : []
      : await store.unitsById(db, granted, today)
  // A unit below another of one's own is reached by opening that one.
  const units = found.filter(
    (unit) => !found.some((other) => other.unitId !== unit.unitId && unit.path.includes(other.unitId)),
  )
  return {
    units: units.map((unit) => rowFor(actor, unit)),
    registers: await db.selectFrom('register').select(['code', 'name']).orderBy('code').execute(),
    abilities: [
      ...abilitiesAt(actor, policy, { unitPath: [] }),
      ...(holds(actor, keepers, undefined) ? ['importEverywhere'] : []),
    ],
  }
})

const children = answer(contract.children, policy.children, async ({ db, actor, now, input }) => {
  if (!isStaff(actor)) refuse(contract.children, 'staffOnly')
  const rows = await store.childrenOf(db, input.unitId, input, dayOf(now))
  return {
    rows: rows.map((row) => rowFor(actor, row)),
    total: await store.childCount(db, input.unitId),
    page: input.page,
    size: input.size,
  }
})

const findUnits = answer(contract.findUnits, policy.findUnits, async ({ db, actor, input }) => {
  if (!isStaff(actor)) refuse(contract.findUnits, 'staffOnly')
  const units = await store.findUnits(db, { ...input, limit: input.limit + 1 })
  return { units: units.slice(0, input.limit), more: units.length > input.limit }
})

const unitPage = answer(contract.unitPage, policy.unitPage, async ({ db, actor, now, input: { unitId } }) => {
  const unit = (await store.unitHead(db, unitId)) ?? refuse(contract.unitPage, 'notFound')
  const today = dayOf(now)
  const place = (await placeOfUnit(db, unitId))!
  const counted = (await store.unitsById(db, [unitId], today))[0]
  const path = await store.namesOnPath(db, place.unitPath)
  const versions = await store.versionsOf(db, unitId)
  const successors = await store.successorsOf(db, unitId)
  const grassroots = path.find((one) => one.unitId === unit.grassrootsId)
  return {
    unitId,
    code: unit.code,
    name: unit.name,
    registerCode: unit.registerCode,
    registerName: unit.registerName,
    levelId: unit.levelId,
    levelName: unit.levelName,
    levels: await levelsOf(db, unit.schemeId),
    ...(unit.validTo ? { closedOn: unit.validTo } : {}),
    path,
    children: unit.children,
    members: counted?.members ?? 0,
    exempt: counted?.exempt ?? 0,
    ...(await store.ownCounts(db, unitId, today)),
    ...(grassroots ? { grassroots } : {}),
    versions: versions.map(({ parentName, validTo, recordedAt, ...version }) => ({
      ...version,
      recordedAt: recordedAt.toISOString(),
      ...(parentName ? { parentName } : {}),
      ...(validTo ? { validTo } : {}),
    })),
    successors: successors.map(({ decision, ...one }) => ({ ...one, ...(decision ? { decision } : {}) })),
    seesNames: seesNames(actor, { unitPath: place.unitPath, grassrootsId: unit.grassrootsId ?? undefined }),
    abilities: abilitiesAt(actor, policy, place),
  }
})

const levelSchemes = answer(contract.levelSchemes, policy.levelSchemes, async ({ db }) => {
  const schemes = await db.selectFrom('level_scheme').selectAll().orderBy('valid_from').orderBy('code').execute()
  const registers = await db.selectFrom('register').select(['code', 'scheme_id']).execute()
  return {
    schemes: await Promise.all(
      schemes.map(async (scheme) => ({
        schemeId: scheme.id,
        code: scheme.code,
        name: scheme.name,
        validFrom: scheme.valid_from,
        ...(scheme.valid_to ? { validTo: scheme.valid_to } : {}),
        levels: await levelsOf(db, scheme.id),
        registers: registers.filter((row) => row.scheme_id === scheme.id).map((row) => row.code),
      })),
    ),
  }
})

const addRegister = answer(contract.addRegister, policy.addRegister, async ({ db, now, input }) => {
  if ('found' in (await registerFor(db, input.code))) refuse(contract.addRegister, 'codeTaken')
  const scheme = input.schemeCode
    ? await db.selectFrom('level_scheme').select('id').where('code', '=', input.schemeCode).executeTakeFirst()
    : undefined
  if (input.schemeCode && !scheme) refuse(contract.addRegister, 'noSuchScheme')
  const { registerId } = await makeRegister(db as Tx, now, { ...input, schemeId: scheme?.id })
  return { registerId }
})

type Changing = Pick<Call<unknown>, 'db' | 'actor' | 'now'>
/** The words every change of the tree may refuse with. */
type TreeOperation = { refusals: readonly string[] }

/** The open unit, held until the transaction ends; the day must lie between its last change and today. */
async function openUnit({ db, now }: Changing, operation: TreeOperation, unitId: string, day: string) {
  const unit = await store.unitHead(db, unitId)
  if (!unit) refuse(operation, 'noSuchUnit')
  if (unit.validTo) refuse(operation, 'closedUnit', { code: unit.code, day: unit.validTo })
  if (day > dayOf(now)) refuse(operation, 'dayInFuture')
  if (day < unit.validFrom) refuse(operation, 'dayTooEarly', { from: unit.validFrom })
  return unit
}
type Version = { name: string; levelId: string; parentId: string | null }
/** Closes the open version on the day and opens the next. */
async function revise({ db, actor, now }: Changing, unitId: string, day: string, next: Version) {
  await sql`update unit_version set valid_to = ${day}::date where unit_id = ${unitId} and valid_to is null`.execute(db)
  await openVersion({ db, actor, now }, unitId, day, next)
}
const openVersion = ({ db, actor, now }: Changing, unitId: string, day: string, { name, levelId, parentId }: Version) =>
  db
    .insertInto('unit_version')
    .values({
      id: newId(now),
      unit_id: unitId,
      name,
      level_id: levelId,
      parent_id: parentId,
      valid_from: day,
      valid_to: null,
      recorded_at: now,
      recorded_by: actor.name,
    })
    .execute()

const keepers: readonly Role[] = ['administrator', 'dataOfficer']
/** What comes from elsewhere, or goes there, needs the right on that side too. */
async function needsRightOn({ db, actor }: Changing, operation: TreeOperation, unitId: string) {
  if (!holds(actor, keepers, await placeOfUnit(db, unitId))) refuse(operation, 'notYours')
}
async function refuseForeignLevel(db: Db, operation: TreeOperation, levelId: string, schemeId: string) {
  const level = await db.selectFrom('level').select('scheme_id').where('id', '=', levelId).executeTakeFirst()
  if (level?.scheme_id !== schemeId) refuse(operation, 'noSuchLevel')
}

const addUnit = answer(contract.addUnit, policy.addUnit, async (call) => {
  const { db, now, input } = call
  await lockTree(db as Tx)
  const today = dayOf(now)
  const day = input.day ?? today
  const parent = input.parentId ? await openUnit(call, contract.addUnit, input.parentId, day) : undefined
  if (day > today) refuse(contract.addUnit, 'dayInFuture')
  const register = parent
    ? { registerId: parent.registerId, schemeId: parent.schemeId }
    : await rootRegister(db, input.registerCode)
  const taken = await db
    .selectFrom('unit')
    .select('id')
    .where('register_id', '=', register.registerId)
    .where('code', '=', input.code)
    .executeTakeFirst()
  if (taken) refuse(contract.addUnit, 'codeTaken')
  const levels = await levelsOf(db, register.schemeId)
  const below = levels.find((level) => level.rank > (parent?.levelRank ?? 0)) ?? levels.at(-1)
  const level = input.levelId ? levels.find(({ levelId }) => levelId === input.levelId) : below
  if (!level) refuse(contract.addUnit, 'noSuchLevel')
  const unitId = newId(now)
  await db
    .insertInto('unit')
    .values({ id: unitId, register_id: register.registerId, code: input.code, created_at: now })
    .execute()
  await openVersion(call, unitId, day, { name: input.name, levelId: level.levelId, parentId: parent?.unitId ?? null })
  await rebuildTree(db as Tx)
  call.note({ unitId })
  return { unitId }
})
async function rootRegister(db: Db, code: string | undefined) {
  const found = await registerFor(db, code)
  if (!('found' in found))
    return refuse(contract.addUnit, found.because === 'whichRegister' ? 'whichRegister' : 'noSuchRegister', {
      known: found.known,
    })
  const newest = await db
    .selectFrom('level_scheme')
    .select('id')
    .where('valid_to', 'is', null)
    .where('code', 'not like', 'so:%')
    .orderBy('valid_from', 'desc')
    .executeTakeFirst()
  const schemeId = found.found.schemeId ?? newest!.id
  await db
    .updateTable('register')
    .set({ scheme_id: schemeId })
    .where('id', '=', found.found.registerId)
    .where('scheme_id', 'is', null)
    .execute()
  return { registerId: found.found.registerId, schemeId }
}

const renameUnit = answer(contract.renameUnit, policy.renameUnit, async (call) => {
  const { db, input } = call
  await lockTree(db as Tx)
  const unit = await openUnit(call, contract.renameUnit, input.unitId, input.day)
  const levelId = input.levelId ?? unit.levelId
  if (levelId !== unit.levelId) await refuseForeignLevel(db, contract.renameUnit, levelId, unit.schemeId)
  if (levelId !== unit.levelId || input.name !== unit.name) {
    await revise(call, unit.unitId, input.day, { name: input.name, levelId, parentId: unit.parentId })
    await rebuildTree(db as Tx)
  }
  return {}
})

const moveUnit = answer(contract.moveUnit, policy.moveUnit, async (call) => {
  const { db, input } = call
  await lockTree(db as Tx)
  const unit = await openUnit(call, contract.moveUnit, input.unitId, input.day)
  const parent = await openUnit(call, contract.moveUnit, input.parentId, input.day)
  await needsRightOn(call, contract.moveUnit, parent.unitId)
  if (parent.path?.includes(unit.unitId)) refuse(contract.moveUnit, 'intoItself')
  if (unit.parentId !== parent.unitId) {
    await revise(call, unit.unitId, input.day, { name: unit.name, levelId: unit.levelId, parentId: parent.unitId })
    await rebuildTree(db as Tx)
  }
  return {}
})

const closeUnit = answer(contract.closeUnit, policy.closeUnit, async (call) => {
  const { db, input } = call
  await lockTree(db as Tx)
  const unit = await openUnit(call, contract.closeUnit, input.unitId, input.day)
  if (unit.children > 0) refuse(contract.closeUnit, 'stillHasUnits', { units: unit.children })
  const { ownMembers } = await store.ownCounts(db, unit.unitId, dayOf(call.now))
  if (ownMembers > 0) refuse(contract.closeUnit, 'stillHasPeople', { people: ownMembers })
  await close(db, unit.unitId, input.day)
  await rebuildTree(db as Tx)
  return {}
})
const close = (db: Db, unitId: string, day: string) =>
  sql`update unit_version set valid_to = ${day}::date where unit_id = ${unitId} and valid_to is null`.execute(db)

/** Everyone of some units goes to another on a day; those who joined later than the day go when they joined. */
export async function moveMembers(
  { db, now }: Pick<Changing, 'db' | 'now'>,
  who: { unitIds: readonly string[] } | { personIds: readonly string[] },
  toUnitId: string,
  day: string,
): Promise<number> {
  const which =
    'unitIds' in who
      ? sql`unit_id = any(${who.unitIds as string[]}::uuid[])`
      : sql`person_id = any(${who.personIds as string[]}::uuid[])`
  const moved = await sql<{ person_id: string; valid_to: string }>`
    update membership set valid_to = greatest(valid_from, ${day}::date) where ${which} and kind = 'official' and valid_to is null
    returning person_id, valid_to`.execute(db)
  const rows = moved.rows
  await sql`insert into membership (id, person_id, unit_id, kind, valid_from)
    select a, b, ${toUnitId}, 'official', c from unnest(${rows.map(() => newId(now))}::uuid[], ${rows.map((row) => row.person_id)}::uuid[], ${rows.map((row) => row.valid_to)}::date[]) as t (a, b, c)`.execute(
    db,
  )
  return rows.length
}
/** Units below go to another parent. */
async function moveChildren(
  call: Changing,
  which: { ofIds: readonly string[] } | { childIds: readonly string[] },
  parentId: string,
  day: string,
) {
  const where =
    'ofIds' in which
      ? sql`parent_id = any(${which.ofIds as string[]}::uuid[])`
      : sql`unit_id = any(${which.childIds as string[]}::uuid[])`
  const { rows } = await sql<{ unit_id: string; name: string; level_id: string; valid_to: string }>`
    update unit_version set valid_to = greatest(valid_from, ${day}::date) where ${where} and valid_to is null returning unit_id, name, level_id, valid_to`.execute(
    call.db,
  )
  for (const row of rows)
    await openVersion(call, row.unit_id, row.valid_to, { name: row.name, levelId: row.level_id, parentId })
  return rows.length
}
const succeed = (
  db: Db,
  from: readonly string[],
  to: readonly string[],
  kind: 'merge' | 'split',
  onDay: string,
  decision: string | undefined,
) =>
  db
    .insertInto('unit_successor')
    .values(
      from.flatMap((from_unit_id) =>
        to.map((to_unit_id) => ({ from_unit_id, to_unit_id, kind, on_day: onDay, decision: decision || null })),
      ),
    )
    .execute()

const mergeUnits = answer(contract.mergeUnits, policy.mergeUnits, async (call) => {
  const { db, input } = call
  await lockTree(db as Tx)
  const into = await openUnit(call, contract.mergeUnits, input.unitId, input.day)
  for (const fromId of new Set<string>(input.fromIds)) {
    const from = await openUnit(call, contract.mergeUnits, fromId, input.day)
    await needsRightOn(call, contract.mergeUnits, from.unitId)
    if (into.path?.includes(from.unitId)) refuse(contract.mergeUnits, 'intoItself')
  }
  const people = await moveMembers(call, { unitIds: input.fromIds }, into.unitId, input.day)
  const units = await moveChildren(call, { ofIds: input.fromIds }, into.unitId, input.day)
  for (const fromId of input.fromIds) await close(db, fromId, input.day)
  await succeed(db, input.fromIds, [into.unitId], 'merge', input.day, input.decision)
  await rebuildTree(db as Tx)
  call.note({ people, units })
  return { people, units }
})

const splitUnit = answer(contract.splitUnit, policy.splitUnit, async (call) => {
  const { db, now, input } = call
  await lockTree(db as Tx)
  const unit = await openUnit(call, contract.splitUnit, input.unitId, input.day)
  const taken = await db
    .selectFrom('unit')
    .select('code')
    .where('register_id', '=', unit.registerId)
    .where(
      'code',
      'in',
      input.parts.map(({ code }) => code),
    )
    .execute()
  if (taken.length > 0 || new Set(input.parts.map(({ code }) => code)).size < input.parts.length)
    refuse(contract.splitUnit, 'codeTaken', { codes: taken.map(({ code }) => code) })
  await refuseUnplaced(db, unit.unitId, input.parts)
  const unitIds: string[] = []
  for (const part of input.parts) {
    const unitId = newId(now)
    unitIds.push(unitId)
    await db
      .insertInto('unit')
      .values({ id: unitId, register_id: unit.registerId, code: part.code, created_at: now })
      .execute()
    await openVersion(call, unitId, input.day, { name: part.name, levelId: unit.levelId, parentId: unit.parentId })
    await moveChildren(call, { childIds: part.childIds }, unitId, input.day)
    await moveMembers(call, { personIds: part.personIds }, unitId, input.day)
  }
  await close(db, unit.unitId, input.day)
  await succeed(db, [unit.unitId], unitIds, 'split', input.day, input.decision)
  await rebuildTree(db as Tx)
  call.note({ unitIds })
  return { unitIds }
})
/** Every unit below and every person of the split unit goes to exactly one part. */
async function refuseUnplaced(
  db: Db,
  unitId: string,
  parts: readonly { childIds: readonly string[]; personIds: readonly string[] }[],
) {
  const { rows } = await sql<{ id: string }>`
    select unit_id as id from unit_version where parent_id = ${unitId} and valid_to is null
    union all select person_id from membership where unit_id = ${unitId} and kind = 'official' and valid_to is null`.execute(
    db,
  )
  const placed = parts.flatMap(({ childIds, personIds }) => [...childIds, ...personIds])
  const wanted = new Set(rows.map(({ id }) => id))
  if (placed.length !== wanted.size || new Set(placed).size !== placed.length || !placed.every((id) => wanted.has(id)))
    refuse(contract.splitUnit, 'notAllPlaced', { placed: placed.length, all: wanted.size })
}

export const unitOperations = [
  tops,
  children,
  findUnits,
  unitPage,
  levelSchemes,
  addRegister,
  addUnit,
  renameUnit,
  moveUnit,
  closeUnit,
  mergeUnits,
  splitUnit,
]
