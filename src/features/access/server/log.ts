// The two logs: sealed in batches, each seal over its lines and the seal before it, so that a line changed or taken out shows.
import { type RawBuilder, sql } from 'kysely'
import { type Db, type Tx, transact } from '../../../platform/server/db.ts'

export type Log = 'change' | 'look'
/** One line as the chain sees it; every column of it, in one way of writing that does not depend on the session. */
const lineOf: Record<Log, RawBuilder<string>> = {
  change: sql<string>`concat_ws('|', l.seq, l.id, extract(epoch from l.at), l.actor, l.user_id, l.operation, l.about::text)`,
  look: sql<string>`concat_ws('|', l.seq, l.id, extract(epoch from l.at), l.actor, l.user_id, l.actor_person_id, l.list, l.about::text,
    encode(sha256(convert_to(l.person_ids::text, 'UTF8')), 'hex'), l.how_many, l.reason)`,
}
const tableOf: Record<Log, RawBuilder<unknown>> = { change: sql`change_line`, look: sql`look` }
const hashOver = (before: RawBuilder<string>, log: Log) =>
  sql<string>`encode(sha256(convert_to(${before} || E'\n' || string_agg(${lineOf[log]}, E'\n' order by l.seq), 'UTF8')), 'hex')`

/** Seals what has been written since the last seal. Returns how many lines; 0 when another process is at it or a writer will not wait. */
export async function sealLogs(db: Db, now: Date): Promise<number> {
  let sealed = 0
  for (const log of ['change', 'look'] as const)
    sealed += await transact(db, (tx) => sealOne(tx, log, now)).catch((error: { code?: string }) => {
      if (error.code === '55P03') return 0 // lock_timeout: busy now, sealed in the next round
      throw error
    })
  return sealed
}
async function sealOne(tx: Tx, log: Log, now: Date): Promise<number> {
  const mine = await sql<{
    mine: boolean
  }>`select pg_try_advisory_xact_lock(hashtextextended(${`seal ${log} `} || current_schema(), 4)) as mine`.execute(tx)
  if (!mine.rows[0]?.mine) return 0
  const before = (
    await sql<{
      to_seq: number
      hash: string
    }>`select to_seq, hash from log_seal where log = ${log} order by id desc limit 1`.execute(tx)
  ).rows[0]
  const from = before?.to_seq ?? 0
  const waiting = await sql`select from ${tableOf[log]} l where l.seq > ${from} limit 1`.execute(tx)
  if (waiting.rows.length === 0) return 0
  // Numbers are drawn before their lines are committed: for a moment nobody may be in between.
  await sql`set local lock_timeout = '300ms'`.execute(tx)
  await sql`lock table ${tableOf[log]} in share mode`.execute(tx)
  const { rows } = await sql<{
    how_many: number
  }>`insert into log_seal (log, from_seq, to_seq, how_many, hash, before_hash, at)
    select ${log}, min(l.seq), max(l.seq), count(*), ${hashOver(sql<string>`${before?.hash ?? ''}::text`, log)}, ${before?.hash ?? ''}, ${now}
      from ${tableOf[log]} l where l.seq > ${from} returning how_many`.execute(tx)
  return rows[0]?.how_many ?? 0
}

