// One queue for halls, members and telephone: raised, ordered, called, finished.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { isOpen, orderQueue, type Turn } from '../rules.ts'
import {
  ensureSitePart,
  type HandRow,
  handById,
  handsOf,
  lockStage,
  partById,
  partsOf,
  type Stage,
  type StageSite,
  siteOnStage,
  stillUp,
} from './store.ts'
import { bringAbout, tell } from './tell.ts'
import { closeMicrophones, endSilentTurns, settleParts, sitesWaiting } from './turns.ts'

/** Own devices and telephones are levels of their own beside those of the tree. */
const memberLevel = 90
const telephoneLevel = 91

const speakerOf = (hand: Pick<HandRow, 'siteId' | 'personId' | 'partId' | 'handId'>) =>
  hand.siteId ?? hand.personId ?? hand.partId ?? hand.handId
/** Those who are on air, those called, and those who wait in their order, each with its place. */
export async function queueOf(db: Db | Tx, sessionId: string): Promise<(HandRow & { place: number })[]> {
  const all = await handsOf(db, sessionId, sql`(${stillUp} or state = 'done')`)
  const had = (hand: HandRow) => hand.state === 'done' || hand.state === 'onAir' || hand.state === 'called'
  const turns = all
    .filter(had)
    .map((hand): Turn => ({ speaker: speakerOf(hand), group: hand.group, level: hand.level }))
  const waiting = orderQueue(
    all.filter(({ state }) => state === 'waiting').map((hand) => ({ ...hand, speaker: speakerOf(hand) })),
    turns,
  )
  return [
    ...all.filter(({ state }) => state === 'onAir').map((hand) => ({ ...hand, place: 0 })),
    ...all.filter(({ state }) => state === 'called').map((hand) => ({ ...hand, place: 0 })),
    ...waiting.map((hand, at) => ({ ...hand, place: at + 1 })),
  ]
}
const placeOf = async (db: Db | Tx, sessionId: string, handId: string) =>
  (await queueOf(db, sessionId)).find((hand) => hand.handId === handId)?.place ?? 0

async function openStage(db: Db | Tx, sessionId: string, it: { refusals: readonly string[] }): Promise<Stage> {
  const stage = await lockStage(db, sessionId)
  if (!stage || !isOpen(stage.state)) refuse(it, 'notOpen' as never)
  return stage
}
type NewHand = {
  handId: string
  sessionId: string
  kind: HandRow['kind']
  siteId?: string | undefined
  personId?: string | undefined
  partId?: string | undefined
  name: string
  unit: string
  level: number
  group: string
  about: string
  state?: 'waiting' | 'called'
  seconds?: number
  at: Date
}
const insertHand = (tx: Db | Tx, it: NewHand) =>
  tx
    .insertInto('stage_hand')
    .values({
      hand_id: it.handId,
      session_id: it.sessionId,
      kind: it.kind,
      site_id: it.siteId ?? null,
      person_id: it.personId ?? null,
      part_id: it.partId ?? null,
      name: it.name,
      unit: it.unit,
      level: it.level,
      group_id: it.group,
      about: it.about,
      raised_at: it.at,
      ordered: null,
      state: it.state ?? 'waiting',
      seconds: it.seconds ?? null,
      called_at: it.state === 'called' ? it.at : null,
      on_air_at: null,
      until: null,
      ended_at: null,
    })
    .onConflict((row) => row.column('hand_id').doNothing())
    .execute()
const ofSite = (site: StageSite) => ({
  kind: 'site' as const,
  siteId: site.siteId,
  name: site.name,
  unit: site.unit,
  level: site.depth,
  group: site.groupId,
})

export const raiseHand = answer(contract.raiseHand, policy.raiseHand, async ({ db, desk, now, input, after }) => {
  const it = contract.raiseHand
  const { sessionId, siteId, handId, about } = input
  await openStage(db, sessionId, it)
  const site = (await siteOnStage(db, sessionId, siteId)) ?? refuse(it, 'otherConference')
  const up = await handsOf(db, sessionId, sql`site_id = ${siteId} and ${stillUp}`)
  if (up.some((hand) => hand.handId !== handId)) refuse(it, 'tooManyHands')
  await insertHand(db, { handId, sessionId, ...ofSite(site), about, at: now })
  const place = await placeOf(db, sessionId, handId)
  const waiting = await sitesWaiting(db, sessionId)
  after(() => tell(desk, sessionId, { show: true, halls: [...waiting, siteId, site.parentSiteId] }))
  return { handId, place }
})

