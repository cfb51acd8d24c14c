// What the control room makes of the wall: groups with their troubles, pages of tiles, plan and reality on one axis. Pure.
import type { z } from 'zod'
import { fold } from '../../kernel/fold.ts'
import type { Alarm, RunItem, StageState, TopicNow, WallSite, wall } from './contract.ts'

export type Wall = z.output<typeof wall.snapshot>
export type Run = readonly z.output<typeof RunItem>[]
type Topic = z.output<typeof TopicNow>

// ── sites ────────────────────────────────────────────────────────────────────
/** More than this on one page and a hall is no longer found at a glance. */
export const tilesAPage = 30
/** The first eleven groups have a key; the others are a step away. */
const groupKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', 'T'] as const

export const isUnderWay = (state: StageState): boolean => state === 'onAir' || state === 'break'
/** Sites an alarm names for want of a headcount: before its quarter of an hour nobody is late. */
export const unreportedSites = (alarms: readonly Alarm[]): ReadonlySet<string> =>
  new Set(
    alarms
      .filter((alarm) => alarm.kind === 'unreported' && alarm.mendedAt === undefined)
      .flatMap((alarm) => alarm.sites.map((site) => site.siteId)),
  )
/** A hall before a television has no line to lose. */
const hasLine = (site: WallSite) => site.kind !== 'viewing'
/** What a square and a tile are drawn as, worst first. */
export type Look = 'lost' | 'fault' | 'weak' | 'hand' | 'unreported' | 'away' | 'slow' | 'good'
export function lookOf(site: WallSite, unreported: ReadonlySet<string>, state: StageState): Look {
  if (site.word === 'lost' && hasLine(site)) return 'lost'
  if (site.word === 'fault') return 'fault'
  if (site.word === 'weak' && hasLine(site)) return 'weak'
  if (site.handAt !== undefined) return 'hand'
  if (unreported.has(site.siteId)) return 'unreported'
  if (site.word === 'away' && hasLine(site) && state !== 'closed') return 'away'
  return site.word === 'slow' ? 'slow' : 'good'
}
/** Needs a person: a line in trouble, a fault told by the hall, a headcount that is due, a hall that is not there once it runs. */
export function needsAttention(site: WallSite, unreported: ReadonlySet<string>, state: StageState): boolean {
  const look = lookOf({ ...site, handAt: undefined }, unreported, state)
  if (site.fault !== undefined) return true
  if (!isUnderWay(state) && state !== 'ended') return look === 'lost' || look === 'fault' || !site.ready
  return look !== 'good' && look !== 'slow'
}

export type Group = {
  groupId: string
  name: string
  key: string | undefined
  sites: readonly WallSite[]
  looks: readonly Look[]
  lost: number
  oneWay: number
  weak: number
  away: number
  unreported: number
  hands: number
}
/** In the order the server keeps; a group never moves. */
export function groupsOf({ groups, sites, alarms, state }: Wall): readonly Group[] {
  const unreported = unreportedSites(alarms)
  const bySite = Map.groupBy(sites, (site) => site.groupId)
  return groups.map(({ groupId, name }, at) => {
    const own = bySite.get(groupId) ?? []
    const looks = own.map((site) => lookOf(site, unreported, state))
    const count = (look: Look) => looks.filter((one) => one === look).length
    return {
      groupId,
      name,
      key: groupKeys[at],
      sites: own,
      looks,
      lost: count('lost'),
      oneWay: count('fault'),
      weak: count('weak'),
      away: isUnderWay(state) ? count('away') : 0,
      unreported: own.filter((site) => unreported.has(site.siteId)).length,
      hands: own.filter((site) => site.handAt !== undefined).length,
    }
  })
}
/** Of the sites that reported: the others leave both sides of the fraction. */
export function headsOf(sites: readonly WallSite[]) {
  const reported = sites.filter((site) => site.headcount !== undefined)
  return {
    reported: reported.length,
    sites: sites.length,
    present: reported.reduce((sum, site) => sum + (site.headcount ?? 0), 0),
    summoned: reported.reduce((sum, site) => sum + site.summoned, 0),
  }
}
export const pagesOf = (count: number): number => Math.max(1, Math.ceil(count / tilesAPage))
export const pageOf = (sites: readonly WallSite[], page: number): readonly WallSite[] =>
  sites.slice(page * tilesAPage, (page + 1) * tilesAPage)

