import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { atVietnam } from '../../../kernel/time.ts'
import { type Actor, type Grant, machine, nobody } from '../../../platform/rights.ts'
import { stopDocuments } from '../../../platform/server/documents/thread.ts'
import { placeOf } from '../../../platform/server/files.ts'
import { openHttp, serve } from '../../../platform/server/http.ts'
import { openJobs } from '../../../platform/server/jobs.ts'
import { type AnyServed, perform, Refused } from '../../../platform/server/operate.ts'
import { signPath } from '../../../platform/server/signedPath.ts'
import { testDesk } from '../../../platform/server/testing/index.ts'
import * as campaigns from '../../campaigns/server/index.ts'
import * as conferences from '../../conferences/server/index.ts'
import { operations as ofOrganisation, placeOfUnit, rebuildTree } from '../../organisation/server/index.ts'
import { uploadLimitBytes, uploadPath } from '../contract.ts'
import { deckPdf, endlessPdf, lockedPdf, plainPdf, pptxOf, zipOf } from './files.fixture.ts'
import { folderOf } from './folder.ts'
import * as materials from './index.ts'
import { drawFile, fencedIn, usualLimits } from './makePages.ts'
import { findOffice, unfoldsAsSaid } from './office.ts'
import { pageServer } from './pages.ts'
import { forgetRemoved } from './tidy.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
let base: string
let close: () => Promise<void>
const unit: Record<string, string> = {}
const conference: Record<string, string> = {}
const root = machine(0)
const addPerson = ofOrganisation.find(({ it }) => it.name === 'organisation.addPerson')!
const today = atVietnam('2026-11-10', '08:00')
let actorNow: Actor = nobody
let clockNow: Date | undefined

const staff = (name: string, ...grants: Grant[]): Actor => ({
  name: `nv:${name}`,
  kind: 'staff',
  userId: name,
  assurance: 'confirmed',
  grants,
})
const on = (role: Grant['role'], where: string): Grant => ({ role, kind: 'conference', scopeId: conference[where] })
const organiser = () => staff('to-chuc', { role: 'organiser', kind: 'unit', scopeId: unit.T })
const speaker = (name = 'bao-cao-vien') => staff(name, on('speaker', 'hop'))
const member = (personId: string): Actor => ({
  name: 'đv:1',
  kind: 'member',
  personId,
  assurance: 'entered',
  grants: [],
})

// biome-ignore lint/suspicious/noExplicitAny: answers are read as they come
const act = (served: AnyServed, input: unknown, actor: Actor = root, now = today): Promise<any> =>
  perform(desk, served, { actor, now, input })
const refused = (because: string) => (error: unknown) => {
  assert.ok(error instanceof Refused, String(error))
  assert.equal(error.because, because)
  return true
}

