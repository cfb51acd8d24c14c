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
export const uploadPath = '/api/materials/upload'

/** The fields beside the file. `versionId` is made by the client: sending again after a lost line is harmless. */
export const UploadForm = z.object({
  conferenceId: id<'Conference'>(),
  versionId: id<'Version'>(),
  /** A new version of this one; without it, a new material. */
  materialId: id<'Material'>().optional(),
  topicId: id<'Topic'>().optional(),
  title: words(200).optional(),
})
/** A file that has arrived. Not asked for over the wire: the upload's route does it once the bytes are kept. */
export const bringFile = changeOperation({
  name: 'materials.bring',
  input: UploadForm.extend({
    fileId: z.string(),
    fileName: words(200),
    bytes: z.int().min(1),
    mediaType: z.string(),
    kind: MaterialKind,
  }),
  output: z.object({
    materialId: z.string(),
    versionId: z.string(),
    version: z.int(),
    state: z.enum(versionStates),
    /** The same file was here before: sent twice, kept once. */
    again: z.boolean(),
  }),
  refusals: [
    'noFile',
    'badForm',
    'tooBig',
    'unknownType',
    'emptyFile',
    'damaged',
    'needsOffice',
    'paperOnly',
    'noRoom',
    'unknownTopic',
    'otherKind',
  ],
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
  /** The version in use, while a newer one is not ready. */
  inUse: z.int().optional(),
  /** May the reader rename it, bring a new version, take it away? */
  mayChange: z.boolean(),
  /** May the reader take the file itself? What is internal stays here. */
  mayDownload: z.boolean(),
})
export type MaterialLine = z.output<typeof MaterialLine>
export const listMaterials = readOperation({
  name: 'materials.list',
  input: Page.extend({ conferenceId: id<'Conference'>(), kind: MaterialKind.optional() }),
  output: paged(MaterialLine).extend({
    conference: z.object({ name: z.string(), classified: z.boolean() }),
    topics: z.array(z.object({ topicId: z.string(), title: z.string() })),
    abilities: z.array(z.string()),
    /** Can PPTX be read here? */
    office: z.boolean(),
  }),
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
  refusals: ['notReady', 'internal'],
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
