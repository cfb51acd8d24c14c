// What is decided on the stage, given what is known and the clock: who speaks next, what a line is worth, who receives how, what needs a person.
import { addMinutes } from '../../kernel/time.ts'
import type { faultKinds, LineMode, LineWord, PartKind, PartState, StageState } from './contract.ts'

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000

// ── the session ──────────────────────────────────────────────────────────────
const moves: Record<StageState, readonly StageState[]> = {
  closed: ['backstage'],
  backstage: ['onAir', 'ended'],
  onAir: ['break', 'ended'],
  break: ['onAir', 'ended'],
  // Ended by a slip of the finger: it opens again, under the same room.
  ended: ['backstage'],
}
export const mayMoveStage = (from: StageState, to: StageState): boolean => moves[from].includes(to)
/** People may be on it. */
export const openStates = ['backstage', 'onAir', 'break'] as const satisfies readonly StageState[]
export const isOpen = (state: StageState): boolean => (openStates as readonly StageState[]).includes(state)

export const undoSeconds = 5
export const lookSeconds = 15
const lostAfterSeconds = 25
/** A line that was away for less is no interruption of the hall's study. */
export const interruptionAfterSeconds = 60

/** A hall's picture goes to the control room before and between; while the session is on air only from those who speak or ask for help. */
export const mayShowPicture = (it: { state: StageState; speaks: boolean; asksForHelp: boolean }): boolean =>
  it.state === 'backstage' || it.state === 'break' || (it.state === 'onAir' && (it.speaks || it.asksForHelp))

/**
 * Where a part stands by what is true of it: shown or heard is on air; a hall or member that waits for its turn is backstage; else a hall
 * listens (`invited`) and a member has gone back to her own device (`left`). Whoever was removed stays so.
 */
export function standingOf(it: {
  kind: PartKind
  state: PartState
  shown: boolean
  heard: boolean
  called: boolean
}): PartState {
  if (it.state === 'removed') return 'removed'
  if (it.kind === 'technician') return 'backstage'
  if (it.shown || it.heard) return 'onAir'
  if (it.kind === 'site') return it.called ? 'backstage' : 'invited'
  if (it.kind === 'member') return it.called ? 'backstage' : 'left'
  return it.state === 'left' || it.state === 'invited' ? it.state : 'backstage'
}

// ── the queue ────────────────────────────────────────────────────────────────
export type Waiting = {
  handId: string
  raisedAt: Date
  /** Who asks: a site, a person, a caller. */
  speaker: string
  group: string
  /** How deep in the tree, whatever its levels are called; own devices and telephone have one of their own. */
  level: number
  /** The moderator's own place for it. */
  ordered?: number | undefined
}
/** Who has had a turn in this session, one line a turn. */
export type Turn = { speaker: string; group: string; level: number }

/**
 * The one queue. The moderator's order wins. Behind it: those who have not spoken before those who have; then whoever's district, and then
 * whoever's level, has had the fewest turns, counting the turns this very queue will give, so that neither fills it; then the earlier hand.
 */
export function orderQueue<Hand extends Waiting>(hands: readonly Hand[], turns: readonly Turn[]): Hand[] {
  const ordered = hands
    .filter((hand) => hand.ordered !== undefined)
    .sort((one, other) => one.ordered! - other.ordered! || earlier(one, other))
  const spoken = tally(turns.map(({ speaker }) => speaker))
  const ofGroup = tally(turns.map(({ group }) => group))
  const ofLevel = tally(turns.map(({ level }) => String(level)))
  const count = (hand: Hand) => {
    add(spoken, hand.speaker)
    add(ofGroup, hand.group)
    add(ofLevel, String(hand.level))
  }
  for (const hand of ordered) count(hand)
  const left = hands.filter((hand) => hand.ordered === undefined).sort(earlier)
  const queue = [...ordered]
  while (left.length > 0) {
    let next = 0
    for (let at = 1; at < left.length; at++) if (before(left[at]!, left[next]!)) next = at
    const [hand] = left.splice(next, 1)
    count(hand!)
    queue.push(hand!)
  }
  return queue

  /** Only a true difference moves a later hand ahead of an earlier one. */
  function before(one: Hand, other: Hand): boolean {
    for (const [counts, of] of [
      [spoken, (hand: Hand) => hand.speaker],
      [ofGroup, (hand: Hand) => hand.group],
      [ofLevel, (hand: Hand) => String(hand.level)],
    ] as const) {
      const difference = (counts.get(of(one)) ?? 0) - (counts.get(of(other)) ?? 0)
      if (difference !== 0) return difference < 0
    }
    return false
  }
}
const earlier = (one: Waiting, other: Waiting) =>
  one.raisedAt.getTime() - other.raisedAt.getTime() || (one.handId < other.handId ? -1 : 1)
