import { useEffect, useMemo, useState } from 'react'
import type { Wall } from '../../wall.ts'
import type { Gives, Wants } from '../media/room.ts'
import { useStageRoom } from '../media/useStageRoom.ts'
import { type Director, isOpenStage, partOf } from './useDirector.ts'
import type { Preview } from './usePreview.ts'
import type { ShownTiles } from './useShownTiles.ts'
import { useWatchedTiles } from './useWatchedTiles.ts'

export type Reception = ReturnType<typeof useReception>

/** My seat on the stage: pictures only of what is on the screen, sound only of the preview and only when asked for. */
export function useReception(
  { sessionId, cutSince }: Director,
  { state, shown }: Wall,
  tiles: ShownTiles,
  { source: next }: Preview,
  gives: Gives,
) {
  /** Which of the two monitors is heard here. */
  const [listening, setListening] = useState<'programme' | 'preview'>()
  const isOpen = isOpenStage(state)
  const onScreen = tiles.asTiles ? tiles.shown.filter((site) => site.picture).map((site) => site.siteId) : []
  useWatchedTiles(sessionId, onScreen, cutSince === undefined && isOpen)
  const onAir = partOf(shown?.source)
  const wants: Wants = {
    hear: (who) => listening === 'preview' && who.partId === next?.partId,
    see: (who, kind) =>
      [next, onAir].some((part) => part?.partId === who.partId && (kind === 'screen') === part.screen) ||
      (kind === 'camera' && who.siteId !== undefined && onScreen.includes(who.siteId)),
  }
  const stage = useStageRoom(isOpen ? { sessionId, as: 'director' } : undefined, { wants, gives })
  const { people, soundBlocked, startSound } = stage
  const pictures = useMemo(
    () =>
      new Map(
        people.flatMap((who) =>
          who.siteId && who.tracks.camera?.track ? [[who.siteId, who.tracks.camera.track]] : [],
        ),
      ),
    [people],
  )
  useEffect(() => {
    if (soundBlocked && listening === 'preview') startSound()
  }, [soundBlocked, listening, startSound])
  return {
    people,
    /** The camera of a hall, by its site. */
    pictures,
    /** Who is heard here. */
    heard: listening === 'preview' ? people.filter((who) => who.partId === next?.partId) : undefined,
    listening,
    listen: (to: 'programme' | 'preview') => setListening(listening === to ? undefined : to),
    elsewhere: isOpen && stage.line === 'elsewhere',
    again: stage.again,
  }
}
