// A freeze keeps figures, unit paths and the ids behind each number, not names.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { ledgerOf } from '../../coverage/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { checksOf } from '../rules.ts'
import { allFigures, campaignOf, sheetOf } from './figures.ts'

export const freeze = answer(contract.freeze, policy.freeze, async ({ db, actor, now, input, note }) => {
  // Figures and the persons behind them must be of one moment, though people arrive meanwhile.
  await sql`set transaction isolation level repeatable read`.execute(db)
  const { rows: locked } = await sql<{
    mine: boolean
  }>`select pg_try_advisory_xact_lock(hashtextextended(${`freeze ${input.campaignId}`}, 0)) as mine`.execute(db)
  if (!locked[0]!.mine) refuse(contract.freeze, 'busy')
  const campaign = await campaignOf(db, input.campaignId)
  const all = await allFigures(db, campaign.id)
  for (const unit of all.units) {
    const broken = checksOf(sheetOf(campaign, all, unit.unitId, now, null)).find(({ holds }) => !holds)
    if (broken) refuse(contract.freeze, 'sumBroken', { unit: unit.code, check: broken.check, where: broken.where })
  }
  const freezeId = newId(now)
  const { rows } = await sql<{ version: number }>`
    insert into "freeze" (id, campaign_id, version, note, by_actor, at)
    values (${freezeId}, ${campaign.id}, (select coalesce(max(version), 0) + 1 from "freeze" where campaign_id = ${campaign.id}), ${input.note}, ${actor.name}, ${now})
    returning version`.execute(db)
  const stored = all.units.map((unit) => ({
    unitId: unit.unitId,
    figures: { unit, whole: all.whole.get(unit.unitId), own: all.own.get(unit.unitId) },
  }))
  await sql`insert into freeze_unit (freeze_id, unit_id, figures) select ${freezeId}, unit_id, figures
    from unnest(${stored.map((one) => one.unitId)}::uuid[], ${stored.map((one) => JSON.stringify(one.figures))}::jsonb[]) as g (unit_id, figures)`.execute(
    db,
  )
  const persons = await sql`insert into freeze_person (freeze_id, person_id, unit_id, state, reason, ordinal)
    select ${freezeId}, person_id, unit_id, state, reason, row_number() over (order by unit_id, person_id) from ${ledgerOf(campaign.id)} l`.execute(
    db,
  )
  note({ version: rows[0]!.version })
  return { version: rows[0]!.version, at: now.toISOString(), persons: Number(persons.numAffectedRows ?? 0) }
})
