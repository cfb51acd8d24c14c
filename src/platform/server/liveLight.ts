// A light process of the live channel: tens of thousands of streams on raw sockets, and nothing else in memory. It knows no
// topic and no rule: it asks the full process beside it who may watch what, and pushes the snapshots it is handed.
import net from 'node:net'
import { findCookie, readCookie, type SignedIn } from './cookie.ts'
import { type Audience, openAudience, type Watcher } from './liveAudience.ts'
import { answerHead, etagOfVersion, type Head, parseHead, retryLine, stateCaching, stateOf } from './liveWire.ts'

const headLimitMs = 10_000
const idleLimitMs = 75_000
const behindLimitMs = 20_000
const heartbeatMs = 25_000
const mostRestBytes = 16_384
const keptMs = 30_000 // a yes, for newcomers of the same kind
const refusedMs = 2_000
const recheckMs = 60_000
const lapsedEverySeconds = 30
const mostRechecksASecond = 200
const unwatchedMs = 30_000
const mostJudgements = 50_000
const mostAsking = 2_000
const mostPersonal = 10_000
const mostRevoked = 100_000
const drainSteps = 30
const drainMs = 3_000

/** Who asks: as a cookie says it, or a sign-in whose cookie is over and which only the database knows. */
export type AskedBy = { by: 'nobody' } | { by: 'cookie'; who: SignedIn } | { by: 'signIn'; signInId: string }
/** `personal`: the answer differs from person to person, so it has to be asked for each. `open`: anybody may. */
export type Asked =
  | { may: 'yes'; key: string; open: boolean }
  | { may: 'personal' }
  | { may: 'no'; status: number; refused: string }
export type Question = { topic: string; query: string; who: AskedBy; shared: boolean }

type Topic = { key: string; audience: Audience<Line>; usedAt: number }
/** One answer for all whom it is the same for, with the number of open lines that rest on it. */
type Judgement = Question & {
  name: string
  said: Asked | undefined
  saidAt: number
  asking: Promise<void> | undefined
  lines: number
}
type Line = Watcher & {
  out: net.Socket
  stage: 'head' | 'busy' | 'open'
  /** When its head began, or when it was last answered. */
  since: number
  answered: boolean
  rest: Buffer | undefined
  topic: Topic | undefined
  judgement: Judgement | undefined
  signInId: string
  freshUntil: number
}
type Who = { asked: AskedBy; shared: string; own: string; signInId: string; freshUntil: number }
const nobody: Who = {
  asked: { by: 'nobody' },
  shared: 'n',
  own: 'n',
  signInId: '',
  freshUntil: Number.POSITIVE_INFINITY,
}

export type Light = ReturnType<typeof openLight>
/**
 * @param origin the only page that may read us from another address: the origin of BASE_URL
 * @param ask answers who may watch what; before it says yes it has handed over the first snapshot by `fresh`
 * @param leave nobody here watches this topic any more
 */
