// What the programme process writes into the folder of its session: the index, the timeline, and playlists that any player opens from
// the disk. Lines are only ever added, and lie on the disk before anybody hears of them.
import fs from 'node:fs/promises'
import path from 'node:path'
import type { TimelineLine } from '../contract.ts'
import {
  type Index,
  masterPlaylist,
  mediaPlaylist,
  playlistName,
  type Run,
  readIndex,
  type Stretch,
} from '../playlists.ts'
import { rungNames } from '../rules.ts'

import { indexName, timelineName } from '../server/folder.ts'

export type Shelf = {
  index: () => Index
  add: (line: Run | Stretch | { endedAt: string }) => Promise<void>
  /** Only when it says something new about its matter. */
  tell: (line: Exclude<TimelineLine, { kind: 'earlier' }>) => Promise<void>
  writeLists: () => Promise<void>
  /** Numbers go on over restarts, also over runs that made nothing. */
  nextRun: () => Promise<number>
  close: () => Promise<void>
}

export async function openShelf(folder: string): Promise<Shelf> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 })
  const indexFile = await openLines(path.join(folder, indexName))
  const timelineFile = await openLines(path.join(folder, timelineName))
  let index = readIndex(indexFile.text)
  const said = new Map<string, string>()
  for (const line of timelineFile.text.split('\n').filter(Boolean)) remember(said, JSON.parse(line))
  return {
    index: () => index,
    async add(line) {
      const text = `${JSON.stringify(line)}\n`
      await indexFile.add(text)
      index = readIndex(text, index)
    },
    async tell(line) {
      if (said.get(aboutOf(line)) === wordsOf(line)) return
      remember(said, line)
      await timelineFile.add(`${JSON.stringify(line)}\n`)
    },
    async writeLists() {
      for (const rung of rungNames)
        await replace(path.join(folder, playlistName(rung, 'whole')), mediaPlaylist(index, rung, 'whole'))
      await replace(path.join(folder, 'master.m3u8'), masterPlaylist(index, 'whole'))
    },
    async nextRun() {
      const names = await fs.readdir(folder)
      return 1 + Math.max(0, ...names.map((name) => Number(/^(\d+)-/.exec(name)?.[1] ?? 0)))
    },
    async close() {
      await indexFile.close()
      await timelineFile.close()
    },
  }
}
type Said = Exclude<TimelineLine, { kind: 'earlier' }>
const aboutOf = ({ kind }: Said) => (kind === 'noSlide' ? 'slide' : kind)
/** The same thing told with another moment is the same thing, but a page shown again is not. */
const wordsOf = ({ at, ...rest }: Said) =>
  JSON.stringify(rest.kind === 'slide' || rest.kind === 'cut' ? { ...rest, at } : rest)
const remember = (said: Map<string, string>, line: Said) => void said.set(aboutOf(line), wordsOf(line))

/** A file of lines, opened for adding; what a cut-off write left at its end is taken away. One writer at a time. */
async function openLines(file: string) {
  const before = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const text = before.slice(0, before.lastIndexOf('\n') + 1)
  if (text.length < before.length) await fs.truncate(file, Buffer.byteLength(text))
  const handle = await fs.open(file, 'a', 0o600)
  let busy: Promise<unknown> = Promise.resolve()
  return {
    text,
    add(line: string): Promise<void> {
      const mine = busy.then(async () => {
        await handle.write(line)
        await handle.datasync()
      })
      busy = mine.catch(() => {})
      return mine
    },
    async close() {
      await busy
      await handle.close()
    },
  }
}
async function replace(file: string, text: string) {
  await fs.writeFile(`${file}.new`, text, { mode: 0o600 })
  await fs.rename(`${file}.new`, file)
}
