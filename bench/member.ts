// A member's live page on a thin line: how much code comes before she presses play, how long until the first sound at 400 kbit/s with
// 200 ms, what a minute of sound and slides costs at 64 kbit/s, and how long it is silent when a good line becomes a bad one.
import fs from 'node:fs'
import http from 'node:http'
import type net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { type CDPSession, chromium, type Page } from '@playwright/test'
import { findChromium } from '../scripts/chromium.ts'
import { buildWeb } from '../src/apps/server/web.ts'
import { pageFor } from '../src/platform/pages.ts'
import { type Case, tell } from './conditions.ts'
import { makeStream, type Stream } from './load/member/stream.ts'

const budget = { codeBytes: 150 * 1024, firstSoundMs: 7_000, soundBitsPerSecond: 64_000, silentMs: 10_000 }
const web = path.resolve(import.meta.dirname, '../data/web')
const sessionId = '0198c0de-0000-7000-8000-000000000001'
const streamSeconds = 300
/** Half a minute of programme is there before anybody comes. */
const aheadSeconds = 40
const slideBytes = 40_000

const executablePath = findChromium()
if (!executablePath) throw new Error('The member bench needs Chromium: install it or set CHROMIUM to its path.')
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-member-'))

/** Everything the page brings by itself: from the manifest of the build, not from a browser's cache. */
function code() {
  const manifest: Record<string, { file: string; imports?: string[]; css?: string[] }> = JSON.parse(
    fs.readFileSync(path.join(web, '.vite/manifest.json'), 'utf8'),
  )
  const seen = new Set<string>()
  const take = (key: string) => {
    if (seen.has(key)) return
    seen.add(key)
    for (const next of manifest[key]?.imports ?? []) take(next)
  }
  take('live.html')
  // These two come by themselves right after it.
  take('src/features/broadcast/web/Live.tsx')
  take('src/features/attendance/web/MyPresence.tsx')
  const bytesOf = (files: Iterable<string>) =>
    [...files].reduce((sum, file) => sum + gzipSync(fs.readFileSync(path.join(web, file)), { level: 9 }).length, 0)
  const files = [...seen].flatMap((key) => manifest[key]?.file ?? [])
  const bytes = bytesOf(files)
  const style = bytesOf(new Set([...seen].flatMap((key) => manifest[key]?.css ?? [])))
  return row(
    'code',
    files.length,
    bytes <= budget.codeBytes,
    { gzippedBytes: bytes, styleBytes: style },
    '≤ 150 kB gzipped',
  )
}

type Line = { kbits: number; delayMs: number } | undefined
type Thing = { page: Page; setLine: (line: Line) => Promise<void>; bytes: () => number; address: string }
const fair = { kbits: 400, delayMs: 200 }
const thin = { kbits: 64, delayMs: 200 }

