// A small house for tests: two provinces with districts, grassroots units, cells and a few people; a server and browsers before it.
import type { FastifyInstance } from 'fastify'
import { newId } from '../../../kernel/id.ts'
import { pathOf } from '../../../platform/contract.ts'
import { machine, type Place } from '../../../platform/rights.ts'
import type { Desk, Places } from '../../../platform/server/desk.ts'
import { openHttp, serve } from '../../../platform/server/http.ts'
import { type AnyServed, perform } from '../../../platform/server/operate.ts'
import { testDesk } from '../../../platform/server/testing/index.ts'
import * as organisation from '../../organisation/server/index.ts'
import * as access from './index.ts'

export type House = Awaited<ReturnType<typeof openHouse>>
const find = (name: string): AnyServed => {
  const served = [...organisation.operations, ...access.operations].find(({ it }) => it.name === name)
  if (!served) throw new Error(`không có ${name}`)
  return served
}

/** T → H1 (X1 → C1, C2; X2), H2; and Q, the root of another register. People: An, Bình in C1, Cúc in C2, Dung in X2. */
export async function openHouse(more: Partial<Desk> = {}) {
  const sites = new Map<string, Place>()
  const places: Places = {
    ...organisation.places,
    // Stand-ins for the features that come later: a campaign of T with a conference, and a site of X1.
    campaign: async (_db, id) => sites.get(id),
    conference: async (_db, id) => sites.get(id),
    site: async (_db, id) => sites.get(id),
  }
  const desk = await testDesk({ places, aboutPerson: [...organisation.aboutPerson, ...access.aboutPerson], ...more })
  const doAs =
    (actor = machine('0'), now = new Date()) =>
    async (name: string, input: unknown): Promise<Record<string, string>> =>
      (await perform(desk, find(name), { actor, now, input })) as Record<string, string>
  const byHand = doAs()
  const unit = async (code: string, name: string, parentId?: string, registerCode?: string) =>
    (await byHand('organisation.addUnit', { code, name, parentId, registerCode, day: '2020-01-01' })).unitId!
  for (const code of ['bac', 'nam']) await byHand('organisation.addRegister', { code, name: code, schemeCode: '2020' })
  const T = await unit('T', 'Tỉnh uỷ Bắc', undefined, 'bac')
  const H1 = await unit('H1', 'Huyện uỷ Một', T)
  const X1 = await unit('X1', 'Đảng bộ xã Một', H1)
  const C1 = await unit('C1', 'Chi bộ thôn 1', X1)
  const C2 = await unit('C2', 'Chi bộ thôn 2', X1)
  const X2 = await unit('X2', 'Đảng bộ xã Hai', H1)
  const H2 = await unit('H2', 'Huyện uỷ Hai', T)
  const Q = await unit('Q', 'Tỉnh uỷ Nam', undefined, 'nam')
  const units = { T, H1, X1, C1, C2, X2, H2, Q }
  const person = async (fullName: string, unitId: string) =>
    (await byHand('organisation.addPerson', { fullName, unitId, code: fullName, day: '2020-01-01' })).personId!
  const people = {
    an: await person('Nguyễn Văn An', C1),
    binh: await person('Trần Thị Bình', C1),
    cuc: await person('Lê Thị Cúc', C2),
    dung: await person('Phạm Dung', X2),
  }
  const campaignId = newId()
  const conferenceId = newId()
  const siteId = newId()
  sites.set(campaignId, { unitPath: [T], campaignId })
  sites.set(conferenceId, { unitPath: [T], campaignId, conferenceId })
  sites.set(siteId, { unitPath: [T, H1, X1], siteId, label: 'Hội trường xã Một' })

  const edge = access.openAccess(desk)
  const app = await openHttp()
  edge.attach(app)
  serve(app, desk, edge.actorOf, access.operations)
  await app.ready()

  const staff = async (userName: string, ...grants: { role: string; kind: string; scopeId?: string }[]) => {
    const { userId } = await byHand('access.createStaff', { userName, name: `Cán bộ ${userName}` })
    for (const one of grants)
      await byHand('access.grant', { userId, ...one, from: '2020-01-01', reason: 'theo phân công' })
    return userId!
  }
  return {
    desk,
    app,
    edge,
    units,
    people,
    campaignId,
    conferenceId,
    siteId,
    byHand,
    doAs,
    staff,
    /** A browser that came in by `sessionCookie`. */
    as: async (who: Parameters<typeof access.sessionCookie>[1]) =>
      browser(app, await access.sessionCookie(desk, who, new Date())),
    browser: (cookie = '') => browser(app, cookie),
    close: async () => {
      await edge.stop()
      await app.close()
      await desk.close()
    },
  }
}

export type Browser = ReturnType<typeof browser>
/** Keeps cookies as a browser does, for what a person does next. */
export function browser(app: FastifyInstance, cookie = '', remoteAddress = '127.0.0.1') {
  const jar = new Map(
    cookie.split('; ').flatMap((pair) => (pair ? [pair.split(/=(.*)/s).slice(0, 2) as [string, string]] : [])),
  )
  const header = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const keep = (lines: string | string[] | undefined) => {
    for (const line of [lines ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
  }
  return {
    jar,
    async ask(
      operation: { name: string },
      input: unknown = {},
    ): Promise<{ status: number; body: Record<string, unknown> & { refused?: string } }> {
      const answer = await app.inject({
        method: 'POST',
        url: pathOf(operation),
        headers: { cookie: header(), origin: 'http://127.0.0.1:3000' },
        payload: input as object,
        remoteAddress,
      })
      keep(answer.headers['set-cookie'])
      return { status: answer.statusCode, body: answer.json() }
    },
    async file(operation: { name: string }, input: unknown = {}) {
      const url = `${pathOf(operation)}?q=${encodeURIComponent(JSON.stringify(input))}`
      return app.inject({ url, headers: { cookie: header() }, remoteAddress })
    },
  }
}
