import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import * as contract from '../contract.ts'
import { noticeVersion } from '../notice.ts'
import { type Browser, browser, type House, openHouse } from './house.fixture.ts'
import {
  actorFromCookie,
  createSetupLink,
  endEntryLinks,
  mintCookie,
  sealLogs,
  sessionCookie,
  verifyLogs,
} from './index.ts'

const password = 'mua thu Bac Giang'
const tokenOf = (link: string) => link.split('/').at(-1)!

describe('the first administrator', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.close())

  test('a set-up link makes one administrator, once, and not for a stranger over plain HTTP', async () => {
    const link = (await createSetupLink(house.desk, new Date()))!
    const token = tokenOf(link)
    const stranger = browser(house.app, '', '203.0.113.9')
    assert.equal((await stranger.ask(contract.seeSetup, { token })).body.refused, 'needsHttps')
    const first = house.browser()
    assert.deepEqual((await first.ask(contract.seeSetup, { token })).body, { offersDemo: false })
    const filled = { token, userName: 'Quan.Tri', name: 'Nguyễn Thị Thu', password }
    assert.equal((await first.ask(contract.setUp, { ...filled, begin: 'demo' })).body.refused, 'noDemo')
    assert.equal((await first.ask(contract.setUp, filled)).status, 200)
    assert.equal((await first.ask(contract.setUp, filled)).body.refused, 'expiredLink')
    assert.equal(await createSetupLink(house.desk, new Date()), undefined)
  })

  test('a set-up link is over after thirty minutes', async () => {
    const other = await openHouse()
    const link = (await createSetupLink(other.desk, new Date(Date.now() - 31 * 60_000)))!
    assert.equal((await other.browser().ask(contract.seeSetup, { token: tokenOf(link) })).body.refused, 'expiredLink')
    await other.close()
  })

  let secret = ''
  let backup = ''
  const codeNow = async () => {
    const { identityOf } = await import('./identity.ts')
    return ((await (await identityOf(house.desk)).api.generateTOTP({ body: { secret } })) as { code: string }).code
  }
  test('she signs in, and sees nothing but the enrolment of her second factor until that is done', async () => {
    const thu = house.browser()
    assert.equal(
      (await thu.ask(contract.signIn, { userName: 'quan.tri', password: 'sai rồi' })).body.refused,
      'wrongPassword',
    )
    assert.deepEqual((await thu.ask(contract.signIn, { userName: 'QUAN.TRI', password })).body, { next: 'done' })
    const me = (await thu.ask(contract.me)).body
    assert.deepEqual([me.kind, me.name, me.needsTotp, me.rooms], ['staff', 'Nguyễn Thị Thu', true, []])
    assert.equal((await thu.ask(contract.listStaff)).body.refused, 'notYours')

    assert.equal((await thu.ask(contract.enrolTotp, { password: 'không phải' })).body.refused, 'wrongPassword')
    const enrolled = (await thu.ask(contract.enrolTotp, { password })).body as unknown as {
      uri: string
      backupCodes: string[]
    }
    const { base32 } = await import('@better-auth/utils/base32').catch(() => ({ base32: undefined }))
    assert.match(enrolled.uri, /^otpauth:\/\/totp\//)
    const typed = new URL(enrolled.uri).searchParams.get('secret')!
    secret = base32 ? Buffer.from(base32.decode(typed)).toString() : fromBase32(typed)
    backup = enrolled.backupCodes[0]!
    assert.equal((await thu.ask(contract.confirmTotp, { code: '000000' })).body.refused, 'wrongCode')
    assert.equal((await thu.ask(contract.confirmTotp, { code: await codeNow() })).status, 200)
    const after = (await thu.ask(contract.me)).body as unknown as { needsTotp: boolean; rooms: { key: string }[] }
    assert.equal(after.needsTotp, false)
    assert.ok(after.rooms.some(({ key }) => key === 'staff'))
    assert.equal((await thu.ask(contract.listStaff)).status, 200)
  })

  test('the next time her password alone opens nothing; the code does, or one from the paper, once', async () => {
    const thu = house.browser()
    assert.deepEqual((await thu.ask(contract.signIn, { userName: 'quan.tri', password })).body, { next: 'totp' })
    assert.equal((await thu.ask(contract.me)).body.kind, 'nobody')
    assert.equal((await thu.ask(contract.signInTotp, { code: '111111' })).body.refused, 'wrongCode')
    assert.equal((await thu.ask(contract.signInTotp, { code: await codeNow() })).status, 200)
    assert.equal((await thu.ask(contract.listStaff)).status, 200)

    const paper = house.browser()
    await paper.ask(contract.signIn, { userName: 'quan.tri', password })
    assert.equal((await paper.ask(contract.signInTotp, { code: backup, backup: true })).status, 200)
    assert.equal((await paper.ask(contract.me)).body.kind, 'staff')
    const again = house.browser()
    await again.ask(contract.signIn, { userName: 'quan.tri', password })
    assert.notEqual((await again.ask(contract.signInTotp, { code: backup, backup: true })).status, 200)
    assert.equal((await house.browser().ask(contract.signInTotp, { code: '123456' })).body.refused, 'startAgain')
  })

  test('signing out ends this sign-in at once, everywhere ends all of them', async () => {
    const one = await house.as({ userName: 'quan.tri' })
    const two = await house.as({ userName: 'quan.tri' })
    const kept = new Map(one.jar)
    assert.equal((await one.ask(contract.signOut)).status, 200)
    assert.equal((await one.ask(contract.me)).body.kind, 'nobody')
    for (const [name, value] of kept) one.jar.set(name, value)
    assert.equal((await one.ask(contract.me)).body.kind, 'nobody', 'a copied cookie is worth nothing')
    assert.equal((await two.ask(contract.me)).body.kind, 'staff')
    assert.ok(((await two.ask(contract.signOutEverywhere)).body.signedOut as number) >= 1)
    assert.equal((await two.ask(contract.me)).body.kind, 'nobody')
  })
})
/** The secret as better-auth keeps it: the letters behind the base32 of the address. */
function fromBase32(text: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let bits = ''
  for (const letter of text.replace(/=+$/, '')) bits += letters.indexOf(letter).toString(2).padStart(5, '0')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).toString()
}

