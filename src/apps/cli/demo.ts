// The verbs of the demo: making it without a web server, and playing a live morning.
import type { FigureSheet } from '../../features/reports/contract.ts'
import { getFigures } from '../../features/reports/server/index.ts'
import { formatCount } from '../../kernel/figure.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { playLive } from '../demo/live/playLive.ts'
import { prepareDemo } from '../demo/prepare.ts'
import { playMorning } from '../demo/simulate.ts'
import { Ended, say, usage } from './exit.ts'
import { campaignByCode, maybe } from './find.ts'
import type { Values, Verb } from './verb.ts'

export const demoVerb: Verb = {
  name: 'demo',
  form: '[--json]',
  help: 'Dựng bản dùng thử Bắc Giang, không mở trang web. (Prepares the demo without a web server.)',
  options: {},
  async run({ desk, perform }) {
    let last = ''
    const steps = await prepareDemo(desk, (fraction, detail = '') => {
      const line = detail.split(':')[0]!
      if (line !== last) say(`${String(Math.round(fraction * 100)).padStart(3)}%  ${line}`)
      last = line
    })
    const { id: campaignId } = await campaignByCode(desk.db, 'demo')
    const { children: _, ...figures } = await perform<FigureSheet>(getFigures, { campaignId })
    const seconds = Math.round(steps.reduce((sum, step) => sum + step.seconds, 0) * 10) / 10
    return {
      json: { ready: true, seconds, steps, figures },
      words: [
        ...steps.map(
          ({ step, seconds, cpuSeconds, databaseCpuSeconds = 0 }) =>
            `${step.padEnd(12)} ${seconds.toFixed(1).padStart(7)} s, CPU ${cpuSeconds.toFixed(1)} + ${databaseCpuSeconds.toFixed(1)} s`,
        ),
        `Bản dùng thử đã sẵn sàng: thuộc diện ${formatCount(figures.inScope)}, dự ${formatCount(figures.attended)}, đã học ${formatCount(figures.covered)} (${figures.ratios.coveredOfInScope.text}), còn ${formatCount(figures.left)}`,
      ].join('\n'),
    }
  },
}

const defaultSpeed = 20
const longestMinutes = 240

export const simulateVerb: Verb = {
  name: 'simulate',
  form: '--day [--speed N] | --live [--sites N] [--stage N] [--viewers N] [--watchers N]  [--minutes M] [--campaign demo]',
  help: 'Diễn lại một buổi sáng ở mọi điểm cầu (--day), hay một buổi trực tuyến với máy chủ đang chạy (--live): báo cáo viên, hội trường, người xem; Ctrl-C thì dừng gọn. (Plays a morning, or a live session against the running server.)',
  options: {
    day: { type: 'boolean' },
    live: { type: 'boolean' },
    sites: { type: 'string' },
    stage: { type: 'string' },
    viewers: { type: 'string' },
    watchers: { type: 'string' },
    speed: { type: 'string' },
    minutes: { type: 'string' },
    campaign: { type: 'string' },
  },
  async run({ desk, values, tellBoards }) {
    if (Boolean(values.day) === Boolean(values.live)) usage('simulate --day | --live [--minutes M]')
    if (!desk.demo)
      throw new Ended('refused', 'Chỉ có trong bản dùng thử (demo only; add --demo)', { refused: 'demoOnly' })
    if (values.live) return playedLive(desk, values)
    const speed = numberOf(values, 'speed', defaultSpeed, 1, 600)
    const minutes = numberOf(values, 'minutes', longestMinutes, 0.05, longestMinutes)
    const campaign = maybe(values, 'campaign') ?? 'demo'
    await campaignByCode(desk.db, campaign)
    let stopped = false
    const stop = () => {
      stopped = true
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
    say('Đang xếp chỗ và triệu tập cho buổi diễn tập…')
    const json = await playMorning(
      desk,
      { campaign, speed, minutes, stopped: () => stopped },
      {
        onOpen: ({ code, summoned, sites }) =>
          say(
            `Mở cửa ${formatCount(sites)} điểm cầu: hội nghị ${code}, ${formatCount(summoned)} người; xem tại /quan-so`,
          ),
        onState: async ({ minute, arrived, headcounts }) => {
          await tellBoards()
          say(
            `  phút ${String(Math.floor(minute)).padStart(2)}: ${formatCount(arrived)} người có mặt, ${headcounts} điểm cầu đã báo quân số`,
          )
        },
      },
    )
    return {
      json,
      words: `${json.finished ? 'Xong buổi diễn tập' : 'Đã dừng'}: ${formatCount(json.arrived)} / ${formatCount(json.summoned)} người, ${formatCount(json.late)} người đến muộn, ${json.headcounts} báo cáo quân số`,
    }
  },
}
/** Against the server that runs on this data; everything goes the way a browser goes. */
async function playedLive(desk: Desk, values: Values) {
  const plan = {
    base: desk.baseUrl,
    sites: numberOf(values, 'sites', 236, 1, 236),
    onStage: numberOf(values, 'stage', 4, 0, 24),
    viewers: numberOf(values, 'viewers', 20, 0, 2_000),
    watchers: numberOf(values, 'watchers', 100, 0, 4_000),
    minutes: numberOf(values, 'minutes', 10, 0.2, longestMinutes),
  }
  const there = await fetch(`${plan.base}/readyz`).catch(() => undefined)
  if (!there?.ok)
    throw new Ended(
      'refused',
      `Máy chủ chưa chạy ở ${plan.base}; mở «npm start -- --demo» trước, rồi chạy lại với cùng PORT`,
      {
        refused: 'notRunning',
      },
    )
  let stopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopped = true))
  let told = 0
  const json = await playLive(desk, plan, {
    stopped: () => stopped,
    tell: (now) => {
      if (now.second < told) return
      told = now.second + 5
      say(
        `  ${String(now.second).padStart(4)} giây: ${now.sites} điểm cầu, ${now.inRoom} trong phòng, ${now.viewers} người xem (${formatCount(now.segments)} đoạn), ${now.watchers} người theo dõi (${formatCount(now.messages)} tin), ${now.errors} lỗi${now.beat ? ` · ${now.beat}` : ''}`,
      )
    },
  })
  return {
    json,
    words: `Xong: ${json.takes} lần chuyển sóng, ${formatCount(json.segments)} đoạn hình đã xem, ${formatCount(json.messages)} tin đã nhận, ${json.stalls} lần đứng, ${json.errors} lỗi${json.because ? ` (${json.because})` : ''}`,
  }
}
function numberOf(values: Values, name: string, otherwise: number, least: number, most: number): number {
  const typed = maybe(values, name)
  if (typed === undefined) return otherwise
  const number = Number(typed)
  return number >= least && number <= most ? number : usage(`--${name}: cần một số từ ${least} đến ${most} (a number)`)
}
