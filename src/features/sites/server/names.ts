// Whose names this reader may open: by the person's own grassroots unit, or as the manager of the hall she is summoned to.
import { sql } from 'kysely'
import { type Actor, holds, seesNames } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { refuse } from '../../../platform/server/operate.ts'
import { type CampaignUnit, placeOfSite } from './store.ts'

/** May she open names here? At the unit itself: what lies below a unit above the grassroots is not hers, see `namesRange`. */
export const seesNamesOf = (actor: Actor, { path, grassrootsId }: Pick<CampaignUnit, 'path' | 'grassrootsId'>) =>
  seesNames(actor, { unitPath: path, grassrootsId })
export const taskReason = (actor: Actor, path: readonly string[]) =>
  actor.nameTasks?.find(({ unitId }) => path.includes(unitId))?.reason

/**
 * Whose names a list of this unit holds: at and below the grassroots all of them; above it only people who belong to the unit itself,
 * unless a dated task opens the whole.
 */
export const namesRange = (actor: Actor, unit: CampaignUnit): { lft: number; rgt: number } =>
  unit.grassrootsId !== undefined || actor.kind === 'machine' || taskReason(actor, unit.path) !== undefined
    ? { lft: unit.lft, rgt: unit.rgt }
    : { lft: unit.lft, rgt: unit.lft }

/** The person's unit on the roll; of someone who is not on it, the unit she belongs to today. */
async function unitOfPerson(db: Db | Tx, campaignId: string, personId: string) {
  const { rows } = await sql<{ path: string[] | null; grassrootsId: string | null; inScope: boolean }>`
    select coalesce(u.path, n.path) as path, case when u.unit_id is not null then u.grassroots_id else n.grassroots_id end as "grassrootsId",
      coalesce(r.standing = 'inScope', false) as "inScope"
    from person p
      left join roll r on r.campaign_id = ${campaignId} and r.person_id = p.id and r.to_at is null
      left join campaign_unit u on u.campaign_id = r.campaign_id and u.unit_id = r.unit_id
      left join membership b on b.person_id = p.id and b.kind = 'official' and b.valid_to is null
      left join unit_now n on n.unit_id = b.unit_id
    where p.id = ${personId} and p.erased_at is null`.execute(db)
  const row = rows[0]
  return row && { path: row.path ?? [], grassrootsId: row.grassrootsId ?? undefined, inScope: row.inScope }
}

/** The officer of the person's own unit, or the manager of the hall. Answers whether the person is in scope. */
export async function guardPerson(
  db: Db | Tx,
  actor: Actor,
  { campaignId, personId, siteId }: { campaignId: string; personId: string; siteId?: string | undefined },
): Promise<{ inScope: boolean }> {
  const person = (await unitOfPerson(db, campaignId, personId)) ?? refuse({ refusals: [] }, 'notFound')
  if (seesNamesOf(actor, person)) return person
  if (siteId !== undefined && holds(actor, ['siteManager'], await placeOfSite(db, siteId))) return person
  return refuse({ refusals: [] }, 'notYours')
}
