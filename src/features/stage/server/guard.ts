// Hot operations judge for themselves; where something stands changes seldom and is asked for at most every half minute.
import { type Actor, judge, type Needs, type Place, type PlaceKind } from '../../../platform/rights.ts'
import { type Desk, placeAt } from '../../../platform/server/desk.ts'
import { Refused } from '../../../platform/server/operate.ts'

const placeFreshMs = 30_000
const mostPlaces = 5_000
const kept = new WeakMap<Desk, Map<string, { place: Place | undefined; until: number }>>()

/** Throws `Refused` with the verdict unless the actor may. Before it refuses it asks anew where the thing stands. */
export async function guard<In>(desk: Desk, actor: Actor, needs: Needs<In>, input: In): Promise<void> {
  if ((await judge(actor, needs, input, (kind, id) => placeOf(desk, kind, id))) === 'yes') return
  const verdict = await judge(actor, needs, input, placeAt(desk, desk.db))
  if (verdict !== 'yes') throw new Refused(verdict)
}
async function placeOf(desk: Desk, kind: PlaceKind, id: string | undefined): Promise<Place | undefined> {
  const places = kept.get(desk) ?? new Map()
  kept.set(desk, places)
  const key = `${kind} ${id}`
  const known = places.get(key)
  if (known && known.until > Date.now()) return known.place
  const place = await placeAt(desk, desk.db)(kind, id)
  if (places.size >= mostPlaces) places.clear()
  places.set(key, { place, until: Date.now() + placeFreshMs })
  return place
}
