import { createHash } from 'node:crypto'
import { holds } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { record } from '../../../platform/server/record.ts'
import type { RollChange } from '../contract.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { differenceOf, rollDay } from '../rules.ts'
import { summariseRoll } from './present.ts'
import * as store from './store.ts'

type FixedCampaign = store.Campaign & { scopeFixedAt: Date; countsOn: string }
async function fixedCampaign(
  db: Db | Tx,
  campaignId: string,
  it: { refusals: readonly ('notFixed' | string)[] },
): Promise<FixedCampaign> {
  const campaign = await store.campaignById(db, campaignId)
  if (!campaign) refuse(it, 'notFound')
  if (!campaign.scopeFixedAt || !campaign.countsOn) refuse(it, 'notFixed')
  return campaign as FixedCampaign
}

/** Writes the amendments and tells later features whose place changed. */
async function write(tx: Db | Tx, campaignId: string, changes: readonly store.Amendment[], at: Date, now: Date) {
  await store.amend(tx, campaignId, changes, at)
  const of = (...kinds: RollChange[]) =>
    changes.filter(({ kind }) => kinds.includes(kind)).map(({ personId }) => personId)
  await record(
    tx,
    contract.rollAmended,
    {
      campaignId,
      offRoll: of('leave', 'died', 'exempt'),
      onRoll: of('join', 'exemptionEnded'),
      moved: of('transfer'),
    },
    now,
  )
}

export const amendRoll = answer(contract.amendRoll, policy.amendRoll, async ({ db, actor, now, input, note }) => {
  const it = contract.amendRoll
  await store.lockCampaign(db, input.campaignId)
  const campaign = await fixedCampaign(db, input.campaignId, it)
  const at = input.at ? new Date(input.at) : now
  if (at > now) refuse(it, 'inTheFuture')
  const personIds = [...new Set(input.personIds as string[])]
  const open = await store.openRows(db, campaign.campaignId, personIds)
  const { kind } = input

  const changes: store.Amendment[] = []
  if (kind === 'join') {
    if (open.length > 0) refuse(it, 'alreadyOnRoll', { count: open.length })
    if (at < campaign.scopeFixedAt) refuse(it, 'tooEarly', { notBefore: campaign.scopeFixedAt.toISOString() })
    const today = await store.peopleToday(db, campaign.campaignId, personIds, rollDay(campaign.countsOn, now))
    if (today.length < personIds.length) refuse(it, 'outsideScope', { count: personIds.length - today.length })
    if (today.some(({ unitId }) => unitId !== input.unitId)) refuse(it, 'otherUnit')
    changes.push(...today.map((person) => ({ ...person, kind })))
  } else {
    if (open.length < personIds.length) refuse(it, 'notOnRoll', { count: personIds.length - open.length })
    if (open.some(({ unitId }) => unitId !== input.unitId)) refuse(it, 'otherUnit')
    const latest = new Date(Math.max(+campaign.scopeFixedAt, ...open.map(({ fromAt }) => +fromAt)))
    if (at < latest) refuse(it, 'tooEarly', { notBefore: latest.toISOString() })
    const already = kind === 'exempt' ? 'exempt' : kind === 'exemptionEnded' ? 'inScope' : undefined
    if (open.some(({ standing }) => standing === already)) refuse(it, 'sameStanding')
    if (kind === 'transfer') {
      const [to] = input.toUnitId ? await store.campaignUnits(db, campaign.campaignId, [input.toUnitId]) : []
      if (!to || to.unitId === input.unitId) refuse(it, 'outsideScope')
      // A unit's officer hands on only inside her own units; to another unit, the organiser does.
      const own =
        holds(actor, ['organiser', 'administrator'], {
          unitPath: campaign.scopeUnit.path,
          campaignId: campaign.campaignId,
        }) || holds(actor, ['organiser'], { unitPath: to.path })
      if (!own) refuse(it, 'notYours')
    }
    changes.push(...personIds.map((personId) => ({ personId, kind, unitId: input.toUnitId })))
  }
  await write(db, campaign.campaignId, changes, at, now)
  note({ count: changes.length, effective: at.toISOString() })
  return { changed: changes.length }
})