const add = (counts: Map<string, number>, of: string) => counts.set(of, (counts.get(of) ?? 0) + 1)
const tally = (words: readonly string[]) => {
  const counts = new Map<string, number>()
  for (const word of words) add(counts, word)
  return counts
}

// ── what a line is worth ─────────────────────────────────────────────────────
export type Report = {
  from: 'screen' | 'console'
  mode: LineMode
  frozenSeconds: number
  lossPercent: number
  roundTripMs: number
  hears: boolean
  heard?: boolean | undefined
  slidePage: number
  /** Corrected by the measured skew. */
  at: Date
  receivedAt: Date
}
/** What is remembered of one device between two reports. */
export type DeviceMemory = {
  at: string
  /** By the server's clock. */
  heardAt: string
  countedAt: string
  mode: LineMode
  troubled: number
  calm: number
  deaf: number
  /** Trouble that has been confirmed by a second report and not yet been outlived by three good ones. */
  inTrouble: boolean
  oneWay: boolean
}
export type LineMemory = {
  screen?: DeviceMemory | undefined
  console?: DeviceMemory | undefined
  /** How far the site has stepped down for its own line: 0 not, 1 to HLS, 2 to sound and slides. */
  step?: 0 | 1 | 2 | undefined
  /** Numbers of the last report, for whoever looks closer. */
  last?: { lossPercent: number; roundTripMs: number; frozenSeconds: number } | undefined
}
export type Line = { word: LineWord; memory: LineMemory }

/** Two bad reports in a row make trouble, three good ones end it: one hiccup does not flap on the wall. */
const confirmAfter = 2
const calmAfter = 3
const stepDownAfter = 3
const stepUpAfter = 12
/** Reports sent at once when something changes are not counted as another ten seconds. */
const countEverySeconds = 4

/**
 * The moment a report is of: what the device claims, corrected by its measured skew. A live report is at most a minute old and not of the
 * future: a claim that is further off comes from a clock nobody has measured yet, and the moment it was received is nearer the truth.
 */
export function reportedAt(it: { claimedAt: Date; skewMs: number; receivedAt: Date }): Date {
  const received = it.receivedAt.getTime()
  const corrected = it.claimedAt.getTime() + it.skewMs
  return new Date(corrected < received - 60_000 || corrected > received ? received : corrected)
}

const isBad = (report: Report) =>
  report.mode !== 'none' && (report.frozenSeconds >= 2 || report.lossPercent >= 8 || report.roundTripMs >= 2_000)
const isOneWay = (report: Report) => (report.mode !== 'none' && !report.hears) || report.heard === false

