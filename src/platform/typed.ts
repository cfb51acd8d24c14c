// What people type, read kindly: days and clock times as Vietnamese papers write them.

/** «14/1/2021», «14-01-21» or «14012021» → «2021-01-14»; `undefined` when it is no day. */
export function readDay(typed: string): string | undefined {
  const found = /^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{2}|\d{4})$|^(\d{2})(\d{2})(\d{4})$/.exec(typed.trim())
  if (!found) return undefined
  const day = Number(found[1] ?? found[4])
  const month = Number(found[2] ?? found[5])
  const given = Number(found[3] ?? found[6])
  const year = given < 100 ? 2000 + given : given
  const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const real = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(text) ? text : undefined
}
/** «7:30», «730», «7h30», «7h» → «07:30». */
export function readClock(typed: string): string | undefined {
  const found = /^(\d{1,2})\s*[:hg.]?\s*(\d{2})?$/i.exec(typed.trim())
  if (!found) return undefined
  const hour = Number(found[1])
  const minute = Number(found[2] ?? 0)
  return hour < 24 && minute < 60 ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` : undefined
}
