// A file of summonses («trieu-tap»): who, at which site (none: on her own device), for which sessions (none: all).
import { sql } from 'kysely'
import { z } from 'zod'
import { fold } from '../../../kernel/fold.ts'
import { byRole } from '../../../platform/rights.ts'
import type { Db, Tx } from '../../../platform/server/db.ts'
import {
  type CheckContext,
  type Checked,
  type Finding,
  importKind,
  isBad,
} from '../../../platform/server/imports/index.ts'
import type { Column, Row } from '../../../platform/server/spreadsheet/index.ts'
import { issue, withdraw } from './issue.ts'
import * as store from './store.ts'

const options = z.object({ conferenceId: z.uuid() })
type Options = z.output<typeof options>

const columns = [
  {
    key: 'person',
    header: 'Mã số',
    synonyms: ['Mã đảng viên', 'Mã', 'Số hiệu'],
    kind: 'code',
    required: true,
    filled: true,
  },
  { key: 'site', header: 'Mã điểm cầu', synonyms: ['Điểm cầu', 'Mã đầu cầu'], kind: 'code' },
  { key: 'sessions', header: 'Buổi', synonyms: ['Mã buổi', 'Tên buổi'] },
] as const satisfies readonly Column[]
type Key = (typeof columns)[number]['key']

type Wanted = {
  personId: string
  code: string
  siteId: string | undefined
  siteCode: string
  sessionIds: string[] | undefined
  line: number
}
type Plan = { conferenceId: string; fresh: Wanted[]; moved: (Wanted & { summonsId: string })[]; unattached: string[] }

const sliceRows = 5_000

/** A kind of import; the secret makes the door codes. */
export const summonsFile = (secret: Buffer) =>
  importKind({
    kind: 'trieu-tap',
    options: options as z.ZodType<Options>,
    columns,
    needs: byRole(['organiser'], 'conference', (given: Options) => given.conferenceId),
    lock: (given: Options) => `conference ${given.conferenceId}`,
    check: checkSummons,
    async apply(tx, plan, { actor, now, tell }) {
      const { conferenceId } = plan
      await store.lockSeating(tx, conferenceId)
      await sql`
        insert into conference_site (conference_id, site_id, seats, parent_site_id)
        select ${conferenceId}, s.id, s.seats, s.parent_id from site s where s.id = any(${plan.unattached}::uuid[]) on conflict do nothing`.execute(
        tx,
      )
      await withdraw(
        tx,
        plan.moved.map(({ summonsId }) => summonsId),
        'moved',
        now,
      )
      const wanted = [...plan.fresh, ...plan.moved]
      for (let from = 0; from < wanted.length; from += sliceRows) {
        const slice = wanted.slice(from, from + sliceRows)
        await issue(
          tx,
          secret,
          slice.map(({ personId, siteId, sessionIds }) => ({
            conferenceId,
            personId,
            siteId,
            sessionIds,
            origin: 'import',
            by: actor.name,
            at: now,
          })),
        )
        await tell(from + slice.length, wanted.length)
      }
      await sql`delete from seating_place where conference_id = ${conferenceId} and person_id = any(${wanted.map(({ personId }) => personId)}::uuid[])`.execute(
        tx,
      )
    },
  })

async function checkSummons(
  { db, options: given, columns: found }: CheckContext<Options>,
  rows: AsyncIterable<Row<Key>>,
): Promise<Checked<Plan>> {
  const problems: Finding[] = []
  const remarks = found.unknown.map((column): Finding => ({ line: 0, column, word: 'setAside' }))
  const plan: Plan = { conferenceId: given.conferenceId, fresh: [], moved: [], unattached: [] }
  const summary = { added: 0, changed: 0, unchanged: 0, missing: 0 }
  const held = await store.heldConference(db, given.conferenceId)
  if (!held || held.classified || held.state === 'closed') {
    problems.push({ line: 0, word: held?.classified ? 'classifiedConference' : 'conferenceClosed' })
    return { problems, remarks, summary, plan }
  }
  const known = await knownOf(db, held)
  const wanted = await readWanted(rows, known, problems)
  for (const one of wanted.values()) {
    const person = known.people.get(one.code)!
    if (!person.inScope) remarks.push({ line: one.line, value: one.code, word: 'notInScope' })
    if (!person.summonsId) {
      plan.fresh.push(one)
      continue
    }
    if (person.siteId === (one.siteId ?? null) && sameSessions(person.sessionIds, one.sessionIds)) {
      summary.unchanged++
      continue
    }
    const site = person.siteId === null ? 'thiết bị cá nhân' : (known.siteById.get(person.siteId)?.name ?? '')
    remarks.push({ line: one.line, value: one.code, word: 'alreadySummoned', params: { site } })
    plan.moved.push({ ...one, summonsId: person.summonsId })
  }
  refuseOverfull(wanted, known, problems)
  plan.unattached = [
    ...new Set(
      [...wanted.values()].flatMap(({ siteId }) =>
        siteId !== undefined && !known.siteById.get(siteId)!.attached ? [siteId] : [],
      ),
    ),
  ]
  summary.added = plan.fresh.length
  summary.changed = plan.moved.length
  summary.missing = [...known.people.values()].filter(({ code, summonsId }) => summonsId && !wanted.has(code)).length
  return { problems, remarks, summary, plan }
}

