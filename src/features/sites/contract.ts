// Every word of sites, seating and summons said over the wire.
import { z } from 'zod'
import { changeOperation, fileOperation, id, Page, paged, readOperation, text, words } from '../../platform/contract.ts'

/*
 * The QR on a summons reads «DC1.<conference>.<CODE>»: the version of the format, the last twelve hexadecimal digits of the conference's
 * id, and the eight letters printed under it. All in capitals, so that the QR stays small. It names a person and a conference to a
 * console; it signs nobody in.
 */

export const siteKinds = ['hall', 'viewing'] as const
export const SiteKind = z.enum(siteKinds)
export type SiteKind = z.output<typeof SiteKind>
export const equipmentStates = ['ready', 'faulty', 'missing'] as const
export const Equipment = z.object({ name: words(120), state: z.enum(equipmentStates), note: text(300).default('') })
export type Equipment = z.output<typeof Equipment>
const seats = () => z.int().min(1).max(100_000)

export const SiteLine = z.object({
  siteId: z.string(),
  code: z.string(),
  name: z.string(),
  kind: SiteKind,
  seats: z.int(),
  unitId: z.string(),
  unitCode: z.string(),
  unitName: z.string(),
  parentSiteId: z.string().optional(),
  parentSiteName: z.string().optional(),
  equipment: z.object({ ready: z.int(), of: z.int() }),
  closedOn: z.string().optional(),
})
export type SiteLine = z.output<typeof SiteLine>

/** The register: every site of a unit and of all below it. */
export const listSites = readOperation({
  name: 'sites.listSites',
  input: Page.extend({
    unitId: id<'Unit'>(),
    search: text(100).default(''),
    kind: SiteKind.optional(),
    closed: z.boolean().default(false),
    sort: z.enum(['code', 'name', 'seats']).default('code'),
    downwards: z.boolean().default(false),
  }),
  output: paged(SiteLine).extend({ seats: z.int(), abilities: z.array(z.string()) }),
})
export const site = readOperation({
  name: 'sites.site',
  input: z.object({ siteId: id<'Site'>() }),
  output: SiteLine.extend({
    address: z.string(),
    contactName: z.string(),
    contactPhone: z.string(),
    unitTrail: z.array(z.object({ unitId: z.string(), name: z.string() })),
    equipmentList: z.array(Equipment),
    childSites: z.array(z.object({ siteId: z.string(), code: z.string(), name: z.string(), seats: z.int() })),
    conferences: z.array(
      z.object({
        conferenceId: z.string(),
        campaignId: z.string(),
        name: z.string(),
        state: z.string(),
        startsAt: z.string().optional(),
        seats: z.int(),
        summoned: z.int(),
        readyAt: z.string().optional(),
        readyNote: z.string(),
      }),
    ),
    abilities: z.array(z.string()),
  }),
})
const place = {
  name: words(200),
  kind: SiteKind.default('hall'),
  seats: seats(),
  parentSiteId: id<'Site'>().optional(),
  address: text(300).default(''),
  contactName: text(120).default(''),
  contactPhone: text(30).default(''),
}
export const addSite = changeOperation({
  name: 'sites.addSite',
  input: z.object({
    siteId: id<'Site'>().optional(),
    unitId: id<'Unit'>(),
    code: words(60),
    ...place,
    /** Attached to this conference at once; a unit below may, until the campaign's cut-off. */
    conferenceId: id<'Conference'>().optional(),
  }),
  output: z.object({ siteId: z.string() }),
  refusals: [
    'codeTaken',
    'unknownUnit',
    'unknownParentSite',
    'cutOffPassed',
    'outsideConference',
    'paperOnly',
    'conferenceClosed',
  ],
})
export const changeSite = changeOperation({
  name: 'sites.changeSite',
  input: z.object({
    siteId: id<'Site'>(),
    name: words(200).optional(),
    kind: SiteKind.optional(),
    seats: seats().optional(),
    parentSiteId: id<'Site'>().nullable().optional(),
    address: text(300).optional(),
  }),
  output: z.object({ siteId: z.string() }),
  refusals: ['unknownParentSite', 'siteOwnAncestor', 'seatsTaken'],
})
export const setContact = changeOperation({
  name: 'sites.setContact',
  input: z.object({ siteId: id<'Site'>(), contactName: text(120), contactPhone: text(30) }),
  output: z.object({ siteId: z.string() }),
})
/** The whole list, replacing the one before. */
export const setEquipment = changeOperation({
  name: 'sites.setEquipment',
  input: z.object({ siteId: id<'Site'>(), equipment: z.array(Equipment).max(60) }),
  output: z.object({ ready: z.int(), of: z.int() }),
})
/** A closed site takes part in nothing new; its history stays. */
export const closeSite = changeOperation({
  name: 'sites.closeSite',
  input: z.object({ siteId: id<'Site'>(), closed: z.boolean() }),
  output: z.object({ siteId: z.string() }),
  refusals: ['inUse'],
})

