import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leftUntil, minutesLost, receiveBy, type Slide, sceneOf, slideAt } from './hallScreen.ts'
import { sessionNow } from './sessionNow.ts'

const at = (clock: string) => new Date(`2021-01-14T${clock}+07:00`)
const conference = {
  conferenceId: 'c',
  name: 'Hội nghị',
  sessionName: 'Sáng',
  startsAt: at('08:00:00').toISOString(),
  endsAt: at('11:30:00').toISOString(),
}
const topic = {
  ...{ topicId: 't', nth: 2, of: 3, title: 'Xây dựng Đảng', speaker: 'Báo cáo viên', phase: 'deliver' as const },
  ...{ beganAt: at('09:33:00').toISOString(), questionsAt: at('10:18:00').toISOString() },
  endsAt: at('10:33:00').toISOString(),
}

test('a hall counts the minutes before the opening, and the last one in seconds', () => {
  const scene = sceneOf({ state: 'backstage', conference }, undefined, undefined, at('07:36:00'))
  assert.equal(scene.kind, 'before')
  assert.deepEqual(leftUntil(at('08:00:00'), at('07:36:00')), { count: 24, unit: 'minutes' })
  assert.deepEqual(leftUntil(at('08:00:00'), at('07:59:20')), { count: 40, unit: 'seconds' })
  assert.equal(sceneOf({ state: 'backstage', conference }, undefined, undefined, at('08:01:00')).kind, 'soon')
})
test('a hall without a line is told so after some seconds, with the hours of what to do next', () => {
  const on = { state: 'onAir' as const, conference }
  const show = { state: 'onAir' as const, topic, breakUntil: undefined }
  assert.equal(sceneOf(on, show, at('09:42:00'), at('09:42:03')).kind, 'during')
  const scene = sceneOf(on, show, at('09:42:00'), at('09:46:00'))
  assert.equal(scene.kind, 'lost')
  if (scene.kind === 'lost') {
    assert.equal(scene.soundAt.toISOString(), at('09:47:00').toISOString())
    assert.equal(scene.televisionAt.toISOString(), at('09:52:00').toISOString())
  }
  assert.equal(minutesLost(at('09:42:10'), at('09:49:00')), 7)
})
test('a line that is lost before the opening or after the end frightens nobody', () => {
  assert.equal(sceneOf({ state: 'backstage', conference }, undefined, at('07:00:00'), at('07:30:00')).kind, 'before')
  assert.equal(sceneOf({ state: 'ended', conference }, undefined, at('11:00:00'), at('12:00:00')).kind, 'ended')
})
test('a full node and a video of the materials come by the programme, whatever was asked', () => {
  assert.equal(receiveBy('webrtc', undefined, false), 'webrtc')
  assert.equal(receiveBy('webrtc', undefined, true), 'hls')
  const file = { source: { kind: 'file' as const, versionId: 'v' as never, fromSeconds: 0 }, name: '', detail: '' }
  assert.equal(receiveBy('webrtc', { shown: file }, false), 'hls')
  assert.equal(receiveBy('audio', { shown: file }, false), 'audio')
})
test('a page turns when its moment is heard, not when the click is told', () => {
  const slide = (page: number, clock: string): Slide => ({
    ...{ versionId: 'v', page, pages: 9, width: 16, height: 9, prefix: '/trang/', clickNo: page },
    shownAt: at(clock).toISOString(),
  })
  const slides = [slide(1, '09:00:00'), slide(2, '09:10:00')]
  assert.equal(slideAt(slides, at('09:09:55'))?.page, 1)
  assert.equal(slideAt(slides, at('09:10:00'))?.page, 2)
  assert.equal(slideAt(slides, undefined)?.page, 2)
  assert.equal(slideAt([], at('09:00:00')), undefined)
})
test('a hall stands in the session that runs, in the next one before it, and in the last one after it', () => {
  const one = (sessionId: string, from: string, to: string) => ({
    ...{ sessionId, startsAt: at(from).toISOString() },
    endsAt: at(to).toISOString(),
  })
  const day = [one('chiều', '13:30:00', '17:00:00'), one('sáng', '08:00:00', '11:30:00')]
  const nameAt = (clock: string) => sessionNow(day, at(clock))?.sessionId
  assert.equal(nameAt('07:00:00'), 'sáng')
  assert.equal(nameAt('09:00:00'), 'sáng')
  assert.equal(nameAt('11:45:00'), 'sáng')
  assert.equal(nameAt('13:05:00'), 'chiều')
  assert.equal(nameAt('16:59:00'), 'chiều')
  assert.equal(nameAt('23:00:00'), 'chiều')
  assert.equal(sessionNow([], at('08:00:00')), undefined)
})