describe('wrong attempts', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.close())
  test('five wrong passwords an hour lock the account, whoever tries, and the sixth is not even looked at', async () => {
    const userId = await house.staff('can.bo')
    const { passwordLink } = await house.byHand('access.renewPasswordLink', { userId })
    await house.browser().ask(contract.choosePassword, { token: tokenOf(passwordLink!), password })
    const answers = await Promise.all(
      Array.from({ length: 7 }, () => house.browser().ask(contract.signIn, { userName: 'can.bo', password: 'x' })),
    )
    const count = (word: string) => answers.filter(({ body }) => body.refused === word).length
    assert.deepEqual([count('wrongPassword'), count('tooManyTries')], [5, 2])
    const right = await house.browser().ask(contract.signIn, { userName: 'can.bo', password })
    assert.equal(right.body.refused, 'tooManyTries')
  })
  test('thirty wrong attempts an hour from one address close it for signing in, and right ones do not count', async () => {
    const { binh } = house.people
    const { link } = await makeLink(house, binh)
    const hall = browser(house.app, '', '198.51.100.7')
    for (let i = 0; i < 40; i++) await hall.ask(contract.seeLink, { token: tokenOf(link) })
    assert.equal((await hall.ask(contract.seeLink, { token: tokenOf(link) })).status, 200)
    for (let i = 0; i < 31; i++) await hall.ask(contract.seeLink, { token: 'a'.repeat(22) })
    assert.equal((await hall.ask(contract.seeLink, { token: tokenOf(link) })).body.refused, 'tooManyTries')
    assert.equal((await house.browser().ask(contract.seeLink, { token: tokenOf(link) })).status, 200)
  })
})
async function makeLink(house: House, personId: string): Promise<{ link: string }> {
  const { makeEntryLink } = await import('./index.ts')
  return makeEntryLink(house.desk, house.desk.db, {
    personId,
    campaignId: house.campaignId,
    actor: { name: 'nv:thu', kind: 'staff', grants: [] },
    now: new Date(),
  })
}

