import { layOut, typstData } from './layout.ts'
import type { Paper } from './paper.ts'
import { typeset } from './typeset.ts'

/**
 * A paper, or several one after another in one file (a report and its annexes), as PDF/A-2b with only Tinos
 * inside: A4, page numbers from page 2 on in each paper, a table's head on every page.
 * Throws RangeError when a row does not fit its columns or a count is not whole.
 */
export async function toPdf(papers: Paper | readonly Paper[]): Promise<Uint8Array> {
  const list = Array.isArray(papers) ? (papers as readonly Paper[]) : [papers as Paper]
  return typeset(
    'paper.typ',
    list.map((paper) => typstData(layOut(paper))),
  )
}
