// Every word of access said over the wire: signing in, members' two credentials, grants, staff, the logs, my data.
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
import { roles, scopeKinds } from '../../platform/rights.ts'

export const RoleWord = z.enum(roles)
export const ScopeKindWord = z.enum(scopeKinds)
const StaffId = id<'StaffUser'>()
const PersonId = id<'Person'>()
const UnitId = id<'Unit'>()
const CampaignId = id<'Campaign'>()
const Token = z.string().regex(/^[\w-]{22,64}$/)
export const userNamePattern = /^[a-z0-9][a-z0-9._-]{2,29}$/
const UserName = z
  .string()
  .max(60)
  .transform((typed) => typed.trim().toLowerCase())
  .pipe(z.string().regex(userNamePattern))
export const passwordLeast = 10
const NewPassword = z.string().min(passwordLeast).max(128)
const Pin = z.string().regex(/^\d{6}$/)
const Scope = { kind: ScopeKindWord, scopeId: z.uuid().optional() }

/** A room is a screen made for one job; the bar shows those somebody's grants open. */
export const roomKeys = [
  'desk',
  'conferences',
  'sites',
  'control',
  'moderation',
  'lectern',
  'tally',
  'ledger',
  'report',
  'makeups',
  'tree',
  'people',
  'import',
  'console',
  'cell',
  'member',
  'grants',
  'staff',
  'log',
] as const
export type RoomKey = (typeof roomKeys)[number]
export const Room = z.object({
  key: z.enum(roomKeys),
  /** What the room is about, when there may be several: the name of a site or a unit. */
  label: z.string(),
  path: z.string(),
})
export const GrantShape = z.object({ role: RoleWord, ...Scope })

/** Who is asking. Answered to anybody; whoever is not signed in is `nobody`. */
export const me = readOperation({
  name: 'access.me',
  input: z.object({}),
  output: z.object({
    kind: z.enum(['staff', 'member', 'machine', 'nobody']),
    name: z.string(),
    userId: z.string().optional(),
    personId: z.string().optional(),
    campaignId: z.string().optional(),
    assurance: z.enum(['entered', 'confirmed']).optional(),
    /** Members: has a PIN been set? */
    pinSet: z.boolean(),
    rooms: z.array(Room),
    grants: z.array(GrantShape),
    demo: z.boolean(),
    locale: z.enum(['vi', 'en']),
    /** Her grants need a second factor and this sign-in has none: only the enrolment page is open. */
    needsTotp: z.boolean(),
    /** A second factor is enrolled; when it is needed too, signing in again asks for it. */
    totpEnrolled: z.boolean(),
  }),
})

// Staff

export const signIn = changeOperation({
  name: 'access.signIn',
  input: z.object({ userName: z.string().max(60), password: z.string().max(128) }),
  output: z.object({ next: z.enum(['done', 'totp']) }),
  refusals: ['wrongPassword', 'tooManyTries'],
})
/** The second step of signing in: a code from the phone, or one of the codes kept on paper. */
export const signInTotp = changeOperation({
  name: 'access.signInTotp',
  input: z.object({ code: z.string().trim().min(6).max(32), backup: z.boolean().default(false) }),
  output: z.object({}),
  refusals: ['wrongCode', 'tooManyTries', 'startAgain'],
})
export const enrolTotp = changeOperation({
  name: 'access.enrolTotp',
  input: z.object({ password: z.string().max(128) }),
  /** Shown once: the address the QR carries, and ten codes to keep on paper. */
  output: z.object({ uri: z.string(), backupCodes: z.array(z.string()) }),
  refusals: ['wrongPassword', 'tooManyTries', 'alreadyEnrolled', 'startAgain'],
})
export const confirmTotp = changeOperation({
  name: 'access.confirmTotp',
  input: z.object({
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/),
  }),
  output: z.object({}),
  refusals: ['wrongCode', 'tooManyTries', 'startAgain'],
})
export const changePassword = changeOperation({
  name: 'access.changePassword',
  input: z.object({ password: z.string().max(128), next: NewPassword }),
  output: z.object({}),
  refusals: ['wrongPassword', 'tooManyTries', 'startAgain'],
})
export const signOut = changeOperation({ name: 'access.signOut', input: z.object({}), output: z.object({}) })
export const signOutEverywhere = changeOperation({
  name: 'access.signOutEverywhere',
  input: z.object({}),
  output: z.object({ signedOut: z.int() }),
})

