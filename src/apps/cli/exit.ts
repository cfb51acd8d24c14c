// How a run ends: one number, one sentence. Only the JSON goes to standard output.

/** 0 done · 1 fault · 2 usage · 3 problems in the input, nothing written · 4 refused · 5 unreachable. */
export const exitCodes = { done: 0, fault: 1, usage: 2, problems: 3, refused: 4, unreachable: 5 } as const
export type ExitWord = keyof typeof exitCodes

export class Ended extends Error {
  readonly as: ExitWord
  /** What the JSON says of it. */
  readonly detail: Record<string, unknown>
  constructor(as: ExitWord, message: string, detail: Record<string, unknown> = {}) {
    super(message)
    this.as = as
    this.detail = detail
  }
}
export const usage = (message: string): never => {
  throw new Ended('usage', message)
}
export const say = (line: string) => void process.stderr.write(`${line}\n`)