/** What the line is worth after a report, with the memory the next one is judged by. */
export function judgeLine(previous: Line, report: Report): Line {
  const before = previous.memory[report.from]
  const counts = before === undefined || secondsBetween(new Date(before.countedAt), report.at) >= countEverySeconds
  // Another way of receiving is judged afresh.
  const afresh = before === undefined || before.mode !== report.mode
  const bad = isBad(report)
  const oneWay = isOneWay(report)
  const run = (n: number | undefined, on: boolean) => (!on ? 0 : counts || n === 0 ? (n ?? 0) + 1 : (n ?? 0))
  const troubled = run(afresh ? 0 : before.troubled, bad)
  const calm = run(afresh ? 0 : before.calm, !bad)
  const deaf = run(before?.deaf, oneWay)
  const device: DeviceMemory = {
    at: report.at.toISOString(),
    heardAt: report.receivedAt.toISOString(),
    countedAt: counts ? report.at.toISOString() : before.countedAt,
    mode: report.mode,
    troubled,
    calm,
    deaf,
    inTrouble: afresh ? false : before.inTrouble ? calm < calmAfter : troubled >= confirmAfter,
    oneWay: deaf >= confirmAfter,
  }
  const memory: LineMemory = {
    ...previous.memory,
    [report.from]: device,
    last: { lossPercent: report.lossPercent, roundTripMs: report.roundTripMs, frozenSeconds: report.frozenSeconds },
  }
  if (device === watchedOf(memory)) {
    const step = memory.step ?? 0
    if (troubled >= stepDownAfter && step < 2) {
      memory.step = (step + 1) as 1 | 2
      device.troubled = 0
    } else if (calm >= stepUpAfter && step > 0) {
      memory.step = (step - 1) as 0 | 1
      device.calm = 0
    } else memory.step = step
  }
  return { word: wordOf(memory, report.receivedAt), memory }
}
const isSilent = (device: DeviceMemory | undefined, now: Date) =>
  device !== undefined && secondsBetween(new Date(device.heardAt), now) > lostAfterSeconds
/** The device whose picture the hall follows: its screen, or the console of a hall that has none or has put it away. */
export const watchedOf = ({ screen, console }: LineMemory): DeviceMemory | undefined =>
  screen && (screen.mode !== 'none' || !console) ? screen : console
const isWithConsole = ({ console }: LineMemory, now: Date): boolean =>
  console !== undefined && secondsBetween(new Date(console.heardAt), now) <= lostAfterSeconds
/**
 * In a word, at this moment: lost when the screen that was there has not been heard of for 25 seconds. `earsSince`: while this server was
 * away itself it could hear nobody.
 */
export function wordOf(memory: LineMemory, now: Date, earsSince = new Date(0)): LineWord {
  const watched = watchedOf(memory)
  // A hall whose console speaks to us is there, whatever it watches; a console that falls silent so was only put away.
  if (!watched || watched.mode === 'none') return isWithConsole(memory, now) ? 'good' : 'away'
  if (isSilent(watched, now) && secondsBetween(earsSince, now) > lostAfterSeconds) return 'lost'
  if (watched.oneWay || (memory.console?.oneWay && !isSilent(memory.console, now))) return 'fault'
  if (watched.inTrouble || watched.mode === 'audio') return 'weak'
  return watched.mode === 'hls' ? 'slow' : 'good'
}
/**
 * Minutes nobody noticed: a screen that comes back after more than a minute of silence had lost its line, also when this server was not
 * there to see it. Answers since when.
 */
export function silentSince(memory: LineMemory, at: Date): Date | undefined {
  const watched = watchedOf(memory)
  if (!watched || watched.mode === 'none') return undefined
  const heardAt = new Date(watched.heardAt)
  return secondsBetween(heardAt, at) >= interruptionAfterSeconds ? heardAt : undefined
}
/** Good, poor or lost minutes, as Biểu 4 counts them; whoever was not there counts in none. */
export const minutesKind = (word: LineWord): 'good' | 'poor' | 'lost' | undefined =>
  word === 'away' ? undefined : word === 'lost' ? 'lost' : word === 'weak' || word === 'fault' ? 'poor' : 'good'

// ── who receives how ─────────────────────────────────────────────────────────
export type Receiver = {
  siteId: string
  kind: 'hall' | 'viewing'
  /** On air, or called and about to be. */
  speaks: boolean
  /** Its screen or console has reported lately. */
  here: boolean
  step: 0 | 1 | 2
  wanted: LineMode
  /** How deep in the tree; the deeper go to HLS first. */
  depth: number
}
/**
 * WebRTC while the node has places, else HLS. Whoever speaks is always in; of the rest a site that has a place keeps it, free ones go to
 * the shallower and better lines first, and when places become fewer the deeper and worse lose theirs first.
 */
