// The live channel: a topic is a snapshot with a version. "Stale" is told by PostgreSQL (and may be lost), one reader
// per topic reads at its own pace, every process pushes what was read. Reconnecting is asking again.
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { type Topic, topicKey } from '../contract.ts'
import { type Actor, judge, type Needs, type Verdict } from '../rights.ts'
import { type Desk, placeAt } from './desk.ts'
import { type Ear, openEar } from './ear.ts'
import type { ActorOf } from './http.ts'
import { type Audience, openAudience, type Watcher } from './liveAudience.ts'
import { etagOfVersion, retryLine, stateCaching, stateOf } from './liveWire.ts'
import { Refused } from './operate.ts'

/** Here processes tell each other which topics have to be read again: a key a line, «!» before one that is read at once. */
export const staleChannel = 'stale'
const freshChannel = 'fresh'

// A reader rests at least this long, and twice what its last run took: in a storm the board stays within a second of the
// halls, and reading never takes more than a third of one core. One slow run does not silence the board for long.
const boardPaceMs = 500
/** What an audience of thousands watches changes at most once in this time; a slide or a cut is told at once (`stale … now`). */
export const audiencePaceMs = 2_000
const longestRestMs = 2_000
const shortestRestMs = 100 // also for what is told at once
const tellEveryMs = 200 // at most five notifications a second
const compareEveryMs = 5_000
// A reader holds one connection and asks on others: with all of them held, readers would wait for each other for ever.
const shareOfPool = 1 / 4
const shareOfPoolAtOnce = 1 / 2
const heartbeatMs = 20_000
const behindLimitMs = 20_000
const notifyLimitBytes = 7_000
const wantedMs = 30_000
const judgedMs = 5_000
const mostTopics = 5_000
const mostJudgements = 20_000

export type ServedTopic<Params extends z.ZodType = z.ZodType, Snapshot extends z.ZodType = z.ZodType> = {
  topic: Topic<Params, Snapshot>
  needs: Needs<z.output<Params>>
  read: (desk: Desk, params: z.output<Params>) => Promise<z.input<Snapshot>>
  paceMs: number
  againMs: number
  also?: Also<z.output<Params>> | undefined
}
/**
 * What a policy cannot say, because only the database knows: asked after the policy said yes. Of a member it sees the campaign,
 * not the person (unless the policy itself is about one person): the judgement is shared by all members of that campaign.
 */
export type Also<Params> = (desk: Desk, actor: Actor, params: Params) => Promise<Verdict>
// biome-ignore lint/suspicious/noExplicitAny: a list of topics has no one type of parameters
export type AnyTopic = ServedTopic<any, any>
export const serveTopic = <P extends z.ZodType, S extends z.ZodType>(
  topic: Topic<P, S>,
  needs: Needs<z.output<P>>,
  read: (desk: Desk, params: z.output<P>) => Promise<z.input<S>>,
  {
    paceMs = boardPaceMs,
    againMs = compareEveryMs,
    also,
  }: {
    /** The reader rests at least this long between two readings. */
    paceMs?: number
    /** Read again after this time though nobody said it was stale: what changes with the clock alone, and news that were lost. */
    againMs?: number
    also?: Also<z.output<P>>
  } = {},
): ServedTopic<P, S> => ({ topic, needs, read, paceMs, againMs, also })

export type Live = {
  /**
   * Marks every topic of this name with these parameters (all of them, whatever their other parameters) as out of date.
   * `now`: read at once, whatever the pace, for what everybody waits for: a slide, a cut. Never from a loop over people.
   */
  stale: (topic: { name: string }, params: Record<string, string>, how?: { now?: boolean }) => void
}

type Watched = {
  key: string
  served: AnyTopic
  params: Record<string, string>
  audience: Audience<Watcher>
  /** Light processes that push this topic to watchers of their own. */
  followers: Set<Follower>
  dirty: boolean
  /** To be read at once, whatever the pace. */
  urgent: boolean
  soiledAt: number
  beganAt: number
  reading: boolean
  restUntil: number
  wantedUntil: number
  /** Why there is nothing to read: no such session. */
  refused: Refused | undefined
}
type Follower = (version: number, body: string) => void
/** What somebody may watch. `open`: anybody may, so a cache between us may keep it. */
export type Entered = { watched: Watched; open: boolean }

