import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBatcher } from './hot.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('many who come at once share one commit, and each gets her own answer', async () => {
  const batches: number[] = []
  const batcher = openBatcher<number, number>(async (rows) => {
    batches.push(rows.length)
    await pause(5)
    return rows.map((row) => row * 2)
  })
  const answers = await Promise.all(Array.from({ length: 2_000 }, (_, i) => batcher.add(i)))
  assert.deepEqual(
    answers,
    Array.from({ length: 2_000 }, (_, i) => i * 2),
  )
  assert.ok(batches.length < 10, `${batches.length} batches`)
  assert.ok(Math.max(...batches) <= 512)
})
test('one bad row does not take its neighbours down', async () => {
  const batcher = openBatcher<number, string>(async (rows) => {
    if (rows.includes(13)) throw new Error('thirteen')
    return rows.map(String)
  })
  const settled = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => batcher.add(i)))
  assert.deepEqual(
    settled.map(({ status }) => status),
    settled.map((_, i) => (i === 13 ? 'rejected' : 'fulfilled')),
  )
})
test('beyond what can wait, a caller is told at once that we are busy', async () => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const batcher = openBatcher<number, number>(async (rows) => {
    await gate
    return rows.map(() => 1)
  })
  const all = Array.from({ length: 22_000 }, (_, i) => batcher.add(i).catch((error) => error.because))
  open()
  const answers = await Promise.all(all)
  assert.ok(answers.filter((answer) => answer === 'busy').length > 500)
  assert.equal(answers.filter((answer) => answer !== 'busy' && answer !== 1).length, 0)
  await batcher.drained()
})
