// What the stage says, as the programme understands it. The database is asked five times a second: a cut is seen within half of one,
// and news that got lost on its way changes nothing.
import fs from 'node:fs/promises'
import { formatClock } from '../../../kernel/time.ts'
import type { Db } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { fileOf, pageFile } from '../../materials/server/index.ts'
import { heardOf } from '../../stage/server/index.ts'
import type { TimelineLine } from '../contract.ts'
import { type CutRow, readCut } from '../server/store.ts'
import { type CutSource, slateSource } from './compose.ts'
import type { Followed } from './programme.ts'
import { drawPage } from './stills.ts'

const askEveryMs = 200
export type Said = Exclude<TimelineLine, { kind: 'earlier' }>

/** Tells at once and whenever something has changed. While the database is away, what it said last holds. */
export function followStage(
  desk: Pick<Desk, 'db' | 'dataDir'>,
  sessionId: string,
  tell: (now: Followed, row: CutRow, said: Said[]) => void,
  log: (line: string) => void,
): { stop: () => Promise<void> } {
  let last = ''
  let stopped = false
  let wake = () => {}
  const following = (async () => {
    while (!stopped) {
      try {
        const row = await readCut(desk.db, sessionId)
        const words = JSON.stringify(row)
        if (row && words !== last) {
          tell(await followedFrom(desk, row, new Date()), row, saidBy(row, new Date()))
          last = words
        }
      } catch (error) {
        log(`the stage cannot be read: ${(error as Error).message}`)
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, askEveryMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return {
    async stop() {
      stopped = true
      wake()
      await following
    },
  }
}

export const footOf = ({ conferenceName, sessionName }: Pick<CutRow, 'conferenceName' | 'sessionName'>) =>
  `${conferenceName} · ${sessionName}`

async function followedFrom(desk: { db: Db; dataDir: string }, row: CutRow, now: Date): Promise<Followed> {
  const phase = row.state === 'ended' ? 'ended' : row.state === 'onAir' || row.state === 'break' ? 'onAir' : 'waiting'
  const isBreak = row.state === 'break'
  return {
    phase,
    restartNo: row.restartNo,
    cut: {
      source: isBreak ? breakSlate(row) : await sourceFrom(desk, row, now),
      // In a break nobody is heard, whatever a microphone says.
      voices: isBreak ? [] : heardOf(row.parts).map(({ identity }) => identity),
      ready: row.previews.flatMap((source) => {
        const part = source.kind === 'part' && row.parts.find(({ partId }) => partId === source.partId)
        return part ? [{ identity: part.identity, screen: source.kind === 'part' && source.screen }] : []
      }),
    },
  }
}
const breakSlate = (row: CutRow) =>
  slateSource({
    title: row.breakWords || 'Nghỉ giữa buổi',
    lines: row.breakUntil ? [`Trở lại lúc ${spoken(row.breakUntil)}.`] : [],
    foot: footOf(row),
  })
/** «9 giờ 45», «14 giờ». */
const spoken = (at: Date) => formatClock(at).replace(':00', ' giờ').replace(':', ' giờ ')

async function sourceFrom(desk: { db: Db; dataDir: string }, row: CutRow, now: Date): Promise<CutSource> {
  const { source } = row
  const foot = footOf(row)
  const words = (title: string, ...lines: string[]) => slateSource({ title, lines, foot })
  if (!source) return words(row.conferenceName, 'Xin chờ trong ít phút.')
  if (source.kind === 'slate') return words(source.words || row.conferenceName)
  if (source.kind === 'part') {
    const part = row.parts.find(({ partId }) => partId === source.partId)
    return part
      ? { kind: 'part', identity: part.identity, screen: source.screen, name: part.name }
      : words(row.conferenceName, 'Xin chờ trong ít phút.')
  }
  if (source.kind === 'slides') {
    const { deckVersionId: versionId, deckPage: page } = row
    if (!versionId || !page) return words(row.conferenceName)
    const file = await pageFile(desk.db, desk, versionId, page)
    if (!file) return words(row.conferenceName)
    return { kind: 'still', key: `page ${versionId} ${page}`, draw: async () => drawPage(await fs.readFile(file.path)) }
  }
  const film = await fileOf(desk.db, desk, source.versionId)
  if (film?.kind !== 'video') return words(row.conferenceName)
  // Taken up where it is by now: this process may have begun in the middle of it.
  const runs = row.tookAt ? Math.max(0, (now.getTime() - row.tookAt.getTime()) / 1000) : 0
  return {
    kind: 'film',
    key: `film ${row.takeNo}`,
    file: film.path,
    fromSeconds: source.fromSeconds + (runs > 1 ? runs : 0),
  }
}

/** Lines of the timeline that hold now; the shelf keeps those that are new. */
function saidBy(row: CutRow, now: Date): Said[] {
  const at = (moment: Date | null) => (moment ?? now).toISOString()
  const said: Said[] = [{ kind: 'state', ...stateOf(row, now) }]
  if (row.source && row.tookAt)
    said.push({
      kind: 'cut',
      at: at(row.tookAt),
      source: row.source.kind === 'part' && row.source.screen ? 'screen' : row.source.kind,
    })
  if (row.deckVersionId && row.deckPage)
    said.push({ kind: 'slide', at: at(row.deckAt), versionId: row.deckVersionId, page: row.deckPage })
  else said.push({ kind: 'noSlide', at: now.toISOString() })
  if (row.topic) {
    const { topicId, title, speaker, beganAt, questionsAt, endedAt } = row.topic
    const phase = endedAt ? 'ended' : questionsAt ? 'questions' : 'deliver'
    // The database's own writing of a moment is not ours.
    said.push({
      kind: 'topic',
      at: new Date(endedAt ?? questionsAt ?? beganAt).toISOString(),
      topicId,
      title,
      speaker,
      phase,
    })
  }
  return said
}
function stateOf(row: CutRow, now: Date) {
  const until = row.state === 'break' && row.breakUntil ? { until: row.breakUntil.toISOString() } : {}
  const at = row.state === 'ended' && row.endedAt ? row.endedAt : now
  return { at: at.toISOString(), state: row.state, ...until }
}
