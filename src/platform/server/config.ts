// The environment is read once and judged once; after this nobody looks at process.env again.
import path from 'node:path'
import { type Given, type SettingKey, settings } from './settings.ts'

export type Role = 'web' | 'live' | 'worker' | 'programme'
export const roles: readonly Role[] = ['web', 'live', 'worker', 'programme']
export type Launch = { demo: boolean; roles: readonly Role[] }

export type Config = Launch & {
  port: number
  host: string
  /** Absolute. */
  dataDir: string
  databaseUrl: string | undefined
  pgPort: number | undefined
  baseUrl: string
  baseUrlGiven: boolean
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  trustProxy: boolean
  secretFile: string
  metrics: 'loopback' | 'on' | 'off'
  webBuild: 'auto' | 'off'
  stopLimitSeconds: number
  livekitUrl: string | undefined
  livekitKey: string | undefined
  stagePort: number
  stageAddress: string | undefined
  stageInstall: 'auto' | 'off'
  stagePlaces: number | undefined
  stunServers: readonly string[]
  turnServer: string | undefined
  ffmpegPath: string
  officePath: string
  livePort: number
  liveViewers: number
  mediaBaseUrl: string
}
/** One sentence in each language: the variable, what it holds, what was expected. */
export type Problem = { vi: string; en: string }
export type Raw = Partial<Record<SettingKey, string>>

/** Picks our variables out of the environment. An empty variable counts as not set. */
export function readSettings(env: Record<string, string | undefined>): Raw {
  const raw: Raw = {}
  for (const key of Object.keys(settings) as SettingKey[]) {
    const text = env[settings[key].name]?.trim()
    if (text) raw[key] = text
  }
  return raw
}

/** Judges every variable, so that all mistakes are named at once, and fills in what was not set. */
export function judgeSettings(raw: Raw, launch: Launch, folder: string): { config: Config } | { problems: Problem[] } {
  const given: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const key of Object.keys(raw) as SettingKey[]) {
    const judged = settings[key].shape.safeParse(raw[key])
    if (judged.success) given[key] = judged.data
    else problems.push(problemOf(key, raw[key] ?? ''))
  }
  return problems.length > 0 ? { problems } : { config: fill(given as Given, launch, folder) }
}

function fill(given: Given, launch: Launch, folder: string): Config {
  const port = given.port ?? 3000
  const dataDir = path.resolve(folder, given.dataDir ?? (launch.demo ? 'data/demo' : 'data'))
  return {
    ...launch,
    port,
    // The demo has people without passwords in it: it is shown to this machine only unless somebody says otherwise.
    host: given.host ?? (launch.demo ? '127.0.0.1' : '0.0.0.0'),
    dataDir,
    databaseUrl: given.databaseUrl,
    pgPort: given.pgPort,
    baseUrl: given.baseUrl ?? `http://127.0.0.1:${port}`,
    baseUrlGiven: given.baseUrl !== undefined,
    logLevel: given.logLevel ?? 'info',
    trustProxy: given.trustProxy ?? false,
    secretFile: path.resolve(folder, given.secretFile ?? path.join(dataDir, 'secret')),
    metrics: given.metrics ?? 'loopback',
    webBuild: given.webBuild ?? 'auto',
    stopLimitSeconds: given.stopLimitSeconds ?? 20,
    livekitUrl: given.livekitUrl,
    livekitKey: given.livekitKey,
    stagePort: given.stagePort ?? port + 10,
    stageAddress: given.stageAddress ?? (launch.demo ? '127.0.0.1' : undefined),
    stageInstall: given.stageInstall ?? 'auto',
    stagePlaces: given.stagePlaces,
    stunServers: given.stunServers?.split(',').filter((one) => one !== '') ?? [],
    turnServer: given.turnServer,
    ffmpegPath: given.ffmpegPath ?? 'ffmpeg',
    officePath: given.officePath ?? 'soffice',
    livePort: given.livePort ?? port + 1,
    liveViewers: given.liveViewers ?? 0,
    mediaBaseUrl: given.mediaBaseUrl ?? '',
  }
}

function problemOf(key: SettingKey, value: string): Problem {
  const { name, expected, ...rest } = settings[key]
  const shown = 'secret' in rest ? '…' : value.length > 60 ? `${value.slice(0, 60)}…` : value
  return {
    vi: `${name} đang là «${shown}»; cần ${expected.vi}.`,
    en: `${name} is "${shown}"; expected ${expected.en}.`,
  }
}

/** The table in docs/operations. */
export const settingsTable = (): string =>
  [
    '| variable | otherwise | expected | what it does |',
    '|---|---|---|---|',
    ...Object.values(settings).map(
      ({ name, otherwise, expected, about }) => `| \`${name}\` | ${otherwise} | ${expected.en} | ${about.en} |`,
    ),
  ].join('\n')