before(async () => {
  desk = await testDesk()
  desk.places = { ...campaigns.places, ...conferences.places, unit: placeOfUnit }
  const register = newId()
  await sql`insert into register (id, code, name, created_at) values (${register}, 'so-thu', 'Sổ thử', now())`.execute(
    desk.db,
  )
  for (const [code, name, parent, level] of [
    ['T', 'Đảng bộ tỉnh', undefined, 'Tỉnh'],
    ['H', 'Đảng bộ huyện', 'T', 'Huyện'],
    ['K', 'Đảng bộ huyện khác', 'T', 'Huyện'],
  ] as const) {
    unit[code] = newId()
    await sql`insert into unit (id, register_id, code, created_at) values (${unit[code]}, ${register}, ${code}, now())`.execute(
      desk.db,
    )
    await sql`insert into unit_version (id, unit_id, name, level_id, parent_id, valid_from, recorded_at, recorded_by)
      select ${newId()}, ${unit[code]}, ${name}, l.id, ${parent ? unit[parent] : null}, '2000-01-01', now(), 'thử'
      from level l join level_scheme s on s.id = l.scheme_id and s.code = '2020' where l.name = ${level}`.execute(
      desk.db,
    )
  }
  await desk.db.transaction().execute((tx) => rebuildTree(tx))
  const { campaignId } = await act(campaigns.createCampaign, { scopeUnitId: unit.T, code: 'dot', name: 'Đợt học tập' })
  for (const [name, unitCode, audience, classified] of [
    ['hop', 'T', 'members', false],
    ['mo', 'T', 'public', false],
    ['noi-bo', 'H', 'internal', false],
    ['giay', 'T', 'members', true],
  ] as const) {
    conference[name] = (
      await act(conferences.createConference, {
        campaignId,
        unitId: unit[unitCode],
        code: name,
        name: `Hội nghị ${name}`,
        classified,
        ownDevice: !classified,
        sessions: [
          {
            code: 'B1',
            startsAt: '2026-11-20T07:30:00+07:00',
            endsAt: '2026-11-20T11:30:00+07:00',
            mode: 'local',
            audience,
            topics: [{ title: `Chuyên đề ${name}`, speaker: 'Đ/c', deliverMinutes: 90, questionMinutes: 30 }],
          },
        ],
      })
    ).conferenceId
    await act(conferences.moveState, { conferenceId: conference[name], to: 'approved' })
  }
  const app = await openHttp()
  const who = async () => actorNow
  materials.routes(app, desk, who)
  serve(app, desk, who, materials.operations)
  await app.ready()
  const pages = pageServer(
    desk,
    (fault) => console.error(fault),
    () => clockNow ?? new Date(),
  )
  const server = http.createServer((request, response) => {
    if (!pages(request, response)) app.routing(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await app.close()
  }
})
after(async () => {
  await close()
  await stopDocuments()
  await desk.close()
})

type Sent = {
  status: number
  body: {
    refused?: string
    detail?: Record<string, unknown>
    materialId: string
    versionId: string
    version: number
    again: boolean
  }
}
async function send(
  bytes: Uint8Array,
  fileName: string,
  more: Record<string, string> = {},
  actor: Actor = organiser(),
): Promise<Sent> {
  actorNow = actor
  const form = new FormData()
  for (const [name, value] of Object.entries({ conferenceId: conference.hop!, versionId: newId(), ...more }))
    form.append(name, value)
  form.append('file', new File([bytes as Uint8Array<ArrayBuffer>], fileName))
  const response = await fetch(`${base}${uploadPath}`, { method: 'POST', body: form })
  return { status: response.status, body: (await response.json()) as Sent['body'] }
}
/** Sends, and waits for its pages as the background would make them. */
async function brought(
  bytes: Uint8Array,
  fileName = 'bai.pdf',
  more: Record<string, string> = {},
  actor: Actor = organiser(),
) {
  const { status, body } = await send(bytes, fileName, more, actor)
  assert.equal(status, 200, JSON.stringify(body))
  const made = await materials.makePages(desk, body.versionId, { now: today })
  return { ...body, made, line: await lineOf(body.versionId) }
}
const lineOf = async (versionId: string) => {
  const { rows } = await sql<{
    state: string
    problem: string | null
    detail: Record<string, unknown> | null
    pages: number
    done: number
    kind: string
    seconds: number | null
    file: string
  }>`
    select v.state, v.problem, v.problem_detail as detail, v.pages, v.pages_done as done, m.kind, v.seconds, v.file_id as file
    from material_version v join material m on m.id = v.material_id where v.id = ${versionId}`.execute(desk.db)
  return rows[0]!
}
const diskBytes = () => {
  const folder = folderOf(desk)
  if (!fs.existsSync(folder)) return 0
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0)
}
const hasOffice = findOffice('soffice') !== undefined
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0

describe('a deck of slides', () => {
  test('becomes pages that can be read, large and small, and is in the list with what people called it', async () => {
    const { made, line, versionId } = await brought(await deckPdf('Nghị quyết và việc làm'), 'Bài_giảng số 1.pdf')
    assert.deepEqual([made, line.state, line.kind, line.pages, line.done], ['ready', 'ready', 'slides', 3, 3])
    const { rows, abilities } = await act(
      materials.listMaterials,
      { conferenceId: conference.hop },
      organiser(),
      new Date(),
    )
    const row = rows.find((one: { versionId: string }) => one.versionId === versionId)
    assert.equal(row.title, 'Bài giảng số 1')
    assert.ok(abilities.includes('orderMaterials') && row.mayChange)
    for (const [page, wide] of [
      ['1.webp', 1600],
      ['1-640.webp', 640],
      ['3.webp', 1600],
    ] as const) {
      const response = await fetch(base + row.prefix + page)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'image/webp')
      const image = await loadImage(Buffer.from(await response.arrayBuffer()))
      assert.deepEqual([image.width, image.height], [wide, (wide / 16) * 9])
    }
    const { rows: texts } = await sql<{
      text: string
    }>`select text from material_page where version_id = ${versionId} and page = 1`.execute(desk.db)
    assert.match(texts[0]!.text, /Nghị quyết và việc làm .*Ệ Ặ Ỡ ượ: giữ gìn bí mật nhà nước/)
    const told = await sql<{
      body: { versionId: string }
    }>`select body from event where name = 'materials.pagesReady'`.execute(desk.db)
    assert.ok(told.rows.some(({ body }) => body.versionId === versionId))
  })

  test('its page holds ink where the words are: letters with two marks are drawn, not boxes', async () => {
    const { versionId } = await brought(await deckPdf('Ệ Ặ Ỡ Ữ Ượng'), 'chu.pdf')
    const { path: file } = (await materials.pageFile(desk.db, desk, versionId, 1))!
    const image = await loadImage(fs.readFileSync(file))
    const canvas = createCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 90, 900, 130)
    let dark = 0
    for (let at = 0; at < data.length; at += 4) if (data[at]! < 90) dark++
    assert.ok(dark > 2_000 && dark < 30_000, `${dark} dark dots`)
  })

  test('sent twice with one id is kept once, also when both are on their way', async () => {
    const bytes = await deckPdf('Gửi hai lần')
    const versionId = newId()
    const [one, other] = await Promise.all([send(bytes, 'a.pdf', { versionId }), send(bytes, 'a.pdf', { versionId })])
    const third = await send(bytes, 'a.pdf', { versionId })
    assert.deepEqual([one.status, other.status, third.status], [200, 200, 200])
    assert.equal(one.body.materialId, other.body.materialId)
    assert.equal(third.body.materialId, one.body.materialId)
    assert.deepEqual([one.body.again, other.body.again].sort(), [false, true])
    assert.equal(third.body.again, true)
    assert.equal(await materials.makePages(desk, versionId, { now: today }), 'ready')
    assert.equal(await materials.makePages(desk, versionId, { now: today }), 'elsewhere')
  })

  test('a new version takes the place of the former only when its pages are there', async () => {
    const first = await brought(await deckPdf('Bản một'), 'ban.pdf')
    const second = await send(await deckPdf('Bản hai', 5), 'ban.pdf', { materialId: first.materialId })
    assert.equal(second.body.version, 2)
    const shownNow = async () =>
      (await materials.decksOf(desk.db, desk, conference.hop!, today)).find(
        ({ materialId }) => materialId === first.materialId,
      )
    assert.equal((await shownNow())?.versionId, first.versionId)
    const { rows } = await act(materials.listMaterials, { conferenceId: conference.hop }, organiser())
    const row = rows.find((one: { materialId: string }) => one.materialId === first.materialId)
    assert.deepEqual([row.version, row.state, row.inUse], [2, 'waiting', 1])
    await materials.makePages(desk, second.body.versionId, { now: today })
    assert.deepEqual([(await shownNow())?.versionId, (await shownNow())?.pages], [second.body.versionId, 5])
    assert.equal((await send(await pngOf(), 'anh.png', { materialId: first.materialId })).body.refused, 'otherKind')
  })

  test('the background takes up what is sent, and what a killed run has left', async () => {
    const jobs = await openJobs(desk.databaseUrl, materials.queues)
    desk.jobs = jobs
    try {
      const left = await send(await deckPdf('Bị bỏ dở'), 'do.pdf')
      await sql`update material_version set state = 'working', beat_at = now() - interval '5 minutes' where id = ${left.body.versionId}`.execute(
        desk.db,
      )
      await materials.work(desk, jobs)
      const sent = await send(await deckPdf('Việc nền'), 'nen.pdf')
      const until = Date.now() + 30_000
      const bothReady = async () =>
        (await Promise.all([left, sent].map(({ body }) => lineOf(body.versionId)))).every(
          ({ state }) => state === 'ready',
        )
      while (!(await bothReady()) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 200))
      assert.ok(await bothReady())
    } finally {
      delete desk.jobs
      await (await materials.beside()).stop()
      await jobs.boss.stop({ graceful: false })
    }
  })
})

