// One person's summons, by herself or by the officer of her unit; and what all of them come to, by units and counts.
import { sql } from 'kysely'
import { abilitiesAt, holds } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import { recordLook } from '../../../platform/server/record.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { doorQr } from '../rules.ts'
import { issue, type ToIssue, withdraw } from './issue.ts'
import { guardPerson, namesRange, seesNamesOf, taskReason } from './names.ts'
import { withRoll } from './seating.ts'
import * as store from './store.ts'
import { like } from './store.ts'

const summoning: {
  refusals: readonly (
    | 'alreadySummoned'
    | 'conferenceClosed'
    | 'paperOnly'
    | 'notAttached'
    | 'tooFewSeats'
    | 'noOwnDevice'
  )[]
} = {
  refusals: ['alreadySummoned', 'conferenceClosed', 'paperOnly', 'notAttached', 'tooFewSeats', 'noOwnDevice'],
}
async function openConference(db: Db | Tx, conferenceId: string) {
  const held = (await store.heldConference(db, conferenceId)) ?? refuse(summoning, 'notFound')
  if (held.classified) refuse(summoning, 'paperOnly')
  if (held.state === 'closed') refuse(summoning, 'conferenceClosed')
  return held
}
async function issueOne(db: Db | Tx, secret: Buffer, row: ToIssue) {
  const [issued] = await issue(db, secret, [row])
  return { summonsId: (issued ?? refuse(summoning, 'alreadySummoned')).summonsId }
}

export const summon = answer(contract.summon, policy.summon, async ({ db, desk, actor, now, input, note }) => {
  const held = await openConference(db, input.conferenceId)
  await guardPerson(db, actor, { campaignId: held.campaignId, personId: input.personId })
  await store.lockSeating(db, held.conferenceId)
  if (input.siteId === undefined && !held.ownDevice) refuse(summoning, 'noOwnDevice')
  if (input.siteId !== undefined) {
    const site = (await store.seatsOf(db, held.conferenceId)).find(({ siteId }) => siteId === input.siteId)
    if (!site) refuse(summoning, 'notAttached')
    const heldForHer = await isProposed(db, held.conferenceId, input.personId, input.siteId)
    if (site.freeSeats < 1 && !heldForHer) refuse(summoning, 'tooFewSeats', { free: 0 })
  }
  const made = await issueOne(db, desk.secret, { ...input, origin: 'manual', by: actor.name, at: now })
  await forgetPlace(db, held.conferenceId, input.personId)
  note(made)
  return made
})
const isProposed = async (db: Db | Tx, conferenceId: string, personId: string, siteId: string) =>
  (
    await sql`select from seating_place where conference_id = ${conferenceId} and person_id = ${personId} and site_id = ${siteId}`.execute(
      db,
    )
  ).rows.length > 0
/** Whoever is summoned needs no proposed place any more. */
const forgetPlace = (db: Db | Tx, conferenceId: string, personId: string) =>
  sql`delete from seating_place where conference_id = ${conferenceId} and person_id = ${personId}`.execute(db)

export const register = answer(contract.register, policy.register, async ({ db, desk, actor, now, input, note }) => {
  const held = await openConference(db, input.conferenceId)
  const personId = input.personId ?? actor.personId ?? refuse(contract.register, 'notYours')
  const herself =
    personId === actor.personId && (actor.campaignId === undefined || actor.campaignId === held.campaignId)
  if (!herself) await guardPerson(db, actor, { campaignId: held.campaignId, personId })
  if (herself && held.state === 'draft') refuse(contract.register, 'notFound')
  if (!held.ownDevice) refuse(contract.register, 'noOwnDevice')
  if (!held.range || !(await isInScope(db, held, personId))) refuse(contract.register, 'notInScope')
  const made = await issueOne(db, desk.secret, {
    conferenceId: held.conferenceId,
    personId,
    origin: 'registered',
    by: actor.name,
    at: now,
  })
  await forgetPlace(db, held.conferenceId, personId)
  note(made)
  return made
})
const isInScope = async (db: Db | Tx, held: store.Held, personId: string) =>
  held.range !== undefined &&
  (
    await sql`select from (${store.scopeOf({ campaignId: held.campaignId, range: held.range })}) scope where person_id = ${personId}`.execute(
      db,
    )
  ).rows.length > 0

