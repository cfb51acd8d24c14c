// Every word of the stage said over the wire: who and what is on air, who waits, what each line is worth, what each screen shows.
import { z } from 'zod'
import {
  changeOperation,
  event,
  hotOperation,
  id,
  moment,
  readOperation,
  text,
  topic,
  words,
} from '../../platform/contract.ts'

/*
 * A stage stands for one session (buổi). A *part* is whoever may be seen or heard on it. What is *on air* is the cut: one source at a
 * time for the picture, and the sound of every part whose microphone is open. Our database is the truth; the media server only carries it.
 */

export const partKinds = ['speaker', 'chair', 'moderator', 'site', 'member', 'telephone', 'technician'] as const
export const PartKind = z.enum(partKinds)
export type PartKind = z.output<typeof PartKind>
/** `backstage` sees and is seen by the control room only; `removed` does not come back until readmitted. */
export const partStates = ['invited', 'backstage', 'onAir', 'left', 'removed'] as const
export const PartState = z.enum(partStates)
export type PartState = z.output<typeof PartState>
export const stageStates = ['closed', 'backstage', 'onAir', 'break', 'ended'] as const
export const StageState = z.enum(stageStates)
export type StageState = z.output<typeof StageState>

/** What the programme shows. `slides` fills the picture with the current page; `file` plays a video of the materials; `slate` is a still with words. */
export const Source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('part'), partId: id<'Part'>(), screen: z.boolean().default(false) }),
  z.object({ kind: z.literal('slides') }),
  z.object({ kind: z.literal('file'), versionId: id<'Version'>(), fromSeconds: z.number().min(0).default(0) }),
  z.object({ kind: z.literal('slate'), words: text(200).default('') }),
])
export type Source = z.output<typeof Source>
/** A source with the words a screen needs. */
export const ShownSource = z.object({ source: Source, name: z.string(), detail: z.string().default('') })

const session = { sessionId: id<'Session'>() }
const atSite = { ...session, siteId: id<'Site'>() }

// ── the session on stage ─────────────────────────────────────────────────────
/** Makes the room, backstage: speakers and sites may join, nobody hears them yet. One that was ended by a slip of the finger opens again. A `relayed` session is shown on its parent's stage. */
export const openStage = changeOperation({
  name: 'stage.open',
  input: z.object(session),
  output: z.object({ state: StageState }),
  refusals: ['paperOnly', 'alreadyOpen', 'conferenceClosed', 'notApproved', 'relayed'],
})
export const goOnAir = changeOperation({
  name: 'stage.goOnAir',
  input: z.object(session),
  output: z.object({ state: StageState }),
  refusals: ['notOpen', 'already'],
})
/** A slate with words and the hour of return; microphones close. */
export const callBreak = changeOperation({
  name: 'stage.callBreak',
  input: z.object({ ...session, until: moment(), words: text(200).default('') }),
  output: z.object({ state: StageState }),
  refusals: ['notOnAir', 'outOfOrder'],
})
export const endStage = changeOperation({
  name: 'stage.end',
  input: z.object(session),
  output: z.object({ state: StageState }),
  refusals: ['notOpen'],
})
/**
 * Puts a source on air. `after` is the number of the take the director saw: two directors at once, and the second is asked again.
 * `takeId` is made by the client, so that a double click is one take.
 */
