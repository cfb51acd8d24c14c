// Said over the wire about the organisation: its tree, its levels, its people.
import { z } from 'zod'
import {
  changeOperation,
  day,
  fileOperation,
  id,
  moment,
  Page,
  paged,
  readOperation,
  text,
  words,
} from '../../platform/contract.ts'

const unitId = id<'Unit'>()
const personId = id<'Person'>()
const Count = z.int()

/** A unit as a tree or a picker shows it. Counts are there only for whoever stands over the unit. */
export const UnitRow = z.object({
  unitId: z.uuid(),
  code: z.string(),
  name: z.string(),
  levelName: z.string(),
  parentId: z.uuid().optional(),
  children: Count,
  /** Official members today in the whole subtree; of them exempt. */
  members: Count.optional(),
  exempt: Count.optional(),
})
export type UnitRow = z.infer<typeof UnitRow>
export const UnitFound = UnitRow.omit({ members: true, exempt: true }).extend({
  /** Names from the root down to the unit above. */
  above: z.array(z.string()),
  /** Ids from the root to the unit itself, so that a tree can open at it. */
  path: z.array(z.uuid()),
  registerCode: z.string(),
})
export type UnitFound = z.infer<typeof UnitFound>

/** Where one's own tree begins: the units one has a grant on, or the roots. */
export const tops = readOperation({
  name: 'organisation.tops',
  input: z.object({}),
  output: z.object({
    units: z.array(UnitRow),
    registers: z.array(z.object({ code: z.string(), name: z.string() })),
    /** Also «importEverywhere»: her files need not name a unit of hers. */
    abilities: z.array(z.string()),
  }),
})
export const children = readOperation({
  name: 'organisation.children',
  input: Page.extend({ unitId, size: z.int().min(1).max(500).default(200) }),
  output: paged(UnitRow),
  refusals: ['staffOnly'],
})
/** By code or by name, without accents; the nearest to the top first. */
export const findUnits = readOperation({
  name: 'organisation.findUnits',
  input: z.object({ text: words(100), withinId: unitId.optional(), limit: z.int().min(1).max(100).default(30) }),
  output: z.object({ units: z.array(UnitFound), more: z.boolean() }),
  refusals: ['staffOnly'],
})
export const unitPage = readOperation({
  name: 'organisation.unitPage',
  input: z.object({ unitId }),
  output: z.object({
    unitId: z.uuid(),
    code: z.string(),
    name: z.string(),
    registerCode: z.string(),
    registerName: z.string(),
    levelId: z.uuid(),
    levelName: z.string(),
    /** The scheme's levels, for whoever may change the unit's. */
    levels: z.array(z.object({ levelId: z.uuid(), name: z.string(), rank: z.int() })),
    closedOn: day().optional(),
    path: z.array(z.object({ unitId: z.uuid(), name: z.string() })),
    children: Count,
    members: Count,
    exempt: Count,
    /** Of the members, those of this very unit, not of a unit below. */
    ownMembers: Count,
    temporary: Count,
    grassroots: z.object({ unitId: z.uuid(), name: z.string() }).optional(),
    versions: z.array(
      z.object({
        name: z.string(),
        levelName: z.string(),
        parentName: z.string().optional(),
        validFrom: day(),
        /** The first day it no longer held. */
        validTo: day().optional(),
        recordedAt: moment(),
        recordedBy: z.string(),
      }),
    ),
    successors: z.array(
      z.object({
        unitId: z.uuid(),
        code: z.string(),
        name: z.string(),
        /** `into`: this unit went into that one; `from`: that one went into this. */
        direction: z.enum(['into', 'from']),
        kind: z.enum(['merge', 'split']),
        onDay: day(),
        decision: z.string().optional(),
      }),
    ),
    seesNames: z.boolean(),
    abilities: z.array(z.string()),
  }),
})
export const levelSchemes = readOperation({
  name: 'organisation.levelSchemes',
  input: z.object({}),
  output: z.object({
    schemes: z.array(
      z.object({
        schemeId: z.uuid(),
        code: z.string(),
        name: z.string(),
        validFrom: day(),
        validTo: day().optional(),
        levels: z.array(z.object({ levelId: z.uuid(), rank: z.int(), name: z.string(), keepsNames: z.boolean() })),
        registers: z.array(z.string()),
      }),
    ),
  }),
})