export function assignModes(sites: readonly Receiver[], places: number): Map<string, LineMode> {
  const modes = new Map<string, LineMode>()
  const wish: Receiver[] = []
  let taken = 0
  for (const site of sites) {
    if (site.kind === 'viewing') modes.set(site.siteId, 'none')
    else if (site.speaks) {
      modes.set(site.siteId, 'webrtc')
      taken++
    } else if (site.step === 2) modes.set(site.siteId, 'audio')
    else if (site.step === 1 || !site.here) modes.set(site.siteId, 'hls')
    else wish.push(site)
  }
  wish.sort(
    (one, other) =>
      Number(other.wanted === 'webrtc') - Number(one.wanted === 'webrtc') ||
      one.depth - other.depth ||
      (one.siteId < other.siteId ? -1 : 1),
  )
  for (const [at, site] of wish.entries()) modes.set(site.siteId, at < places - taken ? 'webrtc' : 'hls')
  return modes
}

// ── what needs a person ──────────────────────────────────────────────────────
export type AlarmKind = 'lost' | 'oneWay' | 'unreported' | 'steppedDown' | 'fault'
export type FaultKind = (typeof faultKinds)[number]
export type Trouble = {
  kind: AlarmKind
  siteId: string
  since: Date
  mendedAt?: Date | undefined
  faultKind?: FaultKind | undefined
  detail?: string | undefined
}
export type AlarmSite = {
  siteId: string
  name: string
  groupId: string
  parentSiteId?: string | undefined
  /** On air, or in some director's preview. */
  shown: boolean
}
export type Taken = { key: string; by: string; at: Date }
export type AlarmNow = {
  key: string
  /** Of each trouble in it: whoever takes the alarm takes them all, so that it stays taken when the first of them is mended. */
  keys: string[]
  kind: AlarmKind
  since: Date
  sites: { siteId: string; name: string; groupId: string }[]
  detail: string
  faultKind?: FaultKind | undefined
  takenBy?: string | undefined
  mendedAt?: Date | undefined
  loud: boolean
}
export const unreportedAfterMinutes = 15
const parentFirstSeconds = 120
const parentKeepsMinutes = 10
const mendedStaysMinutes = 10
const sameCauseSeconds = 300
const strikesWithinSeconds = 60
const strikesDistricts = 3
const loudness: readonly AlarmKind[] = ['lost', 'oneWay', 'fault', 'unreported', 'steppedDown']

const troubleKey = (it: Trouble) =>
  `${it.kind}:${it.faultKind ?? ''}:${it.siteId}:${Math.floor(it.since.getTime() / 1000)}`

/**
 * Alarms as the control room hears them, or a parent site about those that hang on it. A parent has two minutes before the control room
 * hears, and ten once somebody there has taken it; a site that hangs on the centre itself, or is shown, is heard here at once.
 */
