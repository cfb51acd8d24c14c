import { useCallback, useMemo } from 'react'
import { useNow, useTopic } from '../../../../platform/web/live.ts'
import { skewMs } from '../../../attendance/web/index.ts'
import * as contract from '../../contract.ts'
import { useHallSession } from '../hallSession.ts'
import { reportLine, useReports } from '../lineReport.ts'
import { useChosenDevices } from '../media/devices.ts'
import type { Gives, Wants } from '../media/room.ts'
import { useStageRoom } from '../media/useStageRoom.ts'

// A hall's console on the stage: what the hall is told, its seat in the room, its microphone and picture.

export type Site = ReturnType<typeof useSite>
export function useSite(conferenceId: string, siteId: string) {
  const device = useNow()
  const now = useMemo(() => new Date(device.getTime() + skewMs()), [device])
  const { sessionId, none } = useHallSession(conferenceId, siteId, now)
  const live = useTopic(contract.hall, sessionId ? ({ sessionId, siteId } as never) : undefined)
  const show = useTopic(contract.show, sessionId ? ({ sessionId } as never) : undefined).snapshot
  const hall = live.snapshot
  const chosen = useChosenDevices()

  const open = hall?.state === 'backstage' || hall?.state === 'onAir' || hall?.state === 'break'
  const hand = hall?.hand
  const speaks =
    hand?.state === 'called' || hand?.state === 'onAir' || hall?.onAir === true || hall?.microphone === true
  const picture = hall?.picture === true
  const called = hall?.talkBackBy !== undefined
  // A hall that only listens is in the room while the node has room for it; who waits, speaks or is looked at always is.
  const inRoom = open && (speaks || picture || called || hand?.state === 'waiting' || hall?.mode === 'webrtc')
  const gives = useMemo(
    (): Gives => ({
      camera: speaks ? 'full' : picture ? 'small' : 'off',
      microphone: speaks,
      screen: false,
      cameraId: chosen.camera,
      microphoneId: chosen.microphone,
    }),
    [speaks, picture, chosen.camera, chosen.microphone],
  )
  // The hall's loudspeakers are the big screen's; here only the director is heard, when she calls this hall.
  const wants = useMemo(
    (): Wants => ({ hear: (who) => called && who.kind === 'technician', see: () => false }),
    [called],
  )
  const room = useStageRoom(inRoom && sessionId ? { sessionId, as: 'site', siteId } : undefined, { wants, gives })

  const { measure } = room
  const microphone = hall?.microphone === true
  const connected = room.line === 'connected'
  const published = room.own.microphone.published
  const report = useCallback(async () => {
    if (!sessionId || !open) return
    const worth = await measure()
    await reportLine({
      sessionId,
      siteId,
      from: 'console',
      mode: connected ? 'webrtc' : 'none',
      roundTripMs: worth.roundTripMs,
      ...(microphone ? { heard: connected && published && worth.sends } : {}),
    })
  }, [sessionId, siteId, open, connected, microphone, published, measure])
  useReports(report, [sessionId, open, connected])

  return { conferenceId, siteId, sessionId, none, now, hall, show, live, open, hand, speaks, called, room }
}