// First run and passwords

export const seeSetup = readOperation({
  name: 'access.seeSetup',
  input: z.object({ token: Token }),
  output: z.object({ offersDemo: z.boolean() }),
  refusals: ['expiredLink', 'needsHttps'],
})
/** Makes the first administrator. `demo` opens the sample data of Bắc Giang instead of an empty house. */
export const setUp = changeOperation({
  name: 'access.setUp',
  input: z.object({
    token: Token,
    userName: UserName,
    name: words(120),
    password: NewPassword,
    begin: z.enum(['own', 'demo']).default('own'),
  }),
  output: z.object({ begin: z.enum(['own', 'demo']) }),
  refusals: ['expiredLink', 'needsHttps', 'noDemo'],
})
export const seePasswordLink = readOperation({
  name: 'access.seePasswordLink',
  input: z.object({ token: Token }),
  output: z.object({ userName: z.string(), name: z.string() }),
  refusals: ['expiredLink'],
})
export const choosePassword = changeOperation({
  name: 'access.choosePassword',
  input: z.object({ token: Token, password: NewPassword }),
  output: z.object({ userName: z.string() }),
  refusals: ['expiredLink'],
})

// Members

/** What an entry link opens, before anybody steps in. */
export const seeLink = readOperation({
  name: 'access.seeLink',
  input: z.object({ token: Token }),
  output: z.object({ name: z.string(), noticeSeen: z.boolean() }),
  refusals: ['expiredLink', 'tooManyTries'],
})
export const enter = changeOperation({
  name: 'access.enter',
  input: z.object({ token: Token, noticeVersion: z.string().max(40).optional() }),
  output: z.object({ campaignId: z.string() }),
  refusals: ['expiredLink', 'noticeFirst', 'tooManyTries'],
})
export const setPin = changeOperation({
  name: 'access.setPin',
  input: z.object({ pin: Pin }),
  output: z.object({}),
  refusals: ['pinAlreadySet', 'weakPin'],
})
export const confirmPin = changeOperation({
  name: 'access.confirmPin',
  input: z.object({ pin: Pin }),
  output: z.object({}),
  refusals: ['wrongPin', 'noPin', 'tooManyTries'],
})
/** A code on the member's own page, for her cell secretary to type when they stand before each other. */
export const askFaceToFace = changeOperation({
  name: 'access.askFaceToFace',
  input: z.object({}),
  output: z.object({ code: z.string(), until: moment() }),
})
export const confirmFaceToFace = changeOperation({
  name: 'access.confirmFaceToFace',
  input: z.object({ unitId: UnitId, code: Pin }),
  output: z.object({ personId: z.string(), name: z.string() }),
  refusals: ['wrongCode', 'tooManyTries'],
})
const aboutOne = { unitId: UnitId, personId: PersonId }
export const resetPin = changeOperation({
  name: 'access.resetPin',
  input: z.object(aboutOne),
  output: z.object({}),
  refusals: ['notInUnit'],
})
/** One link, for one person, shown once; only its hash is kept. There is no bulk form of this. */
export const copyEntryLink = changeOperation({
  name: 'access.copyEntryLink',
  input: z.object({ ...aboutOne, campaignId: CampaignId }),
  output: z.object({ link: z.string(), until: moment() }),
  refusals: ['notInUnit', 'tooManyLinks'],
})
/** What the reader may do for the people of a unit's cells: verbs of access, for the buttons beside a person. */
export const forPeopleOf = readOperation({
  name: 'access.forPeopleOf',
  input: z.object({ unitId: UnitId }),
  output: z.object({ abilities: z.array(z.string()) }),
})
export const revokeEntryLinks = changeOperation({
  name: 'access.revokeEntryLinks',
  input: z.object({ ...aboutOne, campaignId: CampaignId }),
  output: z.object({ revoked: z.int() }),
  refusals: ['notInUnit'],
})

