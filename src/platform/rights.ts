// Who may do what, decided alike on the server and on the web: roles granted on places, with dates.

/**
 * A *unit officer* is an organiser granted on a grassroots unit; a *data officer* keeps the import and the requests of persons;
 * a *steward* helps at one site's door; a *director* puts on air, a *moderator* orders who speaks, a *speaker* has the lectern.
 * `rules.md` of the domain, «Names and totals», says who sees names.
 */
export const roles = [
  'administrator',
  'dataOfficer',
  'organiser',
  'head',
  'director',
  'moderator',
  'speaker',
  'siteManager',
  'steward',
  'cellSecretary',
] as const
export type Role = (typeof roles)[number]

export const scopeKinds = ['installation', 'unit', 'campaign', 'conference', 'site'] as const
export type ScopeKind = (typeof scopeKinds)[number]
/** A role holds on a unit and all below it, a campaign, a conference, a site, or the whole installation. */
export type Grant = { role: Role; kind: ScopeKind; scopeId?: string | undefined }

/** `entered` came by a link or slip; `confirmed` also gave a PIN, or was confirmed face to face. Staff are always confirmed. */
export type Assurance = 'entered' | 'confirmed'
export type Actor = {
  /** As the log names it: «nv:…», «đv:…», «máy chủ:0», «khách». */
  name: string
  kind: 'staff' | 'member' | 'machine' | 'nobody'
  userId?: string
  personId?: string
  /** An entry link opens one campaign only. */
  campaignId?: string
  assurance?: Assurance
  grants: readonly Grant[]
  /** Dated tasks that let her see names; empty for most. */
  nameTasks?: readonly NameTask[]
  signInId?: string
}
/** Names of the persons of a unit and all below it, for a reason that each look then states. */
export type NameTask = { unitId: string; reason: string }
export const nobody: Actor = { name: 'khách', kind: 'nobody', grants: [] }
/** Whoever may read the data folder or the database's address: the server's own hands. */
export const machine = (uid: number | string): Actor => ({ name: `máy chủ:${uid}`, kind: 'machine', grants: [] })

/** Where a thing stands, so that a grant can be held against it. `unitPath` goes from the root to the unit itself. */
export type Place = {
  unitPath: readonly string[]
  campaignId?: string | undefined
  conferenceId?: string | undefined
  siteId?: string | undefined
  /** Its name, for a list of grants. */
  label?: string | undefined
}
/** A session (buổi) stands where its conference does; nobody is granted a role on one. */
export type PlaceKind = ScopeKind | 'session'

export type Needs<In = never> =
  | { by: 'anyone' }
  | { by: 'signedIn' }
  /** A person's own matter. */
  | { by: 'self'; assurance: Assurance; of: (input: In) => string | undefined }
  /** Someone with one of the roles, at the place the input names. */
  | { by: 'role'; roles: readonly Role[]; on: PlaceKind; at: (input: In) => string | undefined }
  | { by: 'either'; ways: readonly Needs<In>[] }
  /** The server's own hands only: the command line, never the wire. */
  | { by: 'machine' }

export const anyone = { by: 'anyone' } as const
export const signedIn = { by: 'signedIn' } as const
export const machineOnly = { by: 'machine' } as const
export const self = <In>(assurance: Assurance, of: (input: In) => string | undefined): Needs<In> => ({
  by: 'self',
  assurance,
  of,
})
/** Someone signed in, about herself: the operation reads the person from the actor. */
export const herself = (assurance: Assurance): Needs<unknown> => ({ by: 'self', assurance, of: () => undefined })
export const byRole = <In>(
  roles: readonly Role[],
  on: PlaceKind,
  at: (input: In) => string | undefined,
): Needs<In> => ({ by: 'role', roles, on, at })
export const either = <In>(...ways: Needs<In>[]): Needs<In> => ({ by: 'either', ways })

export type Verdict = 'yes' | 'signIn' | 'confirmFirst' | 'notYours'

