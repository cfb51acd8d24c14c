// A stage's media on its own, for tests and benches: the real LiveKit behind the real door, on free ports, over any desk.
import dgram from 'node:dgram'
import http from 'node:http'
import net from 'node:net'
import { dispose, type Room } from '@livekit/rtc-node'
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import type { Config } from '../../../platform/server/config.ts'
import { judgeSettings } from '../../../platform/server/config.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import type { PartKind } from '../contract.ts'
import { identityOf, permitOf, type RoomPart } from '../server/mediaServer.ts'
import { bringLiveKit, early, type Media, openMedia, sharedFolder } from './index.ts'

export type TestMedia = Media & { port: number; config: Config; log: string[] }

/** Brings LiveKit when it can; where it cannot the words why not, for a test that is then skipped (and fails in CI). */
export async function missingLiveKit(): Promise<string | false> {
  const found = await bringLiveKit(sharedFolder('data'), (news) => console.log(news))
  if (found) return false
  const words = 'neither livekit-server nor Go on this machine, and no line to fetch it'
  if (process.env.CI) throw new Error(words)
  return words
}

/** Our own port, behind it the media server; resolves when it runs. Stop it, or its child stays. */
export async function openTestMedia(desk: Desk, more: Partial<Config> = {}): Promise<TestMedia> {
  const door = early(desk)
  const server = http.createServer((request, response) => {
    if (!door.request(request, response)) response.writeHead(404).end()
  })
  server.on('upgrade', (request, socket, head) => {
    if (!door.upgrade(request, socket, head)) socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  const judged = judgeSettings({ dataDir: desk.dataDir }, { demo: true, roles: ['web'] }, desk.dataDir)
  if (!('config' in judged)) throw new Error('settings')
  const config: Config = { ...judged.config, port, stagePort: await threePorts(), ...more }
  const log: string[] = []
  const media = await openMedia(desk, {
    config,
    log: (fault, about) => log.push(`${about}: ${fault}`),
    tell: (news) => log.push(news),
  })
  await until(() => media.server.state() === 'running', log)
  return {
    ...media,
    port,
    config,
    log,
    stop: async () => {
      await media.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
/** Everybody out. The library waits for a farewell that never comes from a room that is just being lost: five seconds each. */
export async function leaveAll(rooms: Iterable<Room>) {
  const atMost = (work: Promise<unknown>) =>
    Promise.race([work.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 5_000).unref())])
  await Promise.all([...rooms].map((room) => atMost(room.disconnect())))
  await atMost(dispose())
}
async function until(holds: () => boolean, log: readonly string[]) {
  const end = Date.now() + 30_000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`the media server does not run: ${log.join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Three ports in a row that are free for both, below those the system hands out. */
export async function threePorts(): Promise<number> {
  for (;;) {
    const port = 21_000 + 4 * Math.floor(Math.random() * 2500)
    const free = await Promise.all([tcp(port), tcp(port + 1), udp(port + 2)])
    if (free.every(Boolean)) return port
  }
}
const tcp = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = net.createServer().once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
const udp = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = dgram.createSocket('udp4').once('error', () => resolve(false))
    probe.bind(port, () => probe.close(() => resolve(true)))
  })

// ── a stage with people on it ────────────────────────────────────────────────

export type SeededPart = { partId: string; generation: number; kind: PartKind }
/** An open stage of this session with parts that have not come yet. */
export async function seedStage(
  desk: Desk,
  { conferenceId, kinds }: { conferenceId: string; kinds: readonly PartKind[] },
): Promise<{ sessionId: string; room: string; parts: SeededPart[] }> {
  const found = await sql<{ id: string }>`select id from conference_session where conference_id = ${conferenceId}
    order by starts_at limit 1`.execute(desk.db)
  const sessionId = found.rows[0]!.id
  const room = `s-${newId()}`
  await sql`insert into stage (session_id, conference_id, room, state, opened_at)
    values (${sessionId}, ${conferenceId}, ${room}, 'onAir', now())`.execute(desk.db)
  const parts = kinds.map((kind) => ({ partId: newId(), generation: 1, kind }))
  await sql`insert into stage_part (part_id, session_id, kind, name, state)
    select part_id, ${sessionId}, kind, 'Thử ' || kind, case when kind = 'speaker' then 'backstage' else 'invited' end
    from unnest(${parts.map(({ partId }) => partId)}::uuid[], ${[...kinds]}::text[]) as p(part_id, kind)`.execute(
    desk.db,
  )
  return { sessionId, room, parts }
}
/** The pass that this part would be given now. */
export async function passFor(
  desk: Desk,
  media: Pick<Media, 'server'>,
  { room, part, of = 'console' }: { room: string; part: SeededPart; of?: 'console' | 'screen' },
): Promise<string> {
  const { rows } = await sql<RoomPart>`select generation, kind, state, microphone, picture, false as talking
    from stage_part where part_id = ${part.partId}`.execute(desk.db)
  const permit = permitOf(rows[0]!, of)
  const identity = identityOf({ partId: part.partId, generation: part.generation }, of)
  const about = { kind: part.kind, partId: part.partId }
  return media.server.token({ ...permit, room, identity, name: part.kind, about }, new Date())
}