export function alarmsOf(
  troubles: readonly Trouble[],
  {
    sites,
    taken,
    now,
    ears,
  }: {
    sites: readonly AlarmSite[]
    taken: readonly Taken[]
    now: Date
    ears: { at: 'control' } | { at: 'site'; siteId: string }
  },
): AlarmNow[] {
  const siteOf = new Map(sites.map((site) => [site.siteId, site]))
  const takenBy = new Map(taken.map((one) => [one.key, one]))
  const heard = troubles.filter((trouble) => {
    const site = siteOf.get(trouble.siteId)
    if (!site || site.siteId === undefined) return false
    if (trouble.mendedAt && secondsBetween(trouble.mendedAt, now) > mendedStaysMinutes * 60) return false
    if (ears.at === 'site') return site.parentSiteId === ears.siteId
    const parent = site.parentSiteId === undefined ? undefined : siteOf.get(site.parentSiteId)
    const hangsOnCentre = parent === undefined || parent.parentSiteId === undefined
    if (hangsOnCentre || site.shown) return true
    const lasted = secondsBetween(trouble.since, trouble.mendedAt ?? now)
    // Taken before it came here, it was taken there.
    const hand = takenBy.get(troubleKey(trouble))
    const keptThere = hand !== undefined && secondsBetween(trouble.since, hand.at) < parentFirstSeconds
    return lasted >= (keptThere ? parentKeepsMinutes * 60 : parentFirstSeconds)
  })
  const alarms = causesOf(heard, (siteId) => siteOf.get(siteId)!.groupId).map((together): AlarmNow => {
    const first = together[0]!
    const keys = together.map(troubleKey)
    const mended = together.every(({ mendedAt }) => mendedAt)
    const hand = keys.map((key) => takenBy.get(key)).find((one) => one !== undefined)
    return {
      key: keys[0]!,
      keys,
      kind: first.kind,
      since: first.since,
      sites: together.map(({ siteId }) => {
        const { name, groupId } = siteOf.get(siteId)!
        return { siteId, name, groupId }
      }),
      detail: first.detail ?? '',
      ...(first.faultKind ? { faultKind: first.faultKind } : {}),
      ...(hand ? { takenBy: hand.by } : {}),
      ...(mended ? { mendedAt: together.map(({ mendedAt }) => mendedAt!).sort((a, b) => +b - +a)[0]! } : {}),
      loud:
        !mended &&
        (first.kind === 'lost' || first.kind === 'oneWay') &&
        together.some(({ siteId }) => siteOf.get(siteId)!.shown),
    }
  })
  return alarms.sort(
    (one, other) =>
      Number(one.mendedAt !== undefined) - Number(other.mendedAt !== undefined) ||
      Number(other.loud) - Number(one.loud) ||
      loudness.indexOf(one.kind) - loudness.indexOf(other.kind) ||
      one.since.getTime() - other.since.getTime() ||
      (one.key < other.key ? -1 : 1),
  )
}

/**
 * Troubles with one cause together: all halls that have not reported, all that have stepped down; of the rest those of one district that
 * begin within five minutes of each other, and whatever strikes three districts within one minute, which is the centre's own.
 * What is mended and what goes on are told apart: two lines, not one that is half true.
 */
function causesOf(troubles: readonly Trouble[], groupOf: (siteId: string) => string): Trouble[][] {
  const kinds = Map.groupBy(
    [...troubles].sort((one, other) => one.since.getTime() - other.since.getTime()),
    ({ kind, faultKind, mendedAt }) => `${kind} ${faultKind ?? ''} ${mendedAt ? 'mended' : ''}`,
  )
  return [...kinds.values()].flatMap((alike) => {
    const { kind } = alike[0]!
    if (kind === 'unreported' || kind === 'steppedDown') return [alike]
    return runsWithin(alike, strikesWithinSeconds)
      .flatMap((run) => {
        const groups = Map.groupBy(run, ({ siteId }) => groupOf(siteId))
        return groups.size >= strikesDistricts ? [run] : []
      })
      .concat(
        [...Map.groupBy(apart(alike), ({ siteId }) => groupOf(siteId)).values()].flatMap((district) =>
          runsWithin(district, sameCauseSeconds),
        ),
      )
  })

  /** Those that are no part of a strike. */
  function apart(alike: readonly Trouble[]) {
    return runsWithin(alike, strikesWithinSeconds).flatMap((run) =>
      new Set(run.map(({ siteId }) => groupOf(siteId))).size >= strikesDistricts ? [] : run,
    )
  }
}
/** In the order of time, cut wherever more than so many seconds pass. */
function runsWithin(troubles: readonly Trouble[], seconds: number): Trouble[][] {
  const runs: Trouble[][] = []
  for (const trouble of troubles) {
    const last = runs.at(-1)
    if (last && secondsBetween(last.at(-1)!.since, trouble.since) <= seconds) last.push(trouble)
    else runs.push([trouble])
  }
  return runs
}

