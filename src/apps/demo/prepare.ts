// What makes the demo: the campaign of Bắc Giang, a small second province, a conference of today, and whom to look around as.
import { dayOf } from '../../kernel/time.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { bacGiangSteps } from './bacGiang.ts'
import type { Tell } from './hands.ts'
import { liveDayStep } from './liveDay.ts'
import { offerPeople } from './offered.ts'
import { songCauSteps, storyOf } from './songCau.ts'
import { type Measured, type PreparationStep, runSteps } from './steps.ts'
import { todayStep } from './today.ts'

/** Fills the demo; goes on where a former start was cut short. Once all is there it only adds the conference of a new day. */
export async function prepareDemo(desk: Desk, tell: Tell, now = new Date()): Promise<Measured[]> {
  return runSteps(desk, [...bacGiangSteps(desk), ...secondSteps(desk, await begunOn(desk, now), now)], tell)
}
/** The second province alone. */
export function secondSteps(desk: Desk, begun: Date, now: Date): PreparationStep[] {
  const story = storyOf(begun)
  const offer = {
    key: `people ${dayOf(now)}`,
    vi: 'Người dùng thử',
    weight: 1,
    run: () => offerPeople(desk, story, now),
  }
  return [...songCauSteps(desk, story), todayStep(desk, story, now), liveDayStep(desk, now), offer]
}
/** The story of the second province counts back from the day the demo was first opened, also when it is finished later. */
async function begunOn(desk: Desk, now: Date): Promise<Date> {
  const { rows } = await desk.pool.query<{ since: Date }>('select since from demo_marker order by since limit 1')
  const since = rows[0]?.since ?? now
  return since < now ? since : now
}
