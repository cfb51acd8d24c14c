// A study campaign: who is in scope, what is aimed at, by when, and by which rules presence is judged.
import { z } from 'zod'
import { changeOperation, day, event, id, moment, Page, readOperation, text, words } from '../../platform/contract.ts'

export const evidenceKinds = [
  'doorScan',
  'ownScan',
  'typedCode',
  'paper',
  'stewardTick',
  'siteConfirmed',
  'ownTick',
  'madeByOther',
  'replay',
] as const

const share = z
  .object({ n: z.int().min(1).max(100), d: z.int().min(1).max(100) })
  .refine(({ n, d }) => n <= d, { path: ['n'], error: 'n > d' })

/** How presence is judged; every field left out takes the default of the house. Approved versions are kept for ever. */
export const PresencePolicy = z.object({
  /** Present at so many of her checkpoints, over all sessions she is summoned to. */
  presentAtLeast: share.default({ n: 2, d: 3 }),
  /** And at one checkpoint of every session at least. */
  onePerSession: z.boolean().default(true),
  lateGraceMinutes: z.int().min(0).max(720).default(15),
  wrongHallCounts: z.boolean().default(true),
  lateAcceptedByManager: z.boolean().default(true),
  /** Kinds of evidence that count; the others are kept as facts. */
  evidenceTaken: z
    .array(z.enum(evidenceKinds))
    .min(1)
    .default([...evidenceKinds]),
  ownTick: z
    .object({
      shownSeconds: z.int().min(10).max(600).default(60),
      acceptedMinutes: z.int().min(1).max(120).default(10),
      tries: z.int().min(1).max(20).default(5),
    })
    .prefault({}),
})
export type PresencePolicy = z.output<typeof PresencePolicy>

export const CampaignSettings = z.object({
  /** Who goes first where seats are short; applied from left to right. */
  seatOrder: z
    .array(z.enum(['position', 'evenly', 'code']))
    .min(1)
    .max(3)
    .default(['position', 'evenly', 'code']),
  /** Positions in the order of the list; who holds none of them comes after. Matched without accents. */
  positionOrder: z.array(words(100)).max(50).default(['Bí thư', 'Phó Bí thư', 'Cấp ủy viên', 'Chi ủy viên']),
})
export type CampaignSettings = z.output<typeof CampaignSettings>

export const metrics = ['attendedOfSummoned', 'attendedOfInScope', 'coveredOfInScope'] as const
/** «Đã học trong số thuộc diện: 95/100». */
export const Target = z.object({ metric: z.enum(metrics), n: z.int().min(0), d: z.int().min(1) })
export const Deadline = z.object({ what: words(200), at: moment() })

const code = () => words(40).pipe(z.string().regex(/^[\p{L}\p{N}._-]+$/u, 'letters, digits, dot, dash, underscore'))
const oncePer = (metricsGiven: readonly { metric: string }[]) =>
  new Set(metricsGiven.map(({ metric }) => metric)).size === metricsGiven.length

const draft = {
  code: code(),
  name: words(300),
  theme: text(300).default(''),
  /** Totals go up the tree of this day; without it, the day of the first study session. */
  countsOn: day().optional(),
  /** Until then a unit below may add its own conferences and sites. */
  unitsBelowUntil: moment().optional(),
  settings: CampaignSettings.prefault({}),
  policy: PresencePolicy.prefault({}),
  targets: z.array(Target).max(10).refine(oncePer, 'one target a metric').default([]),
  deadlines: z.array(Deadline).max(50).default([]),
}
/** The form people bring as a file: units by code, in their register. */
export const CampaignForm = z.object({
  ...draft,
  scopeUnit: z.object({ register: words(60).optional(), code: words(60) }),
})
export type CampaignForm = z.output<typeof CampaignForm>

