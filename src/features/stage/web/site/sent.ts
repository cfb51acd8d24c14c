import { useSyncExternalStore } from 'react'
import type { Operation } from '../../../../platform/contract.ts'
import { backoffMs, call, type Refusal } from '../../../../platform/web/client.ts'
import { keep, kept } from '../../../attendance/web/index.ts'
import * as contract from '../../contract.ts'

// Faults are told when the line is at its worst: they are kept on the device and sent in their order, with the hour they were pressed.

const operations = {
  reportFault: contract.reportFault,
  clearFault: contract.clearFault,
} satisfies Record<string, Operation>
export type Telling = { kind: keyof typeof operations; input: Record<string, unknown>; refused?: Refusal }
export type Tellings = { waiting: readonly Telling[]; lost: boolean }

const key = 'diem-cau.stage.outbox'
const mostKept = 50
const again = ['offline', 'busy', 'broken', 'tooMany', 'signIn']
const readers = new Set<() => void>()
let box: Tellings = { waiting: readKept(), lost: false }
let running = false
let tried = 0
let timer: ReturnType<typeof setTimeout> | undefined

function readKept(): Telling[] {
  try {
    return JSON.parse(kept(key) ?? '[]')
  } catch {
    return []
  }
}
function show(change: Partial<Tellings>) {
  box = { ...box, ...change }
  keep(key, JSON.stringify(box.waiting))
  for (const reader of readers) reader()
}
export function tellCentre(telling: Telling) {
  show({ waiting: [...box.waiting, telling].slice(-mostKept) })
  void send()
}
async function send() {
  if (running) return
  running = true
  clearTimeout(timer)
  try {
    for (let next = box.waiting[0]; next; next = box.waiting[0]) {
      const answer = await call(operations[next.kind] as Operation, next.input, { tries: 1, timeoutMs: 10_000 })
      if (!answer.ok && again.includes(answer.refused)) {
        show({ lost: true })
        timer = setTimeout(() => void send(), backoffMs(Math.min(++tried, 5)))
        return
      }
      // Refused for good: the hall has no such fault or stage any more, and nothing is left to be done about it.
      tried = 0
      show({ waiting: box.waiting.slice(1), lost: false })
    }
  } finally {
    running = false
  }
}
addEventListener('online', () => void send())
if (box.waiting.length > 0) void send()

export const useTellings = (): Tellings =>
  useSyncExternalStore(
    (reader) => {
      readers.add(reader)
      return () => readers.delete(reader)
    },
    () => box,
  )
