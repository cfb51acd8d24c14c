// Every word of materials said over the wire. Files come by a route of their own: POST /api/materials/upload, one file a request.
import { z } from 'zod'
import {
  changeOperation,
  event,
  fileOperation,
  id,
  Page,
  paged,
  readOperation,
  words,
} from '../../platform/contract.ts'

export const materialKinds = ['document', 'slides', 'image', 'video'] as const
export const MaterialKind = z.enum(materialKinds)
export type MaterialKind = z.output<typeof MaterialKind>
export const versionStates = ['waiting', 'working', 'ready', 'refused', 'failed'] as const
/** Why a file was not taken; the sentence is the web's. `stampWord`: page one carries «MẬT» or the like, and such papers stay off every network. */
export const problems = [
  'tooBig',
  'unknownType',
  'stampWord',
  'tooManyPages',
  'encrypted',
  'damaged',
  'emptyFile',
  'needsOffice',
  'tooLong',
  'paperOnly',
  'noRoom',
] as const
export const Problem = z.enum(problems)
export type Problem = z.output<typeof Problem>
export const uploadLimitBytes = 200 * 1024 * 1024
export const pageLimit = 500

/** The fields beside the file. `versionId` is made by the client: sending again after a lost line is harmless. */
export const UploadForm = z.object({
  conferenceId: id<'Conference'>(),
  versionId: id<'Version'>(),
  /** A new version of this one; without it, a new material. */
  materialId: id<'Material'>().optional(),
  topicId: id<'Topic'>().optional(),
  title: words(200).optional(),
})

export const MaterialLine = z.object({
  materialId: z.string(),
  versionId: z.string(),
  version: z.int(),
  kind: MaterialKind,
  title: z.string(),
  fileName: z.string(),
  bytes: z.int(),
  mediaType: z.string(),
  state: z.enum(versionStates),
  problem: Problem.optional(),
  /** The stamp word found, the number of pages: what the sentence needs. */
  problemDetail: z.record(z.string(), z.unknown()).optional(),
  pages: z.int(),
  pagesDone: z.int(),
  width: z.int(),
  height: z.int(),
  seconds: z.number().optional(),
  topicId: z.string().optional(),
  topicTitle: z.string().optional(),
  at: z.string(),
  /** A signed path of page images: `${prefix}${page}.webp` and `${prefix}${page}-640.webp`. Empty until there are pages. */
  prefix: z.string(),
})
export const listMaterials = readOperation({
  name: 'materials.list',
  input: Page.extend({ conferenceId: id<'Conference'>(), kind: MaterialKind.optional() }),
  output: paged(MaterialLine).extend({ abilities: z.array(z.string()), office: z.boolean() }),
})
export const material = readOperation({
  name: 'materials.material',
  input: z.object({ materialId: id<'Material'>() }),
  output: z.object({ versions: z.array(MaterialLine), abilities: z.array(z.string()) }),
})
export const renameMaterial = changeOperation({
  name: 'materials.rename',
  input: z.object({
    materialId: id<'Material'>(),
    title: words(200).optional(),
    topicId: id<'Topic'>().nullable().optional(),
  }),
  output: z.object({ materialId: z.string() }),
  refusals: ['unknownTopic'],
})
export const orderMaterials = changeOperation({
  name: 'materials.order',
  input: z.object({ conferenceId: id<'Conference'>(), materialIds: z.array(id<'Material'>()).max(500) }),
  output: z.object({}),
})
/** Out of every list; what was shown in a session stays kept with its recording. */
export const removeMaterial = changeOperation({
  name: 'materials.remove',
  input: z.object({ materialId: id<'Material'>() }),
  output: z.object({ removed: z.boolean() }),
  refusals: ['onAir'],
})
export const tryAgain = changeOperation({
  name: 'materials.tryAgain',
  input: z.object({ versionId: id<'Version'>() }),
  output: z.object({}),
  refusals: ['notFailed'],
})
export const materialFile = fileOperation({
  name: 'materials.file',
  input: z.object({ versionId: id<'Version'>() }),
  refusals: ['notReady'],
})
/** Members: what there is to read of a conference. */
export const readable = readOperation({
  name: 'materials.readable',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: z.object({ materials: z.array(MaterialLine) }),
})
export const pagesReady = event({
  name: 'materials.pagesReady',
  body: z.object({ conferenceId: z.string(), materialId: z.string(), versionId: z.string() }),
})
