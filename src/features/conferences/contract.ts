// Conference → session (buổi, a half-day) → topic (chuyên đề): what is held, when, and who speaks.
import { z } from 'zod'
import {
  changeOperation,
  event,
  fileOperation,
  id,
  moment,
  Page,
  paged,
  readOperation,
  text,
  words,
} from '../../platform/contract.ts'

export const purposes = ['study', 'makeup', 'outreach', 'class', 'contest', 'meeting'] as const
export const states = ['draft', 'approved', 'open', 'live', 'closed'] as const
export const modes = ['relayed', 'local'] as const
export const audiences = ['public', 'members', 'internal'] as const
export type Purpose = (typeof purposes)[number]
export type State = (typeof states)[number]

const code = () => words(40).pipe(z.string().regex(/^[\p{L}\p{N}._-]+$/u, 'letters, digits, dot, dash, underscore'))

const topicFields = {
  title: words(300),
  speaker: text(200).default(''),
  deliverMinutes: z.int().min(0).max(600),
  questionMinutes: z.int().min(0).max(600),
}
export const TopicForm = z.object(topicFields)
const sessionFields = {
  /** «B1», unique in the conference; files of arrivals name it. */
  code: code(),
  name: text(200).default(''),
  startsAt: moment(),
  endsAt: moment(),
  /** `relayed`: the parent's programme is shown; `local`: held by the unit itself. */
  mode: z.enum(modes).default('relayed'),
  audience: z.enum(audiences).default('members'),
  topics: z.array(TopicForm).max(30).default([]),
}
/** A session as people bring it in a file. Checkpoints are added to it where they are known. */
export const SessionForm = z.object({
  ...sessionFields,
  /** The session of the parent conference that is relayed, by its code. */
  relays: code().optional(),
})
export type SessionForm = z.output<typeof SessionForm>

const details = {
  name: words(300),
  purpose: z.enum(purposes).default('study'),
  /** Holds content that may not be put on any network: every digital function is off, paper forms only. */
  classified: z.boolean().default(false),
  /** May members take part on their own device? */
  ownDevice: z.boolean().default(true),
  /** What to bring and read, as printed in the programme. */
  documents: text(2_000).default(''),
  contact: text(300).default(''),
}
/** A conference as people bring it in a file: units by code, the parent conference by code. */
export const ConferenceForm = z.object({
  code: code(),
  ...details,
  /** Without one, the campaign's own scope unit. */
  unit: z.object({ register: words(60).optional(), code: words(60) }).optional(),
  parent: code().optional(),
  sessions: z.array(SessionForm).max(20).default([]),
})
export type ConferenceForm = z.output<typeof ConferenceForm>

const SessionInput = z.object({
  /** Kept when given, so that checkpoints stay with their session. */
  sessionId: id<'Session'>().optional(),
  ...sessionFields,
  topics: z
    .array(TopicForm.extend({ topicId: id<'Topic'>().optional() }))
    .max(30)
    .default([]),
  relaysId: id<'Session'>().optional(),
})
export type SessionInput = z.output<typeof SessionInput>
const SessionList = z.array(SessionInput).max(20)

export const createConference = changeOperation({
  name: 'conferences.create',
  input: z.object({
    conferenceId: id<'Conference'>().optional(),
    campaignId: id<'Campaign'>(),
    unitId: id<'Unit'>(),
    parentId: id<'Conference'>().optional(),
    code: code(),
    ...details,
    sessions: SessionList.default([]),
  }),
  output: z.object({ conferenceId: z.string(), code: z.string() }),
  refusals: [
    'codeTaken',
    'unknownUnit',
    'outsideScope',
    'afterCutOff',
    'unknownParent',
    'sessionCodeTwice',
    'sessionEndsFirst',
    'unknownSession',
  ],
})
export const updateConference = changeOperation({
  name: 'conferences.update',
  input: z.object({
    conferenceId: id<'Conference'>(),
    code: code().optional(),
    name: words(300).optional(),
    purpose: z.enum(purposes).optional(),
    ownDevice: z.boolean().optional(),
    documents: text(2_000).optional(),
    contact: text(300).optional(),
    parentId: id<'Conference'>().nullable().optional(),
  }),
  output: z.object({ conferenceId: z.string() }),
  refusals: ['codeTaken', 'closed', 'onlyInDraft', 'unknownParent', 'classified'],
})
/** The whole programme at once: sessions and topics in their order. Sessions left out are taken away. */
export const arrangeSessions = changeOperation({
  name: 'conferences.arrange',
  input: z.object({ conferenceId: id<'Conference'>(), sessions: SessionList }),
  output: z.object({ sessionIds: z.array(z.string()) }),
  refusals: ['closed', 'sessionCodeTwice', 'sessionEndsFirst', 'unknownSession', 'sessionInUse', 'notApprovable'],
})
export const removeConference = changeOperation({
  name: 'conferences.remove',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: z.object({ removed: z.boolean() }),
  refusals: ['onlyInDraft', 'inUse'],
})
/** Forward one step at a time (an open conference may be closed without having been live); an approval may be taken back. */
export const moveState = changeOperation({
  name: 'conferences.moveState',
  input: z.object({ conferenceId: id<'Conference'>(), to: z.enum(states) }),
  output: z.object({ state: z.enum(states) }),
  refusals: ['notNext', 'notApprovable', 'already'],
})
/** Switching on: own devices and public sessions go off with it, at once. Switching off again is possible in draft only. */
export const setClassified = changeOperation({
  name: 'conferences.setClassified',
  input: z.object({ conferenceId: id<'Conference'>(), classified: z.boolean() }),
  output: z.object({ classified: z.boolean() }),
  refusals: ['closed', 'onlyInDraft', 'already'],
})

