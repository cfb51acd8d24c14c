// Snapshots for the live channel: what everybody sees, the control room's wall, the queue, the lectern, one hall.
import { sql } from 'kysely'
import type { Actor } from '../../../platform/rights.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { audiencePaceMs, serveTopic } from '../../../platform/server/live.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { interruptionsOf } from '../../attendance/server/index.ts'
import type { Source } from '../contract.ts'
import * as contract from '../contract.ts'
import { heardOf } from '../heard.ts'
import { policy } from '../policy.ts'
import { nameSource } from './cut.ts'
import { decksOf } from './decks.ts'
import { queueOf } from './hands.ts'
import { sitesLately } from './line.ts'
import { identityOf } from './mediaServer.ts'
import {
  alarmsAt,
  headsLately,
  headsNow,
  presentAlarm,
  presentHand,
  presentPart,
  presentRun,
  presentShown,
  presentSlide,
  presentTopic,
  type Reading,
  readSession,
  readWatched,
} from './reading.ts'
import {
  heldSession,
  linesOf,
  type Part,
  partsOf,
  type StageSite,
  siteOnStage,
  sitesOf,
  stageOf,
  unitNames,
} from './store.ts'

const known = (reading: Reading | undefined): Reading => {
  if (!reading) throw new Refused('notFound')
  return reading
}
const presentConference = ({ held }: Pick<Reading, 'held'>) => ({
  conferenceId: held.conferenceId,
  name: held.conferenceName,
  sessionName: held.sessionName,
  startsAt: held.startsAt.toISOString(),
  endsAt: held.endsAt.toISOString(),
})
/** Heard, or about to be: whose microphone is open. */
const speakers = (parts: readonly Part[]) => parts.filter(({ kind, microphone }) => microphone && kind !== 'technician')