// Grants and tasks

export const grant = changeOperation({
  name: 'access.grant',
  input: z.object({
    userId: StaffId,
    role: RoleWord,
    ...Scope,
    from: day().optional(),
    to: day().optional(),
    reason: words(300),
  }),
  output: z.object({ grantId: z.string() }),
  refusals: ['aboveYourOwn', 'noSuchPlace', 'noSuchStaff', 'datesCross', 'roleElsewhere'],
})
/** Names the place too, so that the right is judged before anything is read. */
export const revokeGrant = changeOperation({
  name: 'access.revokeGrant',
  input: z.object({ grantId: id<'Grant'>(), ...Scope, reason: text(300).default('') }),
  output: z.object({}),
  refusals: ['aboveYourOwn', 'lastAdministrator'],
})
export const listGrants = readOperation({
  name: 'access.listGrants',
  input: Page.extend({ ...Scope, userId: StaffId.optional(), past: z.boolean().default(false) }),
  output: paged(
    z.object({
      grantId: z.string(),
      userId: z.string(),
      userName: z.string(),
      name: z.string(),
      role: RoleWord,
      kind: ScopeKindWord,
      scopeId: z.string().optional(),
      scopeName: z.string(),
      from: day(),
      to: day().optional(),
      reason: z.string(),
      madeBy: z.string(),
      madeAt: moment(),
      revokedAt: moment().optional(),
      inForce: z.boolean(),
    }),
  ).extend({ mayGive: z.array(RoleWord) }),
})
export const giveNameTask = changeOperation({
  name: 'access.giveNameTask',
  input: z.object({ userId: StaffId, unitId: UnitId, reason: words(300), from: day().optional(), to: day() }),
  output: z.object({ taskId: z.string() }),
  refusals: ['toYourself', 'noSuchStaff', 'noSuchPlace', 'datesCross', 'tooLong'],
})
export const endNameTask = changeOperation({
  name: 'access.endNameTask',
  input: z.object({ taskId: id<'NameTask'>(), unitId: UnitId }),
  output: z.object({}),
})
export const listNameTasks = readOperation({
  name: 'access.listNameTasks',
  input: Page.extend({ unitId: UnitId }),
  output: paged(
    z.object({
      taskId: z.string(),
      userId: z.string(),
      userName: z.string(),
      name: z.string(),
      unitId: z.string(),
      unitName: z.string(),
      reason: z.string(),
      from: day(),
      to: day(),
      madeBy: z.string(),
      inForce: z.boolean(),
    }),
  ),
})
/** Staff to choose from when a role is given: a few, by name. */
export const findStaff = readOperation({
  name: 'access.findStaff',
  input: z.object({ ...Scope, search: text(100) }),
  output: z.object({ rows: z.array(z.object({ userId: z.string(), userName: z.string(), name: z.string() })) }),
})

// Staff accounts

