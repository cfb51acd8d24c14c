// The pictures of the guides, taken from a demo that runs and plays a live session:
//   npm start -- --demo            and on its first page «Diễn ngay trên máy này», a minute ahead
//   npm run pictures -- http://127.0.0.1:3000
import fs from 'node:fs'
import path from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { findChromium } from './chromium.ts'

const base = process.argv[2] ?? 'http://127.0.0.1:3000'
const folder = path.resolve(import.meta.dirname, '../docs/guide/hinh')
const phone = { width: 390, height: 844 }
const desk = { width: 1440, height: 900 }

type Shot = {
  name: string
  who: string
  size: { width: number; height: number }
  /** From the address that the demo gives this person. */
  at?: (path: string, page: Page) => Promise<string> | string
  before?: (page: Page) => Promise<void>
  waitMs?: number
}
const hallOf = async (page: Page) => {
  const answer = await page.request.post('/api/stage/mine', { data: {} })
  const { halls } = (await answer.json()) as { halls: { siteId: string; conferenceId: string }[] }
  return halls[0]!
}
const shots: readonly Shot[] = [
  { name: 'ban-dieu-phoi', who: 'organiser', size: desk },
  { name: 'dieu-khien', who: 'director', size: desk, waitMs: 14_000 },
  { name: 'dieu-hanh', who: 'moderator', size: desk },
  { name: 'buc', who: 'speaker', size: { width: 1180, height: 820 } },
  {
    name: 'hoi-truong',
    who: 'hall',
    size: phone,
    at: async (_, page) => {
      const { siteId, conferenceId } = await hallOf(page)
      return `/diem-cau/${siteId}/${conferenceId}/hoi-truong`
    },
  },
  {
    name: 'quan-so',
    who: 'hall',
    size: phone,
    at: async (_, page) => {
      const { siteId, conferenceId } = await hallOf(page)
      return `/diem-cau/${siteId}/${conferenceId}/quan-so`
    },
  },
  {
    name: 'man-hinh',
    who: 'hall',
    size: { width: 1280, height: 720 },
    at: async (_, page) => {
      const { siteId, conferenceId } = await hallOf(page)
      return `/man-hinh/${conferenceId}/${siteId}`
    },
    waitMs: 14_000,
  },
  {
    name: 'xem',
    who: 'viewer',
    size: phone,
    before: (page) => page.getByRole('button', { name: 'Xem trực tiếp' }).click(),
    waitMs: 12_000,
  },
  { name: 'trang-cua-toi', who: 'member', size: phone },
]

fs.mkdirSync(folder, { recursive: true })
const executablePath = findChromium()
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
})
for (const shot of shots) {
  const context: BrowserContext = await browser.newContext({
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    baseURL: base,
    viewport: shot.size,
    colorScheme: 'light',
    deviceScaleFactor: shot.size === phone ? 2 : 1,
  })
  const entered = await context.request.post('/api/access/enterAsDemo', { data: { key: shot.who } })
  if (!entered.ok()) throw new Error(`${base} is not a demo that runs: ${entered.status()}`)
  const page = await context.newPage()
  const { path: own } = (await entered.json()) as { path: string }
  await page.goto((await shot.at?.(own, page)) ?? own)
  await page.waitForTimeout(3_000)
  await shot.before?.(page)
  await page.waitForTimeout(shot.waitMs ?? 4_000)
  const file = path.join(folder, `${shot.name}.jpg`)
  await page.screenshot({ path: file, type: 'jpeg', quality: 72 })
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`)
  await context.close()
}
await browser.close()
