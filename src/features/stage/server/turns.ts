// What follows when a microphone, a cut or a hand changes: who is on air, who waits backstage, whose turn is over.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { record } from '../../../platform/server/record.ts'
import type { Source } from '../contract.ts'
import * as contract from '../contract.ts'
import { standingOf } from '../rules.ts'
import { handsOf, type Part, partsOf, setStage, stillUp } from './store.ts'

export const shownPart = (source: Source | undefined): string | undefined =>
  source?.kind === 'part' ? source.partId : undefined

/** A hall or member whose microphone is closed and who is not shown has had her turn. */
export async function endSilentTurns(tx: Db | Tx, sessionId: string, source: Source | undefined, now: Date) {
  await sql`
    update stage_hand h set state = 'done', ended_at = ${now} from stage_part p
    where h.session_id = ${sessionId} and h.state = 'onAir' and p.part_id = h.part_id and not p.microphone
      and p.part_id is distinct from ${shownPart(source) ?? null}::uuid`.execute(tx)
}

/** Brings every part's standing in line with what is shown, heard and called; answers the parts that changed. */
export async function settleParts(tx: Db | Tx, sessionId: string, source: Source | undefined): Promise<Part[]> {
  const parts = await partsOf(tx, sessionId)
  const up = await handsOf(tx, sessionId, sql`part_id is not null and state in ('called', 'onAir')`)
  const called = new Set(up.map(({ partId }) => partId))
  const changed = parts.flatMap((part) => {
    const state = standingOf({
      kind: part.kind,
      state: part.state,
      shown: shownPart(source) === part.partId,
      heard: part.microphone,
      called: called.has(part.partId),
    })
    return state === part.state ? [] : [{ ...part, state }]
  })
  if (changed.length > 0)
    await sql`
      update stage_part p set state = c.state
      from unnest(${changed.map(({ partId }) => partId)}::uuid[], ${changed.map(({ state }) => state)}::text[]) as c (part_id, state)
      where p.part_id = c.part_id`.execute(tx)
  return changed
}

/** The cut changes: one more line in the list of takes, and news for whoever follows. */
export async function cutTo(
  tx: Db | Tx,
  it: {
    sessionId: string
    takeId?: string
    takeNo: number
    source: Source
    by: { actor: string; userId: string | undefined; name: string }
    openedPartId?: string | undefined
    undoes?: number | undefined
    at: Date
  },
) {
  await tx
    .insertInto('stage_take')
    .values({
      take_id: it.takeId ?? newId(it.at),
      session_id: it.sessionId,
      take_no: it.takeNo,
      source: JSON.stringify(it.source),
      by_actor: it.by.actor,
      by_user_id: it.by.userId ?? null,
      by_name: it.by.name,
      at: it.at,
      opened_part_id: it.openedPartId ?? null,
      undoes: it.undoes ?? null,
    })
    .execute()
  await setStage(tx, it.sessionId, { take_no: it.takeNo, source: JSON.stringify(it.source) })
  await record(
    tx,
    contract.cued,
    { kind: 'take', sessionId: it.sessionId, takeNo: it.takeNo, source: it.source },
    it.at,
  )
}

/** Microphones of these kinds closed, or one part's; answers the parts that were open. */
export async function closeMicrophones(
  tx: Db | Tx,
  sessionId: string,
  kinds: readonly string[],
  now: Date,
  onlyPartId?: string,
): Promise<{ partId: string; siteId: string | undefined }[]> {
  const { rows } = await sql<{ partId: string; siteId: string | null }>`
    update stage_part set microphone = false, microphone_until = null
    where session_id = ${sessionId} and microphone and kind = any(${kinds as string[]}) and (${onlyPartId ?? null}::uuid is null or part_id = ${onlyPartId ?? null}::uuid) returning part_id as "partId", site_id as "siteId"`.execute(
    tx,
  )
  for (const { partId } of rows)
    await record(tx, contract.cued, { kind: 'microphone', sessionId, partId, open: false }, now)
  return rows.map(({ partId, siteId }) => ({ partId, siteId: siteId ?? undefined }))
}
/** Sites whose place in the queue may have changed. */
export const sitesWaiting = async (db: Db | Tx, sessionId: string): Promise<string[]> =>
  (await handsOf(db, sessionId, sql`site_id is not null and ${stillUp}`)).map(({ siteId }) => siteId!)
