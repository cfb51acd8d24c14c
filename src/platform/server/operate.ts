// An operation, served: guard, one transaction, one line in the log, answer. The wire and the command line go through the same door.
import type { z } from 'zod'
import type { GeneralRefusal, Operation, OperationKind } from '../contract.ts'
import { type Actor, judge, type Needs } from '../rights.ts'
import { type Db, transact } from './db.ts'
import { type Desk, placeAt } from './desk.ts'
import { recordChange } from './record.ts'

export class Refused extends Error {
  readonly because: string
  /** Numbers and codes that the sentence on screen needs; never personal data. */
  readonly detail: Record<string, unknown> | undefined
  constructor(because: string, detail?: Record<string, unknown>) {
    super(because)
    this.because = because
    this.detail = detail
  }
}
/** A refusal is a word of the contract: `refuse(contract.fixScope, 'alreadyFixed')`. */
export function refuse<const R extends string>(
  _operation: { refusals: readonly R[] },
  because: R | GeneralRefusal,
  detail?: Record<string, unknown>,
): never {
  throw new Refused(because, detail)
}

export type Call<In> = {
  /** A `change` gets its transaction here; a `read` the pool. */
  db: Db
  desk: Desk
  actor: Actor
  now: Date
  input: In
  /** Runs once the transaction is durable: marking live topics stale, waking a worker. */
  after: (then: () => void) => void
  /** Only what signs people in looks here: the address asked from, its headers, and cookies to send back. None without a browser. */
  wire?: Wire | undefined
  /** More for the log than the ids in the input: what a change was about. Ids and words, no names of persons. */
  note: (about: Record<string, unknown>) => void
}
/** What a browser sent along, and what it gets back beside the answer. */
export type Wire = {
  address: string
  headers: Headers
  secure: boolean
  /** A whole `Set-Cookie` line. */
  setCookie: (line: string) => void
}
export type FileAnswer = { name: string; type: string; body: Uint8Array | NodeJS.ReadableStream }
type Answer<Kind extends OperationKind, Out extends z.ZodType> = Kind extends 'file' ? FileAnswer : z.input<Out>

export type Served<
  In extends z.ZodType = z.ZodType,
  Out extends z.ZodType = z.ZodType,
  Kind extends OperationKind = OperationKind,
> = {
  it: Operation<In, Out, string, Kind>
  needs: Needs<z.output<In>>
  answer: (call: Call<z.output<In>>) => Promise<Answer<Kind, Out>>
}
/** Any served operation, in a list. */
// biome-ignore lint/suspicious/noExplicitAny: a list of operations has no one type of input
export type AnyServed = Served<any, any, any>

export const answer = <In extends z.ZodType, Out extends z.ZodType, R extends string, Kind extends OperationKind>(
  it: Operation<In, Out, R, Kind>,
  needs: Needs<z.output<In>>,
  run: (call: Call<z.output<In>>) => Promise<Answer<Kind, Out>>,
): Served<In, Out, Kind> => ({ it, needs, answer: run })

/** Performs an operation with an input that is still to be parsed; throws `Refused` in the contract's words. */
export async function perform<In extends z.ZodType, Out extends z.ZodType, Kind extends OperationKind>(
  desk: Desk,
  { it, needs, answer: run }: Served<In, Out, Kind>,
  { actor, now, input: raw, wire }: { actor: Actor; now: Date; input: unknown; wire?: Wire | undefined },
): Promise<Answer<Kind, Out>> {
  const parsed = it.input.safeParse(raw)
  if (!parsed.success)
    throw new Refused('malformed', {
      issues: parsed.error.issues.slice(0, 5).map(({ path, code, message }) => ({ path, code, message })),
    })
  const input = parsed.data
  const verdict = await judge(actor, needs, input, placeAt(desk, desk.db))
  if (verdict !== 'yes') throw new Refused(verdict)
  const afterwards: (() => void)[] = []
  const about: Record<string, unknown> = {}
  const call = (db: Db): Call<z.output<In>> => ({
    db,
    desk,
    actor,
    now,
    input,
    wire,
    after: (then) => afterwards.push(then),
    note: (more) => Object.assign(about, more),
  })
  const given =
    it.kind === 'change'
      ? await transact(desk.db, async (tx) => {
          const answered = await run(call(tx))
          await recordChange(tx, { actor, operation: it.name, about: { ...idsIn(input), ...about }, at: now })
          return answered
        })
      : await run(call(desk.db))
  for (const then of afterwards) then()
  return given
}

/** The log keeps ids only: every id at the top of the input, under its own name. */
function idsIn(input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null) return {}
  return Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) =>
        /(Id|Code|code|kind|state)$/.test(name) && ['string', 'number', 'boolean'].includes(typeof value),
    ),
  )
}
