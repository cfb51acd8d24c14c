// What a door needs to know, kept in memory: checkpoints, the policy, who is summoned where. It may be a little old;
// whatever it would refuse is asked of the database first.
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { Place } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { PresencePolicy } from '../../campaigns/contract.ts'
import { doorQr, type ReadDoorCode, readDoorCode } from '../../sites/server/index.ts'
import { hallSteps, type Policy, type Window } from '../rules.ts'

const checkpointFreshMs = 2_000
const placeFreshMs = 30_000
const rollFreshMs = 60_000

export type Door = Window & {
  checkpointId: string
  conferenceId: string
  sessionId: string
  campaignId: string
  classified: boolean
  policy: Policy
  spokenCode: string | null
  spokenFirstAt: Date | null
  spokenAt: Date | null
  readAt: number
}
type Expected = { siteId: string | undefined }
type Roll = {
  byPerson: Map<string, Expected>
  /** By the text of the QR on her summons. */
  byQr: Map<string, string>
  known: Set<string>
  readAt: number
  reading?: Promise<void> | undefined
}

export type Doors = ReturnType<typeof openDoors>
const opened = new WeakMap<Desk, Doors>()
/** One view a process. */
export function doorsOf(desk: Desk): Doors {
  const known = opened.get(desk)
  if (known) return known
  const made = openDoors(desk)
  opened.set(desk, made)
  return made
}

function openDoors(desk: Desk) {
  const doors = new Map<string, Door>()
  const rolls = new Map<string, Roll>()
  const sites = new Map<string, { place: Place | undefined; readAt: number }>()
  const failures = new Map<string, number>()

  async function door(checkpointId: string): Promise<Door | undefined> {
    const known = doors.get(checkpointId)
    if (known && known.readAt > Date.now() - checkpointFreshMs) return known
    return readDoor(checkpointId)
  }
  async function readDoor(checkpointId: string): Promise<Door | undefined> {
    const row = await store.door(desk.db, checkpointId)
    if (!row) return undefined
    const fresh: Door = { ...row, policy: PresencePolicy.parse(row.policyBody ?? {}), readAt: Date.now() }
    doors.set(checkpointId, fresh)
    return fresh
  }

  /** Everyone summoned to the conference; read whole once (64,809 rows: 0.2 s), then person by person. */
  async function roll(conferenceId: string): Promise<Roll> {
    let known = rolls.get(conferenceId)
    if (!known) {
      known = { byPerson: new Map(), byQr: new Map(), known: new Set(), readAt: 0 }
      rolls.set(conferenceId, known)
    }
    if (known.readAt < Date.now() - rollFreshMs) known.reading ??= readRoll(conferenceId, known)
    if (known.readAt === 0) await known.reading
    return known
  }
  async function readRoll(conferenceId: string, into: Roll) {
    try {
      const rows = await store.expected(desk.db, conferenceId)
      into.byPerson = new Map(rows.map((row) => [row.person_id, { siteId: row.site_id ?? undefined }]))
      into.byQr = new Map(rows.map((row) => [doorQr(conferenceId, row.door_code), row.person_id]))
      into.readAt = Date.now()
    } finally {
      into.reading = undefined
    }
  }
  /** The person's summons, if she has one; `unknown` when there is no such person at all. */
  async function expected(conferenceId: string, personId: string): Promise<Expected | 'unsummoned' | 'unknown'> {
    const held = await roll(conferenceId)
    const found = held.byPerson.get(personId)
    if (found) return found
    if (held.known.has(personId)) return 'unsummoned'
    const row = await store.expectedOne(desk.db, conferenceId, personId)
    if (!row) return 'unknown'
    if (!row.summoned) {
      held.known.add(personId)
      return 'unsummoned'
    }
    const one = { siteId: row.site_id ?? undefined }
    held.byPerson.set(personId, one)
    return one
  }
  /** A door code names person and conference; another conference's code is told from an unknown one. */
  async function personByCode(conferenceId: string, code: string): Promise<string | 'otherConference' | undefined> {
    const known = (await roll(conferenceId)).byQr.get(code)
    if (known) return known
    const read: ReadDoorCode = await readDoorCode(desk.db, conferenceId, code)
    return read === 'unknown' ? undefined : read === 'otherConference' ? read : read.personId
  }
  const held = new Set<string>()
  /** Is the conference held at this site? A site that has once been attached is not forgotten: an arrival there is a fact. */
  async function isHeldAt(conferenceId: string, siteId: string): Promise<boolean> {
    const key = `${conferenceId} ${siteId}`
    if (held.has(key)) return true
    if (!(await store.isHeldAt(desk.db, conferenceId, siteId))) return false
    held.add(key)
    return true
  }
  async function place(siteId: string): Promise<Place | undefined> {
    const known = sites.get(siteId)
    if (known && known.readAt > Date.now() - placeFreshMs) return known.place
    const found = await desk.places.site?.(desk.db, siteId)
    sites.set(siteId, { place: found, readAt: Date.now() })
    return found
  }
  const triesKey = (checkpointId: string, personId: string) => `${checkpointId} ${personId}`
  return {
    door,
    readDoor,
    expected,
    personByCode,
    isHeldAt,
    place,
    forget(conferenceId: string) {
      rolls.delete(conferenceId)
      for (const [checkpointId, one] of doors) if (one.conferenceId === conferenceId) doors.delete(checkpointId)
    },
    failed: (checkpointId: string, personId: string) => failures.get(triesKey(checkpointId, personId)) ?? 0,
    async fail(checkpointId: string, personId: string, now: Date) {
      const tries = await store.countFailure(desk.db, checkpointId, personId, now)
      failures.set(triesKey(checkpointId, personId), tries)
      return tries
    },
  }
}

