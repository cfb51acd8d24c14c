// The only SQL of access, but for the logs (log.ts).
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { dayOf } from '../../../kernel/time.ts'
import type { Assurance, Grant, NameTask, Role, ScopeKind } from '../../../platform/rights.ts'
import type { SignedIn } from '../../../platform/server/cookie.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'

type Handle = Db | Tx
const first = <T>({ rows }: { rows: T[] }): T | undefined => rows[0]

// Standing: what somebody of the staff may do now

export type Standing = {
  userId: string
  userName: string
  name: string
  personId: string | undefined
  disabled: boolean
  totpEnrolled: boolean
  grants: Grant[]
  nameTasks: NameTask[]
}
/** The rights in force today of one of the staff, in one statement. */
export async function readStanding(db: Handle, userId: string, now: Date): Promise<Standing | undefined> {
  const today = dayOf(now)
  const row = first(
    await sql<{
      user_name: string
      name: string
      person_id: string | null
      disabled: boolean
      two_factor_enabled: boolean
      grants: { role: Role; kind: ScopeKind; scope_id: string | null }[]
      tasks: { unit_id: string; reason: string }[]
    }>`select u.user_name, u.name, u.person_id, u.disabled_at is not null as disabled, u.two_factor_enabled,
        (select coalesce(jsonb_agg(distinct jsonb_build_object('role', g.role, 'kind', g.kind, 'scope_id', g.scope_id)), '[]')
           from role_grant g where g.user_id = u.id and g.revoked_at is null
            and g.valid_from <= ${today}::date and (g.valid_to is null or g.valid_to >= ${today}::date)) as grants,
        (select coalesce(jsonb_agg(jsonb_build_object('unit_id', t.unit_id, 'reason', t.reason)), '[]')
           from name_task t where t.user_id = u.id and t.revoked_at is null
            and t.valid_from <= ${today}::date and t.valid_to >= ${today}::date) as tasks
      from staff_user u where u.id = ${userId}`.execute(db),
  )
  return (
    row && {
      userId,
      userName: row.user_name,
      name: row.name,
      personId: row.person_id ?? undefined,
      disabled: row.disabled,
      totpEnrolled: row.two_factor_enabled,
      grants: row.grants.map(({ role, kind, scope_id }) => ({
        role,
        kind,
        ...(scope_id ? { scopeId: scope_id } : {}),
      })),
      nameTasks: row.tasks.map(({ unit_id, reason }) => ({ unitId: unit_id, reason })),
    }
  )
}

// Sign-ins

export type SignInRow = {
  id: string
  kind: 'staff' | 'member'
  user_id: string | null
  person_id: string | null
  campaign_id: string | null
  assurance: Assurance
  two_factor: boolean
}
export const insertSignIn = async (
  db: Handle,
  who: SignedIn,
  { now, until, entryLinkId }: { now: Date; until: Date; entryLinkId?: string },
): Promise<void> => {
  const member = who.kind === 'member' ? who : undefined
  const staff = who.kind === 'staff' ? who : undefined
  await sql`insert into sign_in (id, kind, user_id, person_id, campaign_id, entry_link_id, assurance, two_factor, at, seen_at, expires_at)
    values (${who.signInId}, ${who.kind}, ${staff?.userId ?? null}, ${member?.personId ?? null}, ${member?.campaignId ?? null},
      ${entryLinkId ?? null}, ${member?.assurance ?? 'confirmed'}, ${staff?.twoFactor ?? false}, ${now}, ${now}, ${until})`.execute(
    db,
  )
}
/** A sign-in that still stands, touched: unknown, revoked, expired and disabled ones are `undefined`. */
export const touchSignIn = async (db: Handle, signInId: string, now: Date): Promise<SignInRow | undefined> =>
  first(
    await sql<SignInRow>`update sign_in s set seen_at = ${now}
      where id = ${signInId} and revoked_at is null and expires_at > ${now}
        and not exists (select from staff_user u where u.id = s.user_id and u.disabled_at is not null)
      returning id, kind, user_id, person_id, campaign_id, assurance, two_factor`.execute(db),
  )
export const readAssurance = async (db: Handle, signInId: string): Promise<Assurance | undefined> =>
  first(
    await sql<{
      assurance: Assurance
    }>`select assurance from sign_in where id = ${signInId} and revoked_at is null`.execute(db),
  )?.assurance
export const confirmSignIn = (db: Handle, signInId: string) =>
  sql`update sign_in set assurance = 'confirmed', confirm_code_hash = null where id = ${signInId}`.execute(db)
