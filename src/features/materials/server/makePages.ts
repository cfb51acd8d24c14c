// Page images of one file, made in a child process with its own limits: a hostile file kills the child, never the server.
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Problem } from '../contract.ts'
import type { Said, Task } from './child/say.ts'

const root = path.resolve(import.meta.dirname, '../../../..')
const program = path.join(import.meta.dirname, 'child/draw.ts')

export type Limits = { heapMb: number; memoryMb: number; silenceMs: number; wholeMs: number }
/** A page takes a fifth of a second; a minute for one, or a quarter of an hour for all, is no honest file. */
export const usualLimits: Limits = { heapMb: 768, memoryMb: 1_200, silenceMs: 60_000, wholeMs: 900_000 }

export type Outcome =
  | { made: true }
  /** `problem`: what the sentence on screen says; `said`: what the child's last words were, for the log. */
  | { made: false; problem: Problem; detail?: Record<string, unknown>; said?: string }

/**
 * Reads a file in a child that may read nothing else, and hears of each page as it is drawn.
 *
 * @param on told of every message but refusals; the child draws no further page before this resolves. What it throws ends the child and is thrown on.
 */
export async function drawFile(
  task: Task,
  on: (said: Exclude<Said, { say: 'refused' }>) => Promise<void>,
  { limits = usualLimits, signal }: { limits?: Limits; signal?: AbortSignal | undefined } = {},
): Promise<Outcome> {
  const child = startChild(task.file, limits)
  let words = ''
  child.stderr?.on('data', (part: Buffer) => {
    words = (words + part.toString()).slice(-600)
  })
  let outcome: Outcome | undefined
  let fault: unknown
  let stop: 'tooLong' | undefined
  const end = () => child.kill('SIGKILL')
  const tooLong = () => {
    stop = 'tooLong'
    end()
  }
  let silence = setTimeout(tooLong, limits.silenceMs)
  const whole = setTimeout(tooLong, limits.wholeMs)
  const memory = setInterval(() => {
    if (residentMb(child.pid) > limits.memoryMb) tooLong()
  }, 200)
  signal?.addEventListener('abort', end)
  const put = async (said: Said) => {
    clearTimeout(silence)
    silence = setTimeout(tooLong, limits.silenceMs)
    if (said.say === 'refused') {
      outcome = { made: false, problem: said.problem, ...(said.detail ? { detail: said.detail } : {}) }
      return
    }
    await on(said)
    if (said.say === 'done') outcome = { made: true }
    if (said.say === 'page' && child.connected) child.send('next')
  }
  let last: Promise<void> = Promise.resolve()
  child.on('message', (said: Said) => {
    last = last
      .then(() => (fault === undefined ? put(said) : undefined))
      .catch((error) => {
        fault = error
        end()
      })
  })
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', () => resolve())
      child.send(task, (error) => error && end())
    })
    await last
  } finally {
    clearTimeout(silence)
    clearTimeout(whole)
    clearInterval(memory)
    signal?.removeEventListener('abort', end)
    end()
  }
  if (fault !== undefined) throw fault
  signal?.throwIfAborted()
  if (outcome && !stop) return outcome.made || !words ? outcome : { ...outcome, said: words }
  return { made: false, problem: stop ?? 'damaged', said: words }
}

function startChild(file: string, limits: Limits): ChildProcess {
  const [command, ...before] = withCpuLimit(limits)
  const child = spawn(command, [...before, ...fencedIn(file, limits), program], {
    cwd: root,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  // Whatever is being spoken in a session comes first.
  if (child.pid !== undefined)
    try {
      os.setPriority(child.pid, 5)
    } catch {
      // It has already ended; its exit tells why.
    }
  return child
}

/** What a child is started with: it may read the program and the one file, write nothing and start nothing. */
export const fencedIn = (file: string, { heapMb }: Pick<Limits, 'heapMb'>): string[] => [
  '--permission',
  // The canvas is one.
  '--allow-addons',
  ...[`node_modules${path.sep}`, `src${path.sep}`, 'package.json'].map(
    (part) => `--allow-fs-read=${path.join(root, part)}`,
  ),
  // Installations mount or link their modules from elsewhere; what is read is judged by where it really lies.
  `--allow-fs-read=${fs.realpathSync(path.join(root, 'node_modules'))}${path.sep}`,
  `--allow-fs-read=${file}`,
  `--max-old-space-size=${heapMb}`,
  '--disable-warning=PERM0001',
  '--disable-warning=ExperimentalWarning',
]

/** Should the server be killed while a file spins in its child, the system itself ends the child. */
const withCpuLimit = ({ wholeMs }: Limits): [string, ...string[]] =>
  process.platform === 'win32'
    ? [process.execPath]
    : ['/bin/sh', '-c', 'ulimit -t "$0" && exec "$@"', String(Math.ceil(wholeMs / 1000) + 60), process.execPath]

/** What a process holds in memory, where the system tells; the child's own heap limit stands everywhere. */
function residentMb(pid: number | undefined): number {
  try {
    const pages = Number(fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return (pages * 4096) / 1_048_576
  } catch {
    return 0
  }
}
