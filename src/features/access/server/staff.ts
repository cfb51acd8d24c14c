// Accounts of the staff, their one-time links, and the first administrator.
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import type { Db } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { answer, refuse, type Wire } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { forgetStanding, memoryOf, rememberRevoked } from './actor.ts'
import { hashOf, newToken } from './credential.ts'
import { hashPassword } from './identity.ts'
import * as store from './store.ts'

const setupMinutes = 30
const passwordDays = 3

async function passwordLink(desk: Desk, db: Db, userId: string, by: string, now: Date): Promise<string> {
  await store.dropOnceLinks(db, 'password', userId, now)
  const token = newToken()
  const until = new Date(now.getTime() + passwordDays * 86_400_000)
  await store.insertOnceLink(db, { purpose: 'password', hash: hashOf(token), userId, madeBy: by, now, until })
  return `${desk.baseUrl}/dang-nhap/mat-khau/${token}`
}
/** What somebody no longer trusted, or with a new password, was signed in with. */
async function endSignIns(desk: Desk, db: Db, userId: string, now: Date): Promise<() => void> {
  const ended = await store.revokeSignIns(db, { userId }, now)
  await store.dropStaffSessions(db, userId)
  await store.tellGrants(db, userId)
  return () => {
    rememberRevoked(desk, ended, now)
    forgetStanding(desk, userId)
  }
}

export const listStaff = answer(contract.listStaff, policy.listStaff, async ({ db, input }) => {
  const rows = await store.pageOfStaff(db, input)
  return {
    rows: rows.map((row) => ({
      userId: row.id,
      userName: row.user_name,
      name: row.name,
      disabled: row.disabled,
      totpEnrolled: row.two_factor_enabled,
      hasPassword: row.has_password,
      ...(row.person_id ? { personId: row.person_id, personName: row.person_name ?? '' } : {}),
      grants: row.grants,
      ...(row.last_seen_at ? { lastSeenAt: row.last_seen_at.toISOString() } : {}),
    })),
    total: rows[0]?.total ?? 0,
    page: input.page,
    size: input.size,
  }
})

export const createStaff = answer(
  contract.createStaff,
  policy.createStaff,
  async ({ desk, db, now, input, actor, note }) => {
    const userId = newId(now)
    if (!(await store.insertUser(db, { id: userId, ...input, now }))) refuse(contract.createStaff, 'userNameTaken')
    note({ userId })
    return { userId, passwordLink: await passwordLink(desk, db, userId, actor.name, now) }
  },
)

/** The old password ends with the new link: whoever forgot it, or lost it, is signed out. */
export const renewPasswordLink = answer(
  contract.renewPasswordLink,
  policy.renewPasswordLink,
  async ({ desk, db, now, input, actor, after }) => {
    if (!(await store.readUser(db, input.userId))) refuse(contract.renewPasswordLink, 'notFound')
    await store.dropPassword(db, input.userId)
    after(await endSignIns(desk, db, input.userId, now))
    return { passwordLink: await passwordLink(desk, db, input.userId, actor.name, now) }
  },
)

export const setStaffDisabled = answer(
  contract.setStaffDisabled,
  policy.setStaffDisabled,
  async ({ desk, db, now, input, actor, after }) => {
    if (input.userId === actor.userId) refuse(contract.setStaffDisabled, 'yourself')
    if (!(await store.readUser(db, input.userId))) refuse(contract.setStaffDisabled, 'notFound')
    await store.writeDisabled(db, input.userId, input.disabled ? now : null)
    after(await endSignIns(desk, db, input.userId, now))
    return {}
  },
)

/** A lost phone. Not for oneself: that would be no second factor at all. */
export const resetTotp = answer(
  contract.resetTotp,
  policy.resetTotp,
  async ({ desk, db, now, input, actor, after }) => {
    if (input.userId === actor.userId) refuse(contract.resetTotp, 'yourself')
    if (!(await store.readUser(db, input.userId))) refuse(contract.resetTotp, 'notFound')
    await store.dropSecondFactor(db, input.userId)
    after(await endSignIns(desk, db, input.userId, now))
    return {}
  },
)

export const linkPerson = answer(contract.linkPerson, policy.linkPerson, async ({ desk, db, input, after }) => {
  if (!(await store.readUser(db, input.userId))) refuse(contract.linkPerson, 'notFound')
  after(() => forgetStanding(desk, input.userId))
  await store.tellGrants(db, input.userId)
  if (!input.personCode) {
    await store.writePersonOfUser(db, input.userId, null)
    return {}
  }
  const found = await store.findPersonByCode(db, input.personCode, input.register)
  if (found.length > 1) refuse(contract.linkPerson, 'severalRegisters')
  const person = found[0]
  if (!person) refuse(contract.linkPerson, 'noSuchPerson')
  if (!(await store.writePersonOfUser(db, input.userId, person.id))) refuse(contract.linkPerson, 'alreadyLinked')
  return { personName: person.full_name }
})

