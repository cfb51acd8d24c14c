// Those who watch one topic through this process, and how a snapshot reaches all of them.
import type { Writable } from 'node:stream'

const sliceOfWrites = 2_000
const beatSlice = 500
const beatRestMs = 50
const mostWaitingBytes = 1_048_576
const beat = Buffer.from(':\n\n')

/** `sent` is the version she has; `behindSince` is 0 while her line takes what is written, else since when it does not (ms). */
export type Watcher = { out: Writable; sent: number; behindSince: number }
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Whoever is slow is skipped and later gets the newest snapshot, never the ones in between: at most one waits for each. */
export function openAudience<W extends Watcher>() {
  const watchers = new Set<W>()
  let version = 0
  let body: string | undefined
  let frame: Buffer | undefined
  let pushing = false
  let pushedAt = 0

  const send = (watcher: W) => {
    watcher.sent = version
    if (!watcher.out.write(frame!)) watcher.behindSince = Date.now()
  }
  const owes = (watcher: W) => watcher.sent !== version && watcher.behindSince === 0
  async function push() {
    if (pushing) return
    pushing = true
    pushedAt = Date.now()
    // A newer snapshot may come while this one is pushed: those not reached yet get the newer, then the first ones again.
    for (let all = true; all; ) {
      all = false
      let written = 0
      for (const watcher of [...watchers]) {
        if (!owes(watcher) || !watchers.has(watcher)) continue
        send(watcher)
        all = true
        if (++written % sliceOfWrites === 0) await nextTurn()
      }
    }
    pushing = false
  }
  return {
    watchers,
    version: () => version,
    body: () => body,
    /** A lower version never replaces a higher one. `true` when this one is newer. */
    take(newVersion: number, newBody: string): boolean {
      if (body !== undefined && newVersion <= version) return false
      version = newVersion
      body = newBody
      frame = Buffer.from(`id: ${version}\ndata: ${body}\n\n`)
      void push()
      return true
    },
    /** `had` is the version the watcher says she has: then she hears of the next one. */
    add(watcher: W, had: string | undefined) {
      watcher.sent = had === String(version) ? version : 0
      watchers.add(watcher)
      if (frame !== undefined && owes(watcher)) send(watcher)
    },
    /** Her line takes more again. */
    drained(watcher: W) {
      watcher.behindSince = 0
      if (frame !== undefined && watchers.has(watcher) && owes(watcher)) send(watcher)
    },
    /** Says that the line stands, to those who heard nothing for a while; spread over seconds. */
    async beat(everyMs: number) {
      if (Date.now() - pushedAt < everyMs / 2) return
      let written = 0
      for (const watcher of [...watchers]) {
        if (watcher.behindSince !== 0 || !watchers.has(watcher)) continue
        if (!watcher.out.write(beat)) watcher.behindSince = Date.now()
        if (++written % beatSlice === 0) await new Promise((resolve) => setTimeout(resolve, beatRestMs))
      }
    },
    /** Lets go of those whose line has taken nothing for so long, or to whom too much is still on its way. */
    dropSlow(now: number, limitMs: number) {
      for (const watcher of watchers) {
        const { behindSince, out } = watcher
        if ((behindSince !== 0 && now - behindSince > limitMs) || out.writableLength > mostWaitingBytes) {
          watchers.delete(watcher)
          out.destroy()
        }
      }
    },
  }
}
export type Audience<W extends Watcher> = ReturnType<typeof openAudience<W>>
