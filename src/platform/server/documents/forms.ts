// Forms for the hall's table: each is a Paper like any other, so it can also be had as DOCX.

import { toPdf } from './formats.ts'
import type { Column, Paper, Row } from './paper.ts'
import { printCount, printHour, printMoment, printWeekday } from './print.ts'

interface FormOf {
  ruleSet: Paper['ruleSet']
  heading: Paper['heading']
  conference: { name: string }
}

export interface RollSheet extends FormOf {
  site: { name: string }
  /** «Mở đầu buổi sáng», and its time. */
  checkpoint: { name: string; at: Date }
  /** In the order they are to be printed. */
  people: readonly { name: string; cell: string; birthYear?: number; position?: string }[]
  /** Empty lines for people who come without a summons; 5 without it. */
  blankRows?: number
}

const siteManager = { position: 'Người phụ trách điểm cầu' }

const SIGNED_ROW_MM = 9

/** A hall's roll on paper for one checkpoint: STT, name, birth year, cell, signature. */
export function rollSheet(sheet: RollSheet): Paper {
  const columns: Column[] = [
    { title: 'STT', kind: 'order', widthMm: 10 },
    { title: 'Họ và tên', kind: 'text', oneLine: true },
    { title: 'Năm sinh', kind: 'order', widthMm: 13 },
    { title: 'Chi bộ', kind: 'text' },
    { title: 'Ký tên', kind: 'blank', widthMm: 30 },
    { title: 'Ghi chú', kind: 'blank', widthMm: 18 },
  ]
  const blank = Array.from({ length: sheet.blankRows ?? 5 }, (): Row => columns.map(() => undefined))
  return {
    ruleSet: sheet.ruleSet,
    orientation: 'portrait',
    heading: sheet.heading,
    annexLabel: 'Mẫu điểm danh',
    title: ['Danh sách điểm danh'],
    about: [sheet.conference.name],
    blocks: [
      { kind: 'paragraph', lead: 'Điểm cầu:', text: sheet.site.name, align: 'left' },
      {
        kind: 'paragraph',
        lead: 'Mốc điểm danh:',
        text: `${sheet.checkpoint.name}, ${printMoment(sheet.checkpoint.at)}`,
        align: 'left',
      },
      {
        kind: 'table',
        columns,
        rows: [
          ...sheet.people.map(
            (person, at): Row => [
              String(at + 1),
              person.name,
              person.birthYear === undefined ? undefined : String(person.birthYear),
              person.cell,
              undefined,
              undefined,
            ],
          ),
          ...blank,
        ],
        rowHeightMm: SIGNED_ROW_MM,
        sizePt: 12,
        notes: [
          `Danh sách có ${printCount(sheet.people.length)} đồng chí được triệu tập. Các dòng trống dành cho người đến thêm. Năm sinh chỉ để phân biệt người trùng tên.`,
        ],
      },
    ],
    signature: siteManager,
  }
}

export interface HeadcountForm extends FormOf {
  site: { name: string }
  checkpoints: readonly { name: string; at: Date }[]
  summoned: number
}

/** The site's four numbers at every checkpoint, with what is summoned already printed. */
export function headcountForm(form: HeadcountForm): Paper {
  return {
    ruleSet: form.ruleSet,
    orientation: 'portrait',
    heading: form.heading,
    annexLabel: 'Mẫu báo quân số',
    title: ['Báo cáo quân số'],
    about: [form.conference.name],
    blocks: [
      { kind: 'paragraph', lead: 'Điểm cầu:', text: form.site.name, align: 'left' },
      {
        kind: 'table',
        columns: [
          { title: 'Mốc', kind: 'text' },
          { title: 'Giờ', kind: 'order', widthMm: 20 },
          { title: 'Triệu tập', formula: '1', kind: 'count', widthMm: 18 },
          { title: 'Có mặt', formula: '2', kind: 'blank', widthMm: 18 },
          { title: 'Vắng có lý do', formula: '3', kind: 'blank', widthMm: 18 },
          { title: 'Vắng không lý do', formula: '4', kind: 'blank', widthMm: 18 },
          { title: 'Khách mời', formula: '5', kind: 'blank', widthMm: 18 },
          { title: 'Ký', kind: 'blank', widthMm: 20 },
        ],
        rows: form.checkpoints.map(
          ({ name, at }): Row => [
            name,
            printHour(at),
            form.summoned,
            undefined,
            undefined,
            undefined,
            undefined,
            undefined,
          ],
        ),
        rowHeightMm: 12,
        sizePt: 12,
        notes: [
          'Cột 2 cộng cột 3 cộng cột 4 phải bằng cột 1. Nếu không bằng, ghi lý do ở mặt sau. Khách mời đếm riêng.',
        ],
      },
    ],
    signature: siteManager,
  }
}

export interface Programme extends FormOf {
  place?: string
  sessions: readonly {
    name: string
    startsAt: Date
    topics: readonly {
      startsAt?: Date
      title: string
      speaker?: string
      deliverMinutes: number
      /** Minutes kept for questions; what the topic overruns is never taken from them. */
      questionMinutes: number
    }[]
  }[]
  signature?: Paper['signature']
  recipients?: Paper['recipients']
}

