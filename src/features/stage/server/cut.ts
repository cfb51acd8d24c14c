// The cut: one source at a time for the picture. Two directors at once, and the second is asked again.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { record } from '../../../platform/server/record.ts'
import * as materials from '../../materials/server/index.ts'
import type { Source } from '../contract.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { undoSeconds } from '../rules.ts'
import { filmOf } from './decks.ts'
import { lockStage, nameOf, partById, partsOf, type Stage, setPart, userOf } from './store.ts'
import { bringAbout, tell } from './tell.ts'
import { cutTo, endSilentTurns, settleParts } from './turns.ts'

type TakeRow = {
  takeId: string
  takeNo: number
  source: Source
  byName: string
  byActor: string
  at: Date
  openedPartId: string | null
  undoes: number | null
}
const takes = async (db: Db | Tx, sessionId: string, takeNos: readonly number[]) =>
  (
    await sql<TakeRow>`
      select take_id as "takeId", take_no as "takeNo", source, by_name as "byName", by_actor as "byActor", at, opened_part_id as "openedPartId", undoes
      from stage_take where session_id = ${sessionId} and take_no = any(${takeNos as number[]}::int[]) order by take_no desc`.execute(
      db,
    )
  ).rows

/** Who took what meanwhile, for the sentence on the second director's screen. */
async function meanwhile(db: Db | Tx, stage: Stage) {
  const last = (await takes(db, stage.sessionId, [stage.takeNo]))[0]
  return {
    takeNo: stage.takeNo,
    by: last?.byName ?? '',
    shown: last ? (await nameSource(db, stage, last.source)).name : '',
    at: last?.at.toISOString(),
  }
}

export const take = answer(contract.take, policy.take, async ({ db, desk, actor, now, input, after, note }) => {
  const it = contract.take
  const { sessionId, takeId, source } = input
  const stage = (await lockStage(db, sessionId)) ?? refuse(it, 'notOnAir')
  // A double click, or a retry in bad radio, is one take.
  const { rows } = await sql<{ takeNo: number; at: Date; sessionId: string }>`
    select take_no as "takeNo", at, session_id as "sessionId" from stage_take where take_id = ${takeId}`.execute(db)
  if (rows[0] && rows[0].sessionId === sessionId) return { takeNo: rows[0].takeNo, tookAt: rows[0].at.toISOString() }
  if (stage.state !== 'onAir') refuse(it, 'notOnAir', { state: stage.state })
  if (stage.takeNo !== input.after) refuse(it, 'takenMeanwhile', await meanwhile(db, stage))
  const part = source.kind === 'part' ? await thereOn(db, stage, source.partId) : undefined
  if (source.kind === 'slides' && !stage.deckVersionId) refuse(it, 'noSlides')
  if (source.kind === 'file' && !(await filmOf(db, stage.conferenceId, source.versionId))) refuse(it, 'unknownFile')
  // Whoever is shown is heard, for as long as her turn was given.
  const opens = part && !part.microphone ? part : undefined
  if (opens) await openFor(db, sessionId, opens.partId, now)
  const by = { actor: actor.name, userId: actor.userId, name: await nameOf(db, actor) }
  const takeNo = stage.takeNo + 1
  await cutTo(db, { sessionId, takeId, takeNo, source, by, openedPartId: opens?.partId, at: now })
  await endSilentTurns(db, sessionId, source, now)
  const changed = await settleParts(db, sessionId, source)
  const touched = [part, ...changed].flatMap((one) => (one ? [one] : []))
  note({ takeNo, kind: source.kind, partId: part?.partId })
  after(() => {
    tell(desk, sessionId, { show: 'now', halls: touched.map(({ siteId }) => siteId) })
    void bringAbout(
      desk,
      sessionId,
      touched.map(({ partId }) => partId),
      opens ? [opens.partId] : [],
    )
  })
  return { takeNo, tookAt: now.toISOString() }
})
async function thereOn(db: Db | Tx, stage: Stage, partId: string) {
  const part = await partById(db, stage.sessionId, partId)
  if (!part || part.kind === 'technician') refuse(contract.take, 'unknownPart')
  if (part.state === 'removed' || !part.connected) refuse(contract.take, 'notThere', { name: part.name })
  return part
}
/** The microphone of a part that comes on air; a called hand's countdown begins. */
async function openFor(tx: Db | Tx, sessionId: string, partId: string, now: Date) {
  const { rows } = await sql<{ until: Date | null }>`
    update stage_hand set state = 'onAir', on_air_at = ${now}, until = ${now}::timestamptz + make_interval(secs => seconds)
    where session_id = ${sessionId} and part_id = ${partId} and state = 'called' returning until`.execute(tx)
  await setPart(tx, partId, { microphone: true, microphone_until: rows[0]?.until ?? null })
  await record(tx, contract.cued, { kind: 'microphone', sessionId, partId, open: true }, now)
}

