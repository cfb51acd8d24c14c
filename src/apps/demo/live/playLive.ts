// A live session, played against the real parts of this machine: a speaker and some halls in the room, every other hall on the programme,
// viewers, watchers, hands, a line that breaks and comes back. Bounded in time and in number; the figures of the campaign stay as they are.
import type { z } from 'zod'
import { reportHeadcount } from '../../../features/attendance/contract.ts'
import { watch } from '../../../features/broadcast/contract.ts'
import * as stage from '../../../features/stage/contract.ts'
import { newId } from '../../../kernel/id.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { sessionCookie } from '../../server/features.ts'
import { chanceOf, eachOf, steadyId } from '../hands.ts'
import { beginAnew, liveDay, stageStaff } from '../liveDay.ts'
import { type Caller, CallRefused, openCaller, openViewers, openWatchers } from './crowd.ts'
import { ensureDeck } from './deck.ts'
import { type Hall, hallsOfDay } from './halls.ts'
import type { Costume } from './puppet.ts'
import { openPuppets, type Puppets } from './puppets.ts'

export type LivePlan = {
  base: string
  /** Halls that report; the first few of them are in the room with picture. */
  sites: number
  onStage: number
  viewers: number
  watchers: number
  minutes: number
}
export type LiveNow = {
  second: number
  sites: number
  inRoom: number
  words: Record<string, number>
  viewers: number
  segments: number
  watchers: number
  messages: number
  errors: number
  beat: string
}
export type LiveEnd = LiveNow & { sessionId: string; stalls: number; broken: number; takes: number; because: string }

/** Tight enough for words to be true, loose enough for a laptop. */
const reportEveryMs = 10_000

