// «Tôi xử lý»: one person has an alarm in hand; the others see who.
import { sql } from 'kysely'
import { holds } from '../../../platform/rights.ts'
import { placeAt } from '../../../platform/server/desk.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { alarmsAt, headsNow, readSession, readWatched } from './reading.ts'
import { nameOf, sitesOf } from './store.ts'
import { tell } from './tell.ts'

export const takeAlarm = answer(
  contract.takeAlarm,
  policy.takeAlarm,
  async ({ db, desk, actor, now, input, after }) => {
    const it = contract.takeAlarm
    const { sessionId, alarmKey, taken } = input
    const reading = (await readSession(desk, sessionId, now)) ?? refuse(it, 'notFound')
    const sites = await sitesOf(db, sessionId)
    const heads = await headsNow(desk, sessionId, now)
    const watched = await readWatched(desk, sessionId, sites, { now, heads, some: false })
    const here = placeAt(desk, db)
    const directs = holds(actor, ['director', 'moderator'], await here('session', sessionId))
    // The control room hears nothing for the first two minutes that a parent site does: whichever of the two she stands in.
    const parents = new Set(sites.flatMap(({ parentSiteId }) => (parentSiteId ? [parentSiteId] : [])))
    const mine = []
    for (const siteId of actor.grants.flatMap(({ kind, scopeId }) => (kind === 'site' && scopeId ? [scopeId] : [])))
      if (parents.has(siteId) && holds(actor, ['siteManager', 'steward'], await here('site', siteId))) mine.push(siteId)
    if (!directs && mine.length === 0) refuse(it, 'notYours')
    const alarms = [
      ...(directs ? await alarmsAt(db, reading, watched, now, { at: 'control' }) : []),
      ...(await Promise.all(mine.map((siteId) => alarmsAt(db, reading, watched, now, { at: 'site', siteId })))).flat(),
    ]
    const alarm = alarms.find(({ keys }) => keys.includes(alarmKey)) ?? refuse(it, 'unknownAlarm')
    if (taken)
      await sql`
      insert into alarm_taken (session_id, alarm_key, by_actor, by_name, at)
      select ${sessionId}, key, ${actor.name}, ${await nameOf(db, actor)}, ${now} from unnest(${alarm.keys}::text[]) as k (key)
      on conflict (session_id, alarm_key) do update set by_actor = excluded.by_actor, by_name = excluded.by_name, at = excluded.at`.execute(
        db,
      )
    else
      await sql`delete from alarm_taken where session_id = ${sessionId} and alarm_key = any(${alarm.keys}::text[])`.execute(
        db,
      )
    const told = alarm.sites.map(({ siteId }) => sites.find((site) => site.siteId === siteId)?.parentSiteId)
    after(() => tell(desk, sessionId, { halls: told }))
    return {}
  },
)
