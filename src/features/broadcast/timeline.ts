// The timeline of a programme, as it is served: old lines in chunks that never change, the rest small.
import type { TimelineLine } from './contract.ts'

export const linesInChunk = 100
type Said = Exclude<TimelineLine, { kind: 'earlier' }>

/** Lines of chunk `nth`, or undefined while it is not full. */
export const timelineChunk = (lines: readonly Said[], nth: number): Said[] | undefined =>
  nth >= 0 && (nth + 1) * linesInChunk <= lines.length
    ? lines.slice(nth * linesInChunk, (nth + 1) * linesInChunk)
    : undefined

/** What is asked for again and again: at most one chunk's worth, after what held when it began. */
export function timelineNow(lines: readonly Said[]): TimelineLine[] {
  const chunks = Math.floor(lines.length / linesInChunk)
  if (chunks === 0) return [...lines]
  const held = new Map<string, Said>()
  for (const line of lines.slice(0, chunks * linesInChunk)) {
    const about = line.kind === 'noSlide' ? 'slide' : line.kind
    // Taken out first, so that the order stays that of the moments.
    held.delete(about)
    held.set(about, line)
  }
  return [{ kind: 'earlier', chunks }, ...held.values(), ...lines.slice(chunks * linesInChunk)]
}
export const asLines = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')
