// The live channel: a topic is a snapshot with a version. "Stale" is told by PostgreSQL (and may be lost), one reader
// per topic reads at its own pace, every process pushes what was read. Reconnecting is asking again.
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { z } from 'zod'
import { type Topic, topicKey } from '../contract.ts'
import { judge, type Needs } from '../rights.ts'
import { type Desk, placeAt } from './desk.ts'
import { type Ear, openEar } from './ear.ts'
import { type ActorOf, etagOf } from './http.ts'
import { Refused } from './operate.ts'

// A reader rests at least this long, and twice what its last run took: in a storm the board stays within a second of the
// halls, and reading never takes more than a third of one core. One slow run does not silence the board for long.
const paceMs = 500
const longestRestMs = 2_000
const tellEveryMs = 200 // at most five notifications a second
const compareEveryMs = 5_000
const heartbeatMs = 20_000
const slowReaderBytes = 1_048_576
const sliceOfWrites = 2_000
const notifyLimitBytes = 7_000

export type ServedTopic<Params extends z.ZodType = z.ZodType, Snapshot extends z.ZodType = z.ZodType> = {
  topic: Topic<Params, Snapshot>
  needs: Needs<z.output<Params>>
  read: (desk: Desk, params: z.output<Params>) => Promise<z.input<Snapshot>>
}
// biome-ignore lint/suspicious/noExplicitAny: a list of topics has no one type of parameters
export type AnyTopic = ServedTopic<any, any>
export const serveTopic = <P extends z.ZodType, S extends z.ZodType>(
  topic: Topic<P, S>,
  needs: Needs<z.output<P>>,
  read: (desk: Desk, params: z.output<P>) => Promise<z.input<S>>,
): ServedTopic<P, S> => ({ topic, needs, read })

export type Live = {
  /** Marks every topic of this name with these parameters (all of them, whatever their other parameters) as out of date. */
  stale: (topic: { name: string }, params: Record<string, string>) => void
}

type Watched = {
  key: string
  served: AnyTopic
  params: Record<string, string>
  readers: Set<FastifyReply['raw']>
  version: number
  body: string | undefined
  frame: Buffer | undefined
  dirty: boolean
  reading: boolean
  restUntil: number
  wantedUntil: number
}

