// Figures with their base, frozen in versions; declared totals apart; the papers made of them.
import { z } from 'zod'
import { changeOperation, fileOperation, id, RatioShape, readOperation, words } from '../../platform/contract.ts'

/** Biểu 1's figures of one unit. A in scope, B summoned, C attended, D made up, E covered = C + D, left = A − E. Integers; ratios are printed, never stored. */
const figures = {
  unit: z.object({ code: z.string(), name: z.string(), unitId: z.string(), own: z.boolean().optional() }),
  members: z.int(),
  exempt: z.int(),
  inScope: z.int(),
  summoned: z.int(),
  sites: z.int(),
  attended: z.int(),
  attendedAtSites: z.int(),
  attendedOnDevices: z.int(),
  makeupSessions: z.int(),
  madeUp: z.int(),
  covered: z.int(),
  booked: z.int(),
  left: z.int(),
  /** Not yet, by the first reason that holds; with booked they make `left`. */
  reasons: z.object({
    awaiting: z.int(),
    partly: z.int(),
    excused: z.int(),
    absent: z.int(),
    noContact: z.int(),
    neverSummoned: z.int(),
  }),
  ratios: z.object({ attendedOfSummoned: RatioShape, attendedOfInScope: RatioShape, coveredOfInScope: RatioShape }),
}
export const Figures = z.object(figures)
export type Figures = z.output<typeof Figures>
export const FigureSheet = z.object({
  campaign: z.string(),
  ...figures,
  asOf: z.string(),
  version: z.int().nullable(),
  /** The own row first, then each child in the order of codes; one level deep. */
  children: z.array(Figures),
})
export type FigureSheet = z.output<typeof FigureSheet>

const where = z.object({
  campaignId: id<'Campaign'>(),
  unitId: id<'Unit'>().optional(),
  version: z.int().min(1).optional(),
})

/** Live figures, or those of a frozen version. */
export const getFigures = readOperation({
  name: 'reports.figures',
  input: where,
  output: FigureSheet,
  refusals: ['scopeNotFixed', 'unknownVersion'],
})

export const Version = z.object({
  version: z.int(),
  note: z.string(),
  by: z.string(),
  at: z.string(),
  inScope: z.int(),
  covered: z.int(),
  left: z.int(),
})
/** The sheet as it stands: its versions, the checks, what has moved since the last one. */
export const getReport = readOperation({
  name: 'reports.report',
  input: where,
  output: z.object({
    sheet: FigureSheet,
    path: z.array(z.object({ unitId: z.string(), name: z.string() })),
    /** As the head of the paper prints it. */
    heading: z.object({
      superior: z.string().optional(),
      issuing: z.string(),
      place: z.string(),
      title: z.array(z.string()),
    }),
    /** Study conferences whose summary can be printed. */
    conferences: z.array(z.object({ conferenceId: z.string(), name: z.string() })),
    versions: z.array(Version),
    /** Figures of the whole campaign that differ from the last version. */
    moved: z.int(),
    checks: z.array(
      z.object({
        check: z.enum(['rowsAddUp', 'attendedWithinSummoned', 'leftAccounted', 'ratiosFromCounts']),
        holds: z.boolean(),
        where: z.string().optional(),
      }),
    ),
    rollMoved: z.object({ joined: z.int(), gone: z.int() }),
    declared: z.array(
      z.object({
        declaredId: z.string(),
        unit: z.string(),
        what: z.string(),
        count: z.int(),
        countKind: z.string(),
        source: z.string(),
        by: z.string(),
        at: z.string(),
      }),
    ),
    abilities: z.array(z.string()),
  }),
  refusals: ['scopeNotFixed', 'unknownVersion'],
})
/** Stores figures, unit paths and the ids behind each number as the next version. Refused when a sum does not hold. */
export const freeze = changeOperation({
  name: 'reports.freeze',
  input: z.object({ campaignId: id<'Campaign'>(), note: words(500) }),
  output: z.object({ version: z.int(), at: z.string(), persons: z.int() }),
  refusals: ['scopeNotFixed', 'sumBroken'],
})

export const countKinds = ['persons', 'attendances', 'events', 'items'] as const
/** A total typed by a unit that has no persons here: shown apart, «đơn vị tự khai», never mixed into the ledger. */
export const declareTotal = changeOperation({
  name: 'reports.declareTotal',
  input: z.object({
    campaignId: id<'Campaign'>(),
    unitId: id<'Unit'>(),
    what: words(200),
    count: z.int().min(0).max(100_000_000),
    countKind: z.enum(countKinds),
    source: words(300),
  }),
  output: z.object({ declaredId: z.string() }),
})
export const removeDeclared = changeOperation({
  name: 'reports.removeDeclared',
  input: z.object({ unitId: id<'Unit'>(), declaredId: id<'Declared'>() }),
  output: z.object({ removed: z.int() }),
})

export const forms = ['bieu-1', 'tom-tat'] as const
export const formats = ['docx', 'xlsx', 'pdf'] as const
/** A paper of a unit. With a version (the last, when there is one) it is made once and kept with its hash; without any it is a draft. */
export const paper = fileOperation({
  name: 'reports.paper',
  input: where.extend({
    form: z.enum(forms),
    format: z.enum(formats),
    conferenceId: id<'Conference'>().optional(),
    draft: z.boolean().default(false),
  }),
  refusals: ['scopeNotFixed', 'unknownVersion', 'unknownConference'],
})
