// A whole campaign as one file: the campaign, its conferences with sessions, topics, checkpoints and sites. All or nothing.
import { sql } from 'kysely'
import { z } from 'zod'
import { CheckpointForm } from '../../features/attendance/contract.ts'
import { declareCheckpoints } from '../../features/attendance/server/index.ts'
import { CampaignForm } from '../../features/campaigns/contract.ts'
import { createCampaign } from '../../features/campaigns/server/index.ts'
import { ConferenceForm, SessionForm } from '../../features/conferences/contract.ts'
import { createConference } from '../../features/conferences/server/index.ts'
import { registerFor, unitByCode } from '../../features/organisation/server/index.ts'
import { attachSite, attachSites } from '../../features/sites/server/index.ts'
import { newId } from '../../kernel/id.ts'
import { addMinutes } from '../../kernel/time.ts'
import type { Actor } from '../../platform/rights.ts'
import { transact } from '../../platform/server/db.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { perform } from '../../platform/server/operate.ts'
import { Ended } from './exit.ts'

const defaultOpensBeforeMinutes = 30
const defaultClosesAfterMinutes = 30

export const WholeCampaign = CampaignForm.extend({
  conferences: z
    .array(
      ConferenceForm.extend({
        /** Every site of the conference's unit and below, or these codes. */
        sites: z.union([z.literal('all'), z.array(z.string().max(60)).max(5_000)]).default('all'),
        sessions: z
          .array(
            SessionForm.extend({
              /** Without any, one at the opening: half an hour before to half an hour after the session begins. */
              checkpoints: z
                .array(CheckpointForm.omit({ sessionCode: true }))
                .max(10)
                .default([]),
            }),
          )
          .max(20)
          .default([]),
      }),
    )
    .max(50)
    .default([]),
})
export type WholeCampaign = z.output<typeof WholeCampaign>

export const campaignSchema = () => z.toJSONSchema(WholeCampaign, { io: 'input' })

/** Founds the campaign with everything in it in one transaction; answers with the ids by code. */
export async function foundCampaign(desk: Desk, form: WholeCampaign, { actor, now }: { actor: Actor; now: Date }) {
  return transact(desk.db, async (tx) => {
    const within: Desk = { ...desk, db: tx }
    const act = <Out>(served: Parameters<typeof perform>[1], input: unknown) =>
      perform(within, served, { actor, now, input }) as Promise<Out>
    const register = await registerFor(tx, form.scopeUnit.register)
    if (!('found' in register))
      throw new Ended(
        'refused',
        `Không rõ sổ «${form.scopeUnit.register ?? ''}»: có ${register.known.join(', ') || 'chưa sổ nào'} (which register?)`,
        { refused: register.because },
      )
    const unitId = async (unit: { code: string } | undefined) => {
      const code = unit?.code ?? form.scopeUnit.code
      const found = await unitByCode(tx, register.found.registerId, code)
      if (!found)
        throw new Ended('refused', `Không có đơn vị mã «${code}» trong sổ ${register.found.code} (no unit «${code}»)`, {
          refused: 'unknownUnit',
        })
      return found.unitId
    }
    const { conferences, scopeUnit: _, ...campaign } = form
    const { campaignId } = await act<{ campaignId: string }>(createCampaign, {
      ...campaign,
      scopeUnitId: await unitId(undefined),
    })
    const conferenceIds = new Map<string, string>()
    const sessionIds = new Map<string, string>()
    for (const { sites, sessions, unit, parent, ...conference } of conferences) {
      const conferenceId = newId(now)
      conferenceIds.set(conference.code, conferenceId)
      for (const session of sessions) sessionIds.set(`${conference.code} ${session.code}`, newId(now))
      await act(createConference, {
        ...conference,
        conferenceId,
        campaignId,
        unitId: await unitId(unit),
        ...(parent ? { parentId: conferenceIds.get(parent) } : {}),
        sessions: sessions.map(({ checkpoints: __, relays, ...session }) => ({
          ...session,
          ...(relays && parent ? { relaysId: sessionIds.get(`${parent} ${relays}`) } : {}),
        })),
      })
      const checkpoints = sessions.flatMap((session) => checkpointsOf(session))
      if (checkpoints.length > 0) await act(declareCheckpoints, { conferenceId, checkpoints })
      if (conference.classified) continue
      if (sites === 'all') await act(attachSites, { conferenceId })
      else
        for (const siteId of await siteIds(tx, register.found.registerId, sites))
          await act(attachSite, { conferenceId, siteId })
    }
    return { campaignId, conferences: Object.fromEntries(conferenceIds) }
  })
}

function checkpointsOf(session: WholeCampaign['conferences'][number]['sessions'][number]) {
  if (session.checkpoints.length > 0)
    return session.checkpoints.map((checkpoint) => ({ ...checkpoint, sessionCode: session.code }))
  const at = new Date(session.startsAt)
  return [
    {
      sessionCode: session.code,
      code: `${session.code}-M1`,
      name: 'Khai mạc',
      opensAt: addMinutes(at, -defaultOpensBeforeMinutes).toISOString(),
      at: at.toISOString(),
      closesAt: addMinutes(at, defaultClosesAfterMinutes).toISOString(),
    },
  ]
}
async function siteIds(tx: Desk['db'], registerId: string, codes: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{
    id: string
    code: string
  }>`select id, code from site where register_id = ${registerId} and code = any(${codes as string[]})`.execute(tx)
  const missing = codes.filter((code) => !rows.some((row) => row.code === code))
  if (missing.length > 0)
    throw new Ended('refused', `Không có điểm cầu mã ${missing.slice(0, 5).join(', ')} (no such site)`, {
      refused: 'unknownSite',
      missing,
    })
  return rows.map(({ id }) => id)
}
