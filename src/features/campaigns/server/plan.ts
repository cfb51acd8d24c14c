// Founding and changing a campaign, reading it, and its presence policy.
import { newId } from '../../../kernel/id.ts'
import { abilitiesAt, holds, type Place } from '../../../platform/rights.ts'
import { placeAt } from '../../../platform/server/desk.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import { record } from '../../../platform/server/record.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { judgeNewPolicy, policyInForce } from '../rules.ts'
import { lineOf, summariseRoll, versionOf } from './present.ts'
import * as store from './store.ts'

export const createCampaign = answer(
  contract.createCampaign,
  policy.createCampaign,
  async ({ db, actor, now, input, note }) => {
    const it = contract.createCampaign
    const [unit] = await store.unitNow(db, [input.scopeUnitId])
    if (!unit) refuse(it, 'unknownUnit')
    const campaignId = input.campaignId ?? newId()
    const made = await store.insertCampaign(db, {
      campaignId,
      code: input.code,
      name: input.name,
      theme: input.theme,
      scopeUnitId: unit.unitId,
      countsOn: input.countsOn,
      unitsBelowUntil: input.unitsBelowUntil ? new Date(input.unitsBelowUntil) : undefined,
      settings: input.settings,
      by: actor.name,
      at: now,
    })
    if (!made) refuse(it, 'codeTaken', { code: input.code })
    await store.replaceTargets(db, campaignId, input.targets)
    await store.replaceDeadlines(
      db,
      campaignId,
      input.deadlines.map(({ what, at }) => ({ what, at: new Date(at) })),
    )
    await store.insertPolicy(db, {
      campaignId,
      version: 1,
      policy: input.policy,
      inForceFrom: now,
      by: actor.name,
    })
    note({ campaignId })
    return { campaignId, code: input.code }
  },
)

export const updateCampaign = answer(contract.updateCampaign, policy.updateCampaign, async ({ db, input }) => {
  const it = contract.updateCampaign
  await store.lockCampaign(db, input.campaignId)
  const campaign = await store.campaignById(db, input.campaignId)
  if (!campaign) refuse(it, 'notFound')
  if (campaign.scopeFixedAt && input.countsOn && input.countsOn !== campaign.countsOn)
    refuse(it, 'dayFixed', { countsOn: campaign.countsOn })
  const change = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.theme === undefined ? {} : { theme: input.theme }),
    ...(input.countsOn === undefined ? {} : { counts_on: input.countsOn }),
    ...(input.unitsBelowUntil === undefined
      ? {}
      : { units_below_until: input.unitsBelowUntil === null ? null : new Date(input.unitsBelowUntil) }),
    ...(input.settings === undefined ? {} : { settings: JSON.stringify(input.settings) }),
  }
  if (Object.keys(change).length > 0) await store.updateCampaign(db, campaign.campaignId, change)
  if (input.targets) await store.replaceTargets(db, campaign.campaignId, input.targets)
  if (input.deadlines)
    await store.replaceDeadlines(
      db,
      campaign.campaignId,
      input.deadlines.map(({ what, at }) => ({ what, at: new Date(at) })),
    )
  return { campaignId: campaign.campaignId }
})

export const placeOf = (campaign: store.Campaign): Place => ({
  unitPath: campaign.scopeUnit.path,
  campaignId: campaign.campaignId,
  label: campaign.name,
})
const founderRoles = ['organiser', 'administrator'] as const

export const listCampaigns = answer(contract.listCampaigns, policy.listCampaigns, async (call) => {
  const { db, actor, now } = call
  const founding = actor.grants.filter(({ role }) => founderRoles.some((founder) => founder === role))
  const everywhere = actor.kind === 'machine' || founding.some(({ kind }) => kind === 'installation')
  const near = await campaignsNear(call)
  const parts = await partsOf(call, near)
  return {
    campaigns: near.map((campaign) => {
      const partUnitId = parts.get(campaign.campaignId)
      return { ...lineOf(campaign, now), ...(partUnitId ? { partUnitId } : {}) }
    }),
    mayFound: everywhere
      ? await store.rootUnits(db)
      : (
          await store.unitNow(
            db,
            founding.flatMap(({ kind, scopeId }) => (kind === 'unit' && scopeId ? [scopeId] : [])),
          )
        ).map(({ unitId, code, name }) => ({ unitId, code, name })),
  }
})