describe('a member', () => {
  let house: House
  let secretary: Browser
  before(async () => {
    house = await openHouse()
    await house.staff('bi.thu', { role: 'cellSecretary', kind: 'unit', scopeId: house.units.C1 })
    await house.staff('can.bo.xa', { role: 'organiser', kind: 'unit', scopeId: house.units.X1 })
    await house.staff('can.bo.huyen', { role: 'organiser', kind: 'unit', scopeId: house.units.H1 })
    secretary = await house.as({ userName: 'bi.thu' })
  })
  after(() => house.close())
  const enter = async (personId: string) => {
    const phone = house.browser()
    const { link } = await makeLink(house, personId)
    assert.equal((await phone.ask(contract.enter, { token: tokenOf(link), noticeVersion })).status, 200)
    return phone
  }

  test('gets one link from her own unit’s officer; the district’s officer sees no name to give it to', async () => {
    const { C1 } = house.units
    const input = { unitId: C1, personId: house.people.an, campaignId: house.campaignId }
    const officer = await house.as({ userName: 'can.bo.xa' })
    const given = (await officer.ask(contract.copyEntryLink, input)).body as unknown as { link: string }
    assert.match(given.link, /\/vao\/[\w-]{22}$/)
    const district = await house.as({ userName: 'can.bo.huyen' })
    assert.equal((await district.ask(contract.copyEntryLink, input)).body.refused, 'notYours')
    assert.equal(
      (await officer.ask(contract.copyEntryLink, { ...input, personId: house.people.dung })).body.refused,
      'notInUnit',
    )
    // A second copy ends the first, which nobody has opened.
    const second = (await officer.ask(contract.copyEntryLink, input)).body as unknown as { link: string }
    assert.equal(
      (await house.browser().ask(contract.seeLink, { token: tokenOf(given.link) })).body.refused,
      'expiredLink',
    )
    assert.equal((await house.browser().ask(contract.seeLink, { token: tokenOf(second.link) })).status, 200)
  })

  test('reads the notice at her first entry, sets a PIN, and is asked for it on the next device', async () => {
    const { link } = await makeLink(house, house.people.an)
    const token = tokenOf(link)
    const phone = house.browser()
    assert.deepEqual((await phone.ask(contract.seeLink, { token })).body, { name: 'Nguyễn Văn An', noticeSeen: false })
    assert.equal((await phone.ask(contract.enter, { token })).body.refused, 'noticeFirst')
    await phone.ask(contract.enter, { token, noticeVersion })
    const me = (await phone.ask(contract.me)).body
    assert.deepEqual([me.kind, me.assurance, me.pinSet], ['member', 'entered', false])
    assert.equal((await phone.ask(contract.myData)).body.refused, 'confirmFirst')
    assert.equal((await phone.ask(contract.setPin, { pin: '123456' })).body.refused, 'weakPin')
    assert.equal((await phone.ask(contract.setPin, { pin: '274913' })).status, 200)
    assert.equal((await phone.ask(contract.me)).body.assurance, 'confirmed')
    assert.equal((await phone.ask(contract.myData)).status, 200)

    const tablet = house.browser()
    await tablet.ask(contract.enter, { token })
    assert.equal((await tablet.ask(contract.setPin, { pin: '109283' })).body.refused, 'pinAlreadySet')
    assert.equal((await tablet.ask(contract.confirmPin, { pin: '000001' })).body.refused, 'wrongPin')
    assert.equal((await tablet.ask(contract.confirmPin, { pin: '274913' })).status, 200)
    assert.equal((await tablet.ask(contract.me)).body.assurance, 'confirmed')
  })

  test('is confirmed face to face by her own cell secretary, and her page learns it by itself', async () => {
    const phone = await enter(house.people.binh)
    const { code } = (await phone.ask(contract.askFaceToFace)).body as unknown as { code: string }
    const { C1, C2 } = house.units
    assert.equal((await secretary.ask(contract.confirmFaceToFace, { unitId: C2, code })).body.refused, 'notYours')
    const done = await secretary.ask(contract.confirmFaceToFace, { unitId: C1, code })
    assert.deepEqual(done.body, { personId: house.people.binh, name: 'Trần Thị Bình' })
    assert.equal((await phone.ask(contract.me)).body.assurance, 'confirmed')
    assert.equal((await phone.ask(contract.myData)).status, 200)
    assert.equal((await secretary.ask(contract.confirmFaceToFace, { unitId: C1, code })).body.refused, 'wrongCode')
  })

  test('is signed out when the secretary resets her PIN, when her link is revoked, and when the campaign ends', async () => {
    const { an, binh } = house.people
    const phone = await enter(an)
    assert.equal((await secretary.ask(contract.resetPin, { unitId: house.units.C1, personId: an })).status, 200)
    assert.equal((await phone.ask(contract.me)).body.kind, 'nobody')

    const other = await enter(binh)
    const input = { unitId: house.units.C1, personId: binh, campaignId: house.campaignId }
    assert.ok(((await secretary.ask(contract.revokeEntryLinks, input)).body.revoked as number) >= 1)
    assert.equal((await other.ask(contract.me)).body.kind, 'nobody')

    const last = await enter(binh)
    await endEntryLinks(house.desk, house.desk.db, house.campaignId, new Date())
    assert.equal((await last.ask(contract.me)).body.kind, 'nobody')
  })

  test('costs no query on a hot path: her cookie alone says who she is', () => {
    const value = mintCookie(
      house.desk.secret,
      {
        kind: 'member',
        personId: house.people.cuc,
        campaignId: house.campaignId,
        assurance: 'confirmed',
        signInId: house.people.cuc,
      },
      new Date(),
    )
    const actor = actorFromCookie(house.desk, `dc=${value}`, new Date())
    assert.ok(actor && !(actor instanceof Promise))
    assert.equal(actor.personId, house.people.cuc)
  })

  test('stays signed in when her cookie has aged but her sign-in stands, and gets a new one', async () => {
    const long = new Date(Date.now() - 13 * 3_600_000)
    const cookie = await sessionCookie(house.desk, { personId: house.people.cuc, campaignId: house.campaignId }, long)
    assert.equal(actorFromCookie(house.desk, cookie, new Date()), undefined)
    const phone = house.browser(cookie)
    const before = phone.jar.get('dc')
    assert.equal((await phone.ask(contract.me)).body.kind, 'member')
    assert.notEqual(phone.jar.get('dc'), before)
  })

  test('finds on her page who looked at her, and takes her data away as a file', async () => {
    const phone = await house.as({ personId: house.people.an, campaignId: house.campaignId })
    const looks = (await phone.ask(contract.looksAtMe)).body as unknown as { rows: { who: string; list: string }[] }
    assert.ok(looks.rows.some(({ who, list }) => who === 'Cán bộ can.bo.xa' && list === 'access.copyEntryLink'))
    const file = await phone.file(contract.exportMyData)
    assert.equal(file.statusCode, 200)
    const data = file.json() as { sections: Record<string, { rows: Record<string, unknown>[] }> }
    assert.equal(data.sections['organisation.person']?.rows[0]?.fullName, 'Nguyễn Văn An')
    const other = await house.as({ personId: house.people.cuc, campaignId: house.campaignId })
    assert.deepEqual(((await other.ask(contract.looksAtMe)).body as unknown as { rows: unknown[] }).rows, [])
  })
})

