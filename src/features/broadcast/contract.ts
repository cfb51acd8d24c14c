// Every word of the broadcast said over the wire. The media itself are plain files under signed paths: /phat/<path>/master.m3u8.
import { z } from 'zod'
import { changeOperation, id, readOperation, topic } from '../../platform/contract.ts'

export const programmeStates = ['off', 'starting', 'running', 'waiting', 'ended', 'failed'] as const
/**
 * Why there is no programme: no ffmpeg, no stage, not on air yet, or what broke. While it runs: the picture steps down because the machine
 * cannot keep up (`slowMachine`), or what is shown has stood still for five seconds (`sourceFrozen`).
 */
export const programmeBecause = [
  '',
  'noFfmpeg',
  'noStage',
  'notOnAir',
  'encoderFailed',
  'diskFull',
  'stopped',
  'slowMachine',
  'sourceFrozen',
] as const
const session = { sessionId: id<'Session'>() }

export const Programme = z.object({
  state: z.enum(programmeStates),
  because: z.enum(programmeBecause),
  /** A path of this server or, where an operator set one, an address of the CDN; renewed before it is over. */
  master: z.string().optional(),
  /** The same from the beginning; the whole recording once it is over. */
  fromStart: z.string().optional(),
  /** 32 kbit/s mono sound alone: for a weak line, together with the slides. */
  audio: z.string().optional(),
  /** What happened when: slides, topics, cuts, each with its moment in the programme. JSON lines (`TimelineLine`), oldest first. */
  timeline: z.string().optional(),
  pathUntil: z.string().optional(),
  beganAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** Seconds behind the hall, as the playlist is cut: told, not hidden. */
  behindSeconds: z.number(),
})
export type Programme = z.output<typeof Programme>
/**
 * A line of the timeline: what the audience sees or hears from `at` (the programme's own clock, as in EXT-X-PROGRAM-DATE-TIME).
 * `earlier` comes first where the beginning lies in chunks of their own: `timeline-0.jsonl` to `timeline-<chunks - 1>.jsonl`, never changed;
 * the lines after it begin with what held at that moment.
 */
export const TimelineLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('earlier'), chunks: z.int() }),
  z.object({ kind: z.literal('slide'), at: z.string(), versionId: z.string(), page: z.int() }),
  z.object({ kind: z.literal('noSlide'), at: z.string() }),
  z.object({
    kind: z.literal('topic'),
    at: z.string(),
    topicId: z.string(),
    title: z.string(),
    speaker: z.string(),
    phase: z.enum(['deliver', 'questions', 'ended']),
  }),
  z.object({ kind: z.literal('cut'), at: z.string(), source: z.enum(['part', 'screen', 'slides', 'file', 'slate']) }),
  z.object({ kind: z.literal('state'), at: z.string(), state: z.string(), until: z.string().optional() }),
])
export type TimelineLine = z.output<typeof TimelineLine>
/** Where to watch; asked for again before `pathUntil`. For a public session anybody may ask. */
export const watch = readOperation({
  name: 'broadcast.watch',
  input: z.object(session),
  output: Programme.extend({
    conferenceId: z.string(),
    conferenceName: z.string(),
    sessionName: z.string(),
    startsAt: z.string(),
    endsAt: z.string(),
    audience: z.enum(['public', 'members', 'internal']),
    serverTime: z.string(),
    /** Where the pages that the timeline names lie: `${prefix}${page}.webp` and `${prefix}${page}-640.webp`. Ask again for one not here. */
    decks: z.array(
      z.object({
        versionId: z.string(),
        prefix: z.string(),
        pages: z.int(),
        width: z.int(),
        height: z.int(),
      }),
    ),
  }),
  refusals: ['paperOnly', 'notSummoned'],
})
/** The state of the programme, live. No paths: those are asked for. */
export const programme = topic({
  name: 'broadcast.programme',
  params: z.object(session),
  snapshot: Programme.pick({ state: true, because: true, beganAt: true, endedAt: true, behindSeconds: true }),
})
/** Sessions of mine that may be watched now or soon: a member's way in. */
export const myProgrammes = readOperation({
  name: 'broadcast.mine',
  input: z.object({}),
  output: z.object({
    sessions: z.array(
      z.object({
        sessionId: z.string(),
        conferenceId: z.string(),
        conferenceName: z.string(),
        sessionName: z.string(),
        startsAt: z.string(),
        endsAt: z.string(),
        onAir: z.boolean(),
        state: z.enum(programmeStates),
      }),
    ),
  }),
})
/** The director starts the encoder anew; what was made stays, viewers go over a mark in the playlist. */
export const restartProgramme = changeOperation({
  name: 'broadcast.restart',
  input: z.object(session),
  output: z.object({}),
  refusals: ['notRunning'],
})
export const listRecordings = readOperation({
  name: 'broadcast.recordings',
  input: z.object({ campaignId: id<'Campaign'>() }),
  output: z.object({
    recordings: z.array(
      z.object({
        sessionId: z.string(),
        conferenceCode: z.string(),
        sessionCode: z.string(),
        state: z.enum(programmeStates),
        beganAt: z.string(),
        endedAt: z.string().optional(),
        seconds: z.number(),
        bytes: z.int(),
        runs: z.int(),
        renditions: z.array(z.object({ name: z.string(), segments: z.int(), seconds: z.number() })),
        /** A path that may be opened on this server; `file` is where it lies on the server's own disk. */
        master: z.string(),
        file: z.string(),
      }),
    ),
  }),
})
