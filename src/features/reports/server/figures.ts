// Figures of a unit and of those below it: counted live from the ledger, or read from a freeze.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { refuse } from '../../../platform/server/operate.ts'
import { type CountedLedger, countLedger, type LedgerUnit, nothing, rollUp } from '../../coverage/server/index.ts'
import type { FigureSheet, Figures } from '../contract.ts'
import * as contract from '../contract.ts'
import { figuresOf, type Held } from '../rules.ts'

export type Campaign = { id: string; code: string; name: string; theme: string; scopeUnitId: string; fixed: boolean }
export async function campaignOf(db: Db | Tx, campaignId: string): Promise<Campaign> {
  const { rows } =
    await sql<Campaign>`select id, code, name, theme, scope_unit_id as "scopeUnitId", scope_fixed_at is not null as fixed from campaign where id = ${campaignId}`.execute(
      db,
    )
  const campaign = rows[0] ?? refuse(contract.getFigures, 'notFound')
  if (!campaign.fixed) refuse(contract.getFigures, 'scopeNotFixed')
  return campaign
}

/** Sites of the study conferences and make-up conferences that were held, by the unit that holds them. */
async function heldByUnit(db: Db | Tx, campaignId: string): Promise<Map<string, Held>> {
  const { rows } = await sql<{ unitId: string; sites: number; makeupSessions: number }>`
    select unit_id as "unitId", sum(sites)::int as sites, sum(makeups)::int as "makeupSessions" from (
      select s.unit_id, count(distinct s.id) as sites, 0 as makeups
      from conference c join conference_site cs on cs.conference_id = c.id join site s on s.id = cs.site_id
      where c.campaign_id = ${campaignId} and c.purpose = 'study' and c.state <> 'draft' group by s.unit_id
      union all
      select c.unit_id, 0, count(*) from conference c
      where c.campaign_id = ${campaignId} and c.purpose = 'makeup'
        and (c.state = 'closed' or exists (select 1 from arrival a where a.conference_id = c.id and a.withdrawn_at is null))
      group by c.unit_id) held
    group by unit_id`.execute(db)
  return new Map(rows.map(({ unitId, ...held }) => [unitId, held]))
}
const noneHeld = (): Held => ({ sites: 0, makeupSessions: 0 })
const addHeld = (parts: readonly Held[]): Held => ({
  sites: parts.reduce((sum, one) => sum + one.sites, 0),
  makeupSessions: parts.reduce((sum, one) => sum + one.makeupSessions, 0),
})

/** The figures of every unit, each with what hangs on it and what lies below. */
export type AllFigures = {
  units: LedgerUnit[]
  byUnit: Map<string, LedgerUnit>
  whole: Map<string, Figures>
  own: Map<string, Figures>
}
export async function allFigures(db: Db | Tx, campaignId: string): Promise<AllFigures> {
  const ledger: CountedLedger = await countLedger(db, campaignId)
  const held = await heldByUnit(db, campaignId)
  const heldBelow = rollUp(ledger.units, held, addHeld)
  const name = ({ unitId, code, name: words }: LedgerUnit) => ({ unitId, code, name: words })
  return {
    units: ledger.units,
    byUnit: ledger.byUnit,
    whole: new Map(
      ledger.units.map((unit) => [
        unit.unitId,
        figuresOf(name(unit), ledger.whole.get(unit.unitId) ?? nothing(), heldBelow.get(unit.unitId) ?? noneHeld()),
      ]),
    ),
    // «Cơ quan cấp tỉnh»: what the unit itself has and holds. A register may call the level itself «Cấp tỉnh».
    own: new Map(
      ledger.units
        .filter(({ children }) => children > 0)
        .map((unit) => [
          unit.unitId,
          figuresOf(
            {
              unitId: unit.unitId,
              code: unit.code,
              name: `Cơ quan cấp ${unit.levelName.toLocaleLowerCase('vi').replace(/^cấp\s+/, '')}`,
              own: true,
            },
            ledger.own.get(unit.unitId) ?? nothing(),
            held.get(unit.unitId) ?? noneHeld(),
          ),
        ]),
    ),
  }
}

const byCode = new Intl.Collator('vi', { numeric: true })
export function sheetOf(
  campaign: Pick<Campaign, 'code'>,
  all: AllFigures,
  unitId: string,
  asOf: Date,
  version: number | null,
): FigureSheet {
  const figures = all.whole.get(unitId) ?? refuse(contract.getFigures, 'notFound')
  const own = all.own.get(unitId)
  const children = all.units
    .filter(({ parentId }) => parentId === unitId)
    .sort((a, b) => byCode.compare(a.code, b.code))
  return {
    campaign: campaign.code,
    ...figures,
    asOf: asOf.toISOString(),
    version,
    children: [...(own ? [own] : []), ...children.map((child) => all.whole.get(child.unitId)!)],
  }
}

/** A frozen version as it was stored; every later reading is the same. */
export async function frozenFigures(
  db: Db | Tx,
  campaignId: string,
  version: number,
): Promise<{ all: AllFigures; at: Date; freezeId: string; note: string }> {
  const { rows } = await sql<{
    id: string
    at: Date
    note: string
  }>`select id, at, note from "freeze" where campaign_id = ${campaignId} and version = ${version}`.execute(db)
  const freeze = rows[0] ?? refuse(contract.getFigures, 'unknownVersion', { version })
  const stored = await sql<{ unitId: string; figures: { unit: LedgerUnit; whole: Figures; own?: Figures } }>`
    select unit_id as "unitId", figures from freeze_unit where freeze_id = ${freeze.id}`.execute(db)
  const units = stored.rows.map((row) => row.figures.unit)
  return {
    freezeId: freeze.id,
    at: freeze.at,
    note: freeze.note,
    all: {
      units,
      byUnit: new Map(units.map((unit) => [unit.unitId, unit])),
      whole: new Map(stored.rows.map((row) => [row.unitId, row.figures.whole])),
      own: new Map(stored.rows.flatMap((row) => (row.figures.own ? [[row.unitId, row.figures.own] as const] : []))),
    },
  }
}
export const latestVersion = async (db: Db | Tx, campaignId: string) =>
  (
    await sql<{
      version: number | null
    }>`select max(version) as version from "freeze" where campaign_id = ${campaignId}`.execute(db)
  ).rows[0]!.version

/** Live, or of the version asked for. */
export async function readSheet(
  db: Db | Tx,
  { campaignId, unitId, version }: { campaignId: string; unitId?: string | undefined; version?: number | undefined },
  now: Date,
) {
  const campaign = await campaignOf(db, campaignId)
  if (version !== undefined) {
    const frozen = await frozenFigures(db, campaignId, version)
    return {
      campaign,
      all: frozen.all,
      freezeId: frozen.freezeId,
      sheet: sheetOf(campaign, frozen.all, unitId ?? campaign.scopeUnitId, frozen.at, version),
    }
  }
  const all = await allFigures(db, campaignId)
  return {
    campaign,
    all,
    freezeId: undefined,
    sheet: sheetOf(campaign, all, unitId ?? campaign.scopeUnitId, now, null),
  }
}
