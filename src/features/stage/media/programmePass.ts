// How the process that makes the programme enters a room.
import type { Config } from '../../../platform/server/config.ts'
import { programmeIdentity } from '../server/mediaServer.ts'
import { keyFrom, type MediaKey, signPass } from './pass.ts'

/**
 * Hidden, and it only listens. On this machine it goes to the media server itself: when this very server is ended or killed, what is said
 * meanwhile still reaches the programme. `undefined` where an external media server has no key.
 */
export function programmePass(
  config: Config,
  secret: Buffer,
  { room, sessionId }: { room: string; sessionId: string },
  now: Date,
): { url: string; token: string } | undefined {
  const key = keyOf(config, secret)
  if (!key) return undefined
  const identity = programmeIdentity(sessionId)
  const token = signPass(
    key,
    {
      room,
      identity,
      name: 'programme',
      about: { kind: 'programme', partId: '' },
      publish: [],
      subscribe: true,
      hidden: true,
    },
    now,
  )
  return { url: config.livekitUrl?.replace(/^http/, 'ws') ?? `ws://127.0.0.1:${config.stagePort}`, token }
}
function keyOf(config: Config, secret: Buffer): MediaKey | undefined {
  if (!config.livekitUrl) return keyFrom(secret)
  const [id = '', ...rest] = (config.livekitKey ?? '').split(':')
  return id === '' ? undefined : { id, secret: rest.join(':') }
}
