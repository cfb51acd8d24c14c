// Hot operations before the framework: at a hall's opening hour every microsecond is spent 64,809 times. The path, the
// cookie, the body and the answer are handled here; whatever is not plain (a cookie to be renewed, another content type,
// a body in pieces too large) is left to the route of the same name, which answers the same.
import type http from 'node:http'
import { pathOf } from '../contract.ts'
import type { Actor } from '../rights.ts'
import type { HotFault, OpenedHot } from './http.ts'

/** At once, later, or `undefined`: only the sign-in itself can tell, so the full route has to be asked. */
export type ActorAtOnce = (cookie: string | undefined, now: Date) => Actor | Promise<Actor> | undefined
type Told = (path: string, status: number, seconds: number) => void

const mostBytes = 65_536
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/**
 * Answers `true` when it has taken the request.
 *
 * @param faultOf what a thrown refusal or fault is on the wire: the same as on the full route
 * @param told hears every answer, for the metrics
 */
export function hotListener(
  operations: readonly OpenedHot[],
  actorAtOnce: ActorAtOnce,
  faultOf: HotFault,
  told: Told = () => {},
): (request: http.IncomingMessage, response: http.ServerResponse) => boolean {
  const byPath = new Map(operations.map((operation) => [pathOf(operation.it), operation]))
  return (request, response) => {
    const operation = request.method === 'POST' ? byPath.get(request.url!) : undefined
    if (!operation) return false
    const bytes = Number(request.headers['content-length'] ?? Number.NaN)
    const plain = bytes <= mostBytes && request.headers['content-type']?.startsWith('application/json')
    if (!plain) return false
    const now = new Date()
    const actor = actorAtOnce(request.headers.cookie, now)
    if (actor === undefined) return false
    const answer = (status: number, body: unknown) => {
      const text = JSON.stringify(body)
      // A phone that has gone is answered by nobody; what it said is kept all the same.
      if (!response.headersSent && !response.destroyed) {
        if (status === 503) response.setHeader('retry-after', '1')
        response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) })
        response.end(text)
      }
      told(request.url!, status, (Date.now() - now.getTime()) / 1000)
    }
    const perform = async (text: string) => {
      try {
        answer(200, await operation.perform({ actor: await actor, now, input: parsed(text) }))
      } catch (error) {
        const { status, body } = faultOf(error, request.url!)
        answer(status, body)
      }
    }
    let first: Buffer | undefined
    let rest: Buffer[] | undefined
    request.on('data', (part: Buffer) => {
      if (first === undefined) first = part
      else if (rest) rest.push(part)
      else rest = [part]
    })
    request.on('end', () => {
      const body = first === undefined ? '' : rest ? Buffer.concat([first, ...rest]).toString() : first.toString()
      void perform(body)
    })
    return true
  }
}
/** Nonsense is judged by the operation like any other wrong input. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
