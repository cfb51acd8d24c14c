// Where the audience's players, or the caches in front of them, fetch the programme: /phat/<sign>/<session>/… Asked some thousand times
// a second, so it stands before the framework; what is live is answered from memory.
import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import type { Desk } from '../../../platform/server/desk.ts'
import { judgePath, pathUntil, signPath } from '../../../platform/server/signedPath.ts'
import { type Folder, openFolder, type Text } from './folder.ts'
import { originOf } from './store.ts'

/** In place of a signature, for sessions that anybody may watch: one address for all caches, for ever. */
const publicSign = 'cong-khai'
const what = (sessionId: string) => `phat ${sessionId}`
type Audience = 'public' | 'members' | 'internal'

/** «/phat/<sign>/<session>/», and until when it is good. */
export function programmePath(
  desk: Pick<Desk, 'secret' | 'config'>,
  sessionId: string,
  audience: Audience,
  now: Date,
): { prefix: string; until: Date | undefined } {
  const base = desk.config?.mediaBaseUrl ?? ''
  if (audience === 'public') return { prefix: `${base}/phat/${publicSign}/${sessionId}/`, until: undefined }
  const { sign, until } = signPath(desk.secret, what(sessionId), now)
  return { prefix: `${base}/phat/${sign}/${sessionId}/`, until }
}

const address = /^\/phat\/([\w-]{4,60})\/([0-9a-f]{8}-[0-9a-f-]{27})\/([\w./-]{1,80})$/
const segment = /^\d{1,6}-[0-9a-f]{1,16}\/(p720|p480|p240|tieng)-(\d{5}\.m4s|init\.mp4)$/
const text = /^(master|tu-dau|(p720|p480|p240|tieng)(-tu-dau)?)\.m3u8$|^timeline(-\d{1,4})?\.jsonl$/
const lookEveryMs = 100
const askDatabaseEveryMs = 5_000
const idleAfterMs = 60_000
const mostShelves = 500
const yearSeconds = 31_536_000

type Shelf = {
  folder: Folder
  audience: Audience
  classified: boolean
  askedAt: number
  judgedAt: number
}
type Answer = { status: number; headers: string[]; body?: Buffer | undefined }

