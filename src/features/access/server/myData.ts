// What is held about me, by every feature, and who has looked.
import type { AboutPerson } from '../../../platform/server/aboutPerson.ts'
import type { Db } from '../../../platform/server/db.ts'
import type { Desk } from '../../../platform/server/desk.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { collectAboutAccess, eraseAboutAccess } from './aboutMe.ts'
import { pageOfLooksAt } from './log.ts'

export const looksAtMe = answer(contract.looksAtMe, policy.looksAtMe, async ({ db, actor, input }) => {
  if (!actor.personId) refuse(contract.looksAtMe, 'notYours')
  const rows = await pageOfLooksAt(db, actor.personId, input)
  return {
    rows: rows.map(({ at, actor: who, name, list, how_many, reason }) => ({
      at: at.toISOString(),
      who: name ?? who,
      list,
      howMany: how_many,
      ...(reason ? { reason } : {}),
    })),
    total: rows[0]?.total ?? 0,
    page: input.page,
    size: input.size,
  }
})

const worded = ({ fields }: AboutPerson, row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.keys(fields).map((name) => [
      name,
      row[name] instanceof Date ? (row[name] as Date).toISOString() : (row[name] ?? null),
    ]),
  )
async function sectionsOf(desk: Desk, db: Db, personId: string) {
  const sections = []
  for (const about of desk.aboutPerson ?? aboutPerson)
    sections.push({
      key: about.key,
      title: about.title,
      fields: about.fields,
      rows: (await about.collect(db, personId)).map((row) => worded(about, row)),
      retain: about.retain,
    })
  return sections
}
export const myData = answer(contract.myData, policy.myData, async ({ desk, db, actor }) => {
  if (!actor.personId) refuse(contract.myData, 'notYours')
  return { sections: await sectionsOf(desk, db, actor.personId) }
})
export const exportMyData = answer(contract.exportMyData, policy.exportMyData, async ({ desk, db, actor, now }) => {
  if (!actor.personId) refuse(contract.exportMyData, 'notYours')
  const sections = await sectionsOf(desk, db, actor.personId)
  const looks = await pageOfLooksAt(db, actor.personId, { page: 1, size: 10_000 })
  const body = {
    at: now.toISOString(),
    personId: actor.personId,
    sections: Object.fromEntries(sections.map(({ key, title, rows, retain }) => [key, { title, rows, retain }])),
    looks: looks.map(({ at, actor: who, name, list, how_many, reason }) => ({
      at,
      who: name ?? who,
      list,
      howMany: how_many,
      reason,
    })),
  }
  return {
    name: `du-lieu-cua-toi-${now.toISOString().slice(0, 10)}.json`,
    type: 'application/json; charset=utf-8',
    body: Buffer.from(JSON.stringify(body, null, 2)),
  }
})

const own: AboutPerson = {
  key: 'access',
  title: { vi: 'Đăng nhập và thông báo đã đọc', en: 'Sign-ins and notices read' },
  fields: {
    what: { vi: 'Việc', en: 'What' },
    at: { vi: 'Lúc', en: 'At' },
    until: { vi: 'Đến', en: 'Until' },
    detail: { vi: 'Chi tiết', en: 'Detail' },
  },
  collect: collectAboutAccess,
  erase: eraseAboutAccess,
  retain: {
    vi: 'Dòng nhật ký ai đã xem được giữ 24 tháng, chỉ có mã, không có tên.',
    en: 'Lines of the log of looks are kept for 24 months, with ids and without names.',
  },
}
export const aboutPerson: readonly AboutPerson[] = [own]
