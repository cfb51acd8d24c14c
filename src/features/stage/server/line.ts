// What every hall's line is worth, from reports of ten seconds; who looks at which picture; what the kept history says.
import { sql } from 'kysely'
import { newId } from '../../../kernel/id.ts'
import { type Db, type Tx, withoutNulls } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { hot } from '../../../platform/server/hot.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { closeInterruptions, openInterruptions, tellInterrupted } from '../../attendance/server/index.ts'
import type { LineMode, LineWord } from '../contract.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import {
  interruptionAfterSeconds,
  judgeLine,
  lookSeconds,
  minutesKind,
  type Report,
  reportedAt,
  silentSince,
  watchedOf,
} from '../rules.ts'
import { guard } from './guard.ts'
import { giveModes } from './modes.ts'
import {
  heldSession,
  linesOf,
  lockLines,
  nameOf,
  openInSql,
  type StageSite,
  siteOnStage,
  sitesOf,
  userOf,
} from './store.ts'

const sitesFreshMs = 30_000
const keptSites = new WeakMap<Desk, Map<string, { sites: Map<string, StageSite>; until: number }>>()
/** The sites of this session's stage, from a view at most half a minute old. */
export async function sitesLately(desk: Desk, sessionId: string): Promise<Map<string, StageSite>> {
  const sessions = keptSites.get(desk) ?? new Map()
  keptSites.set(desk, sessions)
  let known = sessions.get(sessionId)
  if (!known || known.until < Date.now()) {
    const sites = new Map((await sitesOf(desk.db, sessionId)).map((site) => [site.siteId, site]))
    known = { sites, until: Date.now() + sitesFreshMs }
    if (sessions.size > 200) sessions.clear()
    sessions.set(sessionId, known)
  }
  return known.sites
}
/** Before it says no it reads the database. */
const siteLately = async (desk: Desk, sessionId: string, siteId: string): Promise<StageSite | undefined> =>
  (await sitesLately(desk, sessionId)).get(siteId) ?? (await siteOnStage(desk.db, sessionId, siteId))

type Row = { sessionId: string; conferenceId: string; siteId: string; site: StageSite; report: Report }
type Written = { mode: LineMode; at: Date }
/** No line in the log: it is a measurement, and there are forty of them a second. */
export const reportLine = hot(contract.reportLine, policy.reportLine, {
  async prepare({ desk, actor, now, input }): Promise<Row> {
    await guard(desk, actor, policy.reportLine, input)
    const site = await siteLately(desk, input.sessionId, input.siteId)
    if (!site) refuse(contract.reportLine, 'otherConference')
    const { from, mode, frozenSeconds, lossPercent, roundTripMs, hears, heard, slidePage } = input
    const at = reportedAt({ claimedAt: new Date(input.claimedAt), skewMs: input.skewMs, receivedAt: now })
    return {
      sessionId: input.sessionId,
      conferenceId: site.conferenceId,
      siteId: site.siteId,
      site,
      report: { from, mode, frozenSeconds, lossPercent, roundTripMs, hears, heard, slidePage, at, receivedAt: now },
    }
  },
  async write(desk, rows): Promise<Written[]> {
    const bySession = Map.groupBy(rows, ({ sessionId }) => sessionId)
    const answers = new Map<Row, Written>()
    const told: (() => void)[] = []
    await desk.db.transaction().execute(async (tx) => {
      for (const [sessionId, reports] of [...bySession].sort())
        told.push(await writeLines(tx, desk, sessionId, reports, answers))
    })
    for (const tell of told) tell()
    return rows.map((row) => answers.get(row)!)
  },
  present: (_, { mode, at }) => ({ mode, serverTime: at.toISOString() }),
})

