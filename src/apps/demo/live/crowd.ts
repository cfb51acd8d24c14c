// Those who only watch: viewers of the programme, who fetch playlists and segments as a player does, and watchers of the live channel.
import http from 'node:http'
import type { z } from 'zod'
import { pathOf, topicKey } from '../../../platform/contract.ts'

export type Counted = {
  viewers: number
  playlists: number
  segments: number
  bytes: number
  stalls: number
  errors: number
}

/** An address, a cookie, an operation: what a browser does, without one. Throws with the word of the refusal. */
export function openCaller(base: string) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })
  return {
    base,
    async call<Out extends z.ZodType>(
      it: { name: string; output: Out },
      cookie: string,
      input: object,
    ): Promise<z.output<Out>> {
      const { status, text } = await send(agent, new URL(pathOf(it), base), cookie, JSON.stringify(input))
      const body = text === '' ? {} : JSON.parse(text)
      if (status === 200) return body
      throw new CallRefused(it.name, String(body.refused ?? status))
    },
    close: () => agent.destroy(),
  }
}
export type Caller = ReturnType<typeof openCaller>
export class CallRefused extends Error {
  readonly because: string
  constructor(what: string, because: string) {
    super(`${what}: ${because}`)
    this.because = because
  }
}
const send = (agent: http.Agent, url: URL, cookie: string, body: string) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = http.request(
      url,
      {
        agent,
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }))
        response.on('error', reject)
      },
    )
    request.setTimeout(20_000, () => request.destroy(new Error('timeout')))
    request.on('error', reject)
    request.end(body)
  })

/** So many viewers of the lowest rung, each at her own second; every one fetches a playlist and the new segments every two seconds. */
export function openViewers(
  base: string,
  /** The master playlist, once there is one. */
  master: () => string | undefined,
  wanted: number,
  stopped: () => boolean,
) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Math.max(16, wanted) })
  const counted: Counted = { viewers: 0, playlists: 0, segments: 0, bytes: 0, stalls: 0, errors: 0 }
  const get = (at: URL) =>
    new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
      const request = http.get(at, { agent }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }))
        response.on('error', reject)
      })
      request.setTimeout(10_000, () => request.destroy(new Error('timeout')))
      request.on('error', reject)
    })
  const view = async () => {
    await pause(Math.random() * 2_000)
    counted.viewers++
    const seen = new Set<string>()
    let newAt = Date.now()
    let chosen: { from: string; rung: URL } | undefined
    while (!stopped()) {
      const began = Date.now()
      const address = master()
      try {
        if (address !== undefined) {
          if (address !== chosen?.from) {
            const all = await get(new URL(address, base))
            if (all.status !== 200) throw new Error(String(all.status))
            const [lowest] = segmentsIn(all.body.toString())
            chosen = { from: address, rung: new URL(lowest ?? '', new URL(address, base)) }
          }
          const list = await get(chosen.rung)
          if (list.status !== 200) throw new Error(String(list.status))
          counted.playlists++
          const fresh = segmentsIn(list.body.toString()).filter((name) => !seen.has(name))
          for (const name of fresh.slice(seen.size === 0 ? -3 : 0)) {
            const segment = await get(new URL(name, chosen.rung))
            if (segment.status !== 200) throw new Error(String(segment.status))
            counted.segments++
            counted.bytes += segment.body.length
            newAt = Date.now()
          }
          for (const name of fresh) seen.add(name)
          // A player that has six seconds stands still after that.
          if (seen.size > 0 && Date.now() - newAt > 8_000) {
            counted.stalls++
            newAt = Date.now()
          }
        }
      } catch {
        if (!stopped()) counted.errors++
      }
      await pause(Math.max(50, 2_000 - (Date.now() - began)))
    }
    counted.viewers--
  }
  const all = Array.from({ length: wanted }, view)
  return {
    counted,
    async close() {
      await Promise.all(all)
      agent.destroy()
    },
  }
}
const segmentsIn = (list: string) => list.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** So many open streams of one topic; counts what comes, and opens again what breaks. */
export function openWatchers(
  base: string,
  topic: { name: string },
  params: Record<string, string>,
  cookie: string,
  wanted: number,
  stopped: () => boolean,
) {
  const agent = new http.Agent({ keepAlive: false, maxSockets: Infinity })
  const counted = { open: 0, messages: 0, broken: 0 }
  const query = topicKey(topic, params).split('?')[1]
  const streams = new Set<http.ClientRequest>()
  const watch = (address: URL, hops = 0) => {
    if (stopped()) return
    // Sent on to a light process: the stream lives there, and this one is not opened again.
    let sentOn = false
    const request = http.get(address, { agent, headers: { cookie, accept: 'text/event-stream' } }, (response) => {
      const { statusCode = 0, headers } = response
      if (statusCode === 307 && headers.location && hops < 3) {
        sentOn = true
        response.resume()
        return watch(new URL(headers.location, address), hops + 1)
      }
      if (statusCode !== 200) {
        response.resume()
        return
      }
      counted.open++
      response.on('data', (part: Buffer) => {
        for (let at = part.indexOf('data:'); at >= 0; at = part.indexOf('data:', at + 5)) counted.messages++
      })
      response.on('close', () => {
        counted.open--
        if (!stopped()) counted.broken++
      })
    })
    streams.add(request)
    request.on('error', () => {})
    request.on('close', () => {
      streams.delete(request)
      if (!sentOn && !stopped())
        setTimeout(() => watch(new URL(`/live/${topic.name}?${query}`, base)), 500 + Math.random() * 2_000)
    })
  }
  for (let nth = 0; nth < wanted; nth++)
    setTimeout(() => watch(new URL(`/live/${topic.name}?${query}`, base)), (nth / 500) * 1_000)
  return {
    counted,
    close() {
      for (const stream of streams) stream.destroy()
    },
  }
}
