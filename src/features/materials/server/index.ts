// The door of materials.
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { placeOf } from '../../../platform/server/files.ts'
import type { ActorOf } from '../../../platform/server/http.ts'
import type { AnyTopic } from '../../../platform/server/live.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import type { MaterialKind } from '../contract.ts'
import { uploadRoute } from './bring.ts'
import { orderMaterials, removeMaterial, renameMaterial, tryAgain } from './change.ts'
import { folderOf } from './folder.ts'
import { type Audience, pagePrefix, pageServer } from './pages.ts'
import { listMaterials, material, materialFile, readable } from './read.ts'
import * as store from './store.ts'
import { dropHalves } from './tidy.ts'
import { pagesQueue, stopWork } from './work.ts'

export { bring } from './bring.ts'
export { pagePrefix } from './pages.ts'
export { makePages, work } from './work.ts'
export { listMaterials, material, materialFile, orderMaterials, readable, removeMaterial, renameMaterial, tryAgain }

export const operations: AnyServed[] = [
  listMaterials,
  material,
  renameMaterial,
  orderMaterials,
  removeMaterial,
  tryAgain,
  materialFile,
  readable,
]
export const topics: AnyTopic[] = []
export const queues = [pagesQueue]
export const routes = (app: FastifyInstance, desk: Desk, actorOf: ActorOf): void => uploadRoute(app, desk, actorOf)
export const early = (desk: Desk) => ({ request: pageServer(desk) })
/** Halves of files that a killed run has left. */
export const start = async (desk: Desk, now: Date): Promise<void> => void (await dropHalves(desk, now))
/** What is being drawn when the server ends goes back to those who wait. */
export const beside = async () => ({ stop: async () => stopWork() })

// ── lent to later features ───────────────────────────────────────────────────

/** Something with pages that may be put on the stage. `prefix`: see `pagePrefix`. */
export type Deck = {
  versionId: string
  materialId: string
  conferenceId: string
  kind: MaterialKind
  title: string
  topicId: string | undefined
  pages: number
  width: number
  height: number
}
const deckFrom = (version: store.Version): Deck => ({
  versionId: version.versionId,
  materialId: version.materialId,
  conferenceId: version.conferenceId,
  kind: version.kind,
  title: version.title,
  topicId: version.topicId,
  pages: version.pages,
  width: version.width,
  height: version.height,
})
/** What may be shown in a conference, its newest ready versions: slides first, each kind in the order people gave. */
export async function decksOf(
  db: Db | Tx,
  desk: Pick<Desk, 'secret' | 'config'>,
  conferenceId: string,
  now: Date,
  audience: Audience = 'members',
): Promise<(Deck & { prefix: string })[]> {
  const rank: Record<MaterialKind, number> = { slides: 0, document: 1, image: 2, video: 3 }
  return (await store.readyOf(db, conferenceId))
    .filter(({ pages }) => pages > 0)
    .sort((one, other) => rank[one.kind] - rank[other.kind])
    .map((version) => ({ ...deckFrom(version), prefix: pagePrefix(desk, version.versionId, audience, now) }))
}
/** One version that is ready, also of a material that was taken away since: what was shown stays shown. */
export async function deckOf(db: Db | Tx, versionId: string): Promise<Deck | undefined> {
  const version = await store.versionById(db, versionId)
  return version?.state === 'ready' && version.pages > 0 ? deckFrom(version) : undefined
}
/** Where the image of a page lies on this machine. */
export async function pageFile(
  db: Db | Tx,
  desk: Pick<Desk, 'dataDir'>,
  versionId: string,
  page: number,
): Promise<{ path: string; mediaType: 'image/webp'; width: number; height: number } | undefined> {
  const found = await store.pageToServe(db, versionId, page)
  return (
    found && {
      path: path.resolve(placeOf(folderOf(desk), found.fileId)),
      mediaType: 'image/webp',
      width: found.width,
      height: found.height,
    }
  )
}
/** The file itself, for a programme that plays it. */
export async function fileOf(
  db: Db | Tx,
  desk: Pick<Desk, 'dataDir'>,
  versionId: string,
): Promise<
  | {
      path: string
      mediaType: string
      kind: MaterialKind
      title: string
      conferenceId: string
      seconds: number | undefined
    }
  | undefined
> {
  const version = await store.versionById(db, versionId)
  if (version?.state !== 'ready') return undefined
  const { mediaType, kind, title, conferenceId, seconds } = version
  return { path: path.resolve(placeOf(folderOf(desk), version.fileId)), mediaType, kind, title, conferenceId, seconds }
}
/** Videos of a conference that may be played into the programme. */
export const videosOf = async (
  db: Db | Tx,
  conferenceId: string,
): Promise<{ versionId: string; title: string; seconds: number | undefined }[]> =>
  (await store.readyOf(db, conferenceId)).flatMap(({ kind, versionId, title, seconds }) =>
    kind === 'video' ? [{ versionId, title, seconds }] : [],
  )

/**
 * `showMaterial(tx, { sessionId, versionId, now })`: what a session shows from now on, one thing at a time; it cannot be taken
 * away meanwhile, and stays kept afterwards. `hideMaterials(tx, { sessionId, now })`: nothing any more.
 */
export const { showVersion: showMaterial, showNothing: hideMaterials } = store
