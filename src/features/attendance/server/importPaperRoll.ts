// The paper roll («diem-danh»): each line a person at a checkpoint. A paper arrival is claimed at the checkpoint's own hour.
import { sql } from 'kysely'
import { z } from 'zod'
import { fold } from '../../../kernel/fold.ts'
import { byRole } from '../../../platform/rights.ts'
import { analyse, type Db, type Tx } from '../../../platform/server/db.ts'
import { type Finding, importKind, isBad } from '../../../platform/server/imports/index.ts'
import { summonAtDoor } from '../../sites/server/index.ts'
import { excuseOf, markOf } from '../rules.ts'
import { takeBackPaper } from './onPaper.ts'
import { type CheckpointRow, checkpointsOf, conferenceOf } from './store.ts'

const sliceRows = 5_000
const paperDevice = '00000000-0000-7000-8000-000000000000'

export const PaperRollOptions = z.object({ conferenceId: z.uuid() })
type Options = z.output<typeof PaperRollOptions>

type Line = { personId: string; checkpoint: CheckpointRow; siteId: string | undefined }
type Plan = {
  arrivals: Line[]
  withdrawn: { personId: string; checkpointId: string }[]
  excused: { personId: string; excuse: string }[]
  conferenceId: string
}

/** A kind of import; the secret makes the codes of summonses written at the door. */
export const paperRoll = (secret: Buffer) =>
  importKind({
    kind: 'diem-danh',
    options: PaperRollOptions,
    needs: byRole(['organiser', 'siteManager'], 'conference', (options: Options) => options.conferenceId),
    lock: (options) => `conference ${options.conferenceId}`,
    columns: [
      { key: 'person', header: 'Mã số', kind: 'code', required: true, filled: true },
      { key: 'site', header: 'Mã điểm cầu', kind: 'code' },
      { key: 'checkpoint', header: 'Mốc', kind: 'text' },
      { key: 'present', header: 'Có mặt', kind: 'text', required: true },
      { key: 'reason', header: 'Lý do vắng', kind: 'text' },
    ],
    async check({ db, options, tell }, rows) {
      const conference = await conferenceOf(db, options.conferenceId)
      const problems: Finding[] = []
      const remarks: Finding[] = []
      const plan: Plan = { arrivals: [], withdrawn: [], excused: [], conferenceId: options.conferenceId }
      const summary = { added: 0, changed: 0, unchanged: 0, missing: 0 }
      if (!conference || conference.state === 'draft') {
        problems.push({ line: 0, word: 'conferenceNotOpen' })
        return { problems, summary, plan }
      }
      if (conference.classified) {
        problems.push({ line: 0, word: 'classifiedConference' })
        return { problems, summary, plan }
      }
      const known = await knownOf(db, conference)
      await tell(0)
      const seen = new Map<string, { line: number; present: boolean }>()
      for await (const row of rows) {
        const {
          person: code = '',
          site: siteCode = '',
          checkpoint: point = '',
          present: mark = '',
          reason = '',
        } = row.cells
        const person = known.people.get(code)
        const site = siteCode === '' ? undefined : known.sites.get(siteCode)
        const checkpoint =
          point === '' && known.checkpoints.length === 1 ? known.checkpoints[0] : known.checkpointBy(point)
        const present = markOf(mark)
        const excuse = reason === '' ? undefined : excuseOf(reason)
        const found = problems.length
        if (!person && !isBad(row, 'person'))
          problems.push({
            line: row.line,
            column: 'Mã số',
            value: code,
            word: 'unknownPerson',
            params: { value: code },
          })
        // A paper roll is signed in a hall; only whoever is summoned says which without being asked.
        const needsSite = siteCode === '' && person && !person.summoned && present
        if (needsSite)
          problems.push({ line: row.line, column: 'Mã điểm cầu', word: 'emptyCell', params: { column: 'Mã điểm cầu' } })
        if (siteCode !== '' && !site)
          problems.push({
            line: row.line,
            column: 'Mã điểm cầu',
            value: siteCode,
            word: 'unknownSite',
            params: { value: siteCode },
          })
        if (!checkpoint)
          problems.push({
            line: row.line,
            column: 'Mốc',
            value: point,
            word: 'unknownCheckpoint',
            params: { value: point },
          })
        if (present === undefined)
          problems.push({ line: row.line, column: 'Có mặt', value: mark, word: 'badMark', params: { value: mark } })
        if (reason !== '' && !excuse)
          problems.push({
            line: row.line,
            column: 'Lý do vắng',
            value: reason,
            word: 'badReason',
            params: { reasons: 'công tác · nghỉ phép/điều trị · việc gia đình · khác · không rõ' },
          })
        if (present && excuse)
          problems.push({ line: row.line, column: 'Lý do vắng', value: reason, word: 'presentWithReason' })
        if (problems.length > found || !person || !checkpoint || present === undefined) continue
        const key = `${checkpoint.id} ${person.id}`
        const before = seen.get(key)
        if (before) {
          problems.push({
            line: row.line,
            value: code,
            word: before.present === present ? 'sameAgain' : 'contradicts',
            params: { firstLine: before.line },
          })
          continue
        }
        seen.set(key, { line: row.line, present })
        const stands = known.standing.get(key)
        if (present) {
          const siteId = site ?? person.siteId
          if (stands && stands.siteId === siteId) summary.unchanged++
          else {
            if (stands)
              remarks.push({
                line: row.line,
                value: code,
                word: 'atAnotherSite',
                params: { value: code, site: known.siteName(stands.siteId) },
              })
            if (!person.summoned)
              remarks.push({
                line: row.line,
                value: code,
                word: person.inScope ? 'unsummoned' : 'notInScope',
                params: { value: code },
              })
            if (stands && known.paper.has(`${key} ${siteId ?? ''}`)) summary.unchanged++
            else {
              plan.arrivals.push({ personId: person.id, checkpoint, siteId })
              summary.added++
            }
          }
          continue
        }
        // Only paper takes back what paper said; a scan at the door is not undone by a list.
        if (stands?.evidence === 'paper') {
          plan.withdrawn.push({ personId: person.id, checkpointId: checkpoint.id })
          summary.changed++
        } else if (excuse && person.summoned && person.excuse !== excuse) {
          plan.excused.push({ personId: person.id, excuse })
          person.excuse = excuse
          summary.changed++
        } else summary.unchanged++
      }
      return { problems, remarks, summary, plan }
    },
    async apply(tx, plan, { actor, now, tell }) {
      const { conferenceId } = plan
      for (let from = 0; from < plan.arrivals.length; from += sliceRows) {
        const slice = plan.arrivals.slice(from, from + sliceRows)
        await insertPaper(tx, conferenceId, slice, actor.name, now)
        await tell(from + slice.length, plan.arrivals.length)
      }
      await analyse(tx, ['arrival'])
      // One summons a person, from the first session she came to.
      const first = new Map<string, Line>()
      for (const line of plan.arrivals) {
        const before = first.get(line.personId)
        if (!before || line.checkpoint.at < before.checkpoint.at) first.set(line.personId, line)
      }
      const newcomers = await unsummoned(tx, conferenceId, [...first.keys()])
      if (newcomers.length > 0)
        await summonAtDoor(
          tx,
          secret,
          newcomers.map((personId) => {
            const line = first.get(personId)!
            return {
              conferenceId,
              sessionId: line.checkpoint.sessionId,
              personId,
              siteId: line.siteId,
              by: actor.name,
              at: now,
            }
          }),
        )
      await takeBackPaper(tx, plan.withdrawn, { by: actor.name, now })
      if (plan.excused.length > 0)
        await sql`update summons m set excuse = g.excuse, excused_at = ${now}
        from unnest(${plan.excused.map((one) => one.personId)}::uuid[], ${plan.excused.map((one) => one.excuse)}::text[]) as g (person_id, excuse)
        where m.conference_id = ${conferenceId} and m.person_id = g.person_id and m.withdrawn_at is null`.execute(tx)
    },
  })

