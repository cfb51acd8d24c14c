// A file comes: judged by its bytes while they arrive, kept once, and handed to the background.
import fs from 'node:fs'
import path from 'node:path'
import type { MultipartFile, MultipartValue } from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { newId } from '../../../kernel/id.ts'
import { type Actor, holds, judge } from '../../../platform/rights.ts'
import { type Desk, placeAt } from '../../../platform/server/desk.ts'
import { FileTooBig, placeOf, removeFile, storeFile } from '../../../platform/server/files.ts'
import type { ActorOf } from '../../../platform/server/http.ts'
import { answer, perform, Refused, refuse } from '../../../platform/server/operate.ts'
import { isClassified } from '../../conferences/server/index.ts'
import * as contract from '../contract.ts'
import { keepers, mayBring, policy } from '../policy.ts'
import { pptx, type Sniffed, sniff, sniffBytes } from '../rules.ts'
import { folderOf } from './folder.ts'
import { findOffice, judgeOffice } from './office.ts'
import * as store from './store.ts'
import { pagesQueue } from './work.ts'

const it = contract.bringFile

/** The keepers of a conference change anything in it; a speaker what she brought herself. */
export const mayChange = async (
  { desk, db, actor }: { desk: Desk; db: Desk['db']; actor: Actor },
  material: { conferenceId: string; createdBy: string },
): Promise<boolean> => {
  const place = await placeAt(desk, db)('conference', material.conferenceId)
  return holds(actor, keepers, place) || (material.createdBy === actor.name && holds(actor, ['speaker'], place))
}

/** Pages may be followed by pages; a picture or a video only by its like. */
const sortOf = (kind: contract.MaterialKind) => (kind === 'document' || kind === 'slides' ? 'pages' : kind)

const bringFile = answer(it, policy.bringFile, async (call) => {
  const { db, desk, actor, now, input } = call
  const { conferenceId, versionId } = input
  await store.lockVersionId(db, versionId)
  const before = await store.versionById(db, versionId)
  if (before) {
    if (before.conferenceId !== conferenceId) refuse(it, 'notFound')
    return again(before)
  }
  if (await isClassified(db, conferenceId)) refuse(it, 'paperOnly')
  if (input.topicId && !(await store.topicInConference(db, input.topicId, conferenceId))) refuse(it, 'unknownTopic')
  const materialId = input.materialId ?? newId(now)
  if (input.materialId) {
    await store.lockMaterial(db, materialId)
    const material = await store.materialById(db, materialId)
    if (!material || material.conferenceId !== conferenceId) refuse(it, 'notFound')
    if (!(await mayChange(call, material))) refuse(it, 'notYours')
    if (sortOf(material.kind) !== sortOf(input.kind)) refuse(it, 'otherKind')
  } else
    await store.insertMaterial(db, {
      materialId,
      conferenceId,
      topicId: input.topicId,
      kind: input.kind,
      title: input.title ?? titleOf(input.fileName),
      by: actor.name,
      at: now,
    })
  const version = await store.insertVersion(db, { ...input, materialId, by: actor.name, at: now })
  await desk.jobs?.later(db as never, pagesQueue, { versionId })
  call.note({ materialId, bytes: input.bytes })
  return { materialId, versionId, version, state: 'waiting' as const, again: false }
})
const again = ({ materialId, versionId, version, state }: store.Version) => ({
  materialId,
  versionId,
  version,
  state,
  again: true,
})
const titleOf = (fileName: string) =>
  fileName
    .replace(/\.[a-z0-9]{2,5}$/i, '')
    .replace(/[_\s]+/g, ' ')
    .trim() || fileName

export type Kept = { fileId: string; bytes: number; mediaType: string; kind: contract.MaterialKind }
/**
 * Keeps the bytes, if they are something we take. Refuses in the contract's words and leaves nothing behind: what it is, is
 * seen in the first bytes, so that a gigabyte of something else never reaches the disk.
 */
async function keepFile(desk: Desk, source: AsyncIterable<Uint8Array>): Promise<Kept> {
  const folder = folderOf(desk)
  let found: Sniffed | 'zip' | undefined
  let head = Buffer.alloc(0)
  async function* judged() {
    for await (const part of source) {
      if (found) yield part
      else {
        head = Buffer.concat([head, part])
        if (head.length < sniffBytes) continue
        found = sniff(head)
        if (!found) refuse(it, 'unknownType')
        yield head
      }
    }
    if (head.length === 0) refuse(it, 'emptyFile')
    if (found) return
    found = sniff(head)
    if (!found) refuse(it, 'unknownType')
    yield head
  }
  const { fileId, bytes } = await storeFile(folder, judged(), { limitBytes: contract.uploadLimitBytes }).catch(
    (error) => {
      if (error instanceof FileTooBig) refuse(it, 'tooBig', { limitBytes: error.limitBytes })
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') refuse(it, 'noRoom')
      throw error
    },
  )
  try {
    const sniffed = found === 'zip' ? await slidesIn(desk, placeOf(folder, fileId)) : found!
    return { fileId, bytes, mediaType: sniffed.mediaType, kind: sniffed.kind }
  } catch (error) {
    await dropFile(desk, fileId)
    throw error
  }
}
async function slidesIn(desk: Desk, file: string): Promise<Sniffed> {
  const inside = await judgeOffice(file)
  if (inside === 'tooFar' || inside === 'damaged') refuse(it, 'damaged')
  if (inside === 'other') refuse(it, 'unknownType')
  if (!findOffice(desk.config?.officePath ?? 'soffice')) refuse(it, 'needsOffice')
  return pptx
}
const dropFile = async (desk: Desk, fileId: string) => {
  if (!(await store.isFileHeld(desk.db, fileId))) await removeFile(folderOf(desk), fileId)
}

