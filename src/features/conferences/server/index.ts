// The door of conferences.

import type { Place } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Places } from '../../../platform/server/desk.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import { mayGoOnline } from '../rules.ts'
import { moveState, setClassified } from './moveState.ts'
import { arrangeSessions, createConference, removeConference, updateConference } from './plan.ts'
import { programmeFile } from './programmeFile.ts'
import { getConference, getProgramme, listConferences } from './read.ts'
import * as store from './store.ts'

export {
  arrangeSessions,
  createConference,
  getConference,
  getProgramme,
  listConferences,
  moveState,
  programmeFile,
  removeConference,
  setClassified,
  updateConference,
}
export const operations: AnyServed[] = [
  createConference,
  updateConference,
  arrangeSessions,
  removeConference,
  moveState,
  setClassified,
  listConferences,
  getConference,
  getProgramme,
  programmeFile,
]

export { type Item, layOut } from '../rules.ts'
export { moveConference } from './moveState.ts'
export { makeConference } from './plan.ts'
export { makeSingles, type Single } from './single.ts'
export type { Conference, Session, Topic } from './store.ts'
/** `sessionsOf(db, conferenceId | ids)`: in the order of the day, with their own topics. */
export const { conferenceByCode, conferenceById, conferenceOfSession, sessionById, sessionsOf, sourcesOf } = store

export const places: Places = { conference: placeOfConference, session: placeOfSession }
export async function placeOfSession(db: Db | Tx, sessionId: string): Promise<Place | undefined> {
  const conferenceId = await store.conferenceOfSession(db, sessionId)
  return conferenceId === undefined ? undefined : placeOfConference(db, conferenceId)
}
export async function placeOfConference(db: Db | Tx, conferenceId: string): Promise<Place | undefined> {
  const conference = await store.conferenceById(db, conferenceId)
  const unit = conference && (await store.unitIn(db, conference.campaignId, conference.unitId))
  return (
    unit && {
      unitPath: unit.path,
      campaignId: conference.campaignId,
      conferenceId: conference.conferenceId,
      label: conference.name,
    }
  )
}
/** Holds secret content: no site online, no own device, paper forms only. Unknown conferences are not classified. */
export async function isClassified(db: Db | Tx, conferenceId: string): Promise<boolean> {
  const conference = await store.conferenceById(db, conferenceId)
  return conference !== undefined && !mayGoOnline(conference)
}