const pngOf = async () => {
  const canvas = createCanvas(2400, 1200)
  const context = canvas.getContext('2d')
  context.fillStyle = '#8f1d1a'
  context.fillRect(0, 0, 2400, 600)
  return canvas.encode('png')
}

describe('what is not taken', () => {
  test('a paper with a stamp word on page one: nothing is drawn, the file does not stay, and the log says so', async () => {
    for (const stamp of ['MẬT', 'TỐI MẬT', 'TUYỆT MẬT']) {
      const { made, line, versionId } = await brought(await deckPdf(stamp), 'bao-cao.pdf')
      assert.deepEqual(
        [made, line.state, line.problem, line.detail, line.done],
        ['refused', 'refused', 'stampWord', { stamp }, 0],
      )
      assert.equal(fs.existsSync(placeOf(folderOf(desk), line.file)), false)
      const { rows } =
        await sql`select 1 from change_line where operation = 'materials.stampFound' and about ->> 'versionId' = ${versionId}`.execute(
          desk.db,
        )
      assert.equal(rows.length, 1)
      await assert.rejects(act(materials.tryAgain, { versionId }, organiser()), refused('notFailed'))
    }
    assert.equal((await brought(await deckPdf('LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC'), 'luat.pdf')).made, 'ready')
  })
  test('a book of 600 pages, in words that say how many are allowed', async () => {
    const { line } = await brought(plainPdf(600), 'sach.pdf')
    assert.deepEqual([line.state, line.problem, line.detail], ['refused', 'tooManyPages', { pages: 600, limit: 500 }])
  })
  test('a locked, a damaged and a cut-off PDF', async () => {
    assert.equal((await brought(lockedPdf(), 'khoa.pdf')).line.problem, 'encrypted')
    assert.equal((await brought(Buffer.from('%PDF-1.7\nkhông phải PDF'), 'hong.pdf')).line.problem, 'damaged')
    assert.equal(
      (await brought(Buffer.from((await deckPdf('Đứt')).subarray(0, 3000)), 'dut.pdf')).line.problem,
      'damaged',
    )
  })
  test('a page of the web named .pdf, a program, an empty file; nothing of them is left on the disk', async () => {
    const before = diskBytes()
    for (const [bytes, name, because] of [
      [Buffer.from('<!doctype html><script>alert(1)</script>'), 'thong-bao.pdf', 'unknownType'],
      [Buffer.from('MZ\x90\0\x03'), 'bai.pptx', 'unknownType'],
      [Buffer.from(''), 'rong.pdf', 'emptyFile'],
      [zipOf([{ name: 'word/document.xml', bytes: Buffer.from('<x/>') }]), 'bai.pptx', 'unknownType'],
    ] as const) {
      const { status, body } = await send(bytes, name)
      assert.deepEqual([status, body.refused], [409, because], name)
    }
    assert.equal(diskBytes(), before)
  })
  test('a PDF named .png is a PDF, and a picture named .pdf a picture', async () => {
    const pdf = await brought(await deckPdf('Tên sai'), 'bai.png')
    assert.deepEqual([pdf.line.kind, pdf.line.pages], ['slides', 3])
    const picture = await brought(await pngOf(), 'anh.pdf')
    assert.deepEqual([picture.line.kind, picture.line.pages, picture.line.state], ['image', 1, 'ready'])
    const { width, height } = (await materials.deckOf(desk.db, picture.versionId))!
    assert.deepEqual([width, height], [1600, 800])
  })
  test('two gigabytes: refused before a byte is read, and at the limit when nobody said how long it is', async () => {
    actorNow = organiser()
    const before = diskBytes()
    const answered = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const request = http.request(`${base}${uploadPath}`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(2 * 1024 ** 3) },
      })
      request.on('response', (response) => {
        let body = ''
        response.on('data', (part) => (body += part))
        response.on('end', () => {
          resolve({ status: response.statusCode!, body })
          request.destroy()
        })
      })
      request.on('error', reject)
      request.write('--x\r\n')
    })
    assert.equal(answered.status, 409)
    assert.deepEqual(JSON.parse(answered.body), { refused: 'tooBig', detail: { limitBytes: uploadLimitBytes } })

    let sent = 0
    let most = 0
    const head = Buffer.from(
      `${Object.entries({ conferenceId: conference.hop!, versionId: newId() })
        .map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
        .join(
          '',
        )}--x\r\ncontent-disposition: form-data; name="file"; filename="to.pdf"\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.7\n`,
    )
    const part = Buffer.alloc(4 * 1024 * 1024, 0x20)
    const status = await new Promise<string>((resolve) => {
      const request = http.request(`${base}${uploadPath}`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      })
      request.on('response', (response) => {
        let body = ''
        response.on('data', (more) => (body += more))
        response.on('end', () => {
          resolve(body)
          request.destroy()
        })
      })
      request.on('error', () => {})
      request.write(head)
      const more = () => {
        if (request.destroyed || sent >= 2 * 1024 ** 3) return
        sent += part.length
        if (sent % (part.length * 8) === 0) most = Math.max(most, diskBytes() - before)
        if (request.write(part)) setImmediate(more)
        else request.once('drain', more)
      }
      more()
    })
    assert.equal(JSON.parse(status).refused, 'tooBig')
    assert.ok(sent < 1.2 * 1024 ** 3, `${sent} bytes were taken in`)
    assert.ok(most <= uploadLimitBytes + part.length, `${most} bytes lay on the disk`)
    assert.equal(diskBytes(), before)
  })
  test('who is still sending what was refused hears why, and the line serves the next request', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    actorNow = organiser()
    const once = () =>
      new Promise<string>((resolve, reject) => {
        const head = Object.entries({ conferenceId: conference.hop!, versionId: newId() })
          .map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
          .join('')
        const body = Buffer.concat([
          Buffer.from(`${head}--x\r\ncontent-disposition: form-data; name="file"; filename="phim.mp4"\r\n\r\n`),
          Buffer.alloc(40_000_000, 1),
          Buffer.from('\r\n--x--\r\n'),
        ])
        const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(body.length) }
        const request = http.request(`${base}${uploadPath}`, { method: 'POST', agent, headers }, (response) => {
          let text = ''
          response.on('data', (part) => (text += part))
          response.on('end', () => resolve(JSON.parse(text).refused))
        })
        request.on('error', reject)
        request.end(body)
      })
    assert.deepEqual([await once(), await once(), await once()], ['unknownType', 'unknownType', 'unknownType'])
    agent.destroy()
  })
  test('a ZIP that unfolds without end, told or not told by its own list', async () => {
    const long = Buffer.alloc(60_000_000)
    const honest = pptxOf(
      ['Một'],
      Array.from({ length: 8 }, (_, at) => ({ name: `ppt/media/${at}.bin`, bytes: long })),
    )
    assert.deepEqual((await send(honest, 'bom.pptx')).body.refused, 'damaged')
    const lying = pptxOf(['Một'], [{ name: 'ppt/media/a.bin', bytes: long, saidBytes: 100 }])
    const file = path.join(desk.dataDir, 'lying.pptx')
    fs.writeFileSync(file, lying)
    assert.equal(await unfoldsAsSaid(file), false)
    fs.writeFileSync(file, pptxOf(['Một']))
    assert.equal(await unfoldsAsSaid(file), true)
  })
  test('PPTX where there is no LibreOffice: kept nowhere, said in a word', async () => {
    const without = { ...desk, config: { officePath: '/không/có/soffice' } as never }
    async function* source() {
      yield pptxOf(['Một'])
    }
    const before = diskBytes()
    await assert.rejects(
      materials.bring(without, {
        actor: organiser(),
        now: today,
        form: { conferenceId: conference.hop, versionId: newId() },
        fileName: 'a.pptx',
        source: source(),
      }),
      refused('needsOffice'),
    )
    assert.equal(diskBytes(), before)
  })
  test('anything for a conference that holds classified content: paper only', async () => {
    assert.equal(
      (await send(await deckPdf('Giấy'), 'a.pdf', { conferenceId: conference.giay! })).body.refused,
      'paperOnly',
    )
  })
  test('a form without its ids', async () => {
    assert.equal((await send(await deckPdf('Thiếu'), 'a.pdf', { versionId: 'x' })).body.refused, 'badForm')
  })
})