export const raiseMyHand = answer(contract.raiseMyHand, policy.raiseMyHand, async (call) => {
  const { db, desk, actor, now, input, after } = call
  const it = contract.raiseMyHand
  const { sessionId, handId, about } = input
  const personId = actor.personId ?? refuse(it, 'notYours')
  await openStage(db, sessionId, it)
  const me = (await summonedTo(db, sessionId, personId, actor.campaignId)) ?? refuse(it, 'notSummoned')
  const up = await handsOf(db, sessionId, sql`person_id = ${personId} and ${stillUp}`)
  if (up.some((hand) => hand.handId !== handId)) refuse(it, 'tooManyHands')
  await insertHand(db, { handId, sessionId, kind: 'member', personId, ...me, level: memberLevel, about, at: now })
  const place = await placeOf(db, sessionId, handId)
  const waiting = await sitesWaiting(db, sessionId)
  after(() => tell(desk, sessionId, { show: true, halls: waiting }))
  return { handId, place }
})
/** Her name and unit, if she is summoned to this session or to one that relays it. She asks to speak: that is an act, no look at her. */
async function summonedTo(db: Db | Tx, sessionId: string, personId: string, campaignId: string | undefined) {
  const { rows } = await sql<{ name: string; unit: string; group: string }>`
    with recursive shown as (
      select s.id, s.conference_id from conference_session s where s.id = ${sessionId}
      union all
      select s.id, s.conference_id from conference_session s join shown on s.relays_id = shown.id)
    select p.full_name as name, coalesce(u.name, n.name, '') as unit,
      coalesce((select d.path[array_position(d.path, top.unit_id) + 1] from unit_now d where d.unit_id = coalesce(r.unit_id, b.unit_id)), top.unit_id)::text as "group"
    from summons m join shown on shown.conference_id = m.conference_id and (m.session_ids is null or shown.id = any(m.session_ids))
      join conference c on c.id = m.conference_id and not c.classified
      join conference top on top.id = (select conference_id from conference_session where id = ${sessionId})
      join person p on p.id = m.person_id
      left join roll r on r.campaign_id = c.campaign_id and r.person_id = p.id and r.to_at is null
      left join campaign_unit u on u.campaign_id = c.campaign_id and u.unit_id = r.unit_id
      left join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
      left join unit_now n on n.unit_id = b.unit_id
    where m.person_id = ${personId} and m.withdrawn_at is null and p.erased_at is null
      and (${campaignId ?? null}::uuid is null or c.campaign_id = ${campaignId ?? null}::uuid)
    limit 1`.execute(db)
  return rows[0]
}

export const raiseCallersHand = answer(
  contract.raiseCallersHand,
  policy.raiseCallersHand,
  async ({ db, desk, now, input, after }) => {
    const it = contract.raiseCallersHand
    const { sessionId, handId, partId, about } = input
    await openStage(db, sessionId, it)
    const part = await partById(db, sessionId, partId)
    if (part?.kind !== 'telephone' || part.state === 'removed') refuse(it, 'unknownPart')
    await insertHand(db, {
      handId,
      sessionId,
      kind: 'telephone',
      partId,
      name: part.name,
      unit: part.unit,
      level: telephoneLevel,
      group: 'telephone',
      about,
      at: now,
    })
    const waiting = await sitesWaiting(db, sessionId)
    after(() => tell(desk, sessionId, { show: true, halls: waiting }))
    return { handId }
  },
)

