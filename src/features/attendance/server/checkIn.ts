// A check-in: decided from a cached view, written with up to 511 others in one durable commit.
import type { z } from 'zod'
import { addMinutes } from '../../../kernel/time.ts'
import { type Actor, holds } from '../../../platform/rights.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { hot } from '../../../platform/server/hot.ts'
import { refuse } from '../../../platform/server/operate.ts'
import { summonAtDoor } from '../../sites/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { correctedClaim, judgeArrival } from '../rules.ts'
import { type Door, doorsOf, hallCodeGood } from './doors.ts'
import { type ArrivalRow, insertArrivals, namesOf, type Written } from './store.ts'

const keepers = ['siteManager', 'steward', 'organiser'] as const
type Row = ArrivalRow & { door: Door; summonedTo: { siteId?: string | undefined } | undefined; keeper: boolean }
type Answer = Written & { person?: { name: string; unit: string } | undefined }

export const checkIn = hot(contract.checkIn, policy.checkIn, {
  async prepare({ desk, actor, now, input }): Promise<Row> {
    const doors = doorsOf(desk)
    const door = await doors.door(input.checkpointId)
    if (!door) refuse(contract.checkIn, 'otherConference')
    if (door.classified) refuse(contract.checkIn, 'paperOnly')
    const own = contract.ownEvidence.includes(input.evidence)
    if (own) guardOwn(actor, door, input)
    else await guardDoor(desk, actor, door, input)
    const correctedAt = correctedClaim({
      claimedAt: new Date(input.claimedAt),
      skewMs: input.skewMs,
      previousSyncAt: input.previousSyncAt ? new Date(input.previousSyncAt) : undefined,
      receivedAt: now,
    })
    if (own) await checkProof(desk, door, input, correctedAt, now)
    const personId = input.personId ?? (await personAtDoor(desk, door, input.doorCode!))
    const expected = await doors.expected(door.conferenceId, personId)
    if (expected === 'unknown') refuse(contract.checkIn, 'unknownPerson')
    return {
      arrivalId: input.arrivalId,
      conferenceId: door.conferenceId,
      checkpointId: door.checkpointId,
      siteId: input.siteId,
      personId,
      evidence: input.evidence,
      by: actor.name,
      claimedAt: new Date(input.claimedAt),
      correctedAt,
      receivedAt: now,
      skewMs: input.skewMs,
      deviceId: input.deviceId,
      door,
      summonedTo: expected === 'unsummoned' ? undefined : expected,
      keeper: !own,
    }
  },
  async write(desk, rows): Promise<Answer[]> {
    // Twice is harmless: phones retry in bad radio.
    const written = await insertArrivals(desk.pool, rows)
    // Whoever came without a summons gets one «tại cửa», also when a retry finds her arrival already kept.
    const unsummoned = rows.filter((_, i) => !written[i]!.summoned)
    if (unsummoned.length > 0)
      await summonAtDoor(
        desk.db,
        desk.secret,
        unsummoned.map(({ conferenceId, door, personId, siteId, by, receivedAt }) => ({
          conferenceId,
          sessionId: door.sessionId,
          personId,
          siteId,
          by,
          at: receivedAt,
        })),
      )
    const names = await namesOf(
      desk.pool,
      rows.filter(({ keeper }) => keeper).map(({ personId, door }) => ({ personId, campaignId: door.campaignId })),
    )
    tellBoards(desk, rows)
    return written.map((one, i) => ({ ...one, person: names.get(rows[i]!.personId) }))
  },
  present(row, { isNew, before, person }): z.input<typeof contract.Judged> {
    return {
      arrivalId: row.arrivalId,
      personId: row.personId,
      outcome: outcomeOf(row, isNew, before),
      judgement: judgeArrival(row, row.door, row.door.policy, row.summonedTo),
      ...(person ? { person } : {}),
      ...(before
        ? {
            before: {
              at: before.at.toISOString(),
              ...(before.siteId ? { siteId: before.siteId, siteName: before.siteName } : {}),
            },
          }
        : {}),
    }
  },
})

