// The verbs of the demo: making it without a web server, and playing a live morning.
import type { FigureSheet } from '../../features/reports/contract.ts'
import { getFigures } from '../../features/reports/server/index.ts'
import { formatCount } from '../../kernel/figure.ts'
import { prepareDemo } from '../demo/prepare.ts'
import { say } from './exit.ts'
import { campaignByCode } from './find.ts'
import type { Verb } from './verb.ts'

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
