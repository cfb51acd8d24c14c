// Work that may wait: sent inside the caller's transaction, done by whichever process has the role of worker.
import { fromKysely, PgBoss } from 'pg-boss'
import type { Tx } from './db.ts'

/** Becomes visible when, and only if, the caller's transaction commits. */
export type Jobs = { later: (tx: Tx, queue: string, body: object) => Promise<unknown>; boss: PgBoss }

export async function openJobs(
  databaseUrl: string,
  queues: readonly string[],
  { log = (_: string) => {} } = {},
): Promise<Jobs> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: 4 })
  boss.on('error', (error) => log(error.message))
  await boss.start()
  for (const queue of queues) await boss.createQueue(queue)
  return { boss, later: (tx, queue, body) => boss.send(queue, body, { db: fromKysely(tx) }) }
}
