// Playlists from the index of what was made: pure, so that any process writes the same ones, before and after any restart.
import { bandwidthOf, madeAs, type RungName, rungNames, rungOf, segmentSeconds, windowSegments } from './rules.ts'

/** One start of the encoder. Its name is part of every address under it, so that nothing is ever written over. */
export type Run = { run: string; beganAt: string; codecs: Partial<Record<RungName, string>> }
/** The same stretch of the programme in every rung of its run; it is listed once all of them lie on the disk. */
export type Stretch = {
  run: string
  /** From 1 in its run. */
  n: number
  /** When its first frame was taken. */
  at: string
  seconds: number
  bytes: Partial<Record<RungName, number>>
}
export type Index = { runs: readonly Run[]; stretches: readonly Stretch[]; endedAt: string | undefined }
export const emptyIndex: Index = { runs: [], stretches: [], endedAt: undefined }

/** Lines as they lie in `index.jsonl`. A line without its end is a write that was cut off: it is not there yet. */
export function readIndex(text: string, before: Index = emptyIndex): Index {
  const runs = [...before.runs]
  const stretches = [...before.stretches]
  let { endedAt } = before
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const said = parsed(line)
    if (said === undefined) continue
    if ('n' in said) {
      stretches.push(said as Stretch)
      // Whoever goes on after an end has not ended.
      endedAt = undefined
    } else if ('codecs' in said) runs.push(said as Run)
    else if ('endedAt' in said) endedAt = (said as { endedAt: string }).endedAt
  }
  return { runs, stretches, endedAt }
}
/** Our own writing, but a full disk or a lost machine may have left half a line in the middle. */
function parsed(line: string): object | undefined {
  if (line === '') return undefined
  try {
    const said = JSON.parse(line)
    return typeof said === 'object' && said !== null ? said : undefined
  } catch {
    return undefined
  }
}

export const segmentFile = (run: string, rung: RungName, n: number) =>
  `${run}/${rung}-${String(n).padStart(5, '0')}.m4s`
export const initFile = (run: string, rung: RungName) => `${run}/${rung}-init.mp4`

/** `live` slides along; `whole` begins at the beginning and grows, and is a recording once the programme has ended. */
export type Extent = 'live' | 'whole'
export const playlistName = (rung: RungName, extent: Extent) => `${rung}${extent === 'live' ? '' : '-tu-dau'}.m3u8`

/**
 * The media playlist of one rung. Every rung lists the same stretches under the same numbers, dates and discontinuities; one that a
 * run has not made is listed from the next smaller one.
 */
export function mediaPlaylist(index: Index, rung: RungName, extent: Extent): string {
  const { stretches, runs, endedAt } = index
  const from = extent === 'live' ? Math.max(0, stretches.length - windowSegments) : 0
  const madeIn = new Map(runs.map(({ run, codecs }) => [run, Object.keys(codecs) as RungName[]]))
  const target = Math.max(segmentSeconds, ...stretches.map(({ seconds }) => Math.ceil(seconds)))
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${target}`,
    ...(extent === 'whole' ? [`#EXT-X-PLAYLIST-TYPE:${endedAt === undefined ? 'EVENT' : 'VOD'}`] : []),
    `#EXT-X-MEDIA-SEQUENCE:${from}`,
    // Marks that left the window are counted; the mark of its first segment is still in it.
    `#EXT-X-DISCONTINUITY-SEQUENCE:${changesBefore(stretches, from)}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
  ]
  for (let at = from; at < stretches.length; at++) {
    const stretch = stretches[at]!
    const isChange = at > 0 && stretches[at - 1]!.run !== stretch.run
    const made = madeAs(madeIn.get(stretch.run) ?? [], rung)
    if (isChange) lines.push('#EXT-X-DISCONTINUITY')
    if (isChange || at === from) lines.push(`#EXT-X-MAP:URI="${initFile(stretch.run, made)}"`)
    lines.push(
      `#EXT-X-PROGRAM-DATE-TIME:${stretch.at}`,
      `#EXTINF:${stretch.seconds.toFixed(3)},`,
      segmentFile(stretch.run, made, stretch.n),
    )
  }
  if (endedAt !== undefined) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}
function changesBefore(stretches: readonly Stretch[], from: number) {
  let changes = 0
  for (let at = 1; at < from; at++) if (stretches[at - 1]!.run !== stretches[at]!.run) changes++
  return changes
}

