// From a kept file to page images, in the background. Says by a beat that it is alive; what a killed run left is taken up again.
import fs from 'node:fs'
import { machine } from '../../../platform/rights.ts'
import { transact } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { placeOf, removeFile, storeFile } from '../../../platform/server/files.ts'
import type { Jobs } from '../../../platform/server/jobs.ts'
import { record, recordChange } from '../../../platform/server/record.ts'
import * as contract from '../contract.ts'
import { pptx } from '../rules.ts'
import { folderOf } from './folder.ts'
import { drawFile, type Limits, type Outcome } from './makePages.ts'
import { findOffice, toPdf, unfoldsAsSaid } from './office.ts'
import * as store from './store.ts'
import { forgetRemoved } from './tidy.ts'
import { lookAtVideo } from './video.ts'

export const pagesQueue = 'materials.pages'

const beatMs = 10_000
const sweepMs = 20_000
const tidyMs = 3_600_000
const triesAllowed = 3
const pageImageLimitBytes = 20_000_000

export type Made = 'ready' | 'refused' | 'failed' | 'elsewhere'
type How = { now: Date; limits?: Limits | undefined; signal?: AbortSignal | undefined; log?: (words: string) => void }

/**
 * Makes the pages of a version that waits; `elsewhere` when somebody else is at it or nothing is to be done. What is wrong
 * with the file is written to the version; what is wrong with us is thrown, and another try will come.
 */
export async function makePages(desk: Desk, versionId: string, how: How): Promise<Made> {
  const version = await store.takeUp(desk.db, versionId)
  if (!version) return 'elsewhere'
  const beats = setInterval(() => void store.beat(desk.db, versionId).catch(() => {}), beatMs)
  try {
    if (version.removed) return await finish(desk, version, { made: false, problem: 'damaged' }, how)
    // It has taken this process down twice: a third time is enough.
    if (version.tries > triesAllowed) return await finish(desk, version, { made: false, problem: 'tooLong' }, how)
    return await finish(desk, version, await draw(desk, version, how), how)
  } catch (error) {
    if (how.signal?.aborted) await store.endVersion(desk.db, versionId, { state: 'waiting' }).catch(() => {})
    else if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      return await finish(desk, version, { made: false, problem: 'noRoom' }, how)
    throw error
  } finally {
    clearInterval(beats)
  }
}

type Drawn = Outcome & { kind?: contract.MaterialKind; seconds?: number; width?: number; height?: number }
async function draw(desk: Desk, version: store.Version, how: How): Promise<Drawn> {
  const file = placeOf(folderOf(desk), version.fileId)
  if (!fs.existsSync(file)) return { made: false, problem: 'damaged', said: 'the file is gone' }
  if (version.kind === 'video') return drawVideo(desk, file)
  if (version.mediaType === pptx.mediaType) return drawSlides(desk, version, file, how)
  return drawPages(desk, version, { file, mediaType: version.mediaType }, how)
}
async function drawVideo(desk: Desk, file: string): Promise<Drawn> {
  const found = await lookAtVideo(file, desk.config?.ffmpegPath ?? 'ffmpeg')
  if (found === 'none') return { made: false, problem: 'damaged' }
  if (found === 'unknown') return { made: true }
  return Object.assign(
    { made: true as const },
    ...Object.entries(found).map(([name, value]) => (value === undefined ? {} : { [name]: value })),
  )
}
async function drawSlides(desk: Desk, version: store.Version, file: string, how: How): Promise<Drawn> {
  const office = findOffice(desk.config?.officePath ?? 'soffice')
  if (!office) return { made: false, problem: 'needsOffice' }
  if (!(await unfoldsAsSaid(file))) return { made: false, problem: 'damaged', said: 'the ZIP is not what it says' }
  const converted = await toPdf(office, file)
  if (typeof converted === 'string') return { made: false, problem: converted }
  try {
    return await drawPages(desk, version, { file: converted.pdf, mediaType: 'application/pdf' }, how)
  } finally {
    converted.clean()
  }
}
async function drawPages(
  desk: Desk,
  version: store.Version,
  from: { file: string; mediaType: string },
  { limits, signal }: How,
): Promise<Drawn> {
  const folder = folderOf(desk)
  const keep = async (bytes: Uint8Array) => (await storeFile(folder, bytes, { limitBytes: pageImageLimitBytes })).fileId
  let kind: contract.MaterialKind | undefined
  const outcome = await drawFile(
    { ...from, pageLimit: contract.pageLimit },
    async (said) => {
      if (said.say === 'begin') {
        kind = said.kind
        await store.beginPages(desk.db, version.versionId, said)
      } else if (said.say === 'page') {
        const [fileId, smallFileId] = await Promise.all([keep(said.full), keep(said.small)])
        await store.putPage(desk.db, version.versionId, { ...said, fileId, smallFileId })
      }
    },
    { ...(limits ? { limits } : {}), signal },
  )
  return kind ? { ...outcome, kind } : outcome
}