export function openLive(log: (fault: unknown) => void = () => {}) {
  const watched = new Map<string, Watched>()
  const untold = new Map<string, boolean>()
  let byName = new Map<string, AnyTopic>()
  const judgements = new Map<string, { until: number; verdict: Promise<Verdict> }>()
  let desk: Desk | undefined
  let ear: Ear | undefined
  let closed = false
  const reading = new Set<Promise<void>>()
  const timers: NodeJS.Timeout[] = []

  const stale: Live['stale'] = (topic, params, { now = false } = {}) => {
    const key = topicKey(topic, params)
    untold.set(key, now || untold.get(key) === true)
    if (now) setImmediate(() => void tell().catch(() => {}))
    soil(key, now)
  }
  const soil = (key: string, now: boolean) => {
    for (const one of watched.values()) {
      if (key !== '*' && !covers(key, one.key)) continue
      soilOne(one)
      one.urgent ||= now
      hasten(one)
    }
  }
  const hasten = (one: Watched) => {
    if (!one.urgent || !one.dirty || one.reading) return
    const restMs = dueAt(one) - Date.now()
    if (restMs <= 0) begin(one)
    else setTimeout(() => hasten(one), restMs)
  }
  const dueAt = (one: Watched) => (one.urgent ? one.beganAt + shortestRestMs : one.restUntil)
  const soilOne = (one: Watched) => {
    one.dirty = true
    one.soiledAt = performance.now()
  }
  const tell = async () => {
    if (untold.size === 0 || !desk) return
    // A mark that begins with «!» is to be read at once.
    const marks = [...untold].map(([key, now]) => (now ? `!${key}` : key)).join('\n')
    untold.clear()
    await desk.pool.query('select pg_notify($1, $2)', [
      staleChannel,
      Buffer.byteLength(marks) > notifyLimitBytes ? '*' : marks,
    ])
  }

  const openEarOf = ({ databaseUrl }: Desk) =>
    openEar(databaseUrl, {
      channels: [staleChannel, freshChannel],
      hear(from, payload) {
        if (from === freshChannel) return void fetchFresh([payload]).catch(() => {})
        for (const mark of payload.split('\n')) soil(mark.replace(/^!/, ''), mark.startsWith('!'))
      },
      begun: () => compare({ doubtAll: true }).catch(() => {}),
      fault: log,
    })

  function readStale() {
    const now = Date.now()
    const due: Watched[] = []
    for (const one of watched.values()) {
      if (isIdle(one) && one.wantedUntil < now) watched.delete(one.key)
      else if (one.dirty && !one.reading && dueAt(one) <= now) due.push(one)
    }
    // Whoever has waited longest comes first, behind what is to be read at once.
    due.sort((one, other) => Number(other.urgent) - Number(one.urgent) || one.restUntil - other.restUntil)
    for (const one of due) begin(one)
  }
  const isIdle = (one: Watched) => one.audience.watchers.size === 0 && one.followers.size === 0
  const begin = (one: Watched) => {
    if (!desk || closed) return
    const most = desk.pool.options.max * (one.urgent ? shareOfPoolAtOnce : shareOfPool)
    if (reading.size >= Math.max(1, Math.floor(most))) return
    const done = read(desk, one)
      .catch(log)
      .finally(() => {
        reading.delete(done)
        hasten(one)
        readStale()
      })
    reading.add(done)
  }
  async function read(held: Desk, one: Watched) {
    one.reading = true
    one.dirty = false
    one.urgent = false
    one.refused = undefined
    one.beganAt = Date.now()
    const client = await held.pool.connect().catch(() => undefined)
    try {
      if (!client) throw new Error('no connection to read a topic with')
      // What is read can be read again: its commit need not wait for the disk.
      await client.query('begin; set local synchronous_commit to off')
      const { rows } = await client.query(
        `select pg_try_advisory_xact_lock(hashtextextended($1, 7)) as mine,
           (select extract(epoch from clock_timestamp() - at) * 1000 from live_snapshot where topic = $2) as "ageMs"`,
        [one.key, one.key],
      )
      const [{ mine, ageMs }] = rows as [{ mine: boolean; ageMs: string | null }]
      // Another process reads this topic now, or has read it since ours became stale; its news comes as «fresh».
      if (!mine || (ageMs !== null && Number(ageMs) < performance.now() - one.soiledAt)) {
        // Should that one be killed half-way, we try again at our own pace.
        if (!mine) one.dirty = true
        await client.query('rollback')
        return await fetchFresh([one.key])
      }
      const body = JSON.stringify(
        one.served.topic.snapshot.parse(await one.served.read(held, one.served.topic.params.parse(one.params))),
      )
      // Versions follow the clock, so that one that was lost with the machine never comes again with another body.
      const written = await client.query(
        `insert into live_snapshot as s (topic, version, body, at) values ($1, $3, $2, now())
         on conflict (topic) do update set at = now(), body = excluded.body,
           version = case when s.body = excluded.body then s.version else greatest(s.version + 1, excluded.version) end
         returning version`,
        [one.key, body, Date.now()],
      )
      await client.query('commit')
      if (take(one, written.rows[0].version, body))
        await held.pool.query('select pg_notify($1, $2)', [freshChannel, one.key])
    } catch (error) {
      soilOne(one)
      await client?.query('rollback').catch(() => {})
      if (error instanceof Refused) one.refused = error
      else log(error)
    } finally {
      client?.release()
      one.reading = false
      const { paceMs } = one.served
      const tookMs = Date.now() - one.beganAt
      one.restUntil = Date.now() + Math.max(paceMs, Math.min(2 * tookMs, longestRestMs))
    }
  }
  const take = (one: Watched, version: number, body: string) => {
    if (!one.audience.take(version, body)) return false
    for (const hear of one.followers) hear(version, body)
    return true
  }
  async function fetchFresh(keys: string[]) {
    const mine = keys.filter((key) => watched.has(key))
    if (mine.length === 0 || !desk) return
    const { rows } = await desk.pool.query('select topic, version, body from live_snapshot where topic = any($1)', [
      mine,
    ])
    for (const row of rows) {
      const one = watched.get(row.topic)
      if (one) take(one, row.version, row.body)
    }
  }
  /** News may be lost: versions are compared, and what is watched is read again now and then. */
  async function compare({ doubtAll = false } = {}) {
    if (!desk || watched.size === 0) return
    const { rows } = await desk.pool.query('select topic, version from live_snapshot where topic = any($1)', [
      [...watched.keys()],
    ])
    await fetchFresh(
      rows.filter((row) => (watched.get(row.topic)?.audience.version() ?? 0) < row.version).map((row) => row.topic),
    )
    for (const one of watched.values()) {
      const { againMs } = one.served
      if (doubtAll) soilOne(one)
      else if (!one.dirty && Date.now() - one.beganAt >= againMs) {
        one.dirty = true
        // One process in so many seconds is enough: a snapshot that another has just read will do.
        one.soiledAt = performance.now() - againMs
      }
    }
  }

  function watch(served: AnyTopic, params: Record<string, string>): Watched {
    const key = topicKey(served.topic, params)
    let one = watched.get(key)
    if (!one) {
      if (watched.size >= mostTopics) throw new Refused('busy')
      one = {
        key,
        served,
        params,
        audience: openAudience(),
        followers: new Set(),
        dirty: true,
        urgent: true,
        soiledAt: performance.now(),
        beganAt: 0,
        reading: false,
        restUntil: 0,
        wantedUntil: 0,
        refused: undefined,
      }
      watched.set(key, one)
    }
    one.wantedUntil = Date.now() + wantedMs
    return one
  }
  /** The first to ask waits for the first reading. */
  async function standing({ key, audience }: Watched): Promise<string> {
    for (let tries = 0; audience.body() === undefined && tries < 400; tries++) {
      const one = watched.get(key)
      if (!one || closed) break
      if (one.refused) throw one.refused
      if (one.dirty && !one.reading && one.restUntil <= Date.now()) begin(one)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    const body = audience.body()
    if (body === undefined) throw new Refused('busy')
    return body
  }

  /** Rights on a topic; asked by many at once, so the answer is kept for some seconds for all whom it is the same for. */
  function judged(actor: Actor, served: AnyTopic, params: unknown, key: string): Promise<Verdict> {
    const held = desk!
    const decide = async (): Promise<Verdict> => {
      const verdict = await judge(actor, served.needs, params, placeAt(held, held.db))
      if (verdict !== 'yes' || !served.also) return verdict
      return served.also(held, isPersonal(served.needs, params) ? actor : withoutPerson(actor), params)
    }
    const shared = sharedBy(actor, isPersonal(served.needs, params))
    if (shared === undefined) return decide()
    const name = `${shared} ${key}`
    const kept = judgements.get(name)
    if (kept && kept.until > Date.now()) return kept.verdict
    if (judgements.size >= mostJudgements) judgements.clear()
    const verdict = decide()
    judgements.set(name, { until: Date.now() + judgedMs, verdict })
    verdict.catch(() => judgements.delete(name))
    return verdict
  }
  /** What the query of a request names. Throws `Refused`: notFound, malformed. */
  function named(name: string, query: unknown) {
    const served = byName.get(name)
    if (!served || !desk) throw new Refused('notFound')
    const parsed = served.topic.params.safeParse(query)
    if (!parsed.success) throw new Refused('malformed')
    return { served, params: parsed.data as Record<string, unknown> }
  }
  async function enter(actor: Actor, name: string, query: unknown): Promise<Entered> {
    const { served, params } = named(name, query)
    const given = Object.fromEntries(
      Object.entries(params)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, String(value)]),
    )
    const verdict = await judged(actor, served, params, topicKey(served.topic, given))
    if (verdict !== 'yes') throw new Refused(verdict)
    return { watched: watch(served, given), open: served.needs.by === 'anyone' && !served.also }
  }

  return {
    stale,
    /** For a process without listeners of its own: tells the others what became stale, once. */
    async tellNow(held: Desk) {
      desk ??= held
      await tell()
    },
    /** `true` when rights on this topic depend on the person who asks, beyond her campaign. Throws `Refused`. */
    isPersonal(name: string, query: unknown): boolean {
      const { served, params } = named(name, query)
      return isPersonal(served.needs, params)
    },
    /** Judges the rights; then the topic is read while anybody watches it. Throws `Refused`. */
    enter,
    /** Hears each snapshot of a topic, the one that stands first; ends with the function that is returned. */
    follow({ watched: one }: Entered, hear: Follower): () => void {
      watched.set(one.key, watched.get(one.key) ?? one)
      const it = watched.get(one.key)!
      it.followers.add(hear)
      const body = it.audience.body()
      if (body !== undefined) hear(it.audience.version(), body)
      return () => {
        it.followers.delete(hear)
        it.wantedUntil = Date.now() + wantedMs
      }
    },
    standing: ({ watched: one }: Entered) => standing(one),
    async start(held: Desk) {
      desk = held
      ear = openEarOf(held)
      await ear.listen()
      timers.push(
        setInterval(() => void tell().catch(() => {}), tellEveryMs),
        setInterval(readStale, 100),
        setInterval(() => void compare().catch(() => {}), compareEveryMs),
        setInterval(() => {
          for (const { audience } of watched.values()) void audience.beat(heartbeatMs)
        }, heartbeatMs),
        setInterval(() => {
          for (const { audience } of watched.values()) audience.dropSlow(Date.now(), behindLimitMs)
        }, compareEveryMs),
      )
      for (const timer of timers) timer.unref()
    },
    /** The topics that may be asked for, and their routes in this very process. */
    routes(app: FastifyInstance, actorOf: ActorOf, topics: readonly AnyTopic[]) {
      byName = new Map(topics.map((served) => [served.topic.name, served]))
      const entered = async (request: Parameters<ActorOf>[0]) =>
        enter(await actorOf(request), (request.params as { topic: string }).topic, request.query)
      app.get('/live/:topic/state.json', { schema: { hide: true } }, async (request, reply) => {
        const { watched: one, open } = await entered(request)
        const body = await standing(one)
        const etag = etagOfVersion(one.audience.version())
        reply
          .header('etag', etag)
          .header('cache-control', stateCaching(open))
          .header('content-type', 'application/json; charset=utf-8')
        if (request.headers['if-none-match']?.includes(etag)) return reply.status(304).send()
        return reply.send(stateOf(one.audience.version(), body))
      })
      app.get('/live/:topic', { schema: { hide: true } }, async (request, reply) => {
        const { watched: one } = await entered(request)
        await standing(one)
        reply.hijack()
        const { raw } = reply
        raw.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        raw.write(retryLine())
        const watcher: Watcher & { out: ServerResponse } = { out: raw, sent: 0, behindSince: 0 }
        raw.on('drain', () => one.audience.drained(watcher))
        one.audience.add(watcher, request.headers['last-event-id']?.toString())
        request.raw.on('close', () => {
          one.audience.watchers.delete(watcher)
          one.wantedUntil = Date.now() + wantedMs
        })
      })
    },
    watching: () => [...watched.values()].reduce((sum, one) => sum + one.audience.watchers.size, 0),
    async stop() {
      closed = true
      for (const timer of timers) clearInterval(timer)
      // What is being read still needs the pool; it is closed after us.
      await Promise.all(reading)
      await tell().catch(() => {})
      for (const one of watched.values()) for (const { out } of one.audience.watchers) out.end()
      await ear?.close()
    },
  }
}
export type OpenLive = ReturnType<typeof openLive>

const withoutPerson = (actor: Actor): Actor => {
  if (actor.kind !== 'member') return actor
  const { personId: _, signInId: __, ...rest } = actor
  return { ...rest, name: 'đv' }
}
/** Does it depend on the person herself who may watch? */
function isPersonal(needs: Needs<never>, params: unknown): boolean {
  if (needs.by === 'either') return needs.ways.some((way) => isPersonal(way, params))
  return needs.by === 'self' && needs.of(params as never) !== undefined
}
/** All for whom the verdict is the same; `undefined` where it is not kept. */
function sharedBy(actor: Actor, personal: boolean): string | undefined {
  if (actor.kind === 'nobody') return 'nobody'
  if (actor.kind === 'staff') return actor.signInId
  if (actor.kind !== 'member') return undefined
  return `${personal ? actor.personId : actor.campaignId} ${actor.assurance}`
}

/** Does a stale mark (name and some parameters) cover this topic? */
export function covers(mark: string, key: string): boolean {
  const [name, query = ''] = mark.split('?')
  const [itsName, itsQuery = ''] = key.split('?')
  if (name !== itsName) return false
  const its = new Set(itsQuery.split('&'))
  return query === '' || query.split('&').every((pair) => its.has(pair))
}
