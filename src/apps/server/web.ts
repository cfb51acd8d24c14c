// The pages: built when their source has changed, served with the entry that fits the address.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import serveStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { pageFor } from '../../platform/pages.ts'
import { withLock } from '../../platform/server/lock.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const built = path.join(root, 'data/web')
const stamp = path.join(built, '.stamp')
const buildLimitMs = 300_000

/** Builds the web only when something it is made of has changed. Vite runs in a child, so its memory goes back. */
export async function buildWeb(): Promise<'fresh' | 'built'> {
  if (isFresh()) return 'fresh'
  fs.mkdirSync(path.dirname(built), { recursive: true })
  return withLock(path.dirname(built), 'web', buildLimitMs, async () => {
    const key = keyOfSource()
    if (isFresh(key)) return 'fresh'
    const making = `${built}.new`
    await runVite(['build', '--logLevel', 'warn', '--outDir', making, '--emptyOutDir'])
    fs.writeFileSync(path.join(making, '.stamp'), key)
    // Changed in one step: a server that serves the former pages never sees half of the new ones.
    fs.rmSync(`${built}.old`, { recursive: true, force: true })
    if (fs.existsSync(built)) fs.renameSync(built, `${built}.old`)
    fs.renameSync(making, built)
    fs.rmSync(`${built}.old`, { recursive: true, force: true })
    return 'built'
  })
}

const isFresh = (key = keyOfSource()) => fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === key

function keyOfSource(): string {
  const hash = createHash('sha256')
  const top = fs
    .readdirSync(root)
    .filter((name) => /\.html$|^(package-lock\.json|vite\.config\.ts|lingui\.config\.ts)$/.test(name))
  const below = ['src', 'public'].flatMap((folder) => filesBelow(path.join(root, folder)))
  for (const file of [...top.map((name) => path.join(root, name)), ...below].sort())
    hash.update(path.relative(root, file)).update(fs.readFileSync(file))
  return hash.digest('hex')
}
const filesBelow = (folder: string) =>
  fs.existsSync(folder)
    ? fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .filter((file) => !/[\\/](server|cli)[\\/]|\.test\.tsx?$/.test(path.relative(root, file)))
    : []

const runVite = (args: string[]) =>
  new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules/vite/bin/vite.js'), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const listen = (part: Buffer) => {
      said = (said + part.toString()).slice(-4000)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    const endChild = () => child.kill()
    process.once('exit', endChild)
    child.on('error', reject)
    child.on('exit', (code) => {
      process.off('exit', endChild)
      if (code === 0) resolve()
      else reject(new Error(`The web pages could not be built:\n${said.trim()}`))
    })
  })

/** Files by name; an address without a file gets the entry it belongs to, and the web's router does the rest. */
export async function servePages(app: FastifyInstance) {
  await app.register(serveStatic, {
    root: built,
    preCompressed: true,
    setHeaders: (reply, file) => {
      const forever = file.includes(`${path.sep}assets${path.sep}`)
      reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const [address = '/'] = request.url.split('?')
    const isPage = request.method === 'GET' && !/^\/(api|live|assets)(\/|$)|\.\w+$/.test(address)
    if (!isPage) return reply.status(404).send({ refused: 'notFound' })
    if (!fs.existsSync(path.join(built, 'index.html')))
      return reply.status(503).type('text/plain; charset=utf-8').send('Trang web chưa được dựng (WEB_BUILD=off).')
    const entry = entryOf(address)
    const policy = devicesOf[entry]
    if (policy) reply.header('permissions-policy', policy)
    return reply.sendFile(entry)
  })
}
/** The door is scanned and the hall heard from the console; speakers and called members stand on the stage. No other page may turn a device on. */
const devicesOf: Record<string, string> = {
  'console.html': 'camera=(self), microphone=(self), geolocation=(), display-capture=()',
  'stage.html': 'camera=(self), microphone=(self), geolocation=(), display-capture=(self)',
}
const entryOf = (address: string): string => {
  const page = pageFor(address)
  return fs.existsSync(path.join(built, page)) ? page : 'index.html'
}
