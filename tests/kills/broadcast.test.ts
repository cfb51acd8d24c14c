// What an audience notices when parts of the broadcast are killed: one page with a player, a real server, a real encoder. The encoder, the
// process that makes the programme and the server are killed with -9 in turn; the same addresses go on.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type net from 'node:net'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium, type Page } from '@playwright/test'
import * as hls from 'hls-parser'
import { findChromium } from '../../scripts/chromium.ts'
import { foundCampaign, WholeCampaign } from '../../src/apps/cli/campaignForm.ts'
import { importKindsOf } from '../../src/apps/server/features.ts'
import { faultsOf, readIndex } from '../../src/features/broadcast/playlists.ts'
import { rungNames } from '../../src/features/broadcast/rules.ts'
import { listRecordings } from '../../src/features/broadcast/server/index.ts'
import { machine } from '../../src/platform/rights.ts'
import { runImport } from '../../src/platform/server/imports/index.ts'
import { perform } from '../../src/platform/server/operate.ts'
import { isAlive } from '../../src/platform/server/processes.ts'
import { isBusy } from '../fixtures/busy.ts'
import { freePort } from '../fixtures/freePort.ts'
import { type OwnServer, openOwnServer, pause } from '../fixtures/ownServer.ts'

const root = path.resolve(import.meta.dirname, '../..')
const ffmpeg = spawnSync('ffmpeg', ['-version']).status === 0
const browserPath = findChromium()
const missing =
  ffmpeg && browserPath ? false : `${ffmpeg ? '' : 'no ffmpeg '}${browserPath ? '' : 'no Chromium'}`.trim()
if (missing && process.env.CI) throw new Error(missing)

const restartFreezeLimitMs = 3_000
const freezeLimitMs = 1_000
const lostLimitMs = 5_000

