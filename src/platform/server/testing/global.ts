// One PostgreSQL for the whole run: started before the first file, left after the last.
import path from 'node:path'
import { type Cluster, startPostgres } from '../supervisor.ts'

let cluster: Cluster | undefined
export async function globalSetup() {
  if (process.env.TEST_DATABASE_URL) return
  cluster = await startPostgres({ dataDir: path.resolve(process.env.TEST_DATA_DIR ?? 'data/test') })
  process.env.TEST_DATABASE_URL = cluster.url
}
export async function globalTeardown() {
  // One that was running before us belongs to somebody else.
  if (cluster && !cluster.adopted) await cluster.stop()
}
