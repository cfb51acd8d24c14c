import { Trans } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { useTopic } from '../../../platform/web/live.ts'
import { Button } from '../../../platform/web/ui/light/index.ts'
import type { ProgrammeProps } from '../../stage/web/index.ts'
import { programme } from '../contract.ts'
import styles from './player.module.css'
import { usePlayback } from './usePlayback.ts'

/**
 * The programme on a wall: a hall's screen or a monitor of the control room. It starts by itself, fills its box, has no controls, and
 * never gives up. Where the browser wants a touch before it makes a sound, one button asks for it.
 */
export function Player({ sessionId, audioOnly = false, muted = false, onState, onDate }: ProgrammeProps) {
  const media = useRef<HTMLVideoElement>(null)
  const news = useTopic(programme, { sessionId: sessionId as never })
  const { view, playback } = usePlayback({
    media,
    sessionId,
    wanted: true,
    soundOnly: audioOnly,
    byHand: audioOnly,
    nudge: news.snapshot?.state,
    onDate,
  })
  const told = useRef(onState)
  told.current = onState
  useEffect(() => told.current(view.state), [view.state])
  useEffect(() => {
    if (media.current && !view.silenced) media.current.muted = muted
  }, [muted, view.silenced])
  return (
    <div className={styles.wall} data-sound={view.soundOnly ? '' : undefined}>
      <video ref={media} playsInline muted={muted} disablePictureInPicture tabIndex={-1} />
      {view.silenced && !muted && (
        <Button className={styles.unsilence} big onClick={() => playback?.unsilence()}>
          <Trans>Bật tiếng</Trans>
        </Button>
      )}
    </div>
  )
}