export const take = changeOperation({
  name: 'stage.take',
  input: z.object({ ...session, takeId: id<'Take'>(), after: z.int().min(0), source: Source }),
  output: z.object({ takeNo: z.int(), tookAt: z.string() }),
  refusals: ['notOnAir', 'takenMeanwhile', 'notThere', 'unknownPart', 'unknownFile', 'noSlides'],
})
/** Within five seconds, back to what was on air before. */
export const undoTake = changeOperation({
  name: 'stage.undoTake',
  input: z.object({ ...session, takeNo: z.int() }),
  output: z.object({ takeNo: z.int() }),
  refusals: ['tooLate', 'takenMeanwhile'],
})
/** What this director would take next; other directors see it outlined with a name. `null` puts it away. */
export const preview = changeOperation({
  name: 'stage.preview',
  input: z.object({ ...session, source: Source.nullable() }),
  output: z.object({}),
  refusals: ['unknownPart', 'unknownFile'],
})
/** Opens a microphone, for so many seconds where a countdown is wanted, or closes it. */
export const setMicrophone = changeOperation({
  name: 'stage.setMicrophone',
  input: z.object({
    ...session,
    partId: id<'Part'>(),
    open: z.boolean(),
    seconds: z.int().min(10).max(7_200).optional(),
  }),
  output: z.object({ open: z.boolean(), until: z.string().optional() }),
  refusals: ['unknownPart', 'removed', 'notThere'],
})
/** Closes the microphones of every hall (and called member); speakers stay. */
export const muteHalls = changeOperation({
  name: 'stage.muteHalls',
  input: z.object(session),
  output: z.object({ muted: z.int() }),
})
/** Off the stage, and not back with the token she still holds. */
export const removePart = changeOperation({
  name: 'stage.removePart',
  input: z.object({ ...session, partId: id<'Part'>(), why: text(200).default('') }),
  output: z.object({ state: PartState }),
  refusals: ['unknownPart'],
})
export const readmitPart = changeOperation({
  name: 'stage.readmitPart',
  input: z.object({ ...session, partId: id<'Part'>() }),
  output: z.object({ state: PartState }),
  refusals: ['unknownPart'],
})
/** The director's voice to one hall, not on air; ends by itself when the director leaves. */
export const talkBack = changeOperation({
  name: 'stage.talkBack',
  input: z.object({ ...session, partId: id<'Part'>().nullable() }),
  output: z.object({ to: z.string().nullable() }),
  refusals: ['unknownPart', 'notThere', 'busyWithAnother'],
})
/** One line for the lectern, a hall's console, or all halls. An empty line takes it away. */
export const sendMessage = changeOperation({
  name: 'stage.sendMessage',
  input: z.object({
    ...session,
    to: z.enum(['lectern', 'site', 'halls']),
    siteId: id<'Site'>().optional(),
    words: text(200),
  }),
  output: z.object({}),
  refusals: ['unknownSite'],
})
/** «Tôi xử lý»: one person has taken an alarm; the others see who. */
export const takeAlarm = changeOperation({
  name: 'stage.takeAlarm',
  input: z.object({ ...session, alarmKey: words(200), taken: z.boolean() }),
  output: z.object({}),
  refusals: ['unknownAlarm'],
})
/** A person who joins by telephone: heard through a phone held at the control room, and queued like everybody. */
export const addCaller = changeOperation({
  name: 'stage.addCaller',
  input: z.object({ ...session, partId: id<'Part'>(), name: words(120), unit: text(200).default('') }),
  output: z.object({ partId: z.string() }),
  refusals: ['notOpen'],
})

