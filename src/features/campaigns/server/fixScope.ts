import { dayOf } from '../../../kernel/time.ts'
import { analyse } from '../../../platform/server/db.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { treeOn } from '../../organisation/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import * as store from './store.ts'

/** The one act that turns a register of people into a roll: the tree of the campaign's day and everyone in it, written down. */
export const fixScope = answer(contract.fixScope, policy.fixScope, async ({ db, now, input, note }) => {
  await store.lockCampaign(db, input.campaignId)
  const campaign = await store.campaignById(db, input.campaignId)
  if (!campaign) refuse(contract.fixScope, 'notFound')
  if (campaign.scopeFixedAt) refuse(contract.fixScope, 'alreadyFixed', { at: campaign.scopeFixedAt.toISOString() })
  if (!campaign.countsOn) refuse(contract.fixScope, 'noDay')
  const units = await treeOn(db, campaign.scopeUnit.unitId, campaign.countsOn)
  if (units.length === 0) refuse(contract.fixScope, 'unitNotThereYet', { countsOn: campaign.countsOn })
  await store.insertUnits(db, campaign.campaignId, campaign.scopeUnit.unitId, units)
  await analyse(db, ['campaign_unit'])
  const { members, exempt } = await store.insertRoll(db, campaign.campaignId, campaign.countsOn, now)
  await analyse(db, ['roll'])
  if (members === exempt) refuse(contract.fixScope, 'nobodyInScope', { units: units.length, exempt })
  await store.updateCampaign(db, campaign.campaignId, { scope_fixed_at: now })
  note({ units: units.length, members, exempt })
  return { units: units.length, members, exempt, inScope: members - exempt }
})

export const previewScope = answer(contract.previewScope, policy.previewScope, async ({ db, input, now }) => {
  const campaign = await store.campaignById(db, input.campaignId)
  if (!campaign) refuse(contract.previewScope, 'notFound')
  const day = campaign.countsOn ?? dayOf(now)
  const units = await treeOn(db, campaign.scopeUnit.unitId, day)
  const { members, exempt } = await store.countPeople(
    db,
    units.map(({ unitId }) => unitId),
    day,
  )
  return { countsOn: campaign.countsOn, units: units.length, members, exempt, inScope: members - exempt }
})
