// Things are named by their codes on the command line.
import { sql } from 'kysely'
import type { Db } from '../../platform/server/db.ts'
import { Ended, usage } from './exit.ts'
import type { Values } from './verb.ts'

export const given = (values: Values, name: string): string => {
  const value = values[name]
  return typeof value === 'string' && value !== '' ? value : usage(`Thiếu --${name} (missing --${name})`)
}
export const maybe = (values: Values, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export async function campaignByCode(
  db: Db,
  code: string,
): Promise<{ id: string; scopeUnitId: string; registerId: string }> {
  const { rows } = await sql<{ id: string; scopeUnitId: string; registerId: string }>`
    select c.id, c.scope_unit_id as "scopeUnitId", u.register_id as "registerId" from campaign c join unit u on u.id = c.scope_unit_id where c.code = ${code}`.execute(
    db,
  )
  return rows[0] ?? notFound(`Không có đợt học tập mã «${code}» (no campaign «${code}»)`)
}
/** By its code in the campaign; without a campaign the code must be the only one. */
export async function conferenceByCode(
  db: Db,
  code: string,
  campaignId?: string,
): Promise<{ id: string; campaignId: string }> {
  const { rows } = await sql<{ id: string; campaignId: string; campaign: string }>`
    select c.id, c.campaign_id as "campaignId", a.code as campaign from conference c join campaign a on a.id = c.campaign_id
    where c.code = ${code} and ${campaignId ? sql`c.campaign_id = ${campaignId}` : sql`true`}`.execute(db)
  if (rows.length > 1)
    usage(
      `Mã hội nghị «${code}» có ở nhiều đợt (${rows.map(({ campaign }) => campaign).join(', ')}); thêm --campaign (name the campaign)`,
    )
  return rows[0] ?? notFound(`Không có hội nghị mã «${code}» (no conference «${code}»)`)
}
/** The named conference of a campaign, else its only study conference. */
export async function conferenceOf(db: Db, campaignId: string, code: string | undefined): Promise<{ id: string }> {
  if (code) return conferenceByCode(db, code, campaignId)
  const { rows } = await sql<{
    id: string
    code: string
  }>`select id, code from conference where campaign_id = ${campaignId} and purpose = 'study' order by code`.execute(db)
  if (rows.length > 1)
    usage(`Đợt có nhiều hội nghị (${rows.map((row) => row.code).join(', ')}); thêm --conference (name the conference)`)
  return rows[0] ?? notFound('Đợt chưa có hội nghị học tập (the campaign has no study conference)')
}
export async function unitByCode(db: Db, code: string, registerId: string): Promise<{ id: string }> {
  const { rows } = await sql<{
    id: string
  }>`select unit_id as id from unit_now where code = ${code} and register_id = ${registerId}`.execute(db)
  return rows[0] ?? notFound(`Không có đơn vị mã «${code}» (no unit «${code}»)`)
}
export const notFound = (message: string): never => {
  throw new Ended('refused', message, { refused: 'notFound' })
}
