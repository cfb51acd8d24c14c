// The programme of one session, from on air to its end: a composer that never stops, runs of the encoder one after another, an index.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Programme } from '../contract.ts'
import type { Run, Stretch } from '../playlists.ts'
import { againAfterMs, judgeLag, type Ladder, picture, wellAfterMs } from '../rules.ts'
import { type Cut, openComposer } from './compose.ts'
import { type Encoder, startEncoder } from './encoder.ts'
import type { OpenRoom } from './room.ts'
import { openShelf, type Shelf } from './shelf.ts'

/** What is told from outside, again whenever something of it changes. */
export type Followed = {
  /** Backstage nothing is made; after the end nothing more. */
  phase: 'waiting' | 'onAir' | 'ended'
  cut: Cut
  /** Grows when the director wants the encoder begun anew. */
  restartNo: number
}
export type Report = Pick<Programme, 'state' | 'because'> & { beganAt?: Date; endedAt?: Date }
export type Running = {
  follow: (now: Followed) => void
  report: () => Report
  shelf: Shelf
  /** Of the encoder, while one runs. */
  encoderPid: () => number | undefined
  /** What the machine makes now. */
  ladder: () => Ladder
  /** Resolves once everything that was said lies on the disk. `ended`: the session is over, not only this process. */
  stop: (how: { ended: boolean }) => Promise<void>
}

const lookEveryMs = 500
const leastFreeBytes = 200_000_000
const lookAtDiskEveryMs = 10_000
const noFfmpegAgainMs = 30_000
/** A recording that opens from the disk is at most half a minute behind. */
const listsEvery = 15
const failedAfter = 3

