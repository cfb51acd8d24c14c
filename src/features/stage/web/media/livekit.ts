// The media library is fetched when somebody enters a room, never with a page.
import type * as Livekit from 'livekit-client'

export type { LocalTrack, RemoteParticipant, RemoteTrack, Room } from 'livekit-client'
export type Library = typeof Livekit

let bringing: Promise<Library> | undefined
/** Rejects when the line is lost before it came; the next call tries again. */
export function bringLibrary(): Promise<Library> {
  bringing ??= import('livekit-client').then((library) => {
    library.setLogLevel('error')
    return library
  })
  bringing.catch(() => {
    bringing = undefined
  })
  return bringing
}

/**
 * The library wants an address without the path, to which it adds «/rtc» itself: «/rtc» alone means this very host, and a whole
 * address that ends so loses its end.
 */
export function signalAddress(url: string, here: { protocol: string; host: string } = location): string {
  const whole = url.startsWith('/') ? `${here.protocol === 'https:' ? 'wss:' : 'ws:'}//${here.host}${url}` : url
  return whole.replace(/\/rtc(\/v\d+)?\/?$/, '').replace(/\/$/, '')
}
