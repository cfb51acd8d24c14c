// «Xem một buổi đang diễn ra»: the demo plays a session small enough for a laptop, in a process of its own, for a bounded time.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import type { Config } from '../../platform/server/config.ts'

const minutes = 20
// The rest of the 236 halls stand on the wall as they are; this many speak of themselves.
const small = { sites: 236, stage: 3, viewers: 5, watchers: 20 }
const stopLimitMs = 12_000

export function openLiveDemo(config: Config, fault: (error: unknown) => void) {
  let child: ChildProcess | undefined
  let until: Date | undefined
  return {
    until: () => until,
    async start() {
      if (child) return
      until = new Date(Date.now() + minutes * 60_000)
      const given = Object.entries({ ...small, minutes }).flatMap(([name, value]) => [`--${name}`, String(value)])
      child = spawn(
        process.execPath,
        [path.resolve(import.meta.dirname, '../cli/main.ts'), 'simulate', '--live', '--demo', ...given],
        {
          env: {
            ...process.env,
            DATA_DIR: config.dataDir,
            PORT: String(config.port),
            BASE_URL: `http://127.0.0.1:${config.port}`,
          },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      )
      let said = ''
      child.stderr?.on('data', (part: Buffer) => {
        said = (said + part.toString()).slice(-2_000)
      })
      child.on('exit', (code) => {
        if (code !== 0) fault(new Error(`the live demo ended with ${code}: ${said.trim()}`))
        child = undefined
        until = undefined
      })
      child.on('error', fault)
    },
    async stop() {
      const ending = child
      if (!ending) return
      await new Promise<void>((resolve) => {
        const limit = setTimeout(() => ending.kill('SIGKILL'), stopLimitMs)
        ending.once('exit', () => {
          clearTimeout(limit)
          resolve()
        })
        ending.kill('SIGTERM')
      })
    },
  }
}
