// A day with three topics for the live channel's tests. Run as a program it is a second full process that holds the slow one.
import type pg from 'pg'
import { z } from 'zod'
import { topic } from '../../contract.ts'
import { anyone, nobody, self, signedIn } from '../../rights.ts'
import { openPool } from '../db.ts'
import type { Desk } from '../desk.ts'
import { type AnyTopic, audiencePaceMs, openLive, serveTopic } from '../live.ts'

export const campaignOfTheDay = '019a0000-0000-7000-8000-000000000001'
const Shown = z.object({ page: z.int() })
export const show = topic({ name: 'test.show', params: z.object({}), snapshot: Shown })
export const openShow = topic({ name: 'test.open', params: z.object({}), snapshot: Shown })
export const mine = topic({ name: 'test.mine', params: z.object({ personId: z.uuid() }), snapshot: Shown })
export const slowHall = topic({ name: 'test.slow', params: z.object({}), snapshot: Shown })

/** What the second judgement was told about who asks, one line each. */
export const judgedBy = new Set<string>()
let judgedCount = 0

export function topicsOfTheDay(pool: pg.Pool, slowMs = 0): AnyTopic[] {
  const read = async () => ({ page: (await pool.query('select page from day')).rows[0].page as number })
  return [
    serveTopic(show, signedIn, read, {
      paceMs: audiencePaceMs,
      also: async (_desk, actor) => {
        judgedBy.add(`${++judgedCount} ${actor.campaignId}${actor.personId ? ' person' : ''}`)
        return actor.campaignId === campaignOfTheDay ? 'yes' : 'notYours'
      },
    }),
    serveTopic(openShow, anyone, read),
    serveTopic(
      mine,
      self('entered', (params) => params.personId),
      read,
    ),
    serveTopic(slowHall, anyone, async () => {
      process.send?.('reading')
      await new Promise((resolve) => setTimeout(resolve, slowMs))
      return read()
    }),
  ]
}

const [url] = process.argv.slice(2)
if (import.meta.main && url) {
  const pool = openPool(url, { max: 4 })
  const live = openLive()
  live.routes({ get: () => {} } as never, async () => nobody, topicsOfTheDay(pool, 60_000))
  await live.start({ pool, databaseUrl: url, live, places: {} } as unknown as Desk)
  live.follow(await live.enter(nobody, slowHall.name, {}), () => {})
}
