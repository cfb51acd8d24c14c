// Every word of attendance said over the wire.
import { z } from 'zod'
import {
  changeOperation,
  event,
  fileOperation,
  hotOperation,
  id,
  moment,
  readOperation,
  text,
  topic,
  words,
} from '../../platform/contract.ts'
import { evidenceKinds } from '../campaigns/contract.ts'

/** Where the evidence comes from; the policy in force says which kinds count. */
export const Evidence = z.enum(evidenceKinds)
export type Evidence = z.output<typeof Evidence>
/** What a person says of herself; everything else is said of her by whoever keeps the door. */
export const ownEvidence: readonly Evidence[] = ['ownScan', 'ownTick', 'replay']

/** Every write of a console or a phone says who it is, when it was meant, and on which device. */
const claimed = {
  claimedAt: moment(),
  deviceId: id<'Device'>(),
  /** Server's clock minus the device's, as last measured by the device; milliseconds. */
  skewMs: z.int().min(-86_400_000).max(86_400_000).default(0),
  /** When the device last heard from the server: a claim cannot be older. */
  previousSyncAt: moment().optional(),
}

/** An arrival is a fact. The id is made where the person stands, so that a retry is harmless. */
export const Arrival = z
  .object({
    arrivalId: id<'Arrival'>(),
    checkpointId: id<'Checkpoint'>(),
    /** None for an own tick. */
    siteId: id<'Site'>().optional(),
    personId: id<'Person'>().optional(),
    /** Eight letters of a summons, or the whole text of its QR; instead of personId. */
    doorCode: z.string().max(80).optional(),
    evidence: Evidence,
    /** The spoken code of an own tick, or the hall's changing code: checked, never stored. */
    proof: z.string().max(20).optional(),
    ...claimed,
  })
  .refine((arrival) => (arrival.personId === undefined) !== (arrival.doorCode === undefined), 'personId or doorCode')
export type Arrival = z.output<typeof Arrival>

/** What the policy in force says of an arrival, with what the sentence needs. */
export const Judgement = z.discriminatedUnion('counts', [
  z.object({
    counts: z.literal(true),
    lateMinutes: z.int(),
    accepted: z.boolean(),
    otherHall: z.boolean(),
    unsummoned: z.boolean(),
  }),
  z.object({
    counts: z.literal(false),
    because: z.enum(['beforeOpening', 'afterClosing', 'evidenceNotTaken', 'otherHall']),
    minutes: z.int(),
  }),
])
export type Judgement = z.output<typeof Judgement>

export const Judged = z.object({
  arrivalId: id<'Arrival'>(),
  personId: id<'Person'>(),
  /** `same`: this very arrival was here already. `already`: she had been checked in before. `elsewhere`: at another hall; both are kept. */
  outcome: z.enum(['new', 'same', 'already', 'elsewhere']),
  judgement: Judgement,
  /** For the one who keeps the door: read aloud. */
  person: z.object({ name: z.string(), unit: z.string() }).optional(),
  before: z.object({ at: z.string(), siteId: id<'Site'>().optional(), siteName: z.string().optional() }).optional(),
})

export const checkIn = hotOperation({
  name: 'attendance.checkIn',
  input: Arrival,
  output: Judged,
  refusals: ['unknownPerson', 'otherConference', 'notYours', 'expired', 'wrongCode', 'tooManyTries', 'paperOnly'],
})
export const arrived = event({
  name: 'attendance.arrived',
  body: z.object({ arrivalIds: z.array(z.string()) }),
})

