import { useEffect, useState } from 'react'
import { call, type Refusal, type ValueOf } from '../../../platform/web/client.ts'
import { heardTime, useKept } from '../../attendance/web/index.ts'
import { watch } from '../contract.ts'

/** The session as the server describes it, and by the way the server's time. Kept: without a line the page still knows its name and hours. */
export function useWatched(sessionId: string, news: unknown) {
  const [asked, setAsked] = useState<{ value?: ValueOf<typeof watch>; refused?: Refusal }>({})
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: news and turn say when to ask anew
  useEffect(() => {
    let over = false
    const askedAt = Date.now()
    // The first question at once; what the channel has told 95,000 at the same moment is asked a little apart.
    const timer = setTimeout(
      async () => {
        const answer = await call(watch, { sessionId: sessionId as never })
        if (over) return
        if (!answer.ok) return setAsked((before) => ({ ...before, refused: answer }))
        if (Date.now() - askedAt < 3_000) heardTime(answer.value.serverTime, askedAt)
        setAsked({ value: answer.value })
      },
      news === undefined ? 0 : 2_000 * Math.random(),
    )
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [sessionId, news, turn])
  const { value, old } = useKept(`watch.${sessionId}`, asked.value)
  return { value, old, refused: asked.refused, again: () => setTurn(turn + 1) }
}
