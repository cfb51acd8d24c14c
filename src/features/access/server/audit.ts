// The logs on screen and as a file.
import { formatMoment } from '../../../kernel/time.ts'
import { answer } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { type LogRow, operationsInLog, pageOfLog, verifyLogs } from './log.ts'

const exportedMost = 200_000

const shown = (row: LogRow) => ({
  seq: row.seq,
  at: row.at.toISOString(),
  actor: row.actor,
  name: row.name,
  operation: row.operation,
  about: row.about,
  ...(row.how_many === null ? {} : { howMany: row.how_many }),
  ...(row.reason === null ? {} : { reason: row.reason }),
})
export const log = answer(contract.log, policy.log, async ({ db, input }) => {
  const rows = await pageOfLog(db, input, { limit: input.size, offset: (input.page - 1) * input.size })
  return {
    rows: rows.map(shown),
    total: rows[0]?.total ?? 0,
    page: input.page,
    size: input.size,
    operations: await operationsInLog(db, input.log),
  }
})

/** A cell that a spreadsheet would run as a formula is made plain text. */
const cell = (value: unknown): string => {
  const text = String(value ?? '')
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
export const exportLog = answer(contract.exportLog, policy.exportLog, async ({ db, input, now }) => {
  const rows = await pageOfLog(db, input, { limit: exportedMost, offset: 0 })
  const head = ['STT', 'Lúc', 'Người thực hiện', 'Họ tên', 'Việc', 'Về', 'Số người', 'Lý do']
  const lines = rows.map((row) =>
    [
      row.seq,
      formatMoment(row.at),
      row.actor,
      row.name,
      row.operation,
      JSON.stringify(row.about),
      row.how_many,
      row.reason,
    ]
      .map(cell)
      .join(','),
  )
  // The mark at the front lets Excel read the Vietnamese.
  const text = `\uFEFF${[head.map(cell).join(','), ...lines].join('\r\n')}\r\n`
  return {
    name: `nhat-ky-${input.log === 'look' ? 'xem' : 'thay-doi'}-${now.toISOString().slice(0, 10)}.csv`,
    type: 'text/csv; charset=utf-8',
    body: Buffer.from(text),
  }
})

export const verifyLog = answer(contract.verifyLog, policy.verifyLog, async ({ db }) => {
  const found = await verifyLogs(db)
  return {
    ok: found.ok,
    seals: found.seals,
    lines: found.lines,
    unsealed: found.unsealed,
    ...(found.lastSealedAt ? { lastSealedAt: found.lastSealedAt.toISOString() } : {}),
    ...(found.lastHash ? { lastHash: found.lastHash } : {}),
    ...(found.broken ? { broken: found.broken } : {}),
  }
})
