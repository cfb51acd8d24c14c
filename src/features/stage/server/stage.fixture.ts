// A province in session, made by the operations people use: a centre, two districts with halls below them, a stage, and somebody in each chair.
import { newId } from '../../../kernel/id.ts'
import { addMinutes } from '../../../kernel/time.ts'
import { type Actor, type Grant, machine, type Role } from '../../../platform/rights.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { openHot } from '../../../platform/server/hot.ts'
import { type AnyServed, perform } from '../../../platform/server/operate.ts'
import { testDesk } from '../../../platform/server/testing/index.ts'
import * as attendance from '../../attendance/server/index.ts'
import * as campaigns from '../../campaigns/server/index.ts'
import * as conferences from '../../conferences/server/index.ts'
import * as organisation from '../../organisation/server/index.ts'
import * as sites from '../../sites/server/index.ts'
import { hearNews } from './connections.ts'
import * as stage from './index.ts'
import { lendMediaServer, type MediaServer } from './mediaServer.ts'
import { sweep } from './sweep.ts'

/** Minutes are counted from here. Boards read the clock of the machine, so the session is of today. */
export const start = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 20 * 60_000)
export const at = (minutes: number, seconds = 0) => new Date(addMinutes(start, minutes).getTime() + seconds * 1000)
const everything: readonly AnyServed[] = [
  ...organisation.operations,
  ...campaigns.operations,
  ...conferences.operations,
  ...sites.operations,
  ...attendance.operations,
  ...stage.operations,
]
// biome-ignore lint/suspicious/noExplicitAny: answers are read as they come
export type Any = any

/** What was asked of the media server, in order; the real one has tests of its own. */
export function openRecorder(places = 100) {
  const asked: { what: string; identity?: string; more?: unknown }[] = []
  const note = (what: string) => async (_room: string, identity?: string, more?: unknown, muted?: unknown) => {
    asked.push({ what, ...(identity ? { identity } : {}), more: muted ?? more })
  }
  const it = { places, state: 'running' as ReturnType<MediaServer['state']> }
  const server: MediaServer = {
    state: () => it.state,
    url: '/',
    urlInside: 'ws://127.0.0.1:1',
    iceServers: [],
    places: () => it.places,
    ensureRoom: note('ensureRoom'),
    closeRoom: note('closeRoom'),
    token: async (pass) => JSON.stringify(pass),
    permit: note('permit'),
    mute: note('mute'),
    remove: note('remove'),
    send: async () => {},
    joined: async () => [],
  }
  return { asked, it, server }
}

let people = 0
export const staff = (role: Role, kind: Grant['kind'], scopeId: string, userId = `${role}-${++people}`): Actor => ({
  name: `nv:${userId}`,
  kind: 'staff',
  userId,
  assurance: 'confirmed',
  grants: [{ role, kind, scopeId }],
})

