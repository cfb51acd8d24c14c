// What there is of a conference: for those who bring it, for those who read it.
import { type Actor, abilitiesAt, holds, type Place } from '../../../platform/rights.ts'
import { type Desk, placeAt } from '../../../platform/server/desk.ts'
import { openFile } from '../../../platform/server/files.ts'
import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import { campaignKnownTo } from '../../campaigns/server/index.ts'
import { conferenceById, sessionsOf } from '../../conferences/server/index.ts'
import * as contract from '../contract.ts'
import { bringers, keepers, policy } from '../policy.ts'
import { folderOf } from './folder.ts'
import { findOffice } from './office.ts'
import { pagePrefix } from './pages.ts'
import * as store from './store.ts'

type Line = (typeof contract.MaterialLine)['_zod']['input']
type Reader = { desk: Desk; now: Date; actor: Actor; place: Place | undefined; mayDownload: boolean }
function lineOf(version: store.Version, { desk, now, actor, place, mayDownload }: Reader): Line {
  const keeps = holds(actor, keepers, place)
  const own = version.createdBy === actor.name && holds(actor, ['speaker'], place)
  return {
    materialId: version.materialId,
    versionId: version.versionId,
    version: version.version,
    kind: version.kind,
    title: version.title,
    fileName: version.fileName,
    bytes: version.bytes,
    mediaType: version.mediaType,
    state: version.state,
    problem: version.problem,
    problemDetail: version.problemDetail,
    pages: version.pages,
    pagesDone: version.pagesDone,
    width: version.width,
    height: version.height,
    seconds: version.seconds,
    topicId: version.topicId,
    topicTitle: version.topicTitle,
    at: version.at.toISOString(),
    prefix: version.state === 'ready' && version.pages > 0 ? pagePrefix(desk, version.versionId, 'members', now) : '',
    inUse: version.inUse !== undefined && version.inUse !== version.version ? version.inUse : undefined,
    mayChange: keeps || own,
    mayDownload: mayDownload && version.state === 'ready',
  }
}

export const listMaterials = answer(
  contract.listMaterials,
  policy.listMaterials,
  async ({ db, desk, actor, now, input }) => {
    const { conferenceId, page, size } = input
    const place = await placeAt(desk, db)('conference', conferenceId)
    const conference = await conferenceById(db, conferenceId)
    if (!conference) refuse(contract.listMaterials, 'notFound')
    const { rows, total } = await store.newestOf(db, input)
    const sessions = await sessionsOf(db, conferenceId)
    return {
      rows: rows.map((row) => lineOf(row, { desk, now, actor, place, mayDownload: true })),
      total,
      page,
      size,
      conference: { name: conference.name, classified: conference.classified },
      topics: sessions.flatMap(({ topics }) => topics.map(({ topicId, title }) => ({ topicId, title }))),
      abilities: place ? abilitiesAt(actor, policy, place) : [],
      office: findOffice(desk.config?.officePath ?? 'soffice') !== undefined,
    }
  },
)

export const material = answer(contract.material, policy.material, async ({ db, desk, actor, now, input }) => {
  const found = await store.materialById(db, input.materialId)
  const place = found && (await placeAt(desk, db)('conference', found.conferenceId))
  if (!found || !place || !holds(actor, bringers, place)) refuse(contract.material, 'notFound')
  const versions = await store.versionsOf(db, input.materialId)
  return {
    versions: versions.map((row) => lineOf(row, { desk, now, actor, place, mayDownload: true })),
    abilities: abilitiesAt(actor, policy, place),
  }
})

/**
 * May this member read the papers of the conference, and take the files with her? What is for members is for all of the campaign;
 * what is internal only for those whose unit stands under the one that holds it, and it is looked at, never taken away.
 */
async function readerOf(
  { db, desk, actor }: Pick<Call<unknown>, 'db' | 'desk' | 'actor'>,
  conferenceId: string,
): Promise<{ place: Place; mayDownload: boolean } | undefined> {
  const conference = await conferenceById(db, conferenceId)
  const place = conference && (await placeAt(desk, db)('conference', conferenceId))
  if (!conference || !place) return undefined
  if (holds(actor, bringers, place)) return { place, mayDownload: true }
  if (conference.state === 'draft' || conference.classified) return undefined
  if (!(await campaignKnownTo({ db, desk, actor }, conference.campaignId))) return undefined
  const sessions = await sessionsOf(db, conferenceId)
  const internal = sessions.length > 0 && sessions.every(({ audience }) => audience === 'internal')
  if (!internal) return { place, mayDownload: true }
  const near = await store.isOnRollUnder(db, {
    personId: actor.personId,
    campaignId: conference.campaignId,
    unitId: conference.unitId,
  })
  return near ? { place, mayDownload: false } : undefined
}

export const readable = answer(contract.readable, policy.readable, async (call) => {
  const { db, desk, actor, now, input } = call
  const reader = await readerOf(call, input.conferenceId)
  if (!reader) refuse(contract.readable, 'notFound')
  const rows = await store.readyOf(db, input.conferenceId)
  return { materials: rows.map((row) => lineOf(row, { desk, now, actor, ...reader })) }
})

export const materialFile = answer(contract.materialFile, policy.materialFile, async (call) => {
  const { db, desk, input } = call
  const version = await store.versionById(db, input.versionId)
  const reader = version && !version.removed ? await readerOf(call, version.conferenceId) : undefined
  if (!version || !reader) refuse(contract.materialFile, 'notFound')
  if (!reader.mayDownload) refuse(contract.materialFile, 'internal')
  if (version.state !== 'ready') refuse(contract.materialFile, 'notReady')
  const file = await openFile(folderOf(desk), version.fileId)
  if (!file) refuse(contract.materialFile, 'notFound')
  return { name: version.fileName, type: version.mediaType, body: file.stream }
})
