// Who is asking, and what is open to her.

import { cookieLine, findCookie, readCookie } from '../../../platform/server/cookie.ts'
import { placeAt } from '../../../platform/server/desk.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { needsSecondFactor, roomsOf } from '../rules.ts'
import { beginSignIn, memoryOf, rememberRevoked, resendCookie, standingOf } from './actor.ts'
import * as store from './store.ts'

export const me = answer(contract.me, policy.me, async ({ desk, db, actor, now, wire }) => {
  const base = {
    kind: actor.kind,
    name: '',
    pinSet: false,
    rooms: [],
    grants: [],
    demo: desk.demo,
    locale: 'vi' as const,
  }
  const bare = { ...base, needsTotp: false, totpEnrolled: false }
  if (actor.kind === 'member' && actor.personId && actor.signInId && actor.campaignId) {
    const { personId, campaignId, signInId } = actor
    const assurance = await store.readAssurance(db, signInId)
    // The cell secretary has just confirmed her: her cookie does not know yet.
    if (assurance && assurance !== actor.assurance)
      resendCookie(desk, wire, { kind: 'member', personId, campaignId, signInId, assurance }, now)
    return {
      ...bare,
      name: (await store.personName(db, personId)) ?? '',
      personId,
      campaignId,
      assurance: assurance ?? actor.assurance,
      pinSet: (await store.readPin(db, personId)) !== undefined,
      rooms: roomsOf(actor),
    }
  }
  if (actor.kind !== 'staff' || !actor.userId) return { ...bare, name: actor.kind === 'machine' ? actor.name : '' }
  const standing = await standingOf(desk, actor.userId, now)
  if (!standing) return bare
  const names = await labels(
    actor.grants.flatMap(({ kind, scopeId }) => (scopeId ? [{ kind, scopeId }] : [])),
    (it) => placeAt(desk, db)(it.kind, it.scopeId),
  )
  const keeping = await store.unitsWithNames(
    db,
    actor.grants.flatMap(({ role, scopeId }) => (role === 'organiser' && scopeId ? [scopeId] : [])),
  )
  return {
    ...base,
    name: standing.name,
    userId: actor.userId,
    ...(actor.personId ? { personId: actor.personId } : {}),
    assurance: actor.assurance,
    rooms: roomsOf(
      actor,
      (scopeId) => names.get(scopeId) ?? '',
      (unitId) => keeping.has(unitId),
    ),
    grants: [...actor.grants],
    needsTotp: actor.grants.length === 0 && needsSecondFactor(standing.grants, standing.nameTasks, desk),
    totpEnrolled: standing.totpEnrolled,
  }
})
/** Names of places, each asked once; a place whose feature is not there has none. */
export async function labels<Kind extends string>(
  scopes: { kind: Kind; scopeId: string }[],
  find: (scope: { kind: Kind; scopeId: string }) => Promise<{ label?: string | undefined } | undefined>,
): Promise<Map<string, string>> {
  const once = new Map(scopes.map((scope) => [scope.scopeId, scope]))
  const found = await Promise.all(
    [...once.values()].map(async (scope) => [scope.scopeId, (await find(scope))?.label ?? ''] as const),
  )
  return new Map(found)
}

export const signOut = answer(contract.signOut, policy.signOut, async ({ desk, db, actor, now, wire, after }) => {
  if (actor.signInId) {
    const ended = await store.revokeSignIns(db, { signInId: actor.signInId }, now)
    after(() => rememberRevoked(desk, ended, now))
  }
  wire?.setCookie(cookieLine('', { secure: false }))
  return {}
})

export const signOutEverywhere = answer(
  contract.signOutEverywhere,
  policy.signOutEverywhere,
  async ({ desk, db, actor, now, wire, after }) => {
    const ended = actor.userId
      ? await store.revokeSignIns(db, { userId: actor.userId }, now)
      : actor.personId
        ? await store.revokeSignIns(db, { personId: actor.personId }, now)
        : []
    if (actor.userId) await store.dropStaffSessions(db, actor.userId)
    after(() => rememberRevoked(desk, ended, now))
    wire?.setCookie(cookieLine('', { secure: false }))
    return { signedOut: ended.length }
  },
)

export const demoPeople = answer(contract.demoPeople, policy.demoPeople, async ({ desk, db }) => {
  if (!desk.demo) refuse(contract.demoPeople, 'notFound')
  const people = await store.listDemoPeople(db)
  const live = memoryOf(desk).liveDemo
  const until = live?.until()?.toISOString()
  return {
    rows: people.map(({ key, title, name, path }) => ({ key, title, name, path })),
    live: { offered: live !== undefined, ...(until ? { until } : {}) },
  }
})
/** Plays on this machine for a bounded time; whoever asks again joins what is being played. */
export const playLive = answer(contract.playLive, policy.playLive, async ({ desk, input }) => {
  const live = memoryOf(desk).liveDemo
  if (!desk.demo || !live) refuse(contract.playLive, 'noDemo')
  await (input.play ? live.start() : live.stop())
  const until = live.until()?.toISOString()
  return until ? { until } : {}
})
/** Only where everything is made up: an installation with anybody's data has no such door. */
export const enterAsDemo = answer(
  contract.enterAsDemo,
  policy.enterAsDemo,
  async ({ desk, db, wire, now, input, note }) => {
    const one = desk.demo ? (await store.listDemoPeople(db)).find(({ key }) => key === input.key) : undefined
    if (!one) refuse(contract.enterAsDemo, 'notFound')
    const value = findCookie(wire?.headers.get('cookie') ?? undefined)
    const former = value ? readCookie(desk.secret, value, now) : undefined
    if (former) rememberRevoked(desk, await store.revokeSignIns(db, { signInId: former.who.signInId }, now), now)
    if (one.user_id) await beginSignIn(desk, wire, { kind: 'staff', userId: one.user_id, twoFactor: true }, { db, now })
    else if (one.person_id && one.campaign_id)
      await beginSignIn(
        desk,
        wire,
        { kind: 'member', personId: one.person_id, campaignId: one.campaign_id, assurance: 'confirmed' },
        { db, now, until: new Date(now.getTime() + 30 * 86_400_000) },
      )
    note({ demoPerson: one.key })
    return { path: one.path }
  },
)
