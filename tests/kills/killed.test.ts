// What survives `kill -9` on the real machine: a storm at the doors, and a file half-way in. What was acknowledged is kept,
// what was not is sent again by its sender, and nobody repairs anything by hand.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { foundCampaign, WholeCampaign } from '../../src/apps/cli/campaignForm.ts'
import { importKindsOf } from '../../src/apps/server/features.ts'
import { createStaff, grant, sessionCookie } from '../../src/features/access/server/index.ts'
import { fixScope } from '../../src/features/campaigns/server/index.ts'
import { moveState } from '../../src/features/conferences/server/index.ts'
import { confirmSeating, proposeSeating } from '../../src/features/sites/server/index.ts'
import { newId } from '../../src/kernel/id.ts'
import { machine } from '../../src/platform/rights.ts'
import { runImport } from '../../src/platform/server/imports/index.ts'
import { type AnyServed, perform } from '../../src/platform/server/operate.ts'
import { type OwnServer, openOwnServer, pause } from '../fixtures/ownServer.ts'

const peopleCount = 1500
const filePeople = 20_000
let own: OwnServer
after(() => own?.close())

const postmaster = () => Number(fs.readFileSync(path.join(own.dataDir, 'pg/postmaster.pid'), 'utf8').split('\n')[0])
const killDatabase = () => process.kill(postmaster(), 'SIGKILL')
async function killServer() {
  await own.kill()
  await own.start()
}

/** As a console does: until it is answered, under the same id. */
async function tell(cookie: string, operation: string, input: unknown): Promise<Record<string, never>> {
  for (let tried = 1; ; tried++) {
    try {
      const answer = await fetch(`${own.url}/api/${operation.replace('.', '/')}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify(input),
        signal: AbortSignal.timeout(20_000),
      })
      if (answer.ok) return (await answer.json()) as Record<string, never>
      if (answer.status < 500) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`)
    } catch (error) {
      if ((error as Error).message.startsWith(operation)) throw error
    }
    if (tried > 400) throw new Error(`${operation} was never answered\n${own.said()}`)
    await pause(100 + Math.random() * 100)
  }
}

