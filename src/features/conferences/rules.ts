// When a conference may go on to its next state, and how the minutes of a session fall.
import { addMinutes, minutesBetween } from '../../kernel/time.ts'
import type { Problem, Purpose, State } from './contract.ts'

/** One step forward, an open one straight to closed (a make-up is often never live), an approval back to draft. */
const steps: Record<State, readonly State[]> = {
  draft: ['approved'],
  approved: ['open', 'draft'],
  open: ['live', 'closed'],
  live: ['closed'],
  closed: [],
}
export const nextStates = (from: State): readonly State[] => steps[from]
export const mayMove = (from: State, to: State): boolean => steps[from].includes(to)

/** Check-in, questions and everything digital: while it is held and holds nothing secret. */
export const mayGoOnline = (conference: { classified: boolean }): boolean => !conference.classified

type Topic = { title: string; speaker: string; deliverMinutes: number; questionMinutes: number }
type Session = {
  code: string
  startsAt: Date
  endsAt: Date
  mode: 'relayed' | 'local'
  relaysId?: string | undefined
  audience: 'public' | 'members' | 'internal'
  topics: readonly Topic[]
}
/** What is studied is delivered by topics; a make-up may show what was delivered before. */
const needsTopics = (purpose: Purpose) => purpose === 'study' || purpose === 'class'
const reservesQuestions = (purpose: Purpose) => needsTopics(purpose) || purpose === 'makeup'

/** Everything that stands between a draft and its approval; empty when nothing does. */
export function approvalProblems(
  conference: { purpose: Purpose; classified: boolean; ownDevice: boolean; parentId?: string | undefined },
  sessions: readonly Session[],
): Problem[] {
  const problems: Problem[] = sessions.length === 0 ? [{ because: 'noSession' }] : []
  for (const session of sessions) {
    const relayed = session.mode === 'relayed' && conference.parentId !== undefined
    if (relayed && !session.relaysId) problems.push({ because: 'relaysNothing', session: session.code })
    if (relayed) continue
    if (session.topics.length === 0) {
      if (needsTopics(conference.purpose)) problems.push({ because: 'noTopic', session: session.code })
      continue
    }
    if (reservesQuestions(conference.purpose) && session.topics.every(({ questionMinutes }) => questionMinutes === 0))
      problems.push({ because: 'noQuestionMinutes', session: session.code })
    const over = minutesOf(session.topics) - minutesBetween(session.startsAt, session.endsAt)
    if (over > 0) problems.push({ because: 'minutesOverflow', session: session.code, minutes: over })
  }
  const inOrder = [...sessions].sort((one, other) => +one.startsAt - +other.startsAt)
  for (const [at, session] of inOrder.entries()) {
    const next = inOrder[at + 1]
    if (next && next.startsAt < session.endsAt)
      problems.push({ because: 'sessionsOverlap', session: session.code, other: next.code })
  }
  if (conference.classified && (conference.ownDevice || sessions.some(({ audience }) => audience === 'public')))
    problems.push({ because: 'classifiedOnline' })
  return problems
}
export const minutesOf = (topics: readonly { deliverMinutes: number; questionMinutes: number }[]): number =>
  topics.reduce((sum, { deliverMinutes, questionMinutes }) => sum + deliverMinutes + questionMinutes, 0)

export type Item = {
  kind: 'deliver' | 'questions' | 'free'
  title: string
  speaker: string
  from: Date
  to: Date
  minutes: number
  /** Which topic of the session, from 0; none for the free rest. */
  topicAt?: number
}
/** A session's minutes one after another from its start: each topic, its questions, and what is left free at the end. */
export function layOut(session: { startsAt: Date; endsAt: Date; topics: readonly Topic[] }): Item[] {
  const items: Item[] = []
  let from = session.startsAt
  const put = (kind: Item['kind'], minutes: number, title: string, speaker: string, topicAt?: number) => {
    if (minutes <= 0) return
    const to = addMinutes(from, minutes)
    items.push({ kind, title, speaker, from, to, minutes, ...(topicAt === undefined ? {} : { topicAt }) })
    from = to
  }
  for (const [at, { title, speaker, deliverMinutes, questionMinutes }] of session.topics.entries()) {
    put('deliver', deliverMinutes, title, speaker, at)
    put('questions', questionMinutes, title, speaker, at)
  }
  put('free', minutesBetween(from, session.endsAt), '', '')
  return items
}

/** What is wrong with a list of sessions whatever the state: these cannot even be kept as a draft. */
export function sessionFault(
  sessions: readonly { code: string; startsAt: Date; endsAt: Date }[],
): { because: 'sessionCodeTwice' | 'sessionEndsFirst'; session: string } | undefined {
  const seen = new Set<string>()
  for (const { code, startsAt, endsAt } of sessions) {
    if (seen.has(code)) return { because: 'sessionCodeTwice', session: code }
    seen.add(code)
    if (endsAt <= startsAt) return { because: 'sessionEndsFirst', session: code }
  }
  return undefined
}
