// Role × operation × place, from the contracts themselves: a feature's new operation fails here until its line is in matrix.expected.ts.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { newId } from '../../../kernel/id.ts'
import { pathOf } from '../../../platform/contract.ts'
import {
  type Actor,
  type Grant,
  judge,
  machine,
  type Needs,
  nobody,
  type Place,
  type PlaceKind,
  roles,
} from '../../../platform/rights.ts'
import { placeAt } from '../../../platform/server/desk.ts'
import { type House, openHouse } from './house.fixture.ts'
import * as access from './index.ts'
import { expected, samples } from './matrix.expected.ts'

const folder = path.resolve(import.meta.dirname, '../..')
type Row = { name: string; verb: string; needs: Needs<unknown> | undefined }

/** Every word of every contract that can be asked for, with its line of policy. */
async function wordsOfAll(): Promise<Row[]> {
  const rows: Row[] = []
  for (const feature of fs.readdirSync(folder).sort()) {
    const at = path.join(folder, feature, 'contract.ts')
    if (!fs.existsSync(at)) continue
    const contract = (await import(pathToFileURL(at).href)) as Record<string, unknown>
    const policyAt = path.join(folder, feature, 'policy.ts')
    const { policy = {} } = fs.existsSync(policyAt) ? await import(pathToFileURL(policyAt).href) : {}
    for (const [verb, word] of Object.entries(contract)) {
      const it = word as { kind?: unknown; name?: unknown; input?: unknown; params?: unknown } | null
      if (!it || typeof it !== 'object' || typeof it.kind !== 'string' || typeof it.name !== 'string') continue
      if (it.input === undefined && it.params === undefined) continue
      rows.push({ name: it.name, verb, needs: policy[verb] })
    }
  }
  return rows
}

/** A policy in the words of the table. */
function describeNeeds(needs: Needs<never>, name: string): string {
  if (needs.by === 'self') {
    const named = needs.of(inputFor(name, 'unit') as never) !== undefined
    return `${needs.assurance === 'confirmed' ? 'self' : 'entered'}${named ? ':person' : ''}`
  }
  if (needs.by === 'role') return `${[...needs.roles].sort().join(',')}@${needs.on}`
  if (needs.by === 'either') return needs.ways.map((way) => describeNeeds(way as Needs<never>, name)).join(' | ')
  return needs.by
}

// An input in which every id names something that stands on the unit asked about; the person is `me`.
const me = newId()
const inputFor = (name: string, kind: string): unknown =>
  new Proxy(
    { kind, ...samples[name] },
    {
      get: (given, key) =>
        key in given ? given[key as keyof typeof given] : key === 'personId' ? me : `${String(key)}`,
    },
  )

type Standing = 'own' | 'below' | 'above' | 'sibling' | 'otherRoot'
/** May a grant on a unit, or on another kind of place, open a way of the table? Only as far as it contains the place. */
function opens(way: string, grant: Grant, standing: Standing): boolean {
  const [who = '', kind] = way.split('@')
  if (kind === undefined || !who.split(',').includes(grant.role)) return false
  if (grant.kind === 'installation') return true
  if (grant.kind === 'unit') return kind !== 'installation' && (standing === 'own' || standing === 'below')
  if (grant.kind === 'campaign') return ['campaign', 'conference', 'session'].includes(kind)
  if (grant.kind === 'conference') return kind === 'conference' || kind === 'session'
  return grant.kind === kind
}
function mayBy(line: string, actor: Actor, standing: Standing): boolean {
  if (actor.kind === 'machine') return true
  return line.split(' | ').some((way) => {
    if (way === 'anyone') return true
    if (way === 'signedIn') return actor.kind !== 'nobody'
    if (way === 'machine') return false
    if (way.startsWith('self') || way.startsWith('entered'))
      return (
        actor.personId !== undefined &&
        (actor.personId === me || !way.endsWith(':person')) &&
        (actor.assurance === 'confirmed' || way.startsWith('entered'))
      )
    return actor.grants.some((grant) => opens(way, grant, standing))
  })
}

