// The process of one session's programme: it holds the session's lock, enters the room, makes the programme and says how it goes.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { Config } from '../../../platform/server/config.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import type { OpenLive } from '../../../platform/server/live.ts'
import { bornAt } from '../../../platform/server/processes.ts'
import { programmePass } from '../../stage/media/index.ts'
import * as contract from '../contract.ts'
import * as store from '../server/store.ts'
import { wallClock } from './compose.ts'
import { followStage, footOf } from './follow.ts'
import { type Report, runProgramme } from './programme.ts'
import { openRoom } from './room.ts'

export type MakingDesk = Pick<Desk, 'db' | 'pool' | 'databaseUrl' | 'secret' | 'dataDir'> & {
  live: OpenLive
}
const beatEveryMs = 2_000
const lockAgainMs = 1_000
const logLimitBytes = 2_000_000

/** Who makes it: enough for another process of this machine to see whether it lives. */
export const holderName = (pid = process.pid) => `${os.hostname()} ${pid} ${bornAt(pid)}`
export const folderOf = (sessionId: string) => path.join('broadcast', sessionId)

/**
 * Makes the programme until the session has ended (`ended`), somebody else makes it (`held`), or `signal` asks it to leave (`stopped`).
 * Whatever was said until then lies on the disk.
 */
export async function makeProgramme(
  desk: MakingDesk,
  config: Config,
  sessionId: string,
  signal: AbortSignal,
): Promise<'ended' | 'held' | 'stopped'> {
  const folder = path.join(desk.dataDir, folderOf(sessionId))
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const log = openBoundedLog(path.join(folder, 'programme.log'))
  const lost = new AbortController()
  const lock = await takeLock(desk, sessionId, () => lost.abort())
  if (!lock) return 'held'
  try {
    const row = await store.readCut(desk.db, sessionId)
    if (!row) return 'stopped'
    const holder = holderName()
    await store.claimProgramme(desk.db, { sessionId, folder: folderOf(sessionId), holder, now: new Date() })
    log(`the programme is made by ${holder}`)
    return await make({
      desk,
      config,
      sessionId,
      row,
      folder,
      holder,
      log,
      signal: AbortSignal.any([signal, lost.signal]),
    })
  } finally {
    await lock.release()
  }
}

async function make(by: {
  desk: MakingDesk
  config: Config
  sessionId: string
  row: store.CutRow
  folder: string
  holder: string
  log: (line: string) => void
  signal: AbortSignal
}): Promise<'ended' | 'stopped'> {
  const { desk, config, sessionId, log, signal, holder } = by
  const quietly = (work: Promise<unknown>, about: string) =>
    work.catch((error: Error) => log(`${about}: ${error.message}`))
  let { room: roomName } = by.row
  const room = await openRoom(
    async () => programmePass(config, desk.secret, { room: roomName, sessionId }, new Date()),
    wallClock,
    log,
  )
  let report: Report = { state: 'starting', because: '' }
  // One word after another: an earlier one that came later would stand for the last.
  let saying: Promise<unknown> = Promise.resolve()
  const say = (news: boolean) => {
    saying = saying.then(() => quietly(sayNow(news), 'telling'))
    return saying
  }
  const sayNow = async (news: boolean) => {
    const { state, because, beganAt, endedAt } = report
    // «off» is said of sessions without a row.
    if (state === 'off') return
    await store.beat(desk.db, { sessionId, holder, state, because, beganAt, endedAt, now: new Date() })
    if (!news) return
    desk.live.stale(contract.programme, { sessionId }, { now: true })
    await desk.live.tellNow(desk as unknown as Desk)
  }
  const running = await runProgramme({
    folder: by.folder,
    ffmpeg: config.ffmpegPath,
    foot: footOf(by.row),
    room,
    log,
    reported: (now) => {
      report = now
      log(`${now.state} ${now.because}`)
      void say(true)
    },
    runs: {
      began: ({ nth, at }) => void quietly(store.runBegan(desk.db, { sessionId, nth, at }), 'a run'),
      ended: (nth, because) =>
        void quietly(store.runEnded(desk.db, { sessionId, nth, at: new Date(), because }), 'a run'),
    },
  })
  const beating = setInterval(() => void say(false), beatEveryMs)
  const over = Promise.withResolvers<'ended' | 'stopped'>()
  const leave = () => over.resolve('stopped')
  signal.addEventListener('abort', leave)
  if (signal.aborted) leave()
  const following = followStage(
    desk,
    sessionId,
    (now, row, said) => {
      roomName = row.room
      running.follow(now)
      for (const line of said) void quietly(running.shelf.tell(line), 'the timeline')
      if (now.phase === 'ended') over.resolve('ended')
    },
    log,
  )
  const how = await over.promise
  await following.stop()
  clearInterval(beating)
  await running.stop({ ended: how === 'ended' })
  report = running.report()
  await say(true)
  await room.close()
  log(how)
  return how
}

/** One process makes a programme: the database lets go of the lock when its holder dies, however it dies. */
async function takeLock(desk: MakingDesk, sessionId: string, lost: () => void) {
  let closed = false
  let client: pg.Client | undefined
  const key = `programme ${sessionId}`
  async function take(): Promise<boolean> {
    const mine = new pg.Client({ connectionString: desk.databaseUrl, keepAlive: true })
    mine.on('error', () => {})
    await mine.connect()
    const { rows } = await mine.query('select pg_try_advisory_lock(hashtextextended($1, 11)) as mine', [key])
    if (!rows[0].mine) {
      await mine.end()
      return false
    }
    client = mine
    mine.on('end', () => void (closed || again()))
    return true
  }
  /** The database went away and comes back: the programme goes on meanwhile, unless another process has taken it up. */
  async function again() {
    while (!closed) {
      await new Promise((resolve) => setTimeout(resolve, lockAgainMs))
      try {
        if (closed || (await take())) return
        return lost()
      } catch {
        // Not back yet.
      }
    }
  }
  if (!(await take())) return undefined
  return {
    release: async () => {
      closed = true
      await client?.end().catch(() => {})
    },
  }
}

/** Lines with their hour; one former file is kept, so that a bad day does not fill the disk. */
function openBoundedLog(file: string): (line: string) => void {
  let bytes = fs.existsSync(file) ? fs.statSync(file).size : 0
  return (line) => {
    const text = `${new Date().toISOString()} ${line.slice(0, 2_000)}\n`
    try {
      if (bytes > logLimitBytes) {
        fs.renameSync(file, `${file}.1`)
        bytes = 0
      }
      fs.appendFileSync(file, text, { mode: 0o600 })
      bytes += Buffer.byteLength(text)
    } catch {
      // A full disk is told by the programme itself.
    }
  }
}
