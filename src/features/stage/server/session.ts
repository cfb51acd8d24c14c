// The session on stage: closed → backstage → on air ⇄ break → ended.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { record } from '../../../platform/server/record.ts'
import { closeInterruptions, tellInterrupted } from '../../attendance/server/index.ts'
import { moveConference } from '../../conferences/server/index.ts'
import { hideMaterials } from '../../materials/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { isOpen, mayMoveStage } from '../rules.ts'
import { openFaultInterruptions } from './hall.ts'
import { ensureStage, type Held, heldSession, lockStage, nameOf, setStage } from './store.ts'
import { bringAbout, closeRoom, ensureRoom, tell } from './tell.ts'
import { closeMicrophones, cutTo, endSilentTurns, settleParts } from './turns.ts'

export const openStage = answer(contract.openStage, policy.openStage, async ({ db, desk, now, input, after }) => {
  const it = contract.openStage
  const held = (await heldSession(db, input.sessionId)) ?? refuse(it, 'notFound')
  if (held.classified) refuse(it, 'paperOnly')
  if (held.conferenceState === 'draft') refuse(it, 'notApproved')
  if (held.conferenceState === 'closed') refuse(it, 'conferenceClosed')
  if (held.relaysId) refuse(it, 'relayed', { sessionId: held.relaysId })
  const stage = await ensureStage(db, held)
  if (!mayMoveStage(stage.state, 'backstage')) refuse(it, 'alreadyOpen', { state: stage.state })
  await setStage(db, held.sessionId, { state: 'backstage', opened_at: now, on_air_at: null, ended_at: null })
  await record(db, contract.cued, { kind: 'state', sessionId: held.sessionId, state: 'backstage' }, now)
  after(() => {
    tell(desk, held.sessionId, { show: 'now', halls: 'all' })
    void ensureRoom(desk, stage.room)
  })
  return { state: 'backstage' as const }
})

export const goOnAir = answer(contract.goOnAir, policy.goOnAir, async ({ db, desk, actor, now, input, after }) => {
  const it = contract.goOnAir
  const { sessionId } = input
  const stage = await lockStage(db, sessionId)
  if (stage?.state === 'onAir') refuse(it, 'already')
  if (!stage || !mayMoveStage(stage.state, 'onAir')) refuse(it, 'notOpen')
  const held = (await heldSession(db, sessionId)) ?? refuse(it, 'notFound')
  await bringConferenceLive(db, held, now)
  await setStage(db, sessionId, {
    state: 'onAir',
    on_air_at: stage.onAirAt ?? now,
    // From here on minutes count again.
    break_until: stage.state === 'break' ? now : null,
    break_words: '',
  })
  if (!stage.source) {
    const source = { kind: 'slate' as const, words: '' }
    const by = { actor: actor.name, userId: actor.userId, name: await nameOf(db, actor) }
    await cutTo(db, { sessionId, takeNo: stage.takeNo + 1, source, by, at: now })
  }
  // What is turned on before the session stays on only where somebody speaks or asks for help.
  await sql`
    update stage_part p set picture = false where p.session_id = ${sessionId} and p.kind = 'site' and p.picture and p.state not in ('backstage', 'onAir')
      and not exists (select from site_fault f where f.session_id = p.session_id and f.site_id = p.site_id and f.kind = 'help' and f.cleared_at is null)`.execute(
    db,
  )
  const cut = await openFaultInterruptions(db, sessionId, now)
  await record(db, contract.cued, { kind: 'state', sessionId, state: 'onAir' }, now)
  after(() => {
    tell(desk, sessionId, { show: 'now', halls: 'all' })
    tellInterrupted(desk, cut)
    void bringAbout(desk, sessionId, 'all')
  })
  return { state: 'onAir' as const }
})
/** A conference whose session is on air is live. */
async function bringConferenceLive(tx: Db | Tx, { conferenceId, conferenceState }: Held, now: Date) {
  if (conferenceState === 'approved') await moveConference(tx, { conferenceId, to: 'open', now })
  if (conferenceState === 'approved' || conferenceState === 'open')
    await moveConference(tx, { conferenceId, to: 'live', now })
}

