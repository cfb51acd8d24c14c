// Whoever may be seen or heard: microphones, removal that lasts, the director's voice to one hall, a caller on the telephone.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { record } from '../../../platform/server/record.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { isOpen } from '../rules.ts'
import { lockStage, nameOf, partById, partsOf, setPart, setStage, siteOnStage, userOf } from './store.ts'
import { bringAbout, tell } from './tell.ts'
import { closeMicrophones, cutTo, endSilentTurns, settleParts, shownPart, sitesWaiting } from './turns.ts'

export const setMicrophone = answer(
  contract.setMicrophone,
  policy.setMicrophone,
  async ({ db, desk, now, input, after, note }) => {
    const it = contract.setMicrophone
    const { sessionId, partId, open, seconds } = input
    const stage = (await lockStage(db, sessionId)) ?? refuse(it, 'unknownPart')
    const part = await partById(db, sessionId, partId)
    if (!part || part.kind === 'technician') refuse(it, 'unknownPart')
    if (part.state === 'removed') refuse(it, 'removed')
    if (open && !part.connected) refuse(it, 'notThere', { name: part.name })
    const until = open && seconds ? new Date(now.getTime() + seconds * 1000) : undefined
    await setPart(db, partId, { microphone: open, microphone_until: until ?? null })
    if (open)
      await sql`
        update stage_hand set state = 'onAir', on_air_at = coalesce(on_air_at, ${now}),
          until = coalesce(${until ?? null}::timestamptz, until, ${now}::timestamptz + make_interval(secs => seconds))
        where session_id = ${sessionId} and part_id = ${partId} and state in ('called', 'onAir')`.execute(db)
    else await endSilentTurns(db, sessionId, stage.source, now)
    await record(db, contract.cued, { kind: 'microphone', sessionId, partId, open }, now)
    await settleParts(db, sessionId, stage.source)
    note({ open })
    after(() => {
      tell(desk, sessionId, { show: 'now', halls: [part.siteId] })
      void bringAbout(desk, sessionId, [partId], open ? [partId] : [])
    })
    return { open, ...(until ? { until: until.toISOString() } : {}) }
  },
)

export const muteHalls = answer(contract.muteHalls, policy.muteHalls, async ({ db, desk, now, input, after }) => {
  const { sessionId } = input
  const stage = await lockStage(db, sessionId)
  const closed = stage ? await closeMicrophones(db, sessionId, ['site', 'member', 'telephone'], now) : []
  await endSilentTurns(db, sessionId, stage?.source, now)
  await settleParts(db, sessionId, stage?.source)
  after(() => {
    tell(desk, sessionId, { show: 'now', halls: closed.map(({ siteId }) => siteId) })
    void bringAbout(
      desk,
      sessionId,
      closed.map(({ partId }) => partId),
    )
  })
  return { muted: closed.length }
})

export const removePart = answer(
  contract.removePart,
  policy.removePart,
  async ({ db, desk, actor, now, input, after }) => {
    const { sessionId, partId } = input
    const stage = (await lockStage(db, sessionId)) ?? refuse(contract.removePart, 'unknownPart')
    const part = (await partById(db, sessionId, partId)) ?? refuse(contract.removePart, 'unknownPart')
    if (part.state !== 'removed') {
      // Another generation: the token she still holds names one that is let in no more.
      await setPart(db, partId, {
        state: 'removed',
        generation: part.generation + 1,
        microphone: false,
        microphone_until: null,
        picture: false,
        removed_at: now,
        removed_by: actor.name,
        removed_why: input.why,
      })
      // A hand that waits names its hall or its person; the part is written beside it only when it is called.
      await sql`
        update stage_hand set state = case when state = 'onAir' then 'done' else 'declined' end, ended_at = ${now}
        where session_id = ${sessionId} and state in ('waiting', 'called', 'onAir')
          and (part_id = ${partId} or site_id = ${part.siteId ?? null}::uuid or person_id = ${part.personId ?? null}::uuid)`.execute(
        db,
      )
      await sql`update stage_talk set to_at = ${now} where part_id = ${partId} and to_at is null`.execute(db)
      if (shownPart(stage.source) === partId) {
        const by = { actor: actor.name, userId: actor.userId, name: await nameOf(db, actor) }
        const source = { kind: 'slate' as const, words: '' }
        await cutTo(db, { sessionId, takeNo: stage.takeNo + 1, source, by, at: now })
      }
    }
    const waiting = await sitesWaiting(db, sessionId)
    after(() => {
      tell(desk, sessionId, { show: 'now', halls: [...waiting, part.siteId] })
      void bringAbout(desk, sessionId, [partId])
    })
    return { state: 'removed' as const }
  },
)
export const readmitPart = answer(contract.readmitPart, policy.readmitPart, async ({ db, desk, input, after }) => {
  const { sessionId, partId } = input
  await lockStage(db, sessionId)
  const part = (await partById(db, sessionId, partId)) ?? refuse(contract.readmitPart, 'unknownPart')
  if (part.state !== 'removed') return { state: part.state }
  await sql`
    update stage_part set state = 'invited', connected_at = null, disconnected_at = null, removed_at = null, removed_by = null, removed_why = ''
    where part_id = ${partId}`.execute(db)
  after(() => tell(desk, sessionId, { halls: [part.siteId] }))
  return { state: 'invited' as const }
})

