// What runs beside the requests, where starting and stopping meet.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Desk } from '../../platform/server/desk.ts'
import { startBeside } from './beside.ts'
import type { Beside } from './features.ts'

const desk = {} as Desk
const withFaults = (faults: unknown[]) => ({ log: (fault: unknown) => void faults.push(fault) }) as unknown as Beside
const soon = () => new Promise((resolve) => setImmediate(resolve))

test('what is still starting when the end comes is waited for and stopped, and nothing more is started', async () => {
  const said: string[] = []
  const slow = Promise.withResolvers<void>()
  const part = (name: string, ready?: Promise<void>) => ({
    async beside() {
      await ready
      said.push(`${name} up`)
      return { stop: async () => void said.push(`${name} down`) }
    },
  })
  const running = startBeside([part('first'), {}, part('slow', slow.promise), part('never')], desk, withFaults([]))
  await soon()
  const stopped = running.stop()
  slow.resolve()
  await stopped
  assert.deepEqual(said, ['first up', 'slow up', 'first down', 'slow down'])
})

test('one that cannot start is told, and the others run', async () => {
  const faults: unknown[] = []
  const fault = new Error('no room')
  let stopped = 0
  const running = startBeside(
    [{ beside: () => Promise.reject(fault) }, { beside: async () => ({ stop: async () => void stopped++ }) }],
    desk,
    withFaults(faults),
  )
  await soon()
  await running.stop()
  assert.deepEqual([faults, stopped], [[fault], 1])
})