export type Verification = {
  ok: boolean
  seals: number
  lines: number
  unsealed: number
  lastSealedAt: Date | undefined
  lastHash: string | undefined
  broken: { log: Log; fromSeq: number; toSeq: number } | undefined
}
/** Recomputes every seal from the lines as they are now. Cost: one pass over both logs. */
export async function verifyLogs(db: Db | Tx): Promise<Verification> {
  const found: Verification = {
    ok: true,
    seals: 0,
    lines: 0,
    unsealed: 0,
    lastSealedAt: undefined,
    lastHash: undefined,
    broken: undefined,
  }
  for (const log of ['change', 'look'] as const) {
    const { rows } = await sql<{
      seals: number
      lines: number
      last_at: Date | null
      last_hash: string | null
      broken_from: number | null
      broken_to: number | null
      unsealed: number
    }>`with checked as (
        select s.id, s.from_seq, s.to_seq, s.how_many, s.at, s.hash,
          s.before_hash = lag(s.hash, 1, '') over (order by s.id) as follows,
          lag(s.to_seq, 1, 0::bigint) over (order by s.id) as after_seq from log_seal s where s.log = ${log}),
      judged as (
        select c.id, c.from_seq, c.to_seq, c.how_many, c.at, c.hash,
          c.follows and coalesce(t.n, 0) = c.how_many and coalesce(t.hash, '') = c.hash as fits
        from checked c join log_seal s on s.id = c.id left join lateral (
          select count(*) as n, ${hashOver(sql<string>`s.before_hash`, log)} as hash
            from ${tableOf[log]} l where l.seq > c.after_seq and l.seq <= c.to_seq) t on true)
      select count(*) as seals, coalesce(sum(how_many), 0)::bigint as lines, max(at) as last_at,
        (select hash from judged order by id desc limit 1) as last_hash,
        (select from_seq from judged where not fits order by id limit 1) as broken_from,
        (select to_seq from judged where not fits order by id limit 1) as broken_to,
        (select count(*) from ${tableOf[log]} l where l.seq > coalesce((select max(to_seq) from judged), 0)) as unsealed
      from judged`.execute(db)
    const row = rows[0]!
    found.seals += row.seals
    found.lines += row.lines
    found.unsealed += row.unsealed
    if (row.last_at && (!found.lastSealedAt || row.last_at > found.lastSealedAt)) {
      found.lastSealedAt = row.last_at
      found.lastHash = row.last_hash ?? undefined
    }
    if (row.broken_from !== null) {
      found.ok = false
      found.broken ??= { log, fromSeq: row.broken_from, toSeq: row.broken_to! }
    }
  }
  return found
}

export type LogRow = {
  seq: number
  at: Date
  actor: string
  name: string
  operation: string
  about: Record<string, unknown>
  how_many: number | null
  reason: string | null
  total: number
}
export type LogFilter = {
  log: Log
  actor: string
  operation: string
  from?: string | undefined
  to?: string | undefined
}
/** Newest first. An actor is found by any part of its name; a day is Vietnam's. */
export const pageOfLog = async (
  db: Db | Tx,
  filter: LogFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<LogRow[]> => {
  const operation = filter.log === 'change' ? sql`l.operation` : sql`l.list`
  const more = filter.log === 'change' ? sql`null::int as how_many, null::text as reason` : sql`l.how_many, l.reason`
  const day = (text: string | undefined) => sql`(${text ?? null}::date)::timestamp at time zone 'Asia/Ho_Chi_Minh'`
  return (
    await sql<LogRow>`select l.seq, l.at, l.actor, coalesce(u.name, '') as name, ${operation} as operation, l.about, ${more},
        count(*) over () as total
      from ${tableOf[filter.log]} l left join staff_user u on u.id = l.user_id
      where (${filter.actor} = '' or position(fold(${filter.actor}) in fold(l.actor || ' ' || coalesce(u.name, ''))) > 0)
        and (${filter.operation} = '' or ${operation} = ${filter.operation})
        and (${filter.from ?? null}::date is null or l.at >= ${day(filter.from)})
        and (${filter.to ?? null}::date is null or l.at < ${day(filter.to)} + interval '1 day')
      order by l.seq desc limit ${limit} offset ${offset}`.execute(db)
  ).rows
}
export const operationsInLog = async (db: Db | Tx, log: Log): Promise<string[]> =>
  (
    await sql<{
      name: string
    }>`select distinct ${log === 'change' ? sql`operation` : sql`list`} as name from ${tableOf[log]} order by 1`.execute(
      db,
    )
  ).rows.map(({ name }) => name)

/** Looks at one person, newest first, with the name of whoever looked. */
export const pageOfLooksAt = async (db: Db | Tx, personId: string, { page, size }: { page: number; size: number }) =>
  (
    await sql<{
      at: Date
      actor: string
      name: string | null
      list: string
      how_many: number
      reason: string | null
      total: number
    }>`
      select l.at, l.actor, coalesce(u.name, p.full_name) as name, l.list, l.how_many, l.reason, count(*) over () as total
      from look l left join staff_user u on u.id = l.user_id left join person p on p.id = l.actor_person_id
      where l.person_ids @> array[${personId}]::uuid[] order by l.at desc, l.seq desc limit ${size} offset ${(page - 1) * size}`.execute(
      db,
    )
  ).rows
