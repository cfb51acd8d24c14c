// What happened, told in the caller's own transaction: a rollback takes it back.
import { sql } from 'kysely'
import type { z } from 'zod'
import { newId } from '../../kernel/id.ts'
import type { Event } from '../contract.ts'
import type { Actor } from '../rights.ts'
import type { Db, Tx } from './db.ts'

/** News for later features. */
export const record = <Body extends z.ZodType>(tx: Db | Tx, event: Event<Body>, body: z.input<Body>, at: Date) =>
  sql`insert into event (id, name, body, at) values (${newId(at)}, ${event.name}, ${JSON.stringify(body)}, ${at})`.execute(
    tx,
  )

/** A line in the log of changes; `about` holds ids and codes, never names. */
export const recordChange = (
  tx: Db | Tx,
  line: { actor: Actor; operation: string; about: Record<string, unknown>; at: Date },
) =>
  sql`insert into change_line (id, at, actor, user_id, operation, about) values (${newId()}, ${line.at}, ${line.actor.name},
    ${line.actor.userId ?? null}, ${line.operation}, ${JSON.stringify(line.about)})`.execute(tx)

/**
 * One look at a list of persons: who looked, at which list, why. Each person finds it on her own page.
 * Looking at oneself is no look.
 */
export const recordLook = (
  tx: Db | Tx,
  look: {
    actor: Actor
    list: string
    about: Record<string, unknown>
    personIds: readonly string[]
    reason?: string | undefined
    at: Date
  },
) => {
  const others = look.personIds.filter((personId) => personId !== look.actor.personId)
  if (others.length === 0) return Promise.resolve(undefined)
  return sql`insert into look (id, at, actor, user_id, actor_person_id, list, about, person_ids, how_many, reason) values (${newId()}, ${look.at},
    ${look.actor.name}, ${look.actor.userId ?? null}, ${look.actor.personId ?? null}, ${look.list}, ${JSON.stringify(look.about)},
    ${others as string[]}::uuid[], ${others.length}, ${look.reason ?? null})`.execute(tx)
}