/** Every open site of the conference's unit and below becomes one of its sites; those already there stay as they are. */
export const attachSites = changeOperation({
  name: 'sites.attachSites',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: z.object({ added: z.int(), sites: z.int(), seats: z.int() }),
  refusals: ['paperOnly', 'conferenceClosed'],
})
/** One site, with the seats it has on that day. */
export const attachSite = changeOperation({
  name: 'sites.attachSite',
  input: z.object({ conferenceId: id<'Conference'>(), siteId: id<'Site'>(), seats: seats().optional() }),
  output: z.object({ seats: z.int() }),
  refusals: ['paperOnly', 'conferenceClosed', 'cutOffPassed', 'outsideConference', 'siteClosed', 'seatsTaken'],
})
export const detachSite = changeOperation({
  name: 'sites.detachSite',
  input: z.object({ conferenceId: id<'Conference'>(), siteId: id<'Site'>() }),
  output: z.object({ sites: z.int() }),
  refusals: ['conferenceClosed', 'cutOffPassed', 'seatsTaken'],
})
/** «Sẵn sàng», said by the site; with a note when something is missing. */
export const reportReady = changeOperation({
  name: 'sites.reportReady',
  input: z.object({
    conferenceId: id<'Conference'>(),
    siteId: id<'Site'>(),
    ready: z.boolean(),
    note: text(300).default(''),
  }),
  output: z.object({ readyAt: z.string().optional() }),
  refusals: ['notAttached'],
})
export const ConferenceSite = z.object({
  siteId: z.string(),
  code: z.string(),
  name: z.string(),
  kind: SiteKind,
  unitId: z.string(),
  unitName: z.string(),
  parentSiteId: z.string().optional(),
  seats: z.int(),
  /** Summoned to it, and proposed for it beside them. */
  summoned: z.int(),
  proposed: z.int(),
  readyAt: z.string().optional(),
  readyNote: z.string(),
  faulty: z.int(),
})
export const listConferenceSites = readOperation({
  name: 'sites.listConferenceSites',
  input: Page.extend({
    conferenceId: id<'Conference'>(),
    unitId: id<'Unit'>().optional(),
    search: text(100).default(''),
    which: z.enum(['all', 'free', 'notReady']).default('all'),
    sort: z.enum(['code', 'name', 'free']).default('code'),
  }),
  output: paged(ConferenceSite).extend({
    sites: z.int(),
    seats: z.int(),
    taken: z.int(),
    ready: z.int(),
    abilities: z.array(z.string()),
  }),
})