export async function playLive(
  desk: Desk,
  plan: LivePlan,
  { stopped, tell }: { stopped: () => boolean; tell: (now: LiveNow) => void },
): Promise<LiveEnd> {
  const day = await liveDay(desk, new Date())
  if (!day) throw new Error('Chưa có buổi của hôm nay (no session of today)')
  const { sessionId } = day
  const caller = openCaller(plan.base)
  const cookieOf = (userName: string) => sessionCookie(desk, { userName }, new Date())
  const [director, moderator, speaker] = await Promise.all(
    [stageStaff.director, stageStaff.moderator, stageStaff.speaker].map(cookieOf),
  )
  const halls = await hallsOfDay(desk, day.conferenceId, plan.sites)
  const began = Date.now()
  const over = () => stopped() || Date.now() - began > plan.minutes * 60_000
  const now: LiveNow = {
    second: 0,
    sites: halls.length,
    inRoom: 0,
    words: {},
    viewers: 0,
    segments: 0,
    watchers: 0,
    messages: 0,
    errors: 0,
    beat: '',
  }
  let takes = 0
  let because = ''
  const puppets = openPuppets()
  const sitting: Sitting = { caller, sessionId, puppets, base: plan.base }
  const direct = <In extends { sessionId: string }>(it: Parameters<Caller['call']>[0], input: Omit<In, 'sessionId'>) =>
    caller.call(it, director!, { sessionId, ...input })
  const failed = (error: Error) => {
    if (!(error instanceof CallRefused)) now.errors++
    because = error.message
  }
  const tried = async (what: () => Promise<unknown>) => {
    try {
      await what()
      return true
    } catch (error) {
      failed(error as Error)
      return false
    }
  }

  await beginAnew(desk, day, new Date()).catch((error: Error) => {
    because = error.message
  })
  const deck = await ensureDeck(caller, day, director!).catch((error: Error) => {
    because = error.message
    return undefined
  })
  await tried(() => direct(stage.openStage, {}))
  const speakerPart = await sit(sitting, 'speaker', speaker!, { as: 'speaker' }, speakerCostume).catch((error) => {
    because = String(error.message ?? error)
    return undefined
  })
  const staged = halls.slice(0, plan.onStage)
  await seatHalls(sitting, staged, over)
  await tried(() => direct(stage.goOnAir, {}))
  let takeNo = 0
  const take = (source: object) =>
    tried(async () => {
      const given = await caller.call(stage.take, director!, { sessionId, takeId: newId(), after: takeNo, source })
      takeNo = given.takeNo
      takes++
    })
  /** The number of the last take may be another director's. */
  const takeAnew = async (source: object) => {
    if (await take(source)) return
    takeNo = await lastTake(plan.base, sessionId, director!)
    await take(source)
  }
  if (speakerPart) {
    await tried(() => direct(stage.setMicrophone, { partId: speakerPart, open: true }))
    await takeAnew({ kind: 'part', partId: speakerPart })
  } else await takeAnew(deck ? { kind: 'slides' } : { kind: 'slate', words: '' })

  // Every hall tells of its line, each at its own second.
  const silent = new Set<string>()
  const lines = halls.map((hall, nth) => keepReporting(caller, sessionId, hall, nth, { over, silent, now }))
  let playlist: string | undefined
  const viewers = openViewers(plan.base, () => playlist, plan.viewers, over)
  const watchers = openWatchers(plan.base, stage.show, { sessionId }, director!, plan.watchers, over)

  const topics = await topicsOf(desk, sessionId)
  const beats = beatsOf({
    halls: staged.length > 1 ? staged : halls.slice(0, 2),
    lostHall: halls[Math.min(halls.length - 1, plan.onStage + 1)],
    deck,
    topics,
    does: {
      async slide(page, clickNo) {
        if (!deck) return
        await tried(() =>
          caller.call(stage.showSlide, speaker!, {
            sessionId,
            versionId: deck.versionId,
            page,
            clickNo,
            claimedAt: new Date().toISOString(),
          }),
        )
      },
      topic: (topicId, to) => tried(() => direct(stage.moveTopic, { topicId, to })),
      hand: (hall, handId, about) =>
        tried(() => caller.call(stage.raiseHand, hall.cookie, { sessionId, siteId: hall.siteId, handId, about })),
      async call(hall, handId) {
        await tried(() => caller.call(stage.callHand, moderator!, { sessionId, handId, seconds: 60 }))
        const partId = await sit(
          sitting,
          hall.siteId,
          hall.cookie,
          { as: 'site', siteId: hall.siteId },
          floorCostume(hall),
        ).catch(failed)
        if (!partId) return
        await tried(() => direct(stage.setMicrophone, { partId, open: true, seconds: 60 }))
        await takeAnew({ kind: 'part', partId })
      },
      async thank(handId) {
        await tried(() => caller.call(stage.finishHand, moderator!, { sessionId, handId, as: 'done' }))
        if (speakerPart) await takeAnew({ kind: 'part', partId: speakerPart })
      },
      lose: (hall) => void silent.add(hall.siteId),
      find: (hall) => void silent.delete(hall.siteId),
      say: (hall, words) =>
        tried(() => caller.call(stage.sayWord, hall.cookie, { sessionId, siteId: hall.siteId, words })),
      slides: () => takeAnew({ kind: 'slides' }),
    },
  })
  const counting = headcounts(caller, desk, day.conferenceId, halls, over)
  for (let next = 0; !over(); ) {
    now.second = Math.round((Date.now() - began) / 1_000)
    while (next < beats.length && beats[next]!.second <= now.second && !over()) {
      now.beat = beats[next]!.words
      await beats[next]!.play()
      next++
    }
    const given = await caller.call(watch, director!, { sessionId }).catch(() => undefined)
    playlist = given?.master
    now.inRoom = puppets.joined()
    Object.assign(now, {
      viewers: viewers.counted.viewers,
      segments: viewers.counted.segments,
      watchers: watchers.counted.open,
      messages: watchers.counted.messages,
    })
    tell(now)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  watchers.close()
  await Promise.all([viewers.close(), ...lines, counting])
  await puppets.close()
  await tried(() => direct(stage.endStage, {}))
  caller.close()
  return {
    ...now,
    errors: now.errors + viewers.counted.errors,
    sessionId,
    stalls: viewers.counted.stalls,
    broken: watchers.counted.broken,
    takes,
    because,
  }
}

/**
 * Before the session goes on air a hall's manager may show its picture; then pictures stop by themselves, but for a hall that
 * asks for help. Whoever may not send one only sits in the room.
 */
async function seatHalls(sitting: Sitting, halls: readonly Hall[], over: () => boolean) {
  const { caller, sessionId } = sitting
  await eachOf(halls, 2, async (hall, nth) => {
    if (over()) return
    const { siteId, cookie } = hall
    if (nth === 1)
      await caller
        .call(stage.reportFault, cookie, {
          sessionId,
          siteId,
          faultId: newId(),
          kind: 'help',
          claimedAt: new Date().toISOString(),
        })
        .catch(() => {})
    const shows = await caller.call(stage.setPicture, cookie, { sessionId, siteId, on: true }).then(
      () => true,
      () => false,
    )
    const costume = shows ? tileCostume(hall) : { speaks: false }
    await sit(sitting, siteId, cookie, { as: 'site', siteId }, costume).catch(() => {})
  })
}

const speakerCostume: Costume = {
  picture: { scene: { kind: 'speaker', name: 'Báo cáo viên Trung ương', seed: 1 }, width: 1280, height: 720, fps: 15 },
  speaks: true,
}
const seedOf = (hall: Hall) => Math.floor(chanceOf('seed', hall.siteId) * 1_000)
/** The small picture a manager sends: 180p, one a second. */
const tileCostume = (hall: Hall): Costume => ({
  picture: { scene: { kind: 'hall', name: hall.name, seed: seedOf(hall) }, width: 320, height: 180, fps: 1 },
  speaks: false,
})
const floorCostume = (hall: Hall): Costume => ({
  picture: { scene: { kind: 'hall', name: hall.name, seed: seedOf(hall) }, width: 640, height: 360, fps: 12 },
  speaks: true,
})

type Sitting = { caller: Caller; sessionId: string; puppets: Puppets; base: string }
/** Asks for a pass and takes the seat; answers its part. */
async function sit(
  { caller, sessionId, puppets, base }: Sitting,
  name: string,
  cookie: string,
  who: { as: 'speaker' | 'site'; siteId?: string },
  costume: Costume,
): Promise<string> {
  const pass = await caller.call(stage.join, cookie, { sessionId, ...who, deviceId: steadyId('device', name) })
  const url = pass.url.startsWith('/') ? base.replace(/^http/, 'ws') : pass.url
  await puppets.join(name, { url, token: pass.token }, costume)
  return pass.partId
}

async function lastTake(base: string, sessionId: string, cookie: string): Promise<number> {
  const response = await fetch(`${base}/live/${stage.show.name}/state.json?sessionId=${sessionId}`, {
    headers: { cookie },
  })
  return response.ok ? ((await response.json()) as { snapshot: { takeNo: number } }).snapshot.takeNo : 0
}
const topicsOf = async (desk: Desk, sessionId: string) =>
  (
    await desk.pool.query<{ topicId: string }>(
      `select id as "topicId" from topic where session_id = $1 order by position`,
      [sessionId],
    )
  ).rows.map(({ topicId }) => topicId)

/** A few lines are weak, most are good; a hall that fell silent says nothing. */
async function keepReporting(
  caller: Caller,
  sessionId: string,
  hall: Hall,
  nth: number,
  { over, silent, now }: { over: () => boolean; silent: ReadonlySet<string>; now: LiveNow },
) {
  await new Promise((resolve) => setTimeout(resolve, (nth * 137) % reportEveryMs))
  let mode: (typeof stage.lineModes)[number] = hall.kind === 'viewing' ? 'none' : 'hls'
  let word = ''
  const weak = chanceOf('weak', hall.siteId) < 0.03
  while (!over()) {
    if (!silent.has(hall.siteId))
      try {
        const given: z.output<typeof stage.reportLine.output> = await caller.call(stage.reportLine, hall.cookie, {
          sessionId,
          siteId: hall.siteId,
          from: 'screen',
          mode,
          frozenSeconds: weak ? 2.5 : 0,
          lossPercent: weak ? 9 : 0.2,
          roundTripMs: 20 + 80 * chanceOf('rtt', hall.siteId),
          claimedAt: new Date().toISOString(),
          deviceId: steadyId('screen', hall.siteId),
        })
        mode = given.mode
        if (word !== mode) {
          if (word !== '') now.words[word] = (now.words[word] ?? 1) - 1
          now.words[mode] = (now.words[mode] ?? 0) + 1
          word = mode
        }
      } catch (error) {
        if (!(error instanceof CallRefused)) now.errors++
      }
    for (let waited = 0; waited < reportEveryMs && !over(); waited += 500)
      await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** Four numbers from nine halls in ten, within the first minutes. */
async function headcounts(
  caller: Caller,
  desk: Desk,
  conferenceId: string,
  halls: readonly Hall[],
  over: () => boolean,
) {
  const { rows } = await desk.pool.query<{ id: string }>(
    'select id from checkpoint where conference_id = $1 order by at limit 1',
    [conferenceId],
  )
  const checkpointId = rows[0]?.id
  if (checkpointId === undefined) return
  await eachOf(halls, 1, async (hall) => {
    if (over() || hall.summoned === 0 || chanceOf('silent', hall.siteId) < 0.05) return
    await new Promise((resolve) => setTimeout(resolve, 250))
    const present = Math.round(hall.summoned * (0.93 + 0.06 * chanceOf('present', hall.siteId)))
    const absentExcused = Math.round((hall.summoned - present) * 0.6)
    await caller
      .call(reportHeadcount, hall.cookie, {
        clientId: newId(),
        checkpointId,
        siteId: hall.siteId,
        claimedAt: new Date().toISOString(),
        deviceId: steadyId('device', hall.siteId),
        present,
        absentExcused,
        absentUnexcused: hall.summoned - present - absentExcused,
        guests: 0,
      })
      .catch(() => {})
  })
}

type Beat = { second: number; words: string; play: () => unknown }
type Does = {
  slide: (page: number, clickNo: number) => Promise<unknown>
  topic: (topicId: string, to: 'deliver' | 'questions' | 'ended') => Promise<unknown>
  hand: (hall: Hall, handId: string, about: string) => Promise<unknown>
  call: (hall: Hall, handId: string) => Promise<unknown>
  thank: (handId: string) => Promise<unknown>
  lose: (hall: Hall) => void
  find: (hall: Hall) => void
  say: (hall: Hall, words: string) => Promise<unknown>
  slides: () => Promise<unknown>
}
/** What happens when, over four minutes; then again from the questions on, for as long as it is played. */
function beatsOf(with_: {
  halls: readonly Hall[]
  lostHall: Hall | undefined
  deck: { versionId: string; pages: number } | undefined
  topics: readonly string[]
  does: Does
}): Beat[] {
  const { halls, lostHall, deck, topics, does } = with_
  const [one, two] = halls
  const beats: Beat[] = []
  const at = (second: number, words: string, play: () => unknown) => beats.push({ second, words, play })
  const [topic] = topics
  let clickNo = Math.floor(Date.now() / 1_000) % 100_000_000
  if (topic) at(2, 'chuyên đề 1 bắt đầu', () => does.topic(topic, 'deliver'))
  for (let second = 4, page = 1; second < 3_600; second += 20, page++)
    at(second, `trang ${((page - 1) % (deck?.pages ?? 1)) + 1}`, () =>
      does.slide(((page - 1) % (deck?.pages ?? 1)) + 1, clickNo++),
    )
  for (let round = 0; round < 14; round++) {
    const start = round * 240
    const [first, second] = [newId(), newId()]
    if (one) at(start + 25, `${one.name} giơ tay`, () => does.hand(one, first, 'Việc sáp nhập thôn'))
    if (two) at(start + 30, `${two.name} giơ tay`, () => does.hand(two, second, 'Chỉ tiêu kết nạp'))
    if (lostHall) {
      at(start + 35, `${lostHall.name} mất tín hiệu`, () => does.lose(lostHall))
      at(start + 150, `${lostHall.name} nối lại`, () => does.find(lostHall))
    }
    if (two) at(start + 40, `${two.name}: đã đủ tài liệu`, () => does.say(two, 'Đã đủ tài liệu'))
    if (one) {
      at(start + 60, `gọi ${one.name} lên sóng`, () => does.call(one, first))
      at(start + 95, `cảm ơn ${one.name}`, () => does.thank(first))
    }
    at(start + 110, 'trang chiếu toàn màn hình', () => does.slides())
    if (two) {
      at(start + 130, `gọi ${two.name} lên sóng`, () => does.call(two, second))
      at(start + 165, `cảm ơn ${two.name}`, () => does.thank(second))
    }
  }
  return beats.sort((before, after) => before.second - after.second)
}