describe('a hostile file', () => {
  test('that draws for ever ends with its child, and the server goes on', async () => {
    const file = path.join(desk.dataDir, 'endless.pdf')
    fs.writeFileSync(file, endlessPdf())
    const began = Date.now()
    const outcome = await drawFile({ file, mediaType: 'application/pdf', pageLimit: 500 }, async () => {}, {
      limits: { ...usualLimits, silenceMs: 3_000 },
    })
    assert.deepEqual(outcome.made === false && outcome.problem, 'tooLong')
    assert.ok(Date.now() - began < 10_000)
  })
  test('that asks for more memory than a file may have ends too', async () => {
    const file = path.join(desk.dataDir, 'wide.pdf')
    fs.writeFileSync(file, endlessPdf())
    const outcome = await drawFile({ file, mediaType: 'application/pdf', pageLimit: 500 }, async () => {}, {
      limits: { ...usualLimits, memoryMb: 60 },
    })
    assert.equal(outcome.made === false && outcome.problem, 'tooLong')
  })
  test('can read nothing else and write nothing: its child has neither the right nor the address of the database', async () => {
    const seen = execFileSync(
      process.execPath,
      [
        ...fencedIn(import.meta.filename, usualLimits),
        '-e',
        `
        const fs = require('node:fs'); const tries = [() => fs.readFileSync('/etc/passwd'), () => fs.writeFileSync('/tmp/x', ''), () => require('node:child_process').execSync('id')];
        console.log(tries.map((one) => { try { one(); return 'did' } catch (error) { return error.code } }).join())`,
      ],
      { env: {}, encoding: 'utf8' },
    )
    assert.equal(seen.trim(), 'ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED')
  })
  test('a picture that says it is a hundred thousand dots wide is not unfolded', async () => {
    const bytes = Buffer.from(await pngOf())
    bytes.writeUInt32BE(100_000, 16)
    bytes.writeUInt32BE(100_000, 20)
    assert.equal((await brought(bytes, 'to.png')).line.problem, 'tooBig')
  })
})

