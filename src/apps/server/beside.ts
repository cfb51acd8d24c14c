// What runs beside the requests: started one feature after another, stopped all together.
import type { Desk } from '../../platform/server/desk.ts'
import type { Beside, FeatureDoor } from './features.ts'

/** A feature that cannot start is told and left out. `stop` waits for one that is just starting and stops it, too. */
export function startBeside(features: readonly Pick<FeatureDoor, 'beside'>[], desk: Desk, with_: Beside) {
  let ended = false
  const starting = start()
  async function start() {
    const running: { stop: () => Promise<void> }[] = []
    for (const feature of features) {
      if (ended) break
      try {
        const one = await feature.beside?.(desk, with_)
        if (one) running.push(one)
      } catch (error) {
        with_.log(error, 'start')
      }
    }
    return running
  }
  return {
    async stop() {
      ended = true
      await Promise.all((await starting).map((one) => one.stop()))
    },
  }
}