export const createCampaign = changeOperation({
  name: 'campaigns.create',
  input: z.object({ campaignId: id<'Campaign'>().optional(), scopeUnitId: id<'Unit'>(), ...draft }),
  output: z.object({ campaignId: z.string(), code: z.string() }),
  refusals: ['codeTaken', 'unknownUnit'],
})
export const updateCampaign = changeOperation({
  name: 'campaigns.update',
  input: z.object({
    campaignId: id<'Campaign'>(),
    name: words(300).optional(),
    theme: text(300).optional(),
    countsOn: day().optional(),
    unitsBelowUntil: moment().nullable().optional(),
    settings: CampaignSettings.optional(),
    targets: z.array(Target).max(10).refine(oncePer, 'one target a metric').optional(),
    /** The whole list, replacing the one before. */
    deadlines: z.array(Deadline).max(50).optional(),
  }),
  output: z.object({ campaignId: z.string() }),
  refusals: ['dayFixed'],
})

export const phases = ['planning', 'preparing', 'today', 'after'] as const
export const CampaignLine = z.object({
  campaignId: z.string(),
  code: z.string(),
  name: z.string(),
  theme: z.string(),
  scopeUnit: z.object({ unitId: z.string(), code: z.string(), name: z.string() }),
  countsOn: z.string().optional(),
  scopeFixedAt: z.string().optional(),
  phase: z.enum(phases),
})
export const listCampaigns = readOperation({
  name: 'campaigns.list',
  input: z.object({}),
  output: z.object({
    campaigns: z.array(
      CampaignLine.extend({
        /** The unit below the scope's own at which this reader's rights begin; none when she has the whole. */
        partUnitId: z.string().optional(),
      }),
    ),
    /** Units on which this reader may found a campaign; at most the roots of her grants. */
    mayFound: z.array(z.object({ unitId: z.string(), code: z.string(), name: z.string() })),
  }),
})

export const PolicyVersion = z.object({
  version: z.int(),
  inForceFrom: z.string(),
  approvedBy: z.string(),
  policy: PresencePolicy,
  /** The same in sentences, as it is published. */
  words: z.array(z.string()),
})
/** The roll in numbers: A and the exempt, and what moved since it was fixed. */
export const RollSummary = z.object({
  fixedAt: z.string().optional(),
  members: z.int(),
  exempt: z.int(),
  inScope: z.int(),
  inScopeAtFixing: z.int(),
  up: z.int(),
  down: z.int(),
  upBy: z.object({ joined: z.int(), transferred: z.int(), exemptionEnded: z.int() }),
  downBy: z.object({
    transferred: z.int(),
    died: z.int(),
    left: z.int(),
    exempted: z.int(),
    erased: z.int(),
  }),
  /** «tăng 12, giảm 9 so với lúc chốt» */
  words: z.string(),
})
export type RollSummary = z.output<typeof RollSummary>

export const getCampaign = readOperation({
  name: 'campaigns.get',
  input: z.object({ campaignId: id<'Campaign'>().optional(), code: text(40).optional() }),
  output: CampaignLine.extend({
    unitsBelowUntil: z.string().optional(),
    settings: CampaignSettings,
    targets: z.array(Target.extend({ n: z.int(), d: z.int() })),
    deadlines: z.array(z.object({ deadlineId: z.string(), what: z.string(), at: z.string() })),
    policy: PolicyVersion,
    roll: RollSummary.optional(),
    abilities: z.array(z.string()),
  }),
})

/** Writes the roll: who is in scope, in which unit, from when. Done once; afterwards only dated changes. */
export const fixScope = changeOperation({
  name: 'campaigns.fixScope',
  input: z.object({ campaignId: id<'Campaign'>() }),
  output: z.object({ units: z.int(), members: z.int(), exempt: z.int(), inScope: z.int() }),
  refusals: ['alreadyFixed', 'noDay', 'unitNotThereYet', 'nobodyInScope'],
})
export const previewScope = readOperation({
  name: 'campaigns.previewScope',
  input: z.object({ campaignId: id<'Campaign'>() }),
  output: z.object({
    countsOn: z.string().optional(),
    units: z.int(),
    members: z.int(),
    exempt: z.int(),
    inScope: z.int(),
  }),
})