/** The programme to print, with the minutes kept for questions beside each topic and in sum. */
export function programmePaper(programme: Programme): Paper {
  const topics = programme.sessions.flatMap((session) => session.topics)
  const minutes = (of: (topic: (typeof topics)[number]) => number) => topics.reduce((sum, topic) => sum + of(topic), 0)
  return {
    ruleSet: programme.ruleSet,
    orientation: 'portrait',
    heading: programme.heading,
    title: ['Chương trình'],
    about: [programme.conference.name],
    blocks: [
      ...(programme.place
        ? [{ kind: 'paragraph', lead: 'Địa điểm:', text: programme.place, align: 'left' } as const]
        : []),
      {
        kind: 'table',
        columns: [
          { title: 'Thời gian', kind: 'order', widthMm: 23 },
          { title: 'Nội dung', kind: 'text' },
          { title: 'Người trình bày', kind: 'text', widthMm: 42 },
          { title: 'Trình bày', groups: ['Số phút'], kind: 'count', widthMm: 18 },
          { title: 'Hỏi đáp', groups: ['Số phút'], kind: 'count', widthMm: 18 },
        ],
        rows: programme.sessions.flatMap((session): Row[] => [
          {
            cells: [
              printHour(session.startsAt),
              `${session.name}, ${printWeekday(session.startsAt)}`,
              undefined,
              undefined,
              undefined,
            ],
            style: 'section',
          },
          ...session.topics.map(
            (topic): Row => [
              topic.startsAt && printHour(topic.startsAt),
              topic.title,
              topic.speaker,
              topic.deliverMinutes,
              topic.questionMinutes,
            ],
          ),
        ]),
        total: [
          undefined,
          'Cộng',
          undefined,
          minutes((topic) => topic.deliverMinutes),
          minutes((topic) => topic.questionMinutes),
        ],
        notes: ['Số phút hỏi đáp được giữ nguyên cho người dự; phần trình bày kéo dài không lấy vào số phút này.'],
      },
    ],
    ...(programme.signature && { signature: programme.signature }),
    ...(programme.recipients && { recipients: programme.recipients }),
  }
}

export interface PaperForms extends FormOf {
  sessions: Programme['sessions']
  checkpoints: HeadcountForm['checkpoints']
  sites: readonly { name: string; people: RollSheet['people'] }[]
  /** Documents handed out in numbered copies, and how many of each for every site, by the site's name. */
  documents: readonly { title: string; copies: Readonly<Record<string, number>> }[]
}

/**
 * Everything a conference needs that is held on paper only: the programme, and for each site its rolls, its
 * headcount and the list on which numbered copies are signed for and given back. Copies are numbered through,
 * over all sites, so that no number exists twice.
 */
export function paperForms(forms: PaperForms): Paper[] {
  const { ruleSet, heading, conference } = forms
  const of = { ruleSet, heading, conference }
  const given = forms.documents.map(() => 0)
  const papers: Paper[] = [programmePaper({ ...of, sessions: forms.sessions })]
  for (const site of forms.sites) {
    const rolls = forms.checkpoints.map((checkpoint) => rollSheet({ ...of, site, checkpoint, people: site.people }))
    papers.push(...rolls, headcountForm({ ...of, site, checkpoints: forms.checkpoints, summoned: site.people.length }))
    const copies = forms.documents.flatMap(({ title, copies }, at) =>
      Array.from({ length: copies[site.name] ?? 0 }, () => ({ title, number: ++given[at]! })),
    )
    if (copies.length > 0) papers.push(copyList({ ...of, site, copies }))
  }
  return papers.map((paper, at) => ({
    ...paper,
    stamp: `Bộ biểu mẫu giấy, bản số ${String(at + 1).padStart(2, '0')}/${String(papers.length).padStart(2, '0')}`,
  }))
}

/** Who took which copy and gave it back. */
function copyList(
  list: FormOf & { site: { name: string }; copies: readonly { title: string; number: number }[] },
): Paper {
  return {
    ruleSet: list.ruleSet,
    orientation: 'landscape',
    heading: list.heading,
    annexLabel: 'Mẫu giao nhận tài liệu',
    title: ['Danh sách giao và thu hồi tài liệu'],
    about: [list.conference.name],
    blocks: [
      { kind: 'paragraph', lead: 'Điểm cầu:', text: list.site.name, align: 'left' },
      {
        kind: 'table',
        columns: [
          { title: 'Bản số', kind: 'order', widthMm: 16 },
          { title: 'Tài liệu', kind: 'text' },
          { title: 'Họ và tên người nhận', kind: 'blank', widthMm: 55 },
          { title: 'Giờ nhận', groups: ['Giao'], kind: 'blank', widthMm: 22 },
          { title: 'Ký nhận', groups: ['Giao'], kind: 'blank', widthMm: 30 },
          { title: 'Giờ trả', groups: ['Thu hồi'], kind: 'blank', widthMm: 22 },
          { title: 'Ký trả', groups: ['Thu hồi'], kind: 'blank', widthMm: 30 },
        ],
        rows: list.copies.map(
          ({ title, number }): Row => [
            String(number).padStart(2, '0'),
            title,
            undefined,
            undefined,
            undefined,
            undefined,
            undefined,
          ],
        ),
        rowHeightMm: SIGNED_ROW_MM,
        sizePt: 12,
        notes: [
          `Đã giao ${printCount(list.copies.length)} bản. Đã thu hồi ……… bản. Chưa thu hồi ……… bản, gồm các số: …………………………`,
        ],
      },
    ],
    countersigned: [{ position: 'Người giao tài liệu' }],
    signature: siteManager,
  }
}

export const rollSheetPdf = (sheet: RollSheet): Promise<Uint8Array> => toPdf(rollSheet(sheet))
export const headcountFormPdf = (form: HeadcountForm): Promise<Uint8Array> => toPdf(headcountForm(form))
export const programmePdf = (programme: Programme): Promise<Uint8Array> => toPdf(programmePaper(programme))
export const paperFormsPdf = (forms: PaperForms): Promise<Uint8Array> => toPdf(paperForms(forms))