/** An entry link opens one campaign only; what is public is for everybody. */
async function mayFollow({ db }: Desk, actor: Actor, { sessionId }: { sessionId: string }) {
  const held = await heldSession(db, sessionId)
  if (!held || held.classified || held.conferenceState === 'draft') return 'notYours'
  if (held.audience === 'public') return 'yes'
  if (actor.kind === 'nobody') return 'signIn'
  return actor.kind !== 'member' || actor.campaignId === held.campaignId ? 'yes' : 'notYours'
}
export const show = serveTopic(
  contract.show,
  policy.show,
  async (desk, { sessionId }) => {
    const now = new Date()
    const reading = known(await readSession(desk, sessionId, now))
    const { stage, state } = reading
    const parts = stage ? await partsOf(desk.db, sessionId, sql`(microphone or kind = 'moderator')`) : []
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from stage_hand where session_id = ${sessionId} and state = 'waiting'`.execute(desk.db)
    const shown = await presentShown(desk, reading)
    return {
      state,
      takeNo: stage?.takeNo ?? 0,
      ...(shown && state !== 'closed' ? { shown } : {}),
      topic: presentTopic(reading),
      slide: presentSlide(reading),
      breakUntil: state === 'break' ? stage?.breakUntil?.toISOString() : undefined,
      words: stage?.breakWords ?? '',
      speaking: speakers(parts).map(({ name, unit, microphoneUntil }) => ({
        name,
        unit,
        ...(microphoneUntil ? { until: microphoneUntil.toISOString() } : {}),
      })),
      heard: state === 'onAir' ? heardOf(parts).map(({ partId }) => partId) : [],
      onAirAt: stage?.onAirAt?.toISOString(),
      hands: rows[0]!.n,
    }
  },
  { paceMs: audiencePaceMs, also: mayFollow },
)

/** What the moderator and the speaker both have before them. */
const presentRunning = (reading: Reading, decks: Awaited<ReturnType<typeof decksOf>>) => ({
  state: reading.state,
  topic: presentTopic(reading),
  run: presentRun(reading),
  decks,
  slide: presentSlide(reading),
  clickNo: reading.stage?.deckClickNo ?? 0,
  message: reading.stage?.lecternMessage ?? '',
  messageAt: reading.stage?.lecternMessageAt?.toISOString(),
})

export const queue = serveTopic(contract.queue, policy.queue, async (desk, { sessionId }) => {
  const now = new Date()
  const { db } = desk
  const reading = known(await readSession(desk, sessionId, now))
  const [hands, parts, lines, decks] = await Promise.all([
    queueOf(db, sessionId),
    partsOf(db, sessionId, sql`(kind <> 'site' or state <> 'invited')`),
    linesOf(db, sessionId),
    decksOf(db, desk, reading.held, now),
  ])
  const lineOf = new Map(lines.map((line) => [line.siteId, line]))
  return {
    ...presentRunning(reading, decks),
    hands: hands.map((hand) => presentHand(hand, hand.siteId ? lineOf.get(hand.siteId) : undefined)),
    parts: parts.map(presentPart),
    takeNo: reading.stage?.takeNo ?? 0,
    shown: await presentShown(desk, reading),
  }
})

export const lectern = serveTopic(contract.lectern, policy.lectern, async (desk, { sessionId }) => {
  const now = new Date()
  const { db } = desk
  const reading = known(await readSession(desk, sessionId, now))
  const { stage, state, held } = reading
  const [hands, parts, decks] = await Promise.all([
    queueOf(db, sessionId),
    partsOf(db, sessionId, sql`microphone`),
    decksOf(db, desk, held, now),
  ])
  return {
    ...presentRunning(reading, decks),
    hands: hands.filter((hand) => hand.state === 'waiting').length,
    speaking: speakers(parts)
      .filter(({ kind }) => kind === 'site' || kind === 'member' || kind === 'telephone')
      .map(({ kind, name, unit, microphoneUntil }) => ({
        unit: kind === 'site' ? name : unit,
        ...(microphoneUntil ? { until: microphoneUntil.toISOString() } : {}),
      })),
    breakUntil: state === 'break' ? stage?.breakUntil?.toISOString() : undefined,
  }
})

/** A district is a group; what hangs right under the conference's own unit without halls below it stands with the centre. */
async function groupsOf(desk: Desk, centreId: string, sites: readonly StageSite[]) {
  const counts = new Map<string, number>()
  for (const { groupId } of sites) counts.set(groupId, (counts.get(groupId) ?? 0) + 1)
  const groupOf = (site: StageSite) => (counts.get(site.groupId)! > 1 ? site.groupId : centreId)
  const groupIds = [...new Set(sites.map(groupOf))].sort(
    (one, other) => Number(one === centreId) - Number(other === centreId),
  )
  const names = await unitNames(desk.db, groupIds)
  return { groupOf, groups: groupIds.map((groupId) => ({ groupId, name: names.get(groupId) ?? '' })) }
}
const sum = (counts: readonly number[]) => counts.reduce((total, one) => total + one, 0)

export const wall = serveTopic(contract.wall, policy.wall, async (desk, { sessionId }) => {
  const now = new Date()
  const { db } = desk
  const reading = known(await readSession(desk, sessionId, now))
  const { held, stage, state } = reading
  const [raw, heads] = await Promise.all([sitesOf(db, sessionId), headsNow(desk, sessionId, now)])
  const { groupOf, groups } = await groupsOf(desk, held.unitId, raw)
  const sites = raw.map((site) => ({ ...site, groupId: groupOf(site) }))
  const watched = await readWatched(desk, sessionId, sites, { now, heads, some: false })
  const { lines, faults, parts } = watched
  const [hands, alarms, previews, cut, talk] = await Promise.all([
    queueOf(db, sessionId),
    alarmsAt(db, reading, watched, now, { at: 'control' }),
    sql<{ userId: string; by: string; source: Source }>`
      select user_id as "userId", by_name as by, source from stage_preview where session_id = ${sessionId} order by user_id`.execute(
      db,
    ),
    sql<{ at: Date; by: string }>`
      select at, by_name as by from stage_take where session_id = ${sessionId} and take_no = ${stage?.takeNo ?? 0}`.execute(
      db,
    ),
    sql<{ partId: string; by: string; userId: string }>`
      select part_id as "partId", by_name as by, by_user_id as "userId" from stage_talk where session_id = ${sessionId} and to_at is null`.execute(
      db,
    ),
  ])
  const partOf = new Map(parts.flatMap((part) => (part.siteId ? [[part.siteId, part] as const] : [])))
  const handOf = new Map(hands.flatMap((hand) => (hand.siteId ? [[hand.siteId, hand] as const] : [])))
  const faultOf = new Map(faults.filter(({ clearedAt }) => !clearedAt).map((fault) => [fault.siteId, fault]))
  const reported = sites.filter(({ siteId }) => heads.headcounts.has(siteId))
  const here = [...lines.values()].filter(({ word }) => word !== 'away' && word !== 'lost')
  return {
    conference: presentConference(reading),
    state,
    takeNo: stage?.takeNo ?? 0,
    shown: await presentShown(desk, reading),
    tookAt: cut.rows[0]?.at.toISOString(),
    tookBy: cut.rows[0]?.by,
    previews: await Promise.all(
      previews.rows.map(async ({ userId, by, source }) => ({
        userId,
        by,
        shown: await nameSource(db, stage!, source),
      })),
    ),
    talkBack: talk.rows[0],
    groups,
    sites: sites.map((site) => {
      const line = lines.get(site.siteId)
      const part = partOf.get(site.siteId)
      return {
        siteId: site.siteId,
        code: site.code,
        name: site.name,
        groupId: site.groupId,
        ...(site.parentSiteId ? { parentSiteId: site.parentSiteId } : {}),
        kind: site.kind,
        seats: site.seats,
        summoned: heads.summoned.get(site.siteId) ?? 0,
        ...(heads.headcounts.has(site.siteId) ? { headcount: heads.headcounts.get(site.siteId)! } : {}),
        present: heads.present.get(site.siteId) ?? 0,
        ready: site.ready,
        readyNote: site.readyNote,
        word: line?.word ?? 'away',
        mode: line?.mode ?? 'none',
        ...(line?.since ? { since: line.since.toISOString() } : {}),
        picture: part?.picture ?? false,
        ...(handOf.has(site.siteId) ? { handAt: handOf.get(site.siteId)!.raisedAt.toISOString() } : {}),
        lastWord: line?.lastWord ?? '',
        ...(faultOf.has(site.siteId) ? { fault: faultOf.get(site.siteId)!.kind } : {}),
        ...(part ? { partId: part.partId, identity: identityOf(part) } : {}),
        slidePage: line?.slidePage ?? 0,
        contactName: site.contactName,
        contactPhone: site.contactPhone,
      }
    }),
    // A hall that listens and is not in the room is its tile and nothing more.
    parts: parts
      .filter(({ kind, state, connected }) => kind !== 'site' || state !== 'invited' || connected)
      .map(presentPart),
    alarms: alarms.map(presentAlarm),
    // A member who waits is known here by her unit; her name is on the queue of those who order it.
    hands: hands.map((hand) =>
      presentHand(
        hand.kind === 'member' && hand.state === 'waiting' ? { ...hand, name: hand.unit, unit: '' } : hand,
        hand.siteId ? lines.get(hand.siteId) : undefined,
      ),
    ),
    run: presentRun(reading),
    topic: presentTopic(reading),
    slide: presentSlide(reading),
    messages: { lectern: stage?.lecternMessage ?? '', halls: stage?.hallsMessage ?? '' },
    headcount: {
      present: sum(reported.map(({ siteId }) => heads.headcounts.get(siteId)!)),
      summoned: sum(reported.map(({ siteId }) => heads.summoned.get(siteId) ?? 0)),
      reported: reported.length,
      sites: sites.length,
    },
    screens: {
      full: here.filter(({ mode }) => mode === 'webrtc').length,
      slow: here.filter(({ mode }) => mode === 'hls').length,
      soundAndSlides: here.filter(({ mode }) => mode === 'audio').length,
      television: sites.filter(({ kind }) => kind === 'viewing').length,
      keepsSlide: [...lines.values()].filter(({ word }) => word === 'lost').length,
    },
    // The minute, not the moment: a wall on which nothing changed is not sent again.
    at: new Date(Math.floor(now.getTime() / 60_000) * 60_000).toISOString(),
  }
})

/** The policy asks whose hall or session it is; that the two belong together is asked here. */
const belongsTogether = async ({ db }: Desk, _: Actor, params: { sessionId: string; siteId: string }) =>
  (await siteOnStage(db, params.sessionId, params.siteId)) ? 'yes' : 'notYours'
const hoursAround = 6 * 3_600_000
export const hall = serveTopic(
  contract.hall,
  policy.hall,
  async (desk, { sessionId, siteId }) => {
    const now = new Date()
    const { db } = desk
    // Read by every hall: names and places come from a view half a minute old, all that moves from the database.
    const held = await heldSession(db, sessionId)
    const all = await sitesLately(desk, sessionId)
    const site = all.get(siteId) ?? (await siteOnStage(db, sessionId, siteId))
    if (!held || !site) throw new Refused('notFound')
    const stage = await stageOf(db, sessionId)
    const state = stage?.state ?? 'closed'
    const reading = { held, stage, state }
    const children = [...all.values()].filter(({ parentSiteId }) => parentSiteId === siteId)
    const parent = site.parentSiteId === undefined ? undefined : all.get(site.parentSiteId)
    const kin = [site, ...children]
    const heads = await headsLately(desk, sessionId, now)
    const watched = await readWatched(desk, sessionId, kin, { now, heads, some: true })
    const line = watched.lines.get(siteId)
    const part = watched.parts.find((one) => one.siteId === siteId)
    const fault = watched.faults.find((one) => one.siteId === siteId && !one.clearedAt)
    const [hands, alarms, interruptions, lookers, talk] = await Promise.all([
      queueOf(db, sessionId),
      children.length > 0 ? alarmsAt(db, reading, watched, now, { at: 'site', siteId }) : [],
      interruptionsOf(db, site.conferenceId, siteId),
      part?.picture
        ? sql<{ name: string }>`
            select distinct name from tile_looker where session_id = ${sessionId} and until > ${now} and ${siteId}::uuid = any(site_ids) order by name`
            .execute(db)
            .then(({ rows }) => rows.map(({ name }) => name))
        : [],
      part
        ? sql<{ by: string }>`
            select by_name as by from stage_talk where session_id = ${sessionId} and part_id = ${part.partId} and to_at is null`
            .execute(db)
            .then(({ rows }) => rows[0]?.by)
        : undefined,
    ])
    const hand = hands.find((one) => one.siteId === siteId)
    const childIds = new Set(children.map((one) => one.siteId))
    return {
      site: {
        siteId,
        code: site.code,
        name: site.name,
        unit: site.unit,
        seats: site.seats,
        summoned: heads.summoned.get(siteId) ?? 0,
      },
      conference: presentConference(reading),
      state,
      mode: line?.wanted ?? (site.kind === 'viewing' ? 'none' : 'hls'),
      word: line?.word ?? 'away',
      since: line?.since?.toISOString(),
      present: heads.present.get(siteId) ?? 0,
      headcount: heads.headcounts.get(siteId),
      picture: part?.picture ?? false,
      lookers,
      hand: hand && presentHand(hand, line),
      ahead: hand ? Math.max(0, hand.place - 1) : 0,
      onAir: part?.state === 'onAir',
      microphone: part?.microphone ?? false,
      microphoneUntil: part?.microphoneUntil?.toISOString(),
      talkBackBy: talk,
      message: line?.message || stage?.hallsMessage || '',
      fault: fault && { faultId: fault.faultId, kind: fault.kind, at: fault.at.toISOString() },
      interruptions: interruptions
        .filter(
          ({ from }) =>
            from.getTime() > held.startsAt.getTime() - hoursAround &&
            from.getTime() < held.endsAt.getTime() + hoursAround,
        )
        .map(({ from, to, cause }) => ({
          from: from.toISOString(),
          ...(to ? { to: to.toISOString() } : {}),
          minutes: Math.max(0, Math.round(((to ?? now).getTime() - from.getTime()) / 60_000)),
          cause,
        })),
      children: alarms.map(presentAlarm),
      childHands: hands
        .filter((one) => one.siteId && childIds.has(one.siteId) && one.state === 'waiting')
        .map((one) => ({ siteId: one.siteId!, name: one.name, at: one.raisedAt.toISOString() })),
      parent: parent && { name: parent.name, contactName: parent.contactName, contactPhone: parent.contactPhone },
    }
  },
  // 236 of them, each told when something of its own changes: the clock alone moves only its alarms.
  { also: belongsTogether, againMs: 15_000 },
)
