// A camera for Chromium that sees papers with QR codes, one after another: an uncompressed film, drawn here, without any tool.
import fs from 'node:fs'
import path from 'node:path'
import { encode } from 'uqr'

const width = 640
const height = 480
const framesPerSecond = 5

/**
 * Writes a film of the given texts as QR codes and answers with the browser flags that make it the camera.
 * Each text is shown for `secondsEach`, followed by an empty desk for one second; the film repeats for ever.
 */
export function cameraOf(folder: string, texts: readonly string[], secondsEach = 2): string[] {
  const file = path.join(folder, 'camera.y4m')
  fs.mkdirSync(folder, { recursive: true })
  const film = fs.openSync(file, 'w')
  fs.writeSync(film, `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`)
  const show = (picture: Buffer, seconds: number) => {
    for (let frame = 0; frame < seconds * framesPerSecond; frame++) {
      fs.writeSync(film, 'FRAME\n')
      fs.writeSync(film, picture)
    }
  }
  for (const text of texts) {
    show(pictureOf(text), secondsEach)
    show(pictureOf(undefined), 1)
  }
  fs.closeSync(film)
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ]
}

/** One frame in YUV 4:2:0: a sheet of paper on a grey desk, the code in its middle. */
function pictureOf(text: string | undefined): Buffer {
  const picture = Buffer.alloc((width * height * 3) / 2, 128)
  picture.fill(90, 0, width * height)
  if (text === undefined) return picture
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const scale = Math.floor(380 / size)
  const left = Math.floor((width - size * scale) / 2)
  const top = Math.floor((height - size * scale) / 2)
  for (let y = 0; y < size * scale; y++)
    for (let x = 0; x < size * scale; x++)
      picture[(top + y) * width + left + x] = data[Math.floor(y / scale)]![Math.floor(x / scale)] ? 16 : 235
  return picture
}