export const markTwoFactor = (db: Handle, signInId: string) =>
  sql`update sign_in set two_factor = true where id = ${signInId}`.execute(db)

/** Revokes sign-ins and tells every process; returns their ids. Everything else of theirs is left as it was. */
export async function revokeSignIns(
  db: Handle,
  which:
    | { signInId: string }
    | { userId: string; exceptId?: string }
    | { personId: string }
    | { entryLinkIds: string[] },
  now: Date,
): Promise<string[]> {
  const where =
    'signInId' in which
      ? sql`id = ${which.signInId}`
      : 'userId' in which
        ? sql`user_id = ${which.userId} and id is distinct from ${which.exceptId ?? null}::uuid`
        : 'personId' in which
          ? sql`person_id = ${which.personId} and kind = 'member'`
          : sql`entry_link_id = any(${which.entryLinkIds}::uuid[])`
  const { rows } = await sql<{ id: string }>`update sign_in set revoked_at = ${now}
    where revoked_at is null and ${where} returning id`.execute(db)
  if (rows.length > 0) await tell(db, `out ${rows.length > 100 ? '*' : rows.map(({ id }) => id).join(' ')}`)
  return rows.map(({ id }) => id)
}
export const readRevokedSince = async (db: Handle, since: Date): Promise<{ id: string; revoked_at: Date }[]> =>
  (
    await sql<{ id: string; revoked_at: Date }>`select id, revoked_at from sign_in where revoked_at > ${since}`.execute(
      db,
    )
  ).rows

/** «out <ids>» or «grants <user>». Sent with the transaction; may be lost, so it is also asked for. */
export const channel = 'access'
export const tell = (db: Handle, news: string) => sql`select pg_notify(${channel}, ${news})`.execute(db)
export const tellGrants = (db: Handle, userId: string) => tell(db, `grants ${userId}`)

// Wrong attempts

/** Counts an attempt before it is judged, so that attempts at once cannot pass together. Windows last an hour. */
export const countTry = async (db: Handle, key: string, now: Date): Promise<{ tries: number; since: Date }> =>
  first(
    await sql<{
      tries: number
      since: Date
    }>`insert into sign_in_try as t (key, tries, since) values (${key}, 1, ${now})
      on conflict (key) do update set
        tries = case when t.since < ${new Date(now.getTime() - 3_600_000)} then 1 else t.tries + 1 end,
        since = case when t.since < ${new Date(now.getTime() - 3_600_000)} then ${now} else t.since end
      returning tries, since`.execute(db),
  )!
export const forgetTries = (db: Handle, key: string) => sql`delete from sign_in_try where key = ${key}`.execute(db)
export const readTries = async (db: Handle, key: string, now: Date): Promise<{ tries: number; since: Date }> =>
  first(
    await sql<{ tries: number; since: Date }>`select tries, since from sign_in_try
      where key = ${key} and since >= ${new Date(now.getTime() - 3_600_000)}`.execute(db),
  ) ?? { tries: 0, since: now }

// Links that work once

export const insertOnceLink = (
  db: Handle,
  it: { purpose: 'setup' | 'password'; hash: string; userId?: string; madeBy: string; now: Date; until: Date },
) =>
  sql`insert into once_link (id, purpose, token_hash, user_id, made_at, made_by, expires_at)
    values (${newId(it.now)}, ${it.purpose}, ${it.hash}, ${it.userId ?? null}, ${it.now}, ${it.madeBy}, ${it.until})`.execute(
    db,
  )
export const readOnceLink = async (db: Handle, purpose: 'setup' | 'password', hash: string, now: Date) =>
  first(
    await sql<{ id: string; user_id: string | null; user_name: string | null; name: string | null }>`
      select l.id, l.user_id, u.user_name, u.name from once_link l left join staff_user u on u.id = l.user_id
      where l.purpose = ${purpose} and l.token_hash = ${hash} and l.used_at is null and l.expires_at > ${now}
        and u.disabled_at is null`.execute(db),
  )
/** True for exactly one caller. */
export const spendOnceLink = async (db: Handle, id: string, now: Date): Promise<boolean> =>
  first(
    await sql`update once_link set used_at = ${now} where id = ${id} and used_at is null returning id`.execute(db),
  ) !== undefined
export const dropOnceLinks = (db: Handle, purpose: 'setup' | 'password', userId: string | undefined, now: Date) =>
  sql`update once_link set expires_at = ${now} where purpose = ${purpose} and user_id is not distinct from ${userId ?? null}
    and used_at is null and expires_at > ${now}`.execute(db)

