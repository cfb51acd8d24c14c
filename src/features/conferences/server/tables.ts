import type { audiences, modes, Purpose, State } from '../contract.ts'

declare module '../../../platform/server/db.ts' {
  interface Tables {
    conference: ConferenceTable
    conference_session: ConferenceSessionTable
    topic: TopicTable
  }
}
export type ConferenceTable = {
  id: string
  campaign_id: string
  unit_id: string
  parent_id: string | null
  code: string
  name: string
  purpose: Purpose
  state: State
  classified: boolean
  own_device: boolean
  documents: string
  contact: string
  created_at: Date
  created_by: string
  approved_at: Date | null
  opened_at: Date | null
  live_at: Date | null
  closed_at: Date | null
}
export type ConferenceSessionTable = {
  id: string
  conference_id: string
  code: string
  name: string
  position: number
  starts_at: Date
  ends_at: Date
  mode: (typeof modes)[number]
  relays_id: string | null
  audience: (typeof audiences)[number]
}
export type TopicTable = {
  id: string
  session_id: string
  position: number
  title: string
  speaker: string
  deliver_minutes: number
  question_minutes: number
}
