// The door of stage.
import type { AnyTopic } from '../../../platform/server/live.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'

export const operations: AnyServed[] = []
export const topics: AnyTopic[] = []
export { early, openMedia as beside } from '../media/index.ts'
