import type { ColumnType, Generated } from 'kysely'
import type { Excuse, equipmentStates, origins, paperStates, SiteKind } from '../contract.ts'

declare module '../../../platform/server/db.ts' {
  interface Tables {
    site: SiteTable
    equipment: EquipmentTable
    conference_site: ConferenceSiteTable
    summons: SummonsTable
    seating_proposal: SeatingProposalTable
    seating_place: SeatingPlaceTable
    seating_move: SeatingMoveTable
    summons_paper: SummonsPaperTable
  }
}
export type SiteTable = {
  id: string
  register_id: string
  code: string
  unit_id: string
  parent_id: string | null
  name: string
  name_folded: ColumnType<string, never, never>
  kind: SiteKind
  seats: number
  address: Generated<string>
  contact_name: Generated<string>
  contact_phone: Generated<string>
  closed_on: string | null
  recorded_at: Date
}
export type EquipmentTable = {
  id: string
  site_id: string
  name: string
  state: (typeof equipmentStates)[number]
  note: string
}
export type ConferenceSiteTable = {
  conference_id: string
  site_id: string
  seats: number
  parent_site_id: string | null
  ready_at: Date | null
  ready_note: Generated<string>
}
/** In force until withdrawn. No site: on her own device. No sessions: every session of the conference. */
export type SummonsTable = {
  id: string
  conference_id: string
  person_id: string
  site_id: string | null
  session_ids: string[] | null
  origin: (typeof origins)[number]
  door_code: string
  made_at: Date
  made_by: string
  withdrawn_at: Date | null
  withdrawn_why: 'replaced' | 'moved' | 'offRoll' | 'cancelled' | null
  replaces_id: string | null
  excuse: Excuse | null
  excused_at: Date | null
  undeliverable_at: Date | null
}
export type SeatingSummary = { inScope: number; seats: number; placed: number; left: number; sitesUsed: number }
export type SeatingProposalTable = {
  conference_id: string
  made_at: Date
  made_by: string
  summary: ColumnType<SeatingSummary, string, string>
  confirmed_at: Date | null
}
export type SeatingPlaceTable = { conference_id: string; person_id: string; site_id: string }
export type SeatingMoveTable = {
  id: string
  conference_id: string
  unit_id: string
  from_site_id: string | null
  to_site_id: string | null
  person_ids: string[]
  made_at: Date
  made_by: string
  undone_at: Date | null
}
export type SummonsPaperTable = {
  conference_id: string
  unit_id: string
  state: (typeof paperStates)[number]
  people: number
  tries: Generated<number>
  file_id: string | null
  sha256: string | null
  asked_at: Date
  asked_by: string
  began_at: Date | null
  made_at: Date | null
}