/** Taken down by whoever raised it. On air it is the end of her turn. */
async function lower(tx: Db | Tx, stage: Stage, hand: HandRow, now: Date): Promise<void> {
  if (hand.state === 'onAir') return finish(tx, stage, hand, 'done', now)
  await sql`update stage_hand set state = 'withdrawn', ended_at = ${now} where hand_id = ${hand.handId} and ${stillUp}`.execute(
    tx,
  )
  await settleParts(tx, stage.sessionId, stage.source)
}
export const lowerHand = answer(contract.lowerHand, policy.lowerHand, async ({ db, desk, now, input, after }) => {
  const { sessionId, siteId, handId } = input
  const stage = (await lockStage(db, sessionId)) ?? refuse(contract.lowerHand, 'unknownHand')
  const hand = await handById(db, sessionId, handId)
  if (!hand || hand.siteId !== siteId) refuse(contract.lowerHand, 'unknownHand')
  await lower(db, stage, hand, now)
  const waiting = await sitesWaiting(db, sessionId)
  after(() => {
    tell(desk, sessionId, { show: true, halls: [...waiting, siteId] })
    if (hand.partId) void bringAbout(desk, sessionId, [hand.partId])
  })
  return {}
})
export const lowerMyHand = answer(contract.lowerMyHand, policy.lowerMyHand, async (call) => {
  const { db, desk, actor, now, input, after } = call
  const { sessionId, handId } = input
  const stage = (await lockStage(db, sessionId)) ?? refuse(contract.lowerMyHand, 'unknownHand')
  const hand = await handById(db, sessionId, handId)
  if (!hand || hand.personId === undefined || hand.personId !== actor.personId)
    refuse(contract.lowerMyHand, 'unknownHand')
  await lower(db, stage, hand, now)
  const waiting = await sitesWaiting(db, sessionId)
  after(() => {
    tell(desk, sessionId, { show: true, halls: waiting })
    if (hand.partId) void bringAbout(desk, sessionId, [hand.partId])
  })
  return {}
})

export const orderHands = answer(contract.orderHands, policy.orderHands, async ({ db, desk, input, after }) => {
  const { sessionId, handIds } = input
  await lockStage(db, sessionId)
  // Those ordered before and not named now stay in their order, behind.
  await sql`
    with named as (select * from unnest(${handIds as string[]}::uuid[]) with ordinality as n (hand_id, at)),
    behind as (
      select h.hand_id, row_number() over (order by h.ordered, h.raised_at) + ${handIds.length} as at from stage_hand h
      where h.session_id = ${sessionId} and h.state = 'waiting' and h.ordered is not null and not exists (select from named n where n.hand_id = h.hand_id))
    update stage_hand h set ordered = o.at::int
    from (select hand_id, at from named union all select hand_id, at from behind) o
    where h.hand_id = o.hand_id and h.session_id = ${sessionId} and h.state = 'waiting'`.execute(db)
  const waiting = await sitesWaiting(db, sessionId)
  after(() => tell(desk, sessionId, { halls: waiting }))
  return {}
})

export const callHand = answer(contract.callHand, policy.callHand, async ({ db, desk, now, input, after }) => {
  const it = contract.callHand
  const { sessionId, handId, seconds } = input
  const stage = (await lockStage(db, sessionId)) ?? refuse(it, 'unknownHand')
  const hand = (await handById(db, sessionId, handId)) ?? refuse(it, 'unknownHand')
  // Called twice by an impatient finger: it is called.
  if (hand.partId && (hand.state === 'called' || hand.state === 'onAir')) return { partId: hand.partId }
  if (hand.state !== 'waiting' || !isOpen(stage.state)) refuse(it, 'notWaiting', { state: hand.state })
  const partId = (await partFor(db, sessionId, hand)) ?? refuse(it, 'notWaiting', { state: 'removed' })
  await callNow(db, stage, { handId, partId, seconds, now })
  const waiting = await sitesWaiting(db, sessionId)
  after(() => {
    tell(desk, sessionId, { show: 'now', halls: [...waiting, hand.siteId] })
    void bringAbout(desk, sessionId, [partId])
  })
  return { partId }
})
async function callNow(
  tx: Db | Tx,
  stage: Stage,
  { handId, partId, seconds, now }: { handId: string; partId: string; seconds: number; now: Date },
) {
  await sql`update stage_hand set state = 'called', called_at = ${now}, part_id = ${partId}, seconds = ${seconds} where hand_id = ${handId}`.execute(
    tx,
  )
  await settleParts(tx, stage.sessionId, stage.source)
}
/** The part she speaks as; `undefined` when it was removed and not readmitted. */
async function partFor(tx: Db | Tx, sessionId: string, hand: HandRow): Promise<string | undefined> {
  if (hand.siteId) {
    const site = await siteOnStage(tx, sessionId, hand.siteId)
    const part = site && (await ensureSitePart(tx, sessionId, site, newId()))
    return part?.state === 'removed' ? undefined : part?.partId
  }
  if (!hand.personId) return hand.partId
  await sql`
    insert into stage_part (part_id, session_id, kind, person_id, name, unit, state)
    values (${newId()}, ${sessionId}, 'member', ${hand.personId}, ${hand.name}, ${hand.unit}, 'left')
    on conflict (session_id, person_id) where kind = 'member' do nothing`.execute(tx)
  const part = (await partsOf(tx, sessionId, sql`kind = 'member' and person_id = ${hand.personId}`))[0]
  return part?.state === 'removed' ? undefined : part?.partId
}

