// Shapes that every contract is made of. Apart from the words of the wire, so that a page without a form carries no checker.
import { z } from 'zod'

export const id = <Noun extends string>() => z.uuid().brand<Noun>()
export const moment = () => z.iso.datetime({ offset: true })
/** A calendar day in Vietnam: «2021-01-14». */
export const day = () => z.iso.date()
/** Text a person typed: composed and trimmed, never endless. */
export const text = (limit = 300) => z.string().normalize('NFC').trim().max(limit)
export const words = (limit = 300) => text(limit).min(1)

export const Page = z.object({
  page: z.int().min(1).max(100_000).default(1),
  size: z.int().min(1).max(200).default(50),
})
export const paged = <Row extends z.ZodType>(row: Row) =>
  z.object({ rows: z.array(row), total: z.int(), page: z.int(), size: z.int() })
export const RatioShape = z.object({ n: z.int(), d: z.int(), base: z.string(), text: z.string() })
