// Forgetting a person goes through every feature, and leaves what was frozen as it stood.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { afterwards, holding, openProvince, type Province } from '../../../tests/fixtures/province.ts'
import { erasedName } from '../../features/organisation/server/index.ts'
import { composed } from './features.ts'

let place: Province
before(async () => {
  place = await openProvince()
  Object.assign(place.desk, composed)
})
after(() => place.desk.close())

test('a person who is erased leaves the roll and every list; the frozen count stands', async () => {
  const { act, desk, people, unit } = place
  const { campaignId, summon, come, close } = await place.study()
  const [she, ...others] = people.C1!
  await summon([she!, ...others])
  await come([she!, ...others])
  await close()
  await act('reports.freeze', { campaignId, note: 'thử' }, { now: afterwards })
  const actor = holding('organiser', unit.X1)
  await act('organisation.erasePerson', { unitId: unit.C1, personId: she }, { actor, now: afterwards })

  const { rows } = await sql<{ name: string; code: string | null; end: string | null; open: boolean }>`
    select p.full_name as name, p.code, r.end_why as end, r.to_at is null as open
    from person p join roll r on r.person_id = p.id where p.id = ${she}`.execute(desk.db)
  assert.deepEqual(rows, [{ name: erasedName, code: null, end: 'erased', open: false }])
  const attended = async (version?: number) => (await act('reports.figures', { campaignId, version })).attended
  assert.equal(await attended(1), people.C1!.length)
  assert.equal(await attended(), people.C1!.length - 1)
})
