// Runs on whatever Node the machine has (16.14 and up): brings the parts, then becomes the pinned Node.
//   node start.mjs [--demo …]     the server          node start.mjs cli …     the command line
//   node start.mjs test|check|bench|journeys|words|build|dev …
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const windows = process.platform === 'win32'
const modules = join(here, 'node_modules')
const stamp = join(modules, '.installed')
const pinned = join(
  modules,
  `node-${windows ? 'win' : process.platform}-${process.arch}`,
  'bin',
  windows ? 'node.exe' : 'node',
)

// Everything but the server is asked for by name.
const tasks = {
  cli: ['src/apps/cli/main.ts'],
  test: ['scripts/test.ts'],
  check: ['scripts/test.ts', '--only', 'checks'],
  bench: ['bench/main.ts'],
  journeys: ['scripts/test.ts', '--only', 'journeys'],
  words: ['node_modules/@lingui/cli/dist/lingui.js', 'extract', '--clean'],
  pictures: ['scripts/pictures.ts'],
  build: ['node_modules/vite/bin/vite.js', 'build'],
  dev: ['node_modules/vite/bin/vite.js'],
}
const [first, ...others] = process.argv.slice(2)
const named = first !== undefined && Object.hasOwn(tasks, first)
const claim = join(here, 'data', 'installing')
const script = named ? tasks[first] : ['src/apps/server/main.ts']
const given = named ? others : process.argv.slice(2)
const whereCalled = process.env.INIT_CWD ?? process.cwd()

process.chdir(here)
// Standard output belongs to the program that is started (the command line prints JSON there): we speak on the other.
const say = (words) => process.stderr.write(`${words}\n`)
let child
/** What the program wants to be started as when it has ended: `{ again: [arguments], env }`. */
let wish

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => (child ? child.kill(signal) : process.exit(130)))

const lock = fs.readFileSync('package-lock.json')
const wanted = createHash('sha256').update(lock).digest('hex')
if (!isInstalled()) await installAlone()
become()
watchParents()

function isInstalled() {
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted
}

/** Two starts at once in a fresh folder: the second waits for the first. */
async function installAlone() {
  fs.mkdirSync(dirname(claim), { recursive: true })
  for (let told = false; ; ) {
    try {
      fs.writeFileSync(claim, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned()) fs.rmSync(claim, { force: true })
    else if (!told) say('Một tiến trình khác đang cài đặt; đang đợi… (waiting for another installation)')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  process.on('exit', () => fs.rmSync(claim, { force: true }))
  try {
    if (!isInstalled()) await install()
  } finally {
    fs.rmSync(claim, { force: true })
  }
}

/** Its launcher was killed: an npm that still works on alone is ended, since this run begins anew. */
function isAbandoned() {
  const [launcher, npm] = fs.readFileSync(claim, 'utf8').split(' ').map(Number)
  // Just made and not yet signed.
  if (!launcher && Date.now() - fs.statSync(claim).mtimeMs < 5000) return false
  if (lives(launcher)) return false
  if (lives(npm)) process.kill(npm, 'SIGKILL')
  return true
}

async function install() {
  const began = Date.now()
  say('Đang cài các phần cần dùng, một lần, khoảng 1–3 phút… (installing what is needed, once)')
  fs.rmSync(stamp, { force: true })
  const packages = Object.entries(JSON.parse(lock.toString()).packages).filter(([path, it]) => path && fitsHere(it))
  const showProgress = () => {
    const there = packages.filter(([path]) => fs.existsSync(join(here, path, 'package.json'))).length
    say(`  ${there}/${packages.length} phần · ${Math.round((Date.now() - began) / 1000)} giây`)
  }
  const timer = setInterval(showProgress, 3000)
  const code = await npmInstall()
  clearInterval(timer)
  if (code !== 0) {
    say(
      'Cài đặt không thành; lý do ở ngay trên. Chạy lại thì cài lại từ đầu. (installation failed; run again to redo it)',
    )
    process.exit(code)
  }
  if (!runs(pinned)) refuseOldNode()
  fs.writeFileSync(stamp, wanted)
  say(`  xong sau ${Math.round((Date.now() - began) / 1000)} giây`)
}

function npmInstall() {
  const options = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  // The npm that started us is the one to use; it may not be on the PATH.
  const npm = process.env.npm_execpath
  const [command, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  // What `npm start` was told (its own prefix, its own flags) is not meant for this run.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(local_prefix|prefix|omit|only|production)|lifecycle)/i.test(name),
    ),
  )
  return new Promise((resolve) => {
    child = spawn(command, [...before, ...options], {
      stdio: ['ignore', 2, 2],
      shell: command === 'npm' && windows,
      env,
    })
    fs.writeFileSync(claim, `${process.pid} ${child.pid}`)
    child.on('error', (error) => {
      say(`Không chạy được npm: ${error.message}. Hãy cài Node.js kèm npm. (npm cannot be run)`)
      resolve(1)
    })
    child.on('exit', (code, signal) => {
      child = undefined
      if (signal) process.exit(130)
      resolve(code ?? 1)
    })
  })
}

function refuseOldNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return
  say(
    `Cần Node 24 trở lên; máy này có ${process.version} và không có bản dựng sẵn cho ${process.platform}-${process.arch}.` +
      ' (Node 24 or newer is needed and no prebuilt one exists for this machine)',
  )
  process.exit(1)
}

/** Becomes the program: same terminal, same signals, same exit code. */
function become(args = given, more = {}) {
  const node = fs.existsSync(pinned) ? pinned : process.execPath
  const cache = join(here, 'data', 'cache', 'node')
  fs.mkdirSync(cache, { recursive: true })
  // The extra channel closes when this launcher is killed, and the program then stops by itself.
  child = spawn(node, [...script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...more,
      NODE_COMPILE_CACHE: cache,
      CALLED_FROM: whereCalled,
      PATH: `${dirname(node)}${windows ? ';' : ':'}${process.env.PATH}`,
    },
  })
  child.on('error', (error) => {
    say(`Không chạy được ${node}: ${error.message}`)
    process.exit(1)
  })
  child.on('message', (said) => {
    if (Array.isArray(said?.again)) wish = said
  })
  child.on('exit', (code, signal) => {
    if (!wish || code !== 0) process.exit(code ?? 128 + ({ SIGKILL: 9, SIGTERM: 15, SIGINT: 2 }[signal] ?? 1))
    const { again, env } = wish
    wish = undefined
    become(again, env)
  })
}

/** When npm is killed, nobody tells us, nor its shell between us; we notice that the line above us is another one. */
function watchParents() {
  if (!process.env.npm_lifecycle_event || windows) return
  const line = () => `${process.ppid} ${parentOf(process.ppid)}`
  const parents = line()
  setInterval(() => line() !== parents && child.kill('SIGTERM'), 300).unref()
}
function parentOf(pid) {
  try {
    return /^PPid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]
  } catch {
    return ''
  }
}

function fitsHere({ os, cpu, libc }) {
  return (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch)) && !libc?.includes('musl')
}
function runs(node) {
  return fs.existsSync(node) && spawnSync(node, ['-v']).status === 0
}
function lives(pid) {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
