import type { ColumnType, Generated } from 'kysely'

type Day = string
type DerivedText = ColumnType<string, never, never>

export type RegisterTable = { id: string; code: string; name: string; scheme_id: string | null; created_at: Date }
export type LevelSchemeTable = { id: string; code: string; name: string; valid_from: Day; valid_to: Day | null }
export type LevelTable = { id: string; scheme_id: string; rank: number; name: string; keeps_names: Generated<boolean> }
export type LevelWordTable = { register_id: string; word: string; level_id: string }
export type UnitTable = { id: string; register_id: string; code: string; created_at: Date }
export type UnitVersionTable = {
  id: string
  unit_id: string
  name: string
  level_id: string
  parent_id: string | null
  valid_from: Day
  valid_to: Day | null
  recorded_at: Date
  recorded_by: string
}
export type UnitSuccessorTable = {
  from_unit_id: string
  to_unit_id: string
  kind: 'merge' | 'split'
  on_day: Day
  decision: string | null
}
export type UnitNowTable = {
  unit_id: string
  version_id: string
  register_id: string
  code: string
  name: string
  name_folded: DerivedText
  level_id: string
  level_name: string
  level_rank: number
  parent_id: string | null
  path: string[]
  grassroots_id: string | null
  lft: number
  rgt: number
  depth: number
  children: number
}
export type PersonTable = {
  id: string
  register_id: string
  code: string | null
  full_name: string
  name_folded: DerivedText
  sort_name: string
  birth_year: number | null
  position: Generated<string>
  phone: string | null
  email: string | null
  recorded_at: Date
  erased_at: Date | null
}
export type MembershipTable = {
  id: string
  person_id: string
  unit_id: string
  kind: 'official' | 'temporary'
  valid_from: Day
  valid_to: Day | null
}
export type ExemptionTable = { id: string; person_id: string; valid_from: Day; valid_to: Day | null }

declare module '../../../platform/server/db.ts' {
  interface Tables {
    register: RegisterTable
    level_scheme: LevelSchemeTable
    level: LevelTable
    level_word: LevelWordTable
    unit: UnitTable
    unit_version: UnitVersionTable
    unit_successor: UnitSuccessorTable
    unit_now: UnitNowTable
    person: PersonTable
    membership: MembershipTable
    exemption: ExemptionTable
  }
}