// Staff accounts

export const hasAdministrator = async (db: Handle): Promise<boolean> =>
  first(
    await sql`select from role_grant g join staff_user u on u.id = g.user_id
      where g.role = 'administrator' and g.kind = 'installation' and g.revoked_at is null and u.disabled_at is null limit 1`.execute(
      db,
    ),
  ) !== undefined
export const findUserByName = async (db: Handle, userName: string) =>
  first(
    await sql<{ id: string; name: string; user_name: string; disabled: boolean }>`select id, name, user_name,
      disabled_at is not null as disabled from staff_user where user_name = ${userName}`.execute(db),
  )
export const readUser = async (db: Handle, userId: string) =>
  first(
    await sql<{
      id: string
      name: string
      user_name: string
      person_id: string | null
      disabled: boolean
    }>`select id, name,
      user_name, person_id, disabled_at is not null as disabled from staff_user where id = ${userId}`.execute(db),
  )
/** False when the user name is taken. */
export const insertUser = async (
  db: Handle,
  it: { id: string; userName: string; name: string; now: Date },
): Promise<boolean> =>
  first(
    await sql`insert into staff_user (id, name, email, user_name, shown_user_name, created_at, updated_at)
      values (${it.id}, ${it.name}, ${`${it.userName}@nguoi-dung.invalid`}, ${it.userName}, ${it.userName}, ${it.now}, ${it.now})
      on conflict do nothing returning id`.execute(db),
  ) !== undefined
export const writePassword = async (db: Handle, userId: string, hash: string, now: Date) => {
  await sql`delete from staff_account where user_id = ${userId} and provider_id = 'credential'`.execute(db)
  await sql`insert into staff_account (id, user_id, account_id, provider_id, password, created_at, updated_at)
    values (${newId(now)}, ${userId}, ${userId}, 'credential', ${hash}, ${now}, ${now})`.execute(db)
}
export const dropPassword = (db: Handle, userId: string) =>
  sql`delete from staff_account where user_id = ${userId} and provider_id = 'credential'`.execute(db)
export const dropSecondFactor = async (db: Handle, userId: string) => {
  await sql`delete from staff_two_factor where user_id = ${userId}`.execute(db)
  await sql`update staff_user set two_factor_enabled = false where id = ${userId}`.execute(db)
}
export const dropStaffSessions = (db: Handle, userId: string) =>
  sql`delete from staff_session where user_id = ${userId}`.execute(db)
export const writeDisabled = (db: Handle, userId: string, at: Date | null) =>
  sql`update staff_user set disabled_at = ${at} where id = ${userId}`.execute(db)
export const findPersonByCode = async (db: Handle, code: string, register: string) =>
  (
    await sql<{
      id: string
      full_name: string
    }>`select p.id, p.full_name from person p join register r on r.id = p.register_id
      where p.code = ${code} and p.erased_at is null and (${register} = '' or r.code = ${register}) limit 2`.execute(db)
  ).rows
/** False when another account already stands for this person. */
export const writePersonOfUser = async (db: Handle, userId: string, personId: string | null): Promise<boolean> =>
  first(
    await sql`update staff_user set person_id = ${personId} where id = ${userId}
      and not exists (select from staff_user o where o.person_id = ${personId} and o.id <> ${userId}) returning id`.execute(
      db,
    ),
  ) !== undefined

export const pageOfStaff = async (db: Handle, { search, page, size }: { search: string; page: number; size: number }) =>
  (
    await sql<{
      id: string
      user_name: string
      name: string
      disabled: boolean
      two_factor_enabled: boolean
      has_password: boolean
      person_id: string | null
      person_name: string | null
      grants: number
      last_seen_at: Date | null
      total: number
    }>`select u.id, u.user_name, u.name, u.disabled_at is not null as disabled, u.two_factor_enabled,
        exists (select from staff_account a where a.user_id = u.id and a.password is not null) as has_password,
        u.person_id, p.full_name as person_name,
        (select count(*) from role_grant g where g.user_id = u.id and g.revoked_at is null) as grants,
        (select max(s.seen_at) from sign_in s where s.user_id = u.id) as last_seen_at,
        count(*) over () as total
      from staff_user u left join person p on p.id = u.person_id
      where ${search} = '' or fold(u.name) like ${likely(search)} or u.user_name like ${likely(search)}
      order by u.name collate "vi-x-icu", u.user_name limit ${size} offset ${(page - 1) * size}`.execute(db)
  ).rows
