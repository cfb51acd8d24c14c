// From a cookie to an actor. A member's costs microseconds and no query; a member of staff's rights are read at most every five seconds.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { newId } from '../../../kernel/id.ts'
import { type Actor, nobody } from '../../../platform/rights.ts'
import {
  cookieLine,
  cookieName,
  findCookie,
  mintCookie,
  readCookie,
  type SignedIn,
} from '../../../platform/server/cookie.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { openEar } from '../../../platform/server/ear.ts'
import type { Wire } from '../../../platform/server/operate.ts'
import { needsSecondFactor } from '../rules.ts'
import { sealLogs } from './log.ts'
import {
  channel,
  findUserByName,
  insertSignIn,
  readRevokedSince,
  readStanding,
  type SignInRow,
  type Standing,
  touchSignIn,
} from './store.ts'

const standingMs = 5_000
const rememberRevokedMs = 13 * 3_600_000 // longer than any cookie is fresh
const sealEveryMs = 10_000
export const staffSignInHours = 12

/** A live session that the demo can play; the app knows how. */
export type LiveDemo = {
  /** Until when it is played, while it is. */
  until: () => Date | undefined
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** What one process remembers for its desk. Nothing here is the truth; all of it may be lost. */
type Memory = {
  standings: Map<string, { standing: Promise<Standing | undefined>; until: number }>
  revoked: Map<string, number>
  revokedReadTo: Date
  openDemo: (() => Promise<void>) | undefined
  liveDemo: LiveDemo | undefined
}
const memories = new WeakMap<Desk, Memory>()
export function memoryOf(desk: Desk): Memory {
  let memory = memories.get(desk)
  if (!memory) {
    memory = {
      standings: new Map(),
      revoked: new Map(),
      revokedReadTo: new Date(0),
      openDemo: undefined,
      liveDemo: undefined,
    }
    memories.set(desk, memory)
  }
  return memory
}
export const forgetStanding = (desk: Desk, userId: string) => void memoryOf(desk).standings.delete(userId)
export const rememberRevoked = (desk: Desk, signInIds: readonly string[], at: Date) => {
  for (const signInId of signInIds) memoryOf(desk).revoked.set(signInId, at.getTime())
}

export function standingOf(desk: Desk, userId: string, now: Date): Promise<Standing | undefined> {
  const { standings } = memoryOf(desk)
  const kept = standings.get(userId)
  if (kept && kept.until > Date.now()) return kept.standing
  if (standings.size > 10_000) standings.clear()
  const standing = readStanding(desk.db, userId, now)
  standings.set(userId, { standing, until: Date.now() + standingMs })
  standing.catch(() => standings.delete(userId))
  return standing
}

const memberActor = (who: SignedIn & { kind: 'member' }): Actor => ({
  name: `đv:${who.personId}`,
  kind: 'member',
  personId: who.personId,
  campaignId: who.campaignId,
  assurance: who.assurance,
  grants: [],
  signInId: who.signInId,
})
/** Whoever needs a second factor and came without one holds nothing until she has enrolled it. */
export async function staffActor(desk: Desk, who: SignedIn & { kind: 'staff' }, now: Date): Promise<Actor> {
  const standing = await standingOf(desk, who.userId, now)
  if (!standing || standing.disabled) return nobody
  const { grants, nameTasks, personId } = standing
  const bare = !who.twoFactor && needsSecondFactor(grants, nameTasks, desk)
  return {
    name: `nv:${standing.userName}`,
    kind: 'staff',
    userId: who.userId,
    ...(personId ? { personId } : {}),
    assurance: 'confirmed',
    grants: bare ? [] : grants,
    nameTasks: bare ? [] : nameTasks,
    signInId: who.signInId,
  }
}

/**
 * The actor of a `Cookie` header, while its cookie is fresh. At once for members and for nobody.
 * `undefined`: the cookie is ours but over; the sign-in itself has to be asked (`actorOf` does).
 */
export function actorFromCookie(desk: Desk, header: string | undefined, now: Date): Actor | Promise<Actor> | undefined {
  const value = findCookie(header)
  const read = value ? readCookie(desk.secret, value, now) : undefined
  if (!read || memoryOf(desk).revoked.has(read.who.signInId)) return nobody
  if (!read.fresh) return undefined
  return read.who.kind === 'member' ? memberActor(read.who) : staffActor(desk, read.who, now)
}

export const isSecure = (desk: Pick<Desk, 'baseUrl'>, secure: boolean) => secure || desk.baseUrl.startsWith('https:')
const whoOf = (row: SignInRow): SignedIn =>
  row.kind === 'staff'
    ? { kind: 'staff', userId: row.user_id!, twoFactor: row.two_factor, signInId: row.id }
    : {
        kind: 'member',
        personId: row.person_id!,
        campaignId: row.campaign_id!,
        assurance: row.assurance,
        signInId: row.id,
      }

/** Opens a sign-in and sends its cookie: the only way anybody becomes somebody. */
export async function beginSignIn(
  desk: Desk,
  wire: Wire | undefined,
  who: SignedIn extends infer One ? (One extends SignedIn ? Omit<One, 'signInId'> : never) : never,
  { db = desk.db, now, until, entryLinkId }: { db?: Desk['db']; now: Date; until?: Date; entryLinkId?: string },
): Promise<string> {
  const signedIn = { ...who, signInId: newId(now) } as SignedIn
  await insertSignIn(db, signedIn, {
    now,
    until: until ?? new Date(now.getTime() + staffSignInHours * 3_600_000),
    ...(entryLinkId ? { entryLinkId } : {}),
  })
  const value = mintCookie(desk.secret, signedIn, now)
  wire?.setCookie(cookieLine(value, { secure: isSecure(desk, wire.secure) }))
  return value
}
/** A new cookie for a sign-in whose assurance has just changed. */
export const resendCookie = (desk: Desk, wire: Wire | undefined, who: SignedIn, now: Date) =>
  wire?.setCookie(cookieLine(mintCookie(desk.secret, who, now), { secure: isSecure(desk, wire.secure) }))

/**
 * A `Cookie` header for the command line, the demo and tests: a real sign-in of this person, as strong as can be.
 * Throws when there is no such person of the staff.
 */
export async function sessionCookie(
  desk: Desk,
  who: { userName: string } | { personId: string; campaignId: string },
  now: Date,
): Promise<string> {
  if ('personId' in who)
    return `${cookieName}=${await beginSignIn(desk, undefined, { kind: 'member', ...who, assurance: 'confirmed' }, { now, until: new Date(now.getTime() + 30 * 86_400_000) })}`
  const user = await findUserByName(desk.db, who.userName.toLowerCase())
  if (!user) throw new Error(`Không có tài khoản «${who.userName}»`)
  return `${cookieName}=${await beginSignIn(desk, undefined, { kind: 'staff', userId: user.id, twoFactor: true }, { now })}`
}

/** The edge: reads the cookie of each request, renews what may be renewed, and hears of revocations. */
export function openAccess(
  desk: Desk,
  {
    openDemo,
    liveDemo,
    log = () => {},
  }: { openDemo?: () => Promise<void>; liveDemo?: LiveDemo | undefined; log?: (fault: unknown) => void } = {},
) {
  const memory = memoryOf(desk)
  memory.openDemo = openDemo
  memory.liveDemo = liveDemo
  const cookies = new WeakMap<object, string>()
  const timers: NodeJS.Timeout[] = []

  async function renewed(request: FastifyRequest, now: Date): Promise<Actor> {
    const value = findCookie(request.headers.cookie)
    const read = value ? readCookie(desk.secret, value, now) : undefined
    const row = read && (await touchSignIn(desk.db, read.who.signInId, now))
    const secure = isSecure(desk, request.protocol === 'https')
    if (!row) {
      cookies.set(request, cookieLine('', { secure }))
      return nobody
    }
    const who = whoOf(row)
    cookies.set(request, cookieLine(mintCookie(desk.secret, who, now), { secure }))
    return who.kind === 'member' ? memberActor(who) : staffActor(desk, who, now)
  }
  const actorOf = async (request: FastifyRequest): Promise<Actor> => {
    const now = new Date()
    return (await actorFromCookie(desk, request.headers.cookie, now)) ?? renewed(request, now)
  }

  /** The actor of a cookie that a light process has read; of a sign-in alone, where the cookie's time is over. */
  const actorOfSignIn = async (it: { who: SignedIn } | { signInId: string }): Promise<Actor> => {
    const now = new Date()
    const row = 'who' in it ? undefined : await touchSignIn(desk.db, it.signInId, now)
    const who = 'who' in it ? it.who : row && whoOf(row)
    if (!who || memory.revoked.has(who.signInId)) return nobody
    return who.kind === 'member' ? memberActor(who) : staffActor(desk, who, now)
  }

  async function readRevoked() {
    const since = Math.max(memory.revokedReadTo.getTime() - 60_000, Date.now() - rememberRevokedMs)
    const asked = new Date()
    for (const { id, revoked_at } of await readRevokedSince(desk.db, new Date(since)))
      memory.revoked.set(id, revoked_at.getTime())
    memory.revokedReadTo = asked
    for (const [id, at] of memory.revoked) if (at < Date.now() - rememberRevokedMs) memory.revoked.delete(id)
  }
  function hear(news: string) {
    const [about, ...ids] = news.split(' ')
    if (about === 'grants') for (const userId of ids) memory.standings.delete(userId)
    else if (ids.includes('*')) void readRevoked().catch(log)
    else rememberRevoked(desk, ids, new Date())
  }
  const ear = openEar(desk.databaseUrl, {
    channels: [channel],
    hear: (_channel, news) => hear(news),
    fault: log,
  })

  return {
    actorOf,
    actorOfSignIn,
    /** Ids of the sign-ins that were ended while a cookie of theirs may still be fresh. */
    revoked: () => memory.revoked.keys(),
    /** Sends renewed cookies along with whatever the request is answered. */
    attach(app: FastifyInstance) {
      app.addHook('onSend', (request, reply, _payload, done) => {
        const line = cookies.get(request)
        // An operation that signed somebody in or out has already said so.
        if (line && !reply.hasHeader('set-cookie')) reply.header('set-cookie', line)
        done()
      })
    },
    async start() {
      await readRevoked()
      await ear.listen()
      timers.push(
        setInterval(() => void readRevoked().catch(() => {}), standingMs),
        setInterval(() => void sealLogs(desk.db, new Date()).catch(log), sealEveryMs),
      )
      for (const timer of timers) timer.unref()
    },
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await ear.close()
    },
  }
}
export type OpenAccess = ReturnType<typeof openAccess>
