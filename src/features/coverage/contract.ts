// The ledger: everyone in scope has exactly one state; nobody is unaccounted for.
import { z } from 'zod'
import { id, Page, readOperation, text, topic } from '../../platform/contract.ts'

/** In this order the first that holds is a person's state. */
export const states = ['studiedAtSite', 'studiedOnDevice', 'madeUp', 'booked', 'notYet'] as const
export type State = (typeof states)[number]
/** Why not yet: the first that holds. */
export const reasons = ['awaiting', 'partly', 'excused', 'absent', 'noContact', 'neverSummoned'] as const
export type Reason = (typeof reasons)[number]

/** Persons of a unit and all below it; every number is a count, never a share. */
export const LedgerCount = z.object({
  members: z.int(),
  exempt: z.int(),
  inScope: z.int(),
  summoned: z.int(),
  studiedAtSite: z.int(),
  studiedOnDevice: z.int(),
  madeUp: z.int(),
  booked: z.int(),
  notYet: z.int(),
  reasons: z.object({
    awaiting: z.int(),
    partly: z.int(),
    excused: z.int(),
    absent: z.int(),
    noContact: z.int(),
    neverSummoned: z.int(),
  }),
})
export type LedgerCount = z.output<typeof LedgerCount>

export const LedgerRow = LedgerCount.extend({
  unitId: z.string(),
  code: z.string(),
  name: z.string(),
  /** What hangs on the unit itself, not on a unit below. */
  own: z.boolean(),
  children: z.int(),
  /** Here names may be opened, by those who may see them. */
  keepsNames: z.boolean(),
})
export const Ledger = z.object({
  campaign: z.object({ campaignId: z.string(), code: z.string(), name: z.string() }),
  path: z.array(z.object({ unitId: z.string(), code: z.string(), name: z.string() })),
  unit: LedgerRow,
  rows: z.array(LedgerRow),
  at: z.string(),
})
const where = z.object({ campaignId: id<'Campaign'>(), unitId: id<'Unit'>().optional() })

/** The ledger of a unit: its own row, a row for each unit below. */
export const ledger = readOperation({
  name: 'coverage.ledger',
  input: where,
  output: Ledger,
  refusals: ['scopeNotFixed'],
})
/** The same, live: read again while people arrive. */
export const liveLedger = topic({ name: 'coverage.liveLedger', params: where, snapshot: Ledger })

export const offers = ['offered', 'undeliverable', 'accepted', 'declined'] as const
export const HerSummons = z.object({
  summonsId: z.string(),
  conferenceId: z.string(),
  conferenceName: z.string(),
  makeup: z.boolean(),
  closed: z.boolean(),
  startsAt: z.string().optional(),
  /** None: on her own device, or a room that is in no register. */
  siteName: z.string().optional(),
  excuse: z.string().optional(),
  undeliverable: z.boolean(),
})
export const stateFilters = [...states, 'inScope', 'exempt', 'summoned', 'studied', 'covered', 'left'] as const
/** The persons behind a number of one unit that keeps names: one look. Above it, `ledger` opens the units below. */
export const peopleBehind = readOperation({
  name: 'coverage.peopleBehind',
  input: Page.extend({
    campaignId: id<'Campaign'>(),
    unitId: id<'Unit'>(),
    filter: z.enum(stateFilters),
    reason: z.enum(reasons).optional(),
    search: text(100).default(''),
    /** Only those who hang on the unit itself, not on a unit below. */
    own: z.boolean().default(false),
    /** One of them, read again after something was done for her. */
    personId: id<'Person'>().optional(),
    /** Why the reader looks; shown to each person named. */
    why: text(200).default(''),
  }),
  output: z.object({
    rows: z.array(
      z.object({
        personId: z.string(),
        code: z.string(),
        name: z.string(),
        unit: z.string(),
        position: z.string(),
        state: z.enum(states).or(z.literal('exempt')),
        reason: z.enum(reasons).optional(),
        /** Her summonses in force, bookings of make-ups among them. */
        summonses: z.array(HerSummons),
        /** What came of the offer to make up, if one was made. */
        offer: z.enum(offers).optional(),
        /** Conferences she may still be registered for, to join on her own device. */
        mayRegister: z.array(z.object({ conferenceId: z.string(), name: z.string() })),
      }),
    ),
    total: z.int(),
    page: z.int(),
    size: z.int(),
  }),
  refusals: ['scopeNotFixed', 'aboveNames'],
})
/** A member's own line in the ledger. */
export const myState = readOperation({
  name: 'coverage.myState',
  input: z.object({ campaignId: id<'Campaign'>() }),
  output: z.object({
    state: z.enum(states).or(z.literal('exempt')).or(z.literal('outside')),
    reason: z.enum(reasons).optional(),
  }),
})
