import { sql } from 'kysely'
import { addMinutes } from '../../../kernel/time.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { queueOf } from './hands.ts'

/** How it ended is told for a while, so that whoever was sent away reads why. */
const toldForMinutes = 30

export const myHand = answer(contract.myHand, policy.myHand, async ({ db, actor, now, input: { sessionId } }) => {
  const personId = actor.personId ?? refuse(contract.myHand, 'notYours')
  const { rows } = await sql<{
    handId: string
    about: string
    raisedAt: Date
    state: (typeof contract.handStates)[number]
    until: Date | null
    words: string
  }>`
    select hand_id as "handId", about, raised_at as "raisedAt", state, until, words from stage_hand
    where session_id = ${sessionId} and person_id = ${personId} and state <> 'withdrawn'
      and (ended_at is null or ended_at > ${addMinutes(now, -toldForMinutes)})
    order by raised_at desc, hand_id desc limit 1`.execute(db)
  const mine = rows[0]
  if (!mine) return {}
  const { until, ...hand } = mine
  const place =
    hand.state === 'waiting'
      ? ((await queueOf(db, sessionId)).find(({ handId }) => handId === hand.handId)?.place ?? 0)
      : 0
  return {
    hand: { ...hand, raisedAt: hand.raisedAt.toISOString(), place, ...(until ? { until: until.toISOString() } : {}) },
  }
})