export const callBreak = answer(
  contract.callBreak,
  policy.callBreak,
  async ({ db, desk, actor, now, input, after }) => {
    const it = contract.callBreak
    const { sessionId, words } = input
    const stage = await lockStage(db, sessionId)
    if (!stage || !mayMoveStage(stage.state, 'break')) refuse(it, 'notOnAir')
    const until = new Date(input.until)
    if (until <= now) refuse(it, 'outOfOrder')
    const source = { kind: 'slate' as const, words }
    await setStage(db, sessionId, { state: 'break', break_until: until, break_words: words })
    const by = { actor: actor.name, userId: actor.userId, name: await nameOf(db, actor) }
    await cutTo(db, { sessionId, takeNo: stage.takeNo + 1, source, by, at: now })
    await closeMicrophones(db, sessionId, contract.partKinds, now)
    const paused = await pauseInterruptions(db, sessionId, now)
    await endSilentTurns(db, sessionId, source, now)
    await settleParts(db, sessionId, source)
    await record(
      db,
      contract.cued,
      { kind: 'state', sessionId, state: 'break', until: until.toISOString(), words },
      now,
    )
    after(() => {
      tell(desk, sessionId, { show: 'now', halls: 'all' })
      tellInterrupted(desk, paused)
      void bringAbout(desk, sessionId, 'all')
    })
    return { state: 'break' as const }
  },
)

export const endStage = answer(contract.endStage, policy.endStage, async ({ db, desk, now, input, after }) => {
  const { sessionId } = input
  const stage = await lockStage(db, sessionId)
  if (!stage || !isOpen(stage.state)) refuse(contract.endStage, 'notOpen')
  const back = await closeStage(db, sessionId, now)
  after(() => {
    tell(desk, sessionId, { show: 'now', halls: 'all' })
    tellInterrupted(desk, back)
    void closeRoom(desk, stage.room)
  })
  return { state: 'ended' as const }
})
/** Everything that was open is closed with it; answers the halls whose interruption ended. */
export async function closeStage(tx: Db | Tx, sessionId: string, now: Date) {
  await setStage(tx, sessionId, {
    state: 'ended',
    ended_at: now,
    source: null,
    deck_version_id: null,
    deck_page: null,
    break_until: null,
  })
  await closeMicrophones(tx, sessionId, contract.partKinds, now)
  await sql`
    update stage_hand set state = case when state = 'onAir' then 'done' else 'withdrawn' end, ended_at = ${now}
    where session_id = ${sessionId} and state in ('waiting', 'called', 'onAir')`.execute(tx)
  await settleParts(tx, sessionId, undefined)
  await sql`update stage_part set picture = false, connected_at = null, disconnected_at = null where session_id = ${sessionId}`.execute(
    tx,
  )
  await sql`update stage_talk set to_at = ${now} where session_id = ${sessionId} and to_at is null`.execute(tx)
  await sql`update stage_topic set ended_at = ${now} where session_id = ${sessionId} and began_at is not null and ended_at is null`.execute(
    tx,
  )
  await hideMaterials(tx, { sessionId, now })
  await sql`delete from stage_preview where session_id = ${sessionId}`.execute(tx)
  await sql`delete from tile_looker where session_id = ${sessionId}`.execute(tx)
  const back = await pauseInterruptions(tx, sessionId, now)
  await sql`update line_spell set to_at = greatest(from_at, ${now}) where session_id = ${sessionId} and to_at is null`.execute(
    tx,
  )
  await sql`update site_fault set cleared_at = ${now} where session_id = ${sessionId} and cleared_at is null`.execute(
    tx,
  )
  await record(tx, contract.cued, { kind: 'state', sessionId, state: 'ended' }, now)
  return back
}
/**
 * What is lost in a break, or after the end, is nobody's study: open interruptions end here. A line or a fault that goes on opens another
 * when the session does. Answers the halls.
 */
async function pauseInterruptions(tx: Db | Tx, sessionId: string, now: Date) {
  const { rows } = await sql<{ interruptionId: string }>`
    with spell as (
      select s.spell_id, s.interruption_id from line_spell s where s.session_id = ${sessionId} and s.to_at is null and s.interruption_id is not null),
    fault as (
      select f.fault_id, f.interruption_id from site_fault f where f.session_id = ${sessionId} and f.cleared_at is null and f.interruption_id is not null),
    free_spell as (update line_spell s set interruption_id = null from spell where s.spell_id = spell.spell_id),
    free_fault as (update site_fault f set interruption_id = null from fault where f.fault_id = fault.fault_id)
    select interruption_id as "interruptionId" from spell union all select interruption_id from fault`.execute(tx)
  const ids = rows.map(({ interruptionId }) => interruptionId)
  await closeInterruptions(
    tx,
    ids.map((interruptionId) => ({ interruptionId, toAt: now })),
  )
  const { rows: halls } = await sql<{ conferenceId: string; siteId: string }>`
    select distinct conference_id as "conferenceId", site_id as "siteId" from interruption where id = any(${ids}::uuid[])`.execute(
    tx,
  )
  return halls
}