type Changed = {
  siteId: string
  mode: LineMode
  word: LineWord
  since: Date | undefined
  screenAt: Date | undefined
  consoleAt: Date | undefined
  measured: string
  slidePage: number
}
async function writeLines(
  tx: Db | Tx,
  desk: Desk,
  sessionId: string,
  reports: readonly Row[],
  answers: Map<Row, Written>,
): Promise<() => void> {
  const now = new Date(Math.max(...reports.map(({ report }) => report.receivedAt.getTime())))
  const siteIds = [...new Set(reports.map(({ siteId }) => siteId))].sort()
  await ensureLines(tx, sessionId, siteIds)
  await lockLines(tx, sessionId)
  const before = new Map((await linesOf(tx, sessionId, siteIds)).map((line) => [line.siteId, line]))
  const after = new Map([...before].map(([siteId, line]) => [siteId, { ...line }]))
  for (const { siteId, report } of reports) {
    const line = after.get(siteId)!
    const judged = judgeLine({ word: line.word, memory: line.measured }, report)
    if (judged.word !== line.word) line.since = report.at
    line.word = judged.word
    line.measured = judged.memory
    line.mode = watchedOf(judged.memory)?.mode ?? 'none'
    if (report.from === 'screen') line.screenAt = report.receivedAt
    else line.consoleAt = report.receivedAt
    if (report.slidePage > 0) line.slidePage = report.slidePage
  }
  const changed = siteIds.map((siteId): Changed => {
    const { mode, word, since, screenAt, consoleAt, measured, slidePage } = after.get(siteId)!
    return { siteId, mode, word, since, screenAt, consoleAt, measured: JSON.stringify(measured), slidePage }
  })
  await updateLines(tx, sessionId, changed)
  const unnoticed = [...before.values()].flatMap((line) => {
    const from = line.word === 'lost' ? undefined : silentSince(line.measured, now)
    return from ? [{ siteId: line.siteId, word: 'lost' as const, at: from }] : []
  })
  if (unnoticed.length > 0) {
    await turnSpells(tx, sessionId, unnoticed)
    await openLostInterruptions(tx, sessionId, now)
  }
  const back = await turnSpells(
    tx,
    sessionId,
    changed.map(({ siteId, word, since }) => ({
      siteId,
      word,
      at: unnoticed.some((one) => one.siteId === siteId) ? now : (since ?? now),
    })),
  )
  // A line that has just come, or just stepped down, is given its way of receiving at once; everything else waits for the sweep.
  const step = (line: { measured: { step?: number | undefined } } | undefined) => line?.measured.step ?? 0
  const anew = siteIds.filter((siteId) => {
    const was = before.get(siteId)!
    const is = after.get(siteId)!
    return was.word === 'away' || was.word === 'lost' || step(was) !== step(is)
  })
  const given = anew.length > 0 ? await giveModes(tx, desk, sessionId, now) : new Map<string, LineMode>()
  for (const row of reports)
    answers.set(row, { mode: given.get(row.siteId) ?? before.get(row.siteId)!.wanted, at: row.report.receivedAt })
  const visible = siteIds.filter((siteId) => {
    const was = before.get(siteId)!
    const is = after.get(siteId)!
    return was.word !== is.word || was.mode !== is.mode || was.slidePage !== is.slidePage
  })
  const worded = siteIds.filter((siteId) => before.get(siteId)!.word !== after.get(siteId)!.word)
  const parents = new Map(reports.map(({ siteId, site }) => [siteId, site.parentSiteId]))
  return () => {
    if (visible.length > 0) desk.live.stale(contract.wall, { sessionId })
    const halls = new Set([...worded, ...given.keys(), ...worded.map((siteId) => parents.get(siteId))])
    for (const siteId of halls) if (siteId) desk.live.stale(contract.hall, { sessionId, siteId })
    tellInterrupted(desk, back)
  }
}
/** A stage nobody has opened yet has lines already: halls are early. */
async function ensureLines(tx: Db | Tx, sessionId: string, siteIds: readonly string[]) {
  const held = await heldSession(tx, sessionId)
  if (!held) return
  await sql`insert into stage (session_id, conference_id, room) values (${sessionId}, ${held.conferenceId}, ${`buoi-${sessionId}`}) on conflict do nothing`.execute(
    tx,
  )
  await sql`insert into site_line (session_id, site_id) select ${sessionId}, site_id from unnest(${siteIds as string[]}::uuid[]) as s (site_id) order by site_id on conflict do nothing`.execute(
    tx,
  )
}
const updateLines = (tx: Db | Tx, sessionId: string, changed: readonly Changed[]) =>
  sql`
    update site_line l set mode = c.mode, word = c.word, since = c.since, screen_at = c.screen_at, console_at = c.console_at,
      measured = c.measured::jsonb, slide_page = c.slide_page
    from unnest(${changed.map(({ siteId }) => siteId)}::uuid[], ${changed.map(({ mode }) => mode)}::text[], ${changed.map(({ word }) => word)}::text[],
      ${changed.map(({ since }) => since ?? null)}::timestamptz[], ${changed.map(({ screenAt }) => screenAt ?? null)}::timestamptz[],
      ${changed.map(({ consoleAt }) => consoleAt ?? null)}::timestamptz[], ${changed.map(({ measured }) => measured)}::text[],
      ${changed.map(({ slidePage }) => slidePage)}::int[]) as c (site_id, mode, word, since, screen_at, console_at, measured, slide_page)
    where l.session_id = ${sessionId} and l.site_id = c.site_id`.execute(tx)