export function openLive(log: (fault: unknown) => void = () => {}) {
  const watched = new Map<string, Watched>()
  const untold = new Set<string>()
  let desk: Desk | undefined
  let ear: Ear | undefined
  let closed = false
  const reading = new Set<Promise<void>>()
  const timers: NodeJS.Timeout[] = []

  const stale: Live['stale'] = (topic, params) => {
    const key = topicKey(topic, params)
    untold.add(key)
    soil(key)
  }
  const soil = (key: string) => {
    for (const one of watched.values()) if (key === '*' || covers(key, one.key)) one.dirty = true
  }
  const tell = async () => {
    if (untold.size === 0 || !desk) return
    const keys = [...untold].join('\n')
    untold.clear()
    await desk.pool.query('select pg_notify($1, $2)', [
      channel('stale'),
      Buffer.byteLength(keys) > notifyLimitBytes ? '*' : keys,
    ])
  }
  // Schemas of a test run share one server; each listens to its own news.
  const channel = (name: string) => `${name}_${desk?.schema ?? 'public'}`

  const openEarOf = ({ databaseUrl }: Desk) =>
    openEar(databaseUrl, {
      channels: [channel('stale'), channel('fresh')],
      hear(from, payload) {
        if (from === channel('stale')) for (const key of payload.split('\n')) soil(key)
        else void fetchFresh([payload]).catch(() => {})
      },
      begun: () => compare().catch(() => {}),
      fault: log,
    })

  async function readStale() {
    const now = Date.now()
    for (const one of watched.values()) {
      if (one.readers.size === 0 && one.wantedUntil < now) watched.delete(one.key)
      else if (one.dirty && !one.reading && one.restUntil <= now) begin(one)
    }
  }
  const begin = (one: Watched) => {
    const done = read(one)
      .catch(log)
      .finally(() => reading.delete(done))
    reading.add(done)
  }
  async function read(one: Watched) {
    if (!desk || closed) return
    one.reading = true
    one.dirty = false
    const began = Date.now()
    const client = await desk.pool.connect().catch(() => undefined)
    if (!client) {
      one.dirty = true
      one.reading = false
      one.restUntil = Date.now() + paceMs
      return
    }
    try {
      await client.query('begin')
      const { rows } = await client.query('select pg_try_advisory_xact_lock(hashtextextended($1, 7)) as mine', [
        `${desk.schema ?? ''} ${one.key}`,
      ])
      // Another process reads this topic now; its news comes as «fresh». What changed since it began soils it again.
      if (!rows[0].mine) return void (await client.query('rollback'))
      const body = JSON.stringify(
        one.served.topic.snapshot.parse(await one.served.read(desk, one.served.topic.params.parse(one.params))),
      )
      const written = await client.query(
        `insert into live_snapshot (topic, version, body, at) values ($1, $3, $2, now())
         on conflict (topic) do update set version = live_snapshot.version + 1, body = excluded.body, at = now()
           where live_snapshot.body <> excluded.body returning version`,
        [one.key, body, Date.now()],
      )
      await client.query('commit')
      if (written.rows[0]) {
        take(one, written.rows[0].version, body)
        await desk.pool.query('select pg_notify($1, $2)', [channel('fresh'), one.key])
      } else if (one.body === undefined) await fetchFresh([one.key])
    } catch (error) {
      one.dirty = true
      await client.query('rollback').catch(() => {})
      log(error)
    } finally {
      client.release()
      one.reading = false
      one.restUntil = Date.now() + Math.max(paceMs, Math.min(2 * (Date.now() - began), longestRestMs))
    }
  }
  const take = (one: Watched, version: number, body: string) => {
    if (one.body !== undefined && version <= one.version) return
    one.version = version
    one.body = body
    one.frame = Buffer.from(`id: ${version}\ndata: ${body}\n\n`)
    void push(one)
  }
  async function push(one: Watched) {
    const { frame, version } = one
    let written = 0
    for (const reader of [...one.readers]) {
      // A newer snapshot has come meanwhile: those not reached yet get that one.
      if (one.version !== version) return
      if (reader.writableLength > slowReaderBytes) {
        one.readers.delete(reader)
        reader.destroy()
      } else reader.write(frame!)
      if (++written % sliceOfWrites === 0) await new Promise(setImmediate)
    }
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
  async function compare() {
    if (!desk || watched.size === 0) return
    const { rows } = await desk.pool.query('select topic, version from live_snapshot where topic = any($1)', [
      [...watched.keys()],
    ])
    await fetchFresh(rows.filter((row) => (watched.get(row.topic)?.version ?? 0) < row.version).map((row) => row.topic))
    for (const one of watched.values()) one.dirty = true
  }

  function watch(served: AnyTopic, params: Record<string, string>): Watched {
    const key = topicKey(served.topic, params)
    let one = watched.get(key)
    if (!one) {
      one = {
        key,
        served,
        params,
        readers: new Set(),
        version: 0,
        body: undefined,
        frame: undefined,
        dirty: true,
        reading: false,
        restUntil: 0,
        wantedUntil: 0,
      }
      watched.set(key, one)
    }
    one.wantedUntil = Date.now() + 30_000
    return one
  }
  /** The snapshot as it stands; the first to ask waits for the first reading. */
  async function snapshot(one: Watched): Promise<string> {
    for (let tries = 0; one.body === undefined && tries < 200; tries++) {
      if (one.dirty && !one.reading) await read(one).catch(log)
      if (one.body === undefined) await fetchFresh([one.key]).catch(() => {})
      if (one.body === undefined) await new Promise((resolve) => setTimeout(resolve, 50))
    }
    if (one.body === undefined) throw new Refused('busy')
    return one.body
  }

  return {
    stale,
    /** For a process without listeners of its own: tells the others what became stale, once. */
    async tellNow(held: Desk) {
      desk ??= held
      await tell()
    },
    async start(held: Desk) {
      desk = held
      ear = openEarOf(held)
      await ear.listen()
      timers.push(
        setInterval(() => void tell().catch(() => {}), tellEveryMs),
        setInterval(() => void readStale(), 100),
        setInterval(() => void compare().catch(() => {}), compareEveryMs),
        setInterval(() => {
          for (const one of watched.values()) for (const reader of one.readers) reader.write(':\n\n')
        }, heartbeatMs),
      )
      for (const timer of timers) timer.unref()
    },
    routes(app: FastifyInstance, actorOf: ActorOf, topics: readonly AnyTopic[]) {
      const byName = new Map(topics.map((served) => [served.topic.name, served]))
      const enter = async (request: Parameters<ActorOf>[0]) => {
        const served = byName.get((request.params as { topic: string }).topic)
        if (!served || !desk) throw new Refused('notFound')
        const parsed = served.topic.params.safeParse(request.query)
        if (!parsed.success) throw new Refused('malformed')
        const verdict = await judge(await actorOf(request), served.needs, parsed.data, placeAt(desk, desk.db))
        if (verdict !== 'yes') throw new Refused(verdict)
        const given = Object.fromEntries(
          Object.entries(parsed.data as object)
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => [name, String(value)]),
        )
        return watch(served, given)
      }
      app.get('/live/:topic/state.json', { schema: { hide: true } }, async (request, reply) => {
        const one = await enter(request)
        const body = await snapshot(one)
        const etag = etagOf(body)
        reply
          .header('etag', etag)
          .header('cache-control', 'private, max-age=1')
          .header('content-type', 'application/json; charset=utf-8')
        if (request.headers['if-none-match'] === etag) return reply.status(304).send()
        return reply.send(`{"version":${one.version},"snapshot":${body}}`)
      })
      app.get('/live/:topic', { schema: { hide: true } }, async (request, reply) => {
        const one = await enter(request)
        await snapshot(one)
        reply.hijack()
        const { raw } = reply
        raw.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        raw.write('retry: 2000\n\n')
        if (String(one.version) !== request.headers['last-event-id']) raw.write(one.frame!)
        one.readers.add(raw)
        request.raw.on('close', () => {
          one.readers.delete(raw)
          one.wantedUntil = Date.now() + 30_000
        })
      })
    },
    watching: () => [...watched.values()].reduce((sum, one) => sum + one.readers.size, 0),
    async stop() {
      closed = true
      for (const timer of timers) clearInterval(timer)
      // What is being read still needs the pool; it is closed after us.
      await Promise.all(reading)
      await tell().catch(() => {})
      for (const one of watched.values()) for (const reader of one.readers) reader.end()
      await ear?.close()
    },
  }
}
export type OpenLive = ReturnType<typeof openLive>

/** Does a stale mark (name and some parameters) cover this topic? */
export function covers(mark: string, key: string): boolean {
  const [name, query = ''] = mark.split('?')
  const [itsName, itsQuery = ''] = key.split('?')
  if (name !== itsName) return false
  const its = new Set(itsQuery.split('&'))
  return query === '' || query.split('&').every((pair) => its.has(pair))
}