const unitRefusals = ['noSuchUnit', 'closedUnit', 'dayTooEarly', 'dayInFuture', 'codeTaken', 'intoItself'] as const
const Code = words(60)
const decision = text(300).optional()

export const addRegister = changeOperation({
  name: 'organisation.addRegister',
  input: z.object({ code: Code, name: words(200), schemeCode: text(60).optional() }),
  output: z.object({ registerId: z.uuid() }),
  refusals: ['codeTaken', 'noSuchScheme'],
})
/** Below a unit, or a root of a register. Without a level it takes the one below its parent's. */
export const addUnit = changeOperation({
  name: 'organisation.addUnit',
  input: z.object({
    parentId: unitId.optional(),
    registerCode: text(60).optional(),
    code: Code,
    name: words(300),
    levelId: id<'Level'>().optional(),
    day: day().optional(),
  }),
  output: z.object({ unitId: z.uuid() }),
  refusals: [...unitRefusals, 'noSuchRegister', 'whichRegister', 'noSuchLevel'],
})
/** A new name, a new level, or both, from a day on. */
export const renameUnit = changeOperation({
  name: 'organisation.renameUnit',
  input: z.object({ unitId, name: words(300), levelId: id<'Level'>().optional(), day: day() }),
  output: z.object({}),
  refusals: [...unitRefusals, 'noSuchLevel'],
})
export const moveUnit = changeOperation({
  name: 'organisation.moveUnit',
  input: z.object({ unitId, parentId: unitId, day: day() }),
  output: z.object({}),
  refusals: unitRefusals,
})
/** Only an empty unit closes; a full one is merged. */
export const closeUnit = changeOperation({
  name: 'organisation.closeUnit',
  input: z.object({ unitId, day: day(), decision }),
  output: z.object({}),
  refusals: [...unitRefusals, 'stillHasUnits', 'stillHasPeople'],
})
/** The units of `unitIds` go into `intoId` with all their people and units below. */
export const mergeUnits = changeOperation({
  name: 'organisation.mergeUnits',
  input: z.object({ unitId, fromIds: z.array(unitId).min(1).max(100), day: day(), decision }),
  output: z.object({ people: Count, units: Count }),
  refusals: unitRefusals,
})
/** New units beside the old one take over its units below and its people; the old one closes. */
export const splitUnit = changeOperation({
  name: 'organisation.splitUnit',
  input: z.object({
    unitId,
    day: day(),
    decision,
    parts: z
      .array(
        z.object({
          code: Code,
          name: words(300),
          childIds: z.array(unitId).max(2000).default([]),
          personIds: z.array(personId).max(5000).default([]),
        }),
      )
      .min(2)
      .max(50),
  }),
  output: z.object({ unitIds: z.array(z.uuid()) }),
  refusals: [...unitRefusals, 'notAllPlaced'],
})
export const exportUnits = fileOperation({
  name: 'organisation.exportUnits',
  input: z.object({ unitId, format: z.enum(['csv', 'xlsx']).default('xlsx') }),
})

