import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holdingAt, noMoments, readTimeline, type SlideMoment, withMoments } from './moments.ts'

const at = (clock: string) => `2026-11-22T${clock}Z`
const slide = (clock: string, page: number) => ({
  kind: 'slide',
  at: at(clock),
  versionId: '0198c0de-0000-7000-8000-000000000001',
  page,
})
const pageAt = (slides: readonly SlideMoment[], clock?: string) =>
  holdingAt(slides, clock ? new Date(at(clock)) : undefined)?.slide?.page

test('a page is shown when the sound that goes with it is heard', () => {
  const { slides } = readTimeline(
    [slide('01:00:00', 1), slide('01:05:00', 2), { kind: 'noSlide', at: at('01:06:00') }]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  )
  assert.equal(pageAt(slides, '01:04:59'), 1)
  assert.equal(pageAt(slides, '01:05:00'), 2)
  assert.equal(pageAt(slides, '01:06:30'), undefined)
  assert.equal(pageAt(slides), undefined)
})
test('whoever is not playing anything sees the newest page, and whoever came early the first', () => {
  const { slides } = readTimeline(`${JSON.stringify(slide('01:00:00', 7))}\n${JSON.stringify(slide('01:01:00', 8))}`)
  assert.equal(pageAt(slides), 8)
  assert.equal(pageAt(slides, '00:59:00'), 7)
})
test('half a line, an unknown line and a broken date are left out', () => {
  const text = `{"kind":"applause","at":"${at('01:00:00')}"}\n${JSON.stringify({ ...slide('01:00:00', 3), at: 'soon' })}\n${JSON.stringify(slide('01:00:00', 4))}\n{"kind":"sli`
  assert.deepEqual(
    readTimeline(text).slides.map((one) => one.slide?.page),
    [4],
  )
})
test('news of the channel and the timeline together say every change once, in order', () => {
  const moment = fc.record({ at: fc.nat(100), page: fc.integer({ min: 1, max: 4 }) })
  const slidesOf = (list: { at: number; page: number }[]) => ({
    ...noMoments,
    slides: list.map((one) => ({ at: one.at, slide: { versionId: 'v', page: one.page } })),
  })
  fc.assert(
    fc.property(fc.array(moment), fc.array(moment), (one, other) => {
      const { slides } = withMoments(slidesOf(one), slidesOf(other))
      return slides.every(
        (now, nth) => nth === 0 || (slides[nth - 1]!.at <= now.at && slides[nth - 1]!.slide?.page !== now.slide?.page),
      )
    }),
  )
  fc.assert(
    fc.property(fc.array(moment), (list) => {
      const once = withMoments(noMoments, slidesOf(list))
      assert.deepEqual(withMoments(once, once), once)
    }),
  )
})