/** Does the actor hold one of the roles at this place, by a grant on it or on something that contains it? */
export const holds = (actor: Actor, wanted: readonly Role[], place: Place | undefined): boolean =>
  actor.kind === 'machine' ||
  actor.grants.some(
    (grant) =>
      wanted.includes(grant.role) &&
      (grant.kind === 'installation' ||
        (place !== undefined &&
          grant.scopeId !== undefined &&
          ((grant.kind === 'unit' && place.unitPath.includes(grant.scopeId)) ||
            (grant.kind === 'campaign' && grant.scopeId === place.campaignId) ||
            (grant.kind === 'conference' && grant.scopeId === place.conferenceId) ||
            (grant.kind === 'site' && grant.scopeId === place.siteId)))),
  )

/**
 * Who sees names: the cell secretary and the unit officer of the person's own grassroots unit, and whoever has a dated task.
 * `unitPath` goes from the root to the person's unit; `grassrootsId` is the unit on it that keeps names.
 * A grant higher up opens numbers, not names. (A hall's manager sees its roll: sites decides that.)
 */
export const seesNames = (
  actor: Actor,
  { unitPath, grassrootsId }: { unitPath: readonly string[]; grassrootsId: string | undefined },
): boolean => {
  if (actor.kind === 'machine') return true
  // Without such a unit we stand above the grassroots: there are numbers only.
  const keeper = grassrootsId === undefined ? -1 : unitPath.indexOf(grassrootsId)
  const near = keeper < 0 ? [] : unitPath.slice(keeper)
  return (
    actor.grants.some(
      ({ role, kind, scopeId }) =>
        (role === 'organiser' || role === 'cellSecretary') &&
        kind === 'unit' &&
        scopeId !== undefined &&
        near.includes(scopeId),
    ) || (actor.nameTasks ?? []).some(({ unitId }) => unitPath.includes(unitId))
  )
}

/** The one judgement of rights. `placeOf` is asked only when a role decides. */
export async function judge<In>(
  actor: Actor,
  needs: Needs<In>,
  input: In,
  placeOf: (kind: PlaceKind, id: string | undefined) => Promise<Place | undefined>,
): Promise<Verdict> {
  if (needs.by === 'anyone' || actor.kind === 'machine') return 'yes'
  if (needs.by === 'machine') return 'notYours'
  if (actor.kind === 'nobody') return 'signIn'
  if (needs.by === 'signedIn') return 'yes'
  if (needs.by === 'self') {
    const person = needs.of(input)
    if (actor.personId === undefined || (person !== undefined && person !== actor.personId)) return 'notYours'
    return needs.assurance === 'confirmed' && actor.assurance !== 'confirmed' ? 'confirmFirst' : 'yes'
  }
  if (needs.by === 'role') {
    if (!actor.grants.some((grant) => needs.roles.includes(grant.role))) return 'notYours'
    const place = needs.on === 'installation' ? undefined : await placeOf(needs.on, needs.at(input))
    return holds(actor, needs.roles, place) ? 'yes' : 'notYours'
  }
  let best: Verdict = 'notYours'
  for (const way of needs.ways) {
    const verdict = await judge(actor, way, input, placeOf)
    if (verdict === 'yes') return 'yes'
    if (verdict === 'confirmFirst') best = verdict
  }
  return best
}

/** The verbs an actor may use at a place: sent along with data, so that the web never decides again. */
export const abilitiesAt = <P extends Record<string, Needs<never>>>(
  actor: Actor,
  policy: P,
  place: Place,
): (keyof P & string)[] =>
  (Object.keys(policy) as (keyof P & string)[]).filter((verb) => mayAt(actor, policy[verb]!, place))
const mayAt = (actor: Actor, needs: Needs<never>, place: Place): boolean => {
  if (needs.by === 'anyone' || actor.kind === 'machine') return true
  if (needs.by === 'signedIn') return actor.kind !== 'nobody'
  if (needs.by === 'role') return holds(actor, needs.roles, place)
  if (needs.by === 'either') return needs.ways.some((way) => mayAt(actor, way, place))
  return false
}

/** Every word of a contract that can be asked for has its line: a new operation without one does not compile. */
export type PolicyFor<Contract> = {
  [Word in keyof Contract as Contract[Word] extends { kind: string; name: string }
    ? Word
    : never]: Contract[Word] extends {
    input: { _zod: { output: infer In } }
  }
    ? Needs<In> | Needs<unknown>
    : Contract[Word] extends { params: { _zod: { output: infer In } } }
      ? Needs<In> | Needs<unknown>
      : never
}
