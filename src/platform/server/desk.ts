import type pg from 'pg'
import type { Place, PlaceKind } from '../rights.ts'
import type { AboutPerson } from './aboutPerson.ts'
import type { Config } from './config.ts'
import type { Db, Tx } from './db.ts'
import type { Jobs } from './jobs.ts'
import type { Live } from './live.ts'

/** What a process holds in its hands: made once by the app, passed to whoever needs it. */
export type Desk = {
  db: Db
  pool: pg.Pool
  databaseUrl: string
  live: Live
  /** Work that may wait; absent on the command line and in tests, where nobody takes it up. */
  jobs?: Jobs | undefined
  /** Signs cookies and codes; 32 random bytes kept in the data folder. */
  secret: Buffer
  dataDir: string
  /** Where links on paper lead: «https://diemcau.example.vn». */
  baseUrl: string
  demo: boolean
  /** What the operator set; absent in tests that need none of it. */
  config?: Config | undefined
  places: Places
  /** What each feature holds about a person; composed by the app. */
  aboutPerson?: readonly AboutPerson[]
}

export type PlaceFinder = (db: Db | Tx, id: string) => Promise<Place | undefined>
export type Places = Partial<Record<PlaceKind, PlaceFinder>>
export const placeAt = (desk: Pick<Desk, 'places'>, db: Db | Tx) => async (kind: PlaceKind, id: string | undefined) =>
  id === undefined ? undefined : desk.places[kind]?.(db, id)
