// The slides of the demo's speaker: made here as a real PDF, brought in by the same door as anybody's.
import { listMaterials, uploadPath } from '../../../features/materials/contract.ts'
import { newId } from '../../../kernel/id.ts'
import type { LiveDay } from '../liveDay.ts'
import { makeDeck } from '../slides.ts'
import type { Caller } from './crowd.ts'

const readyLimitMs = 90_000

export type Deck = { versionId: string; pages: number }
/** The deck of the day's conference, once its pages are drawn; undefined where that fails or takes too long. */
export async function ensureDeck(caller: Caller, day: LiveDay, cookie: string): Promise<Deck | undefined> {
  const until = Date.now() + readyLimitMs
  for (let brought = false; Date.now() < until; ) {
    const { rows } = await caller.call(listMaterials, cookie, { conferenceId: day.conferenceId, kind: 'slides' })
    const ready = rows.find(({ state, pages }) => state === 'ready' && pages > 0)
    if (ready) return { versionId: ready.versionId, pages: ready.pages }
    if (rows.some(({ state }) => state === 'refused' || state === 'failed')) return undefined
    if (rows.length === 0 && !brought) await bring(caller.base, day, cookie)
    brought = true
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  return undefined
}

async function bring(base: string, { conferenceId }: LiveDay, cookie: string) {
  const form = new FormData()
  form.set('conferenceId', conferenceId)
  form.set('versionId', newId())
  form.set('title', 'Những nội dung cốt lõi và điểm mới của Nghị quyết')
  form.set('file', new Blob([await makeDeck()], { type: 'application/pdf' }), 'chuyen-de-1.pdf')
  const response = await fetch(`${base}${uploadPath}`, { method: 'POST', headers: { cookie }, body: form })
  if (!response.ok) throw new Error(`${uploadPath}: ${response.status} ${await response.text()}`)
}