export async function openProvince(more: Partial<Desk> = {}) {
  const desk = await testDesk({
    places: { ...organisation.places, ...campaigns.places, ...conferences.places, ...sites.places },
    ...more,
  })
  const media = openRecorder()
  lendMediaServer(desk, media.server)
  const act = (name: string, input: unknown, { actor = machine(0), now = at(-60) } = {}): Promise<Any> => {
    const served = everything.find(({ it }) => it.name === name)
    if (!served) throw new Error(`no operation ${name}`)
    return perform(desk, served, { actor, now, input })
  }
  const planned = { now: at(-7 * 24 * 60) }
  await act('organisation.addRegister', { code: 'so', name: 'Sổ thử', schemeCode: '2020' }, planned)
  const unit = async (code: string, name: string, parentId?: string): Promise<string> =>
    (
      await act(
        'organisation.addUnit',
        { code, name, parentId, registerCode: parentId ? undefined : 'so', day: '2015-01-01' },
        planned,
      )
    ).unitId
  const T = await unit('T', 'Đảng bộ tỉnh')
  const H1 = await unit('H1', 'Huyện Một', T)
  const H2 = await unit('H2', 'Huyện Hai', T)
  const X11 = await unit('X11', 'Xã Đồng Tiến', H1)
  const X12 = await unit('X12', 'Xã Đồng Kỳ', H1)
  const X21 = await unit('X21', 'Xã Yên Sơn', H2)
  const C = await unit('C1', 'Chi bộ thôn 1', X11)
  const site = async (unitId: string, code: string, name: string, parentId?: string): Promise<string> =>
    (
      await act(
        'sites.addSite',
        { unitId, code, name, seats: 50, ...(parentId ? { parentSiteId: parentId } : {}) },
        planned,
      )
    ).siteId
  const centre = await site(T, 'DC-T', 'Trung tâm')
  const one = await site(H1, 'DC-1', 'Hội trường huyện Một', centre)
  const two = await site(H2, 'DC-2', 'Hội trường huyện Hai', centre)
  const dongTien = await site(X11, 'DC-11', 'Hội trường Đồng Tiến', one)
  const dongKy = await site(X12, 'DC-12', 'Hội trường Đồng Kỳ', one)
  const yenSon = await site(X21, 'DC-21', 'Hội trường Yên Sơn', two)
  const person = async (fullName: string): Promise<string> =>
    (
      await act(
        'organisation.addPerson',
        { fullName, unitId: C, code: fullName.split(' ').at(-1), day: '2015-01-01' },
        planned,
      )
    ).personId
  const persons = { an: await person('Nguyễn Văn An'), em: await person('Vũ Thị Em'), giang: await person('Đỗ Giang') }
  const halls = { centre, one, two, dongTien, dongKy, yenSon }

  let serial = 0
  /** A conference of today with one session of two topics, open; An is summoned to Đồng Tiến, Em to her own device, Giang not at all. */
  async function hold({ classified = false, state = 'open' }: { classified?: boolean; state?: string } = {}) {
    const code = `dot-${++serial}`
    const { campaignId } = await act(
      'campaigns.create',
      { scopeUnitId: T, code, name: 'Học tập nghị quyết', countsOn: '2020-01-01' },
      planned,
    )
    await act('campaigns.fixScope', { campaignId }, planned)
    const { conferenceId } = await act(
      'conferences.create',
      {
        campaignId,
        unitId: T,
        code: `hn-${serial}`,
        name: 'Hội nghị toàn tỉnh',
        classified,
        ownDevice: !classified,
        sessions: [
          {
            code: 'S',
            name: 'Sáng',
            startsAt: start.toISOString(),
            endsAt: at(240).toISOString(),
            topics: [
              { title: 'Văn kiện', speaker: 'Đồng chí Hà', deliverMinutes: 60, questionMinutes: 30 },
              { title: 'Chương trình hành động', speaker: 'Đồng chí Sơn', deliverMinutes: 90, questionMinutes: 30 },
            ],
          },
        ],
      },
      planned,
    )
    const { rows } = await desk.pool.query('select id from conference_session where conference_id = $1', [conferenceId])
    const sessionId: string = rows[0].id
    const { checkpoints } = await act(
      'attendance.declareCheckpoints',
      {
        conferenceId,
        checkpoints: [
          {
            sessionCode: 'S',
            code: 'M1',
            name: 'Đầu giờ',
            opensAt: at(-30).toISOString(),
            at: at(0).toISOString(),
            closesAt: at(30).toISOString(),
          },
        ],
      },
      planned,
    )
    if (!classified) {
      await act('sites.attachSites', { conferenceId }, planned)
      await act('sites.summon', { conferenceId, personId: persons.an, siteId: dongTien }, planned)
      await act('sites.summon', { conferenceId, personId: persons.em }, planned)
    }
    for (const to of ['approved', 'open', 'live', 'closed'])
      if (state !== 'draft') {
        await act('conferences.moveState', { conferenceId, to }, planned)
        if (to === state) break
      }
    const director = staff('director', 'conference', conferenceId)
    const moderator = staff('moderator', 'conference', conferenceId)
    const speaker = staff('speaker', 'conference', conferenceId)
    const { rows: topics } = await desk.pool.query('select id from topic where session_id = $1 order by position', [
      sessionId,
    ])
    const topicIds: string[] = topics.map(({ id }) => id)
    const session = { sessionId }
    const by = (actor: Actor) => (name: string, input: object, now: Date) =>
      act(name, { sessionId, ...input }, { actor, now })
    const managerOf = (siteId: string) => by(staff('siteManager', 'site', siteId, `giữ-${siteId}`))
    const memberOf = (personId: string): Actor => ({
      name: `đv:${personId}`,
      kind: 'member',
      personId,
      campaignId,
      assurance: 'entered',
      grants: [],
    })
    /** Joins by the operation, and is seen in the room as the media server would tell. */
    const comeIn = async (actor: Actor, as: string, now: Date, siteId?: string): Promise<Any> => {
      const pass = await act('stage.join', { sessionId, as, siteId, deviceId: newId() }, { actor, now })
      await hearNews(desk, { room: '', identity: pass.identity, what: 'joined', at: now })
      return pass
    }
    /** Backstage, then on air, with the speaker there. */
    const goLive = async (now = at(0)) => {
      await by(director)('stage.open', {}, new Date(now.getTime() - 600_000))
      const pass = await comeIn(speaker, 'speaker', new Date(now.getTime() - 300_000))
      await by(director)('stage.goOnAir', {}, now)
      return { speakerPart: pass.partId as string }
    }
    return {
      ...session,
      campaignId: campaignId as string,
      conferenceId: conferenceId as string,
      checkpointId: checkpoints[0].checkpointId as string,
      topicIds,
      director,
      moderator,
      speaker,
      directs: by(director),
      moderates: by(moderator),
      speaks: by(speaker),
      keeps: managerOf,
      manager: (siteId: string) => staff('siteManager', 'site', siteId, `giữ-${siteId}`),
      member: memberOf,
      asks: (personId: string) => by(memberOf(personId)),
      comeIn,
      goLive,
      callIn: async (siteId: string, now: Date) => {
        const { partId } = await by(moderator)('stage.callSite', { siteId, handId: newId() }, now)
        await comeIn(staff('siteManager', 'site', siteId, `giữ-${siteId}`), 'site', now, siteId)
        return partId as string
      },
      board: (topic: { read: (desk: Desk, params: never) => Promise<unknown> }, params: object = {}): Promise<Any> =>
        topic.read(desk, { sessionId, ...params } as never),
    }
  }
  const lines = openHot(desk, stage.hotOperations[1]!)
  const slides = openHot(desk, stage.hotOperations[0]!)
  const looks = openHot(desk, stage.hotOperations[2]!)
  return {
    desk,
    act,
    media,
    units: { T, H1, H2, X11, X12, X21, C },
    halls,
    persons,
    hold,
    sweep: (now: Date) => sweep(desk, now),
    /** A report of a hall's screen; `now` is when it arrives. */
    report: (
      sessionId: string,
      siteId: string,
      now: Date,
      more: Record<string, unknown> = {},
      actor?: Actor,
    ): Promise<Any> =>
      lines.perform({
        actor: actor ?? staff('siteManager', 'site', siteId, `giữ-${siteId}`),
        now,
        input: {
          sessionId,
          siteId,
          from: 'screen',
          mode: 'webrtc',
          claimedAt: now.toISOString(),
          deviceId: newId(),
          ...more,
        },
      }),
    click: (actor: Actor, now: Date, input: object): Promise<Any> =>
      slides.perform({ actor, now, input: { claimedAt: now.toISOString(), ...input } }),
    look: (actor: Actor, now: Date, input: object): Promise<Any> => looks.perform({ actor, now, input }),
    close: () => desk.close(),
  }
}
export type Province = Awaited<ReturnType<typeof openProvince>>
export type Sitting = Awaited<ReturnType<Province['hold']>>

