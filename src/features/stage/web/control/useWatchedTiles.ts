import { useEffect } from 'react'
import { call } from '../../../../platform/web/client.ts'
import * as contract from '../../contract.ts'

const beatMs = 15_000

/**
 * Tells the server which halls' pictures stand on this screen, so that each hall's own screen says who looks. Told at once when the page
 * changes and then as a heartbeat; nothing is told while nobody can see this screen.
 */
export function useWatchedTiles(sessionId: string, siteIds: readonly string[], on: boolean) {
  const list = siteIds.slice(0, 60).join(' ')
  useEffect(() => {
    if (!on) return
    const ids = list === '' ? [] : list.split(' ')
    const tell = (now: string[]) => void call(contract.watchTiles, { sessionId, siteIds: now }, { tries: 1 })
    const beat = () => {
      if (document.visibilityState === 'visible' && ids.length > 0) tell(ids)
    }
    const turn = () => (document.visibilityState === 'visible' ? beat() : ids.length > 0 && tell([]))
    beat()
    const timer = setInterval(beat, beatMs)
    document.addEventListener('visibilitychange', turn)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', turn)
      if (ids.length > 0) tell([])
    }
  }, [sessionId, list, on])
}