export const seatingStates = ['none', 'proposed', 'confirmed'] as const
/** For everyone in scope who has no summons yet; what was proposed before is replaced. */
export const proposeSeating = changeOperation({
  name: 'sites.proposeSeating',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: z.object({ inScope: z.int(), seats: z.int(), placed: z.int(), left: z.int(), sitesUsed: z.int() }),
  refusals: ['noRoll', 'noSites', 'paperOnly', 'conferenceClosed'],
})
export const SeatingRow = z.object({
  unitId: z.string(),
  code: z.string(),
  name: z.string(),
  /** What a unit holds itself, beside its children. */
  own: z.boolean(),
  children: z.int(),
  inScope: z.int(),
  /** Of them: at a site (by summons or proposal) · on her own device · without either. */
  seated: z.int(),
  onDevices: z.int(),
  left: z.int(),
  /** Sites within this unit and their seats. */
  sites: z.int(),
  seats: z.int(),
  /** Its people at sites within the unit itself, when those are too many to name one by one. */
  inside: z.object({ count: z.int(), sites: z.int() }).optional(),
  /** The sites, by name, most people first; `others` counts people at sites beyond the list. */
  at: z.array(z.object({ siteId: z.string(), name: z.string(), count: z.int() })),
  others: z.int(),
})
export const seating = readOperation({
  name: 'sites.seating',
  input: z.object({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>().optional() }),
  output: z.object({
    state: z.enum(seatingStates),
    madeAt: z.string().optional(),
    confirmedAt: z.string().optional(),
    unit: z.object({ unitId: z.string(), code: z.string(), name: z.string() }),
    trail: z.array(z.object({ unitId: z.string(), name: z.string() })),
    order: z.object({ seatOrder: z.array(z.enum(['position', 'evenly', 'code'])), positionOrder: z.array(z.string()) }),
    totals: z.object({
      inScope: z.int(),
      summoned: z.int(),
      proposed: z.int(),
      onDevices: z.int(),
      left: z.int(),
      sites: z.int(),
      seats: z.int(),
      free: z.int(),
    }),
    rows: z.array(SeatingRow),
    /** Units whose people are left, most first: where a site would help. */
    short: z.array(z.object({ unitId: z.string(), code: z.string(), name: z.string(), left: z.int() })),
    abilities: z.array(z.string()),
  }),
  refusals: ['noRoll'],
})
/** What one more site would solve, by running the same rule with it. Nothing is written. */
export const tryAddedSite = readOperation({
  name: 'sites.tryAddedSite',
  input: z.object({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>(), seats: seats() }),
  output: z.object({
    leftBefore: z.int(),
    leftAfter: z.int(),
    leftInUnitBefore: z.int(),
    leftInUnitAfter: z.int(),
    /** People who would sit nearer than now. */
    nearer: z.int(),
  }),
  refusals: ['noRoll', 'unknownUnit'],
})
/**
 * Some people of a unit and below, from one site to another. Without `fromSiteId`: people without a seat, first in the order first.
 * Without `toSiteId`: they give up their seats, last in the order first.
 */
export const moveSeats = changeOperation({
  name: 'sites.moveSeats',
  input: z.object({
    conferenceId: id<'Conference'>(),
    unitId: id<'Unit'>(),
    fromSiteId: id<'Site'>().optional(),
    toSiteId: id<'Site'>().optional(),
    count: z.int().min(1).max(100_000),
  }),
  output: z.object({ moveId: z.string(), moved: z.int() }),
  refusals: ['noRoll', 'tooFewThere', 'tooFewSeats', 'notAttached', 'sameSite', 'conferenceClosed', 'paperOnly'],
})
export const undoMove = changeOperation({
  name: 'sites.undoMove',
  input: z.object({ conferenceId: id<'Conference'>(), moveId: id<'Move'>() }),
  output: z.object({ moved: z.int() }),
  refusals: ['unknownMove', 'movedSince', 'tooFewSeats', 'conferenceClosed'],
})
/** Writes a summons with its door code for everyone proposed. */
export const confirmSeating = changeOperation({
  name: 'sites.confirmSeating',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: z.object({ summoned: z.int(), sites: z.int(), left: z.int() }),
  refusals: ['nothingProposed', 'outOfDate', 'paperOnly', 'conferenceClosed'],
})

