import type { Db, Tx } from './db.ts'

/**
 * What a feature holds about a person, so that *my data* can show it whole and a request for erasure can be answered.
 * Each feature exports its own from its door; the app puts them on the desk in the order of the features.
 */
export type AboutPerson = {
  /** «attendance.arrivals»: stable, used in the exported file. */
  key: string
  title: { vi: string; en: string }
  /** Words for the fields of a row; a field without words is not sent. */
  fields: Record<string, { vi: string; en: string }>
  collect: (db: Db | Tx, personId: string) => Promise<Record<string, unknown>[]>
  /** Takes out or blanks what may go; figures stand. */
  erase: (tx: Db | Tx, personId: string, now: Date) => Promise<void>
  /** What stays after erasure and why, in a sentence. */
  retain: { vi: string; en: string }
}