const deskRoles = ['organiser', 'head', 'administrator', 'cellSecretary'] as const
/** For whoever has not the whole of a campaign: the highest of her units in it, where her screens open. */
async function partsOf({ db, actor }: Pick<Call<unknown>, 'db' | 'actor'>, campaigns: readonly store.Campaign[]) {
  const parts = new Map<string, string>()
  const granted = actor.grants.flatMap(({ role, kind, scopeId }) =>
    kind === 'unit' && scopeId && deskRoles.some((one) => one === role) ? [scopeId] : [],
  )
  if (granted.length === 0) return parts
  const units = await store.unitNow(db, granted)
  for (const campaign of campaigns) {
    if (holds(actor, deskRoles, placeOf(campaign))) continue
    const within = units.filter(({ path }) => path.includes(campaign.scopeUnit.unitId))
    const [highest] = within.toSorted((one, other) => one.path.length - other.path.length)
    if (highest) parts.set(campaign.campaignId, highest.unitId)
  }
  return parts
}

/** Whoever is granted something at, above or below the scope, or is on the roll, has to do with a campaign. */
async function campaignsNear({ db, desk, actor }: Pick<Call<unknown>, 'db' | 'desk' | 'actor'>) {
  const unitIds: string[] = []
  const campaignIds: string[] = actor.campaignId ? [actor.campaignId] : []
  for (const { kind, scopeId } of actor.grants) {
    if (kind === 'installation' || !scopeId) continue
    if (kind === 'unit') unitIds.push(scopeId)
    else if (kind === 'campaign') campaignIds.push(scopeId)
    else {
      const place = await placeAt(desk, db)(kind, scopeId)
      if (place?.campaignId) campaignIds.push(place.campaignId)
      else if (place) unitIds.push(...place.unitPath.slice(-1))
    }
  }
  const everything = actor.kind === 'machine' || actor.grants.some(({ kind }) => kind === 'installation')
  return store.campaignsNear(db, { everything, unitIds, campaignIds, personId: actor.personId })
}
/** A campaign one has nothing to do with is as if it were not there. */
export async function campaignFor(
  call: Pick<Call<{ campaignId?: string | undefined; code?: string | undefined }>, 'db' | 'desk' | 'actor' | 'input'>,
) {
  const { campaignId, code } = call.input
  return (await campaignsNear(call)).find((one) => one.campaignId === campaignId || one.code === code)
}

export const getCampaign = answer(contract.getCampaign, policy.getCampaign, async (call) => {
  const { db, actor, now } = call
  const campaign = await campaignFor(call)
  if (!campaign) refuse(contract.getCampaign, 'notFound')
  const { campaignId } = campaign
  const versions = await store.policiesOf(db, campaignId)
  const inForce = policyInForce(versions, now)
  const seesTotals = holds(actor, ['organiser', 'administrator', 'head'], placeOf(campaign))
  return {
    ...lineOf(campaign, now),
    unitsBelowUntil: campaign.unitsBelowUntil?.toISOString(),
    settings: campaign.settings,
    targets: (await store.targetsOf(db, campaignId)) as {
      metric: (typeof contract.metrics)[number]
      n: number
      d: number
    }[],
    deadlines: (await store.deadlinesOf(db, campaignId)).map(({ id, what, at }) => ({
      deadlineId: id,
      what,
      at: at.toISOString(),
    })),
    policy: versionOf(versions.find(({ version }) => version === inForce?.version)!),
    roll: campaign.scopeFixedAt && seesTotals ? await summariseRoll(db, campaign) : undefined,
    abilities: abilitiesAt(actor, policy, placeOf(campaign)),
  }
})

export const approvePolicy = answer(
  contract.approvePolicy,
  policy.approvePolicy,
  async ({ db, actor, now, input, note }) => {
    const it = contract.approvePolicy
    await store.lockCampaign(db, input.campaignId)
    const versions = await store.policiesOf(db, input.campaignId)
    const inForceFrom = input.inForceFrom ? new Date(input.inForceFrom) : now
    const verdict = judgeNewPolicy(versions, { policy: input.policy, inForceFrom }, now)
    if (verdict !== 'yes') refuse(it, verdict)
    const version = (versions.at(-1)?.version ?? 0) + 1
    await store.insertPolicy(db, {
      campaignId: input.campaignId,
      version,
      policy: input.policy,
      inForceFrom,
      by: actor.name,
    })
    await record(db, contract.policyApproved, { campaignId: input.campaignId, version }, now)
    note({ version, inForceFrom: inForceFrom.toISOString() })
    return { version }
  },
)

export const listPolicies = answer(contract.listPolicies, policy.listPolicies, async (call) => {
  const { db, actor, now } = call
  const campaign = await campaignFor(call)
  if (!campaign) refuse(contract.listPolicies, 'notFound')
  const versions = await store.policiesOf(db, campaign.campaignId)
  return {
    versions: versions.map(versionOf).reverse(),
    inForce: policyInForce(versions, now)?.version ?? 1,
    abilities: abilitiesAt(actor, policy, placeOf(campaign)),
  }
})