export async function runProgramme(by: {
  folder: string
  ffmpeg: string
  /** Which conference this is, under every slate. */
  foot: string
  room: OpenRoom
  reported: (report: Report) => void
  runs: { began: (run: { nth: number; at: Date }) => void; ended: (nth: number, because: string) => void }
  log: (line: string) => void
}): Promise<Running> {
  const { folder, ffmpeg, log, runs } = by
  const shelf = await openShelf(folder)
  let nth = await shelf.nextRun()
  let followed: Followed | undefined
  let encoder: Encoder | undefined
  let encoderSince = 0
  let ladder: Ladder = 'full'
  let fault: '' | 'noFfmpeg' | 'encoderFailed' | 'diskFull' = ''
  let failures = 0
  let startAt = 0
  let lagSince: number | undefined
  let closing: '' | 'ended' | 'stopped' = ''
  let endedAt: Date | undefined
  let told = ''
  /** Every run waits for the one before it: what was made first is listed first. */
  let listed: Promise<unknown> = Promise.resolve()

  const composer = openComposer({ room: by.room, ffmpeg, foot: by.foot, log }, (frame, sound, takenAt, done) => {
    const wanted = followed?.phase === 'onAir' && closing === '' && fault !== 'diskFull'
    if (wanted && !encoder && Date.now() >= startAt) encoder = begin(takenAt)
    if (encoder) encoder.write(frame, sound, done)
    else done()
  })
  composer.onLeap(() => turnOver('the clock leapt'))

  // ── runs ───────────────────────────────────────────────────────────────────

  function begin(takenAt: Date): Encoder | undefined {
    const mine = nth++
    const run = `${mine}-${randomBytes(4).toString('hex')}`
    try {
      fs.mkdirSync(path.join(folder, run), { mode: 0o700 })
    } catch (error) {
      startAt = Date.now() + againAfterMs(++failures)
      diskFault(error)
      return undefined
    }
    const beganAt = new Date(Math.max(takenAt.getTime(), endOf(shelf)))
    const since = Date.now()
    const turn = listed
    // What this run announces, once the runs before it have said all of theirs.
    let writing: Promise<unknown> = turn
    const write = (line: Run | Stretch) => {
      writing = writing.then(() => shelf.add(line)).catch(diskFault)
    }
    const over = Promise.withResolvers<void>()
    listed = over.promise.then(() => writing)
    const own = startEncoder(
      { ffmpeg, folder, run, ladder, beganAt },
      {
        began: write,
        stretch: (stretch) => {
          write(stretch)
          if (fault !== 'diskFull') fault = ''
          if (stretch.n % listsEvery === 0) void writing.then(() => shelf.writeLists()).catch(diskFault)
          tell()
        },
        said: (line) => !/Thread message queue blocking|Guessed Channel Layout/.test(line) && log(`ffmpeg: ${line}`),
        ended: ({ wished, words }) => {
          over.resolve()
          runs.ended(mine, wished ? '' : words.slice(-300))
          if (encoder === own) encoder = undefined
          if (!wished) fail(words, Date.now() - since)
        },
      },
    )
    log(`run ${run}, ${ladder}, encoder ${own.pid}`)
    runs.began({ nth: mine, at: beganAt })
    encoderSince = Date.now()
    lagSince = undefined
    return own
  }
  function fail(words: string, ranMs: number) {
    log(`the encoder ended: ${words}`)
    if (ranMs > wellAfterMs) failures = 0
    startAt = Date.now() + againAfterMs(failures)
    failures++
    if (/ENOENT|EACCES/.test(words)) {
      fault = 'noFfmpeg'
      startAt = Date.now() + noFfmpegAgainMs
    } else if (/No space left|ENOSPC/.test(words)) fault = 'diskFull'
    else if (failures >= failedAfter) fault = 'encoderFailed'
    tell()
  }
  function turnOver(why: string) {
    const old = encoder
    if (!old) return
    log(`the encoder is begun anew: ${why}`)
    encoder = undefined
    void old.finish()
  }

  // ── looking after it ───────────────────────────────────────────────────────

  function look() {
    const waitingFrames = encoder?.waitingFrames() ?? 0
    if (waitingFrames < picture.perSecond) lagSince = undefined
    else {
      lagSince ??= Date.now()
      const verdict = judgeLag({ ladder, waitingFrames, sinceMs: Date.now() - lagSince })
      if (verdict === 'lighten') ladder = 'light'
      if (verdict !== 'keep') turnOver(`${waitingFrames} pictures wait; now ${ladder}`)
    }
    tell()
  }
  const looking = setInterval(look, lookEveryMs)
  const lookingAtDisk = setInterval(() => void lookAtDisk().catch(diskFault), lookAtDiskEveryMs)
  async function lookAtDisk() {
    const { bavail, bsize } = await fs.promises.statfs(folder)
    const free = bavail * bsize
    if (free < leastFreeBytes && fault !== 'diskFull') {
      fault = 'diskFull'
      turnOver(`${Math.round(free / 1e6)} MB left on the disk`)
    } else if (fault === 'diskFull' && free > 2 * leastFreeBytes) fault = ''
    tell()
  }
  function diskFault(error: unknown) {
    const { code, message } = error as NodeJS.ErrnoException
    log(`the disk: ${message}`)
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      fault = 'diskFull'
      turnOver('no space left')
    }
    tell()
  }

  function report(): Report {
    const first = shelf.index().runs[0]?.beganAt
    const times = { ...(first ? { beganAt: new Date(first) } : {}), ...(endedAt ? { endedAt } : {}) }
    if (endedAt) return { state: 'ended', because: '', ...times }
    if (closing === 'stopped') return { state: 'waiting', because: 'stopped', ...times }
    if (fault !== '') return { state: 'failed', because: fault, ...times }
    if (!followed || followed.phase === 'waiting') return { state: 'waiting', because: 'notOnAir', ...times }
    if (shelf.index().stretches.length === 0) return { state: 'starting', because: '', ...times }
    return { state: 'running', because: reasonNow(), ...times }
  }
  function reasonNow(): Report['because'] {
    const condition = composer.condition()
    if (condition !== 'well') return condition === 'frozen' ? 'sourceFrozen' : 'noStage'
    return ladder === 'light' ? 'slowMachine' : ''
  }
  function tell() {
    const now = report()
    const words = JSON.stringify(now)
    if (words === told) return
    told = words
    by.reported(now)
  }

  return {
    follow(now) {
      if (followed && now.restartNo > followed.restartNo) {
        ladder = 'full'
        failures = 0
        startAt = 0
        if (fault !== 'diskFull') fault = ''
        // The director's wish comes before whatever is still in the encoder.
        if (Date.now() - encoderSince > 1_000) turnOver('the director asked')
      }
      const wasOnAir = followed?.phase === 'onAir'
      followed = now
      composer.cut(now.cut)
      // At the end what is in the encoder is finished in peace.
      if (wasOnAir && now.phase === 'waiting') turnOver('off air')
      tell()
    },
    report,
    shelf,
    encoderPid: () => encoder?.pid,
    ladder: () => ladder,
    async stop({ ended }) {
      closing = ended ? 'ended' : 'stopped'
      clearInterval(looking)
      clearInterval(lookingAtDisk)
      composer.stop()
      await encoder?.finish()
      await listed
      if (ended && shelf.index().endedAt === undefined && shelf.index().stretches.length > 0)
        await shelf.add({ endedAt: new Date(endOf(shelf)).toISOString() })
      if (ended) endedAt = new Date(endOf(shelf) || Date.now())
      await shelf.writeLists()
      tell()
      await shelf.close()
    },
  }
}
/** Where what is listed ends: nothing may begin before. */
function endOf(shelf: Shelf): number {
  const last = shelf.index().stretches.at(-1)
  return last ? Date.parse(last.at) + Math.round(last.seconds * 1000) : 0
}
