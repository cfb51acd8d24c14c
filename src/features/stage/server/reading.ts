// What the boards read together: heads, troubles, alarms, the topic that is on, the page that is shown.
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { countBySite } from '../../attendance/server/index.ts'
import { layOut, type Session, sessionById } from '../../conferences/server/index.ts'
import { summonedBySite } from '../../sites/server/index.ts'
import type * as contract from '../contract.ts'
import {
  type AlarmNow,
  alarmsOf,
  isOpen,
  type RealTopic,
  runOfShow,
  type Trouble,
  topicNow,
  unreportedAfterMinutes,
} from '../rules.ts'
import { nameSource } from './cut.ts'
import { type Deck, deckOf } from './decks.ts'
import { identityOf } from './mediaServer.ts'
import {
  type FaultRow,
  faultsOf,
  type HandRow,
  type Held,
  heldSession,
  type LineRow,
  linesOf,
  type Part,
  partsOf,
  realTopics,
  type Stage,
  type StageSite,
  stageOf,
} from './store.ts'
import { shownPart } from './turns.ts'

// ── the session with its run and its page ────────────────────────────────────
export type Reading = {
  held: Held
  stage: Stage | undefined
  state: contract.StageState
  session: Session
  real: RealTopic[]
  deck: Deck | undefined
}
export async function readSession(desk: Desk, sessionId: string, now: Date): Promise<Reading | undefined> {
  const { db } = desk
  const held = await heldSession(db, sessionId)
  const session = held && (await sessionById(db, sessionId))
  if (!held || !session) return undefined
  // What holds secrets has no stage, whatever was opened before it was marked so.
  const stage = held.classified ? undefined : await stageOf(db, sessionId)
  const deck = stage?.deckVersionId === undefined ? undefined : await deckOf(db, desk, held, stage.deckVersionId, now)
  return {
    held,
    session,
    stage,
    state: stage?.state ?? 'closed',
    real: stage ? await realTopics(db, sessionId) : [],
    deck,
  }
}
export function presentTopic({ session, real }: Reading): z.input<typeof contract.TopicNow> | undefined {
  const topic = topicNow(session, real)
  return (
    topic && {
      ...topic,
      beganAt: topic.beganAt.toISOString(),
      questionsAt: topic.questionsAt.toISOString(),
      endsAt: topic.endsAt.toISOString(),
    }
  )
}
export const presentRun = ({ session, real }: Reading): z.input<typeof contract.RunItem>[] =>
  runOfShow(session.topics.length > 0 ? layOut(session) : [], session.topics, real).map(
    ({ plannedFrom, plannedTo, realFrom, realTo, ...line }) => ({
      ...line,
      plannedFrom: plannedFrom.toISOString(),
      plannedTo: plannedTo.toISOString(),
      ...(realFrom ? { realFrom: realFrom.toISOString() } : {}),
      ...(realTo ? { realTo: realTo.toISOString() } : {}),
    }),
  )
export const presentSlide = ({ stage, deck }: Reading): z.input<typeof contract.SlideNow> | undefined =>
  stage?.deckVersionId && deck
    ? {
        versionId: deck.versionId,
        page: stage.deckPage ?? 1,
        pages: deck.pages,
        width: deck.width,
        height: deck.height,
        prefix: deck.prefix,
        shownAt: (stage.deckAt ?? new Date(0)).toISOString(),
        clickNo: stage.deckClickNo,
      }
    : undefined
export const presentShown = async (desk: Desk, { stage }: Reading) =>
  stage?.source ? await nameSource(desk.db, stage, stage.source) : undefined

export const presentPart = (part: Part): z.input<typeof contract.StagePart> => ({
  partId: part.partId,
  kind: part.kind,
  name: part.name,
  unit: part.unit,
  ...(part.siteId ? { siteId: part.siteId } : {}),
  state: part.state,
  connected: part.connected,
  microphone: part.microphone,
  ...(part.microphoneUntil ? { until: part.microphoneUntil.toISOString() } : {}),
  identity: identityOf(part),
})
export const presentHand = (
  hand: HandRow & { place: number },
  line?: LineRow | undefined,
): z.input<typeof contract.Hand> => ({
  handId: hand.handId,
  kind: hand.kind,
  ...(hand.partId ? { partId: hand.partId } : {}),
  ...(hand.siteId ? { siteId: hand.siteId } : {}),
  name: hand.name,
  unit: hand.unit,
  about: hand.about,
  raisedAt: hand.raisedAt.toISOString(),
  state: hand.state,
  place: hand.place,
  ...(hand.until ? { until: hand.until.toISOString() } : {}),
  ...(line ? { line: line.word } : {}),
})