describe('grants', () => {
  let house: House
  let district: Browser
  before(async () => {
    house = await openHouse()
    await house.staff('quan.tri', { role: 'administrator', kind: 'installation' })
    await house.staff('can.bo.huyen', { role: 'organiser', kind: 'unit', scopeId: house.units.H1 })
    district = await house.as({ userName: 'can.bo.huyen' })
  })
  after(() => house.close())

  test('an organiser gives a role on her own subtree, and is refused beside it, above it, and above her own role', async () => {
    const userId = await house.staff('moi')
    const ask = (role: string, kind: string, scopeId?: string) =>
      district.ask(contract.grant, { userId, role, kind, scopeId, reason: 'theo phân công' })
    const { X1, H1, H2, T, Q } = house.units
    assert.equal((await ask('organiser', 'unit', X1)).status, 200)
    assert.equal((await ask('head', 'unit', H1)).status, 200)
    assert.equal((await ask('siteManager', 'site', house.siteId)).status, 200)
    for (const elsewhere of [H2, T, Q]) assert.equal((await ask('head', 'unit', elsewhere)).body.refused, 'notYours')
    assert.equal((await ask('administrator', 'unit', X1)).body.refused, 'aboveYourOwn')
    assert.equal((await ask('administrator', 'installation')).body.refused, 'notYours')
    assert.equal((await ask('steward', 'unit', X1)).body.refused, 'roleElsewhere')
    assert.equal((await ask('organiser', 'campaign', house.campaignId)).body.refused, 'notYours')
  })

  test('a grant is felt at once, ends on its last day, and is gone when it is taken back', async () => {
    const userId = await house.staff('tam')
    const tam = await house.as({ userName: 'tam' })
    const roomsOf = async () =>
      ((await tam.ask(contract.me)).body as unknown as { rooms: { key: string; label: string }[] }).rooms
    assert.deepEqual(await roomsOf(), [])
    const scope = { kind: 'site', scopeId: house.siteId }
    await district.ask(contract.grant, {
      userId,
      role: 'siteManager',
      ...scope,
      from: '2020-01-01',
      to: '2020-01-02',
      reason: 'đã qua',
    })
    assert.deepEqual(await roomsOf(), [])
    const given = await district.ask(contract.grant, { userId, role: 'siteManager', ...scope, reason: 'phụ trách' })
    assert.deepEqual(
      (await roomsOf()).map(({ key, label }) => [key, label]),
      [['console', 'Hội trường xã Một']],
    )
    const { grantId } = given.body as unknown as { grantId: string }
    assert.equal(
      (await district.ask(contract.revokeGrant, { grantId, kind: 'unit', scopeId: house.units.H1 })).body.refused,
      'notFound',
      'the place must be the grant’s own',
    )
    assert.equal((await district.ask(contract.revokeGrant, { grantId, ...scope })).status, 200)
    assert.deepEqual(await roomsOf(), [])
  })

  test('an organiser sees the grants of her subtree and not those beside it', async () => {
    await house.staff('ben.canh', { role: 'head', kind: 'unit', scopeId: house.units.H2 })
    const listed = (await district.ask(contract.listGrants, { kind: 'unit', scopeId: house.units.H1 }))
      .body as unknown as {
      rows: { userName: string; scopeName: string }[]
      mayGive: string[]
    }
    assert.ok(listed.rows.some(({ userName }) => userName === 'can.bo.huyen'))
    assert.ok(!listed.rows.some(({ userName }) => userName === 'ben.canh'))
    assert.deepEqual(listed.mayGive, ['organiser', 'head', 'cellSecretary'])
    assert.equal((await district.ask(contract.listGrants, { kind: 'installation' })).body.refused, 'notYours')
  })

  test('a dated task opens names below a unit for somebody else, never for oneself, and says why', async () => {
    const userId = await house.staff('tuyen.giao', { role: 'head', kind: 'unit', scopeId: house.units.H1 })
    const { user_id } = (
      await sql<{ user_id: string }>`select id as user_id from staff_user where user_name = 'can.bo.huyen'`.execute(
        house.desk.db,
      )
    ).rows[0]!
    const task = { unitId: house.units.X1, reason: 'Gọi người chưa học', to: '2099-01-01' }
    assert.equal((await district.ask(contract.giveNameTask, { ...task, userId: user_id })).body.refused, 'toYourself')
    assert.equal((await district.ask(contract.giveNameTask, { ...task, userId })).body.refused, 'tooLong')
    const soon = { ...task, to: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10) }
    assert.equal(
      (await district.ask(contract.giveNameTask, { ...soon, userId, unitId: house.units.H2 })).body.refused,
      'notYours',
    )
    assert.equal((await district.ask(contract.giveNameTask, { ...soon, userId })).status, 200)
    const { staffActor } = await import('./actor.ts')
    const actor = await staffActor(house.desk, { kind: 'staff', userId, twoFactor: true, signInId: userId }, new Date())
    assert.deepEqual(actor.nameTasks, [{ unitId: house.units.X1, reason: 'Gọi người chưa học' }])
  })

  test('the last administrator cannot be taken away, and nobody closes her own account', async () => {
    const admin = await house.as({ userName: 'quan.tri' })
    const { rows } = (await admin.ask(contract.listGrants, { kind: 'installation' })).body as unknown as {
      rows: { grantId: string; role: string; kind: string; userId: string }[]
    }
    const own = rows.find(({ role }) => role === 'administrator')!
    assert.equal(
      (await admin.ask(contract.revokeGrant, { grantId: own.grantId, kind: 'installation' })).body.refused,
      'lastAdministrator',
    )
    assert.equal(
      (await admin.ask(contract.setStaffDisabled, { userId: own.userId, disabled: true })).body.refused,
      'yourself',
    )
  })

  test('an account that is closed is out at once, and its password link works once', async () => {
    const admin = await house.as({ userName: 'quan.tri' })
    const made = (await admin.ask(contract.createStaff, { userName: 'nghi.viec', name: 'Người sắp nghỉ' }))
      .body as unknown as {
      userId: string
      passwordLink: string
    }
    assert.equal(
      (await admin.ask(contract.createStaff, { userName: 'nghi.viec', name: 'Trùng' })).body.refused,
      'userNameTaken',
    )
    const she = house.browser()
    const token = tokenOf(made.passwordLink)
    assert.equal((await she.ask(contract.choosePassword, { token, password })).status, 200)
    assert.equal((await she.ask(contract.choosePassword, { token, password })).body.refused, 'expiredLink')
    assert.equal((await she.ask(contract.signIn, { userName: 'nghi.viec', password })).status, 200)
    assert.equal((await she.ask(contract.me)).body.kind, 'staff')
    await admin.ask(contract.setStaffDisabled, { userId: made.userId, disabled: true })
    assert.equal((await she.ask(contract.me)).body.kind, 'nobody')
    assert.equal((await she.ask(contract.signIn, { userName: 'nghi.viec', password })).body.refused, 'wrongPassword')
  })
})