/** Too long or no room may go better another time; the rest lies in the file. */
const mayGoBetter: readonly contract.Problem[] = ['tooLong', 'noRoom']

async function finish(desk: Desk, version: store.Version, drawn: Drawn, { now, log }: How): Promise<Made> {
  const { versionId, materialId, conferenceId } = version
  if (drawn.made) {
    await transact(desk.db, async (tx) => {
      await store.endVersion(tx, versionId, { ...drawn, state: 'ready' })
      await record(tx, contract.pagesReady, { conferenceId, materialId, versionId }, now)
    })
    return 'ready'
  }
  const { problem, detail, said } = drawn
  if (said) log?.(`${versionId} ${problem}: ${said}`)
  const state = mayGoBetter.includes(problem) ? ('failed' as const) : ('refused' as const)
  await transact(desk.db, async (tx) => {
    await store.endVersion(tx, versionId, { state, problem, detail })
    if (problem === 'stampWord')
      await recordChange(tx, {
        actor: machine('tài liệu'),
        operation: 'materials.stampFound',
        about: { conferenceId, materialId, versionId, ...detail },
        at: now,
      })
  })
  // Such a paper does not stay on a disk of ours for a minute longer than it took to see it.
  if (problem === 'stampWord' && !(await store.isFileHeld(desk.db, version.fileId, versionId)))
    await removeFile(folderOf(desk), version.fileId)
  return state
}

/** Ends what is being drawn when the server ends; it is taken up again by the next. */
let ending = new AbortController()
export const stopWork = () => ending.abort()

/** Takes up what is sent, and every few seconds what was left: by a killed run, or by a process that has no queue. */
export async function work(desk: Desk, jobs: Jobs): Promise<void> {
  ending = new AbortController()
  const { signal } = ending
  const make = async (versionId: string) => {
    if (!signal.aborted) await makePages(desk, versionId, { now: new Date(), signal, log: tell })
  }
  await jobs.boss.work<{ versionId: string }>(
    pagesQueue,
    { pollingIntervalSeconds: 0.5, batchSize: 1 },
    async (sent) => {
      for (const { data } of sent) await make(data.versionId)
    },
  )
  let sweeping = false
  const sweep = setInterval(async () => {
    if (sweeping || signal.aborted) return
    sweeping = true
    try {
      for (const versionId of await store.leftUndone(desk.db)) await make(versionId)
    } catch {
      // The database is away, or the file was too much for us: the next round sees.
    } finally {
      sweeping = false
    }
  }, sweepMs)
  const tidying = setInterval(() => void forgetRemoved(desk, new Date()).catch(() => {}), tidyMs)
  for (const timer of [sweep, tidying]) {
    timer.unref()
    signal.addEventListener('abort', () => clearInterval(timer))
  }
}
const tell = (words: string) => process.stderr.write(`materials: ${words}\n`)