export const personFilters = ['all', 'inForce', 'exempt', 'temporary', 'withPosition'] as const
const filter = z.enum(personFilters).default('all')
export const PersonRow = z.object({
  personId: z.uuid(),
  code: z.string().optional(),
  fullName: z.string(),
  birthYear: z.int().optional(),
  position: z.string(),
  unitId: z.uuid(),
  unitCode: z.string(),
  unitName: z.string(),
  exempt: z.boolean(),
  kind: z.enum(['official', 'temporary']),
})
export type PersonRow = z.infer<typeof PersonRow>
/** The people of a unit and of all below it; one look at everyone on the page. */
export const people = readOperation({
  name: 'organisation.people',
  input: Page.extend({
    unitId,
    text: text(100).optional(),
    filter,
    sort: z.enum(['name', 'unit', 'birthYear', 'code']).default('name'),
    descending: z.boolean().default(false),
  }),
  output: paged(PersonRow).extend({ abilities: z.array(z.string()) }),
  refusals: ['totalsOnly'],
})
export const exportPeople = fileOperation({
  name: 'organisation.exportPeople',
  input: z.object({ unitId, text: text(100).optional(), filter, format: z.enum(['csv', 'xlsx']).default('xlsx') }),
  refusals: ['totalsOnly'],
})
export const personCard = readOperation({
  name: 'organisation.personCard',
  input: z.object({ unitId, personId }),
  output: PersonRow.extend({
    phone: z.string().optional(),
    email: z.string().optional(),
    memberships: z.array(
      z.object({
        membershipId: z.uuid(),
        unitId: z.uuid(),
        unitName: z.string(),
        kind: z.enum(['official', 'temporary']),
        validFrom: day(),
        validTo: day().optional(),
      }),
    ),
    exemptions: z.array(z.object({ validFrom: day(), validTo: day().optional() })),
    abilities: z.array(z.string()),
  }),
  refusals: ['totalsOnly'],
})
const Personal = z.object({
  code: text(60).optional(),
  fullName: words(200),
  birthYear: z.int().min(1880).max(2200).optional(),
  position: text(200).default(''),
  phone: text(30).optional(),
  email: text(200).optional(),
})
const personalRefusals = ['totalsOnly', 'codeTaken', 'identityNumber', 'badPhone', 'badEmail'] as const
const personRefusals = ['totalsOnly', 'dayTooEarly', 'dayInFuture'] as const
export const addPerson = changeOperation({
  name: 'organisation.addPerson',
  input: Personal.extend({ unitId, day: day().optional() }),
  output: z.object({ personId: z.uuid() }),
  refusals: [...personalRefusals, 'dayInFuture', 'closedUnit'],
})
export const correctPerson = changeOperation({
  name: 'organisation.correctPerson',
  input: Personal.extend({ unitId, personId }),
  output: z.object({}),
  refusals: personalRefusals,
})
/** `unitId` is where she is, `toUnitId` where she goes; temporary activity leaves the official membership as it is. */
export const transferPerson = changeOperation({
  name: 'organisation.transferPerson',
  input: z.object({ unitId, personId, toUnitId: unitId, day: day(), temporaryUntil: day().optional() }),
  output: z.object({}),
  refusals: [...personRefusals, 'closedUnit', 'sameUnit'],
})
/** From a day, to a last day or until told otherwise; the reason is not kept. */
export const exemptPerson = changeOperation({
  name: 'organisation.exemptPerson',
  input: z.object({ unitId, personId, from: day(), lastDay: day().optional() }),
  output: z.object({}),
  refusals: [...personRefusals, 'alreadyExempt'],
})
export const endExemption = changeOperation({
  name: 'organisation.endExemption',
  input: z.object({ unitId, personId, day: day() }),
  output: z.object({}),
  refusals: [...personRefusals, 'notExempt'],
})
/** She left or died: the membership ends, the person stays. */
export const endMembership = changeOperation({
  name: 'organisation.endMembership',
  input: z.object({ unitId, personId, day: day() }),
  output: z.object({}),
  refusals: personRefusals,
})
/** Takes the person out and leaves the count: «đã xoá theo yêu cầu». */
export const erasePerson = changeOperation({
  name: 'organisation.erasePerson',
  input: z.object({ unitId, personId }),
  output: z.object({}),
  refusals: ['totalsOnly'],
})
