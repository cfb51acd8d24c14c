// The programme as its audience gets it: a real room, a real encoder, and what a player sees and hears in the files.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import * as hls from 'hls-parser'
import { faultsOf, type Index, mediaPlaylist, readIndex } from '../playlists.ts'
import { rungNames } from '../rules.ts'
import { type Cut, openRoom, type Report, type Running, runProgramme, slateSource, wallClock } from './index.ts'
import { lookAt, missingParts, openTestRoom } from './room.fixture.ts'

const skip = await missingParts()
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const foot = 'Hội nghị thử'
const slate: Cut = { source: slateSource({ title: foot, lines: [], foot }), voices: ['p.1'], ready: [] }
const speaker: Cut = {
  source: { kind: 'part', identity: 'p.1', screen: false, name: 'Đồng chí An' },
  voices: ['p.1'],
  ready: [],
}
const onAir = (cut: Cut, restartNo = 0) => ({ phase: 'onAir' as const, cut, restartNo })

describe('a programme from a room', { skip }, () => {
  let room: Awaited<ReturnType<typeof openTestRoom>>
  let folder = ''
  let running: Running
  let inside: Awaited<ReturnType<typeof openRoom>>
  const reports: Report[] = []
  const log: string[] = []
  let cutAt = 0
  let killedAt = 0
  const index = (): Index => readIndex(fs.readFileSync(path.join(folder, 'index.jsonl'), 'utf8'))

  before(async () => {
    room = await openTestRoom()
    folder = path.join(room.folder, 'programme')
    inside = await openRoom(room.listener, wallClock, (line) => log.push(line))
    running = await runProgramme({
      folder,
      ffmpeg: 'ffmpeg',
      foot,
      room: inside,
      reported: (report) => reports.push(report),
      runs: { began: () => {}, ended: () => {} },
      log: (line) => log.push(`${Date.now()} ${line}`),
    })
    const an = await room.speak('p.1')
    running.follow(onAir(slate))
    await pause(6_000)
    cutAt = Date.now()
    running.follow(onAir(speaker))
    await pause(9_000)
    killedAt = Date.now()
    process.kill(running.encoderPid()!, 'SIGKILL')
    await pause(6_000)
    // Her machine stands still, well away from a flash: three quarters into a second.
    await pause((1_750 - (Date.now() % 1_000)) % 1_000)
    an.kill('SIGSTOP')
    await pause(6_500)
    await running.stop({ ended: true })
    an.kill('SIGCONT')
  })
  after(async () => {
    await inside?.close()
    room?.close()
  })

  test('the lists of all rungs hold together for us, for another parser and for ffprobe', () => {
    const lists = Object.fromEntries(rungNames.map((rung) => [rung, mediaPlaylist(index(), rung, 'live')]))
    assert.deepEqual(faultsOf(lists), [])
    const whole = fs.readFileSync(path.join(folder, 'p720-tu-dau.m3u8'), 'utf8')
    assert.deepEqual(faultsOf({ whole }), [])
    const parsed = hls.parse(whole)
    assert.ok(!parsed.isMasterPlaylist && parsed.endlist && parsed.segments.length === index().stretches.length)
    const probed = spawnSync('ffprobe', [
      ...[
        '-v',
        'error',
        '-show_entries',
        'stream=codec_name,width,height',
        '-of',
        'csv=p=0',
        path.join(folder, 'master.m3u8'),
      ],
    ])
    assert.equal(probed.stderr.toString(), '')
    for (const stream of ['h264,1280,720', 'h264,854,480', 'h264,426,240', 'aac'])
      assert.ok(probed.stdout.toString().includes(stream), stream)
  })

  test('the sound is beside the picture, and both are where the date says', () => {
    const { flashes, beeps } = runOf(1)
    const off = flashes.flatMap((flash) =>
      beeps.filter((beep) => Math.abs(beep - flash) < 0.45).map((beep) => 1000 * (beep - flash)),
    )
    off.sort((one, other) => one - other)
    const median = off[Math.floor(off.length / 2)]!
    const load = os.loadavg()[0]!
    console.log(
      `sound after picture: median ${median.toFixed(0)} ms, ${off[0]!.toFixed(0)}..${off.at(-1)!.toFixed(0)} ms (load ${load.toFixed(1)})`,
    )
    assert.ok(off.length >= 6, `${off.length} pairs`)
    assert.ok(Math.abs(median) < (load < 4 ? 120 : 250), `${median} ms`)
    // She flashes at whole seconds of the clock on the wall.
    const began = Date.parse(index().stretches[0]!.at)
    const late = flashes.map((flash) => (began + 1000 * flash) % 1000)
    assert.ok(late.filter((ms) => ms < 400).length >= flashes.length / 2, late.join(' '))
  })

  test('a cut is seen within half a second, and the sound goes through it', () => {
    const { bright, beeps } = runOf(1)
    const began = Date.parse(index().stretches[0]!.at)
    const cut = (cutAt - began) / 1000
    const seen = bright.findIndex((now, nth) => nth > 25 && now < 120) / 25
    console.log(`cut seen after ${(1000 * (seen - cut)).toFixed(0)} ms`)
    assert.ok(seen - cut < (os.loadavg()[0]! < 4 ? 0.5 : 1.5), `${seen - cut} s`)
    const around = beeps.filter((beep) => Math.abs(beep - cut) < 3)
    for (const [nth, beep] of around.entries())
      if (nth > 0)
        assert.ok(Math.abs(beep - around[nth - 1]! - 1) < 0.15, `a beep ${beep - around[nth - 1]!} s after the last`)
    assert.ok(around.length >= 5)
  })

  test('a killed encoder costs at most five seconds, and the list goes on with a mark', () => {
    const { stretches } = index()
    const first = stretches.findIndex(({ run }) => run !== stretches[0]!.run)
    const before = stretches[first - 1]!
    const lostMs = Date.parse(stretches[first]!.at) - Date.parse(before.at) - 1000 * before.seconds
    console.log(`lost ${lostMs} ms of programme`)
    assert.ok(lostMs >= 0 && lostMs <= 5_000, `${lostMs} ms`)
    assert.ok(Date.parse(stretches[first]!.at) - killedAt < 3_000)
    const state = reports.map(({ state }) => state)
    assert.ok(!state.slice(state.indexOf('running')).includes('failed'), state.join(' '))
  })

  test('a picture that stands still is said to, and the last one stays', () => {
    assert.ok(
      reports.some(({ because }) => because === 'sourceFrozen'),
      JSON.stringify(reports),
    )
    const { bright } = runOf(2)
    assert.ok(bright.at(-5)! < 120 && bright.at(-5)! > 20, `${bright.slice(-10)}`)
  })

  test('every second is there: no stretch but the last of a run is shorter than the others', () => {
    const { stretches } = index()
    for (const [nth, { seconds, run }] of stretches.entries())
      if (stretches[nth + 1]?.run === run) assert.equal(seconds, 2)
  })

  /** One run alone, as a list of its own. */
  function runOf(nth: number) {
    const all = index()
    const { run } = all.runs[nth - 1]!
    const file = path.join(folder, `run-${nth}.m3u8`)
    const stretches = all.stretches.filter((one) => one.run === run)
    fs.writeFileSync(file, mediaPlaylist({ ...all, stretches, endedAt: 'x' }, 'p480', 'whole'))
    return lookAt(file)
  }
})
