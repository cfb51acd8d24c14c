// What must be taken down, in the order that loses nothing, whatever of it was up when the end came.

// Parts of one row go together: the door waits for open live connections, which the live channel ends.
const order = [
  ['liveDemo'],
  ['door', 'live', 'beside'],
  ['hot'],
  ['http'],
  ['imports', 'jobs'],
  ['access'],
  ['pool'],
  ['database'],
  ['folder'],
] as const
export type Part = (typeof order)[number][number]
type Undo = () => Promise<unknown>

export function openEnding(fault: (error: unknown, part: Part) => void) {
  const undo = new Map<Part, Undo[]>()
  let ending: Promise<void> | undefined
  const end = async (part: Part) => {
    for (const how of undo.get(part) ?? [])
      try {
        await how()
      } catch (error) {
        fault(error, part)
      }
  }
  const endAll = async () => {
    for (const parts of order) await Promise.all(parts.map(end))
  }
  return {
    /** Remembers how a part is taken down; of several ways the last added goes first. One that is still being opened is awaited first. */
    add: (part: Part, how: Undo) => void undo.set(part, [how, ...(undo.get(part) ?? [])]),
    begun: () => ending !== undefined,
    /** Twice is harmless. */
    begin: () => {
      ending ??= endAll()
      return ending
    },
  }
}
