import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { z } from 'zod'
import { type Topic, topicKey } from '../contract.ts'
import { backoffMs } from './client.ts'

// The live channel as a reader sees it: a snapshot with a version comes by SSE. A stream that breaks is opened again by the
// browser, at a moment the server drew for it; where none can be had, the same snapshot is polled (with jitter, never
// together). A lower version never replaces a higher one.

/** `connecting` before the first snapshot; `live` on the stream; `polling` shows numbers that may be some seconds old; `lost` has no line. */
export type LineState = 'connecting' | 'live' | 'polling' | 'lost'
export type LiveView<Snapshot> = {
  snapshot: Snapshot | undefined
  version: number
  line: LineState
  /** When the newest snapshot came, by this device's clock. */
  at: Date | undefined
  refused: string | undefined
}

const pollMs = 5_000
const backMs = 15_000 // so long the browser may try to come back by itself; the server asks it to within five seconds
const silenceMs = 50_000 // the server's heart beats every 20 s as a comment, which EventSource hides; versions are compared instead
const lastLeaveMs = 2_000

type Channel = {
  view: LiveView<unknown>
  readers: Set<() => void>
  close: () => void
  leaving: ReturnType<typeof setTimeout> | undefined
}
const channels = new Map<string, Channel>()

function open(key: string): Channel {
  const [name = '', query = ''] = key.split('?')
  const path = `/live/${encodeURIComponent(name)}`
  const search = query === '' ? '' : `?${query}`
  let stream: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let tried = 0
  let brokeAt: number | undefined
  let closed = false
  const channel: Channel = {
    view: { snapshot: undefined, version: 0, line: 'connecting', at: undefined, refused: undefined },
    readers: new Set(),
    leaving: undefined,
    close: () => {
      closed = true
      clearTimeout(timer)
      stream?.close()
      removeEventListener('online', wake)
      document.removeEventListener('visibilitychange', wake)
    },
  }
  const show = (change: Partial<LiveView<unknown>>) => {
    channel.view = { ...channel.view, ...change }
    for (const reader of channel.readers) reader()
  }
  const take = (version: number, snapshot: unknown, line: LineState) =>
    show(
      version > channel.view.version || channel.view.snapshot === undefined
        ? { version, snapshot, line, at: new Date(), refused: undefined }
        : { line, refused: undefined },
    )
  const later = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(check, ms)
  }

  function connect() {
    stream?.close()
    // A great server sends us on to another port of the same machine: there the cookie has to be allowed to come along.
    stream = new EventSource(path + search, { withCredentials: true })
    stream.onopen = () => {
      tried = 0
      brokeAt = undefined
      if (channel.view.snapshot !== undefined) show({ line: 'live' })
      later(silenceMs)
    }
    stream.onmessage = (event) => {
      take(Number(event.lastEventId), JSON.parse(event.data), 'live')
      later(silenceMs)
    }
    stream.onerror = () => {
      // The browser tries again by itself about as often as we ask: its later failures must not put our asking off for ever.
      const isFirst = brokeAt === undefined
      brokeAt ??= Date.now()
      const isComingBack = stream?.readyState === EventSource.CONNECTING
      if (!isComingBack) stream = undefined
      if (isFirst || !isComingBack) later(isComingBack || tried > 0 ? jittered(pollMs) : 3_000 * Math.random())
    }
  }
  /** Asks for the snapshot itself: after an error, after silence, and when the page is looked at again. */
  async function check() {
    if (closed) return
    try {
      // What has not changed comes from the browser's own cache, and for public topics from any cache between.
      const response = await fetch(`${path}/state.json${search}`)
      if (closed) return
      if (response.ok) {
        const { version, snapshot } = await response.json()
        take(version, snapshot, isOpen() ? 'live' : 'polling')
      } else if (response.status === 401 || response.status === 403 || response.status === 404) {
        const body = await response.json().catch(() => ({}))
        return show({ line: 'lost', refused: body.refused ?? 'notFound' })
      } else throw new Error(String(response.status))
      tried = 0
    } catch {
      tried += 1
      show({ line: 'lost' })
      return later(backoffMs(Math.min(tried, 5)))
    }
    const isGivenUp = brokeAt !== undefined && Date.now() - brokeAt > backMs
    if (stream === undefined || (isGivenUp && !isOpen())) {
      brokeAt = undefined
      connect()
    }
    later(isOpen() ? silenceMs : jittered(pollMs))
  }
  const isOpen = () => stream?.readyState === EventSource.OPEN
  const jittered = (ms: number) => ms * (0.75 + Math.random() / 2)
  const wake = () => {
    if (document.visibilityState === 'visible') later(300 * Math.random())
  }
  addEventListener('online', wake)
  document.addEventListener('visibilitychange', wake)
  connect()
  return channel
}

function join(key: string, reader: () => void) {
  let channel = channels.get(key)
  if (!channel) {
    channel = open(key)
    channels.set(key, channel)
  }
  clearTimeout(channel.leaving)
  channel.readers.add(reader)
  const joined = channel
  return () => {
    joined.readers.delete(reader)
    if (joined.readers.size > 0) return
    // A screen that is left and entered again keeps its line.
    joined.leaving = setTimeout(() => {
      joined.close()
      channels.delete(key)
    }, lastLeaveMs)
  }
}
const nothing: LiveView<never> = {
  snapshot: undefined,
  version: 0,
  line: 'connecting',
  at: undefined,
  refused: undefined,
}

/** Reads a topic while the component is on screen; components asking for the same topic share one stream. `params: undefined` waits. */
export function useTopic<P extends z.ZodType, S extends z.ZodType>(
  topic: Topic<P, S>,
  params: z.input<P> | undefined,
): LiveView<z.output<S>> {
  const key = params === undefined ? undefined : topicKey(topic, params as Record<string, string | undefined>)
  const subscribe = useMemo(() => (reader: () => void) => (key === undefined ? () => {} : join(key, reader)), [key])
  return useSyncExternalStore(subscribe, () =>
    key === undefined ? nothing : (channels.get(key)?.view ?? nothing),
  ) as LiveView<z.output<S>>
}

/** Whether the device thinks it has a line; `false` is certain, `true` is a guess. */
export const useOnline = (): boolean =>
  useSyncExternalStore(
    (reader) => {
      addEventListener('online', reader)
      addEventListener('offline', reader)
      return () => {
        removeEventListener('online', reader)
        removeEventListener('offline', reader)
      }
    },
    () => navigator.onLine,
  )

/** The present moment, renewed every `everyMs`: for countdowns and clocks. */
export function useNow(everyMs = 1_000): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