describe('slides and videos', () => {
  test('PPTX becomes pages by LibreOffice', { skip: !hasOffice && 'no LibreOffice on this machine' }, async () => {
    const { line } = await brought(pptxOf(['Chuyên đề một', 'Trang hai']), 'bai.pptx')
    assert.deepEqual([line.state, line.kind, line.pages], ['ready', 'slides', 2])
  })
  test('a stamp word on the first slide of a PPTX is found as well', {
    skip: !hasOffice && 'no LibreOffice on this machine',
  }, async () => {
    assert.equal((await brought(pptxOf(['TỐI MẬT', 'Hai']), 'bai.pptx')).line.problem, 'stampWord')
  })
  test('a video has its length, and a false one is found out', {
    skip: !hasFfmpeg && 'no ffmpeg on this machine',
  }, async () => {
    const file = path.join(desk.dataDir, 'phim.mp4')
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=d=3:s=320x180',
      '-pix_fmt',
      'yuv420p',
      '-y',
      file,
    ])
    const { line, versionId } = await brought(fs.readFileSync(file), 'phim.mp4')
    assert.deepEqual([line.state, line.kind, Math.round(line.seconds ?? 0)], ['ready', 'video', 3])
    const lent = (await materials.fileOf(desk.db, desk, versionId))!
    assert.deepEqual([lent.mediaType, fs.statSync(lent.path).size], ['video/mp4', fs.statSync(file).size])
    assert.equal(
      (await brought(Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom rest is nothing at all'), 'gia.mp4')).line.problem,
      'damaged',
    )
  })
})

