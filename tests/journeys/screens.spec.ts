// Every screen there is, in paper and in the dark, on a desk and on a phone, in both languages: axe has nothing to say.
// It walks the routes as the source names them, over the campaign that the journey before has left behind.
import fs from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { ask, contextOf, freshContext } from './hands.ts'

/** Of the page, for what is asked there. */
declare const document: {
  documentElement: { scrollWidth: number; clientWidth: number }
  fonts: { ready: Promise<unknown> }
}
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]
const colours = ['light', 'dark'] as const
type Who = 'admin' | 'organiser' | 'keeper' | 'secretary' | 'member' | 'director' | 'speaker' | 'watcher' | 'nobody'
const people: Record<Who, BrowserContext> = {} as never
/** What the journey of the live session has left behind. */
const liveCode = 'truc-tuyen'
const filled: Record<string, string> = { tab: 'diem-danh', token: 'khong-con-dung', code: 'BCFGHJKL' }

/** The paths of all routes, read from where they are declared, so that a new one is walked without being told. */
function routes(): string[] {
  const folders = fs.readdirSync('src/features').map((feature) => `src/features/${feature}/web`)
  const files = [
    ...folders.map((folder) => `${folder}/index.ts`),
    ...fs.readdirSync('src/apps/web').map((name) => `src/apps/web/${name}`),
  ]
  const sources = files
    .filter((file) => /\.tsx?$/.test(file) && fs.existsSync(file))
    .map((file) => fs.readFileSync(file, 'utf8'))
  return [
    ...new Set(sources.flatMap((source) => [...source.matchAll(/\bpath: '(\/[^']*)'/g)].map(([, path]) => path!))),
  ].sort()
}
const whoSees = (path: string): Who =>
  /^\/(tai-khoan|nhat-ky)/.test(path)
    ? 'admin'
    : /^\/(diem-cau|man-hinh)/.test(path)
      ? 'keeper'
      : /^\/chi-bo/.test(path)
        ? 'secretary'
        : /^\/toi\/hop/.test(path)
          ? 'watcher'
          : /^\/toi/.test(path)
            ? 'member'
            : /^\/(dieu-khien|dieu-hanh)/.test(path)
              ? 'director'
              : /^\/buc/.test(path)
                ? 'speaker'
                : /^\/(vao|dang-nhap|thiet-lap|thong-bao)/.test(path)
                  ? 'nobody'
                  : 'organiser'
const fill = (path: string): string =>
  path.replace(/\$(\w+)/g, (_, name: string) => {
    if (!filled[name]) throw new Error(`${path}: nobody has said what $${name} is; put it into «filled»`)
    return filled[name]
  })

test.beforeAll(async ({ browser }) => {
  people.nobody = await freshContext(browser)
  people.admin = await contextOf(browser, '--user', 'quan.tri')
  people.organiser = await contextOf(browser, '--user', 'tuyen.giao')
  people.keeper = await contextOf(browser, '--user', 'phu.trach')
  people.secretary = await contextOf(browser, '--user', 'bi.thu')
  people.director = await contextOf(browser, '--user', 'dao.dien')
  people.speaker = await contextOf(browser, '--user', 'bao.cao')
  people.watcher = await contextOf(browser, '--person', 'C1-02', '--campaign', liveCode)
  const page = await people.organiser.newPage()
  const first = async <T>(operation: string, input: unknown, list: string): Promise<T> =>
    ((await ask(page, operation, input))[list] as T[])[0]!
  const { campaigns } = await ask<{ campaigns: { campaignId: string; code: string }[] }>(page, 'campaigns.list')
  const { campaignId, code } = campaigns.find((one) => one.code !== liveCode)!
  people.member = await contextOf(browser, '--person', 'C1-02', '--campaign', code)
  const live = await ask<{ rows: { conferenceId: string }[] }>(page, 'conferences.list', {
    campaignId: campaigns.find((one) => one.code === liveCode)!.campaignId,
  })
  const { sessions } = await ask<{ sessions: { sessionId: string }[] }>(page, 'conferences.get', {
    conferenceId: live.rows[0]!.conferenceId,
  })
  filled.session = sessions[0]!.sessionId
  const { rows } = await ask<{ rows: { conferenceId: string; code: string }[] }>(page, 'conferences.list', {
    campaignId,
    size: 50,
  })
  filled.conference = rows.find(({ code }) => code === 'HN1')!.conferenceId
  filled.makeup = rows.find(({ code }) => code.startsWith('HB'))?.conferenceId ?? ''
  const { rows: halls } = await ask<{ rows: { siteId: string; code: string }[] }>(page, 'sites.listConferenceSites', {
    conferenceId: filled.conference,
    size: 50,
  })
  filled.site = halls.find(({ code }) => code === 'DC1')!.siteId
  filled.checkpoint = (
    await first<{ checkpointId: string }>(
      'attendance.listCheckpoints',
      { conferenceId: filled.conference },
      'checkpoints',
    )
  ).checkpointId
  const { units } = await ask<{ units: { unitId: string }[] }>(page, 'organisation.findUnits', {
    text: 'Chi bộ thôn Nam',
  })
  filled.unitId = units[0]!.unitId
  filled.run = (await first<{ runId: string }>('imports.runs', { size: 10 }, 'rows')).runId
  await page.close()
})
test.afterAll(async () => {
  for (const context of Object.values(people)) await context.close()
})

for (const path of routes())
  test(`axe has nothing to say about ${path}`, async () => {
    const page = await people[whoSees(path)].newPage()
    try {
      await page.goto(fill(path))
      for (const language of ['vi', 'en'] as const) {
        if (language === 'en') {
          await page.evaluate(() => localStorage.setItem('diem-cau.language', 'en'))
          await page.reload()
        }
        await settled(page)
        for (const size of sizes) {
          await page.setViewportSize(size)
          // In English one colour is enough: the words differ, the paint does not.
          for (const colour of language === 'vi' ? colours : (['light'] as const)) {
            await page.emulateMedia({ colorScheme: colour, reducedMotion: 'reduce' })
            expect.soft(await complaints(page), `${path} ${language} ${size.width} ${colour}`).toEqual([])
          }
        }
        expect.soft(await overflow(page), `${path} ${language}: wider than a phone`).toBeLessThanOrEqual(0)
      }
    } finally {
      await page.evaluate(() => localStorage.removeItem('diem-cau.language')).catch(() => {})
      await page.close()
    }
  })

/** Shown, with what it asked for: nothing is being fetched but the live line. */
async function settled(page: Page) {
  // A heading that still waits for its words is grey and says nothing.
  await expect(page.locator('h1').first()).toHaveText(/\S/, { timeout: 15_000 })
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0, { timeout: 15_000 })
  await page.evaluate(() => document.fonts.ready.then(() => true))
}
async function complaints(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  )
}
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