export const rollChanges = ['join', 'transfer', 'leave', 'died', 'exempt', 'exemptionEnded'] as const
export type RollChange = (typeof rollChanges)[number]

/** A dated change to the roll for persons of one unit; `unitId` is where they are on the roll, for `join` where they come. */
export const amendRoll = changeOperation({
  name: 'campaigns.amendRoll',
  input: z.object({
    campaignId: id<'Campaign'>(),
    unitId: id<'Unit'>(),
    kind: z.enum(rollChanges),
    personIds: z.array(id<'Person'>()).min(1).max(5_000),
    /** For `transfer`. */
    toUnitId: id<'Unit'>().optional(),
    /** When it happened; now when left out. */
    at: moment().optional(),
  }),
  output: z.object({ changed: z.int() }),
  refusals: [
    'notFixed',
    'notOnRoll',
    'alreadyOnRoll',
    'otherUnit',
    'sameStanding',
    'outsideScope',
    'inTheFuture',
    'tooEarly',
  ],
})
/** What the register of people says today and the roll does not. Counts by unit: no names. */
export const proposeRollChanges = readOperation({
  name: 'campaigns.proposeRollChanges',
  input: Page.extend({ campaignId: id<'Campaign'>() }),
  output: z.object({
    asOf: z.string(),
    totals: z.record(z.enum(rollChanges), z.int()),
    byUnit: z.array(
      z.object({ unitId: z.string(), code: z.string(), name: z.string(), kind: z.enum(rollChanges), count: z.int() }),
    ),
    /** Lines of `byUnit` in all pages. */
    lines: z.int(),
    unitsLeftOut: z.int(),
    /** Of exactly these differences; confirming something else is refused. */
    fingerprint: z.string(),
  }),
  refusals: ['notFixed'],
})
export const confirmRollChanges = changeOperation({
  name: 'campaigns.confirmRollChanges',
  input: z.object({ campaignId: id<'Campaign'>(), fingerprint: z.string().max(100) }),
  output: z.object({ changed: z.int(), roll: RollSummary }),
  refusals: ['notFixed', 'outOfDate', 'nothingToChange'],
})
export const rollSummary = readOperation({
  name: 'campaigns.rollSummary',
  input: z.object({ campaignId: id<'Campaign'>(), unitId: id<'Unit'>().optional() }),
  output: RollSummary,
  refusals: ['notFixed'],
})
/** The dated changes since the fixing, by day, unit and reason: counts, no names. */
export const listRollChanges = readOperation({
  name: 'campaigns.listRollChanges',
  input: Page.extend({ campaignId: id<'Campaign'>() }),
  output: z.object({
    rows: z.array(
      z.object({
        day: z.string(),
        unitCode: z.string(),
        unitName: z.string(),
        direction: z.enum(['up', 'down']),
        why: z.string(),
        count: z.int(),
      }),
    ),
    total: z.int(),
    page: z.int(),
    size: z.int(),
  }),
})

export const approvePolicy = changeOperation({
  name: 'campaigns.approvePolicy',
  input: z.object({
    campaignId: id<'Campaign'>(),
    policy: PresencePolicy,
    /** Now when left out. What was judged before keeps the version then in force. */
    inForceFrom: moment().optional(),
  }),
  output: z.object({ version: z.int() }),
  refusals: ['inThePast', 'unchanged', 'notAfterTheLast'],
})
export const listPolicies = readOperation({
  name: 'campaigns.listPolicies',
  input: z.object({ campaignId: id<'Campaign'>() }),
  output: z.object({ versions: z.array(PolicyVersion), inForce: z.int(), abilities: z.array(z.string()) }),
})

/** Persons whose place on the roll changed: `offRoll` are outside A now, their seats may go to others. */
export const rollAmended = event({
  name: 'campaigns.rollAmended',
  body: z.object({
    campaignId: z.string(),
    offRoll: z.array(z.string()),
    onRoll: z.array(z.string()),
    moved: z.array(z.string()),
  }),
})
export const policyApproved = event({
  name: 'campaigns.policyApproved',
  body: z.object({ campaignId: z.string(), version: z.int() }),
})