type InForce = { summonsId: string; personId: string; siteId: string | null; sessionIds: string[] | null }
/** A summons in force, guarded: only the officer of her unit or the manager of her hall changes it. */
async function guardedSummons(
  { db, actor }: Call<unknown>,
  input: { conferenceId: string; summonsId: string },
  campaignId: string,
) {
  const { rows } = await sql<InForce>`
    select id as "summonsId", person_id as "personId", site_id as "siteId", session_ids as "sessionIds" from summons
    where id = ${input.summonsId} and conference_id = ${input.conferenceId} and withdrawn_at is null for update`.execute(
    db,
  )
  const found = rows[0] ?? refuse(contract.excuse, 'unknownSummons')
  await guardPerson(db, actor, { campaignId, personId: found.personId, siteId: found.siteId ?? undefined })
  return found
}
const campaignOf = async (db: Db | Tx, conferenceId: string) =>
  ((await store.heldConference(db, conferenceId)) ?? refuse(summoning, 'notFound')).campaignId

export const withdrawSummons = answer(contract.withdrawSummons, policy.withdrawSummons, async (call) => {
  const { campaignId } = await openConference(call.db, call.input.conferenceId)
  const found = await guardedSummons(call, call.input, campaignId)
  return { withdrawn: (await withdraw(call.db, [found.summonsId], 'cancelled', call.now)) === 1 }
})

export const substitute = answer(contract.substitute, policy.substitute, async (call) => {
  const { db, desk, actor, now, input, note } = call
  const { campaignId } = await openConference(db, input.conferenceId)
  const original = await guardedSummons(call, input, campaignId)
  if (original.personId === input.personId) refuse(contract.substitute, 'samePerson')
  await guardPerson(db, actor, { campaignId, personId: input.personId, siteId: original.siteId ?? undefined })
  await withdraw(db, [original.summonsId], 'replaced', now)
  const made = await issueOne(db, desk.secret, {
    conferenceId: input.conferenceId,
    personId: input.personId,
    siteId: original.siteId ?? undefined,
    sessionIds: original.sessionIds ?? undefined,
    origin: 'substitute',
    replacesId: original.summonsId,
    by: actor.name,
    at: now,
  })
  await forgetPlace(db, input.conferenceId, input.personId)
  note(made)
  return made
})

export const excuse = answer(contract.excuse, policy.excuse, async (call) => {
  const { db, now, input } = call
  const found = await guardedSummons(call, input, await campaignOf(db, input.conferenceId))
  await sql`update summons set excuse = ${input.reason}, excused_at = ${input.reason === null ? null : now} where id = ${found.summonsId}`.execute(
    db,
  )
  return { summonsId: found.summonsId }
})
export const markUndeliverable = answer(contract.markUndeliverable, policy.markUndeliverable, async (call) => {
  const { db, now, input } = call
  const found = await guardedSummons(call, input, await campaignOf(db, input.conferenceId))
  await sql`update summons set undeliverable_at = ${input.undeliverable ? now : null} where id = ${found.summonsId}`.execute(
    db,
  )
  return { summonsId: found.summonsId }
})