// ── the queue: halls, members and telephone in one order ─────────────────────
export const handKinds = ['site', 'member', 'telephone'] as const
export const handStates = ['waiting', 'called', 'onAir', 'done', 'withdrawn', 'declined'] as const
export const Hand = z.object({
  handId: z.string(),
  kind: z.enum(handKinds),
  partId: z.string().optional(),
  siteId: z.string().optional(),
  name: z.string(),
  unit: z.string(),
  about: z.string(),
  raisedAt: z.string(),
  state: z.enum(handStates),
  /** From 1, as things stand; 0 once called. */
  place: z.int(),
  /** While on air: when the turn ends. */
  until: z.string().optional(),
  line: z.string().optional(),
})
export type Hand = z.output<typeof Hand>
/** By the hall's manager; the id is made at the hall, so that a retry in bad radio is one hand. */
export const raiseHand = changeOperation({
  name: 'stage.raiseHand',
  input: z.object({ ...atSite, handId: id<'Hand'>(), about: text(200).default('') }),
  output: z.object({ handId: z.string(), place: z.int() }),
  refusals: ['notOpen', 'otherConference', 'tooManyHands'],
})
export const lowerHand = changeOperation({
  name: 'stage.lowerHand',
  input: z.object({ ...atSite, handId: id<'Hand'>() }),
  output: z.object({}),
  refusals: ['unknownHand'],
})
/** A member who watches on her own device asks to speak. */
export const raiseMyHand = changeOperation({
  name: 'stage.raiseMyHand',
  input: z.object({ ...session, handId: id<'Hand'>(), about: text(200).default('') }),
  output: z.object({ handId: z.string(), place: z.int() }),
  refusals: ['notOpen', 'notSummoned', 'tooManyHands'],
})
export const lowerMyHand = changeOperation({
  name: 'stage.lowerMyHand',
  input: z.object({ ...session, handId: id<'Hand'>() }),
  output: z.object({}),
  refusals: ['unknownHand'],
})
/** Where my own hand stands: in the queue (`place` from 1), called, on air, or how it ended, for half an hour. */
export const myHand = readOperation({
  name: 'stage.myHand',
  input: z.object(session),
  output: z.object({
    hand: Hand.pick({ handId: true, about: true, raisedAt: true, state: true, place: true, until: true })
      .extend({ words: z.string() })
      .optional(),
  }),
})
/** A telephone caller's hand, raised by the moderator for her. */
export const raiseCallersHand = changeOperation({
  name: 'stage.raiseCallersHand',
  input: z.object({ ...session, handId: id<'Hand'>(), partId: id<'Part'>(), about: text(200).default('') }),
  output: z.object({ handId: z.string() }),
  refusals: ['unknownPart', 'notOpen'],
})
/** The moderator's order of those who wait; hands not named keep theirs behind. */
export const orderHands = changeOperation({
  name: 'stage.orderHands',
  input: z.object({ ...session, handIds: z.array(id<'Hand'>()).max(500) }),
  output: z.object({}),
})
/** Called: the hall's console says «chuẩn bị lên sóng» and it joins backstage; the director puts it on air. */
export const callHand = changeOperation({
  name: 'stage.callHand',
  input: z.object({ ...session, handId: id<'Hand'>(), seconds: z.int().min(10).max(3_600).default(180) }),
  output: z.object({ partId: z.string() }),
  refusals: ['unknownHand', 'notWaiting'],
})
/** Without a raised hand: a hall that is asked to speak. */
export const callSite = changeOperation({
  name: 'stage.callSite',
  input: z.object({ ...atSite, handId: id<'Hand'>(), seconds: z.int().min(10).max(3_600).default(180) }),
  output: z.object({ partId: z.string() }),
  refusals: ['notOpen', 'otherConference'],
})
export const finishHand = changeOperation({
  name: 'stage.finishHand',
  input: z.object({
    ...session,
    handId: id<'Hand'>(),
    as: z.enum(['done', 'declined', 'waiting']),
    words: text(200).default(''),
  }),
  output: z.object({}),
  refusals: ['unknownHand'],
})

// ── run of show and slides ───────────────────────────────────────────────────
/** The real hours of the run of show. Starting a topic ends the one before. */
export const moveTopic = changeOperation({
  name: 'stage.moveTopic',
  input: z.object({ ...session, topicId: id<'Topic'>(), to: z.enum(['deliver', 'questions', 'ended']) }),
  output: z.object({}),
  refusals: ['notOpen', 'unknownTopic'],
})
/** Somebody else delivers this topic. */
export const standIn = changeOperation({
  name: 'stage.standIn',
  input: z.object({ ...session, topicId: id<'Topic'>(), speaker: words(200) }),
  output: z.object({}),
  refusals: ['unknownTopic'],
})
/** The page everybody sees. `clickNo` grows with every click of one lectern, so that a late retry does not turn back. */
export const showSlide = hotOperation({
  name: 'stage.showSlide',
  input: z.object({
    ...session,
    versionId: id<'Version'>(),
    page: z.int().min(1).max(2_000),
    clickNo: z.int().min(0),
    claimedAt: moment(),
  }),
  output: z.object({ page: z.int(), shownAt: z.string() }),
  refusals: ['notOpen', 'unknownDeck', 'noSuchPage'],
})
export const hideSlides = changeOperation({
  name: 'stage.hideSlides',
  input: z.object(session),
  output: z.object({}),
  refusals: ['notOpen'],
})

