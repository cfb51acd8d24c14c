// What the media server tells of itself: signed over its very bytes, out of order, sometimes twice, sometimes not at all.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MediaNews } from '../server/mediaServer.ts'
import { isSignedNews, type MediaKey, sourceOf } from './pass.ts'

export const newsPath = '/media-news'
const mostBytes = 262_144

const whatHappened: Record<string, MediaNews['what']> = {
  participant_joined: 'joined',
  participant_left: 'left',
  participant_connection_aborted: 'left',
  track_published: 'published',
  track_unpublished: 'unpublished',
}
type Hook = {
  event?: string
  createdAt?: string | number
  room?: { name?: string }
  participant?: { identity?: string }
  track?: { source?: string }
}
/**
 * `undefined` for news that nobody here needs. Its body also holds a password of the room: it is never logged.
 * It tells whole seconds only: taken as their end, so that nobody who came back within one is older than her leaving.
 */
export function readNews(body: Buffer, now: Date): MediaNews | undefined {
  const hook = JSON.parse(body.toString()) as Hook
  const what = whatHappened[hook.event ?? '']
  const room = hook.room?.name
  const identity = hook.participant?.identity
  if (!what || !room || !identity) return undefined
  const source = sourceOf(hook.track?.source ?? '')
  return {
    room,
    identity,
    what,
    ...(source ? { source } : {}),
    at: new Date(Math.min(now.getTime(), Number(hook.createdAt) * 1000 + 999)),
  }
}

/** `true` when the request was news; it is answered at once, and told afterwards. */
export function takeNews(
  key: MediaKey,
  request: IncomingMessage,
  response: ServerResponse,
  tell: (news: MediaNews) => void,
): boolean {
  if (request.url !== newsPath) return false
  const answer = (status: number) => void response.writeHead(status, { 'cache-control': 'no-store' }).end()
  if (request.method !== 'POST') {
    answer(405)
    return true
  }
  const parts: Buffer[] = []
  let size = 0
  request.on('error', () => response.destroy())
  request.on('data', (part: Buffer) => {
    size += part.length
    if (size <= mostBytes) parts.push(part)
    else if (!response.headersSent) answer(413)
  })
  request.on('end', () => {
    if (response.headersSent) return
    const body = Buffer.concat(parts)
    if (!isSignedNews(key, body, request.headers.authorization ?? '', new Date())) return answer(401)
    try {
      const news = readNews(body, new Date())
      answer(200)
      if (news) tell(news)
    } catch {
      answer(400)
    }
  })
  return true
}
