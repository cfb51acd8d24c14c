// Writing summonses, one or 64,809 at a time, each with the code its bearer shows at the door.
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { origins } from '../contract.ts'
import { doorCodeLength, doorCodeLetters, parseDoorCode, shortOf } from '../rules.ts'
import './tables.ts'

/** A person and a conference always give the same letters; `attempt` rises when they are somebody else's already. */
export function doorCodeOf(secret: Buffer, conferenceId: string, personId: string, attempt = 0): string {
  let rest = createHmac('sha256', secret)
    .update(`door code ${conferenceId} ${personId} ${attempt}`)
    .digest()
    .readBigUInt64BE()
  let code = ''
  const base = BigInt(doorCodeLetters.length)
  while (code.length < doorCodeLength) {
    code += doorCodeLetters[Number(rest % base)]
    rest /= base
  }
  return code
}

export type ToIssue = {
  conferenceId: string
  personId: string
  /** None: on her own device. */
  siteId?: string | undefined
  /** None: every session of the conference. */
  sessionIds?: readonly string[] | undefined
  origin: (typeof origins)[number]
  replacesId?: string | undefined
  by: string
  at: Date
}
export type Issued = {
  summonsId: string
  conferenceId: string
  personId: string
  siteId: string | null
  doorCode: string
}

const mostAttempts = 20

/** Writes summonses in one statement. Whoever has one in force keeps that one and is not in the answer. */
export async function issue(tx: Db | Tx, secret: Buffer, rows: readonly ToIssue[]): Promise<Issued[]> {
  if (rows.length === 0) return []
  const codes = await freeCodes(tx, secret, rows)
  const { rows: issued } = await sql<Issued>`
    insert into summons (id, conference_id, person_id, site_id, session_ids, origin, door_code, made_at, made_by, replaces_id)
    select id, conference_id, person_id, site_id, sessions::uuid[], origin, code, at, by_actor, replaces_id
    from unnest(${rows.map(({ at }) => newId(at))}::uuid[], ${rows.map((row) => row.conferenceId)}::uuid[], ${rows.map((row) => row.personId)}::uuid[],
      ${rows.map((row) => row.siteId ?? null)}::uuid[], ${rows.map(({ sessionIds }) => (sessionIds ? `{${sessionIds.join(',')}}` : null))}::text[],
      ${rows.map((row) => row.origin)}::text[], ${codes}::text[], ${rows.map((row) => row.at)}::timestamptz[], ${rows.map((row) => row.by)}::text[],
      ${rows.map((row) => row.replacesId ?? null)}::uuid[])
      as given (id, conference_id, person_id, site_id, sessions, origin, code, at, by_actor, replaces_id)
    on conflict (conference_id, person_id) where withdrawn_at is null do nothing
    returning id as "summonsId", conference_id as "conferenceId", person_id as "personId", site_id as "siteId", door_code as "doorCode"`.execute(
    tx,
  )
  return issued
}

/** Among 64,809 people two now and then get the same letters: the later one tries again. */
async function freeCodes(tx: Db | Tx, secret: Buffer, rows: readonly ToIssue[]): Promise<string[]> {
  const codes = rows.map(({ conferenceId, personId }) => doorCodeOf(secret, conferenceId, personId))
  let unsure = rows.map((_, at) => at)
  for (let attempt = 1; unsure.length > 0; attempt++) {
    if (attempt > mostAttempts) throw new Error('no free door code')
    const taken = await takenCodes(tx, rows, codes, unsure)
    const owners = new Map<string, string>()
    rows.forEach(({ conferenceId, personId }, at) => {
      const key = `${conferenceId} ${codes[at]}`
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, personId)
      else if (owner !== personId) taken.add(at)
    })
    unsure = [...taken]
    for (const at of unsure) codes[at] = doorCodeOf(secret, rows[at]!.conferenceId, rows[at]!.personId, attempt)
  }
  return codes
}
async function takenCodes(tx: Db | Tx, rows: readonly ToIssue[], codes: readonly string[], which: readonly number[]) {
  const { rows: taken } = await sql<{ at: number }>`
    select given.at from unnest(${which as number[]}::int[], ${which.map((at) => rows[at]!.conferenceId)}::uuid[],
      ${which.map((at) => rows[at]!.personId)}::uuid[], ${which.map((at) => codes[at]!)}::text[]) as given (at, conference_id, person_id, code)
    where exists (select from summons s where s.conference_id = given.conference_id and s.door_code = given.code and s.person_id <> given.person_id)`.execute(
    tx,
  )
  return new Set(taken.map(({ at }) => at))
}