/**
 * The kept history: one spell a word. An interruption that a lost spell had opened ends with it. Answers the halls that are back.
 * Outside the session there is no history: nothing is lost before it begins.
 */
export async function turnSpells(
  tx: Db | Tx,
  sessionId: string,
  words: readonly { siteId: string; word: LineWord; at: Date }[],
): Promise<{ conferenceId: string; siteId: string }[]> {
  if (words.length === 0) return []
  const given = sql`unnest(${words.map(({ siteId }) => siteId)}::uuid[], ${words.map(({ word }) => word)}::text[],
    ${words.map(({ at }) => at)}::timestamptz[]) as g (site_id, word, at)`
  const { rows } = await sql<{ interruptionId: string; toAt: Date }>`
    with closed as (
      update line_spell s set to_at = greatest(s.from_at, g.at) from ${given}
      where s.session_id = ${sessionId} and s.site_id = g.site_id and s.to_at is null and s.word <> g.word
      returning s.interruption_id, s.to_at)
    select interruption_id as "interruptionId", to_at as "toAt" from closed where interruption_id is not null`.execute(
    tx,
  )
  await sql`
    insert into line_spell (spell_id, session_id, site_id, word, from_at)
    select n.id, ${sessionId}, g.site_id, g.word, g.at from ${given}
      join unnest(${words.map(({ siteId }) => siteId)}::uuid[], ${words.map(({ at }) => newId(at))}::uuid[]) as n (site_id, id) on n.site_id = g.site_id
      join stage t on t.session_id = ${sessionId} and t.state in ${openInSql}
    where g.word <> 'away' and not exists (select from line_spell s where s.session_id = ${sessionId} and s.site_id = g.site_id and s.to_at is null)`.execute(
    tx,
  )
  await closeInterruptions(tx, rows)
  if (rows.length === 0) return []
  const { rows: halls } = await sql<{ conferenceId: string; siteId: string }>`
    select conference_id as "conferenceId", site_id as "siteId" from interruption where id = any(${rows.map(({ interruptionId }) => interruptionId)}::uuid[])`.execute(
    tx,
  )
  return halls
}

/** A minute lost while the session is on air is an interruption: nobody is absent for it, and it is offered as replay. */
export async function openLostInterruptions(tx: Db | Tx, sessionId: string, now: Date) {
  const { rows } = await sql<{ spellId: string; siteId: string; from: Date }>`
    select s.spell_id as "spellId", s.site_id as "siteId", greatest(s.from_at, g.on_air_at, g.break_until) as "from"
    from line_spell s join stage g on g.session_id = s.session_id join site h on h.id = s.site_id and h.kind = 'hall'
    where s.session_id = ${sessionId} and s.word = 'lost' and s.to_at is null and s.interruption_id is null and g.state = 'onAir'
      and greatest(s.from_at, g.on_air_at, g.break_until) <= ${new Date(now.getTime() - interruptionAfterSeconds * 1000)}
    for update of s`.execute(tx)
  const opened = []
  for (const { spellId, siteId, from } of rows) {
    const site = await siteOnStage(tx, sessionId, siteId)
    if (!site) continue
    const interruptionId = newId(now)
    await sql`update line_spell set interruption_id = ${interruptionId} where spell_id = ${spellId}`.execute(tx)
    opened.push({
      interruptionId,
      conferenceId: site.conferenceId,
      siteId,
      fromAt: from,
      cause: 'line' as const,
      by: 'máy chủ',
    })
  }
  await openInterruptions(tx, opened, now)
  return opened
}

