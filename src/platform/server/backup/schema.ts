// What there is to save: the tables of our schema, each after those it refers to.
import type pg from 'pg'

export type SavedTable = { name: string; columns: string[] }

/** Tables of the demo alone, which no migration makes: since when it is one, and which steps of its making are done. */
export const demoTables = [
  'create table if not exists demo_marker (since timestamptz not null default now())',
  'create table if not exists demo_step (step text primary key, done_at timestamptz not null default now())',
]

/** Quoted as PostgreSQL wants it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * The tables of the schema the connection is in, in an order that foreign keys allow, with the columns that are written
 * (generated ones make themselves). Not the list of migrations: the schema of a restore has its own.
 */
export async function tablesOf(client: pg.Client): Promise<SavedTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] }>(`
    select c.relname as name,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      array(select distinct f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and c.relname not in ('kysely_migration', 'kysely_migration_lock')
    order by c.relname`)
  const ordered: SavedTable[] = []
  const waiting = new Map(rows.map((row) => [row.name, row]))
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ needs }) => !needs.some((name) => waiting.has(name)))
    if (ready.length === 0) throw new Error(`tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`)
    for (const { name, columns } of ready) {
      waiting.delete(name)
      ordered.push({ name, columns })
    }
  }
  return ordered
}

/**
 * What is read of a table. Numbers of transactions mean nothing in another database: events begin again at 0, and each
 * subscriber stands where everything up to there was handled, so that it may hear of one twice but misses none.
 */
export function readingOf({ name, columns }: SavedTable): string {
  if (name === 'event_cursor')
    return `select subscriber, '0'::xid8 as xid, coalesce((
        select e.id from event e where not exists (
          select from event u where u.id <= e.id and (u.xid, u.id) > (c.xid, c.id)) order by e.id desc limit 1),
        '00000000-0000-0000-0000-000000000000') as id from event_cursor c`
  const renumbered = (column: string) => (name === 'event' && column === 'xid' ? `'0'::xid8 as xid` : quoted(column))
  return `select ${columns.map(renumbered).join(', ')} from ${quoted(name)}`
}
