import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as hls from 'hls-parser'
import { faultsOf, type Index, masterPlaylist, mediaPlaylist, readIndex } from './playlists.ts'
import { madeAs, type RungName, rungNames, windowSegments } from './rules.ts'
import { asLines, linesInChunk, timelineChunk, timelineNow } from './timeline.ts'

const full = {
  p720: 'avc1.4d401f,mp4a.40.2',
  p480: 'avc1.4d401e,mp4a.40.2',
  p240: 'avc1.4d4015,mp4a.40.2',
  tieng: 'mp4a.40.2',
}
const { p720: _, ...light } = full

/** Runs of some segments each, the machine weak in some of them, with holes between; every run may end on a short one. */
const indexes = fc
  .array(
    fc.record({
      segments: fc.integer({ min: 0, max: 14 }),
      lastSeconds: fc.integer({ min: 1, max: 50 }).map((frames) => frames / 25),
      isLight: fc.boolean(),
      holeMs: fc.integer({ min: 0, max: 20_000 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .chain((runs) =>
    fc.boolean().map((ended): Index => {
      let at = Date.parse('2021-03-27T00:30:00.000Z')
      const made = runs.map(({ segments, lastSeconds, isLight, holeMs }, nth) => {
        at += holeMs
        const run = { run: `${nth + 1}-abc`, beganAt: new Date(at).toISOString(), codecs: isLight ? light : full }
        const stretches = Array.from({ length: segments }, (_, n) => {
          const seconds = n + 1 === segments ? lastSeconds : 2
          const stretch = {
            run: run.run,
            n: n + 1,
            at: new Date(at).toISOString(),
            seconds,
            bytes: Object.fromEntries(Object.keys(run.codecs).map((rung) => [rung, 1000 * (n + 1)])),
          }
          at += seconds * 1000
          return stretch
        })
        return { run, stretches }
      })
      return {
        runs: made.map(({ run }) => run),
        stretches: made.flatMap(({ stretches }) => stretches),
        endedAt: ended ? new Date(at).toISOString() : undefined,
      }
    }),
  )

test('whatever was made and however it broke, the lists of all rungs hold together, live and whole', () => {
  fc.assert(
    fc.property(indexes, (index) => {
      for (const extent of ['live', 'whole'] as const) {
        const lists = Object.fromEntries(rungNames.map((rung) => [rung, mediaPlaylist(index, rung, extent)]))
        assert.deepEqual(faultsOf(lists), [])
      }
    }),
  )
})

test('as segments leave the window, a segment keeps its number and its count of discontinuities', () => {
  fc.assert(
    fc.property(indexes, (index) => {
      const numbered = new Map<string, string>()
      for (let length = 1; length <= index.stretches.length; length++) {
        const list = hls.parse(mediaPlaylist({ ...index, stretches: index.stretches.slice(0, length) }, 'p480', 'live'))
        assert.ok(!list.isMasterPlaylist && list.segments.length <= windowSegments)
        for (const { uri, mediaSequenceNumber, discontinuitySequence } of list.segments) {
          const numbers = `${mediaSequenceNumber} ${discontinuitySequence}`
          assert.equal(numbered.get(uri) ?? numbers, numbers, uri)
          numbered.set(uri, numbers)
        }
      }
    }),
    { numRuns: 40 },
  )
})

test('an independent parser reads the same dates, maps and lengths', () => {
  fc.assert(
    fc.property(indexes, (index) => {
      const list = hls.parse(mediaPlaylist(index, 'p720', 'whole'))
      assert.ok(!list.isMasterPlaylist)
      assert.deepEqual(
        list.segments.map(({ programDateTime, duration }) => [programDateTime?.toISOString(), duration]),
        index.stretches.map(({ at, seconds }) => [at, seconds]),
      )
      assert.ok(list.segments.every(({ uri, map }) => map?.uri?.split('/')[0] === uri.split('/')[0]))
      assert.equal(list.endlist, index.endedAt !== undefined)
    }),
  )
})

test('the master offers every rung that was ever made, the smallest picture first and sound alone last', () => {
  const index = { runs: [{ run: '1-a', beganAt: '', codecs: full }], stretches: [], endedAt: undefined }
  const master = hls.parse(masterPlaylist(index, 'live'))
  assert.ok(master.isMasterPlaylist)
  assert.deepEqual(
    master.variants.map(({ uri, resolution, codecs }) => [uri, resolution?.height, codecs]),
    [
      ['p240.m3u8', 240, full.p240],
      ['p480.m3u8', 480, full.p480],
      ['p720.m3u8', 720, full.p720],
      ['tieng.m3u8', undefined, full.tieng],
    ],
  )
})

test('what a weak machine did not make is listed from the next smaller rung', () => {
  const made: RungName[] = ['p480', 'p240', 'tieng']
  assert.equal(madeAs(made, 'p720'), 'p480')
  assert.equal(madeAs(made, 'tieng'), 'tieng')
})

test('the strict reading finds what players would forgive', () => {
  const good = [
    ...['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:2', '#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-MAP:URI="i"'],
    ...['#EXT-X-PROGRAM-DATE-TIME:2021-03-27T00:30:00.000Z', '#EXTINF:2.000,', 'a'],
    ...[
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="j"',
      '#EXT-X-PROGRAM-DATE-TIME:2021-03-27T00:30:09.000Z',
      '#EXTINF:2.000,',
      'b',
      '',
    ],
  ]
  const faults = (change: (lines: string[]) => string[]) => faultsOf({ it: change([...good]).join('\n') })
  assert.deepEqual(
    faults((lines) => lines),
    [],
  )
  assert.match(faults((lines) => lines.map((line) => line.replace('2.000', '2.005')))[0]!, /more than the target/)
  assert.match(faults((lines) => lines.filter((line) => !line.includes('"j"')))[0]!, /no map after its discontinuity/)
  assert.match(faults((lines) => lines.filter((line) => !line.endsWith('DISCONTINUITY')))[0]!, /hole/)
  assert.match(faults((lines) => lines.map((line) => line.replace('30:09', '30:01')))[0]!, /begins before/)
  assert.match(faultsOf({ one: good.join('\n'), other: good.slice(0, 8).concat('').join('\n') })[0]!, /1 segments/)
})

test('half a line at the end of the index is not there yet', () => {
  const whole = asLines([
    { run: '1-a', beganAt: '2021-03-27T00:30:00.000Z', codecs: full },
    { run: '1-a', n: 1, at: '2021-03-27T00:30:00.000Z', seconds: 2, bytes: {} },
    { run: '1-a', n: 2, at: '2021-03-27T00:30:02.000Z', seconds: 2, bytes: {} },
  ])
  for (let cut = 0; cut < whole.length; cut++)
    assert.equal(
      readIndex(whole.slice(0, cut)).stretches.length,
      Math.max(0, whole.slice(0, cut).split('\n').length - 2),
    )
  const first = readIndex(whole.slice(0, 200))
  assert.equal(first.runs.length, 1)
})

test('a phone that comes late hears what holds now without the whole morning', () => {
  const lines = Array.from({ length: 3 * linesInChunk + 7 }, (_, n) => ({
    kind: 'slide' as const,
    at: new Date(n * 1000).toISOString(),
    versionId: 'v',
    page: n,
  }))
  const topic = {
    kind: 'topic' as const,
    at: '1970-01-01T00:00:00.500Z',
    topicId: 't',
    title: '',
    speaker: '',
    phase: 'deliver' as const,
  }
  const now = timelineNow([lines[0]!, topic, ...lines.slice(1)])
  assert.deepEqual(now[0], { kind: 'earlier', chunks: 3 })
  assert.equal(now.length, 1 + 2 + 8)
  assert.ok(now.some((line) => line.kind === 'topic'))
  assert.equal(timelineChunk(lines, 2)?.length, linesInChunk)
  assert.equal(timelineChunk(lines, 3), undefined)
})