export const fewStaff = async (db: Handle, search: string) =>
  (
    await sql<{ id: string; user_name: string; name: string }>`select id, user_name, name from staff_user
      where disabled_at is null and (fold(name) like ${likely(search)} or user_name like ${likely(search)})
      order by name collate "vi-x-icu" limit 20`.execute(db)
  ).rows
/** A folded search as a pattern; its own percent signs mean themselves. */
const likely = (search: string) =>
  sql`'%' || replace(replace(replace(fold(${search}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`

// Grants and tasks

export const insertGrant = (
  db: Handle,
  it: {
    id: string
    userId: string
    role: Role
    kind: ScopeKind
    scopeId: string | undefined
    from: string
    to: string | undefined
    reason: string
    now: Date
    by: string
  },
) =>
  sql`insert into role_grant (id, user_id, role, kind, scope_id, valid_from, valid_to, reason, made_at, made_by)
    values (${it.id}, ${it.userId}, ${it.role}, ${it.kind}, ${it.scopeId ?? null}, ${it.from}, ${it.to ?? null}, ${it.reason},
      ${it.now}, ${it.by})`.execute(db)
export const readGrant = async (db: Handle, grantId: string) =>
  first(
    await sql<{ id: string; user_id: string; role: Role; kind: ScopeKind; scope_id: string | null; made_by: string }>`
      select id, user_id, role, kind, scope_id, made_by from role_grant where id = ${grantId} and revoked_at is null`.execute(
      db,
    ),
  )
export const revokeGrantRow = (db: Handle, grantId: string, by: string, now: Date) =>
  sql`update role_grant set revoked_at = ${now}, revoked_by = ${by} where id = ${grantId}`.execute(db)
