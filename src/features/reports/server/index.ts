// The door of reports.
import './tables.ts'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { abilitiesAt, holds } from '../../../platform/rights.ts'
import { type AnyServed, answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { checksOf, movedBetween } from '../rules.ts'
import { titleOf } from './bieu1.ts'
import { frozenFigures, latestVersion, readSheet } from './figures.ts'
import { freeze } from './freeze.ts'
import { contextOf, paper } from './paper.ts'

export { freeze } from './freeze.ts'
export { paper } from './paper.ts'

export const getFigures = answer(
  contract.getFigures,
  policy.getFigures,
  async ({ db, now, input }) => (await readSheet(db, input, now)).sheet,
)

const getReport = answer(contract.getReport, policy.getReport, async ({ db, actor, desk, now, input }) => {
  const { campaign, sheet, all } = await readSheet(db, input, now)
  const { rows: versions } = await sql<{
    version: number
    note: string
    by: string
    at: Date
    figures: { whole: contract.Figures }
  }>`
    select f.version, f.note, f.by_actor as by, f.at, u.figures from "freeze" f join freeze_unit u on u.freeze_id = f.id and u.unit_id = ${sheet.unit.unitId}
    where f.campaign_id = ${campaign.id} order by f.version desc limit 50`.execute(db)
  const live = input.version === undefined ? sheet : (await readSheet(db, { ...input, version: undefined }, now)).sheet
  const last = await latestVersion(db, campaign.id)
  const lastFigures =
    last === null ? undefined : (await frozenFigures(db, campaign.id, last)).all.whole.get(sheet.unit.unitId)
  const place = (await desk.places.campaign?.(db, campaign.id)) ?? { unitPath: [], campaignId: campaign.id }
  const unitPath = all.byUnit.get(sheet.unit.unitId)?.path ?? []
  const context = await contextOf(db, campaign, sheet.unit.unitId, undefined)
  const { rows: conferences } = await sql<{ conferenceId: string; name: string }>`
    select c.id as "conferenceId", c.name from conference c join campaign_unit u on u.campaign_id = c.campaign_id and u.unit_id = c.unit_id
    where c.campaign_id = ${campaign.id} and c.purpose = 'study' and c.state <> 'draft'
      and (c.unit_id = any(${unitPath}::uuid[]) or ${sheet.unit.unitId}::uuid = any(u.path)) order by u.lft, c.code limit 50`.execute(
    db,
  )
  return {
    sheet,
    path: unitPath.flatMap((unitId) => {
      const unit = all.byUnit.get(unitId)
      return unit ? [{ unitId, name: unit.name }] : []
    }),
    heading: {
      ...(context.superior ? { superior: context.superior } : {}),
      issuing: context.issuing,
      place: context.place,
      title: titleOf(context.campaignName),
    },
    conferences,
    versions: versions.map(({ figures, at, ...version }) => ({
      ...version,
      at: at.toISOString(),
      inScope: figures.whole.inScope,
      covered: figures.whole.covered,
      left: figures.whole.left,
    })),
    moved: lastFigures ? movedBetween(live, lastFigures) : 0,
    checks: checksOf(sheet),
    rollMoved: context.rollMoved,
    declared: context.declared.map((one) => ({ ...one, at: one.at.toISOString() })),
    abilities: [
      ...new Set([
        ...abilitiesAt(actor, policy, place),
        // Below, a unit's own organiser types her unit's totals; freezing stays with the campaign's.
        ...(holds(actor, ['organiser'], { unitPath }) ? (['declareTotal', 'removeDeclared'] as const) : []),
      ]),
    ],
  }
})

const declareTotal = answer(contract.declareTotal, policy.declareTotal, async ({ db, actor, now, input }) => {
  const { campaignId, unitId, what, count, countKind, source } = input
  const there = await sql<{
    there: boolean
  }>`select exists (select 1 from campaign_unit where campaign_id = ${campaignId} and unit_id = ${unitId}) as there`.execute(
    db,
  )
  if (!there.rows[0]!.there) refuse(contract.declareTotal, 'notFound')
  const id = newId(now)
  await db
    .insertInto('declared_total')
    .values({
      id,
      campaign_id: campaignId,
      unit_id: unitId,
      what,
      count,
      count_kind: countKind,
      source,
      declared_by: actor.name,
      declared_at: now,
    })
    .execute()
  return { declaredId: id }
})
const removeDeclared = answer(contract.removeDeclared, policy.removeDeclared, async ({ db, input }) => {
  // Below the unit where the right was judged, and nowhere else.
  const removed =
    await sql`delete from declared_total d using unit_now u where d.id = ${input.declaredId} and u.unit_id = d.unit_id and ${input.unitId} = any(u.path)`.execute(
      db,
    )
  return { removed: Number(removed.numAffectedRows ?? 0) }
})

export const operations: AnyServed[] = [getFigures, getReport, freeze, declareTotal, removeDeclared, paper]
