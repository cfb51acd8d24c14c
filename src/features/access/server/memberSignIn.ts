// Members: an entry link opens an *entered* session; a PIN, or the cell secretary face to face, makes it *confirmed*.
import { newId } from '../../../kernel/id.ts'
import { type Actor, abilitiesAt, seesNames } from '../../../platform/rights.ts'
import type { Db } from '../../../platform/server/db.ts'
import { type Desk, placeAt } from '../../../platform/server/desk.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import { recordLook } from '../../../platform/server/record.ts'
import * as contract from '../contract.ts'
import { noticeVersion } from '../notice.ts'
import { policy } from '../policy.ts'
import { isWeakPin } from '../rules.ts'
import { beginSignIn, rememberRevoked, resendCookie } from './actor.ts'
import { hashOf, hashOfCode, hashPin, isPin, limited, newCode, newToken } from './credential.ts'
import * as store from './store.ts'

const codeMinutes = 10
// A campaign ends its links itself when it closes; this is only the outer limit.
const linkDays = 400
const linksAnHour = 120

const findLink = (desk: Desk, token: string, address: string | undefined, now: Date) =>
  limited(desk, { address, now }, () => store.readEntryLink(desk.db, hashOf(token), now))

export const seeLink = answer(contract.seeLink, policy.seeLink, async ({ desk, db, wire, now, input }) => {
  const link = await findLink(desk, input.token, wire?.address, now)
  if (!link) refuse(contract.seeLink, 'expiredLink')
  return { name: link.full_name, noticeSeen: await store.hasSeenNotice(db, link.person_id, noticeVersion) }
})

export const enter = answer(contract.enter, policy.enter, async ({ desk, db, wire, now, input, note }) => {
  const link = await findLink(desk, input.token, wire?.address, now)
  if (!link) refuse(contract.enter, 'expiredLink')
  if (input.noticeVersion === noticeVersion)
    await store.writeNoticeSeen(db, link.person_id, noticeVersion, 'screen', now)
  else if (!(await store.hasSeenNotice(db, link.person_id, noticeVersion))) refuse(contract.enter, 'noticeFirst')
  await store.markLinkUsed(db, link.id, now)
  await beginSignIn(
    desk,
    wire,
    { kind: 'member', personId: link.person_id, campaignId: link.campaign_id, assurance: 'entered' },
    { db, now, until: link.expires_at, entryLinkId: link.id },
  )
  note({ personId: link.person_id, campaignId: link.campaign_id })
  return { campaignId: link.campaign_id }
})

type Member = Actor & { personId: string; campaignId: string; signInId: string }
const isMember = (actor: Actor): actor is Member =>
  actor.kind === 'member' && !!actor.personId && !!actor.signInId && !!actor.campaignId
const nowConfirmed = async (desk: Desk, db: Db, wire: Parameters<typeof resendCookie>[1], actor: Member, now: Date) => {
  await store.confirmSignIn(db, actor.signInId)
  const { personId, campaignId, signInId } = actor
  resendCookie(desk, wire, { kind: 'member', personId, campaignId, signInId, assurance: 'confirmed' }, now)
}

export const setPin = answer(contract.setPin, policy.setPin, async ({ desk, db, wire, now, input, actor }) => {
  if (!isMember(actor)) refuse(contract.setPin, 'notYours')
  if (isWeakPin(input.pin)) refuse(contract.setPin, 'weakPin')
  if (!(await store.insertPin(db, actor.personId, await hashPin(input.pin), now)))
    refuse(contract.setPin, 'pinAlreadySet')
  await nowConfirmed(desk, db, wire, actor, now)
  return {}
})

export const confirmPin = answer(
  contract.confirmPin,
  policy.confirmPin,
  async ({ desk, db, wire, now, input, actor }) => {
    if (!isMember(actor)) refuse(contract.confirmPin, 'notYours')
    const kept = await store.readPin(db, actor.personId)
    if (!kept) refuse(contract.confirmPin, 'noPin')
    const right = await limited(desk, { person: `pin ${actor.personId}`, address: wire?.address, now }, async () =>
      (await isPin(input.pin, kept)) ? true : undefined,
    )
    if (!right) refuse(contract.confirmPin, 'wrongPin')
    await nowConfirmed(desk, db, wire, actor, now)
    return {}
  },
)

export const askFaceToFace = answer(contract.askFaceToFace, policy.askFaceToFace, async ({ desk, db, now, actor }) => {
  if (!isMember(actor)) refuse(contract.askFaceToFace, 'notYours')
  const code = newCode()
  const until = new Date(now.getTime() + codeMinutes * 60_000)
  await store.writeConfirmCode(db, actor.signInId, hashOfCode(desk, code), until)
  return { code, until: until.toISOString() }
})

