// One run of ffmpeg: pictures and sound go in as they are, segments of every rung come out as files. Node keeps the index.
//
// The largest rung is encoded like the others, not copied: what comes from the room are decoded frames, cut between several cameras, slides
// and stills, and no single stream of it is what the audience sees. Copying would serve one long source already in H.264 with a picture
// group of two seconds (a video file on air from end to end, a television truck); it would save a third of the work and is not done here.
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { initFile, type Run, type Stretch, segmentFile } from '../playlists.ts'
import { type Ladder, ladders, picture, type Rung, type RungName, sampleRate, segmentSeconds } from '../rules.ts'

export type EncoderNews = {
  /** Before the first stretch: the run and what its pictures are coded as. */
  began: (run: Run) => void
  stretch: (stretch: Stretch) => void
  /** A line of ffmpeg's own words. */
  said: (line: string) => void
  /** `words`: its last ones, when it did not end by our wish. */
  ended: (how: { wished: boolean; words: string }) => void
}
export type Encoder = {
  run: string
  ladder: Ladder
  /** One picture and the sound that goes with it. `done` when the picture's bytes may be used again. */
  write: (frame: Uint8Array, sound: Buffer, done: () => void) => void
  waitingFrames: () => number
  pid: number | undefined
  /** Lets it finish what it has; everything made is announced before this resolves. */
  finish: () => Promise<void>
}

const lookEveryMs = 80
const finishLimitMs = 15_000
const rememberedWords = 2_000

/** @param beganAt when the first picture was taken, of the clock on the wall */
export function startEncoder(
  plan: { ffmpeg: string; folder: string; run: string; ladder: Ladder; beganAt: Date; signal?: AbortSignal },
  news: EncoderNews,
): Encoder {
  const rungs = ladders[plan.ladder]
  const place = path.join(plan.folder, plan.run)
  const child = spawn(plan.ffmpeg, argsOf(rungs), {
    cwd: place,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  })
  const [, , , video, audio] = child.stdio as unknown as [null, null, null, Writable, Writable]
  // It died under our hands: its end says so, and says why.
  for (const pipe of [video, audio]) pipe.on('error', () => {})
  const words = listen(child, news.said)
  let waiting = 0
  let wished = false

  const watched = watch(place, plan, rungs, news)
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      words.add(error.message)
      resolve()
    })
    child.once('close', () => resolve())
  })
  const ended = gone.then(async () => {
    await watched.last()
    for (const { name } of rungs) await fs.rm(path.join(place, `${name}.m3u8`), { force: true })
    news.ended({ wished, words: words.last() })
  })
  return {
    run: plan.run,
    ladder: plan.ladder,
    pid: child.pid,
    write(frame, sound, done) {
      if (wished || video.destroyed || audio.destroyed) return done()
      waiting++
      video.write(frame, () => {
        waiting--
        done()
      })
      audio.write(sound)
    },
    waitingFrames: () => waiting,
    async finish() {
      wished = true
      video.end()
      audio.end()
      const limit = setTimeout(() => child.kill('SIGKILL'), finishLimitMs)
      await ended
      clearTimeout(limit)
    },
  }
}

function argsOf(rungs: readonly Rung[]): string[] {
  const pictures = rungs.filter((rung) => rung.video)
  const filters = [
    `[0:v]split=${pictures.length}${pictures.map((_, nth) => `[in${nth}]`).join('')}`,
    ...pictures.map(({ video }, nth) => {
      const { width, height, perSecond } = video!
      const steps = [
        // Its pictures come without gaps and without times of their own, so every second one is exact.
        ...(perSecond === picture.perSecond ? [] : [`select='not(mod(n\\,${picture.perSecond / perSecond}))'`]),
        ...(width === picture.width ? [] : [`scale=${width}:${height}:flags=bilinear`]),
      ]
      return `[in${nth}]${steps.join(',') || 'null'}[out${nth}]`
    }),
  ]
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'warning', '-y'],
    ...['-probesize', '32', '-analyzeduration', '0', '-thread_queue_size', '16'],
    ...[
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      '-s',
      `${picture.width}x${picture.height}`,
      '-r',
      String(picture.perSecond),
    ],
    ...['-colorspace', 'bt709', '-color_range', 'tv', '-i', 'pipe:3'],
    ...['-probesize', '32', '-analyzeduration', '0', '-thread_queue_size', '64'],
    ...['-f', 's16le', '-ar', String(sampleRate), '-ac', '1', '-i', 'pipe:4'],
    ...['-filter_complex', filters.join(';')],
    ...rungs.flatMap((rung) => outputOf(rung, pictures.indexOf(rung))),
  ]
}
function outputOf({ name, video, audioKbit }: Rung, nth: number): string[] {
  return [
    ...(video
      ? [
          ...[
            '-map',
            `[out${nth}]`,
            '-c:v',
            'libx264',
            '-preset',
            'superfast',
            '-profile:v',
            'main',
            '-level:v',
            video.level,
          ],
          ...['-b:v', `${video.kbit}k`, '-maxrate', `${Math.round(video.kbit * 1.15)}k`, '-bufsize', `${video.kbit}k`],
          // Every group begins where a segment does, and nothing looks into the next one.
          ...['-g', String(segmentSeconds * video.perSecond), '-keyint_min', String(segmentSeconds * video.perSecond)],
          ...[
            '-sc_threshold',
            '0',
            '-bf',
            '0',
            '-flags',
            '+cgop',
            '-colorspace',
            'bt709',
            '-color_primaries',
            'bt709',
            '-color_trc',
            'bt709',
          ],
        ]
      : []),
    ...[
      '-map',
      '1:a',
      '-c:a',
      'aac',
      '-profile:a',
      'aac_low',
      '-b:a',
      `${audioKbit}k`,
      '-ac',
      '1',
      '-ar',
      String(sampleRate),
    ],
    ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_list_size', '8', '-hls_segment_type', 'fmp4'],
    ...['-hls_flags', 'independent_segments+temp_file', '-start_number', '1'],
    ...['-hls_fmp4_init_filename', `${name}-init.mp4`, '-hls_segment_filename', `${name}-%05d.m4s`, `${name}.m3u8`],
  ]
}