/** The hall's code at a step of 30 seconds: six digits that only this installation can make. */
export const hallCode = (secret: Buffer, conferenceId: string, siteId: string, step: number): string =>
  String(
    createHmac('sha256', secret).update(`hall ${conferenceId} ${siteId} ${step}`).digest().readUInt32BE(0) % 1_000_000,
  ).padStart(6, '0')
export const hallCodeGood = (secret: Buffer, conferenceId: string, siteId: string, code: string, at: Date): boolean =>
  hallSteps(at).some((step) => hallCode(secret, conferenceId, siteId, step) === code)

const store = {
  async door(db: Db | Tx, checkpointId: string) {
    const { rows } = await sql<Omit<Door, 'policy' | 'readAt'> & { policyBody: unknown }>`
      select p.id as "checkpointId", p.opens_at as "opensAt", p.at, p.closes_at as "closesAt", c.id as "conferenceId", p.session_id as "sessionId", c.campaign_id as "campaignId",
        c.classified, p.spoken_code as "spokenCode", p.spoken_first_at as "spokenFirstAt", p.spoken_at as "spokenAt",
        (select body from policy_version v where v.campaign_id = c.campaign_id and (v.version = 1 or v.in_force_from <= coalesce(
          (select min(starts_at) from conference_session where conference_id = c.id), c.created_at)) order by v.version desc limit 1) as "policyBody"
      from checkpoint p join conference c on c.id = p.conference_id where p.id = ${checkpointId}`.execute(db)
    return rows[0]
  },
  async expected(db: Db | Tx, conferenceId: string) {
    const { rows } = await sql<{ person_id: string; site_id: string | null; door_code: string }>`
      select person_id, site_id, door_code from summons where conference_id = ${conferenceId} and withdrawn_at is null`.execute(
      db,
    )
    return rows
  },
  async expectedOne(db: Db | Tx, conferenceId: string, personId: string) {
    const { rows } = await sql<{ summoned: boolean; site_id: string | null }>`
      select m.person_id is not null as summoned, m.site_id from person p
      left join summons m on m.person_id = p.id and m.conference_id = ${conferenceId} and m.withdrawn_at is null
      where p.id = ${personId} and p.erased_at is null`.execute(db)
    return rows[0]
  },
  async isHeldAt(db: Db | Tx, conferenceId: string, siteId: string) {
    const { rows } =
      await sql`select from conference_site where conference_id = ${conferenceId} and site_id = ${siteId}`.execute(db)
    return rows.length > 0
  },
  async countFailure(db: Db | Tx, checkpointId: string, personId: string, now: Date) {
    const { rows } = await sql<{ tries: number }>`
      insert into own_tick_failure (checkpoint_id, person_id, tries, last_at) values (${checkpointId}, ${personId}, 1, ${now})
      on conflict (checkpoint_id, person_id) do update set tries = own_tick_failure.tries + 1, last_at = excluded.last_at returning tries`.execute(
      db,
    )
    return rows[0]!.tries
  },
}