describe('who may', () => {
  test('a stranger and a member bring nothing; a speaker of this conference does, of another not', async () => {
    const bytes = await deckPdf('Quyền')
    assert.equal((await send(bytes, 'a.pdf', {}, nobody)).body.refused, 'signIn')
    assert.equal((await send(bytes, 'a.pdf', {}, member(newId()))).body.refused, 'notYours')
    assert.equal((await send(bytes, 'a.pdf', { conferenceId: conference.mo! }, speaker())).body.refused, 'notYours')
    assert.equal((await send(bytes, 'a.pdf', {}, speaker())).status, 200)
  })
  test('a speaker changes what she brought, and nothing else', async () => {
    const hers = await brought(await deckPdf('Của tôi'), 'a.pdf', {}, speaker('mot'))
    const theirs = await brought(await deckPdf('Của ban tổ chức'), 'b.pdf')
    await act(materials.renameMaterial, { materialId: hers.materialId, title: 'Tên mới' }, speaker('mot'))
    for (const who of [speaker('hai'), member(newId())])
      await assert.rejects(
        act(materials.renameMaterial, { materialId: hers.materialId, title: 'x' }, who),
        refused('notYours'),
      )
    await assert.rejects(
      act(materials.removeMaterial, { materialId: theirs.materialId }, speaker('mot')),
      refused('notYours'),
    )
    assert.equal(
      (await send(await deckPdf('Bản hai'), 'b.pdf', { materialId: theirs.materialId }, speaker('mot'))).body.refused,
      'notYours',
    )
    const { rows } = await act(materials.listMaterials, { conferenceId: conference.hop }, speaker('mot'))
    const mayChange = Object.fromEntries(
      rows.map((row: { materialId: string; mayChange: boolean }) => [row.materialId, row.mayChange]),
    )
    assert.deepEqual([mayChange[hers.materialId], mayChange[theirs.materialId]], [true, false])
  })
  test('the order people give is the order everywhere', async () => {
    const one = await brought(await deckPdf('Một'), '1.pdf', { conferenceId: conference.mo! })
    const two = await brought(await deckPdf('Hai'), '2.pdf', { conferenceId: conference.mo! })
    await act(
      materials.orderMaterials,
      { conferenceId: conference.mo, materialIds: [two.materialId, one.materialId] },
      organiser(),
    )
    const decks = await materials.decksOf(desk.db, desk, conference.mo!, today)
    assert.deepEqual(
      decks.map(({ title }) => title),
      ['2', '1'],
    )
  })
  test('a topic is one of the conference itself', async () => {
    const { materialId } = await brought(await deckPdf('Chuyên đề'), 'c.pdf')
    const [ours] = await conferences.sessionsOf(desk.db, conference.hop!)
    const [others] = await conferences.sessionsOf(desk.db, conference.mo!)
    await act(materials.renameMaterial, { materialId, topicId: ours!.topics[0]!.topicId }, organiser())
    await assert.rejects(
      act(materials.renameMaterial, { materialId, topicId: others!.topics[0]!.topicId }, organiser()),
      refused('unknownTopic'),
    )
    assert.equal(
      (await send(await deckPdf('x'), 'x.pdf', { topicId: others!.topics[0]!.topicId })).body.refused,
      'unknownTopic',
    )
  })
  test('what a session shows now stays; afterwards it leaves the lists and its pages stay with the recording', async () => {
    const { materialId, versionId } = await brought(await deckPdf('Đang chiếu'), 'd.pdf')
    const unseen = await brought(await deckPdf('Chưa chiếu'), 'e.pdf')
    const [session] = await conferences.sessionsOf(desk.db, conference.hop!)
    const sessionId = session!.sessionId
    await materials.showMaterial(desk.db, { sessionId, versionId, now: today })
    await materials.showMaterial(desk.db, { sessionId, versionId, now: new Date(+today + 1000) })
    await assert.rejects(act(materials.removeMaterial, { materialId }, organiser()), refused('onAir'))
    await materials.hideMaterials(desk.db, { sessionId, now: new Date(+today + 60_000) })
    await act(materials.removeMaterial, { materialId }, organiser())
    await act(materials.removeMaterial, { materialId: unseen.materialId }, organiser())
    const decks = await materials.decksOf(desk.db, desk, conference.hop!, today)
    assert.equal(
      decks.some((deck) => deck.materialId === materialId),
      false,
    )
    assert.equal((await materials.deckOf(desk.db, versionId))?.pages, 3)
    const get = (id: string) => fetch(`${base}${materials.pagePrefix(desk, id, 'members', new Date())}1.webp`)
    assert.deepEqual([(await get(versionId)).status, (await get(unseen.versionId)).status], [200, 410])
  })
})

