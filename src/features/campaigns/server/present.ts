import type { z } from 'zod'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { CampaignLine, PolicyVersion, PresencePolicy, RollSummary } from '../contract.ts'
import { changeWords, describePolicy, phaseOf, type Version } from '../rules.ts'
import * as store from './store.ts'

export const lineOf = (campaign: store.Campaign, now: Date): z.input<typeof CampaignLine> => ({
  campaignId: campaign.campaignId,
  code: campaign.code,
  name: campaign.name,
  theme: campaign.theme,
  scopeUnit: {
    unitId: campaign.scopeUnit.unitId,
    code: campaign.scopeUnit.code,
    name: campaign.scopeUnit.name,
  },
  countsOn: campaign.countsOn,
  scopeFixedAt: campaign.scopeFixedAt?.toISOString(),
  phase: phaseOf(campaign, now),
})

export const versionOf = (
  version: Version<PresencePolicy> & { approvedBy: string },
): z.input<typeof PolicyVersion> => ({
  version: version.version,
  inForceFrom: version.inForceFrom.toISOString(),
  approvedBy: version.approvedBy,
  policy: version.body,
  words: describePolicy(version.body),
})

/** A and the exempt of a unit's subtree (of the whole campaign without one), and what moved since the fixing. */
export async function summariseRoll(
  db: Db | Tx,
  campaign: store.Campaign,
  unitId?: string | undefined,
): Promise<RollSummary> {
  const whole = unitId === undefined || unitId === campaign.scopeUnit.unitId ? undefined : unitId
  const [{ members, exempt }, moves] = [
    await store.countRoll(db, campaign.campaignId, whole),
    await store.countMoves(db, campaign.campaignId, whole),
  ]
  const by = (direction: 'up' | 'down', why: string) =>
    moves.find((move) => move.direction === direction && move.why === why)?.count ?? 0
  const sum = (wanted: 'up' | 'down') =>
    moves.reduce((all, { direction, count }) => (direction === wanted ? all + count : all), 0)
  const [up, down] = [sum('up'), sum('down')]
  return {
    fixedAt: campaign.scopeFixedAt?.toISOString(),
    members,
    exempt,
    inScope: members - exempt,
    inScopeAtFixing: members - exempt - up + down,
    up,
    down,
    upBy: {
      joined: by('up', 'joined'),
      transferred: by('up', 'transferred'),
      exemptionEnded: by('up', 'exemptionEnded'),
    },
    downBy: {
      transferred: by('down', 'transferred'),
      died: by('down', 'died'),
      left: by('down', 'left'),
      exempted: by('down', 'exempted'),
      erased: by('down', 'erased'),
    },
    words: changeWords({ up, down }),
  }
}
