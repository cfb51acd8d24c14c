import { sql } from 'kysely'
import { addMinutes } from '../../../kernel/time.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { judgeArrival } from '../rules.ts'
import { doorsOf } from './doors.ts'
import { checkpointsOf, presentCheckpoint } from './store.ts'

/** What a member sees of herself: each checkpoint with her first standing arrival and what the policy says of it. */
export const myPresence = answer(contract.myPresence, policy.myPresence, async ({ db, desk, actor, now, input }) => {
  const personId = actor.personId ?? refuse(contract.myPresence, 'notYours')
  const checkpoints = await checkpointsOf(db, input.conferenceId)
  const { rows } = await sql<{
    checkpointId: string
    siteId: string | null
    siteName: string | null
    evidence: contract.Evidence
    correctedAt: Date
    accepted: boolean
  }>`
    select distinct on (a.checkpoint_id) a.checkpoint_id as "checkpointId", a.site_id as "siteId", s.name as "siteName", a.evidence, a.corrected_at as "correctedAt", a.accepted_at is not null as accepted
    from arrival a left join site s on s.id = a.site_id
    where a.person_id = ${personId} and a.conference_id = ${input.conferenceId} and a.withdrawn_at is null
    order by a.checkpoint_id, a.corrected_at, a.arrival_id`.execute(db)
  const summons = await sql<{
    siteId: string | null
  }>`select site_id as "siteId" from summons where conference_id = ${input.conferenceId} and person_id = ${personId} and withdrawn_at is null`.execute(
    db,
  )
  const summonedTo = summons.rows[0] ? { siteId: summons.rows[0].siteId ?? undefined } : undefined
  const lines = []
  for (const checkpoint of checkpoints) {
    const door = (await doorsOf(desk).door(checkpoint.id))!
    const arrival = rows.find(({ checkpointId }) => checkpointId === checkpoint.id)
    lines.push({
      ...presentCheckpoint(checkpoint),
      open:
        !arrival &&
        checkpoint.spokenAt !== null &&
        now >= checkpoint.spokenAt &&
        now <= addMinutes(checkpoint.spokenAt, door.policy.ownTick.acceptedMinutes),
      ...(arrival
        ? {
            arrival: {
              at: arrival.correctedAt.toISOString(),
              evidence: arrival.evidence,
              ...(arrival.siteName ? { siteName: arrival.siteName } : {}),
              judgement: judgeArrival(
                { ...arrival, siteId: arrival.siteId ?? undefined },
                checkpoint,
                door.policy,
                summonedTo,
              ),
            },
          }
        : {}),
    })
  }
  return { checkpoints: lines, serverTime: now.toISOString() }
})
