import { useEffect, useState, useSyncExternalStore } from 'react'
import {
  type Gives,
  givesNothing,
  offState,
  openStageRoom,
  type RoomState,
  type Seat,
  type StageRoom,
  type Wants,
} from './room.ts'

const hearsNobody: Wants = { hear: () => false, see: () => false }
export type StageSeat = RoomState & Pick<StageRoom, 'again' | 'startSound' | 'measure'>
const idle: Pick<StageRoom, 'again' | 'startSound' | 'measure'> = {
  again: () => {},
  startSound: () => {},
  measure: async () => ({
    lossPercent: 0,
    frozenSeconds: 0,
    roundTripMs: 0,
    hears: false,
    arrives: false,
    answers: false,
    sends: false,
    expectsPicture: false,
  }),
}

/**
 * A seat in the room of a session while the component is on screen; `seat: undefined` stays outside. `wants` says who is heard and seen,
 * and is asked anew on every render and whenever somebody comes, goes or falls silent; `gives` is what this device gives, where the
 * server lets it. Nothing is thrown: the connection is in `line`, and comes back by itself.
 */
export function useStageRoom(
  seat: Seat | undefined,
  { wants = hearsNobody, gives = givesNothing }: { wants?: Wants; gives?: Gives } = {},
): StageSeat {
  const [room, setRoom] = useState<StageRoom>()
  const { sessionId, as, siteId } = seat ?? {}
  useEffect(() => {
    if (sessionId === undefined || as === undefined) return
    const opened = openStageRoom({ sessionId, as, ...(siteId === undefined ? {} : { siteId }) })
    setRoom(opened)
    return () => {
      opened.close()
      setRoom(undefined)
    }
  }, [sessionId, as, siteId])
  useEffect(() => room?.want(wants))
  const { camera, microphone, screen, cameraId, microphoneId } = gives
  const onlyTo = gives.onlyTo?.join(' ')
  useEffect(
    () =>
      room?.give({ camera, microphone, screen, cameraId, microphoneId, onlyTo: onlyTo?.split(' ').filter(Boolean) }),
    [room, camera, microphone, screen, cameraId, microphoneId, onlyTo],
  )
  const state = useSyncExternalStore(room?.subscribe ?? noReader, () => room?.read() ?? offState)
  return { ...state, ...(room ?? idle) }
}
const noReader = () => () => {}
