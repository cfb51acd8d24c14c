// What was made: for whoever plays it again, on this server or from its disk.
import path from 'node:path'
import { answer } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { type RungName, rungNames } from '../rules.ts'
import { openFolder } from './folder.ts'
import { programmePath } from './origin.ts'
import * as store from './store.ts'

export const listRecordings = answer(
  contract.listRecordings,
  policy.listRecordings,
  async ({ desk, db, now, input }) => {
    const recordings = []
    for (const made of await store.madeIn(db, input.campaignId)) {
      const place = path.join(desk.dataDir, made.folder)
      const folder = openFolder(place)
      await folder.look()
      const { runs, stretches } = folder.index()
      if (stretches.length === 0) continue
      const seconds = round(stretches.reduce((sum, one) => sum + one.seconds, 0))
      const madeRungs = rungNames.filter((rung) => runs.some(({ codecs }) => codecs[rung]))
      recordings.push({
        sessionId: made.sessionId,
        conferenceCode: made.conferenceCode,
        sessionCode: made.sessionCode,
        state: made.state,
        beganAt: stretches[0]!.at,
        ...(made.endedAt ? { endedAt: made.endedAt.toISOString() } : {}),
        seconds,
        bytes: stretches.reduce((sum, { bytes }) => sum + addUp(bytes), 0),
        runs: new Set(stretches.map(({ run }) => run)).size,
        // What a run did not make is listed from the next smaller one: every list is whole.
        renditions: madeRungs.map((name) => ({ name, segments: stretches.length, seconds })),
        master: `${programmePath(desk, made.sessionId, made.audience, now).prefix}tu-dau.m3u8`,
        file: path.join(place, 'master.m3u8'),
      })
    }
    return { recordings }
  },
)
const addUp = (bytes: Partial<Record<RungName, number>>) => Object.values(bytes).reduce((sum, one) => sum + one, 0)
const round = (seconds: number) => Math.round(seconds * 1000) / 1000