export const Checkpoint = z.object({
  checkpointId: id<'Checkpoint'>(),
  sessionId: id<'Session'>(),
  sessionCode: z.string(),
  code: z.string(),
  name: z.string(),
  opensAt: z.string(),
  at: z.string(),
  closesAt: z.string(),
  codeShownAt: z.string().optional(),
})
export const CheckpointForm = z.object({
  sessionCode: words(40),
  code: words(40),
  name: words(120),
  opensAt: moment(),
  at: moment(),
  closesAt: moment(),
})
/** Checkpoints are declared beforehand; declaring again replaces those nobody has arrived at. */
export const declareCheckpoints = changeOperation({
  name: 'attendance.declareCheckpoints',
  input: z.object({ conferenceId: id<'Conference'>(), checkpoints: z.array(CheckpointForm).max(60) }),
  output: z.object({ checkpoints: z.array(Checkpoint) }),
  refusals: ['conferenceClosed', 'unknownSession', 'outOfOrder', 'sameCode', 'hasArrivals'],
})
export const listCheckpoints = readOperation({
  name: 'attendance.listCheckpoints',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: z.object({
    checkpoints: z.array(Checkpoint),
    currentId: id<'Checkpoint'>().optional(),
    serverTime: z.string(),
  }),
})
/** The checkpoint's one code, spoken and shown for a minute; taken for ten. Showing it again opens the window again. */
export const showCode = changeOperation({
  name: 'attendance.showCode',
  input: z.object({ conferenceId: id<'Conference'>(), checkpointId: id<'Checkpoint'>() }),
  output: z.object({ code: z.string(), shownUntil: z.string(), takenUntil: z.string() }),
  refusals: ['notOpen', 'paperOnly'],
})

/** What the hall's screen shows: a link that a phone's own camera opens. It changes every 30 seconds and is good for two minutes. */
export const hallCode = readOperation({
  name: 'attendance.hallCode',
  input: z.object({ conferenceId: id<'Conference'>(), siteId: id<'Site'>() }),
  output: z.object({ code: z.string(), url: z.string(), changesAt: z.string(), serverTime: z.string() }),
  refusals: ['paperOnly', 'otherConference'],
})

const siteWrite = { clientId: id<'Write'>(), checkpointId: id<'Checkpoint'>(), siteId: id<'Site'>(), ...claimed }

/** «Có mặt cả, trừ …»: one sentence for a whole hall. `previous` starts from those who were in at the checkpoint before. */
export const confirmSite = changeOperation({
  name: 'attendance.confirmSite',
  input: z.object({
    ...siteWrite,
    base: z.enum(['roll', 'previous']),
    exceptPersonIds: z.array(id<'Person'>()).max(5_000),
  }),
  output: z.object({ added: z.int(), present: z.int() }),
  refusals: ['otherConference', 'notOpen', 'paperOnly'],
})
/** Taken down by mistake: the fact stays, withdrawn, and no longer stands. */
export const withdrawArrival = changeOperation({
  name: 'attendance.withdrawArrival',
  input: z.object({ checkpointId: id<'Checkpoint'>(), siteId: id<'Site'>(), personId: id<'Person'>() }),
  output: z.object({ withdrawn: z.int() }),
})
/** Which of two halls; the other evidence is kept, withdrawn. */
export const keepArrival = changeOperation({
  name: 'attendance.keepArrival',
  input: z.object({ siteId: id<'Site'>(), arrivalId: id<'Arrival'>() }),
  output: z.object({ withdrawn: z.int() }),
  refusals: ['unknownArrival'],
})
/** A late arrival counts when the hall's manager, or for an own device the cell's secretary, accepts it. */
export const acceptArrivals = changeOperation({
  name: 'attendance.acceptArrivals',
  input: z.object({
    siteId: id<'Site'>().optional(),
    unitId: id<'Unit'>().optional(),
    arrivalIds: z.array(id<'Arrival'>()).min(1).max(500),
  }),
  output: z.object({ accepted: z.int() }),
})

/**
 * Arrivals on own devices that came too early or too late to count by themselves, of a unit and all below it; they wait for its cell's
 * secretary. Without `named` only how many; names are one look.
 */
