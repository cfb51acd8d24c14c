// The steps of a preparation: each done once, remembered, and measured. One that was cut short is done again;
// what it had written already stays as it is.
import fs from 'node:fs'
import { sql } from 'kysely'
import pg from 'pg'
import type { Db, Tx } from '../../platform/server/db.ts'
import type { Desk } from '../../platform/server/desk.ts'
import type { Tell } from './hands.ts'

export type PreparationStep = {
  key: string
  /** Shown while it is done. */
  vi: string
  /** Its part of the bar. */
  weight: number
  run: (tell: Tell) => Promise<void>
}
export type Measured = { step: string; seconds: number; cpuSeconds: number; databaseCpuSeconds?: number }

/** Answers with the steps that were still to be done. Throws where a step does; the next call goes on from there. */
export async function runSteps(desk: Desk, steps: readonly PreparationStep[], tell: Tell): Promise<Measured[]> {
  await desk.pool.query(
    'create table if not exists demo_step (step text primary key, done_at timestamptz not null default now())',
  )
  return alone(desk, async () => {
    const { rows } = await desk.pool.query<{ step: string }>('select step from demo_step')
    const done = new Set(rows.map(({ step }) => step))
    const whole = steps.reduce((sum, { weight }) => sum + weight, 0)
    const measured: Measured[] = []
    let before = 0
    for (const step of steps) {
      if (!done.has(step.key)) {
        const part = (fraction: number, detail?: string) =>
          tell((before + step.weight * Math.min(1, fraction)) / whole, detail ? `${step.vi}: ${detail}` : step.vi)
        part(0)
        const end = await openMeasure(desk)
        await step.run(part)
        await markDone(desk.db, step.key)
        measured.push({ step: step.key, ...(await end()) })
      }
      before += step.weight
    }
    return measured
  })
}
/** A step that writes everything in one transaction marks itself in it. */
export const markDone = (db: Db | Tx, step: string) =>
  sql`insert into demo_step (step) values (${step}) on conflict do nothing`.execute(db)

/** One preparation at a time, whichever process it runs in; the second finds everything done. */
async function alone<T>(desk: Desk, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: desk.databaseUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', ['demo'])
    return await work()
  } finally {
    await client.end()
  }
}

async function openMeasure(desk: Desk) {
  const begun = performance.now()
  const cpu = process.cpuUsage()
  const database = await databaseCpu(desk)
  return async () => {
    const { user, system } = process.cpuUsage(cpu)
    const databaseNow = await databaseCpu(desk)
    return {
      seconds: round((performance.now() - begun) / 1000),
      cpuSeconds: round((user + system) / 1_000_000),
      ...(database !== undefined && databaseNow !== undefined
        ? { databaseCpuSeconds: round(Math.max(0, databaseNow - database)) }
        : {}),
    }
  }
}
const round = (seconds: number) => Math.round(seconds * 100) / 100
const ticksPerSecond = 100

/** CPU seconds of PostgreSQL and all it has started, where it runs on this machine and the system tells. */
async function databaseCpu(desk: Desk): Promise<number | undefined> {
  try {
    const { rows } = await desk.pool.query<{ pid: number }>('select pg_backend_pid() as pid')
    const parent = statOf(rows[0]!.pid).parent
    const children = fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const stat = statOf(Number(name))
          return stat.parent === parent ? [stat.own] : []
        } catch {
          return []
        }
      })
    const { own, reaped } = statOf(parent)
    return (own + reaped + children.reduce((sum, ticks) => sum + ticks, 0)) / ticksPerSecond
  } catch {
    return undefined
  }
}
function statOf(pid: number) {
  const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {
    parent: Number(fields[1]),
    own: Number(fields[11]) + Number(fields[12]),
    reaped: Number(fields[13]) + Number(fields[14]),
  }
}
