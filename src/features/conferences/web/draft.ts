// The programme while it is being written: clock times as typed, before they are sent.
import { atVietnam, dayOf, formatClock } from '../../../kernel/time.ts'
import type { InputOf } from '../../../platform/web/client.ts'
import type { arrangeSessions, audiences, modes, SessionShape } from '../contract.ts'

export type DraftTopic = {
  key: string
  topicId: string | undefined
  title: string
  speaker: string
  deliver: string
  questions: string
}
export type DraftSession = {
  key: string
  sessionId: string | undefined
  code: string
  name: string
  day: string | undefined
  from: string | undefined
  to: string | undefined
  mode: (typeof modes)[number]
  relaysId: string | undefined
  audience: (typeof audiences)[number]
  topics: DraftTopic[]
}

let made = 0
export const newKey = () => `moi-${++made}`
const clockOf = (at: Date) => formatClock(at).padStart(5, '0')

export const draftOf = (sessions: readonly SessionShape[]): DraftSession[] =>
  sessions.map((session) => ({
    key: session.sessionId,
    sessionId: session.sessionId,
    code: session.code,
    name: session.name,
    day: dayOf(new Date(session.startsAt)),
    from: clockOf(new Date(session.startsAt)),
    to: clockOf(new Date(session.endsAt)),
    mode: session.mode,
    relaysId: session.relaysId,
    audience: session.audience,
    topics: session.topics.map((topic) => ({
      key: topic.topicId,
      topicId: topic.topicId,
      title: topic.title,
      speaker: topic.speaker,
      deliver: String(topic.deliverMinutes),
      questions: String(topic.questionMinutes),
    })),
  }))

export const newTopic = (): DraftTopic => ({
  key: newKey(),
  topicId: undefined,
  title: '',
  speaker: '',
  deliver: '60',
  questions: '15',
})
/** The next half-day: an afternoon after a morning, else the next free code in the morning. */
export function newSession(before: readonly DraftSession[], relays: boolean): DraftSession {
  const last = before.at(-1)
  const afternoon = last?.from !== undefined && last.from < '12:00'
  const codes = new Set(before.map(({ code }) => code))
  let number = before.length + 1
  while (codes.has(`B${number}`)) number++
  return {
    key: newKey(),
    sessionId: undefined,
    code: `B${number}`,
    name: '',
    day: last?.day,
    from: afternoon ? '13:30' : '07:30',
    to: afternoon ? '17:00' : '11:30',
    mode: relays ? 'relayed' : 'local',
    relaysId: undefined,
    audience: 'members',
    topics: relays ? [] : [newTopic()],
  }
}

const minutes = (typed: string): number => (/^\d{1,3}$/.test(typed.trim()) ? Number(typed) : Number.NaN)
export const soundMinutes = (typed: string): boolean => minutes(typed) <= 600

/** As the rules read it; undefined while day or hours are not known. */
export function sessionOf(draft: DraftSession) {
  if (!draft.day || !draft.from || !draft.to) return undefined
  return {
    code: draft.code,
    startsAt: atVietnam(draft.day, draft.from),
    endsAt: atVietnam(draft.day, draft.to),
    mode: draft.mode,
    relaysId: draft.relaysId,
    audience: draft.audience,
    topics: draft.topics.map(({ title, speaker, deliver, questions }) => ({
      title,
      speaker,
      deliverMinutes: minutes(deliver) || 0,
      questionMinutes: minutes(questions) || 0,
    })),
  }
}

/** Can it be sent at all: days and hours there, an end after its beginning, every topic named, minutes in numbers. */
export const faultOf = (
  draft: DraftSession,
): 'noTime' | 'endsFirst' | 'noCode' | 'noTitle' | 'badMinutes' | undefined => {
  const session = sessionOf(draft)
  if (!session) return 'noTime'
  if (session.endsAt <= session.startsAt) return 'endsFirst'
  if (draft.code.trim() === '') return 'noCode'
  if (draft.topics.some(({ title }) => title.trim() === '')) return 'noTitle'
  if (draft.topics.some(({ deliver, questions }) => !soundMinutes(deliver) || !soundMinutes(questions)))
    return 'badMinutes'
  return undefined
}

export const toSend = (drafts: readonly DraftSession[]): InputOf<typeof arrangeSessions>['sessions'] =>
  drafts.map((draft) => {
    const session = sessionOf(draft)!
    return {
      ...(draft.sessionId ? { sessionId: draft.sessionId } : {}),
      code: draft.code.trim(),
      name: draft.name.trim(),
      startsAt: session.startsAt.toISOString(),
      endsAt: session.endsAt.toISOString(),
      mode: draft.mode,
      ...(draft.relaysId ? { relaysId: draft.relaysId } : {}),
      audience: draft.audience,
      topics: draft.topics.map((topic) => ({
        ...(topic.topicId ? { topicId: topic.topicId } : {}),
        title: topic.title.trim(),
        speaker: topic.speaker.trim(),
        deliverMinutes: minutes(topic.deliver),
        questionMinutes: minutes(topic.questions),
      })),
    }
  })

export const moved = <Item>(list: readonly Item[], from: number, to: number): Item[] => {
  const next = [...list]
  const [item] = next.splice(from, 1)
  if (item !== undefined) next.splice(to, 0, item)
  return next
}