export function openLight({
  secret,
  origin,
  mostLines,
  ask,
  leave,
  limits: { headMs = headLimitMs, behindMs = behindLimitMs, recheckAfterMs = recheckMs } = {},
}: {
  secret: Buffer
  origin: string
  mostLines: number
  ask: (question: Question) => Promise<Asked>
  leave: (key: string) => void
  limits?: { headMs?: number; behindMs?: number; recheckAfterMs?: number }
}) {
  const lines = new Map<net.Socket, Line>()
  const young = new Set<Line>()
  const topics = new Map<string, Topic>()
  const judgements = new Map<string, Judgement>()
  const personal = new Set<string>()
  const revoked = new Set<string>()
  let asking = 0
  let seconds = 0
  let draining = false

  const server = net.createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    const line: Line = {
      ...{ out: socket, sent: 0, behindSince: 0, stage: 'head', since: Date.now(), answered: false, rest: undefined },
      ...{ topic: undefined, judgement: undefined, signInId: '', freshUntil: 0 },
    }
    lines.set(socket, line)
    young.add(line)
    // The same functions for every socket: a closure each would be most of what a watcher costs.
    socket.on('data', onData).on('drain', onDrain).on('close', onClose).on('error', onError)
  })
  server.maxConnections = mostLines

  function onData(this: net.Socket, part: Buffer) {
    const line = lines.get(this)
    if (!line) return
    // Nobody speaks into a stream.
    if (line.stage === 'open') return void this.destroy()
    if (line.rest === undefined) {
      line.rest = part
      line.since = Date.now()
    } else line.rest = Buffer.concat([line.rest, part])
    if (line.rest.length > mostRestBytes) return void this.destroy()
    if (line.stage === 'head') hear(line)
  }
  function onDrain(this: net.Socket) {
    const line = lines.get(this)
    if (!line) return
    if (line.topic) line.topic.audience.drained(line)
    else line.behindSince = 0
  }
  function onClose(this: net.Socket) {
    const line = lines.get(this)
    if (!line) return
    lines.delete(this)
    young.delete(line)
    line.topic?.audience.watchers.delete(line)
    if (line.topic) line.topic.usedAt = Date.now()
    if (line.judgement) line.judgement.lines--
  }
  function onError() {
    // What breaks a line also closes it.
  }

  function hear(line: Line) {
    const head = line.rest === undefined ? undefined : parseHead(line.rest)
    if (head === undefined) return
    if ('status' in head) {
      line.out.write(answerHead(head.status, { ...always, 'content-length': 0, connection: 'close' }))
      return line.out.destroySoon()
    }
    line.rest = line.rest!.length > head.bytes ? line.rest!.subarray(head.bytes) : undefined
    line.stage = 'busy'
    void answer(line, head).catch(() => reply(line, head, 503, { 'retry-after': 1 }, refusal('busy')))
  }
  async function answer(line: Line, head: Head): Promise<void> {
    if (head.path === '/healthz') return reply(line, head, 200, json, '{"ok":true}')
    const named = /^\/live\/([\w.]{1,100})(\/state\.json)?$/.exec(head.path)
    if (!named) return reply(line, head, 404, json, refusal('notFound'))
    const cors = corsOf(head, origin)
    if (head.method === 'OPTIONS') return reply(line, head, 204, { ...cors, ...preflight })
    const who = whoIs(head.fields.get('cookie'))
    const judgement = await judgementOf(who, named[1]!, head.query)
    const said = judgement.said!
    if (!lines.has(line.out)) return
    if (said.may !== 'yes')
      return reply(line, head, said.may === 'no' ? said.status : 503, { ...cors, ...json }, refusal(wordOf(said)))
    const topic = topics.get(said.key)
    const body = topic?.audience.body()
    if (!topic || body === undefined) return reply(line, head, 503, { ...cors, 'retry-after': 1 }, refusal('busy'))
    topic.usedAt = Date.now()
    if (named[2] !== undefined)
      return state(line, head, { topic, body, fields: { ...cors, 'cache-control': stateCaching(said.open) } })
    if (head.method === 'HEAD') return reply(line, head, 200, { ...cors, ...streaming })
    stream(line, head, { topic, judgement, who, cors })
  }
  function state(
    line: Line,
    head: Head,
    { topic, body, fields }: { topic: Topic; body: string; fields: Record<string, string> },
  ) {
    const version = topic.audience.version()
    const etag = etagOfVersion(version)
    if (head.fields.get('if-none-match')?.includes(etag)) return reply(line, head, 304, { ...fields, etag })
    reply(line, head, 200, { ...fields, ...json, etag }, stateOf(version, body))
  }
  function stream(
    line: Line,
    head: Head,
    { topic, judgement, who, cors }: { topic: Topic; judgement: Judgement; who: Who; cors: Record<string, string> },
  ) {
    young.delete(line)
    line.stage = 'open'
    line.rest = undefined
    line.topic = topic
    line.judgement = judgement
    judgement.lines++
    line.signInId = who.signInId
    line.freshUntil = who.freshUntil
    line.out.write(answerHead(200, { ...always, ...streaming, ...cors, connection: 'close' }) + retryLine())
    topic.audience.add(line, head.fields.get('last-event-id'))
    if (draining) line.out.destroySoon()
  }
  function reply(line: Line, head: Head, status: number, fields: Record<string, string | number>, body = '') {
    const keep = head.keepAlive && !draining
    const length = status === 304 || status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }
    const connection = keep ? 'keep-alive' : 'close'
    const top = answerHead(status, { ...always, ...fields, ...length, connection })
    line.out.write(head.method === 'HEAD' || status === 304 ? top : top + body)
    if (!keep) return line.out.destroySoon()
    line.stage = 'head'
    line.answered = true
    line.since = Date.now()
    if (line.rest) setImmediate(() => line.stage === 'head' && hear(line))
  }

  function whoIs(cookie: string | undefined): Who {
    const value = findCookie(cookie)
    const read = value ? readCookie(secret, value, new Date()) : undefined
    if (!read || revoked.has(read.who.signInId)) return nobody
    const { who } = read
    // A text cut out of a head would keep the whole head in memory for as long as the stream lasts.
    const signInId = Buffer.from(who.signInId).toString('latin1')
    if (!read.fresh) return lapsed(signInId)
    const asked: AskedBy = { by: 'cookie', who }
    if (who.kind === 'staff') {
      const key = `s ${signInId}`
      return { asked, shared: key, own: key, signInId, freshUntil: read.until }
    }
    const [shared, own] = [`m ${who.campaignId} ${who.assurance}`, `p ${who.personId} ${who.assurance}`]
    return { asked, shared, own, signInId, freshUntil: read.until }
  }
  const lapsed = (signInId: string): Who => {
    const key = `o ${signInId}`
    return { asked: { by: 'signIn', signInId }, shared: key, own: key, signInId, freshUntil: Number.POSITIVE_INFINITY }
  }

  /** With an answer in it. Rejects when the full process cannot be asked. */
  async function judgementOf(who: Who, topic: string, query: string): Promise<Judgement> {
    const what = `${topic}?${query}`
    const own = personal.has(what)
    const name = `${own ? who.own : who.shared} ${what}`
    let it = judgements.get(name)
    if (!it) {
      if (judgements.size >= mostJudgements) throw new Error('too many judgements')
      const rest = { said: undefined, saidAt: 0, asking: undefined, lines: 0 }
      it = { name, topic, query, who: who.asked, shared: !own, ...rest }
      judgements.set(name, it)
    }
    const goodForMs = it.said?.may === 'yes' ? keptMs : refusedMs
    if (it.said === undefined || Date.now() - it.saidAt > goodForMs) renew(it)
    if (it.asking) await it.asking
    if (it.said?.may !== 'personal') return it
    if (own) throw new Error('asked in vain')
    if (personal.size >= mostPersonal) personal.clear()
    personal.add(what)
    judgements.delete(name)
    return judgementOf(who, topic, query)
  }
  function renew(it: Judgement) {
    if (it.asking) return
    if (asking >= mostAsking) {
      it.asking = Promise.reject(new Error('too many wait for an answer'))
      it.asking.catch(() => {})
      setImmediate(() => {
        it.asking = undefined
      })
      return
    }
    asking++
    const { topic, query, who, shared } = it
    it.asking = ask({ topic, query, who, shared })
      .then((said) => {
        it.said = said
        it.saidAt = Date.now()
        if (said.may !== 'yes' && it.lines > 0) endAll((line) => line.judgement === it)
      })
      .finally(() => {
        asking--
        it.asking = undefined
      })
    it.asking.catch(() => {})
  }
  function endAll(which: (line: Line) => boolean) {
    for (const line of lines.values()) if (line.stage === 'open' && which(line)) end(line)
  }
  const end = (line: Line) => {
    line.topic?.audience.watchers.delete(line)
    line.out.destroySoon()
  }

  function everySecond() {
    const now = Date.now()
    seconds++
    for (const line of young) {
      if (line.stage !== 'head') continue
      const resting = line.answered && line.rest === undefined
      if (now - line.since <= (resting ? idleLimitMs : headMs)) continue
      if (line.rest) line.out.write(answerHead(408, { ...always, 'content-length': 0, connection: 'close' }))
      line.out.destroySoon()
    }
    for (const { audience } of topics.values()) audience.dropSlow(now, behindMs)
    let rechecks = 0
    for (const [name, it] of judgements) {
      if (it.lines > 0 && now - it.saidAt > recheckAfterMs && rechecks++ < mostRechecksASecond) renew(it)
      else if (it.lines === 0 && !it.asking && now - it.saidAt > keptMs) judgements.delete(name)
    }
    if (seconds % lapsedEverySeconds === 0) void askForLapsed(now)
    // While an answer is on its way, its topic may be the one that looks unwatched.
    if (asking === 0) for (const topic of topics.values()) leaveUnwatched(topic, now)
  }
  function leaveUnwatched({ key, audience, usedAt }: Topic, now: number) {
    if (audience.watchers.size > 0 || now - usedAt < unwatchedMs) return
    topics.delete(key)
    for (const [name, it] of judgements) if (it.said?.may === 'yes' && it.said.key === key) judgements.delete(name)
    leave(key)
  }
  /** Whose cookie is over by now stays while her sign-in stands. */
  async function askForLapsed(now: number) {
    const some = [...lines.values()].filter(({ stage, freshUntil }) => stage === 'open' && freshUntil < now)
    for (const line of some.slice(0, lapsedEverySeconds * mostRechecksASecond)) {
      const before = line.judgement!
      const who = lapsed(line.signInId)
      const it = await judgementOf(who, before.topic, before.query).catch(() => undefined)
      if (!it || !lines.has(line.out)) continue
      before.lines--
      it.lines++
      line.judgement = it
      line.freshUntil = who.freshUntil
      if (it.said?.may !== 'yes') end(line)
    }
  }
  const timers = [
    setInterval(everySecond, 1_000),
    setInterval(() => {
      for (const { audience } of topics.values()) void audience.beat(heartbeatMs)
    }, heartbeatMs),
  ]

  return {
    listen: (at: { port: number; host: string; reusePort: boolean }) =>
      new Promise<number>((resolve, reject) => {
        server.once('error', reject)
        server.listen({ ...at, backlog: 4096 }, () => {
          server.off('error', reject)
          server.on('error', () => {})
          resolve((server.address() as net.AddressInfo).port)
        })
      }),
    fresh(key: string, version: number, body: string) {
      let topic = topics.get(key)
      if (!topic) {
        topic = { key, audience: openAudience(), usedAt: Date.now() }
        topics.set(key, topic)
      }
      topic.audience.take(version, body)
    },
    /** These sign-ins have ended: their streams end, and their cookies open nothing more. */
    revoked(signInIds: readonly string[]) {
      const some = new Set(signInIds)
      for (const signInId of some) revoked.add(signInId)
      // The oldest ended so long ago that no cookie of theirs is fresh.
      for (const oldest of revoked) if (revoked.size > mostRevoked) revoked.delete(oldest)
      endAll((line) => some.has(line.signInId))
    },
    watching: () => [...topics.values()].reduce((sum, { audience }) => sum + audience.watchers.size, 0),
    /** Takes nobody in any more and sends everybody to another process, each at a moment of her own. */
    async drain() {
      if (draining) return
      draining = true
      server.close()
      const all = [...lines.values()]
      const slice = Math.max(200, Math.ceil(all.length / drainSteps))
      for (let at = 0; at < all.length; at += slice) {
        if (at > 0) await new Promise((resolve) => setTimeout(resolve, drainMs / drainSteps))
        for (const line of all.slice(at, at + slice)) {
          if (line.stage === 'open') line.out.write(retryLine())
          if (line.stage !== 'busy') end(line)
        }
      }
      for (const timer of timers) clearInterval(timer)
    },
    /** At once; for a test, and for the end. */
    close() {
      for (const timer of timers) clearInterval(timer)
      server.close()
      for (const socket of lines.keys()) socket.destroy()
    },
  }
}

const always = { 'x-content-type-options': 'nosniff', vary: 'Origin' }
const json = { 'content-type': 'application/json; charset=utf-8' }
const streaming = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}
const preflight = {
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'if-none-match, last-event-id',
  'access-control-max-age': '600',
}
const refusal = (word: string) => `{"refused":${JSON.stringify(word)}}`
const wordOf = (said: Asked) => (said.may === 'no' ? said.refused : 'busy')
/** Our own page, when it asks across the port; a stranger's page gets an answer it cannot read. */
const corsOf = (head: Head, origin: string): Record<string, string> =>
  head.fields.get('origin') === origin
    ? { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
    : {}
