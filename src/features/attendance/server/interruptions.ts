// Minutes a site lost, written by whoever notices: the hall itself by its operation, the stage when a line fails.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import type { interruptionCauses } from '../contract.ts'
import { tellBoards } from './checkIn.ts'

export type Opened = {
  /** Made by the caller: opening twice is harmless. */
  interruptionId: string
  conferenceId: string
  siteId: string
  fromAt: Date
  cause: (typeof interruptionCauses)[number]
  by: string
}
/** Nobody is absent for it: the checkpoints it overlaps leave the denominator of that site's people. */
export async function openInterruptions(tx: Db | Tx, opened: readonly Opened[], now: Date): Promise<void> {
  if (opened.length === 0) return
  await tx
    .insertInto('interruption')
    .values(
      opened.map(({ interruptionId, conferenceId, siteId, fromAt, cause, by }) => ({
        id: interruptionId,
        conference_id: conferenceId,
        site_id: siteId,
        from_at: fromAt,
        to_at: null,
        cause,
        by_actor: by,
        recorded_at: now,
      })),
    )
    .onConflict((row) => row.column('id').doNothing())
    .execute()
}
/** Those that are open; one a hall's keeper has closed in her own words stays as she said. */
export async function closeInterruptions(
  tx: Db | Tx,
  closed: readonly { interruptionId: string; toAt: Date }[],
): Promise<void> {
  if (closed.length === 0) return
  await sql`
    update interruption i set to_at = greatest(i.from_at, c.to_at)
    from unnest(${closed.map(({ interruptionId }) => interruptionId)}::uuid[], ${closed.map(({ toAt }) => toAt)}::timestamptz[]) as c (id, to_at)
    where i.id = c.id and i.to_at is null`.execute(tx)
}
/** Of one hall, in order. */
export const interruptionsOf = async (db: Db | Tx, conferenceId: string, siteId: string) =>
  (
    await sql<{ from: Date; to: Date | null; cause: string }>`
      select from_at as "from", to_at as "to", cause from interruption
      where conference_id = ${conferenceId} and site_id = ${siteId} order by from_at`.execute(db)
  ).rows.map((row) => ({ ...row, to: row.to ?? undefined }))
/** After the commit: its boards show the hall as cut off, or back. */
export const tellInterrupted = (desk: Desk, rows: readonly { conferenceId: string; siteId: string }[]): void =>
  tellBoards(desk, rows)