const outcomeOf = (row: Row, isNew: boolean, before: Written['before']) =>
  before ? (before.siteId === row.siteId ? 'already' : 'elsewhere') : isNew ? 'new' : 'same'

type Given = contract.Arrival
function guardOwn(actor: Actor, door: Door, { personId }: Given) {
  if (actor.kind === 'machine') return
  if (actor.kind === 'nobody') refuse(contract.checkIn, 'signIn')
  if (actor.personId === undefined || personId !== actor.personId) refuse(contract.checkIn, 'notYours')
  // An entry link opens one campaign only.
  if (actor.kind === 'member' && actor.campaignId !== door.campaignId) refuse(contract.checkIn, 'notYours')
}
async function guardDoor(desk: Desk, actor: Actor, door: Door, { siteId, evidence }: Given) {
  if (actor.kind === 'nobody') refuse(contract.checkIn, 'signIn')
  if (siteId === undefined && !(actor.kind === 'machine' && evidence === 'paper')) refuse(contract.checkIn, 'notYours')
  const place = siteId === undefined ? undefined : await doorsOf(desk).place(siteId)
  if (siteId !== undefined && !place) refuse(contract.checkIn, 'otherConference')
  if (!holds(actor, keepers, place)) refuse(contract.checkIn, 'notYours')
  if (siteId !== undefined && !(await doorsOf(desk).isHeldAt(door.conferenceId, siteId)))
    refuse(contract.checkIn, 'otherConference')
}
async function checkProof(
  desk: Desk,
  door: Door,
  { evidence, proof = '', siteId, personId }: Given,
  claimed: Date,
  now: Date,
) {
  if (evidence === 'replay') refuse(contract.checkIn, 'notYours')
  if (evidence === 'ownScan') {
    if (siteId === undefined || !hallCodeGood(desk.secret, door.conferenceId, siteId, proof, claimed))
      refuse(contract.checkIn, 'wrongCode')
    return
  }
  const doors = doorsOf(desk)
  const { tries: most, acceptedMinutes } = door.policy.ownTick
  if (doors.failed(door.checkpointId, personId!) >= most) refuse(contract.checkIn, 'tooManyTries')
  const taken = (one: Door) =>
    one.spokenCode !== null &&
    one.spokenCode === proof.trim() &&
    one.spokenFirstAt! <= claimed &&
    claimed <= addMinutes(one.spokenAt!, acceptedMinutes)
  if (taken(door)) return
  // The view may be older than the code just shown: read before refusing.
  const fresh = await doors.readDoor(door.checkpointId)
  if (fresh && taken(fresh)) return
  if (fresh?.spokenCode === proof.trim()) refuse(contract.checkIn, 'expired')
  const tries = await doors.fail(door.checkpointId, personId!, now)
  refuse(contract.checkIn, tries > most ? 'tooManyTries' : 'wrongCode', {
    left: Math.max(0, most - tries),
  })
}
async function personAtDoor(desk: Desk, door: Door, code: string): Promise<string> {
  const found = await doorsOf(desk).personByCode(door.conferenceId, code)
  if (found === 'otherConference') refuse(contract.checkIn, 'otherConference')
  return found ?? refuse(contract.checkIn, 'unknownPerson')
}
export function tellBoards(desk: Desk, rows: readonly { conferenceId: string; siteId?: string | undefined }[]) {
  const conferences = new Set(rows.map(({ conferenceId }) => conferenceId))
  for (const conferenceId of conferences) {
    desk.live.stale(contract.tally, { conferenceId })
    desk.live.stale(contract.tallyByUnit, { conferenceId })
  }
  const halls = new Map(rows.flatMap(({ conferenceId, siteId }) => (siteId ? [[siteId, conferenceId] as const] : [])))
  for (const [siteId, conferenceId] of halls) desk.live.stale(contract.site, { conferenceId, siteId })
}