/** Every typed word begins some word of the name, the code or the group; marks do not matter: «hong giang» finds Xã Hồng Giang. */
export function findSites(
  sites: readonly WallSite[],
  groupName: (groupId: string) => string,
  typed: string,
): readonly WallSite[] {
  const wanted = fold(typed).split(' ').filter(Boolean)
  if (wanted.length === 0) return []
  return sites.filter((site) => {
    const text = ` ${fold(`${site.name} ${site.code} ${groupName(site.groupId)}`)}`
    return wanted.every((word) => text.includes(` ${word}`))
  })
}
/** Where an arrow leads in a grid so many columns wide; stays where there is nothing further. */
export function stepIn(count: number, columns: number, at: number, key: string): number {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0
  const to = at + step
  return to < 0 || to >= count ? at : to
}
/** The same objects for what did not change, so that a snapshot a second redraws the one tile it is about. */
export function keepSame<Row extends object>(
  before: readonly Row[] | undefined,
  now: readonly Row[],
  keyOf: (row: Row) => string,
): readonly Row[] {
  if (before === undefined) return now
  const known = new Map(before.map((row) => [keyOf(row), row]))
  return now.map((row) => {
    const old = known.get(keyOf(row))
    return old !== undefined && JSON.stringify(old) === JSON.stringify(row) ? old : row
  })
}

// ── alarms ───────────────────────────────────────────────────────────────────
const loudness = ['lost', 'oneWay', 'fault', 'unreported', 'steppedDown'] as const
/** Loudest first; then those somebody has taken; last those that mended themselves. */
export const inOrder = (alarms: readonly Alarm[]): readonly Alarm[] => {
  const weight = (alarm: Alarm) =>
    (alarm.mendedAt ? 200 : alarm.takenBy ? 100 : 0) + (alarm.loud ? 0 : 10) + loudness.indexOf(alarm.kind)
  return alarms.toSorted((a, b) => weight(a) - weight(b) || a.since.localeCompare(b.since))
}
export const isOpen = (alarm: Alarm): boolean => alarm.mendedAt === undefined
/** Worth a sound: a hall that is on air, or about to be, is not heard or not there. */
export const isAudible = (alarm: Alarm, watched: ReadonlySet<string>): boolean =>
  isOpen(alarm) &&
  alarm.takenBy === undefined &&
  (alarm.kind === 'lost' || alarm.kind === 'oneWay') &&
  alarm.sites.some((site) => watched.has(site.siteId))

// ── plan and reality ─────────────────────────────────────────────────────────
export type Block = {
  key: string
  kind: Run[number]['kind']
  title: string
  topicId: string | undefined
  fromMs: number
  toMs: number
  look: 'plan' | 'done' | 'now' | 'coming'
}
const ms = (at: string) => Date.parse(at)
const current = (run: Run) => run.findLast((item) => item.realFrom !== undefined && item.realTo === undefined)

/** Whole minutes behind the plan, negative when ahead; `undefined` before anything has begun and when all is over. */
export function lateMinutes(run: Run, now: Date): number | undefined {
  const item = current(run)
  const minutes = (span: number) => Math.trunc(span / 60_000)
  if (item?.realFrom) {
    const start = ms(item.realFrom) - ms(item.plannedFrom)
    const over = now.getTime() - ms(item.plannedTo)
    return minutes(over > Math.max(start, 0) ? over : start)
  }
  const next = run.find((one) => one.realFrom === undefined && one.kind !== 'free')
  const begun = run.some((one) => one.realFrom !== undefined)
  if (next === undefined || (!begun && now.getTime() < ms(next.plannedFrom))) return undefined
  return Math.max(0, minutes(now.getTime() - ms(next.plannedFrom)))
}

