import { dayOf } from '../../../kernel/time.ts'
import { type Paper, programmePaper, toDocx, toPdf } from '../../../platform/server/documents/index.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { layOut } from '../rules.ts'
import { programmeOf } from './read.ts'

const wordDocument = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** The programme as the office prints it, hours worked out from the minutes. */
export const programmeFile = answer(contract.programmeFile, policy.programmeFile, async (call) => {
  const programme = await programmeOf(call, contract.programmeFile)
  if (programme.sessions.length === 0) refuse(contract.programmeFile, 'noSession')
  const paper = paperOf(programme, call.now)
  const name = `chuong-trinh-${programme.conference.code}`
  return call.input.format === 'docx'
    ? { name: `${name}.docx`, type: wordDocument, body: await toDocx(paper) }
    : { name: `${name}.pdf`, type: 'application/pdf', body: await toPdf(paper) }
})

function paperOf({ conference, unit, sessions }: Awaited<ReturnType<typeof programmeOf>>, now: Date): Paper {
  const paper = programmePaper({
    ruleSet: 'party',
    // Place, day and number are left to the pen: the office fills them in when it signs.
    heading: { issuing: unit.name, place: '…………', date: { year: Number(dayOf(now).slice(0, 4)) } },
    conference: { name: conference.name },
    sessions: sessions.map(({ code, name, startsAt, source }) => {
      const items = layOut(source)
      return {
        name: name || `Buổi ${code}`,
        startsAt,
        topics: source.topics.map((topic, at) => {
          const item = items.find(({ topicAt }) => topicAt === at)
          return { ...topic, ...(item ? { startsAt: item.from } : {}) }
        }),
      }
    }),
  })
  const closing: Paper['blocks'][number][] = []
  if (conference.documents) closing.push({ kind: 'paragraph', lead: 'Tài liệu:', text: conference.documents })
  if (conference.contact) closing.push({ kind: 'paragraph', lead: 'Liên hệ:', text: conference.contact })
  if (conference.classified)
    closing.push({
      kind: 'note',
      text: 'Hội nghị có nội dung mật: không dùng điện thoại và thiết bị cá nhân; điểm danh, ghi chép trên giấy.',
    })
  return { ...paper, draft: conference.state === 'draft', blocks: [...paper.blocks, ...closing] }
}