describe('the disk', () => {
  test('a month after it was taken away a deck is forgotten, pages and all; what another deck shares with it stays', async () => {
    const before = diskBytes()
    const bytes = await deckPdf('Sẽ quên')
    const one = await brought(bytes, 'a.pdf')
    const twin = await brought(bytes, 'b.pdf')
    const withBoth = diskBytes()
    const month = (days: number) => new Date(+today + days * 86_400_000)
    await act(materials.removeMaterial, { materialId: one.materialId }, organiser())
    assert.equal(await forgetRemoved(desk, month(29)), 0)
    assert.ok((await forgetRemoved(desk, month(31))) >= 1)
    assert.equal((await materials.deckOf(desk.db, one.versionId)) ?? 'forgotten', 'forgotten')
    assert.equal((await materials.deckOf(desk.db, twin.versionId))?.pages, 3)
    assert.ok(fs.existsSync((await materials.pageFile(desk.db, desk, twin.versionId, 2))!.path))
    await act(materials.removeMaterial, { materialId: twin.materialId }, organiser())
    await forgetRemoved(desk, month(62))
    assert.ok(withBoth > before && diskBytes() <= before)
  })
  test('half a file of a killed run is cleared when the server starts; one that is just coming is not', async () => {
    const folder = path.join(folderOf(desk), 'arriving')
    const [old, young] = ['cu', 'moi'].map((name) => path.join(folder, name)) as [string, string]
    for (const file of [old, young]) fs.writeFileSync(file, 'nửa')
    fs.utimesSync(old, new Date(Date.now() - 7_200_000), new Date(Date.now() - 7_200_000))
    await materials.start(desk, new Date())
    assert.deepEqual([fs.existsSync(old), fs.existsSync(young)], [false, true])
    fs.rmSync(young)
  })
})

describe('who may read', () => {
  const person = async (unitCode: string) => {
    const { personId } = await act(addPerson, { fullName: 'Nguyễn Văn An', unitId: unit[unitCode], day: '2020-01-01' })
    await sql`insert into roll (id, campaign_id, person_id, unit_id, unit_version_id, standing, from_at, why)
      select ${newId()}, c.id, ${personId}, u.unit_id, u.version_id, 'inScope', now(), 'fixed' from campaign c join campaign_unit u on u.campaign_id = c.id
      join unit x on x.id = u.unit_id where c.code = 'dot' and x.code = ${unitCode}`.execute(desk.db)
    return personId
  }
  before(async () => {
    await sql`insert into campaign_unit (campaign_id, unit_id, version_id, parent_id, code, name, level_name, level_rank, keeps_names, path, lft, rgt, depth, children)
      select c.id, n.unit_id, v.id, v.parent_id, x.code, v.name, 'x', 1, true, n.path, n.lft, n.rgt, 0, 0
      from campaign c, unit_now n join unit x on x.id = n.unit_id join unit_version v on v.unit_id = n.unit_id where c.code = 'dot' on conflict do nothing`.execute(
      desk.db,
    )
  })
  test('members of the campaign read and take with them; strangers find nothing', async () => {
    const her = member(await person('K'))
    const { versionId } = await brought(await deckPdf('Đọc trước'), 'doc.pdf')
    const { materials: lines } = await act(materials.readable, { conferenceId: conference.hop }, her)
    const line = lines.find((one: { versionId: string }) => one.versionId === versionId)
    assert.deepEqual([line.mayDownload, line.mayChange], [true, false])
    const file = await act(materials.materialFile, { versionId }, her)
    assert.equal(file.name, 'doc.pdf')
    file.body.destroy()
    await assert.rejects(
      act(materials.readable, { conferenceId: conference.hop }, member(newId())),
      refused('notFound'),
    )
    await assert.rejects(act(materials.materialFile, { versionId }, member(newId())), refused('notFound'))
    await assert.rejects(act(materials.readable, { conferenceId: conference.giay }, her), refused('notFound'))
  })
  test('what is internal is looked at by those it concerns, and taken away by nobody but who keeps it', async () => {
    const { versionId } = await brought(await deckPdf('Nội bộ'), 'noi-bo.pdf', { conferenceId: conference['noi-bo']! })
    const inside = member(await person('H'))
    const outside = member(await person('K'))
    const { materials: lines } = await act(materials.readable, { conferenceId: conference['noi-bo'] }, inside)
    assert.deepEqual([lines.length, lines[0].mayDownload], [1, false])
    await assert.rejects(act(materials.materialFile, { versionId }, inside), refused('internal'))
    await assert.rejects(act(materials.readable, { conferenceId: conference['noi-bo'] }, outside), refused('notFound'))
  })
})

