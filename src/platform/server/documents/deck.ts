// Slides for a talk as a PDF, in the product's look.
import { inNfc } from './paper.ts'
import { typesetInThread } from './thread.ts'

type Note = { note?: string }
export type Slide =
  | { kind: 'title'; over: string; title: string; subtitle: string; speaker: string; when: string }
  | { kind: 'section'; nth: string; title: string }
  | ({ kind: 'points'; title: string; points: readonly { lead?: string; words: string }[] } & Note)
  | ({ kind: 'figures'; title: string; figures: readonly { value: string; words: string }[] } & Note)
  | ({
      kind: 'table'
      title: string
      /** Shares of the width, one a column. */
      widths: readonly number[]
      head: readonly string[]
      rows: readonly (readonly string[])[]
    } & Note)
  | ({
      kind: 'bars'
      title: string
      bars: readonly { name: string; value: number; words: string; marked?: boolean }[]
    } & Note)
  | ({ kind: 'steps'; title: string; steps: readonly { when: string; what: string }[] } & Note)
  | { kind: 'quote'; words: string; source: string }
export type SlideDeck = { title: string; author: string; footer: string; slides: readonly Slide[] }

/** A page a slide, 16:9. `madeAt` is written into the file, so that the same deck at the same moment is the same bytes. */
export const slideDeckPdf = (deck: SlideDeck, madeAt?: Date): Promise<Uint8Array> =>
  typesetInThread('deck.typ', inNfc(deck), madeAt ? { madeAt } : {})
