// A verb of the command line: its words, its options, and what it does with the desk.
import type { ParseArgsConfig } from 'node:util'
import type { Actor } from '../../platform/rights.ts'
import type { Config } from '../../platform/server/config.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { type AnyServed, perform } from '../../platform/server/operate.ts'

export type Options = NonNullable<ParseArgsConfig['options']>
export type Values = Record<string, string | boolean | undefined>
export type Run = {
  desk: Desk
  config: Config
  actor: Actor
  now: Date
  values: Values
  positionals: readonly string[]
  /** Performs an operation with the server's own hands; the log says who. */
  perform: <Out = unknown>(served: AnyServed, input: unknown) => Promise<Out>
  /** Tells the boards of a running server what changed so far; it is done by itself at the end. */
  tellBoards: () => Promise<void>
}
export type Verb = {
  name: string
  /** After the name: «FILE --campaign C». */
  form: string
  help: string
  options: Options
} & (
  | {
      /** The answer, printed as JSON with --json and in words without. */
      run: (run: Run) => Promise<Answer>
    }
  | {
      /** For a verb that makes what the others stand on: no database is opened for it. */
      onGround: (it: OnGround) => Promise<Answer>
    }
)
export type OnGround = Pick<Run, 'config' | 'actor' | 'now' | 'values' | 'positionals'>
export type Answer = { json: unknown; words: string }

export const performer =
  (desk: Desk, actor: Actor, now: () => Date): Run['perform'] =>
  async <Out>(served: AnyServed, input: unknown) =>
    (await perform(desk, served, { actor, now: now(), input })) as Out