type Group = {
  lft: number
  atSite: boolean
  origin: string | null
  excused: boolean
  undeliverable: boolean
  n: number
}
export const summonsCounts = answer(contract.summonsCounts, policy.summonsCounts, async ({ db, actor, input }) => {
  const held = withRoll(
    (await store.heldConference(db, input.conferenceId)) ?? refuse(contract.summonsCounts, 'notFound'),
  )
  const unit = await unitWithin(db, held, input.unitId ?? held.unitId)
  const children = await store.childUnits(db, held.campaignId, unit.unitId)
  const { rows: groups } = await sql<Group>`
    with scope as (${store.scopeOf({ campaignId: held.campaignId, range: unit })})
    select s.lft, m.site_id is not null as "atSite", m.origin, m.excuse is not null as excused, m.undeliverable_at is not null as undeliverable, count(*)::int as n
    from scope s left join summons m on m.person_id = s.person_id and m.conference_id = ${held.conferenceId} and m.withdrawn_at is null
    group by 1, 2, 3, 4, 5`.execute(db)
  const rows = [
    { ...unit, rgt: unit.lft, own: true, children: 0 },
    ...children.map((child) => ({ ...child, own: false })),
  ]
  const place = { unitPath: held.unitPath, campaignId: held.campaignId, conferenceId: held.conferenceId }
  return {
    unit: { unitId: unit.unitId, code: unit.code, name: unit.name },
    trail: await store.unitTrail(db, held.campaignId, unit.path, held.unitId),
    total: counted({ ...unit, own: false }, groups),
    rows: rows.map((row) => counted(row, groups)).filter((row) => !row.own || row.inScope > 0),
    seesNames: seesNamesOf(actor, unit) && groups.some(({ lft }) => lft <= namesRange(actor, unit).rgt),
    ownDevice: held.ownDevice,
    abilities: [
      ...new Set([
        ...abilitiesAt(actor, policy, place),
        // A unit's own organiser makes the papers of her part.
        ...(holds(actor, ['organiser'], { unitPath: unit.path }) ? ['makePapers'] : []),
      ]),
    ],
  }
})
export async function unitWithin(db: Db | Tx, held: ReturnType<typeof withRoll>, unitId: string) {
  const unit = (await store.campaignUnit(db, held.campaignId, unitId)) ?? refuse(summoning, 'notFound')
  if (unit.lft < held.range.lft || unit.rgt > held.range.rgt) refuse(summoning, 'notFound')
  return unit
}
function counted(
  row: { unitId: string; code: string; name: string; own: boolean; children: number; lft: number; rgt: number },
  groups: readonly Group[],
) {
  const mine = groups.filter(({ lft }) => lft >= row.lft && lft <= row.rgt)
  const count = (which: (group: Group) => boolean) => mine.reduce((sum, group) => sum + (which(group) ? group.n : 0), 0)
  const { unitId, code, name, own, children } = row
  return {
    unitId,
    code,
    name,
    own,
    children,
    inScope: count(() => true),
    summoned: count(({ origin }) => origin !== null),
    atSites: count(({ atSite }) => atSite),
    onDevices: count(({ origin, atSite }) => origin !== null && !atSite),
    atTheDoor: count(({ origin }) => origin === 'door'),
    substitutes: count(({ origin }) => origin === 'substitute'),
    excused: count(({ excused }) => excused),
    undeliverable: count(({ undeliverable }) => undeliverable),
    without: count(({ origin }) => origin === null),
  }
}

/** The unit whose names are to be opened, or a refusal: above the grassroots there are counts only. */
export async function unitWithNames(
  { db, actor }: Call<unknown>,
  { conferenceId, unitId }: { conferenceId: string; unitId: string },
) {
  const held = withRoll((await store.heldConference(db, conferenceId)) ?? refuse(summoning, 'notFound'))
  const unit = await unitWithin(db, held, unitId)
  if (!seesNamesOf(actor, unit)) refuse(summoning, 'notYours')
  return { held, unit, range: namesRange(actor, unit) }
}

type Line = Omit<
  (typeof contract.SummonsLine)['_zod']['output'],
  'siteId' | 'siteName' | 'sessionCodes' | 'excuse' | 'replaces'