// ── the hall ─────────────────────────────────────────────────────────────────
/** The hall's picture, off until its manager turns it on; it goes off by itself when the session starts. */
export const setPicture = changeOperation({
  name: 'stage.setPicture',
  input: z.object({ ...atSite, on: z.boolean() }),
  output: z.object({ on: z.boolean() }),
  /** `running`: while the session is on air only a hall that is on air, called, or asks for help sends its picture. */
  refusals: ['otherConference', 'notOpen', 'running'],
})
export const faultKinds = ['noSound', 'noPicture', 'frozen', 'power', 'help', 'other'] as const
/** One tap. A fault of sound, picture or power opens an interruption; help does not. */
export const reportFault = changeOperation({
  name: 'stage.reportFault',
  input: z.object({
    ...atSite,
    faultId: id<'Fault'>(),
    kind: z.enum(faultKinds),
    words: text(200).default(''),
    claimedAt: moment(),
  }),
  output: z.object({ faultId: z.string() }),
  refusals: ['otherConference'],
})
export const clearFault = changeOperation({
  name: 'stage.clearFault',
  input: z.object({ ...atSite, faultId: id<'Fault'>() }),
  output: z.object({}),
  refusals: ['unknownFault'],
})
/** The last word from the hall, a caption on its tile: «Đã đủ tài liệu». */
export const sayWord = changeOperation({
  name: 'stage.sayWord',
  input: z.object({ ...atSite, words: text(80) }),
  output: z.object({}),
  refusals: ['otherConference'],
})

/** How a site receives the session. `none`: before a television, or not there. */
export const lineModes = ['webrtc', 'hls', 'audio', 'none'] as const
export const LineMode = z.enum(lineModes)
export type LineMode = z.output<typeof LineMode>
/** In words on a tile: Tốt · Chậm (HLS) · Yếu (sound and slides) · Lỗi (one way) · Mất · chưa nối. */
export const lineWords = ['good', 'slow', 'weak', 'fault', 'lost', 'away'] as const
export const LineWord = z.enum(lineWords)
export type LineWord = z.output<typeof LineWord>
/**
 * What a hall's screen or console measures of its own line, every ten seconds and at once when something changes.
 * Nothing about people: numbers of a connection.
 */
export const reportLine = hotOperation({
  name: 'stage.reportLine',
  input: z.object({
    ...atSite,
    from: z.enum(['screen', 'console']),
    mode: LineMode,
    /** Seconds of freezing since the last report. */
    frozenSeconds: z.number().min(0).max(600).default(0),
    lossPercent: z.number().min(0).max(100).default(0),
    roundTripMs: z.number().min(0).max(60_000).default(0),
    /** Sound that comes in is heard: false while the stream runs and nothing arrives. */
    hears: z.boolean().default(true),
    /** While its microphone is open: its sound reaches the media server. */
    heard: z.boolean().optional(),
    slidePage: z.int().min(0).max(2_000).default(0),
    claimedAt: moment(),
    deviceId: id<'Device'>(),
    skewMs: z.int().min(-86_400_000).max(86_400_000).default(0),
  }),
  output: z.object({
    /** How this site is to receive from now on. */
    mode: LineMode,
    serverTime: z.string(),
  }),
  refusals: ['otherConference', 'notYours'],
})
/** The control room says which tiles it looks at, so that a hall knows who is looking. */
export const watchTiles = hotOperation({
  name: 'stage.watchTiles',
  input: z.object({ ...session, siteIds: z.array(id<'Site'>()).max(60) }),
  output: z.object({ until: z.string() }),
  refusals: ['notYours'],
})

