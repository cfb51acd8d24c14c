// People: lists by page, one card, and the dated facts about a membership. Every look at names leaves a line.
import { sql } from 'kysely'
import { fold, sortName, tidy } from '../../../kernel/fold.ts'
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import { type Actor, abilitiesAt, holds, type Place, roles, seesNames } from '../../../platform/rights.ts'
import type { Db } from '../../../platform/server/db.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import { recordLook } from '../../../platform/server/record.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { dayAfter, isEmail, looksLikeIdentityNumber, tidyPhone } from '../rules.ts'
import * as store from './store.ts'
import { placeOfUnit } from './tree.ts'
import { moveMembers } from './units.ts'

type Looking = Pick<Call<{ unitId: string }>, 'db' | 'actor' | 'input'>
/**
 * Where names may be read, or a refusal: `totalsOnly` to whoever stands higher up, `notYours` to everyone else.
 * `reason` is what a dated task states.
 */
async function namesAt(
  { db, actor, input: { unitId } }: Looking,
  operation: { refusals: readonly string[] },
): Promise<{ place: Place; reason: string | undefined }> {
  const place = (await placeOfUnit(db, unitId)) ?? refuse(operation, 'notFound')
  const unit = await db.selectFrom('unit_now').select('grassroots_id').where('unit_id', '=', unitId).executeTakeFirst()
  const where = { unitPath: place.unitPath, grassrootsId: unit?.grassroots_id ?? undefined }
  if (!seesNames(actor, where)) refuse(operation, holds(actor, roles, place) ? 'totalsOnly' : 'notYours')
  return { place, reason: reasonOf(actor, where) }
}
/** Someone who would see nothing by her roles alone looks because of a task. */
const reasonOf = (actor: Actor, where: { unitPath: readonly string[]; grassrootsId: string | undefined }) =>
  actor.kind === 'machine' || seesNames({ ...actor, nameTasks: [] }, where)
    ? undefined
    : actor.nameTasks?.find(({ unitId }) => where.unitPath.includes(unitId))?.reason

const people = answer(contract.people, policy.people, async (call) => {
  const { db, actor, now, input } = call
  const { place, reason } = await namesAt(call, contract.people)
  const { page, size } = input
  const found = await store.peopleOf(db, input, { limit: size, offset: (page - 1) * size }, dayOf(now))
  await recordLook(db, {
    actor,
    list: 'organisation.people',
    about: { unitId: input.unitId, page, filter: input.filter },
    personIds: found.rows.map(({ personId }) => personId),
    reason,
    at: now,
  })
  return { ...found, page, size, abilities: abilitiesAt(actor, policy, place) }
})

const personCard = answer(contract.personCard, policy.personCard, async (call) => {
  const { db, actor, now, input } = call
  const { place, reason } = await namesAt(call, contract.personCard)
  const person =
    (await store.personIn(db, input.unitId, input.personId, dayOf(now))) ?? refuse(contract.personCard, 'notFound')
  await recordLook(db, {
    actor,
    list: 'organisation.personCard',
    about: { unitId: input.unitId },
    personIds: [input.personId],
    reason,
    at: now,
  })
  const { membershipId: _, open: __, validFrom: ___, ...card } = person
  const memberships = await store.membershipsOf(db, input.personId)
  const exemptions = await store.exemptionsOf(db, input.personId)
  return {
    ...card,
    memberships: memberships.map(({ validTo, ...row }) => ({ ...row, ...(validTo ? { validTo } : {}) })),
    exemptions: exemptions.map(({ validFrom, validTo }) => ({ validFrom, ...(validTo ? { validTo } : {}) })),
    abilities: abilitiesAt(actor, policy, place),
  }
})

type Typed = {
  code?: string | undefined
  fullName: string
  birthYear?: number | undefined
  position: string
  phone?: string | undefined
  email?: string | undefined
}
/** What is typed by hand passes the same gate as what a file brings. */
function kept(typed: Typed, operation: { refusals: readonly string[] }) {
  for (const [column, value] of Object.entries(typed))
    if (column !== 'phone' && typeof value === 'string' && looksLikeIdentityNumber(value))
      refuse(operation, 'identityNumber', { column })
  const phone = typed.phone ? (tidyPhone(typed.phone) ?? refuse(operation, 'badPhone')) : null
  if (typed.email && !isEmail(typed.email)) refuse(operation, 'badEmail')
  const fullName = tidy(typed.fullName)
  return {
    code: typed.code || null,
    full_name: fullName,
    sort_name: sortName(fullName),
    birth_year: typed.birthYear ?? null,
    position: tidy(typed.position),
    phone,
    email: typed.email?.toLowerCase() || null,
  }
}
async function refuseTakenCode(
  db: Db,
  operation: { refusals: readonly string[] },
  registerId: string,
  code: string | null,
  but?: string,
) {
  if (!code) return
  const other = await db
    .selectFrom('person')
    .select('id')
    .where('register_id', '=', registerId)
    .where('code', '=', code)
    .executeTakeFirst()
  if (other && other.id !== but) refuse(operation, 'codeTaken')
}
const refuseFuture = (operation: { refusals: readonly string[] }, day: string, now: Date) => {
  if (day > dayOf(now)) refuse(operation, 'dayInFuture')
}

const addPerson = answer(contract.addPerson, policy.addPerson, async (call) => {
  const { db, now, input } = call
  await namesAt(call, contract.addPerson)
  const { unitId, day = dayOf(now), ...typed } = input
  refuseFuture(contract.addPerson, day, now)
  const unit = await store.unitHead(db, unitId)
  if (!unit || unit.validTo) refuse(contract.addPerson, 'closedUnit')
  const row = kept(typed, contract.addPerson)
  await refuseTakenCode(db, contract.addPerson, unit.registerId, row.code)
  const personId = newId(now)
  await db
    .insertInto('person')
    .values({ id: personId, register_id: unit.registerId, ...row, recorded_at: now, erased_at: null })
    .execute()
  await db
    .insertInto('membership')
    .values({ id: newId(now), person_id: personId, unit_id: unitId, kind: 'official', valid_from: day, valid_to: null })
    .execute()
  call.note({ personId })
  return { personId }
})

