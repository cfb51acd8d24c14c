import { answer, type Call, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { mayChange } from './bring.ts'
import * as store from './store.ts'
import { pagesQueue } from './work.ts'

/** The material, if it is there and hers to change. */
async function own(
  call: Pick<Call<unknown>, 'db' | 'desk' | 'actor'>,
  materialId: string,
  it: { refusals: readonly string[] },
) {
  await store.lockMaterial(call.db, materialId)
  const material = await store.materialById(call.db, materialId)
  if (!material) refuse(it, 'notFound')
  if (!(await mayChange(call, material))) refuse(it, 'notYours')
  return material
}

export const renameMaterial = answer(contract.renameMaterial, policy.renameMaterial, async (call) => {
  const { materialId, title, topicId } = call.input
  const { conferenceId } = await own(call, materialId, contract.renameMaterial)
  if (topicId && !(await store.topicInConference(call.db, topicId, conferenceId)))
    refuse(contract.renameMaterial, 'unknownTopic')
  await store.updateMaterial(call.db, materialId, { title, topicId })
  call.note({ conferenceId })
  return { materialId }
})

export const orderMaterials = answer(contract.orderMaterials, policy.orderMaterials, async ({ db, input }) => {
  await store.orderMaterials(db, input.conferenceId, input.materialIds)
  return {}
})

export const removeMaterial = answer(contract.removeMaterial, policy.removeMaterial, async (call) => {
  const { materialId } = call.input
  const { conferenceId } = await own(call, materialId, contract.removeMaterial)
  if (await store.isShownNow(call.db, materialId)) refuse(contract.removeMaterial, 'onAir')
  await store.removeMaterial(call.db, materialId, call.now)
  call.note({ conferenceId })
  return { removed: true }
})

export const tryAgain = answer(contract.tryAgain, policy.tryAgain, async (call) => {
  const { db, desk, input } = call
  const version = await store.versionById(db, input.versionId)
  if (!version || version.removed) refuse(contract.tryAgain, 'notFound')
  await own(call, version.materialId, contract.tryAgain)
  // A LibreOffice may have come since; what lies in the file itself stays as it is.
  if (version.state !== 'failed' && version.problem !== 'needsOffice') refuse(contract.tryAgain, 'notFailed')
  await store.endVersion(db, input.versionId, { state: 'waiting' })
  await desk.jobs?.later(db as never, pagesQueue, { versionId: input.versionId })
  call.note({ conferenceId: version.conferenceId, materialId: version.materialId })
  return {}
})
