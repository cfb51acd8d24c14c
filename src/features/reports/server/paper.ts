// A paper of frozen figures is made once, kept with its hash, and never made again; without a version it is a draft.
import path from 'node:path'
import { sql } from 'kysely'
import { fold } from '../../../kernel/fold.ts'
import { newId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { type Paper, toDocx, toPdf, toXlsx } from '../../../platform/server/documents/index.ts'
import { readStoredFile, storeFile } from '../../../platform/server/files.ts'
import { answer } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { bieu1, type Declared, type PaperContext } from './bieu1.ts'
import { type Campaign, frozenFigures, latestVersion, readSheet } from './figures.ts'
import { conferenceSummary } from './summary.ts'

const types = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
} as const
export const print = { docx: toDocx, xlsx: toXlsx, pdf: toPdf } as const

export const declaredOf = async (db: Db | Tx, campaignId: string, unitId: string) =>
  (
    await sql<Declared>`
      select d.id as "declaredId", u.name as unit, d.what, d.count, d.count_kind as "countKind", d.source, d.declared_by as by, d.declared_at as at
      from declared_total d join campaign_unit u on u.campaign_id = d.campaign_id and u.unit_id = d.unit_id
      join campaign_unit top on top.campaign_id = d.campaign_id and top.unit_id = ${unitId} and u.lft between top.lft and top.rgt
      where d.campaign_id = ${campaignId} order by u.lft, d.declared_at limit 200`.execute(db)
  ).rows
/** Who came onto the roll and who left it since the scope was fixed. */
export const rollMoved = async (db: Db | Tx, campaignId: string) =>
  (
    await sql<{ joined: number; gone: number }>`
      select count(*) filter (where standing = 'inScope' and why in ('joined', 'exemptionEnded'))::int as joined,
        count(*) filter (where standing = 'inScope' and end_why in ('died', 'left', 'exempted', 'erased'))::int as gone
      from roll where campaign_id = ${campaignId}`.execute(db)
  ).rows[0]!

const committeeOf = (unitName: string) =>
  unitName
    .replace(/^Đảng bộ\s+/i, 'Đảng uỷ ')
    .replace(/^Đảng uỷ tỉnh\s+/i, 'Tỉnh uỷ ')
    .replace(/^Đảng uỷ huyện\s+/i, 'Huyện uỷ ')
    .replace(/^Đảng uỷ [Tt]hành phố\s+/i, 'Thành uỷ ')

export async function contextOf(
  db: Db | Tx,
  campaign: Campaign,
  unitId: string,
  freezeHash: string | undefined,
): Promise<PaperContext> {
  const { rows } = await sql<{ name: string; parent: string | null; root: string }>`
    select u.name, p.name as parent, (select a.name from campaign_unit a where a.campaign_id = u.campaign_id order by a.lft limit 1) as root
    from campaign_unit u left join campaign_unit p on p.campaign_id = u.campaign_id and p.unit_id = u.parent_id
    where u.campaign_id = ${campaign.id} and u.unit_id = ${unitId}`.execute(db)
  const unit = rows[0]!
  return {
    campaignName: campaign.name,
    superior: unit.parent ? committeeOf(unit.parent) : undefined,
    issuing: committeeOf(unit.name),
    place: unit.root.replace(/^Đảng bộ\s+(tỉnh|thành phố)?\s*/i, ''),
    note: undefined,
    hash: freezeHash,
    rollMoved: await rollMoved(db, campaign.id),
    declared: await declaredOf(db, campaign.id, unitId),
  }
}

export const paper = answer(contract.paper, policy.paper, async ({ db, desk, actor, now, input }) => {
  const version =
    input.form === 'tom-tat' || input.draft
      ? undefined
      : (input.version ?? (await latestVersion(db, input.campaignId)) ?? undefined)
  const folder = path.join(desk.dataDir, 'files', 'reports')
  const freezeId = version === undefined ? undefined : (await frozenFigures(db, input.campaignId, version)).freezeId
  const { campaign, sheet } = await readSheet(db, { ...input, version }, now)
  const unitId = sheet.unit.unitId
  const file = (body: Uint8Array) => ({
    name: `${input.form}-${fold(sheet.unit.code)}${version === undefined ? '-du-thao' : `-ban-${version}`}.${input.format}`,
    type: types[input.format],
    body,
  })
  const make = async (hash: string | undefined): Promise<Uint8Array> => {
    const context = await contextOf(db, campaign, unitId, hash)
    const made: Paper =
      input.form === 'tom-tat' ? await conferenceSummary(db, input, context, now) : bieu1(sheet, context)
    return print[input.format](made)
  }
  if (freezeId === undefined) return file(await make(undefined))
  const kept = await db
    .selectFrom('report_file')
    .select('file_id')
    .where('freeze_id', '=', freezeId)
    .where('unit_id', '=', unitId)
    .where('form', '=', input.form)
    .where('format', '=', input.format)
    .executeTakeFirst()
  const stored = kept && (await readStoredFile(folder, kept.file_id))
  if (stored) return file(stored)
  const body = await make(freezeId.replaceAll('-', ''))
  const { fileId, sha256 } = await storeFile(folder, Buffer.from(body), { limitBytes: 50_000_000 })
  await db
    .insertInto('report_file')
    .values({
      id: newId(now),
      freeze_id: freezeId,
      unit_id: unitId,
      form: input.form,
      format: input.format,
      file_id: fileId,
      sha256,
      made_at: now,
      made_by: actor.name,
    })
    .onConflict((row) => row.columns(['freeze_id', 'unit_id', 'form', 'format']).doNothing())
    .execute()
  return file(body)
})
