// A lock between processes that the kernel lets go when its holder dies: nothing to clean up after `kill -9`.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

export type Lock = { tell: (about: object) => void; release: () => Promise<void> }
/** What the present holder says about itself, when it can be asked. */
export type Holder = Record<string, unknown>

/**
 * Takes the lock called `name` of a folder, or says who holds it. Linux uses an abstract socket, Windows a named pipe;
 * elsewhere a socket file is left behind by a killed holder and is cleared when nobody answers on it.
 */
export async function tryLock(folder: string, name: string, about: object = {}): Promise<Lock | Holder> {
  const address = addressOf(folder, name)
  let said = JSON.stringify({ pid: process.pid, ...about })
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.end(said)
  })
  server.unref()
  for (let attempt = 0; ; attempt++) {
    if (await listens(server, address)) break
    const holder = await ask(address)
    if (holder) return holder
    if (!address.startsWith('\0')) fs.rmSync(address, { force: true })
    if (attempt === 3) return {}
  }
  return {
    tell: (more) => {
      said = JSON.stringify({ pid: process.pid, ...about, ...more })
    },
    release: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export const isLock = (it: Lock | Holder): it is Lock => typeof it.release === 'function'

/** Waits for the lock at most `limitMs`, then throws naming the holder. For short critical sections. */
export async function withLock<T>(folder: string, name: string, limitMs: number, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + limitMs
  for (;;) {
    const lock = await tryLock(folder, name)
    if (isLock(lock)) {
      try {
        return await work()
      } finally {
        await lock.release()
      }
    }
    if (Date.now() > until) throw new Error(`${name} of ${folder} is held by process ${lock.pid ?? '(unknown)'}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function addressOf(folder: string, name: string) {
  const real = fs.existsSync(folder) ? fs.realpathSync(folder) : path.resolve(folder)
  const id = `diem-cau-${createHash('sha256').update(`${real}\n${name}`).digest('hex').slice(0, 24)}`
  if (process.platform === 'linux') return `\0${id}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${id}` : path.join(os.tmpdir(), `${id}.sock`)
}

const listens = (server: net.Server, address: string) =>
  new Promise<boolean>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', done)
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    }
    const done = () => {
      server.off('error', failed)
      resolve(true)
    }
    server.once('error', failed).once('listening', done).listen(address)
  })

/** Undefined when nobody is there any more; `{}` when somebody holds the lock but is too busy to say who. */
const ask = (address: string) =>
  new Promise<Holder | undefined>((resolve) => {
    let text = ''
    const socket = net.connect(address)
    socket.setTimeout(1000, () => {
      resolve({})
      socket.destroy()
    })
    socket.on('data', (part) => {
      text += part
    })
    socket.on('error', () => resolve(undefined))
    socket.on('end', () => {
      try {
        resolve(JSON.parse(text))
      } catch {
        resolve({})
      }
    })
  })
