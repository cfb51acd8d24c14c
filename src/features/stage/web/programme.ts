import type { ComponentType } from 'react'

// The programme's player belongs to a later feature: the app that puts the pages together lends it to the screens of the stage.

export type PlayerState = 'waiting' | 'playing' | 'stalled' | 'soundOnly' | 'ended' | 'failed'
export type ProgrammeProps = {
  sessionId: string
  audioOnly?: boolean
  muted?: boolean
  onState: (state: PlayerState) => void
  /** The moment of the session that is heard now. */
  onDate: (date: Date | undefined) => void
}
export type Programme = ComponentType<ProgrammeProps>
