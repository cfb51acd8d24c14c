// The words of the wire: runs anywhere, knows no I/O.
import { z } from 'zod'

export { day, id, moment, Page, paged, RatioShape, text, words } from './shapes.ts'

/** `read` changes nothing; `change` is one transaction and one line in the log; `hot` is written in shared batches; `file` answers with a file. */
export type OperationKind = 'read' | 'change' | 'hot' | 'file'

export type Operation<
  In extends z.ZodType = z.ZodType,
  Out extends z.ZodType = z.ZodType,
  Refusal extends string = string,
  Kind extends OperationKind = OperationKind,
> = { name: string; kind: Kind; input: In; output: Out; refusals: readonly Refusal[] }

type Wording<In, Out, Refusal> = { name: string; input: In; output: Out; refusals?: readonly Refusal[] }
const worded =
  <Kind extends OperationKind>(kind: Kind) =>
  <In extends z.ZodType, Out extends z.ZodType, const Refusal extends string = never>(
    it: Wording<In, Out, Refusal>,
  ): Operation<In, Out, Refusal, Kind> => ({ refusals: [], ...it, kind })

export const readOperation = worded('read')
export const changeOperation = worded('change')
export const hotOperation = worded('hot')
/** Answers with a file by GET, so that a plain link downloads it. */
export const fileOperation = <In extends z.ZodType, const Refusal extends string = never>(
  it: Omit<Wording<In, z.ZodType, Refusal>, 'output'>,
): Operation<In, z.ZodUnknown, Refusal, 'file'> => ({ refusals: [], ...it, output: z.unknown(), kind: 'file' })

export type Event<Body extends z.ZodType = z.ZodType> = { name: string; body: Body }
export const event = <Body extends z.ZodType>(it: Event<Body>): Event<Body> => it

/** A live snapshot: asked for by name and parameters, sent whole with a version. */
export type Topic<Params extends z.ZodType = z.ZodType, Snapshot extends z.ZodType = z.ZodType> = {
  name: string
  kind: 'topic'
  params: Params
  snapshot: Snapshot
}
export const topic = <Params extends z.ZodType, Snapshot extends z.ZodType>(
  it: Omit<Topic<Params, Snapshot>, 'kind'>,
): Topic<Params, Snapshot> => ({ ...it, kind: 'topic' })
/** One name for one snapshot: «attendance.tally?conferenceId=…», parameters in the order of their names. */
export const topicKey = (it: { name: string }, params: Record<string, string | undefined>): string =>
  `${it.name}?${Object.keys(params)
    .filter((name) => params[name] !== undefined)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(params[name]!)}`)
    .join('&')}`

/** What every operation may answer besides its own refusals. */
export const generalRefusals = [
  'signIn',
  'confirmFirst',
  'notYours',
  'notFound',
  'malformed',
  'tooMany',
  'busy',
  'broken',
] as const
export type GeneralRefusal = (typeof generalRefusals)[number]

export const pathOf = (it: { name: string }): string => `/api/${it.name.replaceAll('.', '/')}`
