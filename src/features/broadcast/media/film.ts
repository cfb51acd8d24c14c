// A video of the materials, played into the programme at its own pace.
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { picture, sampleRate } from '../rules.ts'
import { type Feed, openFeed } from './feed.ts'
import { pictureBytes } from './frame.ts'
import type { Clock } from './room.ts'
import { type Lane, openLane } from './sound.ts'

export type Film = { feed: Feed; lane: Lane; stop: () => void }
// As long as a frame of sound from the room.
const blockBytes = 2 * (sampleRate / 100)

/** @param fromSeconds where it begins; past its end there is simply nothing new to see, and the last picture stays */
export function openFilm(
  ffmpeg: string,
  file: string,
  fromSeconds: number,
  clock: Clock,
  log: (line: string) => void,
): Film {
  const feed = openFeed()
  const lane = openLane()
  let child: ChildProcess | undefined
  let stopped = false
  void hasSound(ffmpeg, file).then((sound) => {
    if (stopped) return
    child = spawn(ffmpeg, argsOf(file, fromSeconds, sound), {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
    })
    child.on('error', (error) => log(`film: ${error.message}`))
    child.stderr?.on('data', (part: Buffer) => log(`film: ${part.toString().trim().slice(0, 500)}`))
    const [, , , pictures, voices] = child.stdio as unknown as [null, null, null, Readable, Readable]
    inBlocks(pictures, pictureBytes, (data) =>
      feed.push({ frame: { width: picture.width, height: picture.height, data }, turns: 0, at: clock.now() }),
    )
    inBlocks(voices, blockBytes, (bytes) => {
      // A copy, because samples must lie on even addresses.
      const samples = new Int16Array(new Uint8Array(bytes).buffer)
      lane.push(samples, (clock.now() * sampleRate) / 1000)
    })
  })
  return {
    feed,
    lane,
    stop: () => {
      stopped = true
      child?.kill('SIGKILL')
    },
  }
}

function argsOf(file: string, fromSeconds: number, sound: boolean): string[] {
  const { width, height, perSecond } = picture
  const fit = [
    `scale=${width}:${height}:force_original_aspect_ratio=decrease`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
    `fps=${perSecond}`,
    'format=yuv420p',
  ]
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-re', '-ss', fromSeconds.toFixed(3), '-i', file],
    ...['-map', '0:v:0', '-vf', fit.join(','), '-f', 'rawvideo', 'pipe:3'],
    ...(sound ? ['-map', '0:a:0', '-ac', '1', '-ar', String(sampleRate), '-f', 's16le', 'pipe:4'] : []),
  ]
}
/** Asked without an output, ffmpeg tells what is in a file and gives up. */
const hasSound = (ffmpeg: string, file: string) =>
  new Promise<boolean>((resolve) => {
    const child = spawn(ffmpeg, ['-hide_banner', '-nostdin', '-i', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (part: Buffer) => {
      said = (said + part.toString()).slice(0, 20_000)
    })
    child.on('error', () => resolve(false))
    child.on('close', () => resolve(/Stream #.*Audio:/.test(said)))
  })

/** Whole blocks out of a stream of bytes; each is the taker's own. */
function inBlocks(from: Readable, size: number, take: (block: Uint8Array) => void) {
  let block = new Uint8Array(size)
  let filled = 0
  from.on('error', () => {})
  from.on('data', (part: Buffer) => {
    for (let at = 0; at < part.length; ) {
      const much = Math.min(size - filled, part.length - at)
      block.set(part.subarray(at, at + much), filled)
      filled += much
      at += much
      if (filled < size) continue
      take(block)
      block = new Uint8Array(size)
      filled = 0
    }
  })
}
