// What differs between the database and the room, and what is to be done about it. The database is right.
import { type Joined, type Permit, permitOf, type RoomPart, readIdentity } from '../server/mediaServer.ts'

export type KnownPart = RoomPart & { connected: boolean }
export type Mend =
  | { do: 'remove'; identity: string }
  | { do: 'permit'; identity: string; permit: Permit }
  | { do: 'mute'; identity: string }
  /** The room knows better who is in it: told as news, so that the database learns it. */
  | { do: 'tell'; identity: string; what: 'joined' | 'left' }

/**
 * Whoever closes her own microphone is left in peace: only a microphone that should be closed is touched.
 * Backstage nobody on air hears anybody, so microphones there are their owners' own.
 */
export function whatToMend(sessionId: string, parts: readonly KnownPart[], joined: readonly Joined[]): Mend[] {
  const known = new Map(parts.map((part) => [part.partId, part]))
  const there = new Set<string>()
  const mends = joined.flatMap((one): Mend[] => {
    const who = readIdentity(one.identity)
    if (who?.is === 'programme' && who.sessionId === sessionId) return []
    const part = who?.is === 'part' ? known.get(who.partId) : undefined
    if (who?.is !== 'part' || !part || isOver(part) || part.generation !== who.generation)
      return [{ do: 'remove', identity: one.identity }]
    if (who.of === 'console') there.add(part.partId)
    const permit = permitOf(part, who.of)
    return [
      ...(who.of === 'console' && one.active && !part.connected
        ? [{ do: 'tell' as const, identity: one.identity, what: 'joined' as const }]
        : []),
      ...(isSame(permit, one.permit) ? [] : [{ do: 'permit' as const, identity: one.identity, permit }]),
      ...(isHeardWrongly(part, one) ? [{ do: 'mute' as const, identity: one.identity }] : []),
    ]
  })
  const gone = parts.filter((part) => part.connected && !there.has(part.partId))
  return [
    ...mends,
    ...gone.map((part) => ({
      do: 'tell' as const,
      identity: `${part.partId}.${part.generation}`,
      what: 'left' as const,
    })),
  ]
}
/** Taken off the stage, or a member whose turn is over: her own page plays the programme. */
const isOver = ({ state, kind }: KnownPart) => state === 'removed' || (kind === 'member' && state === 'left')
const isHeardWrongly = (part: KnownPart, { tracks }: Joined) =>
  !part.microphone &&
  !part.talking &&
  part.state !== 'backstage' &&
  tracks.some(({ source, muted }) => source === 'microphone' && !muted)
const isSame = (one: Permit, other: Permit) =>
  one.subscribe === other.subscribe &&
  one.hidden === other.hidden &&
  [...one.publish].sort().join() === [...other.publish].sort().join()
