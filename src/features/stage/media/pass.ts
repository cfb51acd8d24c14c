// Passes into a room: signed with the key that the media server and this server share, read again at our own door.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Pass, type Permit, programmeIdentity, type TrackSource, trackSources } from '../server/mediaServer.ts'

export type MediaKey = { id: string; secret: string }
/** The key of our own media server, from the installation's secret: the same after every restart, so that passes stay good. */
export const keyFrom = (secret: Buffer): MediaKey => ({
  id: 'diemcau',
  secret: createHmac('sha256', secret).update('media server').digest('base64url'),
})

/** As the media server names them: in passes, and in its news and lists. */
const passNames = {
  camera: 'camera',
  microphone: 'microphone',
  screen: 'screen_share',
  screenAudio: 'screen_share_audio',
}
const wireNames = {
  camera: 'CAMERA',
  microphone: 'MICROPHONE',
  screen: 'SCREEN_SHARE',
  screenAudio: 'SCREEN_SHARE_AUDIO',
} as const
export const sourceOf = (wire: string): TrackSource | undefined => trackSources.find((one) => wireNames[one] === wire)

/** A pass outlives a line that is away for a while; who was removed is stopped at the door and by the sweep, not by its end. */
const goodForSeconds = 3600
const programmeGoodForSeconds = 24 * 3600

export function signPass(key: MediaKey, pass: Pass, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const isProgramme = pass.identity.startsWith(programmeIdentity(''))
  return signToken(key, {
    sub: pass.identity,
    name: pass.name,
    // Two machines' clocks are never quite the same.
    nbf: seconds - 60,
    exp: seconds + (isProgramme ? programmeGoodForSeconds : goodForSeconds),
    metadata: JSON.stringify(pass.about),
    video: { roomJoin: true, room: pass.room, ...grantOf(pass) },
  })
}
const grantOf = ({ publish, subscribe, hidden }: Permit) => ({
  canPublish: publish.length > 0,
  canPublishSources: publish.map((source) => passNames[source]),
  canPublishData: false,
  canUpdateOwnMetadata: false,
  canSubscribe: subscribe,
  hidden,
})

export const signToken = (key: MediaKey, claims: object): string => {
  const said = [
    { alg: 'HS256', typ: 'JWT' },
    { iss: key.id, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${said}.${signatureOf(key, said)}`
}
const signatureOf = (key: MediaKey, said: string) => createHmac('sha256', key.secret).update(said).digest('base64url')

/** What a token claims, when it is signed with our key and in its time; else `undefined`. */
export function readToken(key: MediaKey, token: string, now: Date): Record<string, unknown> | undefined {
  const [head = '', body = '', signature = ''] = token.split('.')
  const right = Buffer.from(signatureOf(key, `${head}.${body}`))
  const given = Buffer.from(signature)
  if (right.length !== given.length || !timingSafeEqual(right, given)) return undefined
  const claims = parsed(body)
  const seconds = now.getTime() / 1000
  if (!claims || claims.iss !== key.id) return undefined
  if (typeof claims.exp !== 'number' || claims.exp < seconds) return undefined
  return typeof claims.nbf === 'number' && claims.nbf > seconds + 60 ? undefined : claims
}
function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export type Bearer = { identity: string; room: string }
/** Who holds this pass, and to which room. */
export function readPass(key: MediaKey, token: string, now: Date): Bearer | undefined {
  const claims = readToken(key, token, now)
  const video = claims?.video as { room?: unknown; roomJoin?: unknown } | undefined
  if (typeof claims?.sub !== 'string' || typeof video?.room !== 'string' || video.roomJoin !== true) return undefined
  return { identity: claims.sub, room: video.room }
}

/** News is signed over its very bytes. */
export function isSignedNews(key: MediaKey, body: Buffer, token: string, now: Date): boolean {
  const claims = readToken(key, token.replace(/^Bearer /, ''), now)
  return claims?.sha256 === createHash('sha256').update(body).digest('base64')
}