/** One line a person, or one line a person and session. */
async function readWanted(
  rows: AsyncIterable<Row<Key>>,
  known: Known,
  problems: Finding[],
): Promise<Map<string, Wanted>> {
  const wanted = new Map<string, Wanted>()
  for await (const row of rows) {
    const { person: code = '', site: siteCode = '', sessions = '' } = row.cells
    if (code === '' || isBad(row, 'person')) continue
    const person = known.people.get(code)
    if (!person) problems.push({ line: row.line, column: 'Mã số', value: code, word: 'unknownPerson' })
    const site = siteCode === '' ? undefined : known.sites.get(siteCode)
    if (siteCode !== '' && !site)
      problems.push({ line: row.line, column: 'Mã điểm cầu', value: siteCode, word: 'unknownSite' })
    const sessionIds = readSessions(sessions, known.sessions)
    if (typeof sessionIds === 'string')
      problems.push({ line: row.line, column: 'Buổi', value: sessionIds, word: 'unknownSession' })
    if (!person || (siteCode !== '' && !site) || typeof sessionIds === 'string') continue
    const before = wanted.get(code)
    if (!before)
      wanted.set(code, { personId: person.personId, code, siteId: site?.siteId, siteCode, sessionIds, line: row.line })
    else if (before.siteId !== site?.siteId)
      problems.push({ line: row.line, value: code, word: 'contradicts', params: { firstLine: before.line } })
    else if (sameSessions(before.sessionIds ?? null, sessionIds))
      problems.push({ line: row.line, value: code, word: 'sameAgain', params: { firstLine: before.line } })
    else
      before.sessionIds = allOrSome(
        [...(before.sessionIds ?? []), ...(sessionIds ?? [])],
        before.sessionIds && sessionIds,
        known.sessions,
      )
  }
  return wanted
}
type Session = { sessionId: string; code: string; name: string }
/** «B1», «B1; B2», «Buổi sáng»; nothing means every session. A word that is no session comes back as it stands. */
function readSessions(text: string, sessions: readonly Session[]): string[] | undefined | string {
  const whole = fold(text)
  if (whole === '') return undefined
  const find = (word: string) =>
    sessions.find(({ code, name }) => fold(code) === word || fold(name) === word)?.sessionId
  const exact = find(whole)
  if (exact) return allOrSome([exact], true, sessions)
  const ids: string[] = []
  for (const word of text.split(/[,;+]/)) {
    const sessionId = find(fold(word))
    if (!sessionId) return word.trim()
    ids.push(sessionId)
  }
  return allOrSome(ids, true, sessions)
}
/** Every session is written as none, so that a session added later holds for them too. */
function allOrSome(ids: readonly string[], some: unknown, sessions: readonly Session[]): string[] | undefined {
  const chosen = sessions.map(({ sessionId }) => sessionId).filter((sessionId) => ids.includes(sessionId))
  return some && chosen.length < sessions.length ? chosen : undefined
}
const sameSessions = (one: readonly string[] | null, other: readonly string[] | undefined) =>
  [...(one ?? [])].sort().join() === [...(other ?? [])].sort().join()

function refuseOverfull(wanted: ReadonlyMap<string, Wanted>, known: Known, problems: Finding[]) {
  const counts = new Map<string, { summoned: number; line: number }>()
  for (const { code, siteId, summonsId } of known.people.values())
    if (summonsId && siteId !== null && !wanted.has(code))
      counts.set(siteId, { summoned: (counts.get(siteId)?.summoned ?? 0) + 1, line: 0 })
  for (const { siteId, line } of wanted.values())
    if (siteId !== undefined) {
      const before = counts.get(siteId)
      counts.set(siteId, { summoned: (before?.summoned ?? 0) + 1, line: before?.line || line })
    }
  for (const [siteId, { summoned, line }] of counts) {
    const site = known.siteById.get(siteId)
    if (site && summoned > site.seats && line > 0)
      problems.push({
        line,
        column: 'Mã điểm cầu',
        value: site.code,
        word: 'siteFull',
        params: { seats: site.seats, summoned },
      })
  }
}

type Known = Awaited<ReturnType<typeof knownOf>>
/** The codes of the conference's register: people, sites with their seats of the day, sessions, and who is summoned already. */
async function knownOf(db: Db | Tx, held: store.Held) {
  const register = sql`(select register_id from unit where id = ${held.unitId})`
  const people = await sql<{
    personId: string
    code: string
    inScope: boolean
    summonsId: string | null
    siteId: string | null
    sessionIds: string[] | null
  }>`
    select p.id as "personId", p.code, coalesce(r.standing = 'inScope', false) as "inScope", m.id as "summonsId", m.site_id as "siteId", m.session_ids as "sessionIds"
    from person p
      left join roll r on r.campaign_id = ${held.campaignId} and r.person_id = p.id and r.to_at is null
      left join summons m on m.conference_id = ${held.conferenceId} and m.person_id = p.id and m.withdrawn_at is null
    where p.code is not null and p.erased_at is null and p.register_id = ${register}`.execute(db)
  const sites = await sql<{ siteId: string; code: string; name: string; seats: number; attached: boolean }>`
    select s.id as "siteId", s.code, s.name, coalesce(k.seats, s.seats) as seats, k.site_id is not null as attached
    from site s left join conference_site k on k.conference_id = ${held.conferenceId} and k.site_id = s.id
    where s.register_id = ${register} and s.closed_on is null`.execute(db)
  const sessions = await sql<Session>`
    select id as "sessionId", code, name from conference_session where conference_id = ${held.conferenceId} order by position`.execute(
    db,
  )
  return {
    people: new Map(people.rows.map((row) => [row.code, row])),
    sites: new Map(sites.rows.map((row) => [row.code, row])),
    siteById: new Map(sites.rows.map((row) => [row.siteId, row])),
    sessions: sessions.rows,
  }
}