export const origins = ['seating', 'import', 'manual', 'registered', 'door', 'booking', 'substitute'] as const
/** Closed: no free text about a person. công tác · nghỉ phép/điều trị · việc gia đình · khác · không rõ */
export const excuses = ['duty', 'leave', 'family', 'other', 'unknown'] as const
export const Excuse = z.enum(excuses)
export type Excuse = z.output<typeof Excuse>

export const SummonsCount = z.object({
  unitId: z.string(),
  code: z.string(),
  name: z.string(),
  own: z.boolean(),
  children: z.int(),
  inScope: z.int(),
  summoned: z.int(),
  atSites: z.int(),
  onDevices: z.int(),
  atTheDoor: z.int(),
  substitutes: z.int(),
  excused: z.int(),
  undeliverable: z.int(),
  without: z.int(),
})
/** By unit, counts only. */
export const summonsCounts = readOperation({
  name: 'sites.summonsCounts',
  input: z.object({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>().optional() }),
  output: z.object({
    unit: z.object({ unitId: z.string(), code: z.string(), name: z.string() }),
    trail: z.array(z.object({ unitId: z.string(), name: z.string() })),
    total: SummonsCount,
    rows: z.array(SummonsCount),
    /** May this reader open the names of this unit? */
    seesNames: z.boolean(),
    ownDevice: z.boolean(),
    abilities: z.array(z.string()),
  }),
  refusals: ['noRoll'],
})
export const SummonsLine = z.object({
  summonsId: z.string(),
  personId: z.string(),
  name: z.string(),
  position: z.string(),
  unitName: z.string(),
  siteId: z.string().optional(),
  siteName: z.string().optional(),
  origin: z.enum(origins),
  sessionCodes: z.array(z.string()).optional(),
  excuse: Excuse.optional(),
  undeliverable: z.boolean(),
  replaces: z.string().optional(),
})
/** Names, for the unit's own officers: one look. */
export const listSummons = readOperation({
  name: 'sites.listSummons',
  input: Page.extend({
    conferenceId: id<'Conference'>(),
    unitId: id<'Unit'>(),
    search: text(100).default(''),
    which: z.enum(['all', 'atSites', 'onDevices', 'excused', 'undeliverable', 'substitutes']).default('all'),
  }),
  output: paged(SummonsLine),
})
/** People of the unit who have no summons: to be summoned, registered or to take another's place. One look. */
export const listUnsummoned = readOperation({
  name: 'sites.listUnsummoned',
  input: Page.extend({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>(), search: text(100).default('') }),
  output: paged(
    z.object({
      personId: z.string(),
      name: z.string(),
      position: z.string(),
      unitName: z.string(),
      inScope: z.boolean(),
    }),
  ),
})
const oneSummons = z.object({ conferenceId: id<'Conference'>(), summonsId: id<'Summons'>() })
/** By the unit's officer: with a site, or without one to join on her own device. */
export const summon = changeOperation({
  name: 'sites.summon',
  input: z.object({ conferenceId: id<'Conference'>(), personId: id<'Person'>(), siteId: id<'Site'>().optional() }),
  output: z.object({ summonsId: z.string() }),
  refusals: ['alreadySummoned', 'notAttached', 'tooFewSeats', 'noOwnDevice', 'conferenceClosed', 'paperOnly'],
})
/** A person without a seat joins on her own device; she herself, or the officer of her unit for her. */
export const register = changeOperation({
  name: 'sites.register',
  input: z.object({ conferenceId: id<'Conference'>(), personId: id<'Person'>().optional() }),
  output: z.object({ summonsId: z.string() }),
  refusals: ['alreadySummoned', 'notInScope', 'noOwnDevice', 'conferenceClosed', 'paperOnly'],
})
export const withdrawSummons = changeOperation({
  name: 'sites.withdrawSummons',
  input: oneSummons,
  output: z.object({ withdrawn: z.boolean() }),
  refusals: ['unknownSummons', 'conferenceClosed'],
})
/** Takes the summons over: the original leaves the base and stays «chưa học», the substitute enters it. */
export const substitute = changeOperation({
  name: 'sites.substitute',
  input: oneSummons.extend({ personId: id<'Person'>() }),
  output: z.object({ summonsId: z.string() }),
  refusals: ['unknownSummons', 'alreadySummoned', 'samePerson', 'conferenceClosed', 'paperOnly'],
})
export const excuse = changeOperation({
  name: 'sites.excuse',
  input: oneSummons.extend({ reason: Excuse.nullable() }),
  output: z.object({ summonsId: z.string() }),
  refusals: ['unknownSummons'],
})
export const markUndeliverable = changeOperation({
  name: 'sites.markUndeliverable',
  input: oneSummons.extend({ undeliverable: z.boolean() }),
  output: z.object({ summonsId: z.string() }),
  refusals: ['unknownSummons'],
})

