// The server that the journeys meet: where it is, what it has said, and the command line beside it.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

export const port = process.env.JOURNEYS_PORT ?? '3100'
export const dataDir = path.resolve(process.env.JOURNEYS_DATA_DIR ?? 'data/journeys-server')
export const logFile = `${dataDir}.log`

/** The one-time link of its first run. */
export function setupLink(): string {
  const found = fs.readFileSync(logFile, 'utf8').match(/http\S+\/thiet-lap\/\S+/g)
  if (!found) throw new Error(`no set-up link in ${logFile}`)
  return new URL(found.at(-1)!).pathname
}

/** Runs a verb of the command line on the same data; answers what it printed as JSON. */
export function cli(...args: string[]): Record<string, unknown> {
  const ran = spawnSync(process.execPath, ['src/apps/cli/main.ts', ...args, '--json'], {
    env: { ...process.env, DATA_DIR: dataDir, NODE_ENV: 'test' },
    encoding: 'utf8',
  })
  if (ran.status !== 0) throw new Error(`cli ${args.join(' ')}: ${ran.status}\n${ran.stderr}`)
  return JSON.parse(ran.stdout)
}
