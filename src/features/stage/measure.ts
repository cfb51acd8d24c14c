// What a connection is worth, from the browser's own counters. Numbers of a line; nothing about people.

export type Counters = {
  packets: number
  lost: number
  freezeSeconds: number
  bytes: number
  audioBytes: number
  roundTripMs: number
  /** Of the other end, to the questions whether it is there. */
  answers: number
}
export const noCounters: Counters = {
  packets: 0,
  lost: 0,
  freezeSeconds: 0,
  bytes: 0,
  audioBytes: 0,
  roundTripMs: 0,
  answers: 0,
}

type Report = { forEach: (each: (stat: Record<string, unknown>) => void) => void }
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

/** Adds up the inbound streams of several reports and takes the shortest round trip of the pairs in use. */
export function countReports(reports: readonly Report[]): Counters {
  const sum = { ...noCounters }
  for (const report of reports)
    report.forEach((stat) => {
      if (stat.type === 'inbound-rtp') {
        sum.packets += number(stat.packetsReceived)
        sum.lost += Math.max(0, number(stat.packetsLost))
        sum.bytes += number(stat.bytesReceived)
        if (stat.kind === 'audio') sum.audioBytes += number(stat.bytesReceived)
        else sum.freezeSeconds += number(stat.totalFreezesDuration)
      }
      if (stat.type === 'candidate-pair' && (stat.nominated || stat.state === 'succeeded')) {
        sum.answers += number(stat.responsesReceived)
        const ms = number(stat.currentRoundTripTime) * 1000
        if (ms > 0) sum.roundTripMs = sum.roundTripMs === 0 ? ms : Math.min(sum.roundTripMs, ms)
      }
    })
  return sum
}

export type Worth = {
  lossPercent: number
  frozenSeconds: number
  roundTripMs: number
  hears: boolean
  arrives: boolean
  /** The server answers over this very line, also while nobody sends anything. */
  answers: boolean
}
/** What happened between two counts; counters that went back (a new connection) count from nought. */
export function worthBetween(before: Counters, now: Counters): Worth {
  const grown = (key: keyof Counters) => (now[key] >= before[key] ? now[key] - before[key] : now[key])
  const packets = grown('packets')
  const lost = grown('lost')
  return {
    lossPercent: packets + lost === 0 ? 0 : Math.round((1000 * lost) / (packets + lost)) / 10,
    frozenSeconds: Math.min(600, Math.round(grown('freezeSeconds') * 10) / 10),
    roundTripMs: Math.round(now.roundTripMs),
    hears: grown('audioBytes') > 0,
    arrives: grown('bytes') > 0,
    answers: grown('answers') > 0,
  }
}