export const waitingArrivals = readOperation({
  name: 'attendance.waitingArrivals',
  input: z.object({
    campaignId: id<'Campaign'>(),
    unitId: id<'Unit'>(),
    named: z.boolean().default(false),
    why: text(200).default(''),
  }),
  output: z.object({
    total: z.int(),
    /** The oldest first, at most 500. */
    arrivals: z.array(
      z.object({
        arrivalId: z.string(),
        personId: z.string(),
        name: z.string(),
        unit: z.string(),
        conference: z.string(),
        checkpoint: z.string(),
        at: z.string(),
        /** After the checkpoint's hour; negative before it. */
        lateMinutes: z.int(),
      }),
    ),
    abilities: z.array(z.string()),
  }),
  refusals: ['aboveNames'],
})

export const Headcount = z.object({
  present: z.int().min(0).max(100_000),
  absentExcused: z.int().min(0).max(100_000),
  absentUnexcused: z.int().min(0).max(100_000),
  guests: z.int().min(0).max(100_000),
})
/** Four typed numbers. If present and the two kinds of absence do not make the summoned, the console asks why and sends it along. */
export const reportHeadcount = changeOperation({
  name: 'attendance.reportHeadcount',
  input: Headcount.extend({ ...siteWrite, why: text(500).default('') }),
  output: z.object({ summoned: z.int(), roll: z.int(), adds: z.boolean(), receivedAt: z.string() }),
  refusals: ['doesNotAddUp', 'otherConference'],
})

export const interruptionCauses = ['line', 'power', 'sound', 'picture', 'other'] as const
/** Minutes a site lost: never absence; offered as replay. */
export const recordInterruption = changeOperation({
  name: 'attendance.recordInterruption',
  input: z.object({
    interruptionId: id<'Interruption'>(),
    conferenceId: id<'Conference'>(),
    siteId: id<'Site'>(),
    fromAt: moment(),
    toAt: moment().optional(),
    cause: z.enum(interruptionCauses),
  }),
  output: z.object({ minutes: z.int().optional() }),
  refusals: ['outOfOrder', 'otherConference'],
})

export const RollLine = z.object({
  personId: id<'Person'>(),
  name: z.string(),
  /** To tell namesakes apart. */
  birthYear: z.int().optional(),
  unit: z.string(),
  doorCode: z.string(),
  origin: z.string(),
  excuse: z.string().optional(),
})
/** A hall's roll, for its manager and stewards from ten days before to seven days after: one look. */
export const siteRoll = readOperation({
  name: 'attendance.siteRoll',
  input: z.object({ conferenceId: id<'Conference'>(), siteId: id<'Site'>() }),
  output: z.object({
    site: z.object({ siteId: id<'Site'>(), code: z.string(), name: z.string(), unit: z.string(), seats: z.int() }),
    conference: z.object({ code: z.string(), name: z.string(), state: z.string() }),
    roll: z.array(RollLine),
  }),
  refusals: ['tooEarly', 'tooLate', 'paperOnly'],
})
/** Someone not on this hall's roll: by the code on her summons or her number. An act of attendance, not a look. */
export const findAtDoor = readOperation({
  name: 'attendance.findAtDoor',
  input: z.object({ conferenceId: id<'Conference'>(), siteId: id<'Site'>(), code: words(80) }),
  output: z.object({
    personId: id<'Person'>(),
    name: z.string(),
    unit: z.string(),
    summonedTo: z.string().optional(),
    inScope: z.boolean(),
  }),
  refusals: ['unknownPerson', 'otherConference'],
})
/** The sites of mine that have a conference now: the console's first page. */
export const mySites = readOperation({
  name: 'attendance.mySites',
  input: z.object({}),
  output: z.object({
    sites: z.array(
      z.object({
        siteId: id<'Site'>(),
        siteName: z.string(),
        conferenceId: id<'Conference'>(),
        conferenceName: z.string(),
        state: z.string(),
        startsAt: z.string().optional(),
        summoned: z.int(),
      }),
    ),
  }),
})