// ── joining ──────────────────────────────────────────────────────────────────
export const joinRoles = ['speaker', 'chair', 'moderator', 'director', 'site', 'screen', 'member'] as const
/** A short-lived pass into the room. Rights on the stage follow the part, not the token: they are changed while it is connected. */
export const join = changeOperation({
  name: 'stage.join',
  input: z.object({ ...session, as: z.enum(joinRoles), siteId: id<'Site'>().optional(), deviceId: id<'Device'>() }),
  output: z.object({
    partId: z.string(),
    /** Where to connect: a ws:// or wss:// address; a path means this very server. */
    url: z.string(),
    token: z.string(),
    identity: z.string(),
    /** STUN and TURN of this installation only; empty on one machine. */
    iceServers: z.array(
      z.object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() }),
    ),
    state: PartState,
  }),
  refusals: ['notOpen', 'ended', 'removed', 'stageNotReady', 'notCalled', 'otherConference', 'nodeFull', 'paperOnly'],
})
export const stageReady = readOperation({
  name: 'stage.ready',
  input: z.object({}),
  output: z.object({
    ready: z.boolean(),
    because: z.enum(['running', 'starting', 'installing', 'missing', 'failed', 'external']),
  }),
})
/** Sessions on whose stage I have a part: what the rooms of a director, a moderator, a speaker open with. */
export const myStages = readOperation({
  name: 'stage.mine',
  input: z.object({}),
  output: z.object({
    stages: z.array(
      z.object({
        sessionId: z.string(),
        conferenceId: z.string(),
        conferenceName: z.string(),
        sessionName: z.string(),
        startsAt: z.string(),
        endsAt: z.string(),
        state: StageState,
        sites: z.int(),
        rooms: z.array(z.enum(['control', 'moderation', 'lectern'])),
      }),
    ),
    /** Halls of mine, each with the session whose stage it watches: a relayed session's is its parent's. */
    halls: z.array(
      z.object({
        siteId: z.string(),
        siteName: z.string(),
        /** The conference the hall belongs to, as attendance knows it. */
        conferenceId: z.string(),
        sessionId: z.string(),
        conferenceName: z.string(),
        sessionName: z.string(),
        startsAt: z.string(),
        endsAt: z.string(),
        state: StageState,
      }),
    ),
  }),
})
/** Biểu 4: minutes good, poor and lost of each site, from the kept history. */
export const lineHistory = readOperation({
  name: 'stage.lineHistory',
  input: z.object({ ...session, siteId: id<'Site'>().optional() }),
  output: z.object({
    sites: z.array(
      z.object({
        siteId: z.string(),
        name: z.string(),
        goodMinutes: z.int(),
        poorMinutes: z.int(),
        lostMinutes: z.int(),
        spells: z.array(z.object({ word: LineWord, from: z.string(), to: z.string().optional() })),
      }),
    ),
  }),
})

// ── live ─────────────────────────────────────────────────────────────────────
export const TopicNow = z.object({
  topicId: z.string(),
  /** From 1. */
  nth: z.int(),
  of: z.int(),
  title: z.string(),
  speaker: z.string(),
  phase: z.enum(['deliver', 'questions', 'ended']),
  beganAt: z.string(),
  /** When questions are due: the reserved minutes are never eaten by a late start. */
  questionsAt: z.string(),
  endsAt: z.string(),
})
export const SlideNow = z.object({
  versionId: z.string(),
  page: z.int(),
  pages: z.int(),
  width: z.int(),
  height: z.int(),
  /** A signed path; a page is `${prefix}${page}.webp`, a small one `${prefix}${page}-640.webp`. */
  prefix: z.string(),
  shownAt: z.string(),
  clickNo: z.int(),
})
/** What everybody may know: read by halls, members' phones and the lectern alike. Small, because 95,000 watch it. */
export const Show = z.object({
  state: StageState,
  takeNo: z.int(),
  shown: ShownSource.optional(),
  topic: TopicNow.optional(),
  slide: SlideNow.optional(),
  breakUntil: z.string().optional(),
  words: z.string(),
  /** Who speaks now, by name of hall or person on stage. */
  speaking: z.array(z.object({ name: z.string(), unit: z.string(), until: z.string().optional() })),
  /** Parts whose sound belongs to the session now: whoever receives by WebRTC plays these and nobody else's, least of all backstage's. */
  heard: z.array(z.string()),
  onAirAt: z.string().optional(),
  hands: z.int(),
})
export type Show = z.output<typeof Show>
export const show = topic({ name: 'stage.show', params: z.object(session), snapshot: Show })

