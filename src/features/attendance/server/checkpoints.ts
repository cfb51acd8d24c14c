// Checkpoints are declared beforehand; each has one code, spoken and shown.
import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { addMinutes } from '../../../kernel/time.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { currentCheckpoint } from '../rules.ts'
import { tellBoards } from './checkIn.ts'
import { doorsOf } from './doors.ts'
import { checkpointsOf, conferenceOf, presentCheckpoint } from './store.ts'

export const declareCheckpoints = answer(
  contract.declareCheckpoints,
  policy.declareCheckpoints,
  async ({ db, desk, now, input, after }) => {
    const conference = await conferenceOf(db, input.conferenceId)
    if (!conference) refuse(contract.declareCheckpoints, 'notFound')
    if (conference.state === 'closed') refuse(contract.declareCheckpoints, 'conferenceClosed')
    if (new Set(input.checkpoints.map(({ code }) => code)).size < input.checkpoints.length)
      refuse(contract.declareCheckpoints, 'sameCode')
    const sessions = await db
      .selectFrom('conference_session')
      .select(['id', 'code'])
      .where('conference_id', '=', input.conferenceId)
      .execute()
    const sessionByCode = new Map(sessions.map(({ id, code }) => [code, id]))
    const wanted = input.checkpoints.map((form, position) => ({
      id: newId(now),
      conference_id: input.conferenceId,
      session_id:
        sessionByCode.get(form.sessionCode) ??
        refuse(contract.declareCheckpoints, 'unknownSession', { code: form.sessionCode }),
      code: form.code,
      name: form.name,
      position,
      opens_at: new Date(form.opensAt),
      at: new Date(form.at),
      closes_at: new Date(form.closesAt),
    }))
    const crooked = wanted.find((one) => one.opens_at > one.at || one.at > one.closes_at)
    if (crooked) refuse(contract.declareCheckpoints, 'outOfOrder', { code: crooked.code })
    const codes = wanted.map(({ code }) => code)
    const gone = await db
      .selectFrom('checkpoint')
      .select([
        'id',
        'code',
        sql<boolean>`exists (select 1 from arrival where checkpoint_id = checkpoint.id)`.as('used'),
      ])
      .where('conference_id', '=', input.conferenceId)
      .$if(codes.length > 0, (query) => query.where('code', 'not in', codes))
      .execute()
    const used = gone.find((one) => one.used)
    if (used) refuse(contract.declareCheckpoints, 'hasArrivals', { code: used.code })
    if (gone.length > 0)
      await db
        .deleteFrom('checkpoint')
        .where(
          'id',
          'in',
          gone.map(({ id }) => id),
        )
        .execute()
    if (wanted.length > 0)
      await db
        .insertInto('checkpoint')
        .values(wanted)
        .onConflict((row) =>
          row.columns(['conference_id', 'code']).doUpdateSet((eb) => ({
            session_id: eb.ref('excluded.session_id'),
            name: eb.ref('excluded.name'),
            position: eb.ref('excluded.position'),
            opens_at: eb.ref('excluded.opens_at'),
            at: eb.ref('excluded.at'),
            closes_at: eb.ref('excluded.closes_at'),
          })),
        )
        .execute()
    after(() => doorsOf(desk).forget(input.conferenceId))
    return { checkpoints: (await checkpointsOf(db, input.conferenceId)).map(presentCheckpoint) }
  },
)

export const listCheckpoints = answer(contract.listCheckpoints, policy.listCheckpoints, async ({ db, now, input }) => {
  const checkpoints = await checkpointsOf(db, input.conferenceId)
  return {
    checkpoints: checkpoints.map(presentCheckpoint),
    currentId: currentCheckpoint(checkpoints, now)?.id,
    serverTime: now.toISOString(),
  }
})

export const showCode = answer(contract.showCode, policy.showCode, async ({ db, desk, now, input, after }) => {
  const checkpoint = (await checkpointsOf(db, input.conferenceId)).find(({ id }) => id === input.checkpointId)
  if (!checkpoint) refuse(contract.showCode, 'notFound')
  if ((await conferenceOf(db, input.conferenceId))?.classified) refuse(contract.showCode, 'paperOnly')
  if (now < checkpoint.opensAt) refuse(contract.showCode, 'notOpen', { opensAt: checkpoint.opensAt.toISOString() })
  const { rows } = await sql<{ spoken_code: string }>`
    update checkpoint set spoken_code = coalesce(spoken_code, ${String(randomInt(100_000, 1_000_000))}),
      spoken_first_at = coalesce(spoken_first_at, ${now}), spoken_at = ${now}
    where id = ${input.checkpointId} returning spoken_code`.execute(db)
  const { policy: rules } = (await doorsOf(desk).door(input.checkpointId))!
  after(() => {
    doorsOf(desk).forget(input.conferenceId)
    tellBoards(desk, [{ conferenceId: input.conferenceId }])
  })
  return {
    code: rows[0]!.spoken_code,
    shownUntil: new Date(now.getTime() + rules.ownTick.shownSeconds * 1000).toISOString(),
    takenUntil: addMinutes(now, rules.ownTick.acceptedMinutes).toISOString(),
  }
})
