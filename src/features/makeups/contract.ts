// Make-ups: who is left is offered another day. A make-up is a conference of purpose «makeup»; a booking is a summons to it.
import { z } from 'zod'
import { changeOperation, day, id, Page, paged, readOperation, text, words } from '../../platform/contract.ts'
import { reasons } from '../coverage/contract.ts'

export const Reason = z.enum(reasons)
const Named = z.object({ unitId: z.string(), code: z.string(), name: z.string() })

const ReasonCounts = z.object({
  awaiting: z.int(),
  partly: z.int(),
  excused: z.int(),
  absent: z.int(),
  noContact: z.int(),
  neverSummoned: z.int(),
})
/** One session as it might be held: neighbouring units together, as many as its hall has seats. */
export const Proposal = z.object({
  /** The unit that would hold it: the one unit, or the one above its neighbours. */
  holder: Named,
  units: z.array(Named.extend({ people: z.int() })),
  people: z.int(),
  site: z.object({ siteId: z.string(), name: z.string(), seats: z.int() }).optional(),
  seats: z.int(),
})
export type Proposal = z.output<typeof Proposal>

/** Who is left in a unit, by the units below and by reason, and what sessions would hold them. Counts only. */
export const planMakeup = readOperation({
  name: 'makeups.plan',
  input: z.object({
    campaignId: id<'Campaign'>(),
    unitId: id<'Unit'>().optional(),
    reasons: z
      .array(Reason)
      .min(1)
      .default([...reasons]),
    /** How many a session takes where no hall of the register serves. */
    seatsWithoutSite: z.int().min(5).max(2_000).default(60),
  }),
  output: z.object({
    campaign: z.object({ campaignId: z.string(), code: z.string(), name: z.string() }),
    unit: Named,
    path: z.array(Named),
    inScope: z.int(),
    /** A − E: those booked and those not yet. */
    left: z.int(),
    booked: z.int(),
    notYet: z.int(),
    reasons: ReasonCounts,
    rows: z.array(
      Named.extend({
        own: z.boolean(),
        children: z.int(),
        left: z.int(),
        booked: z.int(),
        notYet: z.int(),
        reasons: ReasonCounts,
      }),
    ),
    sites: z.array(
      z.object({ siteId: z.string(), code: z.string(), name: z.string(), unitName: z.string(), seats: z.int() }),
    ),
    /** The largest first; `more` sessions beyond the list. */
    proposals: z.array(Proposal),
    more: z.int(),
    abilities: z.array(z.string()),
  }),
  refusals: ['scopeNotFixed'],
})

const code = () => words(40).pipe(z.string().regex(/^[\p{L}\p{N}._-]+$/u, 'letters, digits, dot, dash, underscore'))
const clock = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')

/** One buổi with its checkpoints, open for booking at once; also after the cut-off of plans. */
export const createMakeup = changeOperation({
  name: 'makeups.create',
  input: z.object({
    makeupId: id<'Conference'>().optional(),
    campaignId: id<'Campaign'>(),
    /** The unit that holds it. */
    unitId: id<'Unit'>(),
    /** Without one, the next free «HB-<mã đơn vị>-<n>». */
    code: code().optional(),
    name: text(300).default(''),
    day: day(),
    from: clock(),
    to: clock(),
    /** Halls of the unit or below; none: a room of `seats` that is in no register. */
    siteIds: z.array(id<'Site'>()).max(50).default([]),
    seats: z.int().min(1).max(100_000).default(60),
    /** Spread over the buổi: the first at its beginning. */
    checkpoints: z.int().min(1).max(4).default(1),
  }),
  output: z.object({
    makeupId: z.string(),
    code: z.string(),
    sessionId: z.string(),
    checkpointIds: z.array(z.string()),
    seats: z.int(),
  }),
  refusals: [
    'scopeNotFixed',
    'codeTaken',
    'unknownUnit',
    'outsideScope',
    'endsFirst',
    'unknownSite',
    'outsideConference',
    'siteClosed',
  ],
})

/** Everybody left in the units named, for the reasons named, up to the free seats; or the persons named. Nobody who has studied, nobody twice. */
export const bookMakeup = changeOperation({
  name: 'makeups.book',
  input: z.object({
    makeupId: id<'Conference'>(),
    unitIds: z.array(id<'Unit'>()).max(200).default([]),
    reasons: z
      .array(Reason)
      .min(1)
      .default([...reasons]),
    personIds: z.array(id<'Person'>()).max(5_000).default([]),
    /** The unit whose people these are, when only persons are named. */
    unitId: id<'Unit'>().optional(),
  }),
  output: z.object({
    booked: z.int(),
    /** Left over: no seat was free. */
    withoutSeat: z.int(),
    /** Named, and not booked: studied or booked already, or not in scope. */
    passedOver: z.int(),
    seats: z.int(),
    taken: z.int(),
  }),
  refusals: ['closed', 'paperOnly', 'nobodyNamed', 'unknownUnit', 'notYourUnit'],
})
/** Takes bookings back: of the units named or of the persons named. Whoever has come stays. */
export const unbookMakeup = changeOperation({
  name: 'makeups.unbook',
  input: z.object({
    makeupId: id<'Conference'>(),
    unitIds: z.array(id<'Unit'>()).max(200).default([]),
    personIds: z.array(id<'Person'>()).max(5_000).default([]),
    unitId: id<'Unit'>().optional(),
  }),
  output: z.object({ unbooked: z.int(), present: z.int() }),
  refusals: ['closed', 'nobodyNamed', 'unknownUnit', 'notYourUnit'],
})

