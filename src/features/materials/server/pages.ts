// Page images under signed paths: /trang/<sign>/<version>/<page>.webp. A slide is asked for by 95,000 in one second, so a page
// that is being looked at lies in memory with its headers made, and its path is judged once.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Desk } from '../../../platform/server/desk.ts'
import { readStoredFile } from '../../../platform/server/files.ts'
import { judgePath, pathUntil, signPath } from '../../../platform/server/signedPath.ts'
import { folderOf } from './folder.ts'
import * as store from './store.ts'

export type Audience = 'public' | 'members' | 'internal'
const openSign = 'cong-khai'
const what = (versionId: string) => `trang ${versionId}`

/** `${prefix}${page}.webp`, `${prefix}${page}-640.webp`. Public pages have a path that stays; the others' is over within twelve hours. */
export function pagePrefix(
  desk: Pick<Desk, 'secret' | 'config'>,
  versionId: string,
  audience: Audience,
  now: Date,
): string {
  const sign = audience === 'public' ? openSign : signPath(desk.secret, what(versionId), now).sign
  return `${desk.config?.mediaBaseUrl ?? ''}/trang/${sign}/${versionId}/`
}

const address = /^\/trang\/([\w-]{4,60})\/([0-9a-f-]{36})\/([1-9]\d{0,3})(-640)?\.webp$/
const rememberedBytes = 64 * 1024 * 1024
const rememberedSigns = 5_000
/** How long a page is not asked about again: taken away means gone within this time. */
const freshMs = 15_000

type Page = { body: Buffer; etag: string; open: boolean; askedAt: number }
type Told = { status: number; words: string }

/** Answers what is under /trang/, and nothing else. */
export function pageServer(
  desk: Desk,
  fault: (error: unknown) => void = () => {},
  clock: () => Date = () => new Date(),
) {
  const pages = new Map<string, Page>()
  const coming = new Map<string, Promise<Page | Told>>()
  const signs = new Map<string, ReturnType<typeof judgePath>>()
  let remembered = 0
  const ownOrigin = desk.config?.mediaBaseUrl ? new URL(desk.baseUrl).origin : undefined

  const remember = (key: string, page: Page) => {
    forget(key)
    pages.set(key, page)
    remembered += page.body.length
    for (const [oldest] of pages) {
      if (remembered <= rememberedBytes) break
      forget(oldest)
    }
  }
  const forget = (key: string) => {
    remembered -= pages.get(key)?.body.length ?? 0
    pages.delete(key)
  }
  const judge = (sign: string, versionId: string, now: Date) => {
    // The epoch is in the sign: what was good is judged anew when the hours are over.
    const key = `${sign} ${versionId} ${Math.floor(now.getTime() / 60_000)}`
    const known = signs.get(key)
    if (known) return known
    if (signs.size > rememberedSigns) signs.clear()
    const verdict = judgePath(desk.secret, what(versionId), sign, now)
    signs.set(key, verdict)
    return verdict
  }
  const bring = (key: string, versionId: string, page: number, small: boolean): Promise<Page | Told> => {
    const already = coming.get(key)
    if (already) return already
    const mine = readPage(versionId, page, small)
      .then((found) => {
        if ('body' in found) remember(key, found)
        else forget(key)
        return found
      })
      .finally(() => coming.delete(key))
    coming.set(key, mine)
    return mine
  }
  const readPage = async (versionId: string, page: number, small: boolean): Promise<Page | Told> => {
    const found = await store.pageToServe(desk.db, versionId, page)
    if (!found) return { status: 404, words: 'Không có trang này. (no such page)' }
    if (found.gone) return { status: 410, words: 'Tài liệu này đã được gỡ. (this material was taken away)' }
    const fileId = small ? found.smallFileId : found.fileId
    const body = await readStoredFile(folderOf(desk), fileId)
    if (!body) return { status: 404, words: 'Không còn trang này. (the page is gone)' }
    return { body, etag: `"${fileId.slice(0, 22)}"`, open: found.open, askedAt: clock().getTime() }
  }

  function send(request: IncomingMessage, response: ServerResponse, page: Page, sign: string, now: Date) {
    const isOpen = sign === openSign
    const seconds = isOpen ? 31_536_000 : Math.max(0, Math.floor((pathUntil(sign).getTime() - now.getTime()) / 1000))
    const headers = [
      ['content-type', 'image/webp'],
      ['cache-control', `public, max-age=${seconds}, immutable`],
      ['etag', page.etag],
      ['x-content-type-options', 'nosniff'],
      ['cross-origin-resource-policy', isOpen || ownOrigin ? 'cross-origin' : 'same-origin'],
      ...(isOpen
        ? [['access-control-allow-origin', '*']]
        : ownOrigin
          ? [['access-control-allow-origin', ownOrigin]]
          : []),
    ].flat()
    if (request.headers['if-none-match'] === page.etag) return void response.writeHead(304, headers).end()
    response.writeHead(200, [...headers, 'content-length', String(page.body.length)])
    response.end(request.method === 'HEAD' ? undefined : page.body)
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = request.url ?? ''
    if (!url.startsWith('/trang/')) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      tell(response, { status: 405, words: 'Chỉ đọc được trang. (pages can only be read)' })
      return true
    }
    const [, sign = '', versionId = '', nth = '', small] = address.exec(url.split('?', 1)[0]!) ?? []
    if (!sign) {
      tell(response, { status: 404, words: 'Không có trang này. (no such page)' })
      return true
    }
    const now = clock()
    const verdict = sign === openSign ? 'good' : judge(sign, versionId, now)
    if (verdict !== 'good') {
      tell(
        response,
        verdict === 'over'
          ? { status: 410, words: 'Đường dẫn này đã hết hạn. Đồng chí mở lại từ trang hội nghị. (this path is over)' }
          : { status: 404, words: 'Không có trang này. (no such page)' },
      )
      return true
    }
    const key = `${versionId}/${nth}${small ?? ''}`
    const page = pages.get(key)
    const answer = (found: Page | Told) =>
      'words' in found || (sign === openSign && !found.open)
        ? tell(response, 'words' in found ? found : { status: 404, words: 'Không có trang này. (no such page)' })
        : send(request, response, found, sign, now)
    if (page && now.getTime() - page.askedAt < freshMs) {
      answer(page)
      return true
    }
    bring(key, versionId, Number(nth), small !== undefined).then(answer, (error) => {
      fault(error)
      // What is in memory is the same picture; the database only says whether it is still there.
      if (page) return answer(page)
      response.setHeader('retry-after', '1')
      tell(response, { status: 503, words: 'Máy chủ đang bận. (busy)' })
    })
    return true
  }
}

function tell(response: ServerResponse, { status, words }: Told) {
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(words),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(words)
}
