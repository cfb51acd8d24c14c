import { useEffect, useMemo } from 'react'
import { useAnswer } from '../../../platform/web/answers.ts'
import { keep, kept } from '../../attendance/web/index.ts'
import { getConference } from '../../conferences/contract.ts'
import * as contract from '../contract.ts'
import { sessionNow } from '../sessionNow.ts'

type Hours = { sessionId: string; startsAt: string; endsAt: string }
const everyMs = 60_000

/**
 * The session on whose stage a hall stands now: a relayed session's is its parent's. The last answer is kept, so that a page that opens
 * without a line knows it. `none` where this hall has no session at all.
 */
export function useHallSession(
  conferenceId: string,
  siteId: string,
  now: Date,
): { sessionId: string | undefined; none: boolean; refused: string | undefined } {
  const key = `diem-cau.hall-session.${conferenceId}.${siteId}`
  const mine = useAnswer(contract.myStages, {}, { everyMs })
  const halls = mine.value?.halls.filter((hall) => hall.siteId === siteId && hall.conferenceId === conferenceId)
  // Somebody above the hall who looks at its screen keeps no hall of her own.
  const conference = useAnswer(getConference, halls?.length === 0 && ({ conferenceId } as never), { staleMs: everyMs })
  const fresh: readonly Hours[] | undefined = halls && halls.length > 0 ? halls : conference.value?.sessions
  useEffect(() => {
    if (fresh)
      keep(key, JSON.stringify(fresh.map(({ sessionId, startsAt, endsAt }) => ({ sessionId, startsAt, endsAt }))))
  }, [key, fresh])
  const before = useMemo(() => readKept(key), [key])
  const sessions = fresh ?? before
  const minute = Math.floor(now.getTime() / 60_000)
  const sessionId = useMemo(
    () => sessions && sessionNow(sessions, new Date(minute * 60_000))?.sessionId,
    [sessions, minute],
  )
  return {
    sessionId,
    none: fresh !== undefined && fresh.length === 0,
    refused: sessions ? undefined : (mine.refused?.refused ?? conference.refused?.refused),
  }
}
function readKept(key: string): readonly Hours[] | undefined {
  try {
    return (JSON.parse(kept(key) ?? 'null') as Hours[] | null) ?? undefined
  } catch {
    return undefined
  }
}
