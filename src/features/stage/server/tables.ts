import type { ColumnType, Generated } from 'kysely'
import type {
  faultKinds,
  handKinds,
  handStates,
  LineMode,
  LineWord,
  PartKind,
  PartState,
  Source,
  StageState,
} from '../contract.ts'
import type { LineMemory } from '../rules.ts'

declare module '../../../platform/server/db.ts' {
  interface Tables {
    stage: StageTable
    stage_take: StageTakeTable
    stage_preview: StagePreviewTable
    stage_part: StagePartTable
    stage_hand: StageHandTable
    stage_topic: StageTopicTable
    stage_talk: StageTalkTable
    site_line: SiteLineTable
    line_spell: LineSpellTable
    site_fault: SiteFaultTable
    alarm_taken: AlarmTakenTable
    tile_looker: TileLookerTable
  }
}
/** Read as an object, written as text. */
type Json<T> = ColumnType<T, string, string>

export type StageTable = {
  session_id: string
  conference_id: string
  room: string
  state: Generated<StageState>
  opened_at: Date | null
  on_air_at: Date | null
  ended_at: Date | null
  break_until: Date | null
  break_words: Generated<string>
  take_no: Generated<number>
  source: ColumnType<Source | null, string | null, string | null>
  deck_version_id: string | null
  deck_page: number | null
  deck_click_no: Generated<number>
  deck_at: Date | null
  lectern_message: Generated<string>
  lectern_message_at: Date | null
  halls_message: Generated<string>
}
export type StageTakeTable = {
  take_id: string
  session_id: string
  take_no: number
  source: Json<Source>
  by_actor: string
  by_user_id: string | null
  by_name: string
  at: Date
  opened_part_id: string | null
  undoes: number | null
}
export type StagePreviewTable = { session_id: string; user_id: string; by_name: string; source: Json<Source>; at: Date }
export type StagePartTable = {
  part_id: string
  session_id: string
  kind: PartKind
  site_id: string | null
  person_id: string | null
  user_id: string | null
  name: string
  unit: Generated<string>
  state: PartState
  generation: Generated<number>
  connected_at: Date | null
  disconnected_at: Date | null
  microphone: Generated<boolean>
  microphone_until: Date | null
  picture: Generated<boolean>
  removed_at: Date | null
  removed_by: string | null
  removed_why: Generated<string>
}
export type StageHandTable = {
  hand_id: string
  session_id: string
  kind: (typeof handKinds)[number]
  site_id: string | null
  person_id: string | null
  part_id: string | null
  name: string
  unit: string
  level: number
  group_id: string
  about: Generated<string>
  raised_at: Date
  ordered: number | null
  state: (typeof handStates)[number]
  seconds: number | null
  called_at: Date | null
  on_air_at: Date | null
  until: Date | null
  ended_at: Date | null
  words: Generated<string>
}
export type StageTopicTable = {
  session_id: string
  topic_id: string
  speaker: string | null
  began_at: Date | null
  questions_at: Date | null
  ended_at: Date | null
}
export type StageTalkTable = {
  talk_id: string
  session_id: string
  part_id: string
  by_actor: string
  by_user_id: string
  by_name: string
  from_at: Date
  to_at: Date | null
}
export type SiteLineTable = {
  session_id: string
  site_id: string
  mode: Generated<LineMode>
  wanted_mode: Generated<LineMode>
  word: Generated<LineWord>
  since: Date | null
  screen_at: Date | null
  console_at: Date | null
  measured: ColumnType<LineMemory, string | undefined, string>
  slide_page: Generated<number>
  last_word: Generated<string>
  last_word_at: Date | null
  message: Generated<string>
}
export type LineSpellTable = {
  spell_id: string
  session_id: string
  site_id: string
  word: LineWord
  from_at: Date
  to_at: Date | null
  interruption_id: string | null
}
export type SiteFaultTable = {
  fault_id: string
  session_id: string
  site_id: string
  kind: (typeof faultKinds)[number]
  words: Generated<string>
  by_actor: string
  claimed_at: Date
  at: Date
  cleared_at: Date | null
  interruption_id: string | null
}
export type AlarmTakenTable = { session_id: string; alarm_key: string; by_actor: string; by_name: string; at: Date }
export type TileLookerTable = { session_id: string; user_id: string; name: string; site_ids: string[]; until: Date }