/** Answers what is under /phat/, and nothing else. `stop` ends its looking at folders. */
export function openOrigin(
  desk: Desk,
  { clock = () => new Date(), fault = () => {} }: { clock?: () => Date; fault?: (error: unknown) => void } = {},
) {
  const shelves = new Map<string, Shelf>()
  const opening = new Map<string, Promise<Shelf | undefined>>()
  const ownOrigin = desk.config?.mediaBaseUrl ? new URL(desk.baseUrl).origin : undefined
  const signs = new Map<string, ReturnType<typeof judgePath>>()

  /** While somebody watches, every tenth of a second; the database only now and then, and its absence changes nothing. */
  const looking = setInterval(() => {
    const now = Date.now()
    for (const [sessionId, shelf] of shelves) {
      if (now - shelf.askedAt > idleAfterMs) shelves.delete(sessionId)
      else {
        void shelf.folder.look().catch(fault)
        if (now - shelf.judgedAt > askDatabaseEveryMs) void rejudge(sessionId, shelf).catch(() => {})
      }
    }
  }, lookEveryMs)
  looking.unref()
  async function rejudge(sessionId: string, shelf: Shelf) {
    shelf.judgedAt = Date.now()
    const found = await originOf(desk.db, sessionId)
    if (found) Object.assign(shelf, { audience: found.audience, classified: found.classified })
  }
  function shelfOf(sessionId: string): Shelf | Promise<Shelf | undefined> {
    const known = shelves.get(sessionId)
    if (known) return known
    const already = opening.get(sessionId)
    if (already) return already
    const mine = open(sessionId).finally(() => opening.delete(sessionId))
    opening.set(sessionId, mine)
    return mine
  }
  async function open(sessionId: string): Promise<Shelf | undefined> {
    const found = await originOf(desk.db, sessionId)
    if (!found) return undefined
    const folder = openFolder(path.join(desk.dataDir, found.folder))
    await folder.look()
    const { audience, classified } = found
    const shelf = { folder, audience, classified, askedAt: Date.now(), judgedAt: Date.now() }
    if (shelves.size >= mostShelves) shelves.delete(shelves.keys().next().value!)
    shelves.set(sessionId, shelf)
    return shelf
  }
  function judge(sign: string, sessionId: string, now: Date) {
    // The hours are in the sign: what was good is judged anew when a minute has gone.
    const key = `${sign} ${sessionId} ${Math.floor(now.getTime() / 60_000)}`
    const known = signs.get(key)
    if (known) return known
    if (signs.size > 5_000) signs.clear()
    const verdict = judgePath(desk.secret, what(sessionId), sign, now)
    signs.set(key, verdict)
    return verdict
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    shelf: Shelf,
    sign: string,
    file: string,
    now: Date,
  ) {
    const isOpen = sign === publicSign
    if (shelf.classified || (isOpen && shelf.audience !== 'public')) return send(request, response, nothing)
    const open = isOpen
      ? ['access-control-allow-origin', '*', 'access-control-expose-headers', 'content-length, content-range, etag']
      : ownOrigin
        ? ['access-control-allow-origin', ownOrigin]
        : []
    const keptSeconds = isOpen
      ? yearSeconds
      : Math.max(0, Math.floor((pathUntil(sign).getTime() - now.getTime()) / 1000))
    if (segment.test(file)) return sendSegment(request, response, shelf.folder, file, open, keptSeconds)
    if (!text.test(file)) return send(request, response, nothing)
    const keeping = (made: Text) => (made.isFinal ? Math.min(60, keptSeconds) : 1)
    return shelf.folder.text(file).then(
      (made) => send(request, response, made ? textAnswer(request, file, made, open, keeping(made)) : nothing),
      (error) => trouble(request, response, error),
    )
  }

  function sendSegment(
    request: IncomingMessage,
    response: ServerResponse,
    folder: Folder,
    file: string,
    open: readonly string[],
    keptSeconds: number,
  ): unknown {
    const headers = [
      ...['content-type', file.includes('tieng') ? 'audio/mp4' : 'video/mp4', 'accept-ranges', 'bytes'],
      ...['cache-control', `public, max-age=${keptSeconds}, immutable`, 'x-content-type-options', 'nosniff'],
      ...['cross-origin-resource-policy', open.length > 0 ? 'cross-origin' : 'same-origin', ...open],
    ]
    const held = folder.held(file)
    if (Buffer.isBuffer(held)) return sendBytes(request, response, held, headers)
    if (held)
      return held.then((body) =>
        body ? sendBytes(request, response, body, headers) : send(request, response, nothing),
      )
    return sendFile(request, response, folder.place(file), headers).catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? send(request, response, nothing) : trouble(request, response, error),
    )
  }
  function trouble(request: IncomingMessage, response: ServerResponse, error: unknown) {
    fault(error)
    if (response.headersSent) return response.destroy()
    send(request, response, told(503, 'Máy chủ đang bận. (busy)', ['retry-after', '1']))
  }

  return {
    request(request: IncomingMessage, response: ServerResponse): boolean {
      const url = request.url ?? ''
      if (!url.startsWith('/phat/')) return false
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        send(request, response, told(405, 'Chỉ xem được. (read only)', ['allow', 'GET, HEAD']))
        return true
      }
      const cut = url.indexOf('?')
      const [, sign = '', sessionId = '', file = ''] = address.exec(cut < 0 ? url : url.slice(0, cut)) ?? []
      const now = clock()
      const verdict = sign === publicSign ? 'good' : sign === '' ? 'wrong' : judge(sign, sessionId, now)
      if (verdict === 'wrong') send(request, response, nothing)
      else if (verdict === 'over') send(request, response, over)
      else {
        const shelf = shelfOf(sessionId)
        const go = (found: Shelf | undefined) => {
          if (!found) return send(request, response, nothing)
          found.askedAt = now.getTime()
          answer(request, response, found, sign, file, now)
        }
        if ('folder' in shelf) go(shelf)
        else shelf.then(go, (error) => trouble(request, response, error))
      }
      return true
    },
    stop: () => clearInterval(looking),
  }
}

