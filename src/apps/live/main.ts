// A light live process: started and told what to do by the full process beside it (platform/server/liveProcesses.ts).
// It reads no settings and opens no database, so that tens of thousands of streams are most of what it holds.
import { type Asked, type Light, openLight } from '../../platform/server/liveLight.ts'
import type { FromLight, ToLight } from '../../platform/server/liveProcesses.ts'

const askLimitMs = 12_000
const leaveLimitMs = 6_000
const tell = (message: FromLight) => {
  if (process.connected) process.send!(message)
}
const waiting = new Map<
  number,
  { resolve: (asked: Asked) => void; reject: (error: Error) => void; late: NodeJS.Timeout }
>()
let asked = 0
let light: Light | undefined
let leaving = false

function open({ port, host, reusePort, secret, origin, mostLines }: Extract<ToLight, { say: 'open' }>) {
  light = openLight({
    secret: Buffer.from(secret, 'base64'),
    origin,
    mostLines,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const n = ++asked
        const late = setTimeout(() => {
          waiting.delete(n)
          reject(new Error('not answered'))
        }, askLimitMs)
        waiting.set(n, { resolve, reject, late })
        tell({ say: 'ask', n, ...question })
      }),
    leave: (key) => tell({ say: 'leave', key }),
  })
  light.listen({ port, host, reusePort }).then(
    (at) => tell({ say: 'listening', port: at }),
    (error: NodeJS.ErrnoException) => {
      tell({ say: 'deaf', code: error.code ?? error.message })
      setTimeout(() => process.exit(1), 100)
    },
  )
  setInterval(() => tell({ say: 'watching', count: light!.watching() }), 1_000).unref()
}
function answer(n: number, said: Asked) {
  const one = waiting.get(n)
  if (!one) return
  waiting.delete(n)
  clearTimeout(one.late)
  one.resolve(said)
}
async function leave() {
  if (leaving) return
  leaving = true
  setTimeout(() => process.exit(0), leaveLimitMs).unref()
  await light?.drain()
  process.exit(0)
}

process.on('message', (message: ToLight) => {
  if (message.say === 'open') open(message)
  else if (message.say === 'answer') answer(message.n, message.asked)
  else if (message.say === 'fresh') light?.fresh(message.key, message.version, message.body)
  else if (message.say === 'revoked') light?.revoked(message.signInIds)
  else void leave()
})
// Without the full process nothing new comes: whoever watches here is sent to find another.
process.on('disconnect', () => void leave())
process.on('SIGTERM', () => void leave())
// A terminal's Ctrl-C reaches us too; the full process says when.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