describe('a page under its signed path', () => {
  test('is kept by caches as long as the path is good, answers 304, and lets no other site in', async () => {
    const { versionId } = await brought(await deckPdf('Đường dẫn'), 'f.pdf')
    clockNow = undefined
    const url = `${base}${materials.pagePrefix(desk, versionId, 'members', new Date())}2.webp`
    const first = await fetch(url)
    const { until } = signPath(desk.secret, `trang ${versionId}`, new Date())
    const seconds = Number(/max-age=(\d+), immutable/.exec(first.headers.get('cache-control')!)![1])
    assert.ok(Math.abs(seconds - (+until - Date.now()) / 1000) < 5)
    assert.equal(first.headers.get('access-control-allow-origin'), null)
    assert.equal(first.headers.get('cross-origin-resource-policy'), 'same-origin')
    const again = await fetch(url, { headers: { 'if-none-match': first.headers.get('etag')! } })
    assert.equal(again.status, 304)
    const head = await fetch(url, { method: 'HEAD' })
    assert.deepEqual(
      [head.status, head.headers.get('content-length')],
      [200, String((await first.arrayBuffer()).byteLength)],
    )
    assert.equal((await fetch(url, { method: 'POST' })).status, 405)
  })
  test('of yesterday is over, of another deck or made up is none', async () => {
    const { versionId } = await brought(await deckPdf('Hôm qua'), 'g.pdf')
    const other = await brought(await deckPdf('Khác'), 'h.pdf')
    const old = materials.pagePrefix(desk, versionId, 'members', new Date(Date.now() - 86_400_000))
    const over = await fetch(`${base}${old}1.webp`)
    assert.equal(over.status, 410)
    assert.match(await over.text(), /hết hạn/)
    const good = materials.pagePrefix(desk, versionId, 'members', new Date())
    for (const path_ of [
      `${good.replace(versionId, other.versionId)}1.webp`,
      `${good.slice(0, -38)}x/${versionId}/1.webp`,
      `${good}9.webp`,
      `${good}0.webp`,
      `${good}1.png`,
      `${good}../1.webp`,
      `/trang/cong-khai/${versionId}/1.webp`,
      '/trang/',
    ])
      assert.equal((await fetch(base + path_)).status, 404, path_)
  })
  test('is open to everybody only where a session is', async () => {
    const { versionId } = await brought(await deckPdf('Công khai'), 'i.pdf', { conferenceId: conference.mo! })
    const prefix = materials.pagePrefix(desk, versionId, 'public', new Date())
    assert.equal(prefix, `/trang/cong-khai/${versionId}/`)
    const page = await fetch(`${base}${prefix}1-640.webp`)
    assert.deepEqual([page.status, page.headers.get('access-control-allow-origin')], [200, '*'])
    assert.match(page.headers.get('cache-control')!, /max-age=31536000, immutable/)
  })
  test('two thousand ask at once for a page nobody has asked for: it is read once', async () => {
    const { versionId } = await brought(await deckPdf('Cùng lúc'), 'k.pdf')
    let asked = 0
    const server = pageServer({ ...desk, db: countingDb(() => asked++) })
    const url = `${materials.pagePrefix(desk, versionId, 'members', new Date())}1.webp`
    const answers = await Promise.all(
      Array.from(
        { length: 2_000 },
        () =>
          new Promise<number>((resolve) => {
            const response = {
              writeHead: (status: number) => {
                resolve(status)
                return response
              },
              end: () => response,
              setHeader: () => response,
            }
            server({ url, method: 'GET', headers: {} } as never, response as never)
          }),
      ),
    )
    assert.ok(answers.every((status) => status === 200))
    assert.equal(asked, 1)
  })
})
const countingDb = (count: () => void) =>
  new Proxy(desk.db, {
    get: (db, name) => {
      if (name === 'getExecutor') count()
      const value = Reflect.get(db, name)
      return typeof value === 'function' ? value.bind(db) : value
    },
  })