> & {
  siteId: string | null
  siteName: string | null
  sessionCodes: string[] | null
  excuse: contract.Excuse | null
  replaces: string | null
}
export const listSummons = answer(contract.listSummons, policy.listSummons, async (call) => {
  const { db, actor, now, input } = call
  const { held, unit, range } = await unitWithNames(call, input)
  const which = {
    all: sql`true`,
    atSites: sql`m.site_id is not null`,
    onDevices: sql`m.site_id is null`,
    excused: sql`m.excuse is not null`,
    undeliverable: sql`m.undeliverable_at is not null`,
    substitutes: sql`m.origin = 'substitute'`,
  }[input.which]
  // A guest who replaces one of ours, or was invited, belongs to her own unit of today.
  const chosen = sql`
    from summons m join person p on p.id = m.person_id
      left join roll r on r.campaign_id = ${held.campaignId} and r.person_id = p.id and r.to_at is null
      left join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
      join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = coalesce(r.unit_id, b.unit_id)
      left join site t on t.id = m.site_id
      left join summons o on o.id = m.replaces_id left join person op on op.id = o.person_id
    where m.conference_id = ${held.conferenceId} and m.withdrawn_at is null and u.lft between ${range.lft} and ${range.rgt} and ${which}
      and (${input.search === ''} or p.name_folded like ${like(input.search)} or p.code = ${input.search})`
  const { rows } = await sql<Line>`
    select m.id as "summonsId", p.id as "personId", p.full_name as name, p.position, u.name as "unitName", m.site_id as "siteId", t.name as "siteName", m.origin,
      case when m.session_ids is not null then array(select code from conference_session where id = any(m.session_ids) order by position) end as "sessionCodes",
      m.excuse, m.undeliverable_at is not null as undeliverable, op.full_name as replaces
    ${chosen} order by p.sort_name, p.code limit ${input.size} offset ${(input.page - 1) * input.size}`.execute(db)
  const { rows: totals } = await sql<{ total: number }>`select count(*)::int as total ${chosen}`.execute(db)
  await recordLook(db, {
    actor,
    list: 'sites.listSummons',
    about: { conferenceId: held.conferenceId, unitId: unit.unitId },
    personIds: rows.map(({ personId }) => personId),
    reason: taskReason(actor, unit.path),
    at: now,
  })
  return { rows: rows.map(asLine), total: totals[0]!.total, page: input.page, size: input.size }
})
const asLine = ({ siteId, siteName, sessionCodes, excuse: reason, replaces, ...row }: Line) => ({
  ...row,
  siteId: siteId ?? undefined,
  siteName: siteName ?? undefined,
  sessionCodes: sessionCodes ?? undefined,
  excuse: reason ?? undefined,
  replaces: replaces ?? undefined,
})

export const listUnsummoned = answer(contract.listUnsummoned, policy.listUnsummoned, async (call) => {
  const { db, actor, now, input } = call
  const { held, unit, range } = await unitWithNames(call, input)
  const chosen = sql`
    from membership b join person p on p.id = b.person_id
      left join roll r on r.campaign_id = ${held.campaignId} and r.person_id = p.id and r.to_at is null
      join campaign_unit u on u.campaign_id = ${held.campaignId} and u.unit_id = coalesce(r.unit_id, b.unit_id)
    where b.kind = 'official' and b.valid_to is null and p.erased_at is null and u.lft between ${range.lft} and ${range.rgt}
      and not exists (select from summons m where m.conference_id = ${held.conferenceId} and m.person_id = p.id and m.withdrawn_at is null)
      and (${input.search === ''} or p.name_folded like ${like(input.search)} or p.code = ${input.search})`
  const { rows } = await sql<{ personId: string; name: string; position: string; unitName: string; inScope: boolean }>`
    select p.id as "personId", p.full_name as name, p.position, u.name as "unitName", coalesce(r.standing = 'inScope', false) as "inScope"
    ${chosen} order by p.sort_name, p.code limit ${input.size} offset ${(input.page - 1) * input.size}`.execute(db)
  const { rows: totals } = await sql<{ total: number }>`select count(*)::int as total ${chosen}`.execute(db)
  await recordLook(db, {
    actor,
    list: 'sites.listUnsummoned',
    about: { conferenceId: held.conferenceId, unitId: unit.unitId },
    personIds: rows.map(({ personId }) => personId),
    reason: taskReason(actor, unit.path),
    at: now,
  })
  return { rows, total: totals[0]!.total, page: input.page, size: input.size }
})