export const problemKinds = [
  'noSession',
  'noTopic',
  'noQuestionMinutes',
  'minutesOverflow',
  'sessionsOverlap',
  'relaysNothing',
  'classifiedOnline',
] as const
/** Why a conference cannot be approved yet; what the sentence needs beside it. */
export const Problem = z.object({
  because: z.enum(problemKinds),
  session: z.string().optional(),
  other: z.string().optional(),
  minutes: z.int().optional(),
})
export type Problem = z.output<typeof Problem>

export const TopicShape = z.object({
  topicId: z.string(),
  title: z.string(),
  speaker: z.string(),
  deliverMinutes: z.int(),
  questionMinutes: z.int(),
})
export const SessionShape = z.object({
  sessionId: z.string(),
  code: z.string(),
  name: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  mode: z.enum(modes),
  relaysId: z.string().optional(),
  relaysCode: z.string().optional(),
  audience: z.enum(audiences),
  /** Its own; a relayed session shows its parent's. */
  topics: z.array(TopicShape),
})
export type SessionShape = z.output<typeof SessionShape>

export const ConferenceLine = z.object({
  conferenceId: z.string(),
  code: z.string(),
  name: z.string(),
  purpose: z.enum(purposes),
  state: z.enum(states),
  classified: z.boolean(),
  unit: z.object({ unitId: z.string(), code: z.string(), name: z.string() }),
  parentId: z.string().optional(),
  sessions: z.int(),
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
})
export const listConferences = readOperation({
  name: 'conferences.list',
  input: Page.extend({
    campaignId: id<'Campaign'>(),
    /** The unit and all below it. */
    unitId: id<'Unit'>().optional(),
    purposes: z.array(z.enum(purposes)).optional(),
    states: z.array(z.enum(states)).optional(),
    find: text(100).optional(),
  }),
  output: paged(ConferenceLine).extend({ abilities: z.array(z.enum(['createConference'])) }),
})
export const getConference = readOperation({
  name: 'conferences.get',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: ConferenceLine.omit({ sessions: true }).extend({
    campaign: z.object({ campaignId: z.string(), code: z.string(), name: z.string() }),
    parent: z.object({ conferenceId: z.string(), code: z.string(), name: z.string() }).optional(),
    /** Sessions of the parent that may be relayed. */
    parentSessions: z.array(SessionShape),
    ownDevice: z.boolean(),
    documents: z.string(),
    contact: z.string(),
    sessions: z.array(SessionShape),
    problems: z.array(Problem),
    /** The states it may be moved to now. */
    next: z.array(z.enum(states)),
    approvedAt: z.string().optional(),
    openedAt: z.string().optional(),
    liveAt: z.string().optional(),
    closedAt: z.string().optional(),
    abilities: z.array(z.string()),
  }),
})

/** One line of the day, with its hours worked out from the minutes. */
export const ProgrammeItem = z.object({
  kind: z.enum(['deliver', 'questions', 'free']),
  title: z.string(),
  speaker: z.string(),
  from: z.string(),
  to: z.string(),
  minutes: z.int(),
})
export const getProgramme = readOperation({
  name: 'conferences.programme',
  input: z.object({ conferenceId: id<'Conference'>() }),
  output: z.object({
    conferenceId: z.string(),
    code: z.string(),
    name: z.string(),
    campaign: z.string(),
    unit: z.string(),
    state: z.enum(states),
    classified: z.boolean(),
    documents: z.string(),
    contact: z.string(),
    sessions: z.array(
      z.object({
        sessionId: z.string(),
        code: z.string(),
        name: z.string(),
        startsAt: z.string(),
        endsAt: z.string(),
        mode: z.enum(modes),
        audience: z.enum(audiences),
        items: z.array(ProgrammeItem),
      }),
    ),
  }),
})
export const programmeFile = fileOperation({
  name: 'conferences.programmeFile',
  input: z.object({ conferenceId: id<'Conference'>(), format: z.enum(['pdf', 'docx']).default('pdf') }),
  refusals: ['noSession'],
})

export const stateMoved = event({
  name: 'conferences.stateMoved',
  body: z.object({ campaignId: z.string(), conferenceId: z.string(), from: z.enum(states), to: z.enum(states) }),
})