describe('who may do what, on a real tree', () => {
  let house: House
  let words: Row[]
  before(async () => {
    house = await openHouse()
    words = await wordsOfAll()
  })
  after(() => house.close())

  test('every operation and topic of every feature has a line of policy and a line in the table', () => {
    const missing = words.filter(({ needs, name }) => needs === undefined || expected[name] === undefined)
    assert.deepEqual(
      missing.map(({ name, needs }) =>
        needs ? `'${name}': '${describeNeeds(needs as Needs<never>, name)}',` : `${name}: no policy`,
      ),
      [],
      'look at each line, then write it into matrix.expected.ts',
    )
    const known = new Set(words.map(({ name }) => name))
    assert.deepEqual(
      Object.keys(expected).filter((name) => !known.has(name)),
      [],
      'lines of operations that no longer exist',
    )
  })

  test('each role may do exactly what the table says, on its own unit and below, and nothing above, beside or under another root', async () => {
    const { T, H1, X1, Q } = house.units
    const on: Record<Standing, string> = { own: X1, below: H1, above: X1, sibling: X1, otherRoot: X1 }
    // Where the grant stands, seen from the place asked about: X1, a unit of H1 in T.
    const grantOn: Record<Standing, string> = {
      own: X1,
      below: T,
      above: house.units.C1,
      sibling: house.units.X2,
      otherRoot: Q,
    }
    const unitPlace = placeAt(house.desk, house.desk.db)
    const [campaignId, conferenceId, siteId] = [newId(), newId(), newId()]
    const paths = new Map<string, readonly string[]>()
    for (const unitId of Object.values(on)) paths.set(unitId, (await unitPlace('unit', unitId))!.unitPath)
    const placeOf =
      (unitId: string) =>
      async (kind: PlaceKind, id: string | undefined): Promise<Place | undefined> => {
        if (id === undefined) return undefined
        const unitPath = paths.get(unitId)!
        if (kind === 'campaign') return { unitPath, campaignId }
        if (kind === 'conference' || kind === 'session') return { unitPath, campaignId, conferenceId }
        return kind === 'site' ? { unitPath, siteId } : { unitPath }
      }
    const staff = (grant: Grant): Actor => ({ name: 'nv:thu', kind: 'staff', assurance: 'confirmed', grants: [grant] })
    const asked: { actor: Actor; standing: Standing; words: string }[] = [
      { actor: nobody, standing: 'own', words: 'nobody' },
      { actor: machine(0), standing: 'own', words: 'the server itself' },
      {
        actor: { name: 'nv', kind: 'staff', assurance: 'confirmed', grants: [] },
        standing: 'own',
        words: 'staff without a role',
      },
      ...(['entered', 'confirmed'] as const).flatMap((assurance) =>
        [me, newId()].map((personId) => ({
          actor: { name: 'đv', kind: 'member', personId, assurance, grants: [] } satisfies Actor,
          standing: 'own' as const,
          words: `${personId === me ? 'herself' : 'another member'}, ${assurance}`,
        })),
      ),
    ]
    for (const role of roles) {
      for (const standing of Object.keys(grantOn) as Standing[])
        asked.push({
          actor: staff({ role, kind: 'unit', scopeId: grantOn[standing] }),
          standing,
          words: `${role}, ${standing}`,
        })
      for (const [kind, scopeId] of [
        ['campaign', campaignId],
        ['conference', conferenceId],
        ['site', siteId],
      ] as const) {
        asked.push({ actor: staff({ role, kind, scopeId }), standing: 'own', words: `${role} of this ${kind}` })
        asked.push({
          actor: staff({ role, kind, scopeId: newId() }),
          standing: 'own',
          words: `${role} of another ${kind}`,
        })
      }
      asked.push({ actor: staff({ role, kind: 'installation' }), standing: 'own', words: `${role} of everything` })
    }
    const wrong: string[] = []
    let judged = 0
    for (const { name, needs } of words) {
      const line = expected[name]
      if (!needs || !line) continue
      for (const { actor, standing, words: who } of asked)
        for (const kind of line.includes('kind=') ? ['unit', 'campaign', 'conference', 'site'] : ['unit']) {
          const { table, input } = lineFor(line, name, kind)
          const verdict = await judge(actor, needs, input, placeOf(on[standing]))
          const may = who.includes('of another ')
            ? mayBy(table, { ...actor, grants: [] }, standing)
            : mayBy(table, actor, standing)
          judged++
          if ((verdict === 'yes') !== may)
            wrong.push(`${name} by ${who}: ${verdict}, the table says ${may ? 'yes' : 'no'}`)
        }
    }
    assert.deepEqual(wrong.slice(0, 20), [])
    assert.ok(judged > 1000, `${judged} judged`)
  })
})
/** A line «kind=… » holds for whichever kind of place the input names; the way of that kind is the one that counts. */
function lineFor(line: string, name: string, kind: string): { table: string; input: unknown } {
  if (!line.startsWith('kind=')) return { table: line, input: inputFor(name, kind) }
  const ways = line.slice('kind='.length).split(' | ')
  return {
    table: ways.filter((way) => way.endsWith(`@${kind}`) || way.endsWith('@installation')).join(' | '),
    input: inputFor(name, kind),
  }
}

describe('over the wire', () => {
  test('a served operation refuses whoever the table refuses: 401 without a sign-in, 403 without the right', async () => {
    const house = await openHouse()
    const someone = await house.staff('khong.quyen')
    assert.ok(someone)
    const her = await house.as({ userName: 'khong.quyen' })
    for (const served of access.operations) {
      const line = expected[served.it.name]!
      if (served.it.kind === 'file' || line === 'anyone' || line === 'signedIn') continue
      // An input that does not parse is refused before rights are asked; only those that do are judged here.
      const input = {
        unitId: house.units.X1,
        personId: house.people.an,
        campaignId: house.campaignId,
        kind: 'unit',
        scopeId: house.units.X1,
      }
      if (!served.it.input.safeParse(input).success) continue
      const stranger = await house.app.inject({ method: 'POST', url: pathOf(served.it), payload: input })
      assert.equal(stranger.statusCode, 401, served.it.name)
      assert.equal((await her.ask(served.it, input)).status, 403, served.it.name)
    }
    await house.close()
  })
})