const insertPaper = (tx: Tx, conferenceId: string, lines: readonly Line[], by: string, now: Date) =>
  sql`insert into arrival (arrival_id, conference_id, checkpoint_id, site_id, person_id, evidence, by_actor, claimed_at, corrected_at, received_at, device_id)
    select gen_random_uuid(), ${conferenceId}, checkpoint_id, site_id, person_id, 'paper', ${by}, at, at, ${now}, ${paperDevice}
    from unnest(${lines.map((line) => line.checkpoint.id)}::uuid[], ${lines.map((line) => line.siteId ?? null)}::uuid[], ${lines.map((line) => line.personId)}::uuid[],
      ${lines.map((line) => line.checkpoint.at.toISOString())}::timestamptz[]) as g (checkpoint_id, site_id, person_id, at)`.execute(
    tx,
  )

const unsummoned = async (tx: Tx, conferenceId: string, personIds: string[]) =>
  (
    await sql<{ person_id: string }>`select person_id from unnest(${personIds}::uuid[]) as g (person_id)
      where not exists (select 1 from summons m where m.conference_id = ${conferenceId} and m.person_id = g.person_id and m.withdrawn_at is null)`.execute(
      tx,
    )
  ).rows.map(({ person_id }) => person_id)

/** What the file is held against: the register's people, its sites, the checkpoints, who stands where already. */
async function knownOf(db: Db | Tx, conference: { id: string; campaignId: string; unitId: string }) {
  const people = await sql<{
    id: string
    code: string
    summoned: boolean
    siteId: string | null
    excuse: string | null
    inScope: boolean
  }>`
    select p.id, p.code, m.person_id is not null as summoned, m.site_id as "siteId", m.excuse, coalesce(r.standing = 'inScope', false) as "inScope"
    from person p
    left join summons m on m.conference_id = ${conference.id} and m.person_id = p.id and m.withdrawn_at is null
    left join roll r on r.campaign_id = ${conference.campaignId} and r.person_id = p.id and r.to_at is null
    where p.code is not null and p.erased_at is null and p.register_id = (select register_id from unit where id = ${conference.unitId})`.execute(
    db,
  )
  const sites = await sql<{ id: string; code: string; name: string }>`
    select s.id, s.code, s.name from site s where s.register_id = (select register_id from unit where id = ${conference.unitId})`.execute(
    db,
  )
  const checkpoints = await checkpointsOf(db, conference.id)
  const arrivals = await sql<{ checkpointId: string; personId: string; siteId: string | null; evidence: string }>`
    select checkpoint_id as "checkpointId", person_id as "personId", site_id as "siteId", evidence from arrival
    where conference_id = ${conference.id} and withdrawn_at is null order by corrected_at desc, arrival_id desc`.execute(
    db,
  )
  const names = new Map(sites.rows.map((site) => [site.id, site.name]))
  const byWord = new Map(checkpoints.flatMap((one) => [[fold(one.code), one] as const, [fold(one.name), one] as const]))
  return {
    people: new Map(people.rows.map((row) => [row.code, { ...row, siteId: row.siteId ?? undefined }])),
    sites: new Map(sites.rows.map((site) => [site.code, site.id])),
    siteName: (id: string | undefined) => (id ? (names.get(id) ?? '') : 'thiết bị cá nhân'),
    checkpoints,
    checkpointBy: (word: string) => byWord.get(fold(word)),
    // Latest first, so that the earliest evidence is what remains.
    standing: new Map(
      arrivals.rows.map((row) => [
        `${row.checkpointId} ${row.personId}`,
        { siteId: row.siteId ?? undefined, evidence: row.evidence },
      ]),
    ),
    paper: new Set(
      arrivals.rows
        .filter((row) => row.evidence === 'paper')
        .map((row) => `${row.checkpointId} ${row.personId} ${row.siteId ?? ''}`),
    ),
  }
}
