/** For what cannot be otherwise; a failure here is our fault, never the reader's. */
export function assert(condition: unknown, because: string): asserts condition {
  if (!condition) throw new Error(`Không thể xảy ra: ${because}`)
}
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Thiếu: ${what}`)
  return value
}
/** Closes a union: a new case without its branch is a compile error. */
export function never(value: never): never {
  throw new Error(`Chưa biết: ${JSON.stringify(value)}`)
}