/**
 * People in scope who came without a summons get one «tại cửa», from that buổi on; guests and those who have one are passed over.
 * Answers with the summonses made.
 *
 * @param rows `sessionId` is the buổi of the arrival; without a site she came on her own device
 */
export async function summonAtDoor(
  tx: Db | Tx,
  secret: Buffer,
  rows: readonly {
    conferenceId: string
    sessionId: string
    personId: string
    siteId?: string | undefined
    by: string
    at: Date
  }[],
): Promise<Issued[]> {
  const { rows: due } = await sql<{ at: number; sessionIds: string[] | null }>`
    select given.at::int,
      case when first.starts_at < here.starts_at
        then array(select s.id from conference_session s where s.conference_id = given.conference_id and s.starts_at >= here.starts_at order by s.starts_at) end as "sessionIds"
    from unnest(${rows.map((row) => row.conferenceId)}::uuid[], ${rows.map((row) => row.sessionId)}::uuid[], ${rows.map((row) => row.personId)}::uuid[])
      with ordinality as given (conference_id, session_id, person_id, at)
    join conference c on c.id = given.conference_id
    join roll r on r.campaign_id = c.campaign_id and r.person_id = given.person_id and r.to_at is null and r.standing = 'inScope'
    join conference_session here on here.id = given.session_id
    cross join lateral (select min(starts_at) as starts_at from conference_session where conference_id = given.conference_id) first
    where not exists (select from summons m where m.conference_id = given.conference_id and m.person_id = given.person_id and m.withdrawn_at is null)
    order by given.at`.execute(tx)
  const once = new Map<string, ToIssue>()
  for (const { at, sessionIds } of due) {
    const { conferenceId, personId, siteId, by, at: when } = rows[at - 1]!
    const key = `${conferenceId} ${personId}`
    if (!once.has(key))
      once.set(key, {
        conferenceId,
        personId,
        siteId,
        by,
        at: when,
        origin: 'door',
        sessionIds: sessionIds ?? undefined,
      })
  }
  return issue(tx, secret, [...once.values()])
}

/** Books people for a make-up conference: a booking is a summons. Whoever is booked there already stays as she is. */
export const book = (
  tx: Db | Tx,
  secret: Buffer,
  booking: { conferenceId: string; personIds: readonly string[]; siteId?: string | undefined; by: string; at: Date },
): Promise<Issued[]> =>
  issue(
    tx,
    secret,
    [...new Set(booking.personIds)].map((personId) => ({
      conferenceId: booking.conferenceId,
      personId,
      siteId: booking.siteId,
      origin: 'booking' as const,
      by: booking.by,
      at: booking.at,
    })),
  )

/** The same for many make-ups at once, each person at hers. */
export const bookEach = (
  tx: Db | Tx,
  secret: Buffer,
  rows: readonly { conferenceId: string; personId: string; siteId?: string | undefined; by: string; at: Date }[],
): Promise<Issued[]> =>
  issue(
    tx,
    secret,
    rows.map((row) => ({ ...row, origin: 'booking' as const })),
  )

/** Takes summonses in force back, for one of the closed reasons; answers how many. */
export async function withdraw(
  tx: Db | Tx,
  summonsIds: readonly string[],
  why: 'replaced' | 'moved' | 'offRoll' | 'cancelled',
  at: Date,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update summons set withdrawn_at = ${at}, withdrawn_why = ${why} where id = any(${summonsIds as string[]}::uuid[]) and withdrawn_at is null`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}

export type ReadDoorCode =
  | { personId: string; summonsId: string; siteId: string | undefined; inForce: boolean }
  | 'otherConference'
  | 'unknown'
/** Whose code it is at this conference; the text may be typed letters or the whole QR. A withdrawn summons still names its person. */
export async function readDoorCode(db: Db | Tx, conferenceId: string, text: string): Promise<ReadDoorCode> {
  const read = parseDoorCode(text)
  if (!read) return 'unknown'
  if (read.conferenceShort !== undefined && read.conferenceShort !== shortOf(conferenceId)) return 'otherConference'
  const { rows } = await sql<{
    here: boolean
    personId: string
    summonsId: string
    siteId: string | null
    inForce: boolean
  }>`
    select conference_id = ${conferenceId} as here, person_id as "personId", id as "summonsId", site_id as "siteId", withdrawn_at is null as "inForce"
    from summons where door_code = ${read.code} order by here desc, "inForce" desc, made_at desc limit 1`.execute(db)
  const found = rows[0]
  if (!found) return 'unknown'
  if (!found.here) return 'otherConference'
  return {
    personId: found.personId,
    summonsId: found.summonsId,
    siteId: found.siteId ?? undefined,
    inForce: found.inForce,
  }
}
