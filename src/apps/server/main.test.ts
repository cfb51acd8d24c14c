// The machine as a whole, as whoever runs it meets it: started, stopped, killed, started twice, told nonsense.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { after, afterEach, describe, test } from 'node:test'
import { freePort } from '../../../tests/fixtures/freePort.ts'
import { withLock } from '../../platform/server/lock.ts'
import { isAlive } from '../../platform/server/processes.ts'
import { removeCluster } from '../../platform/server/supervisor.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-server-'))
fs.chmodSync(folder, 0o755)
const dataDir = path.join(folder, 'data')
const children: ChildProcess[] = []
after(async () => {
  for (const name of ['data', 'demo']) await removeCluster(path.join(folder, name))
  fs.rmSync(folder, { recursive: true, force: true })
})

// A test that failed half-way must not stand in the way of the next.
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

type Started = { child: ChildProcess; said: () => string; ended: Promise<number | null>; url: string }

async function start(
  env: Record<string, string> = {},
  args: string[] = [],
  script = 'src/apps/server/main.ts',
): Promise<Started> {
  const port = env.PORT ?? String(await freePort())
  const { DATABASE_URL: _, ...inherited } = process.env
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: {
      ...inherited,
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      WEB_BUILD: 'off',
      LOG_LEVEL: 'warn',
      PORT: port,
      ...env,
    },
    // The last one tells the server when this test is killed, as its launcher would.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => {
      said += part.toString()
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return { child, said: () => said, ended, url: `http://127.0.0.1:${port}` }
}
const get = (url: string) => fetch(url, { signal: AbortSignal.timeout(5000) })
async function until(what: string, holds: () => Promise<boolean>, limitMs = 30_000) {
  const end = Date.now() + limitMs
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
/** As `until`, for a server: one that has ended is not waited for. */
async function comesTo(it: Started, what: string, holds: () => Promise<boolean>) {
  await until(what, async () => it.child.exitCode !== null || (await holds()))
  if (it.child.exitCode !== null) throw new Error(`the server ended instead of: ${what}\n${it.said()}`)
}
const isReady = (it: Started) => comesTo(it, 'ready', async () => (await get(`${it.url}/readyz`)).ok)
const postmaster = (dir = dataDir) =>
  Number(fs.readFileSync(path.join(dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0])

describe('the server', { concurrency: false }, () => {
  test('answers from its first moment, says what it waits for, and loses no request when the application takes over', async () => {
    let it!: Started
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o755 })
    // While we hold the database's lock, the start stands still at its first step.
    await withLock(dataDir, 'postgres', 5000, async () => {
      it = await start()
      await comesTo(it, 'the door is open', async () => (await get(`${it.url}/healthz`)).ok)
      const early = await get(`${it.url}/readyz`)
      assert.equal(early.status, 503)
      assert.deepEqual(((await early.json()) as { waitingFor: string[] }).waitingFor, [
        'database',
        'schema',
        'jobs',
        'application',
      ])
      assert.match(await (await get(`${it.url}/`)).text(), /Đang chuẩn bị/)
      assert.equal((await fetch(`${it.url}/api/any/thing`, { method: 'POST' })).status, 503)
    })
    let asked = 0
    await until('ready, every question answered on the way', async () => {
      asked++
      const answers = await Promise.all([
        get(`${it.url}/healthz`),
        get(`${it.url}/readyz`),
        get(`${it.url}/openapi.json`),
      ])
      return answers[1]!.ok
    })
    assert.ok(asked > 1)
    assert.equal((await get(`${it.url}/openapi.json`)).status, 200)
    assert.match(await (await get(`${it.url}/metrics`)).text(), /^process_resident_memory_bytes \d/m)
    const pid = postmaster()
    it.child.kill('SIGTERM')
    assert.equal(await it.ended, 0)
    assert.equal(isAlive(pid), false)
  })

  test('tells the numbers of the machine to nobody behind a proxy', async () => {
    const it = await start()
    await isReady(it)
    const asked = await fetch(`${it.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    assert.equal(asked.status, 404)
    it.child.kill('SIGTERM')
    await it.ended
  })

  test('outlives its database, which is brought back, and is ready again by itself', async () => {
    const it = await start()
    await isReady(it)
    const pid = postmaster()
    process.kill(pid, 'SIGKILL')
    assert.equal((await get(`${it.url}/healthz`)).status, 200)
    await until('another one runs', async () => postmaster() !== pid)
    await isReady(it)
    it.child.kill('SIGINT')
    assert.equal(await it.ended, 0)
  })

  test('killed outright, it starts again over the database that survived and leaves nothing behind', async () => {
    const victim = await start()
    await isReady(victim)
    const pid = postmaster()
    victim.child.kill('SIGKILL')
    await victim.ended
    assert.equal(isAlive(pid), true)
    const next = await start()
    await isReady(next)
    next.child.kill('SIGTERM')
    assert.equal(await next.ended, 0)
    assert.equal(isAlive(pid), false)
  })

  test('a second one on the same folder is refused with who is there and where', async () => {
    const first = await start()
    await isReady(first)
    const second = await start()
    assert.equal(await second.ended, 1)
    assert.match(second.said(), new RegExp(`pid ${first.child.pid}, ${first.url}`))
    assert.equal((await get(`${first.url}/readyz`)).status, 200)
    // One that is just leaving is waited for instead.
    first.child.kill('SIGTERM')
    const third = await start()
    await isReady(third)
    third.child.kill('SIGTERM')
    assert.equal(await third.ended, 0)
  })

  test('a port that is taken is named, and the database that was not needed is not left running', async () => {
    const squatter = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => squatter.once('listening', resolve))
    const it = await start({ PORT: String((squatter.address() as net.AddressInfo).port) })
    assert.equal(await it.ended, 1)
    assert.match(it.said(), /PORT \d+: cổng này đang có chương trình khác dùng/)
    squatter.close()
  })

  test('wrong settings end it at once with a sentence and the code of a misuse', async () => {
    const it = await start({ PORT: 'ba nghìn' })
    assert.equal(await it.ended, 2)
    assert.match(it.said(), /^PORT đang là «ba nghìn»; cần một số nguyên từ 1 đến 65535\.\nPORT is "ba nghìn"/)
    const role = await start({}, ['--role', 'king'])
    assert.equal(await role.ended, 2)
    assert.match(role.said(), /--role «king»/)
    const foreign = path.join(folder, 'foreign')
    fs.mkdirSync(foreign)
    fs.writeFileSync(path.join(foreign, 'thu-cua-nguoi-khac.txt'), '')
    fs.chmodSync(foreign, 0o755)
    const there = await start({ DATA_DIR: foreign })
    assert.equal(await there.ended, 1)
    assert.match(there.said(), /thư mục này đã có thứ khác/)
    assert.equal(fs.statSync(foreign).mode & 0o777, 0o755)
    const away = await start({ DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' })
    assert.equal(await away.ended, 1)
    assert.match(away.said(), /DATABASE_URL: không kết nối được/)
  })

  test('a demo never opens a real database, nor a real start a demo', async () => {
    const real = await start({}, ['--demo'])
    assert.equal(await real.ended, 1)
    assert.match(real.said(), /bản dùng thử chỉ mở trên cơ sở dữ liệu trống/)
  })

  test('stops by itself when its launcher is killed', async () => {
    const it = await start({}, [], 'start.mjs')
    await isReady(it)
    const pid = postmaster()
    it.child.kill('SIGKILL')
    await until('the port is free', async () => !(await get(`${it.url}/healthz`).catch(() => undefined)))
    await until('the database is down', async () => !isAlive(pid))
  })
})
