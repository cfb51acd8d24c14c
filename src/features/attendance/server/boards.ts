// Snapshots for the live channel: one hall, the board by site, the board by unit.
import { sql } from 'kysely'
import { minutesBetween } from '../../../kernel/time.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { serveTopic } from '../../../platform/server/live.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { currentCheckpoint } from '../rules.ts'
import { countBySite, countByUnit, standingArrivals } from './standing.ts'
import { checkpointsOf, headcountsAt, presentCheckpoint, sitesOf, summonedAt, summonedBySite } from './store.ts'

/** A board shows the checkpoint asked for, else the one the day is at. */
async function checkpointOf(
  db: Db | Tx,
  { conferenceId, checkpointId }: { conferenceId: string; checkpointId?: string | undefined },
  now: Date,
) {
  const all = await checkpointsOf(db, conferenceId)
  return checkpointId ? all.find(({ id }) => id === checkpointId) : currentCheckpoint(all, now)
}

const summonedFreshMs = 5_000
const summonedKept = new WeakMap<
  object,
  Map<string, { at: number; rows: Awaited<ReturnType<typeof summonedBySite>> }>
>()
/** Who is summoned where changes seldom while people arrive every millisecond: counted anew at most every five seconds. */
async function summonedLately(db: Db | Tx, conferenceId: string) {
  let kept = summonedKept.get(db)
  if (!kept) {
    kept = new Map()
    summonedKept.set(db, kept)
  }
  const known = kept.get(conferenceId)
  if (known && known.at > Date.now() - summonedFreshMs) return known.rows
  const rows = await summonedBySite(db, conferenceId)
  kept.set(conferenceId, { at: Date.now(), rows })
  return rows
}

export const tally = serveTopic(contract.tally, policy.tally, async ({ db }, params) => {
  const now = new Date()
  const checkpoint = await checkpointOf(db, params, now)
  const [sites, summoned, present, headcounts] = await Promise.all([
    sitesOf(db, params.conferenceId),
    summonedLately(db, params.conferenceId),
    checkpoint ? countBySite(db, checkpoint.id) : [],
    checkpoint ? headcountsAt(db, checkpoint.id) : [],
  ])
  const summonedAtSite = new Map(summoned.map((row) => [row.siteId, row.summoned]))
  const presentAtSite = new Map(present.map((row) => [row.siteId, row.present]))
  const headcountAtSite = new Map(headcounts.map((row) => [row.siteId, row.present]))
  const sum = (counts: readonly number[]) => counts.reduce((total, one) => total + one, 0)
  return {
    ...(checkpoint ? { checkpoint: presentCheckpoint(checkpoint) } : {}),
    totals: {
      summoned: sum(summoned.map((row) => row.summoned)),
      present: sum(present.map((row) => row.present)),
      onDevices: presentAtSite.get(null) ?? 0,
      sites: sites.length,
      headcounts: headcounts.length,
      counted: sum(headcounts.map((row) => row.present)),
    },
    sites: sites.map(({ parentSiteId, ...site }) => ({
      ...site,
      ...(parentSiteId ? { parentSiteId } : {}),
      summoned: summonedAtSite.get(site.siteId) ?? 0,
      present: presentAtSite.get(site.siteId) ?? 0,
      ...(headcountAtSite.has(site.siteId) ? { headcount: headcountAtSite.get(site.siteId)! } : {}),
    })),
    // The minute, not the moment: a board on which nothing changed is not sent again.
    at: new Date(Math.floor(now.getTime() / 60_000) * 60_000).toISOString(),
  }
})

export const tallyByUnit = serveTopic(contract.tallyByUnit, policy.tallyByUnit, async ({ db }, params) => {
  const now = new Date()
  const checkpoint = await checkpointOf(db, params, now)
  const { rows: units } = await sql<{
    unitId: string
    code: string
    name: string
    lft: number
    rgt: number
    children: number
    own: boolean
    parentId: string | null
    campaignId: string
  }>`
    select u.unit_id as "unitId", u.code, u.name, u.lft, u.rgt, u.children, u.unit_id = ${params.unitId} as own, u.parent_id as "parentId", u.campaign_id as "campaignId"
    from campaign_unit u join conference c on c.campaign_id = u.campaign_id
    where c.id = ${params.conferenceId} and (u.unit_id = ${params.unitId} or u.parent_id = ${params.unitId}) order by u.code`.execute(
    db,
  )
  const { rows: path } = await sql<{ unitId: string; name: string }>`
    select a.unit_id as "unitId", a.name from campaign_unit u join conference c on c.campaign_id = u.campaign_id
    join campaign_unit a on a.campaign_id = u.campaign_id and a.unit_id = any(u.path)
    where c.id = ${params.conferenceId} and u.unit_id = ${params.unitId} order by a.lft`.execute(db)
  const { rows: summoned } = await sql<{ unitId: string; n: number }>`
    select r.unit_id as "unitId", count(*)::int as n from summons m join conference c on c.id = m.conference_id
    join roll r on r.campaign_id = c.campaign_id and r.person_id = m.person_id and r.to_at is null and r.standing = 'inScope'
    where m.conference_id = ${params.conferenceId} and m.withdrawn_at is null group by r.unit_id`.execute(db)
  const present = checkpoint ? await countByUnit(db, checkpoint.id) : []
  const { rows: leaves } = await sql<{ unitId: string; lft: number }>`
    select u.unit_id as "unitId", u.lft from campaign_unit u join conference c on c.campaign_id = u.campaign_id where c.id = ${params.conferenceId}`.execute(
    db,
  )
  const lftOf = new Map(leaves.map((leaf) => [leaf.unitId, leaf.lft]))
  const children = units.filter((unit) => !unit.own)
  const own = units.find((unit) => unit.own)
  const within = (counts: readonly { unitId: string; n: number }[], { lft, rgt }: { lft: number; rgt: number }) =>
    counts.reduce(
      (total, { unitId, n }) => (lftOf.get(unitId)! >= lft && lftOf.get(unitId)! <= rgt ? total + n : total),
      0,
    )
  const heads = present.map((row) => ({ unitId: row.unitId, n: row.present }))
  const rowOf = (unit: (typeof units)[number], isOwn: boolean) => {
    const range = isOwn ? { lft: unit.lft, rgt: unit.lft } : unit
    return {
      unitId: unit.unitId,
      code: unit.code,
      name: unit.name,
      own: isOwn,
      children: isOwn ? 0 : unit.children,
      summoned: within(summoned, range),
      present: within(heads, range),
    }
  }
  return {
    unit: { unitId: params.unitId, name: own?.name ?? '', path },
    rows: [...(own ? [rowOf(own, true)] : []), ...children.map((child) => rowOf(child, false))],
    totals: own ? { summoned: within(summoned, own), present: within(heads, own) } : { summoned: 0, present: 0 },
    at: new Date(Math.floor(now.getTime() / 60_000) * 60_000).toISOString(),
  }
})