type Proposal = { asOf: string; changes: (store.Amendment & { countsFor: string })[]; fingerprint: string }
/** What the register of people says today and the roll does not, each person once. */
async function propose(db: Db | Tx, campaign: FixedCampaign, now: Date): Promise<Proposal> {
  const asOf = rollDay(campaign.countsOn, now)
  const changes = (await store.differences(db, campaign.campaignId, asOf)).flatMap((row) => {
    const onRoll =
      row.rollUnitId && row.rollStanding ? { unitId: row.rollUnitId, standing: row.rollStanding } : undefined
    const today = row.unitId && row.standing ? { unitId: row.unitId, standing: row.standing } : undefined
    const kind = differenceOf(onRoll, today)
    if (!kind) return []
    return [
      {
        personId: row.personId,
        kind,
        unitId: today?.unitId,
        standing: today?.standing,
        countsFor: (onRoll ?? today)!.unitId,
      },
    ]
  })
  const fingerprint = createHash('sha256')
    .update(
      changes.map(({ personId, kind, unitId, standing }) => `${personId} ${kind} ${unitId} ${standing}`).join('\n'),
    )
    .digest('base64url')
    .slice(0, 22)
  return { asOf, changes, fingerprint }
}

export const proposeRollChanges = answer(
  contract.proposeRollChanges,
  policy.proposeRollChanges,
  async ({ db, now, input }) => {
    const campaign = await fixedCampaign(db, input.campaignId, contract.proposeRollChanges)
    const { asOf, changes, fingerprint } = await propose(db, campaign, now)
    const count = (kind: RollChange) => changes.filter((change) => change.kind === kind).length
    const counts = new Map<string, number>()
    for (const { countsFor, kind } of changes)
      counts.set(`${countsFor} ${kind}`, (counts.get(`${countsFor} ${kind}`) ?? 0) + 1)
    const units = await store.campaignUnits(db, campaign.campaignId, [...new Set(changes.map((c) => c.countsFor))])
    const lines = units.flatMap(({ unitId, code, name }) =>
      contract.rollChanges.flatMap((kind) => {
        const found = counts.get(`${unitId} ${kind}`)
        return found ? [{ unitId, code, name, kind, count: found }] : []
      }),
    )
    return {
      asOf,
      totals: Object.fromEntries(contract.rollChanges.map((kind) => [kind, count(kind)])) as Record<RollChange, number>,
      byUnit: lines.slice((input.page - 1) * input.size, input.page * input.size),
      lines: lines.length,
      unitsLeftOut: await store.countNewUnits(db, campaign.campaignId, campaign.scopeUnit.unitId),
      fingerprint,
    }
  },
)

export const confirmRollChanges = answer(
  contract.confirmRollChanges,
  policy.confirmRollChanges,
  async ({ db, now, input, note }) => {
    const it = contract.confirmRollChanges
    await store.lockCampaign(db, input.campaignId)
    const campaign = await fixedCampaign(db, input.campaignId, it)
    const { changes, fingerprint } = await propose(db, campaign, now)
    if (changes.length === 0) refuse(it, 'nothingToChange')
    // What was shown is what is confirmed: if the register moved meanwhile, it is shown again.
    if (fingerprint !== input.fingerprint) refuse(it, 'outOfDate', { count: changes.length })
    await write(db, campaign.campaignId, changes, now, now)
    note({ count: changes.length })
    return { changed: changes.length, roll: await summariseRoll(db, campaign) }
  },
)

export const rollSummary = answer(contract.rollSummary, policy.rollSummary, async ({ db, input }) =>
  summariseRoll(db, await fixedCampaign(db, input.campaignId, contract.rollSummary), input.unitId),
)

export const listRollChanges = answer(contract.listRollChanges, policy.listRollChanges, async ({ db, input }) => ({
  ...(await store.listMoves(db, input.campaignId, input)),
  page: input.page,
  size: input.size,
}))