export const SiteBoard = z.object({
  summoned: z.int(),
  checkpoints: z.array(
    Checkpoint.extend({
      present: z.int(),
      headcount: Headcount.extend({ summoned: z.int(), why: z.string(), at: z.string() }).optional(),
    }),
  ),
  /** Who stands where, by id only: [personId, checkpointId, at, evidence, late minutes or -1 when not counted yet]. */
  arrivals: z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.int()])),
  /** Kept but not counted: too late or too early, until the keeper accepts them. */
  waiting: z.array(z.object({ arrivalId: z.string(), personId: z.string(), checkpointId: z.string(), at: z.string() })),
  /** Also seen at another hall at the same checkpoint: both kept, and asked about. */
  doubts: z.array(
    z.object({
      personId: z.string(),
      checkpointId: z.string(),
      arrivalId: z.string(),
      otherArrivalId: z.string(),
      otherSite: z.string(),
      otherAt: z.string(),
    }),
  ),
  interruptions: z.array(
    z.object({ interruptionId: z.string(), fromAt: z.string(), toAt: z.string().optional(), cause: z.string() }),
  ),
})
/** One hall, live: its console. */
export const site = topic({
  name: 'attendance.site',
  params: z.object({ conferenceId: id<'Conference'>(), siteId: id<'Site'>() }),
  snapshot: SiteBoard,
})

const Heads = { summoned: z.int(), present: z.int() }
export const Tally = z.object({
  checkpoint: Checkpoint.optional(),
  totals: z.object({ ...Heads, onDevices: z.int(), sites: z.int(), headcounts: z.int(), counted: z.int() }),
  /** By site: whoever stands in that hall, whatever her own unit. */
  sites: z.array(
    z.object({
      siteId: z.string(),
      code: z.string(),
      name: z.string(),
      parentSiteId: z.string().optional(),
      unitId: z.string(),
      seats: z.int(),
      ...Heads,
      headcount: z.int().optional(),
      interrupted: z.boolean(),
    }),
  ),
  at: z.string(),
})
/** The board of a conference by site, at its current checkpoint or a named one. */
export const tally = topic({
  name: 'attendance.tally',
  params: z.object({ conferenceId: id<'Conference'>(), checkpointId: id<'Checkpoint'>().optional() }),
  snapshot: Tally,
})
/** The same count by unit: the children of a unit, with an own row for what hangs on the unit itself. */
export const tallyByUnit = topic({
  name: 'attendance.tallyByUnit',
  params: z.object({
    conferenceId: id<'Conference'>(),
    unitId: id<'Unit'>(),
    checkpointId: id<'Checkpoint'>().optional(),
  }),
  snapshot: z.object({
    unit: z.object({
      unitId: z.string(),
      name: z.string(),
      path: z.array(z.object({ unitId: z.string(), name: z.string() })),
    }),
    rows: z.array(
      z.object({
        unitId: z.string(),
        code: z.string(),
        name: z.string(),
        own: z.boolean(),
        children: z.int(),
        ...Heads,
      }),
    ),
    totals: z.object(Heads),
    at: z.string(),
  }),
})

/** What a member sees of herself at a conference; her own page. */
export const myPresence = readOperation({
  name: 'attendance.myPresence',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: z.object({
    checkpoints: z.array(
      Checkpoint.extend({
        arrival: z
          .object({ at: z.string(), evidence: Evidence, siteName: z.string().optional(), judgement: Judgement })
          .optional(),
        /** The code may be typed now. */
        open: z.boolean(),
      }),
    ),
    serverTime: z.string(),
  }),
})
/** A printed roll of a hall at a checkpoint, to sign on paper. */
export const rollSheet = fileOperation({
  name: 'attendance.rollSheet',
  input: z.object({ checkpointId: id<'Checkpoint'>(), siteId: id<'Site'>() }),
  refusals: ['tooEarly', 'tooLate'],
})