export const Alarm = z.object({
  key: z.string(),
  kind: z.enum(['lost', 'oneWay', 'unreported', 'steppedDown', 'fault']),
  /** What happened and since when; the web makes the sentence. */
  since: z.string(),
  sites: z.array(z.object({ siteId: z.string(), name: z.string(), groupId: z.string() })),
  detail: z.string(),
  faultKind: z.enum(faultKinds).optional(),
  /** The parent site heard it first; here it came when nobody there had taken it. */
  takenBy: z.string().optional(),
  mendedAt: z.string().optional(),
  loud: z.boolean(),
})
export type Alarm = z.output<typeof Alarm>
export const WallSite = z.object({
  siteId: z.string(),
  code: z.string(),
  name: z.string(),
  groupId: z.string(),
  parentSiteId: z.string().optional(),
  kind: z.string(),
  seats: z.int(),
  summoned: z.int(),
  /** The typed headcount where one came, else undefined: a site that did not report leaves both sides of the fraction. */
  headcount: z.int().optional(),
  present: z.int(),
  ready: z.boolean(),
  readyNote: z.string(),
  word: LineWord,
  mode: LineMode,
  since: z.string().optional(),
  picture: z.boolean(),
  handAt: z.string().optional(),
  lastWord: z.string(),
  fault: z.enum(faultKinds).optional(),
  /** Its part on the stage, when it has joined. */
  partId: z.string().optional(),
  identity: z.string().optional(),
  slidePage: z.int(),
  contactName: z.string(),
  contactPhone: z.string(),
})
export type WallSite = z.output<typeof WallSite>
export const StagePart = z.object({
  partId: z.string(),
  kind: PartKind,
  name: z.string(),
  unit: z.string(),
  siteId: z.string().optional(),
  state: PartState,
  connected: z.boolean(),
  microphone: z.boolean(),
  until: z.string().optional(),
  identity: z.string(),
})
export type StagePart = z.output<typeof StagePart>
export const RunItem = z.object({
  topicId: z.string().optional(),
  kind: z.enum(['deliver', 'questions', 'free']),
  title: z.string(),
  speaker: z.string(),
  plannedFrom: z.string(),
  plannedTo: z.string(),
  realFrom: z.string().optional(),
  realTo: z.string().optional(),
})
/** The control room: every site of the session in a fixed order, groups by the district it hangs under. */
export const wall = topic({
  name: 'stage.wall',
  params: z.object(session),
  snapshot: z.object({
    conference: z.object({
      conferenceId: z.string(),
      name: z.string(),
      sessionName: z.string(),
      startsAt: z.string(),
      endsAt: z.string(),
    }),
    state: StageState,
    takeNo: z.int(),
    shown: ShownSource.optional(),
    tookAt: z.string().optional(),
    tookBy: z.string().optional(),
    previews: z.array(z.object({ by: z.string(), userId: z.string(), shown: ShownSource })),
    talkBack: z.object({ partId: z.string(), by: z.string(), userId: z.string() }).optional(),
    groups: z.array(z.object({ groupId: z.string(), name: z.string() })),
    sites: z.array(WallSite),
    parts: z.array(StagePart),
    alarms: z.array(Alarm),
    hands: z.array(Hand),
    run: z.array(RunItem),
    topic: TopicNow.optional(),
    slide: SlideNow.optional(),
    messages: z.object({ lectern: z.string(), halls: z.string() }),
    /** Of the sites that reported. */
    headcount: z.object({ present: z.int(), summoned: z.int(), reported: z.int(), sites: z.int() }),
    screens: z.object({
      full: z.int(),
      slow: z.int(),
      soundAndSlides: z.int(),
      television: z.int(),
      keepsSlide: z.int(),
    }),
    at: z.string(),
  }),
})
/** A deck that may be shown. */
export const DeckShape = z.object({
  versionId: z.string(),
  title: z.string(),
  pages: z.int(),
  prefix: z.string(),
  width: z.int(),
  height: z.int(),
})
/** The moderator's queue. A member's name is here because she asked to speak; whoever does not order the queue reads `lectern`. */
export const queue = topic({
  name: 'stage.queue',
  params: z.object(session),
  snapshot: z.object({
    state: StageState,
    hands: z.array(Hand),
    parts: z.array(StagePart),
    topic: TopicNow.optional(),
    run: z.array(RunItem),
    decks: z.array(DeckShape),
    slide: SlideNow.optional(),
    /** The last click counted, also while no page is shown: the next one is greater. */
    clickNo: z.int(),
    message: z.string(),
    messageAt: z.string().optional(),
    takeNo: z.int(),
    shown: ShownSource.optional(),
  }),
})
/** The lectern: time, pages, the director's line. How many wait, and who speaks by hall or unit; nobody's name. */
export const lectern = topic({
  name: 'stage.lectern',
  params: z.object(session),
  snapshot: z.object({
    state: StageState,
    topic: TopicNow.optional(),
    run: z.array(RunItem),
    decks: z.array(DeckShape),
    slide: SlideNow.optional(),
    clickNo: z.int(),
    message: z.string(),
    messageAt: z.string().optional(),
    hands: z.int(),
    speaking: z.array(z.object({ unit: z.string(), until: z.string().optional() })),
    breakUntil: z.string().optional(),
  }),
})
/** One hall: its screen and its console. */
export const hall = topic({
  name: 'stage.hall',
  params: z.object(atSite),
  snapshot: z.object({
    site: z.object({
      siteId: z.string(),
      code: z.string(),
      name: z.string(),
      unit: z.string(),
      seats: z.int(),
      summoned: z.int(),
    }),
    conference: z.object({
      conferenceId: z.string(),
      name: z.string(),
      sessionName: z.string(),
      startsAt: z.string(),
      endsAt: z.string(),
    }),
    state: StageState,
    mode: LineMode,
    word: LineWord,
    since: z.string().optional(),
    present: z.int(),
    headcount: z.int().optional(),
    picture: z.boolean(),
    /** Names of those who look at the hall's picture now. */
    lookers: z.array(z.string()),
    hand: Hand.optional(),
    /** How many wait before it. */
    ahead: z.int(),
    onAir: z.boolean(),
    microphone: z.boolean(),
    microphoneUntil: z.string().optional(),
    talkBackBy: z.string().optional(),
    message: z.string(),
    fault: z.object({ faultId: z.string(), kind: z.enum(faultKinds), at: z.string() }).optional(),
    interruptions: z.array(
      z.object({ from: z.string(), to: z.string().optional(), minutes: z.int(), cause: z.string() }),
    ),
    /** Faults, silence and hands of the sites that hang on this one: the parent hears them first. */
    children: z.array(Alarm),
    childHands: z.array(z.object({ siteId: z.string(), name: z.string(), at: z.string() })),
    parent: z.object({ name: z.string(), contactName: z.string(), contactPhone: z.string() }).optional(),
  }),
})

/**
 * What later features follow: the cut changed, a page turned, a topic moved, the session went on air or ended. The event's own `at` is the
 * moment; the body says what holds from then on, so that a handler that comes late still writes down each step.
 */
export const cued = event({
  name: 'stage.cued',
  body: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('state'),
      sessionId: z.string(),
      state: StageState,
      until: z.string().optional(),
      words: z.string().optional(),
    }),
    z.object({ kind: z.literal('take'), sessionId: z.string(), takeNo: z.int(), source: Source }),
    /** No version: the page was taken away. */
    z.object({
      kind: z.literal('slide'),
      sessionId: z.string(),
      versionId: z.string().optional(),
      page: z.int().optional(),
    }),
    z.object({
      kind: z.literal('topic'),
      sessionId: z.string(),
      topicId: z.string(),
      title: z.string(),
      speaker: z.string(),
      phase: z.enum(['deliver', 'questions', 'ended']),
    }),
    z.object({ kind: z.literal('microphone'), sessionId: z.string(), partId: z.string(), open: z.boolean() }),
  ]),
})