type Mine = {
  conferenceId: string
  campaignId: string
  conferenceName: string
  purpose: string
  state: string
  documents: string
  contact: string
  summonsId: string | null
  origin: (typeof contract.origins)[number] | null
  doorCode: string | null
  excuse: contract.Excuse | null
  siteId: string | null
  siteName: string | null
  address: string | null
  contactName: string | null
  contactPhone: string | null
  sessions: { code: string; name: string; startsAt: string; endsAt: string }[] | null
  mayRegister: boolean
}
export const mySummons = answer(contract.mySummons, policy.mySummons, async ({ db, actor, input }) => {
  const personId = actor.personId ?? refuse(contract.mySummons, 'notYours')
  const campaignId = actor.campaignId ?? input.campaignId ?? null
  const { rows } = await sql<Mine>`
    select c.id as "conferenceId", c.campaign_id as "campaignId", c.name as "conferenceName", c.purpose, c.state, c.documents, c.contact,
      m.id as "summonsId", m.origin, m.door_code as "doorCode", m.excuse, t.id as "siteId", t.name as "siteName", t.address, t.contact_name as "contactName",
      t.contact_phone as "contactPhone", x.sessions,
      m.id is null and r.person_id is not null and c.own_device and c.purpose <> 'makeup' and c.state in ('approved', 'open', 'live') as "mayRegister"
    from conference c
      left join summons m on m.conference_id = c.id and m.person_id = ${personId} and m.withdrawn_at is null
      left join roll r on r.campaign_id = c.campaign_id and r.person_id = ${personId} and r.to_at is null and r.standing = 'inScope'
        and exists (select from campaign_unit u where u.campaign_id = c.campaign_id and u.unit_id = r.unit_id and c.unit_id = any(u.path))
      left join site t on t.id = m.site_id
      left join lateral (select min(s.starts_at) as first_at, max(s.ends_at) as last_at,
        json_agg(json_build_object('code', s.code, 'name', s.name, 'startsAt', s.starts_at, 'endsAt', s.ends_at) order by s.starts_at) as sessions
        from conference_session s where s.conference_id = c.id and (m.session_ids is null or s.id = any(m.session_ids))) x on true
    where c.state <> 'draft' and not c.classified and (${campaignId}::uuid is null or c.campaign_id = ${campaignId})
      and (m.id is not null or (r.person_id is not null and c.purpose <> 'makeup'))
    order by (c.state = 'closed'), x.first_at nulls last, c.code limit 50`.execute(db)
  return { conferences: rows.map(asMine) }
})
const asMine = (row: Mine) => ({
  conferenceId: row.conferenceId,
  campaignId: row.campaignId,
  conferenceName: row.conferenceName,
  purpose: row.purpose,
  state: row.state,
  documents: row.documents,
  contact: row.contact,
  sessions: (row.sessions ?? []).map((session) => ({
    ...session,
    startsAt: new Date(session.startsAt).toISOString(),
    endsAt: new Date(session.endsAt).toISOString(),
  })),
  mayRegister: row.mayRegister,
  summons:
    row.summonsId === null
      ? undefined
      : {
          summonsId: row.summonsId,
          origin: row.origin!,
          doorCode: row.doorCode!,
          qr: doorQr(row.conferenceId, row.doorCode!),
          excuse: row.excuse ?? undefined,
          site:
            row.siteId === null
              ? undefined
              : {
                  siteId: row.siteId,
                  name: row.siteName ?? '',
                  address: row.address ?? '',
                  contactName: row.contactName ?? '',
                  contactPhone: row.contactPhone ?? '',
                },
        },
})
