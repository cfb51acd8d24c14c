import { useCallback, useEffect, useRef, useState } from 'react'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { Show } from '../../stage/contract.ts'
import type { watch } from '../contract.ts'
import { holdingAt, type Moments, noMoments, readTimeline, withMoments } from '../moments.ts'
import type { Page } from './Slide.tsx'

type Watched = ValueOf<typeof watch>
const readAgainMs = 20_000

/**
 * Which page and which topic belong to the moment of the programme on the screen. News of the live channel is remembered with its moment; the
 * timeline beside the programme tells what was before. `date: undefined` when nothing plays: then the newest holds at once.
 */
export function useMoments(show: Show | undefined, watched: Watched | undefined, date: Date | undefined) {
  const [moments, setMoments] = useState<Moments>(noMoments)
  const decks = useRef(new Map<string, Omit<Page, 'page'>>())
  for (const { versionId, ...deck } of watched?.decks ?? []) decks.current.set(versionId, deck)
  const slide = show?.slide
  const topic = show?.topic
  if (slide) {
    const { versionId, prefix, pages, width, height } = slide
    decks.current.set(versionId, { prefix, pages, width, height })
  }
  const told = show !== undefined
  useEffect(() => {
    if (!told) return
    const slides = slide
      ? [{ at: +new Date(slide.shownAt), slide: { versionId: slide.versionId, page: slide.page } }]
      : [{ at: Date.now(), slide: undefined }]
    setMoments((known) => withMoments(known, { slides, topics: [] }))
  }, [told, slide])
  useEffect(() => {
    if (!topic) return
    const { topicId, title, speaker, phase, beganAt, questionsAt } = topic
    const at = +new Date(phase === 'questions' ? questionsAt : beganAt)
    setMoments((known) =>
      withMoments(known, { slides: [], topics: [{ at, topic: { topicId, title, speaker, phase } }] }),
    )
  }, [topic])

  const timeline = watched?.timeline
  const readAt = useRef(0)
  const read = useCallback(async () => {
    if (!timeline || Date.now() - readAt.current < readAgainMs) return
    readAt.current = Date.now()
    try {
      const response = await fetch(timeline)
      if (response.ok) {
        const more = readTimeline(await response.text())
        setMoments((known) => withMoments(known, more))
      }
    } catch {
      // Asked again with the next change: the page on the screen stays meanwhile.
    }
  }, [timeline])
  const playing = date !== undefined
  const firstKnown = moments.slides[0]?.at
  const isBefore = date !== undefined && (firstKnown === undefined || +date < firstKnown)
  useEffect(() => {
    if (playing) void read()
  }, [playing, read])
  useEffect(() => {
    if (isBefore) void read()
  }, [isBefore, read])

  const holding = holdingAt(moments.slides, date)?.slide
  const deck = holding && decks.current.get(holding.versionId)
  return {
    page: holding && deck ? { ...deck, page: holding.page } : undefined,
    topic: holdingAt(moments.topics, date)?.topic,
    /** A deck that this page has not heard of: ask the server where its pages lie. */
    unknownDeck: holding !== undefined && deck === undefined,
  }
}
