// The process of one programme: started by the server while a session is on the stage, one a session.
//   node src/apps/programme/main.ts --session <id>
import { parseArgs } from 'node:util'
import { makeProgramme } from '../../features/broadcast/media/index.ts'
import { judgeSettings, readSettings } from '../../platform/server/config.ts'
import { openDb, openPool } from '../../platform/server/db.ts'
import { openLive } from '../../platform/server/live.ts'
import { isLock, tryLock } from '../../platform/server/lock.ts'
import { readSecret } from '../../platform/server/secret.ts'

/** Another process makes this programme already: the server then looks after that one. */
const heldCode = 3
// A server that was killed comes back and takes us over; one that does not leaves nobody to answer viewers.
const orphanLimitMs = 60_000
const lookEveryMs = 5_000
const stopLimitMs = 25_000

const { values } = parseArgs({ options: { session: { type: 'string' }, demo: { type: 'boolean', default: false } } })
const judged = judgeSettings(readSettings(process.env), { demo: values.demo, roles: ['programme'] }, process.cwd())
if ('problems' in judged || !values.session || !judged.config.databaseUrl) {
  process.stderr.write('a programme is started by the server: --session, DATABASE_URL and DATA_DIR are given\n')
  process.exit(2)
}
const { config } = judged
const leaving = new AbortController()
function leave() {
  if (leaving.signal.aborted) return
  leaving.abort()
  setTimeout(() => process.exit(1), stopLimitMs).unref()
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave)
// A fault in one part must not end what everybody watches; the server sees when we stop beating.
process.on('unhandledRejection', (error) => process.stderr.write(`${new Date().toISOString()} ${error}\n`))

async function watchForServer() {
  let aloneSince: number | undefined
  const look = setInterval(async () => {
    const lock = await tryLock(config.dataDir, 'server')
    if (isLock(lock)) await lock.release()
    aloneSince = isLock(lock) ? (aloneSince ?? Date.now()) : undefined
    if (aloneSince === undefined || Date.now() - aloneSince < orphanLimitMs) return
    clearInterval(look)
    leave()
  }, lookEveryMs)
}
process.on('disconnect', () => void watchForServer())

const pool = openPool(config.databaseUrl!, { max: 4 })
const made = await makeProgramme(
  {
    db: openDb(pool),
    pool,
    databaseUrl: config.databaseUrl!,
    secret: readSecret(config.secretFile),
    dataDir: config.dataDir,
    live: openLive(),
  },
  config,
  values.session,
  leaving.signal,
)
await pool.end()
process.exit(made === 'held' ? heldCode : 0)
