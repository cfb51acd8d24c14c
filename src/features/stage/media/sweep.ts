// Every few seconds the rooms are made to say what the database says: news may be lost, people may do what they may not.
import type { Desk } from '../../../platform/server/desk.ts'
import { type MediaNews, tellMediaNews } from '../server/mediaServer.ts'
import { type Mend, whatToMend } from './mend.ts'
import type { Rooms } from './rooms.ts'
import { endedRooms, type OpenStage, openStages, partsOf } from './store.ts'

const sweepEveryMs = 3000
const soonMs = 700
/** After the media server came back everybody is on her way in: nobody is told to have left meanwhile. */
const settleMs = 20_000

export type Sweep = {
  /** A hint came: look before the next turn. */
  soon: () => void
  /** The media server is there (again), with empty rooms perhaps. */
  up: () => Promise<void>
  down: () => void
  /** The room is there, for somebody who is about to enter it. */
  ensure: (room: string) => Promise<void>
  stop: () => Promise<void>
}

export function openSweep(desk: Desk, rooms: Rooms, log: (fault: unknown, about: string) => void): Sweep {
  let isUp = false
  let upAt = 0
  let made = new Set<string>()
  let running: Promise<void> | undefined
  let soonAt: NodeJS.Timeout | undefined
  const fault = (error: unknown) => log(error, 'media sweep')
  const every = setInterval(() => sweep(), sweepEveryMs)
  every.unref()

  function sweep(): Promise<void> {
    if (!isUp) return Promise.resolve()
    running ??= once()
      .catch(fault)
      .finally(() => {
        running = undefined
      })
    return running
  }
  async function once() {
    const stages = await openStages(desk.db)
    const present = await rooms.open()
    made = new Set(present)
    for (const { room } of stages) if (!made.has(room)) await ensure(room)
    for (const room of await endedRooms(desk.db, present)) await rooms.closeRoom(room)
    for (const stage of stages) await mendStage(stage)
  }
  async function mendStage({ sessionId, room }: OpenStage) {
    // The database first: who enters in between is news that is already on its way.
    const parts = await partsOf(desk.db, sessionId)
    const mends = whatToMend(sessionId, parts, await rooms.joined(room))
    for (const mend of mends) await bringAbout(room, mend).catch(fault)
  }
  async function bringAbout(room: string, mend: Mend) {
    const { identity } = mend
    if (mend.do === 'remove') return rooms.remove(room, identity)
    if (mend.do === 'permit') return rooms.permit(room, identity, mend.permit)
    if (mend.do === 'mute') return rooms.mute(room, identity, 'microphone', true)
    if (mend.what === 'left' && Date.now() - upAt < settleMs) return
    const news: MediaNews = { room, identity, what: mend.what, at: new Date() }
    return tellMediaNews(desk, news, fault)
  }
  async function ensure(room: string) {
    if (made.has(room)) return
    await rooms.ensureRoom(room)
    made.add(room)
  }

  return {
    ensure,
    soon: () => {
      soonAt ??= setTimeout(() => {
        soonAt = undefined
        void sweep()
      }, soonMs).unref()
    },
    up: async () => {
      made = new Set(await rooms.open())
      for (const { room } of await openStages(desk.db)) await ensure(room)
      upAt = Date.now()
      isUp = true
    },
    down: () => {
      isUp = false
      made = new Set()
    },
    stop: async () => {
      isUp = false
      clearInterval(every)
      clearTimeout(soonAt)
      await running
    },
  }
}