const correctPerson = answer(contract.correctPerson, policy.correctPerson, async (call) => {
  const { db, input } = call
  await personHere(call, contract.correctPerson)
  const { unitId, personId, ...typed } = input
  const row = kept(typed, contract.correctPerson)
  const { registerId } = (await store.unitHead(db, unitId))!
  await refuseTakenCode(db, contract.correctPerson, registerId, row.code, personId)
  await db.updateTable('person').set(row).where('id', '=', personId).execute()
  return {}
})

/** The person, if she is here and her name may be read; to anyone else there is no such person. */
async function personHere(
  call: Pick<Call<{ unitId: string; personId: string }>, 'db' | 'actor' | 'now' | 'input'>,
  operation: { refusals: readonly string[] },
) {
  await namesAt(call, operation)
  const { db, now, input } = call
  return (await store.personIn(db, input.unitId, input.personId, dayOf(now))) ?? refuse(operation, 'notFound')
}

const transferPerson = answer(contract.transferPerson, policy.transferPerson, async (call) => {
  const { db, now, input } = call
  const person = await personHere(call, contract.transferPerson)
  const to = await store.unitHead(db, input.toUnitId)
  if (!to || to.validTo) refuse(contract.transferPerson, 'closedUnit')
  if (input.toUnitId === input.unitId) refuse(contract.transferPerson, 'sameUnit')
  refuseFuture(contract.transferPerson, input.day, now)
  if (input.temporaryUntil !== undefined) {
    if (input.temporaryUntil < input.day) refuse(contract.transferPerson, 'dayTooEarly', { from: input.day })
    await db
      .insertInto('membership')
      .values({
        id: newId(now),
        person_id: person.personId,
        unit_id: input.toUnitId,
        kind: 'temporary',
        valid_from: input.day,
        valid_to: dayAfter(input.temporaryUntil),
      })
      .execute()
    return {}
  }
  if (input.day < person.validFrom) refuse(contract.transferPerson, 'dayTooEarly', { from: person.validFrom })
  await moveMembers(call, { personIds: [person.personId] }, input.toUnitId, input.day)
  return {}
})

const exemptPerson = answer(contract.exemptPerson, policy.exemptPerson, async (call) => {
  const { db, now, input } = call
  const person = await personHere(call, contract.exemptPerson)
  const to = input.lastDay === undefined ? null : dayAfter(input.lastDay)
  if (to !== null && to <= input.from) refuse(contract.exemptPerson, 'dayTooEarly', { from: input.from })
  const overlaps = (await store.exemptionsOf(db, person.personId)).some(
    ({ validFrom, validTo }) => (validTo === null || input.from < validTo) && (to === null || validFrom < to),
  )
  if (overlaps) refuse(contract.exemptPerson, 'alreadyExempt')
  await db
    .insertInto('exemption')
    .values({ id: newId(now), person_id: person.personId, valid_from: input.from, valid_to: to })
    .execute()
  return {}
})

const endExemption = answer(contract.endExemption, policy.endExemption, async (call) => {
  const { db, now, input } = call
  const person = await personHere(call, contract.endExemption)
  refuseFuture(contract.endExemption, input.day, now)
  const ended = await sql`update exemption set valid_to = ${input.day}::date
    where person_id = ${person.personId} and valid_from <= ${input.day}::date and (valid_to is null or valid_to > ${input.day}::date)`.execute(
    db,
  )
  if (Number(ended.numAffectedRows ?? 0) === 0) refuse(contract.endExemption, 'notExempt')
  return {}
})

const endMembership = answer(contract.endMembership, policy.endMembership, async (call) => {
  const { db, now, input } = call
  const person = await personHere(call, contract.endMembership)
  refuseFuture(contract.endMembership, input.day, now)
  if (input.day < person.validFrom) refuse(contract.endMembership, 'dayTooEarly', { from: person.validFrom })
  await sql`update membership set valid_to = ${input.day}::date where id = ${person.membershipId} and valid_to is null`.execute(
    db,
  )
  return {}
})

/** Words that stand where a name stood. */
export const erasedName = 'Đã xoá theo yêu cầu'
/** Everything that tells who she was is gone; that someone was there is kept, for the counts. */
export async function erase(db: Db, personId: string, now: Date): Promise<void> {
  const today = dayOf(now)
  await sql`update membership set valid_to = greatest(valid_from, ${today}::date)
    where person_id = ${personId} and (valid_to is null or valid_to > ${today}::date)`.execute(db)
  await db
    .updateTable('person')
    .set({
      code: null,
      full_name: erasedName,
      sort_name: fold(erasedName),
      birth_year: null,
      position: '',
      phone: null,
      email: null,
      erased_at: now,
    })
    .where('id', '=', personId)
    .execute()
}
const erasePerson = answer(contract.erasePerson, policy.erasePerson, async (call) => {
  const { personId } = await personHere(call, contract.erasePerson)
  // Every feature forgets what it holds, the later ones first; her name goes last.
  for (const held of (call.desk.aboutPerson ?? []).toReversed()) await held.erase(call.db, personId, call.now)
  await erase(call.db, personId, call.now)
  return {}
})

export const peopleOperations = [
  people,
  personCard,
  addPerson,
  correctPerson,
  transferPerson,
  exemptPerson,
  endExemption,
  endMembership,
  erasePerson,
]
export { namesAt }
