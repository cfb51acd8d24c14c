// Whose sound belongs to a session. Pure: halls, the programme and the boards all read this.

type Voice = { kind: string; state: string; microphone: boolean; connected: boolean }

/** A caller is heard through a phone held to the moderator's microphone, so with her the moderators who are in the room. */
export function heardOf<Part extends Voice>(parts: readonly Part[]): Part[] {
  const there = parts.filter(({ kind, state }) => kind !== 'technician' && state !== 'removed')
  const open = there.filter(({ microphone }) => microphone)
  if (!open.some(({ kind }) => kind === 'telephone')) return open
  return [...open, ...there.filter((part) => part.kind === 'moderator' && part.connected && !open.includes(part))]
}