export const makeupStates = ['draft', 'approved', 'open', 'live', 'closed'] as const
export const MakeupLine = z.object({
  makeupId: z.string(),
  code: z.string(),
  name: z.string(),
  unit: Named,
  state: z.enum(makeupStates),
  startsAt: z.string(),
  endsAt: z.string(),
  sites: z.array(z.object({ siteId: z.string(), name: z.string(), seats: z.int() })),
  seats: z.int(),
  booked: z.int(),
  /** Judged present, each once. */
  present: z.int(),
})
export const listMakeups = readOperation({
  name: 'makeups.list',
  input: Page.extend({
    campaignId: id<'Campaign'>(),
    unitId: id<'Unit'>().optional(),
    which: z.enum(['all', 'coming', 'closed']).default('all'),
    find: text(100).default(''),
  }),
  output: paged(MakeupLine).extend({
    /** Over all pages. */
    totals: z.object({ makeups: z.int(), closed: z.int(), booked: z.int(), present: z.int() }),
  }),
  refusals: ['scopeNotFixed'],
})
/** Make-ups still to come where a unit's people may be booked: its own and those of the units above and below it. */
export const openMakeups = readOperation({
  name: 'makeups.openFor',
  input: z.object({ campaignId: id<'Campaign'>(), unitId: id<'Unit'>() }),
  output: z.object({
    makeups: z.array(
      z.object({
        makeupId: z.string(),
        name: z.string(),
        unitName: z.string(),
        startsAt: z.string(),
        endsAt: z.string(),
        places: z.array(z.string()),
        free: z.int(),
        /** Of this unit's people. */
        booked: z.int(),
      }),
    ),
    abilities: z.array(z.string()),
  }),
})
/** One make-up: its checkpoints, and who comes from where. Counts only. */
export const getMakeup = readOperation({
  name: 'makeups.get',
  input: z.object({ makeupId: id<'Conference'>() }),
  output: MakeupLine.extend({
    campaignId: z.string(),
    checkpoints: z.array(z.object({ checkpointId: z.string(), code: z.string(), name: z.string(), at: z.string() })),
    units: z.array(Named.extend({ booked: z.int(), present: z.int() })),
    abilities: z.array(z.string()),
  }),
})
/** Names of those booked, as far as the reader may see them: one look. `hidden` are those of other units. */
export const roster = readOperation({
  name: 'makeups.roster',
  input: Page.extend({ makeupId: id<'Conference'>(), find: text(100).default(''), why: text(200).default('') }),
  output: paged(
    z.object({
      personId: z.string(),
      code: z.string(),
      name: z.string(),
      unit: z.string(),
      site: z.string().optional(),
      /** Of the checkpoints she has been at. */
      checkpointIds: z.array(z.string()),
      undeliverable: z.boolean(),
    }),
  ).extend({ hidden: z.int() }),
})
/** Attendance by list, as on a sheet of paper: said of a checkpoint, at its own hour. An arrival books whoever was not. */
export const takeRoll = changeOperation({
  name: 'makeups.takeRoll',
  input: z.object({
    makeupId: id<'Conference'>(),
    checkpointId: id<'Checkpoint'>(),
    /** «Có mặt cả, trừ …»: everybody booked but the absent named. */
    everyone: z.boolean().default(false),
    presentIds: z.array(id<'Person'>()).max(5_000).default([]),
    absentIds: z.array(id<'Person'>()).max(5_000).default([]),
  }),
  output: z.object({ added: z.int(), takenBack: z.int(), present: z.int() }),
  refusals: ['otherConference', 'paperOnly', 'notYet', 'unknownPerson'],
})
/** What came of an offer to make up. `undeliverable` counts in the ledger as no contact. */
export const recordOffer = changeOperation({
  name: 'makeups.recordOffer',
  input: z.object({
    campaignId: id<'Campaign'>(),
    /** The persons' own unit, or one above it that keeps names. */
    unitId: id<'Unit'>(),
    personIds: z.array(id<'Person'>()).min(1).max(500),
    outcome: z.enum(['offered', 'undeliverable', 'accepted', 'declined']),
  }),
  output: z.object({ recorded: z.int() }),
  refusals: ['unknownPerson', 'aboveNames'],
})
export const closeMakeup = changeOperation({
  name: 'makeups.close',
  input: z.object({ makeupId: id<'Conference'>() }),
  output: z.object({ booked: z.int(), present: z.int() }),
  refusals: ['closed', 'notYet'],
})
