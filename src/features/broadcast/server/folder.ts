// The folder of a programme as a reader sees it: filled by another process, perhaps on another machine that shares the disk, so it is
// looked at again and again. What everybody plays lies in memory.
import fs from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { etagOf } from '../../../platform/server/http.ts'
import type { TimelineLine } from '../contract.ts'
import {
  type Extent,
  emptyIndex,
  type Index,
  masterPlaylist,
  mediaPlaylist,
  playlistName,
  readIndex,
  segmentFile,
} from '../playlists.ts'
import { type RungName, rungNames, windowSegments } from '../rules.ts'
import { asLines, timelineChunk, timelineNow } from '../timeline.ts'

const gzip = promisify(zlib.gzip)
/** As the programme process calls them. */
export const indexName = 'index.jsonl'
export const timelineName = 'timeline.jsonl'
// A little more than the window: who asks late for what just left it is still served at once.
const keptStretches = windowSegments + 4

/** A small text with its forms ready: what thousands ask for in the same second is made once. */
export type Text = { body: Buffer; zipped: Buffer; etag: string; isFinal: boolean }
export type Folder = {
  /** Looks for what is new; cheap when nothing is. */
  look: () => Promise<void>
  index: () => Index
  text: (name: string) => Promise<Text | undefined>
  /** A segment or an init in memory, or on its way there. `undefined`: older, read it from the disk. */
  held: (file: string) => Buffer | Promise<Buffer | undefined> | undefined
  place: (file: string) => string
}

export function openFolder(folder: string): Folder {
  let index: Index = emptyIndex
  const indexAt = { offset: 0 }
  const timelineAt = { offset: 0 }
  const timeline: Exclude<TimelineLine, { kind: 'earlier' }>[] = []
  const texts = new Map<string, Promise<Text | undefined>>()
  const held = new Map<string, Buffer | Promise<Buffer | undefined>>()
  let looking: Promise<void> | undefined

  async function look() {
    const added = await readOn(path.join(folder, indexName), indexAt)
    if (added !== '') {
      index = readIndex(added, index)
      for (const name of texts.keys()) if (name.endsWith('.m3u8')) texts.delete(name)
      hold()
    }
    const said = await readOn(path.join(folder, timelineName), timelineAt)
    if (said !== '') {
      for (const line of said.split('\n').filter(Boolean)) timeline.push(JSON.parse(line))
      texts.delete(timelineName)
    }
  }
  /** The newest stretches are brought into memory before anybody asks, older ones let go. */
  function hold() {
    if (index.endedAt !== undefined) return held.clear()
    const wanted = new Set<string>()
    for (const { run, n, bytes } of index.stretches.slice(-keptStretches))
      for (const rung of Object.keys(bytes) as RungName[]) wanted.add(segmentFile(run, rung, n))
    for (const file of held.keys()) if (!wanted.has(file)) held.delete(file)
    for (const file of wanted)
      if (!held.has(file)) {
        const coming = fs.readFile(path.join(folder, file)).then(
          (body) => {
            if (held.has(file)) held.set(file, body)
            return body
          },
          () => {
            held.delete(file)
            return undefined
          },
        )
        held.set(file, coming)
      }
  }

  function write(name: string): { body: string; isFinal: boolean } | undefined {
    const hasEnded = index.endedAt !== undefined
    if (name === 'master.m3u8' || name === 'tu-dau.m3u8') {
      if (index.stretches.length === 0) return undefined
      return { body: masterPlaylist(index, name === 'master.m3u8' ? 'live' : 'whole'), isFinal: hasEnded }
    }
    for (const extent of ['live', 'whole'] as Extent[])
      for (const rung of rungNames)
        if (name === playlistName(rung, extent))
          return index.stretches.length === 0
            ? undefined
            : { body: mediaPlaylist(index, rung, extent), isFinal: hasEnded }
    if (name === timelineName) return { body: asLines(timelineNow(timeline)), isFinal: false }
    const [, nth] = /^timeline-(\d{1,4})\.jsonl$/.exec(name) ?? []
    const chunk = nth === undefined ? undefined : timelineChunk(timeline, Number(nth))
    return chunk && { body: asLines(chunk), isFinal: true }
  }
  const make = async (name: string): Promise<Text | undefined> => {
    const written = write(name)
    if (!written) return undefined
    const body = Buffer.from(written.body)
    return { body, zipped: await gzip(body), etag: etagOf(written.body), isFinal: written.isFinal }
  }

  return {
    look() {
      looking ??= look().finally(() => {
        looking = undefined
      })
      return looking
    },
    index: () => index,
    text(name) {
      const known = texts.get(name)
      if (known) return known
      const making = make(name)
      // What is not there yet is asked again: it may come any moment.
      texts.set(name, making)
      void making.then((made) => !made && texts.get(name) === making && texts.delete(name))
      return making
    },
    held: (file) => held.get(file),
    place: (file) => path.join(folder, file),
  }
}

/** What was added since the last time, whole lines only. A file that became shorter is another one: it is read anew by a new reader. */
async function readOn(file: string, at: { offset: number }): Promise<string> {
  const handle = await fs.open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return ''
  try {
    const { size } = await handle.stat()
    if (size <= at.offset) return ''
    const bytes = Buffer.alloc(size - at.offset)
    await handle.read(bytes, 0, bytes.length, at.offset)
    const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1)
    at.offset += whole.length
    return whole.toString()
  } finally {
    await handle.close()
  }
}