export const undoTake = answer(contract.undoTake, policy.undoTake, async ({ db, desk, actor, now, input, after }) => {
  const it = contract.undoTake
  const { sessionId } = input
  const stage = (await lockStage(db, sessionId)) ?? refuse(it, 'tooLate')
  const [last] = await takes(db, sessionId, [stage.takeNo])
  // Pressing twice takes back once.
  if (last?.undoes === input.takeNo && last.byActor === actor.name) return { takeNo: last.takeNo }
  if (!last || stage.takeNo !== input.takeNo) refuse(it, 'takenMeanwhile', await meanwhile(db, stage))
  if (stage.state !== 'onAir' || now.getTime() - last.at.getTime() > undoSeconds * 1000) refuse(it, 'tooLate')
  const before = (await takes(db, sessionId, [stage.takeNo - 1]))[0]
  const source: Source = before?.source ?? { kind: 'slate', words: '' }
  if (last.openedPartId) {
    await setPart(db, last.openedPartId, { microphone: false, microphone_until: null })
    await record(db, contract.cued, { kind: 'microphone', sessionId, partId: last.openedPartId, open: false }, now)
    await sql`
      update stage_hand set state = 'called', on_air_at = null, until = null
      where session_id = ${sessionId} and part_id = ${last.openedPartId} and state = 'onAir'`.execute(db)
  }
  const takeNo = stage.takeNo + 1
  const by = { actor: actor.name, userId: actor.userId, name: await nameOf(db, actor) }
  await cutTo(db, { sessionId, takeNo, source, by, undoes: input.takeNo, at: now })
  const changed = await settleParts(db, sessionId, source)
  after(() => {
    tell(desk, sessionId, { show: 'now', halls: changed.map(({ siteId }) => siteId) })
    void bringAbout(
      desk,
      sessionId,
      changed.map(({ partId }) => partId),
    )
  })
  return { takeNo }
})

export const preview = answer(contract.preview, policy.preview, async ({ db, desk, actor, now, input, after }) => {
  const { sessionId, source } = input
  if (source === null)
    await sql`delete from stage_preview where session_id = ${sessionId} and user_id = ${userOf(actor)}`.execute(db)
  else {
    const stage = (await lockStage(db, sessionId)) ?? refuse(contract.preview, 'notFound')
    if (source.kind === 'part' && !(await partById(db, sessionId, source.partId)))
      refuse(contract.preview, 'unknownPart')
    if (source.kind === 'file' && !(await filmOf(db, stage.conferenceId, source.versionId)))
      refuse(contract.preview, 'unknownFile')
    await sql`
      insert into stage_preview (session_id, user_id, by_name, source, at)
      values (${sessionId}, ${userOf(actor)}, ${await nameOf(db, actor)}, ${JSON.stringify(source)}, ${now})
      on conflict (session_id, user_id) do update set source = excluded.source, by_name = excluded.by_name, at = excluded.at`.execute(
      db,
    )
  }
  after(() => tell(desk, sessionId))
  return {}
})

/** A source with the words a screen needs. */
export async function nameSource(
  db: Db | Tx,
  stage: Pick<Stage, 'sessionId' | 'conferenceId' | 'deckVersionId' | 'deckPage'>,
  source: Source,
): Promise<{ source: Source; name: string; detail: string }> {
  switch (source.kind) {
    case 'part': {
      const part = (await partsOf(db, stage.sessionId, sql`part_id = ${source.partId}`))[0]
      return { source, name: part?.name ?? '', detail: part?.unit ?? '' }
    }
    case 'slides': {
      const deck = stage.deckVersionId ? await materials.deckOf(db, stage.deckVersionId) : undefined
      return { source, name: deck?.title ?? '', detail: deck ? `${stage.deckPage ?? 1}/${deck.pages}` : '' }
    }
    case 'file':
      return { source, name: (await filmOf(db, stage.conferenceId, source.versionId))?.title ?? '', detail: '' }
    case 'slate':
      return { source, name: source.words, detail: '' }
  }
}
