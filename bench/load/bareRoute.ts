// What stands beside the check-in: a bare Fastify route with a cookie, zod and the same shared commits into a plain table.
//   node bench/load/bareRoute.ts <port> <database url>
import cookie from '@fastify/cookie'
import Fastify from 'fastify'
import pg from 'pg'
import { z } from 'zod'
import { openBatcher } from '../../src/platform/server/hot.ts'

const [port = '0', url = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: url, max: 4 })
await pool.query(
  'create table if not exists bench_bare (id uuid primary key, checkpoint_id uuid, person_id uuid, at timestamptz)',
)
const Body = z.object({ arrivalId: z.uuid(), checkpointId: z.uuid(), personId: z.uuid(), claimedAt: z.iso.datetime() })
const batcher = openBatcher<z.output<typeof Body>, boolean>(async (rows) => {
  await pool.query({
    name: 'bare',
    text: 'insert into bench_bare select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[]) on conflict do nothing',
    values: [
      rows.map((row) => row.arrivalId),
      rows.map((row) => row.checkpointId),
      rows.map((row) => row.personId),
      rows.map((row) => row.claimedAt),
    ],
  })
  return rows.map(() => true)
})
const app = Fastify()
await app.register(cookie)
app.post('/api/attendance/checkIn', async (request) => ({
  ok: await batcher.add(Body.parse(request.body)),
  who: request.cookies.dc?.slice(0, 3),
}))
await app.listen({ port: Number(port), host: '127.0.0.1' })
process.stdout.write('ready\n')
