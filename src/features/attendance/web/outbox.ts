import { useSyncExternalStore } from 'react'
import { newId } from '../../../kernel/id.ts'
import type { Operation } from '../../../platform/contract.ts'
import { backoffMs, call, type Refusal } from '../../../platform/web/client.ts'
import * as contract from '../contract.ts'
import { keep, kept } from './clock.ts'

// What a person enters is kept on the device first and sent then, in its order; without a line it waits and goes by itself.
// Every write carries an id made here, so that sending it twice is harmless.

const operations = {
  checkIn: contract.checkIn,
  confirmSite: contract.confirmSite,
  withdrawArrival: contract.withdrawArrival,
  keepArrival: contract.keepArrival,
  acceptArrivals: contract.acceptArrivals,
  reportHeadcount: contract.reportHeadcount,
  recordInterruption: contract.recordInterruption,
} satisfies Record<string, Operation>
type Kind = keyof typeof operations

export type Write = {
  writeId: string
  kind: Kind
  input: Record<string, unknown>
  /** Whom or what it is about, for the list of what waits. */
  about: string
  /** Whom it concerns, when that is known here. */
  personId?: string
  madeAt: string
  refused?: Refusal
}
export type Outbox = {
  waiting: readonly Write[]
  refused: readonly Write[]
  /** `full`: the browser no longer keeps what is entered; it is in this page only. */
  line: 'good' | 'lost' | 'signIn'
  full: boolean
}
type Reader = () => void
type Heard = (write: Write, value: never) => void

const key = 'diem-cau.outbox'
const together = 6
const mostKept = 5_000

let box: Outbox = { ...readKept(), line: 'good', full: false }
const readers = new Set<Reader>()
const listeners = new Set<Heard>()
let running = false
let tried = 0
let timer: ReturnType<typeof setTimeout> | undefined

function readKept(): Pick<Outbox, 'waiting' | 'refused'> {
  try {
    return JSON.parse(kept(key) ?? '{"waiting":[],"refused":[]}')
  } catch {
    return { waiting: [], refused: [] }
  }
}
function show(change: Partial<Outbox>) {
  box = { ...box, ...change }
  const full = !keep(key, JSON.stringify({ waiting: box.waiting, refused: box.refused }))
  box = { ...box, full }
  for (const reader of readers) reader()
}

/** Keeps a write and sends it as soon as the line allows. */
export function put(kind: Kind, input: Record<string, unknown>, about: string, personId?: string): void {
  if (box.waiting.length >= mostKept) return
  const write = {
    writeId: newId(),
    kind,
    input,
    about,
    madeAt: new Date().toISOString(),
    ...(personId ? { personId } : {}),
  }
  show({ waiting: [...box.waiting, write] })
  void send()
}
export const dismiss = (writeId: string) => show({ refused: box.refused.filter((one) => one.writeId !== writeId) })
export const sendNow = () => {
  tried = 0
  void send()
}
/** Hears the answer of every write, also of those kept from before the page was opened. */
export function onAnswered(heard: Heard): () => void {
  listeners.add(heard)
  return () => listeners.delete(heard)
}

const again = ['offline', 'busy', 'broken', 'tooMany']

/** Arrivals go several at once; anything else waits for what was entered before it. */
function nextWrites(): readonly Write[] {
  const [first] = box.waiting
  if (first?.kind !== 'checkIn') return first ? [first] : []
  const other = box.waiting.findIndex(({ kind }) => kind !== 'checkIn')
  return box.waiting.slice(0, Math.min(together, other < 0 ? together : other))
}
async function send() {
  if (running) return
  running = true
  clearTimeout(timer)
  try {
    for (let writes = nextWrites(); writes.length > 0; writes = nextWrites()) {
      const answers = await Promise.all(
        writes.map(async (write) => ({
          write,
          answer: await call(operations[write.kind] as Operation, write.input, { tries: 1, timeoutMs: 15_000 }),
        })),
      )
      const done = new Set<string>()
      const refused: Write[] = []
      let stop: Outbox['line'] | undefined
      for (const { write, answer } of answers) {
        if (answer.ok) done.add(write.writeId)
        else if (answer.refused === 'signIn') stop = 'signIn'
        else if (again.includes(answer.refused)) stop ??= 'lost'
        else {
          done.add(write.writeId)
          refused.push({
            ...write,
            refused: { refused: answer.refused, ...(answer.detail ? { detail: answer.detail } : {}) },
          })
        }
      }
      show({
        waiting: box.waiting.filter(({ writeId }) => !done.has(writeId)),
        refused: [...box.refused, ...refused],
        line: stop ?? 'good',
      })
      for (const { write, answer } of answers)
        if (answer.ok) for (const heard of listeners) heard(write, answer.value as never)
      if (stop === 'lost') {
        tried += 1
        timer = setTimeout(() => void send(), backoffMs(Math.min(tried, 6)))
      }
      if (stop) return
      tried = 0
    }
  } finally {
    running = false
  }
}

addEventListener('online', sendNow)
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && sendNow())
if (box.waiting.length > 0) void send()

export const useOutbox = (): Outbox =>
  useSyncExternalStore(
    (reader) => {
      readers.add(reader)
      return () => readers.delete(reader)
    },
    () => box,
  )
