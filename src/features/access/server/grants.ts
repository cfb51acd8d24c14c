// Giving and taking roles and dated tasks.
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import type { Place, PlaceKind, ScopeKind } from '../../../platform/rights.ts'
import { placeAt } from '../../../platform/server/desk.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { mayGive } from '../rules.ts'
import { forgetStanding } from './actor.ts'
import { labels } from './me.ts'
import * as store from './store.ts'

const taskDaysMost = 366

/** The place a grant names; `undefined` for the whole installation, `'none'` when there is no such place. */
async function placeNamed(
  { desk, db }: Pick<Call<unknown>, 'desk' | 'db'>,
  { kind, scopeId }: { kind: ScopeKind; scopeId?: string | undefined },
): Promise<Place | undefined | 'none'> {
  if (kind === 'installation') return scopeId === undefined ? undefined : 'none'
  return (await placeAt(desk, db)(kind as PlaceKind, scopeId)) ?? 'none'
}

export const grant = answer(contract.grant, policy.grant, async (call) => {
  const { desk, db, now, input, actor, after } = call
  const place = await placeNamed(call, input)
  if (place === 'none') refuse(contract.grant, 'noSuchPlace')
  const may = mayGive(actor, place, input.kind)
  if (!may.includes(input.role))
    // Is it the role that is too high, or does it make no sense on such a place?
    refuse(
      contract.grant,
      mayGive({ ...actor, kind: 'machine' }, place, input.kind).includes(input.role) ? 'aboveYourOwn' : 'roleElsewhere',
    )
  const user = await store.readUser(db, input.userId)
  if (!user || user.disabled) refuse(contract.grant, 'noSuchStaff')
  const from = input.from ?? dayOf(now)
  if (input.to !== undefined && input.to < from) refuse(contract.grant, 'datesCross')
  const id = newId(now)
  await store.insertGrant(db, { ...input, id, scopeId: input.scopeId, from, to: input.to, now, by: actor.name })
  await store.tellGrants(db, input.userId)
  call.note({ role: input.role, grantId: id })
  after(() => forgetStanding(desk, input.userId))
  return { grantId: id }
})

export const revokeGrant = answer(contract.revokeGrant, policy.revokeGrant, async (call) => {
  const { desk, db, now, input, actor, after } = call
  const row = await store.readGrant(db, input.grantId)
  if (!row || row.kind !== input.kind || (row.scope_id ?? undefined) !== input.scopeId)
    refuse(contract.revokeGrant, 'notFound')
  const place = await placeNamed(call, input)
  // A place that is gone, an old unit, is the administrator's to clear; what one gave oneself one may take back.
  const may = mayGive(actor, place === 'none' ? undefined : place, row.kind)
  if (!may.includes(row.role)) refuse(contract.revokeGrant, 'aboveYourOwn')
  if (
    row.role === 'administrator' &&
    row.kind === 'installation' &&
    (await store.otherAdministrators(db, row.user_id, row.id)) === 0
  )
    refuse(contract.revokeGrant, 'lastAdministrator')
  await store.revokeGrantRow(db, row.id, actor.name, now)
  await store.tellGrants(db, row.user_id)
  call.note({ role: row.role, userId: row.user_id, ...(input.reason ? { reason: input.reason } : {}) })
  after(() => forgetStanding(desk, row.user_id))
  return {}
})

export const listGrants = answer(contract.listGrants, policy.listGrants, async (call) => {
  const { desk, db, now, input, actor } = call
  const rows = await store.pageOfGrants(db, {
    ...input,
    scopeId: input.scopeId,
    userId: input.userId,
    byActor: actor.name,
    today: dayOf(now),
  })
  // Units are named by the query; campaigns, conferences and sites belong to later features and name themselves.
  const elsewhere = rows.flatMap(({ kind, scope_id }) =>
    scope_id && kind !== 'unit' ? [{ kind, scopeId: scope_id }] : [],
  )
  const names = await labels(elsewhere, (it) => placeAt(desk, db)(it.kind, it.scopeId))
  const place = await placeNamed(call, input)
  return {
    rows: rows.map((row) => ({
      grantId: row.id,
      userId: row.user_id,
      userName: row.user_name,
      name: row.name,
      role: row.role,
      kind: row.kind,
      ...(row.scope_id ? { scopeId: row.scope_id } : {}),
      scopeName: row.unit_name ?? (row.scope_id ? (names.get(row.scope_id) ?? '') : ''),
      from: row.valid_from,
      ...(row.valid_to ? { to: row.valid_to } : {}),
      reason: row.reason,
      madeBy: row.made_by,
      madeAt: row.made_at.toISOString(),
      ...(row.revoked_at ? { revokedAt: row.revoked_at.toISOString() } : {}),
      inForce: row.in_force,
    })),
    total: rows[0]?.total ?? 0,
    page: input.page,
    size: input.size,
    mayGive: place === 'none' ? [] : mayGive(actor, place, input.kind),
  }
})

export const giveNameTask = answer(
  contract.giveNameTask,
  policy.giveNameTask,
  async ({ desk, db, now, input, actor, note, after }) => {
    if (input.userId === actor.userId) refuse(contract.giveNameTask, 'toYourself')
    const user = await store.readUser(db, input.userId)
    if (!user || user.disabled) refuse(contract.giveNameTask, 'noSuchStaff')
    if (!(await placeAt(desk, db)('unit', input.unitId))) refuse(contract.giveNameTask, 'noSuchPlace')
    const from = input.from ?? dayOf(now)
    if (input.to < from) refuse(contract.giveNameTask, 'datesCross')
    if (Date.parse(input.to) - Date.parse(from) > taskDaysMost * 86_400_000) refuse(contract.giveNameTask, 'tooLong')
    const id = newId(now)
    await store.insertNameTask(db, { ...input, id, from, now, by: actor.name })
    await store.tellGrants(db, input.userId)
    note({ taskId: id })
    after(() => forgetStanding(desk, input.userId))
    return { taskId: id }
  },
)
export const endNameTask = answer(
  contract.endNameTask,
  policy.endNameTask,
  async ({ desk, db, now, input, actor, after }) => {
    const userId = await store.endNameTaskRow(db, input.taskId, input.unitId, actor.name, now)
    if (userId === undefined) refuse(contract.endNameTask, 'notFound')
    await store.tellGrants(db, userId)
    after(() => forgetStanding(desk, userId))
    return {}
  },
)
export const listNameTasks = answer(contract.listNameTasks, policy.listNameTasks, async ({ db, now, input }) => {
  const rows = await store.pageOfNameTasks(db, { ...input, today: dayOf(now) })
  return {
    rows: rows.map((row) => ({
      taskId: row.id,
      userId: row.user_id,
      userName: row.user_name,
      name: row.name,
      unitId: row.unit_id,
      unitName: row.unit_name,
      reason: row.reason,
      from: row.valid_from,
      to: row.valid_to,
      madeBy: row.made_by,
      inForce: row.in_force,
    })),
    total: rows[0]?.total ?? 0,
    page: input.page,
    size: input.size,
  }
})
export const findStaff = answer(contract.findStaff, policy.findStaff, async ({ db, input }) => ({
  rows: (await store.fewStaff(db, input.search)).map(({ id, user_name, name }) => ({
    userId: id,
    userName: user_name,
    name,
  })),
}))
