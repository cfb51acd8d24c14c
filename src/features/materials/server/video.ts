// How long a video is and how wide, by ffprobe where the machine has one.
import { execFile } from 'node:child_process'
import { z } from 'zod'

const Probed = z.object({
  streams: z.array(z.object({ codec_type: z.string(), width: z.int().optional(), height: z.int().optional() })),
  format: z.object({ duration: z.coerce.number().optional() }).default({}),
})
export type Video = { seconds: number | undefined; width: number | undefined; height: number | undefined }

/** `unknown` without ffprobe: the file is then taken as it is. `none` when there is no picture in it. */
export function lookAtVideo(file: string, ffmpegPath: string, limitMs = 20_000): Promise<Video | 'unknown' | 'none'> {
  const ffprobe = ffmpegPath.replace(/ffmpeg(?=(\.exe)?$)/, 'ffprobe')
  const args = [
    '-v',
    'error',
    '-protocol_whitelist',
    'file',
    '-show_entries',
    'format=duration:stream=codec_type,width,height',
  ]
  return new Promise((resolve) => {
    execFile(
      ffprobe,
      [...args, '-of', 'json', file],
      { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 1_000_000, env: { PATH: process.env.PATH ?? '' } },
      (error, out) => {
        if (error && 'code' in error && error.code === 'ENOENT') return resolve('unknown')
        if (error) return resolve('none')
        const found = Probed.safeParse(parse(out))
        const picture = found.data?.streams.find(({ codec_type }) => codec_type === 'video')
        resolve(
          found.success && picture
            ? { seconds: found.data.format.duration, width: picture.width, height: picture.height }
            : 'none',
        )
      },
    )
  })
}
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