// ── heads ────────────────────────────────────────────────────────────────────
type Checkpoint = { checkpointId: string; sessionId: string; conferenceId: string; opensAt: Date; at: Date }
export type Heads = {
  /** By the session a site's own conference holds it in. */
  checkpoints: Map<string, Checkpoint>
  present: Map<string, number>
  headcounts: Map<string, number>
  summoned: Map<string, number>
}
const summonedFreshMs = 5_000
const presentFreshMs = 3_000
const headsFreshMs = 2_000
type Kept = { heads: Map<string, { at: number; heads: Heads }>; counts: Map<string, { at: number; counted: unknown }> }
const kept = new WeakMap<Desk, Kept>()
const keptOf = (desk: Desk): Kept => {
  const known = kept.get(desk) ?? { heads: new Map(), counts: new Map() }
  kept.set(desk, known)
  return known
}
/** A hall reads the heads the wall has just read: 236 of them do not count the province each. */
export async function headsLately(desk: Desk, sessionId: string, now: Date): Promise<Heads> {
  const known = keptOf(desk).heads.get(sessionId)
  return known && known.at > Date.now() - headsFreshMs ? known.heads : headsNow(desk, sessionId, now)
}
export async function headsNow(desk: Desk, sessionId: string, now: Date): Promise<Heads> {
  const { db } = desk
  const { rows } = await sql<Checkpoint>`
    with recursive shown as (
      select s.id, s.conference_id from conference_session s where s.id = ${sessionId}
      union all
      select s.id, s.conference_id from conference_session s join shown on s.relays_id = shown.id)
    select distinct on (p.session_id) p.id as "checkpointId", p.session_id as "sessionId", p.conference_id as "conferenceId", p.opens_at as "opensAt", p.at
    from shown join checkpoint p on p.session_id = shown.id
    order by p.session_id, p.opens_at > ${now}, case when p.opens_at <= ${now} then p.opens_at end desc, p.opens_at`.execute(
    db,
  )
  const heads: Heads = {
    checkpoints: new Map(rows.map((row) => [row.sessionId, row])),
    present: new Map(),
    headcounts: new Map(),
    summoned: new Map(),
  }
  for (const { checkpointId } of rows)
    for (const { siteId, present } of await presentLately(desk, checkpointId))
      if (siteId) heads.present.set(siteId, present)
  const { rows: counted } = await sql<{ siteId: string; present: number }>`
    select distinct on (site_id, checkpoint_id) site_id as "siteId", present from headcount
    where checkpoint_id = any(${rows.map(({ checkpointId }) => checkpointId)}::uuid[]) order by site_id, checkpoint_id, received_at desc`.execute(
    db,
  )
  for (const { siteId, present } of counted) heads.headcounts.set(siteId, present)
  const { rows: conferences } = await sql<{ id: string }>`
    with recursive shown as (
      select s.id, s.conference_id from conference_session s where s.id = ${sessionId}
      union all
      select s.id, s.conference_id from conference_session s join shown on s.relays_id = shown.id)
    select distinct conference_id as id from shown`.execute(db)
  for (const { id } of conferences)
    for (const [siteId, n] of await summonedLately(desk, id)) if (siteId) heads.summoned.set(siteId, n)
  const all = keptOf(desk).heads
  if (all.size > 200) all.clear()
  all.set(sessionId, { at: Date.now(), heads })
  return heads
}
/** Counted anew at most every few seconds: who is summoned changes seldom, and 65,000 arrivals are counted for the tally already. */
const summonedLately = (desk: Desk, conferenceId: string) =>
  lately(desk, `summoned ${conferenceId}`, summonedFreshMs, () => summonedBySite(desk.db, conferenceId))
const presentLately = (desk: Desk, checkpointId: string) =>
  lately(desk, `present ${checkpointId}`, presentFreshMs, () => countBySite(desk.db, checkpointId))
async function lately<T>(desk: Desk, what: string, freshMs: number, count: () => Promise<T>): Promise<T> {
  const { counts } = keptOf(desk)
  const known = counts.get(what)
  if (known && known.at > Date.now() - freshMs) return known.counted as T
  const counted = await count()
  if (counts.size > 500) counts.clear()
  counts.set(what, { at: Date.now(), counted })
  return counted
}

