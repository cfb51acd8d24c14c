// Somebody on the stage for a test: flashes white and beeps at the beginning of each second of the wall clock.
//   node beacon.fixture.ts <address> <token> [turns: 0..3]
import * as rtc from '@livekit/rtc-node'

const [url = '', token = '', turns = '0'] = process.argv.slice(2)
const [width, height, perSecond] = [640, 360, 25]
const [y, c] = [width * height, (width * height) / 4]

const room = new rtc.Room()
await room.connect(url, token, { autoSubscribe: false, dynacast: false })
const camera = new rtc.VideoSource(width, height)
const microphone = new rtc.AudioSource(48_000, 1, 100)
const publish = async (track: rtc.LocalTrack, source: rtc.TrackSource) =>
  room.localParticipant!.publishTrack(
    track,
    new rtc.TrackPublishOptions({
      source,
      simulcast: false,
      ...(source === rtc.TrackSource.SOURCE_CAMERA
        ? { videoEncoding: { maxBitrate: 1_000_000n, maxFramerate: perSecond } }
        : { dtx: false }),
    }),
  )
await publish(rtc.LocalVideoTrack.createVideoTrack('camera', camera), rtc.TrackSource.SOURCE_CAMERA)
await publish(rtc.LocalAudioTrack.createAudioTrack('microphone', microphone), rtc.TrackSource.SOURCE_MICROPHONE)
process.stdout.write('on air\n')

const isLit = (ms: number) => ((ms % 1000) + 1000) % 1000 < 120
let pictures = 0
let sounds = 0
const began = Date.now()
const frame = new Uint8Array(y + 2 * c)
setInterval(() => {
  const now = Date.now()
  while (began + pictures * (1000 / perSecond) <= now) {
    const lit = isLit(began + pictures * (1000 / perSecond))
    frame.fill(lit ? 235 : 40, 0, y)
    // Something that moves, so that it is not one grey picture.
    const bar = (pictures * 8) % (width - 40)
    for (let line = 150; line < 210; line++) frame.fill(90, line * width + bar, line * width + bar + 40)
    frame.fill(128, y)
    // Behind the clock only the last picture is worth sending.
    if (began + (pictures + 1) * (1000 / perSecond) > now)
      camera.captureFrame(
        new rtc.VideoFrame(frame, width, height, rtc.VideoBufferType.I420),
        BigInt(Math.round((began + pictures * (1000 / perSecond)) * 1000)),
        Number(turns) as rtc.VideoRotation,
      )
    pictures++
  }
  while (began + sounds * 10 <= now) {
    const at = began + sounds * 10
    const samples = Int16Array.from({ length: 480 }, (_, i) =>
      isLit(at + i / 48) ? 12_000 * Math.sin((2 * Math.PI * 1000 * (sounds * 480 + i)) / 48_000) : 0,
    )
    // What waits is heard later for ever: after a stumble it is left out, as a sound card does.
    if (microphone.queuedDuration < 40)
      void microphone.captureFrame(new rtc.AudioFrame(samples, 48_000, 1, 480)).catch(() => {})
    sounds++
  }
}, 5)
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
