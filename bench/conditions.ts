// How every bench speaks: the conditions it ran under, a table for people, a line of JSON per case for machines.
import os from 'node:os'

export type Case = { bench: string; case: string; pass: boolean; n: number } & Record<string, unknown>

/** Cores, load and versions: without them a number means nothing. */
export const conditions = (more: Record<string, string> = {}): string =>
  Object.entries({
    cores: String(os.availableParallelism()),
    load: os
      .loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
    node: process.version,
    ...more,
  })
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')

/** Prints the table, then the lines. `budget` is what the case is held against, in words. */
export function tell(rows: readonly { result: Case; budget: string }[], more: Record<string, string> = {}) {
  console.log(conditions(more))
  console.table(
    rows.map(({ result: { bench: _, case: name, pass, ...numbers }, budget }) => ({
      case: name,
      ...numbers,
      budget,
      pass: pass ? 'yes' : 'NO',
    })),
  )
  for (const { result } of rows) {
    const { bench, case: name, pass, n, ...numbers } = result
    console.log(JSON.stringify({ bench, case: name, pass, n, ...numbers }))
  }
  process.exitCode = rows.every(({ result }) => result.pass) ? 0 : 1
}
