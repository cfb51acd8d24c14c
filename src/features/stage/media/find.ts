// Where the media server comes from: the PATH, what was fetched before, the published release, else built from its source.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { withLock } from '../../../platform/server/lock.ts'

/** Newer ones cannot be built by `go install`: their module replaces others. */
export const version = '1.13.5'
const windows = process.platform === 'win32'
const exe = windows ? '.exe' : ''
const platform = `${process.platform}-${process.arch}`

/** The archives of the release and their published SHA-256. There is none for macOS. */
const releases: Record<string, { file: string; sha256: string }> = {
  'linux-x64': {
    file: 'linux_amd64.tar.gz',
    sha256: 'c020fac437b7cc9b776eef1ad5ea8af77be9acfa07602eca20a3a44930dfbc70',
  },
  'linux-arm64': {
    file: 'linux_arm64.tar.gz',
    sha256: '332015305518765fe05bad74fc3a9d9583e635e7dd130de3c4fc563d69c550f3',
  },
  'win32-x64': {
    file: 'windows_amd64.zip',
    sha256: '3ec7eaa76ef64063bf21f78364733703e0969612cb92ffd60661ed45fa4a8906',
  },
}
const releaseUrl = (file: string) =>
  `https://github.com/livekit/livekit/releases/download/v${version}/livekit_${version}_${file}`
const making = 'making-livekit-'
const answerLimitMs = 5000
const fetchLimitMs = 300_000
const buildLimitMs = 1_800_000

export type Found = { file: string; from: 'path' | 'cache' | 'release' | 'source' }
export type Tell = (news: string) => void

/** One folder for all installations of this user: a clone does not fetch again what another one has. */
export function sharedFolder(dataDir: string): string {
  const home = os.homedir()
  const usual: Partial<Record<NodeJS.Platform, string>> = {
    darwin: path.join(home, 'Library/Caches'),
    win32: path.join(home, 'AppData/Local'),
  }
  const shared = path.join(usual[process.platform] ?? path.join(home, '.cache'), 'diem-cau')
  try {
    fs.mkdirSync(shared, { recursive: true, mode: 0o755 })
    fs.accessSync(shared, fs.constants.W_OK)
    return shared
  } catch {
    return path.join(dataDir, 'cache')
  }
}
const keptIn = (folder: string) => path.join(folder, `livekit-server-${version}-${platform}${exe}`)

/** Looks without fetching anything. A kept file that is not what we put there is not run. */
export async function findLiveKit(folder: string): Promise<Found | undefined> {
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((one) => one !== '')
    .map((one) => path.join(one, `livekit-server${exe}`))
    .find(mayRun)
  if (onPath) return { file: onPath, from: 'path' }
  const kept = keptIn(folder)
  const note = `${kept}.sha256`
  if (!mayRun(kept) || !fs.existsSync(note)) return undefined
  return fs.readFileSync(note, 'utf8').trim() === (await sha256Of(kept)) ? { file: kept, from: 'cache' } : undefined
}

/**
 * Finds it, or fetches the release, or builds it; one at a time on this machine, at the lowest priority.
 * `undefined` where none of that can be done, after having said so.
 */
export async function bringLiveKit(folder: string, tell: Tell, ended?: AbortSignal): Promise<Found | undefined> {
  const there = await findLiveKit(folder)
  if (there) return there
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 })
  return withLock(folder, 'livekit', buildLimitMs, async () => {
    // Somebody else may have brought it while we waited.
    const meanwhile = await findLiveKit(folder)
    if (meanwhile || ended?.aborted) return meanwhile
    // We hold the lock: what lies here half made is of somebody who was killed.
    for (const name of fs.readdirSync(folder))
      if (name.startsWith(making)) fs.rmSync(path.join(folder, name), { recursive: true, force: true })
    const work = fs.mkdtempSync(path.join(folder, making))
    try {
      const from = (await fetched(work, tell, ended))
        ? 'release'
        : (await built(work, tell, ended))
          ? 'source'
          : undefined
      return from && { file: await keep(path.join(work, `livekit-server${exe}`), keptIn(folder)), from }
    } finally {
      fs.rmSync(work, { recursive: true, force: true })
    }
  })
}
async function keep(made: string, kept: string): Promise<string> {
  fs.chmodSync(made, 0o755)
  fs.writeFileSync(`${kept}.sha256`, `${await sha256Of(made)}\n`)
  fs.renameSync(made, kept)
  return kept
}

async function fetched(work: string, tell: Tell, ended: AbortSignal | undefined): Promise<boolean> {
  const release = releases[platform]
  if (!release) return false
  const archive = path.join(work, release.file)
  try {
    await download(releaseUrl(release.file), archive, ended)
    const sha256 = await sha256Of(archive)
    if (sha256 !== release.sha256) {
      tell(`Máy chủ sân khấu tải về không đúng tổng kiểm tra; bỏ (wrong checksum ${sha256}, not used)`)
      return false
    }
    return unpack(archive, work)
  } catch {
    // No line to the outside is an ordinary state of such a machine.
    return false
  }
}
async function download(url: string, file: string, ended: AbortSignal | undefined) {
  const late = new AbortController()
  const answer = setTimeout(() => late.abort(), answerLimitMs)
  const all = [late.signal, AbortSignal.timeout(fetchLimitMs), ...(ended ? [ended] : [])]
  const response = await fetch(url, { signal: AbortSignal.any(all) }).finally(() => clearTimeout(answer))
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`)
  await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), fs.createWriteStream(file))
}
/** The tar of Windows opens zip files too. */
export const unpack = (archive: string, work: string): boolean =>
  spawnSync('tar', ['-xf', archive, '-C', work, `livekit-server${exe}`]).status === 0

async function built(work: string, tell: Tell, ended: AbortSignal | undefined): Promise<boolean> {
  const go = findGo()
  if (!go) return false
  tell('Đang dựng máy chủ sân khấu từ mã nguồn, mất vài phút; mọi phần khác vẫn chạy (building the media server)')
  const install = [
    go,
    'install',
    '-trimpath',
    '-ldflags=-s -w',
    `github.com/livekit/livekit-server/cmd/server@v${version}`,
  ]
  const [command = go, ...args] = windows ? install : ['nice', '-n', '15', ...install]
  const said = await run(command, args, { CGO_ENABLED: '0', GOBIN: work }, ended)
  if (said !== undefined) {
    if (!ended?.aborted) tell(`Không dựng được máy chủ sân khấu (could not build): ${said.slice(-600)}`)
    return false
  }
  fs.renameSync(path.join(work, `server${exe}`), path.join(work, `livekit-server${exe}`))
  return true
}
function findGo(): string | undefined {
  const usual = [`go${exe}`, '/usr/local/go/bin/go', '/usr/lib/go/bin/go']
  return usual.find((go) => spawnSync(go, ['version']).status === 0)
}
/** What it said when it failed; `undefined` when all went well. */
const run = (command: string, args: string[], more: Record<string, string>, ended: AbortSignal | undefined) =>
  new Promise<string | undefined>((resolve) => {
    let said = ''
    const child = spawn(command, args, {
      cwd: os.tmpdir(),
      env: { ...process.env, ...more },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: buildLimitMs,
      ...(ended ? { signal: ended } : {}),
    })
    child.stderr.on('data', (part: Buffer) => {
      said = (said + part.toString()).slice(-4000)
    })
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code) => resolve(code === 0 ? undefined : said || `exit ${code}`))
  })

function mayRun(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}
async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(fs.createReadStream(file), hash)
  return hash.digest('hex')
}
