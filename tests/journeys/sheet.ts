// Workbooks, written and read by other hands than the product's own.
import { readXlsx, writeXlsx } from 'hucre'

export const sheet = async (rows: readonly (readonly string[])[]): Promise<Buffer> =>
  Buffer.from(await writeXlsx({ sheets: [{ name: 'Sheet1', rows: rows.map((row) => [...row]) }] }))

/** Every cell of every sheet that says something, row by row. */
export async function cellsOf(bytes: Uint8Array): Promise<string[][]> {
  const book = await readXlsx(bytes)
  return book.sheets.flatMap(({ rows }) => rows.map((row) => row.map((cell) => String(cell ?? ''))))
}