describe('kill -9 of the broadcast', { skip: missing, concurrency: false }, () => {
  let own: OwnServer
  let sessionId = ''
  let campaignId = ''
  let pages: http.Server
  let browser: Browser
  let page: Page

  const ask = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
    own.withDesk(async ({ pool }) => (await pool.query(sql, values)).rows as T[])
  const base = () => `${own.url}/phat/cong-khai/${sessionId}/`
  const indexNow = () =>
    readIndex(fs.readFileSync(path.join(own.dataDir, 'broadcast', sessionId, 'index.jsonl'), 'utf8'))
  const maker = async () =>
    Number((await ask<{ holder: string }>('select holder from programme'))[0]!.holder.split(' ')[1])
  const encoder = async () => {
    const pid = await maker()
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
    return children.find((child) => fs.readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('ffmpeg'))!
  }
  /** The holes of the programme since a moment, in milliseconds. */
  const lostSince = (sinceRun: number) => {
    const { stretches } = indexNow()
    return stretches.flatMap(({ at, run }, nth) => {
      const before = stretches[nth - 1]
      if (!before || before.run === run || Number(run.split('-')[0]) < sinceRun) return []
      return [Date.parse(at) - Date.parse(before.at) - 1000 * before.seconds]
    })
  }
  const runNow = () => Number(indexNow().stretches.at(-1)!.run.split('-')[0])

  // ── one viewer ─────────────────────────────────────────────────────────────
  type Viewed = { fatal: string[]; longestFreezeMs: number; at: number; errors: string[] }
  const forget = () => page.evaluate('look.longest = 0; look.fatal = []; look.errors = []')
  const viewed = () =>
    page.evaluate<Viewed>(
      '({ fatal: look.fatal, errors: look.errors, longestFreezeMs: Math.round(look.longest), at: look.video.currentTime })',
    )
  async function openViewer() {
    const script = fs.readFileSync(path.join(root, 'node_modules/hls.js/dist/hls.min.js'))
    const html = `<!doctype html><video muted autoplay playsinline width="320"></video><script src="/hls.js"></script><script>
      const video = document.querySelector('video')
      const look = { video, fatal: [], errors: [], longest: 0 }
      const hls = new Hls({ startLevel: 0 })
      // As our own player does: a line that is away is tried again, and what lies in the buffer plays on.
      hls.on(Hls.Events.ERROR, (_, { fatal, details, type }) => {
        const away = fatal && type === Hls.ErrorTypes.NETWORK_ERROR
        if (away) setTimeout(() => hls.startLoad(), 500)
        ;(fatal && !away ? look.fatal : look.errors).push(details)
      })
      hls.loadSource('${base()}master.m3u8')
      hls.attachMedia(video)
      let last = 0, moved = 0
      setInterval(() => {
        const now = performance.now()
        if (video.currentTime !== last || moved === 0) { last = video.currentTime; moved = now }
        else if (last > 0) look.longest = Math.max(look.longest, now - moved)
      }, 40)
    </script>`
    pages = http.createServer((request, response) =>
      request.url === '/hls.js'
        ? response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
        : response.writeHead(200, { 'content-type': 'text/html' }).end(html),
    )
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
    browser = await chromium.launch({
      executablePath: browserPath!,
      args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
    })
    page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(pages.address() as net.AddressInfo).port}/`)
    await own.until('the picture moves', async () => (await viewed()).at > 2)
  }

  before(async () => {
    own = await openOwnServer('broadcast', {
      env: { STAGE_INSTALL: 'off', STAGE_PORT: String(await freePort()) },
    })
    await own.withDesk(async (desk) => {
      const now = new Date()
      const actor = machine(0)
      const file = {
        bytes: Buffer.from('Mã đơn vị,Mã cấp trên,Tên đơn vị,Loại\nT,,Đảng bộ tỉnh,Tỉnh\n'),
        fileName: 'don-vi.csv',
      }
      await runImport(desk, importKindsOf(desk), { kind: 'don-vi', file, options: {}, actor, now })
      const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString()
      const topics = [{ title: 'Chuyên đề', deliverMinutes: 60, questionMinutes: 30 }]
      const sessions = [{ code: 'B1', startsAt: at(-1), endsAt: at(3), topics, audience: 'public' }]
      const conferences = [{ code: 'HN', name: 'Hội nghị toàn tỉnh', purpose: 'study', sessions }]
      const form = WholeCampaign.parse({ code: 'dot', name: 'Học tập', scopeUnit: { code: 'T' }, conferences })
      await foundCampaign(desk, form, { actor, now })
      campaignId = (await desk.pool.query('select id from campaign')).rows[0].id
      sessionId = (await desk.pool.query(`update conference_session set audience = 'public' returning id`)).rows[0].id
      await desk.pool.query(
        `insert into stage (session_id, conference_id, room, state, opened_at, on_air_at, source)
         select id, conference_id, 'buoi-' || id, 'onAir', now(), now(), $1 from conference_session`,
        [JSON.stringify({ kind: 'slate', words: 'Xin chờ trong ít phút' })],
      )
    })
    await own.start()
    await own.until('there is a programme to play', async () => indexNow().stretches.length >= 5)
    await openViewer()
  })
  after(async () => {
    await browser?.close()
    pages?.close()
    const pid = await maker().catch(() => 0)
    await own?.leave()
    if (pid && isAlive(pid)) process.kill(pid, 'SIGKILL')
    await own?.close()
  })

  test('of the encoder: she sees no freeze of a second, and at most five seconds are lost', async () => {
    await forget()
    const run = runNow()
    process.kill(await encoder(), 'SIGKILL')
    await pause(14_000)
    const { fatal, longestFreezeMs } = await viewed()
    const lost = lostSince(run + 1)
    console.log(`encoder killed: longest freeze ${longestFreezeMs} ms, lost ${lost} ms`)
    assert.deepEqual(fatal, [])
    assert.equal(lost.length, 1)
    assert.ok(lost[0]! <= lostLimitMs, `${lost} ms`)
    assert.ok(longestFreezeMs <= freezeLimitMs || isBusy(), `${longestFreezeMs} ms`)
    await listsHold()
  })

  test('of the process that makes the programme: another goes on in the same list', async () => {
    await forget()
    const run = runNow()
    const pid = await maker()
    process.kill(pid, 'SIGKILL')
    await own.until('somebody else makes it', async () => (await maker()) !== pid && runNow() > run)
    await pause(8_000)
    const { fatal, longestFreezeMs, at } = await viewed()
    console.log(`programme process killed: longest freeze ${longestFreezeMs} ms, lost ${lostSince(run + 1)} ms`)
    assert.deepEqual(fatal, [])
    await own.until('the picture moves on', async () => (await viewed()).at > at)
    await listsHold()
  })

  test('of the server itself: the programme is made meanwhile, and no viewer hears of it', async () => {
    await forget()
    const run = runNow()
    const pid = await maker()
    const before = indexNow().stretches.length
    await own.kill()
    await pause(500)
    await own.start()
    await pause(10_000)
    const { fatal, longestFreezeMs, errors } = await viewed()
    console.log(`server killed: longest freeze ${longestFreezeMs} ms, errors mended ${errors.length}`)
    assert.deepEqual(fatal, [])
    // The server takes about two seconds to come back, and what a viewer has kept lasts a little longer or a little less.
    assert.ok(longestFreezeMs <= restartFreezeLimitMs || isBusy(), `${longestFreezeMs} ms`)
    assert.equal(await maker(), pid, 'the same process goes on')
    assert.equal(runNow(), run, 'without a break')
    assert.ok(indexNow().stretches.length >= before + 4)
    await listsHold()
  })

  test('and when the session ends, the whole of it is a recording', async () => {
    await ask(`update stage set state = 'ended', ended_at = now()`)
    await own.until('it is over', async () => indexNow().endedAt !== undefined)
    await own.until('the list says so', async () =>
      (await (await fetch(`${base()}p480.m3u8`)).text()).includes('#EXT-X-ENDLIST'),
    )
    const { recordings } = await own.withDesk((desk) =>
      perform(desk, listRecordings, { actor: machine(0), now: new Date(), input: { campaignId } }),
    )
    await own.until(
      'the state says so',
      async () => (await ask<{ state: string }>('select state from programme'))[0]!.state === 'ended',
    )
    assert.equal(recordings[0]!.runs, 3)
    const whole = hls.parse(await (await fetch(`${base()}p720-tu-dau.m3u8`)).text())
    assert.ok(!whole.isMasterPlaylist && whole.endlist)
    assert.equal(whole.segments.filter(({ discontinuity }) => discontinuity).length, 2)
    const probed = spawnSync('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_name',
      '-of',
      'csv=p=0',
      recordings[0]!.file,
    ])
    assert.equal(probed.stderr.toString(), '')
    assert.match(probed.stdout.toString(), /h264[\s\S]*aac/)
  })

  /** A stretch may come between two of them: then all are read again, and what is wrong in truth is wrong every time. */
  async function listsHold() {
    for (const extent of ['', '-tu-dau']) {
      let faults: string[] = ['']
      for (let left = 5; left > 0 && faults.length > 0; left--) {
        const lists: Record<string, string> = {}
        for (const rung of rungNames) lists[rung] = await (await fetch(`${base()}${rung}${extent}.m3u8`)).text()
        faults = faultsOf(lists)
      }
      assert.deepEqual(faults, [])
    }
  }
})
