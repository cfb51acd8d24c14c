// Who is left, and which sessions would hold them.
import { sql } from 'kysely'
import { dayOf } from '../../../kernel/time.ts'
import { abilitiesAt } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import type { Reason } from '../../coverage/contract.ts'
import { type CountedLedger, countLedger, nothing } from '../../coverage/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { nearestHall, proposeSessions } from '../rules.ts'
import * as store from './store.ts'

const proposalsShown = 100
const byCode = new Intl.Collator('vi', { numeric: true })

export const planMakeup = answer(contract.planMakeup, policy.planMakeup, async ({ db, actor, now, input }) => {
  const campaign = (await store.campaignById(db, input.campaignId)) ?? refuse(contract.planMakeup, 'notFound')
  if (!campaign.fixed) refuse(contract.planMakeup, 'scopeNotFixed')
  const ledger = await countLedger(db, campaign.campaignId)
  const unit = ledger.byUnit.get(input.unitId ?? campaign.scopeUnitId) ?? refuse(contract.planMakeup, 'notFound')
  const named = ({ unitId, code, name }: typeof unit) => ({ unitId, code, name })
  const counted = (count = nothing()) => ({
    left: count.booked + count.notYet,
    booked: count.booked,
    notYet: count.notYet,
    reasons: count.reasons,
  })
  const whole = ledger.whole.get(unit.unitId) ?? nothing()
  const own = ledger.own.get(unit.unitId)
  const children = ledger.units
    .filter(({ parentId }) => parentId === unit.unitId)
    .sort((a, b) => byCode.compare(a.code, b.code))
  const halls = await hallsFor(db, campaign.campaignId, unit, dayOf(now))
  const sessions = proposeSessions(
    leftByGrassroots(ledger, unit, input.reasons),
    nearestHall(halls, (unitId) => ledger.byUnit.get(unitId)?.path ?? []),
    input.seatsWithoutSite,
  )
  const place = { unitPath: unit.path, campaignId: campaign.campaignId }
  return {
    campaign: { campaignId: campaign.campaignId, code: campaign.code, name: campaign.name },
    unit: named(unit),
    path: unit.path.flatMap((step) => ledger.byUnit.get(step) ?? []).map(named),
    inScope: whole.inScope,
    ...counted(whole),
    rows: [
      ...(own && unit.children > 0 ? [{ ...named(unit), own: true, children: 0, ...counted(own) }] : []),
      ...children.map((child) => ({
        ...named(child),
        own: false,
        children: child.children,
        ...counted(ledger.whole.get(child.unitId)),
      })),
    ],
    sites: halls
      .filter(({ within }) => within)
      .slice(0, 200)
      .map(({ siteId, code, name, unitName, seats }) => ({ siteId, code, name, unitName, seats })),
    proposals: sessions.slice(0, proposalsShown).map((session) => {
      const units = session.units.map(({ unitId, people }) => ({ ...named(ledger.byUnit.get(unitId)!), people }))
      const hall = halls.find(({ siteId }) => siteId === session.siteId)
      return {
        holder: named(holderOf(session.units, hall?.unitId, ledger)),
        units,
        people: session.people,
        ...(hall ? { site: { siteId: hall.siteId, name: hall.name, seats: hall.seats } } : {}),
        seats: session.seats,
      }
    }),
    more: Math.max(0, sessions.length - proposalsShown),
    abilities: abilitiesAt(actor, policy, place),
  }
})

/** People not yet, for the reasons asked, by grassroots unit below this one; a unit without one counts for itself. */
function leftByGrassroots(ledger: CountedLedger, unit: { lft: number; rgt: number }, reasons: readonly Reason[]) {
  const people = new Map<string, number>()
  for (const [unitId, count] of ledger.own) {
    const here = ledger.byUnit.get(unitId)
    if (!here || here.lft < unit.lft || here.lft > unit.rgt) continue
    const keeper = here.grassrootsId ?? unitId
    const n = reasons.reduce((sum, reason) => sum + count.reasons[reason], 0)
    people.set(keeper, (people.get(keeper) ?? 0) + n)
  }
  return [...people].map(([unitId, n]) => {
    const here = ledger.byUnit.get(unitId)!
    return { unitId, parentId: here.parentId ?? undefined, at: here.lft, people: n }
  })
}
/** Whoever holds it must have both the hall and the people below: the lowest unit that has. */
function holderOf(units: readonly { unitId: string }[], hallUnitId: string | undefined, ledger: CountedLedger) {
  const paths = [...units.map(({ unitId }) => unitId), ...(hallUnitId ? [hallUnitId] : [])].flatMap((unitId) => {
    const path = ledger.byUnit.get(unitId)?.path
    return path ? [path] : []
  })
  const [first = []] = paths
  const common = first.findLast((step, depth) => paths.every((path) => path[depth] === step))
  return ledger.byUnit.get(common ?? units[0]!.unitId)!
}

type HallOf = {
  siteId: string
  code: string
  name: string
  unitId: string
  unitName: string
  seats: number
  within: boolean
}
/** Open halls of the unit and below, and of the units above it. */
async function hallsFor(
  db: Db | Tx,
  campaignId: string,
  unit: { path: readonly string[]; lft: number; rgt: number },
  today: string,
): Promise<HallOf[]> {
  const { rows } = await sql<HallOf>`
    select s.id as "siteId", s.code, s.name, s.unit_id as "unitId", u.name as "unitName", s.seats, u.lft between ${unit.lft} and ${unit.rgt} as within
    from site s join campaign_unit u on u.campaign_id = ${campaignId} and u.unit_id = s.unit_id
    where (u.lft between ${unit.lft} and ${unit.rgt} or s.unit_id = any(${unit.path as string[]}::uuid[]))
      and s.kind = 'hall' and s.seats > 0 and (s.closed_on is null or s.closed_on > ${today}::date)
    order by u.lft, s.code`.execute(db)
  return rows
}
