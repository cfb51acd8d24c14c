// Lists taken home: as CSV or a workbook, in the columns the imports take back.
import { PassThrough } from 'node:stream'
import { dayOf } from '../../../kernel/time.ts'
import { answer, type FileAnswer } from '../../../platform/server/operate.ts'
import { recordLook } from '../../../platform/server/record.ts'
import { type SheetColumn, type SheetValue, writeCsv, writeXlsx } from '../../../platform/server/spreadsheet/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { namesAt } from './people.ts'
import * as store from './store.ts'

type Table = { columns: readonly SheetColumn[]; rows: Iterable<readonly SheetValue[]> }
function fileOf(name: string, sheet: string, format: 'csv' | 'xlsx', table: Table): FileAnswer {
  const body = new PassThrough()
  const written = format === 'csv' ? writeCsv(body, table) : writeXlsx(body, { sheets: [{ name: sheet, ...table }] })
  written.catch((error) => body.destroy(error))
  return {
    name: `${name}.${format}`,
    type:
      format === 'csv'
        ? 'text/csv; charset=utf-8'
        : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    body,
  }
}

const exportPeople = answer(contract.exportPeople, policy.exportPeople, async (call) => {
  const { db, actor, now, input } = call
  const { reason } = await namesAt(call, contract.exportPeople)
  const { rows } = await store.peopleOf(
    db,
    { ...input, sort: 'name', descending: false },
    { limit: 200_000, offset: 0 },
    dayOf(now),
  )
  await recordLook(db, {
    actor,
    list: 'organisation.exportPeople',
    about: { unitId: input.unitId, filter: input.filter, format: input.format },
    personIds: rows.map(({ personId }) => personId),
    reason,
    at: now,
  })
  const unit = await store.unitHead(db, input.unitId)
  return fileOf(`dang-vien-${unit?.code ?? ''}`, 'Đảng viên', input.format, {
    columns: [
      { header: 'Mã số', width: 14 },
      { header: 'Họ và tên', width: 28 },
      { header: 'Năm sinh', width: 10 },
      { header: 'Mã đơn vị', width: 16 },
      { header: 'Tên đơn vị', width: 32 },
      { header: 'Chức vụ', width: 22 },
      { header: 'Miễn sinh hoạt', width: 14 },
      { header: 'Sinh hoạt tạm thời', width: 16 },
    ],
    rows: rows.map((row) => [
      row.code,
      row.fullName,
      row.birthYear,
      row.unitCode,
      row.unitName,
      row.position,
      row.exempt ? 'x' : '',
      row.kind === 'temporary' ? 'x' : '',
    ]),
  })
})

const exportUnits = answer(contract.exportUnits, policy.exportUnits, async ({ db, now, input }) => {
  const rows = await store.subtree(db, input.unitId, dayOf(now))
  return fileOf(`don-vi-${rows[0]?.code ?? ''}`, 'Đơn vị', input.format, {
    columns: [
      { header: 'Mã đơn vị', width: 16 },
      { header: 'Mã cấp trên', width: 16 },
      { header: 'Tên đơn vị', width: 40 },
      { header: 'Loại', width: 14 },
      { header: 'Số đảng viên', width: 14, numberFormat: '#,##0' },
      { header: 'Miễn sinh hoạt', width: 14, numberFormat: '#,##0' },
    ],
    rows: rows.map((row) => [row.code, row.parentCode, row.name, row.levelName, row.members, row.exempt]),
  })
})

export const exportOperations = [exportPeople, exportUnits]
