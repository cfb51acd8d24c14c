// What time alone changes: lines nobody hears of, minutes that become an interruption, countdowns that end, places that come free.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { record } from '../../../platform/server/record.ts'
import { tellInterrupted } from '../../attendance/server/index.ts'
import * as contract from '../contract.ts'
import { watchedOf, wordOf } from '../rules.ts'
import { openLostInterruptions, turnSpells } from './line.ts'
import { giveModes } from './modes.ts'
import { closeStage } from './session.ts'
import { linesOf, lockLines, lockStage, openInSql, sitesOf, stageOf } from './store.ts'
import { bringAbout, closeRoom, tell } from './tell.ts'
import { endSilentTurns, settleParts } from './turns.ts'

const sweepEveryMs = 2_000
const deafAfterMs = 15_000
const lock = 'stage sweep'

/**
 * One process at a time; the others find the lock taken and go on. Answers whether this was the one. `earsSince`: since when this process
 * has been able to hear the halls.
 */
export async function sweep(desk: Desk, now: Date, earsSince = new Date(0)): Promise<boolean> {
  return desk.db.transaction().execute(async (guard) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended(${lock}, 11)) as mine`.execute(guard)
    if (!rows[0]!.mine) return false
    const { rows: open } = await sql<{ sessionId: string; room: string; over: boolean }>`
      select g.session_id as "sessionId", g.room, (c.classified or c.state = 'closed') as over from stage g join conference c on c.id = g.conference_id
      where g.state in ${openInSql}
        or (g.state = 'closed' and exists (select from site_line l where l.session_id = g.session_id and l.word not in ('away', 'lost')))
      order by g.session_id`.execute(guard)
    const faults: unknown[] = []
    // Each session for itself: one that fails keeps none of the others from being swept.
    for (const { sessionId, room, over } of open)
      try {
        const tellThen = await desk.db.transaction().execute(async (tx) => {
          await lockStage(tx, sessionId)
          return over ? closeOver(tx, desk, sessionId, room, now) : sweepSession(tx, desk, sessionId, now, earsSince)
        })
        tellThen()
      } catch (error) {
        faults.push(error)
      }
    if (faults.length > 0) throw faults[0]
    return true
  })
}
/** Its conference was closed, or marked as holding secrets while it ran: everything digital goes off, at once. */
async function closeOver(tx: Db | Tx, desk: Desk, sessionId: string, room: string, now: Date): Promise<() => void> {
  const back = await closeStage(tx, sessionId, now)
  return () => {
    tell(desk, sessionId, { show: 'now', halls: 'all' })
    tellInterrupted(desk, back)
    void closeRoom(desk, room)
  }
}

async function sweepSession(
  tx: Db | Tx,
  desk: Desk,
  sessionId: string,
  now: Date,
  earsSince: Date,
): Promise<() => void> {
  const lost = await markLost(tx, sessionId, now, earsSince)
  const cut = await openLostInterruptions(tx, sessionId, now)
  const closed = await closeTimedMicrophones(tx, sessionId, now)
  const { rows: looks } = await sql<{ siteIds: string[] }>`
    delete from tile_looker where session_id = ${sessionId} and until <= ${now} returning site_ids as "siteIds"`.execute(
    tx,
  )
  const modes = await giveModes(tx, desk, sessionId, now)
  const halls = [
    ...lost.flatMap(({ siteId, parentSiteId }) => [siteId, parentSiteId]),
    ...cut.map(({ siteId }) => siteId),
    ...closed.map(({ siteId }) => siteId),
    ...looks.flatMap(({ siteIds }) => siteIds),
    ...modes.keys(),
  ]
  return () => {
    if (closed.length > 0) {
      tell(desk, sessionId, { show: 'now', halls })
      void bringAbout(
        desk,
        sessionId,
        closed.map(({ partId }) => partId),
      )
    } else if (lost.length > 0) tell(desk, sessionId, { halls })
    else for (const siteId of new Set(halls)) if (siteId) desk.live.stale(contract.hall, { sessionId, siteId })
    tellInterrupted(desk, cut)
  }
}

/** Screens that had been there and have not been heard of for 25 seconds: lost since they were heard last. A console alone was only put away. */
async function markLost(tx: Db | Tx, sessionId: string, now: Date, earsSince: Date) {
  await lockLines(tx, sessionId)
  const silent = (await linesOf(tx, sessionId)).flatMap((line) => {
    if (line.word === 'away' || line.word === 'lost') return []
    const word = wordOf(line.measured, now, earsSince)
    if (word !== 'lost' && word !== 'away') return []
    return [{ siteId: line.siteId, word, at: new Date(watchedOf(line.measured)?.heardAt ?? now) }]
  })
  if (silent.length === 0) return []
  await sql`
    update site_line l set word = c.word, since = c.at
    from unnest(${silent.map(({ siteId }) => siteId)}::uuid[], ${silent.map(({ word }) => word)}::text[], ${silent.map(({ at }) => at)}::timestamptz[]) as c (site_id, word, at)
    where l.session_id = ${sessionId} and l.site_id = c.site_id`.execute(tx)
  await turnSpells(tx, sessionId, silent)
  return sitesOf(
    tx,
    sessionId,
    silent.map(({ siteId }) => siteId),
  )
}

async function closeTimedMicrophones(tx: Db | Tx, sessionId: string, now: Date) {
  const { rows } = await sql<{ partId: string; siteId: string | null }>`
    update stage_part set microphone = false, microphone_until = null
    where session_id = ${sessionId} and microphone and microphone_until <= ${now} returning part_id as "partId", site_id as "siteId"`.execute(
    tx,
  )
  if (rows.length === 0) return []
  const stage = await stageOf(tx, sessionId)
  for (const { partId } of rows)
    await record(tx, contract.cued, { kind: 'microphone', sessionId, partId, open: false }, now)
  await endSilentTurns(tx, sessionId, stage?.source, now)
  await settleParts(tx, sessionId, stage?.source)
  return rows.map(({ partId, siteId }) => ({ partId, siteId: siteId ?? undefined }))
}

/** Runs beside the requests; a run that fails is told and the next one tries again. */
export function openSweep(desk: Desk, fault: (error: unknown) => void): { stop: () => Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  let busy = false
  let earsSince = new Date()
  let lastAt = Date.now()
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    // After a pause of our own (the database was away, the machine slept) silence says nothing of the halls.
    if (Date.now() - lastAt > deafAfterMs) earsSince = new Date()
    running = sweep(desk, new Date(), earsSince)
      .then(() => {
        lastAt = Date.now()
      })
      .catch(fault)
      .finally(() => {
        busy = false
      })
  }, sweepEveryMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