describe('the logs', () => {
  let house: House
  before(async () => {
    house = await openHouse()
    await house.staff('quan.tri', { role: 'administrator', kind: 'installation' })
  })
  after(() => house.close())

  test('say who changed what, by ids and without names, and can be taken away as a file', async () => {
    const admin = await house.as({ userName: 'quan.tri' })
    await admin.ask(contract.createStaff, { userName: 'moi', name: 'Họ Tên Bí Mật' })
    const page = (await admin.ask(contract.log, { actor: 'quan.tri', operation: 'access.createStaff' }))
      .body as unknown as {
      rows: { actor: string; about: Record<string, unknown> }[]
      total: number
    }
    assert.equal(page.total, 1)
    assert.equal(page.rows[0]?.actor, 'nv:quan.tri')
    const file = await admin.file(contract.exportLog, { operation: 'access.createStaff' })
    assert.match(file.body, /access\.createStaff/)
    assert.doesNotMatch(file.body, /Họ Tên Bí Mật/)
  })

  test('are sealed in a chain; a line that is changed, taken out or slipped in shows', async () => {
    const { db } = house.desk
    assert.ok((await sealLogs(db, new Date())) > 0)
    await house.staff('them.mot')
    assert.ok((await sealLogs(db, new Date())) > 0)
    assert.equal(await sealLogs(db, new Date()), 0)
    assert.equal((await verifyLogs(db)).ok, true)
    await assert.rejects(sql`update change_line set actor = 'x'`.execute(db), /only grows/)
    // Somebody with the database's own password switches the guard off.
    await sql`alter table change_line disable trigger change_line_only_grows`.execute(db)
    const line = (
      await sql<{ seq: number; actor: string }>`select seq, actor from change_line order by seq limit 1`.execute(db)
    ).rows[0]!
    await sql`update change_line set actor = 'nv:nguoi.khac' where seq = ${line.seq}`.execute(db)
    const broken = await verifyLogs(db)
    assert.equal(broken.ok, false)
    assert.equal(broken.broken?.fromSeq, line.seq)
    await sql`update change_line set actor = ${line.actor} where seq = ${line.seq}`.execute(db)
    assert.equal((await verifyLogs(db)).ok, true)
    await sql`delete from change_line where seq = ${line.seq}`.execute(db)
    assert.equal((await verifyLogs(db)).ok, false)
  })

  test('miss nothing when many people write while they are sealed', async () => {
    const { db } = house.desk
    await sql`truncate log_seal, change_line`.execute(db)
    let done = false
    const writing = Promise.all(Array.from({ length: 40 }, (_, i) => house.staff(`nguoi.${i}`))).finally(() => {
      done = true
    })
    while (!done) await sealLogs(db, new Date())
    await writing
    await sealLogs(db, new Date())
    const found = await verifyLogs(db)
    assert.deepEqual([found.ok, found.unsealed], [true, 0])
  })
})

describe('the demo’s people', () => {
  test('can be looked around as in a demo, and nowhere else', async () => {
    const demo = await openHouse({ demo: true })
    const { offerDemoPerson } = await import('./index.ts')
    const userId = await demo.staff('demo.huyen', { role: 'organiser', kind: 'unit', scopeId: demo.units.H1 })
    await offerDemoPerson(
      demo.desk.db,
      { key: 'organiser', title: 'Cán bộ tuyên giáo huyện', userId, path: '/dot/demo' },
      1,
    )
    const visitor = demo.browser()
    assert.equal(((await visitor.ask(contract.demoPeople)).body as unknown as { rows: unknown[] }).rows.length, 1)
    assert.equal((await visitor.ask(contract.enterAsDemo, { key: 'organiser' })).body.path, '/dot/demo')
    assert.equal((await visitor.ask(contract.me)).body.needsTotp, false)
    await demo.close()
    const real = await openHouse()
    assert.equal((await real.browser().ask(contract.demoPeople)).status, 404)
    assert.equal((await real.browser().ask(contract.enterAsDemo, { key: 'organiser' })).status, 404)
    await real.close()
  })
})
