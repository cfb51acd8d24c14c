import type { Paper } from './paper.ts'
import { inThread, seconds } from './thread.ts'
import type { Task } from './threadWorker.ts'

const madeOf = (kind: 'docx' | 'xlsx' | 'pdf', papers: Paper | readonly Paper[], madeAt?: Date): Promise<Uint8Array> =>
  inThread({ kind, papers: [papers].flat() as Paper[], madeAtSeconds: seconds(madeAt) } satisfies Task)

/**
 * A paper, or several one after another in one file (a report and its annexes), as PDF/A-2b with only Tinos
 * inside: A4, page numbers from page 2 on in each paper, a table's head on every page. `madeAt` is the date
 * written into the file; the same paper and date give the same bytes.
 * Throws RangeError when a row does not fit its columns or a count is not whole.
 */
export const toPdf = (papers: Paper | readonly Paper[], madeAt?: Date): Promise<Uint8Array> =>
  madeOf('pdf', papers, madeAt)

/**
 * The same as an office document: one section a paper, the table's head repeated on every page, page numbers from
 * page 2 on. Opens in Word and LibreOffice without questions.
 */
export const toDocx = (papers: Paper | readonly Paper[]): Promise<Uint8Array> => madeOf('docx', papers)

/**
 * The same as a workbook, one sheet a paper: counts are numbers, ratios are the text as printed («96,0%»), the head
 * is merged and frozen, and printing gives one A4 width with the head on every page.
 */
export const toXlsx = (papers: Paper | readonly Paper[]): Promise<Uint8Array> => madeOf('xlsx', papers)
