// What must be taken down, in the order that loses nothing, whatever of it was up when the end came.
export type Part =
  | 'door'
  | 'live'
  | 'beside'
  | 'liveDemo'
  | 'hot'
  | 'http'
  | 'imports'
  | 'jobs'
  | 'access'
  | 'pool'
  | 'database'
  | 'folder'
type Undo = () => Promise<unknown>

// Parts of one row go together: the door waits for open live connections, which the live channel ends.
const order: readonly (readonly Part[])[] = [
  ['liveDemo'],
  ['door', 'live', 'beside'],
  ['hot'],
  ['http'],
  ['imports', 'jobs'],
  ['access'],
  ['pool'],
  ['database'],
  ['folder'],
]

export function openEnding(fault: (error: unknown, part: Part) => void) {
  const undo = new Map<Part, Undo>()
  let ending: Promise<void> | undefined
  const end = async (part: Part) => {
    try {
      await undo.get(part)?.()
    } catch (error) {
      fault(error, part)
    }
  }
  const endAll = async () => {
    for (const parts of order) await Promise.all(parts.map(end))
  }
  return {
    /** Remembers how a part is taken down; one that is still being opened is awaited first. */
    add: (part: Part, how: Undo) => void undo.set(part, how),
    begun: () => ending !== undefined,
    /** Twice is harmless. */
    begin: () => {
      ending ??= endAll()
      return ending
    },
  }
}
