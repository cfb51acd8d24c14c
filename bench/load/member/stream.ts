// A programme for benches without its machinery: made once by ffmpeg, then told by the clock, so that it is live for as long as it lasts.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const segmentSeconds = 2
const windowSegments = 15
const soundSegmentSeconds = 4

type Rendition = { name: string; seconds: number; head: string; segments: string[] }
export type Stream = {
  /** What a player asks for, by the file's name; `undefined` when there is no such thing now. */
  read: (name: string, now: Date) => { body: Buffer; mediaType: string; live: boolean } | undefined
}

/** Makes `seconds` of a moving picture with a tone in three renditions; the answer puts it on air from a moment on. */
export async function makeStream(
  folder: string,
  seconds: number,
  ffmpegPath = 'ffmpeg',
): Promise<(beganAt: Date) => Stream> {
  fs.mkdirSync(folder, { recursive: true })
  const args = [
    '-hide_banner',
    '-loglevel',
    'error',
    '-f',
    'lavfi',
    '-i',
    `testsrc2=size=854x480:rate=12.5:duration=${seconds}`,
  ]
  args.push('-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=48000:duration=${seconds}`)
  const list = (name: string, length: number) => [
    ...['-f', 'hls', '-hls_time', String(length), '-hls_list_size', '0', '-hls_segment_type', 'fmp4'],
    ...['-hls_fmp4_init_filename', `${name}-init.mp4`, '-hls_segment_filename', path.join(folder, `${name}-%05d.m4s`)],
    path.join(folder, `${name}.m3u8`),
  ]
  const picture = (name: string, size: string, rate: string) => [
    ...['-map', '0:v', '-map', '1:a', '-s', size, '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
    ...[
      '-g',
      '25',
      '-sc_threshold',
      '0',
      '-b:v',
      rate,
      '-maxrate',
      rate,
      '-bufsize',
      rate,
      '-c:a',
      'aac',
      '-ac',
      '1',
      '-b:a',
      '48k',
    ],
    ...list(name, segmentSeconds),
  ]
  args.push(...picture('p480', '854x480', '600k'), ...picture('p240', '426x240', '160k'))
  args.push('-map', '1:a', '-c:a', 'aac', '-ac', '1', '-b:a', '32k', ...list('tieng', soundSegmentSeconds))
  await run(ffmpegPath, args)
  const renditions = new Map(['p480', 'p240', 'tieng'].map((name) => [name, rendition(folder, name)]))

  const playlist = (beganAt: Date, { name, seconds: length, head, segments }: Rendition, now: Date) => {
    const made = Math.min(segments.length, Math.floor((+now - +beganAt) / 1000 / length))
    const first = Math.max(0, made - windowSegments)
    const lines = segments
      .slice(first, made)
      .flatMap((segment, at) => [
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(+beganAt + (first + at) * length * 1000).toISOString()}`,
        segment,
      ])
    const end = made === segments.length ? '#EXT-X-ENDLIST\n' : ''
    return `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:${length + 1}\n#EXT-X-MEDIA-SEQUENCE:${first}\n${head.replaceAll('NAME', name)}${lines.join('\n')}\n${end}`
  }
  const master = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS']
  master.push(
    '#EXT-X-STREAM-INF:BANDWIDTH=260000,AVERAGE-BANDWIDTH=225000,RESOLUTION=426x240,CODECS="avc1.42c015,mp4a.40.2"',
    'p240.m3u8',
  )
  master.push(
    '#EXT-X-STREAM-INF:BANDWIDTH=800000,AVERAGE-BANDWIDTH=680000,RESOLUTION=854x480,CODECS="avc1.42c01e,mp4a.40.2"',
    'p480.m3u8',
  )
  return (beganAt) => ({
    read: (name, now) => {
      const list = 'application/vnd.apple.mpegurl'
      if (name === 'master.m3u8') return { body: Buffer.from(`${master.join('\n')}\n`), mediaType: list, live: true }
      const asked = renditions.get(name.replace('.m3u8', ''))
      if (asked) return { body: Buffer.from(playlist(beganAt, asked, now)), mediaType: list, live: true }
      const file = path.join(folder, path.basename(name))
      return fs.existsSync(file) ? { body: fs.readFileSync(file), mediaType: 'video/mp4', live: false } : undefined
    },
  })
}
/** Reads what ffmpeg has listed: the head with its init segment, then each segment with its length. */
function rendition(folder: string, name: string): Rendition {
  const lines = fs.readFileSync(path.join(folder, `${name}.m3u8`), 'utf8').split('\n')
  const segments = lines.flatMap((line, at) => (line.startsWith('#EXTINF') ? [`${line}\n${lines[at + 1]}`] : []))
  return {
    name,
    seconds: name === 'tieng' ? soundSegmentSeconds : segmentSeconds,
    head: `#EXT-X-MAP:URI="${name}-init.mp4"\n`,
    segments,
  }
}
const run = (command: string, args: string[]) =>
  new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    const limit = setTimeout(() => child.kill('SIGKILL'), 300_000)
    child.on('error', reject)
    child.on('exit', (code) => {
      clearTimeout(limit)
      if (code === 0) resolve()
      else reject(new Error(`ffmpeg ended with ${code}`))
    })
  })
