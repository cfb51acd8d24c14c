import { dayOf, formatClock, formatDay } from '../../../kernel/time.ts'
import { type Paper, toDocx, toPdf } from '../../../platform/server/documents/index.ts'
import { answer, refuse } from '../../../platform/server/operate.ts'
import * as contract from '../contract.ts'
import { policy } from '../policy.ts'
import { programmeOf } from './read.ts'

/** The programme as the office prints it: one table a session, hours worked out from the minutes. */
export const programmeFile = answer(contract.programmeFile, policy.programmeFile, async (call) => {
  const programme = await programmeOf(call, contract.programmeFile)
  if (programme.sessions.length === 0) refuse(contract.programmeFile, 'noSession')
  const paper = paperOf(programme, call.now)
  const name = `chuong-trinh-${programme.conference.code}`
  return call.input.format === 'docx'
    ? {
        name: `${name}.docx`,
        type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        body: await toDocx(paper),
      }
    : { name: `${name}.pdf`, type: 'application/pdf', body: await toPdf(paper) }
})

type Programme = Awaited<ReturnType<typeof programmeOf>>
export function paperOf({ conference, campaign, unit, sessions }: Programme, now: Date): Paper {
  return {
    ruleSet: 'party',
    orientation: 'portrait',
    heading: { issuing: unit.name, place: '............', date: { year: Number(dayOf(now).slice(0, 4)) } },
    title: ['Chương trình'],
    about: [conference.name, ...(campaign.name === conference.name ? [] : [campaign.name])],
    draft: conference.state === 'draft',
    blocks: [
      ...sessions.flatMap((session): Paper['blocks'][number][] => [
        { kind: 'heading', level: 1, text: headingOf(session) },
        ...(session.items.length === 0
          ? [{ kind: 'paragraph' as const, text: 'Nội dung theo hướng dẫn của cấp tổ chức.' }]
          : [
              {
                kind: 'table' as const,
                columns: [
                  { title: 'Thời gian', kind: 'text' as const, widthMm: 28 },
                  { title: 'Nội dung', kind: 'text' as const },
                  { title: 'Người trình bày', kind: 'text' as const, widthMm: 45 },
                  { title: 'Phút', kind: 'count' as const, widthMm: 14 },
                ],
                rows: session.items
                  .filter(({ kind }) => kind !== 'free')
                  .map((item) => [
                    `${formatClock(item.from)}–${formatClock(item.to)}`,
                    item.kind === 'questions' ? `Hỏi – đáp: ${item.title}` : item.title,
                    item.speaker,
                    item.minutes,
                  ]),
              },
            ]),
      ]),
      ...(conference.documents ? [{ kind: 'paragraph' as const, lead: 'Tài liệu:', text: conference.documents }] : []),
      ...(conference.contact ? [{ kind: 'paragraph' as const, lead: 'Liên hệ:', text: conference.contact }] : []),
      ...(conference.classified
        ? [
            {
              kind: 'note' as const,
              text: 'Hội nghị có nội dung mật: không dùng điện thoại, thiết bị cá nhân; điểm danh và ghi chép trên giấy.',
            },
          ]
        : []),
    ],
  }
}
const headingOf = ({ code, name, startsAt, endsAt }: Programme['sessions'][number]) =>
  `${name || `Buổi ${code}`}: ${formatClock(startsAt)}–${formatClock(endsAt)}, ngày ${formatDay(startsAt)}`