// ── answers ──────────────────────────────────────────────────────────────────

const told = (status: number, words: string, headers: readonly string[] = []): Answer => {
  const body = Buffer.from(JSON.stringify({ refused: status === 410 ? 'pathOver' : 'notFound', sentence: words }))
  return {
    status,
    headers: [
      ...['content-type', 'application/json; charset=utf-8', 'content-length', String(body.length)],
      // Not there yet is often there a second later: no cache may keep it longer.
      ...[
        'cache-control',
        status === 404 ? 'public, max-age=1' : 'no-store',
        'x-content-type-options',
        'nosniff',
        ...headers,
      ],
    ],
    body,
  }
}
const nothing = told(404, 'Không có ở đây. (nothing here)')
const over = told(410, 'Đường dẫn xem này đã hết hạn. Đồng chí mở lại từ trang hội nghị. (this path is over)')

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return
  response.writeHead(status, headers)
  response.end(request.method === 'HEAD' ? undefined : body)
}
function textAnswer(
  request: IncomingMessage,
  file: string,
  made: Text,
  open: readonly string[],
  seconds: number,
): Answer {
  const { body, zipped, etag } = made
  const headers = [
    ...['content-type', file.endsWith('.m3u8') ? 'application/vnd.apple.mpegurl' : 'application/jsonl; charset=utf-8'],
    ...['cache-control', `public, max-age=${seconds}`, 'etag', etag, 'vary', 'accept-encoding'],
    ...[
      'x-content-type-options',
      'nosniff',
      'cross-origin-resource-policy',
      open.length > 0 ? 'cross-origin' : 'same-origin',
    ],
    ...open,
  ]
  if (request.headers['if-none-match'] === etag) return { status: 304, headers }
  const takesZip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const bytes = takesZip ? zipped : body
  headers.push('content-length', String(bytes.length))
  if (takesZip) headers.push('content-encoding', 'gzip')
  return { status: 200, headers, body: bytes }
}

function sendBytes(request: IncomingMessage, response: ServerResponse, body: Buffer, headers: readonly string[]) {
  const range = rangeOf(request.headers.range, body.length)
  if (range === 'beyond') return send(request, response, beyond(body.length, headers))
  const part = range ? body.subarray(range.from, range.to + 1) : body
  send(request, response, {
    status: range ? 206 : 200,
    headers: [
      ...headers,
      'content-length',
      String(part.length),
      ...(range ? ['content-range', said(range, body.length)] : []),
    ],
    body: part,
  })
}
/** What left the window: a recording is read from the disk. */
async function sendFile(request: IncomingMessage, response: ServerResponse, file: string, headers: readonly string[]) {
  const { size } = await fs.stat(file)
  const range = rangeOf(request.headers.range, size)
  if (range === 'beyond') return send(request, response, beyond(size, headers))
  const { from, to } = range ?? { from: 0, to: size - 1 }
  response.writeHead(range ? 206 : 200, [
    ...headers,
    ...['content-length', String(to - from + 1)],
    ...(range ? ['content-range', said(range, size)] : []),
  ])
  if (request.method === 'HEAD' || size === 0) return void response.end()
  const stream = createReadStream(file, { start: from, end: to })
  stream.on('error', () => response.destroy())
  response.on('close', () => stream.destroy())
  stream.pipe(response)
}
type Range = { from: number; to: number }
const said = ({ from, to }: Range, size: number) => `bytes ${from}-${to}/${size}`
const beyond = (size: number, headers: readonly string[]): Answer => ({
  status: 416,
  headers: [...headers, 'content-range', `bytes */${size}`, 'content-length', '0'],
})
/** One plain range; several at once are answered whole, as any server may. */
function rangeOf(header: string | undefined, size: number): Range | 'beyond' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last))
  return from > to || from >= size ? 'beyond' : { from, to }
}