export const confirmFaceToFace = answer(
  contract.confirmFaceToFace,
  policy.confirmFaceToFace,
  async ({ desk, db, wire, now, input, actor, note }) => {
    const found = await limited(
      desk,
      { person: `face ${actor.userId ?? actor.name}`, address: wire?.address, now },
      async () => {
        const shown = await store.findByConfirmCode(desk.db, hashOfCode(desk, input.code), input.unitId, now)
        // Two people of one cell with one code at one time: neither is taken, both ask anew.
        return shown.length === 1 ? shown[0] : undefined
      },
    )
    if (!found) refuse(contract.confirmFaceToFace, 'wrongCode')
    await store.confirmSignIn(db, found.id)
    note({ personId: found.person_id })
    return { personId: found.person_id, name: found.full_name }
  },
)

/** The person, if she belongs inside the unit and the actor may see her name. */
async function namedPerson(
  db: Db,
  operation: { refusals: readonly 'notInUnit'[] | readonly ('notInUnit' | 'tooManyLinks')[] },
  actor: Actor,
  { personId, unitId }: { personId: string; unitId: string },
) {
  const person = await store.personInUnit(db, personId, unitId)
  if (!person) refuse(operation as { refusals: readonly 'notInUnit'[] }, 'notInUnit')
  if (!seesNames(actor, { unitPath: person.path, grassrootsId: person.grassroots_id ?? undefined }))
    refuse(operation as { refusals: readonly 'notInUnit'[] }, 'notYours')
  return person
}

/** The member opens her link again and sets a new PIN; what was signed in with the old one ends. */
export const resetPin = answer(contract.resetPin, policy.resetPin, async ({ desk, db, now, input, actor, after }) => {
  await namedPerson(db, contract.resetPin, actor, input)
  await store.dropPin(db, input.personId)
  const ended = await store.revokeSignIns(db, { personId: input.personId }, now)
  after(() => rememberRevoked(desk, ended, now))
  return {}
})

/** A new link of one person for one campaign; links of hers that nobody has opened yet end with it. */
export async function makeEntryLink(
  desk: Desk,
  db: Db,
  { personId, campaignId, actor, now }: { personId: string; campaignId: string; actor: Actor; now: Date },
): Promise<{ link: string; until: Date }> {
  await store.revokeLinks(db, { campaignId, personId, unusedOnly: true }, now)
  const token = newToken()
  const until = new Date(now.getTime() + linkDays * 86_400_000)
  await store.insertEntryLink(db, {
    id: newId(now),
    personId,
    campaignId,
    hash: hashOf(token),
    by: actor.name,
    now,
    until,
  })
  return { link: `${desk.baseUrl}/vao/${token}`, until }
}

export const copyEntryLink = answer(
  contract.copyEntryLink,
  policy.copyEntryLink,
  async ({ desk, db, now, input, actor }) => {
    await namedPerson(db, contract.copyEntryLink, actor, input)
    // One by one is the rule; a script that walks a list is not one by one.
    const { tries } = await store.countTry(desk.db, `links ${actor.name}`, now)
    if (tries > linksAnHour) refuse(contract.copyEntryLink, 'tooManyLinks')
    const { link, until } = await makeEntryLink(desk, db, { ...input, actor, now })
    await recordLook(db, {
      actor,
      list: 'access.copyEntryLink',
      about: { unitId: input.unitId, campaignId: input.campaignId },
      personIds: [input.personId],
      at: now,
    })
    return { link, until: until.toISOString() }
  },
)

export const forPeopleOf = answer(contract.forPeopleOf, policy.forPeopleOf, async ({ desk, db, actor, input }) => {
  const place = (await placeAt(desk, db)('unit', input.unitId)) ?? refuse(contract.forPeopleOf, 'notFound')
  return { abilities: abilitiesAt(actor, policy, place) }
})

export const revokeEntryLinks = answer(
  contract.revokeEntryLinks,
  policy.revokeEntryLinks,
  async ({ desk, db, now, input, actor, after }) => {
    await namedPerson(db, contract.revokeEntryLinks, actor, input)
    const links = await store.revokeLinks(db, { campaignId: input.campaignId, personId: input.personId }, now)
    const ended = await store.revokeSignIns(db, { entryLinkIds: links }, now)
    after(() => rememberRevoked(desk, ended, now))
    return { revoked: links.length }
  },
)

/** For campaigns: a campaign that closes ends its links and whoever came by them. Returns how many links. */
export async function endEntryLinks(desk: Desk, db: Db, campaignId: string, now: Date): Promise<number> {
  const links = await store.revokeLinks(db, { campaignId }, now)
  rememberRevoked(desk, await store.revokeSignIns(db, { entryLinkIds: links }, now), now)
  return links.length
}
