import { Worker } from 'node:worker_threads'
import type { Answer, Task } from './threadWorker.ts'

const QUEUE_LIMIT = 500
const TASK_LIMIT_MS = 120_000

interface Waiting {
  id: number
  task: Task
  resolve: (file: Uint8Array) => void
  reject: (fault: Error) => void
}

let worker: Worker | undefined
let running: { waiting: Waiting; timer: NodeJS.Timeout } | undefined
let nextId = 1
const queue: Waiting[] = []

/**
 * Has a file made in the documents' thread, one after another.
 * Throws when 500 wait already, when one takes over two minutes, or what the maker itself throws.
 */
export function inThread(task: Task): Promise<Uint8Array> {
  if (queue.length >= QUEUE_LIMIT) return Promise.reject(new Error('too many papers are waiting to be made'))
  return new Promise((resolve, reject) => {
    queue.push({ id: nextId++, task, resolve, reject })
    takeNext()
  })
}

/** A template of templates/ filled with data, as PDF/A-2b. */
export function typesetInThread(
  template: string,
  data: unknown,
  options: { bytes?: Uint8Array; tagged?: boolean; madeAt?: Date } = {},
): Promise<Uint8Array> {
  return inThread({
    kind: 'template',
    template,
    data: JSON.stringify(data),
    tagged: options.tagged ?? true,
    madeAtSeconds: seconds(options.madeAt),
    ...(options.bytes && { bytes: options.bytes }),
  })
}

export const seconds = (at = new Date()): number => Math.floor(at.getTime() / 1000)

/** Ends the thread; what waits fails, and the next paper starts another. */
export async function stopDocuments(): Promise<void> {
  const ending = worker
  for (const { reject } of queue.splice(0)) reject(new Error('the documents are being stopped'))
  fail(new Error('the documents are being stopped'))
  await ending?.terminate()
}

function takeNext(): void {
  if (running) return
  const waiting = queue.shift()
  if (!waiting) {
    // An idle thread must not keep a finished program alive.
    worker?.unref()
    return
  }
  worker ??= startWorker()
  worker.ref()
  const { id, task } = waiting
  const timer = setTimeout(() => fail(new Error(`a ${task.kind} took over ${TASK_LIMIT_MS} ms`)), TASK_LIMIT_MS)
  running = { waiting, timer }
  try {
    worker.postMessage({ id, task })
  } catch (fault) {
    // What cannot be cloned never reached the thread, which goes on.
    finish()?.reject(fault as Error)
    takeNext()
  }
}

function startWorker(): Worker {
  const started = new Worker(new URL('./threadWorker.ts', import.meta.url))
  started.on('message', settle)
  started.on('error', (fault) => started === worker && fail(fault as Error))
  started.on('exit', () => started === worker && fail(new Error('the documents’ thread ended')))
  return started
}

function settle(answer: Answer): void {
  if (running?.waiting.id !== answer.id) return
  const waiting = finish()
  if ('file' in answer) waiting?.resolve(answer.file)
  else waiting?.reject(new (answer.fault.name === 'RangeError' ? RangeError : Error)(answer.fault.message))
  takeNext()
}

/** The thread is lost or stuck: its task fails, the others go on in a new one. */
function fail(fault: Error): void {
  const ending = worker
  worker = undefined
  void ending?.terminate()
  finish()?.reject(fault)
  takeNext()
}

function finish(): Waiting | undefined {
  const done = running
  running = undefined
  clearTimeout(done?.timer)
  return done?.waiting
}
