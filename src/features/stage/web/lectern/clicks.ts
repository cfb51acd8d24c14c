import { useCallback, useEffect, useRef, useState } from 'react'
import { backoffMs, call } from '../../../../platform/web/client.ts'
import { keep, kept, skewMs } from '../../../attendance/web/index.ts'
import * as contract from '../../contract.ts'
import { type Click, nextClickNo } from '../../lecternTime.ts'

// The clicks of one lectern: shown here at once, sent in their order, kept while there is no line.

const mostKept = 500
const again = ['offline', 'busy', 'broken', 'tooMany', 'signIn']
type Kept = { own: Click | undefined; waiting: readonly Click[] }
const read = (key: string): Kept => {
  try {
    return { own: undefined, waiting: [], ...(JSON.parse(kept(key) ?? '{}') as Partial<Kept>) }
  } catch {
    return { own: undefined, waiting: [] }
  }
}

export function useClicks(sessionId: string) {
  const key = `diem-cau.clicks.${sessionId}`
  const [box, setBox] = useState<Kept>(() => read(key))
  const [refused, setRefused] = useState<string>()
  const now = useRef(box)
  const running = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const write = useCallback(
    (next: Kept) => {
      now.current = next
      keep(key, JSON.stringify(next))
      setBox(next)
    },
    [key],
  )
  const send = useCallback(async () => {
    if (running.current) return
    running.current = true
    clearTimeout(timer.current)
    let tried = 0
    try {
      for (let click = now.current.waiting[0]; click; click = now.current.waiting[0]) {
        const answer = await call(contract.showSlide, { sessionId, ...click } as never, { tries: 1, timeoutMs: 6_000 })
        if (!answer.ok && again.includes(answer.refused)) {
          timer.current = setTimeout(() => void send(), backoffMs(Math.min(++tried, 4)))
          return
        }
        setRefused(answer.ok ? undefined : answer.refused)
        const { own, waiting } = now.current
        // Refused for good (another deck was removed, the stage is closed): this lectern no longer insists on its page.
        write({ own: answer.ok ? own : undefined, waiting: waiting.slice(1) })
      }
    } finally {
      running.current = false
    }
  }, [sessionId, write])
  useEffect(() => {
    const wake = () => void send()
    wake()
    addEventListener('online', wake)
    return () => {
      clearTimeout(timer.current)
      removeEventListener('online', wake)
    }
  }, [send])
  const turn = useCallback(
    (to: { versionId: string; page: number }, server: { clickNo: number } | undefined) => {
      const click: Click = {
        ...to,
        clickNo: nextClickNo(server, now.current.own),
        claimedAt: new Date(Date.now() + skewMs()).toISOString(),
      }
      write({ own: click, waiting: [...now.current.waiting, click].slice(-mostKept) })
      void send()
    },
    [send, write],
  )
  /** The pages were put away on purpose: what was clicked before no longer stands. */
  const forget = useCallback(() => write({ own: undefined, waiting: [] }), [write])
  return { own: box.own, waiting: box.waiting.length, refused, turn, forget }
}
