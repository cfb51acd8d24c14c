// Who receives how: as many halls by WebRTC as the node has places, the others by HLS.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import type { LineMode } from '../contract.ts'
import { assignModes, type Receiver, watchedOf } from '../rules.ts'
import { mediaServerOf } from './mediaServer.ts'
import { handsOf, linesOf, partsOf, sitesOf } from './store.ts'

/** How many places there are now; `undefined` while the media server is just coming back: nobody is moved for that. */
export function placesNow(desk: Desk): number | undefined {
  const media = mediaServerOf(desk)
  const state = media?.state()
  if (!media || state === undefined || state === 'missing' || state === 'failed' || state === 'installing') return 0
  return state === 'starting' ? undefined : media.places()
}

/** Gives every site of the stage its way of receiving; answers those whose way changed. */
export async function giveModes(tx: Db | Tx, desk: Desk, sessionId: string, now: Date): Promise<Map<string, LineMode>> {
  const places = placesNow(desk)
  if (places === undefined) return new Map()
  const lines = await linesOf(tx, sessionId)
  const sites = new Map((await sitesOf(tx, sessionId)).map((site) => [site.siteId, site]))
  const called = await handsOf(tx, sessionId, sql`site_id is not null and state in ('called', 'onAir')`)
  const onAir = await partsOf(tx, sessionId, sql`kind = 'site' and state in ('onAir', 'backstage')`)
  const speaking = new Set([...called, ...onAir].map(({ siteId }) => siteId))
  const hereSince = now.getTime() - 5 * 60_000
  const receivers = lines.flatMap((line): Receiver[] => {
    const site = sites.get(line.siteId)
    if (!site) return []
    const last = Math.max(line.screenAt?.getTime() ?? 0, line.consoleAt?.getTime() ?? 0)
    return [
      {
        siteId: line.siteId,
        kind: site.kind,
        speaks: speaking.has(line.siteId),
        // A line that has just been lost comes back to its own place. A console alone shows the hall nothing: it takes none until it is called.
        here: last > hereSince && line.word !== 'away' && watchedOf(line.measured)?.mode !== 'none',
        step: line.measured.step ?? 0,
        wanted: line.wanted,
        depth: site.depth,
      },
    ]
  })
  const modes = assignModes(receivers, places)
  const changed = receivers.filter(({ siteId, wanted }) => modes.get(siteId) !== wanted)
  if (changed.length > 0)
    await sql`
      update site_line l set wanted_mode = c.mode
      from unnest(${changed.map(({ siteId }) => siteId)}::uuid[], ${changed.map(({ siteId }) => modes.get(siteId)!)}::text[]) as c (site_id, mode)
      where l.session_id = ${sessionId} and l.site_id = c.site_id`.execute(tx)
  return new Map(changed.map(({ siteId }) => [siteId, modes.get(siteId)!]))
}
