import { z } from 'zod'

export const product = 'diem-cau'
export const manifestName = 'manifest.json'
export const secretName = 'secret'
export const partName = (table: string, part: number) => `rows/${table}/${String(part).padStart(5, '0')}.copy.gz`
export const storedName = (file: string) => `files/${file}`

/** The last entry of a backup. A form of 2 would be one that today's program cannot read. */
export const Manifest = z.object({
  product: z.literal(product),
  form: z.literal(1),
  madeAt: z.iso.datetime(),
  postgres: z.string(),
  demo: z.boolean(),
  migrations: z.array(z.string()),
  /** In the order of restoring. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.int(), parts: z.int() })),
  files: z.int(),
  /** SHA-256 of each entry, by its name. */
  sha256: z.record(z.string(), z.string()),
})
export type Manifest = z.output<typeof Manifest>
