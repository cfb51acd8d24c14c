// The stage's only view of the server that carries picture and sound. What is true stands in our database; this brings it about.
import type { Desk } from '../../../platform/server/desk.ts'

export type MediaState = 'running' | 'starting' | 'installing' | 'missing' | 'failed' | 'external'
export type TrackSource = 'camera' | 'microphone' | 'screen' | 'screenAudio'
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
  tracks: readonly { trackId: string; source: TrackSource; muted: boolean }[]
}

/** Every call may fail while the media server is away: callers go on, and the sweep brings it about later. */
export type MediaServer = {
  state: () => MediaState
  /** Where browsers connect: «/rtc» of this very server, or the address of an external one. */
  url: string
  iceServers: readonly { urls: string[]; username?: string; credential?: string }[]
  /** How many sites may listen by WebRTC beside everything else on this machine. */
  places: () => number
  ensureRoom: (room: string) => Promise<void>
  closeRoom: (room: string) => Promise<void>
  token: (pass: Pass, now: Date) => Promise<string>
  permit: (room: string, identity: string, permit: Permit) => Promise<void>
  mute: (room: string, identity: string, source: TrackSource, muted: boolean) => Promise<void>
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