/**
 * The director's voice to one hall, not on air. Her technician's part is hidden and may send nothing; while she talks it may send sound
 * (`permitOf`, talking), and her own screen lets only this hall's identity subscribe to it (setTrackSubscriptionPermissions) before it
 * publishes. The hall's console plays it while `hall.talkBackBy` says who talks.
 */
export const talkBack = answer(contract.talkBack, policy.talkBack, async ({ db, desk, actor, now, input, after }) => {
  const it = contract.talkBack
  const { sessionId, partId } = input
  const me = userOf(actor)
  await lockStage(db, sessionId)
  const { rows } = await sql<{ talkId: string; partId: string; by: string; byName: string; siteId: string | null }>`
    select t.talk_id as "talkId", t.part_id as "partId", t.by_user_id as by, t.by_name as "byName", p.site_id as "siteId"
    from stage_talk t join stage_part p on p.part_id = t.part_id where t.session_id = ${sessionId} and t.to_at is null`.execute(
    db,
  )
  const open = rows[0]
  if (open && open.by !== me && partId !== null) refuse(it, 'busyWithAnother', { by: open.byName })
  const part = partId === null ? undefined : ((await partById(db, sessionId, partId)) ?? refuse(it, 'unknownPart'))
  if (part && (!part.connected || part.state === 'removed')) refuse(it, 'notThere', { name: part.name })
  if (!open || open.by === me) {
    if (open && open.partId !== partId)
      await sql`update stage_talk set to_at = ${now} where talk_id = ${open.talkId}`.execute(db)
    if (part && open?.partId !== partId)
      await db
        .insertInto('stage_talk')
        .values({
          talk_id: newId(now),
          session_id: sessionId,
          part_id: part.partId,
          by_actor: actor.name,
          by_user_id: me,
          by_name: await nameOf(db, actor),
          from_at: now,
          to_at: null,
        })
        .execute()
  }
  const mine = await partsOf(db, sessionId, sql`kind = 'technician' and user_id = ${me}`)
  after(() => {
    tell(desk, sessionId, { halls: [open?.siteId ?? undefined, part?.siteId] })
    void bringAbout(
      desk,
      sessionId,
      mine.map((one) => one.partId),
    )
  })
  return { to: partId }
})

export const sendMessage = answer(contract.sendMessage, policy.sendMessage, async ({ db, desk, now, input, after }) => {
  const { sessionId, to, words, siteId } = input
  if (!(await lockStage(db, sessionId))) refuse(contract.sendMessage, 'notFound')
  if (to === 'lectern')
    await setStage(db, sessionId, { lectern_message: words, lectern_message_at: words ? now : null })
  else if (to === 'halls') await setStage(db, sessionId, { halls_message: words })
  else {
    if (!siteId || !(await siteOnStage(db, sessionId, siteId))) refuse(contract.sendMessage, 'unknownSite')
    await sql`
      insert into site_line (session_id, site_id, message) values (${sessionId}, ${siteId}, ${words})
      on conflict (session_id, site_id) do update set message = excluded.message`.execute(db)
  }
  after(() => tell(desk, sessionId, { halls: to === 'halls' ? 'all' : [siteId] }))
  return {}
})

/** Heard through a phone held at the control room: a place in the queue and a name on air, no connection of her own. */
export const addCaller = answer(contract.addCaller, policy.addCaller, async ({ db, desk, input, after }) => {
  const { sessionId, partId, name, unit } = input
  const stage = await lockStage(db, sessionId)
  if (!stage || !isOpen(stage.state)) refuse(contract.addCaller, 'notOpen')
  await sql`
    insert into stage_part (part_id, session_id, kind, name, unit, state) values (${partId}, ${sessionId}, 'telephone', ${name}, ${unit}, 'backstage')
    on conflict (part_id) do nothing`.execute(db)
  after(() => tell(desk, sessionId))
  return { partId }
})
