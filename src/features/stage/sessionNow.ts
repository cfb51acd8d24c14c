// Which of a conference's sessions a hall or a lectern stands in now.

type Hours = { sessionId: string; startsAt: string; endsAt: string }
const beforeMs = 4 * 3_600_000
const afterMs = 90 * 60_000

/** The session that runs or is near; else the next; else the last there was. Between two close ones the later takes over at its own hour less 30 minutes. */
export function sessionNow<One extends Hours>(sessions: readonly One[], now: Date): One | undefined {
  const ordered = [...sessions].sort((one, other) => one.startsAt.localeCompare(other.startsAt))
  const at = now.getTime()
  const startOf = (one: One) => new Date(one.startsAt).getTime()
  const endOf = (one: One) => new Date(one.endsAt).getTime()
  const running = ordered.findLast((one) => at >= startOf(one) - 30 * 60_000 && at < endOf(one))
  if (running) return running
  const justOver = ordered.findLast((one) => at >= endOf(one) && at < endOf(one) + afterMs)
  const next = ordered.find((one) => startOf(one) > at)
  if (next && startOf(next) - at < beforeMs && !justOver) return next
  return justOver ?? next ?? ordered.at(-1)
}
