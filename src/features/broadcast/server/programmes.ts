// Looks after the processes that make programmes: one for every session on the stage, begun again when it dies, taken over when the
// server that started it was killed.
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Config } from '../../../platform/server/config.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import type { Metrics } from '../../../platform/server/metrics.ts'
import { bornAt, endProcess, isAlive } from '../../../platform/server/processes.ts'
import { silentAfterMs } from '../rules.ts'
import * as store from './store.ts'

const lookEveryMs = 500
const againAfterMs = [0, 300, 1_000, 2_000, 5_000, 10_000]
const steadyAfterMs = 60_000
const leaveLimitMs = 20_000
const script = path.resolve(import.meta.dirname, '../../../apps/programme/main.ts')

type Kept = { child: ChildProcess | undefined; failures: number; startAt: number; since: number }
export type BesideProgrammes = {
  config: Config
  metrics?: Metrics
  log: (fault: unknown, about: string) => void
  tell: (news: string) => void
}

/** Answers at once; does nothing in a process that does not play the part. */
export async function keepProgrammes(desk: Desk, { config, metrics, log, tell }: BesideProgrammes) {
  if (!config.roles.includes('programme')) return { stop: async () => {} }
  const kept = new Map<string, Kept>()
  let stopped = false
  let looking: Promise<void> | undefined

  async function look() {
    const wanted = await store.sessionsToMake(desk.db)
    for (const sessionId of wanted) {
      const one = kept.get(sessionId) ?? { child: undefined, failures: 0, startAt: 0, since: 0 }
      kept.set(sessionId, one)
      if (one.child || Date.now() < one.startAt || stopped) continue
      if (await isMadeElsewhere(sessionId)) one.startAt = Date.now() + lookEveryMs
      else start(sessionId, one)
    }
    // One that is not wanted any more ends by itself, when all of it lies on the disk.
    for (const [sessionId, { child }] of kept) if (!child && !wanted.includes(sessionId)) kept.delete(sessionId)
  }
  /** By a process that another server, or an earlier life of this one, has started. */
  async function isMadeElsewhere(sessionId: string): Promise<boolean> {
    const holder = await store.holderOf(desk.db, sessionId)
    if (!holder?.beatAt || holder.left || Date.now() - holder.beatAt.getTime() > silentAfterMs) return false
    const pid = pidHere(holder.name)
    return pid === undefined ? true : pid !== 'gone'
  }
  function start(sessionId: string, one: Kept) {
    // Should anything here fail (a full disk), it is tried again in a while.
    one.startAt = Date.now() + 2_000
    // Its own words go into a file: a pipe would break when we are killed, and the programme with it.
    const words = openWords(path.join(config.dataDir, 'broadcast', sessionId))
    const child = spawn(process.execPath, [script, '--session', sessionId, ...(config.demo ? ['--demo'] : [])], {
      // Of its own group: Ctrl-C reaches us, and we let it finish what it has.
      detached: true,
      stdio: ['ignore', words.file, words.file, 'ipc'],
      env: environmentOf(config, desk.databaseUrl),
    })
    words.given()
    one.child = child
    one.since = Date.now()
    const over = (how: string) => {
      if (one.child !== child) return
      one.child = undefined
      if (Date.now() - one.since > steadyAfterMs) one.failures = 0
      one.startAt = Date.now() + againAfterMs[Math.min(one.failures, againAfterMs.length - 1)]!
      one.failures++
      if (stopped || how === '') return
      // The audience's buffer is what there is of time.
      lookNow()
      log(new Error(`${how} ${words.last()}`.trim()), 'programme')
      tell('Chương trình phát đã dừng giữa chừng; đang bật lại (a programme process died; bringing it back)')
    }
    child.once('error', (error) => over(error.message))
    child.once('exit', (code, signal) => {
      if (code === 0) one.failures = 0
      over(code === 0 || code === 3 ? '' : `ended by ${signal ?? code}`)
    })
  }

  const lookNow = () => {
    looking ??= look()
      .catch((error) => log(error, 'programmes'))
      .finally(() => {
        looking = undefined
      })
  }
  const timer = setInterval(lookNow, lookEveryMs)
  metrics?.gauge(
    'programmes_running',
    'Processes that make a programme',
    () => [...kept.values()].filter(({ child }) => child).length,
  )

  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await looking
      const pids = [...kept.values()].flatMap(({ child }) => (child?.pid ? [child.pid] : []))
      // Those taken over from a killed server leave with us too.
      for (const sessionId of kept.keys()) {
        const holder = await store.holderOf(desk.db, sessionId).catch(() => undefined)
        const pid = holder && pidHere(holder.name)
        if (typeof pid === 'number' && !pids.includes(pid)) pids.push(pid)
      }
      await Promise.all(pids.map(end))
    },
  }
}

const wordsLimitBytes = 1_000_000
function openWords(folder: string) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const name = path.join(folder, 'process.log')
  const isLong = fs.existsSync(name) && fs.statSync(name).size > wordsLimitBytes
  const file = fs.openSync(name, isLong ? 'w' : 'a', 0o600)
  return {
    file,
    given: () => fs.closeSync(file),
    last: () => fs.readFileSync(name, 'utf8').slice(-600),
  }
}
/** The process of this machine that a holder's name means; undefined where it is another machine's. */
function pidHere(name: string): number | 'gone' | undefined {
  const [host, pid = '', ...born] = name.split(' ')
  if (host !== os.hostname()) return undefined
  const number = Number(pid)
  return isAlive(number) && bornAt(number) === born.join(' ') ? number : 'gone'
}
const end = (pid: number) =>
  endProcess(pid, [
    ['SIGTERM', leaveLimitMs],
    ['SIGKILL', 2_000],
  ])
/** The settings as they were judged, and the database as it was opened. */
const environmentOf = (config: Config, databaseUrl: string): Record<string, string | undefined> => ({
  ...process.env,
  DATABASE_URL: databaseUrl,
  DATA_DIR: config.dataDir,
  SECRET_FILE: config.secretFile,
  FFMPEG_PATH: config.ffmpegPath,
  STAGE_PORT: String(config.stagePort),
  NODE_CHANNEL_FD: undefined,
})
