// The verbs of the demo: making it without a web server, and playing a live morning.
import type { FigureSheet } from '../../features/reports/contract.ts'
import { getFigures } from '../../features/reports/server/index.ts'
import { formatCount } from '../../kernel/figure.ts'
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
  form: '--day [--speed N] [--minutes M] [--campaign demo]',
  help: 'Diễn lại một buổi sáng ở mọi điểm cầu, nhanh gấp N lần, để xem các bảng chạy; Ctrl-C thì dừng gọn. (Plays a live morning.)',
  options: {
    day: { type: 'boolean' },
    speed: { type: 'string' },
    minutes: { type: 'string' },
    campaign: { type: 'string' },
  },
  async run({ desk, values, tellBoards }) {
    if (!values.day) usage('simulate --day [--speed N] [--minutes M]')
    if (!desk.demo)
      throw new Ended('refused', 'Chỉ có trong bản dùng thử (demo only; add --demo)', { refused: 'demoOnly' })
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
function numberOf(values: Values, name: string, otherwise: number, least: number, most: number): number {
  const typed = maybe(values, name)
  if (typed === undefined) return otherwise
  const number = Number(typed)
  return number >= least && number <= most ? number : usage(`--${name}: cần một số từ ${least} đến ${most} (a number)`)
}