export type Axis = {
  fromMs: number
  toMs: number
  ticks: readonly number[]
  plan: readonly Block[]
  real: readonly Block[]
  /** Minutes of questions that stay reserved after the topic that runs; `undefined` when none runs. */
  keptMinutes: number | undefined
  /** Minutes the running topic still has before its questions, or its questions before the end. */
  leftMinutes: number | undefined
}
/** Both rows on one axis. A late start eats the topic's own slack; the question minutes move but keep their length. */
export function axisOf(run: Run, topic: Topic | undefined, now: Date): Axis | undefined {
  if (run.length === 0) return undefined
  const block = (item: Run[number], at: number, fromMs: number, toMs: number, look: Block['look']): Block => ({
    key: `${at}-${look}`,
    kind: item.kind,
    title: item.title,
    topicId: item.topicId,
    fromMs,
    toMs,
    look,
  })
  const plan = run.map((item, at) => block(item, at, ms(item.plannedFrom), ms(item.plannedTo), 'plan'))
  const real: Block[] = []
  let keptMinutes: number | undefined
  let leftMinutes: number | undefined
  const running = current(run)
  for (const [at, item] of run.entries()) {
    if (item.realFrom === undefined) continue
    const from = ms(item.realFrom)
    if (item.realTo !== undefined) {
      real.push(block(item, at, from, ms(item.realTo), 'done'))
      continue
    }
    if (item !== running) continue
    real.push(block(item, at, from, Math.max(from, now.getTime()), 'now'))
    const mine = topic !== undefined && topic.topicId === item.topicId
    const length = ms(item.plannedTo) - ms(item.plannedFrom)
    const until = !mine
      ? from + length
      : item.kind === 'deliver'
        ? ms(topic.questionsAt)
        : item.kind === 'questions'
          ? ms(topic.endsAt)
          : from + length
    if (until > now.getTime()) {
      real.push(block(item, at, now.getTime(), until, 'coming'))
      leftMinutes = Math.ceil((until - now.getTime()) / 60_000)
    }
    const next = run[at + 1]
    if (item.kind === 'deliver' && next?.kind === 'questions') {
      const start = Math.max(until, now.getTime())
      const reserved = ms(next.plannedTo) - ms(next.plannedFrom)
      const end = mine ? Math.max(ms(topic.endsAt), start + reserved) : start + reserved
      real.push(block(next, at + 1, start, end, 'coming'))
      keptMinutes = Math.round(reserved / 60_000)
    }
  }
  const edges = [...plan, ...real].flatMap((one) => [one.fromMs, one.toMs])
  const fromMs = Math.min(...edges)
  const toMs = Math.max(...edges) + 4 * 60_000
  // Half hours where the day is short, hours where it is long: at most a dozen words on the axis.
  const step = (toMs - fromMs > 6 * 3_600_000 ? 60 : toMs - fromMs > 90 * 60_000 ? 30 : 10) * 60_000
  const ticks: number[] = []
  // Vietnam is a whole number of hours from UTC, so UTC half hours are its own.
  for (let at = Math.ceil((fromMs + 60_000) / step) * step; at < toMs; at += step) ticks.push(at)
  return { fromMs, toMs, ticks, plan, real, keptMinutes, leftMinutes }
}
/** «31:40», «1:02:05»; a minus when it is over. */
export function countdown(toMs: number, now: Date): string {
  const seconds = Math.round((toMs - now.getTime()) / 1_000)
  const left = Math.abs(seconds)
  const two = (part: number) => String(part).padStart(2, '0')
  const hours = Math.floor(left / 3_600)
  const minutes = Math.floor((left % 3_600) / 60)
  return `${seconds < 0 ? '−' : ''}${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(left % 60)}`
}
/** For how long, in whole minutes and seconds: what an alarm says of a line that is away. */
export function lasted(since: string, now: Date): { minutes: number; seconds: number } {
  const seconds = Math.max(0, Math.round((now.getTime() - ms(since)) / 1_000))
  return { minutes: Math.floor(seconds / 60), seconds: seconds % 60 }
}
/** Where dragging or keys put a hand: the list with the one at `from` at `to`. */
export function moved<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const item = items[from]
  if (item === undefined || to < 0 || to >= items.length) return items
  return items.toSpliced(from, 1).toSpliced(to, 0, item)
}
