// Passwords and second factors of the staff are better-auth's; what they open is ours.

import { newId } from '../../../kernel/id.ts'
import type { Desk } from '../../../platform/server/desk.ts'

const appName = 'Điểm Cầu'

async function open(desk: Desk) {
  // 355 ms to load: not before somebody signs in.
  const [{ betterAuth }, { twoFactor, username }] = await Promise.all([
    import('better-auth'),
    import('better-auth/plugins'),
  ])
  const dated = { createdAt: 'created_at', updatedAt: 'updated_at' }
  return betterAuth({
    appName,
    baseURL: desk.baseUrl,
    secret: desk.secret.toString('base64url'),
    database: desk.pool,
    telemetry: { enabled: false },
    logger: { disabled: true },
    // We count attempts ourselves, for people and addresses, in the database (credential.ts).
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    advanced: { cookiePrefix: 'dcs', ipAddress: { disableIpTracking: true }, database: { generateId: () => newId() } },
    user: { modelName: 'staff_user', fields: { emailVerified: 'email_verified', ...dated } },
    session: {
      modelName: 'staff_session',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...dated,
      },
      expiresIn: 12 * 3600,
      disableSessionRefresh: true,
    },
    account: {
      modelName: 'staff_account',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...dated,
      },
    },
    verification: { modelName: 'staff_verification', fields: { expiresAt: 'expires_at', ...dated } },
    plugins: [
      username({
        usernameValidator: (name) => /^[a-z0-9._-]+$/i.test(name),
        schema: { user: { fields: { username: 'user_name', displayUsername: 'shown_user_name' } } },
      }),
      twoFactor({
        issuer: appName,
        accountLockout: { enabled: true, maxFailedAttempts: 5, durationSeconds: 3600 },
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'staff_two_factor',
            fields: {
              userId: 'user_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
    ],
  })
}
type Identity = Awaited<ReturnType<typeof open>>
const opened = new WeakMap<Desk, Promise<Identity>>()
/** One for each desk, loaded when first needed; the app may call it after the first page to have it warm. */
export function identityOf(desk: Desk): Promise<Identity> {
  let identity = opened.get(desk)
  if (!identity) {
    identity = open(desk)
    identity.catch(() => opened.delete(desk))
    opened.set(desk, identity)
  }
  return identity
}

/** ~100 ms of CPU. */
export const hashPassword = async (desk: Desk, password: string): Promise<string> =>
  (await (await identityOf(desk)).$context).password.hash(password)

export type Told = { ok: boolean; body: Record<string, unknown>; cookies: string[]; word: string }
/** What better-auth answered, with the cookies it wants sent. */
export async function told(response: Promise<Response>): Promise<Told> {
  const answer = await response
  const body = (await answer.json().catch(() => ({}))) as Record<string, unknown> | null
  return {
    ok: answer.ok,
    body: body ?? {},
    cookies: answer.headers.getSetCookie(),
    word: String(body?.code ?? answer.status),
  }
}
