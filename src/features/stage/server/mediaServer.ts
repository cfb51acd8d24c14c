// The stage's only view of the server that carries picture and sound. What is true stands in our database; this brings it about.
import type { Desk } from '../../../platform/server/desk.ts'
import type { PartKind, PartState } from '../contract.ts'

export type MediaState = 'running' | 'starting' | 'installing' | 'missing' | 'failed' | 'external'
export const trackSources = ['camera', 'microphone', 'screen', 'screenAudio'] as const
export type TrackSource = (typeof trackSources)[number]
/** What an identity may do in a room; changed while it is connected, without joining anew. */
export type Permit = { publish: readonly TrackSource[]; subscribe: boolean; hidden: boolean }
export type Pass = Permit & {
  room: string
  identity: string
  /** Shown to others on the stage. */
  name: string
  /** What the others' screens need: the kind of the part and its site. */
  about: { kind: string; partId: string; siteId?: string | undefined }
}
export type Joined = {
  identity: string
  joinedAt: Date
  /** Picture and sound can flow; before that it has only knocked. */
  active: boolean
  tracks: readonly { trackId: string; source: TrackSource; muted: boolean }[]
  /** What it may do now, as the media server has it. */
  permit: Permit
}
export type IceServer = { urls: string[]; username?: string; credential?: string }

/** Every call may fail while the media server is away: callers go on, and the sweep brings it about later. */
export type MediaServer = {
  state: () => MediaState
  /** Where browsers connect: «/» (this very server, which answers at /rtc), or the ws(s):// address of an external one. */
  url: string
  /** Where a process on this machine connects: ws://127.0.0.1:PORT, or the external address. */
  urlInside: string
  iceServers: readonly IceServer[]
  /** How many sites may listen by WebRTC beside everything else on this machine. */
  places: () => number
  ensureRoom: (room: string) => Promise<void>
  closeRoom: (room: string) => Promise<void>
  token: (pass: Pass, now: Date) => Promise<string>
  permit: (room: string, identity: string, permit: Permit) => Promise<void>
  /** A track that the identity does not send, or an identity that is not there, is no fault: nothing is to be done. */
  mute: (room: string, identity: string, source: TrackSource, muted: boolean) => Promise<void>
  /** Twice is harmless. Coming back is refused at our own door, by the part and its generation. */
  remove: (room: string, identity: string) => Promise<void>
  /** Without `to`: everybody in the room. */
  send: (room: string, body: Uint8Array, about: { topic: string; to?: readonly string[] }) => Promise<void>
  joined: (room: string) => Promise<readonly Joined[]>
}

/** What the media server tells, out of order and sometimes not at all: hints, never the truth. */
export type MediaNews = {
  room: string
  identity: string
  what: 'joined' | 'left' | 'published' | 'unpublished'
  source?: TrackSource
  at: Date
}

const servers = new WeakMap<Desk, MediaServer>()
export const lendMediaServer = (desk: Desk, server: MediaServer | undefined) => {
  if (server) servers.set(desk, server)
  else servers.delete(desk)
}
/** `undefined` where no media server runs beside this process: the stage then says that it is not ready. */
export const mediaServerOf = (desk: Desk): MediaServer | undefined => servers.get(desk)

type Ear = (news: MediaNews) => void | Promise<void>
const ears = new WeakMap<Desk, Set<Ear>>()
/** Hears what the media server tells and what the sweep finds; the same news may come twice and late. Answers how to stop. */
export function onMediaNews(desk: Desk, ear: Ear): () => void {
  const all = ears.get(desk) ?? new Set()
  ears.set(desk, all.add(ear))
  return () => void all.delete(ear)
}
/** One ear that fails does not keep the others from hearing. */
export async function tellMediaNews(desk: Desk, news: MediaNews, fault: (error: unknown) => void): Promise<void> {
  for (const ear of ears.get(desk) ?? [])
    try {
      await ear(news)
    } catch (error) {
      fault(error)
    }
}

// ── who somebody is in the room, and what she may do there ───────────────────

/** A part in the room; a hall's screen is there beside its console under a name of its own. */
export const identityOf = (part: { partId: string; generation: number }, of: 'console' | 'screen' = 'console') =>
  `${part.partId}.${part.generation}${of === 'screen' ? '.screen' : ''}`
export const programmeIdentity = (sessionId: string) => `programme.${sessionId}`

export type Who =
  | { is: 'part'; partId: string; generation: number; of: 'console' | 'screen' }
  | { is: 'programme'; sessionId: string }
/** `undefined` for a name that is none of ours. */
export function readIdentity(identity: string): Who | undefined {
  const programme = /^programme\.([0-9a-f-]{36})$/.exec(identity)
  if (programme) return { is: 'programme', sessionId: programme[1]! }
  const part = /^([0-9a-f-]{36})\.(\d{1,9})(\.screen)?$/.exec(identity)
  if (!part) return undefined
  return { is: 'part', partId: part[1]!, generation: Number(part[2]), of: part[3] ? 'screen' : 'console' }
}

/** What the stage's tables say of a part, as far as the room is concerned. */
export type RoomPart = {
  partId: string
  generation: number
  kind: PartKind
  state: PartState
  microphone: boolean
  picture: boolean
  /** A director who talks to one hall just now. */
  talking: boolean
}
const listens: Permit = { publish: [], subscribe: true, hidden: true }
/**
 * What a part may do, by what the database says of it: the token, the change while it is connected and the sweep all ask here.
 * Whoever sends nothing is hidden: 236 listening halls are then not told of one another.
 */
export function permitOf(part: Omit<RoomPart, 'partId' | 'generation'>, of: 'console' | 'screen' = 'console'): Permit {
  if (part.state === 'removed') return { publish: [], subscribe: false, hidden: true }
  if (of === 'screen') return listens
  const sends = sourcesOf(part)
  return sends.length === 0 ? listens : { publish: sends, subscribe: true, hidden: false }
}
function sourcesOf(part: Omit<RoomPart, 'partId' | 'generation'>): TrackSource[] {
  const isUp = part.state === 'backstage' || part.state === 'onAir'
  switch (part.kind) {
    case 'speaker':
    case 'chair':
    case 'moderator':
      return [...trackSources]
    case 'technician':
      return part.talking ? ['microphone'] : []
    case 'site':
    case 'member':
    case 'telephone':
      return [
        ...(isUp || part.picture ? ['camera' as const] : []),
        ...(isUp || part.microphone ? ['microphone' as const] : []),
      ]
  }
}
