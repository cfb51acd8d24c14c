import type { Generated } from 'kysely'
import type { Evidence } from '../contract.ts'

export type CheckpointTable = {
  id: string
  conference_id: string
  session_id: string
  code: string
  name: string
  position: number
  opens_at: Date
  at: Date
  closes_at: Date
  spoken_code: string | null
  spoken_first_at: Date | null
  spoken_at: Date | null
}
export type ArrivalTable = {
  arrival_id: string
  conference_id: string
  checkpoint_id: string
  site_id: string | null
  person_id: string
  evidence: Evidence
  by_actor: string
  claimed_at: Date
  corrected_at: Date
  received_at: Date
  skew_ms: Generated<number>
  device_id: string
  accepted_at: Date | null
  accepted_by: string | null
  withdrawn_at: Date | null
  withdrawn_by: string | null
}
export type HeadcountTable = {
  headcount_id: string
  checkpoint_id: string
  site_id: string
  present: number
  absent_excused: number
  absent_unexcused: number
  guests: number
  summoned: number
  why: string
  by_actor: string
  device_id: string
  claimed_at: Date
  received_at: Date
}
export type InterruptionTable = {
  id: string
  conference_id: string
  site_id: string
  from_at: Date
  to_at: Date | null
  cause: string
  by_actor: string
  recorded_at: Date
}
declare module '../../../platform/server/db.ts' {
  interface Tables {
    checkpoint: CheckpointTable
    arrival: ArrivalTable
    headcount: HeadcountTable
    interruption: InterruptionTable
  }
}
