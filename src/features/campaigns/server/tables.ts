import type { PresencePolicy } from '../contract.ts'

declare module '../../../platform/server/db.ts' {
  interface Tables {
    campaign: CampaignTable
    campaign_unit: CampaignUnitTable
    roll: RollTable
    policy_version: PolicyVersionTable
    target: TargetTable
    deadline: DeadlineTable
  }
}
export type CampaignTable = {
  id: string
  code: string
  name: string
  theme: string
  scope_unit_id: string
  counts_on: string | null
  units_below_until: Date | null
  scope_fixed_at: Date | null
  settings: unknown
  created_at: Date
  created_by: string
}
/** The tree as of the campaign's day; `path` from the root of the installation to the unit itself. */
export type CampaignUnitTable = {
  campaign_id: string
  unit_id: string
  version_id: string
  parent_id: string | null
  code: string
  name: string
  name_folded: import('kysely').Generated<string>
  level_name: string
  level_rank: number
  keeps_names: boolean
  grassroots_id: string | null
  path: string[]
  lft: number
  rgt: number
  depth: number
  children: number
}
export type RollTable = {
  id: string
  campaign_id: string
  person_id: string
  unit_id: string
  unit_version_id: string
  standing: 'inScope' | 'exempt'
  from_at: Date
  to_at: Date | null
  why: 'fixed' | 'joined' | 'transferred' | 'exempted' | 'exemptionEnded'
  end_why: 'transferred' | 'died' | 'left' | 'exempted' | 'exemptionEnded' | 'erased' | null
}
export type PolicyVersionTable = {
  id: string
  campaign_id: string
  version: number
  body: PresencePolicy
  in_force_from: Date
  approved_by: string
}
export type TargetTable = { campaign_id: string; metric: string; n: number; d: number }
export type DeadlineTable = { id: string; campaign_id: string; what: string; at: Date }