export const callSite = answer(contract.callSite, policy.callSite, async ({ db, desk, now, input, after }) => {
  const it = contract.callSite
  const { sessionId, siteId, handId, seconds } = input
  const stage = await openStage(db, sessionId, it)
  const site = (await siteOnStage(db, sessionId, siteId)) ?? refuse(it, 'otherConference')
  const part = await ensureSitePart(db, sessionId, site, newId(now))
  if (part.state === 'removed') refuse(it, 'notOpen', { state: 'removed' })
  const up = (await handsOf(db, sessionId, sql`site_id = ${siteId} and ${stillUp}`))[0]
  // A hall that has its hand up is called by that hand.
  if (!up)
    await insertHand(db, {
      handId,
      sessionId,
      ...ofSite(site),
      partId: part.partId,
      about: '',
      state: 'called',
      seconds,
      at: now,
    })
  if (up?.state === 'waiting') await callNow(db, stage, { handId: up.handId, partId: part.partId, seconds, now })
  else await settleParts(db, sessionId, stage.source)
  const waiting = await sitesWaiting(db, sessionId)
  after(() => {
    tell(desk, sessionId, { show: true, halls: [...waiting, siteId] })
    void bringAbout(desk, sessionId, [part.partId])
  })
  return { partId: part.partId }
})

export const finishHand = answer(contract.finishHand, policy.finishHand, async ({ db, desk, now, input, after }) => {
  const { sessionId, handId } = input
  const stage = (await lockStage(db, sessionId)) ?? refuse(contract.finishHand, 'unknownHand')
  const hand = (await handById(db, sessionId, handId)) ?? refuse(contract.finishHand, 'unknownHand')
  await finish(db, stage, hand, input.as, now, input.words)
  const waiting = await sitesWaiting(db, sessionId)
  after(() => {
    tell(desk, sessionId, { show: 'now', halls: [...waiting, hand.siteId] })
    if (hand.partId) void bringAbout(desk, sessionId, [hand.partId])
  })
  return {}
})
async function finish(
  tx: Db | Tx,
  stage: Stage,
  hand: HandRow,
  as: 'done' | 'declined' | 'waiting',
  now: Date,
  words = '',
): Promise<void> {
  const { sessionId } = stage
  if (as === 'waiting')
    await sql`
      update stage_hand set state = 'waiting', called_at = null, on_air_at = null, until = null, ended_at = null, words = ${words}
      where hand_id = ${hand.handId} and state in ('called', 'onAir')`.execute(tx)
  else
    await sql`update stage_hand set state = ${as}, ended_at = ${now}, words = ${words} where hand_id = ${hand.handId} and ${stillUp}`.execute(
      tx,
    )
  if (hand.partId) await closeMicrophones(tx, sessionId, ['site', 'member', 'telephone'], now, hand.partId)
  await endSilentTurns(tx, sessionId, stage.source, now)
  await settleParts(tx, sessionId, stage.source)
}
