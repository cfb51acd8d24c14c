import type { TimelineLine } from './contract.ts'

// What was on the screen at which moment of the programme. It comes twice: from the live channel as it happens, and from the timeline
// beside the programme for whoever came later or went back.

export type SlideMoment = { at: number; slide: { versionId: string; page: number } | undefined }
export type TopicMoment = {
  at: number
  topic: { topicId: string; title: string; speaker: string; phase: 'deliver' | 'questions' | 'ended' }
}
export type Moments = { slides: readonly SlideMoment[]; topics: readonly TopicMoment[] }
export const noMoments: Moments = { slides: [], topics: [] }
/** A day of slides is a few hundred; a page that stays open for a week forgets the oldest. */
const mostKept = 2_000

/** Lines of JSON, the last of which may have come by half. What this page was built without is left out. */
export function readTimeline(text: string): Moments {
  const slides: SlideMoment[] = []
  const topics: TopicMoment[] = []
  for (const written of text.split('\n')) {
    const line = readLine(written)
    if (line?.kind === 'slide')
      slides.push({ at: +new Date(line.at), slide: { versionId: line.versionId, page: line.page } })
    if (line?.kind === 'noSlide') slides.push({ at: +new Date(line.at), slide: undefined })
    if (line?.kind === 'topic') {
      const { topicId, title, speaker, phase } = line
      topics.push({ at: +new Date(line.at), topic: { topicId, title, speaker, phase } })
    }
  }
  return withMoments(noMoments, { slides, topics })
}
/** Checked by hand: the checker of shapes is too heavy for a page that opens over a thin line. */
function readLine(written: string): TimelineLine | undefined {
  if (written.trim() === '') return undefined
  try {
    const line: unknown = JSON.parse(written)
    return isLine(line) ? line : undefined
  } catch {
    return undefined
  }
}
function isLine(line: unknown): line is TimelineLine {
  if (typeof line !== 'object' || line === null) return false
  const { kind, at, versionId, page, topicId, title, speaker, phase } = line as Record<string, unknown>
  const areWords = (...all: unknown[]) => all.every((one) => typeof one === 'string')
  if (kind === 'slide') return areWords(at, versionId) && Number.isInteger(page)
  if (kind === 'topic') return areWords(at, topicId, title, speaker, phase)
  return kind === 'noSlide' && areWords(at)
}

/** Both together, the oldest first, each change once. */
export const withMoments = (known: Moments, more: Moments): Moments => ({
  slides: inOrder([...known.slides, ...more.slides], ({ slide }) => (slide ? `${slide.versionId} ${slide.page}` : '')),
  topics: inOrder(
    [...known.topics, ...more.topics],
    ({ topic }) => `${topic.topicId} ${topic.phase} ${topic.speaker} ${topic.title}`,
  ),
})
function inOrder<Moment extends { at: number }>(moments: Moment[], sameAs: (moment: Moment) => string): Moment[] {
  const each = new Map(moments.map((moment) => [`${moment.at} ${sameAs(moment)}`, moment]))
  const sorted = [...each.values()].filter(({ at }) => Number.isFinite(at)).sort((one, other) => one.at - other.at)
  return sorted
    .filter((moment, nth) => nth === 0 || sameAs(moment) !== sameAs(sorted[nth - 1] as Moment))
    .slice(-mostKept)
}

/**
 * What holds at that moment of the programme. Without a date nothing is being played, and the newest holds. Before the first that is known,
 * the first: a page too early is better than none.
 */
export function holdingAt<Moment extends { at: number }>(
  moments: readonly Moment[],
  date: Date | undefined,
): Moment | undefined {
  if (!date) return moments.at(-1)
  return moments.findLast(({ at }) => at <= +date) ?? moments[0]
}
