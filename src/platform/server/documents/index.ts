// The door: papers as data in, files out.
export { toDocx } from './docx.ts'
export type { Block, Cell, Column, DocumentNumber, Paper, PaperDate, Row, Signature, Table } from './paper.ts'
export { toPdf } from './pdf.ts'
export { printCount, printDate, printHour, printMoment, printPlaceDate, printWeekday, wallClock } from './print.ts'
export { authorityLine, type RuleFamily, RuleSet, ruleSetOf, ruleSets } from './ruleSet.ts'
export { stopTypesetting } from './typeset.ts'
export { toXlsx } from './xlsx.ts'