/** Looks at ffmpeg's own lists and announces a stretch once every rung of it lies there. */
function watch(
  place: string,
  { folder, run, beganAt }: { folder: string; run: string; beganAt: Date },
  rungs: readonly Rung[],
  news: Pick<EncoderNews, 'began' | 'stretch' | 'said'>,
) {
  const made = new Map<RungName, Map<number, number>>(rungs.map(({ name }) => [name, new Map()]))
  const seenAt = new Map<RungName, number>()
  let announced = 0
  let position = 0
  let looking: Promise<void> | undefined
  const lead = rungs[0]!.name

  async function look() {
    for (const { name } of rungs) {
      const list = path.join(place, `${name}.m3u8`)
      const about = await fs.stat(list).catch(() => undefined)
      if (!about || about.mtimeMs === seenAt.get(name)) continue
      seenAt.set(name, about.mtimeMs)
      for (const { n, seconds } of segmentsIn(await fs.readFile(list, 'utf8').catch(() => '')))
        made.get(name)!.set(n, seconds)
    }
    while (rungs.every(({ name }) => made.get(name)!.has(announced + 1))) {
      const n = announced + 1
      const bytes: Stretch['bytes'] = {}
      for (const { name } of rungs) {
        const about = await fs.stat(path.join(folder, segmentFile(run, name, n))).catch(() => undefined)
        if (!about) return
        bytes[name] = about.size
      }
      if (n === 1) news.began({ run, beganAt: beganAt.toISOString(), codecs: await codecsOf(folder, run, rungs) })
      // The length of the picture holds for all: sound comes in frames of its own and is cut at the nearest one, without drifting.
      const seconds = Math.round(made.get(lead)!.get(n)! * 1000) / 1000
      announced = n
      news.stretch({
        run,
        n,
        at: new Date(beganAt.getTime() + Math.round(position * 1000)).toISOString(),
        seconds,
        bytes,
      })
      position += seconds
      for (const { name } of rungs) made.get(name)!.delete(n)
    }
  }
  const once = () => {
    looking ??= look()
      .catch((error: Error) => news.said(`looking at ${run}: ${error.message}`))
      .finally(() => {
        looking = undefined
      })
    return looking
  }
  const timer = setInterval(once, lookEveryMs)
  return {
    async last() {
      clearInterval(timer)
      await looking
      await once()
    },
  }
}
function segmentsIn(list: string): { n: number; seconds: number }[] {
  return [...list.matchAll(/#EXTINF:([\d.]+),[^\n]*\n\w+-(\d+)\.m4s/g)].map(([, seconds, n]) => ({
    n: Number(n),
    seconds: Number(seconds),
  }))
}

/** As a player is told it: read from what was really written. */
async function codecsOf(folder: string, run: string, rungs: readonly Rung[]): Promise<Run['codecs']> {
  const codecs: Run['codecs'] = {}
  for (const { name, video } of rungs) {
    const init = await fs.readFile(path.join(folder, initFile(run, name)))
    const at = init.indexOf('avcC')
    codecs[name] = video ? `avc1.${init.subarray(at + 5, at + 8).toString('hex')},mp4a.40.2` : 'mp4a.40.2'
  }
  return codecs
}

function listen(child: ChildProcess, said: (line: string) => void) {
  let last = ''
  let rest = ''
  const add = (text: string) => {
    last = (last + text).slice(-rememberedWords)
    const lines = (rest + text).split('\n')
    // A line without an end is not kept for ever.
    rest = (lines.pop() ?? '').slice(-rememberedWords)
    for (const line of lines) said(line)
  }
  child.stderr?.on('data', (part: Buffer) => add(part.toString()))
  return { add: (line: string) => add(`${line}\n`), last: () => last.trim() }
}
