import { textWidthMm } from './fitTable.ts'
import { formData, handData, layOut } from './layout.ts'
import { inNfc, type Paper, type Signature } from './paper.ts'
import { printHour, printMoment, printWeekday } from './print.ts'
import { qrBytes } from './qr.ts'
import { typesetInThread } from './thread.ts'

/** One unit's giấy triệu tập: what all share, and the people. */
export interface SummonsFile {
  ruleSet: Paper['ruleSet']
  heading: Paper['heading']
  /** Whose file it is; only in the file's title. */
  unit: string
  conference: {
    name: string
    sessions: readonly { name: string; startsAt: Date; endsAt?: Date }[]
    /** The topics in a few words each. */
    programme: readonly string[]
    /** «sổ ghi chép», «thẻ đảng viên». */
    bring: readonly string[]
    /** Whom to call, with the number. */
    contact: string
  }
  people: readonly SummonedPerson[]
  signature: Signature
  /** Two on an A4 sheet to be cut in the middle (the default), or one on a landscape A5. */
  layout?: 'twoUp' | 'a5'
}

export interface SummonedPerson {
  name: string
  cell: string
  birthYear?: number
  position?: string
  /** None: on her own device. */
  site?: { name: string; address?: string; seat?: string }
  /** Names of the conference's sessions; without it all of them. */
  sessions?: readonly string[]
  /** Eight letters, printed in two groups. */
  doorCode: string
  /** What the door's scanner reads. It names person and conference and signs nobody in. */
  qr: string
}

/** 1,000 cards take some 650 MB while they are typeset. */
const PEOPLE_A_FILE = 1500

/**
 * The summons of one unit's people as one PDF to print, each with its door code as QR and letters.
 * Throws RangeError when nobody or over 1,500 people are given, when a door code is not eight letters or digits, or a session is not the conference's.
 */
export async function summonsPdf(given: SummonsFile): Promise<Uint8Array> {
  if (given.people.length === 0 || given.people.length > PEOPLE_A_FILE)
    throw new RangeError(`a file of summons holds 1 to ${PEOPLE_A_FILE} people, not ${given.people.length}`)
  const file = inNfc(given)
  const layout = layOut({ ...file, orientation: 'portrait', title: ['Giấy triệu tập'], annexLabel: '', blocks: [] })
  const rules = layout.rules
  const label =
    file.heading.number &&
    `${rules.number.prefix}${file.heading.number.digits ?? '\u00a0'.repeat(6)}${rules.number.joiner}${file.heading.number.symbol}`
  const cards = file.people.map((person) => card(file, person))
  const qr = qrBytes(file.people.map(({ qr }) => qr))
  const data = {
    title: `Giấy triệu tập, ${file.unit}`,
    author: file.heading.issuing,
    twoUp: file.layout !== 'a5',
    form: { ...(formData(layout) as object), label: label ? { text: label, style: rules.number.style } : null },
    hand: handData(rules, layout.hands[0]!),
    conference: file.conference.name,
    shared: [
      ...(file.conference.programme.length
        ? [{ lead: 'Nội dung:', words: `${file.conference.programme.join('; ')}.` }]
        : []),
      ...(file.conference.bring.length
        ? [{ lead: 'Mang theo:', words: `giấy này, ${file.conference.bring.join(', ')}.` }]
        : []),
      { lead: 'Liên hệ:', words: file.conference.contact },
    ],
    cards: cards.map((each, at) => ({ ...each, qr: qr.places[at] })),
    // The longest card decides the size of all, so that one unit's papers look alike and only one is measured.
    longest: longestOf(cards),
  }
  return typesetInThread('summons.typ', data, { bytes: qr.bytes, tagged: false })
}

interface Card {
  name: string
  born: string
  lines: { lead: string; words: string }[]
  code: string
  codeNote: string
}

function card(file: SummonsFile, person: SummonedPerson): Card {
  const { site } = person
  const where = site
    ? [site.name, site.address, site.seat].filter(Boolean).join(', ')
    : 'trên thiết bị của đồng chí; đường vào được gửi riêng'
  return {
    name: person.name,
    born: person.birthYear === undefined ? '' : `(sinh năm ${person.birthYear})`,
    lines: [
      ...(person.position ? [{ lead: 'Chức vụ:', words: person.position }] : []),
      { lead: 'Sinh hoạt tại:', words: person.cell },
      { lead: 'Thời gian:', words: `${sessionsOf(file, person).map(printSession).join('; ')}.` },
      { lead: site ? 'Địa điểm:' : 'Dự học:', words: `${where}.` },
    ],
    code: printDoorCode(person.doorCode),
    codeNote: site
      ? 'Đưa mã này cho người đón ở cửa. Quên giấy cũng không sao, đồng chí chỉ cần đọc tên.'
      : 'Nếu đến một điểm cầu, đồng chí đưa mã này cho người đón ở cửa.',
  }
}

function sessionsOf(file: SummonsFile, person: SummonedPerson): SummonsFile['conference']['sessions'] {
  const { sessions } = file.conference
  if (person.sessions === undefined) return sessions
  return person.sessions.map((name) => {
    const found = sessions.find((session) => session.name === name)
    if (!found) throw new RangeError(`the conference has no session «${name}»`)
    return found
  })
}

const printSession = ({ name, startsAt, endsAt }: SummonsFile['conference']['sessions'][number]): string =>
  `${name}: ${printHour(startsAt)}${endsAt ? ` đến ${printHour(endsAt)}` : ''}, ${printWeekday(startsAt)}`

/** «ABCD EFGH», as it is read aloud. */
export function printDoorCode(code: string): string {
  if (!/^[A-Z0-9]{8}$/.test(code)) throw new RangeError('a door code has eight letters or digits')
  return `${code.slice(0, 4)} ${code.slice(4)}`
}

function longestOf(cards: readonly Card[]): number {
  const lengths = cards.map(({ name, lines }) =>
    lines.reduce((sum, { words }) => sum + Math.ceil(textWidthMm(words, 11) / 150), name.length / 1000),
  )
  return lengths.indexOf(Math.max(...lengths))
}

export interface SealedSlip {
  /** Who gives it out: the unit's or office's name. */
  issuing: string
  name: string
  unit: string
  link: string
  /** Usually the same link. */
  qr: string
  validUntil: Date
  /** Short sentences, one a step. */
  howTo: readonly string[]
}

/**
 * One person's entry link on an A4 sheet to be folded twice, so that the link is inside and the name outside.
 * One person a file, on purpose: no file holds many people's links.
 */
export async function sealedSlipPdf(given: SealedSlip): Promise<Uint8Array> {
  const slip = inNfc(given)
  const qr = qrBytes([slip.qr])
  return typesetInThread(
    'slip.typ',
    { ...slip, validUntil: printMoment(slip.validUntil), qr: qr.places[0] },
    { bytes: qr.bytes },
  )
}
