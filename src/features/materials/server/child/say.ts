// What the child that reads a foreign file and the server say to each other. The child has no database, no network address, no
// secret, may write nothing and may read only the program and the one file.
import type { MaterialKind, Problem } from '../../contract.ts'

export type Task = { file: string; mediaType: string; pageLimit: number }
export type Drawn = {
  say: 'page'
  page: number
  width: number
  height: number
  full: Uint8Array
  small: Uint8Array
  text: string
}
export type Said =
  | { say: 'begin'; pages: number; width: number; height: number; kind: MaterialKind | undefined }
  | Drawn
  | { say: 'refused'; problem: Problem; detail?: Record<string, unknown> }
  | { say: 'done' }
/** The server has put the last page away: the next one may come. */
export type Answer = 'next'

export const fullWidth = 1600
export const smallWidth = 640
/** A page as long as a scroll is made narrower. */
export const tallest = 2400
