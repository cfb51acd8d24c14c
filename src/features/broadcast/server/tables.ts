import type { Generated } from 'kysely'
import type { Programme } from '../contract.ts'
import type { ProgrammeRow } from '../rules.ts'

declare module '../../../platform/server/db.ts' {
  interface Tables {
    programme: ProgrammeTable
    programme_run: ProgrammeRunTable
  }
}
export type ProgrammeTable = {
  session_id: string
  conference_id: string
  state: ProgrammeRow['state']
  because: Generated<Programme['because']>
  /** Under DATA_DIR. */
  folder: string
  began_at: Date
  ended_at: Date | null
  beat_at: Date | null
  holder: string | null
  restart_no: Generated<number>
}
export type ProgrammeRunTable = {
  run_id: string
  session_id: string
  nth: number
  began_at: Date
  ended_at: Date | null
  because: Generated<string>
}
