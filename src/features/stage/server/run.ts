// The run of show with its real hours, and the page everybody sees.
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/server/db.ts'
import { hot } from '../../../platform/server/hot.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { record } from '../../../platform/server/record.ts'
import { sessionById } from '../../conferences/server/index.ts'
import * as materials from '../../materials/server/index.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { isOpen } from '../rules.ts'
import { deckOf } from './decks.ts'
import { guard } from './guard.ts'
import { heldSession, lockStage, openInSql, realTopics, setStage, stageOf } from './store.ts'
import { tell } from './tell.ts'

export const moveTopic = answer(contract.moveTopic, policy.moveTopic, async ({ db, desk, now, input, after }) => {
  const it = contract.moveTopic
  const { sessionId, topicId, to } = input
  const stage = await lockStage(db, sessionId)
  if (!stage || !isOpen(stage.state)) refuse(it, 'notOpen')
  const topic = (await topicsOf(db, sessionId)).find((one) => one.topicId === topicId) ?? refuse(it, 'unknownTopic')
  const was = (await realTopics(db, sessionId)).find((one) => one.topicId === topicId)
  await sql`insert into stage_topic (session_id, topic_id) values (${sessionId}, ${topicId}) on conflict do nothing`.execute(
    db,
  )
  // One topic at a time.
  if (to !== 'ended')
    await sql`
      update stage_topic set ended_at = ${now} where session_id = ${sessionId} and topic_id <> ${topicId} and began_at is not null and ended_at is null`.execute(
      db,
    )
  if (to === 'deliver')
    // Begun again by a slip of the finger, it goes on from where it was; after its end it begins anew.
    await sql`
      update stage_topic set began_at = case when ended_at is null then coalesce(began_at, ${now}) else ${now} end, questions_at = null, ended_at = null
      where session_id = ${sessionId} and topic_id = ${topicId}`.execute(db)
  else if (to === 'questions')
    await sql`
      update stage_topic set began_at = coalesce(began_at, ${now}), questions_at = coalesce(questions_at, ${now}), ended_at = null
      where session_id = ${sessionId} and topic_id = ${topicId}`.execute(db)
  else
    await sql`
      update stage_topic set ended_at = coalesce(ended_at, ${now}) where session_id = ${sessionId} and topic_id = ${topicId} and began_at is not null`.execute(
      db,
    )
  const speaker = was?.speaker ?? topic.speaker
  await record(db, contract.cued, { kind: 'topic', sessionId, topicId, title: topic.title, speaker, phase: to }, now)
  after(() => tell(desk, sessionId, { show: 'now' }))
  return {}
})
export const topicsOf = async (db: Db | Tx, sessionId: string) => (await sessionById(db, sessionId))?.topics ?? []

export const standIn = answer(contract.standIn, policy.standIn, async ({ db, desk, now, input, after }) => {
  const it = contract.standIn
  const { sessionId, topicId, speaker } = input
  if (!(await lockStage(db, sessionId))) refuse(it, 'notFound')
  const topic = (await topicsOf(db, sessionId)).find((one) => one.topicId === topicId) ?? refuse(it, 'unknownTopic')
  await sql`
    insert into stage_topic (session_id, topic_id, speaker) values (${sessionId}, ${topicId}, ${speaker})
    on conflict (session_id, topic_id) do update set speaker = excluded.speaker`.execute(db)
  const real = (await realTopics(db, sessionId)).find((one) => one.topicId === topicId)
  if (real?.beganAt && !real.endedAt)
    await record(
      db,
      contract.cued,
      {
        kind: 'topic',
        sessionId,
        topicId,
        title: topic.title,
        speaker,
        phase: real.questionsAt ? 'questions' : 'deliver',
      },
      now,
    )
  after(() => tell(desk, sessionId, { show: true }))
  return {}
})

type Click = { sessionId: string; versionId: string; page: number; clickNo: number; at: Date }
type Shown = { page: number; shownAt: Date; turned: boolean }
/** A click turns the page for everybody. A late retry of an older click turns nothing back: it is answered with the page that stands. */
export const showSlide = hot(contract.showSlide, policy.showSlide, {
  async prepare({ desk, actor, now, input }): Promise<Click> {
    const it = contract.showSlide
    await guard(desk, actor, policy.showSlide, input)
    const stage = await stageOf(desk.db, input.sessionId)
    if (!stage || !isOpen(stage.state)) refuse(it, 'notOpen')
    const held = await heldSession(desk.db, input.sessionId)
    const deck = held && !held.classified && (await deckOf(desk.db, desk, held, input.versionId, now))
    if (!deck) refuse(it, 'unknownDeck')
    if (input.page > deck.pages) refuse(it, 'noSuchPage', { pages: deck.pages })
    const { sessionId, versionId, page, clickNo } = input
    return { sessionId, versionId, page, clickNo, at: now }
  },
  async write(desk, clicks): Promise<Shown[]> {
    const shown: Shown[] = []
    await desk.db.transaction().execute(async (tx) => {
      for (const { sessionId, versionId, page, clickNo, at } of clicks) {
        const { rows } = await sql<{ page: number; shownAt: Date }>`
          update stage set deck_version_id = ${versionId}, deck_page = ${page}, deck_click_no = ${clickNo}, deck_at = ${at}
          where session_id = ${sessionId} and deck_click_no < ${clickNo} and state in ${openInSql}
          returning deck_page as page, deck_at as "shownAt"`.execute(tx)
        if (rows[0]) {
          // Shown, it cannot be taken away from under the halls.
          await materials.showMaterial(tx, { sessionId, versionId, now: at })
          await record(tx, contract.cued, { kind: 'slide', sessionId, versionId, page }, at)
        }
        const standing = rows[0] ? undefined : await stageOf(tx, sessionId)
        shown.push(
          rows[0]
            ? { ...rows[0], turned: true }
            : { page: standing?.deckPage ?? page, shownAt: standing?.deckAt ?? at, turned: false },
        )
      }
    })
    for (const sessionId of new Set(clicks.flatMap((click, at) => (shown[at]!.turned ? [click.sessionId] : []))))
      tell(desk, sessionId, { show: 'now' })
    return shown
  },
  present: (_, { page, shownAt }) => ({ page, shownAt: shownAt.toISOString() }),
})

export const hideSlides = answer(contract.hideSlides, policy.hideSlides, async ({ db, desk, now, input, after }) => {
  const { sessionId } = input
  const stage = await lockStage(db, sessionId)
  if (!stage || !isOpen(stage.state)) refuse(contract.hideSlides, 'notOpen')
  if (stage.deckVersionId) {
    await setStage(db, sessionId, { deck_version_id: null, deck_page: null, deck_at: now })
    await materials.hideMaterials(db, { sessionId, now })
    await record(db, contract.cued, { kind: 'slide', sessionId }, now)
  }
  after(() => tell(desk, sessionId, { show: 'now' }))
  return {}
})
