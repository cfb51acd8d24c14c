// What survives `kill -9` of the media server: everybody is back by herself, nobody loads a page again, and what the database
// says of the stage is what it said before.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node'
import { sql } from 'kysely'
import {
  leaveAll,
  missingLiveKit,
  openTestMedia,
  passFor,
  type SeededPart,
  seedStage,
  type TestMedia,
} from '../../src/features/stage/media/testing.ts'
import { identityOf, onMediaNews } from '../../src/features/stage/server/mediaServer.ts'
import { openProvince, type Province } from '../fixtures/province.ts'

const missing = await missingLiveKit()
const backLimitMs = 20_000

describe('kill -9 of the media server', { skip: missing, concurrency: false }, () => {
  let place: Province
  let media: TestMedia
  let stage: Awaited<ReturnType<typeof seedStage>>
  const rooms = new Map<string, Room>()
  const heardBy = new Set<string>()
  let talking: NodeJS.Timeout | undefined
  before(async () => {
    place = await openProvince()
    const { conferenceId } = await place.study()
    stage = await seedStage(place.desk, {
      conferenceId,
      kinds: ['speaker', 'site', 'site', 'site', 'site', 'site', 'site'],
    })
    media = await openTestMedia(place.desk)
    // As the stage's operations do: the database learns who is there.
    onMediaNews(place.desk, async ({ identity, what }) => {
      const partId = identity.slice(0, 36)
      if (what === 'joined')
        await sql`update stage_part set connected_at = now(), disconnected_at = null where part_id = ${partId}`.execute(
          place.desk.db,
        )
      if (what === 'left')
        await sql`update stage_part set disconnected_at = now() where part_id = ${partId}`.execute(place.desk.db)
    })
    await sql`update stage_part set microphone = kind = 'speaker'`.execute(place.desk.db)
    for (const part of six()) rooms.set(part.partId, await enter(part))
    await speak(rooms.get(speaker().partId)!)
    await until('all halls hear the speaker', () => heardBy.size === 5)
  })
  after(async () => {
    clearInterval(talking)
    await leaveAll(rooms.values())
    await media?.stop()
    await place?.desk.close()
  })

  const speaker = () => stage.parts[0]!
  const removed = () => stage.parts[6]!
  const six = () => stage.parts.slice(0, 6)
  async function enter(part: SeededPart): Promise<Room> {
    const room = new Room()
    room.on(RoomEvent.TrackSubscribed, () => heardBy.add(part.partId))
    const token = await passFor(place.desk, media, { room: stage.room, part })
    await room.connect(`ws://127.0.0.1:${media.port}`, token, { autoSubscribe: part !== speaker(), dynacast: false })
    return room
  }
  async function speak(room: Room) {
    const source = new AudioSource(48_000, 1)
    const options = new TrackPublishOptions()
    options.source = TrackSource.SOURCE_MICROPHONE
    await room.localParticipant!.publishTrack(LocalAudioTrack.createAudioTrack('micro', source), options)
    talking = setInterval(() => void source.captureFrame(AudioFrame.create(48_000, 1, 4800)).catch(() => {}), 100)
  }
  async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = backLimitMs) {
    const end = Date.now() + limitMs
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`waited in vain: ${what}\n${media.log.join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const present = async () =>
    (await media.server.joined(stage.room).catch(() => []))
      .filter(({ active }) => active)
      .map(({ identity }) => identity)
  const truth = async () =>
    (
      await sql`select s.state, s.take_no, p.part_id, p.state as part, p.generation, p.microphone
        from stage s join stage_part p using (session_id) order by p.part_id`.execute(place.desk.db)
    ).rows
  const connected = async () =>
    (
      await sql<{
        n: number
      }>`select count(*)::int as n from stage_part where connected_at is not null and disconnected_at is null`.execute(
        place.desk.db,
      )
    ).rows[0]!.n

  for (const time of ['once', 'and once more'])
    test(`${time}: all are back by themselves within 20 seconds, hear the speaker again, and the stage is what it was`, async () => {
      await until('the database knows all six', async () => (await connected()) === 6)
      const before = await truth()
      const restarted = media.pid()
      heardBy.clear()
      const killedAt = Date.now()
      process.kill(restarted!, 'SIGKILL')
      await until('a new one runs', () => media.pid() !== undefined && media.pid() !== restarted)
      const all = six()
        .map((part) => identityOf(part))
        .sort()
      await until('six are in the room', async () => (await present()).sort().join() === all.join())
      await until('all halls hear the speaker again', () => heardBy.size === 5)
      assert.ok(Date.now() - killedAt < backLimitMs)
      assert.deepEqual(await truth(), before)
      await until('the database knows all six', async () => (await connected()) === 6)
    })

  test('whoever was removed while it was away does not come back with the others', async () => {
    const room = await enter(removed())
    rooms.set(removed().partId, room)
    await until('seven', async () => (await present()).length === 7)
    process.kill(media.pid()!, 'SIGKILL')
    await sql`update stage_part set state = 'removed' where part_id = ${removed().partId}`.execute(place.desk.db)
    const all = six()
      .map((part) => identityOf(part))
      .sort()
    await until('the six are back', async () => (await present()).sort().join() === all.join())
    await new Promise((resolve) => setTimeout(resolve, 4000))
    assert.deepEqual((await present()).sort(), all)
  })
})