export const MySummons = z.object({
  conferenceId: z.string(),
  campaignId: z.string(),
  conferenceName: z.string(),
  purpose: z.string(),
  state: z.string(),
  sessions: z.array(z.object({ code: z.string(), name: z.string(), startsAt: z.string(), endsAt: z.string() })),
  documents: z.string(),
  contact: z.string(),
  /** None yet: she may register when `mayRegister`. */
  summons: z
    .object({
      summonsId: z.string(),
      origin: z.enum(origins),
      doorCode: z.string(),
      qr: z.string(),
      site: z
        .object({
          siteId: z.string(),
          name: z.string(),
          address: z.string(),
          contactName: z.string(),
          contactPhone: z.string(),
        })
        .optional(),
      excuse: Excuse.optional(),
    })
    .optional(),
  mayRegister: z.boolean(),
})
/** A person's own summonses of a campaign (of every campaign without one), the nearest conference first. */
export const mySummons = readOperation({
  name: 'sites.mySummons',
  input: z.object({ campaignId: id<'Campaign'>().optional() }),
  output: z.object({ conferences: z.array(MySummons) }),
})

export const paperStates = ['waiting', 'making', 'made', 'failed'] as const
/** One file for every grassroots unit at or below this one, made as work in the background. */
export const makePapers = changeOperation({
  name: 'sites.makePapers',
  input: z.object({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>() }),
  output: z.object({ units: z.int(), people: z.int() }),
  refusals: ['nobodySummoned', 'paperOnly'],
})
export const listPapers = readOperation({
  name: 'sites.listPapers',
  input: Page.extend({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>() }),
  output: paged(
    z.object({
      unitId: z.string(),
      code: z.string(),
      name: z.string(),
      state: z.enum(paperStates),
      people: z.int(),
      madeAt: z.string().optional(),
      /** Summonses were made or changed since. */
      outOfDate: z.boolean(),
      mayOpen: z.boolean(),
    }),
  ).extend({ done: z.int(), of: z.int() }),
})
/** The summonses of one grassroots unit, with door codes; its own officers open it, which is a look. */
export const paper = fileOperation({
  name: 'sites.paper',
  input: z.object({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>() }),
  refusals: ['notMade'],
})
/**
 * One person's entry link, just copied, on a sheet folded so that the link is inside. One at a time, and nothing of it is kept:
 * the link comes from the caller and goes onto the paper.
 */
export const sealedSlip = readOperation({
  name: 'sites.sealedSlip',
  input: z.object({
    conferenceId: id<'Conference'>(),
    personId: id<'Person'>(),
    link: z.url().max(300),
    until: z.iso.datetime({ offset: true }),
  }),
  output: z.object({ name: z.string(), pdfBase64: z.string() }),
})
/** The same list as a table, without door codes. */
export const summonsSheet = fileOperation({
  name: 'sites.summonsSheet',
  input: z.object({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>() }),
})
/** What each site is to hold, by unit and counts: no names. */
export const seatingSheet = fileOperation({
  name: 'sites.seatingSheet',
  input: z.object({ conferenceId: id<'Conference'>(), unitId: id<'Unit'>().optional() }),
  refusals: ['noRoll'],
})
