// Made-up participants of a live session: each joins the room as a browser would and sends a drawn picture and a made-up voice.
// A process of its own, because the media library is native and its work is not the server's; one for all of them.
import {
  AudioFrame,
  AudioSource,
  dispose,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node'
import { openPicture, type Scene } from './picture.ts'
import { openVoice, sampleRate } from './sound.ts'

/** What a puppet shows; without `picture` it only sits in the room. */
export type Costume = {
  picture?: { scene: Scene; width: number; height: number; fps: number } | undefined
  speaks: boolean
}
export type PuppetOrder =
  | { order: 'join'; name: string; url: string; token: string; costume: Costume }
  | { order: 'leave'; name: string }
export type PuppetNews = { news: 'joined' | 'left' | 'lost' | 'failed'; name: string; because?: string }

type Puppet = { room: Room; playing: boolean; loud: number }
const puppets = new Map<string, Puppet>()
const tell = (news: PuppetNews) => process.connected && process.send?.(news)

async function join({ name, url, token, costume }: Extract<PuppetOrder, { order: 'join' }>) {
  await leave(name)
  const puppet: Puppet = { room: new Room(), playing: true, loud: 0 }
  puppets.set(name, puppet)
  puppet.room.on('disconnected', () => {
    if (!puppet.playing) return
    puppet.playing = false
    tell({ news: 'lost', name })
  })
  await puppet.room.connect(url, token, { autoSubscribe: false, dynacast: true })
  if (costume.picture) await showPicture(puppet, costume.picture)
  if (costume.speaks) await speak(puppet, name)
  tell({ news: 'joined', name })
}
async function showPicture(puppet: Puppet, { scene, width, height, fps }: NonNullable<Costume['picture']>) {
  const source = new VideoSource(width, height)
  const track = LocalVideoTrack.createVideoTrack('camera', source)
  const camera = new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, simulcast: height > 400 })
  await puppet.room.localParticipant!.publishTrack(track, camera)
  const picture = openPicture(scene, width, height)
  const began = performance.now()
  const draw = async () => {
    for (let nth = 0; puppet.playing; nth++) {
      const clock = new Date().toLocaleTimeString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh' })
      const pixels = picture.draw(nth / fps, puppet.loud, clock)
      source.captureFrame(new VideoFrame(pixels, width, height, VideoBufferType.RGBA))
      const due = began + ((nth + 1) * 1000) / fps
      await new Promise((resolve) => setTimeout(resolve, Math.max(1, due - performance.now())))
    }
  }
  void draw().catch(() => {})
}
async function speak(puppet: Puppet, name: string) {
  const source = new AudioSource(sampleRate, 1, 200)
  const track = LocalAudioTrack.createAudioTrack('microphone', source)
  const microphone = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: true })
  await puppet.room.localParticipant!.publishTrack(track, microphone)
  const voice = openVoice([...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0))
  const talk = async () => {
    // The source's own queue holds us back.
    while (puppet.playing) {
      const samples = voice.next()
      puppet.loud = voice.loudness()
      await source.captureFrame(new AudioFrame(samples.slice(), sampleRate, 1, samples.length))
    }
  }
  void talk().catch(() => {})
}
async function leave(name: string) {
  const puppet = puppets.get(name)
  if (!puppet) return
  puppets.delete(name)
  puppet.playing = false
  await puppet.room.disconnect().catch(() => {})
  tell({ news: 'left', name })
}
async function leaveAll() {
  await Promise.all([...puppets.keys()].map(leave))
  await dispose()
  process.exit(0)
}

process.on('message', (message: PuppetOrder) => {
  const done = message.order === 'leave' ? leave(message.name) : join(message)
  done.catch((error: unknown) => tell({ news: 'failed', name: message.name, because: String(error) }))
})
// Whoever sent us has gone.
process.on('disconnect', () => void leaveAll())
process.on('SIGTERM', () => void leaveAll())
process.on('SIGINT', () => {})
