// What this server asks of the media server, in the media server's own words.
import type { ParticipantInfo } from 'livekit-server-sdk'
import type { Joined, MediaServer, Permit, TrackSource } from '../server/mediaServer.ts'
import { trackSources } from '../server/mediaServer.ts'
import type { MediaKey } from './pass.ts'

const askLimitSeconds = 5
/** JOINING 0, JOINED 1, ACTIVE 2, DISCONNECTED 3. */
const activeState = 2
export type Rooms = Pick<MediaServer, 'ensureRoom' | 'closeRoom' | 'permit' | 'mute' | 'remove' | 'send' | 'joined'> & {
  open: () => Promise<string[]>
}

/** `address` is http(s)://. The client's library is only read where a media server is used. */
export async function openRooms(address: string, key: MediaKey): Promise<Rooms> {
  const { RoomServiceClient, TrackSource: Wire, DataPacket_Kind } = await import('livekit-server-sdk')
  const client = new RoomServiceClient(address, key.id, key.secret, {
    requestTimeout: askLimitSeconds,
    failover: false,
  })
  const wire = {
    camera: Wire.CAMERA,
    microphone: Wire.MICROPHONE,
    screen: Wire.SCREEN_SHARE,
    screenAudio: Wire.SCREEN_SHARE_AUDIO,
  }
  const sourceOf = (source: number): TrackSource => trackSources.find((one) => wire[one] === source) ?? 'camera'
  const permitOf = ({ permission }: ParticipantInfo): Permit => ({
    publish: permission?.canPublish
      ? permission.canPublishSources.length > 0
        ? permission.canPublishSources.map(sourceOf)
        : [...trackSources]
      : [],
    subscribe: permission?.canSubscribe ?? false,
    hidden: permission?.hidden ?? false,
  })
  const joinedOf = (one: ParticipantInfo): Joined => ({
    identity: one.identity,
    joinedAt: new Date(Number(one.joinedAtMs) || Number(one.joinedAt) * 1000),
    active: one.state === activeState,
    tracks: one.tracks.map(({ sid, source, muted }) => ({ trackId: sid, source: sourceOf(source), muted })),
    permit: permitOf(one),
  })
  return {
    // Picture and sound are kept together for the programme; making a room that is there changes nothing.
    ensureRoom: async (name) => void (await client.createRoom({ name, syncStreams: true })),
    closeRoom: (room) => client.deleteRoom(room).catch(unlessGone),
    open: async () => (await client.listRooms()).map(({ name }) => name),
    permit: async (room, identity, { publish, subscribe, hidden }) => {
      const permission = {
        canPublish: publish.length > 0,
        canPublishSources: publish.map((source) => wire[source]),
        canPublishData: false,
        canUpdateMetadata: false,
        canSubscribe: subscribe,
        hidden,
      }
      await client.updateParticipant(room, identity, { permission }).catch(unlessGone)
    },
    mute: async (room, identity, source, muted) => {
      const there = await client.getParticipant(room, identity).catch(unlessGone)
      for (const track of there?.tracks ?? [])
        if (track.source === wire[source] && track.muted !== muted)
          await client.mutePublishedTrack(room, identity, track.sid, muted).catch(unlessGone)
    },
    remove: (room, identity) => client.removeParticipant(room, identity).catch(unlessGone),
    send: (room, body, { topic, to }) =>
      client.sendData(room, body, DataPacket_Kind.RELIABLE, {
        topic,
        ...(to ? { destinationIdentities: [...to] } : {}),
      }),
    joined: async (room) => (await client.listParticipants(room)).map(joinedOf),
  }
}
/** What is to be changed about somebody who is not there (any more) needs no change. */
const unlessGone = (error: { status?: number }): undefined => {
  if (error.status !== 404) throw error
}
