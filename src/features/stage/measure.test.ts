import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countReports, noCounters, worthBetween } from './measure.ts'

const reportOf = (bytesReceived: number, responsesReceived: number) => [
  [
    { type: 'inbound-rtp', kind: 'video', packetsReceived: 10, bytesReceived },
    { type: 'candidate-pair', nominated: true, responsesReceived, currentRoundTripTime: 0.04 },
  ],
]

test('a picture that stands still at its source is told from a line over which nobody answers', () => {
  const before = countReports(reportOf(1_000, 7))
  assert.deepEqual(
    [reportOf(1_000, 9), reportOf(1_000, 7), reportOf(2_000, 9)].map((reports) => {
      const { arrives, answers } = worthBetween(before, countReports(reports))
      return { arrives, answers }
    }),
    [
      { arrives: false, answers: true },
      { arrives: false, answers: false },
      { arrives: true, answers: true },
    ],
  )
  assert.equal(worthBetween(noCounters, before).roundTripMs, 40)
})