/** A deck whose pages have been made; how they are made is tested where they are. */
export const deckOf = (desk: Desk, conferenceId: string, pages: number): Promise<string> =>
  bring(desk, conferenceId, { kind: 'slides', title: 'Bài trình bày', mediaType: 'application/pdf', pages })
export const filmOf = (desk: Desk, conferenceId: string): Promise<string> =>
  bring(desk, conferenceId, { kind: 'video', title: 'Phóng sự', mediaType: 'video/mp4', pages: 0 })
async function bring(
  desk: Desk,
  conferenceId: string,
  { kind, title, mediaType, pages }: { kind: string; title: string; mediaType: string; pages: number },
): Promise<string> {
  const [materialId, versionId] = [newId(), newId()]
  await desk.pool.query(
    `insert into material (id, conference_id, kind, title, created_at, created_by) values ($1, $2, $3, $4, $5, 'nv:thử')`,
    [materialId, conferenceId, kind, title, at(-600)],
  )
  await desk.pool.query(
    `insert into material_version (id, material_id, version, file_id, file_name, bytes, media_type, state, pages, pages_done, width, height, at, by_actor)
     values ($1, $2, 1, 'x', 'tep', 1, $3, 'ready', $4, $4, 1280, 720, $5, 'nv:thử')`,
    [versionId, materialId, mediaType, pages, at(-600)],
  )
  return versionId
}
