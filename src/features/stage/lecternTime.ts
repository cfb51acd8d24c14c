// What a lectern says about time. The reserved question minutes are never the speaker's to spend, and never taken from her by a lock.

import type { z } from 'zod'
import type { TopicNow } from './contract.ts'

type Topic = Pick<z.output<typeof TopicNow>, 'phase' | 'beganAt' | 'questionsAt' | 'endsAt'>
export type LecternTime = {
  /** `over`: into the question minutes; `late`: past the end of the topic. */
  state: 'deliver' | 'over' | 'questions' | 'late'
  /** Of the number that is shown; below nought when over. */
  seconds: number
  /** Of the reserved minutes, still to be had. */
  questionSeconds: number
  /** Shares of the two parts of the bar that are used, 0–1. */
  usedOfDelivery: number
  usedOfQuestions: number
  /** Where in the whole bar the questions begin, 0–1. */
  questionsAtShare: number
}
const secondsTo = (at: string, now: Date) => Math.round((new Date(at).getTime() - now.getTime()) / 1000)
const share = (part: number, whole: number) => (whole <= 0 ? 1 : Math.min(1, Math.max(0, part / whole)))

export function lecternTime(topic: Topic, now: Date): LecternTime {
  const began = new Date(topic.beganAt).getTime()
  const questions = new Date(topic.questionsAt).getTime()
  const ends = new Date(topic.endsAt).getTime()
  const at = now.getTime()
  const toQuestions = secondsTo(topic.questionsAt, now)
  const toEnd = secondsTo(topic.endsAt, now)
  const delivers = topic.phase === 'deliver'
  const state = toEnd < 0 ? 'late' : delivers ? (toQuestions < 0 ? 'over' : 'deliver') : 'questions'
  return {
    state,
    seconds: state === 'late' ? toEnd : delivers ? toQuestions : toEnd,
    questionSeconds: Math.max(0, Math.min(toEnd, Math.round((ends - questions) / 1000))),
    usedOfDelivery: delivers ? share(at - began, questions - began) : 1,
    usedOfQuestions: share(at - questions, ends - questions),
    questionsAtShare: share(questions - began, ends - began),
  }
}
/** «11:30», «−2:10», «1:05:00». */
export function formatLeft(seconds: number): string {
  const all = Math.abs(seconds)
  const two = (count: number) => String(count).padStart(2, '0')
  const hours = Math.floor(all / 3600)
  const minutes = Math.floor(all / 60) % 60
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`
  return seconds < 0 ? `−${text}` : text
}

export type Click = { versionId: string; page: number; clickNo: number; claimedAt: string }
export type Shown = { versionId: string; page: number } | undefined
/** The page this lectern shows: its own newest click while the server has not counted it, else what the server says (another lectern may have turned). */
export function pageHere(server: { slide: Shown; clickNo: number } | undefined, own: Click | undefined): Shown {
  if (own && (server === undefined || own.clickNo > server.clickNo)) return { versionId: own.versionId, page: own.page }
  return server?.slide && { versionId: server.slide.versionId, page: server.slide.page }
}
/** Greater than every click known here or counted there. */
export const nextClickNo = (server: { clickNo: number } | undefined, own: Click | undefined): number =>
  Math.max(server?.clickNo ?? 0, own?.clickNo ?? 0) + 1