/** Keeps and brings bytes in one act: what the route does, and the demo. */
export async function bring(
  desk: Desk,
  {
    actor,
    now,
    form,
    fileName,
    source,
  }: { actor: Actor; now: Date; form: unknown; fileName: string; source: AsyncIterable<Uint8Array> },
) {
  const kept = await keepFile(desk, source)
  try {
    const answered = await perform(desk, bringFile, {
      actor,
      now,
      input: { ...(form as object), ...kept, fileName: plainFileName(fileName) },
    })
    // Sent again under an id that is known: these bytes belong to nobody unless they are the same.
    if (answered.again) await dropFile(desk, kept.fileId)
    return answered
  } catch (error) {
    await dropFile(desk, kept.fileId)
    throw error
  }
}
const plainFileName = (name: string) =>
  path
    .basename(name.normalize('NFC').replaceAll('\\', '/'))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .trim()
    .slice(-200) || 'tep'

// ── the route ────────────────────────────────────────────────────────────────

const formBytes = 64 * 1024
const uploadsAtOnce = 8
/** Room that must remain on the disk whatever is brought: the database needs to breathe. */
const reserveBytes = 500_000_000
/** How long somebody who is still sending what was refused is listened to, so that she gets the answer. */
const lingerMs = 10_000

export function uploadRoute(app: FastifyInstance, desk: Desk, actorOf: ActorOf): void {
  let atOnce = 0
  app.post(
    contract.uploadPath,
    {
      schema: { operationId: 'materials.upload', consumes: ['multipart/form-data'], hide: true },
      bodyLimit: 2 * contract.uploadLimitBytes,
    },
    async (request, reply) => {
      const actor = await actorOf(request)
      if (actor.kind === 'nobody') return leave(request, reply, new Refused('signIn'))
      if (atOnce >= uploadsAtOnce) return leave(request, reply, new Refused('busy'))
      atOnce++
      try {
        return await take(desk, actor, request)
      } catch (error) {
        return leave(request, reply, error)
      } finally {
        atOnce--
      }
    },
  )
}
/** Refuses while the file may still be coming: the rest is heard and thrown away, for a while. */
function leave(request: FastifyRequest, reply: FastifyReply, error: unknown): never {
  const { raw } = request
  raw.unpipe()
  raw.resume()
  const { socket } = raw
  reply.raw.once('finish', () => {
    if (!raw.complete) setTimeout(() => raw.complete || socket.destroy(), lingerMs).unref()
  })
  throw error
}

async function take(desk: Desk, actor: Actor, request: FastifyRequest) {
  const now = new Date()
  const length = Number(request.headers['content-length'] ?? 0)
  const limitBytes = contract.uploadLimitBytes
  // Before a byte of it is read.
  if (length > limitBytes + formBytes) refuse(it, 'tooBig', { limitBytes })
  if ((await roomOf(desk)) < 2 * length + reserveBytes) refuse(it, 'noRoom')
  const file = request.isMultipart()
    ? await request.file({
        limits: { files: 1, fields: 10, fileSize: limitBytes + 1 },
        throwFileSizeLimit: false,
      } as never)
    : undefined
  if (!file) refuse(it, 'noFile')
  try {
    const form = formIn(file)
    const verdict = await judge(actor, mayBring, form, placeAt(desk, desk.db))
    if (verdict !== 'yes') throw new Refused(verdict)
    if (await isClassified(desk.db, form.conferenceId)) refuse(it, 'paperOnly')
    return await bring(desk, { actor, now, form, fileName: file.filename ?? '', source: file.file })
  } catch (error) {
    file.file.resume()
    throw error
  }
}
function formIn(file: MultipartFile) {
  const fields = Object.fromEntries(
    Object.entries(file.fields).flatMap(([name, field]) =>
      field && !Array.isArray(field) && field.type === 'field' ? [[name, String((field as MultipartValue).value)]] : [],
    ),
  )
  const form = contract.UploadForm.safeParse(fields)
  return form.success
    ? form.data
    : refuse(it, 'badForm', { fields: form.error.issues.map(({ path: at }) => at.join('.')) })
}
async function roomOf({ dataDir }: Desk): Promise<number> {
  const { bavail, bsize } = await fs.promises.statfs(dataDir)
  return bavail * bsize
}