// ── what needs a person ──────────────────────────────────────────────────────
export type Watched = {
  sites: readonly StageSite[]
  lines: ReadonlyMap<string, LineRow>
  faults: readonly FaultRow[]
  parts: readonly Part[]
  heads: Heads
}
const minutesAgo = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000)
const mendedShownMinutes = 10
/** A hall that steps down or hears nothing for a moment needs nobody. */
const patienceSeconds = 60
async function troublesOf(
  db: Db | Tx,
  { held, state }: Pick<Reading, 'held' | 'state'>,
  { sites, lines, faults, parts, heads }: Watched,
  now: Date,
): Promise<Trouble[]> {
  if (!isOpen(state)) return []
  const speaks = new Set(parts.flatMap((part) => (part.microphone && part.siteId ? [part.siteId] : [])))
  const troubles: Trouble[] = []
  const lasts = (since: Date, until = now) => until.getTime() - since.getTime() >= patienceSeconds * 1000
  for (const site of sites) {
    const line = lines.get(site.siteId)
    if (line?.since && site.kind === 'hall') {
      const { word, since } = line
      if (word === 'lost') troubles.push({ kind: 'lost', siteId: site.siteId, since })
      if (word === 'fault' && (speaks.has(site.siteId) || lasts(since)))
        troubles.push({ kind: 'oneWay', siteId: site.siteId, since })
      if (word === 'weak' && lasts(since)) troubles.push({ kind: 'steppedDown', siteId: site.siteId, since })
    }
    const checkpoint = heads.checkpoints.get(site.ownSessionId)
    if (checkpoint && !heads.headcounts.has(site.siteId) && (heads.summoned.get(site.siteId) ?? 0) > 0) {
      const begins = Math.max(checkpoint.at.getTime(), held.startsAt.getTime())
      const since = new Date(begins + unreportedAfterMinutes * 60_000)
      if (since <= now) troubles.push({ kind: 'unreported', siteId: site.siteId, since })
    }
  }
  for (const { siteId, kind, words, at, clearedAt } of faults)
    troubles.push({ kind: 'fault', siteId, since: at, faultKind: kind, detail: words, mendedAt: clearedAt })
  const { rows } = await sql<{ siteId: string; word: 'lost' | 'fault'; from: Date; to: Date }>`
    select site_id as "siteId", word, from_at as "from", to_at as "to" from line_spell
    where session_id = ${held.sessionId} and word in ('lost', 'fault') and to_at >= ${minutesAgo(now, mendedShownMinutes)}
      and site_id = any(${sites.filter(({ kind }) => kind === 'hall').map(({ siteId }) => siteId)}::uuid[])`.execute(db)
  for (const { siteId, word, from, to } of rows)
    if (word === 'lost' || lasts(from, to))
      troubles.push({ kind: word === 'lost' ? 'lost' : 'oneWay', siteId, since: from, mendedAt: to })
  return troubles
}
export async function alarmsAt(
  db: Db | Tx,
  reading: Pick<Reading, 'held' | 'state' | 'stage'>,
  watched: Watched,
  now: Date,
  ears: Parameters<typeof alarmsOf>[1]['ears'],
): Promise<AlarmNow[]> {
  const { held, stage } = reading
  const troubles = await troublesOf(db, reading, watched, now)
  if (troubles.length === 0) return []
  const { rows: taken } = await sql<{ key: string; by: string; at: Date }>`
    select alarm_key as key, by_name as by, at from alarm_taken where session_id = ${held.sessionId}`.execute(db)
  const { rows: previews } = await sql<{ partId: string }>`
    select source ->> 'partId' as "partId" from stage_preview where session_id = ${held.sessionId} and source ->> 'kind' = 'part'`.execute(
    db,
  )
  const inSight = new Set([shownPart(stage?.source), ...previews.map(({ partId }) => partId)])
  const shown = new Set(
    watched.parts.filter((part) => inSight.has(part.partId) || part.state === 'onAir').map(({ siteId }) => siteId),
  )
  return alarmsOf(troubles, {
    sites: watched.sites.map((site) => ({ ...site, shown: shown.has(site.siteId) })),
    taken,
    now,
    ears,
  })
}
export const presentAlarm = ({ keys: _, since, mendedAt, ...alarm }: AlarmNow): z.input<typeof contract.Alarm> => ({
  ...alarm,
  since: since.toISOString(),
  ...(mendedAt ? { mendedAt: mendedAt.toISOString() } : {}),
})

/** Lines, faults and parts of these sites; all of the session's where none are named. */
export async function readWatched(
  desk: Desk,
  sessionId: string,
  sites: readonly StageSite[],
  { now, heads, some }: { now: Date; heads: Heads; some: boolean },
): Promise<Watched> {
  const only = some ? sites.map(({ siteId }) => siteId) : undefined
  const { db } = desk
  const [lines, faults, parts] = await Promise.all([
    linesOf(db, sessionId, only),
    faultsOf(db, sessionId, minutesAgo(now, mendedShownMinutes), only),
    partsOf(db, sessionId, only ? sql`(site_id is null or site_id = any(${only}::uuid[]))` : sql`true`),
  ])
  return { sites, lines: new Map(lines.map((line) => [line.siteId, line])), faults, parts, heads }
}
