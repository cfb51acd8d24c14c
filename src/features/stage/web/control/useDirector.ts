import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { z } from 'zod'
import { newId } from '../../../../kernel/id.ts'
import { useAnswer } from '../../../../platform/web/answers.ts'
import { call } from '../../../../platform/web/client.ts'
import { useOnline, useTopic } from '../../../../platform/web/live.ts'
import { me } from '../../../access/contract.ts'
import * as contract from '../../contract.ts'
import { keepSame, type Wall } from '../../wall.ts'
import { useDeeds } from './useDeeds.ts'
import { says } from './words.ts'

// What a director sees and does: the wall with its rows kept the same, the source she would take next, and her deeds.

export type Source = z.output<typeof contract.Source>
/** Next to be taken: a source, or a hall that has not joined the stage yet and must be asked first. */
export type Pick = { source: Source; siteId?: string | undefined } | { source?: undefined; siteId: string }
/** Two directors at once: what I wanted, and what I had seen. */
export type Question = {
  source: Source
  name: string
  by: string
  shown: string
  at: string | undefined
  takeNo: number
}
export type Undo = { takeNo: number; name: string; untilMs: number }

const undoMs = 5_000
export const sameSource = (a: Source | undefined, b: Source | undefined): boolean =>
  a !== undefined && b !== undefined && JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
const ordered = (source: Source) => Object.entries(source).sort(([a], [b]) => a.localeCompare(b))

/** The wall as it comes, with the rows that did not change being the very same objects. */
function useWall(sessionId: string) {
  const view = useTopic(contract.wall, { sessionId: sessionId as never })
  const kept = useRef<Wall | undefined>(undefined)
  const wall = useMemo(() => {
    const next = view.snapshot
    if (next === undefined) return undefined
    const before = kept.current
    return {
      ...next,
      sites: keepSame(before?.sites, next.sites, (site) => site.siteId) as Wall['sites'],
      parts: keepSame(before?.parts, next.parts, (part) => part.partId) as Wall['parts'],
    }
  }, [view.snapshot])
  useEffect(() => {
    kept.current = wall
  }, [wall])
  return { wall, view }
}

export function useDirector(sessionId: string) {
  const { wall, view } = useWall(sessionId)
  const online = useOnline()
  const mine = useAnswer(me, {}, { staleMs: 600_000 })
  const userId = mine.value?.userId
  const { act, trouble, setTrouble, forgetTrouble } = useDeeds()
  const [question, setQuestion] = useState<Question>()
  const [undo, setUndo] = useState<Undo>()
  const [taking, setTaking] = useState(false)
  const [pick, setPick] = useState<Pick>()
  const newest = useRef(wall)
  useEffect(() => {
    newest.current = wall
  }, [wall])

  // A preview that stands on the server from before a reload is taken up once.
  const taken = useRef(false)
  useEffect(() => {
    if (taken.current || wall === undefined || userId === undefined) return
    taken.current = true
    const shown = wall.previews.find((one) => one.userId === userId)?.shown
    if (shown) setPick((before) => before ?? pickOf(shown.source, wall))
  }, [wall, userId])

  const previewed = useCallback(
    (source: Source | null) => void act(contract.preview, { sessionId, source }, says.preview),
    [act, sessionId],
  )
  /** Into my preview; a hall without a part waits here until it has joined. */
  const choose = useCallback(
    (next: Pick | undefined) => {
      setPick(next)
      if (newest.current && isOpenStage(newest.current.state)) previewed(next?.source ?? null)
    },
    [previewed],
  )
  useEffect(() => {
    if (pick?.source !== undefined || pick?.siteId === undefined || wall === undefined) return
    const site = wall.sites.find((one) => one.siteId === pick.siteId)
    if (site?.partId) choose({ siteId: site.siteId, source: partSource(site.partId) })
  }, [pick, wall, choose])

  const take = useCallback(
    async (source: Source, name: string, after?: number) => {
      setTaking(true)
      const answer = await call(contract.take, {
        sessionId,
        takeId: newId(),
        after: Math.max(after ?? 0, newest.current?.takeNo ?? 0),
        source,
      })
      setTaking(false)
      if (answer.ok) {
        setTrouble(undefined)
        setQuestion(undefined)
        setUndo({ takeNo: answer.value.takeNo, name, untilMs: Date.now() + undoMs })
      } else if (answer.refused === 'takenMeanwhile') {
        const { by, shown, at, takeNo } = answer.detail ?? {}
        setQuestion({
          source,
          name,
          by: String(by ?? ''),
          shown: String(shown ?? ''),
          at: typeof at === 'string' ? at : undefined,
          takeNo: Number(takeNo ?? 0),
        })
      } else setTrouble({ refusal: answer, words: says.take })
    },
    [sessionId, setTrouble],
  )
  useEffect(() => {
    if (!undo) return
    const timer = setTimeout(() => setUndo(undefined), undo.untilMs - Date.now())
    return () => clearTimeout(timer)
  }, [undo])
  const undoTake = useCallback(async () => {
    if (!undo) return
    setUndo(undefined)
    await act(contract.undoTake, { sessionId, takeNo: undo.takeNo }, says.undoTake)
  }, [act, sessionId, undo])

  // Since when this room itself has no line; the last wall stays on the screen.
  const cut = !online || view.line === 'lost'
  const [cutSince, setCutSince] = useState<Date>()
  useEffect(() => setCutSince((before) => (cut ? (before ?? new Date()) : undefined)), [cut])

  return {
    sessionId,
    wall,
    view,
    userId,
    cutSince: wall === undefined ? undefined : cutSince,
    act,
    trouble,
    forgetTrouble,
    pick,
    choose,
    take,
    taking,
    question,
    forgetQuestion: () => setQuestion(undefined),
    undo,
    undoTake,
  }
}
export type Director = ReturnType<typeof useDirector>

export const isOpenStage = (state: Wall['state']): boolean => state !== 'closed' && state !== 'ended'
export const partOf = (source: Source | undefined) => (source?.kind === 'part' ? source : undefined)
export const partSource = (partId: string, screen = false): Source => ({ kind: 'part', partId, screen }) as Source
const pickOf = (source: Source, wall: Wall): Pick => {
  const part = partOf(source)
  return { source, siteId: part && wall.sites.find((one) => one.partId === part.partId)?.siteId }
}
