// The hall itself: its picture, its faults, its last word.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { closeInterruptions, openInterruptions, tellInterrupted } from '../../attendance/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { type FaultKind, isOpen, mayShowPicture } from '../rules.ts'
import { ensureSitePart, ensureStage, handsOf, heldSession, lockStage, setPart, siteOnStage } from './store.ts'
import { bringAbout, tell } from './tell.ts'

export const setPicture = answer(contract.setPicture, policy.setPicture, async ({ db, desk, input, after, note }) => {
  const it = contract.setPicture
  const { sessionId, siteId, on } = input
  const stage = await lockStage(db, sessionId)
  if (!stage || !isOpen(stage.state)) refuse(it, 'notOpen')
  const site = (await siteOnStage(db, sessionId, siteId)) ?? refuse(it, 'otherConference')
  const part = await ensureSitePart(db, sessionId, site, newId())
  if (on) {
    const called = await handsOf(db, sessionId, sql`site_id = ${siteId} and state in ('called', 'onAir')`)
    const speaks = called.length > 0 || part.state === 'onAir' || part.state === 'backstage'
    const { rows } = await sql`
      select from site_fault where session_id = ${sessionId} and site_id = ${siteId} and kind = 'help' and cleared_at is null`.execute(
      db,
    )
    if (!mayShowPicture({ state: stage.state, speaks, asksForHelp: rows.length > 0 })) refuse(it, 'running')
    if (part.state === 'removed') refuse(it, 'notYours')
  }
  await setPart(db, part.partId, { picture: on })
  note({ on })
  after(() => {
    tell(desk, sessionId, { halls: [siteId] })
    void bringAbout(desk, sessionId, [part.partId])
  })
  return { on }
})

/** What a fault costs a hall of its study; help is asked for while everything goes on. */
const causeOf = (kind: FaultKind): 'sound' | 'picture' | 'power' | undefined =>
  (
    ({
      noSound: 'sound',
      noPicture: 'picture',
      frozen: 'picture',
      power: 'power',
      help: undefined,
      other: undefined,
    }) as const
  )[kind]

export const reportFault = answer(contract.reportFault, policy.reportFault, async (call) => {
  const { db, desk, actor, now, input, after } = call
  const it = contract.reportFault
  const { sessionId, siteId, faultId, kind, words } = input
  const held = (await heldSession(db, sessionId)) ?? refuse(it, 'otherConference')
  const site = (await siteOnStage(db, sessionId, siteId)) ?? refuse(it, 'otherConference')
  const stage = await ensureStage(db, held)
  await db
    .insertInto('site_fault')
    .values({
      fault_id: faultId,
      session_id: sessionId,
      site_id: siteId,
      kind,
      words,
      by_actor: actor.name,
      claimed_at: new Date(input.claimedAt),
      at: now,
      cleared_at: null,
      interruption_id: null,
    })
    .onConflict((row) => row.column('fault_id').doNothing())
    .execute()
  const cut = stage.state === 'onAir' ? await openFaultInterruptions(db, sessionId, now, siteId) : []
  after(() => {
    tell(desk, sessionId, { halls: [siteId, site.parentSiteId] })
    tellInterrupted(desk, cut)
  })
  return { faultId }
})
/** Faults of sound, picture or power that are open while the session is on air cost minutes; those minutes are kept. */
export async function openFaultInterruptions(tx: Db | Tx, sessionId: string, now: Date, siteId?: string) {
  const { rows } = await sql<{
    faultId: string
    siteId: string
    kind: FaultKind
    by: string
    from: Date
    conferenceId: string
  }>`
    select f.fault_id as "faultId", f.site_id as "siteId", f.kind, f.by_actor as by, greatest(f.at, coalesce(g.on_air_at, ${now}::timestamptz), g.break_until) as "from", g.conference_id as "conferenceId"
    from site_fault f join stage g on g.session_id = f.session_id
    where f.session_id = ${sessionId} and f.cleared_at is null and f.interruption_id is null and (${siteId ?? null}::uuid is null or f.site_id = ${siteId ?? null}::uuid)`.execute(
    tx,
  )
  const opened = []
  for (const row of rows) {
    const cause = causeOf(row.kind)
    if (!cause) continue
    const site = await siteOnStage(tx, sessionId, row.siteId)
    const interruptionId = newId(now)
    opened.push({
      interruptionId,
      conferenceId: site?.conferenceId ?? row.conferenceId,
      siteId: row.siteId,
      fromAt: row.from,
      cause,
      by: row.by,
    })
    await sql`update site_fault set interruption_id = ${interruptionId} where fault_id = ${row.faultId}`.execute(tx)
  }
  await openInterruptions(tx, opened, now)
  return opened.map(({ conferenceId, siteId: hall }) => ({ conferenceId, siteId: hall }))
}

export const clearFault = answer(contract.clearFault, policy.clearFault, async ({ db, desk, now, input, after }) => {
  const it = contract.clearFault
  const { sessionId, siteId, faultId } = input
  const { rows } = await sql<{ interruptionId: string | null }>`
    update site_fault set cleared_at = coalesce(cleared_at, ${now}) where fault_id = ${faultId} and session_id = ${sessionId} and site_id = ${siteId}
    returning interruption_id as "interruptionId"`.execute(db)
  const fault = rows[0] ?? refuse(it, 'unknownFault')
  if (fault.interruptionId) await closeInterruptions(db, [{ interruptionId: fault.interruptionId, toAt: now }])
  const site = await siteOnStage(db, sessionId, siteId)
  after(() => {
    tell(desk, sessionId, { halls: [siteId, site?.parentSiteId] })
    if (site) tellInterrupted(desk, [{ conferenceId: site.conferenceId, siteId }])
  })
  return {}
})

export const sayWord = answer(contract.sayWord, policy.sayWord, async ({ db, desk, now, input, after }) => {
  const { sessionId, siteId, words } = input
  const held = (await heldSession(db, sessionId)) ?? refuse(contract.sayWord, 'otherConference')
  if (!(await siteOnStage(db, sessionId, siteId))) refuse(contract.sayWord, 'otherConference')
  await ensureStage(db, held)
  await sql`
    insert into site_line (session_id, site_id, last_word, last_word_at) values (${sessionId}, ${siteId}, ${words}, ${now})
    on conflict (session_id, site_id) do update set last_word = excluded.last_word, last_word_at = excluded.last_word_at`.execute(
    db,
  )
  after(() => tell(desk, sessionId, { halls: [siteId] }))
  return {}
})
