// A programme made from what the database says of the stage: slides, a film, a break, an end. There is no media server here: what comes
// from the room is missing, and the rest goes on.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createCanvas } from '@napi-rs/canvas'
import { openProvince, type Province } from '../../../../tests/fixtures/province.ts'
import { newId } from '../../../kernel/id.ts'
import { type Config, judgeSettings } from '../../../platform/server/config.ts'
import { storeFile } from '../../../platform/server/files.ts'
import { openLive } from '../../../platform/server/live.ts'
import { faultsOf, readIndex } from '../playlists.ts'
import { rungNames } from '../rules.ts'
import * as store from '../server/store.ts'
import { folderOf, makeProgramme } from './index.ts'
import { type Look, lookAt } from './room.fixture.ts'

const skip = spawnSync('ffmpeg', ['-version']).status === 0 ? false : 'no ffmpeg'
if (skip && process.env.CI) throw new Error(skip)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a programme from the stage', { skip }, () => {
  let province: Province
  let config: Config
  let sessionId = ''
  let place = ''
  let look: Look
  let began = 0
  const moments: Record<string, number> = {}
  const deck = newId()
  const film = newId()
  const heard: string[] = []
  const stage = (change: string, values: unknown[] = []) =>
    province.desk.pool.query(`update stage set ${change} where session_id = $1`, [sessionId, ...values])
  const making = (signal = new AbortController().signal, more: Partial<Config> = {}) =>
    makeProgramme({ ...province.desk, live: openLive() }, { ...config, ...more }, sessionId, signal)
  const until = async (what: string, holds: () => Promise<boolean> | boolean, limitMs = 20_000) => {
    for (const end = Date.now() + limitMs; !(await holds()); await pause(50))
      if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
  }
  const row = () => store.programmeOf(province.desk.db, sessionId)
  const lines = (name: string) => fs.readFileSync(path.join(place, name), 'utf8')

  before(async () => {
    province = await openProvince({ perCell: 1 })
    const { desk } = province
    const { conferenceId } = await province.study()
    const judged = judgeSettings({ dataDir: desk.dataDir }, { demo: false, roles: ['programme'] }, desk.dataDir)
    if (!('config' in judged)) throw new Error('settings')
    // Nobody listens there.
    config = { ...judged.config, stagePort: 9 }
    sessionId = (
      await desk.pool.query('select id from conference_session where conference_id = $1 limit 1', [conferenceId])
    ).rows[0].id
    place = path.join(desk.dataDir, folderOf(sessionId))
    await desk.pool.query(
      `insert into stage (session_id, conference_id, room, state, opened_at) values ($1, $2, $3, 'backstage', now())`,
      [sessionId, conferenceId, `buoi-${sessionId}`],
    )
    await bring(conferenceId)
  })
  after(() => province.desk.close())

  /** A deck whose first page is dark grey and whose second is light, and a film of a tone with a picture of middle brightness. */
  async function bring(conferenceId: string) {
    const { desk } = province
    const files = path.join(desk.dataDir, 'files', 'materials')
    const keep = async (bytes: Uint8Array) => (await storeFile(files, bytes, { limitBytes: 10_000_000 })).fileId
    const clip = path.join(desk.dataDir, 'film.mp4')
    spawnSync('ffmpeg', [
      ...[
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'color=c=0x808080:s=640x480:r=30',
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=600',
      ],
      ...['-t', '6', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', clip],
    ])
    for (const [versionId, kind, mediaType, fileId] of [
      [deck, 'slides', 'application/pdf', await keep(randomBytes(20))],
      [film, 'video', 'video/mp4', await keep(fs.readFileSync(clip))],
    ]) {
      const materialId = newId()
      await desk.pool.query(
        `insert into material (id, conference_id, kind, title, created_at, created_by) values ($1, $2, $3, 'Bài', now(), 'thử')`,
        [materialId, conferenceId, kind],
      )
      await desk.pool.query(
        `insert into material_version (id, material_id, version, file_id, file_name, bytes, media_type, state, pages, at, by_actor)
         values ($1, $2, 1, $3, 'bai', 20, $4, 'ready', 2, now(), 'thử')`,
        [versionId, materialId, fileId, mediaType],
      )
    }
    for (const [page, grey] of [
      [1, '#404040'],
      [2, '#f0f0f0'],
    ] as const) {
      const canvas = createCanvas(1600, 900)
      const pen = canvas.getContext('2d')
      pen.fillStyle = grey
      pen.fillRect(0, 0, 1600, 900)
      const fileId = await keep(await canvas.encode('webp'))
      await desk.pool.query(
        `insert into material_page (version_id, page, file_id, small_file_id, width, height) values ($1, $2, $3, $3, 1600, 900)`,
        [deck, page, fileId],
      )
    }
  }

  test('without ffmpeg the programme says so, and is there once ffmpeg is', async () => {
    await stage(`state = 'onAir', on_air_at = now()`)
    const leaving = new AbortController()
    const made = making(leaving.signal, { ffmpegPath: '/nowhere/ffmpeg' })
    await until('it is said', async () => (await row())?.because === 'noFfmpeg')
    assert.equal((await row())?.state, 'failed')
    leaving.abort()
    assert.equal(await made, 'stopped')
    await stage(`state = 'backstage', on_air_at = null`)
  })

  test('what the director shows is what the audience sees and hears, until the end', async () => {
    const made = making()
    await until('it waits', async () => (await row())?.because === 'notOnAir')
    // A second process finds the first one at it.
    assert.equal(await making(), 'held')
    await stage(
      `state = 'onAir', on_air_at = now(), source = $2, deck_version_id = $3, deck_page = 1, deck_at = now()`,
      [JSON.stringify({ kind: 'slides' }), deck],
    )
    await until('it runs', async () => (await row())?.state === 'running')
    await pause(1_000)
    moments.page = Date.now()
    await stage('deck_page = 2, deck_at = now(), deck_click_no = 1')
    await pause(3_000)
    moments.film = Date.now()
    await stage(`source = $2, take_no = 1`, [JSON.stringify({ kind: 'file', versionId: film, fromSeconds: 0 })])
    await province.desk.pool.query(
      `insert into stage_take (take_id, session_id, take_no, source, by_actor, by_name, at) select $1, session_id, 1, source, 'thử', '', now() from stage where session_id = $2`,
      [newId(), sessionId],
    )
    await pause(4_000)
    moments.break = Date.now()
    await stage(`state = 'break', break_until = now() + interval '15 minutes', break_words = 'Giải lao'`)
    await pause(3_000)
    await stage(`state = 'ended', ended_at = now()`)
    assert.equal(await made, 'ended')
    heard.push(lines('programme.log'))
    const { state, endedAt } = (await row())!
    assert.equal(state, 'ended')
    assert.ok(endedAt)
    const index = readIndex(lines('index.jsonl'))
    assert.ok(index.endedAt)
    began = Date.parse(index.stretches[0]!.at)
    const lists = Object.fromEntries(rungNames.map((rung) => [rung, lines(`${rung}-tu-dau.m3u8`)]))
    assert.deepEqual(faultsOf(lists), [])
    look = lookAt(path.join(place, 'p480-tu-dau.m3u8'))
  })

  const brightAt = (ms: number) => look.bright[Math.round((25 * (ms - began)) / 1000)]!
  test('pages come when they are turned', () => {
    const close = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) < 8, `${value}, not ${wanted}`)
    close(brightAt(moments.page! - 300), 64)
    close(brightAt(moments.page! + 1_000), 240)
  })
  test('a film is seen and heard, and its sound ends with it', () => {
    assert.ok(Math.abs(brightAt(moments.film! + 2_500) - 98) < 12, String(brightAt(moments.film! + 2_500)))
    // On a machine that is busy elsewhere a tone may break; it begins once all the same.
    assert.ok(look.beeps.length >= 1)
    const late = 1000 * look.beeps[0]! - (moments.film! - began)
    assert.ok(late > -50 && late < 2_000, `${late} ms`)
  })
  test('the break has a slate of its own, on paper', () => {
    const bright = brightAt(moments.break! + 2_000)
    assert.ok(bright > 225 && bright < 252, String(bright))
  })
  test('the timeline tells all of it with its moments, each once', () => {
    const told = lines('timeline.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const kinds = told.map((line) => [line.kind, line.page ?? line.source ?? line.state].filter(Boolean).join(' '))
    assert.deepEqual(kinds.slice(kinds.lastIndexOf('state backstage')), [
      ...['state backstage', 'state onAir', 'slide 1', 'slide 2', 'cut file', 'state break', 'state ended'],
    ])
    const page = told.find((line) => line.page === 2)
    assert.ok(Math.abs(Date.parse(page.at) - moments.page!) < 1_000)
  })
})
