import type { z } from 'zod'
import { type GeneralRefusal, generalRefusals, type Operation, pathOf } from '../contract.ts'

// One way to the server: say an operation, get its value or the word it refused with. Nothing here throws for what may happen.

/** `offline`: the request never got an answer. The rest are words of the contract. */
export type AnyRefusal<Own extends string = never> = Own | GeneralRefusal | 'offline'
export type RefusalOf<Op> = Op extends { refusals: readonly (infer Own extends string)[] } ? AnyRefusal<Own> : never
export type InputOf<Op extends Operation> = z.input<Op['input']>
export type ValueOf<Op extends Operation> = z.output<Op['output']>

export type Refusal<Word extends string = string> = { refused: Word; detail?: Record<string, unknown> }
export type Answer<Op extends Operation> = { ok: true; value: ValueOf<Op> } | ({ ok: false } & Refusal<RefusalOf<Op>>)

type Manner = {
  signal?: AbortSignal
  /** How often to try in all. By default 4 for `read` and `hot` (repeating those is harmless) and 1 for `change` and `file`. */
  tries?: number
  timeoutMs?: number
}

export async function call<Op extends Operation>(
  operation: Op,
  input: InputOf<Op>,
  manner: Manner = {},
): Promise<Answer<Op>> {
  const safe = operation.kind === 'read' || operation.kind === 'hot'
  const tries = manner.tries ?? (safe ? 4 : 1)
  for (let tried = 1; ; tried++) {
    const answer = await ask(pathOf(operation), input, manner)
    const again = !answer.ok && (answer.refused === 'offline' || answer.refused === 'busy')
    if (!again || tried >= tries || manner.signal?.aborted) return answer as Answer<Op>
    await pause(backoffMs(tried), manner.signal)
  }
}

/** 0.4 s, 0.8 s, 1.6 s … at most 10 s, each between half and whole, so that a hall's phones do not come back as one. */
export const backoffMs = (tried: number, random = Math.random()): number =>
  Math.min(10_000, 400 * 2 ** (tried - 1)) * (0.5 + random / 2)

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

type Said = { ok: true; value: unknown } | ({ ok: false } & Refusal)

async function ask(path: string, input: unknown, { signal, timeoutMs = 30_000 }: Manner): Promise<Said> {
  const limit = AbortSignal.timeout(timeoutMs)
  let response: Response
  let body: unknown
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input ?? {}),
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    body = await read(response)
  } catch {
    return { ok: false, refused: 'offline' }
  }
  return response.ok ? { ok: true, value: body } : refusalOf(response.status, body)
}
const read = async (response: Response): Promise<unknown> => {
  const text = await response.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's page instead of an answer: judged by its status below.
    return undefined
  }
}
export function refusalOf(status: number, body: unknown): { ok: false } & Refusal {
  if (body !== null && typeof body === 'object' && 'refused' in body && typeof body.refused === 'string') {
    const detail = 'detail' in body ? (body.detail as Record<string, unknown>) : undefined
    return { ok: false, refused: body.refused, ...(detail ? { detail } : {}) }
  }
  return { ok: false, refused: general(status) }
}
const general = (status: number): GeneralRefusal =>
  status === 401
    ? 'signIn'
    : status === 403
      ? 'notYours'
      : status === 404
        ? 'notFound'
        : status === 429
          ? 'tooMany'
          : status === 502 || status === 503 || status === 504
            ? 'busy'
            : status < 500
              ? 'malformed'
              : 'broken'

export const isGeneral = (word: string): word is GeneralRefusal | 'offline' =>
  word === 'offline' || (generalRefusals as readonly string[]).includes(word)

/** The address of a `fileOperation`: a plain link downloads it. */
export const fileHref = <Op extends Operation>(operation: Op, input: InputOf<Op>): string =>
  `${pathOf(operation)}?q=${encodeURIComponent(JSON.stringify(input))}`

/** Sends one file with its fields; `onProgress` hears a share between 0 and 1 while it goes up. */
export function sendFile(
  path: string,
  file: File,
  fields: Record<string, string> = {},
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
): Promise<{ ok: true; value: unknown } | ({ ok: false } & Refusal)> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file)
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total)
    request.onload = () => {
      let body: unknown
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = undefined
      }
      resolve(request.status < 300 ? { ok: true, value: body } : refusalOf(request.status, body))
    }
    request.onerror = request.onabort = () => resolve({ ok: false, refused: 'offline' })
    signal?.addEventListener('abort', () => request.abort())
    request.send(form)
  })
}
