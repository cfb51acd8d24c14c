import { useEffect, useState } from 'react'
import { call, type Refusal, type ValueOf } from '../../../platform/web/client.ts'
import { hallCode } from '../contract.ts'
import { heardTime, serverNow } from './clock.ts'

const againMs = 3_000
/** A code is good for two minutes: an old one on the wall would only annoy. */
const keptMs = 60_000

/** The hall's changing code, asked for as long as it is shown; none once the line has been away for too long. */
export function useHallCode(conferenceId: string, siteId: string) {
  const [code, setCode] = useState<ValueOf<typeof hallCode>>()
  const [refused, setRefused] = useState<Refusal>()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let over = false
    const ask = async () => {
      const askedAt = Date.now()
      const answer = await call(hallCode, { conferenceId, siteId } as never, { tries: 1, timeoutMs: 8_000 })
      if (over) return
      if (answer.ok) heardTime(answer.value.serverTime, askedAt)
      setRefused(answer.ok ? undefined : answer)
      setCode((before) => (answer.ok ? answer.value : before && untilChange(before) > -keptMs ? before : undefined))
      timer = setTimeout(() => void ask(), answer.ok ? Math.max(1_000, untilChange(answer.value) + 300) : againMs)
    }
    void ask()
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [conferenceId, siteId])
  return { code, refused }
}
const untilChange = ({ changesAt }: { changesAt: string }) => new Date(changesAt).getTime() - serverNow().getTime()