async function firstSound({ page, setLine, bytes, address }: Thing) {
  await setLine(fair)
  const openedAt = performance.now()
  await page.goto(address)
  const play = page.getByRole('button', { name: 'Xem trực tiếp' })
  await play.waitFor({ timeout: 60_000 })
  const pageMs = performance.now() - openedAt
  const pageBytes = bytes()
  await play.click()
  const pressedAt = performance.now()
  await sounds(page)
  const firstSoundMs = performance.now() - pressedAt
  await page.waitForTimeout(30_000)
  const { gaps, width } = await seen(page)
  return row(
    'start',
    1,
    firstSoundMs <= budget.firstSoundMs && width > 0,
    {
      firstSoundMs: Math.round(firstSoundMs),
      pageMs: Math.round(pageMs),
      pageBytes,
      frozenMs: sum(gaps),
      pictureWidth: width,
    },
    `first sound ≤ ${budget.firstSoundMs / 1000} s after the press`,
  )
}
async function soundAndSlides({ page, setLine, bytes, address }: Thing) {
  await page.goto(address)
  await page.getByRole('button', { name: 'Chỉ tiếng' }).click()
  await setLine(thin)
  await page.getByRole('button', { name: 'Nghe trực tiếp' }).click()
  const pressedAt = performance.now()
  await sounds(page)
  const firstSoundMs = performance.now() - pressedAt
  await page.waitForTimeout(10_000)
  const before = bytes()
  await page.evaluate('globalThis.frozen.length = 0')
  await page.waitForTimeout(60_000)
  const bytesPerMinute = bytes() - before
  const { gaps } = await seen(page)
  return row(
    'sound',
    1,
    (bytesPerMinute * 8) / 60 <= budget.soundBitsPerSecond && sum(gaps) <= 1_000,
    {
      bytesPerMinute,
      kbitsPerSecond: Math.round((bytesPerMinute * 8) / 6_000) / 10,
      firstSoundMs: Math.round(firstSoundMs),
      frozenMs: sum(gaps),
    },
    '≤ 64 kbit/s with a slide a minute, frozen ≤ 1 s',
  )
}
async function fall({ page, setLine, address }: Thing) {
  await page.goto(address)
  await page.getByRole('button', { name: 'Xem trực tiếp' }).click()
  await sounds(page)
  await page.waitForTimeout(8_000)
  await setLine(thin)
  await page.getByText('Mạng yếu').waitFor({ timeout: 60_000 })
  await page.waitForTimeout(20_000)
  const { gaps, width } = await seen(page)
  return row(
    'fall',
    1,
    sum(gaps) <= budget.silentMs && width === 0,
    { silentMs: sum(gaps), longestMs: Math.max(0, ...gaps) },
    `picture given up, silent ≤ ${budget.silentMs / 1000} s in all`,
  )
}
const row = (name: string, n: number, pass: boolean, numbers: Record<string, unknown>, held: string) => ({
  result: { bench: 'member', case: name, pass, n, ...numbers },
  budget: held,
})
const sum = (all: number[]) => all.reduce((one, other) => one + other, 0)

/** A fresh browser a case, with a line that can be made thin. */
async function onALine(port: number, does: (it: Thing) => Promise<ReturnType<typeof row>>) {
  const browser = await chromium.launch({
    executablePath: executablePath as string,
    args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: 'vi-VN' })
    await page.addInitScript(listening)
    const cdp: CDPSession = await page.context().newCDPSession(page)
    await cdp.send('Network.enable')
    let bytes = 0
    cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    const setLine = async (line: Line) => {
      const perSecond = line ? (line.kbits * 1000) / 8 : -1
      await cdp.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: line?.delayMs ?? 0,
        downloadThroughput: perSecond,
        uploadThroughput: perSecond,
      })
    }
    return await does({ page, setLine, bytes: () => bytes, address: `http://127.0.0.1:${port}/toi/hop/${sessionId}` })
  } finally {
    await browser.close()
  }
}
/** Notes every pause of the sound longer than 400 ms, as the ear would notice it. */
const listening = `
  globalThis.frozen = []
  let time = -1
  let at = 0
  setInterval(() => {
    const media = document.querySelector('video')
    const now = performance.now()
    if (!media || media.paused || media.currentTime === time) return
    // The jump to the newest is no sound yet; what moves on by itself is.
    if (time > 0 && media.currentTime - time < 1 && media.currentTime > time) globalThis.heard = true
    if (globalThis.heard && now - at > 400) frozen.push(Math.round(now - at))
    time = media.currentTime
    at = now
  }, 50)`
const sounds = (page: Page) => page.waitForFunction('globalThis.heard', null, { timeout: 90_000, polling: 50 })
const seen = (page: Page): Promise<{ gaps: number[]; width: number }> =>
  page.evaluate('({ gaps: frozen, width: document.querySelector("video")?.videoWidth ?? 0 })')