export const siteBoard = serveTopic(contract.site, policy.site, async ({ db }, { conferenceId, siteId }) => {
  const checkpoints = await checkpointsOf(db, conferenceId)
  const arrivals = (
    await sql<{
      arrivalId: string
      personId: string
      checkpointId: string
      at: Date
      evidence: string
      counts: boolean
    }>`
      select arrival_id as "arrivalId", person_id as "personId", checkpoint_id as "checkpointId", corrected_at as at, evidence, counts
      from (${standingArrivals(sql`c.id = ${conferenceId}`)}) s where site_id = ${siteId} order by corrected_at desc, person_id`.execute(
      db,
    )
  ).rows
  const headcounts = (
    await sql<{
      checkpointId: string
      present: number
      absentExcused: number
      absentUnexcused: number
      guests: number
      summoned: number
      why: string
      at: Date
    }>`
      select distinct on (checkpoint_id) checkpoint_id as "checkpointId", present, absent_excused as "absentExcused", absent_unexcused as "absentUnexcused", guests, summoned, why, received_at as at
      from headcount where site_id = ${siteId} and checkpoint_id in (select id from checkpoint where conference_id = ${conferenceId}) order by checkpoint_id, received_at desc`.execute(
      db,
    )
  ).rows
  const doubts = (
    await sql<{
      personId: string
      checkpointId: string
      arrivalId: string
      otherArrivalId: string
      otherSite: string
      otherAt: Date
    }>`
      select a.person_id as "personId", a.checkpoint_id as "checkpointId", a.arrival_id as "arrivalId", b.arrival_id as "otherArrivalId", coalesce(s.name, '') as "otherSite", b.corrected_at as "otherAt"
      from arrival a join arrival b on b.checkpoint_id = a.checkpoint_id and b.person_id = a.person_id and b.arrival_id <> a.arrival_id and b.withdrawn_at is null and b.site_id is distinct from a.site_id
      left join site s on s.id = b.site_id
      where a.conference_id = ${conferenceId} and a.site_id = ${siteId} and a.withdrawn_at is null order by b.corrected_at limit 200`.execute(
      db,
    )
  ).rows
  const interruptions = await db
    .selectFrom('interruption')
    .selectAll()
    .where('conference_id', '=', conferenceId)
    .where('site_id', '=', siteId)
    .orderBy('from_at')
    .execute()
  const opensAt = new Map(checkpoints.map((one) => [one.id, one]))
  return {
    summoned: await summonedAt(db, conferenceId, siteId),
    checkpoints: checkpoints.map((checkpoint) => {
      const counted = headcounts.find(({ checkpointId }) => checkpointId === checkpoint.id)
      return {
        ...presentCheckpoint(checkpoint),
        present: arrivals.filter((one) => one.counts && one.checkpointId === checkpoint.id).length,
        ...(counted ? { headcount: { ...counted, at: counted.at.toISOString() } } : {}),
      }
    }),
    arrivals: arrivals.map((one): [string, string, string, string, number] => [
      one.personId,
      one.checkpointId,
      one.at.toISOString(),
      one.evidence,
      one.counts ? Math.max(0, minutesBetween(opensAt.get(one.checkpointId)!.at, one.at)) : -1,
    ]),
    waiting: arrivals
      .filter(({ counts }) => !counts)
      .map(({ arrivalId, personId, checkpointId, at }) => ({
        arrivalId,
        personId,
        checkpointId,
        at: at.toISOString(),
      })),
    doubts: doubts.map((doubt) => ({ ...doubt, otherAt: doubt.otherAt.toISOString() })),
    interruptions: interruptions.map((one) => ({
      interruptionId: one.id,
      fromAt: one.from_at.toISOString(),
      ...(one.to_at ? { toAt: one.to_at.toISOString() } : {}),
      cause: one.cause,
    })),
  }
})