type Look = { sessionId: string; userId: string; name: string; siteIds: string[]; until: Date; now: Date }
const names = new WeakMap<Desk, Map<string, string>>()
export const watchTiles = hot(contract.watchTiles, policy.watchTiles, {
  async prepare({ desk, actor, now, input }): Promise<Look> {
    await guard(desk, actor, policy.watchTiles, input)
    const known = names.get(desk) ?? new Map()
    names.set(desk, known)
    const userId = userOf(actor)
    if (!known.has(userId)) known.set(userId, await nameOf(desk.db, actor))
    const until = new Date(now.getTime() + lookSeconds * 1000)
    return { sessionId: input.sessionId, userId, name: known.get(userId)!, siteIds: input.siteIds, until, now }
  },
  async write(desk, looks): Promise<Date[]> {
    const told = new Set<string>()
    for (const { sessionId, userId, name, siteIds, until, now } of looks) {
      // Only sites of this very session are looked at; and where no stage is, there is nothing to see.
      const { rows } = await sql<{ before: string[] | null; after: string[] | null }>`
        with mine as (
          select site_ids from tile_looker where session_id = ${sessionId} and user_id = ${userId} and until > ${now}),
        written as (
          insert into tile_looker (session_id, user_id, name, site_ids, until)
          select g.session_id, ${userId}, ${name}, ${siteIds}::uuid[], ${until} from stage g where g.session_id = ${sessionId} and g.state in ${openInSql}
          on conflict (session_id, user_id) do update set site_ids = excluded.site_ids, name = excluded.name, until = excluded.until
          returning site_ids)
        select (select site_ids from mine) as before, (select site_ids from written) as after`.execute(desk.db)
      const before = new Set(rows[0]?.before ?? [])
      const since = new Set(rows[0]?.after ?? [])
      for (const siteId of [...before, ...since])
        if (before.has(siteId) !== since.has(siteId)) told.add(`${sessionId} ${siteId}`)
    }
    for (const key of told) {
      const [sessionId, siteId] = key.split(' ') as [string, string]
      desk.live.stale(contract.hall, { sessionId, siteId })
    }
    return looks.map(({ until }) => until)
  },
  present: (_, until) => ({ until: until.toISOString() }),
})

export const lineHistory = answer(contract.lineHistory, policy.lineHistory, async ({ db, now, input }) => {
  const { sessionId, siteId } = input
  const sites = await sitesOf(db, sessionId, siteId ? [siteId] : undefined)
  const { rows } = await sql<{ siteId: string; word: LineWord; from: Date; to: Date | null }>`
    select site_id as "siteId", word, from_at as "from", to_at as "to" from line_spell
    where session_id = ${sessionId} and (${siteId ?? null}::uuid is null or site_id = ${siteId ?? null}::uuid) order by from_at`.execute(
    db,
  )
  const spells = Map.groupBy(rows.map(withoutNulls), (spell) => spell.siteId)
  return {
    sites: sites.map((site) => {
      const own = spells.get(site.siteId) ?? []
      const minutes = (kind: 'good' | 'poor' | 'lost') =>
        Math.round(
          own
            .filter(({ word }) => minutesKind(word) === kind)
            .reduce((sum, { from, to }) => sum + Math.max(0, (to ?? now).getTime() - from.getTime()), 0) / 60_000,
        )
      return {
        siteId: site.siteId,
        name: site.name,
        goodMinutes: minutes('good'),
        poorMinutes: minutes('poor'),
        lostMinutes: minutes('lost'),
        spells: own.map(({ word, from, to }) => ({
          word,
          from: from.toISOString(),
          ...(to ? { to: to.toISOString() } : {}),
        })),
      }
    }),
  }
})