/** The smallest picture comes first: a player that begins with the first begins on any line. Sound alone comes last. */
export function masterPlaylist({ runs, stretches }: Index, extent: Extent): string {
  const codecsOf = (rung: RungName) => runs.findLast(({ codecs }) => codecs[rung])?.codecs[rung]
  const offered = [...rungNames]
    .sort((one, other) => (rungOf(one).video?.kbit ?? Infinity) - (rungOf(other).video?.kbit ?? Infinity))
    .filter((rung) => codecsOf(rung) !== undefined)
  const lines = offered.flatMap((name) => {
    const rung = rungOf(name)
    const { peak, average } = bandwidthOf(rung, greatest(stretches, name))
    return [
      `#EXT-X-STREAM-INF:${[
        `BANDWIDTH=${peak}`,
        `AVERAGE-BANDWIDTH=${average}`,
        `CODECS="${codecsOf(name)}"`,
        ...(rung.video
          ? [`RESOLUTION=${rung.video.width}x${rung.video.height}`, `FRAME-RATE=${rung.video.perSecond.toFixed(3)}`]
          : []),
      ].join(',')}`,
      playlistName(name, extent),
    ]
  })
  return `${['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines].join('\n')}\n`
}
function greatest(stretches: readonly Stretch[], rung: RungName) {
  let most = 0
  for (const { bytes, seconds } of stretches)
    if (seconds >= 1) most = Math.max(most, Math.ceil((8 * (bytes[rung] ?? 0)) / seconds))
  return most
}

// ── strict reading, for tests and for whoever doubts ─────────────────────────

/**
 * What is wrong with the media playlists of one programme, in words; empty when nothing is. Stricter than players are: no segment longer
 * than its target, a map after every discontinuity, dates that only go forward, the same counts, numbers and dates in every rung.
 */
export function faultsOf(playlists: Readonly<Record<string, string>>): string[] {
  const read = Object.entries(playlists).map(([name, text]) => ({ name, ...readMedia(text) }))
  const faults = read.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`))
  const [first, ...others] = read
  for (const other of others) {
    if (first!.segments.length !== other.segments.length)
      faults.push(`${other.name}: ${other.segments.length} segments, ${first!.name} has ${first!.segments.length}`)
    for (const tag of ['MEDIA-SEQUENCE', 'DISCONTINUITY-SEQUENCE', 'TARGETDURATION'] as const)
      if (first!.tags.get(tag) !== other.tags.get(tag)) faults.push(`${other.name}: another ${tag} than ${first!.name}`)
    const differs = first!.segments.findIndex(({ at }, nth) => at !== other.segments[nth]?.at)
    if (differs >= 0) faults.push(`${other.name}: segment ${differs} has another date than in ${first!.name}`)
  }
  return faults
}

type ReadSegment = { uri: string; seconds: number; at: number; map: string; afterMark: boolean }
function readMedia(text: string) {
  const faults: string[] = []
  const tags = new Map<string, string>()
  const segments: ReadSegment[] = []
  let seconds: number | undefined
  let at = Number.NaN
  let map = ''
  let isMarked = false
  const lines = text.split('\n')
  if (lines[0] !== '#EXTM3U') faults.push('does not begin with #EXTM3U')
  if (lines.at(-1) !== '') faults.push('the last line has no end')
  for (const line of lines.slice(1)) {
    const [, tag = '', value = ''] = /^#(?:EXT-X-)?([A-Z0-9-]+)(?::(.*))?$/.exec(line) ?? []
    if (tag === 'EXTINF') seconds = Number.parseFloat(value)
    else if (tag === 'PROGRAM-DATE-TIME') at = Date.parse(value)
    else if (tag === 'MAP') map = value
    else if (tag === 'DISCONTINUITY') {
      isMarked = true
      map = ''
    } else if (tag !== '') tags.set(tag, value)
    else if (line !== '' && !line.startsWith('#')) {
      const nth = segments.length
      if (seconds === undefined) faults.push(`segment ${nth} has no EXTINF`)
      if (seconds !== undefined && seconds > Number(tags.get('TARGETDURATION')))
        faults.push(`segment ${nth} lasts ${seconds}, more than the target`)
      if (map === '') faults.push(`segment ${nth} has no map${isMarked ? ' after its discontinuity' : ''}`)
      if (Number.isNaN(at)) faults.push(`segment ${nth} has no date`)
      const before = segments.at(-1)
      // Within a run dates go on exactly; over a mark they may leap forward, never back.
      if (before && at < before.at + before.seconds * 1000 - 1)
        faults.push(`segment ${nth} begins before ${nth - 1} ends`)
      if (before && !isMarked && at > before.at + before.seconds * 1000 + 1)
        faults.push(`a hole before segment ${nth} without a discontinuity`)
      if (segments.some(({ uri }) => uri === line)) faults.push(`segment ${nth} is listed twice`)
      segments.push({ uri: line, seconds: seconds ?? 0, at, map, afterMark: isMarked })
      seconds = undefined
      at = Number.NaN
      isMarked = false
    }
  }
  for (const needed of ['VERSION', 'TARGETDURATION', 'MEDIA-SEQUENCE'])
    if (!tags.has(needed)) faults.push(`has no ${needed}`)
  return { faults, tags, segments }
}
