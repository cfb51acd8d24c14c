import { z } from 'zod'
import party from './ruleSets/party-36-hd-vptw.json' with { type: 'json' }
import state from './ruleSets/state-nd-30-2020.json' with { type: 'json' }

const TextStyle = z.strictObject({
  sizePt: z.number().min(6).max(40),
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  caps: z.boolean().optional(),
  underline: z.boolean().optional(),
})
const MarginsMm = z.strictObject({
  top: z.number().min(5).max(60),
  bottom: z.number().min(5).max(60),
  left: z.number().min(5).max(60),
  right: z.number().min(5).max(60),
})

/**
 * How an office's papers look, as data an office may edit: sizes in points, margins in millimetres.
 * `source` says where each part comes from and whether anybody checked it against the text of the rule.
 */
export const RuleSet = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  family: z.enum(['party', 'state']),
  version: z.string().min(1),
  name: z.string().min(1),
  source: z.array(z.strictObject({ about: z.string(), from: z.string(), verified: z.boolean() })).min(1),
  /** The name written into DOCX and XLSX; PDF embeds Tinos, which has the same widths. */
  font: z.string().min(1),
  marginsMm: z.strictObject({ portrait: MarginsMm, landscape: MarginsMm }),
  /** «ĐẢNG CỘNG SẢN VIỆT NAM», or the national title and motto. */
  banner: z.array(z.strictObject({ text: z.string(), style: TextStyle })).min(1),
  /** The line under the banner, as a share of its last line's width. */
  bannerRule: z.number().min(0).max(1),
  superior: TextStyle,
  issuing: TextStyle,
  underIssuing: z.enum(['asterisk', 'rule', 'none']),
  number: z.strictObject({ prefix: z.string(), joiner: z.string(), style: TextStyle }),
  placeDate: TextStyle,
  title: TextStyle,
  about: TextStyle,
  subtitle: TextStyle,
  underTitle: z.enum(['dashes', 'rule', 'none']),
  body: z.strictObject({
    sizePt: z.number().min(8).max(20),
    lineSpacing: z.number().min(1).max(2),
    firstLineIndentMm: z.number().min(0).max(30),
    paragraphGapPt: z.number().min(0).max(24),
  }),
  /** A table starts at `sizePt` and shrinks until its columns fit, never under `minSizePt`. */
  table: z.strictObject({ sizePt: z.number().min(8).max(16), minSizePt: z.number().min(6).max(12) }),
  note: TextStyle,
  /** «thay mặt», «ký thay», «thừa lệnh» as this family writes them. */
  authority: z.strictObject({ onBehalf: z.string(), inPlace: z.string(), byOrder: z.string() }),
  signature: TextStyle,
  signer: TextStyle,
  recipients: z.strictObject({ title: z.string(), titleStyle: TextStyle, item: TextStyle }),
  pageNumber: z.strictObject({ sizePt: z.number(), fromTopMm: z.number().min(4).max(20) }),
  stamp: TextStyle,
  /** Headings of an annex form («Biểu số 1») are this much smaller, so that the table keeps the page. */
  annexScale: z.number().min(0.5).max(1),
})
export type RuleSet = z.infer<typeof RuleSet>
export type TextStyle = z.infer<typeof TextStyle>
export type MarginsMm = z.infer<typeof MarginsMm>
export type RuleFamily = RuleSet['family']

/** The rule sets that ship, each checked as an edited one would be. */
export const ruleSets: Record<RuleFamily, RuleSet> = { party: RuleSet.parse(party), state: RuleSet.parse(state) }

/** A family's shipped rule set, or an office's own one checked again. Throws a ZodError that names the wrong field. */
export function ruleSetOf(choice: RuleFamily | RuleSet): RuleSet {
  return typeof choice === 'string' ? ruleSets[choice] : RuleSet.parse(choice)
}

/** «T/M BAN THƯỜNG VỤ», «KT. CHỦ TỊCH»: the sign of authority in the family's own spelling. */
export function authorityLine(rules: RuleFamily | RuleSet, as: keyof RuleSet['authority'], of: string): string {
  return `${ruleSetOf(rules).authority[as]} ${of}`
}

/** The same rules with headings, titles and signatures scaled down for an annex form. */
export function forAnnex(rules: RuleSet): RuleSet {
  const smaller = <S extends { sizePt: number }>(style: S): S => ({
    ...style,
    sizePt: Math.round(style.sizePt * rules.annexScale * 2) / 2,
  })
  return {
    ...rules,
    banner: rules.banner.map((line) => ({ ...line, style: smaller(line.style) })),
    superior: smaller(rules.superior),
    issuing: smaller(rules.issuing),
    number: { ...rules.number, style: smaller(rules.number.style) },
    placeDate: smaller(rules.placeDate),
    title: smaller(rules.title),
    about: smaller(rules.about),
    subtitle: smaller(rules.subtitle),
    body: smaller(rules.body),
    note: smaller(rules.note),
    signature: smaller(rules.signature),
    signer: smaller(rules.signer),
    recipients: {
      ...rules.recipients,
      titleStyle: smaller(rules.recipients.titleStyle),
      item: smaller(rules.recipients.item),
    },
  }
}
