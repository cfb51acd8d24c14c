// The door: papers as data in, files out.
export { type Slide, type SlideDeck, slideDeckPdf } from './deck.ts'
export { toDocx, toPdf, toXlsx } from './formats.ts'
export {
  type HeadcountForm,
  headcountForm,
  headcountFormPdf,
  type PaperForms,
  type Programme,
  paperForms,
  paperFormsPdf,
  programmePaper,
  programmePdf,
  type RollSheet,
  rollSheet,
  rollSheetPdf,
} from './forms.ts'
export type { Block, Cell, Column, DocumentNumber, Paper, PaperDate, Row, Signature, Table } from './paper.ts'
export { printCount, printDate, printHour, printMoment, printPlaceDate, printWeekday, wallClock } from './print.ts'
export { authorityLine, type RuleFamily, RuleSet, ruleSetOf, ruleSets } from './ruleSet.ts'
export {
  printDoorCode,
  type SealedSlip,
  type SummonedPerson,
  type SummonsFile,
  sealedSlipPdf,
  summonsPdf,
} from './summons.ts'
export { stopDocuments } from './thread.ts'
