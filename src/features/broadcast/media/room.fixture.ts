// A real room for a test of the programme: a media server of its own, somebody on the stage who flashes and beeps, and a look at what came out.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { AccessToken, RoomServiceClient, type VideoGrant } from 'livekit-server-sdk'
import { freePort } from '../../../../tests/fixtures/freePort.ts'
import { findLiveKit, sharedFolder } from '../../stage/media/index.ts'

const key = 'thu'
const secret = 'x'.repeat(40)

/** Why there is no such room on this machine; where everything must be there, that is a fault. */
export async function missingParts(): Promise<string | false> {
  const ffmpeg = spawnSync('ffmpeg', ['-version']).status === 0
  const found = await findLiveKit(sharedFolder('data'))
  if (ffmpeg && found) return false
  const words = [...(ffmpeg ? [] : ['no ffmpeg']), ...(found ? [] : ['no livekit-server'])].join(', ')
  if (process.env.CI) throw new Error(words)
  return words
}

export async function openTestRoom() {
  const found = (await findLiveKit(sharedFolder('data')))!
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-room-'))
  const port = await freePort()
  const config = {
    port,
    bind_addresses: ['127.0.0.1'],
    rtc: {
      tcp_port: await freePort(),
      udp_port: await freePort(),
      use_external_ip: false,
      node_ip: '127.0.0.1',
      enable_loopback_candidate: true,
      interfaces: { includes: ['lo'] },
      stun_servers: [`127.0.0.1:${port}`],
    },
    keys: { [key]: secret },
    room: { auto_create: false },
    logging: { level: 'error', pion_level: 'error' },
  }
  fs.writeFileSync(path.join(folder, 'livekit.yaml'), JSON.stringify(config))
  const children: ChildProcess[] = [
    spawn(found.file, ['--config', path.join(folder, 'livekit.yaml')], { stdio: 'ignore' }),
  ]
  const rooms = new RoomServiceClient(`http://127.0.0.1:${port}`, key, secret)
  const name = 'thu'
  for (let tried = 0; ; tried++)
    try {
      await rooms.createRoom({ name, syncStreams: true, emptyTimeout: 600 })
      break
    } catch (error) {
      if (tried > 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  const pass = async (identity: string, grant: Partial<VideoGrant>) => {
    const token = new AccessToken(key, secret, { identity })
    token.addGrant({ roomJoin: true, room: name, ...grant })
    return { url: `ws://127.0.0.1:${port}`, token: await token.toJwt() }
  }
  return {
    folder,
    listener: () => pass('programme.thu', { canPublish: false, canSubscribe: true, hidden: true }),
    /** Resolves once picture and sound are on their way. */
    async speak(identity: string): Promise<ChildProcess> {
      const { url, token } = await pass(identity, { canPublish: true, canSubscribe: false })
      const child = spawn(process.execPath, [path.join(import.meta.dirname, 'beacon.fixture.ts'), url, token], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(child)
      await new Promise<void>((resolve, reject) => {
        child.stdout!.on('data', (part: Buffer) => part.toString().includes('on air') && resolve())
        child.once('exit', (code) => reject(new Error(`the speaker left (${code})`)))
      })
      return child
    },
    close() {
      for (const child of children) child.kill('SIGKILL')
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Look = {
  /** Mean brightness of each picture, 25 a second. */
  bright: number[]
  /** Seconds at which flashes and beeps begin. */
  flashes: number[]
  beeps: number[]
  seconds: number
}
/** Plays a list as any player would, and tells what is seen and heard. */
export function lookAt(list: string): Look {
  const decode = (args: string[]) =>
    spawnSync('ffmpeg', ['-v', 'error', '-i', list, ...args, '-'], { maxBuffer: 1e9 }).stdout
  const [wide, high] = [32, 18]
  const pixels = decode(['-map', '0:v:0', '-vf', `fps=25,scale=${wide}:${high}`, '-pix_fmt', 'gray', '-f', 'rawvideo'])
  const bright = Array.from({ length: Math.floor(pixels.length / (wide * high)) }, (_, nth) => {
    let sum = 0
    for (let at = 0; at < wide * high; at++) sum += pixels[nth * wide * high + at]!
    return sum / (wide * high)
  })
  const bytes = decode(['-map', '0:a:0', '-ac', '1', '-ar', '48000', '-f', 's16le'])
  const sound = new Int16Array(new Uint8Array(bytes).buffer)
  const flashes = bright.flatMap((now, nth) => (nth > 0 && now > 150 && bright[nth - 1]! <= 150 ? [nth / 25] : []))
  const beeps: number[] = []
  let quiet = 0
  for (let at = 0; at < sound.length; at++)
    if (Math.abs(sound[at]!) <= 3_000) quiet++
    else {
      if (quiet > 20_000) beeps.push(at / 48_000)
      quiet = 0
    }
  return { bright, flashes, beeps, seconds: sound.length / 48_000 }
}