// ── run of show ──────────────────────────────────────────────────────────────
export type PlannedTopic = {
  topicId: string
  title: string
  speaker: string
  deliverMinutes: number
  questionMinutes: number
}
export type RealTopic = {
  topicId: string
  speaker?: string | undefined
  beganAt?: Date | undefined
  questionsAt?: Date | undefined
  endedAt?: Date | undefined
}
export type TopicClock = {
  topicId: string
  nth: number
  of: number
  title: string
  speaker: string
  phase: 'deliver' | 'questions' | 'ended'
  beganAt: Date
  questionsAt: Date
  endsAt: Date
}
/**
 * The topic that is on, with its hours. It begins late and its own minutes are kept while what comes later still fits before the session's
 * end; where there is no more room the delivery becomes shorter. The reserved question minutes never do.
 */
export function topicNow(
  session: { endsAt: Date; topics: readonly PlannedTopic[] },
  real: readonly RealTopic[],
): TopicClock | undefined {
  // A topic that was taken out of the programme meanwhile is no longer on.
  const begun = real.filter((one) => one.beganAt && session.topics.some(({ topicId }) => topicId === one.topicId))
  const last = begun.sort((one, other) => one.beganAt!.getTime() - other.beganAt!.getTime()).at(-1)
  const at = last ? session.topics.findIndex(({ topicId }) => topicId === last.topicId) : -1
  if (!last || at < 0) return undefined
  const topic = session.topics[at]!
  const beganAt = last.beganAt!
  const later = session.topics
    .slice(at + 1)
    .filter(({ topicId }) => !real.some((one) => one.topicId === topicId && one.endedAt))
    .reduce((sum, one) => sum + one.deliverMinutes + one.questionMinutes, 0)
  const latestQuestions = addMinutes(session.endsAt, -later - topic.questionMinutes)
  const wanted = addMinutes(beganAt, topic.deliverMinutes)
  const planned = new Date(Math.max(beganAt.getTime(), Math.min(wanted.getTime(), latestQuestions.getTime())))
  const questionsAt = last.questionsAt ?? planned
  return {
    topicId: topic.topicId,
    nth: at + 1,
    of: session.topics.length,
    title: topic.title,
    speaker: last.speaker ?? topic.speaker,
    phase: last.endedAt ? 'ended' : last.questionsAt ? 'questions' : 'deliver',
    beganAt,
    questionsAt,
    endsAt: last.endedAt ?? addMinutes(questionsAt, topic.questionMinutes),
  }
}

export type RunLine = {
  topicId?: string | undefined
  kind: 'deliver' | 'questions' | 'free'
  title: string
  speaker: string
  plannedFrom: Date
  plannedTo: Date
  realFrom?: Date | undefined
  realTo?: Date | undefined
}
type PlannedItem = {
  kind: 'deliver' | 'questions' | 'free'
  title: string
  speaker: string
  from: Date
  to: Date
  topicAt?: number
}
/** The plan with what really happened beside it. */
export const runOfShow = (
  items: readonly PlannedItem[],
  topics: readonly PlannedTopic[],
  real: readonly RealTopic[],
): RunLine[] =>
  items.map(({ kind, title, speaker, from, to, topicAt }) => {
    const topicId = topicAt === undefined ? undefined : topics[topicAt]?.topicId
    const was = real.find((one) => one.topicId === topicId)
    const realFrom = kind === 'deliver' ? was?.beganAt : kind === 'questions' ? was?.questionsAt : undefined
    const realTo =
      kind === 'deliver' ? (was?.questionsAt ?? was?.endedAt) : kind === 'questions' ? was?.endedAt : undefined
    return {
      kind,
      title,
      speaker: was?.speaker ?? speaker,
      plannedFrom: from,
      plannedTo: to,
      ...(topicId ? { topicId } : {}),
      ...(realFrom ? { realFrom } : {}),
      ...(realFrom && realTo ? { realTo } : {}),
    }
  })
