import { useEffect, useRef } from 'react'
import { call, type InputOf } from '../../../platform/web/client.ts'
import { claim, heardTime } from '../../attendance/web/index.ts'
import * as contract from '../contract.ts'

const everyMs = 10_000

type Line = Omit<InputOf<typeof contract.reportLine>, 'claimedAt' | 'deviceId' | 'skewMs' | 'sessionId' | 'siteId'> & {
  sessionId: string
  siteId: string
}
/** Says once what a hall's line is worth; a report that does not arrive is not sent again, the next one says more. */
export async function reportLine(line: Line) {
  const askedAt = Date.now()
  const answer = await call(contract.reportLine, { ...line, ...claim() } as never, { tries: 1, timeoutMs: 8_000 })
  if (answer.ok) heardTime(answer.value.serverTime, askedAt)
  return answer
}
/** At once when one of `news` changes, and every ten seconds; always by the newest `report`. */
export function useReports(report: () => Promise<void>, news: readonly unknown[]) {
  const newest = useRef(report)
  newest.current = report
  useEffect(() => {
    void newest.current()
    const timer = setInterval(() => void newest.current(), everyMs)
    return () => clearInterval(timer)
    // biome-ignore lint/correctness/useExhaustiveDependencies: told at once when one of these changes
  }, news)
}
