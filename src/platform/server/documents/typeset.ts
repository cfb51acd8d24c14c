import { Worker } from 'node:worker_threads'
import type { TypesetAnswer, TypesetJob } from './typstWorker.ts'

const QUEUE_LIMIT = 500
const JOB_LIMIT_MS = 120_000

interface Waiting {
  job: TypesetJob
  resolve: (pdf: Uint8Array) => void
  reject: (fault: Error) => void
}

let worker: Worker | undefined
let running: { waiting: Waiting; timer: NodeJS.Timeout } | undefined
let nextId = 1
const queue: Waiting[] = []

/**
 * Typesets a template with JSON data to PDF/A-2b in a worker thread, one job after another.
 * Throws when 500 jobs wait already, when a job takes over two minutes, or when the template is at fault.
 */
export function typeset(
  template: string,
  data: unknown,
  options: { bytes?: Uint8Array; tagged?: boolean; madeAt?: Date } = {},
): Promise<Uint8Array> {
  if (queue.length >= QUEUE_LIMIT) return Promise.reject(new Error('too many papers are waiting to be typeset'))
  return new Promise((resolve, reject) => {
    const job: TypesetJob = {
      id: nextId++,
      template,
      data: JSON.stringify(data),
      tagged: options.tagged ?? true,
      madeAtSeconds: Math.floor((options.madeAt ?? new Date()).getTime() / 1000),
      ...(options.bytes && { bytes: options.bytes }),
    }
    queue.push({ job, resolve, reject })
    takeNext()
  })
}

/** Ends the thread; the next paper starts another. */
export async function stopTypesetting(): Promise<void> {
  const ending = worker
  worker = undefined
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
  const timer = setTimeout(() => fail(new Error(`${waiting.job.template} took over ${JOB_LIMIT_MS} ms`)), JOB_LIMIT_MS)
  running = { waiting, timer }
  worker.postMessage(waiting.job)
}

function startWorker(): Worker {
  const started = new Worker(new URL('./typstWorker.ts', import.meta.url))
  started.on('message', (answer: TypesetAnswer) => settle(answer))
  started.on('error', (fault) => started === worker && fail(fault as Error))
  started.on('exit', () => started === worker && fail(new Error('the typesetting thread ended')))
  return started
}

function settle(answer: TypesetAnswer): void {
  if (!running || running.waiting.job.id !== answer.id) return
  const { waiting, timer } = running
  running = undefined
  clearTimeout(timer)
  if ('pdf' in answer) waiting.resolve(answer.pdf)
  else waiting.reject(new Error(answer.fault))
  takeNext()
}

/** The thread is lost or stuck: its job fails, the others go on in a new one. */
function fail(fault: Error): void {
  const ending = worker
  worker = undefined
  void ending?.terminate()
  if (!running) return
  const { waiting, timer } = running
  running = undefined
  clearTimeout(timer)
  waiting.reject(fault)
  takeNext()
}