const header = 'Mã số,Họ và tên,Ngày sinh,Mã đơn vị'
const linesOf = (letter: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${letter}${String(i).padStart(6, '0')},Nguyễn Văn ${letter}${i},1970,C`)

const known = {} as {
  conferenceId: string
  checkpointId: string
  siteId: string
  keeper: string
  officer: string
  people: string[]
}
before(async () => {
  own = await openOwnServer('kill')
  await own.withDesk(async (desk) => {
    const now = new Date()
    const actor = machine(0)
    const act = async (served: AnyServed, input: unknown) =>
      (await perform(desk, served, { actor, now, input })) as Record<string, string>
    const bring = async (kind: string, lines: string[]) => {
      const file = { bytes: Buffer.from(lines.join('\n')), fileName: `${kind}.csv` }
      const { problems } = await runImport(desk, importKindsOf(desk), { kind, file, options: {}, actor, now })
      assert.deepEqual(problems, [])
    }
    await bring('don-vi', [
      'Mã đơn vị,Mã cấp trên,Tên đơn vị,Loại',
      'T,,Đảng bộ tỉnh,Tỉnh',
      'X,T,Đảng bộ xã,Cơ sở',
      'C,X,Chi bộ thôn,Chi bộ',
    ])
    await bring('diem-cau', [
      'Mã điểm cầu,Mã đơn vị,Điểm cầu cấp trên,Tên điểm cầu,Sức chứa',
      `DC,X,,Hội trường xã,${peopleCount}`,
    ])
    await bring('dang-vien', [header, ...linesOf('A', peopleCount)])
    const hour = 3_600_000
    const at = (hours: number) => new Date(now.getTime() + hours * hour).toISOString()
    const form = WholeCampaign.parse({
      code: 'dot',
      name: 'Học tập nghị quyết',
      scopeUnit: { code: 'T' },
      conferences: [
        {
          code: 'HN',
          name: 'Hội nghị toàn tỉnh',
          purpose: 'study',
          sessions: [
            {
              code: 'B1',
              startsAt: at(-1),
              endsAt: at(3),
              topics: [{ title: 'Chuyên đề', deliverMinutes: 60, questionMinutes: 30 }],
              checkpoints: [{ code: 'M1', name: 'Khai mạc', opensAt: at(-1), at: at(1), closesAt: at(2) }],
            },
          ],
        },
      ],
    })
    await foundCampaign(desk, form, { actor, now })
    const one = async (sql: string) => (await desk.pool.query(sql)).rows[0].id as string
    known.conferenceId = await one('select id from conference')
    known.checkpointId = await one('select id from checkpoint')
    known.siteId = await one('select id from site')
    await act(fixScope, { campaignId: await one('select id from campaign') })
    await act(proposeSeating, { conferenceId: known.conferenceId })
    await act(confirmSeating, { conferenceId: known.conferenceId })
    for (const to of ['approved', 'open', 'live']) await act(moveState, { conferenceId: known.conferenceId, to })
    const hired = async (userName: string, more: object) => {
      const { userId } = await act(createStaff, { userName, name: 'Người Gác Cửa' })
      await act(grant, { userId, reason: 'thử', ...more })
      return (await sessionCookie(desk, { userName }, now)).replace(/^Cookie:\s*/i, '')
    }
    known.keeper = await hired('giu.cua', { role: 'siteManager', kind: 'site', scopeId: known.siteId })
    known.officer = await hired('du.lieu', { role: 'dataOfficer', kind: 'installation' })
    known.people = (await desk.pool.query<{ id: string }>('select id from person order by code')).rows.map(
      ({ id }) => id,
    )
  })
  await own.start()
})
describe('kill -9', { concurrency: false }, () => {
  test('of the database and of the server, in the middle of a storm at the doors, loses nothing that was acknowledged', async () => {
    const waiting = known.people.map((personId) => ({ arrivalId: newId(), personId }))
    const acknowledged: string[] = []
    const deviceId = newId()
    const door = async () => {
      for (let one = waiting.pop(); one; one = waiting.pop()) {
        const { arrivalId } = await tell(known.keeper, 'attendance.checkIn', {
          ...one,
          checkpointId: known.checkpointId,
          siteId: known.siteId,
          evidence: 'stewardTick',
          claimedAt: new Date().toISOString(),
          deviceId,
        })
        acknowledged.push(arrivalId!)
        // As fast as a row of stewards, so that the storm outlasts the killing.
        await pause(20)
      }
    }
    const doors = Promise.all(Array.from({ length: 16 }, door))
    const keptAt = async (share: number) =>
      own.until(`${share} acknowledged`, async () => acknowledged.length >= share * peopleCount)
    await keptAt(0.2)
    killDatabase()
    await keptAt(0.45)
    await killServer()
    await keptAt(0.7)
    killDatabase()
    await killServer()
    await doors
    assert.equal(acknowledged.length, peopleCount)
    const rows = await own.withDesk(
      async (desk) =>
        (await desk.pool.query<{ arrival_id: string; person_id: string }>('select arrival_id, person_id from arrival'))
          .rows,
    )
    assert.deepEqual(rows.map((row) => row.arrival_id).sort(), [...acknowledged].sort())
    assert.equal(new Set(rows.map((row) => row.person_id)).size, peopleCount)
    const board = await tell(known.keeper, 'attendance.mySites', {})
    assert.ok(board)
  })

  for (const [what, kill] of [
    ['the database', async () => killDatabase()],
    ['the server', killServer],
  ] as const)
    test(`of ${what} in the middle of a file leaves all of it or none, and the file comes in when it is brought again`, async () => {
      const letter = what === 'the server' ? 'C' : 'B'
      const bytes = [header, ...linesOf(letter, filePeople)].join('\n')
      const first = await upload(bytes)
      await stateOf(first, 'checked')
      void tell(known.officer, 'imports.confirm', { runId: first }).catch(() => {})
      await own.until('it writes', async () => (await runOf(first)).state !== 'checked', 20_000)
      await pause(150)
      await kill()
      await own.ready()
      await own.until('it has ended', async () => ['done', 'failed'].includes((await runOf(first)).state), 30_000)
      const { state } = await runOf(first)
      assert.equal(await peopleOf(letter), state === 'done' ? filePeople : 0)

      const again = await upload(bytes)
      await stateOf(again, 'checked')
      await tell(known.officer, 'imports.confirm', { runId: again })
      await stateOf(again, 'done')
      assert.equal(await peopleOf(letter), filePeople)
    })
  async function upload(bytes: string): Promise<string> {
    const body = new FormData()
    body.set('kind', 'dang-vien')
    body.set('options', '{}')
    body.set('file', new File([bytes], 'dang-vien.csv', { type: 'text/csv' }))
    const answer = await fetch(`${own.url}/api/imports/upload`, {
      method: 'POST',
      headers: { cookie: known.officer },
      body,
    })
    const told = (await answer.json()) as { runId: string }
    assert.equal(answer.status, 200, JSON.stringify(told))
    return told.runId
  }
  const runOf = async (runId: string) =>
    (await tell(known.officer, 'imports.run', { runId })) as unknown as { state: string }
  const stateOf = (runId: string, state: string) =>
    own.until(`the file is ${state}`, async () => (await runOf(runId)).state === state)
  const peopleOf = (letter: string) =>
    own.withDesk(
      async (desk) =>
        (
          await desk.pool.query<{ n: number }>('select count(*)::int as n from person where code like $1', [
            `${letter}%`,
          ])
        ).rows[0]!.n,
    )
})
