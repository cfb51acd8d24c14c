// The command line: the server's own hands. It adopts or starts the database, works beside a running server, and calls the same operations.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from '../../platform/rights.ts'
import { judgeSettings, readSettings } from '../../platform/server/config.ts'
import { NewerSchema } from '../../platform/server/db.ts'
import { stopDocuments } from '../../platform/server/documents/index.ts'
import { Refused } from '../../platform/server/operate.ts'
import { composed } from '../server/features.ts'
import { CannotStart, openDatabase, openDesk } from '../server/ground.ts'
import { Ended, exitCodes, say } from './exit.ts'
import { performer, type Values, type Verb } from './verb.ts'
import { verbs } from './verbs.ts'

const common = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, demo: { type: 'boolean' } } as const

const usageOf = (verb: Verb) => `npm run -s cli -- ${verb.name} ${verb.form}\n  ${verb.help}`
const help = () =>
  [
    'npm run -s cli -- VERB … [--json] [--demo]',
    ...verbs.map(usageOf),
    'Mã thoát: 0 xong · 1 lỗi máy · 2 sai cách gọi · 3 tệp có lỗi, chưa ghi gì · 4 bị từ chối · 5 không kết nối được',
  ].join('\n')

async function main(args: readonly string[]): Promise<void> {
  const verb = verbs.find(({ name }) => name === args[0])
  if (!verb) {
    if (args.length === 0 || args[0] === '--help' || args[0] === '-h' || args[0] === 'help')
      return void process.stdout.write(`${help()}\n`)
    throw new Ended('usage', `Không có lệnh «${args[0]}» (unknown verb)\n${help()}`)
  }
  const { values, positionals } = readArgs(verb, args.slice(1))
  if (values.help) return void process.stdout.write(`${usageOf(verb)}\n`)
  const answer = await answerOf(verb, values, positionals)
  process.stdout.write(values.json ? `${JSON.stringify(answer.json)}\n` : `${answer.words}\n`)
}
function readArgs(verb: Verb, args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...common, ...verb.options },
      allowPositionals: true,
    })
    return { values: values as Values, positionals }
  } catch (error) {
    throw new Ended('usage', `${(error as Error).message}\n${usageOf(verb)}`)
  }
}

async function answerOf(verb: Verb, values: Values, positionals: readonly string[]) {
  const judged = judgeSettings(readSettings(process.env), { demo: meansDemo(verb, values), roles: [] }, process.cwd())
  if ('problems' in judged) throw new Ended('usage', judged.problems.map(({ vi, en }) => `${vi}\n${en}`).join('\n'))
  const { config } = judged
  const actor = machine(process.getuid?.() ?? os.userInfo().username)
  if ('onGround' in verb) return verb.onGround({ config, actor, now: new Date(), values, positionals })
  const database = await openDatabase(config, () => {}).catch((error: Error) => {
    throw new Ended('unreachable', error.message)
  })
  try {
    const { desk, live, close } = await openDesk(config, database, composed, () => {})
    try {
      const now = () => new Date()
      const answer = await verb.run({
        desk,
        config,
        actor,
        now: now(),
        values,
        positionals,
        perform: performer(desk, actor, now),
        tellBoards: () => live.tellNow(desk),
      })
      // Boards of a running server hear of what was done here.
      await live.tellNow(desk)
      return answer
    } finally {
      await stopDocuments()
      await close()
    }
  } finally {
    if (!database.adopted) await database.stop()
  }
}

/** Asked for, or plainly meant: a campaign of the demo, or the demo's folder is the only one here. */
function meansDemo(verb: Verb, values: Values): boolean {
  if (values.demo === true || verb.name === 'demo') return true
  if (process.env.DATA_DIR || process.env.DATABASE_URL) return false
  const has = (folder: string) =>
    fs.existsSync(path.resolve(folder, 'pg', 'PG_VERSION')) || fs.existsSync(path.resolve(folder, 'pg.secret'))
  return has('data/demo') && (!has('data') || /^demo(-2)?$/.test(String(values.campaign ?? '')))
}

function endWith(error: unknown, json: boolean): number {
  const { as, message, detail } = wordsOf(error)
  say(message)
  if (json) process.stdout.write(`${JSON.stringify({ error: as, message, ...detail })}\n`)
  return exitCodes[as]
}
function wordsOf(error: unknown): Pick<Ended, 'as' | 'message' | 'detail'> {
  if (error instanceof Ended) return error
  if (error instanceof Refused)
    return {
      as: error.because === 'malformed' ? 'usage' : 'refused',
      message: `Bị từ chối: ${error.because}${error.detail ? ` ${JSON.stringify(error.detail)}` : ''} (refused)`,
      detail: { refused: error.because, ...(error.detail ? { detail: error.detail } : {}) },
    }
  if (error instanceof NewerSchema || error instanceof CannotStart)
    return { as: 'refused', message: error.message, detail: {} }
  const { code = '', message, stack } = error as NodeJS.ErrnoException
  if (/^(ECONN|ENOTFOUND|57P0|08)/.test(code))
    return {
      as: 'unreachable',
      message: `Không kết nối được cơ sở dữ liệu (database unreachable): ${message}`,
      detail: {},
    }
  return { as: 'fault', message: `Lỗi: ${stack ?? message}`, detail: {} }
}

const args = process.argv.slice(2)
try {
  await main(args)
  process.exit(0)
} catch (error) {
  process.exit(endWith(error, args.includes('--json')))
}
