// The door of broadcast.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Desk } from '../../../platform/server/desk.ts'
import type { AnyTopic } from '../../../platform/server/live.ts'
import { type AnyServed, answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { openOrigin } from './origin.ts'
import { type BesideProgrammes, keepProgrammes } from './programmes.ts'
import { listRecordings } from './recordings.ts'
import * as store from './store.ts'
import { myProgrammes, programme, watch } from './watch.ts'

const restartProgramme = answer(contract.restartProgramme, policy.restartProgramme, async ({ db, input }) => {
  if (!(await store.askRestart(db, input.sessionId))) refuse(contract.restartProgramme, 'notRunning')
  return {}
})

export { openOrigin } from './origin.ts'
export { listRecordings, myProgrammes, restartProgramme, watch }
export const operations: AnyServed[] = [watch, myProgrammes, restartProgramme, listRecordings]
export const topics: AnyTopic[] = [programme]

const origins = new WeakMap<Desk, ReturnType<typeof openOrigin>>()
/** Media files, before the framework. */
export const early = (desk: Desk) => {
  const origin = openOrigin(desk)
  origins.set(desk, origin)
  return { request: (request: IncomingMessage, response: ServerResponse) => origin.request(request, response) }
}
export async function beside(desk: Desk, with_: BesideProgrammes): Promise<{ stop: () => Promise<void> }> {
  const programmes = await keepProgrammes(desk, with_)
  return {
    stop: async () => {
      await programmes.stop()
      origins.get(desk)?.stop()
    },
  }
}
