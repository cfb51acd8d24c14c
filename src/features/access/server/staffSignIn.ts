// Staff sign in: user name and password, then a code where they have enrolled one.
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { beginSignIn, forgetStanding, resendCookie } from './actor.ts'
import { limited } from './credential.ts'
import { identityOf, type Told, told } from './identity.ts'
import { markTwoFactor, readUser, revokeSignIns } from './store.ts'

const none = new Headers()
type Sent = { setCookie: (line: string) => void }
const pass = (answered: Told, wire: Sent | undefined) => {
  for (const line of answered.cookies) wire?.setCookie(line)
}
const userIdOf = (answered: Told): string | undefined => (answered.body.user as { id?: string } | undefined)?.id

export const signIn = answer(contract.signIn, policy.signIn, async ({ desk, wire, now, input, db, note }) => {
  const userName = input.userName.trim().toLowerCase()
  const auth = await identityOf(desk)
  const answered = await limited(desk, { person: `nv ${userName}`, address: wire?.address, now }, async () => {
    if (!contract.userNamePattern.test(userName) || input.password === '') return undefined
    const said = await told(
      auth.api.signInUsername({
        body: { username: userName, password: input.password },
        headers: wire?.headers ?? none,
        asResponse: true,
      }),
    )
    if (!said.ok) return undefined
    const userId = userIdOf(said)
    return userId !== undefined && (await readUser(desk.db, userId))?.disabled ? undefined : said
  })
  if (!answered) refuse(contract.signIn, 'wrongPassword')
  pass(answered, wire)
  const userId = userIdOf(answered)
  if (userId === undefined) return { next: 'totp' as const }
  await beginSignIn(desk, wire, { kind: 'staff', userId, twoFactor: false }, { db, now })
  note({ userId })
  return { next: 'done' as const }
})

/** Whether the code is of the phone or from the paper, better-auth knows from its own cookie whose it is; five wrong ones lock for an hour. */
export const signInTotp = answer(
  contract.signInTotp,
  policy.signInTotp,
  async ({ desk, wire, now, input, db, note }) => {
    const auth = await identityOf(desk)
    const asked = { headers: wire?.headers ?? none, asResponse: true as const }
    let startAgain = false
    const answered = await limited(desk, { address: wire?.address, now }, async () => {
      const said = await told(
        input.backup
          ? auth.api.verifyBackupCode({ ...asked, body: { code: input.code } })
          : auth.api.verifyTOTP({ ...asked, body: { code: input.code } }),
      )
      if (said.word === 'ACCOUNT_TEMPORARILY_LOCKED') refuse(contract.signInTotp, 'tooManyTries', { minutes: 60 })
      startAgain = /INVALID_TWO_FACTOR_COOKIE|TOO_MANY_ATTEMPTS|UNAUTHORIZED$/.test(said.word)
      return said.ok ? said : undefined
    })
    if (!answered) refuse(contract.signInTotp, startAgain ? 'startAgain' : 'wrongCode')
    const userId = userIdOf(answered)
    if (userId === undefined || (await readUser(desk.db, userId))?.disabled) refuse(contract.signInTotp, 'startAgain')
    pass(answered, wire)
    await beginSignIn(desk, wire, { kind: 'staff', userId, twoFactor: true }, { db, now })
    note({ userId, backup: input.backup })
    return {}
  },
)

export const enrolTotp = answer(contract.enrolTotp, policy.enrolTotp, async ({ desk, wire, now, input, actor }) => {
  if (!actor.userId) refuse(contract.enrolTotp, 'notYours')
  const auth = await identityOf(desk)
  let because: (typeof contract.enrolTotp.refusals)[number] = 'wrongPassword'
  const answered = await limited(desk, { person: `nv ${actor.userId}`, address: wire?.address, now }, async () => {
    const said = await told(
      auth.api.enableTwoFactor({
        body: { password: input.password },
        headers: wire?.headers ?? none,
        asResponse: true,
      }),
    )
    if (/ALREADY_ENABLED/.test(said.word)) because = 'alreadyEnrolled'
    else if (!/PASSWORD/.test(said.word)) because = 'startAgain'
    return said.ok ? said : undefined
  })
  if (!answered) refuse(contract.enrolTotp, because)
  pass(answered, wire)
  return { uri: String(answered.body.totpURI), backupCodes: (answered.body.backupCodes as string[]) ?? [] }
})

export const confirmTotp = answer(
  contract.confirmTotp,
  policy.confirmTotp,
  async ({ desk, wire, now, input, actor, db, after }) => {
    if (!actor.userId || !actor.signInId) refuse(contract.confirmTotp, 'notYours')
    const { userId, signInId } = actor
    const auth = await identityOf(desk)
    let because: (typeof contract.confirmTotp.refusals)[number] = 'wrongCode'
    const answered = await limited(desk, { person: `totp ${userId}`, address: wire?.address, now }, async () => {
      const said = await told(
        auth.api.verifyTOTP({ body: { code: input.code }, headers: wire?.headers ?? none, asResponse: true }),
      )
      if (!said.ok && said.word !== 'INVALID_CODE') because = 'startAgain'
      return said.ok ? said : undefined
    })
    if (!answered) refuse(contract.confirmTotp, because)
    pass(answered, wire)
    await markTwoFactor(db, signInId)
    resendCookie(desk, wire, { kind: 'staff', userId, twoFactor: true, signInId }, now)
    after(() => forgetStanding(desk, userId))
    return {}
  },
)

/** Every other sign-in of hers ends with the old password. */
export const changePassword = answer(
  contract.changePassword,
  policy.changePassword,
  async ({ desk, wire, now, input, actor, db }) => {
    if (!actor.userId) refuse(contract.changePassword, 'notYours')
    const auth = await identityOf(desk)
    let because: (typeof contract.changePassword.refusals)[number] = 'wrongPassword'
    const answered = await limited(desk, { person: `nv ${actor.userId}`, address: wire?.address, now }, async () => {
      const said = await told(
        auth.api.changePassword({
          body: { currentPassword: input.password, newPassword: input.next, revokeOtherSessions: true },
          headers: wire?.headers ?? none,
          asResponse: true,
        }),
      )
      if (!said.ok && !/PASSWORD/.test(said.word)) because = 'startAgain'
      return said.ok ? said : undefined
    })
    if (!answered) refuse(contract.changePassword, because)
    pass(answered, wire)
    await revokeSignIns(db, { userId: actor.userId, ...(actor.signInId ? { exceptId: actor.signInId } : {}) }, now)
    return {}
  },
)
