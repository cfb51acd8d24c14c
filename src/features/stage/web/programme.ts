import type { ComponentType } from 'react'

// The programme's player belongs to a later feature: the app that puts the pages together lends it to the screens of the stage.

/** What the rest of a screen has to know. `soundOnly` plays too. */
export type PlayerState = 'waiting' | 'playing' | 'stalled' | 'soundOnly' | 'ended' | 'failed'
export type ProgrammeProps = {
  sessionId: string
  /** Sound without a picture, over the playlist of 32 kbit/s; the slides go beside it. */
  audioOnly?: boolean
  /** A monitor makes no sound. */
  muted?: boolean
  onState: (state: PlayerState) => void
  /** The moment of the programme on the screen: slides are shown by it. */
  onDate: (date: Date | undefined) => void
}
export type Programme = ComponentType<ProgrammeProps>
