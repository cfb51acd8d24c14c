// Pages and films of the conference, through the door of materials.
import type { z } from 'zod'
import type { Db, Tx } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import * as materials from '../../materials/server/index.ts'
import type { DeckShape } from '../contract.ts'
import type { Held } from './store.ts'

export type Deck = z.output<typeof DeckShape>
/** Signs the path of its pages. */
type Signer = Pick<Desk, 'secret' | 'config'>
type Of = Pick<Held, 'conferenceId' | 'audience'>

const withPrefix = (desk: Signer, of: Of, now: Date, deck: Omit<Deck, 'prefix'>): Deck => ({
  versionId: deck.versionId,
  title: deck.title,
  pages: deck.pages,
  width: deck.width,
  height: deck.height,
  prefix: materials.pagePrefix(desk, deck.versionId, of.audience, now),
})
/** Decks whose pages are made, in the order the conference keeps them; each with a signed path good for hours. */
export const decksOf = async (db: Db | Tx, desk: Signer, of: Of, now: Date): Promise<Deck[]> =>
  (await materials.decksOf(db, desk, of.conferenceId, now, of.audience)).map((deck) => withPrefix(desk, of, now, deck))

/** One deck of this conference. What was shown stays shown, also when it was taken out of the list meanwhile. */
export async function deckOf(
  db: Db | Tx,
  desk: Signer,
  of: Of,
  versionId: string,
  now: Date,
): Promise<Deck | undefined> {
  const deck = await materials.deckOf(db, versionId)
  return deck?.conferenceId === of.conferenceId ? withPrefix(desk, of, now, deck) : undefined
}
/** A film that may be played into the programme. */
export const filmOf = async (
  db: Db | Tx,
  conferenceId: string,
  versionId: string,
): Promise<{ title: string; seconds: number | undefined } | undefined> =>
  (await materials.videosOf(db, conferenceId)).find((film) => film.versionId === versionId)
