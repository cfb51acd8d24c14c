import type { MaterialKind, Problem, versionStates } from '../contract.ts'

declare module '../../../platform/server/db.ts' {
  interface Tables {
    material: MaterialTable
    material_version: MaterialVersionTable
    material_page: MaterialPageTable
    material_shown: MaterialShownTable
  }
}
export type MaterialTable = {
  id: string
  conference_id: string
  topic_id: string | null
  kind: MaterialKind
  title: string
  position: number
  created_at: Date
  created_by: string
  removed_at: Date | null
}
export type MaterialVersionTable = {
  id: string
  material_id: string
  version: number
  file_id: string
  file_name: string
  bytes: number
  media_type: string
  state: (typeof versionStates)[number]
  problem: Problem | null
  problem_detail: unknown
  pages: number
  pages_done: number
  width: number
  height: number
  seconds: number | null
  tries: number
  beat_at: Date | null
  at: Date
  by_actor: string
}
export type MaterialPageTable = {
  version_id: string
  page: number
  file_id: string
  small_file_id: string
  width: number
  height: number
  text: string
}
export type MaterialShownTable = { session_id: string; version_id: string; from_at: Date; to_at: Date | null }
