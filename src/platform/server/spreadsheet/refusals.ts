/** Why a file cannot be read as a table. A closed list: the words for each are kept beside the import. */
export const tableRefusals = [
  'notATable',
  'oldXls',
  'encrypted',
  'macroFile',
  'zipBomb',
  'tooBig',
  'tooManyRows',
  'tooManyColumns',
  'lineTooLong',
  'quoteNotClosed',
  'encodingUnknown',
  'emptyFile',
  'noHeader',
  'missingColumn',
  'duplicateColumn',
] as const
export type TableRefusal = (typeof tableRefusals)[number]

/** What a refusal is about, for its sentence: column names, a line, a limit. */
export type RefusalDetail = Record<string, string | number | string[]>

/** A file that is refused as a whole. `because` is a word of the closed list, `detail` fills its sentence. */
export class TableRefused extends Error {
  readonly because: TableRefusal
  readonly detail: RefusalDetail
  constructor(because: TableRefusal, detail: RefusalDetail = {}) {
    super(`${because} ${JSON.stringify(detail)}`)
    this.name = 'TableRefused'
    this.because = because
    this.detail = detail
  }
}

/** Every reading ends: what a file may cost us before we stop. Bytes, rows, columns and characters. */
export type Limits = {
  csvBytes: number
  xlsxBytes: number
  inflatedBytes: number
  /** Inflated ÷ compressed, judged once `ratioFromBytes` have come out of the archive. */
  ratio: number
  ratioFromBytes: number
  entries: number
  rows: number
  columns: number
  cellChars: number
  lineChars: number
}
export const defaultLimits: Limits = {
  csvBytes: 60_000_000,
  xlsxBytes: 20_000_000,
  inflatedBytes: 300_000_000,
  ratio: 100,
  ratioFromBytes: 20_000_000,
  entries: 2_000,
  rows: 1_000_000,
  columns: 200,
  cellChars: 10_000,
  lineChars: 1_000_000,
}