/** The built page, a session for the public, and the stream: what a viewer without a name is given. */
async function serve(stream: Stream, beganAt: Date): Promise<{ port: number; close: () => void }> {
  const base = `/phat/cong-khai/${sessionId}/`
  const deck = { versionId: sessionId, prefix: '/trang/x/', pages: 300, width: 1280, height: 720 }
  const news = { state: 'running', because: '', beganAt: beganAt.toISOString(), behindSeconds: 8 }
  const picture = fs.readFileSync(await drawSlide())
  const answers: Record<string, () => unknown> = {
    'access/me': () => ({
      kind: 'nobody',
      name: '',
      pinSet: false,
      rooms: [],
      grants: [],
      demo: false,
      locale: 'vi',
      needsTotp: false,
      totpEnrolled: false,
    }),
    'broadcast/watch': () => ({
      ...news,
      ...{ master: `${base}master.m3u8`, audio: `${base}tieng.m3u8`, timeline: `${base}timeline.jsonl`, decks: [deck] },
      ...{ conferenceId: sessionId, conferenceName: 'Hội nghị học tập', sessionName: 'Buổi sáng', audience: 'public' },
      ...{
        startsAt: beganAt.toISOString(),
        endsAt: new Date(+beganAt + 7_200_000).toISOString(),
        serverTime: new Date().toISOString(),
      },
    }),
  }
  /** A page a minute, known beforehand. */
  const timeline = Array.from({ length: 30 }, (_, minute) =>
    JSON.stringify({
      kind: 'slide',
      at: new Date(+beganAt + minute * 60_000).toISOString(),
      versionId: deck.versionId,
      page: minute + 1,
    }),
  ).join('\n')
  const server = http.createServer((request, response) => {
    request.resume()
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    const send = (body: string | Buffer, mediaType: string, more: http.OutgoingHttpHeaders = {}) =>
      response.writeHead(200, { 'content-type': mediaType, ...more }).end(body)
    const answer = answers[pathname.replace('/api/', '')]
    if (answer) return send(JSON.stringify(answer()), 'application/json')
    if (pathname.startsWith('/live/')) {
      if (pathname.endsWith('state.json'))
        return send(JSON.stringify({ version: 1, snapshot: news }), 'application/json')
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`id: 1\ndata: ${JSON.stringify(news)}\n\n`)
      return
    }
    if (pathname.startsWith('/trang/'))
      return send(picture, 'image/png', { 'cache-control': 'max-age=31536000, immutable' })
    if (pathname === `${base}timeline.jsonl`) return send(timeline, 'application/x-ndjson')
    if (pathname.startsWith(base)) {
      const found = stream.read(pathname.slice(base.length), new Date())
      if (!found) return response.writeHead(404).end()
      // As the origin does: playlists travel compressed.
      return found.live
        ? send(gzipSync(found.body), found.mediaType, { 'content-encoding': 'gzip' })
        : send(found.body, found.mediaType)
    }
    const file = path.join(web, /\.\w+$/.test(pathname) ? pathname : pageFor(pathname))
    if (!fs.existsSync(file)) return response.writeHead(404).end()
    const mediaType = mediaTypes[path.extname(file)] ?? 'application/octet-stream'
    const squeezed = /\.(js|css|html|svg)$/.test(file)
    const content = fs.readFileSync(file)
    return squeezed
      ? send(gzipSync(content, { level: 9 }), mediaType, { 'content-encoding': 'gzip' })
      : send(content, mediaType)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
const mediaTypes: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}
/** A page of a deck as heavy as a real one at 640 dots: a small picture with its weight behind it. */
async function drawSlide(): Promise<string> {
  const { createCanvas } = await import('@napi-rs/canvas')
  const canvas = createCanvas(640, 360)
  const pen = canvas.getContext('2d')
  pen.fillStyle = '#fffdf8'
  pen.fillRect(0, 0, 640, 360)
  const file = path.join(work, 'slide.png')
  const drawn = canvas.toBuffer('image/png')
  fs.writeFileSync(file, Buffer.concat([drawn, Buffer.alloc(Math.max(0, slideBytes - drawn.length))]))
  return file
}

async function all() {
  await buildWeb()
  const rows: { result: Case; budget: string }[] = []
  try {
    rows.push(code())
    const air = await makeStream(work, streamSeconds, process.env.FFMPEG_PATH || 'ffmpeg')
    const beganAt = new Date(Date.now() - aheadSeconds * 1000)
    const site = await serve(air(beganAt), beganAt)
    try {
      rows.push(await onALine(site.port, firstSound))
      rows.push(await onALine(site.port, soundAndSlides))
      rows.push(await onALine(site.port, fall))
    } finally {
      site.close()
    }
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
  tell(rows, { lines: '400 kbit/s 200 ms, 64 kbit/s 200 ms' })
}
await all()
