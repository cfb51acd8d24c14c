// Nothing is pretended here: real clusters, real `kill -9`, real second processes.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { isAlive } from './processes.ts'
import { type Cluster, removeCluster, startPostgres } from './supervisor.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-pg-'))
// As root, the servant must be able to walk through.
fs.chmodSync(folder, 0o755)
const dataDir = path.join(folder, 'data')
const pidOf = () => Number(fs.readFileSync(path.join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0])
const children: ChildProcess[] = []
after(async () => {
  for (const child of children) child.kill('SIGKILL')
  await removeCluster(dataDir)
  fs.rmSync(folder, { recursive: true, force: true })
})

async function ask(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 15_000) {
  const end = Date.now() + limitMs
  while (!(await Promise.resolve(holds()).catch(() => false))) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}
/** Another process of ours on the same folder; resolves when it has the database. */
function another(): Promise<{ child: ChildProcess; url: string; adopted: boolean }> {
  const script = `import { startPostgres } from ${JSON.stringify(path.join(import.meta.dirname, 'supervisor.ts'))}
    const cluster = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    console.log(JSON.stringify({ url: cluster.url, adopted: cluster.adopted }))
    process.stdin.resume()
    process.stdin.on('end', async () => { await cluster.stop(); process.exit(0) })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve({ child, ...JSON.parse(line.toString()) }))
    child.once('exit', (code) => reject(new Error(`the other process ended with ${code}`)))
  })
}
const leaves = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.stdin?.end()
  })

describe('the database that comes along', { concurrency: false }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startPostgres({ dataDir })
  })

  test('is durable, Unicode, on loopback only, and its password is for the owner alone', async () => {
    const [set] = await ask(
      cluster.url,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
        current_setting('server_encoding') as encoding, current_setting('listen_addresses') as listen`,
    )
    assert.deepEqual(set, { fsync: 'on', commit: 'on', encoding: 'UTF8', listen: '127.0.0.1' })
    assert.equal(fs.statSync(path.join(dataDir, 'pg.secret')).mode & 0o077, 0)
    assert.equal(fs.statSync(dataDir).mode & 0o007, 0)
    assert.equal(fs.statSync(path.join(dataDir, 'pg')).mode & 0o077, 0)
  })

  test('comes back by itself within seconds after a kill -9, on the same address, with what was committed', async () => {
    await ask(cluster.url, 'create table kept as select 62221 as attended')
    process.kill(pidOf(), 'SIGKILL')
    await until('it is noticed', () => !cluster.isUp())
    await until('it is back', () => cluster.isUp())
    assert.deepEqual(await ask(cluster.url, 'select attended from kept'), [{ attended: 62_221 }])
  })

  test('comes back a second time too', async () => {
    process.kill(pidOf(), 'SIGKILL')
    await until('it is noticed', () => !cluster.isUp())
    await until('it is back', () => cluster.isUp())
    assert.equal((await ask(cluster.url, 'select 1 as one')).length, 1)
  })

  test('is shared with a second process, which leaves it running', async () => {
    const other = await another()
    assert.equal(other.adopted, true)
    assert.equal(other.url, cluster.url)
    await leaves(other.child)
    assert.equal((await ask(cluster.url, 'select 1 as one')).length, 1)
  })

  test('is left to the second process when the one that started it goes first, and stopped by the last', async () => {
    const other = await another()
    await cluster.stop()
    assert.equal((await ask(other.url, 'select 1 as one')).length, 1)
    const pid = pidOf()
    await leaves(other.child)
    assert.equal(isAlive(pid), false)
  })

  test('two processes that start at once share one', async () => {
    const [one, two] = await Promise.all([another(), another()])
    assert.equal(one.url, two.url)
    assert.deepEqual([one.adopted, two.adopted].sort(), [false, true])
    const pid = pidOf()
    await leaves(one.child)
    await leaves(two.child)
    assert.equal(isAlive(pid), false)
  })

  test('outlives a kill -9 of its process and is adopted by the next, which leaves no orphan', async () => {
    const victim = await another()
    const pid = pidOf()
    victim.child.kill('SIGKILL')
    await until('it is dead', () => victim.child.exitCode !== null || victim.child.signalCode !== null)
    assert.equal(isAlive(pid), true)
    const next = await startPostgres({ dataDir })
    assert.equal(next.adopted, true)
    await next.stop()
    assert.equal(isAlive(pid), false)
  })

  test('starts again after a kill -9 of everything at once', async () => {
    const victim = await another()
    await ask(victim.url, 'create table kept_too as select 8540 as made_up')
    const pid = pidOf()
    victim.child.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    const next = await startPostgres({ dataDir })
    assert.deepEqual(await ask(next.url, 'select made_up from kept_too'), [{ made_up: 8540 }])
    await next.stop()
  })

  test('takes another port when the remembered one is taken, and says so nowhere else than in the address', async () => {
    const noted = Number(fs.readFileSync(path.join(dataDir, 'pg.port'), 'utf8'))
    const squatter = net.createServer().listen(noted, '127.0.0.1')
    await new Promise((resolve) => squatter.once('listening', resolve))
    const next = await startPostgres({ dataDir })
    assert.notEqual(next.port, noted)
    assert.equal((await ask(next.url, 'select 1 as one')).length, 1)
    await next.stop()
    squatter.close()
  })

  test('that cannot start says why in the words of its own log', async () => {
    const squatter = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => squatter.once('listening', resolve))
    const { port } = squatter.address() as net.AddressInfo
    await assert.rejects(startPostgres({ dataDir, port }), /could not bind|Address already in use/)
    squatter.close()
  })

  test('that was being made when the power went is made anew', async () => {
    const unfinished = path.join(folder, 'unfinished')
    fs.mkdirSync(path.join(unfinished, 'pg.new'), { recursive: true })
    fs.writeFileSync(path.join(unfinished, 'pg.new', 'PG_VERSION'), '18\n')
    const made = await startPostgres({ dataDir: unfinished })
    assert.equal(made.adopted, false)
    await made.stop()
    await removeCluster(unfinished)
  })
})
