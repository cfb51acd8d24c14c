// How the server is called, and how it speaks to whoever called it.
import { parseArgs } from 'node:util'
import {
  type Config,
  judgeSettings,
  type Launch,
  type Role,
  readSettings,
  roles,
  settingsTable,
} from '../../platform/server/config.ts'

const usage = `npm start [-- --demo] [-- --role web,live,worker,programme]

  --demo    bản dùng thử Bắc Giang, dữ liệu riêng, chỉ mở cho máy này (the demonstration)
  --role    phần việc của tiến trình này: web, live, worker, programme; mặc định tất cả (parts this process plays)
  --settings  in bảng các biến môi trường (prints the table of settings)
`
export const say = (line: string) => process.stdout.write(`${line}\n`)
export const complain = (line: string) => process.stderr.write(`${line}\n`)

/** What the arguments and the environment ask for. Mistakes are told, all at once, and end the process. */
export function judgeLaunch(args: string[]): Config {
  const launch = readArgs(args)
  const judged = judgeSettings(readSettings(process.env), launch, process.cwd())
  if ('config' in judged) return judged.config
  for (const { vi, en } of judged.problems) complain(`${vi}\n${en}`)
  process.exit(2)
}
function readArgs(args: string[]): Launch {
  try {
    const { values } = parseArgs({
      args,
      options: {
        demo: { type: 'boolean', default: false },
        role: { type: 'string', multiple: true },
        settings: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help || values.settings) {
      say(values.help ? usage : settingsTable())
      process.exit(0)
    }
    const wanted = (values.role ?? []).flatMap((text) => text.split(','))
    const strange = wanted.find((role) => !roles.includes(role as Role))
    if (strange !== undefined)
      throw new Error(`--role «${strange}»: cần ${roles.join(', ')} (expected ${roles.join(', ')})`)
    return { demo: values.demo, roles: wanted.length > 0 ? (wanted as Role[]) : roles }
  } catch (error) {
    complain(`${(error as Error).message}\n\n${usage}`)
    process.exit(2)
  }
}