export const listStaff = readOperation({
  name: 'access.listStaff',
  input: Page.extend({ search: text(100).default('') }),
  output: paged(
    z.object({
      userId: z.string(),
      userName: z.string(),
      name: z.string(),
      disabled: z.boolean(),
      totpEnrolled: z.boolean(),
      hasPassword: z.boolean(),
      personId: z.string().optional(),
      personName: z.string().optional(),
      grants: z.int(),
      lastSeenAt: moment().optional(),
    }),
  ),
})
export const createStaff = changeOperation({
  name: 'access.createStaff',
  input: z.object({ userName: UserName, name: words(120) }),
  /** The link lets its holder choose the password, once, within three days. */
  output: z.object({ userId: z.string(), passwordLink: z.string() }),
  refusals: ['userNameTaken'],
})
export const renewPasswordLink = changeOperation({
  name: 'access.renewPasswordLink',
  input: z.object({ userId: StaffId }),
  output: z.object({ passwordLink: z.string() }),
})
export const setStaffDisabled = changeOperation({
  name: 'access.setStaffDisabled',
  input: z.object({ userId: StaffId, disabled: z.boolean() }),
  output: z.object({}),
  refusals: ['yourself'],
})
export const resetTotp = changeOperation({
  name: 'access.resetTotp',
  input: z.object({ userId: StaffId }),
  output: z.object({}),
  refusals: ['yourself'],
})
/** Lets one of the staff open her own member page with the same sign-in. */
export const linkPerson = changeOperation({
  name: 'access.linkPerson',
  input: z.object({ userId: StaffId, register: text(60).default(''), personCode: text(60).optional() }),
  output: z.object({ personName: z.string().optional() }),
  refusals: ['noSuchPerson', 'alreadyLinked', 'severalRegisters'],
})

// The logs

export const logs = ['change', 'look'] as const
const LogFilter = z.object({
  log: z.enum(logs).default('change'),
  actor: text(100).default(''),
  operation: text(100).default(''),
  from: day().optional(),
  to: day().optional(),
})
export const LogLine = z.object({
  seq: z.int(),
  at: moment(),
  actor: z.string(),
  /** The name behind a staff actor, when there is one. */
  name: z.string(),
  operation: z.string(),
  about: z.record(z.string(), z.unknown()),
  howMany: z.int().optional(),
  reason: z.string().optional(),
})
export const log = readOperation({
  name: 'access.log',
  input: LogFilter.extend(Page.shape),
  output: paged(LogLine).extend({ operations: z.array(z.string()) }),
})
export const exportLog = fileOperation({ name: 'access.exportLog', input: LogFilter })
export const verifyLog = readOperation({
  name: 'access.verifyLog',
  input: z.object({}),
  output: z.object({
    ok: z.boolean(),
    seals: z.int(),
    lines: z.int(),
    unsealed: z.int(),
    lastSealedAt: moment().optional(),
    lastHash: z.string().optional(),
    /** The first seal that does not fit its lines. */
    broken: z.object({ log: z.enum(logs), fromSeq: z.int(), toSeq: z.int() }).optional(),
  }),
})

// My data

export const looksAtMe = readOperation({
  name: 'access.looksAtMe',
  input: Page,
  output: paged(
    z.object({
      at: moment(),
      who: z.string(),
      list: z.string(),
      howMany: z.int(),
      reason: z.string().optional(),
    }),
  ),
})
const Words = z.object({ vi: z.string(), en: z.string() })
export const myData = readOperation({
  name: 'access.myData',
  input: z.object({}),
  output: z.object({
    sections: z.array(
      z.object({
        key: z.string(),
        title: Words,
        fields: z.record(z.string(), Words),
        rows: z.array(z.record(z.string(), z.unknown())),
        retain: Words,
      }),
    ),
  }),
})
export const exportMyData = fileOperation({ name: 'access.exportMyData', input: z.object({}) })

// The demo: people to look around as, without passwords. Answered only where the whole installation is a demo.

export const demoPeople = readOperation({
  name: 'access.demoPeople',
  input: z.object({}),
  output: z.object({
    rows: z.array(z.object({ key: z.string(), title: z.string(), name: z.string(), path: z.string() })),
    /** A live session may be played on this machine, or is being played until then. */
    live: z.object({ offered: z.boolean(), until: z.string().optional() }),
  }),
})
/** The demo plays a live session for a while; asked for again, it is the one that is already being played. */
export const playLive = changeOperation({
  name: 'access.playLive',
  input: z.object({ play: z.boolean() }),
  output: z.object({ until: z.string().optional() }),
  refusals: ['noDemo'],
})
export const enterAsDemo = changeOperation({
  name: 'access.enterAsDemo',
  input: z.object({ key: z.string().max(60) }),
  output: z.object({ path: z.string() }),
})