export const seePasswordLink = answer(contract.seePasswordLink, policy.seePasswordLink, async ({ db, now, input }) => {
  const link = await store.readOnceLink(db, 'password', hashOf(input.token), now)
  if (!link?.user_name) refuse(contract.seePasswordLink, 'expiredLink')
  return { userName: link.user_name, name: link.name ?? '' }
})
export const choosePassword = answer(
  contract.choosePassword,
  policy.choosePassword,
  async ({ desk, db, now, input, note, after }) => {
    const link = await store.readOnceLink(db, 'password', hashOf(input.token), now)
    if (!link?.user_id || !link.user_name || !(await store.spendOnceLink(db, link.id, now)))
      refuse(contract.choosePassword, 'expiredLink')
    await store.writePassword(db, link.user_id, await hashPassword(desk, input.password), now)
    await store.forgetTries(db, `person nv ${link.user_name}`)
    after(await endSignIns(desk, db, link.user_id, now))
    note({ userId: link.user_id })
    return { userName: link.user_name }
  },
)

// First run

/**
 * The address that makes the first administrator: once, within 30 minutes, by loopback or HTTPS.
 * `undefined` when there already is one. A new link ends the one before it.
 */
export async function createSetupLink(desk: Desk, now: Date): Promise<string | undefined> {
  if (await store.hasAdministrator(desk.db)) return undefined
  await store.dropOnceLinks(desk.db, 'setup', undefined, now)
  const token = newToken()
  const until = new Date(now.getTime() + setupMinutes * 60_000)
  await store.insertOnceLink(desk.db, { purpose: 'setup', hash: hashOf(token), madeBy: 'máy chủ', now, until })
  return `${desk.baseUrl}/thiet-lap/${token}`
}
const isLoopback = (address: string) => /^(127\.|::1$|::ffff:127\.)/.test(address)
const isPrivate = (wire: Wire | undefined) => wire === undefined || wire.secure || isLoopback(wire.address)
const findSetup = async (db: Db, token: string, now: Date) =>
  (await store.hasAdministrator(db)) ? undefined : store.readOnceLink(db, 'setup', hashOf(token), now)

export const seeSetup = answer(contract.seeSetup, policy.seeSetup, async ({ desk, db, now, input, wire }) => {
  if (!isPrivate(wire)) refuse(contract.seeSetup, 'needsHttps')
  if (!(await findSetup(db, input.token, now))) refuse(contract.seeSetup, 'expiredLink')
  return { offersDemo: memoryOf(desk).openDemo !== undefined }
})
export const setUp = answer(contract.setUp, policy.setUp, async ({ desk, db, now, input, wire, note, after }) => {
  if (!isPrivate(wire)) refuse(contract.setUp, 'needsHttps')
  const { openDemo } = memoryOf(desk)
  if (input.begin === 'demo' && !openDemo) refuse(contract.setUp, 'noDemo')
  const link = await findSetup(db, input.token, now)
  if (!link || !(await store.spendOnceLink(db, link.id, now))) refuse(contract.setUp, 'expiredLink')
  const userId = newId(now)
  await makeAdministrator(desk, db, { ...input, userId, now })
  note({ userId, begin: input.begin })
  if (input.begin === 'demo') after(() => void openDemo?.().catch(() => {}))
  return { begin: input.begin }
})
/** For the set-up page and the command line. */
async function makeAdministrator(
  desk: Desk,
  db: Db,
  {
    userId,
    userName,
    name,
    password,
    now,
  }: { userId: string; userName: string; name: string; password: string; now: Date },
) {
  await store.insertUser(db, { id: userId, userName, name, now })
  await store.writePassword(db, userId, await hashPassword(desk, password), now)
  await store.insertGrant(db, {
    id: newId(now),
    userId,
    role: 'administrator',
    kind: 'installation',
    scopeId: undefined,
    from: dayOf(now),
    to: undefined,
    reason: 'Thiết lập lần đầu',
    now,
    by: 'máy chủ',
  })
}
/** For the command line and the demo, which run with the server's own hands. */
export const setPassword = async (
  desk: Desk,
  { userId, password, now }: { userId: string; password: string; now: Date },
) => store.writePassword(desk.db, userId, await hashPassword(desk, password), now)
