import { dayOf } from '../../../kernel/time.ts'
import { rollSheetPdf } from '../../../platform/server/documents/index.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { recordLook } from '../../../platform/server/record.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { openRoll } from './hall.ts'
import { checkpointById, rollOf, siteAt } from './store.ts'

/** A hall's list to sign on paper: the same people as on the screen, and one look as well. */
export const rollSheet = answer(contract.rollSheet, policy.rollSheet, async ({ db, actor, now, input }) => {
  const checkpoint = (await checkpointById(db, input.checkpointId)) ?? refuse(contract.rollSheet, 'notFound')
  const { conferenceId } = checkpoint
  const conference = await openRoll({ db, now, input: { conferenceId } })
  const site = (await siteAt(db, conferenceId, input.siteId)) ?? refuse(contract.rollSheet, 'notFound')
  const roll = await rollOf(db, conferenceId, input.siteId)
  await recordLook(db, {
    actor,
    list: contract.rollSheet.name,
    about: { siteId: input.siteId, conferenceId },
    personIds: roll.map(({ personId }) => personId),
    reason: 'in danh sách ký tại hội trường',
    at: now,
  })
  const body = await rollSheetPdf({
    ruleSet: 'party',
    heading: { issuing: site.unit, place: '…………', date: { year: Number(dayOf(now).slice(0, 4)) } },
    conference: { name: conference.name },
    site: { name: site.name },
    checkpoint: { name: checkpoint.name, at: checkpoint.at },
    people: roll.map(({ name, unit, birthYear }) => ({ name, cell: unit, ...(birthYear ? { birthYear } : {}) })),
  })
  return { name: `danh-sach-${site.code}-${checkpoint.code}.pdf`, type: 'application/pdf', body }
})