/** Holds the installation's administrators still while one of them is taken away. */
export const otherAdministrators = async (
  db: Handle,
  exceptUserId: string,
  exceptGrantId: string | undefined,
): Promise<number> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('last administrator' || current_schema(), 4))`.execute(db)
  return (
    first(
      await sql<{ n: number }>`select count(*) as n from role_grant g join staff_user u on u.id = g.user_id
        where g.role = 'administrator' and g.kind = 'installation' and g.revoked_at is null and u.disabled_at is null
          and g.id is distinct from ${exceptGrantId ?? null}::uuid
          and (${exceptGrantId !== undefined} or g.user_id <> ${exceptUserId})`.execute(db),
    )?.n ?? 0
  )
}

export type GrantListing = {
  id: string
  user_id: string
  user_name: string
  name: string
  role: Role
  kind: ScopeKind
  scope_id: string | null
  unit_name: string | null
  valid_from: string
  valid_to: string | null
  reason: string
  made_by: string
  made_at: Date
  revoked_at: Date | null
  in_force: boolean
  total: number
}
/**
 * Grants at a place: a unit with all below it, one other place, or the whole installation.
 * `byActor`: what the reader gave herself is listed too, wherever it stands.
 */
export const pageOfGrants = async (
  db: Handle,
  it: {
    kind: ScopeKind
    scopeId: string | undefined
    userId: string | undefined
    past: boolean
    byActor: string
    today: string
    page: number
    size: number
  },
): Promise<GrantListing[]> => {
  const here =
    it.kind === 'installation'
      ? sql`true`
      : it.kind === 'unit'
        ? sql`(g.made_by = ${it.byActor} or (g.kind = 'unit' and exists (select from unit_now a join unit_now b on b.lft between a.lft and a.rgt
              where a.unit_id = ${it.scopeId}::uuid and b.unit_id = g.scope_id)))`
        : sql`(g.kind = ${it.kind} and g.scope_id = ${it.scopeId}::uuid)`
  const now = sql`(g.revoked_at is null and g.valid_from <= ${it.today}::date and (g.valid_to is null or g.valid_to >= ${it.today}::date))`
  return (
    await sql<GrantListing>`select g.id, g.user_id, u.user_name, u.name, g.role, g.kind, g.scope_id, n.name as unit_name, g.valid_from,
        g.valid_to, g.reason, g.made_by, g.made_at, g.revoked_at, ${now} as in_force, count(*) over () as total
      from role_grant g join staff_user u on u.id = g.user_id left join unit_now n on g.kind = 'unit' and n.unit_id = g.scope_id
      where ${here} and (${it.userId ?? null}::text is null or g.user_id = ${it.userId ?? null})
        and (${it.past} or (g.revoked_at is null and (g.valid_to is null or g.valid_to >= ${it.today}::date)))
      order by u.name collate "vi-x-icu", g.made_at, g.id limit ${it.size} offset ${(it.page - 1) * it.size}`.execute(
      db,
    )
  ).rows
}

export const insertNameTask = (
  db: Handle,
  it: { id: string; userId: string; unitId: string; reason: string; from: string; to: string; now: Date; by: string },
) =>
  sql`insert into name_task (id, user_id, unit_id, reason, valid_from, valid_to, made_at, made_by)
    values (${it.id}, ${it.userId}, ${it.unitId}, ${it.reason}, ${it.from}, ${it.to}, ${it.now}, ${it.by})`.execute(db)
/** The user whose task was ended; `undefined` when there is none of this id on this unit. */
export const endNameTaskRow = async (db: Handle, taskId: string, unitId: string, by: string, now: Date) =>
  first(
    await sql<{ user_id: string }>`update name_task set revoked_at = ${now}, revoked_by = ${by}
      where id = ${taskId} and unit_id = ${unitId} and revoked_at is null returning user_id`.execute(db),
  )?.user_id
export const pageOfNameTasks = async (
  db: Handle,
  { unitId, today, page, size }: { unitId: string; today: string; page: number; size: number },
) =>
  (
    await sql<{
      id: string
      user_id: string
      user_name: string
      name: string
      unit_id: string
      unit_name: string
      reason: string
      valid_from: string
      valid_to: string
      made_by: string
      in_force: boolean
      total: number
    }>`select t.id, t.user_id, u.user_name, u.name, t.unit_id, n.name as unit_name, t.reason, t.valid_from, t.valid_to, t.made_by,
        (t.revoked_at is null and t.valid_from <= ${today}::date and t.valid_to >= ${today}::date) as in_force, count(*) over () as total
      from name_task t join staff_user u on u.id = t.user_id join unit_now n on n.unit_id = t.unit_id
        join unit_now a on a.unit_id = ${unitId}::uuid and n.lft between a.lft and a.rgt
      where t.revoked_at is null
      order by t.valid_to desc, u.name collate "vi-x-icu" limit ${size} offset ${(page - 1) * size}`.execute(db)
  ).rows

// Members

export type LinkRow = { id: string; person_id: string; campaign_id: string; expires_at: Date; full_name: string }
export const readEntryLink = async (db: Handle, hash: string, now: Date): Promise<LinkRow | undefined> =>
  first(
    await sql<LinkRow>`select l.id, l.person_id, l.campaign_id, l.expires_at, p.full_name from entry_link l join person p on p.id = l.person_id
      where l.token_hash = ${hash} and l.revoked_at is null and l.expires_at > ${now} and p.erased_at is null`.execute(
      db,
    ),
  )
export const insertEntryLink = (
  db: Handle,
  it: { id: string; personId: string; campaignId: string; hash: string; by: string; now: Date; until: Date },
) =>
  sql`insert into entry_link (id, person_id, campaign_id, token_hash, made_at, made_by, expires_at)
    values (${it.id}, ${it.personId}, ${it.campaignId}, ${it.hash}, ${it.now}, ${it.by}, ${it.until})`.execute(db)
export const markLinkUsed = (db: Handle, linkId: string, now: Date) =>
  sql`update entry_link set first_used_at = coalesce(first_used_at, ${now}) where id = ${linkId}`.execute(db)
/** Ends links of one person in one campaign, or of a whole campaign; returns their ids. */
export const revokeLinks = async (
  db: Handle,
  which: { campaignId: string; personId?: string; unusedOnly?: boolean },
  now: Date,
): Promise<string[]> =>
  (
    await sql<{
      id: string
    }>`update entry_link set revoked_at = ${now} where campaign_id = ${which.campaignId} and revoked_at is null
      and (${which.personId ?? null}::uuid is null or person_id = ${which.personId ?? null}::uuid)
      and (not ${which.unusedOnly ?? false} or first_used_at is null) returning id`.execute(db)
  ).rows.map(({ id }) => id)

/** Where a person belongs today, if that is inside `unitId`. */
export const personInUnit = async (db: Handle, personId: string, unitId: string) =>
  first(
    await sql<{ full_name: string; unit_id: string; path: string[]; grassroots_id: string | null }>`
      select p.full_name, n.unit_id, n.path, n.grassroots_id from person p
        join membership m on m.person_id = p.id and m.valid_to is null
        join unit_now n on n.unit_id = m.unit_id
      where p.id = ${personId} and p.erased_at is null and ${unitId}::uuid = any(n.path)
      order by m.kind limit 1`.execute(db),
  )
/** Of these units, those at the grassroots or below: their officers see names. */
export async function unitsWithNames(db: Handle, unitIds: readonly string[]): Promise<Set<string>> {
  if (unitIds.length === 0) return new Set()
  const { rows } = await sql<{ unit_id: string }>`
    select unit_id from unit_now where unit_id = any(${unitIds as string[]}::uuid[]) and grassroots_id is not null`.execute(
    db,
  )
  return new Set(rows.map(({ unit_id }) => unit_id))
}
export const unitNames = async (db: Handle, unitIds: readonly string[]): Promise<Map<string, string>> => {
  if (unitIds.length === 0) return new Map()
  const { rows } = await sql<{
    unit_id: string
    name: string
  }>`select unit_id, name from unit_now where unit_id = any(${unitIds as string[]}::uuid[])`.execute(db)
  return new Map(rows.map(({ unit_id, name }) => [unit_id, name]))
}
export const personName = async (db: Handle, personId: string): Promise<string | undefined> =>
  first(await sql<{ full_name: string }>`select full_name from person where id = ${personId}`.execute(db))?.full_name

export const readPin = async (db: Handle, personId: string): Promise<string | undefined> =>
  first(await sql<{ pin_hash: string }>`select pin_hash from member_pin where person_id = ${personId}`.execute(db))
    ?.pin_hash
/** False when one was already set. */
export const insertPin = async (db: Handle, personId: string, hash: string, now: Date): Promise<boolean> =>
  first(
    await sql`insert into member_pin (person_id, pin_hash, set_at) values (${personId}, ${hash}, ${now})
      on conflict do nothing returning person_id`.execute(db),
  ) !== undefined
export const dropPin = (db: Handle, personId: string) =>
  sql`delete from member_pin where person_id = ${personId}`.execute(db)

export const writeConfirmCode = (db: Handle, signInId: string, hash: string, until: Date) =>
  sql`update sign_in set confirm_code_hash = ${hash}, confirm_code_until = ${until} where id = ${signInId}`.execute(db)
/** The sign-in that shows this code now, of somebody inside the unit. */
export const findByConfirmCode = async (db: Handle, hash: string, unitId: string, now: Date) =>
  (
    await sql<{ id: string; person_id: string; full_name: string }>`select s.id, s.person_id, p.full_name from sign_in s
        join person p on p.id = s.person_id
        join membership m on m.person_id = s.person_id and m.valid_to is null
        join unit_now n on n.unit_id = m.unit_id and ${unitId}::uuid = any(n.path)
      where s.confirm_code_hash = ${hash} and s.confirm_code_until > ${now} and s.revoked_at is null limit 2`.execute(
      db,
    )
  ).rows

export const hasSeenNotice = async (db: Handle, personId: string, version: string): Promise<boolean> =>
  first(await sql`select from notice_seen where person_id = ${personId} and version = ${version}`.execute(db)) !==
  undefined
export const writeNoticeSeen = (db: Handle, personId: string, version: string, way: 'screen' | 'paper', now: Date) =>
  sql`insert into notice_seen (person_id, version, at, way) values (${personId}, ${version}, ${now}, ${way}) on conflict do nothing`.execute(
    db,
  )

// The demo's people

export type DemoPerson = {
  key: string
  title: string
  userId?: string
  personId?: string
  campaignId?: string
  path: string
}
export const writeDemoPerson = (db: Handle, it: DemoPerson, position: number) =>
  sql`insert into demo_person (key, title, user_id, person_id, campaign_id, path, position)
    values (${it.key}, ${it.title}, ${it.userId ?? null}, ${it.personId ?? null}, ${it.campaignId ?? null}, ${it.path}, ${position})
    on conflict (key) do update set title = excluded.title, user_id = excluded.user_id, person_id = excluded.person_id,
      campaign_id = excluded.campaign_id, path = excluded.path, position = excluded.position`.execute(db)
export const listDemoPeople = async (db: Handle) =>
  (
    await sql<{
      key: string
      title: string
      user_id: string | null
      person_id: string | null
      campaign_id: string | null
      path: string
      name: string
    }>`select d.key, d.title, d.user_id, d.person_id, d.campaign_id, d.path, coalesce(u.name, p.full_name, '') as name
      from demo_person d left join staff_user u on u.id = d.user_id left join person p on p.id = d.person_id
      order by d.position`.execute(db)
  ).rows
